"""What changes in the organiser's calendar: listed from a token, told through a channel, started over where it must."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import google_town
import httpx
import pytest
from google_town import HOUR, NINE, TOM, GoogleTown, a_booking
from on_a_port import on_a_port
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.domain.entries import Channel
from bot.domain.errors import TryLater, Undeliverable

NOBODY: tuple[str, ...] = ()
WEEK = timedelta(days=7)


@pytest.fixture
async def town() -> AsyncIterator[GoogleTown]:
    async with google_town.google_town() as made:
        yield made


class Bot:
    """Where changes are told to; keeps the headers that matter, and how long each body was."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[tuple[dict[str, str], int]] = asyncio.Queue()

    async def hear(self, request: Request) -> Response:
        said = {name: value for name, value in request.headers.items() if name.startswith("x-goog-")}
        await self.heard.put((said, len(await request.body())))
        return Response(status_code=204)

    async def next(self) -> dict[str, str]:
        async with asyncio.timeout(5):
            said, length = await self.heard.get()
        assert length == 0, "everything is in the headers"
        return said


@contextlib.asynccontextmanager
async def a_bot() -> AsyncIterator[tuple[Bot, str]]:
    bot = Bot()
    async with on_a_port(Starlette(routes=[Route("/google/changed", bot.hear, methods=["POST"])])) as address:
        yield bot, f"{address}/google/changed"


async def test_the_first_list_is_everything_and_the_next_what_changed(town: GoogleTown):
    made = [await town.google.create(a_booking(key=f"meeting-{n}"), names=NOBODY) for n in range(5)]
    first = await town.google.changes()
    assert (set(first.events), first.whole, first.unread) == ({each.id for each in made}, True, ())
    assert (await town.google.changes(first.token)).events == {}
    town.world.reply(made[3].id, TOM, "accepted")
    town.world.withdraw(made[1].id)
    later = await town.google.changes(first.token)
    assert set(later.events) == {made[1].id, made[3].id}
    assert later.events[made[1].id] is None, "taken back"
    answered = later.events[made[3].id]
    assert answered is not None
    assert answered.answers[0].reply == "accepted"
    assert not later.whole


async def test_a_whole_list_names_what_was_taken_back_and_every_list_is_asked_for_alike(town: GoogleTown):
    """Google calls it undefined what comes of a token that is used with other words than it was given for."""
    booked = await town.google.create(a_booking(), names=NOBODY)
    town.world.withdraw(booked.id)
    first = await town.google.changes()
    assert dict(first.events) == {booked.id: None}
    await town.google.changes(first.token)
    whole, since = (call.query for call in town.world.calls[-2:])
    assert since == {**whole, "syncToken": first.token}


async def test_pages_are_turned_to_the_last(town: GoogleTown):
    for number in range(5):
        await town.google.create(a_booking(key=f"meeting-{number}"), names=NOBODY)
    before = len(town.world.calls)
    await town.google.changes()
    asked = town.world.calls[before:]
    assert [("pageToken" in call.query, call.status) for call in asked] == [
        (False, 200),
        (True, 200),
        (True, 200),
    ]


async def test_a_token_that_google_has_forgotten_starts_over(town: GoogleTown):
    booked = await town.google.create(a_booking(), names=NOBODY)
    old = (await town.google.changes()).token
    town.world.forget()
    again = await town.google.changes(old)
    assert (set(again.events), again.whole) == ({booked.id}, True)
    assert [call.status for call in town.world.calls[-2:]] == [410, 200]
    assert "syncToken" not in town.world.calls[-1].query
    assert (await town.google.changes(again.token)).events == {}, "and goes on from there"


async def test_pages_that_run_out_while_they_are_turned_start_over_and_then_wait(town: GoogleTown):
    town.world.fail(410, times=2, code="fullSyncRequired")
    with pytest.raises(TryLater, match="fullSyncRequired"):
        await town.google.changes("since-0")
    assert len(town.world.calls) == 2


async def test_any_other_no_is_told(town: GoogleTown):
    town.world.lacks = {"list"}
    with pytest.raises(Undeliverable, match="insufficientPermissions"):
        await town.google.changes("since-0")


