"""Holding a meeting, from its start to its end (S2-16 to S2-18, S3-27 to S3-33, S4-02 to S4-12)."""

from dataclasses import replace

import pytest
from meeting_builders import (
    MARAT,
    MARM,
    PRACTICE,
    a_case,
    a_decision,
    an_action,
    at,
    hear,
    on,
    owed,
    person,
    settle,
    voice,
    wanted,
)

from bot.domain.errors import Invalid, NotAllowed, TooLate
from bot.storage.transaction import Begin
from bot.usecases.agree import agree_in_meeting, agree_now
from bot.usecases.book import book
from bot.usecases.conclude import conclude
from bot.usecases.convene import find_times
from bot.usecases.hold import Mark, open_item, record_attendance, record_information, start
from bot.usecases.list_cases import list_on_next_panel
from bot.usecases.once import HeardBefore, once
from bot.usecases.record import (
    Rated,
    Said,
    record_decision,
    record_prompts,
    record_risk,
    record_voice,
)
from bot.usecases.review import Reviewed, record_review

BOOKED, DAY, END = at("2026-03-02", "09:00"), at("2026-03-02", "11:00"), at("2026-03-02", "13:00")
QUORATE = [Mark(agency_id=id, status="present") for id in ("asc", "police", "nhs", "homes")]


@pytest.fixture
def town(begin: Begin) -> Begin:
    settle(begin)
    return begin


@pytest.fixture
def cora(town):
    return person(town, "cora")


def a_meeting(town, case, *, stage="conference", now=BOOKED, **but) -> str:
    by = person(town, "cora")
    found = find_times(
        town, PRACTICE, wanted(case, stage=stage, **but), source=f"s:{case}{stage}{now}", by=by, now=now
    )
    return book(town, PRACTICE, found.options[0].id, by=by, now=now).meeting_id


def begun(town, case, cora, **but) -> tuple[str, str]:
    """A started meeting with the case open on the table: meeting and item."""
    meeting = a_meeting(town, case, **but)
    start(town, PRACTICE, meeting, by=cora, now=DAY)
    with town() as work:
        item = work.meetings.agenda(meeting)[0].id
    open_item(town, PRACTICE, item, by=cora, now=DAY)
    return meeting, item


def test_a_case_heard_with_a_plan_meets_its_clock_and_its_owners_are_told(town, cora):
    """S4-02: action plan agreed at the conference, within 14 working days."""
    case = a_case(town)
    meeting, item = begun(town, case, cora)
    record_attendance(town, PRACTICE, meeting, QUORATE, by=cora, now=DAY)
    hear(town, item, cora, DAY)
    assert not [key for key in owed(town, "show") if "action_message" in key]
    assert conclude(town, PRACTICE, meeting, "", by=cora, now=END) == ["CV-7K4QMX"]
    with town() as work:
        row = work.cases.row(case)
        assert (row.state, row.rating, row.next_review) == ("plan_active", "high", on("2026-04-10"))
        clocks = {clock.stage: clock.met_at for clock in work.cases.clocks(case)}
        action = work.plans.of_case(case)[0]
    assert clocks["conference"] == END
    assert action.ref == "CV-7K4QMX/1"
    assert action.next_at is not None  # never quiet while open (design rule 8)
    keys = owed(town, "show")
    assert any(key.startswith("show:action_list:") for key in keys)
    assert any(key.startswith(f"show:action_message:{action.id}") for key in keys)


def test_a_decision_waits_for_the_persons_views_or_why_there_are_none(town, cora):
    """S2-18."""
    _, item = begun(town, a_case(town), cora)
    with pytest.raises(Invalid, match="views first"):
        record_decision(town, PRACTICE, item, a_decision(), source="d", by=cora, now=DAY)
    with pytest.raises(Invalid) as short:
        record_voice(town, PRACTICE, item, Said(how="not_obtained"), by=cora, now=DAY)
    assert set(short.value.problems) == {"why_not"}
    why = Said(how="not_obtained", why_not="Two visits; she could not safely be asked.")
    record_voice(town, PRACTICE, item, why, by=cora, now=DAY)
    assert record_decision(town, PRACTICE, item, a_decision(), source="d", by=cora, now=DAY)


