"""register: a new account, signed in."""

import asyncio
from uuid import uuid4

import pytest

from tests.accounts.support import OWN_EVENTS, REGISTER, call, count, device, log_in, only_error
from tests.client import PASSWORD

GOOD = {"password": PASSWORD, "displayName": "Zoë 🎉"}


def newcomer(**changes) -> dict:
    name = f"New_{uuid4().hex[:10]}"
    return GOOD | {"username": name, "email": f"{name}@Example.com", "device": device()} | changes


async def test_the_account_is_made_and_signed_in(server):
    wanted = newcomer(phoneNumber="+91 98765 43210")

    payload = await call(server, REGISTER, **wanted)

    viewer, tokens = payload["viewer"], payload["tokens"]
    assert payload["errors"] == []
    assert payload["isNewUser"] is True
    assert viewer["user"]["username"] == wanted["username"]
    assert viewer["user"]["displayName"] == "Zoë 🎉"
    assert (viewer["email"], viewer["emailVerified"]) == (wanted["email"], False)
    assert (viewer["phoneNumber"], viewer["phoneVerified"]) == ("+919876543210", False)
    assert (viewer["hasPassword"], viewer["needsProfileSetup"]) == (True, True)
    assert [d["number"] for d in viewer["devices"]] == [1]
    assert tokens["accessToken"] != tokens["refreshToken"]
    taken = await call(server, REGISTER, **newcomer(phoneNumber="+919876543210"))
    assert only_error(taken) == ("PHONE_TAKEN", ["input", "phoneNumber"])


async def test_the_username_is_shown_until_there_is_a_display_name(server):
    wanted = newcomer(displayName=None)
    payload = await call(server, REGISTER, **wanted)
    assert payload["viewer"]["user"]["displayName"] == wanted["username"]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"username": "ab"}, "INVALID", ["input", "username"]),
        ({"username": "a" * 51}, "TOO_LONG", ["input", "username"]),
        ({"username": "zoë_zoë"}, "INVALID", ["input", "username"]),
        ({"username": "pаypal"}, "INVALID", ["input", "username"]),  # a Cyrillic letter
        ({"username": "a\x00bc"}, "INVALID", ["input", "username"]),
        ({"email": "nobody"}, "INVALID", ["input", "email"]),
        ({"email": "a@b"}, "INVALID", ["input", "email"]),
        ({"email": "a\r\nb@example.com"}, "INVALID", ["input", "email"]),
        ({"email": f"{'a' * 250}@x.org"}, "TOO_LONG", ["input", "email"]),
        ({"phoneNumber": "123"}, "INVALID", ["input", "phoneNumber"]),
        ({"phoneNumber": "+1"}, "INVALID", ["input", "phoneNumber"]),
        ({"displayName": "x" * 101}, "TOO_LONG", ["input", "displayName"]),
        ({"displayName": "\u200b"}, "INVALID", ["input", "displayName"]),
        ({"displayName": "evil\u202etxt"}, "INVALID", ["input", "displayName"]),
        ({"password": "short"}, "WEAK_PASSWORD", ["input", "password"]),
        ({"password": "x7" * 65}, "WEAK_PASSWORD", ["input", "password"]),
        ({"password": "P4ssw0rd!23"}, "WEAK_PASSWORD", ["input", "password"]),
        ({"password": "nul\x00nul\x00nul"}, "INVALID", ["input", "password"]),
        ({"device": device() | {"installationId": ""}}, "INVALID", ["input", "device", "installationId"]),
        ({"device": device() | {"installationId": "x" * 129}}, "TOO_LONG", ["input", "device", "installationId"]),
        ({"device": device() | {"name": " "}}, "INVALID", ["input", "device", "name"]),
    ],
)
async def test_a_bad_value_is_named_and_nothing_is_made(server, hasher, change, code, field):
    wanted = newcomer(**change)
    hashed = hasher.operations

    payload = await call(server, REGISTER, **wanted)

    assert only_error(payload) == (code, field)
    assert await count("user_account", "username_key", wanted["username"].replace("\x00", "").lower()) == 0
    assert hasher.operations == hashed


async def test_a_password_like_the_name_or_address_is_refused(server):
    wanted = newcomer()
    for password in (wanted["username"].upper(), wanted["email"], wanted["username"] + "1!"):
        payload = await call(server, REGISTER, **(wanted | {"password": password}))
        assert only_error(payload) == ("WEAK_PASSWORD", ["input", "password"])


async def test_names_and_addresses_are_taken_whatever_their_case(server, alice):
    username, email = alice.username, alice.email

    assert only_error(await call(server, REGISTER, **newcomer(username=username.upper()))) == (
        "USERNAME_TAKEN",
        ["input", "username"],
    )
    assert only_error(await call(server, REGISTER, **newcomer(email=email.upper()))) == (
        "EMAIL_TAKEN",
        ["input", "email"],
    )


async def test_of_many_who_register_the_same_name_at_once_one_succeeds(server):
    name = f"same_{uuid4().hex[:8]}"

    payloads = await asyncio.gather(*(call(server, REGISTER, **newcomer(username=name)) for _ in range(8)))

    assert sum(not p["errors"] for p in payloads) == 1
    assert {e["code"] for p in payloads for e in p["errors"]} <= {"USERNAME_TAKEN", "CONFLICT"}
    assert await count("user_account", "username_key", name) == 1


async def test_the_first_device_is_announced_in_the_stream(server, alice):
    async with alice.subscribe(OWN_EVENTS, after=await alice.cursor()) as events:
        second = await log_in(server, alice)
        event = await events.until("DeviceChanged")

    assert event["deviceChange"] == "LINKED"
    assert event["device"] == second["viewer"]["session"]["device"]
