"""updatePrivacy, and that it is obeyed: bios, first messages, groups, receipts, typing. What everybody may see stays
one execution for all."""

from __future__ import annotations

import pytest

from app.accounts.privacy import Privacy
from app.core.graphql.ids import decode_id
from tests.accounts.support import count
from tests.contacts.documents import BLOCK
from tests.conversations.documents import ADD, CREATE, START, conversations_of, create_group, start_direct, stored
from tests.messages.documents import DELIVERED, EVENTS, READ, SEND, message, send

FIELDS = (
    "lastSeen onlineStatus profilePhoto bio readReceipts typingIndicators whoCanMessage whoCanAddToGroups whoCanCall"
    " discoverableByPhone discoverableByEmail"
)
UPDATE = f"""mutation Update($input: UpdatePrivacyInput!) {{
  updatePrivacy(input: $input) {{ errors {{ code }} viewer {{ id privacy {{ {FIELDS} }} }} }} }}"""
NEW_ACCOUNT = {
    "lastSeen": "CONTACTS", "onlineStatus": "CONTACTS", "profilePhoto": "EVERYONE", "bio": "EVERYONE",
    "readReceipts": True, "typingIndicators": True, "whoCanMessage": "EVERYONE", "whoCanAddToGroups": "EVERYONE",
    "whoCanCall": "CONTACTS", "discoverableByPhone": False, "discoverableByEmail": False,
}  # fmt: skip
TICKS = """query($id: ID!) { conversation(id: $id) { deliveredToAllSeq readByAllSeq lastMessage { deliveryState }
  viewerCanSend viewerSendRefusal members { nodes { user { id } deliveredSeq readSeq readAt } } } }"""
PERSON = "query($id: ID!) { user(id: $id) { bio viewerCanMessage } }"
ABOUT = "mutation($bio: String) { updateProfile(input: {bio: $bio}) { errors { code } } }"


async def set_privacy(person, **values):
    return (await person.mutate(UPDATE, input=values))["viewer"]["privacy"]


async def ticks(person, conversation_id):
    return (await person.query(TICKS, id=conversation_id))["conversation"]


def key_of(person):
    return decode_id("usr", person.id)


# ── the settings ──────────────────────────────────────────────────────────────────────────────────


async def test_new_accounts_have_the_defaults(alice):
    assert (await alice.query(f"{{ viewer {{ privacy {{ {FIELDS} }} }} }}"))["viewer"]["privacy"] == NEW_ACCOUNT
    assert len(NEW_ACCOUNT) == len(Privacy.__dataclass_fields__)


@pytest.mark.parametrize("name", NEW_ACCOUNT)
async def test_each_is_changed_alone(alice, name):
    value = "NOBODY" if isinstance(NEW_ACCOUNT[name], str) else not NEW_ACCOUNT[name]
    assert await set_privacy(alice, **{name: value}) == NEW_ACCOUNT | {name: value}
    assert await set_privacy(alice, whoCanCall=None) == NEW_ACCOUNT | {name: value}


async def test_own_devices_hear_of_a_change_once(alice):
    after = await alice.cursor()
    await set_privacy(alice, bio="NOBODY")
    await set_privacy(alice, bio="NOBODY")
    events = await count("event", "stream_id", key_of(alice))
    document = """subscription($after: Cursor) { events(after: $after, kinds: [VIEWER_CHANGED]) {
      __typename ... on ViewerChanged { viewer { privacy { bio } } } } }"""
    async with alice.subscribe(document, after=after) as stream:
        assert (await stream.until("ViewerChanged"))["viewer"] == {"privacy": {"bio": "NOBODY"}}
    await set_privacy(alice)
    assert await count("event", "stream_id", key_of(alice)) == events


async def test_an_unknown_value_changes_nothing(alice):
    assert (await alice.failed(UPDATE, input={"bio": "FRIENDS"}))["extensions"]["code"] == "BAD_REQUEST"
    assert await count("privacy_settings", "user_id", key_of(alice)) == 0


# ── bio, first messages, groups ───────────────────────────────────────────────────────────────────


async def test_a_bio_is_seen_by_whom_it_is_for(alice, bob):
    await alice.mutate(ABOUT, bio="hello")
    assert (await bob.query(PERSON, id=alice.id))["user"]["bio"] == "hello"
    for audience in ("CONTACTS", "NOBODY"):
        await set_privacy(alice, bio=audience)
        assert (await bob.query(PERSON, id=alice.id))["user"]["bio"] is None
        assert (await alice.query(PERSON, id=alice.id))["user"]["bio"] == "hello"


