"""Recall an item that should not have gone: it opens no more, and who had read it is listed (IG-36)."""

from datetime import datetime, timedelta

from bot.domain.area import Practice
from bot.domain.errors import Invalid
from bot.domain.people import Person
from bot.domain.sharing import BREACH_HOURS, SHARE
from bot.storage.codes import digest_of
from bot.storage.transaction import Begin
from bot.usecases.breach import begin_breach
from bot.usecases.looks.shares import recall_view
from bot.usecases.owed import tell
from bot.usecases.sharing import coordinators, did, leads_of_governance, receivers
from bot.views.shares import Recall


def open_recall(begin: Begin, practice: Practice, share_id: str, *, by: Person, now: datetime) -> Recall:
    """Where an item went and who has opened it, without its content; before a recall and after it."""
    with begin() as work:
        row = work.shares.opened(share_id, by, "share.recall", now)
        did(work, row, by.id, "share.recall_read", now)
        return recall_view(work, practice, row, by)


def recall_share(
    begin: Begin, practice: Practice, share_id: str, reason: str, *, by: Person, now: datetime
) -> Recall:
    """Close the item with a reason; tell its readers, its writer and the coordinator; alert information governance.

    The 72 hours run from now: by their end somebody decides whether the regulator is told. Recalled twice, it is
    recalled once. Invalid without a reason in a sentence.
    """
    with begin() as work:
        row = work.shares.opened(share_id, by, "share.recall", now)
        work.cases.lock(work.cases.row(row.case_id))
        if row.state != "recalled":
            state = SHARE.after(row.state, "recall")
            if len(reason.strip()) < 10:
                raise Invalid(
                    {"reason": "Give the reason in a sentence: it stays on the record with your name."}
                )
            row.state, row.recall_reason = state, reason.strip()
            row.ended_at, row.ended_by = now, by.id
            row.decide_by = now + timedelta(hours=BREACH_HOURS)
            begin_breach(work, row, now)
            readers = {each.actor for each in work.shares.readings(row.id)} - {row.by_id}
            told = {row.by_id, *coordinators(work, row), *readers}
            for each in work.shares.recipients(row.id):
                each.next_on = None
                told |= {person.id for person in receivers(work, row, each.agency_id)}
            alerted = set(leads_of_governance(work, row.area))
            did(
                work,
                row,
                by.id,
                "share.recalled",
                now,
                {"reason": digest_of(row.recall_reason), "readers": len(readers), "decide_by": row.decide_by},
            )
            for person in sorted(told - alerted):
                tell(work, "share_recalled", row.id, f"person:{person}", now, lane="click")
            for person in sorted(alerted):
                tell(work, "share_breach", row.id, f"person:{person}", now, lane="click")
        return recall_view(work, practice, row, by)
