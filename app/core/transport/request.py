"""What a client sends, checked: the parameters of one GraphQL operation, from an HTTP body or a `subscribe` frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from app.core.errors import BadRequestError
from app.core.records import record


@record(slots=True, frozen=True)
class GraphQLRequest:
    """One operation as asked for. `variables` are raw JSON values."""

    query: str
    operation_name: str | None
    variables: Mapping[str, Any]


def decode_json(raw: bytes | str) -> Any:
    """A JSON value. Raises BAD_REQUEST else; orjson also refuses NaN, lone surrogates, bad UTF-8 and depth bombs."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadRequestError("This is not JSON.") from error


def graphql_request(value: Any) -> GraphQLRequest:
    """The parameters in a decoded body or payload. Raises BAD_REQUEST naming the first that has a wrong type."""
    if not isinstance(value, dict):
        raise BadRequestError("Expected a JSON object with query, operationName, variables and extensions.")
    query, name = value.get("query"), value.get("operationName")
    variables, extensions = value.get("variables"), value.get("extensions")
    if not isinstance(query, str):
        raise BadRequestError("query must be a string.")
    if name is not None and not isinstance(name, str):
        raise BadRequestError("operationName must be a string.")
    if variables is not None and not isinstance(variables, dict):
        raise BadRequestError("variables must be an object.")
    if extensions is not None and not isinstance(extensions, dict):
        raise BadRequestError("extensions must be an object.")
    return GraphQLRequest(query, name, variables or {})
