"""createConnectionCode, scanConnectionCode."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from app.contacts import sweep
from app.core import db
from app.core.clock import now
from tests.contacts.documents import BLOCK, connect, contacts_of, requests_of, stored, told, user_id

_ERRORS = "errors { code field retryAfter }"
CREATE = f"mutation {{ createConnectionCode {{ {_ERRORS} text qrCode expiresAt }} }}"
SCAN = f"""mutation Scan($text: String!) {{ scanConnectionCode(input: {{text: $text}}) {{
  {_ERRORS} request {{ id state via from {{ id }} to {{ id }} }} contact {{ id }} }} }}"""


async def code_of(person) -> str:
    return (await person.mutate(CREATE))["text"]


async def test_scanned_it_asks(alice, bob):
    cursor = await alice.cursor()
    code = await alice.mutate(CREATE)
    assert code["qrCode"].startswith("<svg")
    request = (await bob.mutate(SCAN, text=code["text"]))["request"]

    assert (request["state"], request["via"]) == ("PENDING", "QR_CODE")
    assert (request["from"]["id"], request["to"]["id"]) == (bob.id, alice.id)
    (event,) = await told(alice, cursor, 1)
    assert event["request"]["id"] == request["id"]


async def test_both_scan_each_other(alice, bob):
    await bob.mutate(SCAN, text=await code_of(alice))
    payload = await alice.mutate(SCAN, text=await code_of(bob))

    assert payload["request"]["state"] == "ACCEPTED"
    assert payload["contact"] is not None
    assert (await contacts_of(alice), await contacts_of(bob)) == ([bob.id], [alice.id])


async def test_works_once(alice, bob, carol):
    text = await code_of(alice)
    await bob.mutate(SCAN, text=text)
    for person in (bob, carol):
        (error,) = await person.refused(SCAN, text=text)
        assert (error["code"], error["field"]) == ("WRONG_CODE", ["input", "text"])
    assert await requests_of(carol, "SENT") == []


async def test_of_two_at_once_one_gets_it(alice, bob, carol):
    text = await code_of(alice)
    answers = await asyncio.gather(*(p.query(SCAN, text=text) for p in (bob, carol)))

    codes = sorted(e["code"] for a in answers for e in a["scanConnectionCode"]["errors"])
    assert codes == ["WRONG_CODE"]
    assert len(await requests_of(alice, "RECEIVED")) == 1


async def test_two_codes_live_side_by_side(alice, bob, carol):
    one, two = await code_of(alice), await code_of(alice)
    await bob.mutate(SCAN, text=one)
    await carol.mutate(SCAN, text=two)

    assert len(await requests_of(alice, "RECEIVED")) == 2


async def test_expired(alice, bob):
    text = await code_of(alice)
    await db.execute(
        "UPDATE connection_code SET expires_at = $1 WHERE user_id = $2", now() - timedelta(seconds=1), user_id(alice)
    )
    before = await stored(alice, bob)
    (error,) = await bob.refused(SCAN, text=text)

    assert error["code"] == "EXPIRED"
    assert await stored(alice, bob) == before


@pytest.mark.parametrize("text", ["", "parley:connect/", "parley:connect/abc", "https://example.com/x", "x" * 5000])
async def test_foreign(alice, text):
    (error,) = await alice.refused(SCAN, text=text)
    assert error["code"] == "WRONG_CODE"


async def test_own_and_refused_ones_are_not_used_up(alice, bob, carol):
    text = await code_of(alice)
    (error,) = await alice.refused(SCAN, text=text)
    assert error["code"] == "INVALID"
    await connect(alice, bob)
    (error,) = await bob.refused(SCAN, text=text)
    assert (error["code"], error["field"]) == ("ALREADY_EXISTS", ["input", "text"])

    await carol.mutate(SCAN, text=text)


async def test_a_blocker_is_asked_in_vain(alice, bob):
    await alice.mutate(BLOCK, userId=bob.id)
    request = (await bob.mutate(SCAN, text=await code_of(alice)))["request"]

    assert request["state"] == "PENDING"
    assert await requests_of(alice, "RECEIVED") == []


async def test_expired_codes_are_swept(alice, bob, monkeypatch):
    text = (await alice.mutate(CREATE))["text"]
    assert await sweep.sweep() == 0
    monkeypatch.setattr(sweep, "now", lambda: now() + timedelta(minutes=11))
    assert await sweep.sweep() >= 1
    (error,) = await bob.refused(SCAN, text=text)
    assert error["code"] == "WRONG_CODE"
