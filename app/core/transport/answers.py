"""How results and failures look on the wire: errors with codes and request ids, internals masked and logged once."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import structlog
from graphql import ExecutionResult, GraphQLError

from app.core import db
from app.core.errors import ApiError, BadRequestError, ErrorCode, TooComplexError, UnavailableError, UserFault
from app.core.records import record

log = structlog.get_logger(__name__)

# A fault that leaves a query has no payload to go to; these codes have a top-level twin, the others mean a bad request.
_FAULT_CODES = {
    ErrorCode.FORBIDDEN: "FORBIDDEN",
    ErrorCode.RATE_LIMITED: "RATE_LIMITED",
    ErrorCode.COOLDOWN: "RATE_LIMITED",
    ErrorCode.UNAVAILABLE: "UNAVAILABLE",
}


_MESSAGE_LENGTH = 500


class RequestError(Exception):
    """The operation was not executed at all: it did not parse, validate, fit the limits, or its caller is unknown."""

    def __init__(self, errors: Sequence[GraphQLError | ApiError]) -> None:
        super().__init__(errors)
        self.errors = errors


@record(slots=True, frozen=True)
class Answer:
    """An encoded result. `code` is that of the first error when nothing was executed, else None."""

    body: bytes
    code: str | None = None
    retry_after: int | None = None


_process = secrets.token_hex(4)
_count = itertools.count(secrets.randbits(31))


def new_request_id() -> str:
    """What a person can quote to find the log line of a failure: of this process, and counted."""
    return f"{_process}{next(_count) & 0xFFFFFFFF:08x}"


def cause_of(error: BaseException) -> BaseException:
    """What a resolver really raised, below the GraphQLErrors it was wrapped in."""
    while isinstance(error, GraphQLError) and error.original_error is not None:
        error = error.original_error
    return error


def _short(message: str) -> str:
    """graphql-core quotes what was sent, however long it is."""
    return message if len(message) <= _MESSAGE_LENGTH else f"{message[: _MESSAGE_LENGTH - 1]}…"


def describe(error: BaseException, request_id: str) -> dict[str, Any]:
    """An error as the client sees it. Anything unknown is a bug: INTERNAL outside, logged with its trace inside."""
    cause = cause_of(error)
    message, extensions = str(cause), {}
    if isinstance(cause, ApiError):
        extensions = cause.extensions
    elif isinstance(cause, UserFault):
        retry = {} if cause.retry_after is None else {"retryAfter": cause.retry_after}
        extensions = {"code": _FAULT_CODES.get(cause.code, "BAD_REQUEST"), **retry}
    elif isinstance(error, GraphQLError) and (isinstance(cause, GraphQLError) or error.path is None):
        # Without a path it comes from parsing, validation or variables, and says what is wrong with the request.
        message, extensions = _short(error.message), {"code": BadRequestError.code, **(error.extensions or {})}
    elif isinstance(cause, db.GONE):
        log.warning("database away", request_id=request_id, error=repr(cause))
        away = UnavailableError()
        message, extensions = str(away), away.extensions
    else:
        log.error("unexpected error", request_id=request_id, path=getattr(error, "path", None), exc_info=cause)
        message, extensions = ApiError.message, {"code": ApiError.code}
    shown: dict[str, Any] = {"message": message}
    if isinstance(error, GraphQLError):
        if error.locations:
            shown["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
        if error.path is not None:
            shown["path"] = error.path
    shown["extensions"] = {**extensions, "requestId": request_id}
    return shown


def request_error_answer(error: RequestError | ApiError, request_id: str, *, limit: int = 5) -> Answer:
    """The answer to an operation that was not executed: errors alone, no `data`."""
    errors = error.errors[:limit] if isinstance(error, RequestError) else [error]
    shown = [describe(e, request_id) for e in errors]
    first = shown[0]["extensions"]
    return Answer(orjson.dumps({"errors": shown}), first["code"], first.get("retryAfter"))


def result_answer(result: ExecutionResult, request_id: str, extensions: Mapping[str, Any], *, limit: int) -> Answer:
    """The answer to an executed operation; TOO_COMPLEX in place of more than `limit` bytes, as cost counts fields and
    not how long their texts are."""
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        body["errors"] = [describe(e, request_id) for e in result.errors]
    if extensions:
        body["extensions"] = extensions
    try:
        encoded = orjson.dumps(body)
        if len(encoded) <= limit:
            return Answer(encoded)
        too_large = TooComplexError(f"The answer has {len(encoded)} bytes, at most {limit}: page less.", limit=limit)
        return Answer(orjson.dumps({"data": None, "errors": [describe(too_large, request_id)]}))
    except TypeError as error:  # a resolver let through what JSON can't hold (a lone surrogate, an int over 64 bits)
        return Answer(orjson.dumps({"data": None, "errors": [describe(error, request_id)]}))
