"""Close a case: proposed, agreed or objected to by its agencies, signed by whom the pathway names (S3-34, S2-45)."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.access import may
from bot.domain.area import Practice
from bot.domain.errors import Denial, Invalid, NotAllowed, TooLate
from bot.domain.nudges import instant
from bot.domain.pathway import ClosureRule
from bot.domain.people import Person, Role
from bot.domain.references import new_id
from bot.domain.states import CASE, CaseState
from bot.storage.codes import digest_of
from bot.storage.followup_tables import ClosureRoundRow
from bot.storage.tables import CaseAgencyRow, CaseRow, DecisionRow
from bot.storage.transaction import Begin, Work
from bot.usecases.authorise import waiting_authority
from bot.usecases.dispute import Concern, opened, safeguards_wanting
from bot.usecases.holders import holders
from bot.usecases.measures import standing
from bot.usecases.owed import refresh_home, show, tell
from bot.usecases.refer_on import still_moving
from bot.usecases.wishes import needs_wishes_asked

OUTCOME = "outcome_told"
PROPOSED, OBJECTED, SIGNED, CLOSED = "closure_proposed", "closure_objected", "closure_signed", "case_closed"
"""Kinds of decision that stand in the record beside those of the pathway's own list."""

SHOWN = 5
"""How many of what stands in the way are named; the number of the others is told."""

SPEAKERS = (Role.REPRESENTATIVE, Role.AGENCY_LEAD, Role.CHAIR, Role.COORDINATOR)
"""Who can answer for their agency, the first choice first."""


def propose_closure(
    begin: Begin, practice: Practice, case_id: str, reason: str, *, by: Person, now: datetime
) -> str:
    """Put the question to the case's agencies, every answer blank, with a day to answer by. The reference.

    Guards (model.md section 3): what the pathway wants on record first, and what came of the outcomes that the person
    wanted, or why they could not be asked (S1-15). Raises Invalid.
    """
    with begin() as work:
        case = reached(work, practice, case_id, "propose", by, now)
        work.cases.lock(case)
        if case.state == CaseState.CLOSURE_PROPOSED:
            return case.ref
        not_closed(work, case)
        _reason(reason)
        if wanting := lacking(work, practice, case):
            raise Invalid({"reason": " ".join(wanting)})
        needs_wishes_asked(work, case)
        case.state = CASE.after(case.state, "propose_close")
        case.version += 1
        for agency in work.cases.agency_rows(case.id):
            agency.agrees_to_close = None
        begin_round(work, practice, case, by.id, now)
        _decided(work, case, PROPOSED, reason, by, now)
        _changed(work, case, by, "case.closure_proposed", reason, now)
        for agency in work.cases.agency_rows(case.id):
            ask_agency(work, case, agency, now, key="0")
        return case.ref


def agree_to_close(begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime) -> str:
    """One agency agrees, through one of its people; once is enough. The reference."""
    with begin() as work:
        case = _put(work, case_id, by, now)
        _agency(work, case, by, now).agrees_to_close = True
        _changed(work, case, by, "case.closure_agreed", "", now)
        if not waiting_on(work, case):
            ask_signers(work, practice, case, now, key="ready")
        return case.ref


def take_back_agreement(begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime) -> str:
    """One agency's yes is taken back, as long as the case is not closed. The reference."""
    with begin() as work:
        case = _put(work, case_id, by, now)
        row = _agency(work, case, by, now)
        if not row.agrees_to_close:
            raise TooLate("Your agency has not agreed, so there is nothing to take back.")
        row.agrees_to_close = None
        _changed(work, case, by, "case.closure_taken_back", "", now)
        return case.ref


