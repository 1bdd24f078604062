"""Close a case: proposed, agreed or objected to by its agencies, authorised by a person with a reason (S3-34)."""

from datetime import datetime

from bot.domain.access import may
from bot.domain.area import Practice
from bot.domain.errors import Denial, Invalid, NotAllowed, TooLate
from bot.domain.people import Person, Role
from bot.domain.references import new_id
from bot.domain.states import CASE, CaseState
from bot.storage.codes import digest_of
from bot.storage.tables import CaseAgencyRow, CaseRow, DecisionRow
from bot.storage.transaction import Begin, Work
from bot.usecases.measures import standing
from bot.usecases.owed import refresh_home, show, tell

PROPOSED, OBJECTED, CLOSED = "closure_proposed", "closure_objected", "case_closed"
"""Kinds of decision that stand in the record beside those of the pathway's own list."""


def propose_closure(
    begin: Begin, practice: Practice, case_id: str, reason: str, *, by: Person, now: datetime
) -> str:
    """Put the question to the case's agencies, every answer blank. The reference.

    Guards (model.md section 3): every action has ended and the rating is on record. Raises Invalid.
    """
    with begin() as work:
        case = work.cases.opened(case_id, by, "case.close", now)
        work.cases.lock(case)
        if case.state == CaseState.CLOSURE_PROPOSED:
            return case.ref
        _reason(reason)
        going = [row.ref for row in work.plans.of_case(case.id) if row.state != "closed"]
        if going:
            raise Invalid(
                {"reason": f"These actions are still open: {', '.join(going)}. End each of them first."}
            )
        if restricting := len(standing(work, case)):
            raise Invalid(
                {
                    "reason": f"Interim measures that nobody has ended: {restricting}. End each of them first,"
                    " or say what it goes on as: none outlives its case."
                }
            )
        if case.rating is None:
            raise Invalid({"reason": "The risk has not been rated yet. That is done in a meeting."})
        case.state = CASE.after(case.state, "propose_close")
        case.version += 1
        for agency in work.cases.agency_rows(case.id):
            agency.agrees_to_close = None
        _decided(work, case, PROPOSED, reason, by, now)
        _changed(work, case, by, "case.closure_proposed", reason, now)
        return case.ref


def agree_to_close(begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime) -> str:
    """One agency agrees, through one of its people; once is enough. The reference."""
    with begin() as work:
        case = _put(work, case_id, by, now)
        _agency(work, case, by, now).agrees_to_close = True
        _changed(work, case, by, "case.closure_agreed", "", now)
        return case.ref


def object_to_close(
    begin: Begin, practice: Practice, case_id: str, reason: str, *, by: Person, now: datetime
) -> str:
    """One agency objects with a reason: the case goes on, and its coordinator and chair know. The reference."""
    with begin() as work:
        case = _put(work, case_id, by, now)
        row = _agency(work, case, by, now)
        _reason(reason)
        row.agrees_to_close = False
        case.state = CASE.after(case.state, "object")
        case.version += 1
        _decided(work, case, OBJECTED, reason, by, now)
        _changed(work, case, by, "case.closure_objected", reason, now)
        for person in sorted({case.coordinator_id, case.chair_id or case.coordinator_id}):
            tell(work, "closure_objected", case.id, f"person:{person}", now, key=str(case.version))
        return case.ref


def close_case(
    begin: Begin, practice: Practice, case_id: str, reason: str, *, by: Person, now: datetime
) -> str:
    """The authoriser ends the case with a reason and their name; nobody else does (design.md rule 6). The reference.

    TooLate while an agency has not agreed, where the pathway asks for all of them.
    """
    with begin() as work:
        case = work.cases.opened(case_id, by, "case.close", now)
        work.cases.lock(case)
        if case.state == CaseState.CLOSED:
            return case.ref
        state = CASE.after(case.state, "close")
        rule = practice.of(case).closure
        _authorised(case, rule.authoriser, by, now)
        if rule.all_agencies and (silent := waiting_on(work, case)):
            raise TooLate(f"Not every agency has agreed yet: {', '.join(silent)}.")
        _reason(reason)
        case.state, case.closed_at, case.closed_by = state, now, by.id
        case.close_reason, case.next_review = reason.strip(), None
        case.version += 1
        _decided(work, case, CLOSED, reason, by, now)
        _changed(work, case, by, "case.closed", reason, now)
        referrer = work.referrals.row(case.referral_id).referrer_id
        for person in sorted({case.coordinator_id, referrer}):
            tell(work, "case_closed", case.id, f"person:{person}", now)
        return case.ref


