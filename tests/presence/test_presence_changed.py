"""presenceChanged: who hears what of whom, first and then, and who no longer."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest
from gql.transport.exceptions import TransportQueryError

from app.core.clock import now
from app.core.graphql.ids import decode_id
from app.core.log import Event
from app.presence.shown import Sight
from app.presence.watching import Watchers
from tests.accounts.test_delete_account import erase
from tests.conversations.documents import ANSWER, START, start_direct, unknown_id
from tests.messages.documents import SEND, message
from tests.presence.documents import (
    ADD_CONTACT,
    BLOCK,
    NEVER,
    REMOVE_CONTACT,
    WATCH,
    befriend,
    board_of,
    next_of,
    online,
    set_presence,
    set_privacy,
    until,
)
from tests.statements import statements


def key_of(person):
    return decode_id("usr", person.id)


def watchers_of(person) -> Watchers:
    return person.server.runtime.part(Watchers)


async def go(person) -> None:
    """The person's sockets are closed, and 10 seconds are over: the timers are made to fire."""
    board = board_of(person)
    for device_id, device in list(board._people.get(key_of(person), {}).items()):
        if device.end is not None:
            device.end.cancel()
            board._drop((key_of(person), device_id), board.id)


async def test_first_as_they_are_then_as_they_change(alice, bob):
    await befriend(alice, bob)
    async with bob.subscribe(WATCH) as stream:
        first = await stream.next()
        assert (first["user"], first["presence"]["state"]) == ({"id": alice.id, "displayName": "Alice"}, "OFFLINE")
        async with online(alice):
            assert (await stream.next())["presence"]["state"] == "ONLINE"
        await go(alice)
        gone = (await stream.next())["presence"]
        assert gone["state"] == "OFFLINE"
        assert gone["lastSeenAt"] is not None


async def test_coming_back_within_ten_seconds_is_no_change(alice, bob, carol):
    await befriend(alice, bob)
    await befriend(carol, bob)
    async with bob.subscribe(WATCH) as stream:
        await stream.take(2)
        async with online(alice):
            assert (await next_of(stream, alice))["state"] == "ONLINE"
        async with online(alice), online(carol):
            said = await stream.next()
            assert (said["user"]["id"], said["presence"]["state"]) == (carol.id, "ONLINE")


async def test_only_contacts_unless_named(alice, bob, carol):
    for one in (alice, bob, carol):
        await set_privacy(one, onlineStatus="EVERYONE", lastSeen="EVERYONE")
    await befriend(alice, bob)
    async with bob.subscribe(WATCH) as mine, bob.subscribe(WATCH, ids=[carol.id, unknown_id("usr"), "x"]) as named:
        assert (await mine.next())["user"]["id"] == alice.id
        assert (await named.next())["user"]["id"] == carol.id
        async with online(carol):
            assert (await named.next())["presence"]["state"] == "ONLINE"
            async with online(alice):
                said = await mine.next()
                assert (said["user"]["id"], said["presence"]["state"]) == (alice.id, "ONLINE")


async def test_what_may_not_be_seen_is_silent(alice, bob, carol):
    await start_direct(alice, bob)
    await befriend(bob, carol)
    async with bob.subscribe(WATCH, ids=[alice.id, carol.id]) as stream:
        assert (await stream.next())["user"]["id"] == carol.id
        async with online(alice), online(carol):
            said = await stream.next()
            assert (said["user"]["id"], said["presence"]["state"]) == (carol.id, "ONLINE")


async def test_new_contacts_are_heard_of(alice, bob):
    async with bob.subscribe(WATCH) as stream, online(alice):
        await bob.mutate(ADD_CONTACT, id=alice.id)
        await alice.mutate(ADD_CONTACT, id=bob.id)
        assert (await stream.next())["presence"]["state"] == "ONLINE"


