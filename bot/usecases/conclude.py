"""Conclude a meeting: cases move on, clocks are met, the action list goes out at once (S3-28 to S3-33, S4-02, T13)."""

from datetime import date, datetime

from bot.domain.area import Practice
from bot.domain.errors import Invalid
from bot.domain.hearing import lacking
from bot.domain.people import Person
from bot.domain.risk import still_at_risk, trend
from bot.domain.states import CASE, MEETING, CaseState, MeetingState
from bot.storage.codes import digest_of
from bot.storage.tables import AgendaItemRow, CaseRow, MeetingRow
from bot.storage.transaction import Begin, Work
from bot.usecases.agree import issue
from bot.usecases.hold import record_of, running
from bot.usecases.list_cases import set_free
from bot.usecases.owed import refresh_home, show, tell
from bot.usecases.present import counts_quorum, quorum_now

LACK_WORDS = {
    "voice": "the person’s views, or why there are none",
    "prompts": "the prompts",
    "plan": "an action, or a decision that none is needed",
    "rating": "the risk as it is now",
    "review": "whether there are new risks (“Review sheet”)",
}


def conclude(
    begin: Begin, practice: Practice, meeting_id: str, override_reason: str, *, by: Person, now: datetime
) -> list[str]:
    """End the meeting; twice is once. Gives the references of the cases that were heard.

    Raises Invalid while a case that was opened lacks something, and when the meeting is not quorate and the
    chair gives no reason to go on (field `override`). Cases never reached go back; their coordinators know.
    Where the pathway adjourns for want of a quorum, nothing counts as heard.
    """
    with begin() as work:
        meeting = work.meetings.opened(meeting_id, by, "meeting.hold", now)
        if meeting.state == MeetingState.CONCLUDED:
            return _heard_refs(work, meeting)
        meeting = running(work, meeting_id, by, now)
        pathway = practice.pathways[meeting.pathway]
        short = counts_quorum(meeting) and not quorum_now(work, practice, meeting).quorate
        adjourned = short and pathway.quorum.on_fail == "adjourn"
        agenda = work.meetings.agenda(meeting.id)
        heard = [] if adjourned else [item for item in agenda if item.started_at is not None]
        _check(work, practice, meeting, heard, short and not adjourned, override_reason)
        meeting.state = MEETING.after(meeting.state, "conclude")
        meeting.concluded_at, meeting.version = now, meeting.version + 1
        meeting.override_reason = override_reason.strip() or None if short else None
        for item in agenda:
            case = work.cases.row(item.case_id)
            if item in heard:
                item.ended_at = item.ended_at or now
                _heard(work, practice, meeting, item, case, by, now)
            else:
                item.started_at = None
                _not_reached(work, meeting, case, by, now)
        _record(work, meeting, by, len(heard), short, now)
        return _heard_refs(work, meeting)


def _check(
    work: Work,
    practice: Practice,
    meeting: MeetingRow,
    heard: list[AgendaItemRow],
    short: bool,
    override_reason: str,
) -> None:
    pathway = practice.pathways[meeting.pathway]
    found = {}
    wanting = []
    for item in heard:
        if lacks := lacking(meeting.kind, pathway.prompts, record_of(work, item)):
            words = "; ".join(LACK_WORDS[lack] for lack in lacks)
            wanting.append(f"{work.cases.row(item.case_id).ref} still needs: {words}.")
    if wanting:
        found["cases"] = "\n".join(wanting)
    if short and heard and len(override_reason.strip()) < 10:
        found["override"] = "The meeting is not quorate. Say why it goes on all the same, or end it unheard."
    if found:
        raise Invalid(found)


def _heard(
    work: Work,
    practice: Practice,
    meeting: MeetingRow,
    item: AgendaItemRow,
    case: CaseRow,
    by: Person,
    now: datetime,
) -> None:
    before = case.rating
    if meeting.kind == "discussion":
        case.state = CASE.after(case.state, "hold_discussion")
    else:
        _move_on(practice, case, item, practice.today(now))
    case.version += 1
    for clock in work.cases.clocks(case.id):
        if clock.stage == meeting.stage and clock.met_at is None:
            clock.met_at = now
    work.audit.write(
        stream=case.ref,
        actor=by.id,
        verb="case.discussed" if meeting.kind == "discussion" else "case.heard",
        thing=f"case:{case.id}",
        facts={
            "meeting": meeting.id,
            "state": case.state,
            "rating": item.rating or "",
            "trend": trend(before, item.rating) if item.rating else "",
            "next_review": case.next_review,
        },
        at=now,
    )
    for row in work.plans.of_case(case.id):
        if row.meeting_id == meeting.id:
            issue(work, row, case, now)
    show(work, "action_list", case.id, f"room:{case.pathway}", now)
    show(work, "case_card", case.id, f"room:{case.pathway}", now)
    if case.state == CaseState.RELISTED:
        tell(work, "case_relisted", case.id, f"person:{case.coordinator_id}", now, key=meeting.id)
    refresh_home(work, case.coordinator_id, now)


def _move_on(practice: Practice, case: CaseRow, item: AgendaItemRow, today: date) -> None:
    """Heard, then to its plan, or back to the panel where the review rule says so (S3-33, S4-11)."""
    rule = practice.of(case).review
    reviewed = case.state == CaseState.IN_REVIEW
    case.state = CASE.after(case.state, "hear")
    rating = item.rating or case.rating
    risky = reviewed and rating is not None and still_at_risk(rule, case.rating, rating, bool(item.mitigated))
    case.rating = rating
    case.state = CASE.after(case.state, "relist" if risky and rule.then == "relist" else "agree_plan")
    case.next_review = item.review_on
    if risky and item.review_on is None:
        case.next_review = rule.due.after(today, practice.days(case.nation))


def _not_reached(work: Work, meeting: MeetingRow, case: CaseRow, by: Person, now: datetime) -> None:
    """There was no time, or no quorum, for this case: it waits for another meeting and somebody knows."""
    set_free(work, meeting, case, by, now)
    tell(work, "case_not_reached", case.id, f"person:{case.coordinator_id}", now, key=meeting.id)


def _record(work: Work, meeting: MeetingRow, by: Person, heard: int, short: bool, now: datetime) -> None:
    work.audit.write(
        stream=f"meeting:{meeting.id}",
        actor=by.id,
        verb="meeting.concluded",
        thing=f"meeting:{meeting.id}",
        facts={
            "heard": heard,
            "inquorate": short,
            "override": digest_of(meeting.override_reason) if meeting.override_reason else "",
        },
        at=now,
    )
    show(work, "hold_card", meeting.id, f"room:{meeting.pathway}", now)
    show(work, "meeting_card", meeting.id, f"room:{meeting.pathway}", now)
    for each in work.meetings.invitations(meeting.id):
        show(work, "invitation_card", each.id, f"person:{each.person_id}", now)
        refresh_home(work, each.person_id, now)


def _heard_refs(work: Work, meeting: MeetingRow) -> list[str]:
    return [
        work.cases.row(item.case_id).ref
        for item in work.meetings.agenda(meeting.id)
        if item.started_at is not None
    ]
