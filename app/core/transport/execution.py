"""Runs operations, by their plans or by graphql-core: timeouts, shielded mutations, cost, streams."""

from __future__ import annotations

import asyncio
import hashlib
import inspect
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError, OperationType
from strawberry import Schema

from app.core import origin
from app.core.errors import ApiError, BadRequestError, RateLimitedError, TooComplexError, UnavailableError
from app.core.executor import Bound, NoSubscriptionError, NotCompiledError, bind, bind_to_graphql_core, counts
from app.core.graphql.context import Context
from app.core.graphql.streams import DurableStream, EphemeralStream
from app.core.hub.ports import Selection
from app.core.transport.answers import Answer, RequestError, log, result_answer
from app.core.transport.deadlines import Deadlines
from app.core.transport.documents import Operation
from app.core.transport.request import GraphQLRequest
from app.settings import TransportSettings

Stream = DurableStream | EphemeralStream

_MUTATIONS = 2000  # running at once in a process, also those whose client is gone


class Execution:
    """Executes operations of one schema. Owns the mutations under way. One per process."""

    def __init__(self, schema: Schema, limits: TransportSettings, *, hints: bool, compiled: bool) -> None:
        self._schema = schema._schema
        self._compiled = compiled  # else graphql-core executes everything, and hands nothing over
        self._limits = limits
        self._hints = hints  # "did you mean": for developers, never in production
        self._mutations: set[asyncio.Task[Any]] = set()
        self.deadlines = Deadlines()

    async def answer(
        self,
        operation: Operation,
        request: GraphQLRequest,
        context: Context,
        request_id: str,
        *,
        late: Callable[[ApiError], None] | None = None,
    ) -> Answer:
        """Runs a query or mutation. Raises RequestError when it was not executed, UNAVAILABLE when it took too long.

        Cancelling this cancels a query; a mutation goes on to its end, whoever still listens. Who never cancels a
        mutation gives `late`, to be told that it takes too long: then it runs in the caller's task.
        """
        extensions = self._spend(operation, request, context)
        bound = self._bind(operation, request)
        origin.enter(context.client.ip, request_id)
        try:
            if late is not None:
                result = await self._run_here(bound, context, lambda: late(_too_late(operation, request_id)))
                return result_answer(result, request_id, extensions, limit=self._limits.answer_bytes)
            with self.deadlines.within(self._limits.operation_seconds):
                if operation.kind is OperationType.MUTATION:
                    result = await asyncio.shield(self._mutation(bound, context))
                else:
                    result = await _run_query(bound, context)
        except TimeoutError as error:
            raise _too_late(operation, request_id) from error
        return result_answer(result, request_id, extensions, limit=self._limits.answer_bytes)

    async def stream(
        self, operation: Operation, request: GraphQLRequest, context: Context
    ) -> tuple[Stream, Selection]:  # fmt: skip
        """What a subscription's resolver describes, and the group its subscribers share. Raises RequestError."""
        self._spend(operation, request, context)
        bound = self._bind(operation, request)
        try:
            with self.deadlines.within(self._limits.operation_seconds):
                stream = await _described_stream(bound, context)
        except TimeoutError as error:
            raise UnavailableError("This took too long.") from error
        return stream, Selection(selection_key(operation, request.variables), bound)

    async def settle(self, seconds: float) -> None:
        """Waits for the mutations under way, at the end of the process."""
        if self._mutations:
            await asyncio.wait(self._mutations, timeout=seconds)

    def _spend(self, operation: Operation, request: GraphQLRequest, context: Context) -> Mapping[str, Any]:
        cost = operation.cost.of(request.variables)
        if cost > self._limits.cost:
            message = f"This costs {cost}, at most {self._limits.cost}: select less, or page less."
            raise RequestError([TooComplexError(message, limit=self._limits.cost)])
        try:
            budget = context.budget = context.runtime.limits.spend(context.viewer, context.client, cost)
        except RateLimitedError as error:
            raise RequestError([error]) from error
        resets_at = _instant(budget.resets_at)
        shown = {"requested": budget.cost, "remaining": budget.remaining, "limit": budget.limit, "resetsAt": resets_at}
        return {"cost": shown}

    def _bind(self, operation: Operation, request: GraphQLRequest) -> Bound:
        """The operation with its variables. Raises RequestError when they do not fit."""
        most, hide = 5 if self._hints else 1, not self._hints
        bound: Bound | list[GraphQLError] | None = None
        if operation.plan is not None:
            with suppress(NotCompiledError):
                bound = bind(operation.plan, request.variables, most, hide_suggestions=hide)
        if bound is None:
            counts.handed_over += self._compiled
            bound = bind_to_graphql_core(
                self._schema, operation.document, operation.name, request.variables, most, hide_suggestions=hide
            )
        if isinstance(bound, list):
            # graphql-core adds a notice of its own when it stops at the first.
            raise RequestError(bound if self._hints else bound[:1])
        return bound

    async def _run_here(self, bound: Bound, context: Context, late: Callable[[], None]) -> ExecutionResult:
        task = asyncio.current_task()
        if task is None or len(self._mutations) >= _MUTATIONS:
            raise UnavailableError
        self._mutations.add(task)
        due = self.deadlines.after(self._limits.operation_seconds, late)
        try:
            return await _run(bound, context)
        finally:
            self.deadlines.drop(due)
            self._mutations.discard(task)

    def _mutation(self, bound: Bound, context: Context) -> asyncio.Task[ExecutionResult]:
        if len(self._mutations) >= _MUTATIONS:
            raise UnavailableError
        task = asyncio.create_task(_run(bound, context))
        self._mutations.add(task)
        task.add_done_callback(self._mutations.discard)
        return task


def _too_late(operation: Operation, request_id: str) -> UnavailableError:
    log.warning("operation timed out", request_id=request_id, operation=operation.name)
    return UnavailableError("This took too long. A mutation may still happen: repeat it with its id.")


@lru_cache(64)  # windows end at full minutes
def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


async def _run(bound: Bound, context: Context) -> ExecutionResult:
    result = bound.execute(None, context)
    return result if isinstance(result, ExecutionResult) else await result


async def _run_query(bound: Bound, context: Context) -> ExecutionResult:
    try:
        return await _run(bound, context)
    except asyncio.CancelledError:
        context.abandon()
        raise


async def _described_stream(bound: Bound, context: Context) -> Stream:
    """Calls the resolver of the one root field with its coerced arguments, as graphql-core does before it iterates."""
    try:
        stream = bound.subscribe(context)
        if inspect.isawaitable(stream):
            stream = await stream
    except (ApiError, GraphQLError) as error:
        raise RequestError([error]) from error
    except NoSubscriptionError as error:
        raise RequestError([BadRequestError("This is not a subscription.")]) from error
    if stream is None:
        raise RequestError([BadRequestError("The subscription selects nothing: @skip and @include left no field.")])
    if not isinstance(stream, DurableStream | EphemeralStream):
        raise TypeError(f"The resolver of a subscription must return a stream description, not {type(stream)}")
    return stream


def selection_key(operation: Operation, variables: Mapping[str, Any]) -> bytes:
    """A digest of document, operation and variables; those used only for routing are no part."""
    kept = {name: value for name, value in variables.items() if name not in operation.resume}
    try:
        text = orjson.dumps([operation.text, operation.name, kept], option=orjson.OPT_SORT_KEYS)
    except TypeError as error:  # orjson reads deeper than it writes (some 250 levels)
        raise RequestError([BadRequestError("variables are nested too deeply.")]) from error
    return hashlib.blake2b(text, digest_size=16).digest()