def waiting_on(work: Work, case: CaseRow) -> list[str]:
    """The names of the case's agencies that have not agreed."""
    return [
        work.register.agency(row.agency_id).name
        for row in work.cases.agency_rows(case.id)
        if not row.agrees_to_close
    ]


def is_authoriser(case: CaseRow, authoriser: str, by: Person) -> bool:
    """Whether this person holds the role that the pathway lets close a case."""
    named = {"chair": case.chair_id, "coordinator": case.coordinator_id, "lead_professional": case.lead_id}
    if named.get(authoriser) == by.id:
        return True
    return authoriser in set(Role) and by.has(Role(authoriser))


def _put(work: Work, case_id: str, by: Person, now: datetime) -> CaseRow:
    """The case while its closure stands proposed, for somebody who speaks for one of its agencies."""
    case = work.cases.opened(case_id, by, "case.agree", now)
    work.cases.lock(case)
    if case.state != CaseState.CLOSURE_PROPOSED:
        raise TooLate("Nobody proposes to close this case at present. Nothing has changed.")
    return case


def _agency(work: Work, case: CaseRow, by: Person, now: datetime) -> CaseAgencyRow:
    row = next((row for row in work.cases.agency_rows(case.id) if row.agency_id == by.agency_id), None)
    if row is None or not by.has(Role.REPRESENTATIVE, Role.AGENCY_LEAD, Role.CHAIR, Role.COORDINATOR):
        raise NotAllowed(
            "Only somebody who represents an agency working on this case can answer for it."
            " Nothing has changed; your attempt has been recorded.",
            Denial(stream=case.ref, actor=by.id, verb="case.agree", thing=f"case:{case.id}", at=now),
        )
    return row


def _authorised(case: CaseRow, authoriser: str, by: Person, now: datetime) -> None:
    if not is_authoriser(case, authoriser, by):
        raise NotAllowed(
            f"On this pathway a case is closed by the {authoriser.replace('_', ' ')}."
            " Nothing has changed; your attempt has been recorded.",
            Denial(stream=case.ref, actor=by.id, verb="case.close", thing=f"case:{case.id}", at=now),
        )


def _reason(reason: str) -> None:
    if len(reason.strip()) < 10:
        raise Invalid({"reason": "Give the reason in a sentence: it stays on the record with your name."})


def _decided(work: Work, case: CaseRow, kind: str, reason: str, by: Person, now: datetime) -> None:
    work.session.add(
        DecisionRow(
            id=new_id(),
            case_id=case.id,
            kind=kind,
            text=reason.strip(),
            reasons=reason.strip(),
            options="",
            law=[],
            by_id=by.id,
            at=now,
        )
    )


def _changed(work: Work, case: CaseRow, by: Person, verb: str, reason: str, now: datetime) -> None:
    facts = {"agency": by.agency_id, "reason": digest_of(reason) if reason else ""}
    work.audit.write(stream=case.ref, actor=by.id, verb=verb, thing=f"case:{case.id}", facts=facts, at=now)
    show(work, "closure_card", case.id, f"room:{case.pathway}", now)
    show(work, "case_card", case.id, f"room:{case.pathway}", now)
    refresh_home(work, case.coordinator_id, now)


def may_close(work: Work, case: CaseRow, by: Person) -> bool:
    """Whether this person may propose to close this case."""
    return may(by, "case.close", work.cases.thing(case))
