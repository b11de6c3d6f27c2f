"""The baseline: a bare uvicorn application that forwards a fixed text to everybody who listens.

`python -m tests.bench.bare PORT TEXT_BYTES`. /listen answers the first text with a text and joins the
audience; each text to /send is a number n: the fixed text goes out to the audience n times. A POST is
read, and answered with the fixed text.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn

audience: dict[object, Callable[[Any], Awaitable[None]]] = {}
text = ""


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
