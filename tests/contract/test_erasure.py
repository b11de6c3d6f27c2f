"""Every table that names a person: what becomes of its rows when the account is erased is decided here."""

from __future__ import annotations

import importlib
import inspect

from tortoise.models import Model

from app.accounts import erasure
from app.accounts.erasure import ErasurePart
from app.core import db

WITH_THE_PROFILE = {*erasure._PERSONAL, "data_export"}
WITH_ITS_PART = {  # deleted, or no longer naming the person, by what `@erases` that part
    "session": ErasurePart.SESSIONS,
    "device": ErasurePart.DEVICES,
    "presence": ErasurePart.SESSIONS,
    "contact": ErasurePart.CONTACTS,
    "contact_request": ErasurePart.CONTACTS,
    "block": ErasurePart.CONTACTS,
    "connection_code": ErasurePart.CONTACTS,
    "conversation_label": ErasurePart.MEMBERSHIPS,
    "message": ErasurePart.MESSAGES,
    "media": ErasurePart.MEDIA,
    "attachment_view": ErasurePart.MESSAGES,
    "reaction": ErasurePart.MESSAGES,
    "pin": ErasurePart.MESSAGES,
    "saved_message": ErasurePart.MESSAGES,
    "deleted_message": ErasurePart.MESSAGES,
    "message_mention": ErasurePart.MESSAGES,
    "thread_follow": ErasurePart.MESSAGES,
    "scheduled_message": ErasurePart.MESSAGES,
}
KEPT = {
    "member": "ended memberships: who was where, without a name",
    "conversation": "who started it, without a name",
    "invite": "who made it, without a name: it goes on letting people into the group",
    "username_hold": "the name is held for 7 days",
    "account_deletion": "the record of the erasure",
}


def _tables_naming_people() -> set[str]:
    found = set()
    for module in map(importlib.import_module, db.MODELS):
        for _, model in inspect.getmembers(module, inspect.isclass):
            if issubclass(model, Model) and model is not Model:
                fields = model._meta.fields_map.values()
                if any(getattr(field, "model_name", "") == "models.User" for field in fields):
                    found.add(model._meta.db_table)
    return found


def test_every_table_that_names_a_person_is_decided():
    decided = [WITH_THE_PROFILE, set(WITH_ITS_PART), set(KEPT)]
    assert _tables_naming_people() == set().union(*decided)
    assert sum(map(len, decided)) == len(set().union(*decided))


def test_every_part_has_somebody_who_erases_it():
    import app.schema

    assert app.schema
    assert set(WITH_ITS_PART.values()) | {ErasurePart.PROFILE, ErasurePart.MEMBERSHIPS} == set(erasure._erasers)