def test_the_person_is_never_recorded_as_attending_where_the_pathway_says_never(town, cora):
    _, item = begun(town, a_case(town), cora)
    said = Said(how="attended", views="She said that she is frightened.")
    with pytest.raises(Invalid) as refused:
        record_voice(town, PRACTICE, item, said, by=cora, now=DAY)
    assert "how" in refused.value.problems


@pytest.mark.parametrize(
    ("field", "but"),
    [
        ("kind", {"kind": "guess"}),
        ("text", {"text": ""}),
        ("reasons", {"reasons": "because"}),
        ("options", {"options": ""}),
        ("support", {"support": ""}),
        ("law", {"law": ()}),
        ("review_on", {"review_on": None}),
    ],
)
def test_a_decision_is_complete_or_refused(town, cora, field, but):
    """S2-36 to S2-41: reasons, options considered, support, law and a review date."""
    _, item = begun(town, a_case(town), cora)
    voice(town, item, cora, DAY)
    with pytest.raises(Invalid) as mistake:
        record_decision(town, PRACTICE, item, a_decision(**but), source="d", by=cora, now=DAY)
    assert set(mistake.value.problems) == {field}


def test_a_decision_sent_twice_is_recorded_once(town, cora):
    case = a_case(town)
    _, item = begun(town, case, cora)
    voice(town, item, cora, DAY)
    ids = {
        record_decision(town, PRACTICE, item, a_decision(), source="d", by=cora, now=DAY) for _ in range(2)
    }
    with town() as work:
        assert len(work.cases.decisions(case)) == len(ids) == 1


@pytest.mark.parametrize(
    ("field", "but"),
    [
        ("category", {"category": "surveillance"}),
        ("owner", {"owner_id": "pia"}),
        ("owner", {"owner_id": "nobody"}),
        ("due", {"due": on("2026-02-27")}),
        ("due", {"due": None}),
        ("review_on", {"review_on": on("2026-03-10")}),
    ],
)
def test_an_action_needs_an_agency_its_owner_and_both_dates(town, cora, field, but):
    """S2-17: a date for doing and a date for review."""
    _, item = begun(town, a_case(town), cora)
    with pytest.raises(Invalid) as mistake:
        agree_in_meeting(town, PRACTICE, item, an_action(**but), by=cora, now=DAY)
    assert field in mistake.value.problems


def test_an_action_agreed_outside_a_meeting_is_told_at_once(town, cora):
    """Nobody has to wait for the meeting (model.md section 1, rule 3)."""
    case = a_case(town)
    assert agree_now(town, PRACTICE, case, an_action(), by=cora, now=DAY) == "CV-7K4QMX/1"
    assert agree_now(town, PRACTICE, case, an_action(), by=cora, now=DAY) == "CV-7K4QMX/1"
    assert [key for key in owed(town, "show") if "action_message" in key]
    with town() as work:
        assert len(work.plans.of_case(case)) == 1


def test_a_meeting_is_not_concluded_while_a_case_lacks_something(town, cora):
    meeting, item = begun(town, a_case(town), cora)
    record_attendance(town, PRACTICE, meeting, QUORATE, by=cora, now=DAY)
    voice(town, item, cora, DAY)
    with pytest.raises(Invalid) as refused:
        conclude(town, PRACTICE, meeting, "", by=cora, now=END)
    assert "CV-7K4QMX still needs: the prompts; an action" in refused.value.problems["cases"]


def test_without_a_quorum_the_chair_goes_on_only_with_a_reason(town, cora):
    meeting, item = begun(town, a_case(town), cora)
    few = [
        Mark(agency_id="asc", status="deputy", person_id="abe"),
        Mark(agency_id="police", status="apologies"),
    ]
    record_attendance(town, PRACTICE, meeting, few, by=cora, now=DAY)
    hear(town, item, cora, DAY)
    with pytest.raises(Invalid) as refused:
        conclude(town, PRACTICE, meeting, "", by=cora, now=END)
    assert set(refused.value.problems) == {"override"}
    reason = "The risk is too high to wait for the next meeting."
    conclude(town, PRACTICE, meeting, reason, by=cora, now=END)
    with town() as work:
        assert work.meetings.row(meeting).override_reason == reason


