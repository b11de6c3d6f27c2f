"""A conversation of 12,000 messages: every page costs what one of 60 costs, wherever it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.core import db
from app.core.clock import new_id
from app.core.graphql.ids import decode_id, encode_id
from tests.conversations.documents import start_direct
from tests.messages.documents import PAGE
from tests.statements import statements

START = datetime(2026, 1, 1, tzinfo=UTC)
_COLUMNS = {"id": "uuid", "seq": "int", "at": "timestamptz"}


async def fill(person, chat, count):
    """Messages "1" … a minute apart; their ids."""
    ids = [new_id() for _ in range(count)]
    rows = [(id_, n, START + timedelta(minutes=n)) for n, id_ in enumerate(ids, 1)]
    key, sender = decode_id("cnv", chat), decode_id("usr", person.id)
    for some in (rows[n : n + 4000] for n in range(0, count, 4000)):
        await db.execute(
            "INSERT INTO message (id, conversation_id, seq, sender_id, kind, text, silent, created_at)"
            " SELECT d.id, $1, d.seq, $2, 'TEXT', CAST(d.seq AS text), $3, d.at"
            f" FROM {db.table('d', _COLUMNS, first=4)}",
            key, sender, False, *db.table_args(some),
        )  # fmt: skip
    await db.execute("UPDATE conversation SET last_seq = $1 WHERE id = $2", count, key)
    return [encode_id("msg", id_) for id_ in ids]


async def page(person, chat, **args):
    async with statements() as ran:
        found = (await person.query(PAGE, id=chat, **args))["conversation"]["messages"]
    return [node["seq"] for node in found["nodes"]], found["pageInfo"], len(ran)


async def test_pages_are_right_and_cost_the_same_everywhere(alice, bob, carol):
    short, long = await start_direct(alice, carol), await start_direct(alice, bob)
    few, many = await fill(alice, short, 60), await fill(alice, long, 12_000)
    for ids, chat in ((few, short), (many, long)):
        await page(alice, chat)  # whatever is read once
        last, middle = len(ids), len(ids) // 2
        at = (START + timedelta(minutes=middle)).isoformat()
        for args, expected in (
            ({}, range(last - 49, last + 1)),
            ({"around": ids[middle - 1]}, range(middle - 25, middle + 26)),
            ({"around": ids[0]}, range(1, 27)),
            ({"last": 5, "before": ids[middle - 1]}, range(middle - 5, middle)),
            ({"first": 5, "after": ids[middle - 1]}, range(middle + 1, middle + 6)),
            ({"from": at, "first": 3, "last": 2}, range(middle - 2, middle + 4)),
            ({"first": 2}, range(1, 3)),
        ):  # fmt: skip
            seqs, info, ran = await page(alice, chat, **args)
            assert seqs == list(expected), args
            assert info["hasPreviousPage"] == (expected[0] > 1)
            assert info["hasNextPage"] == (expected[-1] < last)
            assert ran <= 5, args


async def test_walking_all_of_it_both_ways_meets_each_message_once(alice, bob):
    chat = await start_direct(alice, bob)
    await fill(bob, chat, 10_050)
    back, cursor = [], None
    while True:
        seqs, info, _ = await page(alice, chat, last=100, before=cursor)
        back = seqs + back
        cursor = info["startCursor"]
        if not info["hasPreviousPage"]:
            break
    assert back == list(range(1, 10_051))
    seqs, info, _ = await page(alice, chat, first=100)
    on = seqs
    while info["hasNextPage"] and len(on) < 1_000:
        seqs, info, _ = await page(alice, chat, first=100, after=info["endCursor"])
        on += seqs
    assert on == list(range(1, 1_001))
