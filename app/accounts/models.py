"""Tables of accounts."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from app.core.clock import new_id


class User(Model):
    """A person. `*_key` columns are the normalised forms that must be unique (lower case; E.164)."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    username = fields.CharField(max_length=50)
    username_key = fields.CharField(max_length=50, unique=True)
    email = fields.CharField(max_length=255, null=True)
    email_key = fields.CharField(max_length=255, null=True, unique=True)
    email_verified = fields.BooleanField(default=False)
    phone_number = fields.CharField(max_length=20, null=True, unique=True)
    phone_verified = fields.BooleanField(default=False)
    password_hash = fields.CharField(max_length=255, null=True)
    display_name = fields.CharField(max_length=100)
    bio = fields.CharField(max_length=500, null=True)
    # A file of theirs (media, which is above and refers to people: no foreign key).
    avatar_id = fields.UUIDField(null=True)
    gender = fields.CharField(max_length=16, default="UNSPECIFIED")
    role = fields.CharField(max_length=16, default="USER")
    needs_profile_setup = fields.BooleanField(default=True)
    # In a row, from no device of the account's (wrong_passwords.py).
    wrong_passwords = fields.SmallIntField(default=0)
    # Whether somebody sees the profile as it was once (kept_profiles.py): then readers ask who the viewer is.
    has_kept_profile = fields.BooleanField(default=False)
    deleted_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "user_account"


class DiscoveryKey(Model):
    """What an address book calls a discoverable number or address while a salt lasts (discovery.py). It names nobody:
    whose it is, and whether they still let others find them, is asked when it is looked up."""

    key = fields.CharField(max_length=64, primary_key=True)
    epoch = fields.IntField()
    identifier = fields.CharField(max_length=255)

    class Meta:
        table = "discovery_key"
        unique_together = (("epoch", "identifier"),)
        indexes = (("identifier",),)


class UsernameHold(Model):
    """A username somebody gave up: until then only they can have it again."""

    username_key = fields.CharField(max_length=50, primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="held_usernames")
    until = fields.DatetimeField()

    class Meta:
        table = "username_hold"
        indexes = (("user_id",), ("until",))


class ErasedIdentifier(Model):
    """The keyed hash of an address or number of an erased account: until then only its proof makes it somebody's."""

    identifier_hash = fields.CharField(max_length=64, primary_key=True)
    until = fields.DatetimeField()

    class Meta:
        table = "erased_identifier"
        indexes = (("until",),)


class PrivacySettings(Model):
    """What a person lets others see and do. No row: the defaults of `privacy.Privacy`, as for everybody at first."""

    user: fields.OneToOneRelation[User] = fields.OneToOneField(
        "models.User", related_name="privacy_settings", primary_key=True
    )
    last_seen = fields.CharField(max_length=16)
    online_status = fields.CharField(max_length=16)
    profile_photo = fields.CharField(max_length=16)
    bio = fields.CharField(max_length=16)
    read_receipts = fields.BooleanField()
    typing_indicators = fields.BooleanField()
    who_can_message = fields.CharField(max_length=16)
    who_can_add_to_groups = fields.CharField(max_length=16)
    who_can_call = fields.CharField(max_length=16)
    discoverable_by_phone = fields.BooleanField()
    discoverable_by_email = fields.BooleanField()
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "privacy_settings"


class AccountDeletion(Model):
    """An account that is to be erased, is being erased (`started_at`) or was (`erased_at`): then the record of it."""

    user: fields.OneToOneRelation[User] = fields.OneToOneField("models.User", related_name="deletion", primary_key=True)
    messages = fields.CharField(max_length=16)
    requested_at = fields.DatetimeField()
    scheduled_for = fields.DatetimeField()
    started_at = fields.DatetimeField(null=True)
    erased_at = fields.DatetimeField(null=True)

    class Meta:
        table = "account_deletion"
        # The migration adds an index on scheduled_for where erased_at is null.


class DataExport(Model):
    """A copy of somebody's data that they asked for: a zip in `data_dir/exports`, named by the id, until it expires."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="data_exports")
    # Of one conversation only; null: of everything.
    conversation_id = fields.UUIDField(null=True)
    format = fields.CharField(max_length=8, default="NDJSON")
    state = fields.CharField(max_length=16)
    include_media = fields.BooleanField(default=False)
    size_bytes = fields.BigIntField(null=True)
    expires_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "data_export"
        indexes = (("user_id", "created_at"), ("state", "updated_at"))


class AuditEntry(Model):
    """Something that was done to an account. It outlives the account and refers to nothing.

    Triggers (in the migration) let rows be added, lose their address, and go after a year: nothing else.
    """

    id = fields.UUIDField(primary_key=True, default=new_id)
    user_id = fields.UUIDField(null=True)
    actor_id = fields.UUIDField(null=True)
    action = fields.CharField(max_length=40)
    subject = fields.CharField(max_length=64, null=True)
    ip_address = fields.CharField(max_length=45, null=True)
    request_id = fields.CharField(max_length=64, null=True)
    details = fields.CharField(max_length=255, null=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "audit_entry"
        indexes = (("user_id", "created_at", "id"), ("created_at",))


class UserWord(Model):
    """A word that a person is found by: each of the display name and of the username, lower-cased, without accents.

    On PostgreSQL `word` has the collation "C", so that a prefix is a range of the index on both engines.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="words")
    word = fields.CharField(max_length=100)

    class Meta:
        table = "user_word"
        unique_together = (("user", "word"),)
        indexes = (("word", "user_id"),)


