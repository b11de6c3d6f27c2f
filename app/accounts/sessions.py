"""Sessions: opened by signing in, kept alive by refreshing, ended by logging out or by a stolen token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import structlog

from app.accounts.audit import AuditAction, note
from app.accounts.devices import DeviceChange, Installation, access_device, link_device, record_device
from app.accounts.mails import notify
from app.accounts.tokens import Tokens
from app.core import db, log
from app.core.clock import new_id, now
from app.core.errors import ErrorCode, UserFault
from app.core.graphql.ids import encode_id
from app.core.runtime import current
from app.core.viewer import Client, Viewer

logger = structlog.get_logger("accounts")
USER_AGENT_LENGTH = 255


class SessionEndReason(StrEnum):
    """Why a session ends."""

    LOGGED_OUT = "LOGGED_OUT"
    DEVICE_REVOKED = "DEVICE_REVOKED"
    TOKEN_REUSED = "TOKEN_REUSED"  # noqa: S105 - a reason, not a token
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105
    SUSPENDED = "SUSPENDED"
    DISCONNECTED_BY_OPERATOR = "DISCONNECTED_BY_OPERATOR"


@dataclass(slots=True, frozen=True)
class SignedIn:
    """A session's tokens, and who they are for. `viewer.expires_at` is the access token's end."""

    viewer: Viewer
    access_token: str
    refresh_token: str
    refresh_expires_at: datetime
    is_new_user: bool = False
    replaced: tuple[UUID, ...] = ()


@dataclass(slots=True, frozen=True)
class SessionRow:
    """A live session as its owner sees it."""

    id: UUID
    user_id: UUID
    device_id: UUID
    ip_address: str | None
    user_agent: str | None
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime


_SESSIONS = (
    "SELECT id, user_id, device_id, ip_address, user_agent, created_at, last_used_at, expires_at FROM session"
    " WHERE ended_at IS NULL AND expires_at > $2"
)


# ── reading ───────────────────────────────────────────────────────────────────────────────────────


async def load_sessions(ids: Sequence[UUID]) -> list[SessionRow | None]:
    """Batch function: live sessions by id, in the order asked; None for unknown and ended ones."""
    found = await db.rows(
        f"{_SESSIONS} AND id = ANY($1::uuid[])",
        list(ids),
        now(),
    )
    sessions = {r["id"]: SessionRow(**r) for r in found}
    return [sessions.get(i) for i in ids]


async def load_sessions_of(user_ids: Sequence[UUID]) -> list[list[SessionRow]]:
    """Batch function: the live sessions of each person, the one used last first."""
    found = await db.rows(
        f"{_SESSIONS} AND user_id = ANY($1::uuid[]) ORDER BY last_used_at DESC, id DESC",
        list(user_ids),
        now(),
    )
    sessions = [SessionRow(**r) for r in found]
    return [[s for s in sessions if s.user_id == user_id] for user_id in user_ids]


# ── opening ───────────────────────────────────────────────────────────────────────────────────────


async def lock_users(user_ids: Sequence[UUID]) -> None:
    """Locks several people's rows, by key, until the end of the transaction."""
    await db.rows(
        "SELECT id FROM user_account WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE", list(user_ids)
    )


async def lock_user(user_id: UUID) -> None:
    """Inside a transaction: who signs in or out of an account does so one after another."""
    await db.rows("SELECT id FROM user_account WHERE id = $1 FOR NO KEY UPDATE", user_id)


async def open_session(
    user_id: UUID, installation: Installation, client: Client, *, how: str, is_proved: bool = True
) -> SignedIn:
    """Inside a transaction that holds the user's lock: signs an installation in, ending its earlier session. `how` is
    what the audit log says about it, `is_proved` whether the person has just proved who they are.

    Records DEVICE_CHANGED (LINKED) when the device was not signed in. Raises LIMIT_REACHED above the limit of devices.
    After the commit the caller calls `opened`.
    """
    device_id = await link_device(user_id, installation)
    earlier = await _live("device_id = $1", device_id)
    await _mark_ended(earlier, SessionEndReason.LOGGED_OUT)
    settings, tokens = current().settings.accounts, current().part(Tokens)
    session_id, at = new_id(), now()
    ends = at + timedelta(seconds=min(settings.refresh_token_seconds, settings.session_seconds))
    await db.execute(
        "INSERT INTO session (id, user_id, device_id, ip_address, user_agent, last_used_at, expires_at, created_at,"
        " updated_at, proved_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $6, $6, $8)",
        session_id, user_id, device_id, client.ip[:45] or None, _user_agent(client), at, ends,
        at if is_proved else None,
    )  # fmt: skip
    refresh_token = tokens.first_refresh(session_id)
    await _add_refresh(session_id, refresh_token, at, ends)
    await note(user_id, AuditAction.SIGNED_IN, by=user_id, subject=encode_id("dev", device_id), details=how)
    if all(s["expires_at"] <= at for s in earlier):
        record_device(user_id, device_id, DeviceChange.LINKED)
    access = tokens.issue(user_id, device_id, session_id, until=ends)
    viewer = Viewer(user_id, session_id, device_id, access.expires_at)
    return SignedIn(viewer, access.text, refresh_token, ends, replaced=tuple(s["id"] for s in earlier))


