"""The command line: serve, worker, migrate, schema, demo, check."""

from __future__ import annotations

import asyncio
import difflib
import multiprocessing
import signal
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Annotated, Any

import typer
import uvloop
from pydantic import ValidationError
from pydantic_settings import SettingsError

from app import __version__
from app.core.errors import StartError
from app.settings import Settings, environment_name

app = typer.Typer(
    name="parley",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help=(
        "Parley, a self-hosted messaging server with one GraphQL API.\n\n"
        "Without any settings it runs embedded: one process, SQLite and secrets below ./var, codes printed on the"
        " console. DATABASE_URL (PostgreSQL) and REDIS_URL move it to a cluster of `serve` and `worker` processes."
        " Every setting is in .env.example; they are read from the environment and from ./.env."
    ),
)


def main() -> None:
    """The `parley` command."""
    try:
        app()
    except StartError as error:
        for line in str(error).splitlines():
            typer.secho(f"✗ {line}", fg="red", err=True)
        raise SystemExit(1) from None


def _settings(**changes: Any) -> Settings:
    try:
        return Settings(**{name: value for name, value in changes.items() if value is not None})
    except ValidationError as error:
        lines = [f"{environment_name(e['loc'])}: {e['msg']}" for e in error.errors()]
        raise StartError("\n".join(lines)) from None
    except SettingsError as error:  # a list or mapping that is no JSON
        raise StartError(f"{error}: it must be JSON.") from None


def _ready(settings: Settings) -> Settings:
    """Checked, with a secret, and with logging as it says."""
    from app.core.embedded import with_secret
    from app.core.telemetry import configure_logging
    from app.settings_check import require_safe, warnings

    for line in warnings():
        typer.secho(f"! {line}", fg="yellow", err=True)
    require_safe(settings)
    configure_logging(settings)
    return with_secret(settings)


def _run(work: Coroutine[Any, Any, None]) -> None:
    uvloop.run(work)


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.", is_eager=True)] = False,
) -> None:
    if version:
        typer.echo(f"parley {__version__}")
        raise typer.Exit


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; 0.0.0.0 for all. [PARLEY_HOST]")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on. [PARLEY_PORT]")] = None,
) -> None:
    """Serve GraphQL over HTTP and WebSocket at /graphql.

    With SQLite (the default) it makes ./var, applies migrations and runs the worker inside; a second server on the
    same file is refused. With PostgreSQL run `parley migrate` before, and `parley worker` beside.
    SIGTERM drains: /readyz says no, sockets are closed over 5 seconds to resume elsewhere, requests get 15 seconds.
    """
    from app.serve import serve as run

    settings = _ready(_settings(host=host, port=port))

    def started() -> None:
        base = f"http://{_shown_host(settings)}:{settings.port}"
        typer.echo(f"\n  Parley {__version__} is ready.\n\n  GraphQL    {base}/graphql")
        if settings.shows_graphiql:
            typer.echo(f"  GraphiQL   {base}/graphiql/   ← open this in a browser")
        if settings.is_sqlite:
            typer.echo(f"  Data       {settings.data_dir.resolve()} (embedded: this one process)")
        if settings.prints_codes:
            typer.echo("  Codes      are printed here")
        typer.echo("\n  Ctrl+C ends it.\n")

    _run(run(settings, started=started))


def _shown_host(settings: Settings) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


@app.command()
def worker(
    once: Annotated[
        bool, typer.Option("--once", help="Run every schedule and all that is due, print what was done, and leave.")
    ] = False,
) -> None:
    """Do the work beside requests: mails and SMS, what people asked for in the background, sweeps and trimming.

    Several workers may run beside each other; one that dies loses nothing. With SQLite it runs inside `parley serve`.
    With PARLEY_WORKER_PORT it answers /healthz, /readyz and /metrics there.
    """
    settings = _ready(_settings())
    if settings.is_sqlite and not once:
        raise StartError("With SQLite the worker runs inside `parley serve` (PARLEY_EMBEDDED_WORKER). Or use --once.")
    _run(_work(settings, once=once))


async def _work(settings: Settings, *, once: bool) -> None:
    from app.core.jobs import KINDS
    from app.core.opening import opened_database
    from app.main import running
    from app.serve import monitored
    from app.worker import Worker, working

    async with opened_database(settings.database_url, pool_size=settings.database_pool), running(settings) as runtime:
        if once:
            for name, count in sorted((await Worker(runtime).run_once()).items()):
                typer.echo(f"  {name}: {count}")
            return
        for kind in sorted(KINDS.values(), key=lambda k: (k.every is None, k.name)):
            typer.echo(f"  {kind.name:<28} {f'every {kind.every:.0f} s' if kind.every else 'when asked for'}")
        ended = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
        async with monitored(runtime), working(runtime):
            many = f"{settings.jobs.concurrency} jobs at once"
            typer.echo(f"  Working on {'SQLite' if settings.is_sqlite else 'PostgreSQL'}, {many}.")
            await ended.wait()


