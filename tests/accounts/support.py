"""Documents of the sign-in mutations, and signing in with chosen values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from app.accounts.tokens import Tokens
from app.core import db
from app.core.delivery import Mail, Sms
from app.core.graphql.ids import decode_id
from app.core.jobs import KINDS
from app.core.runtime import Runtime
from app.worker import Worker
from tests.client import PASSWORD, Person, ask, signed_out
from tests.running import Server

_ERRORS = "errors { code message field retryAfter limit }"
_SESSION = (
    _ERRORS
    + " isNewUser tokens { accessToken accessExpiresAt refreshToken refreshExpiresAt }"
    + " viewer { id hasPassword email emailVerified phoneNumber phoneVerified needsProfileSetup"
    + " user { id username displayName } session { id device { id number } } devices { id number } }"
)
REGISTER = f"mutation Register($input: RegisterInput!) {{ register(input: $input) {{ {_SESSION} }} }}"
LOG_IN = f"mutation LogIn($input: LogInInput!) {{ logIn(input: $input) {{ {_SESSION} }} }}"
VERIFY_OTP = f"mutation Verify($input: VerifyOtpInput!) {{ verifyOtp(input: $input) {{ {_SESSION} }} }}"
REFRESH = f"mutation Refresh($input: RefreshSessionInput!) {{ refreshSession(input: $input) {{ {_SESSION} }} }}"
REQUEST_OTP = (
    "mutation Request($input: RequestOtpInput!)"
    f" {{ requestOtp(input: $input) {{ {_ERRORS} channel expiresAt resendAt }} }}"
)
LOG_OUT = f"mutation LogOut($input: LogOutInput!) {{ logOut(input: $input) {{ {_ERRORS} }} }}"
OWN_EVENTS = (
    "subscription Own($after: Cursor) { events(after: $after, kinds: [DEVICE_CHANGED, SESSION_ENDING])"
    " { __typename ... on DeviceChanged { deviceChange device { id number } } ... on SessionEnding { endReason } } }"
)


def device(installation: str | None = None) -> dict[str, str]:
    """A DeviceInput; a new installation unless one is named."""
    return {"name": "Firefox", "platform": "WEB", "installationId": installation or uuid4().hex}


async def call(server: Server, document: str, *, token: str | None = None, **values: Any) -> dict[str, Any]:
    """The payload of a mutation whose input has these values, signed out unless a token is given.

    The jobs it enqueued are done before it returns.
    """
    async with signed_out(server, token) as session:
        (payload,) = (await ask(session, document, **({"input": values} if "$input" in document else {}))).values()
    await do_jobs(server.runtime)
    return payload


async def do_jobs(runtime: Runtime) -> None:
    """Does everything that is due, schedules apart."""
    await Worker(runtime, [kind for kind in KINDS.values() if kind.every is None]).drain()


async def log_in(server: Server, who: Person, installation: str | None = None, **changes: str) -> dict[str, Any]:
    """The payload of logIn on a new installation, with the right values unless changed."""
    values = {"identifier": who.username, "password": PASSWORD, "device": device(installation)} | changes
    return await call(server, LOG_IN, **values)


def codes_of(payload: dict[str, Any]) -> list[str]:
    return [e["code"] for e in payload["errors"]]


def only_error(payload: dict[str, Any]) -> tuple[str, list[str] | None]:
    """Code and field of the one error of a payload that did nothing."""
    (error,) = payload["errors"]
    assert payload.get("tokens") is None
    assert payload.get("viewer") is None
    return error["code"], error["field"]


def user_uuid(person: Person) -> UUID:
    found = decode_id("usr", person.id)
    assert found
    return found


async def count(table: str, column: str, value: Any) -> int:
    found = await db.row(f"SELECT count(*) AS n FROM {table} WHERE {column} = $1", value)
    assert found
    return int(found["n"])


async def audited(user: Person | UUID) -> list[tuple[str, str | None]]:
    """Action and details of the account's audit entries, in order."""
    sql = "SELECT action, details FROM audit_entry WHERE user_id = $1 ORDER BY created_at, id"
    found = await db.rows(sql, user_uuid(user) if isinstance(user, Person) else user)
    return [(row["action"], row["details"]) for row in found]


async def prove_address(person: Person) -> None:
    """As if a code had proved the person's e-mail address before."""
    await db.execute("UPDATE user_account SET email_verified = $1 WHERE id = $2", True, user_uuid(person))


async def own_rows(person: Person) -> tuple[int, int, int]:
    """How many devices and sessions the account has, and events its stream: what a refusal must leave alone."""
    user = user_uuid(person)
    return (
        await count("device", "user_id", user),
        await count("session", "user_id", user),
        await count("event", "stream_id", user),
    )


async def age_refresh_token(token: str, used_at: Any) -> None:
    await db.execute("UPDATE refresh_token SET used_at = $1 WHERE token_hash = $2", used_at, Tokens.hash_refresh(token))


@dataclass
class Outbox:
    """Drivers that keep what they would send: `sent` are the codes (channel, to, code)."""

    mails: list[Mail] = field(default_factory=list)
    sent: list[tuple[str, str, str]] = field(default_factory=list)

    async def send_mail(self, mail: Mail) -> None:
        self.mails.append(mail)
        self._note("EMAIL", mail.to, mail.text)

    async def send_sms(self, sms: Sms) -> None:
        self._note("SMS", sms.to, sms.text)

    def _note(self, channel: str, to: str, text: str) -> None:
        if code := re.search(r"\b\d{6}\b", text):
            self.sent.append((channel, to, code[0]))

    def code_for(self, identifier: str) -> str:
        """The last code sent there."""
        return next(code for _, to, code in reversed(self.sent) if to == identifier)

    def wrong_code_for(self, identifier: str) -> str:
        """A well-formed code that is not the last one."""
        return f"{(int(self.code_for(identifier)) + 1) % 1_000_000:06}"

    def mails_to(self, address: str) -> list[Mail]:
        return [mail for mail in self.mails if mail.to == address]

    def token_for(self, address: str, path: str = "reset-password") -> str:
        """The token in the link of that kind which was mailed there last."""
        found = [re.search(rf"/{path}#token=([\w-]+)", mail.text) for mail in self.mails_to(address)]
        return [match[1] for match in found if match][-1]
