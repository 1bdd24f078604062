"""The calendars of the local workspace: stand-ins for Microsoft's and Google's, and our gateways pointed at them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.routing import BaseRoute

from bot.calendars import Calendars
from bot.domain.area import Practice
from bot.gateways.google import Google
from bot.gateways.google_sign_in import GoogleSignIn
from bot.gateways.graph import Graph
from bot.local.google.app import GoogleCalendars
from bot.local.google.world import GoogleWorld
from bot.local.graph.app import GraphCalendars
from bot.local.graph.notices import Notices
from bot.local.graph.post import Post, shown_in_week
from bot.local.graph.world import GraphWorld
from bot.local.mail import Route
from bot.local.world import World


@dataclass(kw_only=True)
class LocalCalendars:
    """Either, both or none. Meetings are kept with Microsoft where it is, else with Google, else nowhere.

    `diaries` says whose diaries are where, as an area's file does. `open` makes what was asked for, `reach` says where
    it is served.
    """

    with_graph: Callable[[World], GraphWorld] | None = None
    with_google: Callable[[World], GoogleWorld] | None = None
    diaries: Mapping[str, str] = field(default_factory=dict)
    graph: GraphWorld | None = field(init=False, default=None)
    google: GoogleWorld | None = field(init=False, default=None)
    notices: Notices | None = field(init=False, default=None)
    mail: list[Route] = field(init=False, default_factory=list)
    _routes: list[BaseRoute] = field(init=False, default_factory=list)
    _keys: TemporaryDirectory[str] | None = field(init=False, default=None)

    def open(self, world: World) -> None:
        """Make the stand-ins; what is in people's own calendars shows on the page."""
        if self.with_graph is not None:
            self.graph = self.with_graph(world)
            self.mail.append(Post(self.graph, world.letters))
            world.letters.diaries.append(partial(shown_in_week, self.graph))
            served = GraphCalendars(self.graph)
            self.notices = served.notices
            self._routes += served.routes()
        if self.with_google is not None:
            self.google = self.with_google(world)
            world.letters.diaries.append(self.google.shown_in_week)
            self._routes += GoogleCalendars(self.google).routes()
            self._keys = TemporaryDirectory()

    def routes(self) -> list[BaseRoute]:
        """What the stand-ins answer."""
        return self._routes

    def reach(self, address: str) -> None:
        """They are served there."""
        for world in (self.graph, self.google):
            if world is not None:
                world.address = address

    def at_work(self, practice: Practice) -> Practice:
        """The practice of an area that has these calendars."""
        organiser = "graph" if self.graph else "google" if self.google else ""
        if not organiser:
            return practice
        return replace(practice, area=replace(practice.area, diaries=self.diaries), organiser=organiser)

    def gateways(self) -> dict[str, Calendars]:
        """Our own gateways, with what each stand-in takes for a proof."""
        found: dict[str, Calendars] = {}
        if self.graph is not None:
            from bot.local.graph.sign_in import (
                StandInSignIn,
            )  # with Microsoft's package, for those who show it

            proof = StandInSignIn(self.graph.token)
            found["graph"] = Graph(proof, self.graph.organiser, base_url=f"{self.graph.address}/v1.0")
        if self.google is not None and self._keys is not None:
            file = Path(self._keys.name) / "key.json"
            file.write_text(json.dumps(self.google.issuer.key_file(self.google.address)), encoding="ascii")
            sign_in = GoogleSignIn(self.google.organiser, key_file=file)
            address = f"{self.google.address}/calendar/v3"
            found["google"] = Google(sign_in, self.google.organiser, base_url=address)
        return found

    async def close(self) -> None:
        """End what waits, and throw the key away."""
        if self.google is not None:
            await self.google.close()
        if self._keys is not None:
            self._keys.cleanup()
