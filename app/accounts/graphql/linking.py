"""Linking a device by QR code in the schema."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

import segno
import strawberry

from app.accounts import linking
from app.accounts.devices import DevicePlatform, load_devices
from app.accounts.graphql.devices import DevicePayload
from app.accounts.graphql.session import (
    TRANSPORT,
    DeviceInput,
    RefreshTokenTransport,
    SessionPayload,
    check_transport,
    installation_of,
    session_payload,
)
from app.accounts.graphql.types import device_of
from app.accounts.linking import PREFIX, PROVISIONING_BYTES, PUBLIC_KEY_BYTES, TOPIC, DeviceLinkState, Links
from app.core import log
from app.core.clock import new_id, now
from app.core.errors import ForbiddenError
from app.core.graphql.context import Context, Info
from app.core.graphql.directives import Constraint
from app.core.graphql.enums import described_enum
from app.core.graphql.ids import decode_id, encode_id
from app.core.graphql.payload import Payload, mutation
from app.core.graphql.scalars import Base64
from app.core.graphql.streams import EphemeralStream, ephemeral_face
from app.core.viewer import Viewer

described_enum(
    DeviceLinkState,
    "How far a device link is.",
    {
        "WAITING": "Nobody has scanned the code.",
        "SCANNED": "A signed-in device scanned it and asks its person.",
        "APPROVED": "They let the device in: call completeDeviceLink.",
        "DENIED": "They did not.",
        "EXPIRED": "Its time is over, or there is no such link: begin another.",
    },
)


@strawberry.type(description="A link that waits to be scanned, or why there is none.")
class BeginDeviceLinkPayload(Payload):
    link_id: strawberry.ID | None = strawberry.field(
        default=None, description="For deviceLinkProgress and completeDeviceLink."
    )
    secret: str | None = strawberry.field(
        default=None, description="For deviceLinkProgress. Keep it: it is not in the QR code."
    )
    qr_text: str | None = strawberry.field(default=None, description="Text to put in the QR code.")
    qr_code: str | None = strawberry.field(default=None, description="The QR code, ready to show: SVG markup.")
    expires_at: datetime | None = strawberry.field(
        default=None, description="It must be scanned until then (60 seconds)."
    )


@strawberry.type(description="Who asks to be linked. Show it, and have the person confirm that it is their device.")
class ScanDeviceLinkPayload(Payload):
    device_name: str | None = strawberry.field(default=None, description="As the new device calls itself.")
    platform: DevicePlatform | None = strawberry.field(default=None, description="What it runs on.")
    ip_address: str | None = strawberry.field(default=None, description="Where it asks from; null when unknown.")
    place: str | None = strawberry.field(
        default=None, description="Approximate, from the address; null when this server can't tell."
    )
    public_key: Base64 | None = strawberry.field(
        default=None, description="The key the new device put into its QR code; null when it put none."
    )
    needs_proof: bool = strawberry.field(
        default=False,
        description="Whether approving takes the password or a code: this device signed in more than 10 minutes ago, or"
        " was linked itself.",
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="It must be approved until then (60 seconds; 5 minutes with needsProof)."
    )


@ephemeral_face(TOPIC)
@strawberry.type(description="How far a device link is, for the device that began it.")
class DeviceLinkProgress:
    state: DeviceLinkState = strawberry.field(description="How far it is.")
    grant: str | None = strawberry.field(
        default=None, description="With APPROVED: exchange it with completeDeviceLink, which works once."
    )
    provisioning: Base64 | None = strawberry.field(
        default=None, description="As given by the approving device; the server cannot read it."
    )

    @classmethod
    async def build(cls, record: log.Event, context: Context) -> Any:
        """The state when it is rendered, so that merged announcements lose nothing."""
        progress = await linking.read_progress(record.stream_id)
        if progress is None:
            return None
        provisioning = Base64(progress.provisioning) if progress.provisioning is not None else None
        return cls(state=progress.state, grant=progress.grant, provisioning=provisioning)


@strawberry.input(description="The new device.")
class BeginDeviceLinkInput:
    device: DeviceInput = strawberry.field(description="The client that wants to sign in.")
    public_key: Base64 | None = strawberry.field(
        default=strawberry.UNSET,
        description="Of the new device, carried in the QR text: provisioning is encrypted to it. TOO_LARGE over"
        f" {PUBLIC_KEY_BYTES} bytes.",
    )


@strawberry.input(description="A scanned code.")
class ScanDeviceLinkInput:
    qr_text: str = strawberry.field(
        description="What the QR code says. INVALID, EXPIRED.", directives=[Constraint(max_length=4096)]
    )


@strawberry.input(description="The person's decision on a scanned code.")
class ApproveDeviceLinkInput:
    qr_text: str = strawberry.field(
        description="The same as scanned. INVALID, EXPIRED.", directives=[Constraint(max_length=4096)]
    )
    approve: bool | None = strawberry.field(default=True, description="False refuses the new device.")
    provisioning: Base64 | None = strawberry.field(
        default=strawberry.UNSET,
        description="Identity key and the like for the new device, encrypted to its publicKey. TOO_LARGE over"
        f" {PROVISIONING_BYTES} bytes.",
    )

    password: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="The account's password, with needsProof. WRONG_CREDENTIALS.",
        directives=[Constraint(max_length=128)],
    )
    otp_code: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Instead of it: a code from requestOtp with the account's e-mail or phone number. WRONG_CODE,"
        " TOO_MANY_ATTEMPTS.",
    )


@strawberry.input(description="The grant of an approved link.")
class CompleteDeviceLinkInput:
    link_id: strawberry.ID = strawberry.field(description="From beginDeviceLink.")
    grant: str = strawberry.field(description="From deviceLinkProgress. EXPIRED when it does not work.")
    refresh_token_transport: RefreshTokenTransport | None = TRANSPORT


@strawberry.type
class LinkingMutation:
    @mutation(
        BeginDeviceLinkPayload,
        signed_out=True,
        rate_limit="deviceLink",
        description="Called by a new, signed-out device: gives the QR code that a signed-in device scans within 60"
        " seconds. Then follow deviceLinkProgress. Codes: TOO_LARGE, RATE_LIMITED; for the device INVALID, TOO_LONG.",
    )
    async def begin_device_link(
        self, info: Info, input: Annotated[BeginDeviceLinkInput, strawberry.argument(description="The new device.")]
    ) -> BeginDeviceLinkPayload:
        begun = await linking.begin_device_link(
            installation_of(input.device), info.context.client, public_key=input.public_key or None
        )
        return BeginDeviceLinkPayload(
            link_id=strawberry.ID(encode_id(PREFIX, begun.id)),
            secret=begun.secret,
            qr_text=begun.qr_text,
            qr_code=await asyncio.to_thread(qr_svg, begun.qr_text),
            expires_at=begun.expires_at,
        )

    @mutation(
        ScanDeviceLinkPayload,
        rate_limit="deviceLink",
        description="On the signed-in device: shows who asks, for the second confirmation; progress becomes SCANNED."
        " Only the device that scanned a code first can go on with it. Codes: INVALID, EXPIRED, RATE_LIMITED.",
    )
    async def scan_device_link(
        self, info: Info, input: Annotated[ScanDeviceLinkInput, strawberry.argument(description="The code.")]
    ) -> ScanDeviceLinkPayload:
        link = await linking.scan_device_link(info.context.require_viewer(), input.qr_text)
        return ScanDeviceLinkPayload(
            device_name=link.name,
            platform=link.platform,
            ip_address=link.ip_address,
            place=link.place,
            public_key=Base64(link.public_key) if link.public_key is not None else None,
            needs_proof=link.needs_proof,
            expires_at=link.expires_at,
        )

    @mutation(
        DevicePayload,
        rate_limit="deviceLink",
        description="The second confirmation, after scanDeviceLink: lets the new device in, or refuses it (device is"
        " null then). It takes the password or a code when scanDeviceLink says needsProof; an account without both"
        " signs in anew first. All devices learn it by DeviceChanged once it has signed in. Codes: INVALID (also if a"
        " proof is missing), EXPIRED (also when this device has not scanned it), WRONG_CREDENTIALS, WRONG_CODE,"
        " TOO_MANY_ATTEMPTS, TOO_LARGE, LIMIT_REACHED (6 devices), RATE_LIMITED (5 passwords in 15 minutes).",
    )
    async def approve_device_link(
        self, info: Info, input: Annotated[ApproveDeviceLinkInput, strawberry.argument(description="The decision.")]
    ) -> DevicePayload:
        device_id = await linking.approve_device_link(
            info.context.require_viewer(),
            input.qr_text,
            approve=input.approve is not False,
            provisioning=input.provisioning or None,
            password=input.password or None,
            otp_code=input.otp_code or None,
        )
        row = await info.context.load(load_devices, device_id) if device_id else None
        return DevicePayload(device=device_of(row) if row else None)

    @mutation(
        SessionPayload,
        signed_out=True,
        rate_limit="deviceLink",
        description="On the new device: signs it in with the grant of an approved link, once. Codes: EXPIRED (wrong,"
        " used, too late, or the device that approved was signed out), LIMIT_REACHED (6 devices), RATE_LIMITED.",
    )
    async def complete_device_link(
        self, info: Info, input: Annotated[CompleteDeviceLinkInput, strawberry.argument(description="The grant.")]
    ) -> SessionPayload:
        check_transport(info.context, input.refresh_token_transport)
        link_id = decode_id(PREFIX, input.link_id)
        signed_in = await linking.complete_device_link(link_id, input.grant, info.context.client)
        return session_payload(info.context, signed_in, transport=input.refresh_token_transport)


@strawberry.type
class LinkingSubscription:
    @strawberry.subscription(
        description="For a signed-out device that showed a link code: the present state first, then each change until"
        " completeDeviceLink. Not stored: subscribe again after a cut. FORBIDDEN for a wrong linkId or secret."
    )
    async def device_link_progress(
        self,
        info: Info,
        link_id: Annotated[strawberry.ID, strawberry.argument(description="From beginDeviceLink.")],
        secret: Annotated[str, strawberry.argument(description="From beginDeviceLink.")],
    ) -> AsyncIterator[DeviceLinkProgress]:
        found = decode_id(PREFIX, link_id)
        seconds = await linking.access_device_link(found, secret) if found else None
        if found is None or seconds is None:
            raise ForbiddenError("There is no such link, or this is not its secret.")
        info.context.runtime.part(Links).watch(found, seconds)
        # The link stands for a person without conversations: its own stream is all that comes.
        follower = Viewer(found, new_id(), found, now())
        return EphemeralStream(follower, TOPIC, begins=True)  # type: ignore[return-value]


def qr_svg(text: str) -> str:
    """A QR code as SVG markup. Takes some milliseconds: run it in a thread."""
    return str(segno.make(text, micro=False, error="m", boost_error=False).svg_inline(scale=4))
