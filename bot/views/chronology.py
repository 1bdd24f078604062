"""What may be seen of a case's chronology, its interim measures and the reviews that the record calls for.

The pages are opened by people who may read the case; the notes and lines that leave hold references and dates only.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from bot.domain.chronology import Box
from bot.views.meeting import Pick


@dataclass(frozen=True, kw_only=True)
class KindPick:
    """A kind of entry to choose, and what it is for."""

    id: str
    label: str
    description: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a chronology. `texts` are (name, what was written); `timed` whether the time of day is known."""

    id: str
    kind: str
    label: str
    happened_at: datetime
    timed: bool
    about: bool
    known_at: datetime
    who: str
    texts: tuple[tuple[str, str], ...]
    corrected_at: datetime | None = None
    corrected_by: str = ""
    corrects: bool = False
    why: str = ""
    opens: bool = False
    """Whether it is an entry that somebody wrote, to be opened by itself."""


@dataclass(frozen=True, kw_only=True)
class ChronologyPage:
    """A page of a chronology; `reading` is how it is read, as a code for the buttons."""

    case_id: str
    ref: str
    reading: str
    by: str
    newest_first: bool
    as_at: date | None
    kind: str
    number: int
    of: int
    total: int
    first: int
    lines: tuple[Line, ...]
    kinds: tuple[Pick, ...]
    may_add: bool
    closed: bool
    may_begin: bool


@dataclass(frozen=True, kw_only=True)
class EntryOpened:
    """One entry, whole, with what it corrects and what corrects it."""

    case_id: str
    ref: str
    line: Line
    earlier_id: str
    later_id: str
    may_correct: bool


@dataclass(frozen=True, kw_only=True)
class EntryForm:
    """The small form of one kind of entry; filled in with the entry that it puts right, where it does."""

    case_id: str
    ref: str
    form: str
    """Minted when it opened: one dialog may hold several forms after one another, and each is sent once."""
    kind: str
    label: str
    boxes: tuple[Box, ...]
    incidents: tuple[Pick, ...]
    subjects: tuple[Pick, ...]
    today: date
    closed: bool
    corrects: str = ""
    day: date | None = None
    clock: time | None = None
    about: bool = False
    subject: str = ""
    incident: str = ""
    texts: tuple[tuple[str, str], ...] = ()

    def text_of(self, box: str) -> str:
        """What stands in a box already."""
        return dict(self.texts).get(box, "")


@dataclass(frozen=True, kw_only=True)
class MeasureLine:
    """An interim measure as its page shows it; `answers` are what was said about it, in order."""

    id: str
    measure: str
    why: str
    least: str
    agreed_by: str
    starts_on: date
    ends_on: date
    review_on: date
    reviewed: bool
    by: str
    standing: bool
    overdue_by: int
    """Working days past its end; 0 while it is not, or once somebody has ended it."""
    result: str
    answers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MeasuresPage:
    """A case's interim measures."""

    case_id: str
    ref: str
    lines: tuple[MeasureLine, ...]
    more: int
    may_agree: bool
    may_answer: bool


@dataclass(frozen=True, kw_only=True)
class MeasureForm:
    """What is asked when a measure is agreed, or when its review or end has come."""

    case_id: str
    ref: str
    form: str
    """Minted when it opened: one dialog may hold several forms after one another, and each is sent once."""
    today: date
    measure_id: str = ""
    measure: str = ""
    ends_on: date | None = None
    review_on: date | None = None
    results: tuple[Pick, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What waits for a coordinator's or chair's word, as a channel or a Home may show it (sensitivity 1).

    `what` is `end`, `review` or `call`; `due` the day, `overdue_by` and `due_in` working days.
    """

    id: str
    case_id: str
    ref: str
    what: str
    due: date
    overdue_by: int
    due_in: int
    listable: bool
    drill: bool


@dataclass(frozen=True, kw_only=True)
class CallOpened:
    """A call for a review, for whoever answers it: which kind of incident, how many, and the pathway's mark."""

    id: str
    case_id: str
    ref: str
    incident: str
    count: int
    threshold: int
    fired_at: datetime
    due: date
