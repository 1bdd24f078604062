"""Interim measures: agreed with an end, extended or ended by a person, never lapsing (S5-11, S5-15, S5-23, S5-27)."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.access import may
from bot.domain.area import Practice
from bot.domain.errors import Invalid, TooLate
from bot.domain.measures import RESULTS, Agreed, measure_watch
from bot.domain.nudges import instant
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.storage.chronology_tables import InterimMeasureRow, MeasureAnswerRow
from bot.storage.codes import Code, digest_of
from bot.storage.tables import CaseRow
from bot.storage.transaction import Begin, Work
from bot.usecases.chronology_lines import plain_day
from bot.usecases.owed import refresh_home
from bot.views.cases import Entry
from bot.views.chronology import MeasureForm, MeasureLine, MeasuresPage
from bot.views.meeting import Pick

SHOWN = 12
"""Measures on a page, those that stand first; what is more has ended and is told by number."""

SAID = {
    "reviewed": "Looked at and kept",
    "extended": "Extended",
    "ended": "Ended",
    "became": "Ended as an interim measure: it goes on as something else",
}


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What is said when a measure's review or end has come: `answer` is one of `SAID`, with its reason.

    `ends_on` and `review_on` are needed to extend it, `review_on` to keep it, `result` to end it.
    """

    answer: str
    why: str
    ends_on: date | None = None
    review_on: date | None = None
    result: str = ""


def open_measures(
    begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime
) -> MeasuresPage:
    """A case's interim measures for whoever may read the case; an audit row."""
    with begin() as work:
        case = work.cases.opened(case_id, by, "case.read", now)
        lines = _lines(work, practice, case, now)
        _audit(work, case, by, "measures.read", {"measures": len(lines)}, now)
        thing = work.cases.thing(case)
        return MeasuresPage(
            case_id=case.id,
            ref=case.ref,
            lines=lines[:SHOWN],
            more=max(0, len(lines) - SHOWN),
            may_agree=case.state != "closed" and may(by, "measure.agree", thing),
            may_answer=may(by, "measure.answer", thing),
        )


def measure_entries(work: Work, practice: Practice, case: CaseRow, now: datetime) -> tuple[Entry, ...]:
    """The same as a part of the case's file."""
    return tuple(
        Entry(
            head=line.measure,
            body=f"Why: {line.why}\nWhy nothing less: {line.least}",
            who=f"Agreed by {line.agreed_by}",
            state="standing, and past its end"
            if line.overdue_by
            else "standing"
            if line.standing
            else "ended",
            said="\n".join(line.answers),
            due=line.ends_on,
        )
        for line in _lines(work, practice, case, now)
    )


def begin_measure(
    begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime
) -> MeasureForm:
    """The form of a new measure, for anybody who works on an open case: protection does not wait (S5-23)."""
    with begin() as work:
        case = work.cases.opened(case_id, by, "measure.agree", now)
        _live(case)
        return MeasureForm(case_id=case.id, ref=case.ref, form=new_id(), today=practice.today(now))


def agree_measure(
    begin: Begin, practice: Practice, case_id: str, agreed: Agreed, *, source: str, by: Person, now: datetime
) -> str:
    """Record a measure, once however often `source` is sent; its id. Invalid without an end, among other things."""
    with begin() as work:
        if known := work.inbox.answer_to(source):
            return known
        case = work.cases.opened(case_id, by, "measure.agree", now)
        _live(case)
        today = practice.today(now)
        agreed.checked(today)
        assert agreed.starts_on is not None
        assert agreed.ends_on is not None
        assert agreed.review_on is not None
        row = InterimMeasureRow(
            id=new_id(),
            case_id=case.id,
            measure=agreed.measure.strip(),
            why=agreed.why.strip(),
            least=agreed.least.strip(),
            agreed_by=agreed.agreed_by.strip(),
            starts_on=agreed.starts_on,
            ends_on=agreed.ends_on,
            review_on=agreed.review_on,
            created_by=by.id,
            created_at=now,
            nudged_on=today,
        )
        row.next_at = next_moment(practice, case, row, today)
        work.session.add(row)
        work.inbox.remember(source, row.id, at=now)
        facts: dict[str, Code] = {"measure": row.id, "ends_on": row.ends_on, "review_on": row.review_on}
        _audit(work, case, by, "measure.agreed", {**facts, "said": digest_of(row.measure)}, now)
        refresh_home(work, case.coordinator_id, now)
        return row.id


def open_measure(
    begin: Begin, practice: Practice, measure_id: str, *, by: Person, now: datetime
) -> MeasureForm:
    """One standing measure, to be answered by the coordinator or the chair; an audit row."""
    with begin() as work:
        row = work.chronicles.measure(measure_id)
        case = work.cases.opened(row.case_id, by, "measure.answer", now)
        _standing(row)
        _audit(work, case, by, "measures.read", {"measure": row.id}, now)
        return MeasureForm(
            case_id=case.id,
            ref=case.ref,
            form=new_id(),
            today=practice.today(now),
            measure_id=row.id,
            measure=row.measure,
            ends_on=row.ends_on,
            review_on=row.review_on,
            results=tuple(Pick(id=id, label=label) for id, label in RESULTS.items()),
        )


