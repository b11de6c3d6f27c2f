"""Operations that several tests of contacts use, and the state a refusal must leave alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.core import db
from app.core.graphql.ids import decode_id
from tests.client import Person

_ERRORS = "errors { code message field retryAfter limit }"
_USER = "user { id relationship contact { id } }"
_CONTACT = f"contact {{ id nickname isFavorite isMutual addedAt {_USER} }}"
_REQUEST = "request { id state via note createdAt answeredAt from { id } to { id } }"
ADD = f"""mutation Add($userId: ID!, $nickname: String) {{
  addContact(input: {{userId: $userId, nickname: $nickname}}) {{ {_ERRORS} {_CONTACT} {_USER} {_REQUEST} }} }}"""
UPDATE = f"""mutation Update($input: UpdateContactInput!) {{
  updateContact(input: $input) {{ {_ERRORS} {_CONTACT} {_USER} }} }}"""
REMOVE = f"""mutation Remove($contactId: ID!) {{
  removeContact(input: {{contactId: $contactId}}) {{ {_ERRORS} removedContactId {_USER} }} }}"""
ASK = f"""mutation Ask($userId: ID!, $note: String) {{
  sendContactRequest(input: {{userId: $userId, note: $note}}) {{ {_ERRORS} {_REQUEST} {_CONTACT} }} }}"""
ACCEPT = f"""mutation Accept($requestId: ID!, $nickname: String) {{
  acceptContactRequest(input: {{requestId: $requestId, nickname: $nickname}}) {{
    {_ERRORS} {_CONTACT} {_USER} {_REQUEST} }} }}"""
DECLINE = f"""mutation Decline($requestId: ID!) {{
  declineContactRequest(input: {{requestId: $requestId}}) {{ {_ERRORS} {_REQUEST} }} }}"""
CANCEL = f"""mutation Cancel($requestId: ID!) {{
  cancelContactRequest(input: {{requestId: $requestId}}) {{ {_ERRORS} {_REQUEST} }} }}"""
BLOCK = f"mutation Block($userId: ID!) {{ blockUser(input: {{userId: $userId}}) {{ {_ERRORS} {_USER} }} }}"
UNBLOCK = f"mutation Unblock($userId: ID!) {{ unblockUser(input: {{userId: $userId}}) {{ {_ERRORS} {_USER} }} }}"
CONTACTS = """query Contacts($query: String, $favoritesOnly: Boolean, $first: Int = 50, $after: String) {
  viewer { contacts(query: $query, favoritesOnly: $favoritesOnly, first: $first, after: $after) {
    totalCount nodes { id nickname isFavorite isMutual user { id relationship contact { id } } }
    edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""
REQUESTS = """query Requests(
  $direction: RequestDirection!, $state: ContactRequestState = PENDING, $first: Int = 50, $after: String
) { viewer { contactRequests(direction: $direction, state: $state, first: $first, after: $after) {
    totalCount nodes { id state note from { id relationship } to { id relationship } }
    edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""
BLOCKED = """query Blocked($first: Int = 50, $after: String) {
  viewer { blockedUsers(first: $first, after: $after) {
    totalCount nodes { id relationship } edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""
EVENTS = f"""subscription Events($after: Cursor, $kinds: [EventKind!]) {{ events(after: $after, kinds: $kinds) {{
  __typename cursor
  ... on ContactRequestChanged {{ {_REQUEST} }}
  ... on ContactChanged {{ {_USER} {_CONTACT} removedContactId }}
  ... on BlockChanged {{ {_USER} blocked }} }} }}"""
USER = "query User($id: ID!) { user(id: $id) { id relationship contact { id isMutual } } }"
KINDS = ["CONTACT_REQUEST_CHANGED", "CONTACT_CHANGED", "BLOCK_CHANGED"]


def user_id(person: Person) -> UUID:
    found = decode_id("usr", person.id)
    assert found
    return found


async def relationship(person: Person, other: Person) -> str:
    return (await person.query(USER, id=other.id))["user"]["relationship"]  # type: ignore[no-any-return]


async def ask(person: Person, other: Person, note: str | None = None) -> str:
    """The id of a request that must be sent."""
    return (await person.mutate(ASK, userId=other.id, note=note))["request"]["id"]  # type: ignore[no-any-return]


async def connect(person: Person, other: Person) -> None:
    """Both are contacts of each other."""
    await ask(person, other)
    await other.mutate(ADD, userId=person.id)


async def requests_of(person: Person, direction: str, state: str = "PENDING") -> list[dict[str, Any]]:
    page = (await person.query(REQUESTS, direction=direction, state=state))["viewer"]["contactRequests"]
    assert page["totalCount"] == len(page["nodes"])
    return page["nodes"]  # type: ignore[no-any-return]


async def contacts_of(person: Person, **variables: Any) -> list[str]:
    """The people among somebody's contacts, in the order of the list."""
    page = (await person.query(CONTACTS, **variables))["viewer"]["contacts"]
    return [node["user"]["id"] for node in page["nodes"]]


async def told(person: Person, after: str, count: int) -> list[dict[str, Any]]:
    """The events of contacts since a cursor: exactly so many."""
    async with person.subscribe(EVENTS, after=after, kinds=KINDS) as stream:
        found = []
        while (event := await stream.next())["__typename"] != "CursorMoved":
            found.append(event)
        assert len(found) == count, found
        return found


async def stored(*people: Person) -> list[Any]:
    """Everything of contacts that is stored about these people, with what their streams hold."""
    found: list[Any] = []
    ids = [user_id(person) for person in people]
    for table, columns in (
        ("contact", ("owner_id", "user_id")),
        ("contact_request", ("sender_id", "recipient_id")),
        ("block", ("blocker_id", "blocked_id")),
        ("event", ("stream_id",)),
    ):
        where = " OR ".join(f"{column} = ANY($1::uuid[])" for column in columns)
        found.append(sorted(map(repr, await db.rows(f"SELECT * FROM {table} WHERE {where}", ids))))
    return found


async def pages_of(person: Person, document: str, name: str, **variables: Any) -> list[list[str]]:
    """Ids page by page, two on each."""
    pages, after = [], None
    while True:
        page = (await person.query(document, first=2, after=after, **variables))["viewer"][name]
        pages.append([node["id"] for node in page["nodes"]])
        assert [edge["node"]["id"] for edge in page["edges"]] == pages[-1]
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        if not page["pageInfo"]["hasNextPage"]:
            return pages
        after = page["pageInfo"]["endCursor"]
