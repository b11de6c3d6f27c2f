"""Resolvers of fields: attributes read, Strawberry's wrappers passed by where they would only pass arguments on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from graphql import TypeNameMetaFieldDef
from graphql.execution import default_field_resolver
from strawberry.schema.schema_converter import GraphQLCoreConverter

from app.core.executor.arguments import Arguments, compile_arguments
from app.core.executor.cells import is_made_by
from app.core.executor.resolvers import compile_strawberry
from app.core.executor.run import Resolve, Run, Site, Trail


def compile_field(site: Site) -> tuple[str | None, Resolve]:
    """How a field gets its value: by reading this attribute, or (None) by calling the function."""
    if site.declared is TypeNameMetaFieldDef:
        name = site.parent_type.name
        return None, lambda _run, _source, _trail: name
    resolver = site.declared.resolve or site.scope.field_resolver
    if resolver is default_field_resolver:
        return None, _default(site)
    return compile_resolver(site, resolver)


def compile_resolver(site: Site, resolver: Callable[..., Any]) -> tuple[str | None, Resolve]:
    """The same for a resolver given (a field's own, or a subscription's)."""
    return compile_strawberry(site, resolver) or (None, _foreign(site, resolver))


def _foreign(site: Site, resolver: Callable[..., Any]) -> Resolve:
    arguments = compile_arguments(site.declared, site.nodes[0])
    if is_made_by(resolver, GraphQLCoreConverter.from_field):
        return _event(arguments)
    if arguments is None:
        return lambda run, source, trail: resolver(source, site.info(run, trail))
    return lambda run, source, trail: resolver(source, site.info(run, trail), **arguments(run))


def _event(arguments: Arguments | None) -> Resolve:
    """A subscription's field as Strawberry makes it: the event itself, whatever `info` and arguments say. Arguments
    that are wrong are an error of the field, as ever."""

    def resolve(run: Run, source: Any, _trail: Trail) -> Any:
        if arguments is not None:
            arguments(run)
        return source

    return resolve


def _default(site: Site) -> Resolve:
    """graphql-core's default_field_resolver, which makes `info` only for a method."""
    name = site.field_name
    arguments = compile_arguments(site.declared, site.nodes[0])

    def resolve(run: Run, source: Any, trail: Trail) -> Any:
        given = {} if arguments is None else arguments(run)
        value = source.get(name) if isinstance(source, Mapping) else getattr(source, name, None)
        return value(site.info(run, trail), **given) if callable(value) else value

    return resolve
