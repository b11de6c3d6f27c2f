"""What of the settings is about people writing to each other: contacts, conversations, messages, presence."""

from __future__ import annotations

from pydantic import BaseModel, Field


class ContactSettings(BaseModel):
    """Address books and how people find one another."""

    contacts: int = Field(5000, description="Contacts a person may have.")
    connection_code_seconds: int = Field(30, description="Life of a connection code; the next one is due then.")
    hash_seconds: int = Field(86400, ge=3600, description="Life of the salt under which address books are hashed.")
    hashes_per_call: int = Field(1000, ge=1, le=1000, description="Most hashes of one syncContacts.")


class ConversationSettings(BaseModel):
    """Groups and their limits."""

    group_title_length: int = Field(100, description="Longest group title, in code points.")
    group_members: int = Field(1000, description="Most members of a group.")
    invites: int = Field(100, description="Most live invites of a group or broadcast.")
    invite_max_seconds: int = Field(365 * 86400, description="Longest life of an invite that ends by itself.")
    invite_max_uses: int = Field(100_000, description="Most uses of an invite that has a number of them.")
    invite_url: str = Field(
        "",
        pattern=r"^$|^https?://\S*\{code\}\S*$",
        description="Your app's page that takes an invite, with {code} in it; empty: this server's.",
    )
    disappearing_max_seconds: int = Field(365 * 86400, description="Longest time after which messages disappear.")
    slow_mode_max_seconds: int = Field(3600, description="Longest slow mode of a group.")
    pinned: int = Field(50, description="Most conversations that a person pins to the top of their list.")
    labels: int = Field(100, description="Most different labels of a person.")
    labels_per_conversation: int = Field(20, description="Most labels a person puts on one conversation.")
    receipts_announced_up_to: int = Field(32, description="Members up to which receipts are announced live.")
    profiles_announced_up_to: int = Field(256, description="Members up to which changed profiles are announced live.")


class MessageSettings(BaseModel):
    """Sending and receipts."""

    length: int = Field(10_000, description="Longest text, in code points.")
    batch_items: int = Field(100, description="Most items of one sendMessages or forwardMessages.")
    attachments_per_message: int = Field(10, description="Most files in one message.")
    caption_length: int = Field(1000, description="Longest caption of a file, in code points.")
    waveform_samples: int = Field(256, description="Most samples of a voice message's waveform.")
    mentions_per_message: int = Field(50, description="Most mentions of people in one message.")
    mention_everyone_up_to: int = Field(
        32, description="Members up to which anybody may mention everyone; above, only owner and admins."
    )
    forwarded_many_times_from: int = Field(5, description="Forwardings from which a message is marked as such.")
    scheduled_ahead_seconds: int = Field(30 * 86400, description="How far ahead a message may be scheduled.")
    scheduled_pending: int = Field(100, description="Most messages that a person may have scheduled at once.")
    scheduled_keep_seconds: int = Field(
        30 * 86400, description="How long scheduled messages are kept once they were sent, canceled or failed."
    )
    location_label_length: int = Field(200, description="Longest label of a shared place, in code points.")
    unread_from_most: int = Field(10_000, description="How far back markUnread may start, in messages.")
    lanes: int = Field(1, description="Send lanes of a process; a lane commits one batch at a time.")
    lane_batch: int = Field(500, description="Most messages a lane commits at once.")
    edit_window_seconds: int | None = Field(None, ge=0, description="How long a message can be edited; empty: always.")
    edits_per_message: int = Field(100, description="How often a message can be edited.")
    revisions_length: int = Field(
        200_000, description="Code points kept of what a message said before its edits: it can't be edited beyond."
    )
    delete_window_seconds: int | None = Field(
        None, ge=0, description="How long its sender can delete a message for everyone; empty: always."
    )
    reaction_kinds: int = Field(20, description="Most kinds of reactions on a message.")
    pins_per_conversation: int = Field(20, description="Most pinned messages of a conversation.")
    saved_messages: int = Field(5000, description="Most messages a person can save.")
    receipt_days: int = Field(30, description="How long the times at which messages were delivered and read are kept.")
    receipt_seconds: float = Field(0.2, description="How long marks are collected before they are written.")


class MediaSettings(BaseModel):
    """Files."""

    avatar_bytes: int = Field(5 * 2**20, description="Largest file that may become an avatar.")


class PresenceSettings(BaseModel):
    """Who is online, and who types."""

    enabled: bool = Field(True, description="Whether people see who is online and was; false: nobody is told anything.")
    beat_seconds: float = Field(25, gt=0, description="How often a process says that it and its sockets are there.")
    ttl_seconds: float = Field(60, gt=0, description="Silence after which a process, and all its sockets, are gone.")
    offline_seconds: float = Field(10, ge=0, description="How long a device may be gone before it counts as offline.")
    change_seconds: float = Field(5, ge=0, description="Least time between two changes of a person that are told.")
    store_seconds: float = Field(300, gt=0, description="How often it is stored who is online, for last seen.")
    status_length: int = Field(100, le=100, description="Longest status text, in code points.")
    typing_renew_seconds: int = Field(3, description="How often clients repeat setTyping while it goes on.")
    typing_expire_seconds: int = Field(5, description="When typing ends by itself unless it is repeated.")
