"""A blocked person's view never differs from that of somebody who simply gets no answer.

The same random life is lived twice. In one world Bob blocks Alice at some moment and goes on doing things; in the other
he does nothing from that moment on, but take back what he wrote. Whatever Alice does then, she must see the same in
both, and be told the same.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.client import Person
from tests.contacts.documents import ACCEPT, ADD, ASK, BLOCK, CANCEL, DECLINE, REMOVE, UPDATE, USER, requests_of
from tests.conversations.documents import ANSWER, START
from tests.conversations.test_disappearing_timer import SET as TIMER
from tests.messages.changes import DELETE, EDIT, PIN, REACT, UNPIN, UNREACT
from tests.messages.documents import DELIVERED, READ, SEND, message
from tests.presence.test_typing_changed import SET

VIEW = """query View($other: ID!) {
  user(id: $other) { displayName bio relationship contact { nickname isMutual isFavorite } viewerCanMessage }
  directConversation(userId: $other) {
    title isMessageRequest lastSeq firstSeq memberCount unreadCount deliveredToAllSeq readByAllSeq
    viewerCanSend viewerSendRefusal
    typing { activity } lastMessage { text }
    disappearingSeconds
    pinnedMessages { nodes { text } }
    members { nodes { role deliveredSeq readSeq user { displayName } } }
  }
  viewer {
    conversations { totalCount nodes { title lastMessage { text } } }
    requests: conversations(filter: {messageRequests: true}) { totalCount nodes { title lastMessage { text } } }
    unread { messages conversations messageRequests }
    contacts { totalCount nodes { nickname isMutual user { displayName } } }
    sent: contactRequests(direction: SENT) { totalCount nodes { state note via } }
    declined: contactRequests(direction: SENT, state: DECLINED) { totalCount }
    accepted: contactRequests(direction: SENT, state: ACCEPTED) { totalCount }
    received: contactRequests(direction: RECEIVED) { totalCount nodes { state note via } }
    blockedUsers { totalCount }
  }
}"""
HISTORY = """query History($other: ID!) { directConversation(userId: $other) {
  messages(last: 60) { nodes {
    seq kind text deliveryState sender { displayName } replyTo { text } systemNotice { kind } isPinned
    revisions { text } reactions { emoji count viewerHasReacted users(first: 1) { nodes { displayName } } }
    viewerCanEdit viewerCanReact viewerCanPin viewerCanDeleteForEveryone
  } }
} }"""
TEXTS = """query ($id: ID!) {
  conversation(id: $id) { messages(last: 100) { nodes { id kind sender { id } } } } }"""
UPDATE_PROFILE = "mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { errors { code } } }"
HEARD = """subscription Heard($after: Cursor) { events(after: $after) {
  __typename
  ... on MessageReceived { message { seq text deliveryState } }
  ... on MessageEdited { message { seq text revisions { text } } }
  ... on MessageDeleted { seq tombstone { text } }
  ... on ReactionChanged { message { seq reactions { emoji count } } emoji added actor { displayName } }
  ... on MessagePinned { message { seq text } pinned: isPinned actor { displayName } }
  ... on ConversationChanged { conversation { disappearingSeconds } }
  ... on ConversationAdded { conversation { title } }
  ... on ConversationRemoved { reason }
  ... on ContactRequestChanged { request { state note } }
  ... on ContactChanged { contact { isMutual nickname } }
} }"""


@dataclass
class World:
    """Alice and Bob, and whether Bob has blocked her."""

    alice: Person
    bob: Person
    answers: list[Any] = field(default_factory=list)

    async def view(self) -> dict[str, Any]:
        history = await self.alice.query(HISTORY, other=self.bob.id)
        return {"history": history, **await self.alice.query(VIEW, other=self.bob.id)}

    async def call(self, person: Person, document: str, **variables: Any) -> None:
        """Runs a mutation, whatever comes of it; Alice's answers are part of what she sees."""
        (payload,) = (await person.query(document, **variables)).values()
        if person is self.alice:
            self.answers.append([error["code"] for error in payload["errors"]])

    def other(self, person: Person) -> Person:
        return self.bob if person is self.alice else self.alice

    async def chat(self, person: Person) -> str | None:
        found = await person.query(
            "query ($id: ID!) { directConversation(userId: $id) { id } }", id=self.other(person).id
        )
        return found["directConversation"]["id"] if found["directConversation"] else None


Step = Callable[[World, Person, str], Awaitable[None]]


async def start(world: World, who: Person, key: str) -> None:
    await world.call(who, START, userId=world.other(who).id)


async def send(world: World, who: Person, key: str) -> None:
    if chat := await world.chat(who):
        await world.call(who, SEND, input=message(chat, f"message {key}"))


async def read(world: World, who: Person, key: str) -> None:
    if chat := await world.chat(who):
        await world.call(who, READ, conversationId=chat)


async def deliver(world: World, who: Person, key: str) -> None:
    if chat := await world.chat(who):
        await world.call(who, DELIVERED, marks=[{"conversationId": chat, "upToSeq": 1000}])


async def one_of(world: World, who: Person, key: str, *, own: bool) -> str | None:
    """A message of the chat, chosen by the key."""
    chat = await world.chat(who)
    if chat is None:
        return None
    found = (await who.query(TEXTS, id=chat))["conversation"]["messages"]["nodes"]
    ids = [m["id"] for m in found if m["kind"] == "TEXT" and (not own or m["sender"]["id"] == who.id)]
    return ids[ord(key) % len(ids)] if ids else None


