"""Whatever happens in which order, also at once: a page that is kept is what `node` reads afresh, for everybody."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from random import Random

import pytest

from app.core.executor.selection import Selection
from tests.accounts.test_delete_account import erase
from tests.contacts.documents import BLOCK, UNBLOCK
from tests.conversations.documents import ADD, LEAVE, REMOVE, create_broadcast, create_group, start_direct
from tests.messages.changes import DELETE, EDIT, REACT, UNREACT
from tests.messages.documents import READ, send
from tests.messages.test_kept_pages import CLEAR, MESSAGES, NAME, TIMER

CHANGES = 60
AT_ONCE = 12
EMOJI = ("👍", "🎉")
PRIVACY = "mutation($on: Boolean!) { updatePrivacy(input: {readReceipts: $on}) { errors { code } } }"
BOTH = f"""query($id: ID!, $n: Int) {{
  kept: conversation(id: $id) {{ {MESSAGES} }}
  ticks: conversation(id: $id) {{ deliveredToAllSeq {MESSAGES} }}
  afresh: node(id: $id) {{ ... on Conversation {{ {MESSAGES} }} }} }}"""


@pytest.fixture(autouse=True)
def _executed_often(monkeypatch):
    monkeypatch.setattr(Selection, "often", 5)


class Driver:
    """Does things at random."""

    def __init__(self, seed, people, chats):
        self.random = Random(seed)
        self.people = people
        self.chats = chats
        self.sent = []

    async def step(self):
        """One change, which may be refused."""
        pick = self.random.choice
        chat = pick([*self.chats])
        one, other = self.random.choices([p for p in self.people if p in self.chats[chat]], k=2)
        kind = pick([name for name in dir(self) if name.startswith("do_")])
        with suppress(AssertionError, IndexError):
            await getattr(self, kind)(one, other, chat)

    async def do_send(self, one, _other, chat):
        sent = await send(one, chat, f"text {self.random.random()}")
        self.sent.append((chat, sent["id"]))

    do_send_too = do_send_also = do_send

    def _recent(self, chat):
        return self.random.choice([id_ for where, id_ in self.sent if where == chat][-5:])

    async def do_edit(self, one, _other, chat):
        await one.mutate(EDIT, id=self._recent(chat), text=f"edited {self.random.random()}")

    async def do_delete(self, one, _other, chat):
        await one.query(DELETE, id=self._recent(chat), scope=self.random.choice(["FOR_ME", "FOR_EVERYONE"]))

    async def do_react(self, one, _other, chat):
        await one.mutate(REACT, id=self._recent(chat), emoji=self.random.choice(EMOJI))

    do_react_too = do_react

    async def do_unreact(self, one, _other, chat):
        await one.mutate(UNREACT, id=self._recent(chat), emoji=self.random.choice(EMOJI))

    async def do_block(self, one, other, _chat):
        await one.query(self.random.choice([BLOCK, UNBLOCK]), userId=other.id)

    do_block_too = do_block

    async def do_name(self, one, _other, _chat):
        await one.query(NAME, name=self.random.choice(["One", "Another", "Third"]))

    async def do_privacy(self, one, _other, _chat):
        await one.query(PRIVACY, on=self.random.random() < 0.5)

    async def do_clear(self, one, _other, chat):
        if self.random.random() < 0.1:
            await one.query(CLEAR, id=chat)

    async def do_member(self, one, other, chat):
        if self.random.random() < 0.8:
            await one.query(ADD, conversationId=chat, userIds=[other.id])
        elif self.random.random() < 0.5:
            await one.query(REMOVE, conversationId=chat, userId=other.id)
        else:
            await other.query(LEAVE, conversationId=chat)

    async def do_read(self, one, _other, chat):
        await one.mutate(READ, conversationId=chat)

    async def do_timer(self, one, _other, chat):
        if self.random.random() < 0.1:
            await one.query(TIMER, id=chat, seconds=self.random.choice([None, 3600]))

    async def look(self):
        """Somebody opens a conversation, as a part of what others do at the same time."""
        shown = self.random.choice([2, 5, 20, 50])
        await self.random.choice(self.people).query(BOTH, id=self.random.choice([*self.chats]), n=shown)

    async def compare(self, chat):
        """All pages, while nothing happens."""
        for person in self.random.sample(self.people, len(self.people)):
            for n in (self.random.choice([1, 3, 50]), 20):
                shown = await person.query(BOTH, id=chat, n=n)
                if shown["kept"] is None:
                    assert shown["ticks"] is shown["afresh"] is None
                    continue
                assert shown["kept"]["messages"] == shown["afresh"]["messages"]
                assert shown["ticks"]["messages"] == shown["afresh"]["messages"]


@pytest.fixture
async def drive(alice, bob, carol, person):
    dave = await person("dave")
    people = [alice, bob, carol, dave]
    chats = {
        await create_group(alice, bob, carol): people,
        await start_direct(alice, bob): (alice, bob),
        await start_direct(bob, dave): (bob, dave),
        await create_broadcast(alice, bob, dave): people,
    }
    return lambda seed: Driver(seed, people, chats)


@pytest.mark.parametrize("seed", [1, 2])
async def test_one_after_the_other(drive, worker, seed):
    driver = drive(seed)
    for n in range(CHANGES):
        await driver.step()
        await driver.compare(driver.random.choice([*driver.chats]))
        if n == CHANGES // 2:
            await erase(driver.people.pop(), worker, messages=driver.random.choice(["ANONYMIZE", "DELETE"]))
    for chat in driver.chats:
        await driver.compare(chat)


async def test_at_once(drive):
    driver = drive(3)
    for _ in range(8):
        doing = [driver.step() for _ in range(AT_ONCE)] + [driver.look() for _ in range(AT_ONCE)]
        driver.random.shuffle(doing)
        await asyncio.gather(*doing)
        for chat in driver.chats:
            await driver.compare(chat)
