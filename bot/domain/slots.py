"""Find a time: a question about people's diaries in, ranked options out (calendar.md section 5).

Agencies, not people: any one representative will do. Unknown is never free. When nothing fits, which is the usual
case, the answer is not "no" but the nearest times, who is in the way, and the smallest thing that could give.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.bitmaps import earliest, value_at
from bot.domain.concessions import Concession, Kind, concessions
from bot.domain.slot_board import Board
from bot.domain.slot_option import Missing, NoRoom, Option, Reason, Seat, Why, judged
from bot.domain.slot_question import Attendee, Need, Question, Quorum, Room, Source, Venue

__all__ = [
    "Answer",
    "Attendee",
    "Concession",
    "Kind",
    "Missing",
    "Need",
    "NoRoom",
    "Option",
    "Question",
    "Quorum",
    "Reason",
    "Room",
    "Seat",
    "Source",
    "Venue",
    "Why",
    "find",
    "judged",
]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Options that fit and meet the deadline, best first; or else the nearest times and what could give way.

    `concession` is the smallest, `also` the other kinds in order. `not_known` are the people whose diaries
    could not be read: they were counted as not free.
    """

    options: tuple[Option, ...]
    nothing_fits: bool
    nearest: tuple[Option, ...]
    concession: Concession | None
    also: tuple[Concession, ...]
    not_known: tuple[str, ...]


def find(question: Question) -> Answer:
    """Rank by those missing who had accepted, optional agencies missing, minutes, tentative seats, deputies, time.

    Options are spread, at most one from a half-day while there are enough half-days, and the earliest time
    that fits is always among them. Of the nearest times all but the last are in time where any is; the last
    is the first late one that fits, where there is one. A result older than five minutes is a suggestion:
    ask `judged` again just before booking.
    """
    board = Board(question)
    not_known = tuple(person.id for person in question.attendees if person.source is Source.UNKNOWN)
    if fits := board.fitting() & board.in_time:
        options = _offered(board, fits)
        return Answer(
            options=options, nothing_fits=False, nearest=(), concession=None, also=(), not_known=not_known
        )
    ways = concessions(board)
    return Answer(
        options=(),
        nothing_fits=True,
        nearest=_nearest(board),
        concession=ways[0] if ways else None,
        also=ways[1:],
        not_known=not_known,
    )


def _offered(board: Board, fits: int) -> tuple[Option, ...]:
    first = earliest(fits)
    starts = board.spread(fits, board.ranking, board.question.wanted)
    if not board.half_day(first) & sum(1 << start for start in starts):
        starts = [*starts[: board.question.wanted - 1], first]
    starts.sort(key=lambda start: board.rank(start, board.ranking))
    return _told(board, starts, {first: Reason.EARLIEST})


def _nearest(board: Board) -> tuple[Option, ...]:
    late = board.fitting() & ~board.in_time
    allowed = board.attended & board.in_time or board.attended
    wanted = board.question.wanted - bool(late)
    starts = board.spread(allowed, board.shortfall, wanted)
    starts.sort(key=lambda start: board.rank(start, board.shortfall))
    blocked = [value_at(board.shortfall[0], start) for start in starts]
    fewest = {
        start: Reason.FEWEST_MISSING
        for start, count in zip(starts, blocked, strict=True)
        if count == min(blocked)
    }
    if late and earliest(late) not in starts:
        starts.append(earliest(late))
    return _told(board, starts, fewest)


def _told(board: Board, starts: Sequence[int], extra: dict[int, Reason]) -> tuple[Option, ...]:
    options = []
    for start in starts:
        option = judged(board.question, board.when(start))
        more = (extra[start],) if start in extra else ()
        options.append(replace(option, reasons=(*option.reasons, *more)))
    return tuple(options)
