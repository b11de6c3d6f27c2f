"""deleteAccount, cancelAccountDeletion and the erasure: proof, grace, what goes and what stays, resumed when killed."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from app.accounts.erasure import EraseAccount, erase_account, erase_due
from app.accounts.sweep import sweep
from app.core import db
from app.core.clock import now
from app.core.graphql.ids import decode_id
from tests.accounts.support import (
    LOG_IN,
    REGISTER,
    REQUEST_OTP,
    VERIFY_OTP,
    call,
    count,
    device,
    log_in,
    only_error,
    user_uuid,
)
from tests.client import PASSWORD
from tests.conversations.documents import START, create_group, roles, start_direct
from tests.messages.documents import SEND, message, send

DELETE = """mutation Delete($input: DeleteAccountInput!) { deleteAccount(input: $input) {
  errors { code field } scheduledFor viewer { id deletionScheduledFor } } }"""
CANCEL = "mutation { cancelAccountDeletion { errors { code } viewer { deletionScheduledFor } } }"
PLAN = "{ viewer { deletionScheduledFor erasurePlan { part itemCount isDone } } }"
USER = "query($id: ID!) { user(id: $id) { username displayName bio isDeleted viewerCanMessage viewerCanCall } }"
HISTORY = """query($id: ID!) { conversation(id: $id) { title memberCount viewerCanSend viewerSendRefusal
  messages { nodes { text deletedAt clientMessageId sender { id } } } } }"""
GONE = {
    "username": None, "displayName": "Deleted account", "bio": None, "isDeleted": True, "viewerCanMessage": False,
    "viewerCanCall": False,
}  # fmt: skip


async def state(person):
    """What a refusal must leave alone."""
    user_id = user_uuid(person)
    return (
        await count("account_deletion", "user_id", user_id),
        await count("event", "stream_id", user_id),
        await db.rows("SELECT id, ended_at FROM session WHERE user_id = $1 ORDER BY id", user_id),
    )


async def let_grace_pass(person):
    sql = "UPDATE account_deletion SET scheduled_for = $1 WHERE user_id = $2"
    await db.execute(sql, now() - timedelta(seconds=1), user_uuid(person))


async def erase(person, worker, **choice):
    await person.mutate(DELETE, input={"password": PASSWORD, **choice})
    await let_grace_pass(person)
    await erase_due()
    await worker.drain()


# ── asking for it ─────────────────────────────────────────────────────────────────────────────────


async def test_two_weeks_later_and_signed_out_at_once(server, alice):
    payload = await alice.mutate(DELETE, input={"password": PASSWORD})

    scheduled_for = datetime.fromisoformat(payload["scheduledFor"])
    assert timedelta(days=13, hours=23) < scheduled_for - now() < timedelta(days=14)
    assert payload["viewer"] == {"id": alice.viewer_id, "deletionScheduledFor": payload["scheduledFor"]}
    assert (await alice.failed("{ viewer { id } }"))["extensions"]["code"] == "SESSION_REVOKED"


async def test_it_can_be_taken_back(server, alice, bob, worker):
    await alice.mutate(DELETE, input={"password": PASSWORD})
    token = (await log_in(server, alice))["tokens"]["accessToken"]
    assert (await bob.query(USER, id=alice.id))["user"]["isDeleted"] is False

    for _ in range(2):
        payload = await call(server, CANCEL, token=token)
        assert payload == {"errors": [], "viewer": {"deletionScheduledFor": None}}

    await let_grace_pass(alice)
    await erase_account(EraseAccount(str(user_uuid(alice))))
    assert (await bob.query(USER, id=alice.id))["user"]["isDeleted"] is False


async def test_repeating_it_keeps_the_date(server, alice):
    first = await alice.mutate(DELETE, input={"password": PASSWORD})
    token = (await log_in(server, alice))["tokens"]["accessToken"]
    again = await call(server, DELETE, token=token, password=PASSWORD, messages="DELETE")
    assert again["scheduledFor"] == first["scheduledFor"]
    found = await db.row("SELECT messages FROM account_deletion WHERE user_id = $1", user_uuid(alice))
    assert found["messages"] == "DELETE"


async def test_a_code_proves_it_too(server, alice, outbox):
    await call(server, REQUEST_OTP, identifier=alice.email)
    before = await state(alice)
    (error,) = await alice.refused(DELETE, input={"otpCode": outbox.wrong_code_for(alice.email)})
    assert (error["code"], error["field"]) == ("WRONG_CODE", ["input", "otpCode"])
    assert await state(alice) == before

    payload = await alice.mutate(DELETE, input={"otpCode": outbox.code_for(alice.email)})

    assert payload["scheduledFor"]
    assert await count("one_time_code", "identifier", alice.email) == 0


@pytest.mark.parametrize(
    ("proof", "code", "field"),
    [
        ({}, "INVALID", "password"),
        ({"password": None, "otpCode": None}, "INVALID", "password"),
        ({"password": "wrong password"}, "WRONG_CREDENTIALS", "password"),
        ({"password": "x" * 2000}, "WRONG_CREDENTIALS", "password"),
        ({"otpCode": "123456"}, "WRONG_CODE", "otpCode"),
    ],
)
async def test_without_a_proof_nothing_happens(alice, proof, code, field):
    before = await state(alice)
    (error,) = await alice.refused(DELETE, input=proof)
    assert (error["code"], error["field"]) == (code, ["input", field])
    assert await state(alice) == before


async def test_who_has_nothing_to_prove_it_with_has_signed_in_just_now(alice):
    """As those whom only a provider signs in, one that tells no address."""
    sql = "UPDATE user_account SET password_hash = NULL, email = NULL, email_key = NULL WHERE id = $1"
    await db.execute(sql, user_uuid(alice))
    for proof in ({"password": PASSWORD}, {"otpCode": "123456"}):
        assert (await alice.refused(DELETE, input=proof))[0]["code"] in ("WRONG_CREDENTIALS", "WRONG_CODE")
    sql = "UPDATE session SET proved_at = $1 WHERE user_id = $2"
    await db.execute(sql, now() - timedelta(seconds=601), user_uuid(alice))
    before = await state(alice)
    (error,) = await alice.refused(DELETE, input={})
    assert (error["code"], await state(alice)) == ("INVALID", before)
    await db.execute(sql, now() - timedelta(seconds=500), user_uuid(alice))

    assert (await alice.mutate(DELETE, input={}))["scheduledFor"]


async def test_somebody_elses_code_proves_nothing(server, alice, bob, outbox):
    await call(server, REQUEST_OTP, identifier=bob.email)
    (error,) = await alice.refused(DELETE, input={"otpCode": outbox.code_for(bob.email)})
    assert error["code"] == "WRONG_CODE"


async def test_the_plan_is_visible(alice, bob):
    group_id = await create_group(alice, bob)
    await send(alice, group_id)

    viewer = (await alice.query(PLAN))["viewer"]

    assert viewer["deletionScheduledFor"] is None
    plan = {step["part"]: (step["itemCount"], step["isDone"]) for step in viewer["erasurePlan"]}
    assert plan == {
        "PROFILE": (1, False), "SESSIONS": (1, False), "DEVICES": (1, False), "CONTACTS": (0, False),
        "MEMBERSHIPS": (1, False), "MESSAGES": (2, False), "MEDIA": (0, False),
    }  # fmt: skip
    assert list(plan) == ["PROFILE", "SESSIONS", "DEVICES", "CONTACTS", "MEMBERSHIPS", "MESSAGES", "MEDIA"]


# ── the erasure ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("choice", ["ANONYMIZE", "DELETE"])
async def test_what_goes_and_what_stays(server, alice, bob, carol, worker, choice):
    direct, group_id = await start_direct(alice, bob), await create_group(alice, bob, carol)
    await send(alice, direct, "to bob")
    await send(bob, direct, "to alice")
    await send(alice, group_id, "to all")

    await erase(alice, worker, messages=choice)

    assert (await bob.query(USER, id=alice.id))["user"] == GONE
    assert (await bob.query("query($n: String) { user(username: $n) { id } }", n=alice.username))["user"] is None
    seen = (await bob.query(HISTORY, id=direct))["conversation"]
    assert (seen["title"], seen["memberCount"]) == ("Deleted account", 1)
    assert (seen["viewerCanSend"], seen["viewerSendRefusal"]) == (False, "ACCOUNT_DELETED")
    hers, his = seen["messages"]["nodes"]
    assert (hers["sender"], hers["clientMessageId"]) == (None, None)
    assert (hers["text"], bool(hers["deletedAt"])) == (("to bob", False) if choice == "ANONYMIZE" else (None, True))
    assert (his["text"], his["sender"]) == ("to alice", {"id": bob.id})
    assert await roles(bob, group_id) == {bob.id: "OWNER", carol.id: "MEMBER"}
    user_id = user_uuid(alice)
    for table in ("session", "device", "privacy_settings", "user_word"):
        assert await count(table, "user_id", user_id) == 0
    assert await count("message", "sender_id", user_id) == 0
    row = await db.row("SELECT * FROM user_account WHERE id = $1", user_id)
    assert all(alice.username not in str(value) for value in row.values())
    assert row["email"] is row["email_key"] is row["phone_number"] is row["password_hash"] is None


async def test_nobody_can_sign_in_or_write_any_more(server, alice, bob, worker):
    direct = await start_direct(bob, alice)
    await erase(alice, worker)

    assert only_error(await log_in(server, alice)) == ("WRONG_CREDENTIALS", None)
    (error,) = await bob.refused(SEND, input=message(direct))
    assert (error["code"], error["field"]) == ("FORBIDDEN", ["input", "conversationId"])
    assert (await bob.refused(START, userId=alice.id))[0]["code"] == "NOT_FOUND"


async def test_the_name_is_held_and_the_address_is_for_who_proves_it(server, alice, worker, outbox):
    """A stranger who registers with the address, unproved, would be taken for the person who left."""
    await erase(alice, worker)
    values = {"username": alice.username, "email": alice.email, "password": PASSWORD}

    taken = await call(server, REGISTER, **values, device=device())
    assert only_error(taken) == ("USERNAME_TAKEN", ["input", "username"])
    values |= {"username": f"n_{uuid4().hex[:8]}"}
    claimed = await call(server, REGISTER, **values | {"email": alice.email.upper()}, device=device())
    assert only_error(claimed) == ("EMAIL_TAKEN", ["input", "email"])
    assert await count("user_account", "username", values["username"]) == 0
    stored = await db.rows("SELECT identifier_hash FROM erased_identifier")
    assert alice.email not in str(stored)

    await call(server, REQUEST_OTP, identifier=alice.email)
    code = outbox.code_for(alice.email)
    made = await call(server, VERIFY_OTP, identifier=alice.email, code=code, device=device())
    assert (made["errors"], made["isNewUser"], made["viewer"]["emailVerified"]) == ([], True, True)


async def test_after_a_month_the_address_is_free_and_nothing_is_kept_of_it(server, alice, worker):
    await erase(alice, worker)
    await db.execute("UPDATE erased_identifier SET until = $1", now() - timedelta(seconds=1))
    values = {"username": f"n_{uuid4().hex[:8]}", "email": alice.email, "password": PASSWORD}
    assert (await call(server, REGISTER, **values, device=device()))["errors"] == []
    await sweep()
    assert await db.rows("SELECT until FROM erased_identifier") == []


async def test_who_signed_in_again_is_signed_out(server, alice, worker):
    await alice.mutate(DELETE, input={"password": PASSWORD})
    token = (await log_in(server, alice))["tokens"]["accessToken"]
    await let_grace_pass(alice)
    await erase_due()
    await worker.drain()
    with pytest.raises(Exception, match="SESSION_REVOKED"):
        await call(server, CANCEL, token=token)
    assert (await call(server, LOG_IN, identifier=alice.email, password=PASSWORD, device=device()))["errors"]


async def test_killed_in_the_middle_it_goes_on(server, alice, bob, worker):
    """Cut again and again, each time a little later: the next run does the rest, and nothing twice."""
    direct, group_id = await start_direct(alice, bob), await create_group(alice, bob)
    for n in range(3):
        await send(alice, direct, str(n))
    await alice.mutate(DELETE, input={"password": PASSWORD})
    await let_grace_pass(alice)
    work, seconds, cuts = EraseAccount(str(user_uuid(alice))), 0.001, 0

    while True:
        task = asyncio.create_task(erase_account(work))
        done, _ = await asyncio.wait([task], timeout=seconds)
        if done:
            await task
            break
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        seconds, cuts = seconds * 1.5, cuts + 1

    assert cuts
    assert await count("message", "sender_id", user_uuid(alice)) == 0
    row = await db.row("SELECT erased_at FROM account_deletion WHERE user_id = $1", user_uuid(alice))
    assert row["erased_at"]
    sql = "SELECT kind FROM event WHERE stream_id = $1 AND kind = 'MEMBER_LEFT'"
    for conversation_id in (direct, group_id):
        assert len(await db.rows(sql, decode_id("cnv", conversation_id))) == 1
    await erase_account(work)
    assert await erase_due() == 0


async def test_once_it_runs_it_can_not_be_taken_back(server, alice):
    await alice.mutate(DELETE, input={"password": PASSWORD})
    token = (await log_in(server, alice))["tokens"]["accessToken"]
    await db.execute("UPDATE account_deletion SET started_at = $1 WHERE user_id = $2", now(), user_uuid(alice))
    assert (await call(server, CANCEL, token=token))["errors"] == [{"code": "CONFLICT"}]
    await db.execute("DELETE FROM account_deletion WHERE user_id = $1", user_uuid(alice))
