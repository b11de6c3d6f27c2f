"""Unread, mention and badge counts: computed at each moment, equal to a slow model whatever happened before."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.conversations.access import access_conversation
from app.conversations.members import leave_conversation
from app.core import db
from app.core.errors import UserFault
from app.core.viewer import Viewer
from app.messages import unread
from app.messages.history import PageKey, load_pages
from app.messages.marks import standing_of
from app.messages.paging import Page, PageArgs
from app.messages.receipts import Mark, mark_read
from app.messages.service import send_message
from app.messages.unread import load_first_unread, load_unread, load_unread_mentions, load_unread_totals
from tests.conftest import Engine
from tests.messages.people import make_direct, make_group, make_viewer, new
from tests.messages.rows import insert_deleted, insert_follow, insert_mention, insert_message
from tests.statements import statements

pytestmark = pytest.mark.usefixtures("committed")

PAST, FUTURE = (datetime.now(UTC) + timedelta(days=days) for days in (-1, 30))


@dataclass
class Sent:
    """A message, as the model knows it."""

    id: UUID
    seq: int
    sender: UUID | None
    is_system: bool = False
    is_gone: bool = False
    root: UUID | None = None
    mentions: set[UUID] = field(default_factory=set)
    deleted_for: set[UUID] = field(default_factory=set)


class Model:
    """Everything in lists, counted by walking them."""

    def __init__(self, members: dict[UUID, list[Viewer]]) -> None:
        self.members = members
        self.messages: dict[UUID, list[Sent]] = {id_: [] for id_ in members}
        self.unread: dict[tuple[UUID, UUID], set[int]] = {}
        self.follows: set[tuple[UUID, UUID]] = set()

    def sent(self, conversation_id: UUID, message: Sent) -> None:
        self.messages[conversation_id].append(message)
        for viewer in self.members[conversation_id]:
            self.unread.setdefault((viewer.user_id, conversation_id), set()).add(message.seq)
        if message.sender:
            self.unread[message.sender, conversation_id] = set()

    def counted(self, user_id: UUID, conversation_id: UUID) -> list[Sent]:
        """The unread of a person, as anybody would count them."""
        seqs = self.unread.get((user_id, conversation_id), set())
        return [
            m for m in self.messages[conversation_id]
            if m.seq in seqs and m.sender != user_id and not m.is_system and not m.is_gone
            and user_id not in m.deleted_for and (m.root is None or (user_id, m.root) in self.follows)
        ]  # fmt: skip

    async def check(self, people: Sequence[Viewer]) -> None:
        """The counts of everybody, everywhere, and their totals."""
        keys = [(p.user_id, id_) for id_ in self.members for p in people]
        counted = [self.counted(*key) for key in keys]
        assert await load_unread(keys) == [len(c) for c in counted]
        assert await load_unread_mentions(keys) == [
            sum(key[0] in m.mentions for m in c) for key, c in zip(keys, counted, strict=True)
        ]
        firsts = [m.seq if m else None for m in await load_first_unread(keys)]
        assert firsts == [c[0].seq if c else None for c in counted]
        for person, totals in zip(people, await load_unread_totals([p.user_id for p in people]), strict=True):
            own = [self.counted(person.user_id, id_) for id_, inside in self.members.items() if person in inside]
            assert (totals.messages, totals.badge, totals.conversations, totals.mentions) == (
                sum(map(len, own)), sum(map(len, own)), sum(map(bool, own)),
                sum(person.user_id in m.mentions for c in own for m in c),
            )  # fmt: skip


class Driver:
    """Does things at random to the conversations of a model, through the services where there are any."""

    def __init__(self, model: Model, chance: random.Random) -> None:
        self.model, self.chance = model, chance

    def pick(self) -> tuple[UUID, Viewer, Sent | None]:
        place = self.chance.choice([id_ for id_, inside in self.model.members.items() if inside])
        messages = self.model.messages[place]
        return place, self.chance.choice(self.model.members[place]), self.chance.choice(messages) if messages else None

    async def send(self, place: UUID, who: Viewer, _: Sent | None) -> None:
        sent = await send_message(who, new(place))
        self.model.sent(place, Sent(sent.id, sent.seq, who.user_id))

    async def notice(self, place: UUID, who: Viewer, _: Sent | None) -> None:
        self.model.sent(place, Sent(*await insert_message(place, None, kind="SYSTEM"), None, is_system=True))

    async def reply_in_thread(self, place: UUID, who: Viewer, root: Sent | None) -> None:
        if root:
            made = await insert_message(place, who.user_id, thread_root_id=root.id)
            self.model.sent(place, Sent(*made, who.user_id, root=root.id))

    async def follow(self, place: UUID, who: Viewer, root: Sent | None) -> None:
        if root and (who.user_id, root.id) not in self.model.follows:
            await insert_follow(who.user_id, root.id)
            self.model.follows.add((who.user_id, root.id))

    async def mention(self, place: UUID, who: Viewer, _: Sent | None) -> None:
        everyone = self.chance.random() < 0.5
        made = await insert_message(place, who.user_id, mentions_everyone=everyone)
        others = [p.user_id for p in self.model.members[place] if p is not who]
        named = self.chance.sample(others, self.chance.randint(0, len(others)))
        for user_id in named:
            await insert_mention(user_id, place, *made)
        self.model.sent(place, Sent(*made, who.user_id, mentions=set(others if everyone else named)))

    async def disappearing(self, place: UUID, who: Viewer, _: Sent | None) -> None:
        is_gone = self.chance.random() < 0.5
        made = await insert_message(place, who.user_id, expires_at=PAST if is_gone else FUTURE)
        self.model.sent(place, Sent(*made, who.user_id, is_gone=is_gone))

    async def delete_for_everyone(self, place: UUID, who: Viewer, target: Sent | None) -> None:
        if target:
            await db.execute("UPDATE message SET deleted_at = $1, text = NULL WHERE id = $2", PAST, target.id)
            target.is_gone = True

    async def delete_for_me(self, place: UUID, who: Viewer, target: Sent | None) -> None:
        if target and who.user_id not in target.deleted_for:
            await insert_deleted(who.user_id, place, target.id, target.seq)
            target.deleted_for.add(who.user_id)

    async def read(self, place: UUID, who: Viewer, target: Sent | None) -> None:
        before = {m.seq for m in self.model.counted(who.user_id, place)}
        up_to = None if target is None or self.chance.random() < 0.3 else target.seq
        seqs = self.model.unread.setdefault((who.user_id, place), set())
        self.model.unread[who.user_id, place] = {seq for seq in seqs if up_to is not None and seq > up_to}
        moved = await mark_read(who, Mark(place, up_to))
        assert moved.read == len(before - {m.seq for m in self.model.counted(who.user_id, place)})

    async def mark_unread(self, place: UUID, who: Viewer, target: Sent | None) -> None:
        row = await db.row(
            "SELECT read_seq FROM member WHERE conversation_id = $1 AND user_id = $2", place, who.user_id
        )
        assert row is not None
        if target and target.seq <= row["read_seq"]:
            await db.execute(
                "UPDATE member SET unread_from_seq = $1 WHERE conversation_id = $2 AND user_id = $3",
                target.seq, place, who.user_id,
            )  # fmt: skip
            seqs = {m.seq for m in self.model.messages[place] if m.seq >= target.seq}
            self.model.unread[who.user_id, place] = seqs

    async def leave(self, place: UUID, who: Viewer, _: Sent | None) -> None:
        inside = self.model.members[place]
        if len(inside) > 2 and self.chance.random() < 0.1:
            await leave_conversation(who, place)
            inside.remove(who)


@pytest.mark.parametrize("seed", [3, 14, 15])
async def test_counts_agree_with_a_slow_model(seed: int) -> None:
    chance = random.Random(seed)
    people = [await make_viewer() for _ in range(4)]
    groups = {
        await make_group(*people): list(people),
        await make_group(*people[:3]): people[:3],
        await make_direct(people[0], people[3]): [people[0], people[3]],
    }
    model = Model(groups)
    driver = Driver(model, chance)
    acts = [
        driver.send, driver.send, driver.send, driver.notice, driver.reply_in_thread, driver.follow, driver.mention,
        driver.disappearing, driver.delete_for_everyone, driver.delete_for_me, driver.read, driver.mark_unread,
        driver.leave,
    ]  # fmt: skip
    for step in range(120):
        await chance.choice(acts)(*driver.pick())
        if step % 6 == 5:
            await model.check(people)


async def test_hidden_messages_never_count() -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)
    await send_message(alice, new(chat))
    await insert_message(chat, alice.user_id, is_hidden=True)
    await send_message(alice, new(chat))

    assert await load_unread([(bob.user_id, chat)]) == [2]
    assert (await load_unread_totals([bob.user_id]))[0].messages == 2
    moved = await mark_read(bob, Mark(chat))
    assert moved.read == 2
    assert await load_unread([(bob.user_id, chat), (alice.user_id, chat)]) == [0, 0]


async def test_muted_and_archived_are_not_on_the_badge() -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chats = [await make_group(alice, bob) for _ in range(3)]
    for chat in chats:
        await send_message(alice, new(chat))
    await db.execute("UPDATE member SET muted_until = $1 WHERE conversation_id = $2", FUTURE, chats[0])
    await db.execute("UPDATE member SET archived_seq = 2 WHERE conversation_id = $1", chats[1])

    (totals,) = await load_unread_totals([bob.user_id])
    assert (totals.messages, totals.conversations, totals.badge) == (3, 3, 1)
    await send_message(alice, new(chats[1]))  # and so it is no longer archived
    await db.execute("UPDATE member SET muted_until = $1 WHERE conversation_id = $2", PAST, chats[0])
    (totals,) = await load_unread_totals([bob.user_id])
    assert (totals.messages, totals.conversations, totals.badge) == (4, 3, 4)


async def test_strangers_and_former_members() -> None:
    alice, bob, mallory = [await make_viewer() for _ in range(3)]
    group = await make_group(alice, bob)
    await send_message(alice, new(group))
    await leave_conversation(bob, group)
    await send_message(alice, new(group))

    assert await load_unread([(bob.user_id, group), (mallory.user_id, group)]) == [1, 0], "as it was when bob left"
    assert (await load_unread_totals([bob.user_id]))[0].messages == 0
    with pytest.raises(UserFault):
        await mark_read(mallory, Mark(group))


@pytest.mark.parametrize("count", [load_unread, load_unread_mentions, load_first_unread])
async def test_fifty_conversations_are_one_statement(count: Any) -> None:
    alice, bob = await make_viewer(), await make_viewer()
    groups = [await make_group(alice, bob) for _ in range(50)]
    async with statements() as one:
        await count([(bob.user_id, groups[0])])
    async with statements() as fifty:
        await count([(bob.user_id, group) for group in groups])
    async with statements() as totals:
        await load_unread_totals([bob.user_id, alice.user_id])

    assert (len(one), len(fifty), len(totals)) == (1, 1, 1)


async def test_counts_walk_the_partial_indexes(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """On 20,000 messages: what does not count is found in its index, however much is unread."""
    alice, bob = await make_viewer(), await make_viewer()
    group = await make_group(alice, bob)
    await db.execute("DELETE FROM message WHERE conversation_id = $1", group)  # its notice
    await _many_messages(group, alice.user_id, 20_000)
    asked: list[tuple[str, tuple[Any, ...]]] = []
    rows = db.rows

    this = asyncio.current_task()

    async def listen(sql: str, *args: Any) -> Any:
        if asyncio.current_task() is this:  # receipts and the log are read beside it
            asked.append((sql, args))
        return await rows(sql, *args)

    monkeypatch.setattr(unread.db, "rows", listen)
    assert await load_unread([(bob.user_id, group)]) == [20_000]
    assert await load_unread_mentions([(bob.user_id, group)]) == [0]
    assert (await load_unread_totals([bob.user_id]))[0].messages == 20_000
    monkeypatch.undo()
    plans = [await _plan(engine, sql, args) for sql, args in asked]

    for plan, indexes in zip(plans, (("uncounted",), ("everyone",), ("uncounted", "everyone")), strict=True):
        for index in indexes:
            assert f"idx_message_{index}" in plan, plan
        assert "Seq Scan on message " not in plan, plan
        assert "SCAN u" not in plan, plan


async def _many_messages(group: UUID, sender_id: UUID, count: int) -> None:
    made = "lpad(to_hex(n), 12, '0')" if db.is_postgres() else "printf('%012x', n)"
    series = "generate_series(1, $4::int) AS n" if db.is_postgres() else "(WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL" \
        " SELECT n + 1 FROM g WHERE n < $4) SELECT n FROM g)"  # fmt: skip
    await db.execute(
        "INSERT INTO message (id, conversation_id, seq, sender_id, kind, text, is_hidden, silent, mentions_everyone,"
        f" created_at) SELECT ($6::text || {made})::uuid, $1::uuid, n, $2::uuid, 'TEXT', 'x', $5::bool,"
        f" $5::bool, $5::bool, $3::timestamptz FROM {series}",
        group, sender_id, PAST, count, False, str(group)[:24],
    )  # fmt: skip
    await db.execute("UPDATE conversation SET last_seq = $1 WHERE id = $2", count, group)
    await db.execute("ANALYZE")


async def _plan(engine: Engine, sql: str, args: Sequence[Any]) -> str:
    """How the engine would run a statement."""
    if engine.name == "postgres":
        connection = await asyncpg.connect(engine.url)
        try:
            return "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN {sql}", *args))
        finally:
            await connection.close()
    text, values = db._for_sqlite(sql, args)
    connection = sqlite3.connect(engine.url.removeprefix("sqlite:///"))
    try:
        return "\n".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", values))
    finally:
        connection.close()


async def test_a_window_opens_at_what_counts() -> None:
    alice, bob = await make_viewer(), await make_viewer()
    chat = await make_direct(alice, bob)
    for _ in range(3):
        await send_message(alice, new(chat))
    await mark_read(bob, Mark(chat, 1))
    await db.execute("UPDATE message SET kind = 'SYSTEM' WHERE conversation_id = $1 AND seq = 2", chat)
    assert await _opened(bob, chat) == [3]
    await db.execute("UPDATE message SET kind = 'SYSTEM' WHERE conversation_id = $1 AND seq = 3", chat)
    assert await load_first_unread([(bob.user_id, chat)]) == [None]
    assert await _opened(bob, chat) == [3], "nothing is unread: at the newest"
    await db.execute("UPDATE member SET unread_from_seq = 1 WHERE conversation_id = $1 AND user_id = $2",
                     chat, bob.user_id)  # fmt: skip
    assert await _opened(bob, chat) == [1]


async def _opened(viewer: Viewer, chat: UUID) -> list[int]:
    access = await access_conversation(viewer, chat)
    assert access is not None
    standing = standing_of(access.conversation, access.member)
    (page,) = await load_pages([PageKey(standing, PageArgs(around_first_unread=True, first=0, last=0))])
    assert isinstance(page, Page)
    return [m.seq for m in page.messages]
