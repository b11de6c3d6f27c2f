"""Imports point down the ranks of design.md ("Layout"); only some modules know strawberry, only owners their tables."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APP = ROOT / "app"
RANKS = [
    ("__init__", "settings", "core"),
    ("accounts",),
    ("contacts", "media", "keys"),
    ("conversations",),
    ("messages", "presence", "statuses"),
    ("calls", "notifications", "moderation"),
    ("settings_check", "schema", "worker", "demo", "check", "main", "serve", "cli", "__main__"),
]
RANK = {name: rank for rank, names in enumerate(RANKS) for name in names}
TABLES = {
    "core": ("event", "log_partition", "log_epoch", "membership", "aerich", "job"),
    "accounts": (
        "user_account",
        "device",
        "session",
        "refresh_token",
        "one_time_code",
        "user_word",
        "device_link",
        "oauth_attempt",
        "linked_identity",
        "two_factor",
        "recovery_code",
        "sign_in_challenge",
        "privacy_settings",
        "username_hold",
        "account_deletion",
        "data_export",
        "audit_entry",
        "erased_identifier",
        "user_word",
    ),
    "contacts": ("contact", "contact_request", "block", "connection_code"),
    "conversations": ("conversation", "member"),
    "presence": ("presence",),
    "messages": ("message",),
}
# The set-based send path joins these in one statement: two round trips instead of five (design.md, Sending).
# Whether members tell what they have read is asked where their marks are.
JOINED = {
    "messages": ("conversation", "member", "user_account", "block", "privacy_settings"),
    "conversations": ("privacy_settings",),
}
FILES = sorted(APP.rglob("*.py"))


def _imports(path: Path) -> Iterator[str]:
    """Modules imported when the file is loaded or run; what only type checkers see is left out."""
    for node in _running(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _running(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        yield child
        yield from _running(child)


def _place(path: Path) -> str:
    """The domain (or top module) of a file."""
    return path.relative_to(APP).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(APP)))
def test_imports_point_down(path):
    own = _place(path)
    wrong = []
    for module in _imports(path):
        parts = module.split(".")
        if parts[0] != "app" or len(parts) < 2 or parts[1] not in RANK:
            continue
        other = parts[1]
        if RANK[other] > RANK[own] or (
            RANK[other] == RANK[own] and other != own and RANK[own] not in (0, len(RANKS) - 1)
        ):
            wrong.append(module)
    assert wrong == []


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(APP)))
def test_only_the_schema_side_knows_strawberry(path):
    place = str(path.relative_to(APP))
    allowed = re.fullmatch(r"schema\.py|[a-z]+/graphql(\.py|/.*)|core/(transport|graphql|hub|executor)/.*", place)
    assert allowed or not any(module.split(".")[0] == "strawberry" for module in _imports(path))


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(APP)))
def test_services_do_not_know_the_schema(path):
    """Inside a domain models ← service ← graphql."""
    place = str(path.relative_to(APP))
    if not re.fullmatch(r"(?!core/)[a-z]+/(?!graphql)\w+\.py", place):
        return
    wrong = [m for m in _imports(path) if re.match(r"app\.[a-z]+\.graphql(?!\.ids)", m)]
    assert wrong == []


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(APP)))
def test_only_its_owner_queries_a_table(path):
    own = _place(path)
    owner = {table: domain for domain, tables in TABLES.items() for table in tables}
    for node in ast.walk(ast.parse(path.read_text())):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            continue
        for table in re.findall(r'\b(?:FROM|JOIN|INTO|UPDATE)\s+"?([a-z_]+)"?', node.value):
            if table in owner and owner[table] != own and table not in JOINED.get(own, ()):
                raise AssertionError(f"{own} queries {table}, which belongs to {owner[table]}: {node.value[:80]}")


def test_every_module_says_what_it_owns():
    silent = [str(p.relative_to(ROOT)) for p in FILES if not ast.get_docstring(ast.parse(p.read_text()))]
    assert silent == []


def test_files_stay_readable():
    long = [f"{p.relative_to(ROOT)}: {n}" for p in FILES if (n := len(p.read_text().splitlines())) > 420]
    assert long == []
    assert not list(APP.rglob("utils.py"))
