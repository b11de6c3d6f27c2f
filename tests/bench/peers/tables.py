"""The peers' tables, filled with what Parley's database holds: the same people, conversations, messages, reactions."""

from __future__ import annotations

import asyncpg

from tests.faults.processes import Cluster

TABLES = """
CREATE TABLE users (id uuid PRIMARY KEY, username text NOT NULL UNIQUE, display_name text NOT NULL);
CREATE TABLE conversations (
  id uuid PRIMARY KEY, kind text NOT NULL, title text, last_seq bigint NOT NULL DEFAULT 0,
  activity_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE members (
  conversation_id uuid NOT NULL REFERENCES conversations, user_id uuid NOT NULL REFERENCES users,
  delivered_seq bigint NOT NULL DEFAULT 0, read_seq bigint NOT NULL DEFAULT 0, PRIMARY KEY (conversation_id, user_id));
CREATE INDEX members_user ON members (user_id);
CREATE TABLE messages (
  conversation_id uuid NOT NULL REFERENCES conversations, seq bigint NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(), sender_id uuid NOT NULL REFERENCES users,
  kind text NOT NULL, text text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (conversation_id, seq));
CREATE TABLE reactions (
  conversation_id uuid NOT NULL, seq bigint NOT NULL, user_id uuid NOT NULL REFERENCES users, emoji text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (conversation_id, seq, user_id, emoji),
  FOREIGN KEY (conversation_id, seq) REFERENCES messages);
"""
# Notices of the system are Parley's own.
COPIED = {
    "users": "SELECT id, username, display_name FROM user_account",
    "conversations": "SELECT id, kind, title, last_seq, activity_at FROM conversation",
    "members": "SELECT conversation_id, user_id, delivered_seq, read_seq FROM member WHERE left_at IS NULL",
    "messages": "SELECT conversation_id, seq, id, sender_id, kind, text, created_at FROM message WHERE kind = 'TEXT'",
    "reactions": "SELECT m.conversation_id, m.seq, r.user_id, r.emoji, r.created_at FROM reaction r"
    " JOIN message m ON m.id = r.message_id",
}


async def make_database(cluster: Cluster, name: str) -> str:
    """A new database in the cluster's PostgreSQL with all that Parley has now. Returns its URL."""
    assert cluster.postgres is not None
    url = cluster.postgres.create_database(name=name)
    theirs, ours = await asyncpg.connect(url), await asyncpg.connect(cluster.database_url)
    try:
        await theirs.execute(TABLES)
        for table, statement in COPIED.items():
            rows = await ours.fetch(statement)
            if rows:
                await theirs.copy_records_to_table(table, columns=list(rows[0].keys()), records=rows)
        for connection in (theirs, ours):
            await connection.execute("VACUUM ANALYZE")
    finally:
        await theirs.close()
        await ours.close()
    return url
