"""Measure how it goes for the person: readings at a review and between, and their trend (S5-26)."""

from datetime import datetime

from sqlmodel import col, select

from bot.domain.access import may
from bot.domain.area import Practice
from bot.domain.errors import TooLate
from bot.domain.indicators import WORDS, Indicator, Readings
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.storage.codes import Codes, digest_of
from bot.storage.indicator_tables import IndicatorReadingRow
from bot.storage.tables import CaseRow
from bot.storage.transaction import Begin, Work
from bot.usecases.chronology_lines import plain_day
from bot.views.cases import Entry
from bot.views.indicators import IndicatorPage, Reading, Series, Trend

MEANING = {
    "first": "The first reading",
    "better": "Better than the reading before",
    "same": "The same as the reading before",
    "worse": "Worse than the reading before",
}


def open_indicators(
    begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime
) -> IndicatorPage:
    """The measures so far, and what a new reading asks, for whoever may read the case; an audit row."""
    with begin() as work:
        case = work.cases.opened(case_id, by, "case.read", now)
        _did(work, case, by, "indicators.read", now)
        return IndicatorPage(
            case_id=case.id,
            ref=case.ref,
            today=practice.today(now),
            series=series_of(work, practice, case),
            words=tuple(WORDS.items()),
            may_add=case.state != "closed" and may(by, "person.record", work.cases.thing(case)),
        )


def record_readings(
    begin: Begin, practice: Practice, case_id: str, readings: Readings, *, by: Person, now: datetime
) -> str:
    """Keep what was read of one day, beside what was read before. The case's id.

    Raises Invalid beside a field (`on`, `word`, or the measure's id), TooLate for a closed case.
    """
    with begin() as work:
        case = work.cases.opened(case_id, by, "person.record", now)
        if case.state == "closed":
            raise TooLate(f"{case.ref} is closed. Nothing was saved.")
        given = readings.checked(practice.of(case).indicators, practice.today(now))
        assert readings.on is not None
        for id, value in given.items():
            work.session.add(
                IndicatorReadingRow(
                    id=new_id(),
                    case_id=case.id,
                    indicator=id,
                    value=value,
                    read_on=readings.on,
                    word=readings.word,
                    by_id=by.id,
                    at=now,
                )
            )
        said = digest_of("\n".join(f"{id}={value}" for id, value in sorted(given.items())))
        facts: Codes = {"day": readings.on, "of": sorted(given), "said": said}
        work.audit.write(
            stream=case.ref,
            actor=by.id,
            verb="indicators.recorded",
            thing=f"case:{case.id}",
            facts=facts,
            at=now,
        )
        return case.id


def series_of(work: Work, practice: Practice, case: CaseRow) -> tuple[Series, ...]:
    """Each measure of the case's pathway with its readings, of each day the one recorded last."""
    query = select(IndicatorReadingRow).where(IndicatorReadingRow.case_id == case.id)
    rows = work.session.exec(
        query.order_by(
            col(IndicatorReadingRow.read_on), col(IndicatorReadingRow.at), col(IndicatorReadingRow.id)
        )
    )
    last = {(row.indicator, row.read_on): row for row in rows}
    return tuple(
        _series(work, each, [row for (id, _), row in last.items() if id == each.id])
        for each in practice.of(case).indicators
    )


def indicator_entries(work: Work, practice: Practice, case: CaseRow) -> tuple[Entry, ...]:
    """The part of a case's file: each measure that was ever read, its newest reading first."""
    return tuple(
        Entry(
            head=each.label,
            body="\n".join(
                f"{plain_day(one.on)}: {one.told} ({one.word}; recorded by {one.by})"
                for one in reversed(each.readings)
            ),
            state=MEANING[each.meaning],
        )
        for each in series_of(work, practice, case)
        if each.readings
    )


def trend_taken(
    work: Work, practice: Practice, case_id: str, by: Person, now: datetime
) -> tuple[Trend, CaseRow]:
    """The measures as a picture or a table, for whoever may read the case; that it is taken is the caller's to keep."""
    case = work.cases.opened(case_id, by, "case.read", now)
    reviews = sorted({practice.today(at) for at, _, _ in work.followups.ratings(case.id)})
    trend = Trend(
        ref=case.ref,
        area=practice.area.name,
        day=practice.today(now),
        series=series_of(work, practice, case),
        reviews=tuple(reviews),
        drill=case.drill,
    )
    return trend, case


def _series(work: Work, indicator: Indicator, rows: list[IndicatorReadingRow]) -> Series:
    meaning = "first" if rows else ""
    if len(rows) > 1:
        meaning = indicator.meaning(rows[-2].value, rows[-1].value)
    return Series(
        id=indicator.id,
        label=indicator.label,
        steps=indicator.steps,
        readings=tuple(
            Reading(
                on=row.read_on,
                value=row.value,
                told=indicator.told(row.value),
                word=WORDS[row.word],
                by=work.register.row(row.by_id).name,
            )
            for row in rows
        ),
        meaning=meaning,
    )


def _did(work: Work, case: CaseRow, by: Person, verb: str, now: datetime) -> None:
    work.audit.write(stream=case.ref, actor=by.id, verb=verb, thing=f"case:{case.id}", facts={}, at=now)
