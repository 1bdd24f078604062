"""A decision that the pathway wants authorised: by a press of who holds the role, or sent back with a reason.

Until then the file says that it waits, whoever can authorise it is reminded, and the case is not proposed for closing
(S3-34, rules 6 and 8). Whoever recorded a decision does not authorise it, where somebody else can.
"""

from datetime import datetime

from sqlmodel import col, select

from bot.domain.access import may
from bot.domain.area import Practice
from bot.domain.errors import Denial, Invalid, NotAllowed, NotFound, TooLate
from bot.domain.nudges import instant
from bot.domain.people import Person, Role
from bot.domain.references import new_id
from bot.storage.authority_tables import DecisionAuthorityRow
from bot.storage.codes import digest_of
from bot.storage.tables import CaseRow, DecisionRow
from bot.storage.transaction import Begin, Work
from bot.usecases.holders import holders
from bot.usecases.owed import tell
from bot.views.meeting import AuthorityForm

AGAIN_WD = 2
"""Working days between reminders: the role's holders, then the coordinator as well, then the board (P)."""

SHORTEST = 10
ANSWERS = {"authorised": "I authorise it", "back": "It goes back, for the reason below"}


def wants_authority(
    work: Work, practice: Practice, case: CaseRow, decision: DecisionRow, now: datetime
) -> None:
    """Where the pathway names an authoriser for this kind, ask those who hold the role."""
    role = practice.of(case).authorised_by.get(decision.kind)
    if role is None:
        return
    row = DecisionAuthorityRow(
        id=new_id(), decision_id=decision.id, case_id=case.id, role=role, asked_at=now, next_at=now
    )
    work.session.add(row)
    work.session.flush()
    _ask(work, practice, row, now)


def open_authority(
    begin: Begin, practice: Practice, authority_id: str, *, by: Person, now: datetime
) -> AuthorityForm:
    """The decision as it was written, for who can authorise it; the opening is an audit row."""
    with begin() as work:
        row, decision, case = _reached(work, practice, authority_id, by, now)
        _did(work, case, by, "authority.opened", {"decision": decision.id}, now)
        kinds = {choice.id: choice.label for choice in practice.of(case).decisions}
        return AuthorityForm(
            id=row.id,
            case_id=case.id,
            ref=case.ref,
            kind=kinds.get(decision.kind, decision.kind.replace("_", " ")),
            text=decision.text,
            reasons=decision.reasons,
            options=decision.options,
            dissent=decision.dissent,
            by=work.register.row(decision.by_id).name,
            at=decision.at,
            answers=tuple(ANSWERS.items()),
        )


def answer_authority(
    begin: Begin, practice: Practice, authority_id: str, answer: str, why: str, *, by: Person, now: datetime
) -> str:
    """Authorise it, or send it back with a reason; the decision itself stays as it was written. The case's id.

    Raises Invalid beside `answer` or `why`, TooLate when somebody has answered, NotAllowed for who does not hold the
    role or recorded the decision themselves.
    """
    with begin() as work:
        row, decision, case = _reached(work, practice, authority_id, by, now)
        work.cases.lock(case)
        work.session.refresh(row)
        if row.answer:
            raise TooLate(
                "This was answered already, or the decision has been replaced. Nothing has changed."
            )
        found = {}
        if answer not in ANSWERS:
            found["answer"] = "Choose whether you authorise it."
        elif answer == "back" and len(why.strip()) < SHORTEST:
            found["why"] = "Say in a sentence why it goes back, and what is missing."
        if found:
            raise Invalid(found)
        row.answer, row.why, row.next_at, row.by_id, row.at = answer, why.strip(), None, by.id, now
        facts = {"decision": decision.id, "answer": answer, "why": digest_of(row.why) if row.why else ""}
        _did(
            work,
            case,
            by,
            "decision.authorised" if answer == "authorised" else "decision.sent_back",
            facts,
            now,
        )
        for person in sorted({case.coordinator_id, decision.by_id} - {by.id}):
            tell(work, "authority_answered", row.id, f"person:{person}", now)
        return case.id


