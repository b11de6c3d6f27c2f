"""The whole GraphQL schema, composed from the domains: nothing else is decided here."""

from __future__ import annotations

import strawberry

from app.accounts.graphql import (
    AccountsMutation,
    AccountsQuery,
    CredentialsMutation,
    DeletionMutation,
    DevicesMutation,
    ExportsMutation,
    LinkingMutation,
    LinkingSubscription,
    OAuthMutation,
    PrefixesQuery,
    ProfileMutation,
    TwoFactorMutation,
)
from app.contacts.graphql import AddressBookMutation, ContactsMutation, ContactsQuery
from app.conversations.graphql import (
    Broadcast,
    ConversationsMutation,
    ConversationsQuery,
    DirectConversation,
    Group,
    GroupsMutation,
    InvitesMutation,
    InvitesQuery,
    OwnStateMutation,
    TimerMutation,
)
from app.core.graphql.events import EVENT_KINDS
from app.core.graphql.follow import EventsSubscription
from app.core.graphql.node import NodeQuery
from app.core.graphql.scalars import schema_config
from app.core.graphql.server import ServerQuery
from app.messages.graphql import (
    AttachmentsMutation,
    ChangesMutation,
    ConversationExportMutation,
    ForwardingMutation,
    MessagesMutation,
    MessagesQuery,
    MessagesSubscription,
    PinsMutation,
    ReactionsMutation,
    SchedulingMutation,
    SearchQuery,
    ThreadsMutation,
    UnreadMutation,
)
from app.presence.graphql import PresenceMutation, PresenceSubscription, TypingMutation, TypingSubscription


@strawberry.type(description="Everything that can be asked.")
class Query(
    AccountsQuery,
    PrefixesQuery,
    ContactsQuery,
    ConversationsQuery,
    InvitesQuery,
    MessagesQuery,
    SearchQuery,
    ServerQuery,
    NodeQuery,
):
    pass


@strawberry.type(description="Everything that can be changed. Each answers a payload whose errors are data.")
class Mutation(
    AccountsMutation,
    DeletionMutation,
    CredentialsMutation,
    DevicesMutation,
    ExportsMutation,
    LinkingMutation,
    TwoFactorMutation,
    OAuthMutation,
    ProfileMutation,
    ContactsMutation,
    AddressBookMutation,
    ConversationsMutation,
    GroupsMutation,
    InvitesMutation,
    OwnStateMutation,
    TimerMutation,
    MessagesMutation,
    ChangesMutation,
    ReactionsMutation,
    PinsMutation,
    ForwardingMutation,
    ThreadsMutation,
    SchedulingMutation,
    UnreadMutation,
    ConversationExportMutation,
    AttachmentsMutation,
    PresenceMutation,
    TypingMutation,
):
    pass


@strawberry.type(description="Everything that can be followed live, over graphql-transport-ws or SSE.")
class Subscription(
    LinkingSubscription, EventsSubscription, MessagesSubscription, PresenceSubscription, TypingSubscription
):
    pass


schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[*EVENT_KINDS, DirectConversation, Group, Broadcast],
    config=schema_config(),
)


def sdl() -> str:
    """The schema as text: what schema.graphql holds."""
    return schema.as_str().rstrip() + "\n"
