"""Looking into diaries beside everything else: nobody waits long, nothing is asked twice, a failure is no answer."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.diary_reading import DiaryReading
from bot.domain.diary import Diary, Reading
from bot.domain.errors import TryLater
from bot.domain.spans import Span
from bot.usecases.diaries import Sought
from bot.usecases.read_diaries import ToRead, keep_readings, to_read

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WINDOW = Span(NOW, NOW + timedelta(days=10))
TOM, RUTH, JO = (
    ToRead(whose="tom", address="tom@council.test", calendars="graph"),
    ToRead(whose="ruth", address="ruth@council.test", calendars="graph"),
    ToRead(whose="jo", address="jo@charity.test", calendars="google"),
)


class Calendars:
    """Calendars of another system, which answer when they are told to."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.fails: TryLater | None = None
        self.closed = False

    async def diaries(self, addresses: Iterable[str], window: Span) -> dict[str, Diary]:
        self.asked.append(list(addresses))
        await self.may_answer.wait()
        if self.fails:
            raise self.fails
        return {address: Diary() for address in self.asked[-1]}

    async def close(self) -> None:
        self.closed = True


class Record:
    """The program around it: who has to be read, and what was kept."""

    def __init__(self, *due: ToRead) -> None:
        self.due, self.kept = due, dict[str, Reading]()
        self.practice: Any = SimpleNamespace()
        self.arrived = asyncio.Event()

    def now(self) -> datetime:
        return NOW

    async def read(self, look: Callable[..., Any], /, *args: Any, **but: Any) -> Any:
        assert look is to_read
        return tuple(each for each in self.due if each.whose not in self.kept)

    async def run(self, usecase: Callable[..., Any], /, *args: Any, **but: Any) -> Any:
        assert usecase is keep_readings
        self.kept |= args[0]
        self.arrived.set()


def sought(*people: ToRead) -> Sought:
    return Sought(people=tuple(each.whose for each in people), window=WINDOW)


async def test_each_calendar_is_asked_once_for_all_of_its_people():
    council, charity, record = Calendars(), Calendars(), Record(TOM, JO, RUTH)
    reading = DiaryReading(record, {"graph": council, "google": charity})
    await reading.look(sought(TOM, JO, RUTH), patience=5)
    assert (council.asked, charity.asked) == ([[TOM.address, RUTH.address]], [[JO.address]])
    assert set(record.kept) == {"tom", "ruth", "jo"}


async def test_who_is_slow_is_not_waited_for_and_what_they_say_is_kept_all_the_same():
    council, record = Calendars(), Record(TOM)
    council.may_answer.clear()
    reading = DiaryReading(record, {"graph": council})
    await reading.look(sought(TOM), patience=0)
    assert record.kept == {}
    council.may_answer.set()
    await record.arrived.wait()
    assert set(record.kept) == {"tom"}


async def test_a_diary_that_is_being_read_is_not_asked_for_again():
    """The form was opened a moment ago; the search waits for what that began."""
    council, record = Calendars(), Record(TOM, RUTH)
    council.may_answer.clear()
    reading = DiaryReading(record, {"graph": council})
    await reading.look(sought(TOM, RUTH), patience=0)
    search = asyncio.create_task(reading.look(sought(TOM), patience=5))
    await asyncio.sleep(0)
    council.may_answer.set()
    await search
    assert council.asked == [[TOM.address, RUTH.address]]


async def test_calendars_that_do_not_answer_change_nothing_and_are_logged_without_an_address(caplog):
    council, record = Calendars(), Record(TOM)
    council.fails = TryLater(5, "ErrorServerBusy")
    with caplog.at_level(logging.WARNING):
        await DiaryReading(record, {"graph": council}).look(sought(TOM), patience=5)
    assert record.kept == {}
    assert [each.getMessage() for each in caplog.records] == ["diaries not read"]
    assert TOM.address not in str(vars(caplog.records[0]))


async def test_one_calendar_that_fails_takes_nothing_from_the_other():
    council, charity, record = Calendars(), Calendars(), Record(TOM, JO)
    council.fails = TryLater(5, "ErrorServerBusy")
    await DiaryReading(record, {"graph": council, "google": charity}).look(sought(TOM, JO), patience=5)
    assert set(record.kept) == {"jo"}


@pytest.mark.parametrize("ahead", [True, False])
async def test_closing_lets_go_of_what_is_under_way_and_hangs_up(ahead):
    council, record = Calendars(), Record(TOM)
    council.may_answer.clear()
    reading = DiaryReading(record, {"graph": council})
    if ahead:
        reading.look_ahead(sought(TOM))
        await asyncio.sleep(0)
    else:
        await reading.look(sought(TOM), patience=0)
    await reading.close()
    assert council.closed
    assert record.kept == {}
