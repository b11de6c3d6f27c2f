"""What a member set for themselves: muted, archived. As SQL, so that lists and counts judge alike.

Of member m and conversation c; `at` is the parameter with the instant.
"""

from __future__ import annotations

# Where the conversation ends for the member; a message hidden from them moves nothing.
_LAST_SEQ = "CASE WHEN c.hidden_from_id = m.user_id THEN c.shown_seq ELSE c.last_seq END"


def is_muted(at: str) -> str:
    """Whether it makes no sound and is left out of the badge."""
    return f"(m.muted_until IS NOT NULL AND m.muted_until > {at})"


def is_archived(at: str) -> str:
    """Whether it is put away: a message that came since takes it out again, unless it is muted."""
    return f"(m.archived_seq IS NOT NULL AND (m.archived_seq >= {_LAST_SEQ} OR {is_muted(at)}))"
