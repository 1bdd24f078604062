"""Looks at asking the agencies who knows somebody: a contact's card, how the asking stands, what is missing (S2-48)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from bot.domain.access import Thing, may
from bot.domain.area import Practice
from bot.domain.errors import NotFound
from bot.domain.involvement import SUBJECTS, Said, lacking
from bot.domain.pathway import Pathway
from bot.domain.people import Person
from bot.domain.states import CaseState, MeetingState
from bot.storage.involvement import is_silent
from bot.storage.involvement_tables import InvolvementCheckRow
from bot.storage.tables import CaseRow, MeetingRow
from bot.storage.transaction import Work
from bot.views.involvement import CheckCard, CheckLine, MissingReplies

OVER = {
    "closed": "The case is closed, so your agency is no longer asked.",
    "held": "The meeting has heard the case with your answer. If something has changed, tell the coordinator.",
}
"""What is said to somebody who answers when it is over, by why it is."""


def involvement_card(work: Work, practice: Practice, id: str, now: datetime) -> CheckCard:
    """What one agency is asked about one case, and what it has said; by reference only."""
    row = work.involvement.check(id)
    case = work.cases.row(row.case_id)
    pathway = practice.of(case)
    coordinator = work.register.row(case.coordinator_id)
    over = why_over(work, row, case)
    return CheckCard(
        id=row.id,
        case_id=case.id,
        ref=case.ref,
        pathway=pathway.title,
        agency=work.register.agency(row.agency_id).name,
        coordinator=coordinator.name,
        phone=coordinator.phone,
        due=row.due_on,
        answer=row.answer,
        answered_at=row.answered_at,
        by_mail=row.way == "mail",
        open=not over,
        over=over,
        research=research_wanted(work, pathway, row) and case.state != CaseState.CLOSED,
        returned=bool(work.involvement.returns(row.id)),
        drill=row.drill,
    )


def to_chase(work: Work, practice: Practice, id: str, now: datetime) -> CheckCard | None:
    """The same for a reminder; None once the agency has answered, or need not any more."""
    card = involvement_card(work, practice, id, now)
    return card if card.open and card.answer == Said.NONE else None


def just_heard(work: Work, practice: Practice, id: str, now: datetime) -> CheckCard | None:
    """The same for the coordinator, who hears that an agency not on the case has answered; None once it is on it."""
    row = work.involvement.check(id)
    on_case = row.agency_id in work.cases.agencies(row.case_id)
    return None if on_case else involvement_card(work, practice, id, now)


def involvement_asked(work: Work, practice: Practice, id: str, by: Person, now: datetime) -> CheckCard | None:
    """What waits behind a link of this person's: by reference, never who is meant; None when nothing does."""
    try:
        row = work.involvement.check(id)
    except NotFound:
        return None
    if not may(by, "involvement.answer", thing_of(work, row)):
        return None
    card = involvement_card(work, practice, id, now)
    about = subjects_of(practice.of(work.cases.row(row.case_id)))
    return replace(card, subjects=tuple((each, SUBJECTS[each]) for each in about)) if card.open else None


def subjects_of(pathway: Pathway) -> tuple[str, ...]:
    """About whom agencies are asked what they hold: everybody about whom the pathway's forms ask."""
    asked = {field.about for field in pathway.fields}
    return tuple(subject for subject in SUBJECTS if subject in asked)


def thing_of(work: Work, row: InvolvementCheckRow) -> Thing:
    """What access needs to know: the agency's contact answers, the deputy they have there, and the agency's lead."""
    case = work.cases.row(row.case_id)
    contact = work.register.row(row.person_id) if row.person_id else None
    deputy = work.register.row(contact.deputy_id) if contact and contact.deputy_id else None
    return replace(
        work.cases.thing(case),
        owner_id=row.person_id,
        deputy_id=deputy.id if deputy is not None and deputy.agency_id == row.agency_id else None,
        owner_agency=row.agency_id,
    )


def why_over(work: Work, row: InvolvementCheckRow, case: CaseRow) -> str:
    """Why this can no longer be answered: `closed` or `held`; "" while it can.

    An answer may be changed until a meeting has begun to hear the case; a first answer is welcome after that too.
    """
    if case.state == CaseState.CLOSED:
        return "closed"
    if is_silent(row):
        return ""
    begun = [
        each
        for each in work.meetings.of_case(case.id)
        if each.started_at is not None and each.started_at > row.asked_at
    ]
    return "held" if begun else ""


def next_meeting(work: Work, case_id: str, now: datetime, *, panel: bool = False) -> MeetingRow | None:
    """The next booked meeting that hears the case; of panels only, with `panel`. None when there is none."""
    ahead = [
        each
        for each in work.meetings.of_case(case_id)
        if each.state == MeetingState.INVITED
        and each.starts_at is not None
        and each.starts_at > now
        and (not panel or each.kind == "panel")
    ]
    return min(ahead, key=lambda each: (each.starts_at, each.id), default=None)


def research_wanted(work: Work, pathway: Pathway, row: InvolvementCheckRow) -> bool:
    """Whether this agency is to say what it holds: it knows the person, or must come to the meeting."""
    if row.answer == Said.KNOWN:
        return True
    required = {each.agency_type for each in pathway.invite if each.required}
    return row.answer == Said.NOT_KNOWN and work.register.agency(row.agency_id).type in required


def lines_of(work: Work, practice: Practice, case: CaseRow, today: date) -> tuple[CheckLine, ...]:
    """Each agency asked and whether it has answered: those without a reply first, then by name."""
    pathway = practice.of(case)
    on_case = set(work.cases.agencies(case.id))
    lines = [
        CheckLine(
            id=row.id,
            agency=work.register.agency(row.agency_id).name,
            person=work.register.row(row.person_id).name if row.person_id else "",
            answer=row.answer,
            due=row.due_on,
            overdue=is_silent(row) and row.due_on < today,
            stopped=row.stopped_at is not None,
            on_case=row.agency_id in on_case,
            research=research_wanted(work, pathway, row),
            returned=bool(work.involvement.returns(row.id)),
        )
        for row in work.involvement.of_case(case.id)
    ]
    return tuple(sorted(lines, key=lambda line: (line.answer != Said.NONE, line.agency, line.id)))


def missing_replies(work: Work, practice: Practice, case: CaseRow) -> MissingReplies:
    """What nobody has said about a case yet; nothing is missing before anybody was asked (S4-15)."""
    pathway = practice.of(case)
    rows = work.involvement.of_case(case.id)
    agencies = {row.agency_id: work.register.agency(row.agency_id) for row in rows}
    heard = [agencies[row.agency_id].type for row in rows if not is_silent(row)]
    referrer = work.register.agency(work.referrals.row(case.referral_id).agency_id).type
    lacks = lacking(pathway.involvement.expertise, [*heard, referrer]) if rows else ()
    return MissingReplies(
        case_id=case.id,
        ref=case.ref,
        silent=tuple(sorted(agencies[row.agency_id].name for row in rows if is_silent(row))),
        lacking=tuple(type.replace("_", " ") for type in lacks),
    )


def missing_on(work: Work, practice: Practice, case_ids: Iterable[str]) -> tuple[MissingReplies, ...]:
    """The same of every case of an agenda about which something is missing, in its order."""
    found = (missing_replies(work, practice, work.cases.row(id)) for id in case_ids)
    return tuple(each for each in found if each.any)