def opened(signed_in: SignedIn) -> SignedIn:
    """After the commit of `open_session`: this process needs no look-up for the new session, nor a dispatch to refuse
    the old ones."""
    tokens = current().part(Tokens)
    tokens.remember(signed_in.viewer.session_id)
    tokens.forget(signed_in.replaced)
    return signed_in


def _user_agent(client: Client) -> str | None:
    return "".join(c for c in client.user_agent if c.isprintable())[:USER_AGENT_LENGTH] or None


async def _add_refresh(session_id: UUID, token: str, at: datetime, ends: datetime) -> None:
    await db.execute(
        "INSERT INTO refresh_token (token_hash, session_id, expires_at, created_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (token_hash) DO NOTHING",
        Tokens.hash_refresh(token), session_id, ends, at,
    )  # fmt: skip


async def is_recently_proved(session_id: UUID) -> bool:
    """Whether the person signed in, or proved again who they are, in this session a moment ago."""
    found = await db.row("SELECT proved_at FROM session WHERE id = $1", session_id)
    recent = timedelta(seconds=current().settings.accounts.reauthentication_seconds)
    return found is not None and found["proved_at"] is not None and now() - found["proved_at"] < recent


async def note_proved(session_id: UUID) -> None:
    """Inside a transaction: they have just done so."""
    await db.execute("UPDATE session SET proved_at = $1 WHERE id = $2", now(), session_id)


# ── refreshing ────────────────────────────────────────────────────────────────────────────────────


async def refresh_session(refresh_token: str) -> SignedIn:
    """New tokens for a refresh token, which is used up by it.

    For 10 s more it gives the same successor, for two tabs and for lost answers. Coming back later it was stolen, by
    this caller or the one before, so the session ends. Raises EXPIRED for every token that does not work, RATE_LIMITED.
    """
    session_id, signed_in = Tokens.session_of(refresh_token), None
    if session_id:
        await current().limits.admit("refreshSession", identifier=session_id.hex)
        signed_in = await _refresh(session_id, refresh_token)
    if signed_in is None:
        raise UserFault(ErrorCode.EXPIRED, "This session is over: sign in again.", field=("refreshToken",))
    current().part(Tokens).remember(signed_in.viewer.session_id)
    return signed_in


@db.retried
async def _refresh(session_id: UUID, refresh_token: str) -> SignedIn | None:
    grace = timedelta(seconds=current().settings.accounts.refresh_grace_seconds)
    successor = current().part(Tokens).successor(refresh_token)
    async with log.transaction():
        # The device first, as signing in has it: the other way round the two deadlock.
        await db.rows(
            "SELECT id FROM device WHERE id = (SELECT device_id FROM session WHERE id = $1) FOR NO KEY UPDATE",
            session_id,
        )
        await db.rows("SELECT id FROM session WHERE id = $1 FOR NO KEY UPDATE", session_id)
        found = await db.row(
            "SELECT s.id, s.user_id, s.device_id, s.created_at, s.ended_at, s.expires_at, t.used_at FROM session s"
            " JOIN refresh_token t ON t.session_id = s.id WHERE s.id = $1 AND t.token_hash = $2",
            session_id,
            Tokens.hash_refresh(refresh_token),
        )
        at = now()
        if found is None or found["ended_at"] is not None or found["expires_at"] <= at:
            return None
        if found["used_at"] is None:
            return _signed_in(found, successor, await _rotate(found, refresh_token, successor, at=at))
        if at - found["used_at"] <= grace:
            return _signed_in(found, successor, found["expires_at"])
        await note(
            found["user_id"], AuditAction.REFRESH_TOKEN_REUSED, subject=encode_id("dev", found["device_id"])
        )  # fmt: skip
        await _end([found], SessionEndReason.TOKEN_REUSED)
        await notify(found["user_id"], "TOKEN_REUSED")
    logger.warning("refresh token reused", session_id=str(session_id), user_id=str(found["user_id"]))
    current().part(Tokens).forget([session_id])
    return None


def _signed_in(session: db.Row, refresh_token: str, ends: datetime) -> SignedIn:
    user_id, device_id, session_id = session["user_id"], session["device_id"], session["id"]
    access = current().part(Tokens).issue(user_id, device_id, session_id, until=ends)
    return SignedIn(Viewer(user_id, session_id, device_id, access.expires_at), access.text, refresh_token, ends)


