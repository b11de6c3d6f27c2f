"""Devices and sessions of one's own account in the schema: renaming and revoking them."""

from __future__ import annotations

from typing import Annotated

import strawberry

from app.accounts import devices, sessions
from app.accounts.devices import NAME_LENGTH, load_devices
from app.accounts.graphql.types import Device, ViewerPayload, device_of, viewer_of
from app.core.graphql.context import Context, Info
from app.core.graphql.directives import Constraint
from app.core.graphql.ids import decode_id
from app.core.graphql.payload import Payload, mutation


@strawberry.type(description="A device of one's own after the change.")
class DevicePayload(Payload):
    device: Device | None = strawberry.field(default=None, description="As it is now; null when it failed.")


@strawberry.input(description="A device and its new name.")
class RenameDeviceInput:
    device_id: strawberry.ID = strawberry.field(description="One of the viewer's devices. NOT_FOUND for any other.")
    name: str = strawberry.field(
        description="On one line. INVALID, TOO_LONG.", directives=[Constraint(min_length=1, max_length=NAME_LENGTH)]
    )


@strawberry.input(description="The device to sign out.")
class RevokeDeviceInput:
    device_id: strawberry.ID = strawberry.field(description="One of the viewer's devices. NOT_FOUND for any other.")


@strawberry.type
class DevicesMutation:
    @mutation(
        DevicePayload,
        description="Gives one of the viewer's devices another name, until it signs in anew; the others learn it by"
        " DeviceChanged. Codes: NOT_FOUND, INVALID, TOO_LONG.",
    )
    async def rename_device(
        self, info: Info, input: Annotated[RenameDeviceInput, strawberry.argument(description="Which, and its name.")]
    ) -> DevicePayload:
        await devices.rename_device(info.context.require_viewer(), decode_id("dev", input.device_id), input.name)
        return await _device_payload(info.context, input.device_id)

    @mutation(
        DevicePayload,
        description="Signs one of the viewer's devices out: its tokens are refused at once, its sockets close within a"
        " second. One that is signed out already is no error. Code: NOT_FOUND.",
    )
    async def revoke_device(
        self, info: Info, input: Annotated[RevokeDeviceInput, strawberry.argument(description="Which.")]
    ) -> DevicePayload:
        await sessions.revoke_device(info.context.require_viewer(), decode_id("dev", input.device_id))
        return await _device_payload(info.context, input.device_id)

    @mutation(
        ViewerPayload,
        description="Signs out every device but the one that asks: their tokens are refused at once, their sockets"
        " close within a second. No codes of its own.",
    )
    async def revoke_other_sessions(self, info: Info) -> ViewerPayload:
        viewer = info.context.require_viewer()
        await sessions.revoke_other_sessions(viewer)
        return ViewerPayload(viewer=viewer_of(viewer))


async def _device_payload(context: Context, device_id: strawberry.ID) -> DevicePayload:
    found = decode_id("dev", device_id)
    row = await context.load(load_devices, found) if found else None
    return DevicePayload(device=device_of(row) if row else None)
