"""A move keeps what can be kept and says what it breaks; a quorum is watched until the day (calendar.md section 6)."""

import pytest
from meeting_builders import (
    NOW,
    PRACTICE,
    a_case,
    at,
    away,
    bar,
    on,
    owed,
    person,
    settle,
    wanted,
)
from sqlmodel import select

from bot.storage.tables import NudgeRow
from bot.storage.transaction import Begin
from bot.usecases.attend import answer_invitation, send_deputy
from bot.usecases.book import book, cancel
from bot.usecases.chase import STEPS
from bot.usecases.convene import find_times
from bot.usecases.digest import prepare
from bot.usecases.hold import Mark, record_attendance, start
from bot.usecases.list_cases import list_case
from bot.usecases.looks.quorum import quorum_call
from bot.usecases.nudge import nudge
from bot.usecases.opening import opening

EVERYBODY = ("ana", "pia", "nur", "hal", "fay", "viv")


@pytest.fixture
def town(begin: Begin) -> Begin:
    settle(begin)
    return begin


@pytest.fixture
def case(town) -> str:
    return a_case(town)


@pytest.fixture
def meeting(town, case) -> str:
    """A conference on Wednesday 11 March at ten, about one case; asked to on Monday the 2nd."""
    return booked(town, case, "2026-03-11")


def offered(town, day: str, *, case_id: str = "", meeting_id: str = "", now=NOW, **but):
    wish = wanted(case_id, meeting_id=meeting_id, first=on(day), last=on(day), **but)
    return find_times(town, PRACTICE, wish, source=f"s:{day}:{now}", by=person(town, "cora"), now=now)


def booked(town, case_id: str, day: str, **but) -> str:
    found = offered(town, day, case_id=case_id, **but)
    return book(town, PRACTICE, found.options[0].id, by=person(town, "cora"), now=NOW).meeting_id


def moved(town, meeting_id: str, day: str, now=NOW, by: str = "cora"):
    found = offered(town, day, meeting_id=meeting_id, now=now)
    return book(town, PRACTICE, found.options[0].id, by=person(town, by), now=now)


def invitation(town, meeting_id: str, who: str) -> str:
    with town() as work:
        return work.meetings.invitation(meeting_id, who).id


def answer(town, meeting_id: str, who: str, said: str, now=NOW) -> None:
    by = person(town, who)
    answer_invitation(town, PRACTICE, invitation(town, meeting_id, who), said, by=by, now=now)


def told(town, message: str) -> list[str]:
    return [key for key in owed(town, "tell") if key.startswith(f"tell:{message}:")]


def chased(town) -> set[tuple[str, str]]:
    with town() as work:
        rows = work.session.exec(select(NudgeRow).where(NudgeRow.to_role == "invitee"))
        return {(row.person_id, row.rung) for row in rows}


# A move


def test_each_time_says_how_many_of_those_that_had_accepted_can_come(town, meeting):
    for who in ("ana", "pia", "hal"):
        answer(town, meeting, who, "accepted")
    away(town, "hal", at("2026-03-12", "00:00"), at("2026-03-13", "00:00"))
    assert offered(town, "2026-03-12", meeting_id=meeting).options[0].still == (2, 3)
    assert offered(town, "2026-03-13", meeting_id=meeting).options[0].still == (3, 3)


def test_a_move_seeks_the_time_that_those_who_had_accepted_can_keep(town, case):
    """Homes may stay away, and so may fire and Hearth; homes had said yes, so its day comes before theirs."""
    whom = {"required": ("asc", "police", "nhs"), "optional": ("homes", "fire", "hearth")}
    meeting = offered(town, "2026-03-11", case_id=case, **whom)
    meeting = book(town, PRACTICE, meeting.options[0].id, by=person(town, "cora"), now=NOW).meeting_id
    away(town, "hal", at("2026-03-12", "00:00"), at("2026-03-13", "00:00"))
    for who in ("fay", "viv"):
        away(town, who, at("2026-03-13", "00:00"), at("2026-03-14", "00:00"))

    def best() -> str:
        wish = wanted("", meeting_id=meeting, first=on("2026-03-12"), last=on("2026-03-13"), **whom)
        found = find_times(town, PRACTICE, wish, source="s", by=person(town, "cora"), now=NOW)
        return f"{found.options[0].starts_at:%d}"

    assert best() == "12"
    answer(town, meeting, "hal", "accepted")
    assert best() == "13"


