"""People to test with: signed up through the API."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from tests.faults.wire import Http

REGISTER = """mutation($input: RegisterInput!) { register(input: $input) {
  errors { code message field } tokens { accessToken } viewer { user { id username } } } }"""


@dataclass(slots=True, frozen=True)
class Person:
    """Somebody signed in: their user id and an access token."""

    id: str
    username: str
    token: str


async def register(url: str, count: int) -> list[Person]:
    """Signs up that many people, with random names, one device each."""
    line, people = Http(url), []
    for n in range(count):
        name = f"p{n}_{uuid4().hex[:10]}"
        device = {"name": "Fault test", "platform": "CLI", "installationId": str(uuid4())}
        wanted = {"username": name, "email": f"{name}@example.org", "password": f"Secret-{name}", "device": device}
        payload = (await line.request(REGISTER, {"input": wanted}, timeout=30))["register"]
        assert not payload["errors"], payload
        people.append(Person(payload["viewer"]["user"]["id"], name, payload["tokens"]["accessToken"]))
    line.close()
    return people
