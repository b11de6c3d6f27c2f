"""logIn: by username, e-mail or phone number and password."""

import asyncio
from datetime import timedelta

import pytest
from passlib.hash import argon2

from app.core import db
from app.core.clock import new_id, now
from tests.accounts.support import (
    LOG_IN,
    call,
    codes_of,
    device,
    log_in,
    only_error,
    own_rows,
    user_uuid,
)
from tests.client import PASSWORD, ask, signed_out


async def test_every_identifier_works_whatever_its_case(server, person):
    zoe = await person("zoe", phoneNumber="+4915112345678")

    for identifier in (zoe.username, zoe.username.upper(), zoe.email.upper(), "+49 151 1234-5678"):
        payload = await log_in(server, zoe, "one-installation", identifier=identifier)
        assert payload["errors"] == []
        assert payload["isNewUser"] is False
        assert payload["viewer"]["user"]["id"] == zoe.id


async def test_unknown_accounts_and_wrong_passwords_get_the_same_answer_after_the_same_work(server, alice, hasher):
    before = await own_rows(alice)
    answers = []

    for identifier, password in (
        (alice.username, "wrong"),
        ("nobody_at_all", PASSWORD),
        ("nobody@example.com", PASSWORD),
        ("+15555550199", PASSWORD),
        ("no such thing!", PASSWORD),
        ("", PASSWORD),
        (alice.username, ""),
        (alice.username, "x" * 100_000),
        (alice.username, "nul\x00"),
    ):
        work = hasher.operations
        payload = await log_in(server, alice, identifier=identifier, password=password)
        answers.append((payload["errors"], payload["tokens"], payload["viewer"], hasher.operations - work))

    assert answers == [answers[0]] * len(answers)
    assert answers[0][0][0]["code"] == "WRONG_CREDENTIALS"
    assert answers[0][3] == 1
    assert await own_rows(alice) == before


async def test_an_account_without_a_password_is_like_an_unknown_one(server, alice, hasher):
    await db.execute("UPDATE user_account SET password_hash = NULL WHERE id = $1", user_uuid(alice))
    work = hasher.operations

    assert only_error(await log_in(server, alice)) == ("WRONG_CREDENTIALS", None)
    assert hasher.operations == work + 1


async def test_signing_in_again_replaces_the_session_of_the_installation(server, alice):
    first = await log_in(server, alice, "my-browser")
    second = await log_in(server, alice, "my-browser")

    assert second["viewer"]["session"]["device"] == first["viewer"]["session"]["device"]
    assert second["viewer"]["session"]["id"] != first["viewer"]["session"]["id"]
    async with signed_out(server, first["tokens"]["accessToken"]) as session:
        with pytest.raises(Exception, match="ended") as refused:
            await ask(session, "{ viewer { id } }")
    assert refused.value.errors[0]["extensions"]["code"] == "SESSION_REVOKED"


async def test_the_seventh_device_is_refused(server, alice):
    for _ in range(5):
        assert codes_of(await log_in(server, alice)) == []
    before = await own_rows(alice)

    seventh = await log_in(server, alice)

    assert only_error(seventh) == ("LIMIT_REACHED", ["input", "device"])
    assert seventh["errors"][0]["limit"] == 6
    assert await own_rows(alice) == before
    assert codes_of(await log_in(server, alice, alice.installation_id)) == []  # it is one of the six


async def test_parallel_sign_ins_keep_to_the_limit_and_number_the_devices(server, alice):
    payloads = await asyncio.gather(*(log_in(server, alice) for _ in range(8)))

    good = [p["viewer"]["session"]["device"]["number"] for p in payloads if not p["errors"]]
    assert sorted(good) == [2, 3, 4, 5, 6]
    assert {c for p in payloads for c in codes_of(p)} == {"LIMIT_REACHED"}


async def test_when_all_numbers_are_used_the_device_signed_out_longest_gives_up_its_own(server, alice):
    user = user_uuid(alice)
    await db.execute_many(
        "INSERT INTO device (id, user_id, number, installation_id, name, platform, last_seen_at, created_at,"
        " updated_at) SELECT $1, user_id, $2, $3, name, platform, last_seen_at, created_at, updated_at FROM device"
        " WHERE user_id = $4 AND number = 1",
        [(new_id(), number, f"old-{number}", user) for number in range(2, 128)],
    )
    oldest = "UPDATE device SET last_seen_at = $1 WHERE user_id = $2 AND number = 77"
    await db.execute(oldest, now() - timedelta(days=300), user)

    payload = await log_in(server, alice)

    assert payload["viewer"]["session"]["device"]["number"] == 77


async def test_a_hash_made_with_weaker_settings_is_replaced(server, alice):
    weak = argon2.using(type="ID", memory_cost=16, time_cost=1, parallelism=1).hash(PASSWORD)
    await db.execute("UPDATE user_account SET password_hash = $1 WHERE id = $2", weak, user_uuid(alice))

    assert codes_of(await log_in(server, alice, alice.installation_id)) == []

    stored = await db.row("SELECT password_hash FROM user_account WHERE id = $1", user_uuid(alice))
    assert stored["password_hash"] != weak
    assert codes_of(await log_in(server, alice, alice.installation_id)) == []


async def test_a_bad_device_is_named(server, alice):
    values = {"identifier": alice.username, "password": PASSWORD, "device": device() | {"name": "a\nb"}}
    assert only_error(await call(server, LOG_IN, **values)) == ("INVALID", ["input", "device", "name"])
