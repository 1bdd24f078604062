"""Google's own description of its Calendar API has nothing against our requests or our stand-in's answers."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import google_town
import httpx
import pytest
from google_town import (
    HOUR,
    NINE,
    ORGANISER,
    PRIYA,
    RUTH,
    TOM,
    WILLOW,
    GoogleTown,
    a_booking,
    an_entry,
    hours,
)
from judged import Judged, described

from bot.domain.errors import TryLater, Undeliverable
from bot.domain.spans import Span
from bot.gateways.booking import Guest
from bot.gateways.google_requests import event_id

SPEC = "google-calendar-openapi.yaml"
WEEK = timedelta(days=7)


@pytest.fixture(scope="module")
def judging() -> Judged:
    host = "https://www.googleapis.com"
    return Judged(described(SPEC), httpx.AsyncHTTPTransport(), host=host, root="/calendar/v3")


@pytest.fixture
def judge(judging: Judged) -> Judged:
    """The description is read once; connections belong to one test."""
    judging.inner, judging.faults, judging.operations = httpx.AsyncHTTPTransport(), [], set()
    return judging


@pytest.fixture
async def town(judge: Judged) -> AsyncIterator[GoogleTown]:
    async with google_town.google_town(judge) as made:
        yield made


async def test_a_whole_life_of_a_meeting(town: GoogleTown, judge: Judged):
    town.world.person(TOM, an_entry(0), an_entry(2, transparent=True), an_entry(3))
    town.world.link_after = 1
    await town.google.diaries([TOM, RUTH, PRIYA], Span(NINE, NINE + timedelta(days=50)))
    await town.google.try_events()
    booked = await town.google.create(a_booking(place="Willow Room", room=WILLOW), names=["Qanary Bell"])
    await town.google.create(a_booking(), names=[])
    await town.google.create(a_booking(key="meeting-2", online=False, place="Ash Room"), names=[])
    for response in ("accepted", "tentative", "declined"):
        town.world.reply(booked.id, TOM, response, comment="Late")
        assert await town.google.event(booked.id) is not None
    listed = await town.google.changes()
    channel = await town.google.listen("http://127.0.0.1:9/changed", "t" * 32, NINE + WEEK)
    stands = await town.google.event(booked.id)
    assert stands is not None
    guests = (Guest(address=TOM, required=True), Guest(address=RUTH, required=False))
    await town.google.change(stands, a_booking(guests=guests), names=[])
    later = a_booking(start=NINE + HOUR, end=NINE + 2 * HOUR)
    await town.google.change(stands, later, names=[])
    await town.google.cancel(booked.id, names=[])
    assert await town.google.event(booked.id) is None
    assert set((await town.google.changes(listed.token)).events) == {booked.id}
    await town.google.stop_listening(channel)
    assert judge.faults == []
    assert judge.operations == {
        "POST freeBusy",
        "GET events",
        "POST events",
        f"GET {event_id('meeting-1')}",
        f"PATCH {event_id('meeting-1')}",
        f"DELETE {event_id('meeting-1')}",
        "POST watch",
        "POST stop",
    }


async def test_what_the_stand_in_tells_when_nothing_is_left_out(town: GoogleTown, judge: Judged):
    """Our own calls name the fields that they want; here everything is shown."""
    booked = await town.google.create(a_booking(place="Willow Room", room=WILLOW), names=[])
    town.world.reply(booked.id, TOM, "accepted", comment="Late")
    async with await asking(town, judge) as client:
        for path in ("/events", f"/events/{booked.id}"):
            answer = await client.get(f"/calendars/{ORGANISER}{path}")
            assert answer.status_code == 200
    assert "Late" in answer.text
    assert judge.faults == []


async def test_what_the_stand_in_refuses(town: GoogleTown, judge: Judged):
    for status, code in ((429, ""), (403, "userRateLimitExceeded"), (503, ""), (500, "")):
        town.world.fail(status, retry_after=1, code=code)
        with pytest.raises(TryLater):
            await town.google.try_events()
    town.world.lacks = {"insert"}
    with pytest.raises(Undeliverable):
        await town.google.create(a_booking(), names=[])
    town.world.forget()
    await town.google.changes("since-0")
    await town.google.cancel(event_id("never"), names=[])
    assert judge.faults == []


async def asking(town: GoogleTown, judge: Judged) -> httpx.AsyncClient:
    from bot.gateways.google_sign_in import EVENTS

    sign_in = town.sign_in()
    headers = {"authorization": f"Bearer {await sign_in.token(EVENTS)}"}
    await sign_in.close()
    base = f"{town.world.address}/calendar/v3"
    return httpx.AsyncClient(transport=judge, base_url=base, headers=headers)


AN_EVENT: dict[str, Any] = {
    "summary": "Conference CV-7K4QMX",
    "start": {"dateTime": "2026-03-02T09:00:00Z"},
    "end": {"dateTime": "2026-03-02T10:00:00Z"},
}


@pytest.mark.parametrize(
    ("planted", "query", "word"),
    [
        ({}, {}, ""),
        ({"atendees": []}, {}, "atendees"),
        ({"guestsCanInviteOthers": "no"}, {}, "no"),
        ({"start": {"dateTime": "nine"}}, {}, "nine"),
        ({}, {"sendUpdates": "some"}, "some"),
        ({}, {"conferenceDataVersion": "2"}, "2"),
    ],
)
async def test_the_judge_notices_what_is_wrong_in_a_request(
    town: GoogleTown, judge: Judged, planted: dict[str, Any], query: dict[str, str], word: str
):
    async with await asking(town, judge) as client:
        await client.post(f"/calendars/{ORGANISER}/events", json=AN_EVENT | planted, params=query)
    found = [fault for fault in judge.faults if fault.startswith("asked")]
    assert bool(found) == bool(word)
    assert all(word in fault for fault in found)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ({"calendars": {TOM: {"busy": [{"start": "2026-03-02T09:00:00Z", "end": "noon"}]}}}, "noon"),
        ({"calendars": {TOM: {"bussy": []}}}, "bussy"),
    ],
)
async def test_the_judge_notices_what_is_wrong_in_an_answer(
    town: GoogleTown, judge: Judged, answer: dict[str, Any], word: str
):
    judge.inner = httpx.MockTransport(lambda request: httpx.Response(200, json=answer))
    await town.google.diaries([TOM], hours(0, 8))
    assert [fault for fault in judge.faults if fault.startswith("answered") and word in fault]
