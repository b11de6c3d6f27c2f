"""The schema: committed, described, named as contract.graphql names it, complete for what is promised."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    build_schema,
)

from app.core.errors import ApiError, ErrorCode
from app.schema import sdl

ROOT = Path(__file__).parents[2]
SCHEMA = build_schema(sdl())

# What issue 2 names, as Type.field.
PROMISED = {
    "Query": [
        "viewer",
        "node",
        "nodes",
        "user",
        "conversation",
        "directConversation",
        "message",
        "limits",
        "server",
        "rateLimit",
        "health",
    ],
    "Mutation": [
        "register",
        "logIn",
        "requestOtp",
        "verifyOtp",
        "refreshSession",
        "logOut",
        "renewConnection",
        "startDirectConversation",
        "createGroup",
        "addMembers",
        "removeMember",
        "leaveConversation",
        "sendMessage",
        "sendMessages",
        "markRead",
        "markDelivered",
        "setTyping",
    ],
    "Subscription": ["events", "messageReceived", "typingChanged"],
    "Viewer": ["user", "eventCursor", "conversations", "unread", "devices", "session", "sessions"],
    "Conversation": ["messages", "members", "lastMessage", "unreadCount", "lastSeq"],
    "DirectConversation": ["peer"],
    "Message": ["seq", "sender", "text", "clientMessageId", "deliveryState", "replyTo"],
    "Member": ["role", "deliveredSeq", "readSeq"],
    "CursorMoved": ["isCaughtUp"],
    "MessageReceived": ["message"],
    "ReceiptChanged": ["member"],
    "UnreadChanged": ["conversations"],
    "ConversationAdded": ["conversation"],
    "ConversationRemoved": ["conversationId"],
    "MemberChanged": ["member"],
    "DeviceChanged": ["deviceChange"],
    "SessionEnding": ["endReason"],
    "TypingChanged": ["conversation"],
    "PresenceChanged": ["user", "presence"],
    "Presence": ["state", "lastSeenAt", "statusText", "statusEmoji", "statusExpiresAt"],
}


def test_schema_graphql_is_the_schema():
    assert (ROOT / "schema.graphql").read_text() == sdl(), "run: python -m app schema --out schema.graphql"


@pytest.mark.parametrize("name", PROMISED)
def test_what_is_promised_exists(name):
    type_ = SCHEMA.get_type(name)
    assert isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
    assert set(PROMISED[name]) - set(type_.fields) == set()


def _undescribed() -> Iterator[str]:
    for name, type_ in SCHEMA.type_map.items():
        if name.startswith("__") or name in ("String", "Int", "Float", "Boolean", "ID"):
            continue
        if not type_.description:
            yield name
        if isinstance(type_, GraphQLEnumType):
            yield from (f"{name}.{key}" for key, value in type_.values.items() if not value.description)
        if isinstance(type_, GraphQLInputObjectType):
            yield from (f"{name}.{key}" for key, field in type_.fields.items() if not field.description)
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for key, field in type_.fields.items():
                if not field.description:
                    yield f"{name}.{key}"
                yield from (f"{name}.{key}({arg})" for arg, value in field.args.items() if not value.description)
        assert not isinstance(type_, GraphQLUnionType), "interfaces, so that new members break nobody"
    for directive in SCHEMA.directives:
        if not directive.description:
            yield f"@{directive.name}"


def test_every_element_is_described():
    assert list(_undescribed()) == []


def test_mutations_follow_the_grammar():
    """One `input`, a nullable payload with errors."""
    mutation = SCHEMA.mutation_type
    assert mutation is not None
    for name, field in mutation.fields.items():
        assert list(field.args) in (["input"], []), name
        payload = field.type
        assert isinstance(payload, GraphQLObjectType), f"{name} must be nullable"
        assert "Payload" in {i.name for i in payload.interfaces}, name
        assert str(payload.fields["errors"].type) == "[UserError!]!", name


def test_events_implement_event():
    kinds = SCHEMA.get_type("EventKind")
    assert isinstance(kinds, GraphQLEnumType)
    event = SCHEMA.get_type("Event")
    assert isinstance(event, GraphQLInterfaceType)
    names = {t.name for t in SCHEMA.get_possible_types(event)}
    spelled = {"".join(word.title() for word in kind.split("_")) for kind in kinds.values}
    assert spelled == names


# ── codes ─────────────────────────────────────────────────────────────────────────────────────────

# Codes of domains still to come; each leaves this list with its domain.
LATER = {
    "UNSUPPORTED_TYPE", "INFECTED",
    "DEVICE_LIST_STALE", "INVALID_SIGNATURE", "KEYS_EXHAUSTED", "CALL_BUSY", "CALL_ENDED",
    "ACCOUNT_SUSPENDED",
}  # fmt: skip


def _raised() -> set[str]:
    """Names after `ErrorCode.` anywhere but where they are declared and described."""
    found = set()
    for path in (ROOT / "app").rglob("*.py"):
        if path.name in ("errors.py", "payload.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "ErrorCode":
                found.add(node.attr)
    return found


def test_every_error_code_is_raised_somewhere():
    codes = {code.name for code in ErrorCode}
    assert codes - _raised() - {"UNAVAILABLE"} == LATER


def test_every_top_level_error_is_raised_somewhere():
    text = "\n".join(p.read_text() for p in (ROOT / "app").rglob("*.py") if p.name != "errors.py")
    silent = [error.__name__ for error in ApiError.__subclasses__() if error.__name__ not in text]
    assert silent == []
