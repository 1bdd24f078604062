"""Answers to invitations, "I cannot" spans, closing a case, and the minutes (S2-16, S3-30, S3-34)."""

import pytest
from meeting_builders import (
    MARM,
    NOW,
    PRACTICE,
    a_case,
    asked_at_the_end,
    at,
    hear,
    on,
    owed,
    person,
    settle,
    wanted,
)
from sqlmodel import select

from bot.domain.errors import Invalid, NotAllowed, NotFound, TooLate
from bot.render import Render
from bot.storage.ledger_tables import AuditEvent
from bot.storage.transaction import Begin
from bot.usecases.attend import answer_invitation, cannot, my_cannots, send_deputy, undo_cannot
from bot.usecases.book import book
from bot.usecases.close import agree_to_close, close_case, object_to_close, propose_closure
from bot.usecases.conclude import conclude
from bot.usecases.convene import find_times
from bot.usecases.hold import Mark, open_item, record_attendance, record_information, start
from bot.usecases.looks.meeting import closure_card, hold_card, invitation_card, meeting_card, names_on_agenda
from bot.usecases.minutes import minutes_of, read_minutes

DAY, END = at("2026-03-02", "11:00"), at("2026-03-02", "13:00")
SAFE = "The warden rings her each evening until Friday."
WHY = "The risk has ended and the person is content."


@pytest.fixture
def town(begin: Begin) -> Begin:
    settle(begin)
    return begin


def booked(town, case: str) -> str:
    by = person(town, "cora")
    found = find_times(town, PRACTICE, wanted(case), source=f"s:{case}", by=by, now=NOW)
    return book(town, PRACTICE, found.options[0].id, by=by, now=NOW).meeting_id


def invitation(town, meeting: str, who: str) -> str:
    with town() as work:
        row = work.meetings.invitation(meeting, who)
        assert row is not None
        return row.id


def answer(town, meeting: str, who: str, said: str) -> str:
    return answer_invitation(
        town, PRACTICE, invitation(town, meeting, who), said, by=person(town, who), now=NOW
    )


def test_nobody_answers_for_a_meeting_whose_time_is_over(town):
    """It was never begun, so nothing else has closed the question."""
    meeting = booked(town, a_case(town))
    own = invitation(town, meeting, "pia")
    with town() as work:
        over = work.meetings.row(meeting).ends_at
    assert looked(town, invitation_card, own).open
    assert not looked(town, invitation_card, own, over).open
    with pytest.raises(TooLate, match="is over"):
        answer_invitation(town, PRACTICE, own, "accepted", by=person(town, "pia"), now=over)


def looked(town, look, id: str, now=NOW):
    with town() as work:
        return look(work, PRACTICE, id, now)


def test_the_card_says_whether_the_meeting_will_be_quorate(town):
    """MARAT asks for police, adult social care and four agencies in all (model.md section 6)."""
    meeting = booked(town, a_case(town))
    assert looked(town, meeting_card, meeting).outlook == "waiting"
    for who in ("ana", "pia", "nur", "hal"):
        answer(town, meeting, who, "accepted")
    card = looked(town, meeting_card, meeting)
    assert (card.outlook, card.coming, card.needed) == ("quorate", 4, 4)


def test_when_an_agency_that_must_be_there_declines_the_chair_hears_of_it(town):
    """Any one of an agency's people will do, so it is at risk only when all of them decline."""
    meeting = booked(town, a_case(town))
    answer(town, meeting, "ana", "declined")
    assert looked(town, meeting_card, meeting).outlook == "at_risk"
    assert [key for key in owed(town, "tell") if key.startswith(f"tell:quorum_at_risk:{meeting}:person:chai")]


def test_a_deputy_is_asked_in_ones_place(town):
    meeting = booked(town, a_case(town))
    assert send_deputy(town, PRACTICE, invitation(town, meeting, "ana"), by=person(town, "ana"), now=NOW) == (
        "Abe Stone"
    )
    with town() as work:
        asked = {row.person_id: row.as_deputy for row in work.meetings.invitations(meeting)}
    assert "ana" not in asked
    assert asked["abe"] is True
    assert looked(town, invitation_card, invitation(town, meeting, "ana")).withdrawn


def test_without_a_deputy_in_the_register_one_is_told_what_to_do(town):
    meeting = booked(town, a_case(town))
    with pytest.raises(TooLate, match="no deputy"):
        send_deputy(town, PRACTICE, invitation(town, meeting, "fay"), by=person(town, "fay"), now=NOW)


