"""For developers: the next migration file of an engine, drafted by aerich from what changed in the models."""

from __future__ import annotations

import asyncio
from pathlib import Path

from aerich import Command
from aerich.exceptions import NotSupportError

from app.core.db import tortoise_config
from app.core.migrate import migrations_folder

_URLS = {"postgres": "postgres://nobody@127.0.0.1/none", "sqlite": "sqlite:///none.sqlite3"}


def write(dialect: str, name: str) -> str:
    """Writes the file, without a database; returns its path, or why there is none. One call a process."""
    return asyncio.run(_write(dialect, name))


async def _write(dialect: str, name: str) -> str:
    folder = migrations_folder(dialect)
    command = Command(tortoise_config(_URLS[dialect]), app="models", location=str(folder.parent))
    await command.init(offline=True)
    try:
        made = await command.migrate(name, offline=True, no_input=True)
    except NotSupportError as error:
        made = await command.migrate(name, empty=True, offline=True, no_input=True)
        return f"{_shown(folder, made)}: empty, as aerich can't do it on SQLite ({error}): write it by hand"
    return _shown(folder, made) if made else f"{dialect}: the models have not changed"


def _shown(folder: Path, made: str) -> str:
    """The file's path. Both engines' files get one name (the time in it is PostgreSQL's, which is written first)."""
    path = folder / made
    for other in migrations_folder("postgres").glob(f"{made.split('_')[0]}_*.py"):
        path = path.rename(folder / other.name)
    return str(path)
