"""Figures that may leave: small numbers hidden, the others rounded, and nothing that subtraction brings back (IG-37).

A count of 0 to 4 is shown as a star, every other to the nearest 5. Whoever reads a table can still add and subtract:
a total less the shown cells can leave one number only for a starred cell. So a table is seen as a net of counts that
must add up, and for each starred count it is worked out, exactly, how many values the reader must still think
possible. While that is fewer than `AT_LEAST`, another count is withheld as well, the smallest that helps; it is
marked `c`. The reader is taken to know these rules, so that a `c` alone tells them that it is 5 or more.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

SMALL = 5
"""The smallest count that is shown."""

AT_LEAST = 3
"""How many values a reader must still think possible for each starred count."""

STAR, HELD = "*", "c"

Mark = Literal["shown", "star", "held", "unsaid"]


@dataclass(frozen=True)
class Figure:
    """One count as it is published: a rounded `number`, or None with the mark in its place."""

    number: int | None
    mark: str = ""

    def __str__(self) -> str:
        return self.mark if self.number is None else str(self.number)


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table as it is published. Totals that were not asked for are empty."""

    cells: tuple[tuple[Figure, ...], ...]
    row_totals: tuple[Figure, ...] = ()
    column_totals: tuple[Figure, ...] = ()
    total: Figure | None = None


@dataclass(frozen=True, kw_only=True)
class Lists:
    """One total and several ways to break it down, each of which adds up to it."""

    total: Figure
    lists: tuple[tuple[Figure, ...], ...]


def nearest(count: int) -> int:
    """The nearest multiple of 5."""
    return (count + 2) // 5 * 5


def figure(count: int) -> Figure:
    """One count that stands alone. ValueError for a negative one."""
    if count < 0:
        raise ValueError("a count cannot be negative")
    return Figure(None, STAR) if count < SMALL else Figure(nearest(count))


def grid(counts: Sequence[Sequence[int]], *, row_totals: bool = True, column_totals: bool = True) -> Grid:
    """A table of counts with its totals, protected as a whole; the grand total stands where both kinds do.

    Every row has the same columns; what does not belong to a column is not in a row's total. ValueError otherwise.
    """
    rows, columns = len(counts), len(counts[0]) if counts else 0
    if any(len(row) != columns for row in counts):
        raise ValueError("each row needs the same columns")
    start, end = rows + columns, rows + columns + 1
    cells = [_Arc(i, rows + j, counts[i][j]) for i in range(rows) for j in range(columns)]
    across = [_Arc(start, i, sum(counts[i]), said=row_totals) for i in range(rows)]
    down = [_Arc(rows + j, end, sum(row[j] for row in counts), said=column_totals) for j in range(columns)]
    whole = _Arc(end, start, sum(map(sum, counts)), said=row_totals and column_totals)
    _protect([*cells, *across, *down, whole])
    return Grid(
        cells=tuple(
            tuple(each.figure for each in cells[i * columns : (i + 1) * columns]) for i in range(rows)
        ),
        row_totals=tuple(each.figure for each in across) if row_totals else (),
        column_totals=tuple(each.figure for each in down) if column_totals else (),
        total=whole.figure if row_totals and column_totals else None,
    )


def lists(total: int, broken_down: Sequence[Sequence[int]]) -> Lists:
    """One total, and lists that each add up to it, protected together. ValueError for a list that does not."""
    if any(sum(each) != total for each in broken_down):
        raise ValueError("each list has to add up to the total")
    last = len(broken_down)
    arcs = [[_Arc(n, n + 1, count) for count in each] for n, each in enumerate(broken_down)]
    whole = _Arc(last, 0, total)
    _protect([whole, *(arc for each in arcs for arc in each)] if last else [whole])
    return Lists(total=whole.figure, lists=tuple(tuple(arc.figure for arc in each) for each in arcs))


def share(part: Figure, rest: Figure) -> str:
    """How much of the whole a part is, worked out from what is published alone, so that it tells nothing more.

    `part` and `rest` make up the whole. "about 80%", "96% or more", "4% or less", or "" where too little is shown.
    """
    found = share_of(part, rest)
    if found is None:
        return ""
    low, high = found
    if low == high:
        return f"about {low}%"
    return f"{low}% or more" if high == 100 else f"{high}% or less"


