"""Rules shown in the SDL, so that generated clients can check before they ask. Enforced elsewhere, tested to agree."""

from __future__ import annotations

import strawberry
from strawberry.schema_directive import Location


@strawberry.schema_directive(
    locations=[Location.ARGUMENT_DEFINITION, Location.INPUT_FIELD_DEFINITION],
    description="Limits of a value, with the default settings; `limits` has what this server enforces.",
    name="constraint",
)
class Constraint:
    min_length: int | None = strawberry.directive_field(name="minLength", default=strawberry.UNSET)
    max_length: int | None = strawberry.directive_field(name="maxLength", default=strawberry.UNSET)
    min: float | None = strawberry.directive_field(name="min", default=strawberry.UNSET)
    max: float | None = strawberry.directive_field(name="max", default=strawberry.UNSET)
    max_items: int | None = strawberry.directive_field(name="maxItems", default=strawberry.UNSET)
    pattern: str | None = strawberry.directive_field(name="pattern", default=strawberry.UNSET)


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION], description="Names a bucket of limits.rates.", name="rateLimit"
)
class RateLimit:
    name: str = strawberry.directive_field(name="name")


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION], description="Who may call it; absent: anybody signed in.", name="access"
)
class Access:
    signed_out: bool = strawberry.directive_field(name="signedOut", default=False)
