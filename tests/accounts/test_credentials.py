"""changePassword, requestPasswordReset, resetPassword, verifyEmail, resendEmailVerification."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import httpx2
import pytest
from gql.transport.exceptions import TransportQueryError
from passlib.hash import bcrypt

from app.core import db
from app.core.clock import now
from app.core.delivery import Delivery
from tests.accounts.support import call, codes_of, count, do_jobs, log_in, only_error, prove_address, user_uuid
from tests.client import PASSWORD, ask, signed_out

NEW = "another horse, other staple"
_ERRORS = "errors { code message field limit }"
_VIEWER = f"{_ERRORS} viewer {{ id hasPassword email emailVerified }}"
CHANGE = f"mutation C($input: ChangePasswordInput!) {{ changePassword(input: $input) {{ {_VIEWER} }} }}"
REQUEST_RESET = (
    f"mutation Q($input: RequestPasswordResetInput!) {{ requestPasswordReset(input: $input) {{ {_ERRORS} }} }}"
)
RESET = f"mutation R($input: ResetPasswordInput!) {{ resetPassword(input: $input) {{ {_ERRORS} }} }}"
VERIFY = f"mutation V($input: VerifyEmailInput!) {{ verifyEmail(input: $input) {{ {_VIEWER} }} }}"
RESEND = f"mutation S {{ resendEmailVerification {{ {_ERRORS} }} }}"
CHANGES = "subscription E($after: Cursor) { events(after: $after, kinds: [VIEWER_CHANGED, SESSION_ENDING]) { __typename"
CHANGES += " ... on ViewerChanged { viewer { id hasPassword emailVerified } } ... on SessionEnding { endReason } } }"


async def credentials(person) -> tuple:
    """What a refusal must leave alone."""
    user = user_uuid(person)
    sql = "SELECT password_hash, email_key, email_verified, phone_number FROM user_account WHERE id = $1"
    return (
        tuple((await db.row(sql, user)).values()),
        await count("event", "stream_id", user),
        (await db.row("SELECT count(*) AS n FROM session WHERE user_id = $1 AND ended_at IS NULL", user))["n"],
    )


async def is_signed_in(server, token: str) -> bool:
    async with signed_out(server, token) as session:
        try:
            return (await ask(session, "{ viewer { id } }"))["viewer"] is not None
        except TransportQueryError as error:
            return error.errors[0]["extensions"]["code"] != "SESSION_REVOKED"


async def expire_links(person) -> None:
    sql = "UPDATE mail_token SET expires_at = $1 WHERE user_id = $2"
    await db.execute(sql, now() - timedelta(seconds=1), user_uuid(person))


def resets_to(outbox, address: str) -> list:
    return [mail for mail in outbox.mails_to(address) if mail.subject.startswith("Reset")]


# ── changePassword ────────────────────────────────────────────────────────────────────────────────


async def change(server, person, present: str | None = PASSWORD, new: str = NEW) -> dict:
    values = {"newPassword": new} | ({} if present is None else {"currentPassword": present})
    return await call(server, CHANGE, token=person.access_token, **values)


async def test_a_changed_password_ends_the_other_sessions_and_is_told(server, alice, outbox):
    await prove_address(alice)
    other = (await log_in(server, alice))["tokens"]["accessToken"]
    cursor = await alice.cursor()

    payload = await change(server, alice)

    assert payload["errors"] == []
    assert payload["viewer"]["hasPassword"] is True
    assert await is_signed_in(server, alice.access_token)
    assert not await is_signed_in(server, other)
    assert codes_of(await log_in(server, alice, password=NEW)) == []
    assert only_error(await log_in(server, alice, password=PASSWORD))[0] == "WRONG_CREDENTIALS"
    mail = outbox.mails_to(alice.email)[-1]
    assert "password was changed" in mail.subject
    assert NEW not in mail.text + mail.html
    ended = await db.row("SELECT end_reason FROM session WHERE user_id = $1 AND ended_at IS NOT NULL", user_uuid(alice))
    assert ended["end_reason"] in ("PASSWORD_CHANGED", "LOGGED_OUT")
    async with alice.subscribe(CHANGES, after=cursor) as events:
        event = await events.next()
    assert (event["__typename"], event["viewer"]["hasPassword"]) == ("ViewerChanged", True)


async def test_a_wrong_present_password_or_a_bad_new_one_changes_nothing(server, alice):
    before = await credentials(alice)
    for present, new, error in (
        ("wrong", NEW, ("WRONG_CREDENTIALS", ["input", "currentPassword"])),
        (None, NEW, ("WRONG_CREDENTIALS", ["input", "currentPassword"])),
        (PASSWORD, "short", ("WEAK_PASSWORD", ["input", "newPassword"])),
        (PASSWORD, "x" * 129, ("WEAK_PASSWORD", ["input", "newPassword"])),
        (PASSWORD, "password123", ("WEAK_PASSWORD", ["input", "newPassword"])),
        (PASSWORD, alice.username + "1", ("WEAK_PASSWORD", ["input", "newPassword"])),
        (PASSWORD, alice.email, ("WEAK_PASSWORD", ["input", "newPassword"])),
        (PASSWORD, "nul \x00 inside it", ("INVALID", ["input", "newPassword"])),
    ):
        assert only_error(await change(server, alice, present, new)) == error
    assert await credentials(alice) == before


async def test_an_account_without_a_password_sets_one(server, alice):
    await db.execute("UPDATE user_account SET password_hash = NULL WHERE id = $1", user_uuid(alice))
    assert (await change(server, alice, None))["viewer"]["hasPassword"] is True
    assert codes_of(await log_in(server, alice, password=NEW)) == []


async def test_of_two_changes_at_once_one_wins(server, alice):
    payloads = await asyncio.gather(*(change(server, alice, new=f"{NEW} {n}") for n in range(3)))
    assert sorted(codes_of(p) for p in payloads) == [[], ["WRONG_CREDENTIALS"], ["WRONG_CREDENTIALS"]]


@pytest.mark.parametrize("document", [CHANGE, VERIFY, RESEND])
async def test_signed_out_people_change_nothing(server, document):
    values = {"newPassword": NEW} if document == CHANGE else {"token": "x"}
    with pytest.raises(Exception, match="Sign in first") as refused:
        await call(server, document, **values)
    assert refused.value.errors[0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_legacy_bcrypt_hash_verifies_and_is_upgraded(server, alice):
    old = bcrypt.using(rounds=4).hash(PASSWORD)
    assert old.startswith("$2b$")
    for legacy in (old, old.replace("$2b$", "$2a$"), old.replace("$2b$", "$2y$")):
        await db.execute("UPDATE user_account SET password_hash = $1 WHERE id = $2", legacy, user_uuid(alice))
        assert only_error(await log_in(server, alice, password="wrong"))[0] == "WRONG_CREDENTIALS"

        assert codes_of(await log_in(server, alice, alice.installation_id)) == []

        stored = await db.row("SELECT password_hash FROM user_account WHERE id = $1", user_uuid(alice))
        assert stored["password_hash"].startswith("$argon2id$")
        assert codes_of(await log_in(server, alice, alice.installation_id)) == []


async def test_a_bcrypt_twin_that_shares_72_bytes_is_wrong(server, alice):
    long = "a1b2" * 18  # 72 bytes: all that bcrypt looks at
    await db.execute(
        "UPDATE user_account SET password_hash = $1 WHERE id = $2", bcrypt.using(rounds=4).hash(long), user_uuid(alice)
    )
    assert only_error(await log_in(server, alice, password=long + "twin"))[0] == "WRONG_CREDENTIALS"
    assert codes_of(await log_in(server, alice, alice.installation_id, password=long)) == []


# ── resetting ─────────────────────────────────────────────────────────────────────────────────────


async def reset(server, token: str, new: str = NEW) -> dict:
    async with signed_out(server) as session:
        payload = (await ask(session, RESET, input={"token": token, "newPassword": new}))["resetPassword"]
    await do_jobs(server.runtime)
    return payload


async def test_a_mailed_link_sets_a_password_once(server, alice, outbox):
    other = (await log_in(server, alice))["tokens"]["accessToken"]
    assert (await call(server, REQUEST_RESET, email=alice.email.upper()))["errors"] == []
    token = outbox.token_for(alice.email)

    assert (await reset(server, token))["errors"] == []

    assert [await is_signed_in(server, t) for t in (alice.access_token, other)] == [False, False]
    payload = await log_in(server, alice, alice.installation_id, password=NEW)
    assert payload["viewer"]["emailVerified"] is True
    assert "password was changed" in outbox.mails_to(alice.email)[-1].subject
    before = await credentials(alice)
    again = await reset(server, token, f"{NEW} again")
    assert [(e["code"], e["field"]) for e in again["errors"]] == [("EXPIRED", ["input", "token"])]
    assert await credentials(alice) == before


async def test_the_mail_has_two_parts_and_links_to_the_configured_address_only(server, alice, outbox):
    forged = {"Host": "evil.example.net", "X-Forwarded-Host": "evil.example.net", "Forwarded": "host=evil.example.net"}
    async with httpx2.AsyncClient(headers=forged) as client:
        body = {"query": REQUEST_RESET, "variables": {"input": {"email": alice.email}}}
        answer = await client.post(server.graphql_url, json=body)
    assert answer.json()["data"] == {"requestPasswordReset": {"errors": []}}
    await do_jobs(server.runtime)

    assert outbox.token_for(alice.email)
    for mail in resets_to(outbox, alice.email):
        link = f"{server.runtime.settings.public_url}/reset-password#token="
        assert link in mail.text
        assert link in mail.html
        assert "evil" not in mail.text + mail.html
        assert "<img" not in mail.html


async def test_known_and_unknown_addresses_get_the_same_answer_and_work(server, alice, outbox, hasher):
    unknown = f"{uuid4().hex}@example.com"
    work = hasher.operations
    answers = []
    for to in (alice.email, unknown):
        async with signed_out(server) as session:
            answers.append(await ask(session, REQUEST_RESET, input={"email": to}))
        jobs = await db.rows("SELECT payload FROM job WHERE name = 'accounts.sendPasswordReset'")
        assert [j["payload"] for j in jobs if j["payload"]["email_key"] == to] == [{"email_key": to}]
    assert answers[0] == answers[1]
    await call(server, REQUEST_RESET, email=unknown)
    assert len(resets_to(outbox, alice.email)) == 1
    assert outbox.mails_to(unknown) == []
    assert hasher.operations == work


@pytest.mark.parametrize("email", ["", "alice", "a@b", "x" * 300 + "@example.com"])
async def test_what_is_no_address_is_refused(server, outbox, email):
    payload = await call(server, REQUEST_RESET, email=email)
    assert [e["field"] for e in payload["errors"]] == [["input", "email"]]
    assert codes_of(payload)[0] in ("INVALID", "TOO_LONG")


async def test_links_lead_to_an_app_where_there_is_one(server, alice, outbox):
    accounts = server.runtime.settings.accounts
    accounts.link_url = "https://app.example.org/open/"
    try:
        await call(server, REQUEST_RESET, email=alice.email)
    finally:
        accounts.link_url = ""
    (mail,) = resets_to(outbox, alice.email)
    assert "https://app.example.org/open/reset-password#token=" in mail.text


async def test_a_weak_password_leaves_the_link_for_another_try(server, alice, outbox):
    await call(server, REQUEST_RESET, email=alice.email)
    token, before = outbox.token_for(alice.email), await credentials(alice)

    for new, code in (("short", "WEAK_PASSWORD"), (alice.username, "WEAK_PASSWORD"), ("nul \x00 inside", "INVALID")):
        payload = await reset(server, token, new)
        assert [(e["code"], e["field"]) for e in payload["errors"]] == [(code, ["input", "newPassword"])]

    assert await credentials(alice) == before
    assert (await reset(server, token))["errors"] == []


async def test_links_that_do_not_work_are_all_alike(server, alice, bob, outbox):
    before = await credentials(alice)
    await call(server, RESEND, token=alice.access_token)
    of_the_other_purpose = outbox.token_for(alice.email, "verify-email")
    await call(server, REQUEST_RESET, email=alice.email)
    late = outbox.token_for(alice.email)
    await expire_links(alice)
    await call(server, REQUEST_RESET, email=bob.email)
    of_an_old_address = outbox.token_for(bob.email)
    moved = f"{uuid4().hex}@example.com"
    await db.execute("UPDATE user_account SET email = $1, email_key = $1 WHERE id = $2", moved, user_uuid(bob))
    answers = [
        (await reset(server, token))["errors"]
        for token in (of_the_other_purpose, late, of_an_old_address, "", "x", "x" * 10_000, "\ud7ff", "A" * 43)
    ]

    assert answers == [answers[0]] * len(answers)
    assert answers[0][0]["code"] == "EXPIRED"
    assert await credentials(alice) == before


async def test_of_parallel_resets_one_works(server, alice, outbox):
    await call(server, REQUEST_RESET, email=alice.email)
    token = outbox.token_for(alice.email)
    payloads = await asyncio.gather(*(reset(server, token, f"{NEW} {n}") for n in range(4)))
    assert sorted(codes_of(p) for p in payloads) == [[], ["EXPIRED"], ["EXPIRED"], ["EXPIRED"]]


async def test_every_link_dies_with_the_first_use_and_only_hashes_are_stored(server, alice, outbox):
    await call(server, REQUEST_RESET, email=alice.email)
    first = outbox.token_for(alice.email)
    await call(server, REQUEST_RESET, email=alice.email)
    second = outbox.token_for(alice.email)
    stored = await db.rows("SELECT token_hash, expires_at FROM mail_token WHERE user_id = $1", user_uuid(alice))
    assert not {first, second} & {r["token_hash"] for r in stored}
    assert all(len(r["token_hash"]) == 64 for r in stored)

    assert (await reset(server, second))["errors"] == []
    assert codes_of(await reset(server, first)) == ["EXPIRED"]


async def test_a_changed_password_kills_the_links_too(server, alice, outbox):
    await call(server, REQUEST_RESET, email=alice.email)
    await change(server, alice)
    assert codes_of(await reset(server, outbox.token_for(alice.email), "third horse, third staple")) == ["EXPIRED"]


# ── proving the address ───────────────────────────────────────────────────────────────────────────


async def verify(server, person, token: str) -> dict:
    async with signed_out(server, person.access_token) as session:
        return (await ask(session, VERIFY, input={"token": token}))["verifyEmail"]


async def test_registering_mails_a_link_that_proves_the_address_once(server, person, outbox):
    dora = await person("dora")
    await call(server, RESEND, token=dora.access_token)  # does the jobs, and asks for another
    first, second = outbox.mails_to(dora.email)
    assert first.subject == second.subject == "Confirm your address for Parley"
    token, cursor = outbox.token_for(dora.email, "verify-email"), await dora.cursor()

    payload = await verify(server, dora, token)

    assert (payload["errors"], payload["viewer"]["emailVerified"]) == ([], True)
    async with dora.subscribe(CHANGES, after=cursor) as events:
        assert (await events.next())["viewer"]["emailVerified"] is True
    assert only_error(await verify(server, dora, token)) == ("EXPIRED", ["input", "token"])


async def test_the_link_of_another_account_or_too_late_proves_nothing(server, alice, bob, outbox):
    await call(server, RESEND, token=alice.access_token)
    token, before = outbox.token_for(alice.email, "verify-email"), await credentials(alice)

    assert only_error(await verify(server, bob, token)) == ("EXPIRED", ["input", "token"])
    await expire_links(alice)
    assert only_error(await verify(server, alice, token)) == ("EXPIRED", ["input", "token"])

    assert await credentials(alice) == before


async def test_a_proved_or_missing_address_is_not_proved_again(server, alice, outbox):
    await prove_address(alice)
    sent = len(outbox.mails)
    assert codes_of(await call(server, RESEND, token=alice.access_token)) == ["CONFLICT"]
    await db.execute("UPDATE user_account SET email = NULL, email_key = NULL WHERE id = $1", user_uuid(alice))
    assert codes_of(await call(server, RESEND, token=alice.access_token)) == ["NOT_FOUND"]
    assert [m for m in outbox.mails[sent:] if m.to == alice.email] == []


async def test_without_mail_links_are_not_promised(server, alice, outbox):
    server.runtime.part(Delivery).mail = None  # the fixture puts it back
    for document, values in ((REQUEST_RESET, {"email": alice.email}), (RESEND, {})):
        with pytest.raises(Exception, match="sends no mail") as refused:
            await call(server, document, token=alice.access_token, **values)
        assert refused.value.errors[0]["extensions"]["code"] == "UNAVAILABLE"
