"""The door at which Microsoft Graph tells of changed events (calendar.md section 2, Notifications).

What it says is only ever which event to look at again: nothing of what is sent is believed but the secret in it.
"""

import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.domain.entries import Channel
from bot.handlers.body import body_within

Json = dict[str, Any]

PATH = "/calendars/graph"
MOST = 512 * 1024
LONGEST_TOKEN = 2_000
AT_ONCE = 1_000  # notes of one request; Graph sends far fewer

LIFECYCLE = ("reauthorizationRequired", "subscriptionRemoved", "missed")


@dataclass(frozen=True, kw_only=True)
class News:
    """What there is to look at: events by their ids, and whether the channel itself has to be seen to."""

    events: tuple[str, ...] = ()
    channel: bool = False
    everything: bool = False


class GraphDoor:
    """Answers within Graph's three seconds whatever there is to do; what it turns away is counted by why."""

    def __init__(
        self,
        channel: Callable[[], Awaitable[Channel | None]],
        told: Callable[[News], None],
        turned_away: Callable[[str], None],
    ) -> None:
        """`channel` gives the one that was opened last, `told` hears what to look at and must not wait."""
        self._channel, self._told, self._turned_away = channel, told, turned_away

    async def receive(self, request: Request) -> Response:
        """The handshake, or 202; a note that is forged, or of a channel that is not ours, is dropped in silence."""
        if token := request.query_params.get("validationToken"):
            return PlainTextResponse(token[:LONGEST_TOKEN], headers={"x-content-type-options": "nosniff"})
        raw = await body_within(request, MOST)
        if raw is None:
            return self._away("too_big", 413)
        try:
            said = json.loads(raw)
            notes = [note for note in said["value"][:AT_ONCE] if isinstance(note, dict)]
        except (ValueError, KeyError, TypeError):
            return self._away("no_notes", 400)
        channel = await self._channel()
        ours = [note for note in notes if channel is not None and _is_from(note, channel)]
        for _ in range(len(notes) - len(ours)):
            self._turned_away("forged")
        if ours:
            self._told(_news(ours))
        return PlainTextResponse("", 202)

    def _away(self, why: str, status: int) -> Response:
        self._turned_away(why)
        return PlainTextResponse(why, status)


def _is_from(note: Json, channel: Channel) -> bool:
    secret = note.get("clientState")
    return isinstance(secret, str) and hmac.compare_digest(secret.encode(), channel.secret.encode())


def _news(notes: list[Json]) -> News:
    troubles = {note.get("lifecycleEvent") for note in notes} & set(LIFECYCLE)
    events = [data.get("id") for note in notes if isinstance(data := note.get("resourceData"), dict)]
    return News(
        events=tuple(dict.fromkeys(id for id in events if isinstance(id, str) and id)),
        channel=bool(troubles - {"missed"}),
        everything="missed" in troubles or "subscriptionRemoved" in troubles,
    )
