"""Embedded mode: the folder of a one-process server, its secret, and the lock that keeps a second server away."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.core.errors import StartError
from app.settings import Settings


class AlreadyServedError(StartError):
    """Another process serves this SQLite file."""


def with_secret(settings: Settings) -> Settings:
    """The settings with a secret: the given one, or that of `data_dir`, made when missing (folder 0700, file 0600)."""
    if settings.secret:
        return settings
    folder = settings.data_dir
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "secret"
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return settings.model_copy(update={"secret": path.read_text().strip()})
    secret = secrets.token_hex(32)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret + "\n")
        file.flush()
        os.fsync(descriptor)
    return settings.model_copy(update={"secret": secret})


@contextmanager
def only_server(database: str) -> Iterator[None]:
    """Holds the file for this process. Raises AlreadyServedError when another one has it: with two processes, the
    in-process bus of each would not hear of the other's messages."""
    path = Path(database + ".serve.lock")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise AlreadyServedError(
                f"{database} is served by {holder} already. SQLite is for one: stop that one, or use PostgreSQL."
            ) from None
        file.truncate(0)
        file.write(f"process {os.getpid()}")
        file.flush()
        yield
