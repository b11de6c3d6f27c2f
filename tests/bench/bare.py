"""The baseline: a bare uvicorn application that forwards a fixed text to everybody who listens.

`python -m tests.bench.bare PORT TEXT_BYTES`. /listen answers the first text with a text and joins the
audience; each text to /send is a number n: the fixed text goes out to the audience n times. Each text to /store is
written to the database of BARE_DATABASE (a commit), then answered, and the fixed text goes out to the audience. Each
text to /missed is a number n and conversations: n of their events are read with messages and senders in one statement,
and answered with the fixed text each. A POST is read, and answered with the fixed text.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import uvicorn

audience: dict[object, Callable[[Any], Awaitable[None]]] = {}
text = ""


database: asyncpg.Connection | None = None
tables: set[str] = set()


MISSED = """SELECT e.partition, e.position, e.tag, e.stream_id, e.kind, e.created_at, m.id, m.seq, m.text, m.created_at,
    u.id, u.display_name FROM event e JOIN message m ON m.id = (e.payload->>'messageId')::uuid
  JOIN user_account u ON u.id = m.sender_id WHERE e.stream_id = ANY($1::uuid[]) AND e.kind = 'MESSAGE_RECEIVED'
  ORDER BY e.created_at LIMIT $2"""


async def opened() -> asyncpg.Connection:
    global database
    if database is None:
        database = await asyncpg.connect(os.environ["BARE_DATABASE"])
    return database


async def store(said: str) -> None:
    """One bare commit."""
    connection = await opened()
    if not tables:
        await connection.execute("CREATE TABLE bare_text (id bigserial PRIMARY KEY, said text NOT NULL)")
        tables.add("bare_text")
    await connection.execute("INSERT INTO bare_text (said) VALUES ($1)", said)


async def read_missed(asked: str) -> int:
    """Reads the events that were asked for. Returns how many they are."""
    wanted, ids = asked.split()
    return len(await (await opened()).fetch(MISSED, ids.split(","), int(wanted)))


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        while (await receive()).get("more_body"):
            pass
        body = text.encode() if scope["method"] == "POST" else b"ok"
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        return
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept", "subprotocol": "graphql-transport-ws"})
    me = object()
    try:
        while (message := await receive())["type"] == "websocket.receive":
            if scope["path"] == "/listen":
                audience[me] = send
                await send({"type": "websocket.send", "text": "ready"})
                continue
            if scope["path"] == "/missed":
                for _ in range(await read_missed(message["text"])):
                    await send({"type": "websocket.send", "text": text})
                continue
            if scope["path"] == "/store":
                await store(message["text"])
                await send({"type": "websocket.send", "text": "stored"})
                message["text"] = "1"
            for _ in range(int(message["text"])):
                for out in list(audience.values()):
                    await out({"type": "websocket.send", "text": text})
    finally:
        audience.pop(me, None)


if __name__ == "__main__":
    text = '"' + "x" * (int(sys.argv[2]) - 2) + '"'
    uvicorn.run(
        app, host="127.0.0.1", port=int(sys.argv[1]), loop="uvloop", ws="websockets-sansio", lifespan="off",
        ws_per_message_deflate=False, log_level="warning", access_log=False, timeout_keep_alive=60,
    )  # fmt: skip
