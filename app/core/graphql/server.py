"""What the server tells about itself: limits, product, health, and what the caller may still spend."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

import strawberry

from app import __version__
from app.core import clock
from app.core.graphql.connection import PAGE, PAGE_MAX
from app.core.graphql.context import Info
from app.core.graphql.enums import described_enum
from app.core.health import Level, check_health, check_worker
from app.core.limits import Rate
from app.settings import Settings


class SignInMethod(StrEnum):
    PASSWORD = "PASSWORD"  # noqa: S105
    OTP_SMS = "OTP_SMS"
    OTP_EMAIL = "OTP_EMAIL"
    OAUTH = "OAUTH"


described_enum(
    SignInMethod,
    "A way to sign in that this server offers. More may appear.",
    {
        "PASSWORD": "register and logIn.",
        "OTP_SMS": "requestOtp with a phone number, then verifyOtp.",
        "OTP_EMAIL": "requestOtp with an e-mail address, then verifyOtp.",
        "OAUTH": "beginOAuth with one of oauthProviders, then completeOAuth.",
    },
)
described_enum(
    Level,
    "How well something works.",
    {
        "OK": "As it should.",
        "DEGRADED": "Works, but slower: without the bus between processes, events of others are up to a second late;"
        " without a worker, mails wait.",
        "DOWN": "Does not work now.",
    },
    name="HealthStatus",
)


@strawberry.type(description="One rate limit: so many calls in so many seconds. Meeting it is RATE_LIMITED.")
class RateRule:
    rate: strawberry.Private[Rate]
    remaining: int | None = strawberry.field(
        description="What the caller has left; null when signed out where it counts people, or when it counts"
        " identifiers."
    )
    resets_at: datetime | None = strawberry.field(
        description="When the caller's window ends; null where remaining is null."
    )

    @strawberry.field(description="The bucket, as @rateLimit names it; several rules of one name apply together.")
    def name(self) -> str:
        return self.rate.name

    @strawberry.field(description="How many calls.")
    def limit(self) -> int:
        return self.rate.limit

    @strawberry.field(description="In how many seconds.")
    def window_seconds(self) -> int:
        return self.rate.seconds


def _setting(description: str, *path: str) -> int:
    """A field that shows one setting."""

    def resolve(self: Limits) -> int:
        value: object = self.settings
        for name in path:
            value = getattr(value, name)
        return int(value)  # type: ignore[call-overload, no-any-return]

    return strawberry.field(resolver=resolve, description=description)


@strawberry.type(description="Every limit and timer a client needs, as this server enforces them.")
class Limits:
    settings: strawberry.Private[Settings]
    message_length: int = _setting("Longest text of a message, in Unicode code points.", "messages", "length")
    username_min: int = _setting("Shortest username, in code points.", "accounts", "username_min")
    username_max: int = _setting("Longest username, in code points.", "accounts", "username_max")
    display_name_length: int = _setting("Longest display name, in code points.", "accounts", "display_name_length")
    bio_length: int = _setting("Longest bio, in code points.", "accounts", "bio_length")
    group_title_length: int = _setting("Longest group title, in code points.", "conversations", "group_title_length")
    group_members: int = _setting("Most members of a group, its owner included.", "conversations", "group_members")
    pinned_conversations: int = _setting(
        "Most conversations pinned to the top of the viewer's list.", "conversations", "pinned"
    )
    labels: int = _setting("Most different labels of the viewer's.", "conversations", "labels")
    labels_per_conversation: int = _setting(
        "Most labels on one conversation.", "conversations", "labels_per_conversation"
    )
    password_min: int = _setting("Shortest password, in code points.", "accounts", "password_min")
    password_max: int = _setting("Longest password, in code points.", "accounts", "password_max")
    otp_digits: int = _setting("Digits of a one-time code.", "accounts", "otp_digits")
    otp_resend_seconds: int = _setting("Wait between two codes for one person.", "accounts", "otp_resend_seconds")
    connection_code_seconds: int = _setting(
        "Life of a connection code: ask for the next one then.", "contacts", "connection_code_seconds"
    )
    avatar_bytes: int = _setting("Largest file that may become an avatar.", "media", "avatar_bytes")
    attachments_per_message: int = _setting("Most files in a message.", "messages", "attachments_per_message")
    mentions_per_message: int = _setting("Most mentions of people in a message.", "messages", "mentions_per_message")
    reaction_kinds_per_message: int = _setting("Most kinds of reactions on a message.", "messages", "reaction_kinds")

    @strawberry.field(description="How long after sending a message can be edited; null: without limit.")
    def edit_window_seconds(self) -> int | None:
        return self.settings.messages.edit_window_seconds

    @strawberry.field(
        description="How long after sending its author can delete a message for everyone; null: without limit."
    )
    def delete_window_seconds(self) -> int | None:
        return self.settings.messages.delete_window_seconds

    pins_per_conversation: int = _setting(
        "Most pinned messages of a conversation.", "messages", "pins_per_conversation"
    )
    batch_items: int = _setting("Most messages of one sendMessages or forwardMessages.", "messages", "batch_items")
    devices: int = _setting("Devices an account may have signed in at once.", "accounts", "devices")
    typing_renew_seconds: int = _setting(
        "Repeat setTyping this often while it goes on.", "presence", "typing_renew_seconds"
    )
    typing_expire_seconds: int = _setting(
        "Typing ends by itself so long after it was last said.", "presence", "typing_expire_seconds"
    )
    presence_heartbeat_seconds: int = _setting(
        "How often the server renews the presence of those connected. Clients need not do anything for it: an open"
        " socket is enough. Whoever has none for 10 seconds is offline.",
        "presence",
        "beat_seconds",
    )
    device_link_seconds: int = _setting(
        "Time for each step of linking a device by QR code.", "accounts", "device_link_seconds"
    )
    sockets_per_device: int = _setting(
        "WebSockets a device may have open; above, its oldest is closed with 4409.", "transport", "sockets_per_device"
    )
    frame_bytes: int = _setting("Largest WebSocket frame from a client, in bytes.", "transport", "frame_bytes")
    event_retention_seconds: int = _setting(
        "Age of the oldest event that events(after:) can resume from; older cursors are CURSOR_EXPIRED.",
        "hub",
        "retention_seconds",
    )

    @strawberry.field(description="Page size of a list when first is not given.")
    def page_size(self) -> int:
        return PAGE

    @strawberry.field(description="Largest first or last of a list.")
    def page_size_max(self) -> int:
        return PAGE_MAX

    @strawberry.field(description="Every rate limit, with what the caller has left of it.")
    async def rates(self, info: Info) -> list[RateRule]:
        limits = info.context.runtime.limits
        rules = []
        for rate in limits.rates:
            count = await limits.left(rate, viewer=info.context.viewer, client=info.context.client)
            resets_at = datetime.fromtimestamp(count.resets_at, UTC) if count else None
            rules.append(RateRule(rate=rate, remaining=count.remaining if count else None, resets_at=resets_at))
        return rules


@strawberry.type(description="The product and what it offers. Open to everybody.")
class ServerInfo:
    settings: strawberry.Private[Settings]

    @strawberry.field(description="Product name that clients may show.")
    def name(self) -> str:
        return self.settings.name

    @strawberry.field(description="Version of the server.")
    def version(self) -> str:
        return __version__

    @strawberry.field(description="Ways to sign in.")
    def sign_in_methods(self) -> list[SignInMethod]:
        methods = [SignInMethod.PASSWORD]
        if self.settings.sms_driver != "off":
            methods.append(SignInMethod.OTP_SMS)
        if self.settings.mail_driver != "off":
            methods.append(SignInMethod.OTP_EMAIL)
        if self.settings.oauth.is_offered:
            methods.append(SignInMethod.OAUTH)
        return methods

    @strawberry.field(description="The server's clock.")
    def time(self) -> datetime:
        return clock.now()


@strawberry.type(name="RateLimit", description="What this request cost and what is left of the caller's budget.")
class RateLimitBudget:
    cost: int = strawberry.field(
        description="What this operation cost: 1 for each object and 1 for four plain values, times the page sizes"
        " around them, 10 at least; signed out a hundredth of limit at least."
    )
    limit: int = strawberry.field(description="What an account, or an address when signed out, may spend a minute.")
    remaining: int = strawberry.field(description="What is left of it. An operation that costs more is RATE_LIMITED.")
    resets_at: datetime = strawberry.field(description="When it is whole again.")


@strawberry.type(description="How the server is, for people and monitors; a balancer uses GET /healthz and /readyz.")
class Health:
    status: Level = strawberry.field(description="The worst of the parts that nothing works without, else DEGRADED.")
    uptime_seconds: int = strawberry.field(description="Since the process that answers has started.")
    database: Level = strawberry.field(description="Whether the database answers.")
    bus: Level = strawberry.field(description="Whether events of other processes arrive at once.")
    worker: Level = strawberry.field(
        description="Whether mails are sent and background work is done: DEGRADED when something is due for 10 seconds,"
        " DOWN when for 60 or when no worker ever ran."
    )


@strawberry.type
class ServerQuery:
    @strawberry.field(
        description="Every limit and timer a client needs, as the server enforces them. Open to everybody."
    )
    def limits(self, info: Info) -> Limits:
        return Limits(settings=info.context.runtime.settings)

    @strawberry.field(description="Product name, version and sign-in methods. Open to everybody.")
    def server(self, info: Info) -> ServerInfo:
        return ServerInfo(settings=info.context.runtime.settings)

    @strawberry.field(description="What this request cost and what is left of the caller's budget, per minute.")
    def rate_limit(self, info: Info) -> RateLimitBudget:
        context = info.context
        budget = context.budget or context.runtime.limits.budget(context.viewer, context.client)
        return RateLimitBudget(
            cost=budget.cost, limit=budget.limit, remaining=budget.remaining, resets_at=budget.resets_at
        )

    @strawberry.field(description="How the server is. Open to everybody.")
    async def health(self, info: Info) -> Health:
        runtime = info.context.runtime
        found, worker = await check_health(runtime), await check_worker()
        uptime = int((clock.now() - runtime.started_at).total_seconds())
        is_slow = found.status is Level.OK and worker is not Level.OK
        return Health(
            status=Level.DEGRADED if is_slow else found.status,
            uptime_seconds=uptime,
            database=found.database,
            bus=found.bus,
            worker=worker,
        )
