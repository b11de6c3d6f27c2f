"""The bus between processes: signed, batched, best effort, and back by itself after Redis was away."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from redis import asyncio as aioredis

from app.core.bus import Announcement, Bus
from app.core.bus_redis import RedisBackend
from app.core.clock import new_id, now, random_tag
from app.core.log import Event, partition_of
from tests import servers

SECRET = "a-secret-of-tests-that-is-long-enough"


@dataclass
class Ears:
    """What one process hears."""

    bus: Bus
    events: list[Event] = field(default_factory=list)
    announcements: list[Announcement] = field(default_factory=list)
    gaps: int = 0
    batches: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, events) -> None:
        self.batches += 1
        self.events += events
        self._changed.set()

    def announced(self, announcement: Announcement) -> None:
        self.announcements.append(announcement)
        self._changed.set()

    def gap(self) -> None:
        self.gaps += 1
        self._changed.set()

    async def until(self, condition) -> None:
        async with asyncio.timeout(20):
            while not condition(self):
                self._changed.clear()
                await self._changed.wait()


@asynccontextmanager
async def ears(url: str, *, secret: str = SECRET, prefix: str):
    bus = Bus(url, secret, prefix=prefix)
    mine = Ears(bus)
    await bus.start(on_events=mine.hear, on_announcement=mine.announced, on_gap=mine.gap)
    try:
        yield mine
    finally:
        await bus.stop()


@pytest.fixture
def prefix() -> str:
    return f"test:{uuid4().hex}"


@pytest.fixture(scope="module")
def own_valkey():
    """One to kill and freeze."""
    with servers.valkey() as server:
        yield server


def event(n: int, stream: UUID | None = None) -> Event:
    stream = stream or uuid4()
    carried = {"message": {"id": new_id(), "text": "häh", "at": now(), "none": None}, "where": None}
    return Event(
        partition_of(stream), n, random_tag(), random_tag(), stream, "SAID", {"n": n}, frozenset([uuid4()]),
        frozenset(), frozenset([uuid4()]), now(), carried,
    )  # fmt: skip


async def test_events_of_one_tick_travel_whole_and_as_one_message(valkey_server, prefix):
    stream = uuid4()
    sent = [event(n, stream) for n in range(20)]
    async with ears(valkey_server.url, prefix=prefix) as one, ears(valkey_server.url, prefix=prefix) as other:
        one.bus.publish(sent[:10])
        one.bus.publish(sent[10:])
        await other.until(lambda e: len(e.events) == 20)

    assert other.events == sent
    assert (other.batches, one.bus.published) == (1, 1)
    assert one.events == []  # a process does not hear itself


async def test_announcements(valkey_server, prefix):
    said = Announcement("TYPING", uuid4(), "alice", {"activity": "TYPING"}, frozenset([uuid4()]))
    async with ears(valkey_server.url, prefix=prefix) as one, ears(valkey_server.url, prefix=prefix) as other:
        one.bus.announce(said)
        await other.until(lambda e: e.announcements)

    assert other.announcements == [said]


async def test_what_is_not_signed_is_ignored(valkey_server, prefix):
    stream = uuid4()
    channel = f"{prefix}:events"
    stranger = aioredis.Redis.from_url(valkey_server.url)
    async with (
        ears(valkey_server.url, prefix=prefix) as one,
        ears(valkey_server.url, secret="another secret", prefix=prefix) as forger,
        ears(valkey_server.url, prefix=prefix) as other,
    ):
        forger.bus.publish([event(1, stream)])
        for text in ("", "x", "x" * 200, "\udcff".encode("utf-8", "surrogatepass")):
            await stranger.publish(channel, text)
        # A message of ours, moved to another channel.
        moved = one.bus._codec.encode(f"{prefix}:99", [])
        await stranger.publish(channel, moved)
        while other.bus.forged < 6:
            await asyncio.sleep(0.01)
        one.bus.publish([event(2, stream)])
        await other.until(lambda e: e.events)

    await stranger.aclose()
    assert [e.position for e in other.events] == [2]


async def test_silence_is_broken_by_pings(valkey_server, prefix):
    async with ears(valkey_server.url, prefix=prefix) as one:
        one.bus._redis._idle = 0.02
        one.bus._redis._in.cut()  # the wait that began with the usual patience
        await one.until(lambda e: e.gaps)
        link = one.bus._redis._in
        heard = link.chunks
        while link.chunks < heard + 5:
            await asyncio.sleep(0.001)

        assert one.bus._redis._in is link
        assert (one.gaps, one.bus.healthy) == (1, True)


async def test_silence_in_front_of_redis_is_broken_too(valkey_server, prefix):
    """A network that forgets a silent connection, or Redis' own `timeout`, would cost the first event after it."""
    async with ears(valkey_server.url, prefix=prefix) as one:
        redis = one.bus._redis
        redis._idle = 0.02
        redis._in.cut()
        await one.until(lambda e: e.gaps)
        link = redis._out
        async with asyncio.timeout(5):
            while link.chunks < 5:
                await asyncio.sleep(0.001)

        assert redis._out is link
        assert (one.gaps, one.bus.healthy, one.bus.failed) == (1, True, 0)


