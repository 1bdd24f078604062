"""The door for Google's messages: the channel's token, the first message, nothing else believed (calendar.md 4)."""

from collections import Counter
from datetime import UTC, datetime

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from bot.domain.entries import Channel
from bot.handlers.calendars.google_door import PATH, GoogleDoor

OURS = Channel(id="c-1", secret="a long secret", expires_at=datetime(2026, 3, 9, tzinfo=UTC))


class Town:
    def __init__(self, channel: Channel | None = OURS) -> None:
        self.told, self.dropped, self.channel = Counter[str](), Counter[str](), channel
        door = GoogleDoor(
            self._channel, lambda: self.told.update(["changed"]), lambda why: self.dropped.update([why])
        )
        app = Starlette(routes=[Route(PATH, door.receive, methods=["POST"])])
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1")

    async def _channel(self) -> Channel | None:
        return self.channel

    async def post(self, **headers: str) -> int:
        named = {f"x-goog-{name.replace('_', '-')}": value for name, value in headers.items()}
        return (await self.http.post(PATH, headers=named)).status_code


async def test_a_message_says_that_there_is_something_to_look_at():
    town = Town()
    assert await town.post(channel_token=OURS.secret, resource_state="exists") == 200
    assert town.told == {"changed": 1}


async def test_the_first_message_only_says_that_the_channel_is_open():
    town = Town()
    assert await town.post(channel_token=OURS.secret, resource_state="sync") == 200
    assert (town.told, town.dropped) == ({}, {})


@pytest.mark.parametrize("token", ["", "another secret", "a long secret "])
async def test_a_forged_message_is_dropped_and_counted(token: str):
    town = Town()
    assert await town.post(channel_token=f"{token}x", resource_state="exists") == 200
    assert (town.told, town.dropped) == ({}, {"forged": 1})


async def test_before_any_channel_was_opened_nothing_is_believed():
    town = Town(None)
    assert await town.post(resource_state="exists") == 200
    assert (town.told, town.dropped) == ({}, {"forged": 1})
