"""How it goes for the person of a case: each measure's readings, and which way they have gone (S5-26)."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was read on a day, in words; `word` is whose word it is, `by` who recorded it."""

    on: date
    value: int
    told: str
    word: str
    by: str


@dataclass(frozen=True, kw_only=True)
class Series:
    """One measure with its readings, the earliest first.

    `steps` are its words, the lowest first; empty for a number. `meaning` is `better`, `worse` or `same` since the
    reading before, `first` where there is one reading, "" where there is none.
    """

    id: str
    label: str
    steps: tuple[str, ...]
    readings: tuple[Reading, ...]
    meaning: str


@dataclass(frozen=True, kw_only=True)
class IndicatorPage:
    """The measures of a case and the form of a new reading; opened, audited."""

    case_id: str
    ref: str
    today: date
    series: tuple[Series, ...]
    words: tuple[tuple[str, str], ...]
    may_add: bool


@dataclass(frozen=True, kw_only=True)
class Trend:
    """The same as a picture or a table that somebody takes away; `reviews` are the days of meetings that rated it."""

    ref: str
    area: str
    day: date
    series: tuple[Series, ...]
    reviews: tuple[date, ...]
    drill: bool
