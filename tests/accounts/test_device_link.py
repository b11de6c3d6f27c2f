"""Linking a device by QR code: both devices' way, each refusal, and what the new device sees live."""

import asyncio
import base64
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from gql import Client
from gql.transport.exceptions import TransportError
from gql.transport.websockets import WebsocketsTransport

from app.accounts.linking import PREFIX
from app.core import db
from app.core.clock import now
from app.core.graphql.ids import decode_id
from tests.accounts.support import (
    OWN_EVENTS,
    REFRESH,
    REQUEST_OTP,
    call,
    codes_of,
    count,
    device,
    log_in,
    own_rows,
    user_uuid,
)
from tests.client import PASSWORD, Stream, _request, ask, signed_out
from tests.running import running, serving

_ERRORS = "errors { code field limit }"
BEGIN = (
    "mutation B($input: BeginDeviceLinkInput!)"
    f" {{ beginDeviceLink(input: $input) {{ {_ERRORS} linkId secret qrText qrCode expiresAt }} }}"
)
SCAN = (
    f"mutation S($input: ScanDeviceLinkInput!) {{ scanDeviceLink(input: $input) {{ {_ERRORS}"
    " deviceName platform ipAddress place publicKey needsProof expiresAt } }"
)
APPROVE = (
    "mutation A($input: ApproveDeviceLinkInput!)"
    f" {{ approveDeviceLink(input: $input) {{ {_ERRORS} device {{ id number name }} }} }}"
)
COMPLETE = (
    f"mutation C($input: CompleteDeviceLinkInput!) {{ completeDeviceLink(input: $input) {{ {_ERRORS}"
    " isNewUser tokens { accessToken refreshToken } viewer { id session { device { id number name } } } } }"
)
PROGRESS = (
    "subscription P($linkId: ID!, $secret: String!)"
    " { deviceLinkProgress(linkId: $linkId, secret: $secret) { state grant provisioning } }"
)
KEY = base64.b64encode(b"the new device's public key").decode()
SEALED = base64.b64encode(b"sealed to that key").decode()
OVER = ("EXPIRED", ["input", "qrText"])


async def begin(server, **more) -> dict:
    payload = await call(server, BEGIN, device=device() | {"name": "New laptop"}, **more)
    assert payload["errors"] == []
    return payload


async def approved(server, who, **more) -> tuple[dict, str]:
    """A link the person has approved, and its grant."""
    link = await begin(server)
    await who.mutate(SCAN, input={"qrText": link["qrText"]})
    await who.mutate(APPROVE, input={"qrText": link["qrText"], **more})
    async with progress(server, link) as events:
        return link, (await events.next())["grant"]


@asynccontextmanager
async def progress(server, link, **changes):
    """The new device's subscription, on a socket without a token."""
    transport = WebsocketsTransport(url=server.ws_url, subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL])
    client = Client(transport=transport, fetch_schema_from_transport=False)
    session = await client.connect_async()
    values = {"linkId": link["linkId"], "secret": link["secret"]} | changes
    stream = Stream(session, _request(PROGRESS, values, {}))
    try:
        yield stream
    finally:
        await stream.close()
        await client.close_async()


async def set_link(link: dict, column: str, value: object) -> None:
    await db.execute(f"UPDATE device_link SET {column} = $1 WHERE id = $2", value, link_uuid(link))


def link_uuid(link: dict) -> UUID:
    found = decode_id(PREFIX, link["linkId"])
    assert found
    return found


async def stored(link: dict) -> tuple:
    row = await db.row("SELECT state, session_id, provisioning FROM device_link WHERE id = $1", link_uuid(link))
    assert row
    return tuple(row.values())


def only(errors: list[dict]) -> tuple[str, list[str]]:
    (error,) = errors
    return error["code"], error["field"]


