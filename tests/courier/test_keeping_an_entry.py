"""The one entry in the organiser's calendar follows the record, whatever was lost on the way (calendar.md 6)."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any

import graph_town
import pytest
from graph_town import GraphTown
from meeting_builders import NOW, a_case, a_practice, owed, person, settle, wanted

from bot.courier.entry import KeepEntry
from bot.domain.area import Practice
from bot.domain.errors import TryLater, Undeliverable
from bot.storage.claims import Delivery
from bot.storage.transaction import Begin, transactions
from bot.usecases.book import book, cancel
from bot.usecases.convene import find_times

PRACTICE = Practice(area=a_practice().area, pathways=a_practice().pathways, organiser="graph")


class Desk:
    """A meeting of seven, booked for eleven o'clock, and the errand that keeps its entry."""

    def __init__(self, begin: Begin, town: GraphTown) -> None:
        self.begin, self.town = begin, town
        settle(begin)
        self.case = a_case(begin)
        self.meeting = self.offered().meeting_id
        self.errand = KeepEntry(self._read, self._run, PRACTICE, {"graph": town.graph}, lambda: NOW)

    def offered(self) -> Any:
        asked, cora = wanted(self.case), person(self.begin, "cora")
        return find_times(self.begin, PRACTICE, asked, source="s", by=cora, now=NOW)

    def books(self, nth: int = 0) -> datetime:
        option = self.offered().options[nth]
        book(self.begin, PRACTICE, option.id, by=person(self.begin, "cora"), now=NOW)
        return option.starts_at

    def cancels(self) -> None:
        cancel(self.begin, PRACTICE, self.meeting, "no_cases", by=person(self.begin, "cora"), now=NOW)

    async def carries(self) -> None:
        """As the courier does: send, then write down what came of it."""
        about = {"meeting": self.meeting}
        delivery = Delivery(
            number=1, id="d", errand="entry", about=about, lane=1, destination=None, not_before=NOW, attempts=1,
            first_tried_at=NOW, external_id=None,
        )  # fmt: skip
        try:
            id = await self.errand.send(about, "d")
        except Undeliverable as no:
            with self.begin() as work:
                self.errand.failed(work, delivery, no.reason)
            return
        with self.begin() as work:
            self.errand.record(work, delivery, id)

    def told(self) -> list[str]:
        return [what for what, _, guest in self.town.world.told if guest == "hal@example.test"]

    async def _read(self, look: Callable[..., Any], *args: Any) -> Any:
        with self.begin() as work:
            return look(work, *args)

    async def _run(self, usecase: Callable[..., Any], *args: Any) -> Any:
        return usecase(self.begin, *args)


@pytest.fixture
async def town() -> AsyncIterator[GraphTown]:
    async with graph_town.graph_town() as made:
        yield made


@pytest.fixture
def desk(sqlite_database, town: GraphTown) -> Desk:
    return Desk(transactions(sqlite_database.connect()), town)


async def test_a_burst_of_changes_is_one_entry_as_it_is_in_the_end(desk: Desk):
    desk.books(0)
    desk.books(1)
    starts = desk.books(2)
    assert len([key for key in owed(desk.begin) if key.startswith("entry")]) == 1
    await desk.carries()
    await desk.carries()
    assert desk.told() == ["invited"]
    [event] = desk.town.world.events.values()
    assert (event.span.start, event.sequence) == (starts, 0)


async def test_a_meeting_cancelled_before_anybody_was_asked_leaves_no_trace(desk: Desk):
    desk.books()
    desk.cancels()
    await desk.carries()
    assert desk.town.world.calls == []


async def test_a_meeting_cancelled_while_nobody_knows_whether_it_is_there_is_taken_back(desk: Desk):
    """Graph made it and the answer was lost; asked once more it says which one, and that one is cancelled."""
    desk.books()
    desk.town.world.fail(503, after=True)
    with pytest.raises(TryLater):
        await desk.carries()
    desk.cancels()
    await desk.carries()
    assert desk.town.world.events == {}
    assert desk.told() == ["invited", "cancelled"]


async def test_an_entry_made_twice_by_two_processes_is_one(desk: Desk):
    desk.books()
    await desk.carries()
    with desk.begin() as work:
        work.meetings.row(desk.meeting).entry_id = None  # another process had not heard yet
    await desk.carries()
    assert len(desk.town.world.events) == 1
    assert desk.told() == ["invited"]


async def test_a_move_after_a_lost_answer_finds_the_entry_and_moves_it(desk: Desk):
    desk.books(0)
    desk.town.world.fail(503, after=True)
    with pytest.raises(TryLater):
        await desk.carries()
    desk.books(3)
    await desk.carries()
    assert desk.told() == ["invited", "moved"]


async def test_a_change_of_an_entry_that_is_gone_is_told_to_the_coordinator(desk: Desk):
    desk.books(0)
    await desk.carries()
    desk.town.world.events.clear()
    desk.books(1)
    await desk.carries()
    assert [key for key in owed(desk.begin, "tell") if key.startswith("tell:entry_stuck")]
    assert owed(desk.begin, "invite") == []


async def test_a_refusal_before_there_is_an_entry_invites_everybody_by_e_mail(desk: Desk):
    desk.town.world.lacks = {"create"}
    desk.books()
    await desk.carries()
    assert len(owed(desk.begin, "invite")) == 7
    assert [key for key in owed(desk.begin, "tell") if key.startswith("tell:entry_by_mail")]
    desk.cancels()
    assert {key.rpartition(":")[2] for key in owed(desk.begin, "invite")} == {"cancel"}


async def test_a_name_from_a_case_never_reaches_the_calendar(desk: Desk):
    """The last gate looks at the bytes, with the names of the people in the case (calendar.md section 7)."""
    with desk.begin() as work:
        row = work.referrals.row(work.cases.row(desk.case).referral_id)
        row.answers = {"name": "Qanary Bell", **row.answers}
    desk.books()
    with desk.begin() as work:
        work.meetings.row(desk.meeting).place = "Bell Room"
    await desk.carries()
    assert desk.town.world.calls == []
    assert [key for key in owed(desk.begin, "tell") if key.startswith("tell:entry_by_mail")]
