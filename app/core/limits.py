"""Rate limits: one table of what may be done how often, and what happens while Redis is away.

A resolver or service asks `await runtime.limits.admit(name, …)`. Shared rates are counted in Redis (by the `limits`
library) so that all processes agree; without Redis, and for very frequent actions, each process counts for itself.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from typing import Any
from uuid import UUID

import structlog
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.aio.storage import RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from redis.asyncio import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from app.core import clock
from app.core.counters import Count, LocalCounters
from app.core.errors import ErrorCode, RateLimitedError, UnavailableError, UserFault
from app.core.records import record
from app.core.viewer import Client, Viewer

logger = structlog.get_logger("limits")
_STORE_SECONDS = 0.5  # the longest wait for Redis
_AWAY_SECONDS = 3.0  # how long nobody asks a Redis that has just failed


class By(Enum):
    """Whom a rate counts. Rows by user count nobody who is signed out."""

    IP = "ip"
    USER = "user"
    IDENTIFIER = "identifier"


class Away(Enum):
    """What a shared rate does while Redis is away."""

    LOCAL = "local"  # each process counts for itself
    REFUSE = "refuse"  # UNAVAILABLE: better not at all than unlimited


@dataclass(slots=True, frozen=True)
class Rate:
    """`limit` times in `seconds`. `key` is unique, and what the setting `rates` overrides; several rows can share a
    name (the part before the dot) and then all must admit."""

    key: str
    limit: int
    seconds: int
    by: By
    away: Away = Away.LOCAL
    shared: bool = True

    @property
    def name(self) -> str:
        return self.key.partition(".")[0]


# Not shared = counted by each process (N processes admit up to N times as much): those actions are so frequent that a
# round trip each would cost more than it protects.
RATES: tuple[Rate, ...] = (
    Rate("register", 5, 3600, By.IP, Away.REFUSE),
    Rate("logIn", 5, 900, By.IP),
    Rate("logInAccount", 5, 900, By.IDENTIFIER),
    Rate("refreshSession", 300, 900, By.IP),  # many people share an address, and each device refreshes every 15 min
    Rate("refreshSession.session", 10, 900, By.IDENTIFIER),
    Rate("otpSend", 3, 600, By.IDENTIFIER, Away.REFUSE),  # messages cost money
    Rate("otpSms", 1000, 3600, By.IDENTIFIER, Away.REFUSE),  # of all people together: a breaker against SMS pumping
    Rate("otpSend.ip", 10, 3600, By.IP, Away.REFUSE),
    Rate("otpVerify", 30, 900, By.IP),
    Rate("addIdentifier", 10, 3600, By.USER, Away.REFUSE),
    Rate("passwordReset", 3, 600, By.IDENTIFIER, Away.REFUSE),
    Rate("passwordReset.ip", 10, 3600, By.IP, Away.REFUSE),
    Rate("resetPassword", 30, 900, By.IP),
    Rate("changePassword", 5, 900, By.USER),  # the present password is guessed no faster than by logIn
    Rate("verifyEmail", 30, 900, By.USER),
    Rate("resendEmailVerification", 3, 600, By.USER, Away.REFUSE),
    Rate("contactRequest", 30, 3600, By.USER),
    Rate("contactRequest.burst", 10, 60, By.USER),
    Rate("contactChange", 60, 60, By.USER),
    Rate("block", 30, 60, By.USER),
    Rate("syncContacts", 30, 3600, By.USER),
    Rate("contactHashes", 5000, 86400, By.USER, Away.REFUSE),  # of all calls of a day: numbers must not be tried out
    Rate("searchUsers", 100, 900, By.USER),
    Rate("exportConversation", 10, 86400, By.USER),
    Rate("contactSuggestions", 60, 60, By.USER, shared=False),
    Rate("searchMessages", 60, 60, By.USER),
    Rate("connectionCode", 20, 60, By.USER),
    Rate("scanConnectionCode", 30, 900, By.USER),
    Rate("updateProfile", 30, 3600, By.USER),  # each tells everybody who may see it
    Rate("updatePrivacy", 60, 3600, By.USER),
    Rate("usernameChange", 3, 86400, By.USER),  # each holds a name for a week
    Rate("oauth", 60, 900, By.IP),
    Rate("twoFactorVerify", 30, 900, By.IP),
    Rate("twoFactorVerify.account", 20, 900, By.IDENTIFIER),
    Rate("twoFactorVerify.day", 100, 86400, By.IDENTIFIER),  # only who knows the password gets here
    Rate("twoFactor", 10, 900, By.USER),
    Rate("deviceLink", 60, 900, By.IP),
    Rate("deviceLink.user", 60, 900, By.USER),
    Rate("reauthenticate", 5, 900, By.IDENTIFIER),  # by password, whatever for
    Rate("conversationCreate", 60, 60, By.USER),
    Rate("conversationChange", 60, 60, By.USER),  # each tells all members
    Rate("invite", 30, 60, By.USER),
    Rate("joinByInvite", 30, 900, By.USER),  # codes are not found by trying; nobody shall try either
    Rate("joinByInvite.ip", 100, 900, By.IP),
    Rate("memberAdd", 60, 60, By.USER),
    Rate("memberRemove", 60, 60, By.USER),
    Rate("leaveConversation", 60, 60, By.USER),
    Rate("messageRequest", 60, 60, By.USER),
    Rate("conversationSettings", 120, 60, By.USER, shared=False),  # drafts are saved while one types
    Rate("conversationList", 120, 60, By.USER, shared=False),
    Rate("history", 60, 60, By.USER, shared=False),
    Rate("sendMessage", 30, 60, By.USER, shared=False),
    Rate("sendMessage.burst", 5, 1, By.USER, shared=False),
    Rate("sendMessages", 10, 60, By.USER, shared=False),  # each holds up to limits.batchItems messages
    Rate("forwardMessages", 10, 60, By.USER, shared=False),  # as sendMessages
    Rate("scheduleMessage", 30, 60, By.USER, shared=False),
    Rate("editMessage", 30, 60, By.USER, shared=False),
    Rate("deleteMessage", 120, 60, By.USER, shared=False),
    Rate("reaction", 60, 60, By.USER, shared=False),
    Rate("reaction.burst", 10, 1, By.USER, shared=False),
    Rate("pinMessage", 30, 60, By.USER, shared=False),
    Rate("saveMessage", 60, 60, By.USER, shared=False),
    Rate("viewAttachment", 60, 60, By.USER, shared=False),
    Rate("followThread", 60, 60, By.USER, shared=False),
    Rate("mark", 10, 1, By.USER, shared=False),
    Rate("markAllRead", 10, 60, By.USER, shared=False),  # each writes to every conversation with something unread
    Rate("typing", 5, 1, By.USER, shared=False),
    Rate("presence", 12, 60, By.USER, shared=False),  # one in 5 seconds, of which a person may save some up
)


@record(slots=True, frozen=True)
class Budget:
    """What a caller may still spend on operations in this minute. `cost` is what this one took."""

    cost: int
    limit: int
    remaining: int
    resets_at: datetime


def configured_rates(overrides: Mapping[str, str]) -> tuple[Rate, ...]:
    """The table with the setting `rates` applied; {"logIn": "9/60"} is a limit and its seconds. Raises ValueError."""
    unknown = set(overrides) - {rate.key for rate in RATES}
    if unknown:
        raise ValueError(f"unknown rates: {', '.join(sorted(unknown))}; known: {', '.join(r.key for r in RATES)}")
    return tuple(_overridden(rate, overrides.get(rate.key)) for rate in RATES)


def _overridden(rate: Rate, text: str | None) -> Rate:
    if text is None:
        return rate
    limit, _, seconds = text.partition("/")
    if not (limit.isdigit() and seconds.isdigit() and int(limit) and int(seconds)):
        raise ValueError(f'rate {rate.key}: "{text}" is not of the form limit/seconds, such as 30/60')
    return replace(rate, limit=int(limit), seconds=int(seconds))


class RateLimits:
    """The process's rate limits. `redis_url` empty: everything is counted here."""

    def __init__(
        self,
        redis_url: str,
        *,
        overrides: Mapping[str, str],
        cost_per_minute: int,
        cost_least: int = 1,
        signed_out_per_minute: int | None = None,
        prefix: str = "parley",
    ) -> None:
        self._rates: dict[str, list[tuple[Rate, RateLimitItem]]] = {}
        self.rates = configured_rates(overrides)
        for rate in self.rates:
            item = RateLimitItemPerSecond(rate.limit, rate.seconds, namespace=rate.key)
            self._rates.setdefault(rate.name, []).append((rate, item))
        self._cost_per_minute = cost_per_minute
        self._cost_least = cost_least
        share = cost_per_minute // signed_out_per_minute if signed_out_per_minute else 0
        self._cost_least_signed_out = max(cost_least, share)
        self._local = LocalCounters()
        self._pool = _pool(redis_url) if redis_url else None
        self._shared = _limiter(redis_url, self._pool, prefix) if self._pool is not None else None
        self._away_until = 0.0

    async def close(self) -> None:
        """Closes the connections to Redis."""
        if self._pool is not None:
            await self._pool.disconnect()

    async def admit(
        self,
        name: str,
        *,
        viewer: Viewer | None = None,
        client: Client | None = None,
        identifier: str | None = None,
        cost: int = 1,
    ) -> None:
        """Counts one action (or `cost` of them) against every row of that name: those by identifier when one is given,
        else the others.

        A mutation counts viewer and client before it runs; its service then the identifier alone, once it is checked.

        Raises UserFault RATE_LIMITED with retryAfter; UnavailableError where Redis is away and the row refuses then.
        """
        now = clock.now().timestamp()
        for rate, item in self._rates[name]:
            if (rate.by is By.IDENTIFIER) != (identifier is not None):
                continue
            subject = _subject(rate.by, viewer, client, identifier)
            if subject is None:
                continue
            if rate.shared and self._shared is not None:
                count = await self._hit_shared(self._shared, rate, item, subject, cost)
            else:
                count = self._local.hit((rate.key, subject), rate.limit, rate.seconds, now=now, cost=cost)
            if not count.admitted:
                raise _too_often(rate, count, clock.now().timestamp())

    def admit_some(self, key: str, viewer: Viewer, wanted: int) -> tuple[int, UserFault | None]:
        """Counts as many of `wanted` actions as the row of this key (one that processes count for themselves, by user)
        has room for; returns how many, and what the rest is to be told."""
        rate = next(rate for rate in self.rates if rate.key == key)
        assert not rate.shared, "a shared count can't be read and taken at once"
        subject, now = (key, viewer.user_id.hex), clock.now().timestamp()
        room = min(wanted, self._local.look(subject, rate.limit, rate.seconds, now=now).remaining)
        if room:
            self._local.hit(subject, rate.limit, rate.seconds, now=now, cost=room)
        if room == wanted:
            return room, None
        count = self._local.hit(subject, rate.limit, rate.seconds, now=now)
        return room, _too_often(rate, count, now)

    async def left(self, rate: Rate, *, viewer: Viewer | None, client: Client) -> Count | None:
        """What the caller has left of a row; None where it does not count callers, or can't be told now."""
        subject = _subject(rate.by, viewer, client, None)
        if subject is None:
            return None
        if not rate.shared or self._shared is None:
            return self._local.look((rate.key, subject), rate.limit, rate.seconds, now=clock.now().timestamp())
        item = next(item for row, item in self._rates[rate.name] if row == rate)
        try:
            async with asyncio.timeout(_STORE_SECONDS):
                resets_at, remaining = await self._shared.get_window_stats(item, subject)
        except (RedisError, OSError):
            return None
        return Count(remaining > 0, remaining, resets_at)

    def spend(self, viewer: Viewer | None, client: Client, cost: int) -> Budget:
        """Takes the cost of an operation from the caller's minute (their account, else their address): at least
        `cost_least`, and signed out the part that lets `signed_out_per_minute` through. Raises RateLimitedError.
        """
        return self.charge(viewer, client, max(cost, self._cost_least if viewer else self._cost_least_signed_out))

    def charge(self, viewer: Viewer | None, client: Client, cost: int) -> Budget:
        """Takes exactly so much. Counted by this process. Raises RateLimitedError."""
        now = clock.now().timestamp()
        count = self._local.hit(_payer(viewer, client), self._cost_per_minute, 60, now=now, cost=cost)
        if not count.admitted:
            raise RateLimitedError(retry_after=max(1, math.ceil(count.resets_at - now)))
        return self._budget(count, cost)

    def budget(self, viewer: Viewer | None, client: Client) -> Budget:
        """What the caller has left, without taking anything."""
        now = clock.now().timestamp()
        return self._budget(self._local.look(_payer(viewer, client), self._cost_per_minute, 60, now=now), 0)

    def _budget(self, count: Count, cost: int) -> Budget:
        return Budget(cost, self._cost_per_minute, count.remaining, _instant(count.resets_at))

    async def _hit_shared(
        self, limiter: SlidingWindowCounterRateLimiter, rate: Rate, item: RateLimitItem, subject: str, cost: int
    ) -> Count:
        now = clock.now().timestamp()
        if now >= self._away_until:
            try:
                async with asyncio.timeout(_STORE_SECONDS):
                    if await limiter.hit(item, subject, cost=cost):
                        return Count(True, 0, 0)
                    resets_at, remaining = await limiter.get_window_stats(item, subject)
                    return Count(False, remaining, resets_at)
            except (RedisError, OSError) as error:  # TimeoutError is an OSError
                self._away_until = clock.now().timestamp() + _AWAY_SECONDS
                logger.warning("rate limits without Redis", error=type(error).__name__)
        if rate.away is Away.REFUSE:
            raise UnavailableError
        return self._local.hit((rate.key, subject), rate.limit, rate.seconds, now=now, cost=cost)


