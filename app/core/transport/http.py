"""GraphQL over HTTP: one POST, JSON in, and out what Accept asks for (JSON or Server-Sent Events)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from app.core.errors import ApiError, BadRequestError, UnauthenticatedError, UnavailableError
from app.core.graphql.context import Context
from app.core.records import record
from app.core.transport.answers import Answer, RequestError, new_request_id, request_error_answer
from app.core.transport.documents import Operation
from app.core.transport.http_protocol import EXTENSION
from app.core.transport.origin import CSRF_HEADER, Headers, headers_of
from app.core.transport.request import GraphQLRequest, decode_json, graphql_request
from app.core.transport.sse import EVENT_STREAM, serve_answer, serve_stream
from app.core.viewer import Viewer

if TYPE_CHECKING:
    from app.core.transport.server import GraphQLTransport

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
RawHeaders = list[tuple[bytes, bytes]]

JSON = "application/json"
RESPONSE_JSON = "application/graphql-response+json"
_WATCH_SECONDS = 0.25  # an operation longer than this is watched: does its client still wait?
_KEPT_LENGTH = 200  # of an Accept header that is remembered: clients send a handful of them
_CONTENT_TYPES = {media: f"{media}; charset=utf-8".encode() for media in (JSON, RESPONSE_JSON, EVENT_STREAM)}
_STATUS = {"UNAUTHENTICATED": 401, "SESSION_EXPIRED": 401, "SESSION_REVOKED": 401, "RATE_LIMITED": 429,
           "UNAVAILABLE": 503, "INTERNAL": 500}  # fmt: skip


class Refused(Exception):
    """The request never became an operation; answered with this status whatever Accept says."""

    def __init__(self, status: int, message: str, headers: RawHeaders | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or []


@record(slots=True, frozen=True)
class Accepted:
    """What the client can read: a JSON media type (None: none) and whether events."""

    json: str | None
    events: bool


class Exchange:
    """One HTTP request and its answer."""

    def __init__(self, transport: GraphQLTransport, scope: Message, receive: Receive, send: Send) -> None:
        self._transport = transport
        self._scope = scope
        self._receive = receive
        self._send = send
        self._headers = headers_of(scope)
        self._started = False
        self.request_id = new_request_id()

    async def serve(self) -> None:
        """Answers. Never raises for what a client can cause."""
        accepted = Accepted(JSON, False)
        try:
            if self._scope["method"] != "POST":
                await self._serve_other_method()
                return
            accepted = negotiate(self._headers.get("accept"))
            request = graphql_request(decode_json(await self._body()))
            await self._operate(request, accepted)
        except Refused as refusal:
            answer = request_error_answer(BadRequestError(str(refusal)), self.request_id)
            await self._respond(refusal.status, accepted.json or JSON, answer, refusal.headers)
        except BadRequestError as error:
            await self._respond(400, accepted.json or JSON, request_error_answer(error, self.request_id), [])

    async def _serve_other_method(self) -> None:
        asked = self._headers.get("access-control-request-method")
        if self._scope["method"] != "OPTIONS" or asked is None:
            raise Refused(405, "Only POST is accepted.", [(b"allow", b"POST, OPTIONS")])
        headers: RawHeaders = [(b"vary", b"Origin"), (b"allow", b"POST, OPTIONS")]
        if cors := self._transport.origins.cors(self._headers):
            headers += [
                *cors,
                (b"access-control-allow-methods", b"POST"),
                (b"access-control-allow-headers", f"authorization, content-type, accept, {CSRF_HEADER}".encode()),
                (b"access-control-max-age", b"7200"),
            ]
        await self._send({"type": "http.response.start", "status": 204, "headers": headers})
        await self._send({"type": "http.response.body", "body": b""})

    async def _body(self) -> bytes:
        limit = self._transport.limits.body_bytes
        check_content_type(self._headers)
        length = self._headers.get("content-length", "0")
        if not length.isdigit():
            raise Refused(400, "Content-Length is not a number.")
        if int(length[:20]) > limit:
            raise _too_large(limit)
        chunks, size = [], 0
        try:
            with self._transport.execution.deadlines.within(self._transport.limits.body_seconds):
                while True:
                    message = await self._receive()
                    if message["type"] == "http.disconnect":
                        raise Refused(400, "The body ended early.")
                    chunk = message.get("body", b"")
                    size += len(chunk)
                    if size > limit:
                        raise _too_large(limit)
                    chunks.append(chunk)
                    if not message.get("more_body"):
                        return b"".join(chunks)
        except TimeoutError as error:
            raise Refused(408, "The body came too slowly.", [(b"connection", b"close")]) from error

    async def _operate(self, request: GraphQLRequest, accepted: Accepted) -> None:
        transport = self._transport
        context: Context | None = None
        try:
            # Bad tokens are told before documents are looked at closer, except where signing in is what is asked for.
            viewer, token_error = await self._viewer()
            client = transport.origins.client(self._scope, self._headers)
            operation = await transport.operation(request, viewer, client)
            if token_error is not None and not operation.signed_out:
                raise RequestError([token_error])
            context = transport.context(viewer, client)
            context.cookies = transport.origins.cookies(self._headers)
            if operation.is_subscription:
                await self._serve_subscription(operation, request, context, accepted)
                return
            answer = await self._run(operation, request, context)
        except (RequestError, ApiError) as error:
            answer = request_error_answer(error, self.request_id)
        except Exception as error:
            answer = request_error_answer(RequestError([error]), self.request_id)  # type: ignore[list-item]
        if answer is None or self._started:
            return
        extra = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in (context.response_headers if context else ())]
        if accepted.json is None:
            await serve_answer(self, answer, extra)
            return
        status = 200 if answer.code is None or accepted.json == JSON else _STATUS.get(answer.code, 400)
        await self._respond(status, accepted.json, answer, extra)

    async def _viewer(self) -> tuple[Viewer | None, ApiError | None]:
        header = self._headers.get("authorization")
        if header is None:
            return None, None
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            return None, UnauthenticatedError()
        try:
            return await self._transport.authenticate(token.strip()), None
        except UnavailableError:
            raise
        except ApiError as error:
            return None, error

    async def _serve_subscription(
        self, operation: Operation, request: GraphQLRequest, context: Context, accepted: Accepted
    ) -> None:
        if not accepted.events:
            message = f"Subscriptions need a WebSocket (graphql-transport-ws), or Accept: {EVENT_STREAM}."
            raise RequestError([BadRequestError(message)])
        self._transport.addresses.enter(context.client.ip)
        try:
            stream, selection = await self._transport.execution.stream(operation, request, context)
            self._started = True
            await serve_stream(self, context.viewer, stream, selection)
        finally:
            self._transport.addresses.leave(context.client.ip)

    async def _run(self, operation: Operation, request: GraphQLRequest, context: Context) -> Answer | None:
        """The answer, or None when the client went away meanwhile: then a query is cancelled, a mutation goes on."""
        execution = self._transport.execution
        watch = Watch(self)
        due = execution.deadlines.after(_WATCH_SECONDS, watch.begin)
        try:
            return await execution.answer(operation, request, context, self.request_id)
        except asyncio.CancelledError:
            if watch.has_cancelled():
                return None
            raise
        finally:
            execution.deadlines.drop(due)
            watch.end()

    async def client_gone(self) -> None:
        """Returns when the client has hung up."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def _respond(self, status: int, media: str, answer: Answer, extra: RawHeaders) -> None:
        if answer.retry_after is not None:
            extra = [*extra, (b"retry-after", str(answer.retry_after).encode())]
        extra = [*extra, (b"content-length", str(len(answer.body)).encode())]
        respond = self._scope.get("extensions", {}).get(EXTENSION)
        if respond is None or not respond(status, self._head(media, extra), answer.body):
            await self.start(status, media, extra)
            await self.send_body(answer.body, more=False)

    def _head(self, media: str, extra: RawHeaders) -> RawHeaders:
        return [
            (b"content-type", _CONTENT_TYPES[media]),
            *self._transport.headers,
            (b"x-request-id", self.request_id.encode()),
            *self._transport.origins.cors(self._headers),
            *extra,
        ]

    async def start(self, status: int, media: str, extra: RawHeaders) -> None:
        """Sends the head of the answer."""
        await self._send({"type": "http.response.start", "status": status, "headers": self._head(media, extra)})

    async def send_body(self, body: bytes, *, more: bool) -> None:
        """Sends a part of the body."""
        await self._send({"type": "http.response.body", "body": body, "more_body": more})

    @property
    def transport(self) -> GraphQLTransport:
        """Whose exchange this is."""
        return self._transport


