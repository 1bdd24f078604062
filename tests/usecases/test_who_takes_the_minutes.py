"""Somebody takes the minutes: found with the time, asked as the chair is, shown on the card (S3-32, IG-22)."""

from dataclasses import replace

import pytest
from meeting_builders import (
    AGENCIES,
    MARAT,
    NOW,
    PRACTICE,
    WEEK,
    a_case,
    at,
    away,
    bar,
    on,
    person,
    settle,
    wanted,
)

from bot.domain.people import Role
from bot.storage.tables import PersonRow
from bot.storage.transaction import Begin
from bot.usecases.attend import answer_invitation, send_deputy
from bot.usecases.book import book
from bot.usecases.convene import begin_finding, find_times, whose_diaries
from bot.usecases.list_cases import put_on_agenda
from bot.usecases.looks.meeting import attendance, invitation_card, meeting_card
from bot.views.meeting import MeetingCard, Offer

WITH_DIARIES = replace(PRACTICE, area=replace(PRACTICE.area, diaries={"example.test": "graph"}))


@pytest.fixture
def town(begin: Begin) -> Begin:
    """Two who take minutes: Mel of adult social care, as the coordinator, and Bo of the housing association."""
    settle(begin)
    with begin() as work:
        for id, name, agency in (("bo", "Bo Arden", "homes"), ("mel", "Mel Quill", "asc")):
            work.session.add(
                PersonRow(
                    id=id,
                    area="aldermere",
                    agency_id=agency,
                    name=name,
                    email=f"{id}@example.test",
                    roles=[Role.MINUTE_TAKER.value],
                    pattern=WEEK,
                )
            )
    return begin


def seek(begin: Begin, case: str = "", **but) -> Offer:
    asked = wanted(case, **but)
    by = person(begin, "cora")
    return find_times(begin, PRACTICE, asked, source=f"s:{case}{but}", by=by, now=NOW)


def booked(begin: Begin, offer: Offer, number: int = 0) -> str:
    return book(begin, PRACTICE, offer.options[number].id, by=person(begin, "cora"), now=NOW).meeting_id


def card(begin: Begin, meeting: str) -> MeetingCard:
    with begin() as work:
        return meeting_card(work, PRACTICE, meeting, NOW)


def asked(begin: Begin, meeting: str) -> dict[str, tuple[bool, bool]]:
    """Who is asked: whether they must come, and whether they speak for their agency."""
    with begin() as work:
        return {row.person_id: (row.required, row.speaks) for row in work.meetings.invitations(meeting)}


def busy_at(begin: Begin, *people: str, day: str = "2026-03-02") -> None:
    for each in people:
        away(begin, each, at(day, "08:00"), at(day, "18:00"))


def test_the_coordinators_own_agency_is_asked_first(town):
    offer = seek(town, a_case(town))
    assert {each.minutes for each in offer.options} == {"Mel Quill"}
    meeting = booked(town, offer)
    assert asked(town, meeting)["mel"] == (False, False)
    assert "bo" not in asked(town, meeting)
    assert card(town, meeting).minutes == "Mel Quill"


def test_another_agencys_minute_taker_steps_in(town):
    busy_at(town, "mel")
    offer = seek(town, a_case(town), last=on("2026-03-02"))
    meeting = booked(town, offer)
    assert (offer.options[0].minutes, card(town, meeting).minutes) == ("Bo Arden", "Bo Arden")


def test_a_time_with_somebody_for_the_minutes_comes_first(town):
    busy_at(town, "mel", "bo")
    offer = seek(town, a_case(town))
    assert offer.options[0].starts_at > at("2026-03-03", "00:00")
    [today] = [each for each in offer.options if each.starts_at < at("2026-03-03", "00:00")]
    assert today.minutes == ""
    assert "no_minute_taker" in today.reasons


def test_nobody_for_the_minutes_is_said_and_stops_no_booking(town):
    busy_at(town, "mel", "bo")
    offer = seek(town, a_case(town), last=on("2026-03-02"))
    assert offer.options[0].fits
    assert "no_minute_taker" in offer.options[0].reasons
    meeting = booked(town, offer)
    assert card(town, meeting).minutes == ""
    assert not {"mel", "bo"} & asked(town, meeting).keys()


def test_a_minute_taker_who_is_taken_after_the_search_is_replaced_without_a_word(town):
    offer = seek(town, a_case(town), last=on("2026-03-02"))
    busy_at(town, "mel")
    assert card(town, booked(town, offer)).minutes == "Bo Arden"


def test_nobody_takes_minutes_of_a_case_they_must_not_see(town):
    case = a_case(town)
    bar(town, "mel", case)
    assert {each.minutes for each in seek(town, case).options} == {"Bo Arden"}


