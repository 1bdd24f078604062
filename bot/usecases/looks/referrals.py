"""Looks at referrals: the triage card, the referrer's notes, the lists of App Home."""

from datetime import date, datetime

from bot.domain.area import Practice
from bot.domain.forms import problems, shown
from bot.domain.pathway import Pathway
from bot.domain.people import Person
from bot.domain.states import ReferralState
from bot.storage.tables import DraftRow, ReferralRow
from bot.storage.transaction import Work
from bot.usecases.drafts import form_of
from bot.views.referrals import DraftLine, ReferralLine, ReferralNote, TriageCard

WAITING = (ReferralState.TRIAGE.value, ReferralState.NEEDS_INFO.value)


def triage_card(work: Work, practice: Practice, id: str, now: datetime) -> TriageCard:
    """The pointer card of a referral: reference, pathway, agency, age and clock (IG-01)."""
    row = work.referrals.row(id)
    pathway = practice.of(row)
    decisions = work.referrals.decisions(id)
    last = decisions[-1] if decisions and row.state != ReferralState.TRIAGE else None
    case = work.cases.of_referral(id)
    return TriageCard(
        id=row.id,
        ref=row.ref,
        pathway=pathway.title,
        agency=work.register.agency(row.agency_id).name,
        received_at=row.received_at,
        due_at=row.triage_due_at,
        working_days_left=days_left(practice, pathway, row, now),
        state=row.state,
        urgent=row.urgent,
        drill=row.drill,
        waiting=row.state in WAITING,
        decided_by=work.register.person(last.by_id).name if last else "",
        decided_at=last.at if last else None,
        redirect=redirect_label(pathway, last.redirect_to if last else None),
        coordinator=work.register.person(case.coordinator_id).name if case else "",
    )


def referral_note(work: Work, practice: Practice, id: str, now: datetime) -> ReferralNote:
    """What the referrer's messages may say of a referral."""
    row = work.referrals.row(id)
    pathway = practice.of(row)
    decisions = work.referrals.decisions(id)
    case = work.cases.of_referral(id)
    return ReferralNote(
        id=row.id,
        ref=row.ref,
        pathway=pathway.title,
        next_steps=pathway.texts.get("receipt_next_steps", ""),
        due_at=row.triage_due_at,
        drill=row.drill,
        redirect=redirect_label(pathway, decisions[-1].redirect_to if decisions else None),
        has_second_stage=pathway.form("after_acceptance") is not None,
        coordinator=work.register.person(case.coordinator_id).name if case else "",
    )


def case_note(work: Work, practice: Practice, id: str, now: datetime) -> ReferralNote:
    """The same of the referral that a case came from, by the case's id."""
    return referral_note(work, practice, work.cases.row(id).referral_id, now)


def drafts_of(work: Work, practice: Practice, by: Person) -> tuple[DraftLine, ...]:
    """A person's own drafts, the latest first; those begun from a message have no pathway yet."""
    return tuple(_draft_line(work, practice, draft) for draft in work.drafts.of(by.id))


def _draft_line(work: Work, practice: Practice, draft: DraftRow) -> DraftLine:
    if not draft.pathway:
        return DraftLine(id=draft.id, pathway="", page=0, of=0, updated_at=draft.updated_at)
    pages = len(shown(form_of(practice, draft), draft.answers))
    return DraftLine(
        id=draft.id,
        pathway=practice.pathways[draft.pathway].title,
        page=min(draft.page + 1, pages),
        of=pages,
        updated_at=draft.updated_at,
        second_stage_of=work.referrals.row(draft.referral_id).ref if draft.referral_id else "",
    )


def own_referrals(work: Work, practice: Practice, by: Person, now: datetime) -> tuple[ReferralLine, ...]:
    """What a person has sent in, newest first."""
    return tuple(_line(work, practice, row, by, now) for row in work.referrals.of_referrer(by.id))


def waiting_referrals(work: Work, practice: Practice, by: Person, now: datetime) -> tuple[ReferralLine, ...]:
    """What waits for triage in the area and is not barred to this person, the most pressing first."""
    rows = [
        row
        for row in work.referrals.in_states(by.area, *WAITING)
        if by.id not in work.referrals.barred(row.id)
    ]
    rows.sort(key=lambda row: row.triage_due_at)
    return tuple(_line(work, practice, row, by, now) for row in rows)


def _line(work: Work, practice: Practice, row: ReferralRow, by: Person, now: datetime) -> ReferralLine:
    pathway = practice.of(row)
    own = row.state == ReferralState.ACCEPTED and row.referrer_id == by.id
    return ReferralLine(
        id=row.id,
        ref=row.ref,
        pathway=pathway.title,
        state=row.state,
        received_at=row.received_at,
        due_on=row.triage_due_on,
        working_days_left=days_left(practice, pathway, row, now),
        urgent=row.urgent,
        has_decision=bool(work.referrals.decisions(row.id)),
        may_answer=row.state == ReferralState.NEEDS_INFO and row.referrer_id == by.id,
        may_complete=own and lacks_its_second_form(pathway, row, practice.today(now)),
    )


def lacks_its_second_form(pathway: Pathway, row: ReferralRow, today: date) -> bool:
    """Whether a page of the second form that applies to these answers still has something to mend."""
    second = pathway.form("after_acceptance")
    return second is not None and any(
        problems(page, row.answers, today) for page in shown(second, row.answers)
    )


def days_left(practice: Practice, pathway: Pathway, row: ReferralRow, now: datetime) -> int:
    """Working days until triage is due: 0 on the day itself, negative when it has passed."""
    return practice.pathway_days(pathway).count(practice.today(now), row.triage_due_on)


def redirect_label(pathway: Pathway, id: str | None) -> str:
    """The words of a redirect's id, empty for none."""
    return next((route.label for route in pathway.redirects if route.id == id), "")
