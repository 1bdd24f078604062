"""Rooms, direct messages and what was said in them, as Slack would keep it."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.local.news import News
from bot.local.refusals import SlackRefuses
from bot.local.seats import BOT, BOT_USER, TEAM, Chair, Room
from bot.local.shelf import Shelf

Json = dict[str, Any]


def new_id(prefix: str) -> str:
    """An id for a conversation made while the workspace runs."""
    return f"{prefix}{secrets.token_hex(4).upper()}"


@dataclass(kw_only=True, slots=True)
class Message:
    """One message; `only_for` is the one person who sees an ephemeral one."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    edited: str | None = None
    thread_ts: str | None = None
    only_for: str | None = None

    @property
    def at(self) -> datetime:
        """When it was said, by the workspace's clock."""
        return datetime.fromtimestamp(float(self.ts), UTC)

    def as_slack(self, with_metadata: bool = False) -> Json:
        """The message as Slack's API and payloads show it."""
        shown: Json = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text, "team": TEAM}
        if self.user == BOT_USER:
            shown |= {"bot_id": BOT, "subtype": None, "app_id": None}
            shown = {key: value for key, value in shown.items() if value is not None}
        if self.blocks:
            shown["blocks"] = self.blocks
        if self.edited:
            shown["edited"] = {"user": self.user, "ts": self.edited}
        if self.thread_ts:
            shown["thread_ts"] = self.thread_ts
        if with_metadata and self.metadata:
            shown["metadata"] = self.metadata
        return shown


@dataclass(kw_only=True, slots=True)
class Conversation:
    """A channel, a direct message (`im`) or a group message (`mpim`)."""

    id: str
    kind: str = "channel"
    name: str = ""
    topic: str = ""
    is_private: bool = False
    members: list[str] = field(default_factory=list)
    archived: bool = False

    @property
    def slack_type(self) -> str:
        """Slack's word in the `types` argument of conversations.list."""
        if self.kind != "channel":
            return self.kind
        return "private_channel" if self.is_private else "public_channel"

    def as_slack(self) -> Json:
        """The conversation object of the conversations.* methods."""
        shown: Json = {
            "id": self.id,
            "is_channel": self.kind == "channel" and not self.is_private,
            "is_group": self.kind == "channel" and self.is_private,
            "is_im": self.kind == "im",
            "is_mpim": self.kind == "mpim",
            "is_private": self.is_private or self.kind != "channel",
            "is_archived": self.archived,
            "context_team_id": TEAM,
        }
        if self.kind == "im":
            return shown | {"user": next((who for who in self.members if who != BOT_USER), "")}
        topic = {"value": self.topic, "creator": "", "last_set": 0}
        return shown | {
            "name": self.name,
            "is_member": BOT_USER in self.members,
            "num_members": len(self.members),
            "topic": topic,
        }


