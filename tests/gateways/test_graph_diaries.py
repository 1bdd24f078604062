"""When people are taken, as Graph tells it: never free for want of knowing, and nothing kept of what they do."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import graph_town
import httpx
import pytest
from graph_town import NINE, PRIYA, RUTH, TOM, GraphTown, a_booking, an_entry, gateway, hours

from bot.domain.diary import Diary, Unreadable
from bot.domain.errors import TryLater, Undeliverable
from bot.domain.spans import Span

SECRET = "Oncology, Ward 4"


@pytest.fixture
async def town() -> AsyncIterator[GraphTown]:
    async with graph_town.graph_town() as made:
        yield made


async def test_each_kind_of_time_has_its_weight(town: GraphTown):
    town.world.person(
        TOM,
        an_entry(0, status="busy"),
        an_entry(1, status="oof"),
        an_entry(3, status="tentative"),
        an_entry(4, status="unknown"),
        an_entry(6, status="free"),
        an_entry(7, status="workingElsewhere"),
    )
    read = await town.graph.diaries([TOM], hours(0, 8))
    assert read == {TOM: Diary(busy=(hours(0, 2),), tentative=(hours(3, 5),))}


async def test_a_kind_that_nobody_knows_is_taken(town: GraphTown):
    def answer(request: httpx.Request) -> httpx.Response:
        entry = {"status": "hybrid", "start": _at("09:00"), "end": _at("10:00")}
        return httpx.Response(200, json={"value": [{"scheduleId": TOM, "scheduleItems": [entry]}]})

    graph = gateway(town.world, town.proof, transport=httpx.MockTransport(answer))
    assert await graph.diaries([TOM], hours(0, 8)) == {TOM: Diary(busy=(hours(0, 1),))}


async def test_what_somebody_does_and_where_is_dropped(town: GraphTown):
    town.world.person(TOM, an_entry(0, subject=SECRET, place=SECRET))
    read = await town.graph.diaries([TOM], hours(0, 8))
    assert read[TOM] == Diary(busy=(hours(0, 1),))
    assert "Oncology" not in repr(read)


async def test_who_cannot_be_read_is_unreadable_and_the_others_are_read(town: GraphTown):
    read = await town.graph.diaries([TOM, PRIYA, "nobody@aldermere.example"], hours(0, 8))
    assert read == {
        TOM: Diary(),
        PRIYA: Unreadable(reason="5009"),
        "nobody@aldermere.example": Unreadable(reason="5009"),
    }


async def test_only_what_is_within_the_window_is_kept(town: GraphTown):
    town.world.person(TOM, an_entry(-2, 3), an_entry(7, 5))
    read = await town.graph.diaries([TOM], hours(0, 8))
    assert read[TOM] == Diary(busy=(hours(0, 1), hours(7, 8)))


async def test_our_own_meeting_takes_the_time_of_whom_it_asks(town: GraphTown):
    booked = await town.graph.create(a_booking(), names=[])
    assert (await town.graph.diaries([TOM], hours(0, 8)))[TOM] == Diary(tentative=(hours(0, 1),))
    town.world.reply(booked.id, TOM, "accepted")
    assert (await town.graph.diaries([TOM], hours(0, 8)))[TOM] == Diary(busy=(hours(0, 1),))


async def test_two_hundred_diaries_are_ten_calls_and_four_at_a_time(town: GraphTown):
    people = [f"person{number}@aldermere.example" for number in range(200)]
    for number, person in enumerate(people):
        town.world.person(person, an_entry(number % 8))
    line = Held(4)
    graph = gateway(town.world, town.proof, transport=line)
    reading = asyncio.create_task(graph.diaries(people, hours(0, 8)))
    async with asyncio.timeout(20):
        await line.full.wait()
        line.go.set()
        read = await reading
    await graph.close()
    assert list(read) == people
    assert read[people[9]] == Diary(busy=(hours(1, 2),))
    assert [len(body["Schedules"]) for body in town.bodies] == [20] * 10
    assert {body["AvailabilityViewInterval"] for body in town.bodies} == {1_440}
    assert line.most == 4


async def test_nobody_is_asked_about_twice(town: GraphTown):
    assert list(await town.graph.diaries([TOM, RUTH, TOM], hours(0, 8))) == [TOM, RUTH]
    assert town.bodies[0]["Schedules"] == [TOM, RUTH]


async def test_nobody_to_ask_about_is_no_call(town: GraphTown):
    assert await town.graph.diaries([], hours(0, 8)) == {}
    assert town.world.calls == []


async def test_a_long_window_is_read_in_parts_that_are_one_again(town: GraphTown):
    """What lies across the joint is one span; sixty-two days are more than Graph takes."""
    town.world.person(TOM, an_entry(24 * 42 - 3, 6))
    window = Span(NINE, NINE + timedelta(days=62))
    read = await town.graph.diaries([TOM], window)
    assert len(town.world.calls) == 2
    assert read == {TOM: Diary(busy=(hours(24 * 42 - 3, 24 * 42 + 3),))}


async def test_who_is_unreadable_in_a_part_is_unreadable(town: GraphTown):
    answers = iter(
        [
            {"value": [{"scheduleId": TOM, "scheduleItems": []}]},
            {"value": [{"scheduleId": TOM, "error": {"responseCode": "5009", "message": SECRET}}]},
        ]
    )
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=next(answers)))
    graph = gateway(town.world, town.proof, transport=transport)
    read = await graph.diaries([TOM], Span(NINE, NINE + timedelta(days=60)))
    assert read == {TOM: Unreadable(reason="5009")}


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        (None, "not_in_the_answer"),
        ({"scheduleId": TOM}, "no_entries"),
        ({"scheduleId": TOM, "error": {"responseCode": "see tom@aldermere.example"}}, "no_reason"),
        ({"scheduleId": TOM, "error": "?"}, "no_reason"),
        ({"scheduleId": TOM, "scheduleItems": [{"status": "busy"}]}, "unreadable_entry"),
        (
            {"scheduleId": TOM, "scheduleItems": [{"status": "busy", "start": {"dateTime": "2026-03-02T09:00",
             "timeZone": "Customized Time Zone"}, "end": {"dateTime": "2026-03-02T10:00", "timeZone": "UTC"}}]},
            "unreadable_entry",
        ),
    ],
)  # fmt: skip
async def test_what_makes_no_sense_is_not_free(town: GraphTown, about: object, reason: str):
    value = [about] if about else []
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json={"value": value}))
    graph = gateway(town.world, town.proof, transport=transport)
    assert await graph.diaries([TOM], hours(0, 8)) == {TOM: Unreadable(reason=reason)}


async def test_a_diary_that_graph_may_have_cut_short_is_not_free(town: GraphTown):
    town.world.person(TOM, *(an_entry(number / 100, 0.005) for number in range(1_000)))
    assert await town.graph.diaries([TOM], hours(0, 24)) == {TOM: Unreadable(reason="too_many_entries")}


async def test_one_call_that_fails_fails_the_whole(town: GraphTown):
    people = [f"person{number}@aldermere.example" for number in range(60)]
    town.world.fail(429, retry_after=9)
    with pytest.raises(TryLater) as later:
        await town.graph.diaries(people, hours(0, 8))
    assert later.value.seconds == 9
    town.world.lacks = {"schedule"}
    with pytest.raises(Undeliverable, match="ErrorAccessDenied"):
        await town.graph.diaries(people, hours(0, 8))


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


def _at(clock: str) -> dict[str, str]:
    return {"dateTime": f"2026-03-02T{clock}:00.0000000", "timeZone": "UTC"}
