"""The proof sentence says what the record shows, and never more (S5-36)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.domain.proof import Moments, hours, sentence

LONDON = "Europe/London"
RECEIVED = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
PARTS = {
    "decided_at": "decided",
    "safeguards_at": "interim safeguards",
    "met_at": "joint discussion",
    "planned_at": "plan agreed",
}

moments = some.integers(0, 365 * 24 * 60 * 60).map(
    lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=n)
)
records = some.builds(Moments, received_at=moments, **dict.fromkeys(PARTS, some.none() | moments))


def after(number: float) -> datetime:
    return RECEIVED + timedelta(hours=number)


def test_it_tells_the_whole_way_of_a_concern_in_one_sentence():
    """Same day, interim safeguards, joint discussion and plan, in the order of the work (S5-36)."""
    told = Moments(
        received_at=RECEIVED,
        decided_at=after(3),
        safeguards_at=after(30.5),
        met_at=after(31),
        planned_at=after(31.5),
    )
    assert sentence(told, LONDON) == (
        "A named person decided on the concern the same day; interim safeguards agreed at 31 h;"
        " joint discussion at 31 h; plan agreed at 32 h."
    )


@given(records)
def test_each_part_stands_only_when_its_moment_is_on_record_and_comes_after_the_concern(record):
    """Whatever the record holds (S5-36)."""
    said = sentence(record, LONDON).lower()
    for name, words in PARTS.items():
        at = getattr(record, name)
        true = at is not None and at >= record.received_at
        if name == "safeguards_at" and true:
            planned = record.planned_at
            true = planned is None or planned < record.received_at or at < planned
        assert (words in said) == true


@given(records, some.sampled_from(sorted(PARTS)))
def test_what_is_taken_from_the_record_is_gone_from_the_sentence(record, name):
    """No part leans on another's moment (S5-36)."""
    assert PARTS[name] not in sentence(replace(record, **{name: None}), LONDON).lower()


@given(moments, some.timedeltas(timedelta(), timedelta(days=400)))
def test_hours_are_never_told_as_fewer_than_they_were(start, taken):
    """Begun hours count: what missed a standard by a minute is not told as having met it (T04)."""
    told = timedelta(hours=hours(start, start + taken))
    assert taken <= told < taken + timedelta(hours=1)


def test_a_standard_missed_by_a_minute_is_not_told_as_met():
    """48 hours and one minute (T04, S5-36)."""
    late = Moments(received_at=RECEIVED, met_at=RECEIVED + timedelta(hours=48, minutes=1))
    assert "joint discussion at 49 h" in sentence(late, LONDON).lower()


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ((2026, 3, 28, 12), (2026, 3, 29, 12), 23),  # the clocks go forward in between
        ((2026, 10, 24, 12), (2026, 10, 25, 12), 25),  # and back
        ((2026, 6, 1, 12), (2026, 6, 2, 12), 24),
    ],
)
def test_hours_over_a_change_of_the_clocks_are_those_that_passed(start, end, told):
    """Noon to noon is 23, 24 or 25 hours (S5-36)."""
    zone = ZoneInfo(LONDON)
    assert hours(datetime(*start, tzinfo=zone), datetime(*end, tzinfo=zone)) == told


def test_the_same_day_is_that_of_the_area_not_of_the_server():
    """23:30 in London in June is the next day nowhere else that counts (S5-36)."""
    received = datetime(2026, 6, 2, 22, 30, tzinfo=UTC)  # 23:30 in London
    soon = Moments(received_at=received, decided_at=received + timedelta(minutes=20))
    next_day = Moments(received_at=received, decided_at=received + timedelta(minutes=40))
    assert "the same day" in sentence(soon, LONDON)
    assert "at 1 h" in sentence(next_day, LONDON)


def test_of_a_concern_that_nobody_has_acted_on_nothing_is_said():
    """An empty record proves nothing (S5-36)."""
    assert sentence(Moments(received_at=RECEIVED), LONDON) == ""


def test_long_times_are_told_in_days():
    """Nobody reads 350 h (S5-36)."""
    assert (
        "plan agreed at 15 days"
        in sentence(Moments(received_at=RECEIVED, planned_at=after(350)), LONDON).lower()
    )
