"""What was measured, side by side, and Parley's ratio."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence

import psutil

from tests.bench.bench_send_processes import _cpu_of
from tests.bench.peers.sides import Side
from tests.faults.processes import Cluster


class Figures:
    """Rows of figures: what they are, and for each side what its rounds measured."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, list[float]]] = {}
        self._more_is_better: set[str] = set()

    def add(self, what: str, side: Side, value: float, *, more_is_better: bool = False) -> None:
        """One round's figure. Costs are compared as peer / Parley, rates as Parley / peer."""
        self._rows.setdefault(what, {}).setdefault(side.name, []).append(value)
        if more_is_better:
            self._more_is_better.add(what)

    def print(self, names: Sequence[str]) -> None:
        """The table of medians. Above 1 Parley is so many times better."""
        peers = [name for name in names if name != "parley"]
        print(f"{'':58}" + "".join(f"{name:>10}" for name in names) + "".join(f"  by {p:>7}" for p in peers))
        for what, found in self._rows.items():
            medians = {name: statistics.median(found[name]) for name in names if name in found}
            cells = "".join(f"{_short(medians[n]) if n in medians else '-':>10}" for n in names)
            print(f"{what:58}{cells}" + "".join(f"{self._ratio(what, medians, p):>12}" for p in peers))

    def _ratio(self, what: str, medians: dict[str, float], peer: str) -> str:
        if "parley" not in medians or peer not in medians:
            return "-"
        ratio = medians[peer] / medians["parley"]
        return f"{1 / ratio if what in self._more_is_better else ratio:.2f}"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


class Meter:
    """CPU of a side and of PostgreSQL, and time, since it was made."""

    def __init__(self, cluster: Cluster, side: Side) -> None:
        self._cluster, self._side = cluster, side
        self._server, self._database = self._server_seconds(), self._database_seconds()
        self._began = time.perf_counter()

    def read(self) -> tuple[float, float, float]:
        """Seconds of the server's CPU, of PostgreSQL's CPU, and of the clock."""
        took = time.perf_counter() - self._began
        # Backends that are not used for a while end, and take their counts with them.
        database = sum(spent - self._database.get(pid, 0) for pid, spent in self._database_seconds().items())
        return self._server_seconds() - self._server, database, took

    def _server_seconds(self) -> float:
        children = psutil.Process(self._side.process.pid).children(recursive=True)
        return self._side.process.cpu_seconds() + sum(_cpu_of(child.pid) for child in children)

    def _database_seconds(self) -> dict[int, float]:
        server = self._cluster.postgres
        assert server is not None
        assert server.process is not None
        return {p.pid: _cpu_of(p.pid) for p in psutil.Process(server.process.pid).children(recursive=True)}
