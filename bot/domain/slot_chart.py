"""The answer to a search as a chart: agency by agency, how each option stands, and each half-day of the window.

What is drawn and what is read aloud both come from here, so that a picture cannot say what its words do not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.slot_board import NOON, Board
from bot.domain.slot_option import NoRoom, Option, Why
from bot.domain.slot_question import Need, Question, Source


class Cell(StrEnum):
    """How an agency stands at a time. Unknown is a state of its own, and never free."""

    FREE = "free"
    DEPUTY = "deputy"  # free, but only a deputy is
    TENTATIVE = "tentative"  # free, but somebody may have to leave something else for it
    UNKNOWN = "unknown"  # a diary that could not be read stands in the way; it may be free
    BUSY = "busy"
    AWAY = "away"  # not at work, on leave, closed, nobody named, or too soon to ask


@dataclass(frozen=True, kw_only=True, order=True)
class Half:
    """A morning, or an afternoon with its evening, of a local date."""

    day: date
    afternoon: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """An agency, or the chair, the minutes or the room: its state at each option, and over the window.

    `agency` is the id of one, or empty for the others. `halves` is empty for the room, whose day is not drawn.
    `sources` is where its people's free time is known from, each once, the first named first.
    """

    agency: str
    required: bool
    sources: tuple[Source, ...]
    at: tuple[Cell, ...]
    halves: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """`options` in the order in which they were offered; `halves` from the first day of the window to the last.

    Of weekends only those halves are kept on which somebody could meet. `agencies` keeps the order of the needs.
    `chair`, `minutes` and `room` are None where none was asked for.
    """

    options: tuple[Option, ...]
    agencies: tuple[Row, ...]
    chair: Row | None
    minutes: Row | None
    room: Row | None
    halves: tuple[Half, ...]
    marks: tuple[tuple[int, ...], ...]
    """For each half-day the numbers, from 1, of the options that start in it."""
    deadline: date | None

    @property
    def fits(self) -> bool:
        """Whether what is offered fits and is in time, and is not only the nearest there is."""
        return all(option.fits and not late(option) for option in self.options)


def late(option: Option) -> bool:
    """Whether an option misses the deadline."""
    return option.working_days_before_deadline is not None and option.working_days_before_deadline < 0


def chart(question: Question, options: Sequence[Option]) -> Chart:
    """What is known of every agency at these options, and in each half-day of the window.

    A half-day is free when a meeting of this length could begin at some start in it; an option is judged at its own
    minute.
    """
    board = Board(question)
    marks = _marks(question, options)
    halves = [
        half for half in _halves(question) if half.day.weekday() < 5 or half in marks or _open(board, half)
    ]
    return Chart(
        options=tuple(options),
        agencies=tuple(
            Row(
                agency=need.agency,
                required=need.required,
                sources=_sources(question, (*need.any_of, *need.deputies)),
                at=tuple(_agency_at(option, need) for option in options),
                halves=tuple(_over(board, half, need.any_of, need.deputies) for half in halves),
            )
            for need in question.needs
        ),
        chair=_one(
            board, halves, question.chairs, [(o.chair, o.chair_missing, o) for o in options], required=True
        ),
        minutes=_one(
            board,
            halves,
            question.minute_takers,
            [(o.minutes, o.minutes_missing, o) for o in options],
            required=False,
        ),
        room=_room(question, options),
        halves=tuple(halves),
        marks=tuple(marks.get(half, ()) for half in halves),
        deadline=question.deadline,
    )


def _marks(question: Question, options: Iterable[Option]) -> dict[Half, tuple[int, ...]]:
    marks: dict[Half, tuple[int, ...]] = {}
    for number, option in enumerate(options, start=1):
        local = option.start.astimezone(question.zone)
        half = Half(day=local.date(), afternoon=local.time() >= NOON)
        marks[half] = (*marks.get(half, ()), number)
    return marks


def _halves(question: Question) -> Iterable[Half]:
    day, last = (
        question.day(question.window.start),
        question.day(question.window.end - timedelta(microseconds=1)),
    )
    while day <= last:
        yield Half(day=day, afternoon=False)
        yield Half(day=day, afternoon=True)
        day += timedelta(days=1)


def _open(board: Board, half: Half) -> bool:
    """Whether anybody is at work then; only asked of weekends."""
    starts = board.half(half.day, afternoon=half.afternoon)
    return any(at_work & starts for at_work in board.at_work.values())


def _over(board: Board, half: Half, first: Sequence[str], deputies: Sequence[str]) -> Cell:
    starts = board.half(half.day, afternoon=half.afternoon)
    everybody = (*first, *deputies)
    if board.firm(first) & starts:
        return Cell.FREE
    if board.firm(deputies) & starts:
        return Cell.DEPUTY
    if any(board.free[id] & starts for id in everybody):
        return Cell.TENTATIVE
    if board.hopeful(everybody) & starts:
        return Cell.UNKNOWN
    return Cell.BUSY if any(board.at_work[id] & starts for id in everybody) else Cell.AWAY


def _agency_at(option: Option, need: Need) -> Cell:
    if seat := option.attending.get(need.agency):
        if seat.person in option.tentative:
            return Cell.TENTATIVE
        return Cell.DEPUTY if seat.as_deputy else Cell.FREE
    return _absent(next(gone.why for gone in option.missing if gone.agency == need.agency))


def _absent(why: Why | None) -> Cell:
    if why is Why.DIARY_UNKNOWN:
        return Cell.UNKNOWN
    return Cell.BUSY if why in (Why.BUSY, Why.TOO_CLOSE) else Cell.AWAY


def _one(
    board: Board,
    halves: Iterable[Half],
    ids: Sequence[str],
    told: Iterable[tuple[str | None, Why | None, Option]],
    *,
    required: bool,
) -> Row | None:
    """The row of a seat that one of several people takes, the first of them in person."""
    if not ids:
        return None
    at = []
    for person, why, option in told:
        if person is None:
            at.append(_absent(why))
        elif person in option.tentative:
            at.append(Cell.TENTATIVE)
        else:
            at.append(Cell.FREE if person == ids[0] else Cell.DEPUTY)
    return Row(
        agency="",
        required=required,
        sources=_sources(board.question, ids),
        at=tuple(at),
        halves=tuple(_over(board, half, ids[:1], ids[1:]) for half in halves),
    )


def _room(question: Question, options: Iterable[Option]) -> Row | None:
    if question.venue is None:
        return None
    cells = {None: Cell.FREE, NoRoom.NOT_KNOWN: Cell.UNKNOWN, NoRoom.TAKEN: Cell.BUSY}
    return Row(
        agency="",
        required=True,
        sources=tuple(dict.fromkeys(room.source for room in question.venue.rooms)),
        at=tuple(cells.get(option.room_missing, Cell.AWAY) for option in options),
        halves=(),
    )


def _sources(question: Question, ids: Iterable[str]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(question.people[id].source for id in ids))
