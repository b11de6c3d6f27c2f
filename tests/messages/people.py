"""People and conversations straight from the services, for tests that need no HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import app.messages.notices  # noqa: F401  (writes them, as in every process)
from app.conversations.service import create_group, start_direct_conversation
from app.core import db
from app.core.clock import new_id
from app.core.viewer import Viewer
from app.messages.content import NewMessage
from app.messages.records import Draft
from app.settings_chat import ConversationSettings
from tests.conversations.documents import known_to


async def make_viewer(name: str = "someone") -> Viewer:
    """A person without a way to sign in."""
    user_id = new_id()
    username = f"{name}_{uuid4().hex[:12]}"
    await db.execute(
        "INSERT INTO user_account (id, username, username_key, display_name, role, email_verified, phone_verified,"
        " needs_profile_setup, created_at, updated_at) VALUES ($1, $2, $2, $3, 'USER', $4, $4, $4, $5, $5)",
        user_id,
        username,
        name.title(),
        False,
        datetime.now(UTC),
    )
    return Viewer(user_id, new_id(), new_id(), datetime.now(UTC) + timedelta(hours=1))


async def make_direct(one: Viewer, other: Viewer) -> UUID:
    """Their direct conversation, which is a message request to neither."""
    async with known_to(other.user_id, one.user_id):
        return (await start_direct_conversation(one, other.user_id)).conversation.id


async def make_group(owner: Viewer, *others: Viewer) -> UUID:
    members = [other.user_id for other in others]
    access = await create_group(owner, "Group", members, description=None, settings=ConversationSettings())
    return access.conversation.id


def new(
    conversation_id: UUID, text: str | None = "hello", *, key: str = "", reply_to: UUID | None = None
) -> NewMessage:
    """A message to send, under a fresh clientMessageId unless one is given."""
    return NewMessage(conversation_id, key or uuid4().hex, text, reply_to)


def draft(conversation_id: UUID, sender: Viewer, text: str = "hello", *, key: str = "") -> Draft:
    return Draft(conversation_id, sender.user_id, key or uuid4().hex, text)


async def texts_of(conversation_id: UUID) -> list[tuple[int, str]]:
    """What is stored, in order."""
    found = await db.rows("SELECT seq, text FROM message WHERE conversation_id = $1 ORDER BY seq", conversation_id)
    return [(row["seq"], row["text"]) for row in found]


async def state_of(conversation_id: UUID) -> object:
    """Everything a send may change in a conversation: equal before and after when nothing was changed."""
    return (
        await texts_of(conversation_id),
        await db.rows("SELECT last_seq, activity_at FROM conversation WHERE id = $1", conversation_id),
        await db.rows(
            "SELECT user_id, delivered_seq, read_seq, read_at FROM member WHERE conversation_id = $1 ORDER BY user_id",
            conversation_id,
        ),
        await db.rows("SELECT position, kind FROM event WHERE stream_id = $1 ORDER BY position", conversation_id),
    )
