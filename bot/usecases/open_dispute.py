"""Open what a dispute is raised with, and a dispute itself: for those involved, each opening on the record (IG-05)."""

from datetime import datetime

from bot.domain.access import may
from bot.domain.area import Practice
from bot.domain.people import Person
from bot.storage.transaction import Begin
from bot.usecases.dispute import reached, still_open, words_of
from bot.usecases.dispute_tiers import begin_at, due_at
from bot.usecases.looks.disputes import dispute_card
from bot.views.disputes import DisputeFile, DisputeForm, DisputeStep, Said
from bot.views.meeting import Pick

MOST = 12
"""Answers and steps shown at once, the latest: each may be as long as a dialog lets it be."""


def open_dispute_form(
    begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime
) -> DisputeForm:
    """The other agencies of the case, and the tier at which a concern of this person's would begin."""
    with begin() as work:
        case = work.cases.opened(case_id, by, "dispute.raise", now)
        tier = begin_at(work, practice, case, by.agency_id, by.id, now)
        rule = practice.of(case).dispute.tiers[tier]
        others = [id for id in work.cases.agencies(case.id) if id != by.agency_id]
        return DisputeForm(
            case_id=case.id,
            ref=case.ref,
            agencies=tuple(Pick(id=id, label=work.register.agency(id).name) for id in others),
            title=rule.title,
            due_at=due_at(practice, case, rule, now),
        )


def open_dispute(
    begin: Begin, practice: Practice, dispute_id: str, *, by: Person, now: datetime
) -> DisputeFile:
    """The dispute with everything that was said in it, for somebody involved."""
    with begin() as work:
        row, case = reached(work, dispute_id, "dispute.read", by, now)
        tiers = practice.of(case).dispute.tiers
        work.audit.write(
            stream=case.ref, actor=by.id, verb="dispute.read", thing=f"dispute:{row.id}", facts={}, at=now
        )
        name = {
            id: work.register.person(id).name
            for id in {
                row.raised_by,
                *(each.person_id for each in work.followups.steps(row.id)),
                *(each.by_id for each in work.followups.words(row.id)),
                *([row.ended_by] if row.ended_by else []),
            }
        }
        return DisputeFile(
            card=dispute_card(work, practice, row.id, now),
            kind=words_of(row.kind),
            against=work.register.agency(row.against_id).name if row.against_id else "",
            raised_by=f"{name[row.raised_by]}, {work.register.agency(row.agency_id).name}",
            raised_at=row.raised_at,
            issue=row.issue,
            safeguards=row.safeguards,
            steps=tuple(
                DisputeStep(
                    tier=each.tier + 1,
                    title=tiers[min(each.tier, len(tiers) - 1)].title,
                    name=name[each.person_id],
                    owns=each.owns,
                    due_at=each.due_at,
                    left=each.left,
                )
                for each in work.followups.steps(row.id)[-MOST:]
            ),
            said=tuple(
                Said(name=name[each.by_id], tier=each.tier + 1, text=each.said, at=each.at)
                for each in work.followups.words(row.id)[-MOST:]
            ),
            result=row.result,
            learning=row.learning,
            ended_by=name[row.ended_by] if row.ended_by else "",
            ended_at=row.ended_at,
            may_settle=row.state == "open" and may(by, "dispute.settle", work.followups.dispute_thing(row)),
            last_tier=row.tier == len(tiers) - 1,
        )


def may_still(begin: Begin, dispute_id: str, verb: str, *, by: Person, now: datetime) -> tuple[str, str]:
    """The id and reference of a dispute in which this person may still do that; refused otherwise."""
    with begin() as work:
        row, _ = reached(work, dispute_id, verb, by, now)
        still_open(row)
        return row.id, row.ref


def is_last(begin: Begin, practice: Practice, dispute_id: str, *, by: Person, now: datetime) -> bool:
    """Whether a dispute is at its last tier, for its owner there."""
    with begin() as work:
        row, case = reached(work, dispute_id, "dispute.settle", by, now)
        still_open(row)
        return row.tier == len(practice.of(case).dispute.tiers) - 1
