"""Who watches whose presence: the routes of `presenceChanged`, what was told last, and what changed since.

A subscription wants some people (its viewer's contacts, or those it names: the members of the conversation that is
open). Each of them it may see is a route to what viewers of that sight are told, rendered once for all of them. One
task does all the reading, in batches: what was dirty a moment ago is judged and told together.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar
from uuid import UUID

import structlog

from app.accounts.viewer_changes import ViewerChange, viewer_change
from app.contacts.loaders import load_contact_ids
from app.core.bus import Announcement
from app.core.hub import Hub, RoutedSubscription, give_way
from app.core.log import Event
from app.presence.shown import SIGHTS, Shown, Sight, load_shown
from app.presence.sight import Pair, load_sight
from app.presence.telling import Known, Teller, Watch, announcement_of
from app.settings_chat import PresenceSettings

logger = structlog.get_logger("presence")
_T = TypeVar("_T")
_OPENED_AT_ONCE, _JUDGED_AT_ONCE, _LOOKED_AT_ONCE, _TOLD_AT_ONCE = 20, 250, 200, 16
_AWAY_SECONDS = 1.0


def _taken(waiting: dict[_T, None], most: int) -> list[_T]:
    """The first of those that wait, who wait no longer: taken before anything is read for them, so that what happens
    while it is read makes them wait again."""
    some = list(itertools.islice(waiting, most))
    for one in some:
        del waiting[one]
    return some


class Watchers:
    """All subscriptions to presence in this process; the hub's Router for them."""

    def __init__(self, hub: Hub, settings: PresenceSettings) -> None:
        self._hub = hub
        self._settings = settings
        self._watches: dict[RoutedSubscription, Watch] = {}
        self._watched: dict[UUID, dict[Watch, None]] = {}
        self._viewers: dict[UUID, dict[Watch, None]] = {}
        self._known: dict[UUID, Known] = {}
        self._versions = itertools.count(1)
        self._opened: dict[Watch, None] = {}
        # To be judged: again, which goes first, and for the first time.
        self._doubtful: dict[tuple[Watch, UUID], None] = {}
        self._new: dict[tuple[Watch, UUID], None] = {}
        self._sees_less: dict[tuple[Watch, UUID], None] = {}  # to be told so
        self._is_turn_of_changes = False
        self._changed: dict[UUID, None] = {}
        self._wake = asyncio.Event()
        self._teller = Teller(hub, self._known)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to work."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Ends it, with its timers."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for known in self._known.values():
            if known.timer is not None:
                known.timer.cancel()

    # ── the hub's Router ──────────────────────────────────────────────────────────────────────────

    def opened(self, subscription: Any) -> None:
        """Its routes come with the next batch, and with each of them the present state."""
        if self._settings.enabled:
            watch = self._watches[subscription] = Watch(subscription)
            self._viewers.setdefault(subscription.viewer.user_id, {})[watch] = None
            self._opened[watch] = None
            self._wake.set()

    def closed(self, subscription: Any) -> None:
        """Nobody else may watch its people: then they are forgotten."""
        watch = self._watches.pop(subscription, None)
        if watch is None:
            return
        self._opened.pop(watch, None)
        mine = self._viewers[subscription.viewer.user_id]
        del mine[watch]
        if not mine:
            del self._viewers[subscription.viewer.user_id]
        if watch.waiting is not None:
            watch.waiting.cancel()
        for user_id in watch.wanted:
            self._unwatch(watch, user_id)

    def missed(self, subscription: Any, announcement: Announcement) -> None:
        """The newest state follows when there is room."""
        watch = self._watches.get(subscription)
        if watch is not None:
            self._teller.tell_later(watch, announcement.stream_id)

    def _watch(self, watch: Watch, user_id: UUID) -> None:
        watch.wanted[user_id] = Sight.NOTHING
        self._watched.setdefault(user_id, {})[watch] = None

    def _unwatch(self, watch: Watch, user_id: UUID) -> None:
        watchers = self._watched[user_id]
        del watchers[watch]
        if not watchers:
            del self._watched[user_id]
            known = self._known.pop(user_id, None)
            if known is not None and known.timer is not None:
                known.timer.cancel()

    # ── what happens ──────────────────────────────────────────────────────────────────────────────

    def changed(self, user_id: UUID, *, flips: bool, is_ours: bool = False) -> None:
        """Somebody's devices changed (see board.Changed). Coming and going is told at once; the rest waits until the
        person's last change is 5 seconds ago."""
        known = self._known.get(user_id)
        if known is None:
            return  # nobody watches; or it is about to be looked at for the first time
        wait = known.told_at + self._settings.change_seconds - asyncio.get_running_loop().time()
        if flips or wait <= 0:
            self._look(user_id)
        elif known.timer is None:
            known.timer = asyncio.get_running_loop().call_later(wait, self._look, user_id)

    def _look(self, user_id: UUID) -> None:
        known = self._known.get(user_id)
        if known is None:
            return
        if known.timer is not None:
            known.timer.cancel()
            known.timer = None
        self._changed[user_id] = None
        self._wake.set()

    def look_at_unknown(self) -> None:
        """Other processes can be heard again: who is watched and was unknown is looked at."""
        for user_id, known in self._known.items():
            if known.shown is None:
                self._look(user_id)

    def look_at_all(self) -> None:
        """Other processes can't be heard any more: of whom nothing is known now, that is told."""
        for user_id in self._known:
            self._look(user_id)

    def on_event(self, event: Event) -> None:
        """An event of the log: a person's contacts, blocks, privacy or own record changed, or there is a message
        request, or no longer is."""
        match event.kind:
            case "VIEWER_CHANGED":
                self._on_viewer_changed(event)
            case "CONTACT_CHANGED" | "BLOCK_CHANGED":
                self._doubt_pair(event.stream_id, UUID(event.payload["userId"]))
                self._opened |= self._viewers.get(event.stream_id, {})  # they may want others now
                self._wake.set()
            case "CONVERSATION_ADDED" if event.hidden_from and len(event.joined) == 2:
                self._doubt_pair(*event.joined)
            case "CONVERSATION_LISTED" | "CONVERSATION_UNLISTED":
                self._doubt(event.stream_id)

    def _on_viewer_changed(self, event: Event) -> None:
        change = viewer_change(event)
        if change not in (ViewerChange.PRESENCE, ViewerChange.PROFILE):
            self._doubt(event.stream_id)
        known = self._known.get(event.stream_id)
        if known is not None:
            if change is not ViewerChange.PRESENCE:
                known.version = next(self._versions)  # what was rendered may show another name
            self.changed(event.stream_id, flips=False)

    def _doubt(self, user_id: UUID) -> None:
        """Who sees this person, and whom they see, is judged again: before those who are only coming, as somebody may
        see what they no longer should."""
        for watch in self._watched.get(user_id, ()):
            self._doubtful[watch, user_id] = None
        for watch in self._viewers.get(user_id, ()):
            self._doubtful |= dict.fromkeys((watch, wanted) for wanted in watch.wanted)
        self._wake.set()

    def _doubt_pair(self, one: UUID, other: UUID) -> None:
        for viewer, person in ((one, other), (other, one)):
            for watch in self._viewers.get(viewer, ()):
                if person in watch.wanted:
                    self._doubtful[watch, person] = None
        self._wake.set()

    # ── the work ──────────────────────────────────────────────────────────────────────────────────

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                while work := self._next_work():
                    await work()
                    await give_way()
            except Exception as error:
                logger.warning("presence not told", error=repr(error))
                await asyncio.sleep(_AWAY_SECONDS)
                self._wake.set()

    def _next_work(self) -> Callable[[], Awaitable[None]] | None:
        """Who may see less comes first, then what changed and who is new, in turns."""
        if self._sees_less:
            return self._tell_who_sees_less
        if self._doubtful:
            return self._judge_doubtful
        self._is_turn_of_changes = not self._is_turn_of_changes
        if self._changed and (self._is_turn_of_changes or not (self._new or self._opened)):
            return self._look_at_some
        if self._new:
            return self._judge_new
        return self._open_some if self._opened else None

    async def _open_some(self) -> None:
        """Finds of whom new subscriptions, and those whose viewer's contacts changed, want to hear."""
        some = _taken(self._opened, _OPENED_AT_ONCE)
        asking = [w.subscription.viewer.user_id for w in some if w.subscription.stream.wanted is None]
        try:
            contacts = dict(zip(asking, await load_contact_ids(asking), strict=True)) if asking else {}
        except Exception:
            self._opened |= dict.fromkeys(watch for watch in some if not watch.subscription.is_closed)
            raise
        for watch in some:
            if watch.subscription.is_closed:
                continue
            wanted = watch.subscription.stream.wanted
            people = set(contacts[watch.subscription.viewer.user_id] if wanted is None else wanted)
            for user_id in people - watch.wanted.keys():
                self._watch(watch, user_id)
                self._new[watch, user_id] = None
            for user_id in watch.wanted.keys() - people:
                self._route(watch, user_id, Sight.NOTHING)
                del watch.wanted[user_id]
                self._unwatch(watch, user_id)

    async def _judge_doubtful(self) -> None:
        await self._judge_some(self._doubtful)

    async def _judge_new(self) -> None:
        await self._judge_some(self._new)

    async def _judge_some(self, waiting: dict[tuple[Watch, UUID], None]) -> None:
        """Finds what subscriptions may see of whom, and tells them where that is new."""
        some = [(watch, u) for watch, u in _taken(waiting, _JUDGED_AT_ONCE) if not watch.subscription.is_closed]
        if not some:
            return
        pairs: list[Pair] = [(watch.subscription.viewer.user_id, user_id) for watch, user_id in some]
        distinct = list(dict.fromkeys(pairs))
        try:
            sights = dict(zip(distinct, await load_sight(distinct), strict=True))
            await self._get_to_know({person for (_, person), sight in sights.items() if sight})
        except Exception:
            waiting |= dict.fromkeys(some)
            raise
        for (watch, user_id), pair in zip(some, pairs, strict=True):
            if not watch.subscription.is_closed and user_id in watch.wanted:
                self._route(watch, user_id, sights[pair])

    def _route(self, watch: Watch, user_id: UUID, sight: Sight) -> None:
        before = watch.wanted[user_id]
        if before == sight:
            return
        if before:
            watch.subscription.ignore(user_id, str(int(before)))
        watch.wanted[user_id] = sight
        if sight:
            watch.subscription.listen(user_id, str(int(sight)))
        if before & ~sight:
            self._sees_less[watch, user_id] = None
        else:
            self._teller.tell_later(watch, user_id)

    async def _tell_who_sees_less(self) -> None:
        """Past those who wait for their first states."""
        for watch, user_id in _taken(self._sees_less, _TOLD_AT_ONCE):
            if not watch.subscription.is_closed and not await self._teller.tell(watch, user_id):
                self._teller.tell_later(watch, user_id)

    async def _get_to_know(self, user_ids: Iterable[UUID]) -> None:
        new = [user_id for user_id in user_ids if user_id not in self._known]
        for user_id, shown in zip(new, await load_shown(new) if new else (), strict=True):
            if user_id in self._watched:
                self._known.setdefault(user_id, Known(shown, next(self._versions)))
                self._look(user_id)  # what happened while it was loaded was not noted

    async def _look_at_some(self) -> None:
        """Finds how people look now, and announces what differs."""
        some = _taken(self._changed, _LOOKED_AT_ONCE)
        try:
            found = await load_shown(some) if some else []
        except Exception:
            self._changed |= dict.fromkeys(some)
            raise
        for user_id, shown in zip(some, found, strict=True):
            known = self._known.get(user_id)
            if known is not None and shown != known.shown:
                self._announce(user_id, known, shown)

    def _announce(self, user_id: UUID, known: Known, shown: Shown | None) -> None:
        before, known.shown = known.shown, shown
        known.version = next(self._versions)
        known.told_at = asyncio.get_running_loop().time()
        for sight in SIGHTS:
            if (before and before.seen_with(sight)) != (shown and shown.seen_with(sight)):
                self._hub.announced(announcement_of(user_id, known, sight))