def chase_authority(work: Work, practice: Practice, now: datetime) -> int:
    """Remind of decisions that wait for their authoriser, higher up each time; how many messages."""
    query = (
        select(DecisionAuthorityRow, CaseRow)
        .join(CaseRow, col(CaseRow.id) == col(DecisionAuthorityRow.case_id))
        .where(CaseRow.area == practice.area.id, col(DecisionAuthorityRow.next_at) <= now)
    )
    told = 0
    for row, case in work.session.exec(query).all():
        if case.state == "closed":
            row.answer, row.next_at = "ended", None
        else:
            told += _ask(work, practice, row, now)
    return told


def fall_away(work: Work, decision: DecisionRow) -> None:
    """Another decision has taken this one's place: nobody has to authorise it any more."""
    for row in _of(work, decision.case_id):
        if row.decision_id == decision.id and not row.answer:
            row.answer, row.next_at = "ended", None


def waiting_authority(work: Work, case: CaseRow) -> list[DecisionAuthorityRow]:
    """What still waits in this case, the oldest first."""
    return [row for row in _of(work, case.id) if not row.answer]


def authority_lines(work: Work, practice: Practice, case: CaseRow) -> dict[str, str]:
    """What the file says beside each decision that needs authority, by the decision's id."""
    roles, found = practice.of(case).roles, {}
    for row in _of(work, case.id):
        who = work.register.row(row.by_id).name if row.by_id else ""
        title = roles[row.role].title if row.role in roles else row.role.replace("_", " ")
        found[row.decision_id] = {
            "": f"Not authorised yet: waits for {title}",
            "authorised": f"Authorised by {who}",
            "back": f"Sent back by {who}: {row.why}",
        }.get(row.answer, "")
    return found


def can_authorise(work: Work, case: CaseRow, row: DecisionAuthorityRow, by: Person) -> bool:
    """Whether this person is one of those who can answer."""
    return by.id in _who(work, case, row)


def _of(work: Work, case_id: str) -> list[DecisionAuthorityRow]:
    query = select(DecisionAuthorityRow).where(DecisionAuthorityRow.case_id == case_id)
    return list(work.session.exec(query.order_by(col(DecisionAuthorityRow.asked_at))))


def _who(work: Work, case: CaseRow, row: DecisionAuthorityRow) -> list[str]:
    """Who holds the role and may read the case, whoever recorded the decision only where nobody else does."""
    decision, thing = work.followups.decision(row.decision_id), work.cases.thing(case)
    able = [id for id in holders(work, case, row.role) if may(work.register.person(id), "case.read", thing)]
    return [id for id in able if id != decision.by_id] or able


def _ask(work: Work, practice: Practice, row: DecisionAuthorityRow, now: datetime) -> int:
    case = work.cases.row(row.case_id)
    able = _who(work, case, row)
    people = set(able if row.asks else able[:1])
    above = set() if able and not row.asks else {case.coordinator_id}
    if row.asks >= 2:
        above |= {each.id for each in work.register.people(case.area, Role.BOARD)}
    above -= people | work.cases.thing(case).barred
    for person in sorted(people):
        tell(work, "authority_asked", row.id, f"person:{person}", now, key=str(row.asks))
    for person in sorted(above):
        tell(work, "authority_late", row.id, f"person:{person}", now, key=str(row.asks))
    row.asks += 1
    day = practice.days(case.nation).shift(practice.today(now), AGAIN_WD)
    row.next_at = instant(day, practice.area.zone)
    return len(people | above)


def _reached(
    work: Work, practice: Practice, authority_id: str, by: Person, now: datetime
) -> tuple[DecisionAuthorityRow, DecisionRow, CaseRow]:
    row = work.session.get(DecisionAuthorityRow, authority_id)
    if row is None:
        raise NotFound("There is no such decision to authorise.")
    case = work.cases.opened(row.case_id, by, "case.read", now)
    if not can_authorise(work, case, row, by):
        roles = practice.of(case).roles
        title = roles[row.role].title if row.role in roles else row.role.replace("_", " ")
        raise NotAllowed(
            f"This decision is authorised by {title}, and not by whoever recorded it."
            " Nothing has changed; your attempt has been recorded.",
            Denial(stream=case.ref, actor=by.id, verb="decision.authorise", thing=f"case:{case.id}", at=now),
        )
    return row, work.followups.decision(row.decision_id), case


def _did(work: Work, case: CaseRow, by: Person, verb: str, facts: dict[str, str], now: datetime) -> None:
    work.audit.write(stream=case.ref, actor=by.id, verb=verb, thing=f"case:{case.id}", facts=facts, at=now)
