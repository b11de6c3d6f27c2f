"""Documents made ready once: parsed, limited, validated, and kept by their text. Hostile ones are never kept."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    Token,
    TokenKind,
    VariableNode,
    parse,
    validate,
)
from graphql.validation import recommended_rules, specified_rules
from strawberry import Schema

from app.core.errors import ApiError, BadRequestError, TooComplexError
from app.core.executor import Plan, make_plan
from app.core.graphql.directives import Access
from app.core.transport.answers import RequestError
from app.core.transport.complexity import Cost, Measure
from app.core.transport.merging import check_merging
from app.core.transport.request import GraphQLRequest
from app.settings import TransportSettings

# Trees are some hundred times as large as their texts: 6 KB the smallest, 180 times the length where names are short.
_KEPT_BYTES = 128 * 1024 * 1024
_TREE_BYTES = 8_000
_TREE_TIMES = 180
_HINTED_ERRORS = 5
_BYTES_FOR_ONE = 2
_PRICE_LEAST = 100  # the smallest takes 0.7 ms to validate
_ROUTING = ("after", "userIds")
_SLOW_BYTES = 512  # above this, parsing and validating may exceed the loop's 5 ms


@dataclass(slots=True, frozen=True, eq=False)
class Operation:
    """One operation of a valid document, ready to run with any variables. `text` is its document's source."""

    text: str
    document: DocumentNode
    node: OperationDefinitionNode
    name: str | None
    kind: OperationType
    cost: Cost
    signed_out: bool  # all its root fields may be called signed out
    resume: frozenset[str]  # variables used as the root field's `after` or `userIds` and nowhere else
    plan: Plan | None = None  # None: graphql-core executes it

    @property
    def is_subscription(self) -> bool:
        """Whether it opens a stream."""
        return self.kind is OperationType.SUBSCRIPTION


