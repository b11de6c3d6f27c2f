"""viewer, user and node: what one sees of oneself and of others."""

import pytest

from app.core import db
from app.core.clock import now
from tests.accounts.support import log_in, user_uuid
from tests.client import ask, signed_out

SELF = """{ viewer { id user { id username displayName bio isDeleted } eventCursor email emailVerified phoneNumber
  phoneVerified role hasPassword needsProfileSetup
  session { id isCurrent createdAt lastUsedAt expiresAt ipAddress userAgent device { id isCurrent } }
  sessions { id isCurrent } devices { id number name platform createdAt lastSeenAt isCurrent } } }"""


async def test_oneself(alice):
    viewer = (await alice.query(SELF))["viewer"]

    assert viewer["id"] == alice.viewer_id
    assert viewer["user"]["id"] == alice.id
    assert (viewer["email"], viewer["role"], viewer["hasPassword"]) == (alice.email, "USER", True)
    assert viewer["session"]["isCurrent"] is True
    assert viewer["session"]["ipAddress"] == "127.0.0.1"
    assert viewer["session"]["userAgent"]
    assert viewer["sessions"] == [{"id": viewer["session"]["id"], "isCurrent": True}]
    (device,) = viewer["devices"]
    assert (device["number"], device["platform"], device["isCurrent"]) == (1, "CLI", True)
    assert device["id"] == viewer["session"]["device"]["id"]
    assert len(viewer["eventCursor"]) < 200


async def test_nobody_is_null(server):
    async with signed_out(server) as session:
        assert await ask(session, "{ viewer { id } }") == {"viewer": None}


async def test_sessions_and_devices_of_the_account(server, alice):
    await log_in(server, alice)

    viewer = (await alice.query("{ viewer { sessions { isCurrent } devices { number isCurrent } } }"))["viewer"]

    assert [s["isCurrent"] for s in viewer["sessions"]] == [False, True]
    assert sorted((d["number"], d["isCurrent"]) for d in viewer["devices"]) == [(1, True), (2, False)]


async def test_others_by_id_and_by_name(alice, bob):
    document = "query($id: ID, $name: String) { user(id: $id, username: $name) { id username displayName isDeleted } }"
    bobs = {"id": bob.id, "username": bob.username, "displayName": "Bob", "isDeleted": False}

    assert (await alice.query(document, id=bob.id))["user"] == bobs
    assert (await alice.query(document, name=bob.username.upper()))["user"] == bobs
    assert (await alice.query(document, name="nobody\x00"))["user"] is None
    assert (await alice.query(document, name="nobody_at_all"))["user"] is None
    assert (await alice.query(document, name="боб"))["user"] is None
    for unknown in ("usr_aaaaaaaaaaaaaaaaaaaaaaaaaa", "x", bob.viewer_id):
        assert (await alice.query(document, id=unknown))["user"] is None
    for both_or_none in ({}, {"id": bob.id, "name": bob.username}):
        assert (await alice.failed(document, both_or_none))["extensions"]["code"] == "BAD_REQUEST"


async def test_a_deleted_account_is_a_name_for_nobody(alice, bob):
    await db.execute("UPDATE user_account SET deleted_at = $1, bio = 'secret' WHERE id = $2", now(), user_uuid(bob))
    document = "query($id: ID, $name: String) { user(id: $id, username: $name) { username displayName bio isDeleted } }"

    assert (await alice.query(document, id=bob.id))["user"] == {
        "username": None, "displayName": "Deleted account", "bio": None, "isDeleted": True,
    }  # fmt: skip
    assert (await alice.query(document, name=bob.username))["user"] is None


async def test_nodes_of_oneself_are_ones_own(alice, bob):
    viewer = (await alice.query(SELF))["viewer"]
    own = [viewer["id"], viewer["session"]["id"], viewer["devices"][0]["id"]]
    document = "query($id: ID!) { node(id: $id) { id __typename } }"

    kinds = [(await alice.query(document, id=i))["node"]["__typename"] for i in [*own, bob.id]]
    assert kinds == ["Viewer", "Session", "Device", "User"]
    for foreign in [*own, "usr_x", "", "nope_aaaaaaaaaaaaaaaaaaaaaaaaaa"]:
        assert (await bob.query(document, id=foreign))["node"] is None


async def test_people_are_for_people_who_signed_in(server, alice):
    async with signed_out(server) as session:
        with pytest.raises(Exception, match="Sign in") as refused:
            await ask(session, "query($id: ID) { user(id: $id) { id } }", id=alice.id)
    assert refused.value.errors[0]["extensions"]["code"] == "UNAUTHENTICATED"