def test_nobody_answers_for_somebody_else(town):
    meeting = booked(town, a_case(town))
    with pytest.raises(NotFound):
        answer_invitation(
            town, PRACTICE, invitation(town, meeting, "ana"), "accepted", by=person(town, "pia"), now=NOW
        )


def test_an_answer_after_the_meeting_has_begun_is_too_late(town):
    meeting = booked(town, a_case(town))
    start(town, PRACTICE, meeting, by=person(town, "cora"), now=DAY)
    with pytest.raises(TooLate):
        answer(town, meeting, "ana", "declined")


def test_what_is_typed_as_cannot_keeps_a_person_out_of_the_search(town):
    case = a_case(town)
    lines = cannot(
        town, PRACTICE, "Mon 2 March 09:00-17:00", source="c1", by=person(town, "fay"), now=at("2026-03-01")
    )
    assert [(line.starts_at, line.ends_at) for line in lines] == [
        (at("2026-03-02", "09:00"), at("2026-03-02", "17:00"))
    ]
    found = find_times(town, PRACTICE, wanted(case), source="s", by=person(town, "cora"), now=NOW)
    assert all(option.starts_at >= at("2026-03-03", "09:00") for option in found.options)


def test_cannot_said_twice_is_taken_down_once_and_can_be_taken_back(town):
    fay = person(town, "fay")
    for source in ("c1", "c1", "c2"):
        cannot(town, PRACTICE, "Tue 3 March 10:00-12:00", source=source, by=fay, now=NOW)
    (line,) = my_cannots(town, by=fay, now=NOW)
    assert undo_cannot(town, line.id, by=person(town, "ana"), now=NOW) == []
    assert len(my_cannots(town, by=fay, now=NOW)) == 1
    assert undo_cannot(town, line.id, by=fay, now=NOW) == []


def test_what_cannot_be_read_is_answered_with_an_example(town):
    with pytest.raises(Invalid, match="Tue 3 March"):
        cannot(town, PRACTICE, "whenever", source="c", by=person(town, "fay"), now=NOW)


def heard(town, case: str) -> str:
    cora = person(town, "cora")
    meeting = booked(town, case)
    start(town, PRACTICE, meeting, by=cora, now=DAY)
    with town() as work:
        item = work.meetings.agenda(meeting)[0].id
    open_item(town, PRACTICE, item, by=cora, now=DAY)
    marks = [
        Mark(agency_id=id, status="present", person_id=who)
        for id, who in (("asc", "ana"), ("police", "pia"), ("homes", "hal"), ("hearth", "viv"))
    ]
    marks.append(Mark(agency_id="nhs", status="apologies_information"))
    record_attendance(town, PRACTICE, meeting, marks, by=cora, now=DAY)
    record_information(town, PRACTICE, meeting, {"nhs": "Seen on the ward in January."}, by=cora, now=DAY)
    hear(town, item, cora, DAY)
    conclude(town, PRACTICE, meeting, "", by=cora, now=END)
    return meeting


def test_the_minutes_hold_what_was_captured_and_reading_them_is_on_the_record(town):
    case = a_case(town)
    meeting = heard(town, case)
    view = read_minutes(town, PRACTICE, meeting, by=person(town, "ana"), now=END)
    text = Render().text("minutes/minutes.md", view=view)
    for part in (
        "# MARAT conference, Mon 2 Mar 2026",
        "- **Aldermere NHS Trust**: Apologies, information sent",
        "Information sent: Seen on the ward in January.",
        "4 agencies present of at least 4 needed: quorate.",
        "## 1. CV-7K4QMX",
        "Through an advocate or IDVA. She wants to stay in her own home",
        "- **CV-7K4QMX/1 Home security measures**: Hal Birch, Aldermere Homes. Due Mon 16 Mar 2026",
        "Options considered: Moving away was weighed",
        "Law: Domestic Abuse Act 2021",
    ):
        assert part in text
    with town() as work:
        assert work.audit.latest("CV-7K4QMX", 1)[0].verb == "minutes.read"


def test_the_minutes_are_closed_to_an_outsider(town):
    meeting = heard(town, a_case(town))
    with pytest.raises(NotAllowed):
        read_minutes(town, PRACTICE, meeting, by=person(town, "pru"), now=END)


