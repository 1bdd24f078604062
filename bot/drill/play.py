"""Begins the tour when somebody is there to see it, and ends it with words when a visitor changes the story."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from bot.drill.tour import tour
from bot.local.filling import NotOnScreen
from bot.local.refusals import CannotDo
from bot.local.teams.world import TeamsWorld
from bot.local.world import World

SEATED = 1.5
"""Seconds that a page needs to draw itself, once it listens."""

CHANGED = (
    "Somebody else had a hand in the story, so the tour cannot go on. The workspace stays open: finish it yourself, or"
    " start the tour again."
)


class Audience:
    """Middleware that passes every request on, and sets `there` when a page begins to listen."""

    def __init__(self, app: ASGIApp, there: asyncio.Event) -> None:
        self.app, self.there = app, there

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http" and scope["path"] == "/workspace/events":
            self.there.set()
        await self.app(scope, receive, send)


async def play(
    world: World,
    settled: Callable[[], Awaitable[None]],
    there: asyncio.Event,
    *,
    pace: float,
    teams: TeamsWorld | None = None,
) -> None:
    """Wait for an audience, then play the tour to its end."""
    await there.wait()
    await asyncio.sleep(SEATED)
    try:
        await tour(world, settled, pace=pace, teams=teams)
    except (NotOnScreen, CannotDo):
        world.caption(CHANGED)