def answer_measure(
    begin: Begin,
    practice: Practice,
    measure_id: str,
    answered: Answered,
    *,
    source: str,
    by: Person,
    now: datetime,
) -> str:
    """End it, extend it, keep it after a review, or say what it has become; always with a reason. The case's id.

    What was agreed before stays on the record: each answer is a row of its own (IG-30). Sent twice with one `source` it
    is said once. Raises Invalid, and TooLate when it has ended already.
    """
    with begin() as work:
        row = work.chronicles.measure(measure_id)
        case = work.cases.opened(row.case_id, by, "measure.answer", now)
        if work.inbox.answer_to(source) is not None:
            return case.id
        work.session.refresh(row, with_for_update=True)
        _standing(row)
        today, before = practice.today(now), row.ends_on
        _check(row, answered, today)
        if answered.answer in ("ended", "became"):
            row.ended_at, row.ended_by, row.result, row.next_at = now, by.id, answered.result, None
        else:
            row.ends_on = answered.ends_on or row.ends_on
            row.review_on = answered.review_on or row.review_on
            row.reviewed = row.review_on == row.ends_on
            row.nudged_on = today
            row.next_at = next_moment(practice, case, row, today)
        row.version += 1
        work.inbox.remember(source, row.id, at=now)
        work.session.add(
            MeasureAnswerRow(
                id=new_id(),
                measure_id=row.id,
                answer=answered.answer,
                why=answered.why.strip(),
                by_id=by.id,
                at=now,
                ended_before=before,
                ends_on=row.ends_on,
            )
        )
        facts: dict[str, Code] = {"measure": row.id, "before": before, "ends_on": row.ends_on}
        _audit(work, case, by, f"measure.{answered.answer}", {**facts, "why": digest_of(answered.why)}, now)
        for person in sorted({case.coordinator_id, case.chair_id or case.coordinator_id}):
            refresh_home(work, person, now)
        return case.id


def standing(work: Work, case: CaseRow) -> list[InterimMeasureRow]:
    """The measures of a case that nobody has ended."""
    return [row for row in work.chronicles.measures(case.id) if row.ended_at is None]


def next_moment(practice: Practice, case: CaseRow, row: InterimMeasureRow, after: date) -> datetime:
    """When somebody is next asked about a standing measure, after that day."""
    watch = measure_watch(row.ends_on, row.review_on, practice.days(case.nation), reviewed=row.reviewed)
    return instant(watch.next_day(after), practice.area.zone)


def _check(row: InterimMeasureRow, answered: Answered, today: date) -> None:
    found = {}
    if answered.answer not in SAID:
        raise Invalid({"answer": "Choose what becomes of it."})
    if len(answered.why.strip()) < 10:
        found["why"] = "Say why in a sentence: it stays on the record with your name."
    ends_on = row.ends_on
    if answered.answer == "extended":
        if answered.ends_on is None or answered.ends_on <= max(row.ends_on, today):
            found["ends_on"] = "Choose a day after the present last day, and after today."
        ends_on = answered.ends_on or row.ends_on
    if answered.answer in ("extended", "reviewed"):
        on = answered.review_on
        if "ends_on" not in found and (on is None or not today < on <= ends_on):
            found["review_on"] = (
                "Choose a day after today, up to the last day. Past its last day, extend it or end it."
            )
    elif answered.result not in RESULTS:
        found["result"] = "Say whether the person is safer; “Not known” is an answer."
    if found:
        raise Invalid(found)


def _standing(row: InterimMeasureRow) -> None:
    if row.ended_at is not None:
        raise TooLate("Somebody has ended this measure already. Nothing has changed.")


def _live(case: CaseRow) -> None:
    if case.state == "closed":
        raise TooLate("This case is closed. If something new has happened, open a new case first.")


def _lines(work: Work, practice: Practice, case: CaseRow, now: datetime) -> tuple[MeasureLine, ...]:
    rows = work.chronicles.measures(case.id)
    answers: dict[str, list[str]] = {}
    for each in work.chronicles.answers([row.id for row in rows]):
        until = f" until {plain_day(each.ends_on)}" if each.answer == "extended" else ""
        who = work.register.row(each.by_id).name
        said = f"{SAID[each.answer]}{until} ({who}, {plain_day(practice.today(each.at))}): {each.why}"
        answers.setdefault(each.measure_id, []).append(said)
    days, today = practice.days(case.nation), practice.today(now)
    return tuple(
        MeasureLine(
            id=row.id,
            measure=row.measure,
            why=row.why,
            least=row.least,
            agreed_by=row.agreed_by,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            review_on=row.review_on,
            reviewed=row.reviewed,
            by=work.register.row(row.created_by).name,
            standing=row.ended_at is None,
            overdue_by=max(0, -days.count(today, row.ends_on)) if row.ended_at is None else 0,
            result=RESULTS.get(row.result or "", ""),
            answers=tuple(answers.get(row.id, ())),
        )
        for row in rows
    )


def _audit(work: Work, case: CaseRow, by: Person, verb: str, facts: dict[str, Code], now: datetime) -> None:
    work.audit.write(stream=case.ref, actor=by.id, verb=verb, thing=f"case:{case.id}", facts=facts, at=now)
