"""How words reach people outside the app: mail and SMS, by the drivers the settings choose. Only jobs send.

A driver raises `DeliveryError` when it may work later (the job is tried again), GiveUpError when it never will.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from app.core.errors import UnavailableError
from app.core.runtime import Runtime


@dataclass(slots=True, frozen=True)
class Mail:
    """A mail with a text and an HTML part that say the same."""

    to: str
    subject: str
    text: str
    html: str


@dataclass(slots=True, frozen=True)
class Sms:
    """A text message to an E.164 number."""

    to: str
    text: str


class DeliveryError(Exception):
    """The provider could not be reached, or said to try later. The message holds no secret and no address."""


class MailDriver(Protocol):
    """Sends mails. Raises DeliveryError or GiveUpError."""

    async def send_mail(self, mail: Mail) -> None: ...


class SmsDriver(Protocol):
    """Sends text messages. Raises DeliveryError or GiveUpError."""

    async def send_sms(self, sms: Sms) -> None: ...


@dataclass(slots=True)
class Delivery:
    """The process's drivers; None: this server sends none of that."""

    mail: MailDriver | None
    sms: SmsDriver | None

    def require_mail(self) -> MailDriver:
        """Raises UnavailableError when this server sends no mail."""
        if self.mail is None:
            raise UnavailableError("This server sends no mail.", retry_after=None)
        return self.mail

    def require_sms(self) -> SmsDriver:
        """Raises UnavailableError when this server sends no SMS."""
        if self.sms is None:
            raise UnavailableError("This server sends no SMS.", retry_after=None)
        return self.sms


@asynccontextmanager
async def delivery(runtime: Runtime) -> AsyncIterator[None]:
    """Provides the runtime's `Delivery` as its settings say."""
    from app.core.delivery_smtp import SmtpDriver
    from app.core.delivery_twilio import TwilioDriver

    settings = runtime.settings
    chosen = settings.delivery
    console = ConsoleDriver()
    twilio = TwilioDriver(chosen) if settings.sms_driver == "twilio" else None
    mails: dict[str, MailDriver] = {"console": console, "smtp": SmtpDriver(chosen)}
    runtime.provide(
        Delivery(
            mails.get(settings.mail_driver),
            twilio if twilio else console if settings.sms_driver == "console" else None,
        )
    )
    try:
        yield
    finally:
        if twilio is not None:
            await twilio.close()


class ConsoleDriver:
    """Prints on the console of the server: for development, refused in production by the settings.

    It writes to standard output itself: a code must never reach the structured log.
    """

    async def send_mail(self, mail: Mail) -> None:
        await self._print(f"MAIL to {mail.to}: {mail.subject}", mail.text)

    async def send_sms(self, sms: Sms) -> None:
        await self._print(f"SMS to {sms.to}", sms.text)

    async def _print(self, head: str, text: str) -> None:
        lines = "".join(f"    {line}\n" if line else "\n" for line in text.splitlines())
        await asyncio.to_thread(_write, f"\n  {head}\n\n{lines}\n")


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