async def edit(world: World, who: Person, key: str) -> None:
    if target := await one_of(world, who, key, own=True):
        await world.call(who, EDIT, id=target, text=f"edited {key}")


async def delete(world: World, who: Person, key: str) -> None:
    if target := await one_of(world, who, key, own=True):
        await world.call(who, DELETE, id=target, scope="FOR_EVERYONE")


async def react(world: World, who: Person, key: str) -> None:
    if target := await one_of(world, who, key, own=False):
        await world.call(who, REACT, id=target, emoji="👍" if key < "m" else "❤️")


async def unreact(world: World, who: Person, key: str) -> None:
    if target := await one_of(world, who, key, own=False):
        await world.call(who, UNREACT, id=target, emoji="👍" if key < "m" else "❤️")


async def pin(world: World, who: Person, key: str) -> None:
    if target := await one_of(world, who, key, own=False):
        await world.call(who, PIN, id=target)


async def unpin(world: World, who: Person, key: str) -> None:
    if target := await one_of(world, who, key, own=False):
        await world.call(who, UNPIN, id=target)


async def set_timer(world: World, who: Person, key: str) -> None:
    if chat := await world.chat(who):
        await world.call(who, TIMER, conversationId=chat, seconds=None if key < "c" else 86400 * ord(key))


async def type_(world: World, who: Person, key: str) -> None:
    if chat := await world.chat(who):
        await world.call(who, SET, id=chat)


async def ask(world: World, who: Person, key: str) -> None:
    await world.call(who, ASK, userId=world.other(who).id, note=f"note {key}")


async def answer(world: World, who: Person, key: str) -> None:
    for request in await requests_of(who, "RECEIVED"):
        await world.call(who, ACCEPT if key < "m" else DECLINE, requestId=request["id"])


async def answer_message(world: World, who: Person, key: str) -> None:
    if chat := await world.chat(who):
        await world.call(who, ANSWER, conversationId=chat, answer={"a": "DELETE", "x": "BLOCK"}.get(key, "ACCEPT"))


async def rename(world: World, who: Person, key: str) -> None:
    await world.call(who, UPDATE_PROFILE, input={"displayName": f"{key} {who.username[:3]}", "bio": f"bio {key}"})


async def cancel(world: World, who: Person, key: str) -> None:
    for request in await requests_of(who, "SENT"):
        await world.call(who, CANCEL, requestId=request["id"])


async def add(world: World, who: Person, key: str) -> None:
    await world.call(who, ADD, userId=world.other(who).id)


async def change(world: World, who: Person, key: str) -> None:
    if contact := (await who.query(USER, id=world.other(who).id))["user"]["contact"]:
        if key < "m":
            await world.call(who, UPDATE, input={"contactId": contact["id"], "nickname": f"nick {key}"})
        else:
            await world.call(who, REMOVE, contactId=contact["id"])


STEPS: tuple[Step, ...] = (
    start, start, send, send, read, read, deliver, type_, ask, ask, answer, answer_message, rename, cancel, add, change,
    send, edit, edit, delete, react, unreact, pin, unpin, set_timer,
)  # fmt: skip
# What whoever blocks takes back is gone for both: nothing new, but nothing that a block keeps.
BOTH = (delete, unreact)


async def heard(person: Person, after: str) -> list[dict[str, Any]]:
    async with person.subscribe(HEARD, after=after) as stream:
        found = []
        while (event := await stream.next())["__typename"] != "CursorMoved":
            found.append(event)
        return found


def told(events: list[dict[str, Any]]) -> list[str]:
    """Events in an order that two logs share: streams of a person and of a conversation lie in any two partitions."""
    return sorted(map(repr, events))


@pytest.mark.parametrize("seed", [*range(10), 100])
async def test_no_answer_and_a_block_look_the_same(person, seed):
    dice = random.Random(seed)
    worlds = [World(await person("alice"), await person("bob")) for _ in range(2)]
    blocking, silent = worlds
    if seed % 2:  # they know each other: a chat with something unread, contacts of each other
        for step, name in ((start, "alice"), (send, "bob"), (send, "alice"), (add, "alice"), (add, "bob")):
            for world in worlds:
                await step(world, getattr(world, name), "a")
    for _ in range(6 if seed % 2 else 0):
        step, who, key = dice.choice(STEPS), dice.choice(("alice", "bob")), dice.choice("abcxyz")
        if step is type_:  # it dies at another instant in each world
            continue
        for world in worlds:
            await step(world, getattr(world, who), key)
    assert await blocking.view() == await silent.view(), "the worlds are alike before the block"
    cursors = [await world.alice.cursor() for world in worlds]
    for world in worlds:
        world.answers.clear()
    await blocking.bob.mutate(BLOCK, userId=blocking.alice.id)

    trace = []
    for number in range(48):
        step, key = dice.choice(STEPS), dice.choice("abcxyz")
        if dice.random() < 0.5:
            for world in worlds if step in BOTH else worlds[:1]:
                await step(world, world.bob, key)
            trace.append(f"bob {step.__name__}")
        else:
            for world in worlds:
                await step(world, world.alice, key)
            trace.append(f"alice {step.__name__}")
        if number % 4 == 0:
            assert await blocking.view() == await silent.view(), trace
    assert await blocking.view() == await silent.view(), trace
    assert blocking.answers == silent.answers, trace
    assert told(await heard(blocking.alice, cursors[0])) == told(await heard(silent.alice, cursors[1])), trace
