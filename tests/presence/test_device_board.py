"""The board alone: several processes that hear of each other, or don't."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

from app.core.bus import Announcement
from app.core.bus_codec import pack_announcement, unpack_announcement
from app.presence.board import DeviceBoard
from app.presence.nodes import Places
from app.settings import PresenceSettings
from tests.presence.documents import until

QUICK = {"beat_seconds": 0.02, "ttl_seconds": 0.15, "offline_seconds": 0.05}
PATIENT = {"beat_seconds": 0.02, "ttl_seconds": 60, "offline_seconds": 60}


class Line:
    """What one board says goes to all others of the network, unless the line is cut."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.healthy = True
        self.gaps = 0
        self.is_deaf = self.is_mute = False
        self.board: DeviceBoard

    def announce(self, announcement: Announcement) -> None:
        packed = pack_announcement(announcement)
        for line in self.network.lines:
            if line is not self and not self.is_mute and self.healthy and line.healthy and not line.is_deaf:
                asyncio.get_running_loop().call_soon(line.board.hear, unpack_announcement(packed))


class Network:
    """Processes that begin and end."""

    def __init__(self, **settings: float) -> None:
        self.settings = PresenceSettings(**settings)
        self.lines: list[Line] = []
        self.flips: dict[DeviceBoard, list[tuple[UUID, bool]]] = {}
        self.stored: list[tuple[UUID, bool]] = []

    async def process(self) -> DeviceBoard:
        line = Line(self)
        line.board = board = DeviceBoard(line, self.settings, alone=False)
        self.lines.append(line)
        self.flips[board] = []

        def changed(user_id: UUID, *, flips: bool, is_ours: bool) -> None:
            if flips:
                is_online = bool(list(board.devices(user_id)))
                self.flips[board].append((user_id, is_online))
                if is_ours:
                    self.stored.append((user_id, is_online))

        board.on_change(changed)
        await board.start()
        return board

    def line_of(self, board: DeviceBoard) -> Line:
        return next(line for line in self.lines if line.board is board)

    async def kill(self, board: DeviceBoard) -> None:
        """Without a word."""
        self.lines.remove(self.line_of(board))
        await board.stop()

    async def end(self) -> None:
        for line in self.lines:
            await line.board.stop()


def is_online(board: DeviceBoard, user_id: UUID) -> bool:
    return bool(list(board.devices(user_id)))


async def test_all_processes_know_of_a_device():
    network = Network(**PATIENT)
    one, other = await network.process(), await network.process()
    user, device = uuid4(), uuid4()

    one.connected(user, device, True)
    await until(lambda: is_online(other, user))

    assert other.is_connected(user, device)
    assert network.flips == {one: [(user, True)], other: [(user, True)]}
    assert network.stored == [(user, True)]
    one.connected(user, device, False)
    await until(lambda: not other.is_connected(user, device))
    assert is_online(one, user)  # for 10 seconds
    assert is_online(other, user)
    await network.end()


async def test_a_person_is_offline_a_while_after_the_last_device():
    network = Network(**QUICK)
    one, other = await network.process(), await network.process()
    user, phone, tablet = uuid4(), uuid4(), uuid4()
    one.connected(user, phone, True)
    other.connected(user, tablet, True)
    await until(lambda: len(list(one.devices(user))) == len(list(other.devices(user))) == 2)

    one.connected(user, phone, False)
    await until(lambda: len(list(other.devices(user))) == 1)
    assert network.flips == {one: [(user, True)], other: [(user, True)]}
    other.connected(user, tablet, False)
    await until(lambda: not is_online(one, user) and not is_online(other, user))

    assert network.flips == {one: [(user, True), (user, False)], other: [(user, True), (user, False)]}
    assert [s for s in network.stored if not s[1]] == [(user, False)]
    assert one.left_at(user) is not None
    await network.end()


async def test_moving_to_another_process_is_no_change():
    network = Network(**PATIENT)
    one, other = await network.process(), await network.process()
    user, device = uuid4(), uuid4()
    one.connected(user, device, True)
    await until(lambda: is_online(other, user))

    one.connected(user, device, False)
    await until(lambda: not one.is_connected(user, device))
    other.connected(user, device, True)
    await until(lambda: one.is_connected(user, device))

    assert network.flips == {one: [(user, True)], other: [(user, True)]}
    await network.end()


