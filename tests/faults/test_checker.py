"""The checker itself: a good history passes, and each broken promise is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.faults.checker import Change, Database, Delivery, History, Send, Stored, check, kinds


def books() -> tuple[History, Database]:
    """Three messages in a group; Bob is removed after the second and back before a fourth that Ann alone misses not."""
    history = History()
    rows = []
    for seq in (1, 2, 3, 4):
        client_id, message, at = f"c{seq}", f"m{seq}", seq * 10.0
        history.sends[client_id] = Send(client_id, "g", "ann", at, at + 1, "ok", message, seq, 1)
        rows.append(Stored("g", seq, message, "ann", client_id, position=seq * 10))
        history.readers["ann-1"].append(Delivery("MESSAGE", "g", seq, message, client_id))
        if seq != 3:
            history.readers["bob-1"].append(Delivery("MESSAGE", "g", seq, message, client_id))
        if seq == 2:
            history.readers["bob-1"].append(Delivery("REMOVED", "g"))
        if seq == 3:
            history.readers["bob-1"].append(Delivery("ADDED", "g"))
    history.reader_users.update({"ann-1": "ann", "bob-1": "bob"})
    history.changes += [Change("g", "ann", "IN", 0, 1), Change("g", "bob", "IN", 0, 1)]
    history.changes += [Change("g", "bob", "OUT", 25, 26), Change("g", "bob", "IN", 35, 36)]
    intervals = {("g", "ann"): [(1, None)], ("g", "bob"): [(1, 25), (35, None)]}
    return history, Database(rows, intervals)


def test_a_good_history_passes() -> None:
    assert check(*books()) == []


def test_unknown_sends_may_be_stored_or_not() -> None:
    history, database = books()
    history.sends["c9"] = Send("c9", "g", "ann", 50, 51)
    assert check(history, database) == []
    history.sends["c4"].outcome = "unknown"
    assert check(history, database) == []


def damage(name: str, history: History, database: Database) -> tuple[History, Database]:
    """Breaks one promise."""
    ann, bob, rows = history.readers["ann-1"], history.readers["bob-1"], list(database.messages)
    if name == "acknowledged and lost":
        rows.pop()
    elif name == "stored twice":
        rows.append(replace(rows[-1], seq=5, message="m5", position=50))
    elif name == "stored but never sent":
        rows.append(replace(rows[-1], seq=5, message="m5", client_id="c5", position=50))
    elif name == "refused but stored":
        history.sends["c4"].outcome = "fail"
    elif name == "sequence not dense":
        rows[-1] = replace(rows[-1], seq=6)
    elif name == "log order is not seq order":
        rows[-1] = replace(rows[-1], position=5)
    elif name == "delivered twice":
        ann.append(ann[-1])
    elif name == "delivered out of order":
        ann[0], ann[1] = ann[1], ann[0]
    elif name == "missing":
        ann.pop()
    elif name == "delivered outside of the membership" or name == "delivered after the goodbye":
        bob.insert(3, Delivery("MESSAGE", "g", 3, "m3", "c3"))
    elif name == "delivered after the removal":
        bob.append(Delivery("MESSAGE", "g", 3, "m3", "c3"))
    elif name == "delivered what is not stored":
        ann.append(Delivery("MESSAGE", "g", 9, "m9", "c9"))
    return history, replace(database, messages=rows)


@pytest.mark.parametrize(
    "promise",
    ["acknowledged and lost", "stored twice", "stored but never sent", "refused but stored", "sequence not dense",
     "log order is not seq order", "delivered twice", "delivered out of order", "missing",
     "delivered outside of the membership", "delivered after the goodbye", "delivered after the removal",
     "delivered what is not stored"],
)  # fmt: skip
def test_each_broken_promise_is_named(promise: str) -> None:
    assert promise in kinds(check(*damage(promise, *books())))