def test_concluding_twice_concludes_once(town, cora):
    meeting, item = begun(town, a_case(town), cora)
    record_attendance(town, PRACTICE, meeting, QUORATE, by=cora, now=DAY)
    hear(town, item, cora, DAY)
    for _ in range(2):
        assert conclude(town, PRACTICE, meeting, "", by=cora, now=END) == ["CV-7K4QMX"]
    with pytest.raises(TooLate, match="over"):
        voice(town, item, cora, END)


def test_a_case_that_was_not_reached_goes_back_and_its_coordinator_knows(town, cora):
    one, two = a_case(town, pathway=MARM), a_case(town, "CV-9XWRTK", pathway=MARM)
    panel = list_on_next_panel(town, PRACTICE, one, by=cora, now=BOOKED)
    list_on_next_panel(town, PRACTICE, two, by=cora, now=BOOKED)
    day = at("2026-03-10", "10:00")
    start(town, PRACTICE, panel.id, by=cora, now=day)
    with town() as work:
        first = work.meetings.agenda(panel.id)[0].id
    open_item(town, PRACTICE, first, by=cora, now=day)
    record_attendance(town, PRACTICE, panel.id, QUORATE, by=cora, now=day)
    voice(town, first, cora, day)
    prepare_marm(town, first, cora, day)
    assert conclude(town, PRACTICE, panel.id, "", by=cora, now=at("2026-03-10", "12:00")) == ["CV-7K4QMX"]
    with town() as work:
        assert work.cases.row(one).state == "plan_active"
        assert work.cases.row(two).state == "open"
    assert [key for key in owed(town, "tell") if key.startswith(f"tell:case_not_reached:{two}")]


def prepare_marm(town, item, cora, day):
    prompts = tuple(prompt.id for prompt in PRACTICE.pathways[MARM].prompts)
    record_prompts(town, PRACTICE, item, prompts, by=cora, now=day)
    rated = Rated(rating="medium", mitigated=True, review_on=None, why="The plan has ended the risk of fire.")
    record_risk(town, PRACTICE, item, rated, by=cora, now=day)
    decision = a_decision(kind="no_further_action", law=("care_act_s9",), review_on=on("2026-04-30"))
    record_decision(town, PRACTICE, item, decision, source=f"{item}:none", by=cora, now=day)


@pytest.mark.parametrize(
    ("rating", "state"), [("high", "relisted"), ("very_high", "relisted"), ("medium", "plan_active")]
)
def test_a_review_that_finds_the_risk_not_reduced_relists_the_case(town, cora, rating, state):
    """S4-11: the rating was high before."""
    case = a_case(town, state="plan_active", rating="high")
    meeting, item = begun(town, case, cora, stage="review", minutes=60)
    record_attendance(town, PRACTICE, meeting, QUORATE, by=cora, now=DAY)
    hear(town, item, cora, DAY, rating=rating)
    record_review(town, PRACTICE, item, Reviewed(new_risks="no"), by=cora, now=DAY)
    conclude(town, PRACTICE, meeting, "", by=cora, now=END)
    with town() as work:
        assert work.cases.row(case).state == state


def test_a_discussion_meets_its_own_clock_and_leaves_the_case_where_it_is(town, cora):
    """S4-03: three working days; a discussion is not quorate or inquorate."""
    case = a_case(town)
    meeting, item = begun(town, case, cora, stage="discussion", minutes=30)
    agree_in_meeting(town, PRACTICE, item, an_action(), by=cora, now=DAY)
    conclude(town, PRACTICE, meeting, "", by=cora, now=END)
    with town() as work:
        assert work.cases.row(case).state == "open"
        assert {c.stage: c.met_at for c in work.cases.clocks(case)} == {"discussion": END, "conference": None}


def test_information_sent_instead_of_coming_is_asked_for_and_kept(town, cora):
    """S3-30: apologies with information are told from apologies without."""
    meeting, _ = begun(town, a_case(town), cora)
    marks = [
        Mark(agency_id="nhs", status="apologies_information"),
        Mark(agency_id="fire", status="apologies"),
    ]
    assert record_attendance(town, PRACTICE, meeting, marks, by=cora, now=DAY) == ["nhs"]
    record_information(town, PRACTICE, meeting, {"nhs": "Last seen in January."}, by=cora, now=DAY)
    with town() as work:
        kept = {row.agency_id: row.information for row in work.meetings.attendance(meeting)}
    assert kept == {"nhs": "Last seen in January.", "fire": ""}


