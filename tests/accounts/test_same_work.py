"""Whether an account exists is told neither by the answer nor by the work it takes: statements, hashes and jobs.

Work is counted, not timed: it is the same on every machine. (register does tell: a name that is taken must be told.)
"""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest

from app.core import db
from tests.accounts.support import LOG_IN, REQUEST_OTP, VERIFY_OTP, device, prove_address, user_uuid
from tests.accounts.test_credentials import REQUEST_RESET
from tests.accounts.test_own_identifiers import ADD
from tests.client import ask, signed_out
from tests.statements import statements

KINDS = ["known", "proved", "without a password", "deleted"]


def unknown_address() -> str:
    return f"{uuid4().hex}@example.com"


async def taken_by(server, hasher, document: str, token: str | None = None, **values: Any) -> tuple:
    """The answer without its times, the statements in order without their values, hashes made, jobs enqueued."""
    hashed = hasher.operations
    jobs = (await db.row("SELECT count(*) AS n FROM job"))["n"]
    async with signed_out(server, token) as session, statements() as found:
        answer = await ask(session, document, input=values)
    shapes = [re.sub(r"'[^']*'|\b\d[\d.]*\b", "?", text.partition(": [")[0]) for text in found]
    fields = {k: v for k, v in next(iter(answer.values())).items() if not k.endswith("At")}
    enqueued = (await db.row("SELECT count(*) AS n FROM job"))["n"] - jobs
    return fields, shapes, hasher.operations - hashed, enqueued


@pytest.fixture(params=KINDS)
async def known(request, alice):
    """Somebody with an account, in each state that could show."""
    if request.param == "proved":
        await prove_address(alice)
    elif request.param == "without a password":
        await db.execute("UPDATE user_account SET password_hash = NULL WHERE id = $1", user_uuid(alice))
    elif request.param == "deleted":
        sql = "UPDATE user_account SET deleted_at = created_at, email_key = NULL, username_key = $2 WHERE id = $1"
        await db.execute(sql, user_uuid(alice), f"deleted_{uuid4().hex[:12]}")
    return alice


async def test_sign_in_by_password(server, hasher, known):
    for mine, nobodys in ((known.email, unknown_address()), (known.username, f"u_{uuid4().hex[:16]}")):
        values = {"password": "wrong password", "device": device()}
        there = await taken_by(server, hasher, LOG_IN, identifier=mine, **values)
        nowhere = await taken_by(server, hasher, LOG_IN, identifier=nobodys, **values)
        assert there == nowhere
        assert [e["code"] for e in there[0]["errors"]] == ["WRONG_CREDENTIALS"]
        assert there[2] == 1
        assert there[1]


async def test_password_reset(server, hasher, outbox, known):
    there = await taken_by(server, hasher, REQUEST_RESET, email=known.email)
    nowhere = await taken_by(server, hasher, REQUEST_RESET, email=unknown_address())
    assert there == nowhere
    assert (there[0]["errors"], there[2], there[3]) == ([], 0, 1)


async def test_code_request(server, hasher, outbox, known):
    there = await taken_by(server, hasher, REQUEST_OTP, identifier=known.email)
    nowhere = await taken_by(server, hasher, REQUEST_OTP, identifier=unknown_address())
    assert there == nowhere
    assert (there[0]["errors"], there[2], there[3]) == ([], 0, 1)


@pytest.mark.parametrize("is_sent", [True, False])
async def test_wrong_code(server, hasher, outbox, known, is_sent):
    there, nowhere = known.email, unknown_address()
    if is_sent:
        for identifier in (there, nowhere):
            await taken_by(server, hasher, REQUEST_OTP, identifier=identifier)
    values = {"code": "wrong", "device": device()}
    took = [await taken_by(server, hasher, VERIFY_OTP, identifier=i, **values) for i in (there, nowhere)]
    assert took[0] == took[1]
    assert [e["code"] for e in took[0][0]["errors"]] == ["WRONG_CODE"]


async def test_an_address_that_is_to_be_added(server, hasher, outbox, known, bob):
    token = bob.access_token
    there = await taken_by(server, hasher, ADD, token, identifier=known.email)
    nowhere = await taken_by(server, hasher, ADD, token, identifier=unknown_address())
    assert there == nowhere
    assert (there[0]["errors"], there[3]) == ([], 1)


async def test_work_that_differs_is_noticed(server, hasher, alice):
    """The comparison itself: a right password takes other work than a wrong one."""
    wrong = await taken_by(server, hasher, LOG_IN, identifier=alice.email, password="wrong password", device=device())
    right = await taken_by(
        server, hasher, LOG_IN, identifier=alice.email, password="correct horse battery staple", device=device()
    )
    assert wrong[1] != right[1]