@pytest.mark.parametrize("who", ["watcher", "watched"])
async def test_who_is_blocked_or_blocks_sees_nothing_more(alice, bob, who):
    await befriend(alice, bob)
    async with bob.subscribe(WATCH) as stream:
        await stream.next()
        blocker, blocked = (bob, alice) if who == "watcher" else (alice, bob)
        await blocker.mutate(BLOCK, id=blocked.id)
        assert (await stream.next())["presence"] is None


async def test_an_unanswered_request_hides_and_its_answer_shows(alice, carol):
    for one in (alice, carol):
        await set_privacy(one, onlineStatus="EVERYONE", lastSeen="EVERYONE")
    async with carol.subscribe(WATCH, ids=[alice.id]) as stream:
        assert (await stream.next())["presence"]["state"] == "OFFLINE"
        conversation = (await carol.mutate(START, userId=alice.id))["conversation"]
        await carol.mutate(SEND, input=message(conversation["id"]))
        assert (await stream.next())["presence"] is None
        await alice.mutate(ANSWER, conversationId=conversation["id"], answer="ACCEPT")
        assert (await stream.next())["presence"]["state"] == "OFFLINE"


async def test_removed_contacts_are_heard_of_no_more(alice, bob, carol):
    await befriend(alice, bob)
    await befriend(carol, bob)
    async with bob.subscribe(WATCH) as stream:
        await stream.take(2)
        contact = await bob.query("query($id: ID!) { user(id: $id) { contact { id } } }", id=alice.id)
        await bob.mutate(REMOVE_CONTACT, id=contact["user"]["contact"]["id"])
        said = await stream.next()
        assert (said["user"]["id"], said["presence"]) == (alice.id, None)
        async with online(alice), online(carol):
            assert (await stream.next())["user"]["id"] == carol.id


@pytest.mark.parametrize("who", ["watcher", "watched"])
async def test_hiding_takes_it_away_both_ways(alice, bob, who):
    await befriend(alice, bob)
    async with bob.subscribe(WATCH) as stream, online(alice):
        while (await stream.next())["presence"]["state"] != "ONLINE":
            pass
        hider = bob if who == "watcher" else alice
        await set_privacy(hider, onlineStatus="NOBODY")
        assert (await stream.next())["presence"]["state"] == "OFFLINE"  # last seen alone
        await set_privacy(hider, lastSeen="NOBODY")
        assert (await stream.next())["presence"] is None
        await set_privacy(hider, onlineStatus="CONTACTS")
        assert (await stream.next())["presence"]["state"] == "ONLINE"


async def test_invisible_people_come_and_go_unheard(alice, bob, carol):
    await befriend(alice, bob)
    await befriend(carol, bob)
    await set_presence(alice, invisible=True)
    async with bob.subscribe(WATCH) as stream:
        await stream.take(2)
        async with online(alice):
            pass
        await go(alice)
        async with online(carol):
            assert (await stream.next())["user"]["id"] == carol.id


async def test_what_invisible_people_say_is_unheard_but_for_themselves(alice, bob, carol):
    await befriend(alice, bob)
    await befriend(carol, bob)
    await set_presence(alice, invisible=True)
    async with bob.subscribe(WATCH) as stream, alice.subscribe(WATCH, ids=[alice.id]) as own:
        await stream.take(2)
        await own.next()
        await set_presence(alice, statusText="Secretly here")
        assert (await own.next())["presence"]["statusText"] == "Secretly here"
        async with online(carol):
            assert (await stream.next())["user"]["id"] == carol.id


async def test_changes_within_five_seconds_are_told_once(alice, bob, carol):
    await befriend(alice, bob)
    await befriend(carol, bob)
    async with bob.subscribe(WATCH) as stream:
        await stream.take(2)
        async with online(alice):
            assert (await next_of(stream, alice))["state"] == "ONLINE"
            for n in range(5):
                await set_presence(alice, statusText=f"Number {n}")
            async with online(carol):
                assert (await stream.next())["user"]["id"] == carol.id
            known = watchers_of(bob)._known[key_of(alice)]
            await until(lambda: known.timer is not None)
            known.timer.cancel()
            watchers_of(bob)._look(key_of(alice))
            assert (await next_of(stream, alice))["statusText"] == "Number 4"