async def test_who_may_call_is_for_the_person_to_say(alice, bob):
    person = "query($id: ID!) { user(id: $id) { viewerCanCall } }"
    seen = {}
    for audience in (None, "EVERYONE", "NOBODY"):
        if audience:
            await set_privacy(alice, whoCanCall=audience)
        seen[audience] = (await bob.query(person, id=alice.id))["user"]["viewerCanCall"]
    assert seen == {None: False, "EVERYONE": True, "NOBODY": False}  # at first for contacts only
    await set_privacy(alice, whoCanCall="CONTACTS")
    await alice.mutate("mutation($id: ID!) { addContact(input: {userId: $id}) { errors { code } } }", id=bob.id)
    assert (await bob.query(person, id=alice.id))["user"]["viewerCanCall"] is True


async def test_strangers_can_not_start_a_conversation(alice, bob):
    await set_privacy(alice, whoCanMessage="CONTACTS")
    before = await conversations_of(alice)

    assert (await bob.query(PERSON, id=alice.id))["user"]["viewerCanMessage"] is False
    (error,) = await bob.refused(START, userId=alice.id)

    assert (error["code"], error["field"]) == ("FORBIDDEN", ["input", "userId"])
    assert await conversations_of(alice) == before
    conversation_id = await start_direct(alice, bob)
    assert await start_direct(bob, alice) == conversation_id
    await send(bob, conversation_id)  # she asked for it


async def test_strangers_can_not_write_first_where_nothing_was_said(alice, bob):
    conversation_id = await start_direct(bob, alice)
    assert (await ticks(bob, conversation_id))["viewerCanSend"] is True
    await set_privacy(alice, whoCanMessage="NOBODY")
    before = await stored(conversation_id)

    shown = await ticks(bob, conversation_id)
    (error,) = await bob.refused(SEND, input=message(conversation_id))

    assert (shown["viewerCanSend"], shown["viewerSendRefusal"]) == (False, "READ_ONLY")
    assert (error["code"], error["field"]) == ("FORBIDDEN", ["input", "conversationId"])
    assert await stored(conversation_id) == before
    await send(alice, conversation_id)
    await send(bob, conversation_id)


async def test_conversations_go_on(alice, bob):
    conversation_id = await start_direct(bob, alice)
    await send(bob, conversation_id)
    await set_privacy(alice, whoCanMessage="NOBODY")
    await send(bob, conversation_id)
    assert (await ticks(bob, conversation_id))["viewerCanSend"] is True


async def test_who_must_be_invited_is_in_no_group(alice, bob, carol):
    await set_privacy(bob, whoCanAddToGroups="NOBODY")
    before = await conversations_of(bob)

    created = await alice.mutate(CREATE, title="Team", memberIds=[bob.id, carol.id])
    assert created["needInvite"] == [{"id": bob.id}]
    assert created["group"]["memberCount"] == 2
    group_before = await stored(created["group"]["id"])
    added = await alice.mutate(ADD, conversationId=created["group"]["id"], userIds=[bob.id, carol.id])

    assert (added["added"], added["needInvite"]) == ([], [{"id": bob.id}])
    assert await stored(created["group"]["id"]) == group_before
    assert await conversations_of(bob) == before
    await set_privacy(bob, whoCanAddToGroups="EVERYONE")
    added = await alice.mutate(ADD, conversationId=created["group"]["id"], userIds=[bob.id])
    assert ([m["user"]["id"] for m in added["added"]], added["needInvite"]) == ([bob.id], [])


@pytest.mark.parametrize("blocks", [False, True], ids=["before", "blocked"])
async def test_a_block_changes_nothing_for_who_must_be_invited(alice, bob, carol, blocks):
    await set_privacy(bob, whoCanAddToGroups="NOBODY")
    group_id = (await alice.mutate(CREATE, title="Team", memberIds=[carol.id]))["group"]["id"]
    if blocks:
        await bob.mutate(BLOCK, userId=alice.id)

    added = await alice.mutate(ADD, conversationId=group_id, userIds=[bob.id])

    assert (added["added"], added["needInvite"]) == ([], [{"id": bob.id}])


