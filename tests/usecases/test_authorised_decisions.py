"""A decision that the pathway wants authorised waits for who holds the role, and never goes quiet (S3-34)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from meeting_builders import (
    MARM,
    a_case,
    a_decision,
    asked_at_the_end,
    at,
    on,
    owed,
    person,
    settle,
    wanted,
)
from meeting_builders import PRACTICE as USUAL
from sqlmodel import select

from bot.domain.errors import Invalid, NotAllowed, TooLate
from bot.pathways.reader import Pathways
from bot.storage.authority_tables import DecisionAuthorityRow
from bot.storage.ledger_tables import AuditEvent
from bot.storage.tables import PersonRow
from bot.usecases.authorise import answer_authority, open_authority
from bot.usecases.book import book
from bot.usecases.close import propose_closure
from bot.usecases.convene import find_times
from bot.usecases.follow_up import follow_up
from bot.usecases.hold import start
from bot.usecases.looks.authority import authority_answered, authority_asked
from bot.usecases.open_case import open_case
from bot.usecases.record import Said, record_decision, record_voice

PATHWAY = replace(USUAL.pathways[MARM], authorised_by={"no_further_action": "chair"})
PRACTICE = replace(USUAL, pathways=Pathways({**USUAL.pathways, MARM: PATHWAY}))
"""No shipped file asks for it: at Care Connect the authoriser signs the closure itself."""

BOOKED, DAY = at("2026-03-02", "09:00"), at("2026-03-02", "11:00")
WHY = "Qanary: nobody has asked the district nurse yet."


@pytest.fixture
def town(begin):
    settle(begin)
    with begin() as work:
        board = PersonRow(id="bo", area="aldermere", agency_id="asc", name="Bo", email="board@example.test")
        board.roles = ["board"]
        work.session.add(board)
    return begin


@pytest.fixture
def case(town):
    return a_case(town, pathway=MARM, state="plan_active", rating="low")


@pytest.fixture
def item(town, case):
    cora = person(town, "cora")
    found = find_times(town, PRACTICE, wanted(case, stage="review"), source="sought", by=cora, now=BOOKED)
    meeting = book(town, PRACTICE, found.options[0].id, by=cora, now=BOOKED).meeting_id
    start(town, PRACTICE, meeting, by=cora, now=DAY)
    with town() as work:
        id = work.meetings.agenda(meeting)[0].id
    said = Said(how="not_obtained", why_not="Two visits; nobody opened the door.")
    record_voice(town, PRACTICE, id, said, by=cora, now=DAY)
    return id


def decided(town, item, *, who="cora", source="d", **but):
    said = a_decision(kind="no_further_action", law=("care_act_s9",), review_on=on("2026-04-30"), **but)
    decision = record_decision(town, PRACTICE, item, said, source=source, by=person(town, who), now=DAY)
    with town() as work:
        query = select(DecisionAuthorityRow.id).where(DecisionAuthorityRow.decision_id == decision)
        return decision, work.session.exec(query).one()


def told(town, message):
    return [key.split(":")[4] for key in owed(town, "tell") if key.startswith(f"tell:{message}:")]


def shown(town, case, now=DAY):
    file = open_case(town, PRACTICE, case, 0, kind="decisions", by=person(town, "cora"), now=now)
    return [each.said for each in file.part.entries if each.head.startswith("No further action")]


def offered(town, case, who):
    """What of it the case's file lets this person begin."""
    file = open_case(town, PRACTICE, case, 0, by=person(town, who), now=DAY)
    return [each.value for each in file.doings if each.verb == "decision.authorise"]


def test_only_a_decision_that_the_pathway_names_waits_for_an_authoriser(town, item, case):
    """S3-34: recorded and authorised; any other counts as soon as it is recorded."""
    said = a_decision(kind="plan_agreed", law=("care_act_s9",), review_on=on("2026-04-30"))
    record_decision(town, PRACTICE, item, said, source="p", by=person(town, "cora"), now=DAY)
    assert told(town, "authority_asked") == []
    decided(town, item)
    assert told(town, "authority_asked") == ["chai"]
    assert "Not authorised yet: waits for the chair" in shown(town, case)[0]


