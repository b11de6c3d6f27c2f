"""The rules of the log and the hub under a seeded simulation: real follower, hub and cursors, everything else unkind.

A failure prints its seed: `run(seed)` repeats it exactly. PARLEY_SIM_SEEDS runs more of them.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest
import structlog

from tests.simulation.mutants import MUTANTS
from tests.simulation.world import run

SEEDS = int(os.environ.get("PARLEY_SIM_SEEDS", "30"))
FIRST_FAILURE_WITHIN = 120  # the rarest is noticed in one of thirty


@pytest.fixture(autouse=True)
def _silent():
    """What a storm logs is no news."""
    with structlog.testing.capture_logs():
        yield


def test_nothing_is_lost_repeated_reordered_or_leaked():
    """Exactly once, complete for each interval, in order, nothing after removal, snapshot + events = snapshot."""
    total: Counter[str] = Counter()
    for seed in range(SEEDS):
        report = run(seed)
        assert report.error is None, f"seed {seed}: {report.error}"
        total += report.counts
    print(f"{SEEDS} seeds:", dict(total))
    for happened in ("deliveries", "overflows", "replays", "cuts", "expired", "restores", "resets"):
        assert total[happened] > 0, f"never happened: {happened}"


def test_a_seed_repeats_exactly():
    assert run(7) == run(7)


@pytest.mark.parametrize("name", MUTANTS)
def test_without_a_rule_the_checks_fail(name):
    mutant = MUTANTS[name]
    for seed in range(1, FIRST_FAILURE_WITHIN):
        report = run(seed, mutant=mutant.world, parts=mutant.parts, weather=mutant.weather)
        if report.error is not None:
            print(f"{name}: seed {seed}: {report.error}")
            return
    pytest.fail(f"rule {mutant.rule!r} switched off, and {FIRST_FAILURE_WITHIN} seeds did not notice")
