"""People who do anything at random, and devices that know only their first snapshot and the events since.

A device is a normalised cache, as client libraries keep one: what an event shows of an object replaces what was known
of it. It goes by the rules the schema tells clients, and by nothing else.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from app.core.graphql.ids import decode_id
from app.messages.scheduling import SendScheduled, send_scheduled
from tests.client import Person, Stream
from tests.messages.documents import message
from tests.messages.test_attachments import make_media

FIELDS = """
fragment C on Conversation {
  __typename id title lastSeq firstSeq unreadCount unreadMentionCount memberCount disappearingSeconds
  deliveredToAllSeq readByAllSeq viewerCanSend
  lastMessage { id } viewerMember { id role }
  settings { mutedUntil isMuted isArchived isPinned labels notificationLevel draft }
  ... on Group { description viewerCanManage viewerCanEditInfo viewerCanAddMembers
    permissions { whoCanSend whoCanEditInfo whoCanAddMembers whoCanPin newMembersSeeHistory slowModeSeconds } }
  ... on Broadcast { description viewerCanManage }
  ... on DirectConversation { isMessageRequest }
}
fragment M on Message {
  __typename id seq kind text editedAt deletedAt mentionsEveryone isPinned viewerHasSaved
  sender { id } mentions { user { id } offset length } reactions { emoji count viewerHasReacted }
  revisions { text } replyTo { id } threadRoot { id } attachments { id caption viewOnce }
}
fragment P on Member { __typename id role user { id } }
"""
SCHEDULED = "id state text sendAt message { id }"
SNAPSHOT = f"""query Snapshot {{ viewer {{ eventCursor
  conversations(first: 100, filter: {{archived: null}}) {{ nodes {{ id }} }}
  requests: conversations(first: 100, filter: {{archived: null, messageRequests: true}}) {{ nodes {{ id }} }}
  scheduledMessages(first: 100) {{ nodes {{ {SCHEDULED} }} }} }} }}"""
WITH = "query With($id: ID!) { directConversation(userId: $id) { id } }"
SEARCH = "query Search($query: String!) { searchMessages(query: $query, first: 100) { nodes { id text } } }"
ATTACHED = "query Attached($id: ID!) { message(id: $id) { attachments { id } } }"
ONE = (
    """query One($id: ID!) { conversation(id: $id) {
  ...C messages(last: 100) { nodes { ...M } } members(first: 100) { nodes { ...P } } } }"""
    + FIELDS
)
EVENTS = (
    """subscription Events($after: Cursor) { events(after: $after) {
  __typename cursor
  ... on CursorMoved { isCaughtUp }
  ... on BlockChanged { user { id } }
  ... on MessageReceived { message { ...M conversation { ...C } } }
  ... on MessageEdited { message { ...M conversation { ...C } } }
  ... on MessageDeleted { messageId removedMessageId tombstone { ...M } conversation { ...C } }
  ... on MessagePinned { message { ...M } }
  ... on MessageSaved { message { ...M } }
  ... on ReactionChanged { message { ...M } }
  ... on ReceiptChanged { conversation { ...C } }
  ... on UnreadChanged { conversations { ...C } viewer { unread { badge } } }
  ... on ConversationAdded { conversation { ...C } }
  ... on ConversationChanged { conversation { ...C } }
  ... on ConversationSettingsChanged { conversation { ...C } }
  ... on ConversationRemoved { conversationId reason }
  ... on ScheduledMessageChanged { scheduledMessage { id state text sendAt message { id } } }
  ... on MemberChanged { change conversation { ...C } member { ...P } removedMemberId }
} }"""
    + FIELDS
)


class Device:
    """What one device knows: conversations, and in each its messages and members."""

    def __init__(self, person: Person, name: str) -> None:
        self.person, self.name = person, name
        self.cursor = ""
        self.conversations: dict[str, dict[str, Any]] = {}
        self.messages: dict[str, dict[str, dict[str, Any]]] = {}
        self.members: dict[str, dict[str, dict[str, Any]]] = {}
        self.scheduled: dict[str, dict[str, Any]] = {}
        self.seen: list[str] = []

    async def start(self) -> None:
        """The cold start; the cursor is taken first, so what comes in between is told again."""
        viewer = (await self.person.query(SNAPSHOT))["viewer"]
        self.cursor = viewer["eventCursor"]
        self.scheduled = {node["id"]: node for node in viewer["scheduledMessages"]["nodes"]}
        for node in viewer["conversations"]["nodes"] + viewer["requests"]["nodes"]:
            self._take_whole((await self.person.query(ONE, id=node["id"]))["conversation"])

    async def catch_up(self) -> None:
        """Resumes from the last cursor, and reads until everything missed has come."""
        async with self.person.subscribe(EVENTS, after=self.cursor) as stream:
            while not await self.read(stream):
                pass

    async def read(self, stream: Stream) -> bool:
        """Applies the next event; whether it says that the past is through."""
        event = await stream.next(20)
        await self._apply(event)
        self.cursor = event["cursor"]
        self.seen.append(event["__typename"])
        return bool(event.get("isCaughtUp"))

    async def _apply(self, event: dict[str, Any]) -> None:
        if event["__typename"] == "ConversationRemoved":
            self._evict(event["conversationId"])
            return
        if event["__typename"] == "BlockChanged":  # what the viewer may do in the chat with them is asked for
            chat = (await self.person.query(WITH, id=event["user"]["id"]))["directConversation"]
            if chat is not None and chat["id"] in self.conversations:
                self._take_whole((await self.person.query(ONE, id=chat["id"]))["conversation"])
            return
        if scheduled := event.get("scheduledMessage"):  # the list has what waits, and what could not be sent
            self.scheduled.pop(scheduled["id"], None)
            if scheduled["state"] in ("PENDING", "FAILED"):
                self.scheduled[scheduled["id"]] = scheduled
            return
        if event["__typename"] == "ConversationAdded" or self._sees_others_now(event):  # what is there is asked for
            whole = (await self.person.query(ONE, id=event["conversation"]["id"]))["conversation"]
            if whole is not None:  # else it is gone again, and ConversationRemoved follows
                self._take_whole(whole)
            return
        shown = event.get("message") or event.get("tombstone")
        conversation = event.get("conversation") or (shown or {}).get("conversation")
        for one in (*event.get("conversations", ()), *([conversation] if conversation else [])):
            self._take_conversation(one)
        if event.get("removedMessageId"):
            for known in self.messages.values():
                known.pop(event["removedMessageId"], None)
        if shown is not None:
            home = conversation["id"] if conversation else self._home_of(shown["id"])
            if home in self.conversations:
                self.messages[home][shown["id"]] = _without(shown, "conversation")
        if event.get("member") and conversation["id"] in self.conversations:
            self.members[conversation["id"]][event["member"]["id"]] = event["member"]
        if event.get("removedMemberId"):
            self.members.get(conversation["id"], {}).pop(event["removedMemberId"], None)

    def _sees_others_now(self, event: dict[str, Any]) -> bool:
        """In a broadcast the staff see all members, and readers the staff: who changes from one to the other asks."""
        member = event.get("member") or {}
        is_own = member.get("user") == {"id": self.person.id}
        return event.get("change") == "ROLE" and is_own and event["conversation"]["__typename"] == "Broadcast"

    def _take_whole(self, node: dict[str, Any]) -> None:
        self.conversations[node["id"]] = _without(node, "messages", "members")
        self.messages[node["id"]] = {m["id"]: m for m in node["messages"]["nodes"]}
        self.members[node["id"]] = {m["id"]: m for m in node["members"]["nodes"]}

    def _take_conversation(self, conversation: dict[str, Any]) -> None:
        """Only of what is in the list: an event from before a removal may come after it."""
        if conversation["id"] in self.conversations:
            self.conversations[conversation["id"]] = conversation

    def _evict(self, conversation_id: str) -> None:
        for known in (self.conversations, self.messages, self.members):
            known.pop(conversation_id, None)

    async def check_search(self, word: str) -> None:
        """What a search finds is what a scan of all that is known finds, but for what is below firstSeq."""
        found = (await self.person.query(SEARCH, query=word))["searchMessages"]["nodes"]
        known = [
            m for id_, some in self.messages.items() for m in some.values()
            if m["kind"] != "SYSTEM" and m["seq"] >= self.conversations[id_]["firstSeq"]
        ]  # fmt: skip
        assert {m["id"] for m in found} == {m["id"] for m in known if word in (m["text"] or "")}, (word, found)

    def _home_of(self, message_id: str) -> str | None:
        return next((home for home, known in self.messages.items() if message_id in known), None)

    def state(self) -> dict[str, Any]:
        """To be compared. What is cached below firstSeq is dropped, as the schema says, and so is what refers to it. A
        broadcast's readers are not told how many they are."""
        state: dict[str, Any] = {"scheduled": self.scheduled}
        for id_, conversation in self.conversations.items():
            there = {key: m for key, m in self.messages[id_].items() if m["seq"] >= conversation["firstSeq"]}
            messages = {
                key: {**m, **{name: bool(m[name]) and m[name]["id"] in there for name in ("replyTo", "threadRoot")}}
                for key, m in there.items()
            }
            state[id_] = {**conversation, "messages": messages, "members": self.members[id_]}
            if conversation["__typename"] == "Broadcast" and not conversation["viewerCanManage"]:
                del state[id_]["memberCount"]
        return state


