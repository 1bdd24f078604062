"""From *Find a time* to a booked meeting, moved and cancelled (issue 2, Meeting; calendar.md sections 5 and 6)."""

import pytest
from meeting_builders import (
    MARM,
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

from bot.domain.errors import Invalid, NotAllowed, NotFound, TooLate
from bot.storage.transaction import Begin
from bot.usecases.book import book, cancel
from bot.usecases.convene import begin_finding, find_times
from bot.usecases.list_cases import list_on_next_panel, reorder, unlist


@pytest.fixture
def town(begin: Begin) -> Begin:
    settle(begin)
    return begin


def offer(begin: Begin, case_id: str, by: str = "cora", **but):
    return find_times(
        begin, PRACTICE, wanted(case_id, **but), source=f"s:{case_id}", by=person(begin, by), now=NOW
    )


def booked(begin: Begin, case_id: str, nth: int = 0, **but):
    found = offer(begin, case_id, **but)
    return book(begin, PRACTICE, found.options[nth].id, by=person(begin, "cora"), now=NOW)


def test_the_form_is_filled_in_with_the_pathways_invitees_and_the_cases_own_agencies(town):
    """Agencies, not people: which come from the pathway, and those that work on the case already."""
    case = a_case(town)
    form = begin_finding(town, PRACTICE, case_id=case, by=person(town, "cora"), now=NOW)
    assert form.stage == "discussion"  # its clock is the next one not met (S4-03)
    assert form.deadline == on("2026-03-05")  # 3 working days
    assert set(form.required) == {"asc", "police", "nhs", "homes", "hearth"}
    assert form.optional == ("fire",)


def test_no_meeting_is_looked_for_about_a_case_that_has_been_closed(town):
    """From a card that stood on a screen since before: no diary is read, and no meeting is planned."""
    case = a_case(town)
    with town() as work:
        work.cases.row(case).state = "closed"
    with pytest.raises(TooLate, match="This case has been closed"):
        begin_finding(town, PRACTICE, case_id=case, by=person(town, "cora"), now=NOW)
    with pytest.raises(TooLate, match="This case has been closed"):
        offer(town, case)
    with town() as work:
        assert work.meetings.of_case(case) == []


def test_each_option_says_who_comes_and_how_long_before_the_deadline(town):
    """Why this one, who would miss it, and how many working days before the deadline (T07, S4-02)."""
    found = offer(town, a_case(town))
    assert not found.nothing_fits
    assert 3 <= len(found.options) <= 5
    first = found.options[0]
    assert first.starts_at == at("2026-03-02", "11:00")  # two hours' notice, nobody away
    assert first.working_days == 14
    assert first.absent == ()
    assert "everyone" in first.reasons


def test_somebody_without_a_working_pattern_is_unknown_and_unknown_is_never_free(town):
    with town() as work:
        work.register.row("hal").pattern = {}
    found = offer(town, a_case(town))
    assert found.nothing_fits
    assert found.not_known == ("Hal Birch",)
    assert found.give_way is not None
    assert found.give_way.kind == "ask"
    assert [(a.agency, a.why) for a in found.options[0].absent] == [("Aldermere Homes", "diary_unknown")]


def test_a_deputy_comes_when_the_representative_is_on_leave(town):
    away(town, "ana", at("2026-03-02", "00:00"), at("2026-03-31", "00:00"), "leave")
    case = a_case(town)
    told = booked(town, case)
    with town() as work:
        asked = {row.person_id: row.as_deputy for row in work.meetings.invitations(told.meeting_id)}
    assert "ana" not in asked
    assert asked["abe"] is True


def test_any_one_of_an_agencys_representatives_will_do(town):
    away(town, "nur", at("2026-03-02", "00:00"), at("2026-03-31", "00:00"))
    told = booked(town, a_case(town))
    with town() as work:
        asked = {row.person_id for row in work.meetings.invitations(told.meeting_id)}
    assert "ned" in asked
    assert "nur" not in asked


def test_another_meeting_of_ours_makes_its_people_busy(town):
    first = booked(town, a_case(town))
    second = offer(town, a_case(town, "CV-9XWRTK"))
    assert all(
        option.starts_at >= first.ends_at or option.ends_at <= first.starts_at for option in second.options
    )


def test_booking_lists_the_case_brings_its_agencies_in_and_owes_everybody_one_invitation(town):
    case = a_case(town)
    told = booked(town, case)
    with town() as work:
        row = work.cases.row(case)
        assert row.state == "listed"
        assert set(work.cases.agencies(case)) == {"asc", "police", "nhs", "homes", "fire", "hearth"}
        people = {each.person_id for each in work.meetings.invitations(told.meeting_id)}
    assert people == {"ana", "pia", "nur", "hal", "fay", "viv", "chai"}
    mails = owed(town, "invite")
    assert sorted(mails) == sorted(f"invite:{told.meeting_id}:0:{id}:request" for id in people)
    shown = [key for key in owed(town, "show") if "invitation_card" in key]
    assert len(shown) == 7


def test_booking_twice_books_once(town):
    case = a_case(town)
    found = offer(town, case)
    for _ in range(2):
        book(town, PRACTICE, found.options[0].id, by=person(town, "cora"), now=NOW)
    assert len(owed(town, "invite")) == 7


def test_a_time_that_somebody_lost_meanwhile_is_not_booked(town):
    """The chosen slot is checked again just before booking (calendar.md section 5)."""
    found = offer(town, a_case(town))
    first = found.options[0]
    away(town, "fay", first.starts_at, first.ends_at)
    with pytest.raises(TooLate, match="Fire Service can no longer"):
        book(town, PRACTICE, first.id, by=person(town, "cora"), now=NOW)
    assert owed(town, "invite") == []


def test_moving_raises_the_sequence_wipes_answers_and_keeps_the_agenda(town):
    case = a_case(town)
    told = booked(town, case)
    with town() as work:
        row = work.meetings.invitation(told.meeting_id, "ana")
        assert row is not None
        row.answer = "accepted"
    again = find_times(
        town,
        PRACTICE,
        wanted("", meeting_id=told.meeting_id),
        source="s:move",
        by=person(town, "cora"),
        now=NOW,
    )
    later = next(option for option in again.options if option.starts_at != told.starts_at)
    moved = book(town, PRACTICE, later.id, by=person(town, "cora"), now=NOW)
    assert again.moving
    assert moved.moved
    assert moved.refs == ("CV-7K4QMX",)
    with town() as work:
        assert {row.answer for row in work.meetings.invitations(told.meeting_id)} == {"none"}
        assert work.meetings.row(told.meeting_id).sequence == 1
    # Nothing had left yet, so each person is told once, of the new time.
    assert len(owed(town, "invite")) == 7
    assert all(f":{told.meeting_id}:1:" in key for key in owed(town, "invite"))


def test_whoever_declined_the_old_time_is_not_offered_it_again(town):
    told = booked(town, a_case(town))
    with town() as work:
        row = work.meetings.invitation(told.meeting_id, "fay")
        assert row is not None
        row.answer = "declined"
    again = find_times(
        town, PRACTICE, wanted("", meeting_id=told.meeting_id), source="s:m", by=person(town, "cora"), now=NOW
    )
    assert told.starts_at not in {option.starts_at for option in again.options}


def test_cancelling_frees_the_case_and_cancels_every_invitation(town):
    case = a_case(town)
    told = booked(town, case)
    cancel(town, PRACTICE, told.meeting_id, "too_few", by=person(town, "cora"), now=NOW)
    with town() as work:
        assert work.cases.row(case).state == "open"
        assert work.meetings.invitations(told.meeting_id) == []
        assert work.meetings.row(told.meeting_id).cancelled_why == "too_few"
    assert {key.rpartition(":")[2] for key in owed(town, "invite")} == {"cancel"}
    assert len(owed(town, "invite")) == 7


def test_a_cancellation_needs_a_reason_of_the_list(town):
    told = booked(town, a_case(town))
    with pytest.raises(Invalid):
        cancel(town, PRACTICE, told.meeting_id, "the person fell ill", by=person(town, "cora"), now=NOW)


def test_somebody_barred_from_the_case_is_never_asked(town):
    """IG-22: the referrer named a person who must not see it."""
    case = a_case(town)
    bar(town, "nur", case)
    told = booked(town, case)
    with town() as work:
        asked = {row.person_id for row in work.meetings.invitations(told.meeting_id)}
    assert "nur" not in asked
    assert "ned" in asked


def test_only_those_who_work_on_the_case_may_look_for_a_time(town):
    case = a_case(town)
    with pytest.raises(NotAllowed):
        offer(town, case, by="fay")


def test_a_meeting_knowingly_late_is_noted_on_the_clock(town):
    case = a_case(town)
    found = offer(town, case, stage="discussion", minutes=30, first=on("2026-03-09"))
    assert found.nothing_fits
    assert found.give_way is not None
    late = found.options[-1]
    assert late.working_days is not None
    assert late.working_days < 0
    book(town, PRACTICE, late.id, by=person(town, "cora"), now=NOW)
    with town() as work:
        clock = next(c for c in work.cases.clocks(case) if c.stage == "discussion")
        assert clock.late_reason
        assert work.cases.row(case).state == "open"  # a discussion lists nothing


def test_a_case_joins_the_next_monthly_panel_which_is_called_once(town):
    """S3-03: monthly, several people; the second Tuesday of March 2026 is the 10th."""
    one, two = a_case(town, pathway=MARM), a_case(town, "CV-9XWRTK", pathway=MARM)
    first = list_on_next_panel(town, PRACTICE, one, by=person(town, "cora"), now=NOW)
    second = list_on_next_panel(town, PRACTICE, two, by=person(town, "cora"), now=NOW)
    assert first.id == second.id
    assert first.starts_at == at("2026-03-10", "10:00")
    assert first.chair_id == "cora"
    with town() as work:
        items = work.meetings.agenda(first.id)
        assert [item.case_id for item in items] == [one, two]
        assert work.cases.row(two).state == "listed"
    reorder(town, PRACTICE, items[1].id, -1, by=person(town, "cora"), now=NOW)
    unlist(town, PRACTICE, items[0].id, by=person(town, "cora"), now=NOW)
    with town() as work:
        assert [(item.case_id, item.position) for item in work.meetings.agenda(first.id)] == [(two, 1)]
        assert work.cases.row(one).state == "open"


def test_listing_a_case_lets_go_of_whoever_is_barred_from_it(town):
    one, two = a_case(town, pathway=MARM), a_case(town, "CV-9XWRTK", pathway=MARM)
    bar(town, "nur", two)
    panel = list_on_next_panel(town, PRACTICE, one, by=person(town, "cora"), now=NOW)
    list_on_next_panel(town, PRACTICE, two, by=person(town, "cora"), now=NOW)
    with town() as work:
        asked = {row.person_id for row in work.meetings.invitations(panel.id)}
    assert "nur" not in asked
    assert "ned" in asked


def test_a_pathway_without_a_standing_panel_says_what_to_do_instead(town):
    with pytest.raises(NotFound, match="Find a time"):
        list_on_next_panel(town, PRACTICE, a_case(town), by=person(town, "cora"), now=NOW)


def test_whoever_is_only_asked_to_a_meeting_cannot_move_or_cancel_it(town):
    told = booked(town, a_case(town))
    with pytest.raises(NotAllowed):
        cancel(town, PRACTICE, told.meeting_id, "too_few", by=person(town, "ana"), now=NOW)
    with pytest.raises(NotAllowed):
        begin_finding(town, PRACTICE, meeting_id=told.meeting_id, by=person(town, "ana"), now=NOW)


def test_a_chair_who_is_barred_from_the_case_does_not_chair_it(town):
    """IG-22: the chair's deputy takes the meeting, and the chair is not asked."""
    case = a_case(town)
    bar(town, "chai", case)
    told = booked(town, case)
    with town() as work:
        assert work.meetings.row(told.meeting_id).chair_id == "dag"
        assert work.meetings.invitation(told.meeting_id, "chai") is None


def test_a_clock_that_was_met_sets_no_deadline_for_hearing_the_case_again(town):
    case = a_case(town, state="relisted")
    with town() as work:
        for clock in work.cases.clocks(case):
            clock.met_at = NOW
    assert offer(town, case).deadline is None


@pytest.mark.parametrize(
    ("field", "but"),
    [
        ("required", {"required": ()}),
        ("minutes", {"minutes": 5}),
        ("first", {"first": on("2026-02-27")}),
        ("last", {"last": on("2026-02-28")}),
    ],
)
def test_a_mistake_stands_beside_its_field(town, field, but):
    with pytest.raises(Invalid) as mistake:
        offer(town, a_case(town), **but)
    assert field in mistake.value.problems