class Device(Model):
    """One installation of a client. `number` (1..127) is its device id in the Signal protocol."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="devices")
    number = fields.SmallIntField()
    installation_id = fields.CharField(max_length=128)
    name = fields.CharField(max_length=100)
    platform = fields.CharField(max_length=16)
    wrong_passwords = fields.SmallIntField(default=0)
    last_seen_at = fields.DatetimeField()
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "device"
        unique_together = (("user", "installation_id"), ("user", "number"))


class Session(Model):
    """A signed-in device. Ended sessions are kept: their refresh tokens must be recognised when reused."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="sessions")
    device: fields.ForeignKeyRelation[Device] = fields.ForeignKeyField("models.Device", related_name="sessions")
    ip_address = fields.CharField(max_length=45, null=True)
    user_agent = fields.CharField(max_length=255, null=True)
    last_used_at = fields.DatetimeField()
    # When the person last proved who they are in this session; null for one that another device let in.
    proved_at = fields.DatetimeField(null=True)
    expires_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    end_reason = fields.CharField(max_length=32, null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "session"
        indexes = (("user_id", "ended_at"), ("device_id",), ("expires_at",))


class RefreshToken(Model):
    """The hash of each refresh token a session has had. A used one coming back after the grace ends the session."""

    token_hash = fields.CharField(max_length=64, primary_key=True)
    session: fields.ForeignKeyRelation[Session] = fields.ForeignKeyField("models.Session", related_name="tokens")
    used_at = fields.DatetimeField(null=True)
    expires_at = fields.DatetimeField()
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "refresh_token"
        indexes = (("session_id",), ("expires_at",))


class OneTimeCode(Model):
    """The one live code of an identifier (e-mail or E.164, normalised). The code itself is stored as a keyed hash."""

    identifier = fields.CharField(max_length=255, primary_key=True)
    code_hash = fields.CharField(max_length=64)
    attempts = fields.SmallIntField(default=0)
    sent_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()

    class Meta:
        table = "one_time_code"
        indexes = (("expires_at",),)


class DeviceLink(Model):
    """A new device that waits to be linked by QR code. Secrets are stored as hashes; `expires_at` is database time."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    qr_hash = fields.CharField(max_length=64)
    secret_hash = fields.CharField(max_length=64)
    installation_id = fields.CharField(max_length=128)
    name = fields.CharField(max_length=100)
    platform = fields.CharField(max_length=16)
    ip_address = fields.CharField(max_length=45, null=True)
    state = fields.CharField(max_length=16, default="WAITING")
    session: fields.ForeignKeyNullableRelation[Session] = fields.ForeignKeyField(
        "models.Session", related_name="links", null=True
    )
    provisioning = fields.TextField(null=True)
    expires_at = fields.DatetimeField()
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "device_link"
        indexes = (("session_id",), ("expires_at",))


class TwoFactor(Model):
    """A person's authenticator secret, sealed with the server's key; it counts once it is confirmed. Each code works
    once: later ones have a higher `last_step`."""

    user: fields.OneToOneRelation[User] = fields.OneToOneField(
        "models.User", related_name="two_factor", primary_key=True
    )
    sealed_secret = fields.CharField(max_length=255)
    last_step = fields.BigIntField(default=0)
    confirmed_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "two_factor"


class RecoveryCode(Model):
    """A code that stands in for the authenticator once. Only its keyed hash is stored; a used one is deleted."""

    code_hash = fields.CharField(max_length=64, primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="recovery_codes")

    class Meta:
        table = "recovery_code"
        indexes = (("user_id",),)


class SignInChallenge(Model):
    """A sign-in that waits for its second factor, and the device it is for."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    secret_hash = fields.CharField(max_length=64)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="challenges")
    installation_id = fields.CharField(max_length=128)
    name = fields.CharField(max_length=100)
    platform = fields.CharField(max_length=16)
    attempts = fields.SmallIntField(default=0)
    expires_at = fields.DatetimeField()

    class Meta:
        table = "sign_in_challenge"
        indexes = (("user_id",), ("expires_at",))


class MailToken(Model):
    """The hash of a token mailed in a link: it proves the address, or lets a new password be chosen. Used once."""

    token_hash = fields.CharField(max_length=64, primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="mail_tokens")
    purpose = fields.CharField(max_length=16)
    email_key = fields.CharField(max_length=255)
    expires_at = fields.DatetimeField()
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "mail_token"
        indexes = (("user_id", "purpose"), ("expires_at",))


class OAuthAttempt(Model):
    """A sign-in sent to a provider: what must come back with it, once. `user_id` is who links, if signed in."""

    state_hash = fields.CharField(max_length=64, primary_key=True)
    provider = fields.CharField(max_length=16)
    redirect_uri = fields.CharField(max_length=2048)
    nonce = fields.CharField(max_length=64)
    code_challenge = fields.CharField(max_length=64)
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="oauth_attempts", null=True
    )
    expires_at = fields.DatetimeField()

    class Meta:
        table = "oauth_attempt"
        indexes = (("user_id",), ("expires_at",))


class LinkedIdentity(Model):
    """A person at a provider, by issuer and subject (never by e-mail), who may sign in to an account."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="identities")
    provider = fields.CharField(max_length=16)
    issuer = fields.CharField(max_length=255)
    subject = fields.CharField(max_length=255)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "linked_identity"
        unique_together = (("issuer", "subject"), ("user", "provider"))
