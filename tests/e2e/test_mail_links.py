"""The pages that mailed links open, in a real browser with every foreign host out of reach."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from app.core import db
from tests.accounts.conftest import outbox as outbox
from tests.accounts.support import LOG_IN, audited, call, device, log_in, user_uuid
from tests.accounts.test_credentials import NEW, REQUEST_RESET, RESEND
from tests.accounts.test_two_factor import code_of, switched_on
from tests.client import PASSWORD
from tests.e2e.browser import Page, open_page

STATUS = 'document.getElementById("status").textContent'


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with open_page() as page:
        yield page


async def fill(page: Page, form: str, **values: str) -> None:
    for name, value in values.items():
        await page.run(f"document.forms.{form}.elements.{name}.value = {value!r}")
    await page.run(f"document.forms.{form}.requestSubmit()")


async def is_proved(person) -> bool:
    row = await db.row("SELECT email_verified FROM user_account WHERE id = $1", user_uuid(person))
    return bool(row["email_verified"])


def asked_only(page: Page, server) -> bool:
    return all(url.startswith(server.url) for url in page.requested if url != "about:blank")


async def test_a_new_password_is_set_once(server, alice, outbox, page):
    await call(server, REQUEST_RESET, email=alice.email)
    token = outbox.token_for(alice.email)
    await page.open(f"{server.url}/reset-password#token={token}")
    assert await page.run("location.hash") == ""

    await fill(page, "RESET_PASSWORD", password=NEW, again="another")
    await page.wait(f"{STATUS} === 'The two passwords differ.'")
    await fill(page, "RESET_PASSWORD", password="password", again="password")
    await page.wait(f"{STATUS}.includes('guessed')")
    await fill(page, "RESET_PASSWORD", password=NEW, again=NEW)
    await page.wait(f"{STATUS}.includes('is changed')")

    signed_in = await call(server, LOG_IN, identifier=alice.email, password=NEW, device=device())
    assert signed_in["errors"] == []
    await page.open("about:blank")
    await page.open(f"{server.url}/reset-password#token={token}")
    await fill(page, "RESET_PASSWORD", password=NEW, again=NEW)
    await page.wait(f"{STATUS}.includes('no longer works')")
    assert asked_only(page, server)
    assert not any(token in url for url in page.requested if "#" not in url)


@pytest.mark.parametrize("has_factor", [False, True])
async def test_an_address_is_confirmed_and_nobody_stays_signed_in(server, alice, outbox, page, has_factor):
    secret = (await switched_on(alice))[0] if has_factor else ""
    await call(server, RESEND, token=alice.access_token)
    await page.open(f"{server.url}/verify-email#token={outbox.token_for(alice.email, 'verify-email')}")

    await fill(page, "VERIFY_EMAIL", identifier=alice.username, password="wrong password")
    await page.wait(f"{STATUS}.includes('is wrong')")
    assert not await is_proved(alice)
    await fill(page, "VERIFY_EMAIL", identifier=alice.username, password=PASSWORD)
    if has_factor:
        await page.wait(f"{STATUS}.includes('authenticator')")
        await fill(page, "VERIFY_EMAIL", code=code_of(secret))
    await page.wait(f"{STATUS}.includes('is confirmed')")

    assert await is_proved(alice)
    assert (await audited(alice))[-2:] == [("IDENTIFIER_PROVED", "email"), ("SESSION_ENDED", "LOGGED_OUT")]
    assert len((await alice.query("{ viewer { sessions { id } } }"))["viewer"]["sessions"]) == 1
    assert asked_only(page, server)
    assert page.errors == []


async def test_somebody_elses_link_confirms_nothing(server, alice, bob, outbox, page):
    await call(server, RESEND, token=alice.access_token)
    await page.open(f"{server.url}/verify-email#token={outbox.token_for(alice.email, 'verify-email')}")
    await fill(page, "VERIFY_EMAIL", identifier=bob.username, password=PASSWORD)
    await page.wait(f"{STATUS}.includes('no longer works')")
    assert not await is_proved(alice)
    assert not await is_proved(bob)
    assert (await log_in(server, bob))["errors"] == []


@pytest.mark.parametrize("path", ["verify-email", "reset-password"])
async def test_pages_load_nothing_from_elsewhere(server, path):
    async with httpx.AsyncClient(base_url=server.url) as http:
        answer = await http.get(f"/{path}")
        assert answer.headers["content-type"].startswith("text/html")
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "://" not in answer.text
        for asset in ("page.js", "page.css"):
            assert (await http.get(f"/mail-links/{asset}")).status_code == 200
        assert (await http.get("/mail-links/../__init__.py")).status_code == 404
        assert (await http.post(f"/{path}")).status_code == 405
