"""Something new has happened to somebody whose case is closed: a new referral, linked to it (T21, S3-34).

A closed case is never opened again by itself or by anybody: what is new goes through triage as any concern does, and
the case that may come of it points back at the old one.
"""

from datetime import date, datetime

from bot.domain.area import Practice
from bot.domain.errors import TooLate
from bot.domain.pathway import Pathway
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.storage.tables import CaseRow, DraftRow, ReferralRow
from bot.storage.transaction import Begin, Work
from bot.usecases.jot import REPEAT_OF
from bot.usecases.owed import refresh_home


def begin_after(
    begin: Begin, practice: Practice, case_id: str, *, source: str, by: Person, now: datetime
) -> tuple[str, str]:
    """Begin a new concern that is linked to this closed case, once however often it is pressed.

    It waits as a draft, as a concern does that was begun from a message: danger is asked about first (T01). The draft's
    id and the pathway's. TooLate while the case is open.
    """
    with begin() as work:
        case = work.cases.opened(case_id, by, "incident.begin", now)
        pathway = practice.named(case.pathway)
        if known := work.inbox.answer_to(source):
            return known, pathway.id
        if case.state != "closed":
            raise TooLate("This case is open. Add what has happened to its chronology instead.")
        id = new_id()
        work.session.add(
            DraftRow(
                id=id,
                area=case.area,
                person_id=by.id,
                pathway="",
                form="",
                answers={REPEAT_OF: case.id},
                drill=case.drill,
                created_at=now,
                updated_at=now,
            )
        )
        work.inbox.remember(source, id, at=now)
        work.audit.write(
            stream=case.ref,
            actor=by.id,
            verb="incident.begun",
            thing=f"case:{case.id}",
            facts={"within_window": within_window(work, practice, pathway, case, now)},
            at=now,
        )
        refresh_home(work, by.id, now)
        return id, pathway.id


def linked_case(work: Work, referral: ReferralRow) -> str | None:
    """The closed case after which this referral was begun, None where it was not."""
    case_id = referral.answers.get(REPEAT_OF)
    if not isinstance(case_id, str):
        return None
    case = work.session.get(CaseRow, case_id)
    return case.id if case is not None and case.area == referral.area else None


def within_window(work: Work, practice: Practice, pathway: Pathway, case: CaseRow, now: datetime) -> bool:
    """Whether something that happens now is a repeat by the pathway's own rule (T21); never where it has none."""
    rule = pathway.repeat
    if rule is None:
        return False
    anchor: date | None = practice.today(work.referrals.row(case.referral_id).received_at)
    if rule.anchor == "last_meeting":
        held = [each.concluded_at for each in work.meetings.of_case(case.id) if each.concluded_at]
        anchor = practice.today(max(held)) if held else None
    return anchor is not None and rule.window.after(anchor, practice.days(case.nation)) >= practice.today(now)
