"""Rates of what tells all members, and of leaving."""

from __future__ import annotations

import pytest

from tests.client import ask, signed_out
from tests.conversations.documents import LEAVE, REMOVE, create_group
from tests.running import running, serving


@pytest.mark.parametrize("rate", ["memberRemove", "leaveConversation"])
async def test_the_second_of_one_is_refused(settings, alice, bob, carol, rate):
    groups = [await create_group(alice, bob, carol) for _ in range(2)]
    rates = {**settings.rates, rate: "1/60"}
    async with running(settings.model_copy(update={"rates": rates})) as runtime, serving(runtime) as strict:
        is_removal = rate == "memberRemove"
        person, document = (alice, REMOVE) if is_removal else (bob, LEAVE)
        more = {"userId": bob.id} if is_removal else {}
        async with signed_out(strict, person.access_token) as session:
            answers = [(await ask(session, document, conversationId=group, **more)) for group in groups]

    codes = [[error["code"] for (payload,) in [answer.values()] for error in payload["errors"]] for answer in answers]
    assert codes == [[], ["RATE_LIMITED"]]
    members = "query ($id: ID!) { conversation(id: $id) { memberCount } }"
    counts = [(await alice.query(members, id=group))["conversation"]["memberCount"] for group in groups]
    assert counts == [2, 3]
