"""Strawberry's resolvers without their wrappers.

For every field Strawberry makes a function that builds `info`, converts the arguments, goes through the field's
extensions (permissions are one) and calls the resolver. Where the field has no extension and nobody changed the
wrapper, this calls the resolver with the arguments it takes; an `Info` makes graphql-core's only when it is asked
for more than the context. Any other field keeps its wrapper.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import CO_VARARGS, CO_VARKEYWORDS, iscoroutinefunction
from typing import Any, cast

from graphql import GraphQLError, GraphQLResolveInfo, is_non_null_type
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types import Info
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from app.core.executor.arguments import compile_arguments
from app.core.executor.cells import cells, is_made_by
from app.core.executor.inputs import UnknownInput, compile_input
from app.core.executor.known import known_as, read_known
from app.core.executor.loads import follow_loads, loads_of
from app.core.executor.promises import begin_at_once, is_quick
from app.core.executor.run import Resolve, Run, Site, Trail

_WRAPPERS = frozenset(("_get_basic_result", "_resolver", "_async_resolver"))


class LazyInfo(Info[Any, Any]):
    """Strawberry's Info of a field under execution; the rest of it is made when something else is asked."""

    __slots__ = ("_field", "_run", "_site", "_trail", "context")  # slots are what Python reads and writes fastest

    context: Any

    def __init__(self, run: Run, site: Site, trail: Trail, field: StrawberryField) -> None:
        self.context = run.context
        self._run = run
        self._site = site
        self._trail = trail
        self._field = field

    @property
    def _raw_info(self) -> GraphQLResolveInfo[Any]:  # type: ignore[override]
        raw = self.__dict__.get("raw")
        if raw is None:
            raw = self.__dict__["raw"] = self._site.info(self._run, self._trail)
        return cast(GraphQLResolveInfo[Any], raw)


def compile_strawberry(site: Site, resolver: Callable[..., Any]) -> tuple[str | None, Resolve] | None:
    """See fields.compile_resolver; None: this is not one of Strawberry's wrappers, or one that does something."""
    found = _unwrap(resolver)
    if found is None:
        return None
    field, converter = found
    if field.base_resolver is None:
        return (field.python_name, _never) if field.default_resolver is getattr else None
    if converter is None or converter.config.info_class is not Info:
        return None
    loads = loads_of(field.base_resolver.wrapped_func)
    if loads is not None and not is_non_null_type(site.declared.type):
        return None, _unless_known(field, site, follow_loads(site, loads))
    resolve = _direct(site, field, field.base_resolver, converter)
    if resolve is None:
        return None
    if is_quick(field.base_resolver.wrapped_func):
        resolve = begin_at_once(resolve)
    return None, _unless_known(field, site, resolve)


def _unless_known(field: StrawberryField, site: Site, resolve: Resolve) -> Resolve:
    assert field.base_resolver is not None
    mark = known_as(field.base_resolver.wrapped_func)
    return resolve if mark is None or site.declared.args else read_known(mark, resolve)


def _never(_run: Run, _source: Any, _trail: Trail) -> Any:
    raise AssertionError("the attribute is read")


def _unwrap(resolver: Callable[..., Any]) -> tuple[StrawberryField, GraphQLCoreConverter | None] | None:
    """The field a wrapper is of, if calling the wrapper is calling the field's resolver."""
    if not is_made_by(resolver, GraphQLCoreConverter.from_resolver) or resolver.__name__ not in _WRAPPERS:
        return None
    enclosed = cells(resolver)
    if resolver.__name__ == "_get_basic_result":
        field, converter = enclosed.get("field"), None
    else:
        if enclosed.get("field_exception_handlers") != ():
            return None
        inner = cells(enclosed["_strawberry_info_from_graphql"])
        field, converter = inner.get("field"), inner.get("self")
    if type(field) is not StrawberryField or field.extensions:
        return None
    return field, converter


def _direct(
    site: Site, field: StrawberryField, resolver: StrawberryResolver[Any], converter: GraphQLCoreConverter
) -> Resolve | None:  # fmt: skip
    """Calls the resolver with what it takes; None: an argument has a conversion of its own."""
    call = cast(Callable[..., Any], resolver.wrapped_func)
    takes_self = resolver.self_parameter is not None
    try:
        keywords = _keywords(site, field, resolver, converter)
    except UnknownInput:
        return None
    is_async = field.is_async
    if is_async and not iscoroutinefunction(call):  # an async generator: the wrapper is what is waited for
        return None
    if takes_self and (simple := _simple(site, field, resolver)):
        return simple

    def resolve(run: Run, source: Any, trail: Trail) -> Any:
        try:
            given = keywords(run, source, trail) if keywords else {}
        except GraphQLError:
            raise  # graphql-core's arguments are wrong: nothing was called
        except Exception as raw:
            if is_async:  # Strawberry converts arguments inside of the coroutine
                return _failed(raw)
            raise
        return call(source, **given) if takes_self else call(**given)

    return resolve


def _simple(site: Site, field: StrawberryField, resolver: StrawberryResolver[Any]) -> Resolve | None:
    """The same for a function that takes nothing but the object, or the object and then `info`: without a dict."""
    call = cast(Callable[..., Any], resolver.wrapped_func)
    code = getattr(call, "__code__", None)
    if site.declared.args or code is None or code.co_kwonlyargcount or code.co_flags & (CO_VARARGS | CO_VARKEYWORDS):
        return None  # what a wrapper says of itself (its signature) is not what it takes
    names = code.co_varnames[: code.co_argcount]
    if len(names) == 1:
        return lambda _run, source, _trail: call(source)
    if len(names) != 2 or resolver.info_parameter is None or resolver.info_parameter.name != names[1]:
        return None
    return lambda run, source, trail: call(source, LazyInfo(run, site, trail, field))


Keywords = Callable[[Run, Any, Trail], dict[str, Any]]


def _keywords(
    site: Site, field: StrawberryField, resolver: StrawberryResolver[Any], converter: GraphQLCoreConverter
) -> Keywords | None:  # fmt: skip
    """The keyword arguments of the resolver; None: it takes none. Raises UnknownInput."""
    arguments = compile_arguments(site.declared, site.nodes[0])
    name_of = converter.config.name_converter.from_argument
    conversions = [(name_of(a), a.python_name, compile_input(a.type, converter)) for a in field.arguments]
    sources = [p.name for p in (resolver.parent_parameter, resolver.root_parameter) if p]
    info = resolver.info_parameter.name if resolver.info_parameter else None
    if not (arguments or sources or info):
        return None

    def keywords(run: Run, source: Any, trail: Trail) -> dict[str, Any]:
        given: dict[str, Any] = {}
        if arguments is not None:
            values = arguments(run)
            for name, python_name, convert in conversions:
                if name in values:
                    given[python_name] = values[name] if convert is None else convert(values[name])
        for name in sources:
            given[name] = source
        if info is not None:
            given[info] = LazyInfo(run, site, trail, field)
        return given

    return keywords


async def _failed(raw: Exception) -> Any:
    raise raw
