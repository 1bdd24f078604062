"""Finding a time with a room, somebody for the minutes, time between meetings and agencies that close."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from slot_builders import HOUR, WEEK, at, london, person, question, span

from bot.domain.slots import (
    Kind,
    Need,
    NoRoom,
    Question,
    Reason,
    Room,
    Source,
    Venue,
    Why,
    find,
    judged,
)
from bot.domain.spans import Span

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
ALL_MONDAY = span("2026-03-02", "00:00", "23:00")


def with_rooms(*rooms: Room, heads: int = 4, **but: object) -> Question:
    return question(person("police"), person("housing"), venue=Venue(rooms=rooms, heads=heads), **but)


def test_the_smallest_room_that_seats_everybody_is_taken():
    hall, office, study = Room(id="hall", seats=40), Room(id="office", seats=6), Room(id="study", seats=3)
    assert {o.room for o in find(with_rooms(hall, office, study)).options} == {"office"}
    full = replace(office, busy=(ALL_MONDAY,))
    found = find(with_rooms(hall, full, study)).options
    assert [(o.room, o.start.day) for o in found][:3] == [("hall", 2), ("hall", 2), ("office", 3)]


def test_a_time_at_which_no_room_is_free_is_not_offered():
    found = find(with_rooms(Room(id="office", seats=6, busy=(ALL_MONDAY,))))
    assert at(found.options)[0] == "Tue 3 Mar 09:00"
    monday = judged(with_rooms(Room(id="office", seats=6, busy=(ALL_MONDAY,))), london("2026-03-02 10:00"))
    assert not monday.fits
    assert monday.room_missing is NoRoom.TAKEN
    assert Reason.NO_ROOM in monday.reasons


@pytest.mark.parametrize(
    ("rooms", "why"),
    [
        ((), NoRoom.NONE_NAMED),
        ((Room(id="study", seats=3),), NoRoom.TOO_SMALL),
        ((Room(id="office", seats=4, closed=frozenset({MONDAY})), Room(id="study", seats=3)), NoRoom.CLOSED),
        ((Room(id="office", seats=4, busy=(WEEK,)), Room(id="study", seats=3)), NoRoom.TAKEN),
        ((Room(id="office", seats=4, source=Source.UNKNOWN),), NoRoom.NOT_KNOWN),
    ],
)
def test_why_there_is_no_room_is_told(rooms: tuple[Room, ...], why: NoRoom):
    asked = with_rooms(*rooms)
    assert judged(asked, london("2026-03-02 10:00")).room_missing is why


def test_when_only_the_room_is_lacking_meeting_online_is_the_smallest_concession():
    found = find(with_rooms(Room(id="office", seats=6, busy=(WEEK,))))
    assert found.nothing_fits
    assert found.concession.kind is Kind.ONLINE
    assert at([found.concession.option]) == ["Mon 2 Mar 09:00"]
    assert found.concession.option.fits
    assert found.nearest[0].room_missing is NoRoom.TAKEN


def test_online_is_no_concession_where_the_room_is_not_what_is_in_the_way():
    asked = with_rooms(Room(id="office", seats=6))
    stuck = replace(
        asked, attendees=(person("police", busy=(WEEK,)), *(p for p in asked.attendees if p.id != "police"))
    )
    found = find(stuck)
    assert found.nothing_fits
    assert Kind.ONLINE not in {way.kind for way in (found.concession, *found.also)}


def test_meeting_online_is_no_concession_when_even_then_the_deadline_would_be_missed():
    full = Room(id="office", seats=6, busy=(WEEK,))
    police = person("police", pattern="fri 09:00-10:00")
    found = find(question(police, venue=Venue(rooms=(full,)), deadline=date(2026, 3, 5)))
    assert found.nothing_fits
    assert Kind.ONLINE not in {way.kind for way in (found.concession, *found.also)}


def test_a_meeting_online_asks_for_no_room():
    option = find(question(person("police"))).options[0]
    assert (option.room, option.room_missing) == (None, None)


def test_somebody_who_wants_time_between_meetings_gets_it_before_and_after():
    held = (span("2026-03-02", "10:30", "11:30"),)
    back_to_back = question(person("police", busy=held))
    assert judged(back_to_back, london("2026-03-02 09:30")).fits
    assert judged(back_to_back, london("2026-03-02 11:30")).fits
    wants = person("police", busy=held, gap=timedelta(minutes=15))
    assert judged(question(wants), london("2026-03-02 09:15")).fits
    assert judged(question(wants), london("2026-03-02 11:45")).fits
    for close in ("09:30", "11:30"):
        option = judged(question(wants), london(f"2026-03-02 {close}"))
        assert not option.fits
        assert option.missing[0].why is Why.TOO_CLOSE


def test_time_to_travel_is_kept_only_when_the_meeting_is_in_a_room():
    held = person("police", busy=(span("2026-03-02", "09:00", "10:00"),), travel=timedelta(minutes=45))
    online = question(held)
    in_a_room = replace(online, venue=Venue(rooms=(Room(id="office", seats=6),)))
    assert at(find(online).options)[0] == "Mon 2 Mar 10:00"
    assert at(find(in_a_room).options)[0] == "Mon 2 Mar 10:45"


def test_meeting_online_saves_the_way_there():
    """The room is free, but nobody could reach it: that, too, is what meeting online gives way on."""
    busy = tuple(
        span(f"2026-03-0{n}", a, b) for n in range(2, 7) for a, b in (("09:00", "12:00"), ("13:00", "17:00"))
    )
    held = person("police", busy=busy, travel=timedelta(minutes=30))
    found = find(question(held, venue=Venue(rooms=(Room(id="office", seats=6),))))
    assert found.concession.kind is Kind.ONLINE
    assert at([found.concession.option]) == ["Mon 2 Mar 12:00"]


def test_of_the_two_kinds_of_time_between_meetings_the_longer_holds():
    held = person(
        "police",
        busy=(span("2026-03-02", "09:00", "10:00"),),
        gap=timedelta(minutes=15),
        travel=timedelta(minutes=30),
    )
    found = find(question(held, venue=Venue(rooms=(Room(id="office", seats=6),))))
    assert at(found.options)[0] == "Mon 2 Mar 10:30"


def test_time_between_meetings_is_elapsed_time_on_the_night_the_clocks_change():
    """02:30 after the change is half an hour, not an hour and a half, after 00:59:59 UTC turned to 02:00 BST."""
    over = Span(datetime(2026, 3, 29, 0, tzinfo=UTC), datetime(2026, 3, 29, 6, tzinfo=UTC))
    night = person(
        "police",
        over=over,
        pattern="sun 00:00-07:00",
        busy=(Span(over.start, datetime(2026, 3, 29, 1, tzinfo=UTC)),),
        gap=timedelta(minutes=30),
    )
    asked = question(night, over=over)
    assert find(asked).options[0].start == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert judged(asked, london("2026-03-29 02:30")).fits
    assert not judged(asked, london("2026-03-29 02:15")).fits


def test_a_start_of_the_day_needs_no_time_before_it():
    assert at(find(question(person("police", gap=HOUR, travel=HOUR))).options)[0] == "Mon 2 Mar 09:00"


def test_a_negative_time_between_meetings_is_refused():
    with pytest.raises(ValueError, match="negative"):
        person("police", gap=-HOUR)


def test_a_time_with_somebody_for_the_minutes_comes_before_an_earlier_one_without():
    clerk = person("clerk", "council", busy=(ALL_MONDAY,))
    needs = (Need(agency="police", any_of=("police",)),)
    found = find(question(person("police"), clerk, needs=needs, minute_takers=("clerk",)))
    assert at(found.options)[0] == "Tue 3 Mar 09:00"
    assert found.options[0].minutes == "clerk"
    early = found.options[-1]
    assert at([early]) == ["Mon 2 Mar 09:00"]
    assert (early.minutes, early.minutes_missing) == (None, Why.BUSY)
    assert Reason.NO_MINUTE_TAKER in early.reasons


def test_that_nobody_is_free_for_the_minutes_costs_but_rules_nothing_out():
    needs = (Need(agency="police", any_of=("police",)),)
    clerk = person("clerk", "council", busy=(WEEK,))
    found = find(question(person("police"), clerk, needs=needs, minute_takers=("clerk",)))
    assert not found.nothing_fits
    assert all(option.fits for option in found.options)


def test_the_first_minute_taker_who_is_free_takes_the_minutes_and_the_chair_may():
    first = person("clerk", "council", busy=(ALL_MONDAY,))
    asked = question(
        person("police"),
        first,
        person("chair", "council"),
        needs=(Need(agency="police", any_of=("police",)),),
        chairs=("chair",),
        minute_takers=("clerk", "chair"),
    )
    assert judged(asked, london("2026-03-02 10:00")).minutes == "chair"
    assert judged(asked, london("2026-03-03 10:00")).minutes == "clerk"


def test_a_minute_taker_who_is_no_attendee_is_refused():
    with pytest.raises(ValueError, match="ghost"):
        question(person("police"), minute_takers=("ghost",))


def test_on_an_agencys_closure_day_none_of_its_people_come():
    closed = question(person("police"), person("housing"), closed={"housing": frozenset({MONDAY})})
    assert at(find(closed).options)[0] == "Tue 3 Mar 09:00"
    monday = judged(closed, london("2026-03-02 10:00"))
    assert [(gone.agency, gone.why) for gone in monday.missing] == [("housing", Why.CLOSED)]


def test_nobody_is_asked_about_a_day_on_which_their_agency_is_closed():
    gp = person("gp", "health", source=Source.UNKNOWN)
    found = find(question(person("police"), gp, closed={"health": frozenset({MONDAY})}))
    assert found.concession.kind is Kind.ASK
    assert at([found.concession.option]) == ["Tue 3 Mar 09:00"]


def test_a_deputy_named_by_a_closed_agency_would_not_help_on_that_day():
    busy = person("housing", busy=(WEEK,))
    found = find(question(person("police"), busy, closed={"housing": frozenset({MONDAY, TUESDAY})}))
    assert found.concession.kind is Kind.DEPUTY
    assert at([found.concession.option]) == ["Wed 4 Mar 09:00"]


def test_an_agencys_closure_days_leave_other_agencies_alone():
    asked = question(person("police"), closed={"housing": frozenset({MONDAY})})
    assert at(find(asked).options)[0] == "Mon 2 Mar 09:00"
