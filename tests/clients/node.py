"""Node packages of the client tests: installed once from the lock file, then run against a live server."""

from __future__ import annotations

import asyncio
import fcntl
import subprocess
import sys
from pathlib import Path

from tests.tools import require_tool

HERE = Path(__file__).parent


def install(folder: str) -> Path:
    """`npm ci` in tests/clients/<folder>, unless what is there came from the present lock file.

    Two test processes may ask at once: one installs, the other waits (twice in one folder fails with ENOTEMPTY).
    """
    path = HERE / folder
    lock, stamp = path / "package-lock.json", path / "node_modules" / ".parley-lock"
    require_tool("npm", why="the client tests need Node.js 20 or later")
    with lock.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not (stamp.exists() and stamp.read_bytes() == lock.read_bytes()):
            command = ["npm", "ci", "--no-progress", "--no-audit", "--no-fund"]
            done = subprocess.run(command, cwd=path, capture_output=True, text=True, timeout=300, check=False)
            assert done.returncode == 0, f"npm ci in {path}: {done.stdout}\n{done.stderr}"
            stamp.write_bytes(lock.read_bytes())
    return path


async def run(folder: Path, *command: str, seconds: float = 60) -> str:
    """Runs a command there and returns what it printed; a failure shows all of it."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        async with asyncio.timeout(seconds):
            output = (await process.communicate())[0].decode()
    except TimeoutError:
        process.kill()
        raise
    assert process.returncode == 0, output
    return output


if __name__ == "__main__":  # CI installs before the tests, whose time is limited
    for lock_file in sorted(HERE.glob("*/package-lock.json")):
        sys.stdout.write(f"{install(lock_file.parent.name)}\n")
