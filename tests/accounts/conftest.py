"""Fixtures of accounts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.accounts.passwords import PasswordHasher
from app.core.delivery import Delivery
from tests.accounts.support import Outbox
from tests.running import Server


@pytest.fixture
def outbox(server: Server) -> Iterator[Outbox]:
    """Mails and SMS go here instead of to the console."""
    delivery, box = server.runtime.part(Delivery), Outbox()
    before = delivery.mail, delivery.sms
    delivery.mail = delivery.sms = box
    yield box
    delivery.mail, delivery.sms = before


@pytest.fixture
def hasher(server: Server) -> PasswordHasher:
    return server.runtime.part(PasswordHasher)
