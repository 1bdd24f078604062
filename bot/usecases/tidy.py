"""Throw away what the record does not need: answers to old commands, edits that left long ago, polls that are over.

Nothing that a key protects from being said twice is touched, and no audit event ever is.
"""

from datetime import datetime, timedelta

from sqlmodel import col, delete

from bot.storage.ledger_tables import InboxEntry, OutboxRow
from bot.storage.transaction import Begin

KEPT = timedelta(days=35)
"""How long a platform could still deliver a command again, generously."""

REDRAWN = ("show", "home", "entry")
"""Errands whose keys are random: each row stood for one edit, which the next edit replaced."""


def tidy(begin: Begin, now: datetime) -> None:
    """Once a night; harmless to repeat."""
    with begin() as work:
        before = now - KEPT
        db = work.session.connection()
        db.execute(delete(InboxEntry).where(col(InboxEntry.at) < before))
        db.execute(
            delete(OutboxRow).where(
                col(OutboxRow.state).in_(["sent", "replaced"]),
                col(OutboxRow.errand).in_(REDRAWN),
                col(OutboxRow.settled_at) < before,
            )
        )
        for poll in work.polls.all_times_past(now):
            work.polls.forget(poll)
        for row in work.polls.past(before):
            work.polls.forget(row.id, whole=True)
        work.heartbeats.beat("tidy", at=now)
