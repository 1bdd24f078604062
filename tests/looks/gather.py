"""Gathers everything that the full world shows to somebody, in words that can be read, as JSON to be drawn.

The world is that of the tests, but its canaries are sentences here and its names short: what is looked at is how a
thing reads, and whether it fits is tested elsewhere. Each surface is kept once for each way in which its parts differ.
"""

import asyncio
import json
import re
import tempfile
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import full_world
import httpx
import leaving
from drawn_twice import DrawnTwice
from full_world import NOW, World
from leaving import Everything, everything
from pressing import Presser
from pressing_in_teams import PresserInTeams
from sqlalchemy import Engine
from starlette.applications import Starlette

from bot.domain.errors import Refused
from bot.handlers.web.answers import CHOICES
from bot.handlers.web.door import Door
from bot.links import Links
from bot.papers import file_of
from bot.picture import png
from bot.render import Render
from bot.simulation.behaviour import Behaviour
from bot.simulation.plot import sheet
from bot.simulation.run import simulate
from bot.storage.contact_tables import AgencyCardRow
from bot.storage.engine import connect
from bot.storage.migrate import migrate
from bot.storage.tables import PersonRow
from bot.storage.transaction import Begin, transactions
from bot.usecases.papers import take_paper

Json = dict[str, Any]
NUMBERED = r"CV-[0-9A-Z]+(/\d+)?|\d+"
LINKS = Links("a key that nobody guesses", "http://aldermere.example")
GIVEN = (
    "Amara",
    "Bronwen",
    "Callum",
    "Dilys",
    "Esme",
    "Farah",
    "Gethin",
    "Hollis",
    "Imogen",
    "Jasper",
    "Kwame",
)
SAID = (
    "Said by an invented person about {}, and long enough to see how a sentence of that length is read here."
)


@dataclass(frozen=True)
class Surface:
    """One thing to be drawn: `how` it is drawn, its name, and what there is of it."""

    how: str
    name: str
    what: Any


def readable() -> None:
    """Makes the world's canaries sentences, its longest names short and its choices those of the pathways."""

    def sentence(*of: str, long: int = 0) -> str:
        subject = of[-1].replace("_", " ")
        return SAID.format(subject) if long else f"Invented {subject}"

    def answer(each: Any) -> Any:
        given = told(each)
        if each.kind in ("text", "phone") and int(each.sensitivity) >= 2:
            return f"Invented {each.id.replace('_', ' ')}"
        return given

    def add(self: Any, row: Any) -> Any:
        if isinstance(row, PersonRow) and not row.id.startswith("barred"):
            row.name = f"{GIVEN[sum(map(ord, row.id)) % len(GIVEN)]} {row.id.capitalize()}"
        if isinstance(row, AgencyCardRow):
            row.profile = "It gives advice and support to people of the area, and comes to every panel."
        return put(self, row)

    put = full_world.Builder.add
    full_world.Builder.add = add  # type: ignore[method-assign]
    told = full_world._answer
    full_world.canary = sentence
    full_world._answer = answer
    full_world._planted = lambda pathway: pathway  # type: ignore[assignment]
    full_world.NUMBER = "3"
    full_world.LONG = "of Aldermere "


def gathered() -> Iterator[Surface]:
    """Everything, in the order in which it is to be looked at."""
    readable()
    drawings: list[bytes] = []

    def kept(page: Any) -> bytes:
        drawings.append(png(page))
        return drawings[-1]

    leaving.png = kept
    with tempfile.TemporaryDirectory() as place:
        engine = connect(f"sqlite:///{place}/looks.db")
        migrate(engine)
        store = transactions(engine)
        world = full_world.settled(store)
        render = DrawnTwice()
        left = asyncio.run(everything(store, world, render))
        posted = render.in_teams[:]
        yield from (
            Surface("picture", "as sent", b64encode(each).decode()) for each in dict.fromkeys(drawings)
        )
        yield from (Surface("picture", name, b64encode(each).decode()) for name, each in _a_year())
        yield from _papers(store, world)
        yield from _slack(engine, store, world, left, render)
        yield from _teams(engine, store, world, posted)
        yield from _mails(left)
        yield from asyncio.run(_pages(store, world))
        engine.dispose()


