"""Every rate that code asks for is in the table, and every row of the table is asked for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from app.core.limits import RATES

APP = Path(__file__).parents[2] / "app"


def _names() -> Iterator[str]:
    """String arguments of `.admit("…")` and `rate_limit="…"` anywhere in the code."""
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            values = [k.value for k in node.keywords if k.arg == "rate_limit"]
            if isinstance(node.func, ast.Attribute) and node.func.attr == "admit":
                values += node.args[:1]
            yield from (v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str))


def test_every_rate_exists_and_is_enforced():
    assert {rate.name for rate in RATES} == set(_names())


def test_keys_are_unique():
    assert len({rate.key for rate in RATES}) == len(RATES)
