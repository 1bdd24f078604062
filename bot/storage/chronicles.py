"""The living record of a case, in and out of the database: its chronology, interim measures, calls for a review.

A page of the chronology is read by one query that joins what people wrote with what has records of its own. Each part
gives no more than the page can need, in order and by an index, so two thousand entries cost what twenty do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    String,
    bindparam,
    func,
    literal,
    union_all,
)
from sqlalchemy import select as read
from sqlmodel import Session, col, select

from bot.domain.chronology import KINDS, Reading
from bot.domain.errors import NotFound
from bot.storage.chronology_tables import (
    ChronologyRow,
    InterimMeasureRow,
    MeasureAnswerRow,
    ReviewTriggerRow,
)
from bot.storage.prepared import Prepared
from bot.storage.tables import ActionRow, AgendaItemRow, CaseRow, DecisionRow, MeetingRow, NudgeRow


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where one line of a chronology comes from: a kind of `KINDS` or of `OF_THE_RECORD`, and its row's id."""

    kind: str
    id: str
    happened_at: datetime
    known_at: datetime


class Chronicles:
    """Made of a session of one transaction."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def entry(self, id: str) -> ChronologyRow:
        """An entry that somebody wrote, or NotFound."""
        row = self.session.get(ChronologyRow, id)
        if row is None:
            raise NotFound("There is no such entry.")
        return row

    def entries(self, ids: Sequence[str]) -> dict[str, ChronologyRow]:
        """Several of them by id."""
        return _by_id(self.session, ChronologyRow, ids)

    def rows(self, model: Any, ids: Sequence[str]) -> dict[str, Any]:
        """Several rows of any table by id."""
        return _by_id(self.session, model, ids)

    def corrections(self, ids: Sequence[str], until: datetime | None) -> dict[str, ChronologyRow]:
        """Of these entries, those that were put right by then: the entry that did, by the id of the one it corrects."""
        query = select(ChronologyRow).where(col(ChronologyRow.corrects_id).in_(ids))
        if until is not None:
            query = query.where(col(ChronologyRow.recorded_at) < until)
        return {str(row.corrects_id): row for row in self.session.exec(query)}

    def incidents(self, case_id: str) -> list[ChronologyRow]:
        """Every incident of a case, and every correction of one."""
        query = select(ChronologyRow).where(
            ChronologyRow.case_id == case_id, ChronologyRow.kind == "incident"
        )
        return list(self.session.exec(query))

    def page(
        self, case: CaseRow, reading: Reading, until: datetime | None, *, start: int, most: int
    ) -> list[Place]:
        """The lines from number `start` (from 0), at most `most`, in the order of the reading; the order is total."""
        query = _page(reading.by, reading.newest_first, reading.kind, until is not None)
        limits = {"upto": start + most, "start": start, "most": most}
        found = self._lines(query, case, until, limits)
        return [
            Place(kind=row.kind, id=row.id, happened_at=row.happened_at, known_at=row.known_at)
            for row in found
        ]

    def how_many(self, case: CaseRow, reading: Reading, until: datetime | None) -> int:
        """How many lines there are in all."""
        [row] = self._lines(_count(reading.kind, until is not None), case, until, {})
        return int(row.n)

    def _lines(
        self, query: "_Query", case: CaseRow, until: datetime | None, more: dict[str, int]
    ) -> list[Any]:
        self.session.flush()
        known = {"case": case.id, "referral": case.referral_id, "until": until, **more}
        values = {name: known[name] for name in query.names}
        return query.prepared.all(self.session.connection(), values)

    def measure(self, id: str) -> InterimMeasureRow:
        """One interim measure, or NotFound."""
        row = self.session.get(InterimMeasureRow, id)
        if row is None:
            raise NotFound("There is no such interim measure.")
        return row

    def measures(self, case_id: str) -> list[InterimMeasureRow]:
        """A case's interim measures: those that stand, the next to end first, then those that have ended."""
        query = select(InterimMeasureRow).where(InterimMeasureRow.case_id == case_id)
        rows = self.session.exec(query.order_by(col(InterimMeasureRow.ends_on), col(InterimMeasureRow.id)))
        return sorted(rows, key=lambda row: row.ended_at is not None)

    def answers(self, measure_ids: Sequence[str]) -> list[MeasureAnswerRow]:
        """What was said about these measures, oldest first."""
        query = select(MeasureAnswerRow).where(col(MeasureAnswerRow.measure_id).in_(measure_ids))
        return list(self.session.exec(query.order_by(col(MeasureAnswerRow.at), col(MeasureAnswerRow.id))))

    def measures_due(self, moment: datetime) -> list[InterimMeasureRow]:
        """Standing measures about which somebody is to be asked by then; an indexed look."""
        query = select(InterimMeasureRow).where(
            col(InterimMeasureRow.next_at).is_not(None), col(InterimMeasureRow.next_at) <= moment
        )
        return list(self.session.exec(query.order_by(col(InterimMeasureRow.next_at)).with_for_update()))

    def call(self, id: str) -> ReviewTriggerRow:
        """One call for a review, or NotFound."""
        row = self.session.get(ReviewTriggerRow, id)
        if row is None:
            raise NotFound("There is no such call for a review.")
        return row

    def calls(self, case_id: str) -> list[ReviewTriggerRow]:
        """A case's calls for a review, oldest first."""
        query = select(ReviewTriggerRow).where(ReviewTriggerRow.case_id == case_id)
        return list(self.session.exec(query.order_by(col(ReviewTriggerRow.fired_at))))

    def calls_due(self, moment: datetime) -> list[ReviewTriggerRow]:
        """Calls that nobody has answered and about which somebody is to be asked by then; an indexed look."""
        query = select(ReviewTriggerRow).where(
            col(ReviewTriggerRow.next_at).is_not(None), col(ReviewTriggerRow.next_at) <= moment
        )
        return list(self.session.exec(query.order_by(col(ReviewTriggerRow.next_at)).with_for_update()))

    def waiting_with(self, person_id: str) -> tuple[list[InterimMeasureRow], list[ReviewTriggerRow]]:
        """Standing measures and unanswered calls of the cases that this person coordinates or chairs."""
        own = (CaseRow.coordinator_id == person_id) | (CaseRow.chair_id == person_id)
        measures = (
            select(InterimMeasureRow)
            .join(CaseRow, col(InterimMeasureRow.case_id) == col(CaseRow.id))
            .where(col(InterimMeasureRow.next_at).is_not(None), own)
            .order_by(col(InterimMeasureRow.ends_on), col(InterimMeasureRow.id))
        )
        calls = (
            select(ReviewTriggerRow)
            .join(CaseRow, col(ReviewTriggerRow.case_id) == col(CaseRow.id))
            .where(col(ReviewTriggerRow.next_at).is_not(None), own)
            .order_by(col(ReviewTriggerRow.due), col(ReviewTriggerRow.id))
        )
        return list(self.session.exec(measures)), list(self.session.exec(calls))


