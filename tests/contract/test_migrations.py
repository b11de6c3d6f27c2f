"""Migrations on both engines: the same tables as the models, the constraints that models can't say, safe to run."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tortoise.context import TortoiseContext

from app.core import db
from app.core.migrate import migrate, migrations, migrations_folder

ROOT = Path(__file__).parents[2]
CHECKS = {
    "ck_log_epoch_one", "ck_event_partition", "ck_event_position", "ck_log_partition_number", "ck_log_partition_floor",
    "ck_membership_partition", "ck_membership_interval", "ck_one_time_code_attempts", "ck_user_account_role",
    "ck_device_link_state", "ck_device_link_session", "ck_device_number", "ck_device_platform", "ck_session_end",
    "ck_conversation_kind", "ck_conversation_direct_key",
    "ck_sign_in_challenge_attempts",
    "ck_conversation_counts", "ck_member_role", "ck_member_marks", "ck_message_seq", "ck_message_kind",
    "ck_message_client_id", "ck_contact_other", "ck_contact_request_other", "ck_contact_request_state",
    "ck_contact_request_via", "ck_contact_request_answer", "ck_block_other", "ck_job_attempts", "ck_job_dead",
    "ck_mail_token_purpose",
    "ck_user_account_gender", "ck_privacy_settings_last_seen", "ck_privacy_settings_online_status",
    "ck_privacy_settings_profile_photo", "ck_privacy_settings_bio", "ck_privacy_settings_who_can_message",
    "ck_privacy_settings_who_can_add_to_groups", "ck_privacy_settings_who_can_call",
    "ck_account_deletion_messages", "ck_account_deletion_order", "ck_data_export_state",
    "ck_data_export_ready", "ck_data_export_format", "ck_media_kind", "ck_media_state",
    "ck_media_purpose", "ck_media_size", "ck_attachment_kind",
    "ck_conversation_who_can_send", "ck_conversation_who_can_edit_info", "ck_conversation_who_can_add_members",
    "ck_conversation_who_can_pin", "ck_conversation_slow_mode", "ck_conversation_disappearing",
    "ck_member_notification_level", "ck_scheduled_message_state", "ck_invite_uses",
}  # fmt: skip
# What the migrations have beyond the models: table, columns, unique, condition.
BY_HAND = {
    ("account_deletion", "scheduled_for", False, "erased_at IS NULL"),
    ("event", "partition, position", True, ""),
    ("membership", "stream_id, user_id", True, "to_position IS NULL"),
    ("member", "user_id", False, "left_at IS NULL"),
    ("message", "conversation_id, seq", False, "is_hidden"),
    (
        "message",
        "conversation_id, seq",
        False,
        "is_hidden OR deleted_at IS NOT NULL OR kind = 'SYSTEM' OR thread_root_id IS NOT NULL"
        " OR expires_at IS NOT NULL",
    ),
    ("message", "conversation_id, seq", False, "mentions_everyone"),
    ("message", "thread_root_id, seq", False, "thread_root_id IS NOT NULL"),
    ("message", "expires_at", False, "expires_at IS NOT NULL AND deleted_at IS NULL"),
    ("scheduled_message", "send_at", False, "state = 'PENDING'"),
    ("conversation", "avatar_id", False, "avatar_id IS NOT NULL"),
    ("job", "run_at", False, "dead_at IS NULL"),
    ("job", "unique_key", True, "dead_at IS NULL"),
}
IN_MODELS_ONLY = {("event", "position", True, "")}  # Tortoise knows no composite keys

Index = tuple[str, str, bool, str]


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request, tmp_path) -> Iterator[str]:
    """The URL of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.sqlite3"
    else:
        yield request.getfixturevalue("postgres_server").create_database()


async def _ask(url: str, sql: str) -> list[Any]:
    async with TortoiseContext() as context:
        await context.init(config=db.tortoise_config(url))
        return await context.connections.get("default").execute_query_dict(sql)  # type: ignore[no-any-return]


async def _from_models(url: str) -> None:
    async with TortoiseContext() as context:
        await context.init(config=db.tortoise_config(url))
        await context.generate_schemas(safe=False)