# ── receipts ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("silent", ["bob", "alice"])
async def test_reading_is_private_both_ways(alice, bob, silent):
    conversation_id = await start_direct(alice, bob)
    await send(alice, conversation_id)
    await bob.mutate(READ, conversationId=conversation_id)
    seen = await ticks(alice, conversation_id)
    assert (seen["readByAllSeq"], seen["lastMessage"]["deliveryState"]) == (1, "READ")

    await set_privacy({"alice": alice, "bob": bob}[silent], readReceipts=False)

    for person, other in ((alice, bob), (bob, alice)):
        seen = await ticks(person, conversation_id)
        assert (seen["deliveredToAllSeq"], seen["readByAllSeq"]) == (1, None)
        assert seen["lastMessage"]["deliveryState"] == "DELIVERED"
        marks = {
            m["user"]["id"]: (m["deliveredSeq"], m["readSeq"], bool(m["readAt"])) for m in seen["members"]["nodes"]
        }
        assert marks == {person.id: (1, 1, True), other.id: (1, None, False)}
    await set_privacy({"alice": alice, "bob": bob}[silent], readReceipts=True)
    assert (await ticks(alice, conversation_id))["readByAllSeq"] == 1


async def test_in_a_group_the_others_are_counted(alice, bob, carol):
    group_id = await create_group(alice, bob, carol)
    await send(alice, group_id)
    await set_privacy(bob, readReceipts=False)
    await carol.mutate(READ, conversationId=group_id)
    await bob.mutate(DELIVERED, marks=[{"conversationId": group_id, "upToSeq": 2}])

    seen = await ticks(alice, group_id)

    assert (seen["readByAllSeq"], seen["lastMessage"]["deliveryState"]) == (2, "READ")
    assert {m["user"]["id"]: m["readSeq"] for m in seen["members"]["nodes"]} == {alice.id: 2, bob.id: None, carol.id: 2}
    assert (await ticks(bob, group_id))["readByAllSeq"] is None


async def test_what_was_only_read_is_told_to_own_devices_alone(alice, bob):
    conversation_id = await start_direct(alice, bob)
    await set_privacy(bob, readReceipts=False)
    await send(alice, conversation_id)
    await bob.mutate(DELIVERED, marks=[{"conversationId": conversation_id, "upToSeq": 1}])
    stream, own = decode_id("cnv", conversation_id), key_of(bob)
    before = await count("event", "stream_id", stream), await count("event", "stream_id", own)

    await bob.mutate(READ, conversationId=conversation_id)

    assert await count("event", "stream_id", stream) == before[0]
    assert await count("event", "stream_id", own) == before[1] + 1
    found = await bob.query("query($id: ID!) { conversation(id: $id) { unreadCount } }", id=conversation_id)
    assert found["conversation"]["unreadCount"] == 0


async def test_receipts_are_rendered_once_unless_somebody_is_silent(server, alice, bob, carol):
    hub, group_id = server.runtime.hub, await create_group(alice, bob, carol)
    await send(alice, group_id)

    async def rendered(reader):
        cursor = [await p.cursor() for p in (alice, carol)]
        variables = {"kinds": ["RECEIPT_CHANGED"]}
        async with (
            alice.subscribe(EVENTS, after=cursor[0], **variables) as one,
            carol.subscribe(EVENTS, after=cursor[1], **variables) as other,
        ):
            await one.until("CursorMoved")
            await other.until("CursorMoved")
            before = hub.executions - hub.shared_executions
            await reader.mutate(READ, conversationId=group_id)
            events = [await one.until("ReceiptChanged"), await other.until("ReceiptChanged")]
        return hub.executions - hub.shared_executions - before, [e["member"]["readSeq"] for e in events]

    assert await rendered(bob) == (0, [2, 2])
    await set_privacy(carol, readReceipts=False)
    await send(alice, group_id)
    alone, shown = await rendered(bob)
    assert alone > 0
    assert shown == [3, None]


# ── typing ────────────────────────────────────────────────────────────────────────────────────────


async def test_typing_is_told_to_nobody(server, alice, bob):
    conversation_id = await start_direct(alice, bob)
    document = "mutation($id: ID!) { setTyping(input: {conversationId: $id}) { errors { code } } }"
    typing = "query($id: ID!) { conversation(id: $id) { typing { user { id } } } }"
    await set_privacy(alice, typingIndicators=False)
    await alice.mutate(document, id=conversation_id)
    assert (await bob.query(typing, id=conversation_id))["conversation"]["typing"] == []
    await set_privacy(alice, typingIndicators=True)
    await alice.mutate(document, id=conversation_id)
    assert len((await bob.query(typing, id=conversation_id))["conversation"]["typing"]) == 1


async def test_a_page_of_people_takes_as_many_statements_as_one(alice, person):
    from tests.statements import statements

    people = [await person("someone") for _ in range(6)]
    for one in people:
        await one.mutate(ABOUT, bio="x")
        await set_privacy(one, bio="CONTACTS")
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on User { bio viewerCanMessage viewerCanCall } } }"
    counts = []
    for size in (1, 6):
        async with statements() as found:
            await alice.query(document, ids=[p.id for p in people[:size]])
        counts.append(len(found))
    assert counts[0] == counts[1]
