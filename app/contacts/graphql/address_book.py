"""The address book in the schema: how clients hash it, and who of it is here."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from app.accounts.discovery import ALGORITHM, HashRule, hash_rule
from app.accounts.graphql import User, show_user
from app.accounts.loaders import load_users
from app.contacts.address_book import sync_contacts
from app.core.graphql.context import Info
from app.core.graphql.directives import Constraint
from app.core.graphql.extend import extends
from app.core.graphql.payload import Payload, mutation
from app.core.graphql.scalars import Base64
from app.core.graphql.server import Limits


@strawberry.type(description="How a client turns a number or an address into the key that syncContacts takes.")
class ContactHashRule:
    rule: strawberry.Private[HashRule]
    most: strawberry.Private[int]

    @strawberry.field(description="How the key is made.")
    def algorithm(self) -> str:
        return ALGORITHM

    @strawberry.field(description="The salt of now, the same for everybody.")
    def salt(self) -> Base64:
        return Base64(self.rule.salt)

    @strawberry.field(
        description="When another salt takes its place: ask again then. Keys of the old one are known as long again."
    )
    def rotates_at(self) -> datetime:
        return self.rule.rotates_at

    @strawberry.field(description="Most keys of one syncContacts; how many a day is the rate contactHashes.")
    def max_per_call(self) -> int:
        return self.most


@extends(Limits)
class LimitsContactHash:
    @strawberry.field(description="How clients hash an address book for syncContacts.")
    def contact_hash(self: Limits) -> ContactHashRule:
        return ContactHashRule(rule=hash_rule(), most=self.settings.contacts.hashes_per_call)


@strawberry.type(description="Somebody of the address book who is here.")
class ContactMatch:
    key: str = strawberry.field(description="The hash the client sent.")
    user: User = strawberry.field(description="Whose it is.")


@strawberry.type(description="The answer of syncContacts.")
class SyncContactsPayload(Payload):
    matches: list[ContactMatch] | None = strawberry.field(
        default=None, description="Who was found, in the order of the hashes; null when it failed."
    )


@strawberry.input(description="An address book, hashed.")
class SyncContactsInput:
    phone_hashes: list[str] | None = strawberry.field(
        default=strawberry.UNSET,
        description="Of phone numbers, as limits.contactHash describes; with emailHashes at most its maxPerCall.",
        directives=[Constraint(max_items=1000)],
    )
    email_hashes: list[str] | None = strawberry.field(
        default=strawberry.UNSET, description="Of e-mail addresses.", directives=[Constraint(max_items=1000)]
    )
    add_matches: bool | None = strawberry.field(
        default=False, description="Makes everybody found a contact of the viewer, as addContact does."
    )


@strawberry.type
class AddressBookMutation:
    @mutation(
        SyncContactsPayload,
        description="Who of the viewer's address book is here: those who have verified the number or address and let"
        " others find them by it (privacy.discoverableByPhone, -ByEmail; a change of these takes up to a minute to be"
        " found). Blocked people in either direction never appear. What matches nobody is not kept. Hashing keeps the"
        " address book out of logs and away from third parties, and an old call is worth nothing under another salt; it"
        " hides nothing from the operator of the server, who could try all phone numbers. The other way is usernames."
        " Codes: LIMIT_REACHED (too many hashes; no room for the matches), INVALID (no hash), RATE_LIMITED (calls; or"
        " the hashes of a day, rate contactHashes), UNAVAILABLE.",
        rate_limit="syncContacts",
    )
    async def sync_contacts(
        self, info: Info, input: Annotated[SyncContactsInput, strawberry.argument(description="The hashes.")]
    ) -> SyncContactsPayload:
        matches = await sync_contacts(
            info.context.require_viewer(),
            input.phone_hashes or [],
            input.email_hashes or [],
            add_matches=bool(input.add_matches),
        )
        people = await info.context.loader(load_users).load_many([match.user_id for match in matches])
        return SyncContactsPayload(
            matches=[
                ContactMatch(key=match.key, user=show_user(person))
                for match, person in zip(matches, people, strict=True)
                if person
            ]
        )