def test_a_move_keeps_the_one_named_and_finds_another_when_they_cannot(town):
    meeting = booked(town, seek(town, a_case(town)))
    with town() as work:
        work.meetings.row(meeting).minute_taker_id = "bo"
    moved = seek(town, meeting_id=meeting, first=on("2026-03-03"), last=on("2026-03-03"))
    assert {each.minutes for each in moved.options} == {"Bo Arden"}
    busy_at(town, "bo", day="2026-03-03")
    assert booked(town, moved) == meeting
    assert card(town, meeting).minutes == "Mel Quill"
    assert "bo" not in asked(town, meeting)


def test_taking_the_minutes_makes_nobodys_agency_part_of_the_case_or_of_the_quorum(town):
    """A minute-taker from another agency opens nothing to their colleagues, and their yes fills no seat."""
    busy_at(town, "mel")
    case = a_case(town)
    without = tuple(id for id in AGENCIES if id != "hearth")
    with town() as work:
        work.register.row("bo").agency_id = "hearth"
    meeting = booked(town, seek(town, case, required=without, last=on("2026-03-02")))
    with town() as work:
        row = work.meetings.row(meeting)
        [yes] = [each.id for each in work.meetings.invitations(meeting) if each.person_id == "bo"]
        assert "hearth" not in work.cases.agencies(case)
        assert "hearth" not in work.meetings.thing(row).agencies
        assert "bo" in work.meetings.thing(row).people
        assert "The Hearth Project" not in [each.agency for each in attendance(work, row)]
    before = card(town, meeting)
    answer_invitation(town, PRACTICE, yes, "accepted", by=person(town, "bo"), now=NOW)
    after = card(town, meeting)
    assert (before.minutes_answer, after.minutes_answer) == ("none", "accepted")
    assert after.coming == before.coming == 0
    assert "The Hearth Project" not in [each.agency for each in after.answers]


def test_the_form_does_not_take_a_minute_takers_agency_for_one_that_was_asked(town):
    with town() as work:
        work.register.row("mel").agency_id = "hearth"
    without = tuple(id for id in AGENCIES if id != "hearth")
    busy_at(town, "bo")
    meeting = booked(town, seek(town, a_case(town), required=without, last=on("2026-03-02")))
    with town() as work:
        for each in work.meetings.options(meeting):
            work.session.delete(each)
    form = begin_finding(town, PRACTICE, meeting_id=meeting, by=person(town, "cora"), now=NOW)
    assert "hearth" not in (*form.required, *form.optional)


def test_a_representative_who_takes_the_minutes_speaks_for_their_agency_all_the_same(town):
    with town() as work:
        work.register.row("ana").roles = ["representative", "minute_taker"]
    busy_at(town, "mel", "bo")
    meeting = booked(town, seek(town, a_case(town), last=on("2026-03-02")))
    assert card(town, meeting).minutes == "Ana Wells"
    assert asked(town, meeting)["ana"] == (True, True)
    assert card(town, meeting).minutes_answer == ""


def test_a_deputy_who_is_sent_takes_the_minutes(town):
    with town() as work:
        work.register.row("mel").deputy_id = "abe"
    meeting = booked(town, seek(town, a_case(town)))
    with town() as work:
        [own] = [each.id for each in work.meetings.invitations(meeting) if each.person_id == "mel"]
    send_deputy(town, PRACTICE, own, by=person(town, "mel"), now=NOW)
    assert card(town, meeting).minutes == "Abe Stone"
    assert asked(town, meeting)["abe"] == (False, False)


def test_when_a_case_is_listed_that_they_must_not_see_somebody_else_takes_the_minutes(town):
    meeting = booked(town, seek(town, a_case(town)))
    other = a_case(town, "CV-9QWXYZ", pathway=MARAT)
    bar(town, "mel", other)
    cora = person(town, "cora")
    with town() as work:
        put_on_agenda(work, PRACTICE, work.meetings.row(meeting), work.cases.row(other), cora, NOW)
    assert card(town, meeting).minutes == "Bo Arden"
    people = asked(town, meeting)
    assert "mel" not in people
    assert people["bo"] == (False, False)


def test_their_diaries_are_looked_into_as_everybody_elses_are(town):
    asked = wanted(a_case(town))
    found = whose_diaries(town, WITH_DIARIES, asked, source="s", by=person(town, "cora"), now=NOW)
    assert {"mel", "bo"} <= set(found.people)


def test_their_own_invitation_says_what_they_are_asked_for(town):
    meeting = booked(town, seek(town, a_case(town)))
    with town() as work:
        cards = {
            row.person_id: invitation_card(work, PRACTICE, row.id, NOW)
            for row in work.meetings.invitations(meeting)
        }
    assert not cards["mel"].speaks
    assert cards["ana"].speaks
