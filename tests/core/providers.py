"""Stand-ins for the providers that deliver: an SMTP server (aiosmtpd) and Twilio's API, both on real sockets."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope

from tests.running import _Quiet
from tests.servers import free_port


@dataclass
class SmtpSink:
    """A mail server that keeps what it gets, or gives `answer` instead. It wants the account mailer / pass."""

    port: int = field(default_factory=free_port)
    mails: list[EmailMessage] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    answer: str = "250 OK"
    recipient_answer: str = "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any) -> str:
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, _server: Any, session: Any, envelope: Envelope) -> str:
        if not session.authenticated:
            return "530 authenticate first"
        if self.answer.startswith("250"):
            mail = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            assert envelope.rcpt_tos == [mail["To"]]
            self.senders.append(envelope.mail_from or "")
            self.mails.append(mail)
        return self.answer


@contextmanager
def smtp_sink() -> Iterator[SmtpSink]:
    """A mail server on loopback until the block ends."""
    sink = SmtpSink()

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"mailer", b"pass"), handled=False)

    controller = Controller(
        sink, hostname="127.0.0.1", port=sink.port, authenticator=authenticate, auth_require_tls=False
    )
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


@dataclass
class TwilioStandIn:
    """Twilio's Messages endpoint: checks the request as the real one does, keeps it, or answers `status`."""

    url: str
    requests: list[dict[str, str]] = field(default_factory=list)
    status: int = 201
    hangs: bool = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self.hangs:
            await asyncio.Event().wait()
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        status, answer = self._answer(scope, body)
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    def _answer(self, scope: Any, body: bytes) -> tuple[int, bytes]:
        headers = dict(scope["headers"])
        wanted = b"Basic " + base64.b64encode(b"AC123:token")
        if scope["method"] != "POST" or scope["path"] != "/2010-04-01/Accounts/AC123/Messages.json":
            return 404, b'{"code": 20404}'
        if headers.get(b"authorization") != wanted:
            return 401, b'{"code": 20003, "message": "Authenticate"}'
        if headers[b"content-type"] != b"application/x-www-form-urlencoded":
            return 400, b'{"code": 21603}'
        form = dict(parse_qsl(body.decode(), strict_parsing=True))
        if set(form) not in ({"To", "From", "Body"}, {"To", "MessagingServiceSid", "Body"}):
            return 400, b'{"code": 21604}'
        if self.status != 201:
            return self.status, f'{{"code": 21211, "message": "The To number {form["To"]} is no number"}}'.encode()
        self.requests.append(form)
        return 201, b'{"sid": "SM1", "status": "queued"}'


@asynccontextmanager
async def twilio_stand_in() -> AsyncIterator[TwilioStandIn]:
    """The stand-in on loopback until the block ends."""
    port = free_port()
    stand_in = TwilioStandIn(f"http://127.0.0.1:{port}")
    config = uvicorn.Config(
        stand_in, port=port, lifespan="off", log_config=None, loop="none", timeout_graceful_shutdown=0
    )
    server = _Quiet(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    yield stand_in
    server.should_exit = True
    await task
