"""What is wrong with settings: `problems` refuses to start, with words that say what to do about it."""

from __future__ import annotations

import difflib
import ipaddress
from email.utils import parseaddr
from urllib.parse import urlsplit

from pydantic_settings import DotEnvSettingsSource, EnvSettingsSource

from app.core.errors import StartError
from app.core.limits import configured_rates
from app.settings import Settings, environment_name, setting_paths, unknown_names

SECRET_LENGTH = 32


class UnsafeSettingsError(StartError):
    """Settings that must not be started with; one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def require_safe(settings: Settings) -> None:
    """Raises UnsafeSettingsError unless the process may start with these."""
    found = problems(settings)
    if found:
        raise UnsafeSettingsError(found)


def problems(settings: Settings) -> list[str]:
    """Everything wrong, one sentence each; empty when all is well."""
    found = [*_malformed(settings)]
    if settings.secret and _is_weak(settings.secret):
        found.append(
            f"PARLEY_SECRET must have {SECRET_LENGTH} random characters or more, such as `openssl rand -hex 32` prints."
        )
    if settings.is_production:
        found += _unsafe_in_production(settings)
    return found


def warnings() -> list[str]:
    """What is odd in the environment and in .env, one sentence each. Not refused: an orchestrator may set names of its
    own, such as PARLEY_SERVICE_HOST."""
    known = [environment_name(path) for path in setting_paths()]
    found = []
    given = EnvSettingsSource(Settings).env_vars.keys() | DotEnvSettingsSource(Settings).env_vars.keys()
    for name in unknown_names(name.upper() for name in given):
        like = difflib.get_close_matches(name, known, 1, 0.85)
        found.append(f"{name} is no setting, so it changes nothing{f': is it {like[0]}?' if like else '.'}")
    return found


def _malformed(settings: Settings) -> list[str]:
    found = []
    scheme = urlsplit(settings.database_url).scheme
    if scheme not in ("sqlite", "postgres", "postgresql"):
        found.append(f"DATABASE_URL must begin with sqlite:///, postgres:// or postgresql://, not {scheme}://.")
    if settings.redis_url and urlsplit(settings.redis_url).scheme not in ("redis", "rediss", "unix"):
        found.append("REDIS_URL must begin with redis://, rediss:// or unix://.")
    try:
        configured_rates(settings.rates)
    except ValueError as error:
        found.append(f"PARLEY_RATES: {error}.")
    lists = {"TRUSTED_PROXIES": settings.trusted_proxies, "METRICS_ALLOWED": settings.metrics_allowed}
    for name, networks in lists.items():
        for network in networks:
            try:
                ipaddress.ip_network(network, strict=False)
            except ValueError:
                found.append(f"PARLEY_{name}: {network!r} is no address or network.")
    found += _delivery(settings)
    if settings.is_sqlite and settings.redis_url:
        found.append(
            "REDIS_URL is for several processes, SQLite for one: set DATABASE_URL to PostgreSQL, or unset REDIS_URL."
        )
    return found


def _unsafe_in_production(settings: Settings) -> list[str]:
    found = []
    if not settings.secret:
        found.append("PARLEY_SECRET must be set in production: take the output of `openssl rand -hex 32`.")
    found += _delivery_in_production(settings)
    if settings.accounts.link_url and urlsplit(settings.accounts.link_url).scheme != "https":
        found.append("PARLEY_ACCOUNTS__LINK_URL must be https://: mailed links let whoever reads them in.")
    public = urlsplit(settings.public_url)
    if public.scheme != "https" and not _is_loopback(public.hostname or ""):
        found.append("PARLEY_PUBLIC_URL must be https:// in production: tokens travel through it.")
    redis = urlsplit(settings.redis_url)
    if redis.scheme in ("redis", "rediss") and not redis.password and not _is_loopback(redis.hostname or ""):
        found.append("REDIS_URL has no password, and Redis is on another machine: set requirepass, put it in the URL.")
    if any(origin.strip() == "*" for origin in settings.allowed_origins):
        found.append("PARLEY_ALLOWED_ORIGINS must name origins: * would let any page use its visitors' accounts.")
    return found


def _delivery(settings: Settings) -> list[str]:
    found, chosen = [], settings.delivery
    if settings.mail_driver == "smtp":
        if not chosen.smtp_host:
            found.append("PARLEY_DELIVERY__SMTP_HOST must name the mail server.")
        if "@" not in parseaddr(chosen.mail_from)[1]:
            found.append("PARLEY_DELIVERY__MAIL_FROM must be an address: Parley <no-reply@example.com>.")
        if chosen.smtp_tls == "off" and not _is_loopback(chosen.smtp_host):
            found.append("PARLEY_DELIVERY__SMTP_TLS=off is for a mail server on this machine: codes travel readable.")
    if settings.sms_driver == "twilio":
        missing = [n for n in ("twilio_account_sid", "twilio_auth_token", "twilio_from") if not getattr(chosen, n)]
        if missing:
            names = ", ".join(f"PARLEY_DELIVERY__{name.upper()}" for name in missing)
            found.append(f"{names} must be set for Twilio.")
        url = urlsplit(chosen.twilio_url)
        if url.scheme != "https" and not _is_loopback(url.hostname or ""):
            found.append("PARLEY_DELIVERY__TWILIO_URL must be https://.")
    return found


def _delivery_in_production(settings: Settings) -> list[str]:
    found = []
    if settings.delivery.mail_driver is None:
        found.append(
            "PARLEY_DELIVERY__MAIL_DRIVER must be chosen in production: smtp, or off (nobody can reset a password or"
            " sign in by mail then)."
        )
    for name in ("mail_driver", "sms_driver"):
        if getattr(settings, name) == "console":
            found.append(f"PARLEY_DELIVERY__{name.upper()}=console prints everybody's sign-in codes: choose another.")
    return found


def _is_weak(secret: str) -> bool:
    words = ("secret", "changeme", "change-me", "password", "example", "default")
    return len(secret) < SECRET_LENGTH or len(set(secret)) < 8 or secret.lower().startswith(words)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
