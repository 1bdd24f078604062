"""What may be seen of what was learnt: pointers in a list and in messages, the words in a dialog of one's own."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class LessonLine:
    """One lesson as a pointer. `stands` is open, overdue or verified."""

    id: str
    ref: str
    source: str
    owner: str
    due: date
    stands: str


@dataclass(frozen=True, kw_only=True)
class LessonList:
    """The lessons whose change nobody has verified yet, those due first."""

    lines: tuple[LessonLine, ...]
    may_add: bool


@dataclass(frozen=True, kw_only=True)
class LessonSheet:
    """What is needed to record one; `ref` is the case's, "" for a lesson from elsewhere."""

    case_id: str
    ref: str
    owners: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str], ...]
    pathways: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """One lesson with its words, opened by somebody who may."""

    line: LessonLine
    lesson: str
    change: str
    may_verify: bool
    verified: str


@dataclass(frozen=True, kw_only=True)
class LessonNote:
    """One lesson as a message tells of it: no word of what was learnt."""

    id: str
    ref: str
    source: str
    due: date
    overdue_by: int
    drill: bool
