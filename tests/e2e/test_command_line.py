"""The commands as an operator runs them: their own processes, their own folder."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from app.cli import app
from tests.servers import free_port, wait_until_listening

ROOT = Path(__file__).parents[2]
SECRET = "4f0c1d5e9b7a36284f0c1d5e9b7a3628"


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path


def _environment(**settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | settings


def _parley(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", *words], cwd=folder, env=_environment(**settings), capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip


@contextmanager
def _serve(folder: Path, *words: str, **settings: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    port = free_port()
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", "--port", str(port), *words],
            cwd=folder,
            stdout=output,
            stderr=output,
            env=_environment(**settings),
        )
    try:
        wait_until_listening(port, process)
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def _get(url: str) -> object:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return orjson.loads(answer.read())


def test_serve_in_an_empty_folder_is_enough(folder):
    with _serve(folder) as (process, url):
        assert _get(f"{url}/readyz") == {"status": "OK", "database": "OK", "bus": "OK"}
        assert f"{url}/graphiql/" in (folder / "output").read_text()
        secret = folder / "var" / "secret"
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
        assert stat.S_IMODE(secret.parent.stat().st_mode) == 0o700
        first = secret.read_text()

        second = _parley(folder, "serve", "--port", str(free_port()))
        assert second.returncode == 1
        assert f"served by process {process.pid}" in second.stderr
        assert "Traceback" not in second.stderr

        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0

    with _serve(folder) as (process, _):  # the secret stays, so do the sessions
        assert secret.read_text() == first
    assert "Traceback" not in (folder / "output").read_text()


def test_a_port_in_use_is_told(folder):
    with _serve(folder) as (_, url):
        port = url.rsplit(":", 1)[1]
        (folder / "other").mkdir()
        done = _parley(folder / "other", "serve", "--port", port)
        assert done.returncode == 1
        assert f"Can't listen on 127.0.0.1:{port}" in done.stderr


def test_demo_people_can_be_looked_at(folder):
    done = _parley(folder, "demo", "--people", "4", "--groups", "2", "--messages", "60")
    assert done.returncode == 0, done.stderr
    assert "4 people, 2 groups, 4 direct chats, 60 messages." in done.stdout
    name = next(line.split()[0] for line in done.stdout.splitlines() if "_" in line)
    password = done.stdout.split("“")[1].split("”")[0]

    with _serve(folder) as (_, url):
        query = (
            "mutation($i: LogInInput!) { logIn(input: $i) { errors { message }"
            " viewer { conversations { totalCount: __typename nodes { lastMessage { text } unreadCount } } } } }"
        )
        device = {"name": "t", "platform": "CLI", "installationId": "command-line-test"}
        body = {"query": query, "variables": {"i": {"identifier": name, "password": password, "device": device}}}
        request = urllib.request.Request(f"{url}/graphql", orjson.dumps(body), {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            data = orjson.loads(answer.read())["data"]["logIn"]
        assert data["errors"] == []
        assert any(node["lastMessage"] for node in data["viewer"]["conversations"]["nodes"])


def test_schema_is_printed_and_compared(folder):
    printed = _parley(folder, "schema").stdout
    assert printed == (ROOT / "schema.graphql").read_text()
    (folder / "mine.graphql").write_text(printed.replace("type Query", "type Kwery"))
    done = _parley(folder, "schema", "--check", "mine.graphql")
    assert done.returncode == 1
    assert "-type Kwery" in done.stdout


def test_postgres_wants_migrations_first(folder, postgres_server):
    url = postgres_server.create_database()
    refused = _parley(folder, "serve", "--port", str(free_port()), DATABASE_URL=url, PARLEY_SECRET=SECRET)
    assert refused.returncode == 1
    assert "run `parley migrate` first" in refused.stderr
    assert _parley(folder, "check", DATABASE_URL=url).returncode == 1

    migrated = _parley(folder, "migrate", DATABASE_URL=url)
    assert migrated.returncode == 0
    assert "  1/" in migrated.stdout
    assert "Nothing to do" in _parley(folder, "migrate", DATABASE_URL=url).stdout
    assert _parley(folder, "check", DATABASE_URL=url).returncode == 0

    before = postgres_server.sql("SELECT value FROM log_epoch", database=url.rsplit("/", 1)[1])
    assert "epoch is renewed" in _parley(folder, "migrate", "--after-restore", DATABASE_URL=url).stdout
    assert postgres_server.sql("SELECT value FROM log_epoch", database=url.rsplit("/", 1)[1]) != before

    done = _parley(folder, "worker", "--once", DATABASE_URL=url, PARLEY_SECRET=SECRET)
    assert done.returncode == 0
    assert "accounts.sweep: 1" in done.stdout


def test_worker_says_where_it_is_with_sqlite(folder):
    done = _parley(folder, "worker")
    assert done.returncode == 1
    assert "inside `parley serve`" in done.stderr


def test_production_refuses_with_reasons(folder):
    done = _parley(folder, "serve", PARLEY_ENV="production", PARLEY_DELIVERY__MAIL_DRIVER="console")
    assert done.returncode == 1
    assert "PARLEY_SECRET" in done.stderr
    assert "MAIL_DRIVER" in done.stderr
    assert not (folder / "var").exists()


def test_check_finds_what_is_away(folder):
    done = _parley(folder, "check", DATABASE_URL="postgres://u:pw@127.0.0.1:1/x", REDIS_URL="redis://:pw@127.0.0.1:1/0")
    assert done.returncode == 1
    assert done.stdout.count("✗") == 2
    assert "pw" not in done.stdout


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PARLEY_PORT", "many", "PARLEY_PORT"),
        ("PARLEY_RATES", "logIn=3", "rates"),
        ("DATABASE_URL", "postgres://u:hunter2#@db/x", "DATABASE_URL"),
        ("REDIS_URL", "redis://[::1/0", "REDIS_URL"),
    ],
)
def test_wrong_values_are_named(folder, name, value, told):
    done = _parley(folder, "check", **{name: value})
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert "hunter2" not in done.stdout + done.stderr


@pytest.mark.parametrize("command", ["serve", "worker", "migrate", "schema", "demo", "check"])
def test_help_says_what_it_does(command):
    run = CliRunner()
    assert command in run.invoke(app, ["--help"]).stdout
    assert len(run.invoke(app, [command, "--help"]).stdout.splitlines()) > 5
