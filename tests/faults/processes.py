"""Real `serve` processes, to start, kill -9 and start again, on the PostgreSQL and Valkey of tests/servers.py."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from app.core.limits import RATES
from tests import servers

ROOT = Path(__file__).resolve().parents[2]


def _die_with_parent() -> None:
    """A killed test run leaves no server behind (Linux only; elsewhere `stop` has to do)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Process:
    """A child process with a log file. `env` is all it gets beside PATH, HOME and the like."""

    def __init__(self, name: str, command: list[str], folder: Path, *, env: Mapping[str, str] | None = None) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self._command = command
        self._env = {k: os.environ[k] for k in ("PATH", "HOME", "LANG", "TMPDIR") if k in os.environ} | dict(env or {})
        self._popen: subprocess.Popen[bytes] | None = None

    def spawn(self) -> None:
        """Starts it, appending to the log."""
        with self.log.open("ab") as out:
            self._popen = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )

    @property
    def pid(self) -> int:
        assert self._popen is not None
        return self._popen.pid

    @property
    def alive(self) -> bool:
        return self._popen is not None and self._popen.poll() is None

    def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        if self._popen is not None:
            self._popen.kill()
            self._popen.wait()

    def freeze(self) -> None:
        """SIGSTOP: its sockets and locks stay, and nothing moves."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def stop(self, timeout: float = 20) -> int:
        """SIGTERM, then kill -9 after the timeout. Returns the exit status."""
        if self._popen is None:
            return 0
        self._popen.terminate()
        try:
            return self._popen.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            return -9

    def tail(self, lines: int = 40) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""

    def cpu_seconds(self) -> float:
        """User and system time of the process so far, threads included."""
        if sys.platform == "linux":  # exact; the usual times count in steps of 10 ms
            threads = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
            return sum(int(t.read_text().split()[0]) for t in threads) / 1e9
        times = psutil.Process(self.pid).cpu_times()
        return float(times.user + times.system)

    def rss(self) -> int:
        """Resident bytes."""
        return int(psutil.Process(self.pid).memory_info().rss)


class Serve(Process):
    """One `parley serve`; `module` is what runs it."""

    def __init__(self, name: str, folder: Path, env: Mapping[str, str], module: str = "app") -> None:
        self.port = servers.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        own = {
            "PARLEY_PORT": str(self.port),
            "PARLEY_PUBLIC_URL": self.url,
            "PARLEY_DATA_DIR": str(folder / "var"),
            "PARLEY_LOG_LEVEL": "warning",
            "PARLEY_ACCOUNTS__PASSWORD_MEMORY_KIB": "64",
        }
        super().__init__(name, [sys.executable, "-m", module, "serve"], folder, env=own | dict(env))

    def start(self, timeout: float = 40) -> float:
        """Starts it and waits until /readyz says so. Returns the seconds it took."""
        begun = time.monotonic()
        self.spawn()
        while not self.is_ready():
            if not self.alive:
                raise ChildProcessError(f"{self.name} ended at its start:\n{self.tail()}")
            if time.monotonic() - begun > timeout:
                raise TimeoutError(f"{self.name} is not ready after {timeout} s:\n{self.tail()}")
            time.sleep(0.05)
        return time.monotonic() - begun

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


class Cluster:
    """PostgreSQL + Valkey + N `serve`, or embedded: one `serve` on SQLite. A context manager; logs stay in `folder`.
    `module` runs them in place of `app`."""

    def __init__(
        self,
        folder: Path,
        *,
        serves: int = 2,
        embedded: bool = False,
        valkey: bool = True,
        env: Mapping[str, str] | None = None,
        module: str = "app",
    ) -> None:
        self.folder = folder
        self._module = module
        self.embedded = embedded
        self.serves: list[Serve] = []
        self.postgres: servers.Postgres | None = None
        self.valkey: servers.Valkey | None = None
        self.database_url = f"sqlite:///{folder}/parley.sqlite3"
        self._wants_valkey = valkey and not embedded
        self._count = 1 if embedded else serves
        self._env = dict(env or {})
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            if not self.embedded:
                # Durable: what was acknowledged must be on disk.
                self.postgres = stack.enter_context(servers.postgres(durable=True))
                self.database_url = self.postgres.create_database(name="parley")
                self._run("migrate")
            if self._wants_valkey:
                self.valkey = stack.enter_context(servers.valkey())
            for n in range(self._count):
                serve = Serve(f"serve-{n}", self.folder, self.environment(), self._module)
                self.serves.append(serve)
                stack.callback(serve.stop)
                serve.start()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def environment(self) -> dict[str, str]:
        """What a process of this cluster gets, a seeding script too."""
        return {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.valkey.url if self.valkey else "",
            "PARLEY_SECRET": "fault-tests-secret-of-32-characters-or-more",
            # The load comes from one address and a handful of people.
            "PARLEY_TRANSPORT__FRAMES_PER_SECOND": "1000000",
            "PARLEY_TRANSPORT__SOCKETS_PER_DEVICE": "1000",
            "PARLEY_TRANSPORT__SOCKETS_PER_ADDRESS": "0",
            "PARLEY_TRANSPORT__SIGNED_OUT_PER_MINUTE": "1000000000",
            "PARLEY_TRANSPORT__COST_PER_MINUTE": "1000000000",
            "PARLEY_RATES": json.dumps({rate.key: "1000000000/1" for rate in RATES}),
            **self._env,
        }

    def _run(self, command: str) -> None:
        """Runs one command of the product to its end. Raises RuntimeError with its output."""
        environment = {**os.environ, **self.environment(), "PARLEY_DATA_DIR": str(self.folder / "var")}
        done = subprocess.run(
            [sys.executable, "-m", "app", command],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{command} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")

    @property
    def urls(self) -> list[str]:
        return [s.url for s in self.serves]


def raise_file_limit(wanted: int = 20_000) -> int:
    """As many open files as allowed, `wanted` at most. Returns the limit now."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    return limit
