"""Decide a referral: accept, not accepted, needs information, redirect; each with a reason and a name (S3-19).

Nothing here weighs risk: the criteria tree is shown, a person decides (design.md rule 6, IG-44).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.area import Practice
from bot.domain.criteria import Finding
from bot.domain.errors import Invalid
from bot.domain.pathway import Pathway
from bot.domain.people import Person, Role
from bot.domain.references import new_id
from bot.domain.states import REFERRAL, CaseState
from bot.storage.tables import CaseClockRow, CaseRow, ReferralRow, TriageRow
from bot.storage.transaction import Begin, Work
from bot.usecases.chairs import first_chair
from bot.usecases.involvement import start_asking
from bot.usecases.lead import first_lead
from bot.usecases.new_incident import linked_case
from bot.usecases.owed import refresh_home, show, tell
from bot.usecases.refer import TRIAGE_ROOM, involved
from bot.usecases.repeats import NOT_THE_SAME, earlier_cases
from bot.usecases.subjects import make_subjects

OUTCOMES = {"accept": "accept", "not_accept": "not_accept", "ask": "ask", "redirect": "redirect"}


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """A triage decision as its maker gives it: `outcome` is accept, not_accept, ask or redirect.

    `repeat_of` is the earlier case about the same person, `none` where none of those shown is, "" for no answer.
    """

    outcome: str
    reason: str
    redirect_to: str | None = None
    findings: Mapping[str, Finding] = field(default_factory=dict)
    coordinator_id: str | None = None
    repeat_of: str = ""


def decide(
    begin: Begin, practice: Practice, referral_id: str, ruling: Ruling, *, by: Person, now: datetime
) -> str:
    """Record the decision and everything that follows from it in one transaction; the reference.

    Accepting opens the case, pins the pathway's version, starts its clocks and names a coordinator. The
    referrer is told in every case. Raises Invalid beside the field, TooLate when it was decided already.
    """
    with begin() as work:
        row = work.referrals.opened(referral_id, by, "triage.decide", now)
        pathway = practice.of(row)
        state = REFERRAL.after(row.state, OUTCOMES.get(ruling.outcome, ruling.outcome))
        _check(pathway, ruling)
        repeat_of = _repeat_of(work, practice, row, ruling, by, now) if ruling.outcome == "accept" else None
        row.state, row.version, row.next_at = state, row.version + 1, None
        # It is filled in with what the answers point to, and counts only where somebody redirects.
        to = ruling.redirect_to if ruling.outcome == "redirect" else None
        work.session.add(
            TriageRow(
                id=new_id(),
                referral_id=row.id,
                outcome=ruling.outcome,
                redirect_to=to,
                reason=ruling.reason.strip(),
                criteria={id: [found.verdict.value, found.evidence] for id, found in ruling.findings.items()},
                by_id=by.id,
                at=now,
            )
        )
        work.audit.write(
            stream=row.ref,
            actor=by.id,
            verb=f"triage.{ruling.outcome}",
            thing=f"referral:{row.id}",
            facts={"redirect_to": to or "", "version": row.pathway_version},
            at=now,
        )
        if ruling.outcome == "accept":
            _open_case(work, practice, pathway, row, ruling, repeat_of, by, now)
        show(work, "triage_card", row.id, TRIAGE_ROOM, now)
        tell(work, f"triage_{ruling.outcome}", row.id, f"person:{row.referrer_id}", now, key=str(row.version))
        refresh_home(work, row.referrer_id, now)
        return row.ref


def _check(pathway: Pathway, ruling: Ruling) -> None:
    found = {}
    if len(ruling.reason.strip()) < 10:
        found["reason"] = "Give the reason in a sentence: the referrer will read it, and so may an inspector."
    if ruling.outcome == "redirect" and ruling.redirect_to not in {route.id for route in pathway.redirects}:
        found["redirect_to"] = "Choose where this should go instead."
    if found:
        raise Invalid(found)


def _repeat_of(
    work: Work, practice: Practice, row: ReferralRow, ruling: Ruling, by: Person, now: datetime
) -> str | None:
    """The earlier case that triage says is about the same person (T21). Invalid while such cases are unanswered."""
    if linked := linked_case(work, row):
        return linked
    shown = [each.id for each in earlier_cases(work, practice, row, by=by, now=now)]
    if not shown or ruling.repeat_of == NOT_THE_SAME:
        return None
    if ruling.repeat_of not in shown:
        raise Invalid(
            {
                "repeat_of": "Say whether this is the same person as in one of the earlier cases, or none of them."
            }
        )
    return ruling.repeat_of


def _open_case(
    work: Work,
    practice: Practice,
    pathway: Pathway,
    row: ReferralRow,
    ruling: Ruling,
    repeat_of: str | None,
    by: Person,
    now: datetime,
) -> None:
    coordinator = _coordinator(work, practice, row, ruling)
    start = row.received_at if pathway.clock.start == "received" else now
    case = CaseRow(
        id=new_id(),
        ref=row.ref,
        area=row.area,
        pathway=pathway.id,
        pathway_version=row.pathway_version,
        nation=str(pathway.nation or practice.area.nation),
        referral_id=row.id,
        state=CaseState.OPEN.value,
        opened_at=now,
        clock_start=start,
        coordinator_id=coordinator.id,
        lead_id=first_lead(work, pathway, row),
        chair_id=_chair(work, practice, pathway, coordinator),
        repeat_of=repeat_of,
        drill=row.drill,
    )
    work.session.add(case)
    work.session.flush()
    case.chair_id = first_chair(work, practice, case) or case.chair_id
    days = practice.days(case.nation)
    for stage in pathway.stages:
        if stage.due is not None and (stage.due_if is None or stage.due_if.holds(row.answers)):
            due = stage.due.deadline(start, days, pathway.clock)
            work.session.add(
                CaseClockRow(id=new_id(), case_id=case.id, stage=stage.id, due_on=due.day, due_at=due.at)
            )
    work.cases.add_agencies(case.id, involved(work, row), now)
    make_subjects(work, practice, case, now)
    work.audit.write(
        stream=case.ref,
        actor=by.id,
        verb="case.opened",
        thing=f"case:{case.id}",
        facts={
            "pathway": pathway.id,
            "version": case.pathway_version,
            "coordinator": coordinator.id,
            "lead": case.lead_id or "",
        }
        | ({"repeat_of": repeat_of} if repeat_of else {}),
        at=now,
    )
    if pathway.involvement.starts == "acceptance":
        start_asking(work, practice, case, by.id, now)
    show(work, "case_card", case.id, f"room:{pathway.id}", now)
    tell(work, "case_opened", case.id, f"person:{coordinator.id}", now)
    refresh_home(work, coordinator.id, now)


def _coordinator(work: Work, practice: Practice, row: ReferralRow, ruling: Ruling) -> Person:
    """The coordinator named by triage, or the one with the fewest open cases; never one who is barred."""
    barred = work.referrals.barred(row.id)
    people = [p for p in work.register.people(practice.area.id, Role.COORDINATOR) if p.id not in barred]
    if ruling.coordinator_id:
        people = [person for person in people if person.id == ruling.coordinator_id]
    if not people:
        raise Invalid(
            {"coordinator": "No coordinator can take this case. Add one to the contact register first."}
        )
    load = work.cases.open_by_coordinator(practice.area.id)
    return min(people, key=lambda person: (load.get(person.id, 0), person.name))


def _chair(work: Work, practice: Practice, pathway: Pathway, coordinator: Person) -> str | None:
    """Who chairs: the coordinator where the pathway's panel is the coordinator's, else the area's first chair."""
    panel = next((stage for stage in pathway.stages if stage.kind == "panel"), None)
    if panel is not None and panel.owner == "coordinator":
        return coordinator.id
    chairs = work.register.people(practice.area.id, Role.CHAIR)
    return chairs[0].id if chairs else coordinator.id