Part = Select[Any]

_CASE: BindParameter[str] = bindparam("case")
_REFERRAL: BindParameter[str] = bindparam("referral")


@dataclass(frozen=True)
class _Query:
    """A statement that is put into words once, and the names of the values that it takes."""

    prepared: Prepared
    names: frozenset[str]


def _query(statement: Any) -> _Query:
    return _Query(Prepared(statement), frozenset(statement.compile().params) & _NAMES)


_NAMES = frozenset({"case", "referral", "until", "upto", "start", "most"})


@cache
def _page(by: str, newest_first: bool, kind: str, bounded: bool) -> _Query:
    """A page in that order: of each part no more than it can need, then all of them put in order."""
    reading = Reading(by=by, newest_first=newest_first)  # type: ignore[arg-type]
    parts = [
        part.order_by(*_sorted(reading, part.selected_columns))
        .limit(bindparam("upto", type_=Integer))
        .subquery()
        for part in _parts(kind, bounded)
    ]
    lines = union_all(*(read(part) for part in parts)).subquery()
    start, most = bindparam("start", type_=Integer), bindparam("most", type_=Integer)
    return _query(read(lines).order_by(*_sorted(reading, lines.c)).offset(start).limit(most))


@cache
def _count(kind: str, bounded: bool) -> _Query:
    counts = [read(func.count().label("n")).select_from(part.subquery()) for part in _parts(kind, bounded)]
    each = union_all(*counts).subquery()
    return _query(read(func.coalesce(func.sum(each.c.n), 0).label("n")))