@app.command()
def migrate(
    after_restore: Annotated[
        bool,
        typer.Option(
            "--after-restore",
            help="After restoring a backup: also makes every cursor clients hold worthless, so that they start again"
            " instead of missing what the backup does not know.",
        ),
    ] = False,
) -> None:
    """Bring the database to this release. Safe to run from many processes: one works, the others wait."""
    settings = _settings()
    _run(_migrate(settings, after_restore=after_restore))


async def _migrate(settings: Settings, *, after_restore: bool) -> None:
    from app.core import db
    from app.core.log_store import SqlLogStore
    from app.core.migrate import migrate as apply
    from app.core.opening import REFUSED, explain

    def progress(done: int, total: int, version: str) -> None:
        if version:
            typer.echo(f"  {done + 1}/{total}  {version}")

    try:
        applied = await apply(settings.database_url, progress=progress)
    except REFUSED as error:
        raise explain(settings.database_url, error) from error
    typer.echo(f"  {len(applied)} applied." if applied else "  Nothing to do: the database is at this release.")
    if after_restore:
        await db.open_database(settings.database_url, pool_size=2)
        store = SqlLogStore()
        await store.open()
        await store.renew_epoch(None)
        await store.close()
        await db.close_database()
        typer.echo("  The epoch is renewed: clients start again with their next subscription.")


@app.command(name="make-migration", hidden=True)
def make_migration(name: Annotated[str, typer.Argument(help="What changes, in a word or two: message_pins.")]) -> None:
    """For developers: write the next migration of both engines from the models, to be reviewed and finished by hand.

    aerich writes PostgreSQL's. It can't alter tables on SQLite: there you get a copy to rewrite.
    """
    from app.core.new_migration import write

    for dialect in ("postgres", "sqlite"):
        typer.echo(f"  {_run_apart(write, dialect, name)}")


def _run_apart(work: Callable[..., str], *args: str) -> str:
    """In a process of its own: aerich keeps its state in classes."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(work, *args).result()


@app.command()
def schema(
    out: Annotated[Path | None, typer.Option(help="Write it to this file instead of printing it.")] = None,
    check: Annotated[
        Path | None, typer.Option(help="Compare with this file; status 1 and the difference when it is another.")
    ] = None,
) -> None:
    """Print the GraphQL schema (SDL), for code generators."""
    from app.schema import sdl

    text = sdl()
    if check is not None:
        known = check.read_text() if check.exists() else ""
        if known != text:
            changes = difflib.unified_diff(known.splitlines(True), text.splitlines(True), str(check), "this code")
            sys.stdout.writelines(changes)
            raise StartError(f"{check} is not the schema of this code: run `parley schema --out {check}`.")
        typer.echo(f"  {check} is up to date.")
    elif out is not None:
        out.write_text(text)
        typer.echo(f"  {len(text.splitlines())} lines in {out}.")
    else:
        sys.stdout.write(text)


@app.command()
def demo(
    people: Annotated[int, typer.Option(min=3, max=1000, help="How many people.")] = 26,
    groups: Annotated[int, typer.Option(min=1, max=1000, help="How many groups.")] = 12,
    messages: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many messages.")] = 3000,
    seed: Annotated[int, typer.Option(help="Of the dice: the same seed makes the same conversations.")] = 1,
) -> None:
    """Fill the database with people, groups and messages, for looking around; prints who can sign in.

    It adds to what is there, through the services that clients reach. With SQLite end `parley serve` first.
    """
    settings = _ready(_settings())
    if settings.is_production:
        raise StartError("This is production: demo people with a known password don't belong there.")
    _run(_demo(settings, people=people, groups=groups, messages=messages, seed=seed))


async def _demo(settings: Settings, *, people: int, groups: int, messages: int, seed: int) -> None:
    from app.demo import PASSWORD, fill
    from app.main import serving

    quiet = settings.model_copy(update={"embedded_worker": False})
    async with serving(quiet) as runtime:
        with typer.progressbar(length=people + groups + messages, label="  Filling") as bar:
            filled = await fill(
                runtime, people=people, groups=groups, messages=messages, seed=seed, progress=lambda n: bar.update(n)
            )
    typer.echo(f"\n  {len(filled.people)} people, {filled.groups} groups, {filled.direct} direct chats,", nl=False)
    typer.echo(f" {filled.messages} messages.\n\n  Sign in with the password “{PASSWORD}” as one of")
    for person in filled.people[:6]:
        typer.echo(f"    {person.username:<20} {person.name}")
    typer.echo()


@app.command()
def check() -> None:
    """Verify settings, database, migrations and Redis; says what is wrong and what to do. Status 1 if anything is."""
    _run(_check(_settings()))


async def _check(settings: Settings) -> None:
    from app.check import findings

    bad = 0
    async for finding in findings(settings):
        bad += not finding.is_well
        mark = typer.style("✓", fg="green") if finding.is_well else typer.style("✗", fg="red")
        typer.echo(f"  {mark} {finding.what:<10} {finding.detail}")
        if finding.advice and not finding.is_well:
            typer.echo(f"               {finding.advice}")
    if bad:
        raise typer.Exit(1)
