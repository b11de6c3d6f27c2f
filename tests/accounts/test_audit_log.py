"""Viewer.auditLog: what was done to the account, told to its owner only, without addresses or secrets."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.accounts.audit import sweep_audit
from app.accounts.erasure import EraseAccount, erase_account
from app.core import db
from app.core.clock import new_id, now
from app.core.origin import truncated
from tests.accounts.support import (
    LOG_OUT,
    REFRESH,
    REQUEST_OTP,
    VERIFY_OTP,
    age_refresh_token,
    audited,
    call,
    codes_of,
    device,
    log_in,
    prove_address,
    user_uuid,
)
from tests.accounts.test_credentials import CHANGE, NEW, REQUEST_RESET, RESEND, RESET
from tests.accounts.test_credentials import VERIFY as VERIFY_EMAIL
from tests.accounts.test_device_link import COMPLETE, approved
from tests.accounts.test_own_identifiers import ADD, REMOVE
from tests.accounts.test_own_identifiers import CONFIRM as CONFIRM_IDENTIFIER
from tests.accounts.test_two_factor import DISABLE, challenge, switched_on, verify
from tests.client import PASSWORD, ask, signed_out

LOG = """query Log($first: Int, $after: String) { viewer { auditLog(first: $first, after: $after) {
  edges { cursor } pageInfo { hasNextPage endCursor }
  nodes { id action actor { id } subject { id } ipAddress requestId details createdAt } } } }"""
NODE = "query($id: ID!) { node(id: $id) { id } }"


async def entries(person, **page):
    return (await person.query(LOG, **page))["viewer"]["auditLog"]["nodes"]


async def test_signing_in_and_failing_to(server, alice):
    await log_in(server, alice, password="wrong password")
    second = await log_in(server, alice)
    await call(server, LOG_OUT, token=second["tokens"]["accessToken"])

    ended, signed_in, failed, registered = await entries(alice)

    device = second["viewer"]["session"]["device"]["id"]
    assert (ended["action"], ended["details"], ended["subject"]) == ("SESSION_ENDED", "LOGGED_OUT", {"id": device})
    assert (signed_in["action"], signed_in["actor"], signed_in["subject"]) == (
        "SIGNED_IN", {"id": alice.id}, {"id": device},
    )  # fmt: skip
    assert (failed["action"], failed["actor"], failed["subject"]) == ("SIGN_IN_FAILED", None, None)
    assert registered["action"] == "SIGNED_IN"
    for entry in (ended, signed_in, failed, registered):
        assert entry["ipAddress"] == "127.0.0.0"
        assert entry["requestId"]
    assert len({e["requestId"] for e in (ended, signed_in, failed, registered)}) == 4


async def test_an_unknown_account_takes_the_same_work(server, alice):
    sql = "SELECT count(*) AS n FROM audit_entry WHERE user_id IS NULL"
    before = (await db.row(sql))["n"]
    await log_in(server, alice, identifier="nobody_at_all")
    assert (await db.row(sql))["n"] == before + 1
    assert len(await entries(alice)) == 1


@pytest.mark.parametrize(
    ("document", "action"),
    [
        ("mutation { updatePrivacy(input: {bio: NOBODY, readReceipts: true}) { errors { code } } }", "PRIVACY_CHANGED"),
        ('mutation { updateProfile(input: {username: "NAME"}) { errors { code } } }', "USERNAME_CHANGED"),
        ("mutation { requestDataExport(input: {}) { errors { code } } }", "DATA_EXPORT_REQUESTED"),
    ],
)
async def test_what_one_changes(alice, document, action):
    await alice.mutate(document.replace("NAME", f"{alice.username}_2"))
    entry, _ = await entries(alice)
    assert (entry["action"], entry["actor"]) == (action, {"id": alice.id})
    assert entry["details"] == ("bio" if action == "PRIVACY_CHANGED" else None)


async def test_deleting_and_coming_back(server, alice):
    await alice.mutate("mutation($p: String) { deleteAccount(input: {password: $p}) { errors { code } } }", p=PASSWORD)
    token = (await log_in(server, alice))["tokens"]["accessToken"]
    await call(server, "mutation { cancelAccountDeletion { errors { code } } }", token=token)
    sql = "SELECT action FROM audit_entry WHERE user_id = $1 ORDER BY created_at, id"
    found = [row["action"] for row in await db.rows(sql, user_uuid(alice))]
    assert found == [
        "SIGNED_IN", "DELETION_REQUESTED", "SESSION_ENDED", "SIGNED_IN", "DELETION_CANCELED",
    ]  # fmt: skip


async def test_what_was_refused_leaves_no_entry(alice):
    await alice.refused("mutation { updateProfile(input: {username: null}) { errors { code } } }")
    await alice.refused("mutation { deleteAccount(input: {}) { errors { code } } }")
    assert len(await entries(alice)) == 1


async def test_pages_join_to_the_whole(server, alice):
    for _ in range(4):
        await log_in(server, alice, password="wrong password")
    whole = await entries(alice)
    pages, after = [], None
    while True:
        page = (await alice.query(LOG, first=2, after=after))["viewer"]["auditLog"]
        pages += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert pages == whole
    assert len(whole) == 5


async def test_it_is_the_owners_alone(alice, bob):
    (entry,) = await entries(alice)
    assert (await alice.query(NODE, id=entry["id"]))["node"] == {"id": entry["id"]}
    assert (await bob.query(NODE, id=entry["id"]))["node"] is None


async def add_old(user_id, **ago) -> UUID:
    """An entry of an earlier time: made, as what there is can't be changed."""
    entry_id = new_id()
    await db.execute(
        "INSERT INTO audit_entry (id, user_id, action, ip_address, created_at) VALUES ($1, $2, 'OLD', '10.0.0.0', $3)",
        entry_id, user_id, now() - timedelta(**ago),
    )  # fmt: skip
    return entry_id


