"""Sends of several processes while members come and go, block, edit, read and change what others may: what the log says
in its order is what was allowed in that order."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from app.contacts.blocking import block_user, unblock_user
from app.conversations.clearing import clear_history, delete_conversation
from app.conversations.info import InfoChange, PermissionsChange, update_group
from app.conversations.members import add_members, leave_conversation, remove_member
from app.conversations.records import MemberRole
from app.core import db
from app.core.errors import UserFault
from app.core.log import PARTITIONS
from app.core.viewer import Viewer
from app.messages.editing import edit_message
from app.messages.receipts import Mark, mark_read
from app.messages.records import Draft, MessageRow
from app.messages.sending import send_batch
from app.settings_chat import ConversationSettings
from tests.messages.people import draft, make_direct, make_group, make_viewer

SEEDS = [int(seed) for seed in os.environ.get("RACE_SEEDS", "1").split(",")]
SENDERS, BATCHES, MEDDLERS, DEEDS = 4, 40, 4, 40
SETTINGS = ConversationSettings()

pytestmark = pytest.mark.usefixtures("committed")


class Crowd:
    """Six people in three groups; the first three have a direct conversation each. The first owns the groups."""

    def __init__(self) -> None:
        self.people: list[Viewer] = []
        self.groups: list[UUID] = []
        self.directs: dict[UUID, Sequence[Viewer]] = {}
        self.acked: dict[tuple[UUID, str], tuple[UUID, int]] = {}
        self.again: list[Draft] = []  # to be sent once more

    async def gather(self) -> Crowd:
        self.people = [await make_viewer() for _ in range(6)]
        self.groups = [await make_group(*self.people) for _ in range(3)]
        for a, b in ((0, 1), (0, 2), (1, 2)):
            pair = (self.people[a], self.people[b])
            self.directs[await make_direct(*pair)] = pair
        return self

    def draft(self, draw: random.Random) -> Draft:
        if self.again and draw.random() < 0.15:
            return draw.choice(self.again)
        chat = draw.choice([*self.groups, *self.directs])
        made = draft(chat, draw.choice(self.directs.get(chat, self.people)), str(draw.random()))
        if draw.random() < 0.1:
            made = replace(made, mentions_everyone=True)
        if draw.random() < 0.3:
            self.again.append(made)
        return made

    async def send(self, draw: random.Random) -> None:
        """As a process does, which knows nothing of the others."""
        for _ in range(BATCHES):
            drafts = [self.draft(draw) for _ in range(draw.choice([1, 1, 5, 20]))]
            for sent, outcome in zip(drafts, await send_batch(drafts), strict=True):
                if isinstance(outcome, MessageRow):
                    key, place = (sent.sender_id, sent.client_message_id), (outcome.id, outcome.seq)
                    assert self.acked.setdefault(key, place) == place, "another result for a repeat"

    async def meddle(self, draw: random.Random) -> None:
        for _ in range(DEEDS):
            try:
                await self._do_something(draw)
            except UserFault:
                continue

    async def _do_something(self, draw: random.Random) -> None:
        owner, group, one = self.people[0], draw.choice(self.groups), draw.choice(self.people[1:])
        direct, pair = draw.choice(list(self.directs.items()))
        mine, other = draw.sample(pair, 2)
        match draw.randrange(11):
            case 0:
                await remove_member(owner, group, one.user_id)
            case 1 | 2:
                await add_members(owner, group, [one.user_id], settings=SETTINGS)
            case 3:
                lowest = draw.choice([MemberRole.MEMBER, MemberRole.ADMIN])
                change = InfoChange(permissions=PermissionsChange(who_can_send=lowest))
                await update_group(owner, group, change, settings=SETTINGS)
            case 4:
                await block_user(mine, other.user_id)
            case 5 | 6:
                await unblock_user(mine, other.user_id)
            case 7:
                await leave_conversation(one, group)
            case 8:
                await mark_read(one, Mark(group))
            case 9:
                await draw.choice([clear_history, delete_conversation])(mine, direct)
            case 10 if self.acked:
                (author, _), (message_id, _) = draw.choice(list(self.acked.items()))
                viewer = next(v for v in self.people if v.user_id == author)
                await edit_message(viewer, message_id, str(draw.random()), ())


async def check_conversation(chat: UUID) -> None:
    (conversation,) = await db.rows("SELECT * FROM conversation WHERE id = $1", chat)
    messages = await db.rows("SELECT * FROM message WHERE conversation_id = $1 ORDER BY seq", chat)
    assert [m["seq"] for m in messages] == list(range(1, conversation["last_seq"] + 1))
    events = await db.rows(
        "SELECT position, payload FROM event WHERE stream_id = $1 AND kind = 'MESSAGE_RECEIVED' ORDER BY position", chat
    )
    assert [e["payload"]["messageId"] for e in events] == [str(m["id"]) for m in messages], "in order, each once"
    stays = await db.rows("SELECT * FROM membership WHERE stream_id = $1", chat)
    for message, event in zip(messages, events, strict=True):
        if message["kind"] == "TEXT":
            assert any(
                stay["user_id"] == message["sender_id"]
                and stay["from_position"] <= event["position"] <= (stay["to_position"] or event["position"])
                for stay in stays
            ), "somebody wrote who was not in"
    members = await db.rows("SELECT * FROM member WHERE conversation_id = $1", chat)
    assert conversation["member_count"] == sum(m["left_at"] is None for m in members)
    for member in members:
        own = [m["seq"] for m in messages if m["sender_id"] == member["user_id"] and m["kind"] == "TEXT"]
        assert max(own, default=0) <= member["read_seq"] <= member["delivered_seq"] <= conversation["last_seq"]


async def check_log() -> None:
    """No position is missing, and the heads are at the ends."""
    for head in await db.rows("SELECT partition, head, tag FROM log_partition"):
        found = await db.rows(
            "SELECT position, tag FROM event WHERE partition = $1 ORDER BY position", head["partition"]
        )
        assert [e["position"] for e in found] == list(range(found[0]["position"], head["head"] + 1))
        assert found[-1]["tag"] == head["tag"]
        assert head["partition"] < PARTITIONS


@pytest.mark.parametrize("seed", SEEDS)
async def test_the_log_holds_nothing_that_was_not_allowed_then(seed: int) -> None:
    crowd = await Crowd().gather()
    await asyncio.gather(
        *(crowd.send(random.Random(seed * 100 + n)) for n in range(SENDERS)),
        *(crowd.meddle(random.Random(seed * 100 + 50 + n)) for n in range(MEDDLERS)),
    )
    for chat in (*crowd.groups, *crowd.directs):
        await check_conversation(chat)
    await check_log()
    stored = await db.rows("SELECT sender_id, client_message_id, id, seq FROM message WHERE sender_id IS NOT NULL")
    places = {(m["sender_id"], m["client_message_id"]): (m["id"], m["seq"]) for m in stored}
    assert len(crowd.acked) > 50
    assert crowd.acked.items() <= places.items()
