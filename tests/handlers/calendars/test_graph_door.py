"""The door for Graph's notes: the handshake, the secret, nothing believed of what is sent (calendar.md section 2)."""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from bot.domain.entries import Channel
from bot.handlers.calendars.graph_door import MOST, PATH, GraphDoor, News

OURS = Channel(id="sub-1", secret="a long secret", expires_at=datetime(2026, 3, 9, tzinfo=UTC))


class Town:
    def __init__(self) -> None:
        self.told: list[News] = []
        self.dropped: Counter[str] = Counter()
        self.channel: Channel | None = OURS
        door = GraphDoor(self._channel, self.told.append, lambda why: self.dropped.update([why]))
        app = Starlette(routes=[Route(PATH, door.receive, methods=["POST"])])
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1")

    async def _channel(self) -> Channel | None:
        return self.channel

    async def post(self, *notes: Any, **params: str) -> httpx.Response:
        return await self.http.post(PATH, json={"value": list(notes)}, params=params)


@pytest.fixture
def town() -> Town:
    return Town()


def a_note(event: str = "event-1", **but: Any) -> dict[str, Any]:
    data = {"@odata.type": "#Microsoft.Graph.Event", "id": event}
    return {"subscriptionId": "sub-1", "clientState": OURS.secret, "resourceData": data, **but}


async def test_the_handshake_gives_the_token_back_as_plain_text(town: Town):
    token = "Validation: Testing client application <b>1</b>"
    answer = await town.http.post(PATH, params={"validationToken": token})
    assert (answer.status_code, answer.text) == (200, token)
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_note_says_which_event_to_look_at_and_is_taken_at_once(town: Town):
    answer = await town.post(a_note(), a_note("event-2"), a_note())
    assert answer.status_code == 202
    assert town.told == [News(events=("event-1", "event-2"))]


@pytest.mark.parametrize("state", [None, "", "another secret", 7, {"a": 1}])
async def test_a_forged_note_is_dropped_counted_and_not_told_apart(town: Town, state: Any):
    answer = await town.post(a_note(clientState=state))
    assert answer.status_code == 202
    assert town.told == []
    assert town.dropped == {"forged": 1}


async def test_a_forged_note_takes_nothing_from_the_true_one_beside_it(town: Town):
    await town.post(a_note("event-9", clientState="no"), a_note())
    assert town.told == [News(events=("event-1",))]


async def test_before_any_channel_was_opened_nothing_is_believed(town: Town):
    town.channel = None
    assert (await town.post(a_note())).status_code == 202
    assert town.told == []


@pytest.mark.parametrize(
    ("event", "news"),
    [
        ("reauthorizationRequired", News(channel=True)),
        ("subscriptionRemoved", News(channel=True, everything=True)),
        ("missed", News(everything=True)),
        ("somethingNew", News()),
    ],
)
async def test_what_graph_says_of_the_channel_itself(town: Town, event: str, news: News):
    note = {"subscriptionId": "sub-1", "clientState": OURS.secret, "lifecycleEvent": event}
    assert (await town.post(note)).status_code == 202
    assert town.told == [news]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"7", json.dumps({"value": 7}).encode(), b'{"value": null}', b"\xff"]
)
async def test_what_is_no_note_is_refused(town: Town, body: bytes):
    assert (await town.http.post(PATH, content=body)).status_code == 400
    assert (town.told, town.dropped) == ([], {"no_notes": 1})


async def test_nobody_fills_the_memory(town: Town):
    assert (await town.http.post(PATH, content=b"x" * (MOST + 1))).status_code == 413
    assert town.dropped == {"too_big": 1}


async def test_odd_things_in_a_note_are_passed_over(town: Town):
    await town.post(7, a_note(resourceData={"id": 7}), a_note(resourceData="x"), a_note(""))
    assert town.told == [News()]
