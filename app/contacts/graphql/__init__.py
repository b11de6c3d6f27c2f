"""Contacts in the schema: the address book, requests, blocks, finding people; and their fields on lower types."""

import app.contacts.audience
import app.contacts.erasure
import app.contacts.own_data
import app.contacts.sweep  # noqa: F401  (registered by importing)
from app.contacts.graphql.address_book import AddressBookMutation, LimitsContactHash
from app.contacts.graphql.events import BlockChanged, ContactChanged, ContactRequestChanged
from app.contacts.graphql.lists import UserConnection, UserEdge, ViewerContacts, show_people
from app.contacts.graphql.mutations import ContactsMutation
from app.contacts.graphql.queries import ContactsQuery
from app.contacts.graphql.types import Contact, ContactRequest, UserContact

__all__ = [
    "AddressBookMutation",
    "BlockChanged",
    "Contact",
    "ContactChanged",
    "ContactRequest",
    "ContactRequestChanged",
    "ContactsMutation",
    "ContactsQuery",
    "LimitsContactHash",
    "UserConnection",
    "UserContact",
    "UserEdge",
    "ViewerContacts",
    "show_people",
]