def test_a_meeting_that_nobody_has_accepted_says_nothing_of_the_kind(town, case, meeting):
    assert offered(town, "2026-03-12", meeting_id=meeting).options[0].still is None
    assert offered(town, "2026-03-12", case_id=a_case(town, "CV-9XWRTK")).options[0].still is None


def test_a_move_tells_everybody_once_and_whoever_had_declined_too(town, meeting):
    answer(town, meeting, "ana", "accepted")
    answer(town, meeting, "fay", "declined")
    moved(town, meeting, "2026-03-13")
    with town() as work:
        rows = work.meetings.invitations(meeting)
        assert {row.answer for row in rows} == {"none"}
        assert {row.person_id for row in rows} == {*EVERYBODY, "chai"}
    asked_again = [key for key in owed(town, "invite") if key.split(":")[2] == "1"]
    assert len(asked_again) == len(set(asked_again)) == 7


@pytest.fixture
def full(town, case, meeting) -> tuple[str, str]:
    """The conference with a second case on it that came a fortnight earlier, and is due on Monday 9 March."""
    other = a_case(town, "CV-9XWRTK", received=at("2026-02-17", "09:00"), coordinator_id="chai")
    with town() as work:
        assert {c.due_on for c in work.cases.clocks(other) if c.stage == "conference"} == {on("2026-03-09")}
    list_case(town, PRACTICE, meeting, other, by=person(town, "cora"), now=NOW)
    return case, other


def test_every_time_says_whose_deadline_it_would_break_not_the_first_cases_only(town, meeting, full):
    """The first case is due on Friday 20 March, the second on Monday the 9th (S4-02)."""
    found = offered(town, "2026-03-06", meeting_id=meeting)
    assert (found.deadline, found.options[0].late) == (on("2026-03-09"), ())
    assert offered(town, "2026-03-10", meeting_id=meeting).options[0].late == ("CV-9XWRTK",)
    both = offered(town, "2026-03-23", meeting_id=meeting).options[0]
    assert both.late == ("CV-7K4QMX", "CV-9XWRTK")
    assert both.working_days is not None
    assert both.working_days < 0


def test_after_a_move_the_mover_and_each_cases_coordinator_hear_what_it_breaks(town, meeting, full):
    case, other = full
    told_at_once = moved(town, meeting, "2026-03-12")
    assert told_at_once.late == ("CV-9XWRTK",)
    assert told_at_once.refs == ("CV-7K4QMX", "CV-9XWRTK")
    (late,) = told(town, "case_booked_late")
    assert f"{other}:person:chai" in late
    with town() as work:
        reasons = {id: clock_of(work, id).late_reason for id in full}
        assert reasons[case] is None
        assert "2026-03-12" in reasons[other]


def clock_of(work, case_id: str):
    return next(clock for clock in work.cases.clocks(case_id) if clock.stage == "conference")


def test_a_move_back_before_the_deadline_takes_the_note_off_the_clock(town, meeting, full):
    moved(town, meeting, "2026-03-12")
    moved(town, meeting, "2026-03-06")
    with town() as work:
        assert clock_of(work, full[1]).late_reason is None
        assert clock_of(work, full[1]).met_at is None  # the clock itself runs on (S4-08)


def test_what_was_booked_late_and_is_cancelled_is_booked_for_no_day(town, meeting, full):
    moved(town, meeting, "2026-03-12")
    cancel(town, PRACTICE, meeting, "too_few", by=person(town, "cora"), now=NOW)
    with town() as work:
        assert clock_of(work, full[1]).late_reason is None


# Answers that are wanting


def test_whoever_has_not_answered_is_reminded_three_working_days_and_one_before(town, meeting):
    """Wednesday 11 March: three working days before are Friday the 6th, one is Tuesday the 10th."""
    assert STEPS == (3, 1)
    answer(town, meeting, "ana", "accepted")
    answer(town, meeting, "viv", "tentative")
    opening(town, PRACTICE, at("2026-03-05", "09:00"))
    assert chased(town) == set()
    opening(town, PRACTICE, at("2026-03-06", "09:00"))
    silent = {"pia", "nur", "hal", "fay"}
    assert chased(town) == {(who, "invitation:-3") for who in silent}
    opening(town, PRACTICE, at("2026-03-09", "09:00"))
    assert len(chased(town)) == 4
    opening(town, PRACTICE, at("2026-03-10", "09:00"))
    assert chased(town) == {(who, rung) for who in silent for rung in ("invitation:-3", "invitation:-1")}