def test_the_card_of_a_meeting_in_progress_says_what_is_still_lacking(town):
    case = a_case(town)
    meeting = booked(town, case)
    assert looked(town, hold_card, meeting) is None
    start(town, PRACTICE, meeting, by=person(town, "cora"), now=DAY)
    card = looked(town, hold_card, meeting, DAY)
    assert card.cases[0].lacking == ("voice", "prompts", "plan", "rating")
    assert card.current is not None  # a meeting about one case is about it from the start
    assert {line.status for line in card.attendance} == {""}
    assert [line.ref for line in card.agenda if line.ref] == ["CV-7K4QMX"]


def ready_to_close(town, pathway=MARM) -> str:
    case = a_case(town, pathway=pathway, state="plan_active", rating="low")
    with town() as work:
        from bot.usecases.invitees import bring_in

        bring_in(work, case, ["police"], NOW)
    asked_at_the_end(town, case, person(town, "cora"), NOW)
    return case


def test_a_case_closes_when_every_agency_agrees_and_the_chair_authorises(town):
    """S3-34: no further action only if all agencies agree; recorded and authorised."""
    case = ready_to_close(town)
    propose_closure(town, PRACTICE, case, WHY, by=person(town, "cora"), now=NOW)
    agree_to_close(town, PRACTICE, case, by=person(town, "hal"), now=NOW)
    with pytest.raises(TooLate, match="Aldermere Police"):
        close_case(town, PRACTICE, case, WHY, by=person(town, "chai"), now=NOW)
    agree_to_close(town, PRACTICE, case, by=person(town, "pia"), now=NOW)
    assert looked(town, closure_card, case).ready
    with pytest.raises(NotAllowed):
        close_case(town, PRACTICE, case, WHY, by=person(town, "cora"), now=NOW)
    close_case(town, PRACTICE, case, WHY, by=person(town, "chai"), now=NOW)
    with town() as work:
        row = work.cases.row(case)
        assert (row.state, row.closed_by, row.close_reason) == ("closed", "chai", WHY)


def test_one_objection_keeps_a_case_open(town):
    case = ready_to_close(town)
    propose_closure(town, PRACTICE, case, WHY, by=person(town, "cora"), now=NOW)
    object_to_close(
        town, PRACTICE, case, "We are still called there each week.", SAFE, by=person(town, "pia"), now=NOW
    )
    with town() as work:
        assert work.cases.row(case).state == "plan_active"
        assert [row.kind for row in work.cases.decisions(case)] == ["closure_proposed", "closure_objected"]
    with pytest.raises(TooLate):
        agree_to_close(town, PRACTICE, case, by=person(town, "hal"), now=NOW)


def test_who_represents_no_agency_of_the_case_answers_for_none_and_the_attempt_is_on_record(town):
    """The coordinator may read every case; that makes nobody's answer hers to give (IG-29)."""
    case = ready_to_close(town)
    propose_closure(town, PRACTICE, case, WHY, by=person(town, "cora"), now=NOW)
    for answers in (
        lambda: agree_to_close(town, PRACTICE, case, by=person(town, "cora"), now=NOW),
        lambda: object_to_close(town, PRACTICE, case, WHY, SAFE, by=person(town, "cora"), now=NOW),
    ):
        with pytest.raises(NotAllowed, match="Only somebody who represents an agency") as refused:
            answers()
        assert (refused.value.trace.verb, refused.value.trace.thing) == ("case.agree", f"case:{case}")
    with town() as work:
        assert {row.agrees_to_close for row in work.cases.agency_rows(case)} == {None}
        assert len(work.session.exec(select(AuditEvent).where(AuditEvent.verb == "denied")).all()) == 2


def test_closure_waits_until_every_action_has_ended(town):
    from meeting_builders import an_action

    from bot.usecases.agree import agree_now

    case = ready_to_close(town)
    action = an_action(category="visit", due=on("2026-03-16"))
    agree_now(town, PRACTICE, case, action, by=person(town, "cora"), now=NOW)
    with pytest.raises(Invalid, match="CV-7K4QMX/1"):
        propose_closure(town, PRACTICE, case, WHY, by=person(town, "cora"), now=NOW)


def test_the_gate_knows_the_names_that_must_not_leave(town):
    case = a_case(town)
    with town() as work:
        work.referrals.row(f"r-{case}").answers = {"name": "Bryony Thistle", "harmer_name": "Cole Thistle"}
    meeting = booked(town, case)
    with town() as work:
        assert names_on_agenda(work, PRACTICE, work.meetings.row(meeting)) == (
            "Bryony Thistle",
            "Cole Thistle",
        )
        assert minutes_of(work, PRACTICE, meeting).cases[0].heard is False