def object_to_close(
    begin: Begin,
    practice: Practice,
    case_id: str,
    reason: str,
    safeguards: str,
    *,
    by: Person,
    now: datetime,
) -> str:
    """One agency objects: the case goes on, and a dispute opens at its lowest tier (S2-45). The reference.

    `safeguards`: what keeps the person safe until it is settled (S5-11). Coordinator and chair know.
    """
    with begin() as work:
        case = _put(work, case_id, by, now)
        row = _agency(work, case, by, now)
        found = safeguards_wanting(safeguards)
        if len(reason.strip()) < SHORTEST:
            found["reason"] = REASON
        if found:
            raise Invalid(found)
        row.agrees_to_close = False
        case.state = CASE.after(case.state, "object")
        case.version += 1
        proposal = round_of(work, practice, case, now)
        proposal.ended, proposal.next_at = "objected", None
        _decided(work, case, OBJECTED, reason, by, now)
        _changed(work, case, by, "case.closure_objected", reason, now)
        proposer = work.register.person(proposal.by_id).agency_id
        against = proposer if proposer != by.agency_id and proposer in work.cases.agencies(case.id) else ""
        concern = Concern(kind="closure", against_id=against, issue=reason, safeguards=safeguards)
        opened(work, practice, case, concern, f"closure:{proposal.id}:{by.agency_id}", by, now)
        for person in sorted({case.coordinator_id, case.chair_id or case.coordinator_id}):
            tell(work, "closure_objected", case.id, f"person:{person}", now, key=str(case.version))
        return case.ref


def close_case(
    begin: Begin,
    practice: Practice,
    case_id: str,
    reason: str,
    outcome: str = "",
    *,
    by: Person,
    now: datetime,
) -> str:
    """Sign with a reason and one's name; the last signature ends it (design.md rule 6). The reference.

    `outcome` is what the referrer's agency should take into its own plan; the referrer can read it then (S5-07).

    TooLate while an agency has not agreed, where the pathway asks for all of them; when this person has signed; and
    when the case is closed already.
    """
    with begin() as work:
        case = reached(work, practice, case_id, "close", by, now)
        work.cases.lock(case)
        not_closed(work, case)
        state = CASE.after(case.state, "close")
        rule = practice.of(case).closure
        proposal = round_of(work, practice, case, now)
        role = _signing(work, practice, case, proposal, by, now)
        if rule.all_agencies and (silent := waiting_on(work, case)):
            raise TooLate(f"Not every agency has agreed yet: {', '.join(silent)}.")
        if still_moving(work, case.id):
            raise TooLate(
                "Nobody has said that the other area has received this case. It stays here until then."
            )
        _reason(reason)
        if outcome.strip():
            _decided(work, case, OUTCOME, outcome, by, now)
        proposal.signed = [*proposal.signed, [role, by.id]]
        case.version += 1
        if unsigned(rule, proposal):
            _decided(work, case, SIGNED, reason, by, now)
            _changed(work, case, by, "case.closure_signed", reason, now)
            ask_signers(work, practice, case, now, key=f"signed-{len(proposal.signed)}")
            return case.ref
        case.state, case.closed_at, case.closed_by = state, now, by.id
        case.close_reason, case.next_review = reason.strip(), None
        proposal.ended, proposal.next_at = "closed", None
        _decided(work, case, CLOSED, reason, by, now)
        _changed(work, case, by, "case.closed", reason, now)
        referrer = work.referrals.row(case.referral_id).referrer_id
        for person in sorted({case.coordinator_id, referrer}):
            tell(work, "case_closed", case.id, f"person:{person}", now)
        return case.ref


def lacking(work: Work, practice: Practice, case: CaseRow) -> list[str]:
    """What the pathway wants on record before a closure is proposed and is not, each as a sentence."""
    needs, found = practice.of(case).closure.needs, []
    going = [row.ref for row in work.plans.of_case(case.id) if row.state != "closed"]
    if going and "actions_ended" in needs:
        more = f" and {len(going) - SHOWN} more" if len(going) > SHOWN else ""
        found.append(
            f"These actions are still open: {', '.join(going[:SHOWN])}{more}. End each of them first."
        )
    if restricting := len(standing(work, case)):
        found.append(
            f"Interim measures that nobody has ended: {restricting}. End each of them first, or say what it goes on as:"
            " none outlives its case."
        )
    if still_moving(work, case.id):
        found.append("Nobody has said that the other area has received this case. It stays here until then.")
    if waiting := len(waiting_authority(work, case)):
        found.append(
            f"Decisions that nobody has authorised yet: {waiting}. They are authorised or sent back first."
        )
    if case.rating is None and "rating" in needs:
        found.append("The risk has not been rated yet. That is done in a meeting.")
    if "voice" in needs and work.cases.voice(case.id) is None:
        found.append("The person’s views, or why there are none, are not on record yet.")
    return found


