"""Ask the area's agencies whether they know the person of a case, by reference alone; add those that do (S2-48).

Nothing here says who is meant: each agency's contact opens that in a window, and it is on the record (IG-01, IG-05).
"""

from datetime import date, datetime

from bot.domain.area import Practice
from bot.domain.errors import Invalid, TooLate
from bot.domain.involvement import Said, due_on
from bot.domain.people import Agency, Person, type_said
from bot.domain.references import new_id
from bot.domain.states import CaseState
from bot.storage.codes import digest_of
from bot.storage.involvement import is_silent
from bot.storage.involvement_tables import InvolvementCheckRow
from bot.storage.tables import CaseRow
from bot.storage.transaction import Begin, Work
from bot.usecases.diaries import bench
from bot.usecases.looks.involvement import lines_of, missing_replies, next_meeting
from bot.usecases.owed import refresh_home, show
from bot.views.involvement import AskAgencies, ToAsk, WhoKnows

ASKING = "involvement.ask"
"""What access calls the asking, the asking again, and the adding of whoever knows the person."""

SHORTEST_REASON = 10
"""Characters without which a reason says nothing."""


def begin_asking_agencies(
    begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime
) -> AskAgencies:
    """Who would be asked and until when; nobody is asked yet. TooLate when there is nobody left to ask."""
    with begin() as work:
        case = _to_ask_about(work, case_id, by, now)
        agencies = _still_to_ask(work, practice, case)
        if not agencies:
            raise TooLate("Every agency that this pathway asks has been asked already. See “Who knows them”.")
        rule = practice.of(case).involvement
        types = rule.ask or tuple(each.agency_type for each in practice.of(case).invite)
        there = {agency.type for agency in work.register.agencies(case.area)}
        contacts = {agency.id: contact_for(work, practice, case, agency.id, now) for agency in agencies}
        return AskAgencies(
            case_id=case.id,
            ref=case.ref,
            agencies=tuple(
                ToAsk(
                    agency_id=agency.id,
                    agency=agency.name,
                    person=work.register.row(contact).name if (contact := contacts[agency.id]) else "",
                )
                for agency in agencies
            ),
            due=_due(work, practice, case, now),
            missing=tuple(type_said(type) for type in types if type not in there),
        )


def ask_agencies(begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime) -> int:
    """Ask every agency that was not asked yet; how many. Pressed twice, each is asked once."""
    with begin() as work:
        return start_asking(work, practice, _to_ask_about(work, case_id, by, now), by.id, now)


def start_asking(work: Work, practice: Practice, case: CaseRow, asked_by: str, now: datetime) -> int:
    """Ask the agencies of the pathway's types that were not asked yet, but the referrer's own, which has told us.

    An agency with nobody in the register to ask is kept as one that has not replied, so that a person sees it.
    """
    agencies = _still_to_ask(work, practice, case)
    due = _due(work, practice, case, now)
    for agency in agencies:
        row = InvolvementCheckRow(
            id=new_id(),
            case_id=case.id,
            agency_id=agency.id,
            person_id=contact_for(work, practice, case, agency.id, now),
            asked_by=asked_by,
            asked_at=now,
            due_on=due,
            drill=case.drill,
        )
        work.session.add(row)
        work.session.flush()
        show_check(work, row, now)
    if agencies:
        show(work, "case_card", case.id, f"room:{case.pathway}", now)
        work.audit.write(
            stream=case.ref,
            actor=asked_by,
            verb="involvement.asked",
            thing=f"case:{case.id}",
            facts={"agencies": [agency.id for agency in agencies], "due": due},
            at=now,
        )
    return len(agencies)


def open_who_knows(begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime) -> WhoKnows:
    """How the asking stands; what they know stands in the case's file alone. Each opening is an audit row."""
    with begin() as work:
        case = work.cases.opened(case_id, by, ASKING, now)
        work.audit.write(
            stream=case.ref,
            actor=by.id,
            verb="case.read",
            thing=f"case:{case.id}",
            facts={"part": "involvement"},
            at=now,
        )
        lines = lines_of(work, practice, case, practice.today(now))
        live = case.state != CaseState.CLOSED
        return WhoKnows(
            case_id=case.id,
            ref=case.ref,
            lines=lines,
            missing=missing_replies(work, practice, case),
            more=len(_still_to_ask(work, practice, case)) if live else 0,
            chaseable=live and any(line.answer == Said.NONE and not line.stopped for line in lines),
        )


