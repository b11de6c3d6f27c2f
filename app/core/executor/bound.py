"""An operation with its variables, to be executed any number of times: by a plan, or by graphql-core."""

from __future__ import annotations

from typing import Any, Protocol

from graphql import ExecutionResult
from graphql.execution.collect_fields import collect_fields
from graphql.execution.executor import Executor
from graphql.execution.values import VariableValues, get_argument_values
from graphql.pyutils import Path

from app.core.executor.run import Run
from app.core.executor.shape import NoSubscriptionError, Shape


class Bound(Protocol):
    """See the module."""

    def execute(self, root: Any, context: Any) -> Any:
        """The result of a query or mutation (ExecutionResult), or an awaitable of it."""

    def execute_event(self, root: Any, context: Any) -> Any:
        """The result of a subscription for one event, or an awaitable of it."""

    def subscribe(self, context: Any) -> Any:
        """What the resolver of a subscription's root field returns or promises; None: no field is left. Raises what it
        raises, NoSubscriptionError."""


class ByPlan:
    """A plan's way."""

    __slots__ = ("_hide_suggestions", "_shape", "_variables")

    def __init__(self, shape: Shape, variables: VariableValues, *, hide_suggestions: bool) -> None:
        self._shape = shape
        self._variables = variables
        self._hide_suggestions = hide_suggestions

    def execute(self, root: Any, context: Any) -> Any:
        """See Bound."""
        run = Run(root, context, self._variables, hide_suggestions=self._hide_suggestions)
        return self._shape.execute(run, serially=self._shape.is_serial)

    def execute_event(self, root: Any, context: Any) -> Any:
        """See Bound."""
        run = Run(root, context, self._variables, hide_suggestions=self._hide_suggestions)
        return self._shape.execute(run, serially=False)

    def subscribe(self, context: Any) -> Any:
        """See Bound."""
        return self._shape.subscribe(Run(None, context, self._variables, hide_suggestions=True))


class ByGraphQLCore:
    """graphql-core's way. `executor` holds the variables; each execution has a copy with a root and context."""

    __slots__ = ("_executor",)

    def __init__(self, executor: Executor[Any]) -> None:
        self._executor = executor

    def execute(self, root: Any, context: Any) -> Any:
        """See Bound."""
        return self._with(root, context).execute_operation()

    def execute_event(self, root: Any, context: Any) -> ExecutionResult | Any:
        """See Bound."""
        return self._with(root, context).execute_operation(False)

    def subscribe(self, context: Any) -> Any:
        """See Bound."""
        executor = self._with(None, context)
        root = executor.schema.subscription_type
        assert root is not None, "validation knows that there are subscriptions"
        fields = collect_fields(
            executor.schema, executor.fragments, executor.variable_values, root, executor.operation, True
        ).grouped_field_set
        if not fields:
            return None
        key, details = next(iter(fields.items()))
        nodes = [detail.node for detail in details]
        declared = executor.schema.get_field(root, nodes[0].name.value)
        if declared is None or declared.subscribe is None:
            raise NoSubscriptionError
        info = executor.build_resolve_info(declared, nodes, root, Path(None, key, root.name))
        arguments = get_argument_values(declared, nodes[0], executor.variable_values, None, True)
        return declared.subscribe(None, info, **arguments)

    def _with(self, root: Any, context: Any) -> Executor[Any]:
        executor = self._executor.build_per_event_executor(root)
        executor.context_value = context
        return executor