async def _rotate(session: db.Row, token: str, successor: str, *, at: datetime) -> datetime:
    """Returns the session's new end: 7 days from now, but never past 90 days from its beginning."""
    settings = current().settings.accounts
    ends: datetime = min(
        at + timedelta(seconds=settings.refresh_token_seconds),
        session["created_at"] + timedelta(seconds=settings.session_seconds),
    )
    await db.execute("UPDATE refresh_token SET used_at = $1 WHERE token_hash = $2", at, Tokens.hash_refresh(token))
    await _add_refresh(session["id"], successor, at, ends)
    sql = "UPDATE session SET last_used_at = $1, expires_at = $2, updated_at = $1 WHERE id = $3"
    await db.execute(sql, at, ends, session["id"])
    await db.execute("UPDATE device SET last_seen_at = $1 WHERE id = $2", at, session["device_id"])
    return ends


# ── ending ────────────────────────────────────────────────────────────────────────────────────────


@db.retried
async def log_out(viewer: Viewer, *, all_devices: bool = False) -> None:
    """Ends the viewer's session, or all of the account. Sessions that have ended already are no error."""
    async with log.transaction():
        await lock_user(viewer.user_id)
        ended = await end_sessions(
            viewer.user_id, SessionEndReason.LOGGED_OUT, only=None if all_devices else viewer.session_id
        )
    current().part(Tokens).forget(ended)


@db.retried
async def revoke_device(viewer: Viewer, device_id: UUID | None) -> None:
    """Ends the session of one of the viewer's devices; one that is signed out already is no error. Raises NOT_FOUND."""
    async with log.transaction():
        await lock_user(viewer.user_id)
        device = await access_device(viewer, device_id)
        ending = await _live("device_id = $1", device.id)
        await _end(ending, SessionEndReason.DEVICE_REVOKED)
    current().part(Tokens).forget(s["id"] for s in ending)


@db.retried
async def revoke_other_sessions(viewer: Viewer) -> None:
    """Ends all sessions of the viewer's account but the one that asks."""
    async with log.transaction():
        await lock_user(viewer.user_id)
        ended = await end_sessions(viewer.user_id, SessionEndReason.DEVICE_REVOKED, keep=viewer.session_id)
    current().part(Tokens).forget(ended)


async def end_sessions(
    user_id: UUID, reason: SessionEndReason, *, only: UUID | None = None, keep: UUID | None = None
) -> list[UUID]:
    """Inside a transaction that holds the user's lock: ends the person's live sessions and returns their ids.

    `only` ends one, `keep` spares one. Records SESSION_ENDING for each, at which every process refuses its tokens and
    closes its sockets, and DEVICE_CHANGED (REVOKED) for its device. After the commit the caller hands the ids to
    `Tokens.forget`, so that this process needs not wait for the dispatch.
    """
    live = await _live("user_id = $1", user_id)
    ending = [s for s in live if (only is None or s["id"] == only) and s["id"] != keep]
    await _end(ending, reason)
    return [s["id"] for s in ending]


async def _live(condition: str, value: UUID) -> list[db.Row]:
    """Locks by key, then reads what is still live, as one statement would see the state from before its wait."""
    locked = await db.rows(
        f"SELECT id FROM session WHERE {condition} AND ended_at IS NULL ORDER BY id FOR NO KEY UPDATE",
        value,
    )
    return await db.rows(
        "SELECT id, user_id, device_id, expires_at FROM session WHERE id = ANY($1::uuid[]) AND ended_at IS NULL"
        " ORDER BY id",
        [r["id"] for r in locked],
    )


async def _end(sessions: Sequence[db.Row], reason: SessionEndReason) -> None:
    await _mark_ended(sessions, reason)
    for session in sessions:
        subject = encode_id("dev", session["device_id"])
        await note(session["user_id"], AuditAction.SESSION_ENDED, subject=subject, details=reason.value)
    # A device has one live session: a new sign-in ends the one before.
    for session in sessions:
        record_device(session["user_id"], session["device_id"], DeviceChange.REVOKED)


async def _mark_ended(sessions: Sequence[db.Row], reason: SessionEndReason) -> None:
    if not sessions:
        return
    await db.execute(
        "UPDATE session SET ended_at = $1, end_reason = $2, updated_at = $1 WHERE id = ANY($3::uuid[])",
        now(),
        reason.value,
        [s["id"] for s in sessions],
    )
    for session in sessions:
        payload = {
            "sessionId": str(session["id"]), "deviceId": str(session["device_id"]), "reason": reason.value,
        }  # fmt: skip
        log.record(log.NewEvent(stream_id=session["user_id"], kind="SESSION_ENDING", payload=payload))