class Documents:
    """The cache, and the rules a document must pass. One per process."""

    def __init__(
        self, schema: Schema, limits: TransportSettings, *, introspection: bool, hints: bool, compiled: bool
    ) -> None:
        self._schema: GraphQLSchema = schema._schema
        self._limits = limits
        self._introspection = introspection
        self._hints = hints
        self._compiled = compiled
        self._max_errors = _HINTED_ERRORS if hints else 1
        self._signed_out = signed_out_mutations(self._schema)
        self._rules = (*specified_rules, *recommended_rules)
        self._kept: OrderedDict[str, Mapping[str | None, Operation]] = OrderedDict()
        self._kept_bytes = 0

    def price(self, text: str) -> int:
        """What preparing a document costs, in the units of an operation's cost: some 5 ms of CPU for 1 KB, most of it
        where validation fails. Nothing once it is kept, or when it is refused for its length."""
        if text in self._kept or len(text) > self._limits.document_bytes:
            return 0
        return max(_PRICE_LEAST, len(text) // _BYTES_FOR_ONE)

    async def operation(self, request: GraphQLRequest) -> Operation:
        """The operation asked for. Raises RequestError: syntax, limits, validation, or no such operation."""
        found = self._kept.get(request.query)
        if found is None:
            found = await self._prepare(request.query)
        else:
            self._kept.move_to_end(request.query)
        if request.operation_name is None and len(found) > 1:
            raise RequestError([BadRequestError("The document has several operations: send operationName.")])
        if request.operation_name is None:
            return next(iter(found.values()))
        operation = found.get(request.operation_name)
        if operation is None:
            raise RequestError([BadRequestError("The document has no operation of this operationName.")])
        return operation

    async def _prepare(self, text: str) -> Mapping[str | None, Operation]:
        if not text.strip():
            raise RequestError([BadRequestError("query is empty.")])
        size = len(text) if text.isascii() else len(text.encode())
        if size > self._limits.document_bytes:
            message = f"A document may have {self._limits.document_bytes} bytes."
            raise RequestError([TooComplexError(message, limit=self._limits.document_bytes)])
        try:
            found = self._read(text) if size <= _SLOW_BYTES else await asyncio.to_thread(self._read, text)
        except ApiError as error:
            raise RequestError([error]) from error
        self._keep(text, found, size)
        return found

    def _keep(self, text: str, found: Mapping[str | None, Operation], size: int) -> None:
        if text in self._kept:  # two requests prepared it at once
            return
        self._kept[text] = found
        self._kept_bytes += _weight(size)
        while self._kept_bytes > _KEPT_BYTES:
            old, _ = self._kept.popitem(last=False)
            self._kept_bytes -= _weight(len(old.encode()))

    def _read(self, text: str) -> Mapping[str | None, Operation]:
        document = self._parse(text)
        nodes = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
        if not nodes:
            raise BadRequestError("The document has no operation.")
        if len(nodes) > self._limits.operations:
            raise TooComplexError(f"At most {self._limits.operations} operations.", limit=self._limits.operations)
        measure = Measure(self._schema, document, self._limits, introspection=self._introspection)
        found = {}
        for node in nodes:
            check_merging(node, document)
            operation = self._measured(text, document, node, measure)
            found[operation.name] = operation
        # graphql-core adds its own notice when it stops early: cut off again below.
        errors = validate(
            self._schema, document, self._rules, max_errors=self._max_errors, hide_suggestions=not self._hints
        )
        if errors:
            raise RequestError(errors[: self._max_errors])
        _unlink(document)
        if not self._compiled:
            return found
        return {name: replace(one, plan=make_plan(self._schema, document, one.node)) for name, one in found.items()}

    def _parse(self, text: str) -> DocumentNode:
        try:
            return parse(text, max_lexical_tokens=self._limits.tokens)
        except GraphQLError as error:
            if "contains more than" in error.message:
                raise TooComplexError(f"At most {self._limits.tokens} tokens.", limit=self._limits.tokens) from error
            if "nested too deeply" in error.message:  # the parser met Python's recursion limit
                raise TooComplexError("The document is nested too deeply.") from error
            raise RequestError([error]) from error

    def _measured(
        self, text: str, document: DocumentNode, node: OperationDefinitionNode, measure: Measure
    ) -> Operation:
        cost = measure.operation_cost(node)
        fields = measure.root_fields(node)
        mutation = node.operation is OperationType.MUTATION
        signing_in = [name for name in fields if mutation and name in self._signed_out]
        if len(signing_in) > 1:
            raise TooComplexError("One sign-in mutation per document.", limit=1)
        name = node.name.value if node.name else None
        signed_out = bool(signing_in) and len(fields) == 1
        resume = resume_variables(document, node) if node.operation is OperationType.SUBSCRIPTION else frozenset[str]()
        return Operation(text, document, node, name, node.operation, cost, signed_out, resume)


def _weight(size: int) -> int:
    """The memory of a document of so many bytes."""
    return _TREE_BYTES + _TREE_TIMES * size


def _unlink(document: DocumentNode) -> None:
    """Takes its tokens apart, which only reading needs. Each knows the next and the one before it: the collector would
    have to find a document that is not kept any more, and it hardly ever looks at what is old (serve.calm_collector).
    """
    token: Token | None = document.loc.start_token if document.loc else None
    while token is not None:
        following = token.next
        token.prev = token.next = None
        token = following


def resume_variables(document: DocumentNode, node: OperationDefinitionNode) -> frozenset[str]:
    """Variables that are the root field's `after` or `userIds` and nothing else: where a client resumes, and of whom it
    wants to hear (which is routing), tell no groups apart."""
    candidates = {
        argument.value.name.value
        for field in node.selection_set.selections
        for argument in getattr(field, "arguments", None) or ()
        if argument.name.value in _ROUTING and isinstance(argument.value, VariableNode)
    }
    if not candidates or document.loc is None:
        return frozenset()
    uses = Counter[str]()
    token: Token | None = document.loc.start_token
    while token is not None and token.next is not None:
        if token.kind is TokenKind.DOLLAR:
            uses[token.next.value or ""] += 1
        token = token.next
    return frozenset(name for name in candidates if uses[name] == 2)  # its definition and this argument


def signed_out_mutations(schema: GraphQLSchema) -> frozenset[str]:
    """The mutations declared with @access(signedOut: true)."""
    root = schema.mutation_type
    return frozenset(
        name
        for name, declared in (root.fields.items() if root else ())
        for directive in getattr(declared.extensions.get("strawberry-definition"), "directives", ())
        if isinstance(directive, Access) and directive.signed_out
    )
