"""renameDevice, revokeDevice, revokeOtherSessions: what changes, who learns it, and what others' devices answer."""

import pytest
from gql.transport.exceptions import TransportError

from tests.accounts.support import OWN_EVENTS, REFRESH, call, codes_of, log_in, only_error, own_rows
from tests.client import ask, signed_out

_ERRORS = "errors { code field limit }"
_DEVICE = f"{{ {_ERRORS} device {{ id name }} }}"
RENAME = f"mutation R($input: RenameDeviceInput!) {{ renameDevice(input: $input) {_DEVICE} }}"
REVOKE = f"mutation R($input: RevokeDeviceInput!) {{ revokeDevice(input: $input) {_DEVICE} }}"
REVOKE_OTHERS = f"mutation {{ revokeOtherSessions {{ {_ERRORS} viewer {{ id sessions {{ isCurrent }} }} }} }}"
UNKNOWN = "dev_aaaaaaaaaaaaaaaaaaaaaaaaaa"


async def own_device(who) -> dict:
    return (await who.query("{ viewer { session { device { id number name } } } }"))["viewer"]["session"]["device"]


async def device_of(server, payload: dict) -> str:
    async with signed_out(server, payload["tokens"]["accessToken"]) as session:
        asked = await ask(session, "{ viewer { session { device { id } } } }")
    return asked["viewer"]["session"]["device"]["id"]


async def works(server, token: str) -> bool:
    async with signed_out(server, token) as session:
        try:
            await ask(session, "{ viewer { id } }")
        except TransportError as error:
            return error.errors[0]["extensions"]["code"] != "SESSION_REVOKED"
    return True


async def test_a_renamed_device_is_shown_so_to_all_devices(server, alice):
    own = await own_device(alice)
    cursor = await alice.cursor()

    payload = await alice.mutate(RENAME, input={"deviceId": own["id"], "name": "  Küche  "})

    assert payload["device"] == {"id": own["id"], "name": "Küche"}
    async with alice.subscribe(OWN_EVENTS, after=cursor) as events:
        change = await events.next()
    assert change["deviceChange"] == "RENAMED"
    assert change["device"] == {"id": own["id"], "number": own["number"]}


async def test_the_same_name_again_tells_nobody(server, alice):
    own = await own_device(alice)
    before = await own_rows(alice)

    await alice.mutate(RENAME, input={"deviceId": own["id"], "name": own["name"]})

    assert await own_rows(alice) == before


@pytest.mark.parametrize(("name", "code"), [("", "INVALID"), ("a\nb", "INVALID"), ("x" * 101, "TOO_LONG")])
async def test_names_that_are_none_change_nothing(server, alice, name, code):
    own = await own_device(alice)
    before = await own_rows(alice)

    (error,) = await alice.refused(RENAME, input={"deviceId": own["id"], "name": name})

    assert (error["code"], error["field"]) == (code, ["input", "name"])
    assert await own_device(alice) == own
    assert await own_rows(alice) == before


async def test_foreign_unknown_and_malformed_devices_are_not_found(server, alice, bob):
    theirs, before = await own_device(bob), await own_rows(bob)

    for device_id in (theirs["id"], UNKNOWN, "nonsense", alice.id):
        for document, more in ((RENAME, {"name": "mine now"}), (REVOKE, {})):
            (error,) = await alice.refused(document, input={"deviceId": device_id, **more})
            assert (error["code"], error["field"]) == ("NOT_FOUND", ["input", "deviceId"])

    assert await own_device(bob) == theirs
    assert await own_rows(bob) == before


async def test_a_revoked_device_is_out_at_once(server, alice):
    other = await log_in(server, alice)
    device_id = await device_of(server, other)
    mine = alice.access_token
    cursor = await alice.cursor()

    alice.access_token = other["tokens"]["accessToken"]
    async with alice.subscribe(OWN_EVENTS, after=cursor) as theirs:
        assert (await call(server, REVOKE, token=mine, deviceId=device_id))["errors"] == []
        assert (await theirs.until("SessionEnding"))["endReason"] == "DEVICE_REVOKED"
        with pytest.raises(TransportError) as closed:
            await theirs.until("nothing more", seconds=2)
    assert closed.value.__cause__.rcvd.code == 4401

    assert not await works(server, other["tokens"]["accessToken"])
    assert only_error(await call(server, REFRESH, refreshToken=other["tokens"]["refreshToken"]))[0] == "EXPIRED"
    alice.access_token = mine
    assert await works(server, mine)
    async with alice.subscribe(OWN_EVENTS, after=cursor) as own:
        assert (await own.next())["deviceChange"] == "REVOKED"


async def test_revoking_again_is_no_error_and_tells_nobody(server, alice):
    other = await log_in(server, alice)
    device_id = await device_of(server, other)
    await alice.mutate(REVOKE, input={"deviceId": device_id})
    before = await own_rows(alice)

    await alice.mutate(REVOKE, input={"deviceId": device_id})

    assert await own_rows(alice) == before


async def test_a_device_may_revoke_itself(server, alice):
    own = await own_device(alice)

    assert codes_of(await call(server, REVOKE, token=alice.access_token, deviceId=own["id"])) == []

    assert not await works(server, alice.access_token)


async def test_all_others_are_revoked_and_the_one_that_asks_stays(server, alice, bob):
    others = [await log_in(server, alice) for _ in range(2)]

    payload = await alice.mutate(REVOKE_OTHERS)

    assert payload["viewer"] == {"id": alice.viewer_id, "sessions": [{"isCurrent": True}]}
    assert [await works(server, o["tokens"]["accessToken"]) for o in others] == [False, False]
    assert await works(server, alice.access_token)
    assert await works(server, bob.access_token)


async def test_alone_nothing_is_revoked(server, alice):
    before = await own_rows(alice)

    await alice.mutate(REVOKE_OTHERS)

    assert await own_rows(alice) == before


@pytest.mark.parametrize(
    ("document", "values"),
    [
        (RENAME, {"input": {"deviceId": UNKNOWN, "name": "x"}}),
        (REVOKE, {"input": {"deviceId": UNKNOWN}}),
        (REVOKE_OTHERS, {}),
    ],
)
async def test_signed_out_callers_are_told_to_sign_in(server, document, values):
    async with signed_out(server) as session:
        with pytest.raises(TransportError) as refused:
            await ask(session, document, values)
    assert refused.value.errors[0]["extensions"]["code"] == "UNAUTHENTICATED"
