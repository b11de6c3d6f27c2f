"""Who is connected: every process knows all devices of all processes, and looks nothing up.

A process tells the others of each device that comes or goes, and every 25 seconds that it is there, with the number and
a digest of its devices: whoever counts differently asks for all of them. One that is silent for 60 seconds is gone with
its devices (kill -9). Nothing is kept in Redis, so nothing there can be stale, lost or forged; it carries words only,
signed, and without it people of other processes are unknown, not offline.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import structlog

from app.core.bus import Announcement
from app.core.clock import new_id, now
from app.core.slices import Slices
from app.presence.nodes import Node, Place, Places
from app.settings_chat import PresenceSettings

logger = structlog.get_logger("presence")
TOPIC = "device"
_PART = 500  # devices in one message
_REMEMBERED = timedelta(minutes=10)  # who went offline: until then it is certainly stored
_ANSWER_SECONDS = 5.0  # how long those that were asked are waited for
_ANSWER_PAUSE = 0.01
_CHANGED_AT_ONCE = 200  # devices in one tick of the loop: 1 ms or so


class Carrier(Protocol):
    """What carries words between processes: the bus."""

    @property
    def healthy(self) -> bool: ...

    @property
    def gaps(self) -> int: ...

    def announce(self, announcement: Announcement) -> None: ...


class Changed(Protocol):
    """Hears that the devices of a person changed. `flips`: they came online or went offline by it. `is_ours`: of all
    processes this one shall store it."""

    def __call__(self, user_id: UUID, *, flips: bool, is_ours: bool) -> None: ...


@dataclass(slots=True)
class _Device:
    """A device that is connected to these processes, or to none since so short a time that it counts as online."""

    nodes: set[UUID] = field(default_factory=set)
    gone_at: datetime | None = None
    end: asyncio.TimerHandle | None = None


class DeviceBoard:
    """The process's view. `alone`: there are no other processes. Listeners hear of changes in their tick."""

    def __init__(self, carrier: Carrier, settings: PresenceSettings, *, alone: bool) -> None:
        self.id = new_id()
        self._carrier = carrier
        self._settings = settings
        self._alone = alone
        self._people: dict[UUID, dict[UUID, _Device]] = {}
        self._left: dict[UUID, datetime] = {}
        self._own = Places()
        self._nodes: dict[UUID, Node] = {}
        self._listeners: list[Changed] = []
        self._hearers: list[Callable[[], None]] = []
        self._deaf_listeners: list[Callable[[], None]] = []
        self._slices = Slices(_CHANGED_AT_ONCE)
        self._gaps = carrier.gaps
        self._heard_at = float("-inf")  # when the carrier was last seen well
        self._sure_at = float("-inf")  # when it was last known whom all others have
        self._was_sure = False
        self._asked_at: float | None = None  # all others, who have not all answered yet
        self._next_beat = 0.0
        self._is_over = False
        self._telling: asyncio.Task[None] | None = None
        self._is_asked_again = False
        self._ticking: asyncio.Task[None] | None = None

    # ── asking ────────────────────────────────────────────────────────────────────────────────────

    def knows(self, user_id: UUID) -> bool:
        """Whether it can be told who of the person's devices is online. Of one's own process it always can; what others
        said is old after the time to live."""
        return self._is_sure or any(self.id in device.nodes for device in self._people.get(user_id, {}).values())

    @property
    def _is_sure(self) -> bool:
        return self._alone or self._now() - self._sure_at < self._settings.ttl_seconds

    def devices(self, user_id: UUID) -> Iterable[UUID]:
        """The person's devices that count as online."""
        return self._people.get(user_id, {}).keys()

    def is_connected(self, user_id: UUID, device_id: UUID) -> bool:
        """Whether a device has a connection this moment."""
        device = self._people.get(user_id, {}).get(device_id)
        return device is not None and bool(device.nodes) and (self.id in device.nodes or self._is_sure)

    def left_at(self, user_id: UUID) -> datetime | None:
        """When somebody who is offline went, if that was lately."""
        return self._left.get(user_id)

    def own_people(self) -> set[UUID]:
        """Everybody who is connected to this process."""
        return {user_id for user_id, _ in self._own}

    def leaving(self) -> dict[UUID, datetime]:
        """Everybody who is connected to no other process, and when they went: whom this one takes along at its end."""
        at = now()
        return {
            user_id: max(device.gone_at or at for device in devices.values())
            for user_id, devices in self._people.items()
            if all(device.nodes <= {self.id} for device in devices.values())
        }

    @property
    def people(self) -> int:
        """How many are online."""
        return len(self._people)

    def on_change(self, listener: Changed) -> None:
        """Calls `listener` from now on."""
        self._listeners.append(listener)

    def on_heard(self, listener: Callable[[], None]) -> None:
        """Calls `listener` a moment after other processes were asked whom they have, when they have answered."""
        self._hearers.append(listener)

    def on_deaf(self, listener: Callable[[], None]) -> None:
        """Calls `listener` when it is no longer known whom the other processes have."""
        self._deaf_listeners.append(listener)

    # ── life ──────────────────────────────────────────────────────────────────────────────────────

    async def start(self) -> None:
        """Asks the other processes whom they have, and listens to the carrier from now on."""
        if not self._alone:
            self._meet()
            await asyncio.sleep(min(0.2, self._settings.beat_seconds))  # they begin to answer
            for _ in range(int(_ANSWER_SECONDS / _ANSWER_PAUSE)):
                if not self._carrier.healthy or self._be_sure(self._now()):
                    break
                await asyncio.sleep(_ANSWER_PAUSE)
        self._ticking = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        """Says goodbye and forgets everything. Listeners hear nothing of it."""
        for task in (self._ticking, self._telling):
            if task is not None:
                task.cancel()
        self._listeners.clear()
        self._say("BYE")
        self._is_over = True
        self._slices.clear()
        for devices in self._people.values():
            for device in devices.values():
                if device.end is not None:
                    device.end.cancel()
        self._people.clear()

    async def _tick(self) -> None:
        pause = min(1.0, self._settings.beat_seconds / 4)
        while True:
            await asyncio.sleep(pause)
            try:
                self._listen(self._now(), pause)
            except Exception:
                logger.exception("board_tick_failed")  # a process without beats would be taken for dead

    def _listen(self, at: float, pause: float) -> None:
        was_deaf = at - self._heard_at > 2 * pause
        if self._carrier.healthy:
            self._heard_at = at
            if was_deaf or self._carrier.gaps != self._gaps:
                self._gaps = self._carrier.gaps
                self._meet()
            else:
                self._be_sure(at)
            self._drop_silent(at)
        was_sure, self._was_sure = self._was_sure, self._is_sure
        if was_sure and not self._was_sure:
            for lost in self._deaf_listeners:
                lost()
        if at >= self._next_beat:
            self._beat()
        limit = now() - _REMEMBERED
        for user_id in list(itertools.takewhile(lambda u: self._left[u] < limit, self._left)):  # the oldest come first
            del self._left[user_id]

    def _meet(self) -> None:
        """After a silence: everybody says whom they have, and gets the time to."""
        self._heard_at = self._asked_at = self._now()
        for node in self._nodes.values():
            node.heard_at = self._heard_at
        self._say("ASK")
        self._beat()

    def _be_sure(self, at: float) -> bool:
        """Called a moment after a meeting, when those nobody knew before have begun to answer: whether everybody has.
        Who is silent for too long is not waited for."""
        asked_at = self._asked_at
        if asked_at is not None:
            is_late = at - asked_at > min(_ANSWER_SECONDS, self._settings.ttl_seconds)
            if not is_late and any(node.told_at < asked_at for node in self._nodes.values()):
                return False
        self._sure_at, self._asked_at = at, None
        if asked_at is not None:
            for heard in self._hearers:
                heard()
        return True

    def _beat(self) -> None:
        self._next_beat = self._now() + self._settings.beat_seconds
        self._say("BEAT", count=len(self._own), digest=self._own.digest)

    def _drop_silent(self, at: float) -> None:
        for node_id in [n for n, node in self._nodes.items() if at - node.heard_at > self._settings.ttl_seconds]:
            node = self._nodes.pop(node_id)
            gone_at = now() - timedelta(seconds=at - node.heard_at)
            self._leave(node, node_id, gone_at)

    def _leave(self, node: Node, node_id: UUID, gone_at: datetime | None = None) -> None:
        """A process is gone, with all its devices."""

        def leave(place: Place) -> None:
            back = self._nodes.get(node_id)
            if back is None or place not in back.devices:
                self._went(place, node_id, gone_at=gone_at)

        for place in node.devices:
            self._slices.add(leave, place)

    # ── one's own devices ─────────────────────────────────────────────────────────────────────────

    def connected(self, user_id: UUID, device_id: UUID, is_connected: bool) -> None:
        """A device of this process came or went: a listener of LiveDevices."""
        place = (user_id, device_id)
        if is_connected:
            self._own.add(place)
            self._came(place, self.id)
        else:
            self._own.discard(place)
            self._went(place, self.id)
        self._say("CAME" if is_connected else "WENT", place)

    def _say(self, kind: str, place: Place | None = None, **facts: Any) -> None:
        if self._alone or self._is_over:
            return
        user_id, device = (place[0], {"device": place[1].hex}) if place else (self.id, {})
        payload = {"kind": kind, "node": self.id.hex, **device, **facts}
        self._carrier.announce(Announcement(TOPIC, user_id, key="", payload=payload))

    async def _tell_all(self) -> None:
        """In parts, so that no loop slice is long. Who comes or goes meanwhile is told in between; who asks meanwhile
        may have missed the beginning."""
        self._is_asked_again = False
        places = list(self._own)
        for start in range(0, max(1, len(places)), _PART):
            part = [[u.hex, d.hex] for u, d in places[start : start + _PART] if (u, d) in self._own]
            self._say("ALL", devices=part, first=start == 0, last=start + _PART >= len(places))
            await asyncio.sleep(0.005)
        if self._is_asked_again:
            await self._tell_all()

    # ── what others say ───────────────────────────────────────────────────────────────────────────

    def hear(self, announcement: Announcement) -> None:
        """A word of another process. Raises ValueError or KeyError for what is none."""
        if self._is_over:
            return
        said = announcement.payload
        node_id = UUID(said["node"])
        if said["kind"] == "BYE":
            if gone := self._nodes.pop(node_id, None):
                self._leave(gone, node_id)
            return
        if node_id not in self._nodes:
            self._nodes[node_id] = Node(self._now())
        node = self._nodes[node_id]
        node.heard_at = self._now()
        match said["kind"]:
            case "CAME":
                self._add(node, node_id, (announcement.stream_id, UUID(said["device"])))
            case "WENT":
                self._remove(node, node_id, (announcement.stream_id, UUID(said["device"])))
            case "BEAT":
                self._compare(node, node_id, said)
            case "ALL":
                self._take_part(node, node_id, said)
            case "ASK" if said.get("of") in (None, self.id.hex):
                self._is_asked_again = True
                if self._telling is None or self._telling.done():
                    self._telling = asyncio.create_task(self._tell_all())

    def _add(self, node: Node, node_id: UUID, place: Place) -> None:
        node.devices.add(place)
        if node.coming is not None:
            node.coming.add(place)
        self._came(place, node_id)

    def _remove(self, node: Node, node_id: UUID, place: Place) -> None:
        if node.coming is not None:
            node.coming.discard(place)
        if place in node.devices:
            node.devices.discard(place)
            self._went(place, node_id)

    def _compare(self, node: Node, node_id: UUID, said: Mapping[str, Any]) -> None:
        if node.coming is not None and self._now() - node.asked_at < self._settings.beat_seconds:
            return
        if (len(node.devices), node.devices.digest) != (said["count"], said["digest"]):
            node.asked_at = self._now()
            self._say("ASK", of=node_id.hex)

    def _take_part(self, node: Node, node_id: UUID, said: Mapping[str, Any]) -> None:
        if said["first"]:
            node.coming = set()
        if node.coming is None:
            return  # its beginning was lost
        for user_id, device_id in said["devices"]:
            self._add(node, node_id, (UUID(user_id), UUID(device_id)))
        if said["last"]:
            for place in [place for place in node.devices if place not in node.coming]:
                self._remove(node, node_id, place)
            node.coming, node.told_at = None, self._now()

    # ── changes ───────────────────────────────────────────────────────────────────────────────────

    def _came(self, place: Place, node_id: UUID) -> None:
        user_id, device_id = place
        devices = self._people.setdefault(user_id, {})
        flips, device = not devices, devices.get(device_id)
        if device is None:
            device = devices[device_id] = _Device()
            self._left.pop(user_id, None)
        else:
            flips = False
            if device.end is not None:
                device.end.cancel()
                device.end = device.gone_at = None
        is_new = not device.nodes
        device.nodes.add(node_id)
        if is_new:
            self._tell(user_id, flips=flips, is_ours=node_id == self.id)

    def _went(self, place: Place, node_id: UUID, *, gone_at: datetime | None = None) -> None:
        """`gone_at`: when, if that is long ago."""
        user_id, device_id = place
        device = self._people.get(user_id, {}).get(device_id)
        if device is None or node_id not in device.nodes:
            return
        device.nodes.discard(node_id)
        if device.nodes:
            return
        device.gone_at = gone_at or now()
        seconds = 0.0 if gone_at else self._settings.offline_seconds
        device.end = asyncio.get_running_loop().call_later(seconds, self._slices.add, self._drop, place, node_id)

    def _drop(self, place: Place, node_id: UUID) -> None:
        """A device has been gone for long enough, unless it came back just now."""
        user_id, device_id = place
        devices = self._people.get(user_id, {})
        if device_id not in devices or devices[device_id].nodes:
            return
        device = devices.pop(device_id)
        if not devices:
            del self._people[user_id]
            self._left[user_id] = device.gone_at or now()
        self._tell(user_id, flips=not devices, is_ours=self._is_ours(node_id))

    def _is_ours(self, node_id: UUID) -> bool:
        """What a process saw, it stores; what of one that is gone is left, the first of the others."""
        if node_id == self.id or node_id in self._nodes:
            return node_id == self.id
        return self.id == min((self.id, *self._nodes))

    def _tell(self, user_id: UUID, *, flips: bool, is_ours: bool) -> None:
        for listener in self._listeners:
            listener(user_id, flips=flips, is_ours=is_ours)

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
