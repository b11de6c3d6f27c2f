"""Changing contacts, requests and blocks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import segno
import strawberry

from app.accounts.graphql import User, show_user
from app.accounts.loaders import load_users
from app.contacts import blocking, codes, requests, service
from app.contacts.graphql.types import Contact, ContactRequest, show_contact, show_request
from app.contacts.records import ContactRequestVia, ContactRow, RequestRow
from app.core.graphql.context import Context, Info
from app.core.graphql.directives import Constraint
from app.core.graphql.ids import encode_id, known_id
from app.core.graphql.payload import Payload, mutation

_NICKNAME = "What the viewer calls them, one line of at most 100 characters; empty or null: nothing in particular."


@strawberry.input(description="Whom to ask.")
class SendContactRequestInput:
    user_id: strawberry.ID = strawberry.field(description="The person; not oneself.")
    note: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="A word with it, at most 300 characters.",
        directives=[Constraint(max_length=requests.NOTE_LENGTH)],
    )


@strawberry.input(description="Which request to accept.")
class AcceptContactRequestInput:
    request_id: strawberry.ID = strawberry.field(description="A request to the viewer.")
    nickname: str | None = strawberry.field(
        default=strawberry.UNSET, description=_NICKNAME, directives=[Constraint(max_length=service.NICKNAME_LENGTH)]
    )


@strawberry.input(description="Which request to decline.")
class DeclineContactRequestInput:
    request_id: strawberry.ID = strawberry.field(description="A request to the viewer.")


@strawberry.input(description="Which request to take back.")
class CancelContactRequestInput:
    request_id: strawberry.ID = strawberry.field(description="A request of the viewer.")


@strawberry.input(description="A new contact.")
class AddContactInput:
    user_id: strawberry.ID = strawberry.field(description="The person; not oneself.")
    nickname: str | None = strawberry.field(
        default=strawberry.UNSET, description=_NICKNAME, directives=[Constraint(max_length=service.NICKNAME_LENGTH)]
    )


@strawberry.input(description="What changes about a contact; absent fields stay.")
class UpdateContactInput:
    contact_id: strawberry.ID = strawberry.field(description="Which contact.")
    nickname: str | None = strawberry.field(
        default=strawberry.UNSET, description=_NICKNAME, directives=[Constraint(max_length=service.NICKNAME_LENGTH)]
    )
    is_favorite: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Whether it comes first in the list."
    )


@strawberry.input(description="Which contact goes.")
class RemoveContactInput:
    contact_id: strawberry.ID = strawberry.field(description="Which contact.")


@strawberry.input(description="Whom to block.")
class BlockUserInput:
    user_id: strawberry.ID = strawberry.field(description="The person; not oneself.")


@strawberry.input(description="Whom to unblock.")
class UnblockUserInput:
    user_id: strawberry.ID = strawberry.field(description="The person.")


@strawberry.type(description="The answer of mutations that give a contact.")
class ContactPayload(Payload):
    contact: Contact | None = strawberry.field(default=None, description="The contact; null when it failed.")
    user: User | None = strawberry.field(
        default=None, description="The person, whose contact and relationship are new; null when it failed."
    )
    request: ContactRequest | None = strawberry.field(default=None, description="The request this accepted, if any.")


@strawberry.type(description="The answer of mutations that change a contact request.")
class ContactRequestPayload(Payload):
    request: ContactRequest | None = strawberry.field(
        default=None, description="The request after it; null when it failed."
    )
    contact: Contact | None = strawberry.field(
        default=None, description="Set when this accepted a request of the other person: the viewer's new contact."
    )


@strawberry.type(description="The answer of removeContact.")
class RemoveContactPayload(Payload):
    removed_contact_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which contact is gone: evict it; null when it failed."
    )
    user: User | None = strawberry.field(default=None, description="Who it was; null when it failed.")


@strawberry.type(description="The answer of blockUser and unblockUser.")
class BlockPayload(Payload):
    user: User | None = strawberry.field(
        default=None, description="The person, whose relationship is new; null when it failed."
    )


@strawberry.input(description="What was scanned.")
class ScanConnectionCodeInput:
    text: str = strawberry.field(description="The text of the QR code, as createConnectionCode gave it.")


@strawberry.type(description="The answer of createConnectionCode.")
class ConnectionCodePayload(Payload):
    text: str | None = strawberry.field(
        default=None, description="Text to put in the QR code, for scanConnectionCode; null when it failed."
    )
    qr_code: str | None = strawberry.field(
        default=None, description="The QR code of it, as an SVG image; null when it failed."
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="When to ask for the next one; null when it failed."
    )


@strawberry.type
class ContactsMutation:
    @mutation(
        ConnectionCodePayload,
        description="A code that another person scans to ask the viewer to connect. It lives for"
        " limits.connectionCodeSeconds and works once: show the next one then, or when ContactRequestChanged tells of"
        " a scan. Codes: RATE_LIMITED.",
        rate_limit="connectionCode",
    )
    async def create_connection_code(self, info: Info) -> ConnectionCodePayload:
        code = await codes.create_code(info.context.require_viewer())
        image = segno.make(code.text, error="m").svg_inline(scale=4)
        return ConnectionCodePayload(text=code.text, qr_code=image, expires_at=code.expires_at)

    @mutation(
        ContactRequestPayload,
        description="Asks the person who showed a connection code to connect; the request is marked QR_CODE. Codes:"
        " WRONG_CODE (none of this server's, or used already), EXPIRED, INVALID (one's own), and those of"
        " sendContactRequest; then the code is not used up.",
        rate_limit="scanConnectionCode",
    )
    async def scan_connection_code(
        self, info: Info, input: Annotated[ScanConnectionCodeInput, strawberry.argument(description="What.")]
    ) -> ContactRequestPayload:
        return request_payload(*await codes.scan_code(info.context.require_viewer(), input.text))

    @mutation(
        ContactRequestPayload,
        description="Asks a person to connect; both get ContactRequestChanged. When they have asked the viewer, that is"
        " accepted instead. Codes: INVALID (oneself, note), TOO_LONG, NOT_FOUND, ALREADY_EXISTS (asked already, or"
        " connected), COOLDOWN (24 hours after a decline, with retryAfter), FORBIDDEN (the viewer blocks them),"
        " RATE_LIMITED.",
        rate_limit="contactRequest",
    )
    async def send_contact_request(
        self, info: Info, input: Annotated[SendContactRequestInput, strawberry.argument(description="Whom.")]
    ) -> ContactRequestPayload:
        request, contact = await requests.send_request(
            info.context.require_viewer(),
            known_id("usr", input.user_id, "userId"),
            note=input.note or None,
            via=ContactRequestVia.SEARCH,
        )
        return request_payload(request, contact)

    @mutation(
        ContactPayload,
        description="Accepts a request to the viewer: each is a contact of the other from now on, and both get"
        " ContactRequestChanged and ContactChanged. Codes: NOT_FOUND, CONFLICT (no longer open), INVALID and TOO_LONG"
        " (nickname), RATE_LIMITED.",
        rate_limit="contactChange",
    )
    async def accept_contact_request(
        self, info: Info, input: Annotated[AcceptContactRequestInput, strawberry.argument(description="Which.")]
    ) -> ContactPayload:
        request, contact = await requests.accept_request(
            info.context.require_viewer(),
            known_id("crq", input.request_id, "requestId"),
            service.check_nickname(input.nickname or None),
        )
        return ContactPayload(
            contact=show_contact(contact),
            user=await _person(info.context, contact.user_id),
            request=show_request(request),
        )

    @mutation(
        ContactRequestPayload,
        description="Declines a request to the viewer; both get ContactRequestChanged. Codes: NOT_FOUND, CONFLICT (no"
        " longer open), RATE_LIMITED.",
        rate_limit="contactChange",
    )
    async def decline_contact_request(
        self, info: Info, input: Annotated[DeclineContactRequestInput, strawberry.argument(description="Which.")]
    ) -> ContactRequestPayload:
        request_id = known_id("crq", input.request_id, "requestId")
        return request_payload(await requests.decline_request(info.context.require_viewer(), request_id))

    @mutation(
        ContactRequestPayload,
        description="Takes a request of the viewer back; both get ContactRequestChanged. Codes: NOT_FOUND, CONFLICT (no"
        " longer open), FORBIDDEN (the viewer blocks them), RATE_LIMITED.",
        rate_limit="contactChange",
    )
    async def cancel_contact_request(
        self, info: Info, input: Annotated[CancelContactRequestInput, strawberry.argument(description="Which.")]
    ) -> ContactRequestPayload:
        request_id = known_id("crq", input.request_id, "requestId")
        return request_payload(await requests.cancel_request(info.context.require_viewer(), request_id))

    @mutation(
        ContactPayload,
        description="Puts a person into the viewer's contacts, one-sided: they are not asked. An open request of theirs"
        " is accepted by it. The viewer's devices get ContactChanged; theirs too where they have the viewer (isMutual)."
        " Codes: INVALID (oneself, nickname), TOO_LONG, NOT_FOUND, ALREADY_EXISTS, LIMIT_REACHED, FORBIDDEN (the"
        " viewer blocks them), RATE_LIMITED.",
        rate_limit="contactChange",
    )
    async def add_contact(
        self, info: Info, input: Annotated[AddContactInput, strawberry.argument(description="Whom.")]
    ) -> ContactPayload:
        user_id = known_id("usr", input.user_id, "userId")
        contact, request = await service.add_contact(info.context.require_viewer(), user_id, input.nickname or None)
        return ContactPayload(
            contact=show_contact(contact),
            user=await _person(info.context, user_id),
            request=show_request(request) if request else None,
        )

    @mutation(
        ContactPayload,
        description="Changes nickname or favourite. The viewer's devices get ContactChanged. Codes: NOT_FOUND, INVALID,"
        " TOO_LONG, RATE_LIMITED.",
        rate_limit="contactChange",
    )
    async def update_contact(
        self, info: Info, input: Annotated[UpdateContactInput, strawberry.argument(description="What, of which.")]
    ) -> ContactPayload:
        keeps_favorite = input.is_favorite is strawberry.UNSET or input.is_favorite is None
        contact = await service.update_contact(
            info.context.require_viewer(),
            known_id("con", input.contact_id, "contactId"),
            nickname=service.KEEP if input.nickname is strawberry.UNSET else input.nickname or None,
            is_favorite=service.KEEP if keeps_favorite else input.is_favorite,
        )
        return ContactPayload(contact=show_contact(contact), user=await _person(info.context, contact.user_id))

    @mutation(
        RemoveContactPayload,
        description="Takes a person out of the viewer's contacts; theirs stay. The viewer's devices get ContactChanged;"
        " theirs too where they have the viewer (isMutual). Codes: NOT_FOUND, RATE_LIMITED.",
        rate_limit="contactChange",
    )
    async def remove_contact(
        self, info: Info, input: Annotated[RemoveContactInput, strawberry.argument(description="Which.")]
    ) -> RemoveContactPayload:
        contact_id = known_id("con", input.contact_id, "contactId")
        contact = await service.remove_contact(info.context.require_viewer(), contact_id)
        return RemoveContactPayload(
            removed_contact_id=strawberry.ID(encode_id("con", contact.id)),
            user=await _person(info.context, contact.user_id),
        )

    @mutation(
        BlockPayload,
        description="Blocks a person; again is fine. They are not told, and nothing answers differently: what they send"
        " to the viewer stays at one tick for ever. Nothing of it arrives here, not even after unblocking. Contacts and"
        " common groups stay as they are; their open request disappears. The viewer's devices get BlockChanged. Codes:"
        " INVALID (oneself), NOT_FOUND, RATE_LIMITED.",
        rate_limit="block",
    )
    async def block_user(
        self, info: Info, input: Annotated[BlockUserInput, strawberry.argument(description="Whom.")]
    ) -> BlockPayload:
        user_id = known_id("usr", input.user_id, "userId")
        await blocking.block_user(info.context.require_viewer(), user_id)
        return BlockPayload(user=await _person(info.context, user_id))

    @mutation(
        BlockPayload,
        description="Ends a block; without one it changes nothing. What was sent meanwhile does not arrive. The"
        " viewer's devices get BlockChanged. Codes: INVALID (oneself), NOT_FOUND, RATE_LIMITED.",
        rate_limit="block",
    )
    async def unblock_user(
        self, info: Info, input: Annotated[UnblockUserInput, strawberry.argument(description="Whom.")]
    ) -> BlockPayload:
        user_id = known_id("usr", input.user_id, "userId")
        await blocking.unblock_user(info.context.require_viewer(), user_id)
        return BlockPayload(user=await _person(info.context, user_id))


def request_payload(request: RequestRow, contact: ContactRow | None = None) -> ContactRequestPayload:
    """The answer for a request the viewer may see."""
    return ContactRequestPayload(request=show_request(request), contact=show_contact(contact) if contact else None)


async def _person(context: Context, user_id: UUID) -> User | None:
    row = await context.load(load_users, user_id)
    return show_user(row) if row else None
