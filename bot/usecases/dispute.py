"""Raise a professional concern, answer it, settle it or pass it up (S2-45, S5-10, S5-11).

Case work goes on throughout: nothing here touches the state of the case.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.access import may
from bot.domain.area import Practice
from bot.domain.dispute import DISPUTE, KIND_WORDS
from bot.domain.errors import Denial, Invalid, NotAllowed, TooLate
from bot.domain.people import Person, Role
from bot.domain.references import new_id
from bot.storage.codes import digest_of
from bot.storage.followup_tables import DisputeRow, DisputeWordRow
from bot.storage.tables import CaseRow
from bot.storage.transaction import Begin, Work
from bot.usecases.dispute_tiers import begin_at, bring_in, draw, involved, leave, place
from bot.usecases.owed import tell

SHORTEST = 10
"""Characters without which a text says nothing."""


@dataclass(frozen=True, kw_only=True)
class Concern:
    """A concern as whoever raises it gives it: what it is about, and what keeps the person safe meanwhile."""

    kind: str
    against_id: str
    issue: str
    safeguards: str


@dataclass(frozen=True, kw_only=True)
class Settled:
    """How the owner of a tier ends it: `resolved`, `pass_up` or `unresolved` (at the last tier alone)."""

    how: str
    result: str
    learning: str = ""


def raise_dispute(
    begin: Begin,
    practice: Practice,
    case_id: str,
    concern: Concern,
    *,
    source: str,
    by: Person,
    now: datetime,
) -> str:
    """Open a dispute at the lowest tier that did not raise it; once for each `source`. Its reference.

    Raises Invalid beside `against`, `issue` or `safeguards`: without interim safeguards none is opened (S5-11).
    """
    with begin() as work:
        case = work.cases.opened(case_id, by, "dispute.raise", now)
        if known := work.followups.dispute_of(source):
            return known.ref
        found = safeguards_wanting(concern.safeguards)
        if concern.kind not in ("partner", "threshold"):
            found["kind"] = "Choose what this is about."
        others = set(work.cases.agencies(case.id)) - {by.agency_id}
        if concern.against_id not in others:
            found["against"] = "Choose the agency that this is about. It cannot be your own."
        if len(concern.issue.strip()) < SHORTEST:
            found["issue"] = "Say in a sentence what the concern is."
        if found:
            raise Invalid(found)
        row = opened(work, practice, case, concern, source, by, now)
        return row.ref


def safeguards_wanting(safeguards: str) -> dict[str, str]:
    """The problem beside `safeguards`, when nothing keeps the person safe meanwhile (S5-11)."""
    if len(safeguards.strip()) >= SHORTEST:
        return {}
    return {
        "safeguards": "Say in a sentence what keeps the person safe until this is settled, who does it, and until when."
    }


def opened(
    work: Work, practice: Practice, case: CaseRow, concern: Concern, source: str, by: Person, now: datetime
) -> DisputeRow:
    """The dispute at its first tier: its owner and the other side's lead are told. The caller has checked it."""
    work.cases.lock(case)
    number = len(work.followups.disputes(case.id)) + 1
    row = DisputeRow(
        id=new_id(),
        ref=f"{case.ref}/D{number}",
        source=source,
        case_id=case.id,
        kind=concern.kind,
        against_id=concern.against_id or None,
        agency_id=by.agency_id,
        raised_by=by.id,
        raised_at=now,
        issue=concern.issue.strip(),
        safeguards=concern.safeguards.strip(),
        owner_id=by.id,
        due_at=now,
        next_at=now,
    )
    place(work, practice, row, begin_at(work, practice, case, by.agency_id, by.id, now), now)
    if row.against_id:
        barred = work.cases.thing(case).barred
        leads = work.register.people(case.area, Role.AGENCY_LEAD, agency_id=row.against_id)
        other = next((each.id for each in leads if each.id not in barred and each.id != row.owner_id), None)
        if other is not None:
            bring_in(work, row, other, now, owns=False)
            tell(work, "dispute_other_side", row.id, f"person:{other}", now)
    if by.id not in (row.owner_id,):
        tell(work, "dispute_raised", row.id, f"person:{by.id}", now)
    facts = {"ref": row.ref, "kind": row.kind, "tier": str(row.tier + 1), "issue": digest_of(row.issue)}
    _did(work, row, case, by, "dispute.raised", facts, now)
    return row


