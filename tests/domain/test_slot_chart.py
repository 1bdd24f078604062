"""The chart of an answer: what is drawn and read aloud has to say what the search said, minute by minute."""

from datetime import date, timedelta

from hypothesis import given
from slot_builders import HOUR, WEEK, london, person, question, span, window
from test_slots_against_brute_force import plenty, questions

from bot.domain.slot_chart import Cell, Half, chart, late
from bot.domain.slots import Need, Reason, Room, Source, Venue, Why, find, judged

MORNINGS = {"pattern": "mon-fri 09:00-12:00"}


def test_every_agency_has_a_row_over_every_half_day_of_the_window():
    asked = question(person("police"), person("housing"))
    drawn = chart(asked, find(asked).options)
    assert [row.agency for row in drawn.agencies] == ["police", "housing"]
    assert drawn.halves == tuple(
        Half(day=date(2026, 3, 2) + timedelta(days=n), afternoon=afternoon)
        for n in range(5)
        for afternoon in (False, True)
    )
    assert all(len(row.halves) == 10 for row in drawn.agencies)
    assert (drawn.chair, drawn.minutes, drawn.room) == (None, None, None)


def test_a_half_day_tells_free_busy_tentative_and_not_at_work_apart():
    asked = question(
        person(
            "police",
            **MORNINGS,
            busy=(span("2026-03-03", "09:00", "12:00"),),
            tentative=(span("2026-03-04", "09:00", "12:00"),),
        )
    )
    cells = chart(asked, ()).agencies[0].halves
    assert cells[:6] == (Cell.FREE, Cell.AWAY, Cell.BUSY, Cell.AWAY, Cell.TENTATIVE, Cell.AWAY)


def test_half_an_hour_left_of_a_morning_is_not_free_for_a_meeting_of_an_hour():
    held = person("police", **MORNINGS, busy=(span("2026-03-02", "09:00", "11:30"),))
    assert chart(question(held), ()).agencies[0].halves[0] is Cell.BUSY
    assert chart(question(held, length=HOUR / 2), ()).agencies[0].halves[0] is Cell.FREE


def test_a_deputy_who_alone_is_free_is_told_from_the_agency_itself():
    people = (
        person("lead", "fire", busy=(span("2026-03-02", "09:00", "17:00"),)),
        person("stand-in", "fire"),
    )
    asked = question(*people, needs=(Need(agency="fire", any_of=("lead",), deputies=("stand-in",)),))
    drawn = chart(
        asked, (judged(asked, london("2026-03-02 10:00")), judged(asked, london("2026-03-03 10:00")))
    )
    assert drawn.agencies[0].halves[:3] == (Cell.DEPUTY, Cell.DEPUTY, Cell.FREE)
    assert drawn.agencies[0].at == (Cell.DEPUTY, Cell.FREE)


def test_an_option_is_told_at_its_own_minute_though_its_half_day_is_free():
    """Free at nine is no help to a meeting at eleven."""
    held = person("police", busy=(span("2026-03-02", "11:00", "12:00"),))
    asked = question(held)
    drawn = chart(asked, (judged(asked, london("2026-03-02 11:00")),))
    assert drawn.agencies[0].halves[0] is Cell.FREE
    assert drawn.agencies[0].at == (Cell.BUSY,)


def test_the_options_are_marked_in_the_half_day_they_start_in():
    asked = question(person("police"))
    options = tuple(judged(asked, london(f"2026-03-0{at}")) for at in ("3 14:00", "2 09:00", "2 10:00"))
    assert chart(asked, options).marks[:4] == ((2, 3), (), (), (1,))


def test_a_weekend_is_left_out_unless_somebody_could_meet_then():
    over = window("2026-03-06", "2026-03-09")
    weekdays = question(person("police", over=over), over=over)
    assert {half.day.weekday() for half in chart(weekdays, ()).halves} == {4, 0}
    saturdays = question(person("police", over=over, pattern="mon-sat 09:00-12:00"), over=over)
    assert [half for half in chart(saturdays, ()).halves if half.day.weekday() > 4] == [
        Half(day=date(2026, 3, 7), afternoon=False)
    ]


def test_where_each_agencys_time_is_known_from_is_told():
    asked = question(
        person("lead", "fire", source=Source.DIARY_READ),
        person("stand-in", "fire", source=Source.UNKNOWN),
        needs=(Need(agency="fire", any_of=("lead",), deputies=("stand-in",)),),
    )
    assert chart(asked, ()).agencies[0].sources == (Source.DIARY_READ, Source.UNKNOWN)


def test_the_chair_the_minutes_and_the_room_have_rows_where_they_are_asked_for():
    clerk = person("clerk", "council", busy=(WEEK,))
    asked = question(
        person("police"),
        person("chair", "council"),
        clerk,
        needs=(Need(agency="police", any_of=("police",)),),
        chairs=("clerk", "chair"),
        minute_takers=("clerk",),
        venue=Venue(rooms=(Room(id="hall", seats=9, busy=(span("2026-03-02", "09:00", "12:00"),)),)),
    )
    drawn = chart(asked, (judged(asked, london("2026-03-02 10:00")),))
    assert drawn.chair is not None
    assert drawn.minutes is not None
    assert drawn.room is not None
    assert (drawn.chair.at, drawn.minutes.at, drawn.room.at) == ((Cell.DEPUTY,), (Cell.BUSY,), (Cell.BUSY,))
    assert not drawn.fits


def test_a_late_option_is_not_among_those_that_fit():
    asked = question(person("police", pattern="fri 09:00-10:00"), deadline=date(2026, 3, 4))
    nearest = find(asked).nearest
    assert Reason.AFTER_DEADLINE in nearest[-1].reasons
    assert late(nearest[-1])
    assert not chart(asked, nearest[-1:]).fits


@plenty
@given(questions())
def test_unknown_is_never_drawn_as_free(question):
    """Nor is anybody else drawn as free where the search says they cannot come."""
    found = find(question)
    options = found.options or found.nearest
    drawn = chart(question, options)
    could = (Cell.FREE, Cell.DEPUTY, Cell.TENTATIVE)
    for need, row in zip(question.needs, drawn.agencies, strict=True):
        for option, cell in zip(options, row.at, strict=True):
            assert (cell in could) == (need.agency in option.attending)
            whys = [gone.why for gone in option.missing if gone.agency == need.agency]
            assert (cell is Cell.UNKNOWN) == (whys == [Why.DIARY_UNKNOWN])
        people = [question.people[id] for id in (*need.any_of, *need.deputies)]
        if all(each.source is Source.UNKNOWN for each in people):
            assert not {*row.halves, *row.at} & {*could}
    for number, option in enumerate(options, start=1):
        local = option.start.astimezone(question.zone)
        half = Half(day=local.date(), afternoon=local.hour >= 12)
        assert number in drawn.marks[drawn.halves.index(half)]
        for row in drawn.agencies:
            if row.at[number - 1] in could:
                assert row.halves[drawn.halves.index(half)] in could
