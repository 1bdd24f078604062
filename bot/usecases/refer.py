"""Send a referral in, once; add to it later; complete its second stage (S3-16 to S3-25, S5-05)."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.area import Practice
from bot.domain.errors import Invalid, TooLate
from bot.domain.forms import Answers, chosen
from bot.domain.nudges import Ladder, instant
from bot.domain.pathway import Pathway
from bot.domain.people import Person
from bot.domain.references import case_reference, new_id
from bot.domain.states import REFERRAL, ReferralState
from bot.storage.tables import CaseBarRow, DraftRow, ReferralRow
from bot.storage.transaction import Begin, Work
from bot.usecases.drafts import first_fault
from bot.usecases.owed import refresh_home, show, tell

TRIAGE_ROOM = "room:triage"


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What the referrer is given at once: the reference, and when triage is due."""

    referral_id: str
    ref: str
    pathway: str
    triage_due_at: datetime
    second_stage: bool = False
    """Whether it is for the second form of a referral that triage has accepted."""


class Unfinished(Invalid):
    """A page before the last still needs mending; `page` is its number, from 0."""

    def __init__(self, page: int, problems: dict[str, str]) -> None:
        super().__init__(problems)
        self.page = page


def refer(begin: Begin, practice: Practice, draft_id: str, *, by: Person, now: datetime) -> Receipt:
    """Turn a finished draft into a referral: recorded once however often it is sent (design.md rule 2).

    Referral, audit, receipt and the triage team's card are one transaction. Raises Unfinished when a page
    still needs mending, NotFound when the draft was thrown away.
    """
    source = f"draft:{draft_id}"
    with begin() as work:
        if known := work.referrals.by_source(source):
            return _receipt(known)
        draft = work.drafts.own(draft_id, by.id)
        if fault := first_fault(work, practice, draft, now):
            raise Unfinished(*fault)
        row = _referral(work, practice, draft, source, by, now)
        work.session.add(row)
        work.session.flush()
        _bar(work, practice.of(row), row)
        work.session.delete(draft)
        work.audit.write(
            stream=row.ref,
            actor=by.id,
            verb="referral.submitted",
            thing=f"referral:{row.id}",
            facts={
                "pathway": row.pathway,
                "version": row.pathway_version,
                "triage_due": row.triage_due_on.isoformat(),
            },
            at=now,
        )
        tell(work, "receipt", row.id, f"person:{by.id}", now, lane="click")
        show(work, "triage_card", row.id, TRIAGE_ROOM, now)
        refresh_home(work, by.id, now)
        return _receipt(row)


def _referral(
    work: Work, practice: Practice, draft: DraftRow, source: str, by: Person, now: datetime
) -> ReferralRow:
    pathway = practice.pathways[draft.pathway]
    days = practice.pathway_days(pathway)
    urgent = _is_urgent(pathway, draft.answers)
    due = pathway.triage.due.deadline(now, days, pathway.clock)
    if urgent and (today := days.next(practice.today(now))) < due.day:
        due = days.deadline(now, days.count(practice.today(now), today), pathway.clock)
    ladder = Ladder(due=due.day, rungs=pathway.triage.ladder, days=days)
    return ReferralRow(
        id=new_id(),
        ref=case_reference(work.referrals.taken),
        area=practice.area.id,
        pathway=pathway.id,
        pathway_version=pathway.version,
        agency_id=by.agency_id,
        referrer_id=by.id,
        state=ReferralState.TRIAGE.value,
        answers=dict(draft.answers),
        source=source,
        received_at=now,
        triage_due_on=due.day,
        triage_due_at=due.at,
        urgent=urgent,
        drill=draft.drill,
        nudged_on=practice.today(now),
        next_at=instant(ladder.next_day(practice.today(now)), practice.area.zone),
    )


def _is_urgent(pathway: Pathway, answers: Answers) -> bool:
    """Whether an answer asks for triage the same day (D13)."""
    rule = pathway.triage.same_day_if
    return rule is not None and rule.holds(answers)


def _bar(work: Work, pathway: Pathway, row: ReferralRow) -> None:
    """Shut out those whom the referrer named as people who must not see it (C24)."""
    for field in pathway.fields:
        if field.id != "must_not_see" or field.kind != "person":
            continue
        for person_id in chosen(row.answers.get(field.id)):
            work.session.add(CaseBarRow(id=new_id(), referral_id=row.id, person_id=person_id))


def sent_before(work: Work, draft_id: str, by: Person) -> Receipt | None:
    """The receipt of one's own draft that has been sent, for somebody who never saw it; None for any other."""
    completed = work.inbox.answer_to(f"complete:{draft_id}")
    row = work.referrals.row(completed) if completed else work.referrals.by_source(f"draft:{draft_id}")
    if row is None or row.referrer_id != by.id:
        return None
    return _receipt(row, second_stage=completed is not None)


