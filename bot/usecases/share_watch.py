"""Once each working day: whatever waits in sharing is chased, and agreements that end are told of (rule 8, IG-19).

Called from the day's round, `opening`. Each reminder moves the next one on, so a week offline costs one message.
"""

from datetime import datetime

from bot.domain.area import Practice
from bot.domain.people import Role
from bot.domain.sharing import WARNED, gap_after
from bot.storage.practice_shares import InfoShareRow, ShareAdviceRow, ShareRecipientRow
from bot.storage.transaction import Work
from bot.usecases.owed import tell
from bot.usecases.sharing import coordinators, later, receivers


def watch_shares(work: Work, practice: Practice, now: datetime) -> int:
    """Remind of what is due today; how many messages that is. From the second reminder the coordinator hears too."""
    today, told = practice.today(now), 0
    for row in work.shares.unsent_due(practice.area.id, today):
        told += _tell(work, "share_unsent", row.id, {row.by_id}, row.step, now)
        _on(practice, row, now)
    for asked, row in work.shares.unanswered_due(practice.area.id, today):
        people = {asked.adviser_id}
        told += _tell(work, "share_hold", asked.id, people, asked.step + 1, now)
        told += _tell(work, "share_waits", asked.id, {row.by_id}, asked.step, now)
        if asked.step:
            others = {*coordinators(work, row)} - people - {row.by_id}
            told += _tell(work, "share_waits_long", asked.id, others, asked.step, now)
        _on(practice, asked, now)
    for copy, row in work.shares.unreceived_due(practice.area.id, today):
        people = {each.id for each in receivers(work, row, copy.agency_id)}
        told += _tell(work, "share_pointer", row.id, people, copy.step + 1, now)
        others = {row.by_id, *(coordinators(work, row) if copy.step else ())} - people
        told += _tell(work, "share_unreceived", copy.id, others, copy.step, now)
        _on(practice, copy, now)
    return told


def warn_of_agreements(work: Work, practice: Practice, now: datetime) -> None:
    """Tell the coordinators once, 30 days before an agency's agreement ends (IG-19); the message says the day."""
    today = practice.today(now)
    for row in work.shares.ending(practice.area.id, today + WARNED):
        for person in work.register.people(practice.area.id, Role.COORDINATOR):
            key = row.expires_on.isoformat()
            tell(work, "agreement_ending", row.agency_id, f"person:{person.id}", now, key=key)


def _tell(work: Work, message: str, id: str, people: set[str], step: int, now: datetime) -> int:
    for person in sorted(people):
        tell(work, message, id, f"person:{person}", now, key=f"step{step}")
    return len(people)


def _on(practice: Practice, row: InfoShareRow | ShareAdviceRow | ShareRecipientRow, now: datetime) -> None:
    row.step += 1
    row.next_on = later(practice, practice.today(now), gap_after(row.step))
