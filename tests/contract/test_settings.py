"""Settings: the example file, and what production refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import Settings, env_example
from app.settings_check import UnsafeSettingsError, problems, require_safe, warnings

ROOT = Path(__file__).parents[2]
SAFE = {
    "env": "production",
    "secret": "4f0c1d5e9b7a36284f0c1d5e9b7a3628",
    "public_url": "https://chat.example.org",
    "database_url": "postgres://parley:pw@db/parley",
    "redis_url": "redis://:pw@cache:6379/0",
    "delivery": {"mail_driver": "off"},
}


def _settings(**changes: object) -> Settings:
    return Settings(_env_file=None, **(SAFE | changes))


def test_the_example_file_is_made_from_the_settings():
    assert (ROOT / ".env.example").read_text() == env_example(), (
        'run: python -c "from app.settings import *; print(env_example(), end=str())" > .env.example'
    )


def test_the_example_file_changes_nothing(tmp_path):
    """Everything uncommented is the default; only what must be given is empty."""
    lines = [line.removeprefix("#") if line[1:2] not in (" ", "") else line for line in env_example().splitlines()]
    (tmp_path / ".env").write_text("\n".join(lines))

    assert Settings(_env_file=tmp_path / ".env") == Settings(_env_file=None)


def test_every_setting_is_described():
    comments = [line for line in env_example().splitlines() if line.startswith("# ")]
    settings = [line for line in env_example().splitlines() if line.startswith("#") and not line.startswith("# ")]
    assert len(comments) == len(settings) + 2
    assert all(len(c) > 5 for c in comments)


def test_safe_production_is_accepted():
    require_safe(_settings())
    assert not _settings().shows_graphiql
    assert not _settings().shows_schema
    assert not _settings().prints_codes


def test_what_is_said_explicitly_is_believed():
    settings = _settings(introspection=True, graphiql=True)
    require_safe(settings)
    assert settings.shows_graphiql
    assert settings.shows_schema


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"secret": ""}, "PARLEY_SECRET"),
        ({"secret": "short"}, "PARLEY_SECRET"),
        ({"secret": "a" * 64}, "PARLEY_SECRET"),
        ({"secret": "changeme-changeme-changeme-changeme-1234"}, "PARLEY_SECRET"),
        ({"delivery": {"mail_driver": "console"}}, "MAIL_DRIVER=console"),
        ({"delivery": {"mail_driver": "off", "sms_driver": "console"}}, "SMS_DRIVER=console"),
        ({"delivery": {}}, "MAIL_DRIVER must be chosen"),
        ({"delivery": {"mail_driver": "smtp"}}, "SMTP_HOST"),
        ({"delivery": {"mail_driver": "smtp", "smtp_host": "mail.example.org", "smtp_tls": "off"}}, "SMTP_TLS"),
        ({"delivery": {"mail_driver": "off", "sms_driver": "twilio"}}, "TWILIO_AUTH_TOKEN"),
        ({"public_url": "http://chat.example.org"}, "PUBLIC_URL"),
        ({"accounts": {"link_url": "http://app.example.org"}}, "LINK_URL"),
        ({"redis_url": "redis://cache:6379/0"}, "REDIS_URL"),
        ({"allowed_origins": ["*"]}, "ALLOWED_ORIGINS"),
        ({"database_url": "sqlite:///var/parley.sqlite3"}, "REDIS_URL"),
        ({"database_url": "mysql://db/parley"}, "DATABASE_URL"),
        ({"redis_url": "http://cache"}, "REDIS_URL"),
        ({"rates": {"nonsense": "1/1"}}, "PARLEY_RATES"),
        ({"trusted_proxies": ["proxy"]}, "TRUSTED_PROXIES"),
    ],
)
def test_unsafe_production_is_refused(changes, word):
    with pytest.raises(UnsafeSettingsError) as refusal:
        require_safe(_settings(**changes))
    assert word in str(refusal.value)
    assert len(refusal.value.problems) == 1


def test_development_needs_nothing():
    assert problems(Settings(_env_file=None)) == []


@pytest.mark.parametrize("port", ["0", "65536", "tcp://10.0.0.1:8000"])
def test_a_port_is_a_port(monkeypatch, port):
    monkeypatch.setenv("PARLEY_PORT", port)
    with pytest.raises(ValidationError):
        Settings(_env_file=None)


def test_names_that_are_no_settings_are_told(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PARLEY_CI", raising=False)
    for name in ("PARLEY_ACCOUNTS__DEVICES", "parley_port", "PARLEY_TRANSPORT"):  # a part may be given as JSON
        monkeypatch.setenv(name, "1")
    assert warnings() == []
    (tmp_path / ".env").write_text("PARLEY_TRUSTED_PROXY=[]\nOTHER=1\n")
    monkeypatch.setenv("PARLEY_SERVICE_HOST", "10.0.0.1")
    assert warnings() == [
        "PARLEY_SERVICE_HOST is no setting, so it changes nothing.",
        "PARLEY_TRUSTED_PROXY is no setting, so it changes nothing: is it PARLEY_TRUSTED_PROXIES?",
    ]


def test_the_address_of_this_machine_has_the_port():
    assert Settings(_env_file=None, port=18000).public_url == "http://127.0.0.1:18000"
    assert (
        Settings(_env_file=None, port=18000, public_url="https://chat.example.org").public_url
        == "https://chat.example.org"
    )
