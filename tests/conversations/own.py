"""What several tests of the viewer's own state use."""

from __future__ import annotations

from typing import Any

from tests.client import Person, Stream

SETTINGS = """settings { mutedUntil isMuted isArchived isPinned labels notificationLevel draft draftUpdatedAt }"""
SET = f"""
mutation Set($input: UpdateConversationSettingsInput!) {{
  updateConversationSettings(input: $input) {{
    errors {{ code message field limit }} conversation {{ id {SETTINGS} }}
  }}
}}
"""
CLEAR = """
mutation Clear($id: ID!) {
  clearHistory(input: {conversationId: $id}) {
    errors { code message field } conversation { id firstSeq lastSeq unreadCount lastMessage { id } }
  }
}
"""
DELETE = """
mutation Delete($id: ID!) {
  deleteConversation(input: {conversationId: $id}) { errors { code message field } deletedConversationId }
}
"""
LIST = """
query List($filter: ConversationFilter, $first: Int, $after: String) {
  viewer { conversations(filter: $filter, first: $first, after: $after) {
    totalCount nodes { id } pageInfo { hasNextPage endCursor }
  } }
}
"""
OWN_EVENTS = """
subscription Own($after: Cursor) {
  events(after: $after) {
    __typename cursor kind
    ... on ConversationSettingsChanged {
      conversation { id firstSeq settings { isMuted isArchived isPinned labels notificationLevel draft } }
      viewer { unread { badge messages mentions conversations } }
    }
    ... on ConversationAdded { conversation { id } }
    ... on ConversationRemoved { conversationId reason }
    ... on UnreadChanged { conversations { id unreadCount } viewer { unread { badge messages } } }
    ... on MessageReceived { message { seq conversation { id unreadCount settings { isArchived } } } }
  }
}
"""
UNREAD = "{ viewer { unread { badge messages mentions conversations } } }"


async def settings_of(person: Person, conversation_id: str) -> dict[str, Any]:
    data = await person.query(f"query ($id: ID!) {{ conversation(id: $id) {{ {SETTINGS} }} }}", id=conversation_id)
    return data["conversation"]["settings"]  # type: ignore[no-any-return]


async def change(person: Person, conversation_id: str, **changes: Any) -> dict[str, Any]:
    """The settings after updateConversationSettings."""
    payload = await person.mutate(SET, input={"conversationId": conversation_id, **changes})
    return payload["conversation"]["settings"]  # type: ignore[no-any-return]


async def listed(person: Person, **filter: Any) -> list[str]:
    """The ids of the list, in order; totalCount agrees."""
    page = (await person.query(LIST, filter=filter or None, first=100))["viewer"]["conversations"]
    assert page["totalCount"] == len(page["nodes"])
    return [node["id"] for node in page["nodes"]]


async def take(events: Stream, count: int) -> list[dict[str, Any]]:
    """The next events without their cursors."""
    return [{key: value for key, value in event.items() if key != "cursor"} for event in await events.take(count)]
