"""logOut: of this session or of all, and what others learn of it."""

import pytest
from gql.transport.exceptions import TransportError

from tests.accounts.support import LOG_OUT, OWN_EVENTS, REFRESH, call, log_in, only_error
from tests.client import ask, signed_out


async def test_the_session_is_over_at_once(server, alice):
    other = await log_in(server, alice)

    assert (await call(server, LOG_OUT, token=alice.access_token))["errors"] == []

    failure = await alice.failed("{ viewer { id } }")
    assert failure["extensions"]["code"] == "SESSION_REVOKED"
    assert only_error(await call(server, REFRESH, refreshToken=alice.refresh_token))[0] == "EXPIRED"
    async with signed_out(server, other["tokens"]["accessToken"]) as session:
        viewer = (await ask(session, "{ viewer { sessions { isCurrent } devices { number isCurrent } } }"))["viewer"]
    assert viewer == {"sessions": [{"isCurrent": True}], "devices": [{"number": 2, "isCurrent": True}]}


async def test_all_devices_are_signed_out(server, alice):
    others = [await log_in(server, alice) for _ in range(2)]

    await call(server, LOG_OUT, token=alice.access_token, allDevices=True)

    for token in [alice.access_token, *(o["tokens"]["accessToken"] for o in others)]:
        async with signed_out(server, token) as session:
            with pytest.raises(Exception, match="ended"):
                await ask(session, "{ viewer { id } }")


async def test_the_session_learns_why_it_ends_and_others_that_the_device_is_gone(server, alice):
    other = await log_in(server, alice)
    mine = (await alice.query("{ viewer { session { device { id number } } } }"))["viewer"]["session"]["device"]
    cursor = await alice.cursor()

    async with alice.subscribe(OWN_EVENTS, after=cursor) as own:
        await call(server, LOG_OUT, token=alice.access_token)
        assert (await own.until("SessionEnding"))["endReason"] == "LOGGED_OUT"
        with pytest.raises(TransportError) as closed:
            await own.until("nothing more", seconds=1)
    assert closed.value.__cause__.rcvd.code == 4401

    async with signed_out(server, other["tokens"]["accessToken"]):
        alice.access_token = other["tokens"]["accessToken"]
        async with alice.subscribe(OWN_EVENTS, after=cursor) as theirs:
            change = await theirs.next()
    assert change == {"__typename": "DeviceChanged", "deviceChange": "REVOKED", "device": mine}


async def test_signed_out_callers_are_told_to_sign_in(server):
    async with signed_out(server) as session:
        with pytest.raises(Exception, match="Sign in") as refused:
            await ask(session, LOG_OUT, input={})
    assert refused.value.errors[0]["extensions"]["code"] == "UNAUTHENTICATED"
