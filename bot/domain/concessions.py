"""When nothing fits: the smallest thing that could give way, worked out and not guessed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from bot.domain.bitmaps import best, counted, earliest
from bot.domain.slot_board import Board
from bot.domain.slot_option import Option, judged
from bot.domain.slot_question import Question, Source


class Kind(StrEnum):
    """What could give way, the smallest first: all agencies heard, then all for less time, then not all."""

    ASK = "ask"  # somebody whose diary is not known may be free
    ONLINE = "online"  # no room, and nobody has to travel
    DEPUTY = "deputy"  # an agency that has named no deputy names one
    OTHER_CHAIR = "other_chair"
    SHORTER = "shorter"
    EXCUSE = "excuse"  # one agency, or as few as possible, stays away
    LATE = "late"  # knowingly after the deadline


@dataclass(frozen=True, kw_only=True)
class Concession:
    """One thing to give way on, and the option it leads to, shown as matters stand without it.

    Only a shorter meeting and one online are shown as they would be.
    `agencies` are those asked, deputised or excused; `people` those to ask; `length` the shorter meeting;
    `working_days_late` is counted from the deadline.
    """

    kind: Kind
    option: Option
    agencies: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    length: timedelta | None = None
    working_days_late: int = 0


def concessions(board: Board) -> tuple[Concession, ...]:
    """Every kind of concession that would by itself make a meeting possible, the smallest first.

    When none would, as few agencies as possible are excused together, so that there is always something to
    decide on; the option then still shows what else is wanting, such as a chair or a quorum.
    """
    return tuple(_single(board)) or tuple(_several(board))


def _single(board: Board) -> Iterable[Concession]:
    yield from _ask(board)
    yield from _online(board)
    yield from _deputy(board)
    yield from _other_chair(board)
    yield from _shorter(board)
    yield from _excuse(board)
    yield from _late(board)


def _ask(board: Board) -> Iterable[Concession]:
    question = board.question
    hopeful = {need.agency: board.hopeful((*need.any_of, *need.deputies)) for need in question.needs}
    chair = board.hopeful(question.chairs) if question.chairs else board.full
    allowed = board.fitting(instead=hopeful, chair=chair) & board.in_time
    if not allowed:
        return
    leans = {agency: mask & ~board.have[agency] for agency, mask in hopeful.items()}
    chair_leans = chair & ~board.chair
    start = earliest(best(allowed, [counted([*leans.values(), chair_leans]), *board.ranking]))
    agencies = tuple(agency for agency, mask in leans.items() if mask >> start & 1)
    wanted = {id for n in question.needs if n.agency in agencies for id in (*n.any_of, *n.deputies)}
    wanted |= {*question.chairs} if chair_leans >> start & 1 else set()
    people = tuple(p.id for p in question.attendees if p.source is Source.UNKNOWN and p.id in wanted)
    option = judged(question, board.when(start))
    yield Concession(kind=Kind.ASK, option=option, agencies=agencies, people=people)


def _online(board: Board) -> Iterable[Concession]:
    if board.question.venue is None:
        return
    tried = Board(replace(board.question, venue=None))
    if allowed := tried.fitting() & tried.in_time:
        start = earliest(best(allowed, tried.ranking))
        yield Concession(kind=Kind.ONLINE, option=judged(tried.question, tried.when(start)))


def _deputy(board: Board) -> Iterable[Concession]:
    masks = {}
    for need in board.question.needs:
        if need.required and not need.deputies:
            hours = 0
            for id in need.any_of:
                hours |= board.at_work[id]
            masks[need.agency] = board.fitting(instead={need.agency: hours or board.attended})
    yield from _best_agency(board, Kind.DEPUTY, masks)


def _other_chair(board: Board) -> Iterable[Concession]:
    allowed = board.fitting(chair=board.attended) & board.in_time
    if allowed:
        start = earliest(best(allowed, board.ranking))
        yield Concession(kind=Kind.OTHER_CHAIR, option=judged(board.question, board.when(start)))


def _shorter(board: Board) -> Iterable[Concession]:
    """The longest meeting that would fit: what fits also fits when shorter, so halving finds it."""
    question = board.question
    lengths = _lengths(question)
    found: tuple[timedelta, Board] | None = None
    low, high = 0, len(lengths)
    while low < high:
        middle = (low + high) // 2
        tried = Board(question, lengths[middle])
        if tried.fitting() & tried.in_time:
            found, high = (lengths[middle], tried), middle
        else:
            low = middle + 1
    if found:
        length, tried = found
        start = earliest(best(tried.fitting() & tried.in_time, tried.ranking))
        yield Concession(kind=Kind.SHORTER, option=judged(question, tried.when(start), length), length=length)


def _lengths(question: Question) -> list[timedelta]:
    """Shorter lengths by whole steps, the longest first."""
    shortest = max(question.shortest or question.length / 2, timedelta(minutes=1))
    return [
        question.length - n * question.step
        for n in range(1, question.length // question.step + 1)
        if question.length - n * question.step >= shortest
    ]


def _excuse(board: Board) -> Iterable[Concession]:
    required = [need.agency for need in board.question.needs if need.required]
    masks = {agency: board.fitting(excused=agency) & board.attended for agency in required}
    yield from _best_agency(board, Kind.EXCUSE, masks)


def _best_agency(board: Board, kind: Kind, masks: dict[str, int]) -> Iterable[Concession]:
    """The agency whose giving way leads to the best start; among equals the one named first."""
    starts = {
        agency: earliest(best(mask & board.in_time, board.ranking))
        for agency, mask in masks.items()
        if mask & board.in_time
    }
    if starts:
        agency = min(starts, key=lambda agency: board.rank(starts[agency], board.ranking))
        option = judged(board.question, board.when(starts[agency]))
        yield Concession(kind=kind, option=option, agencies=(agency,))


def _late(board: Board) -> Iterable[Concession]:
    if allowed := board.fitting() & ~board.in_time:
        option = judged(board.question, board.when(earliest(allowed)))
        days = -(option.working_days_before_deadline or 0)
        yield Concession(kind=Kind.LATE, option=option, working_days_late=days)


def _several(board: Board) -> Sequence[Concession]:
    allowed = board.attended & board.in_time or board.attended
    if not allowed:
        return ()
    option = judged(board.question, board.when(earliest(best(allowed, board.shortfall))))
    agencies = tuple(missing.agency for missing in option.missing if missing.required)
    return (Concession(kind=Kind.EXCUSE, option=option, agencies=agencies),)
