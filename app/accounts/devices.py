"""Devices: one row for each installation of a client, numbered 1 to 127 inside the account."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.core import db, log
from app.core.clock import new_id, now
from app.core.errors import ErrorCode, UserFault
from app.core.runtime import current
from app.core.text import check_name
from app.core.viewer import Viewer

NAME_LENGTH = 100
INSTALLATION_LENGTH = 128
HIGHEST_NUMBER = 127  # of a device id in the Signal protocol
_INSTALLATION = re.compile(r"[!-~]+")


class DevicePlatform(StrEnum):
    """What a client runs on."""

    WEB = "WEB"
    IOS = "IOS"
    ANDROID = "ANDROID"
    DESKTOP = "DESKTOP"
    CLI = "CLI"
    OTHER = "OTHER"


class DeviceChange(StrEnum):
    """What happened to a device."""

    LINKED = "LINKED"
    RENAMED = "RENAMED"
    REVOKED = "REVOKED"


@dataclass(slots=True, frozen=True)
class Installation:
    """The client that signs in, as it describes itself, checked."""

    id: str
    name: str
    platform: DevicePlatform


@dataclass(slots=True, frozen=True)
class DeviceRow:
    """A device as its owner sees it."""

    id: UUID
    user_id: UUID
    number: int
    name: str
    platform: str
    created_at: datetime
    last_seen_at: datetime


_DEVICES = "SELECT id, user_id, number, name, platform, created_at, last_seen_at FROM device WHERE id = ANY($1::uuid[])"


def check_installation(*, installation_id: str, name: str, platform: DevicePlatform) -> Installation:
    """Raises INVALID or TOO_LONG with the field."""
    field = ("device", "installationId")
    if len(installation_id) > INSTALLATION_LENGTH:
        message = f"Use at most {INSTALLATION_LENGTH} characters."
        raise UserFault(ErrorCode.TOO_LONG, message, field=field, limit=INSTALLATION_LENGTH)
    if not _INSTALLATION.fullmatch(installation_id):
        raise UserFault(ErrorCode.INVALID, "Use a random text of visible ASCII characters.", field=field)
    return Installation(installation_id, check_name(name, field=("device", "name"), limit=NAME_LENGTH), platform)


async def load_devices(ids: Sequence[UUID]) -> list[DeviceRow | None]:
    """Batch function: devices by id, in the order asked; None for an unknown one. They are their owner's to see."""
    found = await db.rows(_DEVICES, list(ids))
    devices = {r["id"]: DeviceRow(**r) for r in found}
    return [devices.get(i) for i in ids]


async def access_device(viewer: Viewer, device_id: UUID | None) -> DeviceRow:
    """One of the viewer's own devices, signed in or not. Raises NOT_FOUND for those of others too."""
    (device,) = await load_devices([device_id]) if device_id else [None]
    if device is None or device.user_id != viewer.user_id:
        raise UserFault(ErrorCode.NOT_FOUND, "You have no such device.", field=("deviceId",))
    return device


@db.retried
async def rename_device(viewer: Viewer, device_id: UUID | None, name: str) -> None:
    """Gives one of the viewer's devices another name and tells all of them. Raises NOT_FOUND, INVALID, TOO_LONG."""
    text = check_name(name, field=("name",), limit=NAME_LENGTH)
    async with log.transaction():
        device = await access_device(viewer, device_id)
        renamed = await db.execute(
            "UPDATE device SET name = $1, updated_at = $2 WHERE id = $3 AND name <> $1", text, now(), device.id
        )
        if renamed:
            record_device(viewer.user_id, device.id, DeviceChange.RENAMED)


def record_device(user_id: UUID, device_id: UUID, change: DeviceChange) -> None:
    """Inside a transaction of the log: tells the person's devices what happened to one of them."""
    payload = {"deviceId": str(device_id), "change": change.value}
    log.record(log.NewEvent(stream_id=user_id, kind="DEVICE_CHANGED", payload=payload))


async def find_device(user_id: UUID, installation_id: str) -> UUID | None:
    """The device that this installation is to the account, signed in or not."""
    sql = "SELECT id FROM device WHERE user_id = $1 AND installation_id = $2"
    found = await db.row(sql, user_id, installation_id)
    return found["id"] if found else None


async def link_device(user_id: UUID, installation: Installation) -> UUID:
    """Inside a transaction that holds the user's lock: the installation's device, made on its first sign-in.

    Raises LIMIT_REACHED when as many others are signed in as the account may have.
    """
    at, most = now(), current().settings.accounts.devices
    signed_in = await db.rows(
        "SELECT DISTINCT s.device_id FROM session s JOIN device d ON d.id = s.device_id"
        " WHERE s.user_id = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND d.installation_id <> $3",
        user_id,
        at,
        installation.id,
    )
    if len(signed_in) >= most:
        message = f"At most {most} devices can be signed in: sign one out first."
        raise UserFault(ErrorCode.LIMIT_REACHED, message, field=("device",), limit=most)
    device_id = await find_device(user_id, installation.id)
    if device_id is not None:
        await db.execute(
            "UPDATE device SET name = $1, platform = $2, last_seen_at = $3, updated_at = $3 WHERE id = $4",
            installation.name, installation.platform.value, at, device_id,
        )  # fmt: skip
        return device_id
    device_id = new_id()
    await db.execute(
        "INSERT INTO device (id, user_id, number, installation_id, name, platform, last_seen_at, created_at,"
        " updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7)",
        device_id, user_id, await _free_number(user_id), installation.id, installation.name,
        installation.platform.value, at,
    )  # fmt: skip
    return device_id


async def _free_number(user_id: UUID) -> int:
    """The lowest free number. When all are taken, the device signed out for longest gives its own up."""
    taken = await db.rows("SELECT id, number, last_seen_at FROM device WHERE user_id = $1", user_id)
    free = set(range(1, HIGHEST_NUMBER + 1)) - {r["number"] for r in taken}
    if free:
        return min(free)
    signed_in = await db.rows("SELECT device_id FROM session WHERE user_id = $1 AND ended_at IS NULL", user_id)
    busy = {r["device_id"] for r in signed_in}
    oldest = min((r for r in taken if r["id"] not in busy), key=lambda r: r["last_seen_at"], default=None)
    if oldest is None:
        raise UserFault(
            ErrorCode.LIMIT_REACHED, "This account has too many devices.", field=("device",), limit=HIGHEST_NUMBER
        )
    await db.execute("DELETE FROM device WHERE id = $1", oldest["id"])
    return int(oldest["number"])
