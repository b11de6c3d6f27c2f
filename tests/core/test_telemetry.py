"""Log lines: one each, as JSON or for people, without secrets."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.telemetry import redact

ROOT = Path(__file__).parents[2]
SCRIPT = """
import logging, structlog
from app.core.telemetry import configure_logging
from app.settings import Settings
configure_logging(Settings(_env_file=None, log_format="{format}", log_level="info"))
log = structlog.get_logger("test")
log.debug("too small")
log.info("signed in", user="u1", password="hunter2hunter2", access_token="abc.def")
logging.getLogger("uvicorn.error").warning("connect %s", "postgres://parley:topsecret@db/parley")
try:
    raise ValueError("Authorization: Bearer abcdef123456")
except ValueError:
    log.exception("failed")
"""


def _lines(log_format: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.replace("{format}", log_format)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert done.stdout == ""
    return done.stderr.splitlines()


def test_json_lines_are_objects_without_secrets():
    lines = [json.loads(line) for line in _lines("json")]
    assert [line["event"] for line in lines] == ["signed in", "connect postgres://parley:…@db/parley", "failed"]
    assert lines[0] | {"timestamp": ""} == {
        "event": "signed in", "level": "info", "logger": "test", "user": "u1", "password": "…", "access_token": "…",
        "timestamp": "",
    }  # fmt: skip
    assert "abcdef123456" not in json.dumps(lines)
    assert "Traceback" in lines[2]["exception"]


def test_console_lines_hide_secrets_too():
    text = "\n".join(_lines("console"))
    assert "signed in" in text
    assert not any(secret in text for secret in ("hunter2", "abc.def", "topsecret"))


def test_debug_does_not_show_what_travels():
    script = SCRIPT.replace("{format}", "console").replace('"info")', '"debug")')
    script += 'logging.getLogger("uvicorn.error").debug("< TEXT \'...the words of a message\'")'
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "too small" in done.stderr
    assert "the words of a message" not in done.stderr


@pytest.mark.parametrize(
    ("key", "value"),
    [("refresh_token", "r"), ("new_password", "p"), ("Authorization", "Basic x"), ("code", "123456"), ("cookie", "c")],
)
def test_secret_keys_are_hidden(key, value):
    assert redact(None, "info", {"event": "x", key: value}) == {"event": "x", key: "…"}


@pytest.mark.parametrize("key", ["error_code", "status", "encoded"])
def test_what_is_no_secret_stays(key):
    assert redact(None, "info", {key: "INVALID"})[key] == "INVALID"
