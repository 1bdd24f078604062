"""The stand-in for Graph's calendars, served for real, and the gateway that speaks to it through the real SDK."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
from azure.core.credentials import AccessToken
from bookings import HOUR as HOUR
from bookings import NINE, ORGANISER, RUTH, TOM, hours
from bookings import PRIYA as PRIYA
from bookings import a_booking as a_booking
from on_a_port import on_a_port

from bot.gateways.graph import Graph
from bot.gateways.graph_sign_in import NoToken
from bot.local.graph.app import graph_app
from bot.local.graph.world import Entry, GraphWorld, Venue

ROOMS = (
    Venue(address="willow@aldermere.example", name="Willow Room", seats=12, wheelchair=True),
    Venue(address="ash@aldermere.example", name="Ash Room", seats=6, wheelchair=False),
    Venue(address="oak@aldermere.example", name="Oak Room"),
)


class Proof:
    """In the place of Microsoft's log-in: gives the token that the stand-in knows, or none."""

    def __init__(self, token: str) -> None:
        self.token, self.refuses, self.asked = token, "", list[tuple[str, ...]]()
        self.consented = frozenset[str]()

    def prepare(self) -> None:
        pass

    async def get_token(self, *scopes: str, **how: Any) -> AccessToken:
        self.asked.append(scopes)
        if self.refuses:
            raise NoToken(self.refuses)
        return AccessToken(self.token, 4_000_000_000)

    async def roles(self) -> frozenset[str]:
        await self.get_token()
        return self.consented

    async def close(self) -> None:
        pass


@dataclass
class GraphTown:
    world: GraphWorld
    proof: Proof
    graph: Graph

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [call.body for call in self.world.calls]


def a_graph_world() -> GraphWorld:
    world = GraphWorld(organiser=ORGANISER, domains=["aldermere.example"], rooms=ROOMS, clock=lambda: NINE)
    world.person(TOM)
    world.person(RUTH)
    return world


def gateway(world: GraphWorld, proof: Proof, **how: Any) -> Graph:
    return Graph(proof, ORGANISER, base_url=f"{world.address}/v1.0", **how)  # type: ignore[arg-type]


def served(world: GraphWorld) -> contextlib.AbstractAsyncContextManager[str]:
    """The stand-in on a port of its own."""
    return on_a_port(graph_app(world), world)


@contextlib.asynccontextmanager
async def graph_town(transport: httpx.AsyncBaseTransport | None = None) -> AsyncIterator[GraphTown]:
    """The stand-in and the gateway, with a token that is right."""
    world = a_graph_world()
    proof = Proof(world.token)
    async with served(world):
        graph = gateway(world, proof, transport=transport)
        yield GraphTown(world, proof, graph)
        await graph.close()


def an_entry(first: float, lasting: float = 1, **but: Any) -> Entry:
    """Somebody's own entry, so many hours after nine."""
    return Entry(span=hours(first, first + lasting), **but)
