"""The baseline: a bare uvicorn application that forwards a fixed text to everybody who listens.

`python -m tests.bench.bare PORT TEXT_BYTES`. /listen answers the first text with a text and joins the
audience; each text to /send is a number n: the fixed text goes out to the audience n times. Each text to /store is
written to the database of BARE_DATABASE (a commit), then answered, and the fixed text goes out to the audience. A POST
is read, and answered with the fixed text.
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


async def store(said: str) -> None:
    """One bare commit."""
    global database
    if database is None:
        database = await asyncpg.connect(os.environ["BARE_DATABASE"])
        await database.execute("CREATE TABLE bare_text (id bigserial PRIMARY KEY, said text NOT NULL)")
    await database.execute("INSERT INTO bare_text (said) VALUES ($1)", said)


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
