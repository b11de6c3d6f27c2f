"""Accounts in the schema: people, the viewer with sessions and devices, signing in and out, the events of both."""

from app.accounts.graphql.audit import AuditEntry
from app.accounts.graphql.credentials import CredentialsMutation, PhonePrefix, PrefixesQuery
from app.accounts.graphql.deletion import DeletionMutation
from app.accounts.graphql.devices import DevicesMutation
from app.accounts.graphql.events import DeviceChanged, ProfileChanged, SessionEnding, ViewerChanged
from app.accounts.graphql.exports import DataExport, DataExportPayload, DataExportReady, ExportsMutation, show_export
from app.accounts.graphql.linking import LinkingMutation, LinkingSubscription
from app.accounts.graphql.mutations import AccountsMutation
from app.accounts.graphql.oauth import OAuthMutation
from app.accounts.graphql.profile import ProfileMutation, new_avatar
from app.accounts.graphql.queries import AccountsQuery
from app.accounts.graphql.two_factor import TwoFactorMutation
from app.accounts.graphql.types import (
    Device,
    Session,
    User,
    Viewer,
    ViewerPayload,
    is_within,
    person_as_seen,
    show_user,
    viewer_of,
)

__all__ = [
    "AccountsMutation",
    "AccountsQuery",
    "AuditEntry",
    "CredentialsMutation",
    "DataExport",
    "DataExportPayload",
    "DataExportReady",
    "DeletionMutation",
    "Device",
    "DeviceChanged",
    "DevicesMutation",
    "ExportsMutation",
    "LinkingMutation",
    "LinkingSubscription",
    "OAuthMutation",
    "PhonePrefix",
    "PrefixesQuery",
    "ProfileChanged",
    "ProfileMutation",
    "Session",
    "SessionEnding",
    "TwoFactorMutation",
    "User",
    "Viewer",
    "ViewerChanged",
    "ViewerPayload",
    "is_within",
    "new_avatar",
    "person_as_seen",
    "show_export",
    "show_user",
    "viewer_of",
]
