"""Looks at what waits for a coordinator's or chair's word: references and dates only, for channels and for Home."""

from datetime import date, datetime

from bot.domain.access import may
from bot.domain.area import Practice
from bot.domain.people import Person
from bot.storage.chronology_tables import InterimMeasureRow
from bot.storage.tables import CaseRow
from bot.storage.transaction import Work
from bot.usecases.looks.cases import LISTABLE
from bot.views.chronology import Standing

SOON = 2
"""Working days before its end from which a measure stands on Home (T18)."""


def measure_note(work: Work, practice: Practice, id: str, now: datetime) -> Standing | None:
    """What a message says of a measure whose end is near or past; None when nobody has to be asked any more."""
    row = work.chronicles.measure(id)
    return None if row.ended_at is not None else _measure(work, practice, row, "end", now)


def measure_review_note(work: Work, practice: Practice, id: str, now: datetime) -> Standing | None:
    """The same of a measure that is to be looked at; None once somebody has, or when it has ended."""
    row = work.chronicles.measure(id)
    return None if row.ended_at is not None or row.reviewed else _measure(work, practice, row, "review", now)


def call_note(work: Work, practice: Practice, id: str, now: datetime) -> Standing | None:
    """What a message says of a call for a review: that there is one, never what it rests on; None once answered."""
    row = work.chronicles.call(id)
    if row.answer is not None:
        return None
    return _standing(practice, work.cases.row(row.case_id), row.id, "call", row.due, now)


def standing_for(work: Work, practice: Practice, by: Person, now: datetime) -> tuple[Standing, ...]:
    """What waits for this person's word in the cases that they coordinate or chair, the most pressing first."""
    measures, calls = work.chronicles.waiting_with(by.id)
    today, found = practice.today(now), []
    for row in measures:
        if not _may(work, by, row.case_id, "measure.answer"):
            continue
        days = practice.days(work.cases.row(row.case_id).nation)
        if days.count(today, row.ends_on) <= SOON:
            found.append(_measure(work, practice, row, "end", now))
        elif not row.reviewed and row.review_on <= today:
            found.append(_measure(work, practice, row, "review", now))
    for call in calls:
        if _may(work, by, call.case_id, "review.answer"):
            case = work.cases.row(call.case_id)
            found.append(_standing(practice, case, call.id, "call", call.due, now))
    return tuple(sorted(found, key=lambda each: (each.due, each.ref, each.id)))


def _may(work: Work, by: Person, case_id: str, verb: str) -> bool:
    return may(by, verb, work.cases.thing(work.cases.row(case_id)))


def _measure(work: Work, practice: Practice, row: InterimMeasureRow, what: str, now: datetime) -> Standing:
    due = row.ends_on if what == "end" else row.review_on
    return _standing(practice, work.cases.row(row.case_id), row.id, what, due, now)


def _standing(practice: Practice, case: CaseRow, id: str, what: str, due: date, now: datetime) -> Standing:
    left = practice.days(case.nation).count(practice.today(now), due)
    return Standing(
        id=id,
        case_id=case.id,
        ref=case.ref,
        what=what,
        due=due,
        overdue_by=max(0, -left),
        due_in=max(0, left),
        listable=case.state in LISTABLE
        and any(stage.recurs is not None for stage in practice.of(case).stages),
        drill=case.drill,
    )
