"""Readings of how it goes for the person a case is about."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import SQLModel

from bot.storage import naming as naming
from bot.storage.tables import OPERATIONAL, _key, _of, _to


class IndicatorReadingRow(SQLModel, table=True):
    """One reading of one measure of the pathway, of one day (S5-26). A later one of the same day takes its place in the
    series; both stay on the record. `word` is whose word it is, of a fixed list. `value` is a number or a
    place in a fixed list, of the class of a risk's rating.
    """

    __tablename__ = "indicator_reading"
    __table_args__ = (
        CheckConstraint("word IN ('person', 'close', 'professional', 'record')", name="word"),
        CheckConstraint("value >= 0", name="not_negative"),
        Index("ix_indicator_reading_case", "case_id", "read_on"),
    )

    id: str = _key()
    case_id: str = _to("case_file")
    indicator: str = _of(OPERATIONAL)
    value: int = _of(OPERATIONAL)
    read_on: date = _of(OPERATIONAL)
    word: str = _of(OPERATIONAL)
    by_id: str = _to("person")
    at: datetime = _of(OPERATIONAL)


__all__ = [name for name in globals() if name.endswith("Row")]
