"""Runs operations through graphql-core with a context of their own: timeouts, shielded mutations, cost, streams."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError, OperationType
from graphql.execution import execute_root_selection_set
from graphql.execution.collect_fields import collect_fields
from graphql.execution.executor import Executor
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path
from strawberry import Schema

from app.core import origin
from app.core.errors import ApiError, BadRequestError, RateLimitedError, TooComplexError, UnavailableError
from app.core.graphql.context import Context
from app.core.graphql.streams import DurableStream, EphemeralStream
from app.core.hub.ports import Selection
from app.core.transport.answers import Answer, RequestError, log, result_answer
from app.core.transport.documents import Operation
from app.core.transport.request import GraphQLRequest
from app.settings import TransportSettings

Stream = DurableStream | EphemeralStream

_MUTATIONS = 2000  # running at once in a process, also those whose client is gone


class Execution:
    """Executes operations of one schema. Owns the mutations under way. One per process."""

    def __init__(self, schema: Schema, limits: TransportSettings, *, hints: bool) -> None:
        self._schema = schema._schema
        self._limits = limits
        self._hints = hints  # "did you mean": for developers, never in production
        self._mutations: set[asyncio.Task[ExecutionResult]] = set()

    async def answer(
        self, operation: Operation, request: GraphQLRequest, context: Context, request_id: str
    ) -> Answer:  # fmt: skip
        """Runs a query or mutation. Raises RequestError when it was not executed, UNAVAILABLE when it took too long.

        Cancelling this cancels a query; a mutation goes on to its end, whoever still listens.
        """
        extensions = await self._spend(operation, request, context)
        executor = self._executor(operation, request, context)
        origin.enter(context.client.ip, request_id)
        try:
            async with asyncio.timeout(self._limits.operation_seconds):
                if operation.kind is OperationType.MUTATION:
                    result = await asyncio.shield(self._mutation(executor))
                else:
                    result = await _run(executor)
        except TimeoutError as error:
            log.warning("operation timed out", request_id=request_id, operation=operation.name)
            raise UnavailableError("This took too long. A mutation may still happen: repeat it with its id.") from error
        return result_answer(result, request_id, extensions, limit=self._limits.answer_bytes)

    async def stream(
        self, operation: Operation, request: GraphQLRequest, context: Context
    ) -> tuple[Stream, Selection]:  # fmt: skip
        """What a subscription's resolver describes, and the group its subscribers share. Raises RequestError."""
        await self._spend(operation, request, context)
        executor = self._executor(operation, request, context)
        try:
            async with asyncio.timeout(self._limits.operation_seconds):
                stream = await _described_stream(executor)
        except TimeoutError as error:
            raise UnavailableError("This took too long.") from error
        key = selection_key(operation, request.variables)
        executor.context_value = None  # the plan outlives this operation
        return stream, Selection(key, executor)

    async def settle(self, seconds: float) -> None:
        """Waits for the mutations under way, at the end of the process."""
        if self._mutations:
            await asyncio.wait(self._mutations, timeout=seconds)

    async def _spend(self, operation: Operation, request: GraphQLRequest, context: Context) -> Mapping[str, Any]:
        cost = operation.cost.of(request.variables)
        if cost > self._limits.cost:
            message = f"This costs {cost}, at most {self._limits.cost}: select less, or page less."
            raise RequestError([TooComplexError(message, limit=self._limits.cost)])
        try:
            budget = context.budget = await context.runtime.limits.spend(context.viewer, context.client, cost)
        except RateLimitedError as error:
            raise RequestError([error]) from error
        resets_at = budget.resets_at.isoformat(timespec="seconds").replace("+00:00", "Z")
        shown = {"requested": budget.cost, "remaining": budget.remaining, "limit": budget.limit, "resetsAt": resets_at}
        return {"cost": shown}

    def _executor(self, operation: Operation, request: GraphQLRequest, context: Context) -> Executor[Any]:
        executor = Executor.build(
            self._schema,
            operation.document,
            context_value=context,
            raw_variable_values=dict(request.variables),
            operation_name=operation.name,
            max_coercion_errors=5 if self._hints else 1,
            hide_suggestions=not self._hints,
        )
        if isinstance(executor, list):
            # graphql-core adds a notice of its own when it stops at the first.
            raise RequestError(executor if self._hints else executor[:1])
        return executor

    def _mutation(self, executor: Executor[Any]) -> asyncio.Task[ExecutionResult]:
        if len(self._mutations) >= _MUTATIONS:
            raise UnavailableError
        task = asyncio.create_task(_run(executor))
        self._mutations.add(task)
        task.add_done_callback(self._mutations.discard)
        return task


async def _run(executor: Executor[Any]) -> ExecutionResult:
    result = execute_root_selection_set(executor)
    return result if isinstance(result, ExecutionResult) else await result


async def _described_stream(executor: Executor[Any]) -> Stream:
    """Calls the resolver of the one root field with its coerced arguments, as graphql-core does before it iterates."""
    root = executor.schema.subscription_type
    assert root is not None, "validation knows that there are subscriptions"
    fields = collect_fields(
        executor.schema, executor.fragments, executor.variable_values, root, executor.operation, True
    ).grouped_field_set
    if not fields:
        raise RequestError([BadRequestError("The subscription selects nothing: @skip and @include left no field.")])
    response_key, details = next(iter(fields.items()))
    nodes = [detail.node for detail in details]
    declared = executor.schema.get_field(root, nodes[0].name.value)
    if declared is None or declared.subscribe is None:
        raise RequestError([BadRequestError("This is not a subscription.")])
    path = Path(None, response_key, root.name)
    info = executor.build_resolve_info(declared, nodes, root, path)
    try:
        arguments = get_argument_values(declared, nodes[0], executor.variable_values, None, True)
        stream = declared.subscribe(None, info, **arguments)
        if executor.is_awaitable(stream):
            stream = await stream
    except (ApiError, GraphQLError) as error:
        raise RequestError([error]) from error
    if not isinstance(stream, DurableStream | EphemeralStream):
        raise TypeError(f"{declared} must return a stream description, not {type(stream)}")
    return stream


def selection_key(operation: Operation, variables: Mapping[str, Any]) -> bytes:
    """A digest of document, operation and variables; those used only for routing are no part."""
    kept = {name: value for name, value in variables.items() if name not in operation.resume}
    try:
        text = orjson.dumps([operation.text, operation.name, kept], option=orjson.OPT_SORT_KEYS)
    except TypeError as error:  # orjson reads deeper than it writes (some 250 levels)
        raise RequestError([BadRequestError("variables are nested too deeply.")]) from error
    return hashlib.blake2b(text, digest_size=16).digest()
