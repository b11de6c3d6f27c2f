"""Passwords: which are refused, and hashing with argon2id on threads of its own, never on the event loop."""

from __future__ import annotations

import asyncio
import threading
import time
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from passlib.context import CryptContext
from passlib.exc import MissingBackendError

from app.accounts.common_passwords import RUNS, WORDS
from app.core.errors import ErrorCode, UnavailableError, UserFault
from app.settings import AccountSettings

FIELD = ("password",)
# A legitimate person is better told to come back than to wait: at 30 ms a hash and 4 threads this is 2 seconds.
WAITING = 256
_LEGACY_MARGIN = 1.25  # waiting a little longer than they take, they too are as long as all
_LEGACY_MOST = 1.0
_LOOK_ALIKES = str.maketrans("013457@$!|", "oieastasil")
_DECORATION = "0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ "

T = TypeVar("T")


@dataclass(slots=True, frozen=True)
class Verdict:
    """Whether a password was right, and a new hash to store when the old one was made with weaker settings."""

    is_right: bool
    new_hash: str | None = None


class PasswordHasher:
    """argon2id on a few threads. `operations` counts hashings and verifications, for metrics and tests."""

    def __init__(self, settings: AccountSettings) -> None:
        self._context = CryptContext(
            schemes=["argon2", "bcrypt", "pbkdf2_sha256"],  # the last two: accounts brought from elsewhere
            deprecated="auto",
            argon2__type="ID",
            argon2__memory_cost=settings.password_memory_kib,
            argon2__time_cost=2,
            argon2__parallelism=1,
        )
        # Memory is bounded by the threads: each hashing holds password_memory_kib.
        self._threads = ThreadPoolExecutor(settings.password_threads, thread_name_prefix="passwords")
        self._lock = threading.Lock()
        self._waiting = 0
        self.operations = 0
        self._nobody = self._context.hash("nobody's password")
        self._legacy_seconds = 0.0

    async def hash(self, password: str) -> str:
        """The hash to store of a checked password. Raises UNAVAILABLE when too many wait."""
        return await self._run(lambda: self._context.hash(normal(password)))

    async def verify(self, password: str, stored: str | None) -> Verdict:
        """Compares a password with a stored hash. Without one (unknown account, no password) it works as long, in vain.

        Hashes brought from elsewhere take other time. So that being wrong does not tell which accounts have one, from
        the first seen on every wrong password takes as long as one of those, most of it waiting.

        Raises UNAVAILABLE when too many wait.
        """
        verdict, seconds = await self._run(lambda: self._timed(password, stored))
        if not verdict.is_right:
            until = time.monotonic() + self._legacy_seconds - seconds
            # A busy loop wakes early, by its own idea of the time. There is no event to wait for.
            while (left := until - time.monotonic()) > 0:  # noqa: ASYNC110
                await asyncio.sleep(left)
        return verdict

    def close(self) -> None:
        """Waits for the hashings that run, drops those that don't yet."""
        self._threads.shutdown(cancel_futures=True)

    def _timed(self, password: str, stored: str | None) -> tuple[Verdict, float]:
        """In seconds of work, not of queueing, which is the same for all."""
        started = time.monotonic()
        verdict = self._verify(password, stored)
        seconds = time.monotonic() - started
        if not verdict.is_right and stored is not None and not stored.startswith("$argon2"):
            seen = min(_LEGACY_MARGIN * seconds, _LEGACY_MOST)
            self._legacy_seconds = (3 * self._legacy_seconds + seen) / 4 if self._legacy_seconds else seen
        return verdict, seconds

    def _verify(self, password: str, stored: str | None) -> Verdict:
        text = normal(password) if is_storable(password) else ""
        try:
            right, new_hash = self._context.verify_and_update(text, stored or self._nobody)
        except (ValueError, TypeError, MissingBackendError):  # a hash of no known format
            right, new_hash = self._context.verify(text, self._nobody), None
        if not right or stored is None or text == "":
            return Verdict(False)
        return Verdict(True, new_hash)

    async def _run(self, work: Callable[[], T]) -> T:
        with self._lock:
            if self._waiting >= WAITING:
                raise UnavailableError("Many people are signing in: try again in a moment.", retry_after=2)
            self._waiting += 1
            self.operations += 1
        future = self._threads.submit(work)
        future.add_done_callback(self._finished)  # also for a caller who left: its thread is still at work
        return await asyncio.wrap_future(future)

    def _finished(self, _: Future[T]) -> None:
        with self._lock:
            self._waiting -= 1


def normal(password: str) -> str:
    """The same password from every keyboard: NFC, as RFC 8265 says."""
    return unicodedata.normalize("NFC", password)


def is_storable(password: str, longest: int = 1024) -> bool:
    """Whether it can be a password at all: no NUL, no lone surrogate, no novel."""
    return len(password) <= longest and "\x00" not in password and not any("\ud800" <= c <= "\udfff" for c in password)


def check_password(
    password: str, settings: AccountSettings, *, names: Sequence[str] = (), field: tuple[str, ...] = FIELD
) -> None:
    """Refuses what is guessed first. `names` are the username, the e-mail address and the like.

    Raises WEAK_PASSWORD (length, common, like a name) or INVALID (NUL, lone surrogates). No rules of composition and no
    truncation, as NIST 800-63B says.
    """
    text = normal(password) if len(password) <= 8 * settings.password_max else password
    if len(text) < settings.password_min:
        raise _weak(f"Use at least {settings.password_min} characters.", field, limit=settings.password_min)
    if len(text) > settings.password_max:
        raise _weak(f"Use at most {settings.password_max} characters.", field, limit=settings.password_max)
    if not is_storable(text):
        raise UserFault(ErrorCode.INVALID, "A password can't have these characters.", field=field)
    if is_common(text):
        raise _weak("This password is among the first that are guessed: choose another.", field)
    if any(_is_like(text, name) for name in names):
        raise _weak("Don't use your name or address as the password.", field)


def _weak(message: str, field: tuple[str, ...], *, limit: int | None = None) -> UserFault:
    return UserFault(ErrorCode.WEAK_PASSWORD, message, field=field, limit=limit)


def is_common(password: str) -> bool:
    """Whether it is a common word however decorated (P4ssw0rd!23), keys side by side, or a short piece repeated."""
    lower = password.casefold()
    stripped = lower.strip(_DECORATION)
    readings = {stripped, stripped.translate(_LOOK_ALIKES), lower.translate(_LOOK_ALIKES).strip(_DECORATION)}
    readings |= {r[: len(r) // 2] for r in readings if r[: len(r) // 2] * 2 == r}
    is_date_like = "" in readings and len(lower) < 10  # digits and signs only
    return is_date_like or bool(readings & WORDS) or _is_run(lower) or _is_repeated(lower)


def _is_run(text: str) -> bool:
    return any(text in line or text[::-1] in line for line in RUNS)


def _is_repeated(text: str) -> bool:
    return any(text == (text[:n] * len(text))[: len(text)] for n in range(1, 5) if len(text) >= 2 * n)


def _is_like(password: str, name: str) -> bool:
    """The name itself or its part before the @, decorated with little else."""
    lower = password.casefold()
    for part in {name.casefold(), name.casefold().partition("@")[0]}:
        if len(part) >= 3 and (lower.strip(_DECORATION) == part or (part in lower and len(lower) - len(part) < 5)):
            return True
    return False