async def _columns(url: str) -> set[tuple[str, str, str, bool]]:
    """(table, column, type, nullable)"""
    if url.startswith("sqlite"):
        sql = (
            'SELECT m.name AS t, c.name AS c, lower(c.type) AS kind, c."notnull" AS required FROM sqlite_master m'
            " JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
            " AND m.name NOT LIKE 'message_words%'"
        )
    else:
        sql = (
            "SELECT table_name AS t, column_name AS c, data_type || coalesce(character_maximum_length::text, '')"
            " AS kind,"
            " (is_nullable = 'NO')::int AS required FROM information_schema.columns WHERE table_schema = 'public'"
        )
    return {(r["t"], r["c"], r["kind"], bool(r["required"])) for r in await _ask(url, sql)}


async def _indexes(url: str) -> set[Index]:
    """Keys, uniques and indexes alike: (table, columns, unique, condition)."""
    if url.startswith("sqlite"):
        sql = (
            'SELECT m.name AS t, i.name AS i, i."unique" AS u, x.sql AS definition,'
            " (SELECT group_concat(c.name, ', ')"
            "  FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno) c) AS c"
            " FROM sqlite_master m JOIN pragma_index_list(m.name) i LEFT JOIN sqlite_master x ON x.name = i.name"
            " WHERE m.type = 'table' AND m.name NOT LIKE 'message_words%'"
        )
    else:
        sql = (
            "SELECT t.relname AS t, i.indisunique AS u, pg_get_indexdef(i.indexrelid) AS definition,"
            " (SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY k(attnum, n)"
            "  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum) AS c"
            " FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace"
            " WHERE n.nspname = 'public'"
        )
    found = {(r["t"], r["c"], bool(r["u"]), _condition(r["definition"])) for r in await _ask(url, sql)}
    return found - {("message_search", None, False, "")}  # over an expression: what SQLite has FTS5 for


def _condition(definition: str | None) -> str:
    found = re.search(r" WHERE (.*)$", definition or "", re.IGNORECASE)
    return re.sub(r'[()"]|::text', "", found[1]) if found else ""


async def test_the_tables_are_those_of_the_models(empty, tmp_path, request):
    await migrate(empty)
    if empty.startswith("sqlite"):
        models = f"sqlite:///{tmp_path}/models.sqlite3"
    else:
        models = request.getfixturevalue("postgres_server").create_database()
    await _from_models(models)

    assert await _columns(empty) == await _columns(models)
    assert await _indexes(empty) == (await _indexes(models) - IN_MODELS_ONLY) | BY_HAND


async def test_what_models_can_not_say_is_there(empty):
    await migrate(empty)
    if empty.startswith("sqlite"):
        found = await _ask(empty, "SELECT group_concat(sql, ' ') AS text FROM sqlite_master")
        names = set(re.findall(r'CONSTRAINT "(ck_\w+)"', found[0]["text"]))
    else:
        found = await _ask(
            empty, "SELECT conname AS name FROM pg_constraint WHERE contype = 'c' AND conname LIKE 'ck_%'"
        )
        names = {r["name"] for r in found}

    assert names == CHECKS


async def test_the_log_begins_at_position_0_of_16_partitions(empty):
    await migrate(empty)

    partitions = await _ask(empty, "SELECT partition, head, floor, tag FROM log_partition ORDER BY partition")
    events = await _ask(empty, "SELECT partition, position, tag FROM event ORDER BY partition")
    assert [(p["partition"], p["head"], p["floor"]) for p in partitions] == [(n, 0, 0) for n in range(16)]
    assert [(e["partition"], e["position"], e["tag"]) for e in events] == [
        (p["partition"], 0, p["tag"]) for p in partitions
    ]
    assert len({p["tag"] for p in partitions}) == 16
    assert len(await _ask(empty, "SELECT value FROM log_epoch")) == 1


async def test_migrators_at_once_apply_each_migration_once(empty):
    applied = await asyncio.gather(*(migrate(empty) for _ in range(4)))

    assert sorted(map(len, applied))[:-1] == [0, 0, 0]
    assert max(map(len, applied)) == len(migrations(migrations_folder("sqlite")))


