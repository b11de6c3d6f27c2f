"""Every setting, read once from the environment (and `.env`) when the process starts.

`.env.example` is made from this file and tested equal to it. Unsafe values are refused in production.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

import orjson
from pydantic import BaseModel, Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.settings_chat import ContactSettings, ConversationSettings, MediaSettings, MessageSettings, PresenceSettings


class AccountSettings(BaseModel):
    """Signing in: lifetimes in seconds, numbers from features.md section 5 and reliability.md section 6."""

    access_token_seconds: int = Field(900, ge=30, description="Life of an access token.")
    refresh_token_seconds: int = Field(7 * 86400, description="Life of a refresh token; each use gives a new one.")
    session_seconds: int = Field(90 * 86400, description="Longest life of a session, however often it is refreshed.")
    refresh_grace_seconds: int = Field(10, description="Two tabs refreshing at once both get the same successor.")
    expiry_grace_seconds: int = Field(30, description="How long a socket outlives its token, to let it renew.")
    username_min: int = Field(3, description="Shortest username.")
    username_max: int = Field(50, description="Longest username.")
    display_name_length: int = Field(100, description="Longest display name, in code points.")
    bio_length: int = Field(500, description="Longest bio, in code points.")
    username_hold_days: int = Field(7, description="How long a username given up can't be taken by somebody else.")
    erased_identifier_days: int = Field(
        30, description="How long an address or number of an erased account can be had again only by proving it."
    )
    dead_session_days: int = Field(
        30, ge=1, description="How long sessions past their end are kept, to know their tokens as stolen."
    )
    deletion_grace_days: int = Field(14, description="How long a deleted account can be brought back.")
    export_days: int = Field(7, description="Days between two exports of somebody's data.")
    export_link_seconds: int = Field(86400, description="How long a finished export can be downloaded.")
    password_min: int = Field(8, description="Shortest password, in code points.")
    password_max: int = Field(128, description="Longest password, in code points.")
    password_memory_kib: int = Field(19456, description="argon2id memory for each hash.")
    password_threads: int = Field(4, description="How many passwords are hashed at once in a process.")
    wrong_passwords: int = Field(
        100, ge=1, le=30_000, description="Wrong passwords in a row after which it must be reset (NIST 800-63B)."
    )
    reauthentication_seconds: int = Field(
        600, description="For how long after signing in the person need not prove again who they are to link a device."
    )
    link_url: str = Field(
        "", description="Where your app opens /verify-email and /reset-password of mails; empty: this server's pages."
    )
    verify_email_seconds: int = Field(86_400, description="Life of the link that proves an e-mail address.")
    reset_password_seconds: int = Field(3600, description="Life of the link that lets a new password be chosen.")
    otp_digits: int = Field(6, description="Digits of a code.")
    otp_seconds: int = Field(300, description="Life of a code.")
    otp_resend_seconds: int = Field(30, description="Wait between two codes for one identifier.")
    otp_attempts: int = Field(5, description="Tries before a code is burnt.")
    devices: int = Field(6, description="Devices an account may have signed in at once.")
    challenge_seconds: int = Field(
        300, description="Time for the second factor of a sign-in; it has otp_attempts tries."
    )
    two_factor_setup_seconds: int = Field(900, description="Time to confirm a new authenticator.")
    recovery_codes: int = Field(10, description="Recovery codes given with an authenticator.")
    device_link_seconds: int = Field(60, description="Time for each step of linking a device by QR code.")


class DeliverySettings(BaseModel):
    """Mail and SMS."""

    mail_driver: Literal["console", "smtp", "off"] | None = Field(
        None,
        description="How mails are sent. console prints them (refused in production); default: console in development,"
        " production must choose.",
    )
    mail_from: str = Field("Parley <parley@localhost>", description="Sender of mails.")
    smtp_host: str = Field("", description="Mail server.")
    smtp_port: int = Field(587, description="Its port: 587 with starttls, 465 with tls.")
    smtp_user: str = Field("", description="Account at the mail server; empty: none.")
    smtp_password: str = Field("", description="Its password.")
    smtp_tls: Literal["starttls", "tls", "off"] = Field("starttls", description="Encryption; off is for loopback only.")
    sms_driver: Literal["console", "twilio", "off"] | None = Field(
        None,
        description="How text messages are sent. console prints them (refused in production); default: console in"
        " development, off in production.",
    )
    sms_countries: list[str] = Field(
        [], description='Dial codes that are texted, e.g. ["91", "49"]; empty: all. Keep it short: SMS pumping.'
    )
    twilio_account_sid: str = Field("", description="Twilio account, AC….")
    twilio_auth_token: str = Field("", description="Its auth token.")
    twilio_from: str = Field("", description="Sender: a number (+…) or a messaging service (MG…).")
    twilio_url: str = Field("https://api.twilio.com", description="Where Twilio's API is.")
    timeout_seconds: float = Field(3, gt=0, description="Longest wait for a mail server or provider.")


class OAuthSettings(BaseModel):
    """Signing in with other providers; each is offered when its client id (for OIDC its issuer) is set."""

    redirect_uris: list[str] = Field([], description="Addresses of clients that providers may send people back to.")
    attempt_seconds: int = Field(600, description="Time to sign in at a provider.")
    google_client_id: str = Field("", description="Google: client id.")
    google_client_secret: str = Field("", description="Google: client secret.")
    apple_client_id: str = Field("", description="Apple: services id.")
    apple_team_id: str = Field("", description="Apple: team id.")
    apple_key_id: str = Field("", description="Apple: id of the private key.")
    apple_private_key: str = Field("", description="Apple: the private key (PEM; line breaks may be \\n).")
    github_client_id: str = Field("", description="GitHub: client id.")
    github_client_secret: str = Field("", description="GitHub: client secret.")
    microsoft_client_id: str = Field("", description="Microsoft: client id.")
    microsoft_client_secret: str = Field("", description="Microsoft: client secret.")
    microsoft_tenant: str = Field("common", description="Microsoft: tenant id, or common for any.")
    oidc_issuer: str = Field("", description="Any OpenID Connect issuer, e.g. https://login.example.com.")
    oidc_client_id: str = Field("", description="That issuer's client id for this server.")
    oidc_client_secret: str = Field("", description="That issuer's client secret for this server.")

    @property
    def is_offered(self) -> bool:
        """Whether there is any provider."""
        ids = (self.google_client_id, self.apple_client_id, self.github_client_id, self.microsoft_client_id)
        return any(ids) or bool(self.oidc_issuer)


class HubSettings(BaseModel):
    """Fan-out, replay and back-pressure."""

    queue: int = Field(
        1000,
        description="Events held for a subscription that is replaying; past it, it replays again. Ten times as many"
        " wait to be executed for all who are live with one selection.",
    )
    buffer_bytes: int = Field(
        256 * 1024, description="Bytes waiting for a slow socket before it leaves the live stream."
    )
    stall_seconds: float = Field(30, description="How long a socket may block a send before it is closed (4508).")
    page: int = Field(256, description="Rows a replay reads at once.")
    hole_seconds: float = Field(
        0.02, description="How long a missing position is waited for before the log is read (8 times at most)."
    )
    poll_seconds: float = Field(5, description="Safety poll of the log.")
    unwell_poll_seconds: float = Field(1, description="Safety poll while the bus is unwell.")
    quiet_seconds: float = Field(3600, description="Silence after which CursorMoved is sent.")
    retention_seconds: int = Field(30 * 86400, description="Age at which the log is trimmed.")


class JobSettings(BaseModel):
    """Work beside requests."""

    concurrency: int = Field(10, ge=1, description="Jobs a worker does at once.")
    lease_seconds: float = Field(60, ge=1, description="How long a dead worker's jobs wait for another one.")
    attempts: int = Field(8, ge=1, description="Tries, 2, 4, 8 … seconds apart, before a job is given up.")
    poll_seconds: float = Field(1, gt=0, description="How often a worker looks for jobs nobody told it of.")
    keep_dead_seconds: int = Field(30 * 86400, description="How long jobs given up are kept.")


class TransportSettings(BaseModel):
    """What one request or socket may ask."""

    body_bytes: int = Field(1024 * 1024, description="Largest HTTP body.")
    answer_bytes: int = Field(
        8 * 1024 * 1024, description="Largest answer to one operation: two full pages of messages."
    )
    frame_bytes: int = Field(100 * 1024, description="Largest WebSocket frame from a client.")
    body_seconds: float = Field(10, description="Longest wait for a whole HTTP body.")
    document_bytes: int = Field(16 * 1024, description="Largest GraphQL document.")
    tokens: int = Field(2000, description="Most tokens in a document.")
    depth: int = Field(12, description="Deepest selection.")
    aliases: int = Field(15, description="Most aliases in a document.")
    directives: int = Field(20, description="Most directives in a document.")
    fields: int = Field(500, description="Most fields in a document, fragments counted once.")
    operations: int = Field(10, description="Most operations in a document.")
    variables: int = Field(50, description="Most variables of an operation.")
    cost: int = Field(5000, description="Highest cost: objects and a quarter of the values, times the page sizes.")
    cost_least: int = Field(10, ge=1, description="What the smallest operation costs: bounds how many there can be.")
    cost_per_minute: int = Field(200_000, description="Cost an account, or an address signed out, may spend a minute.")
    signed_out_per_minute: int = Field(
        100,
        ge=1,
        description="Operations an address may do a minute signed out; each then costs its part of the budget.",
    )
    operation_seconds: float = Field(10, description="Longest run of a query.")
    init_seconds: float = Field(10, description="Wait for connection_init.")
    sockets_per_device: int = Field(3, ge=1, description="Sockets of a device; above, the oldest is closed (4409).")
    sockets_per_address: int = Field(
        200,
        ge=0,
        description="Sockets and SSE streams an address may have open at a process; 0: any. Set trusted_proxies too.",
    )
    subscriptions: int = Field(10, description="Subscriptions one socket may have open.")
    operations_open: int = Field(50, description="Operations of any kind one socket may have under way.")
    frames_per_second: int = Field(20, description="Frames a client may send a second, on average over ten.")


class Settings(BaseSettings):
    """The whole configuration of a process."""

    model_config = SettingsConfigDict(
        env_prefix="PARLEY_",
        env_nested_delimiter="__",
        env_file=".env",
        extra="ignore",
        env_ignore_empty=True,
        populate_by_name=True,
    )

    env: Literal["development", "production"] = Field("development", description="production refuses unsafe values.")
    name: str = Field("Parley", description="Product name that clients may show.")
    database_url: str = Field(
        "sqlite:///var/parley.sqlite3",
        validation_alias="DATABASE_URL",
        description="sqlite:///path (embedded) or postgres://user:password@host:port/name.",
    )
    database_pool: int = Field(20, description="PostgreSQL connections of a process.")
    redis_url: str = Field(
        "", validation_alias="REDIS_URL", description="redis://:password@host:port/0; empty: in-process bus."
    )
    redis_prefix: str = Field("parley", description="Begins every name in Redis: installations may share one.")
    secret: str = Field(
        "", description="Signs tokens and bus messages, 32 characters at least; empty: made and kept in var/."
    )
    data_dir: Path = Field(
        Path("var"),
        description="Where embedded mode keeps its files. Exports of people's data too: in a cluster a volume that"
        " workers and servers share.",
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    worker_port: int = Field(
        0, ge=0, le=65535, description="Port where `parley worker` answers /healthz, /readyz and /metrics; 0: none."
    )
    public_url: str = Field(
        "", description="Where people reach this server; empty: on this machine, at http://127.0.0.1 and the port."
    )
    allowed_origins: list[str] = Field([], description="Browser origins, beside its own, that may use the API.")
    trusted_proxies: list[str] = Field([], description="Addresses whose X-Forwarded-For is believed.")
    introspection: bool | None = Field(
        None, description="Schema introspection; default on in development, off in production."
    )
    graphiql: bool | None = Field(
        None, description="GraphiQL at /graphiql/; default on in development, off in production."
    )
    executor: Literal["compiled", "graphql-core"] = Field(
        "compiled", description="What executes operations; both answer alike, the compiled one many times as fast."
    )
    rates: dict[str, str] = Field(
        {}, description='Other rate limits: {"logIn": "20/900"} is 20 in 900 seconds; names as in `limits { rates }`.'
    )
    embedded_worker: bool = Field(
        True, description="With SQLite: run the worker inside serve. With PostgreSQL it is a process of its own."
    )
    metrics_allowed: list[str] = Field(
        ["127.0.0.0/8", "::1/128"], description="Addresses and networks that may read /metrics, behind no proxy."
    )
    metrics_token: str = Field("", description="Bearer token that may read /metrics from anywhere; empty: none.")
    log_format: Literal["console", "json"] = Field("console", description="How log lines look.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least severe log line.")

    accounts: AccountSettings = AccountSettings()
    oauth: OAuthSettings = OAuthSettings()
    contacts: ContactSettings = ContactSettings()
    delivery: DeliverySettings = DeliverySettings()
    conversations: ConversationSettings = ConversationSettings()
    messages: MessageSettings = MessageSettings()
    media: MediaSettings = MediaSettings()
    presence: PresenceSettings = PresenceSettings()
    hub: HubSettings = HubSettings()
    jobs: JobSettings = JobSettings()
    transport: TransportSettings = TransportSettings()

    @field_validator("database_url", "redis_url", "public_url")
    @classmethod
    def _is_url(cls, text: str) -> str:
        try:
            _ = urlsplit(text).port
        except ValueError:  # its words may hold a part of the password
            raise ValueError("this is no URL; special characters of a password are written as %xx") from None
        return text

    @model_validator(mode="after")
    def _public_url_of_port(self) -> Self:
        self.public_url = self.public_url or f"http://127.0.0.1:{self.port}"
        return self

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @property
    def is_sqlite(self) -> bool:
        """Embedded mode: one process, which also runs migrations and the worker."""
        return self.database_url.startswith("sqlite")

    @property
    def shows_graphiql(self) -> bool:
        return not self.is_production if self.graphiql is None else self.graphiql

    @property
    def shows_schema(self) -> bool:
        """Whether introspection is answered."""
        return not self.is_production if self.introspection is None else self.introspection

    @property
    def mail_driver(self) -> str:
        """console, smtp or off."""
        return self.delivery.mail_driver or ("off" if self.is_production else "console")

    @property
    def sms_driver(self) -> str:
        """console, twilio or off."""
        return self.delivery.sms_driver or ("off" if self.is_production else "console")

    @property
    def prints_codes(self) -> bool:
        """Whether something is printed on the console instead of being sent."""
        return "console" in (self.mail_driver, self.sms_driver)


# ── names and the example file ────────────────────────────────────────────────────────────────────


def environment_name(path: Sequence[int | str]) -> str:
    """The environment variable of a setting: ("accounts", "devices") → PARLEY_ACCOUNTS__DEVICES."""
    name = "__".join(str(part) for part in path).upper()
    return name if name in ("DATABASE_URL", "REDIS_URL") else f"PARLEY_{name}"


def setting_paths() -> list[tuple[str, ...]]:
    """Where every setting is in `Settings`: ("port",), ("accounts", "devices"), …"""
    return [path for path, _, _ in _described(Settings, ())]


def unknown_names(environment: Iterable[str]) -> list[str]:
    """Those of the names that look like settings of ours but are none, e.g. misspelt; in order."""
    known = {environment_name(path) for path in setting_paths()}
    known |= {environment_name((name,)) for name in Settings.model_fields}  # a nested part may be given as JSON
    return sorted(name for name in environment if name.startswith("PARLEY_") and name not in known)


def env_example() -> str:
    """The text of .env.example: every setting with its default, commented out."""
    lines = [
        "# Every setting of Parley with its default. Copy to .env, and uncomment what you change.",
        "# Lists and mappings are JSON. `parley check` tells what is wrong.",
    ]
    for path, words, default in _described(Settings, ()):
        lines += ["", f"# {words}", f"#{environment_name(path)}={default}"]
    return "\n".join(lines) + "\n"


def _described(model: type[BaseModel], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    nested = []
    for name, field in model.model_fields.items():
        if isinstance(field.default, BaseModel):
            nested.append((type(field.default), (*path, name)))
        else:
            yield (*path, name), field.description or "", _as_text(field.default)
    for inner, inner_path in nested:
        yield from _described(inner, inner_path)


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | list | dict):
        return orjson.dumps(value).decode()
    return str(value)