def _slack(
    engine: Engine, store: Begin, world: World, left: Everything, render: DrawnTwice
) -> Iterator[Surface]:
    with store() as work:
        me = work.register.person("rep0")
    presser = Presser(engine, world, render, me)
    asyncio.run(presser.everything([each for each in left if each.way not in ("mail", "file")]))
    kept = Kept(3)
    for each in left:
        if each.way in ("message", "home") and kept.new(each.name, each.payload):
            yield Surface(f"slack-{each.way}", each.name, each.payload)
    for shown in presser.shown:
        name = str(shown.payload.get("callback_id", ""))
        if shown.way == "modal" and kept.new(name, shown.payload):
            yield Surface("slack-modal", name, shown.payload)
        elif shown.way == "message" and kept.new(
            name := shown.trail.rpartition("> ")[2].partition(":")[0], shown.payload
        ):
            yield Surface("slack-message", f"answer-{name}", shown.payload)
        elif shown.way == "errors" and kept.new("errors", {"text": shown.payload["text"]}):
            yield Surface("words", "problem", shown.payload["text"])


def _teams(
    engine: Engine, store: Begin, world: World, drawn: Iterable[tuple[str, Json]]
) -> Iterator[Surface]:
    posted = [(name, each) for name, each in drawn if "text" in each or name == "home"]
    with store() as work:
        me = work.register.person("rep0")
    presser = PresserInTeams(engine, world, Render(), me)
    asyncio.run(presser.everything(posted))
    kept = Kept()
    for name, payload in posted:
        if kept.new(name, payload["card"]):
            yield Surface("teams-card", name, payload)
    for each in presser.answered:
        name = each.trail.rpartition("> ")[2]
        if each.dialog and kept.new(each.dialog["title"], each.dialog["card"]["content"]):
            yield Surface("teams-dialog", f"{name} {each.dialog['title']}", each.dialog)
        for payload in each.said:
            if kept.new(name, payload["card"]):
                yield Surface("teams-card", f"said {name}", payload)
        own = each.body.get("value")
        if isinstance(own, dict) and kept.new(f"own {name}", own):
            yield Surface("teams-card", f"own {name}", {"card": own})


def _a_year() -> Iterator[tuple[str, bytes]]:
    """The plot of a year of a pathway, simulated."""
    pathway = full_world.practice().pathways[full_world.PATHWAYS[0]]
    told = simulate(pathway, area=None, behaviour=Behaviour(), year=2026, seed=1, cases=12)
    yield "a year of a pathway", png(sheet(told))


def _papers(store: Begin, world: World) -> Iterator[Surface]:
    """Each kind of paper as a PDF."""
    with store() as work:
        me = work.register.person("rep0")
        meetings, case = world.samples["meeting"], world.special["case_file"][0]
    tries = [(kind, id) for kind in ("pack", "minutes", "actions") for id in meetings]
    found: set[str] = set()
    for kind, id in [*tries, ("case_actions", case), ("contacts", "")]:
        if kind in found:
            continue
        try:
            paper = take_paper(store, world.practice, kind, id, "pdf", by=me, now=NOW)  # type: ignore[arg-type]
        except Refused:
            continue
        found.add(kind)
        yield Surface("paper", kind, b64encode(file_of(Render(), paper, "pdf").content).decode())


def _mails(left: Everything) -> Iterator[Surface]:
    kept = Kept()
    for each in left:
        if each.way == "mail" and kept.new(each.name, {"text": each.payload["Subject"], "n": each.name}):
            yield Surface("mail", each.name, each.payload)


