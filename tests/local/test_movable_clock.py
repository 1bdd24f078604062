"""The clock that people push forward (issue 2: next hour, next working day), invented working days."""

from datetime import UTC, datetime, timedelta

import pytest
from stand_in_town import MONDAY, next_weekday

from bot.local.clock import MovableClock
from bot.local.shelf import Shelf


def a_clock(start=MONDAY, shelf=None):
    return MovableClock(next_weekday, start=start, shelf=shelf, real=lambda: MONDAY)


@pytest.mark.parametrize(
    ("start", "to", "expected"),
    [
        ("2026-03-30T09:20+00:00", "next-hour", "2026-03-30T10:00+00:00"),
        ("2026-03-30T09:00+00:00", "next-hour", "2026-03-30T10:00+00:00"),
        ("2026-03-27T12:00+00:00", "next-working-day", "2026-03-30T08:05+00:00"),  # summer time began between
        ("2026-03-26T12:00+00:00", "next-working-day", "2026-03-27T09:05+00:00"),
        ("2026-03-30T12:00+00:00", "next-week", "2026-04-06T08:05+00:00"),
        ("2026-03-28T12:00+00:00", "next-week", "2026-04-06T08:05+00:00"),  # a Saturday
        ("2026-03-30T23:30+00:00", "next-working-day", "2026-04-01T08:05+00:00"),  # Tuesday already in London
        ("2026-03-30T12:00+00:00", "2026-03-30T14:00+01:00", "2026-03-30T13:00+00:00"),
    ],
)
async def test_where_a_wish_leads(start, to, expected):
    clock = a_clock(datetime.fromisoformat(start))
    assert await clock.move(to) == datetime.fromisoformat(expected) == clock.now()
    assert clock.now().tzinfo is UTC


@pytest.mark.parametrize("to", ["2026-03-30T08:59+00:00", "2026-03-30T12:00", "yesterday"])
async def test_time_only_goes_forward_and_has_a_zone(to):
    with pytest.raises(ValueError, match=r"forward|zone|isoformat"):
        await a_clock().move(to)


async def test_a_jump_is_told_once_and_a_lived_week_every_working_morning():
    clock, told = a_clock(), []

    async def listener(now):
        told.append(f"{now:%a %H:%M}")

    clock.on_move(listener)
    await clock.live_through("next-week")
    assert told == ["Tue 08:05", "Wed 08:05", "Thu 08:05", "Fri 08:05", "Mon 08:05"]
    told.clear()
    await clock.move("next-week")
    assert told == ["Mon 08:05"]


async def test_the_clock_goes_on_after_a_restart_where_it_was(tmp_path):
    shelf = Shelf(tmp_path / "town.db")
    clock = a_clock(shelf=shelf)
    await clock.move(MONDAY + timedelta(days=3))
    shelf.close()
    again = Shelf(tmp_path / "town.db")
    assert a_clock(shelf=again).now() == MONDAY + timedelta(days=3)
    again.close()
