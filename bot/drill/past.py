"""What the drill's past owes to nobody any more: its messages count as delivered, only the present is shown.

The seeded cases come with weeks of messages. To deliver them all at the first start would be a flood that tells
nobody anything; left unsettled, they would be dead letters. Neither audit nor nudges are touched here.
"""

import json
from collections import defaultdict
from datetime import datetime

from sqlmodel import col, select

from bot.domain.area import Practice
from bot.storage.ledger_tables import OutboxRow
from bot.storage.plans import person_and_day
from bot.storage.transaction import Begin, Work
from bot.usecases.digest import prepare, settle

LAST_WORDS = 2
"""Messages said once that each person still finds in their direct messages, the newest ones."""


def carried_by(begin: Begin, practice: Practice, now: datetime) -> None:
    """The grouped messages due by `now` arrived: each nudge in them is sent, as the courier would have noted it."""
    with begin() as work:
        due = [row.key or "" for row in _owed(work, "digest") if row.not_before <= now]
        several = {key for key in due if len(work.nudges.of_digest(key, "planned")) > 1}
    for key in due:
        person_id, day = person_and_day(key)
        if key in several:
            prepare(begin, practice, person_id, day, now)  # of two about one thing only the later is sent
        with begin() as work:
            settle(work, person_id, day, sent=True, way="slack")
            row = work.outbox.by_key(key)
            assert row is not None
            row.state, row.attempts, row.first_tried_at, row.settled_at = "sent", 1, now, now


def let_rest(work: Work, now: datetime) -> None:
    """Of what is owed, leave what shows the present state; the rest is marked as replaced and never sent."""
    said: dict[str, list[OutboxRow]] = defaultdict(list)
    for row in _owed(work, "tell"):
        said[str(row.destination)].append(row)
    over = [row for rows in said.values() for row in rows[:-LAST_WORDS]]
    over += [row for row in _owed(work, "show") if _is_past(work, **json.loads(row.about))]
    over += [row for row in _owed(work, "invite") if not _ahead(work, json.loads(row.about)["meeting"])]
    for row in over:
        row.state, row.settled_at = "replaced", now


def _owed(work: Work, errand: str) -> list[OutboxRow]:
    query = select(OutboxRow).where(OutboxRow.errand == errand, OutboxRow.state == "owed")
    return list(work.session.exec(query.order_by(col(OutboxRow.number))))


def _is_past(work: Work, surface: str, id: str, where: str) -> bool:
    """Whether a surface is about something that is over, and was replaced by another one that says how it ended."""
    if surface == "hold_card":
        return work.meetings.row(id).state != "in_progress"
    if surface == "invitation_card":
        return not _ahead(work, work.meetings.invitation_row(id).meeting_id)
    if surface in ("action_message", "action_passed"):
        return work.plans.row(id).state == "closed"
    if surface in ("action_list", "closure_card"):
        return work.cases.row(id).state == "closed"
    return False


def _ahead(work: Work, meeting_id: str) -> bool:
    return work.meetings.row(meeting_id).state == "invited"
