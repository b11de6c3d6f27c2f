"""Two worlds of the same people and conversations under other ids: what happens in one can be compared with the other.

Everything is written straight into the tables, so that every state may be that the checks of a send look at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

from app.core import db
from app.core.clock import new_id
from app.messages.records import Draft

PEOPLE = 5
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class World:
    """People and conversations by number, drawn by `random`; `shown` names ids and times as both worlds do."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.strange = random.choice([0.01, 0.03, 0.1])  # how rare what is rare is
        self.people: list[UUID] = []
        self.chats: list[UUID] = []
        self.among: dict[UUID, Sequence[UUID]] = {}
        self.names: dict[object, str] = {}

    def rarely(self) -> bool:
        return self.random.random() < self.strange

    def name(self, value: Any, name: str) -> Any:
        self.names[value] = self.names[str(value)] = name
        return value

    async def build(self) -> World:
        for n in range(PEOPLE):
            self.people.append(await self._person(n))
        for a in self.people:
            for b in self.people:
                if a is not b and self.rarely():
                    await _insert("block", id=new_id(), blocker_id=a, blocked_id=b, created_at=LONG_AGO)
        for a in range(PEOPLE):
            for b in range(a):
                await self._chat("DIRECT", [self.people[a], self.people[b]])
        for _ in range(3):
            await self._chat("GROUP", self.people)
        await self._chat("BROADCAST", self.people)
        self.chats.append(self.name(uuid4(), "no chat"))
        return self

    async def _person(self, n: int) -> UUID:
        user_id = self.name(new_id(), f"person{n}")
        username = self.name(f"p{uuid4().hex}", f"username{n}")
        await _insert(
            "user_account", id=user_id, username=username, username_key=username, display_name=f"Person {n}",
            bio=self.random.choice([None, "words"]), role="USER", email_verified=False, phone_verified=False,
            needs_profile_setup=False, has_kept_profile=self.rarely(), deleted_at=LONG_AGO if self.rarely() else None,
            created_at=LONG_AGO, updated_at=LONG_AGO,
        )  # fmt: skip
        who = self.random.choice(["EVERYONE", "NOBODY", "CONTACTS"])
        others = dict.fromkeys(
            ("last_seen", "online_status", "profile_photo", "bio", "who_can_add_to_groups", "who_can_call"), "EVERYONE"
        )
        flags = dict.fromkeys(
            ("read_receipts", "typing_indicators", "discoverable_by_phone", "discoverable_by_email"), True
        )
        await _insert("privacy_settings", user_id=user_id, who_can_message=who, updated_at=LONG_AGO, **others, **flags)
        return user_id

    async def _chat(self, kind: str, people: Sequence[UUID]) -> None:
        random, n = self.random, len(self.chats)
        chat = self.name(new_id(), f"chat{n}")
        self.chats.append(chat)
        self.among[chat] = people
        is_direct = kind == "DIRECT"
        key = self.name(":".join(sorted(str(p) for p in people)), f"key{n}") if is_direct else None
        hidden = random.choice(people) if is_direct and self.rarely() else None
        await _insert(
            "conversation", id=chat, kind=kind, direct_key=key, title=None if is_direct else f"Chat {n}",
            created_by_id=random.choice([None, *people]), last_seq=random.choice([0, 1, 7, 7, 7, 7]),
            member_count=len(people) - self.rarely(), who_can_send=random.choice(["MEMBER"] * 5 + ["ADMIN", "OWNER"]),
            slow_mode_seconds=3600 * self.rarely(), disappearing_seconds=60 if self.rarely() else None,
            hidden_from_id=hidden, shown_seq=3 if hidden else None, shown_activity_at=LONG_AGO if hidden else None,
            activity_at=LONG_AGO, created_at=LONG_AGO, updated_at=LONG_AGO,
        )  # fmt: skip
        for person in people:
            if self.rarely():
                continue  # never a member
            await _insert(
                "member", id=new_id(), conversation_id=chat, user_id=person, joined_at=LONG_AGO,
                role=random.choice(["MEMBER", "MEMBER", "MEMBER", "ADMIN", "OWNER"]),
                left_at=LONG_AGO if self.rarely() else None, first_seq=random.choice([1, 4]), delivered_seq=2,
                read_seq=1, told_read_seq=1 if self.rarely() else None, told_delivered_seq=1 if self.rarely() else None,
                is_request=self.rarely(), is_listed=random.random() < 0.9, unread_from_seq=1 if self.rarely() else None,
                sent_at=datetime.now(UTC) if random.random() < 0.5 else LONG_AGO, created_at=LONG_AGO,
                updated_at=LONG_AGO,
            )  # fmt: skip

    def drafts(self, count: int) -> list[Draft]:
        """A batch: mostly plain text to a few conversations, with repeats of this and of earlier batches."""
        random, few = self.random, self.random.sample(self.chats, 4)
        made = []
        for _ in range(count):
            chat = random.choice(few)
            key = f"key{random.randrange(3 if random.random() < 0.15 else 10**9)}"
            sender = random.choice(self.people if self.rarely() else self.among.get(chat, self.people))
            draft = Draft(
                chat, sender, key, random.choice(["hello", "you"]), silent=self.rarely(),
                reply_to_id=uuid4() if self.rarely() else None, mentions_everyone=self.rarely(),
            )  # fmt: skip
            self.name(draft.content_hash, f"hash of {self.shown((chat, draft.text, draft.silent))}")
            if draft.reply_to_id:
                self.name(draft.reply_to_id, "an unknown message")
            made.append(draft)
        return made

    async def state(self) -> Any:
        """All that a send may have changed."""
        tables = {
            "message": "seq", "conversation": "id", "member": "conversation_id, user_id", "event": "position",
        }  # fmt: skip
        found: dict[str, Any] = {}
        for chat in self.chats:
            for message in await db.rows("SELECT id, seq FROM message WHERE conversation_id = $1", chat):
                self.name(message["id"], f"message {message['seq']} of {self.names[chat]}")
        for table, order in tables.items():
            where = {"conversation": "id", "event": "stream_id"}.get(table, "conversation_id")
            for chat in self.chats:
                rows = await db.rows(f"SELECT * FROM {table} WHERE {where} = $1 ORDER BY {order}", chat)
                found[f"{table} of {self.names[chat]}"] = sorted(map(repr, self.shown([dict(row) for row in rows])))
        own = await db.rows("SELECT * FROM event WHERE stream_id = ANY($1::uuid[]) ORDER BY position", self.people)
        found["own events"] = sorted(map(repr, self.shown([dict(row) for row in own])))
        return found

    def shown(self, value: Any) -> Any:
        """The value with the names both worlds have; what is drawn anew each time is left out."""
        if isinstance(value, Mapping):
            drawn = ("position", "tag", "tag_before", "partition")
            own_id = ("id",) if "joined_at" in value else ()
            return {key: self.shown(item) for key, item in sorted(value.items()) if key not in (*drawn, *own_id)}
        if is_dataclass(value):
            return self.shown({f.name: getattr(value, f.name) for f in fields(value)})
        if isinstance(value, list | tuple):
            return [self.shown(item) for item in value]
        if isinstance(value, frozenset):
            return sorted(self.shown(list(value)))
        if isinstance(value, datetime):
            return (
                "long ago" if value == LONG_AGO else f"{round((value - datetime.now(UTC)) / timedelta(minutes=1))} min"
            )
        if isinstance(value, UUID | str):
            return self.names.get(str(value), value)
        return repr(value)


async def _insert(table: str, **values: Any) -> None:
    places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
    await db.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})", *values.values())


async def make_twins(seed: int) -> tuple[World, World]:
    """Two worlds in which the same is so, and in which the same drafts will be drawn."""
    return await World(Random(seed)).build(), await World(Random(seed)).build()
