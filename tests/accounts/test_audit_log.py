"""Viewer.auditLog: what was done to the account, told to its owner only, without addresses or secrets."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.accounts.audit import sweep_audit
from app.core import db
from app.core.clock import now
from app.core.origin import truncated
from tests.accounts.support import LOG_OUT, call, count, log_in, user_uuid
from tests.client import PASSWORD

LOG = """query Log($first: Int, $after: String) { viewer { auditLog(first: $first, after: $after) {
  edges { cursor } pageInfo { hasNextPage endCursor }
  nodes { id action actor { id } subject { id } ipAddress requestId details createdAt } } } }"""
NODE = "query($id: ID!) { node(id: $id) { id } }"


async def entries(person, **page):
    return (await person.query(LOG, **page))["viewer"]["auditLog"]["nodes"]


async def test_signing_in_and_failing_to(server, alice):
    await log_in(server, alice, password="wrong password")
    second = await log_in(server, alice)
    await call(server, LOG_OUT, token=second["tokens"]["accessToken"])

    ended, signed_in, failed, registered = await entries(alice)

    device = second["viewer"]["session"]["device"]["id"]
    assert (ended["action"], ended["details"], ended["subject"]) == ("SESSION_ENDED", "LOGGED_OUT", {"id": device})
    assert (signed_in["action"], signed_in["actor"], signed_in["subject"]) == (
        "SIGNED_IN", {"id": alice.id}, {"id": device},
    )  # fmt: skip
    assert (failed["action"], failed["actor"], failed["subject"]) == ("SIGN_IN_FAILED", None, None)
    assert registered["action"] == "SIGNED_IN"
    for entry in (ended, signed_in, failed, registered):
        assert entry["ipAddress"] == "127.0.0.0"
        assert entry["requestId"]
    assert len({e["requestId"] for e in (ended, signed_in, failed, registered)}) == 4


async def test_an_unknown_account_takes_the_same_work(server, alice):
    sql = "SELECT count(*) AS n FROM audit_entry WHERE user_id IS NULL"
    before = (await db.row(sql))["n"]
    await log_in(server, alice, identifier="nobody_at_all")
    assert (await db.row(sql))["n"] == before + 1
    assert len(await entries(alice)) == 1


@pytest.mark.parametrize(
    ("document", "action"),
    [
        ("mutation { updatePrivacy(input: {bio: NOBODY, readReceipts: true}) { errors { code } } }", "PRIVACY_CHANGED"),
        ('mutation { updateProfile(input: {username: "NAME"}) { errors { code } } }', "USERNAME_CHANGED"),
        ("mutation { requestDataExport(input: {}) { errors { code } } }", "DATA_EXPORT_REQUESTED"),
    ],
)
async def test_what_one_changes(alice, document, action):
    await alice.mutate(document.replace("NAME", f"{alice.username}_2"))
    entry, _ = await entries(alice)
    assert (entry["action"], entry["actor"]) == (action, {"id": alice.id})
    assert entry["details"] == ("bio" if action == "PRIVACY_CHANGED" else None)


async def test_deleting_and_coming_back(server, alice):
    await alice.mutate("mutation($p: String) { deleteAccount(input: {password: $p}) { errors { code } } }", p=PASSWORD)
    token = (await log_in(server, alice))["tokens"]["accessToken"]
    await call(server, "mutation { cancelAccountDeletion { errors { code } } }", token=token)
    sql = "SELECT action FROM audit_entry WHERE user_id = $1 ORDER BY created_at, id"
    found = [row["action"] for row in await db.rows(sql, user_uuid(alice))]
    assert found == [
        "SIGNED_IN", "DELETION_REQUESTED", "SESSION_ENDED", "SIGNED_IN", "DELETION_CANCELED",
    ]  # fmt: skip


async def test_what_was_refused_leaves_no_entry(alice):
    await alice.refused("mutation { updateProfile(input: {username: null}) { errors { code } } }")
    await alice.refused("mutation { deleteAccount(input: {}) { errors { code } } }")
    assert len(await entries(alice)) == 1


async def test_pages_join_to_the_whole(server, alice):
    for _ in range(4):
        await log_in(server, alice, password="wrong password")
    whole = await entries(alice)
    pages, after = [], None
    while True:
        page = (await alice.query(LOG, first=2, after=after))["viewer"]["auditLog"]
        pages += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert pages == whole
    assert len(whole) == 5


async def test_it_is_the_owners_alone(alice, bob):
    (entry,) = await entries(alice)
    assert (await alice.query(NODE, id=entry["id"]))["node"] == {"id": entry["id"]}
    assert (await bob.query(NODE, id=entry["id"]))["node"] is None


async def test_addresses_go_after_four_weeks_and_entries_after_a_year(alice):
    user_id = user_uuid(alice)
    sql = "UPDATE audit_entry SET created_at = $1 WHERE user_id = $2"
    await db.execute(sql, now() - timedelta(days=29), user_id)
    await sweep_audit()
    assert [e["ipAddress"] for e in await entries(alice)] == [None]
    await db.execute(sql, now() - timedelta(days=366), user_id)
    await sweep_audit()
    assert await count("audit_entry", "user_id", user_id) == 0


def test_addresses_are_truncated():
    assert truncated("203.0.113.77") == "203.0.113.0"
    assert truncated("2001:db8:1:2:3::4") == "2001:db8:1::"
    assert truncated("") is None
