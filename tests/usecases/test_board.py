"""The board: every live case by the working days left on its next clock, and what is in its way."""

import pytest
from meeting_builders import MARM, NOW, PRACTICE, a_case, at, bar, person, settle, wanted
from sqlalchemy import event

from bot.domain.errors import NotAllowed
from bot.storage.tables import CaseAgencyRow, VoiceRow
from bot.storage.transaction import Begin
from bot.usecases.attend import answer_invitation
from bot.usecases.book import book
from bot.usecases.convene import find_times
from bot.usecases.open_board import open_board

CONFERENCE_DUE = "2026-03-20"


@pytest.fixture
def town(begin: Begin) -> Begin:
    settle(begin)
    return begin


def seen(town: Begin, who: str = "cora", now=NOW, **but):
    return open_board(town, PRACTICE, by=person(town, who), now=now, **but)


def line(town: Begin, ref: str, now=NOW):
    return next(each for each in seen(town, now=now).lines if each.ref == ref)


def ways(town: Begin, ref: str, now=NOW) -> dict[str, int]:
    return {each.kind: each.count for each in line(town, ref, now).blocks}


def booked(town: Begin, case: str) -> str:
    found = find_times(town, PRACTICE, wanted(case), source=f"s:{case}", by=person(town, "cora"), now=NOW)
    return book(town, PRACTICE, found.options[0].id, by=person(town, "cora"), now=NOW).meeting_id


def test_with_no_case_there_is_nothing_on_it(town):
    assert (seen(town).total, seen(town).lines, seen(town).pages) == (0, (), 1)


def test_a_case_stands_with_the_clock_that_runs_out_first(town):
    """Both clocks run from Monday 2 March: the discussion is due in three working days (S4-03)."""
    a_case(town)
    found = line(town, "CV-7K4QMX")
    assert (found.what, found.days_left) == ("Case discussion", 3)
    assert ways(town, "CV-7K4QMX") == {"no_meeting": 1}
    assert line(town, "CV-7K4QMX", at("2026-03-06")).days_left == -1


def test_the_most_pressing_case_comes_first_and_each_is_counted_by_how_soon(town):
    a_case(town, "CV-7K4QMX")
    a_case(town, "CV-9XWRTK", received=at("2026-02-10", "09:00"))
    found = seen(town)
    assert [each.ref for each in found.lines] == ["CV-9XWRTK", "CV-7K4QMX"]
    assert found.bands == {"late": 1, "today": 0, "week": 1, "later": 0, "none": 0}
    assert [each.ref for each in seen(town, shown="late").lines] == ["CV-9XWRTK"]
    assert seen(town, shown="later").lines == ()


def test_a_booked_meeting_leaves_its_clock_and_says_what_else_is_missing(town):
    case = a_case(town)
    meeting = booked(town, case)
    found = ways(town, "CV-7K4QMX")
    assert found == {"no_meeting": 1, "unanswered": 6, "no_views": 1}, "the discussion has none yet"
    with town() as work:
        work.session.add(VoiceRow(id="v", case_id=case, how="views", views="…", by_id="cora", at=NOW))
        invitation = work.meetings.invitation(meeting, "ana").id
    answer_invitation(town, PRACTICE, invitation, "declined", by=person(town, "ana"), now=NOW)
    assert ways(town, "CV-7K4QMX") == {"no_meeting": 1, "quorum": 1, "unanswered": 5}


def test_a_review_that_is_near_and_not_booked_is_told(town):
    case = a_case(town, state="plan_active", next_review=at("2026-03-06").date())
    with town() as work:
        for clock in work.cases.clocks(case):
            clock.met_at = NOW
    assert (line(town, "CV-7K4QMX").what, line(town, "CV-7K4QMX").days_left) == ("Review", 4)
    assert ways(town, "CV-7K4QMX") == {"no_review": 1}


def test_a_proposed_closure_waits_for_its_agencies_and_then_for_whoever_closes(town):
    """S3-34: who has not answered is counted, and a silent agency is no agreement."""
    case = a_case(town, state="closure_proposed")
    with town() as work:
        work.session.add(CaseAgencyRow(id="ca2", case_id=case, agency_id="police", since=NOW))
    assert ways(town, "CV-7K4QMX")["agreement"] == 2
    with town() as work:
        for row in work.cases.agency_rows(case):
            row.agrees_to_close = True
    assert "agreement" not in ways(town, "CV-7K4QMX")
    assert ways(town, "CV-7K4QMX")["to_close"] == 1


def test_the_second_form_that_the_referrer_owes_is_in_the_way(town):
    """S3-20: the whole form is asked for once the concern is accepted."""
    a_case(town, pathway=MARM)
    assert ways(town, "CV-7K4QMX")["second_form"] == 1


def test_each_sees_the_cases_that_they_may_open(town):
    """IG-05, IG-22: another agency's people see nothing of it, and who is barred sees nothing either."""
    case = a_case(town)
    assert seen(town, "hal").total == 1, "Homes works on it"
    assert seen(town, "fay").total == 0
    bar(town, "hal", case)
    assert seen(town, "hal").total == 0


def test_whoever_sits_on_no_panel_is_refused(town):
    with pytest.raises(NotAllowed, match="for people who sit on panels"):
        seen(town, "pru")


def test_many_cases_come_in_pages_and_cost_no_more_questions_than_two(town):
    def count_of(cases: int) -> int:
        asked = 0

        def one_more(*_: object) -> None:
            nonlocal asked
            asked += 1

        with town() as work:
            engine = work.session.get_bind()
        event.listen(engine, "before_cursor_execute", one_more)
        try:
            assert seen(town).total == cases
        finally:
            event.remove(engine, "before_cursor_execute", one_more)
        return asked

    letters = "BCDFGHJKMNPQRTVWXZ"
    refs = [f"CV-7K4Q{a}{b}" for a in letters for b in letters]
    for ref in refs[:2]:
        a_case(town, ref)
    few = count_of(2)
    for ref in refs[2:30]:
        a_case(town, ref)
    assert count_of(30) == few
    first, last = seen(town), seen(town, page=99)
    assert (len(first.lines), first.page, first.pages) == (12, 1, 3)
    assert (len(last.lines), last.page) == (6, 3)


def test_narrowed_to_what_is_in_the_way_or_to_ones_own(town):
    a_case(town, "CV-7K4QMX", coordinator_id="chai")
    a_case(town, "CV-9XWRTK")
    assert [each.ref for each in seen(town, shown="mine").lines] == ["CV-9XWRTK"]
    assert len(seen(town, shown="blocked").lines) == 2
    assert [each.ref for each in seen(town, pathway_id=MARM).lines] == []
