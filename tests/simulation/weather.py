"""What may happen in a run, and how often."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Weather:
    """`trims` and `restores` are chances in each of the moments a storm consists of."""

    seconds: float = 3.0
    quiet_seconds: float = 10.0
    trims: float = 0.02
    restores: float = 0.015
    render_seconds: float = 0.06
    late: float = 0.06
    """The share of bus messages that come up to 0.6 s late."""
