"""Put a dispute at one of its tiers: who answers for it there, until when, and who is told (S5-02, S5-10, T23)."""

from datetime import datetime

from bot.domain.area import Practice
from bot.domain.dispute import Tier, first_tier
from bot.domain.recipients import recipients
from bot.domain.references import new_id
from bot.storage.followup_tables import DisputeRow, DisputeStepRow
from bot.storage.tables import CaseRow
from bot.storage.transaction import Work
from bot.usecases.owed import show, tell
from bot.usecases.roster import Roster


def begin_at(
    work: Work, practice: Practice, case: CaseRow, agency_id: str, raised_by: str, now: datetime
) -> int:
    """The tier, from 0, at which a dispute raised by this person for this agency begins."""
    tiers = practice.of(case).dispute.tiers
    owners = [owner_at(work, practice, case, agency_id, tier, now) for tier in tiers]
    return first_tier(owners, raised_by)


def owner_at(work: Work, practice: Practice, case: CaseRow, agency_id: str, tier: Tier, now: datetime) -> str:
    """Who answers at a tier: the role's holder at work, else whoever stands above; at last the case's coordinator."""
    roster, day = Roster(work, practice), practice.today(now)
    holders = roster.of_agency(case, agency_id, day, register_tier=tier.register_tier or 0)
    told, _ = recipients((tier.role,), holders)
    return told[0].person_id if told else case.coordinator_id


def due_at(practice: Practice, case: CaseRow, tier: Tier, now: datetime) -> datetime:
    """When the tier's time is over, by the pathway's own hour of the day."""
    pathway = practice.of(case)
    return tier.within.deadline(now, practice.days(case.nation), pathway.clock).at


def place(work: Work, practice: Practice, row: DisputeRow, tier: int, now: datetime) -> None:
    """Bring the dispute to this tier: its owner is named and told, its time begins, its card says so."""
    case = work.cases.row(row.case_id)
    rule = practice.of(case).dispute.tiers[tier]
    row.tier, row.knocks = tier, 0
    row.owner_id = owner_at(work, practice, case, row.agency_id, rule, now)
    row.due_at = row.next_at = due_at(practice, case, rule, now)
    work.session.add(row)
    work.session.flush()
    bring_in(work, row, row.owner_id, now, owns=True)
    tell(work, "dispute_owner", row.id, f"person:{row.owner_id}", now, key=str(tier))
    draw(work, row, case, now)


def bring_in(work: Work, row: DisputeRow, person_id: str, now: datetime, *, owns: bool) -> None:
    """From now on this person may read the dispute and answer in it."""
    work.session.add(
        DisputeStepRow(
            id=new_id(),
            dispute_id=row.id,
            tier=row.tier,
            person_id=person_id,
            owns=owns,
            began_at=now,
            due_at=row.due_at,
        )
    )
    work.session.flush()


def leave(work: Work, row: DisputeRow, why: str, now: datetime) -> None:
    """The tier where it was is over: `late`, `passed_up` or `ended`."""
    for step in work.followups.steps(row.id):
        if step.left_at is None:
            step.left_at, step.left = now, why


def involved(work: Work, row: DisputeRow) -> list[str]:
    """Everybody who may read it, in order."""
    return sorted({row.raised_by, *(step.person_id for step in work.followups.steps(row.id))})


def draw(work: Work, row: DisputeRow, case: CaseRow, now: datetime) -> None:
    """Its card in the pathway's room: reference, tier and date."""
    show(work, "dispute_card", row.id, f"room:{case.pathway}", now)
