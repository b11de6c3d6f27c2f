"""What accounts add to a copy of somebody's data, and the end of such copies with the account."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from app.accounts.audit import list_entries
from app.accounts.devices import load_devices
from app.accounts.erasure import Erasure, ErasurePart, erases
from app.accounts.exports import Lines, delete_exports, exports
from app.accounts.loaders import load_accounts, load_users
from app.accounts.oauth import load_linked_providers
from app.accounts.privacy import load_privacy
from app.accounts.sessions import load_sessions_of
from app.accounts.two_factor import load_has_two_factor
from app.core import db
from app.core.graphql.ids import encode_id
from app.core.text import camel_case

_PAGE = 500


@exports("viewer")
async def _viewer(user_id: UUID) -> Lines:
    (person,), (account,), (privacy,) = (
        await load_users([user_id]), await load_accounts([user_id]), await load_privacy([user_id])
    )  # fmt: skip
    created_at = (await db.rows("SELECT created_at FROM user_account WHERE id = $1", user_id))[0]["created_at"]
    (has_two_factor,), (providers,) = await load_has_two_factor([user_id]), await load_linked_providers([user_id])
    if person is None or account is None:
        return
    yield {
        "__typename": "Viewer", "id": encode_id("vwr", user_id), "email": account.email,
        "emailVerified": account.email_verified, "phoneNumber": account.phone_number,
        "phoneVerified": account.phone_verified, "gender": account.gender, "role": account.role,
        "hasPassword": account.has_password, "twoFactorEnabled": has_two_factor, "linkedProviders": providers,
        "user": {
            "__typename": "User", "id": encode_id("usr", user_id), "username": person.username,
            "displayName": person.display_name, "bio": person.bio,
            "avatar": {"__typename": "Media", "id": encode_id("med", person.avatar_id)} if person.avatar_id else None,
        },
        "privacy": {camel_case(name): value for name, value in asdict(privacy).items()},
        "createdAt": created_at,
    }  # fmt: skip


@exports("devices")
async def _devices(user_id: UUID) -> Lines:
    found = await db.rows("SELECT id FROM device WHERE user_id = $1 ORDER BY number", user_id)
    for device in await load_devices([row["id"] for row in found]):
        if device is not None:
            yield {
                "__typename": "Device", "id": encode_id("dev", device.id), "number": device.number,
                "name": device.name, "platform": device.platform, "createdAt": device.created_at,
                "lastSeenAt": device.last_seen_at,
            }  # fmt: skip


@exports("sessions")
async def _sessions(user_id: UUID) -> Lines:
    for session in (await load_sessions_of([user_id]))[0]:
        yield {
            "__typename": "Session", "id": encode_id("ses", session.id),
            "device": {"__typename": "Device", "id": encode_id("dev", session.device_id)},
            "ipAddress": session.ip_address, "userAgent": session.user_agent, "createdAt": session.created_at,
            "lastUsedAt": session.last_used_at, "expiresAt": session.expires_at,
        }  # fmt: skip


@exports("auditLog")
async def _audit_log(user_id: UUID) -> Lines:
    after = None
    while page := await list_entries(user_id, _PAGE, after=after):
        for entry in page[:_PAGE]:
            yield {
                "__typename": "AuditEntry", "id": encode_id("aud", entry.id), "action": entry.action,
                "subject": {"id": entry.subject} if entry.subject else None,
                "ipAddress": entry.ip_address, "requestId": entry.request_id, "details": entry.details,
                "createdAt": entry.created_at,
            }  # fmt: skip
        if len(page) <= _PAGE:
            return
        after = (page[_PAGE - 1].created_at, page[_PAGE - 1].id)


async def _count_exports(user_id: UUID) -> int:
    row = await db.row("SELECT count(*) AS n FROM data_export WHERE user_id = $1", user_id)
    return int(row["n"]) if row else 0


@erases(ErasurePart.PROFILE, count=_count_exports)
async def _erase_exports(erasure: Erasure) -> int:
    return await delete_exports(erasure.user_id)
