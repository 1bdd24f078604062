"""What a page behind a link shows to whoever has the e-mail: nothing of a full world that is secret (IG-01)."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from full_world import NOW, World
from leaving import marks_in
from starlette.applications import Starlette

from bot.handlers.web.answers import CHOICES
from bot.handlers.web.door import Door
from bot.links import Links
from bot.render import Render
from bot.storage.transaction import Begin

LINKS = Links("a key that nobody guesses", "http://aldermere.example")


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
        raise AssertionError("to open a page is no command")


@pytest.fixture
async def browser(full_store: Begin, world: World) -> AsyncIterator[httpx.AsyncClient]:
    door = Door(Reader(full_store, world), LINKS)  # type: ignore[arg-type]
    app = httpx.ASGITransport(app=Starlette(routes=door.routes()))
    async with httpx.AsyncClient(transport=app, base_url=LINKS.address) as client:
        yield client


async def test_no_secret_stands_on_any_page(browser: httpx.AsyncClient, full_store: Begin, world: World):
    with full_store() as work:
        actions = [work.plans.row(id) for id in world.samples["action"]]
        invitations = [work.meetings.invitation_row(id) for id in world.samples["invitation"]]
        links = [LINKS.to("action", row.id, row.owner_id, NOW) for row in actions if row.state != "closed"]
        links += [LINKS.to("invitation", row.id, row.person_id, NOW) for row in invitations]
        asked = [work.polls.person(id) for id in world.samples["slot_poll_person"]]
        links += [LINKS.to("times", row.id, row.person_id, NOW) for row in asked]
        checks = [work.involvement.check(id) for id in world.samples["involvement_check"]]
        links += [
            LINKS.to("involvement", row.id, row.person_id, NOW) for row in checks if row.person_id is not None
        ]
        parts = [work.cases.agency_rows(id) for id in world.samples["case_file"]]
        speak = {f"a{n}": f"rep{n}" for n in range(6)}
        links += [LINKS.to("closure", row.id, speak[row.agency_id], NOW) for rows in parts for row in rows]
        links += [LINKS.to("contact", each, each, NOW) for each in ("rep0", "lead0")]
        concerns = [work.followups.dispute(id) for id in world.samples["dispute"]]
        links += [LINKS.to("dispute", row.id, row.owner_id, NOW) for row in concerns]
    assert len(links) > 10
    shown: dict[str, int] = {}
    for link in links:
        opened = (await browser.get(link)).text
        kind = (
            "times"
            if "could you meet" in opened
            else "action"
            if "Your action" in opened
            else "involvement"
            if "know this person" in opened
            else "contact"
            if "Is your entry" in opened
            else "dispute"
            if "A professional concern" in opened
            else "closure"
            if "What does your agency say" in opened
            else "invitation"
        )
        for address in (link, *(f"{link}/{choice}" for choice in CHOICES[kind])):
            page = await browser.get(address)
            name = address.removeprefix(link) or kind
            shown[name] = shown.get(name, 0) + (page.status_code == 200)
            assert marks_in(re.sub(r"/answer/\S+|value=\"\S+\"", "", page.text)) == [], name
    assert set(shown) == {
        "action",
        "invitation",
        "times",
        "involvement",
        "closure",
        "contact",
        "dispute",
        *(f"/{each}" for some in CHOICES.values() for each in some),
    }
    assert all(shown.values()), "a page that nobody saw"
