"""When frames arrive at sockets, told by the kernel's clock: what takes them up is a process of its own.

A Python client that reads a hundred sockets in turn adds up to a millisecond to what it measures. Here the kernel notes
when a socket had its bytes (SO_TIMESTAMPNS, Linux; elsewhere: when they were read), and nobody waits for the reading.
"""

from __future__ import annotations

import asyncio
import os
import select
import socket
import struct
import subprocess
import sys
import time
from array import array
from collections.abc import Sequence

from tests.bench.rig import Counting

_STAMPED = getattr(socket, "SO_TIMESTAMPNS", 35) if sys.platform == "linux" else None
_PONG = b"\x8a\x80\0\0\0\0"


class Arrivals:
    """The frames of some sockets, which it takes over for good: nobody else may read them any more."""

    def __init__(self, sockets: Sequence[Counting]) -> None:
        self._count = len(sockets)
        self._handles = []
        for one in sockets:
            one.stop_reading()
            self._handles.append(os.dup(one.transport.get_extra_info("socket").fileno()))
        command = [sys.executable, "-m", "tests.bench.arrivals", *map(str, self._handles)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, pass_fds=self._handles)

    async def ready(self) -> None:
        """Returns when the reader reads."""
        assert self._process.stdout is not None
        await asyncio.to_thread(self._process.stdout.readline)

    async def take(self, frames: int) -> list[list[float]]:
        """For each socket the seconds (of time.time) at which its next `frames` frames had come: all that came since
        the last call. Waits for those that are missing."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"%d\n" % frames)
        self._process.stdin.flush()
        return await asyncio.to_thread(self._read, frames)

    def _read(self, frames: int) -> list[list[float]]:
        assert self._process.stdout is not None
        times = array("d")
        times.frombytes(self._process.stdout.read(8 * frames * self._count))
        return [list(times[n * frames : (n + 1) * frames]) for n in range(self._count)]

    def stop(self) -> None:
        """Ends the reader."""
        self._process.kill()
        self._process.wait()
        for handle in self._handles:
            os.close(handle)


class _Socket:
    """One of the sockets as the reader has it."""

    def __init__(self, handle: int) -> None:
        self._socket = socket.socket(fileno=handle)
        self._socket.setblocking(False)
        if _STAMPED is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, _STAMPED, 1)
        self._rest = b""
        self.times: list[float] = []

    def read(self) -> None:
        """Takes what is there; the frames in it came when its last byte did."""
        data, notes, _, _ = self._socket.recvmsg(1 << 16, 64)
        at = time.time()
        for _, kind, stamp in notes:
            if kind == _STAMPED:
                seconds, nanoseconds = struct.unpack("qq", stamp[:16])
                at = seconds + nanoseconds / 1e9
        data = self._rest + data
        while len(data) >= 4:
            length, start = data[1], 2
            if length == 126:
                length, start = data[2] << 8 | data[3], 4
            if len(data) < start + length:
                break
            if data[0] == 0x81:
                self.times.append(at)
            elif data[0] == 0x89:
                self._socket.send(_PONG[:1] + bytes((0x80 | length,)) + _PONG[2:] + data[start : start + length])
            data = data[start + length :]
        self._rest = data


def _main(handles: Sequence[int]) -> None:
    """Reads for ever. A line on standard input is a number: so many times of each socket go to standard output."""
    sockets = {handle: _Socket(handle) for handle in handles}
    poll = select.poll()
    for handle in (*sockets, 0):
        poll.register(handle, select.POLLIN)
    wanted = 0
    print(flush=True)
    while True:
        for handle, _ in poll.poll():
            if handle:
                sockets[handle].read()
            elif line := sys.stdin.buffer.readline():
                wanted = int(line)
            else:
                return
        if wanted and all(len(one.times) >= wanted for one in sockets.values()):
            for one in sockets.values():
                sys.stdout.buffer.write(array("d", one.times[:wanted]).tobytes())
                del one.times[:wanted]
            sys.stdout.buffer.flush()
            wanted = 0


if __name__ == "__main__":
    _main([int(handle) for handle in sys.argv[1:]])
