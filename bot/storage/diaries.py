"""Diaries as other systems told them, in and out of the database; each one's newest reading alone is kept."""

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session, col, delete, select

from bot.domain.diary import Diary, Reading, Unreadable
from bot.domain.spans import Span
from bot.storage.tables import DiaryReadingRow


class Diaries:
    """What was read of the diaries of people and rooms, and when."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def readings(self, whose: Iterable[str]) -> Mapping[str, Reading]:
        """The newest reading of each of these of whom there is one."""
        query = select(DiaryReadingRow).where(col(DiaryReadingRow.whose).in_(list(whose)))
        return {row.whose: _reading(row) for row in self.session.exec(query)}

    def keep(self, whose: str, reading: Reading) -> None:
        """Keep this reading in the place of the last, unless that is newer."""
        row = self.session.get(DiaryReadingRow, whose, with_for_update=True)
        if row is not None and row.read_at > reading.read_at:
            return
        diary = reading.diary
        values: dict[str, Any] = {
            "starts_at": reading.window.start,
            "ends_at": reading.window.end,
            "read_at": reading.read_at,
            "reason": diary.reason if isinstance(diary, Unreadable) else "",
            "busy": _seconds(diary.busy) if isinstance(diary, Diary) else [],
            "tentative": _seconds(diary.tentative) if isinstance(diary, Diary) else [],
        }
        if row is None:
            self.session.add(DiaryReadingRow(whose=whose, **values))
        else:
            row.sqlmodel_update(values)
        self.session.flush()

    def forget(self, before: datetime) -> int:
        """Throw away what was read before that moment; how many readings."""
        gone = self.session.connection().execute(
            delete(DiaryReadingRow).where(col(DiaryReadingRow.read_at) < before)
        )
        return gone.rowcount


def _reading(row: DiaryReadingRow) -> Reading:
    diary = (
        Unreadable(reason=row.reason)
        if row.reason
        else Diary(busy=_spans(row.busy), tentative=_spans(row.tentative))
    )
    return Reading(window=Span(row.starts_at, row.ends_at), read_at=row.read_at, diary=diary)


def _seconds(spans: Iterable[Span]) -> list[list[int]]:
    return [[math.floor(each.start.timestamp()), math.ceil(each.end.timestamp())] for each in spans]


def _spans(pairs: Iterable[list[int]]) -> tuple[Span, ...]:
    return tuple(
        Span(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC)) for start, end in pairs
    )