async def test_who_subscribes_before_another_channel_is_confirmed_hears(valkey_server, prefix):
    backend = RedisBackend(valkey_server.url, lambda _: False)
    await backend.connect()
    try:
        await asyncio.gather(backend.subscribe(f"{prefix}:a"), backend.subscribe(f"{prefix}:b"))
        assert backend.healthy
        for name in "ab":
            backend.send(f"{prefix}:{name}", b"heard")
            async with asyncio.timeout(5):
                heard = await backend.next_published()
            assert (heard.channel, heard.message) == (f"{prefix}:{name}", b"heard")
    finally:
        await backend.disconnect()


async def test_password_and_tls(own_valkey, prefix, tmp_path):
    """Of any size, in pieces; frames of TLS are no messages."""
    admin = aioredis.Redis.from_url(own_valkey.url)
    await admin.execute_command("ACL", "SETUSER", "bus", "on", ">good", "+@all", "~*", "&*")
    port = own_valkey.url.rsplit(":", 1)[1].split("/")[0]
    large = replace(event(1), payload={"text": "x" * 3_000_000})
    async with tls_before(int(port), tmp_path) as tls_port:
        url = f"rediss://bus:good@localhost:{tls_port}/3?ssl_ca_certs={tmp_path}/cert.pem"
        async with ears(url, prefix=prefix) as one, ears(url, prefix=prefix) as other:
            assert one.bus.healthy
            assert other.bus.healthy
            one.bus.publish([large])
            await other.until(lambda e: e.events)
            assert other.events == [large]
            one.bus._redis._in.cut()
            await one.until(lambda e: e.gaps)
            other.bus.publish([event(2)])
            await one.until(lambda e: e.events)
    await admin.aclose()


@asynccontextmanager
async def tls_before(port: int, folder):
    """A port that speaks TLS in front of another; its certificate is folder/cert.pem."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    at = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    cert = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), at, at + timedelta(1))
        .add_extension(names, False)
        .add_extension(x509.BasicConstraints(True, None), True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")

    async def pipe(reader, writer) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def serve(reader, writer) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pipe(reader, back), pipe(there, writer))

    server = await asyncio.start_server(serve, "localhost", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def test_a_publication_that_redis_refuses(valkey_server, prefix):
    async with ears(valkey_server.url, prefix=prefix) as one:
        one.bus._redis._out.send("PUBLISH", "too", "many", "arguments")
        one.bus._redis._sent.append(time.monotonic())
        while one.bus.healthy:
            await asyncio.sleep(0.001)
        assert one.bus.failed == 1
        one.bus.publish([event(1)])
        while not one.bus.healthy:
            await asyncio.sleep(0.001)


async def test_it_comes_back_after_a_kill_and_says_gap(own_valkey, prefix):
    stream = uuid4()
    async with ears(own_valkey.url, prefix=prefix) as one, ears(own_valkey.url, prefix=prefix) as other:
        assert one.bus.healthy
        own_valkey.kill()
        one.bus.publish([event(1, stream)])
        while one.bus.healthy or other.bus.healthy:
            await asyncio.sleep(0.01)
        own_valkey.start()
        await other.until(lambda e: e.gaps)
        await one.until(lambda e: e.gaps)
        one.bus.publish([event(2, stream)])
        await other.until(lambda e: e.events)
        while not one.bus.healthy:
            await asyncio.sleep(0.01)

    assert [e.position for e in other.events] == [2]


async def test_a_frozen_redis_blocks_nobody(own_valkey, prefix):
    async with ears(own_valkey.url, prefix=prefix) as one:
        own_valkey.pause()
        try:
            begun = time.perf_counter()
            for n in range(100):
                one.bus.publish([event(n)])
            assert time.perf_counter() - begun < 0.1
            while one.bus.healthy:
                await asyncio.sleep(0.01)
            assert time.perf_counter() - begun < 3
        finally:
            own_valkey.resume()
        while not one.bus.healthy:
            one.bus.publish([event(1)])
            await asyncio.sleep(0.05)


async def test_a_process_starts_while_redis_is_away(prefix):
    with servers.valkey() as valkey:
        valkey.kill()
        bus = Bus(valkey.url, SECRET, prefix=prefix)
        mine = Ears(bus)
        bus._redis._idle = 0.2
        await bus.start(on_events=mine.hear, on_announcement=mine.announced, on_gap=mine.gap)
        assert not bus.healthy

        valkey.start()
        await mine.until(lambda e: e.gaps)
        async with ears(valkey.url, prefix=prefix) as other:
            other.bus.publish([event(7)])
            await mine.until(lambda e: e.events)
        await bus.stop()


async def test_rows_travel_when_somebody_hears(valkey_server, prefix):
    stream = uuid4()
    async with ears(valkey_server.url, prefix=prefix) as one:
        one.bus.publish([event(1, stream)])
        while one.bus._redis.heard_by > 1:
            await asyncio.sleep(0.01)
        async with ears(valkey_server.url, prefix=prefix) as other:
            one.bus.publish([event(2, stream)])
            await other.until(lambda e: e.events)
            while one.bus._redis.heard_by < 2:
                await asyncio.sleep(0.01)
            one.bus.publish([event(3, stream)])
            await other.until(lambda e: len(e.events) == 2)

    assert [e.carried is None for e in other.events] == [True, False]


async def test_in_process(prefix):
    async with ears("", prefix=prefix) as one:
        one.bus.publish([event(1)])
        one.bus.announce(Announcement("TYPING", uuid4(), "alice"))
        await asyncio.sleep(0)

        assert one.bus.healthy
        assert (one.bus.published, one.events, one.announcements) == (0, [], [])
