"""2,000 sockets connect, sign in and subscribe: milliseconds of server CPU and KiB each, against a bare uvicorn socket.

`python -m tests.bench.bench_connections [--sockets 2000] [--embedded]`. Each socket is another person's.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from tests.bench.rig import QUIET, Bare, listen, listen_bare, seed_people
from tests.faults.processes import Cluster, Process, raise_file_limit


class Meter:
    """CPU and memory of a process between two moments."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._cpu, self._rss, self._began = process.cpu_seconds(), process.rss(), time.monotonic()

    def each(self, count: int) -> str:
        """`ms CPU, KiB, sockets/s` for each of `count` sockets."""
        cpu = (self._process.cpu_seconds() - self._cpu) / count * 1e3
        memory = (self._process.rss() - self._rss) / count / 1024
        return f"{cpu:.2f} ms CPU, {memory:.0f} KiB each, {count / (time.monotonic() - self._began):.0f} sockets/s"


async def run(sockets: int, *, embedded: bool) -> None:
    raise_file_limit()
    with tempfile.TemporaryDirectory() as name, Cluster(Path(name), serves=1, embedded=embedded, env=QUIET) as cluster:
        serve, bare = cluster.serves[0], Bare(Path(name), 100)
        bare.start()
        warm, people = await seed_people(cluster, 50), await seed_people(cluster, sockets)
        held = await listen(serve.url, [p.token for p in warm]) + await listen_bare(bare.url, 50)
        try:
            await asyncio.sleep(1)  # what starting left to do
            meter = Meter(serve)
            held += await listen(serve.url, [p.token for p in people])
            await asyncio.sleep(0.5)
            ours = meter.each(sockets)
            meter = Meter(bare)
            held += await listen_bare(bare.url, sockets)
            await asyncio.sleep(0.5)
            print(f"{sockets} sockets connect, sign in, subscribe: {ours}; bare uvicorn accept: {meter.each(sockets)}")
        finally:
            for socket in held:
                socket.cut()
            bare.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, default=2000)
    parser.add_argument("--embedded", action="store_true")
    chosen = parser.parse_args()
    asyncio.run(run(chosen.sockets, embedded=chosen.embedded))


if __name__ == "__main__":
    main()
