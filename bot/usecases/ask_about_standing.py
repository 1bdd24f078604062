"""Ask about what stands until a person speaks: interim measures, and calls for a review (T18, S5-15, S5-22, S5-27).

Looked for once each working day when the area opens (bot.usecases.opening), since it writes to people. What is due is
an indexed look and a pure function, so nothing is scheduled for any of them (design.md rule 11).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.area import Practice
from bot.domain.measures import call_watch, measure_watch
from bot.domain.nudges import Step, day_out, instant
from bot.domain.recipients import Holders, recipients
from bot.storage.chronology_tables import InterimMeasureRow
from bot.storage.tables import CaseRow, NudgeRow
from bot.storage.transaction import Work
from bot.usecases.owed import refresh_home, tell
from bot.usecases.roster import Roster

AUTHOR = "author"
"""Whoever recorded the measure: told along with the coordinator while it has not run past its end."""


CALLED, TOLD = "review_called", "review_told"
"""What is said of a call for a review to whoever has to speak, and to somebody who only hears of it: no buttons."""

MEASURE = "measure:"
"""How a nudge about an interim measure begins its name: `measure:<id>:<end or review>:<step>`."""


def ask_about_standing(work: Work, practice: Practice, now: datetime) -> int:
    """Write to whoever has to speak about what is due by now; how many people are written to.

    What is asked about a measure stands in a person's one message of the day; a call for a review is a message of its
    own, since it is to be answered within a day. Each step is said once. A missed week costs one message, not five, and
    there is always a next step while nobody has answered, whatever becomes of the case meanwhile (design.md rule 8).
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
            told += _nudge(work, practice, row, case, track, step, holders, now)
        row.nudged_on, row.next_at = today, instant(watch.next_day(today), zone)
        if steps:
            _escalated(work, case, row.id, "measure.asked_about", steps, now)
    for call in calls:
        case = work.cases.row(call.case_id)
        watch = call_watch(call.due, practice.days(case.nation))
        steps = watch.climb(call.nudged_on, today)
        for _, step in steps:
            told += _tell(work, call.id, roster.of_case(case, today), step, now)
        call.nudged_on, call.next_at = today, instant(watch.next_day(today), zone)
        if steps:
            _escalated(work, case, call.id, "review.asked_again", steps, now)
    return told


def _nudge(
    work: Work,
    practice: Practice,
    row: InterimMeasureRow,
    case: CaseRow,
    track: str,
    step: Step,
    holders: Holders,
    now: datetime,
) -> int:
    """Plan it for the one message of the day of everybody whom this step reaches; how many are new.

    A nudge is about a case's referral, and its name says which measure, as with what an agency is asked.
    """
    area, due, new = practice.area, row.ends_on if track == "end" else row.review_on, 0
    for each in recipients(step.to, holders)[0]:
        nudge = NudgeRow(
            id=f"nudge:{MEASURE}{row.id}:{row.ends_on}:{row.review_on}:{track}:{step.name}:{each.person_id}",
            referral_id=case.referral_id,
            due=due,
            rung=f"{MEASURE}{row.id}:{track}:{step.name}",
            to_role=each.role,
            person_id=each.person_id,
            day=day_out(now, practice.days(), area.zone, area.opens, area.shuts),
            state="planned",
            why=each.why,
            at=now,
        )
        new += work.nudges.add(nudge)
        refresh_home(work, each.person_id, now)
    return new


def measure_of(row: NudgeRow) -> tuple[str, str]:
    """The measure that a nudge is about, and whether it is about its `end` or its `review`."""
    _, id, track, _ = row.rung.split(":", 3)
    return id, track


def measure_moved_on(work: Work, row: NudgeRow) -> str:
    """Why a planned reminder about a measure is needless by now; "" while it holds."""
    id, track = measure_of(row)
    measure = work.chronicles.measure(id)
    if measure.ended_at is not None:
        return "it ended meanwhile"
    if track == "review" and measure.reviewed:
        return "looked at meanwhile"
    return (
        "" if row.due == (measure.ends_on if track == "end" else measure.review_on) else "the date was moved"
    )


def _tell(work: Work, id: str, holders: Holders, step: Step, now: datetime) -> int:
    reached, _ = recipients(step.to, holders)
    for each in reached:
        said = CALLED if each.role in ("chair", "coordinator") else TOLD
        tell(work, said, id, f"person:{each.person_id}", now, key=f":{step.name}")
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
