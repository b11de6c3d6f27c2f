"""What tests stand on: real servers, both engines, a running Parley in this process, and people who sign up in it.

`engine` is a session parameter ("sqlite": SQLite and the in-process bus; "postgres": PostgreSQL and Valkey), so every
test that reaches a database runs on both. Tests share one database of an engine: they make their own people and
conversations instead of cleaning up after each other.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvloop

from app.core import db
from app.core.migrate import migrate
from app.core.runtime import Runtime, enter
from app.settings import Settings
from app.worker import Worker
from tests import servers
from tests.client import Person, sign_up
from tests.running import Server, running, serving, settings_for

_KEPT = ("PARLEY_CI", "PARLEY_EXECUTOR", "PARLEY_SIM_SEEDS")
for name in list(os.environ):  # the developer's own settings are not the tests'
    if (name.startswith("PARLEY_") and name not in _KEPT) or name in ("DATABASE_URL", "REDIS_URL"):
        del os.environ[name]


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The loop of production: its transports behave unlike asyncio's when a peer is gone."""
    return {"uvloop": uvloop.new_event_loop}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With `--dist loadgroup` one worker takes all tests on SQLite, another those on PostgreSQL: servers start once and
    no worker goes back and forth between engines. The others take the rest one by one, first the faults, which mostly
    wait: nobody is left with a long one at the end."""
    items.sort(key=lambda item: item.path.parent.name != "faults")
    for item in items:
        params = getattr(getattr(item, "callspec", None), "params", {})
        if "engine" in params:
            item.add_marker(pytest.mark.xdist_group(params["engine"]))


def pytest_collection_finish() -> None:
    """As `serve` does: what is here now stays, and no collection walks it again."""
    gc.collect()
    gc.freeze()


@dataclass(frozen=True)
class Engine:
    """One of the two ways to run: its name, its database, its Redis ("" for the in-process bus)."""

    name: str
    url: str
    redis_url: str
    clone: Callable[[], str]
    """Makes a pristine, migrated database; returns its URL."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[servers.Postgres]:
    with servers.postgres() as server:
        yield server


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[servers.Valkey]:
    with servers.valkey() as server:
        yield server


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The database and bus under the tests of this pass."""
    if request.param == "sqlite":
        return _sqlite(tmp_path_factory.mktemp("sqlite"))
    postgres = request.getfixturevalue("postgres_server")
    valkey = request.getfixturevalue("valkey_server")
    asyncio.run(migrate(postgres.create_database(name="parley_template")))

    def clone() -> str:
        return postgres.create_database(template="parley_template")

    return Engine("postgres", clone(), valkey.url, clone)


def _sqlite(folder: Path) -> Engine:
    numbers = itertools.count(1)
    asyncio.run(migrate(f"sqlite:///{folder}/template.sqlite3"))

    def clone() -> str:
        return f"sqlite:///{shutil.copy(folder / 'template.sqlite3', folder / f'{next(numbers)}.sqlite3')}"

    return Engine("sqlite", clone(), "", clone)


@pytest.fixture(scope="session")
async def database(engine: Engine) -> AsyncIterator[Engine]:
    """The engine's database, opened for this process."""
    await db.open_database(engine.url, pool_size=20)
    yield engine
    await db.close_database()


@pytest.fixture(scope="session")
def settings(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of the shared server: fast passwords, generous rate limits."""
    return settings_for(engine.url, engine.redis_url, data_dir=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
async def runtime(database: Engine, settings: Settings) -> AsyncIterator[Runtime]:
    """Bus, follower, hub and the domains' parts on the open database, without HTTP; entered, for tests of services."""
    async with running(settings) as runtime:
        enter(runtime)
        yield runtime


@pytest.fixture(scope="session")
async def server(runtime: Runtime) -> AsyncIterator[Server]:
    """A Parley on a free port of this process: `.url`, `.ws_url`, `.runtime`."""
    async with serving(runtime) as server:
        yield server


@pytest.fixture
async def worker(runtime: Runtime) -> Worker:
    """A worker in this process, not started, and all jobs that others left are done: `drain()` does what comes now."""
    enter(runtime)
    worker = Worker(runtime)
    await worker.drain()
    return worker


@pytest.fixture
async def person(server: Server) -> AsyncIterator[Callable[..., Awaitable[Person]]]:
    """`await person("carol")` signs a new person up; names get a unique tail. Closed with the test."""
    await server.runtime.follower.read_log()  # what tests of services wrote, and told no server, is a hole to it
    async with AsyncExitStack() as stack:

        async def make(name: str, **options: object) -> Person:
            return await stack.enter_async_context(sign_up(server, name, **options))

        yield make


@pytest.fixture
async def alice(person: Callable[..., Awaitable[Person]]) -> Person:
    return await person("alice")


@pytest.fixture
async def bob(person: Callable[..., Awaitable[Person]]) -> Person:
    return await person("bob")


@pytest.fixture
async def carol(person: Callable[..., Awaitable[Person]]) -> Person:
    return await person("carol")