def test_the_authoriser_presses_under_their_name_and_whoever_recorded_it_does_not(town, item, case):
    """S3-34, rule 6: once; the decision stays as it was written."""
    _, waits = decided(town, item)
    for who in ("cora", "hal"):
        with pytest.raises(NotAllowed, match="authorised by the chair"):
            answer_authority(town, PRACTICE, waits, "authorised", "", by=person(town, who), now=DAY)
    chai = person(town, "chai")
    assert [offered(town, case, who) for who in ("cora", "chai")] == [[], [waits]]
    form = open_authority(town, PRACTICE, waits, by=chai, now=DAY)
    assert (form.kind, form.by) == ("No further action possible, agreed by all", "Cora Vale")
    for answer, why, beside in (("", "", "answer"), ("back", "no", "why")):
        with pytest.raises(Invalid) as wrong:
            answer_authority(town, PRACTICE, waits, answer, why, by=chai, now=DAY)
        assert set(wrong.value.problems) == {beside}
    assert answer_authority(town, PRACTICE, waits, "authorised", "", by=chai, now=DAY) == case
    assert told(town, "authority_answered") == ["cora"]
    assert "Authorised by Chai" in shown(town, case)[0]
    with pytest.raises(TooLate):
        answer_authority(town, PRACTICE, waits, "back", WHY, by=chai, now=DAY)
    with town() as work:
        assert authority_asked(work, PRACTICE, waits, DAY) is None
        [event] = work.session.exec(select(AuditEvent).where(AuditEvent.verb == "decision.authorised"))
        assert event.actor == "chai"


def test_sent_back_with_a_reason_it_is_decided_again(town, item, case):
    """S3-34: the reason stands in the file and in no message; one that is replaced waits for nobody."""
    decision, waits = decided(town, item)
    answer_authority(town, PRACTICE, waits, "back", WHY, by=person(town, "chai"), now=DAY)
    assert WHY in shown(town, case)[0]
    with town() as work:
        note = authority_answered(work, PRACTICE, waits, DAY)
        assert note.answer == "back"
        assert "qanary" not in str(note).lower()
    _, again = decided(town, item, source="again", supersedes=decision)
    _, third = decided(town, item, source="third", supersedes=_decision(town, again))
    with pytest.raises(TooLate):
        answer_authority(town, PRACTICE, again, "authorised", "", by=person(town, "chai"), now=DAY)
    answer_authority(town, PRACTICE, third, "authorised", "", by=person(town, "chai"), now=DAY)


def _decision(town, waits):
    with town() as work:
        return work.session.get(DecisionAuthorityRow, waits).decision_id


def test_an_authoriser_who_is_silent_is_reminded_and_then_those_above_hear(town, item):
    """Rule 8: every two working days, each time once, until somebody answers."""
    _, waits = decided(town, item)
    moments = [at("2026-03-04", "09:00"), at("2026-03-06", "09:00")]
    for moment in moments:
        for when in (moment - timedelta(minutes=1), moment, moment):
            follow_up(town, PRACTICE, when)
    first, *later = told(town, "authority_asked")
    assert first == "chai"
    assert sorted(later) == ["chai", "chai", "dag", "dag"], "then everybody who holds the role"
    assert set(told(town, "authority_late")) == {"bo", "cora"}
    answer_authority(town, PRACTICE, waits, "authorised", "", by=person(town, "chai"), now=moments[-1])
    before = len(owed(town, "tell"))
    follow_up(town, PRACTICE, at("2026-03-30"))
    assert not [key for key in owed(town, "tell")[before:] if "authority" in key]


def test_a_case_is_not_proposed_for_closing_while_a_decision_waits(town, item, case):
    """S3-34, S2-17."""
    _, waits = decided(town, item)
    cora = person(town, "cora")
    asked_at_the_end(town, case, cora, DAY)
    with pytest.raises(Invalid, match="nobody has authorised yet: 1"):
        propose_closure(town, PRACTICE, case, "All that could be done is done.", by=cora, now=DAY)
    answer_authority(town, PRACTICE, waits, "authorised", "", by=person(town, "chai"), now=DAY)
    propose_closure(town, PRACTICE, case, "All that could be done is done.", by=cora, now=DAY)