def test_only_the_chair_and_the_coordinator_run_the_meeting(town, cora):
    meeting = a_meeting(town, a_case(town))
    with pytest.raises(NotAllowed):
        start(town, PRACTICE, meeting, by=person(town, "ana"), now=DAY)
    assert start(town, PRACTICE, meeting, by=person(town, "chai"), now=DAY) == meeting


def test_going_on_to_a_case_ends_the_time_of_the_one_before(town, cora):
    """S4-09: a timer per case."""
    one, two = a_case(town, pathway=MARM), a_case(town, "CV-9XWRTK", pathway=MARM)
    panel = list_on_next_panel(town, PRACTICE, one, by=cora, now=BOOKED)
    list_on_next_panel(town, PRACTICE, two, by=cora, now=BOOKED)
    ten = at("2026-03-10", "10:00")
    start(town, PRACTICE, panel.id, by=cora, now=ten)
    with town() as work:
        items = [item.id for item in work.meetings.agenda(panel.id)]
    open_item(town, PRACTICE, items[0], by=cora, now=ten)
    later = at("2026-03-10", "10:20")
    open_item(town, PRACTICE, items[1], by=cora, now=later)
    with town() as work:
        rows = work.meetings.agenda(panel.id)
    assert (rows[0].started_at, rows[0].ended_at) == (ten, later)
    assert (rows[1].started_at, rows[1].ended_at) == (later, None)


def test_nothing_of_what_was_said_reaches_the_ledgers(town, cora):
    """IG-29, IG-32: digests only, in the audit as in the outbox."""
    from sqlmodel import select

    from bot.storage.ledger_tables import AuditEvent, OutboxRow

    meeting, item = begun(town, a_case(town), cora)
    record_attendance(town, PRACTICE, meeting, QUORATE, by=cora, now=DAY)
    hear(town, item, cora, DAY)
    conclude(town, PRACTICE, meeting, "", by=cora, now=END)
    with town() as work:
        text = "".join(row[0].facts for row in work.session.execute(select(AuditEvent)))
        text += "".join(row.about for row in work.session.exec(select(OutboxRow)))
        assert work.meetings.row(meeting).pathway == MARAT
    for word in ("frightened", "door chain", "peace", "safety plan as written"):
        assert word not in text


FIRST = Said(how="advocate", views="She does not want anybody to come into the flat.")
SINCE = replace(FIRST, views="She now wants help with the door, and with nothing else.")


def say(town, item, said, cora, source):
    return once(town, record_voice, source, DAY, PRACTICE, item, said, by=cora, now=DAY)


def views(town, item):
    with town() as work:
        row = work.meetings.item(item)
        return work.cases.voice(row.case_id, row.meeting_id).views


def test_a_late_copy_of_a_form_does_not_undo_what_was_saved_since(town, cora):
    """Design rule 2: a command may reach us twice, and the second time late."""
    _, item = begun(town, a_case(town), cora)
    say(town, item, FIRST, cora, "slack:view:V1")
    say(town, item, SINCE, cora, "slack:view:V2")
    with pytest.raises(HeardBefore, match="saved already"):
        say(town, item, FIRST, cora, "slack:view:V1")
    assert views(town, item) == SINCE.views


def test_what_was_refused_may_be_mended_and_sent_again(town, cora):
    _, item = begun(town, a_case(town), cora)
    with pytest.raises(Invalid):
        say(town, item, replace(FIRST, views=""), cora, "slack:view:V1")
    say(town, item, FIRST, cora, "slack:view:V1")
    assert views(town, item) == FIRST.views


def test_two_use_cases_of_one_modal_are_two_commands(town, cora):
    _, item = begun(town, a_case(town), cora)

    def another(begin):
        voice(begin, item, cora, DAY)

    say(town, item, FIRST, cora, "slack:view:V1")
    once(town, another, "slack:view:V1", DAY)
    assert views(town, item) != FIRST.views
