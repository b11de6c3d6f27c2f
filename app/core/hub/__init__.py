"""The hub: from the log to local subscriptions (design.md, "The hub").

`Hub.open(stream, selection, sink) -> Subscription` (sync, never blocks; everything else happens in tasks),
`Hub.close(subscription)` (sync, idempotent).
"""

from app.core.hub.ephemeral import EphemeralSubscription, RoutedSubscription, give_way
from app.core.hub.hub import Hub
from app.core.hub.ports import Rendered, Renderer, Selection, Sink
from app.core.hub.subscription import Subscription

__all__ = [
    "EphemeralSubscription",
    "Hub",
    "Rendered",
    "Renderer",
    "RoutedSubscription",
    "Selection",
    "Sink",
    "Subscription",
    "give_way",
]
