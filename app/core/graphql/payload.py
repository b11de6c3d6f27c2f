"""Mutations: one way to declare them, and the `errors` every payload carries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any

import strawberry

from app.core.errors import ErrorCode, UserFault
from app.core.graphql.context import Context, Info
from app.core.graphql.directives import Access, RateLimit
from app.core.graphql.enums import described_enum
from app.core.limits import RATES

described_enum(
    ErrorCode,
    "What went wrong, for the program to act on. More may appear.",
    {
        "INVALID": "A value is malformed; field says which.",
        "CONTENT_EMPTY": "The message has no content: empty, only spaces or only invisible characters.",
        "TOO_LONG": "A text is longer than limit.",
        "TOO_LARGE": "A file is larger than limit.",
        "UNSUPPORTED_TYPE": "This type of file is not accepted.",
        "INFECTED": "The file holds malware.",
        "LIMIT_REACHED": "There are as many as limit already.",
        "NOT_FOUND": "Unknown, gone, or not visible to the viewer: these can't be told apart.",
        "FORBIDDEN": "Visible, but the viewer may not do this.",
        "NOT_OWNER": "Only its author may do this.",
        "NOT_PARTICIPANT": "The viewer is not a member of this conversation.",
        "CONFLICT": "It contradicts what is there, e.g. a clientMessageId used with other content.",
        "ALREADY_EXISTS": "There is one already.",
        "USERNAME_TAKEN": "Somebody has this username.",
        "EMAIL_TAKEN": "Somebody has this e-mail address.",
        "PHONE_TAKEN": "Somebody has this phone number.",
        "EXPIRED": "Its time has passed: ask for a new one.",
        "WRONG_CREDENTIALS": "The identifier or the password is wrong; which one is not told.",
        "WRONG_CODE": "The code is wrong or no longer valid.",
        "TOO_MANY_ATTEMPTS": "Too many wrong tries: ask for a new code.",
        "SECOND_FACTOR_REQUIRED": "Go on with verifyTwoFactor.",
        "WEAK_PASSWORD": "The password is too short, too long, too common, or like the username or e-mail.",
        "COOLDOWN": "Too soon after the last time: wait retryAfter seconds.",
        "RATE_LIMITED": "Too often: wait retryAfter seconds.",
        "EDIT_WINDOW_PASSED": "Too late to change this.",
        "DEVICE_LIST_STALE": "The recipients' devices changed: encrypt again for the devices given.",
        "INVALID_SIGNATURE": "A key's signature does not verify.",
        "KEYS_EXHAUSTED": "No key is left.",
        "CALL_BUSY": "The callee is in a call.",
        "CALL_ENDED": "The call is over.",
        "ACCOUNT_SUSPENDED": "The account is suspended.",
        "UNAVAILABLE": "The server can't do this right now: try again after retryAfter seconds.",
    },
)


@strawberry.type(description="A failure the person can act on, returned as data by every mutation.")
class UserError:
    code: ErrorCode = strawberry.field(description="What went wrong, for the program.")
    message: str = strawberry.field(description="What went wrong and what to do, safe to show.")
    field: list[str] | None = strawberry.field(
        default=None,
        description='Path of the wrong value, e.g. ["input", "username"]; null when it is none in particular.',
    )
    retry_after: int | None = strawberry.field(default=None, description="Seconds until a retry can succeed.")
    limit: int | None = strawberry.field(default=None, description="The limit that was met (length, size, count).")


@strawberry.interface(description="What every mutation answers: the failures, beside what changed.")
class Payload:
    errors: list[UserError] = strawberry.field(
        default_factory=list, description="Empty when it worked. Otherwise nothing was changed."
    )


def user_error(fault: UserFault) -> UserError:
    """A fault a service raised, as the schema shows it."""
    path = ["input", *fault.field] if fault.field else None
    return UserError(
        code=fault.code, message=fault.message, field=path, retry_after=fault.retry_after, limit=fault.limit
    )


def mutation(
    payload: type[Any],
    *,
    description: str,
    signed_out: bool = False,
    rate_limit: str | None = None,
    echo: Callable[[Any], Mapping[str, Any]] | None = None,
) -> Callable[[Callable[..., Awaitable[Any]]], Any]:
    """Declares a mutation: checks sign-in and its rate limit, turns a `UserFault` into `payload(errors=[…])`.

    The resolver takes (info, input) or (info) and returns the payload. `echo` gives the fields of the payload that
    repeat the input also on failure. @access and @rateLimit in the SDL come from
    the same arguments, so that they can't disagree with what is enforced.
    """
    directives: list[object] = [Access(signed_out=True)] if signed_out else []
    if rate_limit:
        assert any(rate.name == rate_limit for rate in RATES), f"core/limits.py has no rate {rate_limit}"
        directives.append(RateLimit(name=rate_limit))

    def declare(resolver: Callable[..., Awaitable[Any]]) -> Any:
        @wraps(resolver)
        async def run(*args: Any, **kwargs: Any) -> Any:
            info: Info = kwargs["info"]
            info.context.forget()
            try:
                await _admit(info.context, signed_out, rate_limit)
                return await resolver(*args, **kwargs)
            except UserFault as fault:
                repeated = echo(kwargs["input"]) if echo else {}
                return payload(errors=[user_error(fault)], **repeated)

        return strawberry.mutation(
            resolver=run, description=description, directives=directives, graphql_type=payload | None
        )

    return declare


async def _admit(context: Context, signed_out: bool, rate_limit: str | None) -> None:
    if not signed_out:
        context.require_viewer()
    if rate_limit:
        await context.runtime.limits.admit(rate_limit, viewer=context.viewer, client=context.client)


@strawberry.type(description="The answer of mutations that change nothing one could select.")
class EmptyPayload(Payload):
    pass