async def test_progress_is_told(empty):
    told: list[tuple[int, int, str]] = []
    await migrate(empty, progress=lambda *now: told.append(now))

    total = len(migrations(migrations_folder("sqlite")))
    assert [(done, all_) for done, all_, _ in told] == [(n, total) for n in range(total + 1)]


@pytest.mark.parametrize("dialect", ["sqlite", "postgres"])
def test_aerich_finds_nothing_left_to_migrate(dialect, tmp_path):
    """In a process of its own: aerich keeps its state in classes."""
    url = "sqlite:///x.sqlite3" if dialect == "sqlite" else "postgres://x@127.0.0.1/x"
    code = (
        "import asyncio; from aerich import Command; from app.core.db import tortoise_config\n"
        "async def main():\n"
        f"    c = Command(tortoise_config({url!r}), app='models', location={str(tmp_path / dialect)!r})\n"
        "    await c.init(offline=True); print('LEFT:', repr(await c.migrate('left', offline=True, no_input=True)))\n"
        "asyncio.run(main())"
    )
    copy = tmp_path / dialect / "models"
    copy.mkdir(parents=True)
    for path in migrations_folder(dialect).glob("*.py"):
        (copy / path.name).write_text(path.read_text())
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "LEFT: ''" in done.stdout, done.stdout + done.stderr


def test_both_engines_have_the_same_migrations():
    names = [[m.version for m in migrations(migrations_folder(d))] for d in ("sqlite", "postgres")]
    assert names[0] == names[1]


# ── the migrator itself ───────────────────────────────────────────────────────────────────────────


def _folder(tmp_path: Path, dialect: str, *scripts: str) -> Path:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (first,) = migrations_folder(dialect).glob("0_*.py")
    (folder / first.name).write_text(first.read_text())
    for number, script in enumerate(scripts, 1):
        text = (folder / first.name).read_text()
        state = text[text.index("MODELS_STATE") :]
        body = f"async def upgrade(db):\n    return '''{script}'''\n\n\nasync def downgrade(db):\n    return ''\n\n\n"
        (folder / f"{number}_next.py").write_text(body + state)
    return folder


async def test_a_failing_migration_leaves_nothing(empty, tmp_path):
    dialect = "sqlite" if empty.startswith("sqlite") else "postgres"
    folder = _folder(tmp_path, dialect, "CREATE TABLE half (id INT); INSERT INTO half VALUES (1); SELECT nonsense;")
    with pytest.raises(Exception, match="nonsense"):
        await migrate(empty, folder=folder)

    assert not {t for t, *_ in await _columns(empty) if t == "half"}
    assert len(await _ask(empty, "SELECT version FROM aerich")) == 1


async def test_rebuilding_a_table_on_sqlite_spares_its_children(tmp_path):
    url = f"sqlite:///{tmp_path}/rebuild.sqlite3"
    folder = _folder(
        tmp_path,
        "sqlite",
        "CREATE TABLE parent (id INT PRIMARY KEY); CREATE TABLE child (p INT REFERENCES parent (id) ON DELETE CASCADE);"
        "INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1);"
        "CREATE TRIGGER t AFTER INSERT ON parent BEGIN UPDATE child SET p = p; SELECT 1; END;",
        "CREATE TABLE parent2 (id INT PRIMARY KEY, note TEXT); INSERT INTO parent2 (id) SELECT id FROM parent;"
        "DROP TABLE parent; ALTER TABLE parent2 RENAME TO parent;",
    )
    await migrate(url, folder=folder)

    assert await _ask(url, "SELECT p FROM child") == [{"p": 1}]


async def test_a_migration_that_breaks_references_is_refused(tmp_path):
    url = f"sqlite:///{tmp_path}/broken.sqlite3"
    folder = _folder(
        tmp_path,
        "sqlite",
        "CREATE TABLE parent (id INT PRIMARY KEY); CREATE TABLE child (p INT REFERENCES parent (id));"
        "INSERT INTO child VALUES (7);",
    )
    with pytest.raises(RuntimeError, match="breaks foreign keys"):
        await migrate(url, folder=folder)

    assert len(await _ask(url, "SELECT version FROM aerich")) == 1
