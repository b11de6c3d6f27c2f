"""Linking a device by QR code: a new device shows one, a signed-in device scans it and confirms, the new one signs in.

Three secrets, so that seeing the screen is not enough: the text in the QR code only lets a signed-in person scan; the
new device's own secret shows it the progress; the grant, which is born with the approval, opens the session. Each works
once, each step within 60 s of the one before, by the database's time.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address
from uuid import UUID

from app.accounts.audit import AuditAction, note
from app.accounts.devices import DevicePlatform, Installation, link_device
from app.accounts.reauthentication import Proof, prove
from app.accounts.sessions import SignedIn, is_recently_proved, lock_user, note_proved, open_session, opened
from app.accounts.tokens import derive_key
from app.core import db, log
from app.core.bus import Announcement
from app.core.clock import new_id
from app.core.errors import ErrorCode, UserFault
from app.core.graphql.ids import decode_id, encode_id
from app.core.runtime import Runtime, current
from app.core.viewer import Client, Viewer

TOPIC = "device-link"
PREFIX = "lnk"
PUBLIC_KEY_BYTES = 1024  # what still fits into a QR code
PROVISIONING_BYTES = 16 * 1024
_QR_SCHEME = "parley-link:"


class DeviceLinkState(StrEnum):
    """How far a link is."""

    WAITING = "WAITING"
    SCANNED = "SCANNED"
    APPROVED = "APPROVED"
    DENIED = "DENIED"
    EXPIRED = "EXPIRED"


_USED = "USED"  # stored only: the new device has its session


@dataclass(slots=True, frozen=True)
class BegunLink:
    """What the new device gets. `secret` is its own, `qr_text` is for everybody to see."""

    id: UUID
    secret: str
    qr_text: str
    expires_at: datetime


@dataclass(slots=True, frozen=True)
class ScannedLink:
    """Who asks to be linked, as the person who scanned is shown before they confirm."""

    name: str
    platform: DevicePlatform
    ip_address: str | None
    place: str | None
    public_key: bytes | None
    expires_at: datetime
    needs_proof: bool


@dataclass(slots=True, frozen=True)
class LinkProgress:
    """What the new device is told. The grant and what the approving device gave come with APPROVED."""

    state: DeviceLinkState
    grant: str | None = None
    provisioning: bytes | None = None


# ── on the new device, signed out ─────────────────────────────────────────────────────────────────


async def begin_device_link(installation: Installation, client: Client, *, public_key: bytes | None) -> BegunLink:
    """A link that waits 60 s to be scanned. Raises TOO_LARGE for a key of over 1,024 bytes."""
    if public_key is not None and len(public_key) > PUBLIC_KEY_BYTES:
        message = f"Use at most {PUBLIC_KEY_BYTES} bytes."
        raise UserFault(ErrorCode.TOO_LARGE, message, field=("publicKey",), limit=PUBLIC_KEY_BYTES)
    link_id, secret = new_id(), secrets.token_urlsafe(32)
    key = base64.b64encode(public_key or b"").decode()
    qr_text = f"{_QR_SCHEME}{encode_id(PREFIX, link_id)}.{secrets.token_urlsafe(16)}.{key}"
    return BegunLink(link_id, secret, qr_text, await _begin(link_id, secret, qr_text, installation, client))


@db.retried
async def _begin(link_id: UUID, secret: str, qr_text: str, installation: Installation, client: Client) -> datetime:
    async with log.transaction():
        at = await db.now()
        expires_at = at + _step()
        await db.execute(
            "INSERT INTO device_link (id, qr_hash, secret_hash, installation_id, name, platform, ip_address, state,"
            " expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'WAITING', $8, $9)",
            link_id, _hash(qr_text), _hash(secret), installation.id, installation.name, installation.platform.value,
            client.ip[:45] or None, expires_at, at,
        )  # fmt: skip
        return expires_at


@db.retried
async def access_device_link(link_id: UUID, secret: str) -> float | None:
    """The seconds a link still has, for the device that holds its secret; None for anybody else."""
    link = await db.row("SELECT secret_hash, expires_at FROM device_link WHERE id = $1", link_id)
    if link is None or not hmac.compare_digest(link["secret_hash"], _hash(secret)):
        return None
    return float((link["expires_at"] - await db.now()).total_seconds())


async def read_progress(link_id: UUID) -> LinkProgress | None:
    """How far a link is now; None when there is nothing more to tell, as it has been used."""
    link = await db.row("SELECT state, provisioning, expires_at FROM device_link WHERE id = $1", link_id)
    if link is None:
        return LinkProgress(DeviceLinkState.EXPIRED)
    if link["state"] == _USED:
        return None
    if link["state"] != DeviceLinkState.DENIED and link["expires_at"] <= await db.now():
        return LinkProgress(DeviceLinkState.EXPIRED)
    state = DeviceLinkState(link["state"])
    if state is not DeviceLinkState.APPROVED:
        return LinkProgress(state)
    provisioning = base64.b64decode(link["provisioning"]) if link["provisioning"] else None
    return LinkProgress(state, current().part(Links).grant(link_id), provisioning)


async def complete_device_link(link_id: UUID | None, grant: str, client: Client) -> SignedIn:
    """Signs the new device in, once. Raises EXPIRED for a grant that is wrong, used or too old, also when the device
    that approved has been signed out meanwhile; LIMIT_REACHED above the limit of devices."""
    expected = current().part(Links).grant(link_id) if link_id else ""
    if link_id is None or not hmac.compare_digest(expected.encode(), grant.encode("utf-8", "surrogatepass")):
        raise _over(("grant",))
    return opened(await _complete(link_id, client))


@db.retried
async def _complete(link_id: UUID, client: Client) -> SignedIn:
    async with log.transaction():
        user_id = await _approver(link_id)
        if user_id is None:
            raise _over(("grant",))
        await lock_user(user_id)
        link = await _lock(link_id)
        if link is None or link["state"] != DeviceLinkState.APPROVED or await _approver(link_id) != user_id:
            raise _over(("grant",))
        await db.execute("UPDATE device_link SET state = $1, provisioning = NULL WHERE id = $2", _USED, link_id)
        installation = Installation(link["installation_id"], link["name"], DevicePlatform(link["platform"]))
        return await open_session(user_id, installation, client, how="device link", is_proved=False)


async def _approver(link_id: UUID) -> UUID | None:
    """Whose device scanned the link, as long as it is signed in: what a revoked device began ends with it."""
    found = await db.row(
        "SELECT s.user_id FROM device_link l JOIN session s ON s.id = l.session_id"
        " WHERE l.id = $1 AND s.ended_at IS NULL AND s.expires_at > $2",
        link_id,
        await db.now(),
    )
    return found["user_id"] if found else None


# ── on the signed-in device ───────────────────────────────────────────────────────────────────────


async def scan_device_link(viewer: Viewer, qr_text: str) -> ScannedLink:
    """Shows who asks, and has the new device learn that it was scanned; scanning again gives the same.

    Raises INVALID for a text that is no link code, EXPIRED for an unknown, used or old one and for one that another
    device has scanned: which it was is not told.
    """
    link_id, public_key = _parse(qr_text)
    link, seconds = await _scan(viewer, link_id, qr_text)
    current().part(Links).announce(link_id, seconds)
    return ScannedLink(
        link["name"], DevicePlatform(link["platform"]), link["ip_address"], _place(link["ip_address"]), public_key,
        link["expires_at"], not await is_recently_proved(viewer.session_id),
    )  # fmt: skip


@db.retried
async def _scan(viewer: Viewer, link_id: UUID, qr_text: str) -> tuple[db.Row, float]:
    async with log.transaction():
        link = await _lock(link_id)
        if link is None or link["qr_hash"] != _hash(qr_text):
            raise _over(("qrText",))
        at = await db.now()
        if link["state"] == DeviceLinkState.WAITING:
            # Who must prove again who they are may have to wait for a code.
            lasts = _step() if await is_recently_proved(viewer.session_id) else max(_step(), _code_lasts())
            link = {**link, "expires_at": at + lasts}
            await db.execute(
                "UPDATE device_link SET state = 'SCANNED', session_id = $1, expires_at = $2 WHERE id = $3",
                viewer.session_id, link["expires_at"], link_id,
            )  # fmt: skip
        elif link["state"] != DeviceLinkState.SCANNED or link["session_id"] != viewer.session_id:
            raise _over(("qrText",))
        return link, (link["expires_at"] - at).total_seconds()


async def approve_device_link(
    viewer: Viewer,
    qr_text: str,
    *,
    approve: bool = True,
    provisioning: bytes | None = None,
    password: str | None = None,
    otp_code: str | None = None,
) -> UUID | None:
    """The second confirmation, by the device that scanned: lets the new device in, or not. Returns the id of the
    account's new device, None when denied.

    Letting it in takes a sign-in of the last 10 minutes in this session, or a proof as for `deleteAccount`: whoever
    holds a phone that lies about, or has somebody scan a code unthinkingly, gets no device. A session that was itself
    linked is no sign-in.

    Raises INVALID, EXPIRED as `scan_device_link` (also before scanning), TOO_LARGE, LIMIT_REACHED; without a proof that
    is needed INVALID, with a wrong one WRONG_CREDENTIALS, WRONG_CODE, TOO_MANY_ATTEMPTS, RATE_LIMITED.
    """
    if provisioning is not None and len(provisioning) > PROVISIONING_BYTES:
        message = f"Use at most {PROVISIONING_BYTES} bytes."
        raise UserFault(ErrorCode.TOO_LARGE, message, field=("provisioning",), limit=PROVISIONING_BYTES)
    link_id, _ = _parse(qr_text)
    proof = None
    if approve and (password is not None or otp_code is not None):
        proof = await prove(viewer, password=password, otp_code=otp_code)
    given = provisioning if approve else None
    device_id = await _decide(viewer, link_id, qr_text, given, approve=approve, proof=proof)
    current().part(Links).announce(link_id, current().settings.accounts.device_link_seconds if approve else 0)
    return device_id


@db.retried
async def _decide(
    viewer: Viewer, link_id: UUID, qr_text: str, provisioning: bytes | None, *, approve: bool, proof: Proof | None
) -> UUID | None:
    async with log.transaction():
        await lock_user(viewer.user_id)
        link = await _lock(link_id)
        is_ours = link is not None and link["state"] == DeviceLinkState.SCANNED
        if link is None or not is_ours or link["qr_hash"] != _hash(qr_text) or link["session_id"] != viewer.session_id:
            raise _over(("qrText",))
        if not approve:
            await db.execute("UPDATE device_link SET state = 'DENIED' WHERE id = $1", link_id)
            return None
        await _require_proof(viewer, proof)
        installation = Installation(link["installation_id"], link["name"], DevicePlatform(link["platform"]))
        device_id = await link_device(viewer.user_id, installation)
        await db.execute(
            "UPDATE device_link SET state = 'APPROVED', provisioning = $1, expires_at = $2 WHERE id = $3",
            base64.b64encode(provisioning).decode() if provisioning else None, await db.now() + _step(), link_id,
        )  # fmt: skip
        subject = encode_id("dev", device_id)
        await note(viewer.user_id, AuditAction.DEVICE_LINKED, by=viewer.user_id, subject=subject)
        return device_id


async def _require_proof(viewer: Viewer, proof: Proof | None) -> None:
    if proof is not None:
        await proof.use()
        await note_proved(viewer.session_id)
    elif not await is_recently_proved(viewer.session_id):
        raise UserFault(
            ErrorCode.INVALID, "You signed in long ago: give the password or a code.", field=("password",)
        )  # fmt: skip


async def _lock(link_id: UUID) -> db.Row | None:
    """Locks the link, then reads it; None when it is unknown or its time has passed."""
    await db.rows("SELECT id FROM device_link WHERE id = $1 FOR NO KEY UPDATE", link_id)
    return await db.row(
        "SELECT qr_hash, installation_id, name, platform, ip_address, state, session_id, expires_at FROM device_link"
        " WHERE id = $1 AND expires_at > $2",
        link_id,
        await db.now(),
    )


def _parse(qr_text: str) -> tuple[UUID, bytes | None]:
    parts = qr_text.removeprefix(_QR_SCHEME).split(".", 2)
    link_id = decode_id(PREFIX, parts[0])
    if not qr_text.startswith(_QR_SCHEME) or len(qr_text) > 4096 or len(parts) < 3 or link_id is None:
        raise UserFault(ErrorCode.INVALID, "This is no code for linking a device.", field=("qrText",))
    try:
        return link_id, base64.b64decode(parts[2], validate=True) or None
    except ValueError:
        raise UserFault(ErrorCode.INVALID, "This is no code for linking a device.", field=("qrText",)) from None


def _over(field: tuple[str, ...]) -> UserFault:
    return UserFault(ErrorCode.EXPIRED, "This code no longer works: have the new device show another.", field=field)


def _step() -> timedelta:
    return timedelta(seconds=current().settings.accounts.device_link_seconds)


def _code_lasts() -> timedelta:
    return timedelta(seconds=current().settings.accounts.otp_seconds)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _place(address: str | None) -> str | None:
    """All that an address tells without a map of the world's addresses."""
    try:
        is_near = address is not None and ip_address(address).is_private
    except ValueError:
        return None
    return "Your local network" if is_near else None


