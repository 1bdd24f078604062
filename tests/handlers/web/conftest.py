"""The pages behind links as a browser meets them: the real application on a socket, and a small invented town.

`desk` is Helen's: she owns an action, and has an invitation that Noor answers in her place if need be.
"""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from html import unescape

import httpx
import pytest
from plan_builders import PRACTICE, an_action, at, settle
from sqlmodel import select
from starlette.applications import Starlette

from bot.app import Program, Wiring
from bot.handlers.web import door
from bot.links import Kind, Links
from bot.serving import Serving
from bot.storage.ledger_tables import AuditEvent
from bot.storage.tables import InvitationRow, MeetingRow

MORNING = at("2026-03-04", "09:30")
MEETING = at("2026-03-10", "10:00")


class Desk:
    """A browser without a memory, at a table with letters on it."""

    def __init__(self, program: Program, client: httpx.AsyncClient, links: Links) -> None:
        self.program, self.client, self.links = program, client, links
        self.now: datetime = MORNING
        program.now = lambda: self.now

    @property
    def begin(self):
        return self.program.running.begin

    def link(self, kind: Kind = "action", id: str = "a-7k4qmx-1", person: str = "helen") -> str:
        return self.links.to(kind, id, person, self.now).removeprefix(self.links.address)

    async def get(self, path: str, **but) -> httpx.Response:
        return await self.client.get(path, **but)

    async def sends(self, path: str, headers: dict[str, str] | None = None, **said: str) -> httpx.Response:
        """Opens the form of an answer, fills it in, and presses its button."""
        form = form_of(await self.get(path))
        return await self.client.post(path, data={"form": form, **said}, headers=headers)

    def action(self, id: str = "a-7k4qmx-1"):
        with self.begin() as work:
            return work.plans.action(id)

    def answer(self, id: str = "i-helen") -> str:
        with self.begin() as work:
            return work.meetings.invitation_row(id).answer

    def record(self) -> list[tuple[str, str, str]]:
        """Who did what, with the facts of it, oldest first."""
        with self.begin() as work:
            rows = work.session.exec(select(AuditEvent).order_by(AuditEvent.at, AuditEvent.seq))
            return [(row.actor, row.verb, row.facts) for row in rows]

    def everything(self) -> list[str]:
        """Every row of every table, to be compared."""
        with self.begin() as work:
            db = work.session.connection()
            names = [
                row[0] for row in db.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
            ]
            return [
                f"{name} {tuple(row)}"
                for name in names
                for row in db.exec_driver_sql(f"SELECT * FROM {name}")
            ]

    def turned_away(self) -> dict[str, float]:
        """How many requests led nowhere, by reason."""
        samples = [each for metric in self.program.metrics.no_answers.collect() for each in metric.samples]
        return {s.labels["reason"]: s.value for s in samples if s.name.endswith("_total")}


def form_of(page: httpx.Response) -> str:
    """The hidden value of a page's form."""
    [found] = re.findall(r'name="form" value="([^"]+)"', page.text)
    return unescape(found)


@pytest.fixture
async def desk(sqlite_database, monkeypatch) -> AsyncIterator[Desk]:
    monkeypatch.setattr(door.Strangers, "turn", _at_once)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(16)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        links = Links("a key that nobody guesses", address)
        program = Program(
            Wiring(
                database_url=sqlite_database.url,
                practice=PRACTICE,
                slack_url="http://127.0.0.1:1",
                bot_token="xoxb-1",
                links=links,
            )
        )
        _fill(program)
        server = Serving(Starlette(routes=program.routes()))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        async with httpx.AsyncClient(base_url=address) as client:
            yield Desk(program, client, links)
        server.should_exit = True
        await serving
        await program.stop()


async def _at_once(self) -> None:
    """A wait of its own is tried elsewhere."""


def _fill(program: Program) -> None:
    begin = program.running.begin
    settle(begin)
    an_action(begin)
    with begin() as work:
        work.session.add(
            MeetingRow(
                id="m-1",
                area="aldermere",
                pathway="care-connect-marm",
                stage="panel",
                kind="panel",
                state="invited",
                uid="m-1@aldermere.example",
                starts_at=MEETING,
                ends_at=MEETING + timedelta(hours=2),
                minutes_long=120,
                created_by="cora",
                created_at=MORNING,
                drill=True,
            )
        )
        work.session.flush()
        work.session.add(
            InvitationRow(id="i-helen", meeting_id="m-1", person_id="helen", agency_id="housing")
        )
