"""Passwords, codes and tokens reach no log; the console driver alone prints codes."""

import logging
import re
from uuid import uuid4

from tests.accounts.support import (
    LOG_OUT,
    REFRESH,
    REGISTER,
    REQUEST_OTP,
    VERIFY_OTP,
    call,
    device,
    log_in,
    prove_address,
)
from tests.accounts.test_credentials import CHANGE, NEW, REQUEST_RESET, RESEND, RESET, VERIFY
from tests.accounts.test_device_link import COMPLETE, approved
from tests.accounts.test_two_factor import challenge, switched_on, verify
from tests.client import PASSWORD, ask, signed_out

CLIENTS = ("gql", "httpcore", "httpx", "websockets.client")  # the tests' own side of the connection


async def test_nothing_secret_is_logged(server, alice, outbox, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    await prove_address(alice)
    await log_in(server, alice, password="the wrong password, really")
    signed_in = (await log_in(server, alice))["tokens"]
    fresh = (await call(server, REFRESH, refreshToken=signed_in["refreshToken"]))["tokens"]
    await call(server, REQUEST_OTP, identifier=alice.email)
    await call(server, VERIFY_OTP, identifier=alice.email, code=outbox.code_for(alice.email), device=device())
    name = f"new_{uuid4().hex[:8]}"
    secret = f"Quite Secret {uuid4().hex}"
    await call(server, REGISTER, username=name, email=f"{name}@x.org", password=secret, device=device())
    await call(server, LOG_OUT, token=fresh["accessToken"])

    printed = capfd.readouterr()
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith(CLIENTS)]
    text = printed.out + printed.err + "\n".join(ours)

    for hidden in (
        PASSWORD, "the wrong password, really", secret, outbox.code_for(alice.email), alice.access_token,
        *(t[k] for t in (signed_in, fresh) for k in ("accessToken", "refreshToken")),
    ):  # fmt: skip
        assert hidden not in text


async def test_links_factors_and_grants_are_not_logged_either(server, alice, outbox, runtime, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    secret, recovery = await switched_on(alice)
    text = await challenge(server, alice)
    await verify(server, text, "000000")
    signed_in = await verify(server, text, recovery[0])
    link, grant = await approved(server, alice)
    linked = await call(server, COMPLETE, linkId=link["linkId"], grant=grant)
    await call(server, RESEND, token=alice.access_token)
    proof = outbox.token_for(alice.email, "verify-email")
    await alice.mutate(VERIFY, input={"token": proof})
    await alice.mutate(CHANGE, input={"currentPassword": PASSWORD, "newPassword": NEW})
    await call(server, REQUEST_RESET, email=alice.email)
    reset = outbox.token_for(alice.email)
    async with signed_out(server) as session:
        await ask(session, RESET, input={"token": "x" + reset, "newPassword": NEW + "!"})
        await ask(session, RESET, input={"token": reset, "newPassword": NEW + "!"})

    printed = capfd.readouterr()
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith(CLIENTS)]
    text_logged = printed.out + printed.err + "\n".join(ours)
    assert "job done" in text_logged  # it looks where logs are
    for hidden in (
        PASSWORD, NEW, secret, *recovery, text, link["secret"], link["qrText"], grant, proof, reset,
        signed_in["tokens"]["accessToken"], linked["tokens"]["refreshToken"],
    ):  # fmt: skip
        assert hidden not in text_logged


async def test_the_console_driver_prints_the_code_and_logs_nothing(server, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    to = f"{uuid4().hex[:10]}@example.com"

    await call(server, REQUEST_OTP, identifier=to)

    printed = capfd.readouterr().out
    assert f"MAIL to {to}" in printed
    code = re.findall(r"\b\d{6}\b", printed.partition(to)[2])[0]
    assert not [r for r in caplog.records if code in r.getMessage() and not r.name.startswith(CLIENTS)]
    assert (await call(server, VERIFY_OTP, identifier=to, code=code, device=device()))["errors"] == []
