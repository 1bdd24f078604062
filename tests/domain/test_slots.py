"""Finding a time, told as cases: a panel in Aldermere, an invented place, with invented people."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from slot_builders import HOUR, LONDON, WEEK, at, london, person, question, span, window

from bot.domain.availability import parse_pattern, working_spans
from bot.domain.slots import Attendee, Kind, Need, Quorum, Reason, Source, Why, find, judged
from bot.domain.workdays import Nation


def test_everybody_free_gives_one_option_for_each_half_day_from_the_earliest():
    found = find(question(person("police"), person("housing"), deadline=date(2026, 3, 5)))
    assert at(found.options) == [
        "Mon 2 Mar 09:00",
        "Mon 2 Mar 12:00",
        "Tue 3 Mar 09:00",
        "Tue 3 Mar 12:00",
        "Wed 4 Mar 09:00",
    ]
    assert [o.working_days_before_deadline for o in found.options] == [3, 3, 2, 2, 1]
    assert Reason.EARLIEST in found.options[0].reasons
    assert {Reason.EVERYONE, Reason.FIRM, Reason.IN_PERSON, Reason.BEFORE_DEADLINE} <= {
        *found.options[0].reasons
    }
    assert not found.nothing_fits


def test_any_one_of_an_agencys_representatives_will_do():
    away = person("pc-ash", "police", leave=(WEEK,))
    found = find(
        question(
            away, person("pc-birch", "police"), needs=(Need(agency="police", any_of=("pc-ash", "pc-birch")),)
        )
    )
    assert found.options[0].attending["police"] == ("pc-birch", False)


def test_a_deputy_counts_for_the_agency_and_is_reported_as_deputy():
    people = (person("lead", "fire", busy=(WEEK,)), person("stand-in", "fire"))
    found = find(question(*people, needs=(Need(agency="fire", any_of=("lead",), deputies=("stand-in",)),)))
    assert found.options[0].attending["fire"] == ("stand-in", True)
    assert found.options[0].deputies == ("fire",)
    assert Reason.DEPUTIES in found.options[0].reasons


def test_a_time_with_everybody_in_person_comes_before_an_earlier_one_with_a_deputy():
    lead = person("lead", "fire", busy=(span("2026-03-02", "09:00", "17:00"),))
    found = find(
        question(
            lead,
            person("stand-in", "fire"),
            needs=(Need(agency="fire", any_of=("lead",), deputies=("stand-in",)),),
        )
    )
    assert at(found.options)[0] == "Tue 3 Mar 09:00"
    assert at(found.options)[-1] == "Mon 2 Mar 09:00"  # the earliest is always on offer, and says why
    assert Reason.EARLIEST in found.options[-1].reasons


def test_unknown_is_never_free():
    """An unreadable diary is not an empty one (regression case of calendar.md section 5)."""
    unread = person("gp", "health", source=Source.UNKNOWN)
    found = find(question(person("police"), unread))
    assert found.nothing_fits
    assert found.not_known == ("gp",)
    assert found.nearest[0].missing[0].why is Why.DIARY_UNKNOWN
    assert found.concession.kind is Kind.ASK
    assert (found.concession.agencies, found.concession.people) == (("health",), ("gp",))


def test_an_optional_agency_whose_diary_is_unknown_is_shown_so():
    needs = (
        Need(agency="police", any_of=("police",)),
        Need(agency="health", any_of=("gp",), required=False),
    )
    found = find(question(person("police"), person("gp", "health", source=Source.UNKNOWN), needs=needs))
    assert [(m.agency, m.why, m.required) for m in found.options[0].missing] == [
        ("health", Why.DIARY_UNKNOWN, False)
    ]
    assert found.options[0].not_known == ("gp",)


def test_a_move_keeps_whoever_had_accepted_before_it_keeps_the_others():
    """Both may stay away; the one that said yes to the old time counts first, though it comes later in the week."""
    early, late = span("2026-03-02", "09:00", "17:00"), span("2026-03-03", "00:00", "23:59")
    rest = span("2026-03-04", "00:00", "23:59")
    needs = (
        Need(agency="police", any_of=("police",)),
        Need(agency="fire", any_of=("fire",), required=False),
        Need(agency="health", any_of=("gp",), required=False),
        Need(agency="housing", any_of=("flo",), required=False),
    )
    people = (
        person("police"),
        person("fire", busy=(early, rest)),
        person("gp", "health", busy=(late, rest)),
        person("flo", "housing", busy=(late, rest)),
    )
    days = window("2026-03-02", "2026-03-04")
    assert at(find(question(*people, needs=needs, over=days)).options)[0] == "Mon 2 Mar 09:00"
    moved = question(*people, needs=needs, over=days, accepted=frozenset({"police", "fire"}))
    assert at(find(moved).options)[0] == "Tue 3 Mar 09:00"


@pytest.mark.parametrize(
    ("housing", "why"),
    [
        ({"busy": (WEEK,)}, Why.BUSY),
        ({"leave": (WEEK,)}, Why.LEAVE),
        ({"pattern": "sat 09:00-10:00"}, Why.NOT_WORKING),
        ({"source": Source.UNKNOWN}, Why.DIARY_UNKNOWN),
    ],
)
def test_who_would_miss_it_and_why(housing, why):
    needs = (
        Need(agency="police", any_of=("police",)),
        Need(agency="housing", any_of=("housing",), required=False),
    )
    found = find(question(person("police"), person("housing", **housing), needs=needs))
    assert found.options[0].missing[0].why is why
    assert Reason.ALL_REQUIRED in found.options[0].reasons


def test_an_agency_with_nobody_named_is_missing_for_that_reason():
    found = find(
        question(
            person("police"),
            needs=(
                Need(agency="police", any_of=("police",)),
                Need(agency="probation", any_of=(), required=False),
            ),
        )
    )
    assert found.options[0].missing[0].why is Why.NOBODY_NAMED


def test_a_tentative_clash_is_second_choice():
    held = person("police", tentative=(span("2026-03-02", "09:00", "17:00"),))
    found = find(question(held))
    assert at(found.options)[0] == "Tue 3 Mar 09:00"
    early = found.options[-1]
    assert at([early]) == ["Mon 2 Mar 09:00"]
    assert early.tentative == ("police",)
    assert Reason.TENTATIVE in early.reasons


def test_the_chair_must_come_and_a_deputy_chair_may():
    chair = person("chair", "council", busy=(WEEK,))
    alone = question(
        person("police"), chair, needs=(Need(agency="police", any_of=("police",)),), chairs=("chair",)
    )
    found = find(alone)
    assert found.nothing_fits
    assert found.nearest[0].chair_missing is Why.BUSY
    assert found.concession.kind is Kind.OTHER_CHAIR
    helped = find(
        question(
            person("police"),
            chair,
            person("vice", "health"),
            needs=(Need(agency="police", any_of=("police",)),),
            chairs=("chair", "vice"),
        )
    )
    assert helped.options[0].chair == "vice"
    assert Reason.DEPUTY_CHAIR in helped.options[0].reasons


def test_a_quorum_counts_agencies_and_may_name_types():
    needs = tuple(Need(agency=a, any_of=(a,), required=False) for a in ("police", "fire", "charity"))
    mornings = person("fire", pattern="mon-fri 09:00-12:00")
    people = (person("police", pattern="wed-fri 09:00-17:00"), mornings, person("charity"))
    found = find(question(*people, needs=needs, quorum=Quorum(agencies=2), wanted=2))
    assert at(found.options)[0] == "Wed 4 Mar 09:00"  # all three
    assert "Mon 2 Mar 09:00" in at(found.options)  # two are a quorum
    typed = find(question(*people, needs=needs, quorum=Quorum(agencies=1, types=frozenset({"police"}))))
    assert all(o.start >= london("2026-03-04 00:00") for o in typed.options)
    short = find(question(*people, needs=needs, quorum=Quorum(agencies=4)))
    assert short.nothing_fits
    assert short.nearest[0].quorum_short == 1
    assert Reason.INQUORATE in short.nearest[0].reasons
    untyped = find(question(*people, needs=needs, quorum=Quorum(types=frozenset({"idva"}))))
    assert untyped.nearest[0].types_short == ("idva",)


def test_the_deadline_day_itself_is_in_time():
    """Regression case of calendar.md section 5: 0 working days before the deadline is not late."""
    only_friday = person("police", pattern="fri 09:00-10:00")
    found = find(question(only_friday, deadline=date(2026, 3, 6)))
    assert at(found.options) == ["Fri 6 Mar 09:00"]
    assert found.options[0].working_days_before_deadline == 0
    assert Reason.DEADLINE_DAY in found.options[0].reasons


def test_after_the_deadline_is_offered_only_as_a_knowing_concession():
    fridays = person("police", pattern="fri 09:00-10:00")
    found = find(question(fridays, deadline=date(2026, 3, 4)))
    assert found.nothing_fits
    late = next(way for way in (found.concession, *found.also) if way.kind is Kind.LATE)
    assert late.working_days_late == 2
    assert late.option.working_days_before_deadline == -2
    assert at(found.nearest[-1:]) == ["Fri 6 Mar 09:00"]
    assert Reason.AFTER_DEADLINE in found.nearest[-1].reasons


def test_when_nothing_fits_the_smallest_concession_is_named():
    """One required agency never overlaps the others: excuse it, or let it name a deputy."""
    days = person("police", pattern="mon-fri 09:00-12:00")
    evenings = person("charity", pattern="mon-fri 18:00-20:00")
    deputised = (Need(agency="police", any_of=("police",)), Need(agency="housing", any_of=("housing",)))
    stuck = question(
        days,
        person("housing"),
        evenings,
        person("spare", "charity", leave=(WEEK,)),
        needs=(*deputised, Need(agency="charity", any_of=("charity",), deputies=("spare",))),
    )
    found = find(stuck)
    assert found.concession.kind is Kind.EXCUSE
    assert found.concession.agencies == ("charity",)
    assert at([found.concession.option]) == ["Mon 2 Mar 09:00"]
    open_ended = find(
        question(
            days, person("housing"), evenings, needs=(*deputised, Need(agency="charity", any_of=("charity",)))
        )
    )
    assert open_ended.concession.kind is Kind.EXCUSE  # in its own hours no deputy of the charity helps either


def test_an_agency_without_a_deputy_is_asked_to_name_one_before_anybody_is_excused():
    busy = person("charity", busy=(WEEK,))
    found = find(question(person("police"), busy))
    assert found.concession.kind is Kind.DEPUTY
    assert found.concession.agencies == ("charity",)
    assert [way.kind for way in found.also] == [Kind.EXCUSE]


def test_a_shorter_meeting_is_offered_at_the_longest_length_that_fits():
    people = (
        person("police", pattern="mon 09:00-10:00", leave=()),
        person("pd", "police", leave=(WEEK,)),
        person("fire", pattern="mon 09:15-12:00"),
        person("fd", "fire", leave=(WEEK,)),
    )
    needs = (
        Need(agency="police", any_of=("police",), deputies=("pd",)),
        Need(agency="fire", any_of=("fire",), deputies=("fd",)),
    )
    found = find(question(*people, needs=needs))
    assert found.concession.kind is Kind.SHORTER
    assert found.concession.length == timedelta(minutes=45)
    assert at([found.concession.option]) == ["Mon 2 Mar 09:15"]
    assert found.concession.option.fits
    strict = find(question(*people, needs=needs, shortest=timedelta(minutes=60)))
    assert strict.concession.kind is Kind.EXCUSE


def test_when_one_concession_is_not_enough_as_few_as_possible_are_excused_together():
    people = (
        person("a", pattern="mon 09:00-12:00"),
        person("b", pattern="tue 09:00-12:00"),
        person("c", pattern="wed 09:00-12:00"),
        person("d", pattern="wed 09:00-12:00"),
    )
    found = find(question(*people))
    assert found.concession.kind is Kind.EXCUSE
    assert found.concession.agencies == ("a", "b")
    assert Reason.FEWEST_MISSING in found.nearest[0].reasons
    assert at(found.nearest)[0] == "Wed 4 Mar 09:00"


def test_few_half_days_are_filled_with_times_that_do_not_overlap():
    morning = person("police", pattern="mon 09:00-12:00")
    found = find(question(morning))
    assert at(found.options) == ["Mon 2 Mar 09:00", "Mon 2 Mar 10:00", "Mon 2 Mar 11:00"]


def test_a_search_asked_before_the_clocks_change_finds_local_times_after_it():
    """Regression case of calendar.md section 5: spring 2026, asked on Friday for Monday."""
    over = window("2026-03-27", "2026-03-30")
    early = person("police", over=over, pattern="mon 09:00-10:00")
    found = find(question(early, over=over))
    assert at(found.options) == ["Mon 30 Mar 09:00"]
    assert found.options[0].start == datetime(2026, 3, 30, 8, tzinfo=UTC)


def test_a_search_over_new_year_knows_the_holidays_of_both_years():
    """Regression case of calendar.md section 5."""
    over = window("2026-12-24", "2027-01-05")
    found = find(question(person("police", over=over, pattern="mon-fri 09:00-10:00"), over=over, wanted=20))
    assert [o.start.day for o in found.options] == [24, 29, 30, 31, 4, 5]


def test_each_persons_holidays_are_their_own_nations():
    over = window("2026-04-06", "2026-04-07")  # Easter Monday works in Scotland only
    scot = Attendee(
        id="scot",
        agency="health",
        source=Source.OWN_PATTERN,
        working=working_spans(parse_pattern("mon-fri 09:00-10:00", nation=Nation.SCOTLAND), over),
    )
    assert at(find(question(scot, over=over)).options) == ["Mon 6 Apr 09:00", "Tue 7 Apr 09:00"]
    both = question(scot, person("police", over=over), over=over)
    assert at(find(both).options) == ["Tue 7 Apr 09:00"]


def test_notice_is_given_and_starts_keep_to_the_quarter_hour():
    asked = {"asked_at": london("2026-03-02 09:07"), "min_notice": timedelta(hours=24)}
    found = find(question(person("police"), **asked))
    assert at(found.options)[0] == "Tue 3 Mar 09:15"


def test_a_window_too_short_for_the_meeting_has_no_answer_and_says_so():
    found = find(question(person("police"), length=timedelta(days=9)))
    assert found.nothing_fits
    assert (found.options, found.nearest, found.concession) == ((), (), None)


def test_the_chosen_time_is_judged_again_just_before_booking():
    chosen = find(question(person("police"))).options[0].start
    since = question(person("police", busy=(span("2026-03-02", "09:30", "10:00"),)))
    assert not judged(since, chosen).fits
    assert judged(since, chosen + HOUR).fits


def test_a_meeting_may_follow_directly_on_another():
    held = person("police", busy=(span("2026-03-02", "09:00", "10:00"), span("2026-03-02", "11:00", "17:00")))
    assert at(find(question(held)).options)[0] == "Mon 2 Mar 10:00"


def test_somebody_needed_who_is_no_attendee_is_refused():
    with pytest.raises(ValueError, match="ghost"):
        question(person("police"), needs=(Need(agency="police", any_of=("ghost",)),))


def test_an_agency_asked_for_twice_is_refused():
    twice = (Need(agency="police", any_of=("police",)), Need(agency="police", any_of=("police",)))
    with pytest.raises(ValueError, match="once"):
        question(person("police"), needs=twice)


def test_nobody_works_midnight_hours_only_to_be_nearest():
    """When nothing fits, what is shown is a time at which some agency could come."""
    busy = person("housing", busy=(WEEK,))
    found = find(question(person("police"), busy))
    assert all(time(9) <= o.start.astimezone(LONDON).time() <= time(16) for o in found.nearest)


def test_a_sunday_after_a_saturday_deadline_is_late_though_no_working_day_has_passed():
    over = window("2026-03-07", "2026-03-08")
    weekend = question(
        person("police", over=over, pattern="sun 09:00-10:00"), over=over, deadline=date(2026, 3, 7)
    )
    late = find(weekend).concession
    assert (late.kind, late.working_days_late) == (Kind.LATE, 1)


def test_somebody_we_know_nothing_of_is_asked_about_office_hours():
    gp = Attendee(id="gp", agency="health", source=Source.UNKNOWN)
    for length, starts in ((HOUR, "Mon 2 Mar 09:00"), (timedelta(hours=8), "Mon 2 Mar 09:00")):
        way = find(question(gp, length=length)).concession
        assert (way.kind, at([way.option])) == (Kind.ASK, [starts])
    too_long = find(question(gp, length=timedelta(hours=8, minutes=15)))
    assert Kind.ASK not in {way.kind for way in (too_long.concession, *too_long.also) if way}
