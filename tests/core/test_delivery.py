"""Drivers of mail and SMS against servers on real sockets."""

from __future__ import annotations

import asyncio

import pytest

from app.core.delivery import DeliveryError, Mail, Sms
from app.core.delivery_smtp import SmtpDriver
from app.core.delivery_twilio import TwilioDriver
from app.core.jobs import GiveUpError
from app.settings import DeliverySettings
from tests.core.providers import smtp_sink, twilio_stand_in
from tests.servers import free_port

MAIL = Mail("ann@example.com", "Grüße from Parley", "Your code is\n\n    123456\n", "<p>Your code is <b>123456</b></p>")
SMS = Sms("+919876543210", "Your code is 123456 – ✓")


def smtp(port: int, **changes) -> SmtpDriver:
    values = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_user": "mailer", "smtp_password": "pass"}
    more = {"smtp_tls": "off", "mail_from": "Parley <no-reply@chat.example.org>", "timeout_seconds": 1.0}
    return SmtpDriver(DeliverySettings(**(values | more | changes)))


def twilio(url: str, **changes) -> TwilioDriver:
    values = {"twilio_url": url, "twilio_account_sid": "AC123", "twilio_auth_token": "token"}
    return TwilioDriver(
        DeliverySettings(**(values | {"twilio_from": "+15005550006", "timeout_seconds": 1.0} | changes))
    )


# ── SMTP ──────────────────────────────────────────────────────────────────────────────────────────


async def test_a_mail_arrives_with_a_text_and_an_html_part():
    with smtp_sink() as sink:
        await smtp(sink.port).send_mail(MAIL)

    (mail,) = sink.mails
    assert sink.senders == ["no-reply@chat.example.org"]
    assert (mail["From"], mail["To"], mail["Subject"]) == (
        "Parley <no-reply@chat.example.org>", MAIL.to, "Grüße from Parley",
    )  # fmt: skip
    assert mail["Date"]
    assert mail["Message-ID"].endswith("@chat.example.org>")
    assert mail.get_content_type() == "multipart/alternative"
    text, html = mail.iter_parts()
    assert (text.get_content_type(), text.get_content().replace("\r\n", "\n")) == ("text/plain", MAIL.text)
    assert (html.get_content_type(), html.get_content().strip()) == ("text/html", MAIL.html)


@pytest.mark.parametrize("where", ["answer", "recipient_answer"])
@pytest.mark.parametrize(
    ("answer", "raises"), [("451 ann@example.com: try later", DeliveryError), ("550 no ann@example.com", GiveUpError)]
)
async def test_a_refusal_is_for_now_or_for_ever_and_names_nobody(where, answer, raises):
    with smtp_sink() as sink:
        setattr(sink, where, answer)
        with pytest.raises(raises, match=answer[:3]) as refusal:
            await smtp(sink.port).send_mail(MAIL)
    assert "ann" not in str(refusal.value)
    assert refusal.value.__cause__ is None


async def test_a_wrong_password_can_be_repaired_so_it_is_tried_again():
    with smtp_sink() as sink:
        with pytest.raises(DeliveryError, match="535") as refusal:
            await smtp(sink.port, smtp_password="wrong").send_mail(MAIL)
        assert "wrong" not in str(refusal.value)
        assert sink.mails == []


async def _say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Takes what comes until the peer has enough of waiting."""
    await reader.read()
    writer.close()


async def test_a_mail_server_that_is_away_or_silent_is_waited_for_no_longer_than_that():
    with pytest.raises(DeliveryError):
        await smtp(free_port()).send_mail(MAIL)
    silent = await asyncio.start_server(_say_nothing, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    async with asyncio.timeout(3):
        with pytest.raises(DeliveryError):
            await smtp(port, timeout_seconds=0.2).send_mail(MAIL)
    silent.close()


async def test_encryption_is_not_given_up_when_the_server_has_none():
    with smtp_sink() as sink:
        with pytest.raises(DeliveryError):
            await smtp(sink.port, smtp_tls="starttls").send_mail(MAIL)
        assert sink.mails == []


# ── Twilio ────────────────────────────────────────────────────────────────────────────────────────


async def test_a_text_message_is_handed_to_twilio():
    async with twilio_stand_in() as there:
        for sender in ("+15005550006", "MG0123"):
            driver = twilio(there.url, twilio_from=sender)
            await driver.send_sms(SMS)
            await driver.close()

    assert there.requests == [
        {"To": SMS.to, "From": "+15005550006", "Body": SMS.text},
        {"To": SMS.to, "MessagingServiceSid": "MG0123", "Body": SMS.text},
    ]


@pytest.mark.parametrize(("status", "raises"), [(400, GiveUpError), (429, DeliveryError), (503, DeliveryError)])
async def test_what_twilio_refuses_is_for_ever_or_for_now_and_names_nobody(status, raises):
    async with twilio_stand_in() as there:
        there.status = status
        driver = twilio(there.url)
        with pytest.raises(raises, match="error 21211") as refusal:
            await driver.send_sms(SMS)
        await driver.close()
    assert SMS.to not in str(refusal.value)


async def test_a_wrong_token_can_be_repaired_so_it_is_tried_again():
    async with twilio_stand_in() as there:
        driver = twilio(there.url, twilio_auth_token="wrong")
        with pytest.raises(DeliveryError, match="401"):
            await driver.send_sms(SMS)
        await driver.close()
    assert there.requests == []


async def test_a_twilio_that_is_away_or_silent_is_waited_for_no_longer_than_that():
    driver = twilio(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(DeliveryError):
        await driver.send_sms(SMS)
    await driver.close()
    async with twilio_stand_in() as there, asyncio.timeout(3):
        there.hangs = True
        driver = twilio(there.url, timeout_seconds=0.2)
        with pytest.raises(DeliveryError, match="ReadTimeout"):
            await driver.send_sms(SMS)
        await driver.close()