class Reader:
    """As much of the program as a page needs that only shows."""

    def __init__(self, begin: Begin, world: World) -> None:
        self.begin, self.practice, self.render = begin, world.practice, Render()
        self.contact = world.practice.area.contact

    def now(self) -> Any:
        return NOW

    async def read(self, look: Any, /, *args: Any) -> Any:
        with self.begin() as work:
            return look(work, *args)

    async def run(self, usecase: Any, /, *args: Any, **but: Any) -> Any:
        return usecase(self.begin, *args, **but)


async def _pages(store: Begin, world: World) -> list[Surface]:
    """Each page behind a link, and the page of each answer."""
    reader = Reader(store, world)
    door = Door(reader, LINKS)  # type: ignore[arg-type]
    with store() as work:
        links = [
            ("action", LINKS.to("action", row.id, row.owner_id, NOW))
            for row in map(work.plans.row, world.samples["action"])
        ]
        links += [
            ("invitation", LINKS.to("invitation", row.id, row.person_id, NOW))
            for row in map(work.meetings.invitation_row, world.samples["invitation"])
        ]
        links += [
            ("times", LINKS.to("times", row.id, row.person_id, NOW))
            for row in map(work.polls.person, world.samples["slot_poll_person"])
        ]
        links += [
            ("involvement", LINKS.to("involvement", row.id, row.person_id, NOW))
            for row in map(work.involvement.check, world.samples["involvement_check"])
            if row.person_id is not None
        ]
        parts = [work.cases.agency_rows(id) for id in world.samples["case_file"]]
        speak = {f"a{n}": f"rep{n}" for n in range(6)}
        links += [
            ("closure", LINKS.to("closure", row.id, speak[row.agency_id], NOW))
            for rows in parts
            for row in rows
        ]
    found: list[Surface] = []
    kept = Kept()
    app = httpx.ASGITransport(app=Starlette(routes=door.routes()))
    async with httpx.AsyncClient(transport=app, base_url=LINKS.address) as client:
        css = (await client.get("/answer/page.css")).text
        for kind, link in links:
            for choice in ("", *CHOICES[kind]):
                page = await client.get(f"{link}/{choice}" if choice else link)
                name = f"{kind}-{choice or 'opened'}-{page.status_code}"
                if kept.count(name) < 2 and kept.new(name, {"text": page.text.replace(link, "")}):
                    found.append(Surface("page", name, {"html": page.text, "css": css}))
    return found


class Kept:
    """Which shapes were kept: of surfaces that differ only in what people wrote or chose, one is enough."""

    def __init__(self, most: int = 4) -> None:
        self.seen: dict[str, set[str]] = {}
        self.most = most

    def count(self, name: str) -> int:
        return len(self.seen.get(name, ()))

    def new(self, name: str, payload: Json) -> bool:
        """Whether nothing of that name and shape was kept yet; then it is from now on."""
        shape = json.dumps(sorted(set(_shape(payload))))
        known = self.seen.setdefault(name, set())
        if shape in known or len(known) >= self.most:
            return False
        known.add(shape)
        return True


def _shape(node: Any) -> Iterator[str]:
    """What a surface is made of: its headings, labels and buttons, and not what is written in its lines."""
    if isinstance(node, dict):
        kind = str(node.get("type", ""))
        if kind in ("button", "header") or kind.startswith("Action."):
            said = node.get("text", node.get("title"))
            words = str(said["text"] if isinstance(said, dict) else said)
            yield f"{kind} {re.sub(NUMBERED, '', words)}"
        if kind.startswith("Input.") or kind == "input":
            yield f"input {node.get('block_id', node.get('id'))}"
        if node.get("style") == "heading":
            yield f"heading {node.get('text')}"
        for value in node.values():
            yield from _shape(value)
    elif isinstance(node, list):
        for each in node:
            yield from _shape(each)


if __name__ == "__main__":
    import sys

    target = Path(sys.argv[1])
    with target.open("w", encoding="utf-8") as out:
        for each in gathered():
            out.write(json.dumps(asdict(each), ensure_ascii=False) + "\n")
