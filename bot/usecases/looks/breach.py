"""Looks at possible breaches: for whoever decides, and as pointers for messages (IG-36)."""

from dataclasses import replace
from datetime import datetime

from bot.domain.area import Practice
from bot.domain.breach import VERDICTS
from bot.storage.breach_tables import BreachRow
from bot.storage.practice_shares import InfoShareRow
from bot.storage.transaction import Work
from bot.usecases.looks.shares import share_breach
from bot.views.breach import Breach
from bot.views.shares import SharePointer


def breach_view(work: Work, row: InfoShareRow, now: datetime) -> Breach:
    """The page on which it is decided, for somebody who was let in."""
    breach = work.session.get_one(BreachRow, row.id)
    return Breach(
        id=row.id,
        ref=row.ref,
        from_agency=work.register.agency(row.agency_id).name,
        recalled_at=breach.recalled_at,
        recalled_by=work.register.row(row.ended_by).name if row.ended_by else "",
        why_recalled=row.recall_reason,
        opened=len({each.actor for each in work.shares.readings(row.id)} - {row.by_id}),
        decide_by=breach.decide_by,
        late=breach.decided_at is None and now > breach.decide_by,
        verdicts=tuple(VERDICTS.items()),
        verdict=VERDICTS.get(breach.verdict, ""),
        reason=breach.reason,
        decided_at=breach.decided_at,
        decided_by=work.register.row(breach.decided_by).name if breach.decided_by else "",
    )


def breach_due(work: Work, practice: Practice, id: str, now: datetime) -> SharePointer | None:
    """To whoever decides: the hours run out, or have run out. None once it is decided."""
    found = breach_late(work, practice, id, now)
    return replace(found, verb="breach.decide", press="Decide") if found else None


def breach_late(work: Work, practice: Practice, id: str, now: datetime) -> SharePointer | None:
    """To those above, who can open nothing of it: nobody has decided. None once somebody has."""
    breach = work.session.get(BreachRow, id)
    if breach is None or breach.decided_at is not None:
        return None
    found = share_breach(work, practice, id, now)
    return replace(found, verb="", press="") if found else None


def breach_decided(work: Work, practice: Practice, id: str, now: datetime) -> SharePointer | None:
    """To whoever shared it, the coordinator and the other leads: it is decided, by whom; not what, nor why."""
    breach = work.session.get(BreachRow, id)
    found = share_breach(work, practice, id, now)
    if breach is None or breach.decided_by is None or found is None:
        return None
    return replace(found, verb="", press="", adviser=work.register.row(breach.decided_by).name)