def begin_round(work: Work, practice: Practice, case: CaseRow, by_id: str, now: datetime) -> ClosureRoundRow:
    """The agencies have until a day of the case's nation; on its morning the silent are asked again."""
    due = practice.of(case).closure.answer_within.after(practice.today(now), practice.days(case.nation))
    row = ClosureRoundRow(
        id=new_id(),
        case_id=case.id,
        by_id=by_id,
        at=now,
        answer_by=due,
        next_at=instant(practice.days(case.nation).next(due), practice.area.zone),
    )
    work.session.add(row)
    work.session.flush()
    return row


def round_of(work: Work, practice: Practice, case: CaseRow, now: datetime) -> ClosureRoundRow:
    """The proposal that stands; for one from before rounds were kept, a round that begins now."""
    found = work.followups.closure_round(case.id)
    return found or begin_round(work, practice, case, case.coordinator_id, now)


def ask_agency(work: Work, case: CaseRow, row: CaseAgencyRow, now: datetime, *, key: str) -> None:
    """Ask whoever speaks for an agency that has not answered; the same `key` asks once."""
    if row.agrees_to_close is None and (speaker := speaker_for(work, case, row.agency_id)):
        about = f"{case.version}:{key}"
        tell(work, "closure_asked", row.id, f"person:{speaker.id}", now, key=about)


def speaker_for(work: Work, case: CaseRow, agency_id: str, *but: Role) -> Person | None:
    """Who is asked for an agency: whoever last came for it, else its representative, else its lead; nobody barred.

    `but` narrows it to these roles.
    """
    barred = work.cases.thing(case).barred
    people = [p for p in work.register.people(case.area, agency_id=agency_id) if p.id not in barred]
    came = {
        row.person_id: meeting.started_at
        for meeting in work.meetings.of_case(case.id)
        for row in work.meetings.attendance(meeting.id)
        if meeting.started_at and row.agency_id == agency_id
    }
    here = [person for person in people if person.id in came and person.has(*SPEAKERS)]
    if here and not but:
        return max(here, key=lambda person: came[person.id])
    for role in but or SPEAKERS:
        if found := [person for person in people if person.has(role)]:
            return found[0]
    return None


def ask_signers(work: Work, practice: Practice, case: CaseRow, now: datetime, *, key: str) -> None:
    """Tell those who can sign next that it is theirs to do: somebody else than who proposed it, where there is one."""
    rule, proposal = practice.of(case).closure, round_of(work, practice, case, now)
    for role in unsigned(rule, proposal):
        who = sorted(holders(work, case, role), key=lambda id: id == proposal.by_id)
        for person in who[:1]:
            tell(work, "closure_ready", case.id, f"person:{person}", now, key=f"{case.version}:{key}")


def unsigned(rule: ClosureRule, proposal: ClosureRoundRow | None) -> list[str]:
    """The roles whose signature is still missing, in the pathway's order."""
    signed = {role for role, _ in proposal.signed} if proposal else set()
    return [role for role in rule.signatures if role not in signed]


def waiting_on(work: Work, case: CaseRow) -> list[str]:
    """The names of the case's agencies that have not agreed."""
    return [
        work.register.agency(row.agency_id).name
        for row in work.cases.agency_rows(case.id)
        if not row.agrees_to_close
    ]


def is_authoriser(work: Work, case: CaseRow, role: str, by: Person) -> bool:
    """Whether this person holds a role that the pathway lets sign the closing of a case."""
    return by.id in holders(work, case, role)


