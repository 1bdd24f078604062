"""Plans and decisions are looked at again, and the person is asked to come by a safe route (S3-31 to S3-33, S2-40)."""

import pytest
from meeting_builders import (
    MARM,
    NOW,
    PRACTICE,
    a_case,
    a_decision,
    an_action,
    at,
    on,
    owed,
    person,
    settle,
    voice,
    wanted,
)

from bot.domain.errors import Invalid, NotAllowed, TooLate
from bot.storage.tables import CaseRow
from bot.storage.transaction import Begin
from bot.usecases.agree import agree_now
from bot.usecases.book import book
from bot.usecases.conclude import conclude
from bot.usecases.convene import find_times
from bot.usecases.daybreak import daybreak
from bot.usecases.decision_review import Looked, look_at_decision
from bot.usecases.follow_up import follow_up
from bot.usecases.hold import Mark, record_attendance, start
from bot.usecases.open_case import open_case
from bot.usecases.open_review import open_decision_review, open_review_sheet, open_subject_form
from bot.usecases.record import Rated, record_decision, record_prompts, record_risk
from bot.usecases.review import Invited, Reviewed, record_invited, record_review

DAY = at("2026-03-05", "10:00")
WHY = "Nothing has changed since it was made."


@pytest.fixture
def town(begin: Begin) -> Begin:
    settle(begin)
    return begin


@pytest.fixture
def case(town: Begin) -> str:
    """A plan that was rated high in March and is looked at again."""
    return a_case(
        town, pathway=MARM, state="plan_active", rating="high", lead_id="hal", next_review=on("2026-03-20")
    )


def a_review(town, case: str) -> str:
    """The review meeting, booked; its id."""
    by = person(town, "cora")
    want = wanted(case, stage="review", minutes=60, required=("asc", "homes", "nhs", "police"))
    found = find_times(town, PRACTICE, want, source=f"r:{case}", by=by, now=NOW)
    return book(town, PRACTICE, found.options[0].id, by=by, now=NOW).meeting_id


def told(town, message: str) -> list[str]:
    return sorted(key.split(":")[4] for key in owed(town, "tell") if key.startswith(f"tell:{message}:"))


def the_invitation(town, case: str) -> str:
    with town() as work:
        return work.followups.subject_invitations(case)[-1].id


def on_the_table(town, case: str) -> tuple[str, str]:
    """The review begun with four agencies there; the meeting and the agenda item."""
    meeting, cora = a_review(town, case), person(town, "cora")
    start(town, PRACTICE, meeting, by=cora, now=DAY)
    came = [Mark(agency_id=id, status="present") for id in ("asc", "homes", "nhs", "police")]
    record_attendance(town, PRACTICE, meeting, came, by=cora, now=DAY)
    with town() as work:
        return meeting, work.meetings.agenda(meeting)[0].id


def recorded(town, item: str, rating: str, *, mitigated: bool) -> None:
    """All that a hearing needs but the review sheet."""
    cora = person(town, "cora")
    voice(town, item, cora, DAY)
    prompts = tuple(each.id for each in PRACTICE.pathways[MARM].prompts)
    record_prompts(town, PRACTICE, item, prompts, by=cora, now=DAY)
    rated = Rated(rating=rating, mitigated=mitigated, review_on=on("2026-04-10"))
    record_risk(town, PRACTICE, item, rated, by=cora, now=DAY)
    none = a_decision(kind="no_further_action", law=("mca",))
    record_decision(town, PRACTICE, item, none, source=f"{item}:d", by=cora, now=DAY)


def part(town, case: str, kind: str):
    by = person(town, "cora")
    of = open_case(town, PRACTICE, case, 0, by=by, now=NOW).of
    files = [open_case(town, PRACTICE, case, n, by=by, now=NOW).part for n in range(of)]
    return next(each for each in files if each.kind == kind)


def test_whoever_leads_is_asked_to_invite_the_person_once_and_again_when_it_moves(town, case):
    """S3-31: the program writes to no subject (IG-10); it asks the lead professional."""
    meeting = a_review(town, case)
    follow_up(town, PRACTICE, NOW)
    follow_up(town, PRACTICE, NOW)
    assert told(town, "subject_invite") == ["hal"]
    with town() as work:
        row = work.meetings.row(meeting)
        row.starts_at, row.ends_at = at("2026-03-12"), at("2026-03-12", "11:00")
    follow_up(town, PRACTICE, NOW)
    assert told(town, "subject_invite") == ["hal", "hal"]