async def test_a_second_device_is_no_change(alice, bob, carol):
    await befriend(alice, bob)
    await befriend(carol, bob)
    async with bob.subscribe(WATCH) as stream, online(alice):
        await stream.take(2)
        async with alice.subscribe(WATCH), online(carol):
            assert await next_of(stream, carol)


async def test_one_rendering_serves_all_who_see_the_same(server, alice, bob, carol, person):
    friends = [bob, carol, await person("dave"), await person("erin")]
    for friend in friends:
        await befriend(alice, friend)
    from contextlib import AsyncExitStack

    async with AsyncExitStack() as stack:
        streams = [await stack.enter_async_context(f.subscribe(WATCH, ids=[alice.id, f.id])) for f in friends]
        for stream in streams:
            await next_of(stream, alice)
        before = server.runtime.hub.executions
        await stack.enter_async_context(online(alice))
        for stream in streams:
            assert (await next_of(stream, alice))["state"] == "ONLINE"
        assert server.runtime.hub.executions == before + 1


async def test_nothing_is_left_of_ended_subscriptions(alice, bob):
    await befriend(alice, bob)
    watchers = watchers_of(bob)
    async with bob.subscribe(WATCH) as stream:
        await stream.next()
        assert key_of(alice) in watchers._known
    await until(lambda: key_of(alice) not in watchers._known)
    assert (watchers._watches, watchers._watched, watchers._viewers) == ({}, {}, {})


async def test_too_many_are_refused(alice):
    async with alice.subscribe(WATCH, ids=[alice.id] * 101) as stream:
        with pytest.raises(TransportQueryError) as refusal:
            await stream.next()
    assert refusal.value.errors[0]["extensions"]["code"] == "BAD_REQUEST"


async def test_what_happens_while_it_is_judged_is_judged_again(alice, bob):
    await befriend(alice, bob)
    watchers = watchers_of(bob)
    async with bob.subscribe(WATCH) as stream:
        await stream.next()
        await watchers.stop()  # its work is done by hand here
        (watch,) = watchers._viewers[key_of(bob)]
        watchers._doubtful = {(watch, key_of(alice)): None}
        judging = asyncio.create_task(watchers._judge_doubtful())
        await asyncio.sleep(0)  # it reads
        watchers._doubtful[watch, key_of(alice)] = None  # a block, say, which it may have missed
        await judging
        assert list(watchers._doubtful) == [(watch, key_of(alice))]
        watchers._opened[watch] = None
        opening = asyncio.create_task(watchers._open_some())
        await asyncio.sleep(0)
        watchers._opened[watch] = None
        await opening
        assert list(watchers._opened) == [watch]
        await watchers._open_some()
        await watchers._judge_doubtful()
        assert not watchers._doubtful
        watchers.start()


async def test_who_may_see_less_is_judged_and_told_before_a_storm_of_others(alice, bob, person):
    friends = [await person("friend") for _ in range(3)]
    for friend in (alice, *friends):
        await befriend(bob, friend)
    watchers = watchers_of(bob)
    async with bob.subscribe(WATCH) as stream:
        await stream.take(4)
        await until(lambda: not watchers._next_work())
        (watch,) = watchers._viewers[key_of(bob)]
        for friend in friends:  # as if they were only coming
            watchers._new[watch, key_of(friend)] = None
            watchers._changed[key_of(friend)] = None
        watchers._opened[watch] = None
        watchers._doubt(key_of(alice))
        assert list(watchers._doubtful) == [(watch, key_of(alice))]
        assert watchers._next_work() == watchers._judge_doubtful
        watchers._route(watch, key_of(alice), Sight.NOTHING)
        assert watchers._next_work() == watchers._tell_who_sees_less
        said = await stream.next()
        assert (said["user"]["id"], said["presence"]) == (alice.id, None)
        await until(lambda: not watchers._next_work())


