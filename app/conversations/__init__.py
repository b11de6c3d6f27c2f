"""Conversations and who is in them: direct chats, groups, members, roles."""
