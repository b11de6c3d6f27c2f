"""The compiled executor: a validated operation becomes a plan once, and graphql-core's result without its work.

`execute` stands in for graphql-core's on any schema; tests/executor prove that they agree.
"""

from app.core.executor.asked import asks_for, asks_only
from app.core.executor.bound import Bound
from app.core.executor.execution import bind, bind_to_graphql_core, counts, execute, make_plan
from app.core.executor.known import known
from app.core.executor.loads import loaded
from app.core.executor.plan import NotCompiledError, Plan
from app.core.executor.promises import quick
from app.core.executor.shape import NoSubscriptionError

__all__ = [
    "Bound",
    "NoSubscriptionError",
    "NotCompiledError",
    "Plan",
    "asks_for",
    "asks_only",
    "bind",
    "bind_to_graphql_core",
    "counts",
    "execute",
    "known",
    "loaded",
    "make_plan",
    "quick",
]
