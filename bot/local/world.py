"""The local workspace as a whole: its people, rooms, views, mail and clock, and the line to the bot."""

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.local import people_methods
from bot.local.clock import MovableClock
from bot.local.conversations import Conversations, Message
from bot.local.delivery import Delivery, Switches
from bot.local.files import Files
from bot.local.letters import Letters
from bot.local.mail_program import MailProgram
from bot.local.news import News
from bot.local.payloads import Payloads
from bot.local.rates import Rates
from bot.local.refusals import SlackRefuses
from bot.local.seats import BOT_NAME, BOT_USER, Chair, Command, Place, Room, Shortcut
from bot.local.shelf import Shelf
from bot.local.signed import SignedHttp
from bot.local.sockets import Sockets
from bot.local.stage import Stage

Json = dict[str, Any]

REPLY_LIVES, REPLY_USES = 1_800.0, 5  # seconds of a response_url, and how often it may be used


@dataclass(slots=True)
class Reply:
    """Where a response_url leads: a person in a conversation, and the message that was pressed, if any."""

    user: str
    channel: str
    ts: str | None
    made: float
    left: int = REPLY_USES


class World:
    """Everything the stand-in knows. All of it lives in one event loop."""

    def __init__(
        self,
        *,
        place: Place,
        people: Sequence[Chair],
        rooms: Sequence[Room],
        clock: MovableClock,
        commands: Sequence[Command] = (),
        shortcuts: Sequence[Shortcut] = (),
        shelf: Shelf | None = None,
        real_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """`people` are all who have a chair; Slack knows those of them who are in it.

        `shelf` keeps the world over a restart; `real_seconds` measures triggers and rates.
        """
        self.place, self.commands, self.shortcuts, self.clock = place, commands, shortcuts, clock
        self.chairs = {one.user_id: one for one in people}
        self.people = {id: one for id, one in self.chairs.items() if one.in_slack}
        self.shelf, self.news, self.real_seconds = shelf or Shelf(), News(), real_seconds
        self.talk = Conversations(self.people, rooms, self.shelf, self.news, clock.now)
        self.stage = Stage(self.shelf, self.news, real_seconds)
        self.files = Files(self.shelf)
        self.letters = Letters(self.chairs, self.shelf, self.news, clock.now)
        self.switches = Switches(**self.shelf.all("switches").get("on", {}))
        self.rates = Rates(real_seconds)
        self.sockets = Sockets()
        self.delivery = Delivery(self.sockets, self.switches)
        self.payloads = Payloads(self)
        self.address = "http://127.0.0.1"
        self.bot_token, self.app_token = f"xoxb-{secrets.token_hex(12)}", f"xapp-{secrets.token_hex(12)}"
        self.signing_secret = secrets.token_hex(16)
        self.mail_program: MailProgram | None = None
        self.deactivated: set[str] = set()
        self._replies: dict[str, Reply] = {}
        self.trouble: dict[str, list[bool]] = {}
        clock.on_move(self._moved)

    async def _moved(self, now: Any) -> None:
        self.news.tell("clock")

    def reach_by_http(self, url: str) -> None:
        """From now on deliver by requests to `url`, signed with `signing_secret`, and not over Socket Mode."""
        self.delivery.line = SignedHttp(url, self.signing_secret)

    def reach_by_socket(self) -> None:
        """From now on deliver over Socket Mode (as at the start)."""
        self.delivery.line = self.sockets

    def fail(self, method: str, *, times: int = 1, after: bool = False) -> None:
        """Answer the next calls of a Web API method with 503; `after` means that they were carried out."""
        self.trouble.setdefault(method, []).extend([after] * times)

    def turn(self, **switches: bool) -> None:
        """Turn switches on or off: rate_limit, duplicates, late."""
        for name, on in switches.items():
            setattr(self.switches, name, on)
        kept = {name: getattr(self.switches, name) for name in ("rate_limit", "duplicates", "late")}
        self.shelf.put("switches", "on", kept)

    def name_of(self, user: str) -> str:
        """A person's name, or the bot's."""
        return BOT_NAME if user == BOT_USER else self.chairs[user].name

    def caption(self, text: str) -> None:
        """Show a caption on the page (the tour)."""
        self.news.tell("caption", text=text)

    def reply_url(self, user: str, channel: str, ts: str | None = None) -> str:
        """A response_url: five answers within thirty minutes (slack.md section 4)."""
        token = secrets.token_urlsafe(18)
        self._replies[token] = Reply(user, channel, ts, self.real_seconds())
        return f"{self.address}/response/{token}"

    def reply(self, token: str) -> Reply:
        """Use a response_url once; raises SlackRefuses when it is unknown, old or used up."""
        reply = self._replies.get(token)
        if reply is None or self.real_seconds() - reply.made > REPLY_LIVES:
            raise SlackRefuses("expired_url")
        if reply.left == 0:
            raise SlackRefuses("used_url")
        reply.left -= 1
        return reply

    def whisper(self, user: str, channel: str, text: str, blocks: list[Json]) -> Message:
        """Say something that only one person sees."""
        return self.talk.say(channel, BOT_USER, text, blocks=blocks, only_for=user)

    def join(self, user: str, channel: str) -> None:
        """Somebody comes into a channel, and the bot gets member_joined_channel."""
        talk = self.talk.find(channel)
        if user not in talk.members:
            talk.members.append(user)
            self.talk.keep(talk)
            kind = "G" if talk.is_private else "C"
            event = {"type": "member_joined_channel", "user": user, "channel": talk.id, "channel_type": kind}
            self.delivery.tell_later(self.payloads.event(event))

    async def close(self) -> None:
        """End streams, connections and writing, so that the program can stop."""
        self.news.close()
        await self.delivery.close()
        await self.sockets.close()
        self.shelf.close()

    def deactivate(self, user: str, *, again: bool = False) -> None:
        """Somebody's account is closed, or active `again`; the bot gets user_change, as Slack publishes it."""
        (self.deactivated.discard if again else self.deactivated.add)(user)
        described = people_methods.user(self, self.people[user])
        event = {"type": "user_change", "user": described, "cache_ts": int(self.clock.now().timestamp())}
        self.delivery.tell_later(self.payloads.event(event))
