"""Who may call what: every mutation asks for a sign-in unless the schema says that it does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    build_schema,
)

SCHEMA = build_schema((Path(__file__).parents[2] / "schema.graphql").read_text())
assert SCHEMA.mutation_type
MUTATIONS = SCHEMA.mutation_type.fields
SIGNED_OUT = {
    "register", "logIn", "requestOtp", "verifyOtp", "verifyTwoFactor", "beginOAuth", "completeOAuth", "refreshSession",
    "requestPasswordReset", "resetPassword", "beginDeviceLink", "completeDeviceLink",
}  # fmt: skip
_SCALARS: dict[str, Any] = {
    "ID": "x", "String": "x", "Int": 1, "Float": 1.0, "Boolean": True, "Base64": "eA==", "BigInt": "1",
    "DateTime": "2026-11-20T10:00:00Z", "Cursor": "x", "EmailAddress": "a@example.org", "PhoneNumber": "+15555550100",
    "URL": "https://example.org",
}  # fmt: skip


def _value(kind: Any) -> Any:
    """The least value of a type that validates."""
    if isinstance(kind, GraphQLNonNull):
        return _value(kind.of_type)
    if isinstance(kind, GraphQLList):
        return []
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        fields = kind.fields.items()
        return {name: _value(f.type) for name, f in fields if isinstance(f.type, GraphQLNonNull)}
    return _SCALARS[kind.name]


def _is_marked(name: str) -> bool:
    node = MUTATIONS[name].ast_node
    assert node
    directives = [d for d in node.directives or () if d.name.value == "access"]
    return any(a.name.value == "signedOut" and a.value.value for d in directives for a in d.arguments)  # type: ignore[attr-defined]


def test_these_need_no_sign_in_and_no_others():
    assert {name for name in MUTATIONS if _is_marked(name)} == SIGNED_OUT


@pytest.mark.parametrize("name", sorted(set(MUTATIONS) - SIGNED_OUT))
async def test_signed_out_callers_are_told_to_sign_in(server, name):
    arguments = MUTATIONS[name].args
    declared = f"($input: {arguments['input'].type})" if arguments else ""
    passed = "(input: $input)" if arguments else ""
    body = {
        "query": f"mutation{declared} {{ {name}{passed} {{ errors {{ code }} }} }}",
        "variables": {"input": _value(arguments["input"].type)} if arguments else {},
    }
    async with httpx.AsyncClient() as http:
        answer = (await http.post(server.graphql_url, json=body)).json()

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]
    assert not (answer.get("data") or {}).get(name)