def add_agency(begin: Begin, practice: Practice, check_id: str, *, by: Person, now: datetime) -> str:
    """An agency that knows the person works on the case from now on, and is asked to its meetings; the case's id.

    Done by a person and never by itself (design.md rule 6). TooLate for one that has not said that it knows them.
    """
    with begin() as work:
        row, case = _opened(work, check_id, by, now)
        if row.answer != Said.KNOWN:
            raise TooLate("This agency has not said that it knows the person. Nothing has changed.")
        if case.state == CaseState.CLOSED:
            raise TooLate("The case is closed. Nothing has changed.")
        if row.agency_id not in work.cases.agencies(case.id):
            work.cases.add_agencies(case.id, [row.agency_id], now)
            work.audit.write(
                stream=case.ref,
                actor=by.id,
                verb="case.agency_added",
                thing=f"case:{case.id}",
                facts={"agency": row.agency_id},
                at=now,
            )
            show(work, "case_card", case.id, f"room:{case.pathway}", now)
            refresh_home(work, case.coordinator_id, now)
        return case.id


def stop_waiting(
    begin: Begin, practice: Practice, check_id: str, reason: str, *, by: Person, now: datetime
) -> str:
    """A person decides to wait for this agency no longer, and says why; it still counts as no reply. The case's id.

    Invalid (field `reason`) without a reason; TooLate when the agency has answered.
    """
    with begin() as work:
        row, case = _opened(work, check_id, by, now)
        if not is_silent(row):
            raise TooLate("This agency has answered meanwhile. Nothing has changed.")
        if len(reason.strip()) < SHORTEST_REASON:
            raise Invalid({"reason": "Say in a sentence why nobody waits for this agency any longer."})
        row.stopped_at, row.stopped_by, row.stopped_why = now, by.id, reason.strip()
        work.audit.write(
            stream=case.ref,
            actor=by.id,
            verb="involvement.stopped",
            thing=f"case:{case.id}",
            facts={"agency": row.agency_id, "reason": digest_of(row.stopped_why)},
            at=now,
        )
        return case.id


def wait_again(begin: Begin, practice: Practice, check_id: str, *, by: Person, now: datetime) -> str:
    """Take that back: the agency is waited for, and asked again, as before. The case's id."""
    with begin() as work:
        row, case = _opened(work, check_id, by, now)
        if row.stopped_at is not None:
            row.stopped_at, row.stopped_by, row.stopped_why = None, None, ""
            work.audit.write(
                stream=case.ref,
                actor=by.id,
                verb="involvement.resumed",
                thing=f"case:{case.id}",
                facts={"agency": row.agency_id},
                at=now,
            )
        return case.id


def contact_for(work: Work, practice: Practice, case: CaseRow, agency_id: str, now: datetime) -> str | None:
    """Whom to ask at an agency: its first representative who is at work, else its first; None where there is nobody."""
    barred = work.cases.thing(case).barred
    people = [row.id for row in bench(work, case.area, agency_id, barred).everybody]
    away = work.register.away(practice.today(now), practice.area.zone)
    return next((id for id in people if id not in away), people[0] if people else None)


def show_check(work: Work, row: InvolvementCheckRow, now: datetime) -> None:
    """Bring the card of the agency's contact up to date."""
    if row.person_id is not None:
        show(work, "involvement_card", row.id, f"person:{row.person_id}", now)


def held_on(work: Work, practice: Practice, case_id: str, now: datetime) -> date | None:
    """The day of the next booked meeting that hears the case."""
    meeting = next_meeting(work, case_id, now)
    return practice.today(meeting.starts_at) if meeting and meeting.starts_at else None


def _to_ask_about(work: Work, case_id: str, by: Person, now: datetime) -> CaseRow:
    case = work.cases.opened(case_id, by, ASKING, now)
    work.cases.lock(case)  # two who press at once: the second finds them asked
    if case.state == CaseState.CLOSED:
        raise TooLate("The case is closed. Nobody is asked about it any more.")
    return case


def _opened(work: Work, check_id: str, by: Person, now: datetime) -> tuple[InvolvementCheckRow, CaseRow]:
    row = work.involvement.check(check_id)
    case = work.cases.opened(row.case_id, by, ASKING, now)
    work.involvement.lock(row)
    return row, case


def _still_to_ask(work: Work, practice: Practice, case: CaseRow) -> list[Agency]:
    pathway = practice.of(case)
    types = pathway.involvement.ask or tuple(each.agency_type for each in pathway.invite)
    known = {row.agency_id for row in work.involvement.of_case(case.id)}
    known.add(work.referrals.row(case.referral_id).agency_id)
    return [each for each in work.register.agencies(case.area) if each.type in types and each.id not in known]


def _due(work: Work, practice: Practice, case: CaseRow, now: datetime) -> date:
    rule, days = practice.of(case).involvement, practice.days(case.nation)
    return due_on(rule, practice.today(now), days, held_on(work, practice, case.id, now))