@lru_cache(256)  # windows end at full minutes
def _instant(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _too_often(rate: Rate, count: Count, now: float) -> UserFault:
    wait = max(1, math.ceil(count.resets_at - now))
    return UserFault(ErrorCode.RATE_LIMITED, f"Too often: wait {wait} seconds.", retry_after=wait, limit=rate.limit)


def _pool(url: str) -> ConnectionPool:
    return ConnectionPool.from_url(
        url, socket_timeout=_STORE_SECONDS, socket_connect_timeout=_STORE_SECONDS, retry=Retry(NoBackoff(), 0)
    )


def _limiter(url: str, pool: ConnectionPool, prefix: str) -> SlidingWindowCounterRateLimiter:
    options: dict[str, Any] = {"connection_pool": pool}
    storage = RedisStorage(f"async+{url}", implementation="redispy", key_prefix=f"{prefix}:rate", **options)
    return SlidingWindowCounterRateLimiter(storage)


def _subject(by: By, viewer: Viewer | None, client: Client | None, identifier: str | None) -> str | None:
    match by:
        case By.IP:
            return network_of(client.ip) if client else None
        case By.USER:
            return viewer.user_id.hex if viewer else None
        case By.IDENTIFIER:  # hashed: Redis need not know who signs in
            return hashlib.sha256(identifier.encode()).hexdigest()[:32] if identifier else None


def _payer(viewer: Viewer | None, client: Client) -> tuple[str, UUID | str]:
    return ("cost", viewer.user_id if viewer else network_of(client.ip))


def network_of(ip: str) -> str:
    """An IPv4 address, or the /64 that one household or host has of IPv6."""
    if ":" not in ip:
        return ip
    try:
        address = ipaddress.IPv6Address(ip.partition("%")[0])
    except ValueError:
        return ip
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address) >> 64 << 64, 64)))
