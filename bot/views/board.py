"""The board of cases as a coordinator sees it: pointers only (design.md rule 4)."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class BoardBlock:
    """One thing in a case's way, and how many of it."""

    kind: str
    count: int


@dataclass(frozen=True, kw_only=True)
class BoardLine:
    """One case: its next clock with the working days left (negative: missed by so many), and what is in its way."""

    id: str
    ref: str
    pathway: str
    state: str
    coordinator: str
    what: str
    due_on: date | None
    days_left: int | None
    meeting_at: datetime | None
    blocks: tuple[BoardBlock, ...]


@dataclass(frozen=True, kw_only=True)
class Board:
    """A page of the board. `bands` counts every case by how soon its clock runs out, whatever is shown.

    `shown` is the band that the page is narrowed to, or `blocked`, `mine`, or empty for all of them.
    """

    at: datetime
    pathway: str
    pathway_id: str
    shown: str
    bands: dict[str, int]
    blocked: int
    mine: int
    total: int
    lines: tuple[BoardLine, ...]
    page: int
    pages: int
    drill: bool