def test_a_route_that_is_not_known_to_be_safe_is_not_taken(town, case):
    """IG-10: unknown blocks as no does; face to face asks for nothing of the kind."""
    a_review(town, case)
    follow_up(town, PRACTICE, NOW)
    id, hal = the_invitation(town, case), person(town, "hal")
    for how in ("phone", "message", "letter"):
        for safe in ("no", "unknown", ""):
            said = Invited(how=how, safe=safe, answer="coming")
            with pytest.raises(Invalid) as refused:
                record_invited(town, PRACTICE, id, said, by=hal, now=NOW)
            assert set(refused.value.problems) == {"safe"}
    record_invited(town, PRACTICE, id, Invited(how="in_person", answer="coming"), by=hal, now=NOW)
    assert "They will come" in str(part(town, case, "reviews").entries)


def test_not_asking_the_person_needs_a_reason_and_who_does_not_work_on_the_case_records_nothing(town, case):
    a_review(town, case)
    follow_up(town, PRACTICE, NOW)
    id = the_invitation(town, case)
    with pytest.raises(Invalid, match="why the person was not asked"):
        record_invited(town, PRACTICE, id, Invited(how="not_asked"), by=person(town, "hal"), now=NOW)
    with pytest.raises(NotAllowed):
        open_subject_form(town, PRACTICE, id, by=person(town, "fay"), now=NOW)


def test_an_invitation_without_an_answer_is_chased_two_working_days_before(town, case):
    """Rule 8: the lead, and the coordinator with them."""
    meeting = a_review(town, case)
    with town() as work:
        row = work.meetings.row(meeting)
        row.starts_at, row.ends_at = at("2026-03-12"), at("2026-03-12", "11:00")
    follow_up(town, PRACTICE, NOW)
    daybreak(town, PRACTICE, at("2026-03-09", "09:00"))
    assert told(town, "subject_chase") == []
    daybreak(town, PRACTICE, at("2026-03-10", "09:00"))
    daybreak(town, PRACTICE, at("2026-03-11", "09:00"))
    assert told(town, "subject_chase") == ["cora", "hal"]


def test_the_sheet_shows_how_each_action_stands_and_how_the_risk_has_gone(town, case):
    """S3-32, S5-26."""
    cora = person(town, "cora")
    action = an_action(category="visit", due=on("2026-03-04"))
    agree_now(town, PRACTICE, case, action, by=cora, now=NOW)
    _, item = on_the_table(town, case)
    recorded(town, item, "very_high", mitigated=False)
    sheet = open_review_sheet(town, PRACTICE, item, by=cora, now=DAY)
    assert [(each.ref, each.overdue) for each in sheet.actions] == [("CV-7K4QMX/1", True)]
    assert (sheet.rating_now, sheet.trend_now) == ("Very high", "up")


def test_a_review_does_not_end_before_somebody_says_whether_there_are_new_risks(town, case):
    """S3-32: missing is never "no" (rule 7)."""
    meeting, item = on_the_table(town, case)
    cora = person(town, "cora")
    recorded(town, item, "low", mitigated=True)
    with pytest.raises(Invalid, match="whether there are new risks"):
        conclude(town, PRACTICE, meeting, "", by=cora, now=DAY)
    with pytest.raises(Invalid, match="what the new risk is"):
        record_review(town, PRACTICE, item, Reviewed(new_risks="yes"), by=cora, now=DAY)
    record_review(town, PRACTICE, item, Reviewed(new_risks="no"), by=cora, now=DAY)
    conclude(town, PRACTICE, meeting, "", by=cora, now=DAY)
    entries = part(town, case, "reviews").entries
    assert any("No new risks" in each.body for each in entries)
    assert any(each.head == "MARM review: Low" for each in entries)


def test_still_high_and_unmitigated_goes_back_to_the_panel_with_the_way_to_list_it(town, case):
    """S3-33."""
    meeting, item = on_the_table(town, case)
    cora = person(town, "cora")
    recorded(town, item, "high", mitigated=False)
    record_review(town, PRACTICE, item, Reviewed(new_risks="no"), by=cora, now=DAY)
    conclude(town, PRACTICE, meeting, "", by=cora, now=DAY)
    with town() as work:
        assert work.cases.row(case).state == "relisted"
    assert told(town, "case_relisted") == ["cora"]


def test_a_plan_that_is_due_without_a_meeting_is_brought_up_and_then_the_chair_hears(town, case):
    """T20, S4-11: five working days before, and two; not where a meeting is booked."""
    daybreak(town, PRACTICE, at("2026-03-12", "09:00"))
    assert told(town, "review_unbooked") == []
    daybreak(town, PRACTICE, at("2026-03-13", "09:00"))
    daybreak(town, PRACTICE, at("2026-03-16", "09:00"))
    assert told(town, "review_unbooked") == ["cora"]
    daybreak(town, PRACTICE, at("2026-03-18", "09:00"))
    assert told(town, "review_unbooked") == ["chai", "cora", "cora"]