async def test_a_scanned_and_approved_device_signs_in_and_all_devices_hear_of_it(server, alice):
    link = await begin(server, publicKey=KEY)
    async with progress(server, link) as events:
        assert await events.next() == {"state": "WAITING", "grant": None, "provisioning": None}

        scanned = await alice.mutate(SCAN, input={"qrText": link["qrText"]})
        assert (scanned["deviceName"], scanned["platform"], scanned["publicKey"]) == ("New laptop", "WEB", KEY)
        assert (scanned["ipAddress"], scanned["place"]) == ("127.0.0.1", "Your local network")
        assert await events.next() == {"state": "SCANNED", "grant": None, "provisioning": None}

        new = (await alice.mutate(APPROVE, input={"qrText": link["qrText"], "provisioning": SEALED}))["device"]
        told = await events.next()
        assert (told["state"], told["provisioning"]) == ("APPROVED", SEALED)
    cursor = await alice.cursor()

    payload = await call(server, COMPLETE, linkId=link["linkId"], grant=told["grant"])

    assert (payload["errors"], payload["isNewUser"]) == ([], False)
    assert payload["viewer"] == {"id": alice.viewer_id, "session": {"device": new}}
    assert (new["number"], new["name"]) == (2, "New laptop")
    async with alice.subscribe(OWN_EVENTS, after=cursor) as own:
        event = await own.next()
    assert (event["deviceChange"], event["device"]) == ("LINKED", {"id": new["id"], "number": 2})


async def test_the_code_is_an_svg_that_does_not_hold_the_secret(server):
    link = await begin(server)

    assert link["qrCode"].startswith("<svg")
    assert link["secret"] not in link["qrText"]


async def test_only_hashes_are_stored(server, alice):
    link, grant = await approved(server, alice)

    row = await db.row("SELECT * FROM device_link WHERE id = $1", link_uuid(link))

    assert row
    for secret in (link["secret"], link["qrText"], grant):
        assert secret not in map(str, row.values())


# ── proving again ─────────────────────────────────────────────────────────────────────────────────

NO_PROOF = ("INVALID", ["input", "password"])


async def signed_in_long_ago(who) -> None:
    sql = "UPDATE session SET proved_at = $1 WHERE user_id = $2"
    await db.execute(sql, now() - timedelta(seconds=601), user_uuid(who))


async def scanned_long_after_signing_in(server, who) -> dict:
    await signed_in_long_ago(who)
    link = await begin(server)
    scanned = await who.mutate(SCAN, input={"qrText": link["qrText"]})
    assert scanned["needsProof"] is True
    assert now() + timedelta(seconds=200) < datetime.fromisoformat(scanned["expiresAt"])  # to wait for a code
    return {"qrText": link["qrText"]}


async def test_long_after_signing_in_a_proof_is_needed(server, alice, outbox):
    asked = await scanned_long_after_signing_in(server, alice)
    before = (await own_rows(alice), await count("one_time_code", "identifier", alice.email))

    for proof, refusal in (
        ({}, NO_PROOF),
        ({"password": "wrong password"}, ("WRONG_CREDENTIALS", ["input", "password"])),
        ({"otpCode": "000000"}, ("WRONG_CODE", ["input", "otpCode"])),
    ):
        assert only(await alice.refused(APPROVE, input=asked | proof)) == refusal
    assert (await own_rows(alice), await count("one_time_code", "identifier", alice.email)) == before

    assert (await alice.mutate(APPROVE, input=asked | {"password": PASSWORD}))["device"]["number"] == 2


async def test_a_code_proves_it_once_and_then_for_a_while(server, alice, outbox):
    asked = await scanned_long_after_signing_in(server, alice)
    await call(server, REQUEST_OTP, identifier=alice.email)
    code = outbox.code_for(alice.email)

    assert (await alice.mutate(APPROVE, input=asked | {"otpCode": code}))["device"]

    assert await count("one_time_code", "identifier", alice.email) == 0
    again = await begin(server)
    assert (await alice.mutate(SCAN, input={"qrText": again["qrText"]}))["needsProof"] is False
    assert (await alice.mutate(APPROVE, input={"qrText": again["qrText"]}))["device"]


async def test_refusing_a_device_takes_no_proof(server, alice):
    asked = await scanned_long_after_signing_in(server, alice)
    assert (await alice.mutate(APPROVE, input=asked | {"approve": False}))["device"] is None


async def test_a_linked_device_has_to_prove_who_holds_it(server, alice):
    link, grant = await approved(server, alice)
    new = (await call(server, COMPLETE, linkId=link["linkId"], grant=grant))["tokens"]["accessToken"]
    third = await begin(server)

    scanned = await call(server, SCAN, token=new, qrText=third["qrText"])
    refused = await call(server, APPROVE, token=new, qrText=third["qrText"])

    assert (scanned["needsProof"], only(refused["errors"])) == (True, NO_PROOF)
    assert codes_of(await call(server, APPROVE, token=new, qrText=third["qrText"], password=PASSWORD)) == []