async def test_addresses_go_after_four_weeks_and_entries_after_a_year(alice):
    user_id = user_uuid(alice)
    for days in (27, 29, 366):
        await add_old(user_id, days=days)
    await sweep_audit()
    assert [e["ipAddress"] for e in await entries(alice)] == ["127.0.0.0", "10.0.0.0", None]


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM audit_entry WHERE id = $1",
        "UPDATE audit_entry SET details = 'nothing happened' WHERE id = $1",
        "UPDATE audit_entry SET user_id = NULL, ip_address = NULL WHERE id = $1",
        "UPDATE audit_entry SET created_at = '2020-01-01 00:00:00+00:00' WHERE id = $1",
        "UPDATE audit_entry SET ip_address = '10.9.9.0' WHERE id = $1",
    ],
)
async def test_the_database_itself_keeps_entries_as_they_are(alice, sql):
    entry_id = await add_old(user_uuid(alice), days=364)
    before = await db.rows("SELECT * FROM audit_entry WHERE user_id = $1 ORDER BY id", user_uuid(alice))
    with pytest.raises(Exception, match="append-only"):
        await db.execute(sql, entry_id)
    assert await db.rows("SELECT * FROM audit_entry WHERE user_id = $1 ORDER BY id", user_uuid(alice)) == before


async def test_ways_in_that_change(server, alice, outbox):
    """Numbers and addresses, passwords, links: each is told, once, by whoever did it."""
    token, number = alice.access_token, f"+1555{uuid4().int % 10**7:07}"
    await call(server, RESEND, token=token)
    link = outbox.token_for(alice.email, "verify-email")
    await call(server, ADD, token=token, identifier=number)
    await call(server, CONFIRM_IDENTIFIER, token=token, identifier=number, code=outbox.code_for(number))
    await alice.mutate(VERIFY_EMAIL, input={"token": link})
    await call(server, CHANGE, token=token, currentPassword=PASSWORD, newPassword=NEW)
    await call(server, REMOVE, token=token, identifier=number)
    await call(server, REQUEST_RESET, email=alice.email)
    async with signed_out(server) as session:
        values = {"token": outbox.token_for(alice.email), "newPassword": NEW + "!"}
        await ask(session, RESET, input=values)

    assert await audited(alice) == [
        ("SIGNED_IN", "registration"), ("IDENTIFIER_ADDED", "phone"), ("IDENTIFIER_PROVED", "email"),
        ("PASSWORD_CHANGED", None), ("IDENTIFIER_REMOVED", "phone"), ("PASSWORD_RESET", None),
        ("SESSION_ENDED", "PASSWORD_CHANGED"),
    ]  # fmt: skip


