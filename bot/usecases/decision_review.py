"""A decision is looked at again on its day: it stands, goes back to the meeting, or is superseded (S2-40, T19)."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.area import Practice
from bot.domain.errors import Invalid, TooLate
from bot.domain.nudges import instant
from bot.domain.people import Person, Role
from bot.domain.references import new_id
from bot.storage.codes import digest_of
from bot.storage.followup_tables import DecisionReviewRow
from bot.storage.tables import CaseRow, DecisionRow
from bot.storage.transaction import Begin, Work
from bot.usecases.owed import tell

AGAIN_WD = 3
"""Working days after which a decision that nobody has looked at is asked about again, higher up each time (P)."""

SHORTEST = 10


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What was found: `stands` (until a day), `back` to the meeting, or `superseded` by a later decision."""

    outcome: str
    why: str
    until: date | None = None
    by_decision: str = ""


def ask_about_decisions(work: Work, practice: Practice, now: datetime) -> int:
    """Ask about each decision whose day has come, and again about those that nobody has answered; how many."""
    today, asked = practice.today(now), 0
    for decision, case in work.followups.decisions_due(practice.area.id, today):
        replaced = {each.supersedes for each in work.cases.decisions(case.id)}
        if decision.id in replaced or decision.review_on is None:
            continue
        row = DecisionReviewRow(
            id=new_id(), decision_id=decision.id, due=decision.review_on, asked_at=now, next_at=now
        )
        work.session.add(row)
        work.session.flush()
        asked += _ask(work, practice, row, case, now)
    for row, case in work.followups.decision_reviews_due(practice.area.id, now):
        if case.state == "closed":
            row.outcome, row.next_at = "ended", None
        else:
            asked += _ask(work, practice, row, case, now)
    return asked


def _ask(work: Work, practice: Practice, row: DecisionReviewRow, case: CaseRow, now: datetime) -> int:
    """First the coordinator and the lead, then the chair as well, then the board as well."""
    people = {case.coordinator_id, case.lead_id}
    if row.asks >= 1:
        people.add(case.chair_id)
    if row.asks >= 2:
        people |= {each.id for each in work.register.people(case.area, Role.BOARD)}
    told = sorted(str(each) for each in people - {None} - work.cases.thing(case).barred)
    for person in told:
        tell(work, "decision_due", row.id, f"person:{person}", now, key=str(row.asks))
    days = practice.days(case.nation)
    row.asks += 1
    row.next_at = instant(days.shift(practice.today(now), AGAIN_WD), practice.area.zone)
    return len(told)


def look_at_decision(
    begin: Begin, practice: Practice, review_id: str, looked: Looked, *, by: Person, now: datetime
) -> str:
    """Record what was found, once; the decision itself stays as it was written. The case's reference.

    Raises Invalid beside `outcome`, `until`, `by_decision` or `why`; TooLate when somebody has said already.
    """
    with begin() as work:
        row = work.followups.decision_review(review_id)
        decision = work.followups.decision(row.decision_id)
        case = work.cases.opened(decision.case_id, by, "decision.review", now)
        work.session.refresh(row, with_for_update=True)
        if row.outcome:
            raise TooLate("Somebody has said already whether this decision stands. Nothing has changed.")
        later = {each.id: each for each in work.cases.decisions(case.id) if each.at > decision.at}
        if found := _problems(practice, looked, later, now):
            raise Invalid(found)
        row.outcome, row.why, row.next_at = looked.outcome, looked.why.strip(), None
        row.by_id, row.at = by.id, now
        if looked.outcome == "stands":
            row.until = decision.review_on = looked.until
        elif looked.outcome == "superseded":
            later[looked.by_decision].supersedes = decision.id
        else:
            tell(work, "decision_back", row.id, f"person:{case.coordinator_id}", now)
        work.audit.write(
            stream=case.ref,
            actor=by.id,
            verb="decision.reviewed",
            thing=f"case:{case.id}",
            facts={"decision": decision.id, "outcome": row.outcome, "why": digest_of(row.why)},
            at=now,
        )
        return case.ref


def replace(work: Work, old: DecisionRow, by: Person, now: datetime) -> None:
    """A decision has taken this one's place: nobody is asked about it any more."""
    for row in work.followups.decision_reviews([old.id]):
        if not row.outcome:
            row.outcome, row.next_at, row.by_id, row.at = "superseded", None, by.id, now


def _problems(
    practice: Practice, looked: Looked, later: dict[str, DecisionRow], now: datetime
) -> dict[str, str]:
    found = {}
    if looked.outcome not in ("stands", "back", "superseded"):
        found["outcome"] = "Choose whether the decision still stands."
    if looked.outcome == "stands" and (looked.until is None or looked.until <= practice.today(now)):
        found["until"] = "Choose a date after today on which it is looked at again."
    if looked.outcome == "superseded" and looked.by_decision not in later:
        found["by_decision"] = "Choose the later decision. If there is none yet, it goes back to the meeting."
    if len(looked.why.strip()) < SHORTEST:
        found["why"] = "Say in a sentence why."
    return found