# ── progress, live ────────────────────────────────────────────────────────────────────────────────


class Links:
    """A process's end of the links: makes grants, tells all processes of progress, and this one's watchers of the end
    of a link's time, which nobody announces."""

    def __init__(self, runtime: Runtime) -> None:
        self._key = derive_key(runtime.settings.secret, "device link grants")
        self._runtime = runtime
        self._ends: dict[UUID, asyncio.TimerHandle] = {}

    def grant(self, link_id: UUID) -> str:
        """The link's grant. Made with the server's key, so that it need not be stored to be shown again to a device
        whose connection was cut; it works in the state APPROVED only, once."""
        return base64.urlsafe_b64encode(hmac.digest(self._key, link_id.bytes, "sha256")).rstrip(b"=").decode()

    def announce(self, link_id: UUID, seconds: float) -> None:
        """Tells that a link moved and has so many seconds for the next step (0: it is over)."""
        announcement = Announcement(TOPIC, link_id, key="", payload={"seconds": seconds})
        self._runtime.hub.announced(announcement)
        self._runtime.bus.announce(announcement)

    def watch(self, link_id: UUID, seconds: float) -> None:
        """Somebody here follows the link: has them told when its time is over."""
        self.forget(link_id)
        self._ends[link_id] = asyncio.get_running_loop().call_later(max(seconds, 0) + 0.05, self._end, link_id)

    def hear(self, announcement: Announcement) -> None:
        """Notes that a link watched here has more time, or is over."""
        if announcement.stream_id in self._ends and (seconds := announcement.payload["seconds"]):
            self.watch(announcement.stream_id, float(seconds))
        else:
            self.forget(announcement.stream_id)

    def forget(self, link_id: UUID) -> None:
        """Watches a link no more."""
        if timer := self._ends.pop(link_id, None):
            timer.cancel()

    def close(self) -> None:
        """Forgets all, with their timers."""
        for link_id in list(self._ends):
            self.forget(link_id)

    def _end(self, link_id: UUID) -> None:
        self._ends.pop(link_id, None)
        self._runtime.hub.announced(Announcement(TOPIC, link_id, key="", payload={"seconds": 0}))
