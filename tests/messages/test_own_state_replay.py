"""Two devices of one person: whatever happens, their snapshot and the events since are the snapshot of now.

One device stays connected; the other comes back now and then and replays what it missed.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.client import Person
from tests.conversations.documents import ADD, LEAVE, create_group, start_direct
from tests.conversations.own import CLEAR, DELETE, SET
from tests.messages.documents import READ, send
from tests.messages.test_mark_unread import MARK_ALL, MARK_UNREAD

CONVERSATION = """fragment Seen on Conversation {
  id firstSeq lastSeq unreadCount unreadMentionCount activityAt
  settings { mutedUntil isMuted isArchived isPinned labels notificationLevel draft draftUpdatedAt }
}"""
SNAPSHOT = f"""{CONVERSATION}
query Snapshot {{ viewer {{
  eventCursor labels unread {{ badge messages mentions conversations }}
  conversations(first: 100, filter: {{archived: null}}) {{ nodes {{ ...Seen }} }}
}} }}"""
EVENTS = f"""{CONVERSATION}
subscription Own($after: Cursor) {{ events(after: $after) {{
  __typename cursor
  ... on MessageReceived {{ message {{ conversation {{ ...Seen }} }} }}
  ... on MessageDeleted {{ conversation {{ ...Seen }} }}
  ... on ConversationAdded {{ conversation {{ ...Seen }} }}
  ... on ConversationSettingsChanged {{ conversation {{ ...Seen }} viewer {{ unread {{ badge messages }} }} }}
  ... on MemberChanged {{ conversation {{ ...Seen }} }}
  ... on UnreadChanged {{ conversations {{ ...Seen }} }}
  ... on ConversationRemoved {{ conversationId }}
}} }}"""
REMOVE_MESSAGE = """mutation ($id: ID!, $scope: DeleteScope!) {
  deleteMessage(input: {messageId: $id, scope: $scope}) { errors { code } } }"""


class Device:
    """What a client keeps: the conversations of its list as last told, and its cursor."""

    def __init__(self, snapshot: dict[str, Any]) -> None:
        self.cursor = snapshot["eventCursor"]
        self.conversations = {node["id"]: node for node in snapshot["conversations"]["nodes"]}

    def take(self, event: dict[str, Any]) -> None:
        self.cursor = event["cursor"]
        told = event.get("message") or event
        for node in (told.get("conversation"), *event.get("conversations", ())):
            if node and (node["id"] in self.conversations or event["__typename"] == "ConversationAdded"):
                self.conversations[node["id"]] = node
        if event["__typename"] == "ConversationRemoved":
            self.conversations.pop(event["conversationId"], None)

    def unread(self) -> dict[str, int]:
        """The totals, from what it has."""
        nodes = self.conversations.values()
        quiet = [n for n in nodes if n["settings"]["isMuted"] or n["settings"]["isArchived"]]
        messages = sum(n["unreadCount"] for n in nodes)
        return {
            "messages": messages, "badge": messages - sum(n["unreadCount"] for n in quiet),
            "mentions": sum(n["unreadMentionCount"] for n in nodes),
            "conversations": sum(n["unreadCount"] > 0 for n in nodes),
        }  # fmt: skip


class Driver:
    """Does things at random: the person on one of their devices, and the people around them."""

    def __init__(self, chance: random.Random, own: Person, others: list[Person]) -> None:
        self.chance, self.own, self.others = chance, own, others
        self.direct = ""
        self.groups: list[str] = []
        self.left: list[str] = []
        self.sent: list[tuple[Person, str]] = []

    @property
    def places(self) -> list[str]:
        return [self.direct, *self.groups]

    async def write(self) -> None:
        place, who = self.chance.choice(self.places), self.chance.choice([self.own, *self.others[:1]])
        more = {"mentionsEveryone": True} if place != self.direct and self.chance.random() < 0.3 else {}
        self.sent.append((who, (await send(who, place, **more))["id"]))

    async def hear(self) -> None:
        self.sent.append((self.others[0], (await send(self.others[0], self.chance.choice(self.places)))["id"]))

    async def read(self) -> None:
        up_to = self.chance.choice([None, self.chance.randint(1, 20)])
        await self.own.query(READ, conversationId=self.chance.choice(self.places), upToSeq=up_to)

    async def mark_unread(self) -> None:
        await self.own.query(MARK_UNREAD, id=self.chance.choice(self.places), **{"from": self.chance.randint(1, 20)})

    async def mark_all(self) -> None:
        await self.own.mutate(MARK_ALL)

    async def set(self) -> None:
        changes: dict[str, Any] = {
            "isPinned": self.chance.random() < 0.5, "isArchived": self.chance.random() < 0.5,
            "labels": self.chance.sample(["a", "b", "c"], self.chance.randint(0, 3)),
            "mutedUntil": self.chance.choice([None, "2099-01-01T00:00:00Z"]), "draft": self.chance.choice([None, "hm"]),
            "notificationLevel": self.chance.choice(["ALL", "NONE"]),
        }  # fmt: skip
        some = {name: changes[name] for name in self.chance.sample(list(changes), 2)}
        await self.own.query(SET, input={"conversationId": self.chance.choice(self.places), **some})

    async def clear(self) -> None:
        await self.own.query(CLEAR, id=self.chance.choice(self.places))

    async def delete(self) -> None:
        await self.own.query(DELETE, id=self.direct)

    async def remove_message(self) -> None:
        if self.sent:
            who, message_id = self.chance.choice(self.sent)
            if self.chance.random() < 0.5:
                await who.query(REMOVE_MESSAGE, id=message_id, scope="FOR_EVERYONE")
            else:
                await self.own.query(REMOVE_MESSAGE, id=message_id, scope="FOR_ME")

    async def come_and_go(self) -> None:
        if self.left:
            group = self.left.pop()
            await self.others[0].mutate(ADD, conversationId=group, userIds=[self.own.id])
            self.groups.append(group)
        elif len(self.groups) > 2:
            group = self.groups.pop()
            await self.own.mutate(LEAVE, conversationId=group)
            self.left.append(group)


async def caught_up(stream: Any, device: Device, marker: str) -> None:
    """Takes events until the conversation that was started last has been told."""
    while marker not in device.conversations:
        device.take(await stream.next())


@pytest.mark.parametrize("seed", [2, 71])
async def test_snapshot_and_events_are_the_snapshot(alice, bob, carol, seed):
    driver = Driver(random.Random(seed), alice, [bob, carol])
    driver.direct = await start_direct(alice, bob)
    driver.groups = [await create_group(bob, alice, carol) for _ in range(3)]
    acts = [
        driver.write, driver.hear, driver.hear, driver.read, driver.mark_unread, driver.mark_all, driver.set,
        driver.set, driver.clear, driver.delete, driver.remove_message, driver.come_and_go,
    ]  # fmt: skip
    start = (await alice.query(SNAPSHOT))["viewer"]
    phone, tablet = Device(start), Device(start)
    async with alice.subscribe(EVENTS, after=phone.cursor) as live:
        for _ in range(5):
            for _ in range(14):
                await driver.chance.choice(acts)()
            marker = await create_group(carol, alice)
            await caught_up(live, phone, marker)
            async with alice.subscribe(EVENTS, after=tablet.cursor) as replayed:
                await caught_up(replayed, tablet, marker)
            now = (await alice.query(SNAPSHOT))["viewer"]
            expected = {node["id"]: node for node in now["conversations"]["nodes"]}
            assert phone.conversations == expected
            assert tablet.conversations == expected
            assert phone.unread() == tablet.unread() == now["unread"]
