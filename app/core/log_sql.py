"""The log's statements, where PostgreSQL and SQLite differ too much for one text (SQLite has no LATERAL, no unnest)."""

from __future__ import annotations

from app.core import db
from app.core.log import EVENT_NAMES, PARTITIONS

_ROW = ", ".join(f"e.{name}" for name in EVENT_NAMES)
# Positions that a page may walk one by one along the primary key; wider gaps go through the index of each stream.
_NARROW = 2000

HEADS = "SELECT partition, head, tag, (SELECT value FROM log_epoch) AS epoch FROM log_partition ORDER BY partition"

INTERVALS = "SELECT user_id, stream_id, from_position, to_position FROM membership WHERE user_id = ANY($1::uuid[])"

# Bounded, so that a trim after a long pause holds nobody up.
DELETE_BELOW = (
    "DELETE FROM event WHERE partition = $1 AND position < $2 AND position IN"
    " (SELECT position FROM event WHERE partition = $1 AND position < $2 ORDER BY position LIMIT $3)"
)


def newest_tag(stream_id: str, *, but: str) -> str:
    """SQL: the tag of the newest event of a stream (a column or placeholder) that is not of the kind `but`: another as
    soon as anything else happens there. NULL where there is none (any more: old ones are trimmed)."""
    return (
        f"(SELECT e.tag FROM event e WHERE e.stream_id = {stream_id} AND e.kind <> '{but}' ORDER BY e.position DESC"
        " LIMIT 1)"
    )


def read_from() -> str:
    """$1 partitions, $2 positions, $3 how many rows each: rows from a position inclusive."""
    if db.is_postgres():
        return f"""SELECT {_ROW}, (SELECT value FROM log_epoch) AS epoch
            FROM unnest($1::smallint[], $2::bigint[]) AS w(partition, own)
            CROSS JOIN LATERAL (SELECT * FROM event e WHERE e.partition = w.partition AND e.position >= w.own
                                ORDER BY e.position LIMIT $3) e ORDER BY e.partition, e.position"""
    return _union(
        [
            f"SELECT *, (SELECT value FROM log_epoch) AS epoch FROM (SELECT {_ROW} FROM event e WHERE e.partition = {p}"
            f" AND e.position >= json_extract($2, '$[{p}]') ORDER BY e.position LIMIT $3)"
            for p in range(PARTITIONS)
        ]
    )


def ends() -> str:
    """$1 partitions, $2 positions, pairwise: `at`, the floor, and the tag there (NULL: no such row)."""
    if db.is_postgres():
        return """SELECT w.partition, w.at, p.floor, e.tag FROM unnest($1::smallint[], $2::bigint[]) AS w(partition, at)
            JOIN log_partition p ON p.partition = w.partition
            LEFT JOIN event e ON e.partition = w.partition AND e.position = w.at"""
    return """SELECT p.partition AS partition, at.value AS at, p.floor AS floor, e.tag AS tag
        FROM json_each($1) w JOIN json_each($2) at ON at.key = w.key
        JOIN log_partition p ON p.partition = w.value
        LEFT JOIN event e ON e.partition = w.value AND e.position = at.value"""


def page(narrow: bool) -> str:
    """$1 partitions, $2 own, $3 upper (pairwise), $4 rows of each span, $5 streams; if wide, $6 their partitions.

    At least one row a span, with its floor and the tags at its ends (`p`, `floor`, `own_tag`, `upper_tag`); `position`
    is NULL in the only row of a span without events.
    """
    if not db.is_postgres():
        return _sqlite_page()
    source = """SELECT * FROM event e WHERE e.partition = w.partition AND e.position > w.own AND e.position <= w.upper
        AND e.stream_id = ANY($5::uuid[]) ORDER BY e.position LIMIT $4"""
    if not narrow:
        source = """SELECT e.* FROM unnest($5::uuid[], $6::smallint[]) AS s(stream_id, partition)
            CROSS JOIN LATERAL (SELECT * FROM event e WHERE e.stream_id = s.stream_id AND e.position > w.own
                                AND e.position <= w.upper ORDER BY e.position LIMIT $4) e
            WHERE s.partition = w.partition ORDER BY e.position LIMIT $4"""
    return f"""SELECT w.partition AS p, l.floor, a.tag AS own_tag, z.tag AS upper_tag, {_ROW}
        FROM unnest($1::smallint[], $2::bigint[], $3::bigint[]) AS w(partition, own, upper)
        JOIN log_partition l ON l.partition = w.partition
        LEFT JOIN event a ON a.partition = w.partition AND a.position = w.own
        LEFT JOIN event z ON z.partition = w.partition AND z.position = w.upper
        LEFT JOIN LATERAL ({source}) e ON true ORDER BY w.partition, e.position"""


def page_is_narrow(positions: int) -> bool:
    """Whether a page over so many positions walks the primary key. SQLite always does: one owner, one disk."""
    return positions <= _NARROW or not db.is_postgres()


def _sqlite_page() -> str:
    """Walks the primary key of each span (`+` keeps SQLite off the stream index, which it would have to sort)."""
    spans = """WITH w AS MATERIALIZED (
        SELECT a.value AS p, b.value AS own, c.value AS upper FROM json_each($1) a
        JOIN json_each($2) b ON b.key = a.key JOIN json_each($3) c ON c.key = a.key) """
    return spans + _union(
        [
            f"""SELECT w.p AS p, l.floor AS floor, a.tag AS own_tag, z.tag AS upper_tag, {_ROW}
            FROM w JOIN log_partition l ON l.partition = w.p
            LEFT JOIN event a ON a.partition = w.p AND a.position = w.own
            LEFT JOIN event z ON z.partition = w.p AND z.position = w.upper
            LEFT JOIN (SELECT * FROM event e WHERE e.partition = {p}
                AND e.position > (SELECT own FROM w WHERE p = {p}) AND e.position <= (SELECT upper FROM w WHERE p = {p})
                AND +e.stream_id IN (SELECT value FROM json_each($5)) ORDER BY e.position LIMIT $4) e ON true
            WHERE w.p = {p}"""
            for p in range(PARTITIONS)
        ]
    )


# $1 a time: where each floor may rise to, which is before the first event above it that is not older.
NEW_FLOORS = """SELECT p.partition AS partition, p.floor AS old_floor, COALESCE((SELECT e.position FROM event e
    WHERE e.partition = p.partition AND e.position > p.floor AND e.created_at >= $1 ORDER BY e.position LIMIT 1) - 1,
    p.head) AS new_floor FROM log_partition p ORDER BY p.partition"""


def _union(parts: list[str]) -> str:
    return " UNION ALL ".join(parts)
