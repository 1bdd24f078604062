"""A meeting in a room: the room is free, seats everybody and is named; it is never a place that somebody typed."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from meeting_builders import NOW, PRACTICE, a_case, at, away, on, person, settle, wanted

from bot.domain.area import MeetingRoom, Practice
from bot.domain.diary import Diary, Reading, Unreadable
from bot.domain.errors import Invalid, NotLooked, TooLate
from bot.domain.spans import Span
from bot.storage.transaction import Begin
from bot.usecases.book import book, cancel, whose_to_look_at_again
from bot.usecases.convene import begin_finding, find_times, whose_diaries
from bot.usecases.diaries import Sought, sought_by_form
from bot.usecases.entries import entry_plan
from bot.usecases.looks.meeting import invitation_card, meeting_card
from bot.usecases.read_diaries import keep_readings, to_read
from bot.usecases.venues import ANY_ROOM, ONLINE
from bot.views.meeting import Booked, Offer

WILLOW = MeetingRoom(name="Willow Room", seats=12, address="Willow@rooms.test", wheelchair=True)
ASH = MeetingRoom(name="Ash Room", seats=8)
CUPBOARD = MeetingRoom(name="Cupboard", seats=3)
MONDAY = {"first": on("2026-03-02"), "last": on("2026-03-02")}
KEY = "room:willow@rooms.test"


def with_area(**but) -> Practice:
    values = {"venues": (WILLOW, ASH, CUPBOARD), **but}
    return replace(PRACTICE, area=replace(PRACTICE.area, **values))


ROOMS = with_area()
READ = with_area(diaries={"rooms.test": "graph"})


@pytest.fixture
def town(begin: Begin) -> Begin:
    settle(begin)
    return begin


def seek(begin: Begin, case: str = "", practice: Practice = ROOMS, now: datetime = NOW, **but) -> Offer:
    asked = wanted(case, **{"where": "Ash Room", **but})
    return find_times(begin, practice, asked, source=f"s:{case}{but}", by=person(begin, "cora"), now=now)


def booked(begin: Begin, offer: Offer, practice: Practice = ROOMS, number: int = 0, **but) -> Booked:
    by = person(begin, "cora")
    return book(begin, practice, offer.options[number].id, by=by, **{"now": NOW, **but})


def place_of(begin: Begin, meeting: str) -> str:
    with begin() as work:
        return work.meetings.row(meeting).place


def read(begin: Begin, diary: Diary | Unreadable, at_: datetime = NOW) -> None:
    window = Span(at("2026-03-01", "00:00"), at("2026-03-29", "00:00"))
    keep_readings(begin, {KEY: Reading(window=window, read_at=at_, diary=diary)})


def test_the_form_lists_the_rooms_and_online_stands_first(town):
    form = begin_finding(town, ROOMS, case_id=a_case(town), by=person(town, "cora"), now=NOW)
    assert [(each.id, each.label) for each in form.places] == [
        (ONLINE, "Online"),
        (ANY_ROOM, "Any room that is free"),
        ("Willow Room", "Willow Room (12 seats, wheelchair)"),
        ("Ash Room", "Ash Room (8 seats)"),
        ("Cupboard", "Cupboard (3 seats)"),
    ]
    assert form.where == ONLINE


def test_an_area_without_rooms_is_not_asked_where(town):
    form = begin_finding(town, PRACTICE, case_id=a_case(town), by=person(town, "cora"), now=NOW)
    assert form.places == ()


def test_a_meeting_is_online_unless_somebody_says_otherwise(town):
    offer = seek(town, a_case(town), where=ONLINE)
    assert {(each.room, each.room_missing) for each in offer.options} == {("", "")}
    assert place_of(town, booked(town, offer).meeting_id) == ""


def test_the_room_is_kept_told_and_put_into_everybodys_invitation(town):
    told = booked(town, seek(town, a_case(town)))
    assert told.place == "Ash Room"
    with town() as work:
        assert meeting_card(work, ROOMS, told.meeting_id, NOW).place == "Ash Room"
        [first, *_] = work.meetings.invitations(told.meeting_id)
        assert invitation_card(work, ROOMS, first.id, NOW).place == "Ash Room"


def test_no_place_outside_the_list_is_taken_from_a_form(town):
    """A home, a school or a refuge is in no list, so a request that was tampered with names none either."""
    with pytest.raises(Invalid) as refused:
        seek(town, a_case(town), where="14 Hidden Row")
    assert refused.value.problems == {"where": "Choose a place from the list."}


def test_a_room_too_small_for_those_who_are_asked_is_said_beside_the_question(town):
    """Six agencies and the chair."""
    with pytest.raises(Invalid) as refused:
        seek(town, a_case(town), where="Cupboard")
    assert refused.value.problems["where"].startswith("7 people would be asked, and that seats 3.")


def test_any_room_takes_the_smallest_that_seats_everybody_and_is_free(town):
    first = seek(town, a_case(town), where=ANY_ROOM, **MONDAY)
    assert first.options[0].room == "Ash Room"
    at_eleven = booked(town, first)
    others = seek(town, a_case(town, "CV-9QWXYZ"), where=ANY_ROOM, required=("homes",), **MONDAY)
    rooms = {each.starts_at: each.room for each in others.options}
    overlapping = [room for start, room in rooms.items() if start < at_eleven.ends_at]
    assert set(overlapping) <= {"Willow Room", ""}


def test_our_own_meetings_take_a_room_until_they_are_cancelled(town):
    """Nobody but the room is in both meetings."""
    taken = booked(town, seek(town, a_case(town), required=("nhs",), **MONDAY))
    other = a_case(town, "CV-9QWXYZ", chair_id="dag")
    there = {"required": ("homes",), **MONDAY}
    found = seek(town, other, **there).options
    during = {each.starts_at < taken.ends_at: (each.room, each.room_missing) for each in found}
    assert during == {True: ("", "taken"), False: ("Ash Room", "")}
    cancel(town, ROOMS, taken.meeting_id, "mistake", by=person(town, "cora"), now=NOW)
    again = seek(town, other, **there)
    assert (again.options[0].starts_at, again.options[0].room) == (taken.starts_at, "Ash Room")


def test_when_the_room_is_taken_all_day_the_offer_says_so_and_that_online_would_do(town):
    read(town, Diary(busy=(Span(at("2026-03-02", "00:00"), at("2026-03-03", "00:00")),)))
    offer = seek(town, a_case(town), READ, where="Willow Room", **MONDAY)
    assert offer.nothing_fits
    assert offer.give_way.kind == "online"
    assert {each.room_missing for each in offer.options} == {"taken"}
    assert booked(town, offer, READ).place == "", "knowingly, for it is said on the button"


def test_a_rooms_diary_is_looked_into_where_the_area_says_that_it_can_be(town):
    case = a_case(town)
    asked = wanted(case, where="Willow Room")
    cora = person(town, "cora")
    need = whose_diaries(town, READ, asked, source="s", by=cora, now=NOW)
    assert need.rooms == ("Willow Room",)
    with town() as work:
        [due] = to_read(work, READ, need, NOW, timedelta(minutes=5))
        assert (due.whose, due.address, due.calendars) == (KEY, "Willow@rooms.test", "graph")
        assert sought_by_form(work, READ, [], *MONDAY.values()).rooms == ("Willow Room",)
        assert sought_by_form(work, ROOMS, [], *MONDAY.values()).rooms == ()
    read(town, Diary())
    with town() as work:
        assert to_read(work, READ, need, NOW, timedelta(minutes=5)) == ()
    online = whose_diaries(town, READ, wanted(case), source="s", by=cora, now=NOW)
    assert online == Sought(people=(), window=need.window)


def test_what_stands_in_a_rooms_diary_is_gone_by_tentatively_or_not(town):
    spans = (Span(at("2026-03-02", "11:00"), at("2026-03-02", "12:00")),)
    read(town, Diary(busy=spans, tentative=(Span(at("2026-03-02", "12:00"), at("2026-03-02", "13:00")),)))
    offer = seek(town, a_case(town), READ, where="Willow Room", **MONDAY)
    assert offer.options[0].starts_at == at("2026-03-02", "13:00")


@pytest.mark.parametrize("diary", [None, Unreadable(reason="5009")], ids=["not looked", "will not say"])
def test_a_room_whose_diary_cannot_be_read_is_never_free(town, diary):
    if diary:
        read(town, diary)
    offer = seek(town, a_case(town), READ, where="Willow Room", **MONDAY)
    assert offer.nothing_fits
    assert {each.room_missing for each in offer.options} == {"not_known"}


def test_a_room_that_was_taken_after_the_search_is_not_booked_over(town):
    offer = seek(town, a_case(town), required=("nhs",), **MONDAY)
    other = seek(town, a_case(town, "CV-9QWXYZ", chair_id="dag"), required=("homes",), **MONDAY)
    assert offer.options[0].starts_at == other.options[0].starts_at
    booked(town, other)
    with pytest.raises(TooLate, match="the room has been taken"):
        booked(town, offer)


def test_a_room_is_looked_at_again_just_before_it_is_booked(town):
    read(town, Diary())
    offer = seek(town, a_case(town), READ, where="Willow Room")
    with town() as work:
        assert whose_to_look_at_again(work, READ, offer.options[1].id).rooms == ("Willow Room",)
    later = NOW + timedelta(minutes=6)
    with pytest.raises(NotLooked, match="Willow Room could not be looked into once more"):
        booked(town, offer, READ, 1, now=later)
    assert booked(town, offer, READ, 1, now=later, looked=False).place == "Willow Room"


def test_everybody_needs_time_to_get_to_a_room_and_none_online(town):
    far = with_area(travel=timedelta(minutes=30))
    away(town, "hal", at("2026-03-02", "09:00"), at("2026-03-02", "12:00"))
    case = a_case(town)
    assert seek(town, case, far, **MONDAY).options[0].starts_at == at("2026-03-02", "12:30")
    assert seek(town, case, far, where=ONLINE, **MONDAY).options[0].starts_at == at("2026-03-02", "12:00")


def test_a_move_begins_where_the_meeting_was_and_may_go_elsewhere_at_the_same_time(town):
    meeting = booked(town, seek(town, a_case(town))).meeting_id
    with town() as work:
        starts = work.meetings.row(meeting).starts_at
    form = begin_finding(town, ROOMS, meeting_id=meeting, by=person(town, "cora"), now=NOW)
    assert form.where == "Ash Room"
    moved = seek(town, meeting_id=meeting, where="Willow Room")
    assert moved.options[0].starts_at == starts, "the meeting does not stand in its own way"
    told = booked(town, moved)
    assert (told.place, told.starts_at, told.moved) == ("Willow Room", starts, True)
    with town() as work:
        assert work.meetings.row(meeting).sequence == 1
    booked(town, moved)
    with town() as work:
        assert work.meetings.row(meeting).sequence == 1, "pressed twice, it is moved once"


def test_a_meeting_moved_online_is_in_no_room(town):
    meeting = booked(town, seek(town, a_case(town))).meeting_id
    moved = seek(town, meeting_id=meeting, where=ONLINE, first=on("2026-03-04"))
    assert booked(town, moved).place == ""


def test_a_room_that_has_left_the_area_is_offered_no_more(town):
    meeting = booked(town, seek(town, a_case(town))).meeting_id
    without = with_area(venues=(WILLOW,))
    form = begin_finding(town, without, meeting_id=meeting, by=person(town, "cora"), now=NOW)
    assert form.where == ONLINE
    assert [each.id for each in form.places] == [ONLINE, "Willow Room"], "of one room there is no “any”"


@pytest.mark.parametrize(
    ("calendars", "address"), [("graph", "Willow@rooms.test"), ("google", "")], ids=["the same", "others"]
)
def test_a_room_is_booked_with_the_entry_where_it_is_in_the_same_calendars(town, calendars, address):
    read(town, Diary())
    practice = replace(with_area(diaries={"rooms.test": calendars}), organiser="graph")
    meeting = booked(town, seek(town, a_case(town), practice, where="Willow Room"), practice).meeting_id
    with town() as work:
        plan = entry_plan(work, practice, meeting)
    assert (plan.place, plan.room) == ("Willow Room", address)
    assert plan.rooms == {"Willow Room", "Ash Room", "Cupboard"}
