"""The price of a page: everything about each of fifty messages may be asked for, as often as history may be read."""

from __future__ import annotations

from graphql import GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument

from app.core.limits import RATES
from app.schema import schema
from app.settings import TransportSettings
from tests.conversations.documents import create_group
from tests.messages.documents import send_many


def everything(of: GraphQLObjectType, levels: int) -> str:
    """All plain values of the type and of the objects in it, no pages in pages."""
    chosen = []
    for name, field in of.fields.items():
        type_ = get_named_type(field.type)
        if any(is_required_argument(argument) for argument in field.args.values()):
            continue
        if is_leaf_type(type_):
            chosen.append(name)
        elif levels and isinstance(type_, GraphQLObjectType) and "first" not in field.args:
            chosen.append(f"{name} {{ {everything(type_, levels - 1)} }}")
    return " ".join(chosen)


async def test_a_page_of_everything(alice, bob):
    group = await create_group(alice, bob)
    await send_many(bob, group, 50)
    message = schema._schema.type_map["Message"]
    assert isinstance(message, GraphQLObjectType)
    document = f"""query($id: ID!) {{ rateLimit {{ cost }} conversation(id: $id) {{ messages(last: 50) {{
      edges {{ cursor node {{ {everything(message, 1)} }} }}
      pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }}"""

    data = await alice.query(document, id=group)

    assert len(data["conversation"]["messages"]["edges"]) == 50
    limits = TransportSettings()
    (rate,) = [rate for rate in RATES if rate.key == "history"]
    assert data["rateLimit"]["cost"] * rate.limit * 60 / rate.seconds <= limits.cost_per_minute
    assert data["rateLimit"]["cost"] <= limits.cost / 2
