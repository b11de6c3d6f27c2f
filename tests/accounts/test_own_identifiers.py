"""addIdentifier, confirmIdentifier, removeIdentifier, phonePrefixes."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.core import db
from tests.accounts.support import (
    REQUEST_OTP,
    VERIFY_OTP,
    call,
    codes_of,
    count,
    device,
    log_in,
    only_error,
    prove_address,
    user_uuid,
)
from tests.client import ask, signed_out

_ERRORS = "errors { code message field retryAfter }"
_VIEWER = f"{_ERRORS} viewer {{ id hasPassword email emailVerified phoneNumber phoneVerified }}"
ADD = f"mutation A($input: AddIdentifierInput!) {{ addIdentifier(input: $input) {{ {_ERRORS} channel expiresAt }} }}"
CONFIRM = f"mutation C($input: ConfirmIdentifierInput!) {{ confirmIdentifier(input: $input) {{ {_VIEWER} }} }}"
REMOVE = f"mutation R($input: RemoveIdentifierInput!) {{ removeIdentifier(input: $input) {{ {_VIEWER} }} }}"


def address() -> str:
    return f"{uuid4().hex[:12]}@example.com"


def number() -> str:
    return f"+1555{uuid4().int % 10**7:07}"


async def add(server, person, identifier: str) -> dict:
    return await call(server, ADD, token=person.access_token, identifier=identifier)


async def confirm(server, person, identifier: str, code: str) -> dict:
    return await call(server, CONFIRM, token=person.access_token, identifier=identifier, code=code)


async def remove(server, person, identifier: str) -> dict:
    return await call(server, REMOVE, token=person.access_token, identifier=identifier)


async def state(person) -> tuple:
    """What a refusal must leave alone."""
    sql = "SELECT email, email_key, email_verified, phone_number, phone_verified FROM user_account WHERE id = $1"
    return tuple((await db.row(sql, user_uuid(person))).values()), await count("event", "stream_id", user_uuid(person))


# ── adding ────────────────────────────────────────────────────────────────────────────────────────


async def test_a_number_is_added_with_a_code_and_signs_in_then(server, alice, outbox):
    phone, cursor = number(), await alice.cursor()
    added = await add(server, alice, f"{phone[:5]} {phone[5:]}")
    assert (added["errors"], added["channel"]) == ([], "SMS")

    payload = await confirm(server, alice, phone, outbox.code_for(phone))

    assert (payload["viewer"]["phoneNumber"], payload["viewer"]["phoneVerified"]) == (phone, True)
    document = "subscription E($after: Cursor) { events(after: $after, kinds: [VIEWER_CHANGED])"
    document += " { ... on ViewerChanged { viewer { phoneNumber } } } }"
    async with alice.subscribe(document, after=cursor) as events:
        assert (await events.next())["viewer"] == {"phoneNumber": phone}
    assert (await log_in(server, alice, identifier=phone))["viewer"]["user"]["id"] == alice.id


async def test_a_new_address_replaces_the_old_one_which_is_told(server, alice, outbox):
    await prove_address(alice)
    new, old = address(), alice.email
    await add(server, alice, new)

    payload = await confirm(server, alice, new.upper(), outbox.code_for(new))

    assert (payload["viewer"]["email"], payload["viewer"]["emailVerified"]) == (new.upper(), True)
    assert await count("user_account", "email_key", old) == 0
    assert "another address" in outbox.mails_to(old)[-1].subject
    assert new not in outbox.mails_to(old)[-1].text


async def test_the_answer_does_not_tell_whether_somebody_has_it(server, alice, bob, outbox):
    await prove_address(bob)
    taken, free = await add(server, alice, bob.email), await add(server, alice, address())
    assert {**taken, "expiresAt": None} == {**free, "expiresAt": None}
    before = await state(alice), await state(bob)

    refused = await confirm(server, alice, bob.email, outbox.code_for(bob.email))  # who reads bob's mail may know

    assert only_error(refused) == ("EMAIL_TAKEN", ["input", "identifier"])
    assert (await state(alice), await state(bob)) == before


async def test_a_proof_beats_a_claim(server, alice, bob, outbox):
    """bob registered with an address he never proved; whoever reads its mail gets it."""
    await add(server, alice, bob.email)
    payload = await confirm(server, alice, bob.email, outbox.code_for(bob.email))

    assert payload["viewer"]["email"] == bob.email
    assert (await bob.query("{ viewer { email hasPassword } }"))["viewer"] == {"email": None, "hasPassword": True}


async def test_codes_of_other_flows_and_people_are_wrong(server, alice, bob, outbox):
    to = address()
    await call(server, REQUEST_OTP, identifier=to)
    to_sign_in = outbox.code_for(to)
    await add(server, alice, to)  # no cooldown in between: it is another flow
    alices = outbox.code_for(to)
    await add(server, bob, to)
    before = await state(alice), await state(bob)

    for person, code in ((alice, to_sign_in), (bob, alices), (alice, ""), (alice, "1" * 1000)):
        assert only_error(await confirm(server, person, to, code)) == ("WRONG_CODE", ["input", "code"])
    payload = await call(server, VERIFY_OTP, identifier=to, code=alices, device=device())
    assert only_error(payload)[0] == "WRONG_CODE"
    assert (await state(alice), await state(bob)) == before
    assert codes_of(await confirm(server, alice, to, alices)) == []
    assert codes_of(await confirm(server, alice, to, alices)) == ["WRONG_CODE"]


async def test_five_tries_and_a_cooldown(server, alice, outbox):
    to = address()
    await add(server, alice, to)
    assert codes_of(await add(server, alice, to)) == ["COOLDOWN"]
    for _ in range(5):
        await confirm(server, alice, to, outbox.wrong_code_for(to))
    assert codes_of(await confirm(server, alice, to, outbox.code_for(to))) == ["TOO_MANY_ATTEMPTS"]


@pytest.mark.parametrize("identifier", ["", "alice", "a@b", "+1"])
async def test_what_is_neither_is_refused(server, alice, outbox, identifier):
    before = await state(alice)
    for action in (add(server, alice, identifier), remove(server, alice, identifier)):
        payload = await action
        assert [(e["code"], e["field"]) for e in payload["errors"]] == [("INVALID", ["input", "identifier"])]
    assert await state(alice) == before


# ── removing ──────────────────────────────────────────────────────────────────────────────────────


async def test_an_address_is_removed_and_told(server, alice, outbox):
    await prove_address(alice)
    payload = await remove(server, alice, alice.email.upper())
    assert (payload["errors"], payload["viewer"]["email"], payload["viewer"]["emailVerified"]) == ([], None, False)
    assert "taken off" in outbox.mails_to(alice.email)[-1].subject
    assert only_error(await remove(server, alice, alice.email)) == ("NOT_FOUND", ["input", "identifier"])


async def test_the_last_way_in_stays(server, outbox, alice):
    await prove_address(alice)
    phone = number()
    await add(server, alice, phone)
    await confirm(server, alice, phone, outbox.code_for(phone))
    await db.execute("UPDATE user_account SET password_hash = NULL WHERE id = $1", user_uuid(alice))
    assert codes_of(await remove(server, alice, alice.email)) == []
    before = await state(alice)

    assert only_error(await remove(server, alice, phone)) == ("CONFLICT", ["input", "identifier"])

    assert await state(alice) == before


async def test_what_somebody_else_has_is_not_found(server, alice, bob):
    before = await state(bob)
    assert only_error(await remove(server, alice, bob.email)) == ("NOT_FOUND", ["input", "identifier"])
    assert only_error(await remove(server, alice, address())) == ("NOT_FOUND", ["input", "identifier"])
    assert await state(bob) == before


@pytest.mark.parametrize("document", [ADD, CONFIRM, REMOVE])
async def test_signed_out_people_change_nothing(server, document):
    with pytest.raises(Exception, match="Sign in first"):
        await call(server, document, identifier=address(), **({"code": "123456"} if document == CONFIRM else {}))


# ── phonePrefixes ─────────────────────────────────────────────────────────────────────────────────


async def test_the_dial_codes_of_the_world(server):
    async with signed_out(server) as session:
        found = (await ask(session, "{ phonePrefixes { country countryCode dialCode flag } }"))["phonePrefixes"]

    assert {"country": "India", "countryCode": "IN", "dialCode": "+91", "flag": "🇮🇳"} in found
    assert len(found) > 230
    assert [p["country"] for p in found] == sorted(p["country"] for p in found)
    assert all(p["country"] != p["countryCode"] for p in found)


async def test_a_server_texts_the_countries_it_is_told_to(server, outbox):
    settings = server.runtime.settings
    narrow = settings.model_copy(update={"delivery": settings.delivery.model_copy(update={"sms_countries": ["91"]})})
    server.runtime.settings = narrow
    try:
        refused = await call(server, REQUEST_OTP, identifier=number())
        async with signed_out(server) as session:
            found = (await ask(session, "{ phonePrefixes { countryCode } }"))["phonePrefixes"]
    finally:
        server.runtime.settings = settings
    assert [(e["code"], e["field"]) for e in refused["errors"]] == [("INVALID", ["input", "identifier"])]
    assert outbox.sent == []
    assert found == [{"countryCode": "IN"}]
