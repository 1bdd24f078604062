"""The 72 hours after a recall end with a decision under a name, and nobody lets them run out unseen (IG-36)."""

from datetime import datetime

from sqlmodel import col, select

from bot.domain.area import Practice
from bot.domain.breach import VERDICTS, next_reminder
from bot.domain.errors import Denial, Invalid, NotAllowed, TooLate
from bot.domain.people import Person, Role
from bot.storage.breach_tables import BreachRow
from bot.storage.codes import digest_of
from bot.storage.practice_shares import InfoShareRow
from bot.storage.transaction import Begin, Work
from bot.usecases.looks.breach import breach_view
from bot.usecases.owed import tell
from bot.usecases.sharing import coordinators, did, leads_of_governance
from bot.views.breach import Breach

SHORTEST = 10


def begin_breach(work: Work, row: InfoShareRow, now: datetime) -> None:
    """The clock of a recalled item, once: `decide_by` stands on the item already."""
    assert row.decide_by is not None
    work.session.add(
        BreachRow(
            share_id=row.id,
            area=row.area,
            recalled_at=now,
            decide_by=row.decide_by,
            next_at=next_reminder(row.decide_by, now),
        )
    )
    work.session.flush()


def open_breach(begin: Begin, practice: Practice, share_id: str, *, by: Person, now: datetime) -> Breach:
    """What is to be decided, or was: for whoever decides; the opening is an audit row. NotAllowed for others."""
    with begin() as work:
        row, _ = _reached(work, share_id, by, now)
        did(work, row, by.id, "breach.opened", now)
        return breach_view(work, row, now)


def decide_breach(
    begin: Begin, practice: Practice, share_id: str, verdict: str, reason: str, *, by: Person, now: datetime
) -> Breach:
    """Whether the regulator is told, why, and by whom it was decided; it ends the clock. What the page shows then.

    Invalid beside `verdict` or `reason`; TooLate when somebody has decided already; NotAllowed for a coordinator in an
    area whose register names an information governance lead.
    """
    with begin() as work:
        row, breach = _reached(work, share_id, by, now)
        work.cases.lock(work.cases.row(row.case_id))
        work.session.refresh(breach)
        if breach.decided_at is not None:
            who = work.register.row(breach.decided_by).name if breach.decided_by else "somebody"
            raise TooLate(f"This was decided already, by {who}. Nothing has changed.")
        found = {}
        if verdict not in VERDICTS:
            found["verdict"] = "Choose whether it is reported to the Information Commissioner."
        if len(reason.strip()) < SHORTEST:
            found["reason"] = "Give the reason in a sentence: it stays on the record with your name."
        if found:
            raise Invalid(found)
        breach.verdict, breach.reason = verdict, reason.strip()
        breach.decided_by, breach.decided_at, breach.next_at = by.id, now, None
        late = now > breach.decide_by
        did(
            work,
            row,
            by.id,
            "breach.decided",
            now,
            {"verdict": verdict, "late": late, "reason": digest_of(breach.reason)},
        )
        people = {row.by_id, *coordinators(work, row), *leads_of_governance(work, row.area)} - {by.id}
        for person in sorted(people):
            tell(work, "breach_decided", row.id, f"person:{person}", now, lane="click")
        return breach_view(work, row, now)


def watch_breaches(work: Work, practice: Practice, now: datetime) -> int:
    """Remind whoever decides while the hours run; once they have run out, tell those above as well, every day."""
    query = select(BreachRow).where(BreachRow.area == practice.area.id, col(BreachRow.next_at) <= now)
    told = 0
    for breach in work.session.exec(query).all():
        row = work.shares.row(breach.share_id)
        deciders = set(leads_of_governance(work, row.area))
        late = now >= breach.decide_by
        above = {each.id for each in work.register.people(row.area, Role.BOARD)} if late else set()
        above |= set(coordinators(work, row)) if late else set()
        key = f"step{breach.step}"
        for person in sorted(deciders):
            tell(work, "breach_due", row.id, f"person:{person}", now, key=key)
        for person in sorted(above - deciders):
            tell(work, "breach_late", row.id, f"person:{person}", now, key=key)
        told += len(deciders | above)
        breach.step += 1
        breach.next_at = next_reminder(breach.decide_by, now)
    return told


def _reached(work: Work, share_id: str, by: Person, now: datetime) -> tuple[InfoShareRow, BreachRow]:
    row = work.shares.opened(share_id, by, "breach.decide", now)
    breach = work.session.get(BreachRow, row.id)
    if breach is None:
        raise TooLate("This item was not recalled, so there is nothing to decide.")
    leads = work.register.people(row.area, Role.IG_LEAD)
    if leads and not by.has(Role.IG_LEAD):
        names = " or ".join(each.name for each in leads[:3])
        raise NotAllowed(
            f"The information governance lead decides this: {names}. Your attempt has been recorded.",
            Denial(
                stream=work.cases.row(row.case_id).ref,
                actor=by.id,
                verb="breach.decide",
                thing=f"share:{row.id}",
                at=now,
            ),
        )
    return row, breach