def _parts(kind: str, bounded: bool) -> list[Part]:
    """What of each table belongs to the chronology, each with the same four columns; of one kind, or of all ("")."""
    if kind in KINDS:
        return [_written(kind, bounded)]
    if kind:
        return [_own_records(bounded)[kind]]
    return [_written("", bounded), *_own_records(bounded).values()]


def _own_records(bounded: bool) -> dict[str, Part]:
    actions = read(col(ActionRow.id)).where(col(ActionRow.case_id) == _CASE)
    reminded = col(NudgeRow.action_id).in_(actions) | (col(NudgeRow.referral_id) == _REFERRAL)
    listed = read(col(AgendaItemRow.meeting_id)).where(col(AgendaItemRow.case_id) == _CASE)
    begun = func.coalesce(MeetingRow.started_at, MeetingRow.starts_at, MeetingRow.concluded_at)
    return {
        "decided": _part(
            "decided", DecisionRow, DecisionRow.at, DecisionRow.at, bounded, DecisionRow.case_id == _CASE
        ),
        "meeting": _part(
            "meeting",
            MeetingRow,
            begun,
            MeetingRow.concluded_at,
            bounded,
            col(MeetingRow.id).in_(listed),
            MeetingRow.state == "concluded",
            col(MeetingRow.concluded_at).is_not(None),
        ),
        "action_ended": _part(
            "action_ended",
            ActionRow,
            ActionRow.closed_at,
            ActionRow.closed_at,
            bounded,
            ActionRow.case_id == _CASE,
            ActionRow.state == "closed",
            col(ActionRow.closed_at).is_not(None),
        ),
        "reminder": _part(
            "reminder", NudgeRow, NudgeRow.at, NudgeRow.at, bounded, reminded, NudgeRow.state == "sent"
        ),
        "measure": _part(
            "measure",
            InterimMeasureRow,
            InterimMeasureRow.created_at,
            InterimMeasureRow.created_at,
            bounded,
            InterimMeasureRow.case_id == _CASE,
        ),
    }


def _written(kind: str, bounded: bool) -> Part:
    row = ChronologyRow
    wanted = [row.kind == kind] if kind else []
    return _part(row.kind, row, row.happened_at, row.recorded_at, bounded, row.case_id == _CASE, *wanted)


def _part(kind: Any, row: Any, happened: Any, known: Any, bounded: bool, *where: Any) -> Part:
    name: ColumnElement[Any] = literal(kind, String) if isinstance(kind, str) else kind
    part = read(
        name.label("kind"), row.id.label("id"), happened.label("happened_at"), known.label("known_at")
    ).where(*where)
    return part.where(known < bindparam("until")) if bounded else part


def _sorted(reading: Reading, columns: Any) -> list[Any]:
    """By when it happened or was known, then by the other, then by id: no two lines are ever level."""
    names = ("happened_at", "known_at", "id")
    if reading.by == "known":
        names = ("known_at", "happened_at", "id")
    return [columns[name].desc() if reading.newest_first else columns[name] for name in names]


def _by_id(session: Session, model: Any, ids: Sequence[str]) -> dict[str, Any]:
    if not ids:
        return {}
    return {row.id: row for row in session.exec(select(model).where(model.id.in_(ids)))}
