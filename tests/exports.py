"""Copies of one's data as a client fetches them: the link, its bytes, the files inside."""

from __future__ import annotations

import io
import zipfile

import httpx2

from tests.client import NO_TLS
from tests.running import Server


async def download(server: Server, url: str) -> httpx2.Response:
    """GET of a link (or its token), whatever host the settings call this server."""
    async with httpx2.AsyncClient(verify=NO_TLS) as client:
        return await client.get(f"{server.url}/exports/{url.rpartition('/')[2]}")


def files_of(response: httpx2.Response) -> dict[str, str]:
    """The files of a copy, by their names."""
    assert response.status_code == 200
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}