def reached(work: Work, practice: Practice, case_id: str, what: str, by: Person, now: datetime) -> CaseRow:
    """The case, for somebody who may `propose` or `close`: who holds a role that the pathway names for it.

    NotAllowed for anybody else who runs the case, with the names of those who can propose (`closure.by`). Who may sign
    is looked at when they do.
    """
    case = work.cases.row(case_id)
    rule = practice.of(case).closure
    roles: Sequence[str] = (rule.by,) if what == "propose" else rule.signatures
    named = any(is_authoriser(work, case, role, by) for role in roles if role not in RUN)
    case = work.cases.opened(case_id, by, "case.agree" if named else "case.close", now)
    if what == "propose" and not is_authoriser(work, case, rule.by, by):
        raise NotAllowed(
            f"{_who_proposes(work, practice, case)} Nothing has changed; your attempt has been recorded.",
            Denial(stream=case.ref, actor=by.id, verb="case.close", thing=f"case:{case.id}", at=now),
        )
    return case


def _who_proposes(work: Work, practice: Practice, case: CaseRow) -> str:
    """The role that the pathway names, and who holds it; where nobody does, how somebody comes to."""
    pathway = practice.of(case)
    title = pathway.roles[pathway.closure.by].title
    said = f"On this pathway {title} proposes to close a case"
    names = [work.register.person(id).name for id in holders(work, case, pathway.closure.by)]
    if names:
        return f"{said}: {' or '.join(names[:3])}."
    if pathway.closure.by in ("lead_professional", "lead_manager"):
        return f"{said}, and nobody leads this case yet. Press “Name the lead professional” in the case’s file first."
    return (
        f"{said}, and nobody in the register holds that role. Ask the coordinator to have somebody entered."
    )


def not_closed(work: Work, case: CaseRow) -> None:
    """TooLate, with the name, for a case that is closed already."""
    if case.state == CaseState.CLOSED:
        who = f", by {work.register.person(case.closed_by).name}" if case.closed_by else ""
        raise TooLate(f"{case.ref} is closed already{who}. Nothing has changed.")


def _put(work: Work, case_id: str, by: Person, now: datetime) -> CaseRow:
    """The case while its closure stands proposed, for somebody who speaks for one of its agencies."""
    case = work.cases.opened(case_id, by, "case.agree", now)
    work.cases.lock(case)
    not_closed(work, case)
    if case.state != CaseState.CLOSURE_PROPOSED:
        raise TooLate("Nobody proposes to close this case at present. Nothing has changed.")
    return case


def speaks(work: Work, case: CaseRow, by: Person) -> CaseAgencyRow | None:
    """The part in the case of the agency for which this person can answer; None where there is none."""
    row = next((row for row in work.cases.agency_rows(case.id) if row.agency_id == by.agency_id), None)
    return row if by.has(*SPEAKERS) else None


def _agency(work: Work, case: CaseRow, by: Person, now: datetime) -> CaseAgencyRow:
    row = speaks(work, case, by)
    if row is None:
        raise NotAllowed(
            "Only somebody who represents an agency working on this case can answer for it."
            " Nothing has changed; your attempt has been recorded.",
            Denial(stream=case.ref, actor=by.id, verb="case.agree", thing=f"case:{case.id}", at=now),
        )
    return row


def _signing(
    work: Work, practice: Practice, case: CaseRow, proposal: ClosureRoundRow, by: Person, now: datetime
) -> str:
    """The role for which this person signs now; nobody signs twice."""
    rule, roles = practice.of(case).closure, practice.of(case).roles
    if by.id in {person for _, person in proposal.signed}:
        left = ", ".join(_title(roles[role].title) for role in unsigned(rule, proposal))
        raise TooLate(f"You have signed already. Still to sign: {left}.")
    for role in unsigned(rule, proposal):
        if is_authoriser(work, case, role, by):
            return role
    who = " and ".join(role.replace("_", " ") for role in rule.signatures)
    raise NotAllowed(
        f"On this pathway a case is closed by the {who}."
        " Nothing has changed; your attempt has been recorded.",
        Denial(stream=case.ref, actor=by.id, verb="case.close", thing=f"case:{case.id}", at=now),
    )


def _title(title: str) -> str:
    return title.removeprefix("the ")


RUN = ("chair", "coordinator")
"""Roles whose holders run the case: `case.close` knows them, so that being named on a case alone lets nobody in."""

SHORTEST = 10
REASON = "Give the reason in a sentence: it stays on the record with your name."


def _reason(reason: str) -> None:
    if len(reason.strip()) < SHORTEST:
        raise Invalid({"reason": REASON})


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