class Conversations:
    """All conversations and messages; every change is told and kept."""

    def __init__(
        self,
        people: dict[str, Chair],
        rooms: Sequence[Room],
        shelf: Shelf,
        news: News,
        now: Callable[[], datetime],
    ) -> None:
        self.people, self.shelf, self.news, self.now = people, shelf, news, now
        self.by_id: dict[str, Conversation] = {}
        self.said: dict[str, dict[str, Message]] = {}
        self.read: dict[str, str] = {}
        self._last = 0
        for room in rooms:
            self._add(
                Conversation(
                    id=room.id,
                    name=room.name,
                    topic=room.topic,
                    is_private=room.is_private,
                    members=list(room.members),
                )
            )
        for body in shelf.all("conversation").values():
            self._add(Conversation(**body))
        for body in shelf.all("message").values():
            message = Message(**body)
            self.said.setdefault(message.channel, {})[message.ts] = message
            self._last = max(self._last, round(float(message.ts) * 1_000_000))
        self.read = {key: body["ts"] for key, body in shelf.all("read").items()}
        for user in people:
            self.dm(user)

    def _add(self, conversation: Conversation) -> None:
        self.by_id[conversation.id] = conversation
        self.said.setdefault(conversation.id, {})

    def keep(self, conversation: Conversation) -> None:
        """Add a conversation, or keep a change to it."""
        self._add(conversation)
        self.shelf.put("conversation", conversation.id, asdict(conversation))
        self.news.tell("message", channel=conversation.id)

    def dm(self, user: str) -> Conversation:
        """The direct message between the bot and a person; raises SlackRefuses(user_not_found)."""
        if user not in self.people:
            raise SlackRefuses("user_not_found")
        id_ = f"D{user[1:]}"
        if id_ not in self.by_id:
            self._add(Conversation(id=id_, kind="im", members=[user, BOT_USER]))
        return self.by_id[id_]

    def group(self, users: Sequence[str]) -> Conversation:
        """The group message between the bot and several people; the same people get the same one."""
        members = sorted({*users, BOT_USER})
        for known in self.by_id.values():
            if known.kind == "mpim" and sorted(known.members) == members:
                return known
        names = "--".join(self.people[who].handle for who in members if who != BOT_USER)
        made = Conversation(id=new_id("G0"), kind="mpim", name=f"mpdm-{names}", members=members)
        self.keep(made)
        return made

    def find(self, channel: str) -> Conversation:
        """A conversation by id, or a person's direct message by the person's id, as Slack allows."""
        if channel in self.people:
            return self.dm(channel)
        if channel not in self.by_id:
            raise SlackRefuses("channel_not_found")
        return self.by_id[channel]

    def for_bot(self, channel: str) -> Conversation:
        """A conversation that the bot may write in, refused as Slack refuses."""
        found = self.find(channel)
        if BOT_USER not in found.members:
            raise SlackRefuses("channel_not_found" if found.is_private else "not_in_channel")
        if found.archived:
            raise SlackRefuses("is_archived")
        return found

    def stamp(self) -> str:
        """A message's `ts`: the workspace's clock, never twice the same."""
        self._last = max(self._last + 1, int(self.now().timestamp() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06}"

    def say(self, channel: str, user: str, text: str, **but: Any) -> Message:
        """Put a message into a conversation."""
        message = Message(ts=self.stamp(), channel=channel, user=user, text=text, **but)
        self.said[channel][message.ts] = message
        self.changed(message)
        if user != BOT_USER:
            self.mark_read(user, channel)
        return message

    def changed(self, message: Message) -> None:
        """Keep and tell a change to a message."""
        self.shelf.put("message", f"{message.channel}:{message.ts}", asdict(message))
        kind = "ephemeral" if message.only_for else "message"
        self.news.tell(kind, channel=message.channel, user=message.only_for)

    def message(self, channel: str, ts: str, missing: str = "message_not_found") -> Message:
        """A message by channel and ts; raises SlackRefuses with the code `missing`."""
        if channel not in self.said or ts not in self.said[channel]:
            raise SlackRefuses(missing)
        return self.said[channel][ts]

    def delete(self, message: Message) -> None:
        """Take a message away."""
        del self.said[message.channel][message.ts]
        self.shelf.drop("message", f"{message.channel}:{message.ts}")
        self.news.tell("message", channel=message.channel, user=message.only_for)

    def seen_by(self, user: str, channel: str) -> list[Message]:
        """What a person sees in a conversation, oldest first."""
        return [one for one in self.said[channel].values() if one.only_for in (None, user)]

    def history(self, channel: str) -> list[Message]:
        """What everybody sees, newest first: ephemeral messages are in no history."""
        return [one for one in reversed(self.said[channel].values()) if one.only_for is None]

    def unread(self, user: str, channel: str) -> int:
        """How many messages of others a person has not looked at."""
        mark = float(self.read.get(f"{user}:{channel}", "0"))
        count = 0
        for one in reversed(self.said[channel].values()):
            if float(one.ts) <= mark:
                break
            count += one.user != user and one.only_for in (None, user)
        return count

    def mark_read(self, user: str, channel: str) -> None:
        """A person looks at a conversation."""
        last = max((one.ts for one in self.seen_by(user, channel)), key=float, default="0")
        if self.read.get(f"{user}:{channel}", "0") != last:
            self.read[f"{user}:{channel}"] = last
            self.shelf.put("read", f"{user}:{channel}", {"ts": last})

    def of(self, user: str, kind: str = "channel") -> list[Conversation]:
        """The conversations of one kind that a person is in."""
        return [one for one in self.by_id.values() if one.kind == kind and user in one.members]