class Watch:
    """Looks whether the client still waits for an operation that takes long; cancels its task when not."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._running = asyncio.current_task()
        self._gone: asyncio.Task[None] | None = None
        self._is_gone = False

    def begin(self) -> None:
        """From now on."""
        self._gone = asyncio.create_task(self._look())

    async def _look(self) -> None:
        await self._exchange.client_gone()
        assert self._running is not None, "an operation runs in a task"
        self._is_gone = True
        self._running.cancel()

    def has_cancelled(self) -> bool:
        """Whether it was this that has cancelled the operation."""
        return self._is_gone and self._running is not None and self._running.uncancel() == 0

    def end(self) -> None:
        """The operation has ended."""
        if self._gone is not None:
            self._gone.cancel()


def _too_large(limit: int) -> Refused:
    return Refused(413, f"A body may have {limit} bytes.")


def check_content_type(headers: Headers) -> None:
    """Only JSON in UTF-8: anything else could be sent by a foreign page without asking first. Raises Refused(415)."""
    if headers.get("content-type") == JSON and "content-encoding" not in headers:
        return
    kind, *parameters = [part.strip().lower() for part in headers.get("content-type", "").split(";")]
    charsets = [p.split("=", 1)[1].strip('"') for p in parameters if p.startswith("charset=")]
    if kind != JSON or any(charset not in ("utf-8", "utf8") for charset in charsets):
        raise Refused(415, "Content-Type must be application/json in UTF-8.")
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise Refused(415, "Content-Encoding is not supported.")


_QUALITY = re.compile(r"q=([01](?:\.\d{0,3})?)")


def negotiate(accept: str | None) -> Accepted:
    """What to answer with; the first of the best quality. No Accept means JSON. Raises Refused(406)."""
    if not accept:
        return Accepted(JSON, False)
    return _negotiate(accept) if len(accept) > _KEPT_LENGTH else _negotiate_again(accept)


def _negotiate(accept: str) -> Accepted:
    media, best, events = None, 0.0, False
    for part in accept.split(","):
        name, *parameters = [bit.strip().lower() for bit in part.split(";")]
        matches = [found for p in parameters if (found := _QUALITY.fullmatch(p))]
        quality = float(matches[0][1]) if matches else 1.0
        if quality > 0 and name == EVENT_STREAM:
            events = True
        known = {JSON: JSON, RESPONSE_JSON: RESPONSE_JSON, "application/*": JSON, "*/*": JSON}.get(name)
        if known and quality > best:
            media, best = known, quality
    if media is None and not events:
        raise Refused(406, f"Accept one of {RESPONSE_JSON}, {JSON}, {EVENT_STREAM}.")
    return Accepted(media, events)


_negotiate_again = lru_cache(256)(_negotiate)
