"""Wrong passwords in a row: after 100 (here 3) the password proves nothing until it is set anew, but on own devices."""

import asyncio

import pytest

from app.core import db
from tests.accounts.support import LOG_IN, audited, call, codes_of, device, log_in, only_error, prove_address, user_uuid
from tests.accounts.test_credentials import CHANGE, REQUEST_RESET, reset
from tests.client import PASSWORD
from tests.running import Server

WRONG = ("WRONG_CREDENTIALS", None)
NEW = "a much newer password"


@pytest.fixture(autouse=True)
def three_at_most(server: Server, monkeypatch):
    monkeypatch.setattr(server.runtime.settings.accounts, "wrong_passwords", 3)


async def guess(server, who, times=3, installation=None):
    for _ in range(times):
        assert only_error(await log_in(server, who, installation, password="wrong password")) == WRONG


async def test_past_the_last_one_the_right_password_is_refused_alike(server, alice, hasher):
    await guess(server, alice, 2)
    assert codes_of(await log_in(server, alice)) == []  # that was in time, and begins anew
    await guess(server, alice)
    work = hasher.operations

    right, wrong = await log_in(server, alice), await log_in(server, alice, password="wrong password")

    assert right == wrong
    assert only_error(right) == WRONG
    assert hasher.operations == work + 2
    for identifier in (alice.email, alice.username.upper()):
        assert only_error(await log_in(server, alice, identifier=identifier)) == WRONG


async def test_own_devices_are_not_locked_out_by_strangers_and_begin_anew(server, alice):
    await guess(server, alice, 5)

    assert codes_of(await log_in(server, alice, alice.installation_id)) == []

    assert codes_of(await log_in(server, alice)) == []  # the right password has been given in between


async def test_an_own_device_has_its_own_count(server, alice):
    other = "my-other-device-1"
    assert codes_of(await log_in(server, alice, other)) == []
    await guess(server, alice, 3, alice.installation_id)

    assert only_error(await log_in(server, alice, alice.installation_id)) == WRONG
    assert codes_of(await log_in(server, alice, other)) == []
    assert only_error(await log_in(server, alice, alice.installation_id)) == WRONG


async def test_guesses_of_a_session_count_too(server, alice):
    for _ in range(3):
        payload = await alice.refused(CHANGE, input={"currentPassword": "wrong password", "newPassword": NEW})
        assert payload[0]["code"] == "WRONG_CREDENTIALS"

    payload = await alice.refused(CHANGE, input={"currentPassword": PASSWORD, "newPassword": NEW})

    assert (payload[0]["code"], payload[0]["field"]) == ("WRONG_CREDENTIALS", ["input", "currentPassword"])
    assert only_error(await log_in(server, alice, alice.installation_id)) == WRONG
    assert codes_of(await log_in(server, alice)) == []


async def test_the_owner_is_told_once_and_recovers_by_resetting(server, alice, outbox):
    await prove_address(alice)
    await guess(server, alice, 5)
    await guess(server, alice, 5, alice.installation_id)

    blocked = [entry for entry in await audited(alice) if entry[0] == "PASSWORD_BLOCKED"]
    assert blocked == [("PASSWORD_BLOCKED", None), ("PASSWORD_BLOCKED", "one of your devices")]
    assert [("no longer works" in mail.subject) for mail in outbox.mails_to(alice.email)] == [True, True]
    assert PASSWORD not in str(outbox.mails)

    await call(server, REQUEST_RESET, email=alice.email)
    assert codes_of(await reset(server, outbox.token_for(alice.email), NEW)) == []

    assert codes_of(await log_in(server, alice, password=NEW)) == []
    assert codes_of(await log_in(server, alice, alice.installation_id, password=NEW)) == []


async def test_parallel_guesses_are_all_counted_and_unknown_accounts_not(server, alice):
    await asyncio.gather(*(log_in(server, alice, password="wrong password") for _ in range(8)))
    nobody = {"identifier": "nobody_at_all", "password": PASSWORD, "device": device()}
    answers = [await call(server, LOG_IN, **nobody) for _ in range(5)]

    assert answers == [answers[0]] * 5
    row = await db.row("SELECT wrong_passwords FROM user_account WHERE id = $1", user_uuid(alice))
    assert row["wrong_passwords"] == 3
