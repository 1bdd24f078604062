"""Slack's rate limits, when the switch is on: one message a second per channel, and a tier per method."""

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable

from bot.local.refusals import TooFast

TIERS = {2: 20, 3: 50, 4: 100}  # calls a minute
TIER_OF = {
    "chat.update": 3,
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "conversations.create": 2,
    "conversations.setTopic": 2,
    "conversations.list": 2,
    "conversations.invite": 3,
    "conversations.info": 3,
    "conversations.open": 3,
    "conversations.history": 3,
    "conversations.replies": 3,
    "conversations.members": 4,
    "files.getUploadURLExternal": 4,
    "files.completeUploadExternal": 4,
    "users.info": 4,
    "users.lookupByEmail": 3,
    "users.list": 2,
    "dnd.info": 3,
    "team.info": 3,
    "bots.info": 3,
    "views.open": 4,
    "views.push": 4,
    "views.update": 4,
    "views.publish": 4,
}
SPECIAL = 600  # calls a minute where Slack names no tier; also the workspace's ceiling for messages


class Rates:
    """Counts calls over the last minute of real time."""

    def __init__(self, real_seconds: Callable[[], float] = time.monotonic) -> None:
        self.real_seconds = real_seconds
        self.posted: dict[str, float] = {}
        self.calls: defaultdict[str, deque[float]] = defaultdict(deque)

    def allow(self, method: str, channel: str = "") -> None:
        """Count one call, or raise TooFast with the seconds to wait (slack.md section 5)."""
        now = self.real_seconds()
        if method == "chat.postMessage":
            if (left := 1 - (now - self.posted.get(channel, -1.0))) > 0:
                raise TooFast(math.ceil(left))
            self.posted[channel] = now
        calls = self.calls[method]
        while calls and now - calls[0] >= 60:
            calls.popleft()
        if len(calls) >= (TIERS[TIER_OF[method]] if method in TIER_OF else SPECIAL):
            raise TooFast(math.ceil(60 - (now - calls[0])))
        calls.append(now)
