"""What may be seen of advice that was given without a case: pointers in lists, the words for those who may open it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class AdviceLine:
    """One talk as a pointer: its reference, the day, the agency that asked, and the concern it became, if it did."""

    id: str
    ref: str
    day: date
    agency: str
    became: str = ""


@dataclass(frozen=True, kw_only=True)
class AdviceLog:
    """The latest that this reader may open; `more` are further ones."""

    lines: tuple[AdviceLine, ...]
    more: int
    whole: bool
    """Whether it is the area's, or the reader's own only."""


@dataclass(frozen=True, kw_only=True)
class AdviceForm:
    """What the form begins with."""

    today: date
    agency_id: str
    agencies: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class AdviceNote:
    """One talk, opened by somebody who may."""

    line: AdviceLine
    asked_by: str
    advised: str
    would_meet: str
    needed: str
    by: str
