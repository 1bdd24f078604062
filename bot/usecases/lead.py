"""Name a case's lead professional, who coordinates the whole approach (S2-08 to S2-10, S2-28)."""

from datetime import datetime

from bot.domain.area import Practice
from bot.domain.errors import Invalid, TooLate
from bot.domain.pathway import Pathway
from bot.domain.people import Person
from bot.domain.states import CaseState, MeetingState
from bot.storage.codes import digest_of
from bot.storage.tables import CaseRow, ReferralRow
from bot.storage.transaction import Begin, Work
from bot.usecases.chairs import chair_of, first_chair, fit_chair
from bot.usecases.owed import refresh_home, show
from bot.views.cases import LeadForm

FOLLOWS = ("lead_professional", "lead_manager", "chair")
"""Who chairs, where that may be somebody else once somebody else leads."""


def first_lead(work: Work, pathway: Pathway, row: ReferralRow) -> str | None:
    """Who leads from the day a case is opened: the one proposed, else whoever convenes until there is one.

    None where the pathway names no lead. Somebody who has left, or must not see the case, is passed over.
    """
    if pathway.lead is None:
        return None
    proposed = row.answers.get(pathway.lead.field)
    fit = {person.id for person in work.register.people(row.area)} - work.referrals.barred(row.id)
    if isinstance(proposed, str) and proposed in fit:
        return proposed
    wanted = row.referrer_id if pathway.lead.until_named == "referrer" else None
    return wanted if wanted in fit else None


def begin_lead(begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime) -> LeadForm:
    """Who leads now and who could, for somebody who may convene for this case."""
    with begin() as work:
        case = _open(work, case_id, by, now)
        barred = work.referrals.barred(case.referral_id)
        agencies = {agency.id: agency.name for agency in work.register.agencies(case.area)}
        people = [person for person in work.register.people(case.area) if person.id not in barred]
        return LeadForm(
            case_id=case.id,
            ref=case.ref,
            lead=work.register.person(case.lead_id).name if case.lead_id else "",
            chosen=case.lead_id or "",
            people=tuple((person.id, f"{person.name}, {agencies[person.agency_id]}") for person in people),
        )


def name_lead(
    begin: Begin, practice: Practice, case_id: str, person_id: str, why: str, *, by: Person, now: datetime
) -> str:
    """This person leads from now on; meetings that are still planned get the chair that follows. The reference.

    Raises Invalid by field (`lead`, `why`), TooLate for a closed case.
    """
    with begin() as work:
        case = _open(work, case_id, by, now)
        fit = {each.id for each in work.register.people(case.area)} - work.referrals.barred(case.referral_id)
        found = {}
        if person_id not in fit:
            found["lead"] = "Choose somebody from the list."
        if len(why.strip()) < 10:
            found["why"] = (
                "Say in a sentence why this person: their agency is the most involved, for instance."
            )
        if found:
            raise Invalid(found)
        before, case.lead_id = case.lead_id, person_id
        case.version += 1
        work.session.flush()
        work.audit.write(
            stream=case.ref,
            actor=by.id,
            verb="case.lead_named",
            thing=f"case:{case.id}",
            facts={"lead": person_id, "before": before or "", "why": digest_of(why.strip())},
            at=now,
        )
        work.cases.add_agencies(case.id, [work.register.person(person_id).agency_id], now)
        _rechair(work, practice, case, by)
        show(work, "case_card", case.id, f"room:{case.pathway}", now)
        for each in sorted({person_id, before or person_id}):
            refresh_home(work, each, now)
        return case.ref


def _rechair(work: Work, practice: Practice, case: CaseRow, by: Person) -> None:
    """A meeting chaired by the lead or by their manager, and not yet booked, gets its new chair."""
    pathway = practice.of(case)
    case.chair_id = first_chair(work, practice, case) or case.chair_id
    for meeting in work.meetings.of_case(case.id):
        stage = pathway.stage(meeting.stage)
        if meeting.state == MeetingState.PLANNED and stage.chair in FOLLOWS:
            meeting.chair_id = chair_of(work, practice, stage, case, by)
            meeting.chair_id = fit_chair(work, practice, meeting)


def _open(work: Work, case_id: str, by: Person, now: datetime) -> CaseRow:
    case = work.cases.opened(case_id, by, "case.lead", now)
    if case.state == CaseState.CLOSED:
        raise TooLate("This case has been closed, so it needs no lead any more. Nothing has changed.")
    return case
