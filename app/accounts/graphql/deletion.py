"""Deleting the account in the schema: asking for it, taking it back, and the plan of the erasure."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from app.accounts.deletion import cancel_account_deletion, delete_account, find_scheduled_for
from app.accounts.erasure import DeletedAccountMessages, ErasurePart, load_plan
from app.accounts.graphql.types import Viewer, ViewerPayload, viewer_of
from app.core.graphql.context import Info
from app.core.graphql.directives import Constraint
from app.core.graphql.enums import described_enum
from app.core.graphql.extend import extends
from app.core.graphql.payload import Payload, mutation

described_enum(
    ErasurePart,
    "A part of an account. They are erased in this order; more may appear.",
    {
        "PROFILE": "Names, addresses, password, settings: others see a deleted account from here on.",
        "SESSIONS": "Sessions with their addresses and user agents.",
        "DEVICES": "Devices.",
        "KEYS": "Keys of devices.",
        "CONTACTS": "The address book, contact requests and blocks.",
        "MEMBERSHIPS": "Memberships: the person leaves, and groups they own get another owner.",
        "MESSAGES": "Messages they sent, anonymised or deleted as they chose.",
        "MEDIA": "Files.",
        "STATUSES": "Statuses.",
        "CALLS": "The call log.",
        "NOTIFICATIONS": "Notifications.",
        "PUSH_TARGETS": "Where pushes go.",
    },
)
described_enum(
    DeletedAccountMessages,
    "What becomes of the messages of a deleted account.",
    {
        "ANONYMIZE": "They stay with those who have them, without a sender.",
        "DELETE": "Tombstones stay, the texts are erased.",
    },
)


@strawberry.type(description="One part of the erasure of an account.")
class ErasureStep:
    part: ErasurePart = strawberry.field(description="Which.")
    item_count: int = strawberry.field(description="How many items there are to be erased, counted now.")
    is_done: bool = strawberry.field(description="Whether the erasure has done it; false before it begins.")


@extends(Viewer)
class ViewerDeletion:
    @strawberry.field(
        description="When the account will be erased: cancelAccountDeletion before then brings it back. Null when it"
        " won't."
    )
    async def deletion_scheduled_for(self: Viewer, info: Info) -> datetime | None:
        return await find_scheduled_for(self.viewer.user_id)

    @strawberry.field(
        description="What deleteAccount would erase (or will, or does), part by part in that order, and how far it is."
    )
    async def erasure_plan(self: Viewer, info: Info) -> list[ErasureStep]:
        return [
            ErasureStep(part=step.part, item_count=step.item_count, is_done=step.is_done)
            for step in await load_plan(self.viewer.user_id)
        ]


@strawberry.input(description="A proof that it is really the person, and what shall become of their messages.")
class DeleteAccountInput:
    password: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="The account's password. WRONG_CREDENTIALS.",
        directives=[Constraint(max_length=128)],
    )
    otp_code: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Without a password: a code from requestOtp with the account's e-mail or phone number. WRONG_CODE,"
        " TOO_MANY_ATTEMPTS. An account that only a provider signs in needs neither within 10 minutes of signing in.",
    )
    messages: DeletedAccountMessages | None = strawberry.field(
        default=DeletedAccountMessages.ANONYMIZE, description="What becomes of the messages the account has sent."
    )


@strawberry.type(description="The account is to be erased.")
class DeleteAccountPayload(Payload):
    scheduled_for: datetime | None = strawberry.field(
        default=None, description="Until then cancelAccountDeletion brings it back; null when it failed."
    )
    viewer: Viewer | None = strawberry.field(
        default=None, description="Oneself after it, the session has ended; null when it failed."
    )


@strawberry.type
class DeletionMutation:
    @mutation(
        DeleteAccountPayload,
        description="Has the account erased in 14 days, and ends all its sessions at once, this one too: sign in again"
        " to cancel. Repeating it keeps the date. After that it can't be undone: names, addresses, contacts and devices"
        " are erased, groups get another owner, the username can't be taken for 7 days; what others received stays as"
        " messages says. Codes: INVALID (no proof), WRONG_CREDENTIALS, WRONG_CODE, TOO_MANY_ATTEMPTS, RATE_LIMITED (5"
        " passwords in 15 minutes).",
    )
    async def delete_account(
        self, info: Info, input: Annotated[DeleteAccountInput, strawberry.argument(description="Proof and choice.")]
    ) -> DeleteAccountPayload:
        viewer = info.context.require_viewer()
        scheduled_for = await delete_account(
            viewer,
            password=input.password or None,
            otp_code=input.otp_code or None,
            messages=input.messages or DeletedAccountMessages.ANONYMIZE,
        )
        return DeleteAccountPayload(scheduled_for=scheduled_for, viewer=viewer_of(viewer))

    @mutation(
        ViewerPayload,
        description="Brings an account back that is to be erased; one that is not is no error. Codes: CONFLICT (it is"
        " being erased already).",
    )
    async def cancel_account_deletion(self, info: Info) -> ViewerPayload:
        viewer = info.context.require_viewer()
        await cancel_account_deletion(viewer)
        return ViewerPayload(viewer=viewer_of(viewer))
