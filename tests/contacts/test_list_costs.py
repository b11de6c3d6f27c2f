"""Every list of people, requests and blocks takes as many statements for 50 rows as for one."""

from __future__ import annotations

from uuid import uuid4

from tests.client import Person
from tests.contacts.documents import ADD, ASK, BLOCK
from tests.conversations.documents import START, create_group
from tests.messages.documents import send
from tests.statements import statements

PERSON = "{ id displayName bio relationship contact { nickname isMutual } viewerCanMessage }"
LISTS = {
    "contacts": f"{{ viewer {{ page: contacts {{ totalCount nodes {{ nickname isMutual user {PERSON} }} }} }} }}",
    "sent": f"{{ viewer {{ page: contactRequests(direction: SENT) {{ totalCount nodes {{ note to {PERSON} }} }} }} }}",
    "received": "{ viewer { page: contactRequests(direction: RECEIVED) { totalCount nodes { note from "
    + PERSON
    + " } } } }",
    "blocked": f"{{ viewer {{ page: blockedUsers {{ totalCount nodes {PERSON} }} }} }}",
    "suggestions": f"{{ viewer {{ page: contactSuggestions(first: 50) {{ totalCount nodes {PERSON} }} }} }}",
    "message requests": """{ viewer { page: conversations(filter: {messageRequests: true}, first: 50) { totalCount
        nodes { title unreadCount viewerCanSend lastMessage { text sender { displayName } } } } } }""",
}


async def _reach(name: str, alice: Person, person: Person) -> None:
    """Puts the person into Alice's list."""
    match name:
        case "contacts":
            await alice.mutate(ADD, userId=person.id)
        case "sent":
            await alice.mutate(ASK, userId=person.id)
        case "received":
            await person.mutate(ASK, userId=alice.id)
        case "blocked":
            await alice.mutate(BLOCK, userId=person.id)
        case "suggestions":
            await create_group(alice, person)
        case "message requests":
            chat = (await person.mutate(START, userId=alice.id))["conversation"]["id"]
            await send(person, chat)


async def test_one_row_or_fifty(person):
    people = [await person(f"p{n}") for n in range(50)]
    for name, document in LISTS.items():
        viewer = await person("viewer")
        await _reach(name, viewer, people[0])
        async with statements() as few:
            assert (await viewer.query(document))["viewer"]["page"]["totalCount"] == 1
        for other in people[1:]:
            await _reach(name, viewer, other)
        async with statements() as many:
            page = (await viewer.query(document))["viewer"]["page"]
        assert (page["totalCount"], len(page["nodes"])) == (50, 50), name
        assert len(many) == len(few), (name, many)


async def test_found_people_and_common_groups(alice, bob, person):
    one_word, word = uuid4().hex, uuid4().hex
    await person("one", displayName=one_word)
    for n in range(50):
        await person(f"p{n}", displayName=f"{word} {n}")
    search = f"query ($text: String!) {{ page: searchUsers(query: $text, first: 50) {{ totalCount nodes {PERSON} }} }}"
    async with statements() as few:
        assert (await alice.query(search, text=one_word))["page"]["totalCount"] == 1
    async with statements() as many:
        assert len((await alice.query(search, text=word))["page"]["nodes"]) == 50
    assert len(many) == len(few), many

    groups = """query ($id: ID!) { user(id: $id) { commonGroups(first: 50) {
      totalCount nodes { id title memberCount unreadCount } } } }"""
    await create_group(alice, bob)
    async with statements() as few:
        assert (await alice.query(groups, id=bob.id))["user"]["commonGroups"]["totalCount"] == 1
    for _ in range(49):
        await create_group(alice, bob)
    async with statements() as many:
        assert len((await alice.query(groups, id=bob.id))["user"]["commonGroups"]["nodes"]) == 50
    assert len(many) == len(few), many