async def test_a_state_set_judges_nobody_again(alice, bob):
    await befriend(alice, bob)
    async with bob.subscribe(WATCH) as stream:
        await stream.next()
        async with statements() as found:
            await set_presence(alice, statusText="Lunch")
            assert (await stream.next())["presence"]["statusText"] == "Lunch"
        assert not [text for text in found if "privacy_settings" in text or "block" in text], found
        await set_privacy(alice, onlineStatus="NOBODY")
        assert (await stream.next())["presence"] == NEVER


async def test_what_two_people_do_judges_nobody_else_again(alice, bob, carol):
    await befriend(alice, bob)
    await befriend(carol, bob)
    async with bob.subscribe(WATCH) as stream:
        await stream.take(2)
        watchers = watchers_of(bob)
        await until(lambda: not watchers._next_work())
        (watch,) = watchers._viewers[key_of(bob)]
        mine, hers, its = ((watch, key_of(alice)), (watch, key_of(carol)), uuid4())

        def judged(kind: str, stream_id: UUID, payload=None, *, joined=(), hidden_from=()) -> list:
            nobody: frozenset[UUID] = frozenset()
            joined, hidden_from = frozenset(joined), frozenset(hidden_from)
            event = Event(0, 1, 0, 0, stream_id, kind, payload or {}, joined, nobody, hidden_from, now())
            watchers.on_event(event)
            found, watchers._doubtful = watchers._doubtful, {}
            return list(found)

        people = [key_of(person) for person in (alice, bob, carol)]
        assert judged("CONVERSATION_ADDED", its, joined=people) == []
        assert judged("CONVERSATION_ADDED", its, joined=people[:2]) == []
        assert judged("CONVERSATION_ADDED", its, joined=people[:2], hidden_from=people[:1]) == [mine]
        assert judged("BLOCK_CHANGED", people[0], {"userId": str(people[1])}) == [mine]
        assert judged("CONTACT_CHANGED", people[1], {"userId": str(people[2])}) == [hers]
        assert judged("CONTACT_CHANGED", people[0], {"userId": str(people[2])}) == []
        assert judged("VIEWER_CHANGED", people[0], {"change": "PRESENCE"}) == []
        assert judged("VIEWER_CHANGED", people[0], {"change": "PRIVACY"}) == [mine]
        assert set(judged("VIEWER_CHANGED", people[1], {})) == {mine, hers}


async def test_who_was_unknown_is_told_when_known(alice, bob):
    await befriend(alice, bob)
    watchers = watchers_of(bob)
    async with bob.subscribe(WATCH) as stream:
        await stream.next()
        watchers._known[key_of(alice)].shown = None  # as if the processes had not reached each other
        watchers.look_at_unknown()
        assert (await stream.next())["presence"]["state"] == "OFFLINE"


async def test_who_is_unknown_from_now_on_is_told_so(alice, bob, monkeypatch):
    await befriend(alice, bob)
    watchers, board = watchers_of(bob), board_of(bob)
    async with bob.subscribe(WATCH) as stream:
        await stream.next()
        with monkeypatch.context() as patch:  # as if the processes no longer reached each other
            patch.setattr(board, "knows", lambda user_id: False)
            watchers.look_at_all()
            assert (await stream.next())["presence"] is None
        watchers.look_at_unknown()
        assert (await stream.next())["presence"]["state"] == "OFFLINE"


async def test_nothing_is_told_of_an_erased_person(alice, bob, worker):
    for one in (alice, bob):
        await set_privacy(one, onlineStatus="EVERYONE", lastSeen="EVERYONE")
    async with bob.subscribe(WATCH, ids=[alice.id]) as stream:
        await stream.next()
        async with online(alice):
            assert (await stream.next())["presence"]["state"] == "ONLINE"
            await erase(alice, worker)
        await go(alice)
        while (said := await stream.next())["presence"] is not None:
            assert said["user"]["displayName"] != "Deleted account", said