async def test_refreshing_is_no_proof_and_signing_in_again_is(server, alice):
    await signed_in_long_ago(alice)
    tokens = (await call(server, REFRESH, refreshToken=alice.refresh_token))["tokens"]
    link = await begin(server)
    scanned = await call(server, SCAN, token=tokens["accessToken"], qrText=link["qrText"])
    assert scanned["needsProof"] is True

    token = (await log_in(server, alice, alice.installation_id))["tokens"]["accessToken"]
    link = await begin(server)
    assert (await call(server, SCAN, token=token, qrText=link["qrText"]))["needsProof"] is False


# ── refusals ──────────────────────────────────────────────────────────────────────────────────────


async def test_a_denied_device_is_told_and_stays_out(server, alice):
    link, before = await begin(server), await own_rows(alice)
    await alice.mutate(SCAN, input={"qrText": link["qrText"]})

    async with progress(server, link) as events:
        assert (await events.next())["state"] == "SCANNED"
        denied = await alice.mutate(APPROVE, input={"qrText": link["qrText"], "approve": False, "provisioning": SEALED})
        assert denied["device"] is None
        assert await events.next() == {"state": "DENIED", "grant": None, "provisioning": None}

    (error,) = await alice.refused(APPROVE, input={"qrText": link["qrText"]})
    assert error["code"] == "EXPIRED"
    assert await own_rows(alice) == before


async def test_a_grant_works_once_even_for_many_at_a_time(server, alice):
    link, grant = await approved(server, alice)
    before = await own_rows(alice)

    payloads = await asyncio.gather(*(call(server, COMPLETE, linkId=link["linkId"], grant=grant) for _ in range(5)))

    assert sorted(codes_of(p) for p in payloads) == [[], *[["EXPIRED"]] * 4]
    devices, sessions, events = before
    assert await own_rows(alice) == (devices, sessions + 1, events + 1)


async def test_a_wrong_grant_signs_nobody_in(server, alice):
    link, grant = await approved(server, alice)
    before = await own_rows(alice)

    for link_id, guess in ((link["linkId"], grant[::-1]), (link["linkId"], ""), ("lnk_x", grant), (alice.id, grant)):
        payload = await call(server, COMPLETE, linkId=link_id, grant=guess)
        assert only(payload["errors"]) == ("EXPIRED", ["input", "grant"])

    assert await own_rows(alice) == before


async def test_the_grant_of_an_unapproved_link_does_not_work(server, alice):
    from app.accounts.linking import Links

    link = await begin(server)
    await alice.mutate(SCAN, input={"qrText": link["qrText"]})
    grant = server.runtime.part(Links).grant(link_uuid(link))

    assert codes_of(await call(server, COMPLETE, linkId=link["linkId"], grant=grant)) == ["EXPIRED"]


async def test_a_code_that_was_not_scanned_can_not_be_approved(server, alice):
    link, before = await begin(server), await own_rows(alice)

    assert only(await alice.refused(APPROVE, input={"qrText": link["qrText"]})) == OVER

    assert await stored(link) == ("WAITING", None, None)
    assert await own_rows(alice) == before


async def test_only_the_device_that_scanned_can_go_on(server, alice, bob):
    link = await begin(server)
    await alice.mutate(SCAN, input={"qrText": link["qrText"]})
    before = await stored(link)
    other = (await log_in(server, alice))["tokens"]["accessToken"]

    for token in (bob.access_token, other):
        for document in (SCAN, APPROVE):
            assert only((await call(server, document, token=token, qrText=link["qrText"]))["errors"]) == OVER

    assert await stored(link) == before
    await alice.mutate(SCAN, input={"qrText": link["qrText"]})  # again is fine


@pytest.mark.parametrize("state", ["WAITING", "SCANNED", "APPROVED"])
async def test_each_step_has_its_time(server, alice, state):
    link = await begin(server)
    grant = ""
    if state != "WAITING":
        await alice.mutate(SCAN, input={"qrText": link["qrText"]})
    if state == "APPROVED":
        await alice.mutate(APPROVE, input={"qrText": link["qrText"]})
        async with progress(server, link) as events:
            grant = (await events.next())["grant"]
    await set_link(link, "expires_at", now() - timedelta(seconds=1))
    before = (await stored(link), await own_rows(alice))

    for document in (SCAN, APPROVE):
        assert only(await alice.refused(document, input={"qrText": link["qrText"]})) == OVER
    assert codes_of(await call(server, COMPLETE, linkId=link["linkId"], grant=grant)) == ["EXPIRED"]
    async with progress(server, link) as events:
        assert await events.next() == {"state": "EXPIRED", "grant": None, "provisioning": None}
    assert (await stored(link), await own_rows(alice)) == before