async def test_second_factors(server, alice, outbox):
    await prove_address(alice)
    _, recovery = await switched_on(alice)
    text = await challenge(server, alice)
    assert codes_of(await verify(server, text, "000000")) == ["WRONG_CODE"]
    assert codes_of(await verify(server, text, recovery[0])) == []
    await call(server, DISABLE, token=alice.access_token, code=recovery[1])

    assert (await audited(alice))[1:] == [
        ("TWO_FACTOR_ON", None), ("SIGN_IN_FAILED", "second factor"), ("RECOVERY_CODE_USED", None),
        ("SIGNED_IN", "second factor"), ("RECOVERY_CODE_USED", None), ("TWO_FACTOR_OFF", None),
    ]  # fmt: skip


async def test_codes(server, alice, outbox):
    await prove_address(alice)
    await call(server, REQUEST_OTP, identifier=alice.email)
    wrong = outbox.wrong_code_for(alice.email)
    await call(server, VERIFY_OTP, identifier=alice.email, code=wrong, device=device())
    await call(server, VERIFY_OTP, identifier=alice.email, code=outbox.code_for(alice.email), device=device())
    assert (await audited(alice))[1:] == [("SIGN_IN_FAILED", "code"), ("SIGNED_IN", "code")]


async def test_a_linked_device_and_a_stolen_token(server, alice):
    link, grant = await approved(server, alice)
    linked = await call(server, COMPLETE, linkId=link["linkId"], grant=grant)
    stolen = linked["tokens"]["refreshToken"]
    await call(server, REFRESH, refreshToken=stolen)
    await age_refresh_token(stolen, now() - timedelta(minutes=1))
    await call(server, REFRESH, refreshToken=stolen)

    assert (await audited(alice))[1:] == [
        ("DEVICE_LINKED", None), ("SIGNED_IN", "device link"), ("REFRESH_TOKEN_REUSED", None),
        ("SESSION_ENDED", "TOKEN_REUSED"),
    ]  # fmt: skip
    device_id = linked["viewer"]["session"]["device"]["id"]
    reused = next(e for e in await entries(alice) if e["action"] == "REFRESH_TOKEN_REUSED")
    assert (reused["actor"], reused["subject"]) == (None, {"id": device_id})


async def test_the_first_proof_tells_all_it_drops(server, alice, outbox):
    await switched_on(alice)
    await call(server, REQUEST_OTP, identifier=alice.email)
    await call(server, VERIFY_OTP, identifier=alice.email, code=outbox.code_for(alice.email), device=device())
    assert (await audited(alice))[2:] == [
        ("IDENTIFIER_PROVED", "email"), ("TWO_FACTOR_OFF", None), ("SESSION_ENDED", "PASSWORD_CHANGED"),
        ("SIGNED_IN", "code"),
    ]  # fmt: skip


async def test_the_end_of_the_account(server, alice):
    await alice.mutate("mutation($p: String) { deleteAccount(input: {password: $p}) { errors { code } } }", p=PASSWORD)
    sql = "UPDATE account_deletion SET scheduled_for = $1 WHERE user_id = $2"
    await db.execute(sql, now() - timedelta(seconds=1), user_uuid(alice))
    for _ in range(2):  # the second time it has nothing to do
        await erase_account(EraseAccount(str(user_uuid(alice))))
    found = await audited(alice)
    assert found[0] == ("SIGNED_IN", "registration")
    assert found[-1] == ("ACCOUNT_ERASED", None)
    assert found.count(("ACCOUNT_ERASED", None)) == 1


def test_addresses_are_truncated():
    assert truncated("203.0.113.77") == "203.0.113.0"
    assert truncated("2001:db8:1:2:3::4") == "2001:db8:1::"
    assert truncated("") is None