async def test_an_entry_that_makes_no_sense_hides_no_other(town: GoogleTown):
    """Somebody may have put anything into that calendar by hand."""
    fine = {
        "id": "fine1",
        "start": {"dateTime": "2026-03-02T09:00:00Z"},
        "end": {"dateTime": "2026-03-02T10:00:00Z"},
    }
    whole_day = {"id": "day01", "start": {"date": "2026-07-01"}, "end": {"date": "2026-07-02"}}
    answer = {"items": [fine, {"id": "odd01", "start": "noon"}, whole_day], "nextSyncToken": "t"}
    google = town.gateway(transport=httpx.MockTransport(lambda request: httpx.Response(200, json=answer)))
    read = await google.changes()
    await google.close()
    assert (list(read.events), read.unread, read.token) == (["fine1", "day01"], ("odd01",), "t")
    day = read.events["day01"]
    assert day is not None
    assert day.start.isoformat() == "2026-06-30T23:00:00+00:00", "midnight in London"


async def test_the_last_word_on_an_event_counts(town: GoogleTown):
    once = {"id": "fine1", "start": "noon"}
    pages = iter(
        [
            {"items": [once], "nextPageToken": "2"},
            {"items": [{"id": "fine1", "status": "cancelled"}], "nextSyncToken": "t"},
        ]
    )
    google = town.gateway(
        transport=httpx.MockTransport(lambda request: httpx.Response(200, json=next(pages)))
    )
    read = await google.changes()
    await google.close()
    assert (dict(read.events), read.unread) == ({"fine1": None}, ())


@pytest.mark.parametrize(
    "answer", [{"items": []}, {"items": [{"status": "cancelled"}], "nextSyncToken": "t"}]
)
async def test_a_list_that_neither_ends_nor_goes_on_is_no_list(town: GoogleTown, answer: dict[str, object]):
    google = town.gateway(transport=httpx.MockTransport(lambda request: httpx.Response(200, json=answer)))
    with pytest.raises(TryLater, match="no sense"):
        await google.changes()
    await google.close()


async def test_a_list_without_end_is_given_up(town: GoogleTown):
    answer = {"items": [], "nextPageToken": "again"}
    google = town.gateway(transport=httpx.MockTransport(lambda request: httpx.Response(200, json=answer)))
    with pytest.raises(Undeliverable, match="changes_without_end"):
        await google.changes()
    await google.close()


async def test_a_channel_tells_that_something_changed_and_proves_who_says_so(town: GoogleTown):
    async with a_bot() as (bot, address):
        channel = await town.google.listen(address, "kL8~invented", NINE + WEEK)
        opened = await bot.next()
        assert (opened["x-goog-resource-state"], opened["x-goog-channel-id"]) == ("sync", channel.id)
        await town.google.create(a_booking(), names=NOBODY)
        told = await bot.next()
        assert told["x-goog-resource-state"] == "exists"
        assert (told["x-goog-channel-token"], told["x-goog-resource-id"]) == (
            "kL8~invented",
            channel.resource,
        )
        await town.google.stop_listening(channel)
        assert town.world.notices.open == {}


async def test_a_channel_may_end_sooner_than_was_asked_for(town: GoogleTown):
    async with a_bot() as (_, address):
        channel = await town.google.listen(address, "t" * 32, NINE + 5 * WEEK)
        assert (channel.secret, channel.expires_at) == ("t" * 32, NINE + WEEK)
        short = await town.google.listen(address, "t" * 32, NINE + HOUR)
        assert short.expires_at == NINE + HOUR
        assert short.id != channel.id


async def test_a_channel_cannot_be_kept_open_for_longer(town: GoogleTown):
    async with a_bot() as (_, address):
        channel = await town.google.listen(address, "t" * 32, NINE + HOUR)
        assert await town.google.listen_on(channel, address, NINE + WEEK) is None


async def test_a_channel_that_has_ended_is_none_to_stop(town: GoogleTown):
    await town.google.stop_listening(Channel(id="never", secret="s", resource="r", expires_at=NINE))
    assert town.world.calls[-1].status == 404
    town.world.lacks = {"stop"}
    with pytest.raises(Undeliverable, match="insufficientPermissions"):
        await town.google.stop_listening(Channel(id="never", secret="s", resource="r", expires_at=NINE))


async def test_a_channel_to_an_address_without_tls_is_refused(town: GoogleTown):
    with pytest.raises(Undeliverable, match=r"^push\.webhookUrlNotHttps$"):
        await town.google.listen("http://convenor.example.org/x", "t", NINE + HOUR)


@pytest.mark.parametrize("said", [{}, {"id": "c", "resourceId": "r"}, {"id": "c", "expiration": "soon"}])
async def test_a_channel_that_makes_no_sense_is_none(town: GoogleTown, said: dict[str, str]):
    google = town.gateway(transport=httpx.MockTransport(lambda request: httpx.Response(200, json=said)))
    with pytest.raises(TryLater, match="no sense"):
        await google.listen("https://convenor.example.org/x", "t", NINE + HOUR)
    await google.close()
