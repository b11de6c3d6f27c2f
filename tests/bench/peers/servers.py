"""A peer as a process: node on its script, with a database of its own and the cluster's Valkey."""

from __future__ import annotations

import time
import urllib.request
from pathlib import Path

import jwt

from tests import servers
from tests.clients.node import install
from tests.faults.processes import Cluster, Process

HERE = Path(__file__).parent
SECRET = "the-peers-secret-of-32-characters-or-more"


class Peer(Process):
    """`express` or `yoga`. Installs their packages if need be."""

    def __init__(self, name: str, cluster: Cluster, database_url: str) -> None:
        assert cluster.valkey is not None
        self.port = servers.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database_url = database_url
        env = {
            "NODE_ENV": "production",
            "PORT": str(self.port),
            "DATABASE_URL": database_url,
            "REDIS_URL": cluster.valkey.url,
            "SECRET": SECRET,
        }
        script = install(str(HERE)) / f"{name}.js"
        super().__init__(name, ["node", "--expose-gc", str(script)], cluster.folder, env=env)

    def start(self) -> None:
        """Starts it and waits until it answers."""
        self.spawn()
        deadline = time.monotonic() + 20
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=2).close()
            except OSError:
                if not self.alive or time.monotonic() > deadline:
                    raise RuntimeError(f"{self.name} does not answer:\n{self.tail()}") from None
                time.sleep(0.05)
            else:
                return


def token_for(user_id: str) -> str:
    """A token the peers take."""
    now = int(time.time())
    return jwt.encode({"sub": user_id, "iat": now, "exp": now + 86400}, SECRET, algorithm="HS256")
