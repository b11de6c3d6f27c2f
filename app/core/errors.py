"""Errors: what a person can fix is data (`UserFault`), what program, session or server did is top-level (`ApiError`).

Services raise; core/graphql turns a `UserFault` into the `errors` of the payload and an `ApiError` into a GraphQL
error with `extensions.code`. Anything else is a bug: masked to INTERNAL and logged once.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class ErrorCode(StrEnum):
    """Codes of `UserError`: failures a person can act on. The descriptions are the schema's."""

    INVALID = "INVALID"
    CONTENT_EMPTY = "CONTENT_EMPTY"
    TOO_LONG = "TOO_LONG"
    TOO_LARGE = "TOO_LARGE"
    UNSUPPORTED_TYPE = "UNSUPPORTED_TYPE"
    INFECTED = "INFECTED"
    LIMIT_REACHED = "LIMIT_REACHED"
    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    NOT_OWNER = "NOT_OWNER"
    NOT_PARTICIPANT = "NOT_PARTICIPANT"
    CONFLICT = "CONFLICT"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    USERNAME_TAKEN = "USERNAME_TAKEN"
    EMAIL_TAKEN = "EMAIL_TAKEN"
    PHONE_TAKEN = "PHONE_TAKEN"
    EXPIRED = "EXPIRED"
    WRONG_CREDENTIALS = "WRONG_CREDENTIALS"
    WRONG_CODE = "WRONG_CODE"
    TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS"
    SECOND_FACTOR_REQUIRED = "SECOND_FACTOR_REQUIRED"
    WEAK_PASSWORD = "WEAK_PASSWORD"  # noqa: S105
    COOLDOWN = "COOLDOWN"
    RATE_LIMITED = "RATE_LIMITED"
    EDIT_WINDOW_PASSED = "EDIT_WINDOW_PASSED"
    DEVICE_LIST_STALE = "DEVICE_LIST_STALE"
    INVALID_SIGNATURE = "INVALID_SIGNATURE"
    KEYS_EXHAUSTED = "KEYS_EXHAUSTED"
    CALL_BUSY = "CALL_BUSY"
    CALL_ENDED = "CALL_ENDED"
    ACCOUNT_SUSPENDED = "ACCOUNT_SUSPENDED"
    UNAVAILABLE = "UNAVAILABLE"


class UserFault(Exception):
    """A failure the person can act on; becomes one `UserError` of the mutation's payload.

    `field` is the path below `input` (("text",) → ["input", "text"]), `retry_after` seconds, `limit` the limit met.
    """

    def __init__(
        self,
        code: ErrorCode,
        message: str,
        *,
        field: tuple[str, ...] = (),
        retry_after: int | None = None,
        limit: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.retry_after = retry_after
        self.limit = limit


class ApiError(Exception):
    """A failure of the caller's program, its session or the server; becomes a top-level GraphQL error."""

    code = "INTERNAL"
    message = "Internal error"

    def __init__(self, message: str | None = None, *, retry_after: int | None = None, **extensions: Any) -> None:
        super().__init__(message or self.message)
        self.retry_after = retry_after
        self.extra = extensions

    @property
    def extensions(self) -> dict[str, Any]:
        """What goes beside the message: code, retryAfter (seconds) where a retry helps, and details."""
        retry = {} if self.retry_after is None else {"retryAfter": self.retry_after}
        return {"code": self.code, **retry, **self.extra}


class UnauthenticatedError(ApiError):
    code = "UNAUTHENTICATED"
    message = "Sign in first: send the header Authorization: Bearer <access token>."


class SessionExpiredError(ApiError):
    code = "SESSION_EXPIRED"
    message = "The access token has expired: call refreshSession, then try again."


class SessionRevokedError(ApiError):
    code = "SESSION_REVOKED"
    message = "This session was ended: sign in again."


class ForbiddenError(ApiError):
    code = "FORBIDDEN"
    message = "You may not do this."


class RateLimitedError(ApiError):
    code = "RATE_LIMITED"
    message = "Too many requests: wait, then try again."


class BadRequestError(ApiError):
    code = "BAD_REQUEST"
    message = "The request is malformed."


class TooComplexError(ApiError):
    code = "TOO_COMPLEX"
    message = "The operation asks for too much: select less, or page."


class CursorExpiredError(ApiError):
    code = "CURSOR_EXPIRED"
    message = "This cursor is older than the log: start again from viewer { eventCursor }."


class StartError(Exception):
    """This process can't start or work; the message says why and what to do, for whoever operates it."""


class UnavailableError(ApiError):
    code = "UNAVAILABLE"
    message = "The server can't do this right now: try again."

    def __init__(self, message: str | None = None, *, retry_after: int | None = 1, **extensions: Any) -> None:
        super().__init__(message, retry_after=retry_after, **extensions)
