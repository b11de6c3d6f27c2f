"""graphql-transport-ws: the state machine of one connection. Every way to misuse it has a close code, never 1006.

4400 malformed, 4401 unauthorised or ended, 4403 bad token, 4406 wrong subprotocol, 4408 too slow to start, 4409 id in
use or newer sockets of the device, 4429 too much, 4500 our bug, 4503 resume elsewhere, 4508 reads too slowly.
"""

from __future__ import annotations

import asyncio
import contextvars
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
import structlog
from graphql import OperationType

from app.core import clock, db
from app.core.errors import (
    ApiError,
    BadRequestError,
    ForbiddenError,
    RateLimitedError,
    UnauthenticatedError,
    UnavailableError,
)
from app.core.graphql.ids import encode_id
from app.core.hub.ports import Selection
from app.core.transport.answers import Answer, RequestError, new_request_id, request_error_answer
from app.core.transport.execution import Stream
from app.core.transport.frames import Closing, FrameRate, checked, checked_message, token_of
from app.core.transport.http import Message, Receive, Send
from app.core.transport.origin import headers_of
from app.core.transport.protocol import EXTENSION, ParleyWebSocket
from app.core.transport.request import GraphQLRequest, graphql_request
from app.core.transport.sink import Outbox, SocketSink, text_frame
from app.core.viewer import Viewer

if TYPE_CHECKING:
    from app.core.hub.hub import AnySubscription
    from app.core.transport.server import GraphQLTransport

log = structlog.get_logger(__name__)

SUBPROTOCOL = "graphql-transport-ws"
_REFUSALS = 10  # operations too many that are refused one by one, before the socket is closed
_TWICE = (4429, "Too many initialisation requests")
_WARNING_SECONDS = 60  # before the token ends, so that the client renews


class Operation:
    """An operation under way: a task while it runs or opens, then the hub's subscription. Its id is its key."""

    __slots__ = ("is_mutation", "subscription", "task")

    def __init__(self) -> None:
        self.task: asyncio.Task[None] | None = None
        self.is_mutation = False  # it goes on to its end, whoever still listens
        self.subscription: AnySubscription | None = None


