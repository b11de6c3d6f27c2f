"""Proving again, while signed in, who one is: by the password, or by a code sent to the account's address or number."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.accounts import codes
from app.accounts.identifiers import Identifier
from app.accounts.passwords import PasswordHasher
from app.accounts.sessions import is_recently_proved, lock_user
from app.accounts.wrong_passwords import forget_wrong, is_used_up, note_wrong
from app.core import db, log
from app.core.errors import ErrorCode, UserFault
from app.core.runtime import current
from app.core.viewer import Viewer


@dataclass(slots=True, frozen=True)
class Proof:
    """What was right. A code is used up in the transaction of its effect, by `use`."""

    code: tuple[Identifier, str] | None = None

    async def use(self) -> None:
        """Inside that transaction. Raises WRONG_CODE when another request was first."""
        if self.code is not None:
            await codes.use_code(*self.code)


async def prove(viewer: Viewer, *, password: str | None, otp_code: str | None) -> Proof:
    """An account with neither password nor address nor number, which a provider signs in, has a recent sign-in instead.

    Raises INVALID when nothing proves it, WRONG_CREDENTIALS, WRONG_CODE, TOO_MANY_ATTEMPTS, RATE_LIMITED.
    """
    if password is not None:
        await check_own_password(viewer, password)
        return Proof()
    if otp_code is None:
        await _require_recent(viewer)
        return Proof()
    return Proof(await _try_code(viewer.user_id, otp_code))


async def check_own_password(viewer: Viewer, password: str, *, field: tuple[str, ...] = ("password",)) -> str | None:
    """Returns the stored hash, to be compared in the transaction of the effect. Guesses are counted whatever they are
    for. Raises WRONG_CREDENTIALS, RATE_LIMITED."""
    await current().limits.admit("reauthenticate", identifier=viewer.user_id.hex)
    account = await _account(viewer.user_id)
    stored: str | None = account["password_hash"] if account else None
    is_blocked = await is_used_up(viewer.user_id, viewer.device_id)
    verdict = await current().part(PasswordHasher).verify(password, None if is_blocked else stored)
    if not verdict.is_right:
        await note_wrong(viewer.user_id, viewer.device_id, details="password again")
        raise UserFault(ErrorCode.WRONG_CREDENTIALS, "The password is wrong.", field=field)
    await _forget(viewer)
    return stored


@db.retried
async def _account(user_id: UUID) -> db.Row | None:
    return await db.row("SELECT password_hash, email, email_key, phone_number FROM user_account WHERE id = $1", user_id)


@db.retried
async def _forget(viewer: Viewer) -> None:
    async with log.transaction():
        await lock_user(viewer.user_id)
        await forget_wrong(viewer.user_id, viewer.device_id)


async def _require_recent(viewer: Viewer) -> None:
    account = await _account(viewer.user_id)
    if account is None or any(account.values()):
        raise UserFault(ErrorCode.INVALID, "Give the password or a code.", field=("password",))
    if not await is_recently_proved(viewer.session_id):
        raise UserFault(ErrorCode.INVALID, "You signed in long ago: sign in again first.", field=("password",))


async def _try_code(user_id: UUID, code: str) -> tuple[Identifier, str]:
    """The identifier whose code it is, and the code's hash. Each guess counts for each identifier with a live code."""
    account = await _account(user_id)
    fault = codes.wrong_code()
    for identifier in _identifiers(account) if account else ():
        try:
            return identifier, await codes.try_code(identifier, code.strip()[:32])
        except UserFault as refused:
            if fault.code is not ErrorCode.TOO_MANY_ATTEMPTS:
                fault = refused
    raise UserFault(fault.code, fault.message, field=("otpCode",))


def _identifiers(account: db.Row) -> list[Identifier]:
    found = []
    if account["email_key"]:
        found.append(Identifier("email", account["email"], account["email_key"]))
    if account["phone_number"]:
        found.append(Identifier("phone", account["phone_number"], account["phone_number"]))
    return found
