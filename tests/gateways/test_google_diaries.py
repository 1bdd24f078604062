"""When people are taken, as Google tells it: never free for want of knowing, and nothing kept of what they do."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import google_town
import httpx
import pytest
from google_town import NINE, PRIYA, RUTH, TOM, GoogleTown, a_booking, an_entry, hours

from bot.domain.diary import Diary, Unreadable
from bot.domain.errors import TryLater, Undeliverable
from bot.domain.spans import Span
from bot.gateways.google_sign_in import FREE_BUSY

SECRET = "Oncology, Ward 4"


@pytest.fixture
async def town() -> AsyncIterator[GoogleTown]:
    async with google_town.google_town() as made:
        yield made


async def read_from(town: GoogleTown, answer: object, window: Span | None = None) -> dict[str, Any]:
    """What is made of this answer of Google's."""
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=answer))
    google = town.gateway(transport=transport)
    try:
        return await google.diaries([TOM], window or hours(0, 8))
    finally:
        await google.close()


async def test_what_is_taken_is_busy_and_what_takes_no_time_is_free(town: GoogleTown):
    town.world.person(TOM, an_entry(0), an_entry(1), an_entry(4, transparent=True), an_entry(6))
    read = await town.google.diaries([TOM], hours(0, 8))
    assert read == {TOM: Diary(busy=(hours(0, 2), hours(6, 7)))}


async def test_a_diary_is_asked_for_with_a_token_that_is_good_for_nothing_else(town: GoogleTown):
    await town.google.diaries([TOM], hours(0, 8))
    assert [call.scopes for call in town.world.calls] == [{FREE_BUSY}]


async def test_what_an_entry_says_beside_its_times_is_dropped(town: GoogleTown):
    entry = {"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T10:00:00Z", "summary": SECRET}
    read = await read_from(town, {"calendars": {TOM: {"busy": [entry], "notes": SECRET}}, "groups": {}})
    assert read == {TOM: Diary(busy=(hours(0, 1),))}
    assert "Oncology" not in repr(read)


async def test_who_cannot_be_read_is_unreadable_and_the_others_are_read(town: GoogleTown):
    read = await town.google.diaries([TOM, PRIYA, "nobody@aldermere.example"], hours(0, 8))
    assert read == {
        TOM: Diary(),
        PRIYA: Unreadable(reason="notFound"),
        "nobody@aldermere.example": Unreadable(reason="notFound"),
    }


async def test_only_what_is_within_the_window_is_kept(town: GoogleTown):
    town.world.person(TOM, an_entry(-2, 3), an_entry(7, 5))
    read = await town.google.diaries([TOM], hours(0, 8))
    assert read[TOM] == Diary(busy=(hours(0, 1), hours(7, 8)))


async def test_our_own_meeting_takes_the_time_of_whom_it_asks_until_they_decline(town: GoogleTown):
    booked = await town.google.create(a_booking(), names=[])
    assert (await town.google.diaries([TOM], hours(0, 8)))[TOM] == Diary(busy=(hours(0, 1),))
    town.world.reply(booked.id, TOM, "declined")
    assert (await town.google.diaries([TOM], hours(0, 8)))[TOM] == Diary()


async def test_two_hundred_diaries_are_four_calls_of_fifty(town: GoogleTown):
    people = [f"person{number}@aldermere.example" for number in range(200)]
    for number, person in enumerate(people):
        town.world.person(person, an_entry(number % 8))
    read = await town.google.diaries(people, hours(0, 8))
    assert list(read) == people
    assert read[people[9]] == Diary(busy=(hours(1, 2),))
    assert [len(body["items"]) for body in town.bodies] == [50] * 4


async def test_four_calls_are_under_way_at_a_time(town: GoogleTown):
    line = Held(4)
    google = town.gateway(transport=line)
    people = [f"person{number}@aldermere.example" for number in range(400)]
    reading = asyncio.create_task(google.diaries(people, hours(0, 8)))
    async with asyncio.timeout(20):
        await line.full.wait()
        line.go.set()
        read = await reading
    await google.close()
    assert len(read) == 400
    assert line.most == 4


async def test_nobody_is_asked_about_twice_and_nobody_at_all_is_no_call(town: GoogleTown):
    assert list(await town.google.diaries([TOM, RUTH, TOM], hours(0, 8))) == [TOM, RUTH]
    assert town.bodies[0]["items"] == [{"id": TOM}, {"id": RUTH}]
    assert await town.google.diaries([], hours(0, 8)) == {}
    assert len(town.world.calls) == 1


async def test_a_long_window_is_read_in_parts_that_are_one_again(town: GoogleTown):
    """What lies across the joint is one span."""
    town.world.person(TOM, an_entry(24 * 42 - 3, 6))
    read = await town.google.diaries([TOM], Span(NINE, NINE + timedelta(days=62)))
    assert len(town.world.calls) == 2
    assert read == {TOM: Diary(busy=(hours(24 * 42 - 3, 24 * 42 + 3),))}


@pytest.mark.parametrize(
    ("calendars", "reason"),
    [
        ({}, "not_in_the_answer"),
        (None, "not_in_the_answer"),
        ({TOM: {}}, "no_entries"),
        ({TOM: "busy"}, "no_entries"),
        ({TOM: {"errors": [{"reason": "groupTooBig"}], "busy": []}}, "groupTooBig"),
        ({TOM: {"errors": [{"reason": "see tom@aldermere.example"}]}}, "no_reason"),
        ({TOM: {"errors": "?"}}, "no_reason"),
        ({TOM: {"busy": [{"start": "2026-03-02T09:00:00Z"}]}}, "unreadable_entry"),
        ({TOM: {"busy": ["all day"]}}, "unreadable_entry"),
        ({TOM: {"busy": [{"start": "2026-03-02T09:00:00", "end": "2026-03-02T10:00:00"}]}}, "unreadable_entry"),
        ({TOM: {"busy": [{"start": "2026-03-02T10:00:00Z", "end": "2026-03-02T09:00:00Z"}]}}, "unreadable_entry"),
    ],
)  # fmt: skip
async def test_what_makes_no_sense_is_not_free(town: GoogleTown, calendars: object, reason: str):
    assert await read_from(town, {"calendars": calendars}) == {TOM: Unreadable(reason=reason)}


async def test_an_address_that_google_writes_in_its_own_way_is_found(town: GoogleTown):
    assert await read_from(town, {"calendars": {TOM.upper(): {"busy": []}}}) == {TOM: Diary()}


async def test_one_call_that_fails_fails_the_whole(town: GoogleTown):
    people = [f"person{number}@aldermere.example" for number in range(120)]
    town.world.fail(429, retry_after=9)
    with pytest.raises(TryLater) as later:
        await town.google.diaries(people, hours(0, 8))
    assert later.value.seconds == 9
    town.world.lacks = {"freebusy"}
    with pytest.raises(Undeliverable, match="insufficientPermissions"):
        await town.google.diaries(people, hours(0, 8))


class Held(httpx.AsyncHTTPTransport):
    """Lets nothing through until so many wait, and tells how many there were at most."""

    def __init__(self, wanted: int) -> None:
        super().__init__()
        self.wanted, self.now, self.most = wanted, 0, 0
        self.full, self.go = asyncio.Event(), asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.now += 1
        self.most = max(self.most, self.now)
        if self.now == self.wanted:
            self.full.set()
        await self.go.wait()
        try:
            return await super().handle_async_request(request)
        finally:
            self.now -= 1
