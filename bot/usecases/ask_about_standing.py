"""Ask about what stands until a person speaks: interim measures, and calls for a review (T18, S5-15, S5-22, S5-27).

Looked for once each working day when the area opens (bot.usecases.opening), since it writes to people. What is due is
an indexed look and a pure function, so nothing is scheduled for any of them (design.md rule 11).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.area import Practice
from bot.domain.measures import call_watch, measure_watch
from bot.domain.nudges import Step, instant
from bot.domain.recipients import Holders, recipients
from bot.storage.chronology_tables import InterimMeasureRow
from bot.storage.tables import CaseRow
from bot.storage.transaction import Work
from bot.usecases.owed import refresh_home, tell
from bot.usecases.roster import Roster

AUTHOR = "author"
"""Whoever recorded the measure: told along with the coordinator while it has not run past its end."""


TOLD = {
    "measure_ending": "measure_told",
    "measure_overdue": "measure_told",
    "measure_review": "measure_review_told",
    "review_called": "review_told",
}
"""What is said to somebody who hears of it and is not the one to speak: whom to speak to, and no buttons."""


def ask_about_standing(work: Work, practice: Practice, now: datetime) -> int:
    """Write to whoever has to speak about what is due by now; how many people are written to.

    Each step is said once. A missed week costs one message, not five, and there is always a next step while nobody
    has answered, whatever becomes of the case meanwhile (design.md rule 8).
    """
    measures, calls = work.chronicles.measures_due(now), work.chronicles.calls_due(now)
    if not measures and not calls:
        return 0
    roster, today, zone = Roster(work, practice), practice.today(now), practice.area.zone
    told = 0
    for row in measures:
        case = work.cases.row(row.case_id)
        days = practice.days(case.nation)
        watch = measure_watch(row.ends_on, row.review_on, days, reviewed=row.reviewed)
        holders = _with_author(roster.of_case(case, today), case, row)
        steps = watch.climb(row.nudged_on, today)
        for track, step in steps:
            message = "measure_overdue" if today > row.ends_on else "measure_ending"
            if track == "review":
                message = "measure_review"
            told += _tell(work, message, row.id, holders, step, f"{row.ends_on}:{row.review_on}", now)
        row.nudged_on, row.next_at = today, instant(watch.next_day(today), zone)
        if steps:
            _escalated(work, case, row.id, "measure.asked_about", steps, now)
    for call in calls:
        case = work.cases.row(call.case_id)
        watch = call_watch(call.due, practice.days(case.nation))
        steps = watch.climb(call.nudged_on, today)
        for _, step in steps:
            told += _tell(work, "review_called", call.id, roster.of_case(case, today), step, "", now)
        call.nudged_on, call.next_at = today, instant(watch.next_day(today), zone)
        if steps:
            _escalated(work, case, call.id, "review.asked_again", steps, now)
    return told


def _tell(work: Work, message: str, id: str, holders: Holders, step: Step, of: str, now: datetime) -> int:
    reached, _ = recipients(step.to, holders)
    for each in reached:
        speaks = each.role in ("chair", "coordinator")
        said = message if speaks else TOLD[message]
        tell(work, f"{said}", id, f"person:{each.person_id}", now, key=f"{of}:{step.name}")
        refresh_home(work, each.person_id, now)
    return len(reached)


def _with_author(holders: Holders, case: CaseRow, row: InterimMeasureRow) -> Holders:
    """Whoever recorded it is told too, unless they hear of it already or may not know of the case any more."""
    known = row.created_by not in (case.coordinator_id, case.chair_id)
    fit = known and any(row.created_by in ids for ids in holders.by_role.values())
    return replace(holders, by_role={**holders.by_role, AUTHOR: (row.created_by,) if fit else ()})


def _escalated(
    work: Work, case: CaseRow, id: str, verb: str, steps: Sequence[tuple[str, Step]], now: datetime
) -> None:
    work.audit.write(
        stream=case.ref,
        actor="convenor",
        verb=verb,
        thing=f"case:{case.id}",
        facts={"about": id, "steps": [f"{track}:{step.name}" for track, step in steps]},
        at=now,
    )