async def test_the_end_of_its_time_is_told_to_who_follows(server, alice):
    link = await begin(server)
    await set_link(link, "expires_at", now() + timedelta(seconds=0.4))

    async with progress(server, link) as events:
        assert (await events.next())["state"] == "WAITING"
        assert (await events.next())["state"] == "EXPIRED"


async def test_what_a_revoked_device_approved_ends_with_it(server, alice):
    other = await log_in(server, alice)
    link, grant = await approved(server, alice)

    revoke = "mutation { revokeOtherSessions { errors { code } } }"
    async with signed_out(server, other["tokens"]["accessToken"]) as session:
        await ask(session, revoke)

    assert codes_of(await call(server, COMPLETE, linkId=link["linkId"], grant=grant)) == ["EXPIRED"]


async def test_above_the_limit_of_devices_nothing_is_approved(server, alice):
    for _ in range(5):
        assert (await log_in(server, alice))["errors"] == []
    link = await begin(server)
    await alice.mutate(SCAN, input={"qrText": link["qrText"]})
    before = (await stored(link), await own_rows(alice))

    (error,) = await alice.refused(APPROVE, input={"qrText": link["qrText"]})

    assert (error["code"], error["limit"]) == ("LIMIT_REACHED", 6)
    assert (await stored(link), await own_rows(alice)) == before


@pytest.mark.parametrize("text", ["", "https://example.com", "parley-link:", "parley-link:lnk_x.y.z", "x" * 5000])
async def test_what_is_no_code_is_invalid(server, alice, text):
    for document in (SCAN, APPROVE):
        assert only(await alice.refused(document, input={"qrText": text})) == ("INVALID", ["input", "qrText"])


async def test_a_code_with_another_key_or_token_is_refused(server, alice):
    link = await begin(server, publicKey=KEY)
    other = await begin(server)
    head, token, _ = link["qrText"].split(".", 2)
    forged = base64.b64encode(b"the attacker's public key..").decode()

    for text in (f"{head}.{token}.{forged}", f"{head}.{other['qrText'].split('.')[1]}.{KEY}"):
        assert only(await alice.refused(SCAN, input={"qrText": text})) == OVER

    assert await stored(link) == ("WAITING", None, None)


async def test_keys_and_provisioning_have_their_limits(server, alice):
    payload = await call(server, BEGIN, device=device(), publicKey=base64.b64encode(b"x" * 1025).decode())
    assert [(e["code"], e["limit"]) for e in payload["errors"]] == [("TOO_LARGE", 1024)]
    assert payload["qrText"] is None
    assert (await begin(server, publicKey=base64.b64encode(b"x" * 1024).decode()))["qrCode"]

    link = await begin(server)
    await alice.mutate(SCAN, input={"qrText": link["qrText"]})
    before = await stored(link)
    large = base64.b64encode(b"x" * (16 * 1024 + 1)).decode()
    (error,) = await alice.refused(APPROVE, input={"qrText": link["qrText"], "provisioning": large})
    assert (error["code"], error["limit"]) == ("TOO_LARGE", 16 * 1024)
    assert await stored(link) == before


async def test_strangers_see_no_progress(server):
    link, other = await begin(server), await begin(server)

    for changes in ({"secret": other["secret"]}, {"secret": ""}, {"linkId": "lnk_x"}, {"linkId": other["linkId"]}):
        async with progress(server, link, **changes) as events:
            with pytest.raises(TransportError) as refused:
                await events.next()
        assert refused.value.errors[0]["extensions"]["code"] == "FORBIDDEN"


async def test_signed_out_callers_can_not_scan(server):
    for document in (SCAN, APPROVE):
        with pytest.raises(TransportError) as refused:
            await call(server, document, qrText="x")
        assert refused.value.errors[0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_progress_reaches_a_device_at_another_process(server, engine, settings, alice):
    if not engine.redis_url:
        pytest.skip("SQLite has one process")
    async with running(settings) as runtime, serving(runtime) as second:
        link = await begin(server)
        async with progress(second, link) as events:
            assert (await events.next())["state"] == "WAITING"
            await alice.mutate(SCAN, input={"qrText": link["qrText"]})
            assert (await events.next())["state"] == "SCANNED"
            await alice.mutate(APPROVE, input={"qrText": link["qrText"]})
            assert (await events.next())["grant"]
