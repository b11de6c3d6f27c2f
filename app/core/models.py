"""Tables of the log (design.md, "The log"), queried by core/log*.py only, and of jobs, by core/job_store.py only."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class LogEpoch(Model):
    """One row: a random number renewed when a backup is restored, so that no earlier cursor is good any more."""

    id = fields.SmallIntField(primary_key=True, generated=False)
    value = fields.BigIntField()

    class Meta:
        table = "log_epoch"


class LogPartition(Model):
    """The end of each of the 16 partitions. `tag_before` is the tag that `tag` replaced, for the same append."""

    partition = fields.SmallIntField(primary_key=True, generated=False)
    head = fields.BigIntField()
    tag = fields.BigIntField()
    tag_before = fields.BigIntField()
    floor = fields.BigIntField()

    class Meta:
        table = "log_partition"


class LogEvent(Model):
    """One thing that happened: the only rows clients are told about. The key is (partition, position)."""

    # Tortoise knows no composite keys: `position` fills the place, the migration keys (partition, position).
    partition = fields.SmallIntField()
    position = fields.BigIntField(primary_key=True, generated=False)
    tag = fields.BigIntField()
    stream_id = fields.UUIDField()
    kind = fields.CharField(max_length=40)
    payload: fields.Field[dict[str, object]] = fields.JSONField()
    hidden_from: fields.Field[list[str] | None] = fields.JSONField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "event"
        indexes = (("stream_id", "position"),)


class Membership(Model):
    """An interval in which a person sees a conversation's stream, both ends included; re-joining opens another."""

    id = fields.UUIDField(primary_key=True)
    stream_id = fields.UUIDField()
    user_id = fields.UUIDField()
    partition = fields.SmallIntField()
    from_position = fields.BigIntField()
    to_position = fields.BigIntField(null=True)

    class Meta:
        table = "membership"
        # The migration adds: one open interval per (stream_id, user_id), unique where to_position is null.
        indexes = (("user_id",),)


class Job(Model):
    """Something to be done. `run_at` is when a worker may (again) take it: a lease moves it on. Done rows go."""

    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(max_length=64)
    payload: fields.Field[dict[str, object]] = fields.JSONField()
    unique_key = fields.CharField(max_length=255, null=True)
    run_at = fields.DatetimeField()
    attempts = fields.SmallIntField(default=0)
    lease_id = fields.UUIDField(null=True)
    last_error = fields.CharField(max_length=500, null=True)
    dead_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "job"
        # The migration adds: `unique_key` unique, and an index of `run_at`, both where dead_at is null.