async def test_a_killed_process_takes_its_devices_with_it():
    network = Network(**QUICK)
    one, other, third = [await network.process() for _ in range(3)]
    gone, stays = uuid4(), uuid4()
    device = uuid4()
    one.connected(gone, uuid4(), True)
    one.connected(stays, device, True)
    await until(lambda: is_online(other, stays) and is_online(third, stays) and is_online(third, gone))

    await network.kill(one)
    other.connected(stays, device, True)
    await until(lambda: not is_online(other, gone) and not is_online(third, gone))

    assert is_online(other, stays)
    for board in (other, third):
        assert [flip for flip in network.flips[board] if flip[0] == stays] == [(stays, True)]
        assert [flip for flip in network.flips[board] if flip[0] == gone] == [(gone, True), (gone, False)]
    assert [s for s in network.stored if s == (gone, False)] == [(gone, False)]  # by one of them
    await network.end()


async def test_a_process_that_ends_says_so():
    network = Network(beat_seconds=0.02, ttl_seconds=60, offline_seconds=0.02)
    one, other = await network.process(), await network.process()
    user = uuid4()
    one.connected(user, uuid4(), True)
    await until(lambda: is_online(other, user))
    await one.stop()
    await until(lambda: not is_online(other, user))
    assert (user, False) in network.stored
    await network.end()


async def test_a_new_process_learns_of_everybody():
    network = Network(**PATIENT)
    one = await network.process()
    places = [(uuid4(), uuid4()) for _ in range(1200)]
    for user, device in places:
        one.connected(user, device, True)

    new = await network.process()
    await until(lambda: new.people == len(places))

    one.connected(*places[0], False)
    await until(lambda: not new.is_connected(*places[0]))
    await network.end()


async def test_what_was_not_heard_is_asked_for():
    network = Network(beat_seconds=0.02, ttl_seconds=60, offline_seconds=0)
    one, other = await network.process(), await network.process()
    here, gone = (uuid4(), uuid4()), (uuid4(), uuid4())
    one.connected(*gone, True)
    await until(lambda: is_online(other, gone[0]))

    network.line_of(other).is_deaf = True
    one.connected(*gone, False)
    one.connected(*here, True)
    network.line_of(other).is_deaf = False

    await until(lambda: is_online(other, here[0]) and not is_online(other, gone[0]))
    await network.end()


async def test_without_the_bus_others_are_unknown_and_nobody_is_taken_for_gone():
    network = Network(**QUICK)
    one, other = await network.process(), await network.process()
    theirs, mine, nobody = uuid4(), uuid4(), uuid4()
    one.connected(theirs, uuid4(), True)
    other.connected(mine, uuid4(), True)
    await until(lambda: is_online(other, theirs))
    assert other.knows(nobody)
    assert other.knows(theirs)
    deaf: list[bool] = []
    other.on_deaf(lambda: deaf.append(other.knows(theirs)))

    for line in network.lines:
        line.healthy = False
    await until(lambda: not other.knows(nobody))
    assert other.knows(mine)
    assert not other.knows(theirs)  # they may have gone long ago
    await until(lambda: deaf == [False])
    assert is_online(other, theirs)

    for line in network.lines:
        line.healthy, line.gaps = True, 1
    assert not other.knows(nobody)  # they may be with one that was not heard yet
    await until(lambda: other.knows(nobody))
    await asyncio.gather(*(until(lambda b=b: b.people == 2) for b in (one, other)))
    assert other.knows(theirs)
    assert sorted(network.flips[other]) == sorted([(theirs, True), (mine, True)])
    await network.end()


async def test_after_a_silence_nobody_is_taken_for_gone_until_all_have_spoken():
    network = Network(**QUICK | {"ttl_seconds": 2})
    one, other = await network.process(), await network.process()
    await until(lambda: one.id in other._nodes)
    nobody = uuid4()
    for line in network.lines:
        line.healthy = False
    await until(lambda: not other.knows(nobody))
    network.line_of(one).is_mute = True
    for line in network.lines:
        line.healthy = True

    await until(lambda: other._asked_at is not None)
    asked_at = other._asked_at
    await until(lambda: other._now() > asked_at + 0.2)
    assert not other.knows(nobody)
    network.line_of(one).is_mute = False
    other._say("ASK")
    await until(lambda: other.knows(nobody))
    await network.end()