def test_a_week_offline_costs_one_reminder(town, meeting):
    opening(town, PRACTICE, at("2026-03-10", "09:00"))
    assert {rung for _, rung in chased(town)} == {"invitation:-1"}


def test_nobody_is_reminded_of_what_they_were_asked_only_that_day(town, case):
    """Asked on Monday the 2nd for Thursday the 5th: the third working day before is the day they were asked."""
    booked(town, case, "2026-03-05")
    opening(town, PRACTICE, at("2026-03-03", "09:00"))
    assert chased(town) == set()
    opening(town, PRACTICE, at("2026-03-04", "09:00"))
    assert {rung for _, rung in chased(town)} == {"invitation:-1"}


def test_after_a_move_the_reminders_go_by_the_new_time(town, meeting):
    opening(town, PRACTICE, at("2026-03-06", "09:00"))
    moved(town, meeting, "2026-03-18", now=at("2026-03-09", "11:00"))
    opening(town, PRACTICE, at("2026-03-10", "09:00"))
    assert {rung for _, rung in chased(town)} == {"invitation:-3"}
    opening(town, PRACTICE, at("2026-03-13", "09:00"))
    with town() as work:
        due = [row.due for row in work.session.exec(select(NudgeRow).where(NudgeRow.person_id == "fay"))]
    assert sorted(due) == [on("2026-03-11"), on("2026-03-18")]


def digest_of(town, who: str, day: str, now):
    return prepare(town, PRACTICE, who, on(day), now)


def test_a_reminder_joins_the_persons_one_message_of_the_day_and_falls_out_once_it_is_answered(town, meeting):
    morning = at("2026-03-06", "09:00")
    opening(town, PRACTICE, morning)
    nudge(town, PRACTICE, morning)
    (item,) = digest_of(town, "fay", "2026-03-06", morning).items
    assert item.invitation.id == invitation(town, meeting, "fay")
    assert (item.invitation.due_in, item.invitation.refs) == (3, ("CV-7K4QMX",))
    answer(town, meeting, "fay", "accepted", now=morning)
    assert digest_of(town, "fay", "2026-03-06", morning) is None


def test_a_reminder_of_a_time_that_was_moved_is_not_sent(town, meeting):
    morning = at("2026-03-06", "09:00")
    opening(town, PRACTICE, morning)
    nudge(town, PRACTICE, morning)
    moved(town, meeting, "2026-03-18", now=morning)
    assert digest_of(town, "fay", "2026-03-06", morning) is None
    with town() as work:
        (row,) = work.session.exec(select(NudgeRow).where(NudgeRow.person_id == "fay"))
        assert (row.state, row.why) == ("skipped", "the meeting was moved")


def test_whoever_may_not_know_of_a_case_any_more_is_not_reminded_of_it(town, case, meeting):
    morning = at("2026-03-06", "09:00")
    opening(town, PRACTICE, morning)
    nudge(town, PRACTICE, morning)
    bar(town, "fay", case)
    assert digest_of(town, "fay", "2026-03-06", morning) is None


def test_nobody_is_reminded_of_a_panel_that_has_nothing_on_it(town):
    opening(town, PRACTICE, NOW)
    opening(town, PRACTICE, at("2026-03-03", "09:00"))
    opening(town, PRACTICE, at("2026-03-05", "09:00"))
    with town() as work:
        assert [m.stage for m in work.meetings.upcoming("aldermere", NOW)] == ["panel"]
    assert chased(town) == set()


# The quorum: police, adult social care and four agencies in all (model.md section 6)