def _without(node: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in node.items() if key not in names}


def differences(one: Any, other: Any, path: str = "") -> Iterator[str]:
    """Where two states are not the same, in words."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}):
            yield from differences(one.get(key, "(absent)"), other.get(key, "(absent)"), f"{path}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for n, (a, b) in enumerate(zip(one, other, strict=True)):
            yield from differences(a, b, f"{path}[{n}]")
    elif one != other:
        yield f"{path}: {str(one)[:60]} is {str(other)[:60]}"


# ── what people do ────────────────────────────────────────────────────────────────────────────────

_OK = "{ errors { code message } }"
_WORDS = ("hello", "there", "what a day", "🎉", "so long", "مرحبا")
_EMOJI = ("👍", "🎉", "❤️")
_LATER = (datetime.now(UTC) + timedelta(days=9)).isoformat()


def operation(name: str, input_type: str, result: str = "") -> str:
    return f"mutation Do($input: {input_type}!) {{ {name}(input: $input) {{ errors {{ code message }} {result} }} }}"


class Driver:
    """Chooses what somebody does next, of what they may know: their own conversations and what is in them."""

    def __init__(self, seed: int, people: list[Person]) -> None:
        self.random, self.people = random.Random(seed), people
        self.conversations: list[str] = []
        self.messages: list[tuple[str, str]] = []
        self.codes: list[str] = []
        self.invites: list[str] = []
        self.scheduled: list[str] = ["sch_none"]
        self.done: dict[str, int] = {}
        self.refused: dict[str, int] = {}

    async def step(self) -> None:
        """One thing, by one person; being refused is as good. What is neither fails the test."""
        choose = self.random.choice
        person, chat = choose(self.people), choose(self.conversations)
        if self.random.random() < 0.1:
            await choose((self._send_file, self._open_file, self._send_due))(person, chat)
            return
        home, target = choose(self.messages) if self.messages else (chat, "")
        name, input_type, values = choose(self._choices(person, chat, home, target))
        payload = await self._run(person, name, input_type, values)
        if payload["errors"]:
            assert payload["errors"][0]["code"] not in ("UNAVAILABLE", "RATE_LIMITED"), (name, payload)
            self.refused[name] = self.refused.get(name, 0) + 1
        else:
            self.done[name] = self.done.get(name, 0) + 1

    async def _send_file(self, person: Person, chat: str) -> None:
        once = self.random.random() < 0.5
        file = {"mediaId": await make_media(person), "caption": self.random.choice(_WORDS), "viewOnce": once}
        await self._run(person, "sendMessage", "SendMessageInput", message(chat, None, attachments=[file]))

    async def _open_file(self, person: Person, _chat: str) -> None:
        for _, message_id in self.messages[::-1]:
            shown = (await person.query(ATTACHED, id=message_id))["message"]
            if shown and shown["attachments"]:
                values = {"attachmentId": shown["attachments"][0]["id"]}
                await self._run(person, "viewAttachment", "ViewAttachmentInput", values)
                return

    async def _send_due(self, person: Person, _chat: str) -> None:
        """What the worker does when the time has come."""
        for node in (await person.query(SNAPSHOT))["viewer"]["scheduledMessages"]["nodes"]:
            await send_scheduled(SendScheduled(str(decode_id("sch", node["id"]))))
            self.done["sendScheduled"] = self.done.get("sendScheduled", 0) + 1

    async def _run(self, person: Person, name: str, input_type: str, values: dict[str, Any]) -> dict[str, Any]:
        result = {
            "sendMessage": "message { id conversation { id } }",
            "createGroup": "group { id }",
            "createBroadcast": "broadcast { id }",
            "startDirectConversation": "conversation { id }",
            "createInvite": "invite { id code }",
            "scheduleMessage": "scheduledMessage { id }",
        }.get(name, "")
        payload: dict[str, Any] = (await person.query(operation(name, input_type, result), input=values))[name]
        if sent := payload.get("message"):
            self.messages.append((sent["conversation"]["id"], sent["id"]))
        if invite := payload.get("invite"):
            self.codes.append(invite["code"])
            self.invites.append(invite["id"])
        if made := payload.get("scheduledMessage"):
            self.scheduled.append(made["id"])
        for made in (payload.get("group"), payload.get("broadcast"), payload.get("conversation")):
            if made and made["id"] not in self.conversations:
                self.conversations.append(made["id"])
        return payload

    def _choices(self, person: Person, chat: str, home: str, target: str) -> list[tuple[str, str, dict[str, Any]]]:
        choose, other = self.random.choice, self.random.choice(self.people)
        role = choose(["ADMIN", "MEMBER"])
        text = choose(_WORDS)
        new = message(chat, text)
        about = {"messageId": target}
        here = {"conversationId": chat}
        toggled = choose([{"isPinned": True}, {"isPinned": False}, {"isArchived": True}, {"isArchived": False},
                          {"mutedUntil": "2100-01-01T00:00:00Z"}, {"mutedUntil": None}, {"draft": text},
                          {"draft": None}, {"labels": ["work", text]}, {"labels": []},
                          {"notificationLevel": "MENTIONS"}])  # fmt: skip
        permissions = choose([{"whoCanSend": "ADMIN"}, {"whoCanSend": "MEMBER"}, {"whoCanEditInfo": "MEMBER"},
                              {"newMembersSeeHistory": True}, {"whoCanPin": "MEMBER"}])  # fmt: skip
        return [
            *[("sendMessage", "SendMessageInput", new)] * 12,
            ("sendMessage", "SendMessageInput", message(home, text, replyToId=target)),
            ("sendMessage", "SendMessageInput", message(home, text, threadRootId=target)),
            ("sendMessage", "SendMessageInput", message(chat, f"@x {text}", mentions=[
                {"userId": other.id, "offset": 0, "length": 2}])),
            ("sendMessage", "SendMessageInput", message(chat, text, mentionsEveryone=True)),
            *[("editMessage", "EditMessageInput", {**about, "text": f"{text} again"})] * 3,
            ("deleteMessage", "DeleteMessageInput", {**about, "scope": "FOR_EVERYONE"}),
            *[("deleteMessage", "DeleteMessageInput", {**about, "scope": "FOR_ME"})] * 2,
            *[("addReaction", "AddReactionInput", {**about, "emoji": choose(_EMOJI)})] * 3,
            *[("removeReaction", "RemoveReactionInput", {**about, "emoji": choose(_EMOJI)})] * 2,
            ("pinMessage", "PinMessageInput", about), ("unpinMessage", "UnpinMessageInput", about),
            ("saveMessage", "SaveMessageInput", about), ("unsaveMessage", "UnsaveMessageInput", about),
            ("followThread", "FollowThreadInput", {**about, "follow": choose([True, False])}),
            ("forwardMessages", "ForwardMessagesInput", {"items": [
                {"messageId": target, "conversationId": chat, "clientMessageId": uuid4().hex}]}),
            *[("scheduleMessage", "ScheduleMessageInput", {"message": new, "sendAt": _LATER})] * 2,
            ("cancelScheduledMessage", "CancelScheduledMessageInput", {"scheduledMessageId": choose(self.scheduled)}),
            *[("markRead", "MarkReadInput", here)] * 2,
            ("markDelivered", "MarkDeliveredInput", {"marks": [{**here, "upToSeq": self.random.randint(1, 30)}]}),
            ("markUnread", "MarkUnreadInput", {**here, "fromSeq": self.random.randint(1, 20)}),
            *[("updateConversationSettings", "UpdateConversationSettingsInput", {**here, **toggled})] * 3,
            ("clearHistory", "ClearHistoryInput", here),
            ("deleteConversation", "DeleteConversationInput", here),
            ("startDirectConversation", "StartDirectConversationInput", {"userId": other.id}),
            ("updateGroup", "UpdateGroupInput", {"groupId": chat, "title": text, "permissions": permissions}),
            *[("addMembers", "AddMembersInput", {**here, "userIds": [other.id]})] * 2,
            ("removeMember", "RemoveMemberInput", {**here, "userId": other.id}),
            ("leaveConversation", "LeaveConversationInput", here),
            ("setMemberRole", "SetMemberRoleInput", {**here, "userId": other.id, "role": role}),
            ("transferOwnership", "TransferOwnershipInput", {**here, "userId": other.id}),
            ("createInvite", "CreateInviteInput", {**here, "maxUses": choose([None, 1])}),
            *[("joinByInvite", "JoinByInviteInput", {"code": choose(self.codes or ["unknown"])})] * 2,
            ("revokeInvite", "RevokeInviteInput", {"inviteId": choose(self.invites or ["inv_x"])}),
            ("blockUser", "BlockUserInput", {"userId": other.id}),
            *[("unblockUser", "UnblockUserInput", {"userId": other.id})] * 2,
            ("answerMessageRequest", "AnswerMessageRequestInput", {**here, "answer": choose(
                ["ACCEPT", "ACCEPT", "DELETE", "BLOCK"])}),
            ("updatePrivacy", "UpdatePrivacyInput", {"whoCanAddToGroups": choose(["EVERYONE", "CONTACTS"])}),
            ("setDisappearingTimer", "SetDisappearingTimerInput", {**here, "seconds": choose([None, 3600])}),
        ]  # fmt: skip

    async def begin(self) -> None:
        """Two groups, a broadcast and a direct chat to act in."""
        first, *rest = self.people
        ids = [person.id for person in rest]
        await self._run(first, "createGroup", "CreateGroupInput", {"title": "All", "memberIds": ids})
        await self._run(rest[0], "createGroup", "CreateGroupInput", {"title": "Two", "memberIds": [first.id]})
        await self._run(first, "createBroadcast", "CreateBroadcastInput", {"title": "News", "memberIds": ids[:2]})
        await self._run(first, "startDirectConversation", "StartDirectConversationInput", {"userId": ids[0]})

    async def act(self, count: int) -> None:
        """Some things, up to three of them at the same moment."""
        while count > 0:
            at_once = min(count, self.random.randint(1, 3))
            await asyncio.gather(*(self.step() for _ in range(at_once)))
            count -= at_once
