"""Operations that change messages, for several tests."""

from __future__ import annotations

MESSAGE = """fragment M on Message {
  id seq text editedAt deletedAt expiresAt isPinned viewerHasSaved viewerCanEdit viewerCanEditUntil
  viewerCanDeleteForEveryone viewerCanReact viewerCanPin revisions { text editedAt }
  mentions { user { id } offset length }
  reactions { emoji count viewerHasReacted users { nodes { id } totalCount } } }"""
ONE = f"query One($id: ID!) {{ message(id: $id) {{ ...M }} }} {MESSAGE}"
EDIT = f"""mutation Edit($id: ID!, $text: String, $mentions: [MentionInput!]) {{
  editMessage(input: {{messageId: $id, text: $text, mentions: $mentions}}) {{
    errors {{ code field limit }} message {{ ...M }} }} }} {MESSAGE}"""
DELETE = f"""mutation Delete($id: ID!, $scope: DeleteScope!) {{
  deleteMessage(input: {{messageId: $id, scope: $scope}}) {{
    errors {{ code field }} message {{ ...M }} removedMessageId
    conversation {{ id unreadCount lastMessage {{ seq }} }} }} }} {MESSAGE}"""
REACT = f"""mutation React($id: ID!, $emoji: String!) {{
  addReaction(input: {{messageId: $id, emoji: $emoji}}) {{
    errors {{ code field limit }} message {{ ...M }} }} }} {MESSAGE}"""
UNREACT = f"""mutation Unreact($id: ID!, $emoji: String!) {{
  removeReaction(input: {{messageId: $id, emoji: $emoji}}) {{
    errors {{ code field }} message {{ ...M }} }} }} {MESSAGE}"""
PIN = f"""mutation Pin($id: ID!, $seconds: Int) {{
  pinMessage(input: {{messageId: $id, forSeconds: $seconds}}) {{
    errors {{ code field limit }} message {{ ...M }} }} }} {MESSAGE}"""
UNPIN = f"""mutation Unpin($id: ID!) {{
  unpinMessage(input: {{messageId: $id}}) {{ errors {{ code field }} message {{ ...M }} }} }} {MESSAGE}"""
SAVE = f"""mutation Save($id: ID!) {{
  saveMessage(input: {{messageId: $id}}) {{ errors {{ code field limit }} message {{ ...M }} }} }} {MESSAGE}"""
UNSAVE = f"""mutation Unsave($id: ID!) {{
  unsaveMessage(input: {{messageId: $id}}) {{ errors {{ code field }} message {{ ...M }} }} }} {MESSAGE}"""
SAVED = """query Saved($first: Int, $after: String) { viewer { savedMessages(first: $first, after: $after) {
  nodes { id text } pageInfo { hasNextPage endCursor } } } }"""
PINNED = """query Pinned($id: ID!, $first: Int, $after: String) {
  conversation(id: $id) { pinnedMessages(first: $first, after: $after) {
    nodes { id } pageInfo { hasNextPage endCursor } } } }"""
# Without what only the viewer may know: rendered once for all.
EVENTS = """subscription Events($after: Cursor, $kinds: [EventKind!]) { events(after: $after, kinds: $kinds) {
  __typename cursor kind
  ... on MessageReceived { message { ...S } }
  ... on MessageEdited { message { ...S } }
  ... on MessageDeleted { messageId seq scope removedMessageId tombstone { ...S } actor { id } conversation { id } }
  ... on ReactionChanged { message { ...S } emoji added actor { id } }
  ... on MessagePinned { message { ...S } pinned: isPinned actor { id } }
  ... on MessageSaved { message { id text viewerHasSaved } isSaved }
} }
fragment S on Message { id seq text editedAt deletedAt isPinned revisions { text } reactions { emoji count } }"""


async def one(person, message_id):
    """The message as the person sees it now."""
    return (await person.query(ONE, id=message_id))["message"]