def answer_dispute(
    begin: Begin, practice: Practice, dispute_id: str, said: str, *, by: Person, now: datetime
) -> str:
    """Put down what somebody involved answers; every answer is kept, and the others hear that there is one."""
    with begin() as work:
        row, case = reached(work, dispute_id, "dispute.read", by, now)
        still_open(row)
        if len(said.strip()) < SHORTEST:
            raise Invalid({"said": "Write your answer in a sentence."})
        word = DisputeWordRow(
            id=new_id(), dispute_id=row.id, tier=row.tier, by_id=by.id, said=said.strip(), at=now
        )
        work.session.add(word)
        for person in involved(work, row):
            if person != by.id:
                tell(work, "dispute_answered", row.id, f"person:{person}", now, key=word.id)
        _did(work, row, case, by, "dispute.answered", {"ref": row.ref, "said": digest_of(word.said)}, now)
        return row.ref


def settle_dispute(
    begin: Begin, practice: Practice, dispute_id: str, settled: Settled, *, by: Person, now: datetime
) -> str:
    """The tier's owner ends it: resolved with its result, passed up, or at the last tier recorded as unresolved.

    Raises Invalid beside `how` or `result`; TooLate when it has ended. The reference.
    """
    with begin() as work:
        row, case = reached(work, dispute_id, "dispute.settle", by, now)
        work.session.refresh(row, with_for_update=True)
        still_open(row)
        last = row.tier == len(practice.of(case).dispute.tiers) - 1
        found = {}
        if settled.how not in ("resolved", "pass_up", "unresolved"):
            found["how"] = "Choose how this tier ends."
        elif settled.how == "pass_up" and last:
            found["how"] = "This is the last tier. It is resolved here, or recorded as unresolved."
        elif settled.how == "unresolved" and not last:
            found["how"] = "It can go to the next tier first. Only the last tier records it as unresolved."
        if len(settled.result.strip()) < SHORTEST:
            found["result"] = "Say in a sentence what came of it, and why."
        if found:
            raise Invalid(found)
        if settled.how == "pass_up":
            work.session.add(
                DisputeWordRow(
                    id=new_id(),
                    dispute_id=row.id,
                    tier=row.tier,
                    by_id=by.id,
                    said=settled.result.strip(),
                    at=now,
                )
            )
            go_up(work, practice, row, "passed_up", now)
        else:
            leave(work, row, "ended", now)
            row.state, row.next_at = DISPUTE.after(row.state, settled.how), None
            row.result, row.learning = settled.result.strip(), settled.learning.strip()
            row.ended_by, row.ended_at = by.id, now
            for person in [each for each in involved(work, row) if each != by.id]:
                tell(work, "dispute_ended", row.id, f"person:{person}", now)
            if case.coordinator_id not in involved(work, row):
                tell(work, "dispute_over", row.id, f"person:{case.coordinator_id}", now)
            draw(work, row, case, now)
        facts = {"ref": row.ref, "how": settled.how, "result": digest_of(settled.result)}
        _did(work, row, case, by, f"dispute.{settled.how}", facts, now)
        return row.ref


def go_up(work: Work, practice: Practice, row: DisputeRow, why: str, now: datetime) -> None:
    """To the next tier: whoever raised it and whoever had it hear of it, the next owner is asked."""
    before = row.owner_id
    leave(work, row, why, now)
    place(work, practice, row, row.tier + 1, now)
    for person in sorted({row.raised_by, before} - {row.owner_id}):
        tell(work, "dispute_moved", row.id, f"person:{person}", now, key=str(row.tier))


def reached(work: Work, dispute_id: str, verb: str, by: Person, now: datetime) -> tuple[DisputeRow, CaseRow]:
    """The dispute and its case, for somebody who may; NotAllowed leaves its trace in the audit (IG-29)."""
    row = work.followups.dispute(dispute_id)
    case = work.cases.row(row.case_id)
    if not may(by, verb, work.followups.dispute_thing(row)):
        who = (
            "whoever answers for it at its present tier"
            if verb == "dispute.settle"
            else "those involved in it"
        )
        raise NotAllowed(
            f"This concern is open only to {who}. Your attempt has been recorded.",
            Denial(stream=case.ref, actor=by.id, verb=verb, thing=f"dispute:{row.id}", at=now),
        )
    return row, case


def still_open(row: DisputeRow) -> None:
    """TooLate once it has ended."""
    if row.state != "open":
        raise TooLate(f"{row.ref} has ended already. Nothing has changed.")


def words_of(kind: str) -> str:
    """What a dispute is about, in the words of the list."""
    return KIND_WORDS[kind]


def _did(
    work: Work, row: DisputeRow, case: CaseRow, by: Person, verb: str, facts: dict[str, str], now: datetime
) -> None:
    work.audit.write(stream=case.ref, actor=by.id, verb=verb, thing=f"dispute:{row.id}", facts=facts, at=now)