def test_when_the_quorum_breaks_the_coordinator_is_told_once_whom_to_ring(town, meeting):
    with town() as work:
        row = work.register.row("ana")
        row.phone, row.title = "01632 960101", "Team manager"
        work.register.row("abe").phone = "01632 960102"
    answer(town, meeting, "ana", "declined")
    answer(town, meeting, "ana", "tentative")
    answer(town, meeting, "hal", "declined")
    assert len(told(town, "quorum_breaks")) == 1
    answer(town, meeting, "ana", "declined", now=at("2026-03-02", "12:00"))
    assert len(told(town, "quorum_breaks")) == 2  # it broke a second time
    with town() as work:
        call = quorum_call(work, PRACTICE, meeting, NOW)
    assert (call.coming, call.possible, call.needed) == (0, 4, 4), (
        "four might still come, but not social care"
    )
    first = call.agencies[0]
    assert (first.agency, first.must, first.said) == ("Aldermere Adult Social Care", True, "declined")
    assert [(one.name, one.role, one.phone) for one in first.people] == [
        ("Ana Wells", "Team manager", "01632 960101")
    ]
    assert [(one.name, one.phone) for one in first.deputies] == [("Abe Stone", "01632 960102")]
    assert {each.agency for each in call.agencies} >= {"Aldermere Homes", "Aldermere Police"}


def test_a_deputy_makes_it_quorate_again_and_the_coordinator_hears_that_too(town, meeting):
    for who in ("pia", "nur", "hal"):
        answer(town, meeting, who, "accepted")
    answer(town, meeting, "ana", "declined")
    send_deputy(town, PRACTICE, invitation(town, meeting, "ana"), by=person(town, "ana"), now=NOW)
    assert told(town, "quorum_again") == []
    answer(town, meeting, "abe", "accepted")
    assert len(told(town, "quorum_again")) == 1
    with town() as work:
        assert quorum_call(work, PRACTICE, meeting, NOW) is None
        assert work.meetings.row(meeting).quorum_told == ""


def test_a_quorum_that_was_never_in_doubt_is_not_worth_a_word(town, meeting):
    for who in EVERYBODY:
        answer(town, meeting, who, "accepted")
    assert told(town, "quorum_breaks") == told(town, "quorum_again") == []


def test_on_the_last_working_day_a_quorum_that_hangs_on_answers_is_told_once(town, meeting):
    for who in ("ana", "pia", "nur"):
        answer(town, meeting, who, "accepted")
    opening(town, PRACTICE, at("2026-03-09", "09:00"))
    assert told(town, "quorum_breaks") == []
    for hour in ("09:00", "09:30"):
        opening(town, PRACTICE, at("2026-03-10", hour))
    assert len(told(town, "quorum_breaks")) == 1
    with town() as work:
        call = quorum_call(work, PRACTICE, meeting, at("2026-03-10"))
    assert (call.outlook, call.coming, call.needed) == ("waiting", 3, 4)
    assert {each.said for each in call.agencies} == {"none"}
    assert not any(each.must for each in call.agencies)
    answer(town, meeting, "hal", "accepted", now=at("2026-03-10"))
    assert len(told(town, "quorum_again")) == 1


def test_a_move_forgets_the_broken_quorum_and_watches_anew(town, meeting):
    answer(town, meeting, "ana", "declined")
    moved(town, meeting, "2026-03-13")
    answer(town, meeting, "ana", "declined")
    assert len(told(town, "quorum_breaks")) == 2


def test_a_discussion_needs_no_quorum_and_rings_nobody(town, case):
    discussion = booked(town, case, "2026-03-03", stage="discussion", minutes=30)
    for who in EVERYBODY:
        answer(town, discussion, who, "declined")
    assert told(town, "quorum_breaks") == []


def test_on_the_day_the_coordinator_is_told_once_that_too_few_have_come_and_when_they_have(town, meeting):
    chai, day = person(town, "chai"), at("2026-03-11", "10:00")
    start(town, PRACTICE, meeting, by=chai, now=day)

    def here(*agencies: str) -> None:
        marks = [Mark(agency_id=id, status="present") for id in agencies]
        record_attendance(town, PRACTICE, meeting, marks, by=chai, now=day)

    here("asc", "nhs")
    here("homes")
    assert len(told(town, "quorum_breaks")) == 1
    with town() as work:
        call = quorum_call(work, PRACTICE, meeting, day)
    assert (call.outlook, call.coming, call.agencies[0].agency) == ("absent", 3, "Aldermere Police")
    here("police")
    assert len(told(town, "quorum_again")) == 1


def test_a_type_of_agency_that_nobody_was_asked_for_is_said(town, case):
    others = ("police", "nhs", "homes", "fire", "hearth")
    meeting = booked(town, case, "2026-03-11", required=others)
    with town() as work:
        assert quorum_call(work, PRACTICE, meeting, NOW).nobody_asked == ("adult social care",)
