"""A headless Chromium driven over the DevTools protocol: just enough for one page and its network."""

import asyncio
import contextlib
import json
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import websockets

from tests.tools import require_tool

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
START_TIMEOUT = 30
CALL_TIMEOUT = 30
# No proxy, no updates, no name but the loopback's: what the page asks of others cannot be answered.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    "--window-size=1280,800",
    "--remote-debugging-port=0",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)

# Resolves when the expression turns true. Polled: not all that is waited for shows in the document.
WAIT = """new Promise((resolve, reject) => {
  const holds = () => { try { return Boolean(%(expression)s); } catch { return false; } };
  const end = Date.now() + %(seconds)s * 1000;
  const look = () => {
    if (holds()) resolve(true);
    else if (Date.now() > end) reject(new Error("not within %(seconds)s s; the page: " + document.body.innerText));
    else setTimeout(look, 50);
  };
  look();
})"""


class Page:
    """One tab: runs JavaScript in it and notes every address it asked for and every error it logged."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.requested: list[str] = []
        self.errors: list[str] = []
        self._socket = socket
        self._session: str | None = None
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._events: dict[str, asyncio.Event] = {}

    async def attach(self) -> None:
        target = await self.call("Target.createTarget", url="about:blank")
        attached = await self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            await self.call(f"{domain}.enable")

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        number = len(self._answers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        message = {"id": number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        await self._socket.send(json.dumps(message))
        reply = await asyncio.wait_for(answer, CALL_TIMEOUT)
        assert "error" not in reply, f"{method}: {reply['error']}"
        return reply["result"]

    async def read(self) -> None:
        async for text in self._socket:
            message = json.loads(text)
            if "id" in message:
                self._answers[message["id"]].set_result(message)
            else:
                self._note(message["method"], message["params"])

    def _note(self, method: str, params: dict[str, Any]) -> None:
        match method:
            case "Network.requestWillBeSent":
                self.requested.append(params["request"]["url"])
            case "Network.webSocketCreated":
                self.requested.append(params["url"])
            case "Log.entryAdded" if params["entry"]["level"] == "error":
                self.errors.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")
            case "Runtime.exceptionThrown":
                details = params["exceptionDetails"]
                self.errors.append(details.get("exception", details).get("description", details["text"]))
            case "Page.loadEventFired":
                self._events.setdefault(method, asyncio.Event()).set()

    async def open(self, url: str) -> None:
        loaded = self._events["Page.loadEventFired"] = asyncio.Event()
        await self.call("Page.navigate", url=url)
        await asyncio.wait_for(loaded.wait(), CALL_TIMEOUT)

    async def run(self, expression: str) -> Any:
        result = await self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in result, f"{expression}: {result['exceptionDetails']}"
        return result["result"].get("value")

    async def wait(self, expression: str, seconds: int = 15) -> None:
        await self.run(WAIT % {"expression": expression, "seconds": seconds})


def chromium() -> str:
    return require_tool(*NAMES, why="GraphiQL is proved in a browser")


async def _debugger_url(profile: Path) -> str:
    port_file = profile / "DevToolsActivePort"
    async with asyncio.timeout(START_TIMEOUT):
        while not (port_file.exists() and len(lines := port_file.read_text().split()) == 2):
            await asyncio.sleep(0.05)  # Chromium tells nobody when it has written the file
    return f"ws://127.0.0.1:{lines[0]}{lines[1]}"


@contextlib.asynccontextmanager
async def open_page() -> AsyncIterator[Page]:
    with tempfile.TemporaryDirectory(prefix="parley-chromium-", ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            chromium(), *FLAGS, f"--user-data-dir={profile}", "about:blank",
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            async with websockets.connect(await _debugger_url(Path(profile)), max_size=None) as socket:
                page = Page(socket)
                reader = asyncio.create_task(page.read())
                try:
                    await page.attach()
                    yield page
                finally:
                    reader.cancel()
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