def _receipt(row: ReferralRow, *, second_stage: bool = False) -> Receipt:
    return Receipt(
        referral_id=row.id,
        ref=row.ref,
        pathway=row.pathway,
        triage_due_at=row.triage_due_at,
        second_stage=second_stage,
    )


def give_information(begin: Begin, referral_id: str, text: str, *, by: Person, now: datetime) -> str:
    """The referrer answers triage's question; the referral goes back to triage. Its reference."""
    if not text.strip():
        raise Invalid({"text": "Write what triage asked for, or say that it is not known."})
    with begin() as work:
        row = work.referrals.opened(referral_id, by, "referral.complete", now)
        row.state = REFERRAL.after(row.state, "answer")
        row.answers = add_note(row.answers, "more_information", text, now)
        row.version += 1
        _went(work, row, by, "referral.information_given", now)
        return row.ref


def challenge(begin: Begin, referral_id: str, reason: str, *, by: Person, now: datetime) -> str:
    """The referrer disputes a decision; triage looks again, and the coordinators know. The reference."""
    if len(reason.strip()) < 10:
        raise Invalid({"reason": "Say in a sentence why the decision should be looked at again."})
    with begin() as work:
        row = work.referrals.opened(referral_id, by, "referral.challenge", now)
        row.state = REFERRAL.after(row.state, "challenge")
        row.answers = add_note(row.answers, "challenge", reason, now)
        row.version += 1
        _went(work, row, by, "referral.challenged", now)
        return row.ref


def add_note(answers: Answers, id: str, text: str, now: datetime) -> dict[str, object]:
    """The answers with one more dated note under that id; what was said before stays (IG-30)."""
    dated = f"{now.date().isoformat()}: {text.strip()}"
    return {**answers, id: [*chosen(answers.get(id)), dated]}


def _went(work: Work, row: ReferralRow, by: Person, verb: str, now: datetime) -> None:
    work.audit.write(stream=row.ref, actor=by.id, verb=verb, thing=f"referral:{row.id}", facts={}, at=now)
    show(work, "triage_card", row.id, TRIAGE_ROOM, now)
    refresh_home(work, by.id, now)


def complete(begin: Begin, practice: Practice, draft_id: str, *, by: Person, now: datetime) -> Receipt:
    """Send the second stage of a two-stage form: its answers join the referral's (S3-20). Once only."""
    with begin() as work:
        if known := work.inbox.answer_to(f"complete:{draft_id}"):
            return _receipt(work.referrals.row(known), second_stage=True)
        draft = work.drafts.own(draft_id, by.id)
        if fault := first_fault(work, practice, draft, now):
            raise Unfinished(*fault)
        row = work.referrals.opened(draft.referral_id or "", by, "referral.complete", now)
        row.answers = {**row.answers, **draft.answers}
        row.version += 1
        work.session.delete(draft)
        work.inbox.remember(f"complete:{draft_id}", row.id, at=now)
        work.audit.write(
            stream=row.ref,
            actor=by.id,
            verb="referral.completed",
            thing=f"referral:{row.id}",
            facts={},
            at=now,
        )
        refresh_home(work, by.id, now)
        if case := work.cases.of_referral(row.id):
            work.cases.add_agencies(case.id, involved(work, row), now)
            show(work, "case_card", case.id, f"room:{row.pathway}", now)
            tell(work, "form_complete", case.id, f"person:{case.coordinator_id}", now)
        return _receipt(row, second_stage=True)


def involved(work: Work, row: ReferralRow) -> list[str]:
    """The referrer's agency, then those that the referral names as involved and the register knows (S2-20)."""
    known = {agency.id for agency in work.register.agencies(row.area)}
    named = [id for id in chosen(row.answers.get("agencies_involved")) if id in known]
    return list(dict.fromkeys([row.agency_id, *named]))


def begin_second_stage(
    begin: Begin, practice: Practice, referral_id: str, *, by: Person, now: datetime
) -> str:
    """The draft of an accepted referral's second form: the one already begun, or a new one. Its id."""
    with begin() as work:
        row = work.referrals.opened(referral_id, by, "referral.complete", now)
        form = practice.of(row).form("after_acceptance")
        if form is None or row.state != ReferralState.ACCEPTED:
            raise TooLate(f"There is no second form to fill in for {row.ref}.")
        for draft in work.drafts.of(by.id):
            if draft.referral_id == row.id:
                return draft.id
        id = new_id()
        work.session.add(
            DraftRow(
                id=id,
                area=row.area,
                person_id=by.id,
                pathway=row.pathway,
                form=form.id,
                referral_id=row.id,
                answers=dict(row.answers),
                drill=row.drill,
                created_at=now,
                updated_at=now,
            )
        )
        return id
