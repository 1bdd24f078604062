"""Tell the information governance lead when somebody who must not see a case has tried to (IG-22)."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from bot.domain.area import Practice
from bot.domain.people import Role
from bot.storage.ledger_tables import AuditEvent
from bot.storage.tables import CaseBarRow, ReferralRow
from bot.storage.transaction import Begin, Work
from bot.usecases.owed import tell

LOOK_BACK = timedelta(days=2)
"""How far back each look goes: further than any outage that a restart does not catch up with."""


def tell_of_barred(begin: Begin, practice: Practice, now: datetime) -> int:
    """Tell of every refusal, in the last two days, of somebody who is kept out of that very case; once each. How many
    such refusals there are.

    The message names the case only: that somebody is tied to one of its people can itself put them in danger.
    """
    with begin() as work:
        tries = work.session.exec(
            select(AuditEvent, ReferralRow.id)
            .join(CaseBarRow, col(CaseBarRow.person_id) == col(AuditEvent.actor))
            .join(ReferralRow, col(ReferralRow.id) == col(CaseBarRow.referral_id))
            .where(
                ReferralRow.area == practice.area.id,
                AuditEvent.verb == "denied",
                AuditEvent.at > now - LOOK_BACK,
                AuditEvent.stream == col(ReferralRow.ref),
            )
        ).all()
        for event, referral in tries:
            key = f"{event.stream}:{event.seq}"
            for person in _leads(work, practice, referral):
                tell(work, "barred_tried", referral, f"person:{person}", now, key=key)
        return len(tries)


def _leads(work: Work, practice: Practice, referral: str) -> list[str]:
    """The area's information governance leads, or the case's coordinator where it has none; never one who is barred."""
    barred = work.referrals.barred(referral)
    leads = [person.id for person in work.register.people(practice.area.id, Role.IG_LEAD)]
    case = work.cases.of_referral(referral)
    people = leads or ([case.coordinator_id] if case else [])
    return [person for person in people if person not in barred]
