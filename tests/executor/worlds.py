"""Random schemas, documents, variables and resolvers, from a Random that hypothesis controls.

A field of one name has one type in a whole schema, so that merged fragments never conflict; an alias is made of the
arguments it stands for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Iterable
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    Undefined,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
    is_required_argument,
    is_required_input_field,
    print_ast,
)
from graphql.utilities import ast_from_value, build_schema

LEAVES = ("Int", "Float", "String", "Boolean", "ID", "Colour", "Odd", "Any")


def random_schema(random: Random) -> GraphQLSchema:
    """Objects, interfaces, a union, an enum of odd values, a scalar that refuses, inputs within inputs."""
    objects = [f"T{n}" for n in range(random.randint(1, 4))]
    interfaces = [f"I{n}" for n in range(random.randint(0, 2))]
    composite = [*objects, *interfaces, "Union"]

    def wrapped(name: str) -> str:
        text = name
        for _ in range(random.choice((0, 0, 0, 1, 1, 2))):
            text = f"[{text}{random.choice(('', '', '!'))}]"
        return text + random.choice(("", "", "!"))

    def arguments() -> str:
        kinds = ("Int", "Int = 3", "String!", "[Int!]", "[Int] = [1, null]", "Colour = RED", "Input", "Input!",
                 "Odd", 'Input = {text: "d"}', "Any", "Boolean! = true", "[[Colour!]!]")  # fmt: skip
        chosen = [random.choice(kinds) for _ in range(random.choice((0, 0, 1, 2, 3)))]
        return "(" + ", ".join(f"a{n}: {kind}" for n, kind in enumerate(chosen)) + ")" if chosen else ""

    pool = [f"f{n}{arguments()}: {wrapped(random.choice(LEAVES))}" for n in range(6)]
    pool += [f"g{n}{arguments()}: {wrapped(random.choice(composite))}" for n in range(5)]
    shared = {name: random.sample(pool, 3) for name in interfaces}
    parts = [
        "enum Colour { RED GREEN BLUE }", "scalar Odd", "scalar Any",
        'input Input { text: String! = "x", n: Int, inner: Inner, odd: [Odd] = [3], colour: Colour }',
        "input Inner { a: Int!, b: [String!] = [\"y\"], c: Boolean }",
        f"union Union = {' | '.join(objects)}",
    ]  # fmt: skip
    for name, fields in shared.items():
        parts.append(f"interface {name} {{ {' '.join(fields)} }}")
    for name in ["Query", *objects]:
        implemented = [i for i in interfaces if random.random() < 0.6] if name != "Query" else []
        fields = dict.fromkeys(
            [*random.sample(pool, random.randint(4, 9)), *(f for i in implemented for f in shared[i])]
        )
        words = f" implements {' & '.join(implemented)}" if implemented else ""
        parts.append(f"type {name}{words} {{ {' '.join(fields)} }}")
    parts.append("type Mutation { " + " ".join(random.sample(pool, 5)) + " }")
    for name in interfaces:  # somebody must implement each
        if not any(f"implements {name}" in p or f"& {name}" in p for p in parts):
            parts.append(f"type Only{name} implements {name} {{ {' '.join(shared[name])} }}")
    schema = build_schema("\n".join(parts))
    make_odd(schema)
    return schema


def make_odd(schema: GraphQLSchema) -> None:
    """Gives the enum unusual values, and the scalar Odd an opinion."""
    colour, odd = schema.type_map["Colour"], schema.type_map["Odd"]
    assert isinstance(colour, GraphQLEnumType)
    assert isinstance(odd, GraphQLScalarType)
    for value, inner in zip(colour.values.values(), (0, ("tuple",), "blue"), strict=True):
        value.value = inner
    colour.__dict__.pop("_value_lookup", None)
    odd.coerce_output_value = _odd
    odd.coerce_input_value = _odd


def _odd(value: Any) -> Any:
    if value == 7:
        return None
    if not isinstance(value, int) or value % 2 == 0:
        raise ValueError(f"{value!r} is not odd")
    return value


class Writer:
    """Writes a random operation of a schema, and the variables it is sent with."""

    def __init__(self, random: Random, schema: GraphQLSchema, *, depth: int = 3) -> None:
        self.random = random
        self.schema = schema
        self.depth = depth
        self.left = 40  # selections still to be written; random trees grow fast otherwise
        self.definitions: dict[str, str] = {}  # of variables
        self.values: dict[str, Any] = {}
        self.fragments: list[str] = []
        self.fragment_types: dict[str, str] = {}

    def document(self) -> str:
        """The text. `values` are its variables then."""
        kind = "mutation" if self.schema.mutation_type and self.random.random() < 0.2 else "query"
        root = self.schema.mutation_type if kind == "mutation" else self.schema.query_type
        body = self._selection(root, self.depth)
        variables = ", ".join(self.definitions.values())
        return f"{kind} Random{f'({variables})' if variables else ''} {body}\n" + "\n".join(self.fragments)

    def _selection(self, type_: Any, depth: int) -> str:
        random = self.random
        parts: list[str] = []
        self.left -= 1
        wanted = random.randint(2, 5) if depth and self.left > 0 else 1
        while len(parts) < wanted:
            choice = random.random()
            if choice < 0.1 or not getattr(type_, "fields", None):
                parts.append(f"__typename{self._condition()}")
                if not getattr(type_, "fields", None) and random.random() < 0.5:
                    parts.append(self._fragment(type_, depth))
            elif choice < 0.3 and depth > 0:
                parts.append(self._fragment(type_, depth))
            else:
                parts.append(self._field(type_, depth))
        if random.random() < 0.2:
            parts.append(random.choice(parts))  # merged with itself
        return "{ " + " ".join(parts) + " }"

    def _field(self, type_: Any, depth: int) -> str:
        fields = [
            (name, field)
            for name, field in type_.fields.items()
            if depth > 0 or not is_composite_type(get_named_type(field.type))
        ]
        if not fields:
            return "__typename"
        name, field = self.random.choice(fields)
        arguments = self._arguments(field)
        alias = f"{name}_{sum(map(ord, arguments)) % 9973}: " if arguments or self.random.random() < 0.2 else ""
        inner = ""
        if is_composite_type(get_named_type(field.type)):
            inner = " " + self._selection(get_named_type(field.type), depth - 1)
        return f"{alias}{name}{arguments}{self._condition()}{inner}"

    def _fragment(self, type_: Any, depth: int) -> str:
        around = [type_, *getattr(type_, "interfaces", ())]
        if is_abstract_type(type_):
            around += self.schema.get_possible_types(type_)
        else:
            around += [t for t in self.schema.type_map.values()
                       if is_abstract_type(t) and self.schema.is_sub_type(t, type_)]  # fmt: skip
        inner = self.random.choice(around)
        choice = self.random.random()
        if choice < 0.4:
            known = [name for name, on in self.fragment_types.items() if on == inner.name]
            if known and self.random.random() < 0.5:
                return f"...{self.random.choice(known)}{self._condition()}"
            body = self._selection(inner, depth - 1)
            name = f"F{len(self.fragments)}"
            self.fragments.append(f"fragment {name} on {inner.name} {body}")
            self.fragment_types[name] = inner.name
            return f"...{name}{self._condition()}"
        condition = f" on {inner.name}" if choice < 0.9 else ""
        return f"...{condition}{self._condition()} {self._selection(inner if condition else type_, depth - 1)}"

    def _condition(self) -> str:
        if self.random.random() < 0.85:
            return ""
        given = self.random.choice(("true", "false", "$"))
        if given == "$":
            given = self.variable("Boolean!", self.random.random() < 0.5)
        return f" @{self.random.choice(('skip', 'include'))}(if: {given})"

    def _arguments(self, field: GraphQLField) -> str:
        parts = []
        for name, argument in field.args.items():
            if is_required_argument(argument) or self.random.random() < 0.7:
                parts.append(f"{name}: {self._argument(argument)}")
        return f"({', '.join(parts)})" if parts else ""

    def _argument(self, argument: GraphQLArgument) -> str:
        value = random_input(self.random, argument.type)
        if self.random.random() < 0.4:
            return self.variable(str(argument.type), value)
        if (
            is_input_object_type(get_named_type(argument.type))
            and isinstance(value, dict)
            and self.random.random() < 0.3
        ):
            value.pop("n", None)
            return literal(value, argument.type)[:-1] + f" n: {self.variable('Int', 5)} }}"
        return literal(value, argument.type)

    def variable(self, type_: str, value: Any) -> str:
        """A variable of this type; sent with its value, null, nothing, or what is wrong."""
        random = self.random
        name = f"v{len(self.definitions)}"
        default = ""
        if random.random() < 0.3 and type_.rstrip("!") in ("Int", "Boolean"):
            default = f" = {5 if type_.startswith('Int') else 'true'}"
            if random.random() < 0.5:
                type_ = type_.rstrip("!")
        self.definitions[name] = f"${name}: {type_}{default}"
        fate = random.random()
        if fate < 0.9:
            self.values[name] = value
        elif fate < 0.93:
            self.values[name] = None
        elif fate < 0.95:
            self.values[name] = random.choice(("wrong", {"wrong": 1}, [None], 2**40, 1.5))
        return f"${name}"


def literal(value: Any, type_: Any) -> str:
    """A value as it is written in a document."""
    if is_non_null_type(type_):
        return literal(value, type_.of_type)
    if value is None:
        return "null"
    if is_list_type(type_):
        items = value if isinstance(value, list) else [value]
        return "[" + ", ".join(literal(item, type_.of_type) for item in items) + "]"
    if is_input_object_type(type_):
        inner = ", ".join(f"{k}: {literal(v, type_.fields[k].type)}" for k, v in value.items())
        return "{" + inner + "}"
    if isinstance(type_, GraphQLEnumType):
        return str(value)
    found = ast_from_value(value, type_)
    return print_ast(found) if found else "null"


def random_input(random: Random, type_: Any) -> Any:
    """A value that can be sent for an input type."""
    if is_non_null_type(type_):
        value = random_input(random, type_.of_type)
        while value is None:
            value = random_input(random, type_.of_type)
        return value
    if random.random() < 0.15:
        return None
    if is_list_type(type_):
        return [random_input(random, type_.of_type) for _ in range(random.randint(0, 2))]
    if isinstance(type_, GraphQLInputObjectType):
        return {
            name: random_input(random, field.type)
            for name, field in type_.fields.items()
            if is_required_input_field(field) or random.random() < 0.5
        }
    simple: dict[str, Any] = {"Int": 4, "Float": 1.5, "String": "s", "Boolean": True, "ID": "i", "Odd": 5, "Any": 1}
    if isinstance(type_, GraphQLEnumType):
        return random.choice(("RED", "BLUE"))
    return simple.get(type_.name, "other")


class Oracle:
    """Resolvers whose answers depend on the path and a seed only: right, null, wrong, failing, now or later.

    `calls` remembers what each was told.
    """

    def __init__(self, schema: GraphQLSchema, seed: int, *, trouble: float, later: float, steps: int = 3) -> None:
        self.schema = schema
        self.seed = seed
        self.trouble = trouble
        self.later = later
        self.steps = steps
        self.calls: list[str] = []

    def resolve(self, source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        """A field resolver."""
        path = info.path.as_list()
        random = Random(f"{self.seed}{path}")
        self.calls.append(
            f"{path} {info.path} {info.field_name} {info.parent_type} {info.return_type} {arguments}"
            f" {len(info.field_nodes)} {info.operation.operation} {sorted(info.fragments)}"
            f" {info.variable_values.coerced} {info.context} {type(source).__name__}"
        )
        return self._maybe_later(random, lambda: self._value(random, info.return_type, path))

    def type_of(self, value: Any, info: GraphQLResolveInfo, abstract: Any) -> Any:
        """A type resolver."""
        self.calls.append(f"type {info.path} {info.field_name} {abstract}")
        random = Random(f"{self.seed}{value!r}type")
        name = value["__typename"] if isinstance(value, dict) else None
        if random.random() < self.trouble / 2:
            name = random.choice((None, "Query", "Nothing", "Colour", 5, ValueError("no type")))
        if isinstance(name, Exception):
            raise name
        return self._maybe_later(random, lambda: name)

    def _maybe_later(self, random: Random, make: Any) -> Any:
        if random.random() >= self.later:
            return make()
        steps = random.randint(0, self.steps)

        async def later() -> Any:
            for _ in range(steps):
                await asyncio.sleep(0)
            return make()

        return later()

    def _value(self, random: Random, type_: Any, path: Iterable[Any]) -> Any:
        if random.random() < self.trouble:
            wrong = random.choice(("raise", "error", "null", "wrong", "undefined"))
            if wrong == "raise":
                raise RuntimeError(f"failed at {path}")
            return {"error": KeyError(f"at {path}"), "null": None, "wrong": object, "undefined": Undefined}[wrong]
        if is_non_null_type(type_):
            return self._value(random, type_.of_type, path)
        if is_list_type(type_):
            items = [self._item(random, type_.of_type, path) for _ in range(random.randint(0, 2))]
            return random.choice((list, tuple, iter, _agen if self.later else list))(items)
        if is_leaf_type(type_):
            return self._leaf(random, type_.name)
        if is_object_type(type_):
            return {"__typename": type_.name}
        return {"__typename": random.choice(self.schema.get_possible_types(type_)).name}

    def _item(self, random: Random, type_: Any, path: Iterable[Any]) -> Any:
        try:
            value = self._value(random, type_, path)
        except RuntimeError as error:
            return error
        return Later(random.randint(0, 2), value) if random.random() < self.later else value

    def _leaf(self, random: Random, name: str) -> Any:
        values: dict[str, tuple[Any, ...]] = {
            "Int": (1, 0, -5, 2**31, 3.0, 3.5, "12", "x", True), "Float": (1.5, 2, "2.5", float("nan"), True),
            "String": ("text", 5, 1.5, True, b"bytes", ""), "Boolean": (True, False, 0, 1.0, "yes"),
            "ID": ("id", 7, 1.5, ""), "Colour": (0, ("tuple",), "blue", "RED", [1]), "Odd": (3, 4, 7, "3"),
            "Any": ({"a": [1]}, None, 5, "x"),
        }  # fmt: skip
        if name not in values:  # of Parley's own schema
            enum = getattr(self.schema.type_map[name], "values", None)
            values[name] = (next(iter(enum)) if enum else "own", None, "no such")
        return random.choice(values[name]) if random.random() < self.trouble else values[name][0]


class Later:
    """An awaitable that nobody misses who never awaits it (the rest of a list that failed)."""

    def __init__(self, steps: int, value: Any) -> None:
        self.steps = steps
        self.value = value

    def __await__(self) -> Generator[None, None, Any]:
        for _ in range(self.steps):
            yield
        return self.value


async def _agen(items: list[Any]) -> Any:
    for item in items:
        yield item


def sub_interfaces(schema: GraphQLSchema) -> list[GraphQLInterfaceType]:
    """The interfaces of a schema."""
    return [t for t in schema.type_map.values() if isinstance(t, GraphQLInterfaceType)]


def objects(schema: GraphQLSchema) -> list[GraphQLObjectType]:
    """The object types of a schema, introspection left out."""
    return [t for t in schema.type_map.values() if isinstance(t, GraphQLObjectType) and not t.name.startswith("__")]
