"""An event made through our gateway to Graph, beside plain httpx and beside the SDK's own entities; what it weighs.

All three send the same event over loopback to a program that answers at once. CPU time of this process alone.
"""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import time
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from statistics import median
from typing import Any

import httpx
from graph_town import ORGANISER, Proof, a_booking, a_graph_world, gateway, hours
from starting import resident

from bot.gateways.booking import Guest

ROUNDS, EACH = 7, 40
HERE = Path(__file__).resolve().parent
Create = Callable[[], Awaitable[Any]]


def rows() -> list[dict[str, Any]]:
    """CPU of a create against httpx and against entities, megabytes at the first call, calls for 200 diaries."""
    return asyncio.run(measure())


async def measure() -> list[dict[str, Any]]:
    """As `rows`."""
    async with answering("graph") as address:
        world = a_graph_world()
        world.address = address
        graph = gateway(world, Proof(world.token))
        guests = tuple(Guest(address=f"guest{n}@aldermere.example", required=True) for n in range(8))
        booking = a_booking(guests=guests)
        before = resident(os.getpid())
        await graph.create(booking, names=["Qanary Bell"])
        after = resident(os.getpid())
        async with httpx.AsyncClient() as client:
            _, requests = await graph._ready()
            body = requests.create(booking).body

            async def plain() -> Any:
                headers = {"authorization": f"Bearer {world.token}", "content-type": "application/json"}
                url = f"{address}/v1.0/users/{ORGANISER}/events"
                return json.loads((await client.post(url, content=body, headers=headers)).content)

            ours, bare = await by_turns(lambda: graph.create(booking, names=["Qanary Bell"]), plain)
        entities, beside = await _entities(graph, booking, world)
        calls = await _calls_for(200)
        await graph.close()
    note = f"CPU ms of one event with 8 guests; median of {ROUNDS} rounds of {EACH} by turns"
    return [
        row("graph_create_cpu", ours, bare, ours / bare, "ms", 3.0, f"{note}; reference: the same bytes by httpx"),
        row("graph_create_vs_entities", beside, entities, entities / beside, "ms", 8.0,
            f"{note}; reference: the SDK's own client and entities, their import aside"),
        row("graph_first_call_mb", after, before, after / before, "MB", None,
            "resident memory after the first call; reference: before it"),
        row("graph_200_diaries_calls", calls, 10, calls / 10, "calls", 1.0, "getSchedule calls for 200 people"),
    ]  # fmt: skip


def row(
    name: str, ours: float, reference: float, ratio: float, unit: str, goal: float | None, note: str
) -> dict[str, Any]:
    """A row as bench prints it."""
    return {
        "name": name, "ours": ours, "reference": reference, "ratio": ratio, "unit": unit, "goal": goal, "note": note
    }  # fmt: skip


async def by_turns(*creates: Create) -> list[float]:
    """CPU milliseconds of one call each, measured in turn so that a busy machine hurts all alike."""
    found: list[list[float]] = [[] for _ in creates]
    for round_ in range(ROUNDS + 1):
        for times, create in zip(found, creates, strict=True):
            began = time.process_time()
            for _ in range(EACH):
                await create()
            if round_:
                times.append((time.process_time() - began) * 1_000 / EACH)
    return [median(times) for times in found]


async def _entities(graph: Any, booking: Any, world: Any) -> list[float]:
    """The way of the SDK's own examples, an event of its models posted and its answer read into them; and ours."""
    from msgraph.generated.models.attendee import Attendee
    from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
    from msgraph.generated.models.email_address import EmailAddress
    from msgraph.generated.models.event import Event
    from msgraph.generated.models.item_body import ItemBody
    from msgraph.graph_request_adapter import GraphRequestAdapter
    from msgraph.graph_service_client import GraphServiceClient
    from msgraph_core import GraphClientFactory
    from msgraph_core.authentication import AzureIdentityAuthenticationProvider

    tokens = AzureIdentityAuthenticationProvider(
        Proof(world.token), scopes=["any"], allowed_hosts=["127.0.0.1"]
    )
    http = GraphClientFactory.create_with_default_middleware(client=httpx.AsyncClient())
    adapter = GraphRequestAdapter(tokens, http)
    adapter.base_url = f"{world.address}/v1.0"
    events = GraphServiceClient(request_adapter=adapter).users.by_user_id(ORGANISER).events

    async def ours() -> Any:
        return await graph.create(booking, names=["Qanary Bell"])

    async def whole() -> Any:
        return await events.post(
            Event(
                subject=booking.subject,
                body=ItemBody(content=booking.sentence),
                start=DateTimeTimeZone(date_time="2026-03-02T09:00:00", time_zone="Europe/London"),
                end=DateTimeTimeZone(date_time="2026-03-02T10:00:00", time_zone="Europe/London"),
                attendees=[
                    Attendee(email_address=EmailAddress(address=guest.address)) for guest in booking.guests
                ],
                hide_attendees=True,
                is_online_meeting=True,
                transaction_id=booking.key,
            )
        )

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        await whole()  # 1,228 modules, once
        return await by_turns(whole, ours)


async def _calls_for(people: int) -> int:
    asked = 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        return httpx.Response(200, json={"value": []})

    world = a_graph_world()
    graph = gateway(world, Proof(world.token), transport=httpx.MockTransport(answer))
    await graph.diaries([f"guest{n}@aldermere.example" for n in range(people)], hours(0, 8))
    await graph.close()
    return asked


@contextlib.asynccontextmanager
async def answering(vendor: str) -> AsyncIterator[str]:
    """The other program, and its address; it tells events as this vendor does."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(HERE / "served_event.py"), vendor, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(await process.stdout.readline())}"
    finally:
        process.terminate()
        await process.wait()
