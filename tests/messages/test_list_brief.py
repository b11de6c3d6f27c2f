"""What a list shows without reading its conversations whole is what it shows where it reads them whole."""

from __future__ import annotations

from typing import Any

from graphql import (
    GraphQLField,
    get_named_type,
    is_interface_type,
    is_leaf_type,
    is_non_null_type,
    is_object_type,
)

from app.conversations.graphql.beside import _brief
from app.schema import schema
from tests.accounts.test_delete_account import erase
from tests.contacts.documents import BLOCK
from tests.contacts.test_blocked_view import UPDATE_PROFILE
from tests.conversations.documents import create_group, start_direct
from tests.messages.changes import DELETE
from tests.messages.documents import send
from tests.statements import statements

SETTINGS = """mutation ($input: UpdateConversationSettingsInput!) {
  updateConversationSettings(input: $input) { errors { code } } }"""
DEPTH = 7


def everything_brief(type_: Any, depth: int = 0, *, beside: Any = None) -> str:
    """A selection of all that is brief, however deep; without what the interface `beside` has too."""
    graphql = schema._schema
    parts = ["__typename"]
    for name, field in type_.fields.items():
        if name not in _brief or name == "nodes" or (beside and name in beside.fields):
            continue
        if (selection := selected(field, depth)) is not None:
            parts.append(f"{name}{selection}")
    if is_interface_type(type_):
        for kind in graphql.get_possible_types(type_):
            parts.append(f"... on {kind.name} {{ {everything_brief(kind, depth, beside=type_)} }}")
    return " ".join(parts)


def selected(field: GraphQLField, depth: int) -> str | None:
    if any(is_non_null_type(argument.type) for argument in field.args.values()):
        return None
    inner = get_named_type(field.type)
    if is_leaf_type(inner):
        return ""
    if depth == DEPTH or not (is_object_type(inner) or is_interface_type(inner)):
        return None
    return f" {{ {everything_brief(inner, depth + 1)} }}"


async def test_all_that_is_brief(server, alice, bob, carol, person, worker):
    dave, erin = await person("dave"), await person("erin")
    chats = [await start_direct(other, alice) for other in (bob, carol, dave, erin)]
    group = await create_group(alice, bob, title="Group")
    for other, chat in zip((bob, carol, dave, erin, bob), (*chats, group), strict=True):
        await send(alice, chat)
        await send(other, chat)
    await alice.mutate(BLOCK, userId=bob.id)
    await bob.mutate(UPDATE_PROFILE, input={"displayName": "Bob later"})
    await send(bob, chats[0])
    await alice.mutate(DELETE, id=(await send(carol, chats[1]))["id"], scope="FOR_ME")
    await erase(erin, worker)
    await alice.mutate(SETTINGS, input={"conversationId": group, "isPinned": True, "draft": "soon"})

    brief = everything_brief(schema._schema.type_map["ConversationConnection"])
    async with statements() as ran:
        shown = await alice.query(f"{{ viewer {{ conversations {{ {brief} }} }} }}")
    is_compiled = server.runtime.settings.executor == "compiled"
    assert any("page.m_role" in text for text in ran) == (not is_compiled), "graphql-core calls every resolver"
    asked = f"{{ __schema {{ queryType {{ name }} }} viewer {{ conversations {{ {brief} }} }} }}"  # not compiled
    assert (await alice.query(asked))["viewer"] == shown["viewer"]
    async with statements() as ran:
        whole = await alice.query(f"{{ viewer {{ conversations {{ {brief} edges {{ node {{ firstSeq }} }} }} }} }}")
    assert any("page.m_role" in text for text in ran)

    for edge in whole["viewer"]["conversations"]["edges"]:
        del edge["node"]["firstSeq"]
    assert shown == whole
    assert len(shown["viewer"]["conversations"]["edges"]) == 5