def test_nobody_is_reminded_of_a_review_that_is_booked(town, case):
    meeting = a_review(town, case)
    with town() as work:
        row = work.meetings.row(meeting)
        row.starts_at, row.ends_at = at("2026-03-20"), at("2026-03-20", "11:00")
    daybreak(town, PRACTICE, at("2026-03-18", "09:00"))
    assert told(town, "review_unbooked") == []


def a_made_decision(town, case: str) -> str:
    """A decision of the review on 5 March, to be looked at again on the 30th; its id."""
    _, item = on_the_table(town, case)
    cora = person(town, "cora")
    voice(town, item, cora, DAY)
    decided = a_decision(law=("mca",), agencies=("asc", "homes"))
    return record_decision(town, PRACTICE, item, decided, source="d1", by=cora, now=DAY)


def test_on_its_day_a_decision_is_asked_about_and_stands_until_another(town, case):
    """S2-40, T19."""
    decision = a_made_decision(town, case)
    daybreak(town, PRACTICE, at("2026-03-27", "09:00"))
    assert told(town, "decision_due") == []
    now = at("2026-03-30", "09:00")
    daybreak(town, PRACTICE, now)
    assert told(town, "decision_due") == ["cora", "hal"]
    with town() as work:
        [row] = work.followups.decision_reviews([decision])
    form = open_decision_review(town, PRACTICE, row.id, by=person(town, "hal"), now=now)
    assert form.text == a_decision().text
    found = Looked(outcome="stands", why=WHY, until=on("2026-05-01"))
    look_at_decision(town, PRACTICE, row.id, found, by=person(town, "hal"), now=now)
    with pytest.raises(TooLate, match="said already"):
        look_at_decision(town, PRACTICE, row.id, found, by=person(town, "cora"), now=now)
    with town() as work:
        assert work.followups.decision(decision).review_on == on("2026-05-01")
    daybreak(town, PRACTICE, at("2026-05-01", "09:00"))
    assert len(told(town, "decision_due")) == 4
    assert "it stands until 1 May 2026" in str(part(town, case, "decisions").entries)


def test_a_decision_that_nobody_looks_at_is_asked_about_higher_up(town, case):
    """Rule 8: after three working days the chair hears as well; it never ends by itself."""
    a_made_decision(town, case)
    for day in ("2026-03-30", "2026-03-31", "2026-04-01", "2026-04-02"):
        daybreak(town, PRACTICE, at(day, "09:00"))
    assert told(town, "decision_due") == ["chai", "cora", "cora", "hal", "hal"]


def test_a_closed_case_is_asked_about_no_more(town, case):
    a_made_decision(town, case)
    daybreak(town, PRACTICE, at("2026-03-30", "09:00"))
    with town() as work:
        row: CaseRow = work.cases.row(case)
        row.state = "closed"
    daybreak(town, PRACTICE, at("2026-04-02", "09:00"))
    assert told(town, "decision_due") == ["cora", "hal"]


def test_a_decision_goes_back_to_the_meeting(town, case):
    decision = a_made_decision(town, case)
    now = at("2026-03-30", "09:00")
    daybreak(town, PRACTICE, now)
    with town() as work:
        [row] = work.followups.decision_reviews([decision])
    look_at_decision(town, PRACTICE, row.id, Looked(outcome="back", why=WHY), by=person(town, "hal"), now=now)
    assert told(town, "decision_back") == ["cora"]


def test_a_later_decision_takes_the_place_of_an_earlier_one_which_stays_readable(town, case):
    """S2-36, S2-38: who decided, and what it replaced; nobody is asked about the old one any more."""
    decision = a_made_decision(town, case)
    cora = person(town, "cora")
    with town() as work:
        item = work.meetings.item_of(work.meetings.of_case(case)[0].id, case).id
    later = a_decision(law=("mca",), text="The plan is changed as written.", supersedes=decision)
    record_decision(town, PRACTICE, item, later, source="d2", by=cora, now=at("2026-03-05", "10:30"))
    with pytest.raises(Invalid, match="replaced already"):
        record_decision(town, PRACTICE, item, later, source="d3", by=cora, now=DAY)
    daybreak(town, PRACTICE, at("2026-03-30", "09:00"))
    with town() as work:
        assert work.followups.decision_reviews([decision]) == []
    old, new = part(town, case, "decisions").entries
    assert (old.body, old.state) == (a_decision().text, "Replaced on 5 March 2026")
    assert "Decided by: Aldermere Adult Social Care, Aldermere Homes" in old.said
    assert "Takes the place of the decision of 5 March 2026" in new.said
    assert "Aldermere Police" in new.said  # all that are here, where nobody said otherwise