class Connection:
    """One socket. `serve` reads until it closes; everything written goes through the outbox, in order."""

    __slots__ = ("_acknowledged", "_closed", "_context", "_headers", "_is_idle", "_operations", "_outbox", "_rate",
                 "_receive", "_refusals", "_scope", "_send", "_socket", "_timer", "_transport", "client",
                 "viewer")  # fmt: skip

    def __init__(self, transport: GraphQLTransport, scope: Message, receive: Receive, send: Send) -> None:
        self._transport = transport
        self._scope = scope
        self._receive = receive
        self._send = send
        self._headers = headers_of(scope)
        self._operations: dict[str, Operation] = {}
        self._rate = FrameRate(transport.limits.frames_per_second)
        self._refusals = 0
        self._acknowledged = False
        self._closed = False
        self._context = contextvars.copy_context()
        self._is_idle = False  # waits for the next message, and does nothing else
        self._timer: asyncio.TimerHandle | None = None
        self._socket: UUID | None = None
        self._outbox: Outbox
        self.client = transport.origins.client(scope, self._headers)
        self.viewer: Viewer | None = None

    # ── life ──────────────────────────────────────────────────────────────────────────────────────

    async def serve(self) -> None:
        """Runs the connection to its end."""
        await self._receive()  # websocket.connect
        if not self._transport.origins.may_connect(self._headers):
            await self._refuse_handshake(403, ForbiddenError("This origin may not connect."))
            return
        try:
            self._transport.addresses.enter(self.client.ip)
        except RateLimitedError as error:
            await self._refuse_handshake(429, error)
            return
        try:
            await self._talk()
        finally:
            self._transport.addresses.leave(self.client.ip)

    async def _talk(self) -> None:
        protocol: ParleyWebSocket = self._scope["extensions"][EXTENSION]
        spoken = SUBPROTOCOL in self._scope["subprotocols"]
        await self._send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL if spoken else None})
        self._outbox = Outbox(protocol, self._transport.ticks, self._transport.runtime.settings.hub.buffer_bytes)
        self._transport.connections.add(self)
        protocol.on_text = self._take
        try:
            if spoken:
                self._wait(self._transport.limits.init_seconds, self._never_started)
            else:
                self.close(4406, f"Subprotocol not acceptable: speak {SUBPROTOCOL}")
            await self._read()
        except Closing as closing:
            self.close(closing.code, closing.reason)
        except Exception:
            log.exception("websocket failed")
            self.close(4500, "Internal error")
        finally:
            self._forget()

    async def _refuse_handshake(self, status: int, error: ApiError) -> None:
        body = request_error_answer(error, new_request_id()).body
        headers = [(b"content-type", b"application/json; charset=utf-8")]
        if error.retry_after:
            headers.append((b"retry-after", str(error.retry_after).encode()))
        await self._send({"type": "websocket.http.response.start", "status": status, "headers": headers})
        await self._send({"type": "websocket.http.response.body", "body": body})

    async def _read(self) -> None:
        stall = self._transport.runtime.settings.hub.stall_seconds
        while True:
            self._is_idle = True
            message = await self._receive()
            self._is_idle = False
            if message["type"] == "websocket.disconnect":
                return
            if self._closed:  # frames that were under way when we closed
                continue
            self._count()
            if self._outbox.paused and not await self._outbox.drained(stall):
                raise Closing(4508, "Reads too slowly")  # asking without reading the answers
            said = checked_message(message)
            if said["type"] == "connection_init":
                await self._initialise(said.get("payload"))
            else:
                self._handle(said)

    def _take(self, data: bytes) -> bool:
        """A message as it arrives. False: `_read` sees to it, as it has to wait, or to say what is wrong with it."""
        if not self._is_idle or self._closed or not self._acknowledged or self._outbox.paused:
            return False
        try:
            message = orjson.loads(data)
        except orjson.JSONDecodeError:
            return False
        try:
            self._count()
            if checked(message)["type"] == "connection_init":
                raise Closing(*_TWICE)
            self._handle(message)
        except Closing as closing:
            self.close(closing.code, closing.reason)
        except Exception:
            log.exception("websocket failed")
            self.close(4500, "Internal error")
        return True

    def _count(self) -> None:
        if not self._rate.admit(asyncio.get_running_loop().time()):
            raise Closing(4429, "Too many frames")

    def close(self, code: int, reason: str) -> None:
        """Closes the socket after what was written, and frees what it held."""
        if not self._closed:
            self._closed = True
            self._outbox.close(code, reason)
            self._release()

    def _forget(self) -> None:
        self._closed = True
        self._release()
        self._transport.connections.discard(self)

    def _release(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self.viewer is not None:
            self._transport.sessions.remove(self.viewer.session_id, self)
            self._transport.live_devices.remove(self.viewer, self)
            if self._socket is not None:
                self._transport.sockets.remove(self.viewer.device_id, self._socket)
        for operation_id in list(self._operations):
            self._stop(operation_id)

    def _wait(self, seconds: float, then: Any) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(max(seconds, 0), then)

    def _never_started(self) -> None:
        self.close(4408, "Connection initialisation timeout")

    def _say(self, message: dict[str, Any]) -> None:
        if not self._closed:
            self._outbox.add(text_frame(orjson.dumps(message)))

    # ── messages ──────────────────────────────────────────────────────────────────────────────────

    def _handle(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "subscribe":
            self._subscribe(message["id"], message["payload"])
        elif kind == "ping":
            self._pong(message.get("payload"))
        elif kind == "complete":
            self._stop(message["id"])

    def _pong(self, payload: dict[str, Any] | None) -> None:
        try:
            self._say({"type": "pong"} if payload is None else {"type": "pong", "payload": payload})
        except TypeError as error:  # orjson reads deeper than it writes (some 250 levels)
            raise Closing(4400, "The payload is nested too deeply") from error

    async def _initialise(self, payload: dict[str, Any] | None) -> None:
        if self._acknowledged:
            raise Closing(*_TWICE)
        token = token_of(payload, self._headers)
        if token is not None:
            viewer = await self._authenticated(token)
            if self._closed:
                return
            self.viewer = viewer
            self._transport.sessions.add(viewer.session_id, self)
            self._socket = self._transport.sockets.add(viewer.device_id, self)
            self._transport.live_devices.add(viewer, self)
            self._watch_expiry(viewer)
        elif self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._acknowledged = True
        self._say({"type": "connection_ack"} if self.viewer is None else
                  {"type": "connection_ack", "payload": _introduction(self.viewer)})  # fmt: skip

    async def _authenticated(self, token: str) -> Viewer:
        try:
            async with asyncio.timeout(self._transport.limits.init_seconds):
                return await self._transport.authenticate(token)
        except TimeoutError as error:
            raise Closing(4408, "Connection initialisation timeout") from error
        except (UnavailableError, *db.GONE) as error:
            raise Closing(4503, "Try again later") from error
        except ApiError as error:
            raise Closing(4403, f"{error.code}: {error}") from error

    def _subscribe(self, operation_id: str, payload: dict[str, Any]) -> None:
        if not self._acknowledged:
            raise Closing(4401, "Unauthorized: send connection_init first")
        if operation_id in self._operations:
            raise Closing(4409, f"Subscriber for {operation_id} already exists")
        try:
            request = graphql_request(payload)
        except BadRequestError as error:
            raise Closing(4400, str(error)) from error
        most = self._transport.limits.operations_open
        if len(self._operations) >= most:
            self._refuse(operation_id, most, "operations under way")
            return
        operation = self._operations[operation_id] = Operation()
        work = self._run(operation_id, operation, request)
        # In the context of the connection: this may run in that of the loop, which calls when a frame arrives.
        operation.task = asyncio.get_running_loop().create_task(work, context=self._context.copy())

    def _refuse(self, operation_id: str, most: int, what: str) -> None:
        """Refuses one operation too many; who goes on asking is closed."""
        self._refusals += 1
        if self._refusals > _REFUSALS:
            self.close(4429, f"Too many {what}")
            return
        self._fail(operation_id, RateLimitedError(f"A socket may have {most} {what}.", limit=most))

    # ── operations ────────────────────────────────────────────────────────────────────────────────

    async def _run(self, operation_id: str, operation: Operation, request: GraphQLRequest) -> None:
        transport, request_id = self._transport, new_request_id()
        try:
            asked = await transport.operation(request, self.viewer, self.client)
            context = transport.context(self.viewer, self.client, connection=self)
            if asked.is_subscription:
                stream, selection = await transport.execution.stream(asked, request, context)
                self._open(operation_id, operation, stream, selection)
                return
            if asked.kind is OperationType.MUTATION:
                operation.is_mutation = True
                late = partial(self._end_late, operation_id, operation)
                answer = await transport.execution.answer(asked, request, context, request_id, late=late)
            else:
                answer = await transport.execution.answer(asked, request, context, request_id)
        except (RequestError, ApiError) as error:
            answer = request_error_answer(error, request_id)
        except Exception as error:
            answer = request_error_answer(RequestError([error]), request_id)  # type: ignore[list-item]
        self._finish(operation_id, operation, answer)

    def _open(self, operation_id: str, operation: Operation, stream: Stream, selection: Selection) -> None:
        if self._operations.get(operation_id) is not operation or self._closed:
            return
        most = self._transport.limits.subscriptions
        if sum(other.subscription is not None for other in self._operations.values()) >= most:
            del self._operations[operation_id]
            self._refuse(operation_id, most, "subscriptions")
            return
        operation.task = None
        sink = SocketSink(self, self._outbox, operation_id)
        operation.subscription = self._transport.runtime.hub.open(stream, selection, sink)
        self._transport.subscriptions += 1

    def _finish(self, operation_id: str, operation: Operation, answer: Answer) -> None:
        if self._operations.get(operation_id) is not operation or self._closed:
            return  # completed by the client meanwhile, or the socket is gone
        del self._operations[operation_id]
        name = orjson.dumps(operation_id)
        if answer.code is not None:
            errors = orjson.Fragment(orjson.dumps(orjson.loads(answer.body)["errors"]))
            self._say({"id": operation_id, "type": "error", "payload": errors})
            return
        self._outbox.add(text_frame(b'{"id":%b,"type":"next","payload":%b}' % (name, answer.body)))
        self._outbox.add(text_frame(b'{"id":%b,"type":"complete"}' % name))

    def _end_late(self, operation_id: str, operation: Operation, error: ApiError) -> None:
        self._finish(operation_id, operation, request_error_answer(error, new_request_id()))

    def end_operation(self, operation_id: str, error: ApiError) -> None:
        """The hub ended a subscription: tells why and forgets it."""
        operation = self._operations.pop(operation_id, None)
        if operation is not None and operation.subscription is not None:
            self._transport.subscriptions -= 1
        self._fail(operation_id, error)

    def _fail(self, operation_id: str, error: ApiError) -> None:
        answer = request_error_answer(error, new_request_id())
        self._say({"id": operation_id, "type": "error", "payload": orjson.loads(answer.body)["errors"]})

    def _stop(self, operation_id: str) -> None:
        """The client is done with an operation: queries are cancelled, mutations go on unheard, streams end."""
        operation = self._operations.pop(operation_id, None)
        if operation is None:
            return
        if operation.task is not None and not operation.is_mutation:
            operation.task.cancel()
        if operation.subscription is not None:
            self._transport.runtime.hub.close(operation.subscription)
            self._transport.subscriptions -= 1

    # ── the token's end ───────────────────────────────────────────────────────────────────────────

    def renew(self, viewer: Viewer) -> None:
        """renewConnection: goes on with a newer token of the same session. Raises UNAUTHENTICATED for another one."""
        if self.viewer is None or viewer.session_id != self.viewer.session_id:
            raise UnauthenticatedError("This socket belongs to another session: open a new one.")
        self.viewer = viewer
        self._watch_expiry(viewer)

    def session_ended(self) -> None:
        """The session was revoked or logged out."""
        self.close(4401, "Session ended")

    def _watch_expiry(self, viewer: Viewer) -> None:
        left = (viewer.expires_at - clock.now()).total_seconds()
        self._wait(left - _WARNING_SECONDS, self._warn)

    def _warn(self) -> None:
        assert self.viewer is not None
        self._say({"type": "ping", "payload": {"expiresAt": _instant(self.viewer)}})
        left = (self.viewer.expires_at - clock.now()).total_seconds()
        self._wait(left + self._transport.runtime.settings.accounts.expiry_grace_seconds, self._expire)

    def _expire(self) -> None:
        self.close(4401, "Access token expired")


def _introduction(viewer: Viewer) -> dict[str, str]:
    """What connection_ack tells the client about itself."""
    return {
        "userId": encode_id("usr", viewer.user_id),
        "sessionId": encode_id("ses", viewer.session_id),
        "deviceId": encode_id("dev", viewer.device_id),
        "expiresAt": _instant(viewer),
    }


def _instant(viewer: Viewer) -> str:
    return viewer.expires_at.isoformat().replace("+00:00", "Z")
