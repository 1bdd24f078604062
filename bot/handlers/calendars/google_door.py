"""The door at which Google says that something in the organiser's calendar has changed; what, has to be asked.

Everything stands in headers; a message is believed for the channel's token, and only that something is to be looked at.
"""

import hmac
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.domain.entries import Channel

PATH = "/calendars/google"


class GoogleDoor:
    """Answers at once; what it turns away is counted by why."""

    def __init__(
        self,
        channel: Callable[[], Awaitable[Channel | None]],
        changed: Callable[[], None],
        turned_away: Callable[[str], None],
    ) -> None:
        """`channel` gives the one that was opened last, `changed` hears that there is something to look at."""
        self._channel, self._changed, self._turned_away = channel, changed, turned_away

    async def receive(self, request: Request) -> Response:
        """200 whatever it was: a forged message is dropped in silence, the first one only says that we are heard."""
        channel = await self._channel()
        token = request.headers.get("x-goog-channel-token", "")
        if channel is None or not hmac.compare_digest(token.encode(), channel.secret.encode()):
            self._turned_away("forged")
        elif request.headers.get("x-goog-resource-state") != "sync":
            self._changed()
        return PlainTextResponse("")