async def test_who_never_answers_is_not_waited_for():
    network = Network(**QUICK)
    one, other = await network.process(), await network.process()
    await until(lambda: one.id in other._nodes)
    await network.kill(one)
    line = network.line_of(other)
    line.healthy = False
    await until(lambda: not other.knows(uuid4()))
    line.healthy = True
    await until(lambda: other.knows(uuid4()))
    await network.end()


async def test_who_asks_while_all_are_told_gets_the_beginning_too():
    network = Network(**PATIENT)
    one = await network.process()
    places = [(uuid4(), uuid4()) for _ in range(1200)]
    for user, device in places:
        one.connected(user, device, True)
    one._is_asked_again, one._telling = True, asyncio.create_task(one._tell_all())
    await asyncio.sleep(0)  # its first part is said

    new = await network.process()

    assert new.people == len(places)
    await network.end()


async def test_who_was_asked_for_has_answered_when_listeners_hear():
    network = Network(**QUICK)
    one, other = await network.process(), await network.process()
    theirs = uuid4()
    network.line_of(other).healthy = False
    await until(lambda: not other.knows(theirs))
    one.connected(theirs, uuid4(), True)
    heard: list[bool] = []
    other.on_heard(lambda: heard.append(is_online(other, theirs)))

    network.line_of(other).healthy = True

    await until(lambda: heard)
    assert heard == [True]
    await network.end()


async def test_a_failure_does_not_silence_a_process():
    network = Network(**QUICK)
    one, other = await network.process(), await network.process()
    user = uuid4()
    one.connected(user, uuid4(), True)
    failed: list[bool] = []

    def fail() -> None:
        failed.append(True)
        raise RuntimeError

    one.on_heard(fail)
    network.line_of(one).gaps = 1
    await until(lambda: failed)
    beaten = one._next_beat
    await until(lambda: one._next_beat > beaten)
    assert is_online(other, user)
    await network.end()


async def test_alone_too_it_forgets_who_left_long_ago():
    network = Network(beat_seconds=0.02, offline_seconds=0)
    board = DeviceBoard(Line(network), network.settings, alone=True)
    await board.start()
    places = [(uuid4(), uuid4()) for _ in range(3)]
    for place in places:
        board.connected(*place, True)
        board.connected(*place, False)
    await until(lambda: len(board._left) == 3)
    board._left[places[0][0]] -= timedelta(minutes=11)

    await until(lambda: len(board._left) == 2)

    assert board.left_at(places[0][0]) is None
    await board.stop()


async def test_one_that_was_silent_and_is_back_keeps_its_devices():
    network = Network(**QUICK)
    one, other = await network.process(), await network.process()
    user = uuid4()
    one.connected(user, uuid4(), True)
    await until(lambda: is_online(other, user))
    line = network.line_of(one)

    line.is_mute = True
    await until(lambda: one.id not in other._nodes)
    line.is_mute = False  # before or after its devices were taken for gone

    await until(lambda: one.id in other._nodes and is_online(other, user))
    await until(lambda: other._nodes[one.id].devices.digest == one._own.digest)
    assert is_online(other, user)
    await network.end()


def test_a_digest_is_the_same_in_any_order():
    places = [(uuid4(), uuid4()) for _ in range(5)]
    some, others = Places(places), Places([*reversed(places), *places])
    assert some.digest == others.digest
    for place in (places[1], places[1], (uuid4(), uuid4())):
        some.discard(place)
    assert some.digest == Places([places[0], *places[2:]]).digest != others.digest
    assert Places().digest == "0"


async def test_nonsense_is_refused_and_forgotten():
    network = Network(**PATIENT)
    one = await network.process()
    for payload in ({}, {"kind": "CAME", "node": "x"}, {"kind": "CAME", "node": uuid4().hex}):
        try:
            one.hear(Announcement("device", uuid4(), key="", payload=payload))
        except (ValueError, KeyError):
            continue
        raise AssertionError(payload)
    one.hear(Announcement("device", uuid4(), key="", payload={"kind": "LATER", "node": uuid4().hex}))
    assert one.people == 0
    await network.end()