def share_of(part: Figure, rest: Figure) -> tuple[int, int] | None:
    """The same as the least and the most per cent; None where too little is shown."""
    if part.number is not None and rest.number is not None:
        about = round(100 * part.number / (part.number + rest.number))
        return about, about
    if part.number is not None and rest.mark == STAR:
        return 100 * part.number // (part.number + SMALL - 1), 100
    if rest.number is not None and part.mark == STAR:
        return 0, -(-100 * (SMALL - 1) // (rest.number + SMALL - 1))
    return None


def middle(values: Iterable[float]) -> int | None:
    """The median as a whole number; None below five values, where it could be one person's."""
    ordered = sorted(values)
    if len(ordered) < SMALL:
        return None
    half = len(ordered) // 2
    median = ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
    return round(median)


class _Arc:
    """One count of a net: it flows from one sum into another, so that all that comes to a point leaves it again."""

    def __init__(self, tail: int, head: int, count: int, *, said: bool = True) -> None:
        if count < 0:
            raise ValueError("a count cannot be negative")
        self.tail, self.head, self.count = tail, head, count
        self.mark: Mark = "unsaid" if not said else "star" if count < SMALL else "shown"
        self.floor = SMALL

    @property
    def bounds(self) -> tuple[int, float]:
        """What a reader knows of it by itself: the least and the most."""
        if self.mark == "star":
            return 0, SMALL - 1
        if self.mark == "shown":
            about = nearest(self.count)
            return max(SMALL, about - 2), about + 2
        return (self.floor if self.mark == "held" else 0), float("inf")

    @property
    def figure(self) -> Figure:
        if self.mark == "shown":
            return Figure(nearest(self.count))
        return Figure(None, STAR if self.mark == "star" else HELD)


def _protect(arcs: Sequence[_Arc]) -> None:
    """Withhold until every star has room; where even that is not enough, nothing of the table is shown."""
    while (
        tight := next((arc for arc in arcs if arc.mark == "star" and not _free(arc, arcs)), None)
    ) is not None:
        shown = sorted((arc for arc in arcs if arc.mark == "shown"), key=lambda arc: arc.count)
        if not shown:
            for arc in arcs:
                if arc.mark != "unsaid":
                    arc.mark, arc.floor = "held", 0
            return
        near = [arc for arc in shown if {arc.tail, arc.head} & {tight.tail, tight.head}]
        helps = next((arc for arc in (*near, *shown) if _would_free(arc, tight, arcs)), None)
        (helps or (near or shown)[0]).mark = "held"


def _would_free(arc: _Arc, tight: _Arc, arcs: Sequence[_Arc]) -> bool:
    arc.mark = "held"
    free = _free(tight, arcs)
    arc.mark = "shown"
    return free


def _free(tight: _Arc, arcs: Sequence[_Arc]) -> bool:
    """Whether a reader must think at least `AT_LEAST` values of it possible.

    The true counts are one way to fill the net. Another value of this one is possible when the others can be moved
    round it and stay within what is known of them: a way through what is left of them, found one at a time. What is
    possible lies without gaps between the least and the most, as all sums are of whole numbers.
    """
    possible = 1
    for up in (True, False):
        moved = {id(arc): arc.count for arc in arcs}
        low, high = tight.bounds
        while possible < AT_LEAST:
            now = moved[id(tight)]
            if (up and now >= high) or (not up and now <= low) or not _moves(tight, arcs, moved, up):
                break
            possible += 1
    return possible >= AT_LEAST


def _moves(tight: _Arc, arcs: Sequence[_Arc], moved: dict[int, int], up: bool) -> bool:
    """Change it by one, and the others along the shortest way round; False, and no change, where there is none."""
    ways: dict[int, list[tuple[int, _Arc, int]]] = {}
    for arc in arcs:
        if arc is tight:
            continue
        low, high = arc.bounds
        if moved[id(arc)] < high:
            ways.setdefault(arc.tail, []).append((arc.head, arc, 1))
        if moved[id(arc)] > low:
            ways.setdefault(arc.head, []).append((arc.tail, arc, -1))
    start, goal = (tight.head, tight.tail) if up else (tight.tail, tight.head)
    came: dict[int, tuple[int, _Arc, int] | None] = {start: None}
    line = deque([start])
    while line and goal not in came:
        at = line.popleft()
        for to, arc, by in ways.get(at, ()):
            if to not in came:
                came[to] = (at, arc, by)
                line.append(to)
    if goal not in came:
        return False
    moved[id(tight)] += 1 if up else -1
    step = came[goal]
    while step is not None:
        at, arc, by = step
        moved[id(arc)] += by
        step = came[at]
    return True
