"""Microsoft's own description of Graph's calendars has nothing against our requests or our stand-in's answers."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import graph_town
import httpx
import pytest
import uvicorn
from graph_town import (
    HOUR,
    NINE,
    ORGANISER,
    PRIYA,
    TOM,
    GraphTown,
    a_booking,
    a_graph_world,
    an_entry,
    gateway,
)
from judged import Judged, described
from starlette.applications import Starlette
from starlette.routing import Route

from bot.domain.errors import TryLater, Undeliverable
from bot.domain.spans import Span
from bot.gateways.booking import Guest
from bot.handlers.calendars.graph_door import PATH, GraphDoor

SPEC = "graph-calendar-openapi.yaml"


@pytest.fixture(scope="module")
def judging() -> Judged:
    judge = Judged(
        described(SPEC), httpx.AsyncHTTPTransport(), host="https://graph.microsoft.com", root="/v1.0"
    )
    judge.known_as("/places/graph.room", "/places/microsoft.graph.room")
    return judge


@pytest.fixture
def judge(judging: Judged) -> Judged:
    """The description is read once; connections belong to one test."""
    judging.inner, judging.faults, judging.operations = httpx.AsyncHTTPTransport(), [], set()
    return judging


@pytest.fixture
async def town(judge: Judged) -> AsyncIterator[GraphTown]:
    async with graph_town.graph_town(judge) as made:
        yield made


async def test_a_whole_life_of_a_meeting(town: GraphTown, judge: Judged):
    town.world.person(TOM, *(an_entry(at, status=how, subject="x", place="y") for at, how in enumerate(
        ("busy", "oof", "tentative", "free", "workingElsewhere", "unknown")
    )))  # fmt: skip
    await town.graph.diaries([TOM, PRIYA], Span(NINE, NINE + timedelta(days=50)))
    await town.graph.rooms()
    booked = await town.graph.create(
        a_booking(place="Willow Room", room="willow@aldermere.example"), names=["Qanary Bell"]
    )
    await town.graph.create(a_booking(key="meeting-2", online=False, place="Ash Room"), names=[])
    for response in ("accepted", "tentativelyAccepted", "declined"):
        town.world.reply(booked.id, TOM, response)
        await town.graph.event(booked.id)
    later = a_booking(
        start=NINE + HOUR,
        end=NINE + 2 * HOUR,
        guests=(Guest(address=TOM, required=True),),
        place="Ash Room",
        room="ash@aldermere.example",
    )
    await town.graph.change(booked, later, names=[])
    await town.graph.cancel(booked.id, names=[])
    assert await town.graph.event(booked.id) is None
    assert judge.faults == []
    assert len(judge.operations) == 6, "schedule, rooms, create, move, read and cancel"


async def test_what_the_stand_in_refuses(town: GraphTown, judge: Judged):
    for status in (429, 503, 504):
        town.world.fail(status, retry_after=1)
        with pytest.raises(TryLater):
            await town.graph.rooms()
    town.world.lacks = {"create"}
    with pytest.raises(Undeliverable):
        await town.graph.create(a_booking(), names=[])
    assert judge.faults == []


def asking(town: GraphTown, judge: Judged) -> httpx.AsyncClient:
    headers = {"authorization": f"Bearer {town.world.token}"}
    return httpx.AsyncClient(transport=judge, base_url=f"{town.world.address}/v1.0", headers=headers)


AN_EVENT: dict[str, Any] = {
    "subject": "Conference CV-7K4QMX",
    "start": {"dateTime": "2026-03-02T09:00:00", "timeZone": "UTC"},
    "end": {"dateTime": "2026-03-02T10:00:00", "timeZone": "UTC"},
}


@pytest.mark.parametrize(
    ("planted", "word"),
    [
        ({}, ""),
        ({"atendees": []}, "atendees"),
        ({"sensitivity": "secret"}, "secret"),
        ({"isAllDay": "no"}, "no"),
    ],
)
async def test_the_judge_notices_what_is_wrong_in_a_request(
    town: GraphTown, judge: Judged, planted: dict[str, Any], word: str
):
    async with asking(town, judge) as client:
        await client.post(f"/users/{ORGANISER}/events", json=AN_EVENT | planted)
    found = [fault for fault in judge.faults if fault.startswith("asked")]
    assert bool(found) == bool(planted)
    assert all(word in fault for fault in found)


async def test_the_judge_notices_what_is_wrong_in_an_answer(judge: Judged):
    world = a_graph_world()
    entry = {"status": "bussy", "start": {"dateTime": "x", "timeZone": "UTC"}, "end": {}}
    answer = {"value": [{"scheduleId": TOM, "scheduleItems": [entry]}]}
    judge.inner = httpx.MockTransport(lambda request: httpx.Response(200, json=answer))
    graph = gateway(world, graph_town.Proof(world.token), transport=judge)
    await graph.diaries([TOM], graph_town.hours(0, 8))
    await graph.close()
    assert [fault for fault in judge.faults if "bussy" in fault]


async def test_a_channel_is_opened_kept_and_closed(town: GraphTown, judge: Judged):
    async with a_door() as address:
        channel = await town.graph.listen(address, "a secret", NINE + timedelta(days=6))
        kept = await town.graph.listen_on(channel, address, NINE + timedelta(days=7))
        assert kept is not None
        assert (kept.id, kept.expires_at) == (channel.id, NINE + timedelta(days=7))
        await town.graph.stop_listening(kept)
        assert await town.graph.listen_on(kept, address, NINE + timedelta(days=6)) is None
        await town.graph.stop_listening(kept)
    assert judge.faults == []
    assert len(judge.operations) == 3


@contextlib.asynccontextmanager
async def a_door() -> AsyncIterator[str]:
    """Our own door for Graph's notes, served."""

    async def none() -> None:
        return None

    door = GraphDoor(none, lambda news: None, lambda why: None)
    app = Starlette(routes=[Route(PATH, door.receive, methods=["POST"])])
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        yield f"http://127.0.0.1:{listener.getsockname()[1]}{PATH}"
        server.should_exit = True
        await serving
