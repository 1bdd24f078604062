"""The living record of a case, in and out of the database: its chronology, interim measures, calls for a review.

A page of the chronology is read by one query that joins what people wrote with what has records of its own. Each part
gives no more than the page can need, in order and by an index, so two thousand entries cost what twenty do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, func, literal, union_all
from sqlalchemy import select as read
from sqlmodel import Session, col, select

from bot.domain.chronology import KINDS, OF_THE_RECORD, Reading
from bot.domain.errors import NotFound
from bot.storage.chronology_tables import (
    ChronologyRow,
    InterimMeasureRow,
    MeasureAnswerRow,
    ReviewTriggerRow,
)
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
        parts = [
            part.order_by(*_order(reading, part)).limit(start + most).subquery()
            for part in _parts(case, reading.kind, until)
        ]
        if not parts:
            return []
        lines = union_all(*(read(part) for part in parts)).subquery()
        query = read(lines).order_by(*_sorted(reading, lines.c)).offset(start).limit(most)
        return [
            Place(kind=row.kind, id=row.id, happened_at=row.happened_at, known_at=row.known_at)
            for row in self.session.connection().execute(query)
        ]

    def how_many(self, case: CaseRow, reading: Reading, until: datetime | None) -> int:
        """How many lines there are in all."""
        parts = _parts(case, reading.kind, until)
        if not parts:
            return 0
        counts = union_all(
            *(read(func.count().label("n")).select_from(part.subquery()) for part in parts)
        ).subquery()
        return int(self.session.connection().execute(read(func.sum(counts.c.n))).scalar_one())

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


def _parts(case: CaseRow, kind: str, until: datetime | None) -> list[Part]:
    """What of each table belongs to the chronology, each with the same four columns."""
    built = {**{id: _written(case, id, until) for id in KINDS if id == kind}, **_own_records(case, until)}
    if kind:
        return [built[kind]]
    return [_written(case, "", until), *(built[id] for id in OF_THE_RECORD)]


def _own_records(case: CaseRow, until: datetime | None) -> dict[str, Part]:
    actions = read(col(ActionRow.id)).where(col(ActionRow.case_id) == case.id)
    reminded = col(NudgeRow.action_id).in_(actions) | (col(NudgeRow.referral_id) == case.referral_id)
    listed = read(col(AgendaItemRow.meeting_id)).where(col(AgendaItemRow.case_id) == case.id)
    return {
        "decided": _part(
            "decided", DecisionRow.id, DecisionRow.at, DecisionRow.at, until, DecisionRow.case_id == case.id
        ),
        "meeting": _part(
            "meeting",
            MeetingRow.id,
            func.coalesce(MeetingRow.started_at, MeetingRow.starts_at, MeetingRow.concluded_at),
            MeetingRow.concluded_at,
            until,
            col(MeetingRow.id).in_(listed),
            MeetingRow.state == "concluded",
            col(MeetingRow.concluded_at).is_not(None),
        ),
        "action_ended": _part(
            "action_ended",
            ActionRow.id,
            ActionRow.closed_at,
            ActionRow.closed_at,
            until,
            ActionRow.case_id == case.id,
            ActionRow.state == "closed",
            col(ActionRow.closed_at).is_not(None),
        ),
        "reminder": _part(
            "reminder", NudgeRow.id, NudgeRow.at, NudgeRow.at, until, reminded, NudgeRow.state == "sent"
        ),
        "measure": _part(
            "measure",
            InterimMeasureRow.id,
            InterimMeasureRow.created_at,
            InterimMeasureRow.created_at,
            until,
            InterimMeasureRow.case_id == case.id,
        ),
    }


def _written(case: CaseRow, kind: str, until: datetime | None) -> Part:
    wanted = [ChronologyRow.kind == kind] if kind else []
    row = ChronologyRow
    return _part(row.kind, row.id, row.happened_at, row.recorded_at, until, row.case_id == case.id, *wanted)


def _part(kind: Any, id: Any, happened: Any, known: Any, until: datetime | None, *where: Any) -> Part:
    name: ColumnElement[Any] = literal(kind, String) if isinstance(kind, str) else kind
    part = read(
        name.label("kind"), id.label("id"), happened.label("happened_at"), known.label("known_at")
    ).where(*where)
    return part if until is None else part.where(known < until)


def _order(reading: Reading, part: Part) -> list[Any]:
    return _sorted(reading, part.selected_columns)


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
