"""Which passwords are refused, and the threads that hash them."""

import asyncio
import threading
import time

import pytest
from passlib.hash import bcrypt, pbkdf2_sha256

from app.accounts import passwords
from app.accounts.passwords import PasswordHasher, check_password, is_common
from app.core.errors import ErrorCode, UnavailableError, UserFault
from app.settings import AccountSettings

CHEAP = AccountSettings(password_memory_kib=64, password_threads=2)


@pytest.mark.parametrize(
    "password",
    [
        "password", "Password1", "P@ssw0rd!", "12345678", "87654321", "qwertyuiop", "1q2w3e4r5t", "aaaaaaaa",
        "iloveyou2024", "letmein!!!", "monkey12345", "dragon99999", "20240101", "passwordpassword", "1qaz2wsx3edc",
        "SuperMan#1", "parley2026", "00000000", "abcabcabc",
    ],
)  # fmt: skip
def test_common_passwords_are_known(password):
    assert is_common(password)


@pytest.mark.parametrize(
    "password",
    ["correct horse battery staple", "tr0ub4dor&3x", "Zoë mag Käse", "🎉🎈🎂🎁✨🎊🥳🍾", "493817264058", "xkcd-936-ok"],
)
def test_others_are_not(password):
    assert not is_common(password)
    check_password(password, CHEAP, names=["alice", "alice@example.com"])


@pytest.mark.parametrize("password", ["alice_in_", "ALICE-wond", "wonderland@example.com"])
def test_names_are_refused(password):
    with pytest.raises(UserFault) as refused:
        check_password(password, CHEAP, names=["alice-wond", "alice_in", "wonderland@example.com"])
    assert refused.value.code is ErrorCode.WEAK_PASSWORD


def test_length_is_counted_in_code_points():
    check_password("🦜🐍🦀🐙🦑🐡🦈🐬", CHEAP)
    for password, limit in (("🦜🐍🦀🐙🦑🐡🦈", 8), ("ab 12 cd " * 15, 128)):
        with pytest.raises(UserFault) as refused:
            check_password(password, CHEAP)
        assert (refused.value.code, refused.value.limit) == (ErrorCode.WEAK_PASSWORD, limit)


async def test_the_same_password_from_every_keyboard():
    hasher = PasswordHasher(CHEAP)
    try:
        stored = await hasher.hash("Zoë mag Käse")
        assert stored.startswith("$argon2id$v=19$m=64,t=2,p=1$")
        assert (await hasher.verify("Zoe\u0308 mag Ka\u0308se", stored)).is_right
        assert not (await hasher.verify("zoë mag käse", stored)).is_right
    finally:
        hasher.close()


async def test_hashes_from_elsewhere_are_upgraded_and_unknown_formats_are_wrong():
    hasher = PasswordHasher(CHEAP)
    try:
        verdict = await hasher.verify("correct horse", pbkdf2_sha256.using(rounds=10).hash("correct horse"))
        assert verdict.is_right
        assert verdict.new_hash
        assert verdict.new_hash.startswith("$argon2id$")
        for stored in ("plain", "", "$argon2id$v=19$broken", "$2b$12$" + "a" * 21 + "u" + "a" * 31):
            assert not (await hasher.verify("correct horse", stored)).is_right
        assert not (await hasher.verify("nobody's password", None)).is_right
        assert not (await hasher.verify("", None)).is_right
    finally:
        hasher.close()


async def test_a_wrong_password_takes_no_less_than_one_of_a_hash_from_elsewhere():
    hasher, slow = PasswordHasher(CHEAP), bcrypt.using(rounds=8).hash("correct horse")
    try:
        stored = await hasher.hash("correct horse")
        assert hasher._legacy_seconds == 0
        assert (await hasher.verify("correct horse", slow)).is_right
        assert hasher._legacy_seconds == 0  # being right tells anyway
        assert not (await hasher.verify("wrong", slow)).is_right
        least = hasher._legacy_seconds
        assert least > 0
        for hashed in (stored, None):
            started = time.monotonic()
            assert not (await hasher.verify("wrong", hashed)).is_right
            assert time.monotonic() - started >= 0.99 * least
        assert hasher._legacy_seconds == least
    finally:
        hasher.close()


async def test_the_queue_is_bounded():
    hasher, busy = PasswordHasher(AccountSettings(password_memory_kib=64, password_threads=1)), threading.Event()
    hasher._threads.submit(busy.wait)
    try:
        waiting = [asyncio.ensure_future(hasher.hash("x")) for _ in range(passwords.WAITING)]
        await asyncio.sleep(0)
        with pytest.raises(UnavailableError) as refused:
            await hasher.hash("x")
        assert refused.value.retry_after == 2
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        busy.set()
        assert await hasher.hash("x")
    finally:
        await asyncio.to_thread(hasher.close)
