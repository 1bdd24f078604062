"""A simulated year as a picture: clocks met and missed, cases waiting, nudges a week.

Drawn with the pieces of `bot.picture`, 750 pixels wide, so that it can be read on a telephone at half that and on a
screen at any size. Every bar has its number beside it and a pattern of its own: nothing is said by colour alone.
"""

from collections.abc import Iterator

from bot.picture import QUIET, RULE, WIDTH, Box, Path, Piece, Sheet, Text, plain
from bot.simulation.outcome import ClockTold, NudgesTold, Year
from bot.simulation.tell import MONTHS
from bot.telling import count

EDGE, LABEL, LINE, BAR = 20, 250, 50, 26
MET, MISSED, WAITING, MEAN, MOST = "#2f6f9f", "#f3d9a4", "#7c5295", "#2f6f9f", "#d8e6ef"
LETTERS = 22
"""How many letters of a name find room beside its bar."""
COLUMN = 190
"""Pixels of the highest column."""


def sheet(year: Year) -> Sheet:
    """The year on one page."""
    pieces: list[Piece] = [
        Text(EDGE, 34, plain(f"{year.title}: an invented year"), 30),
        Text(EDGE, 70, f"{year.year}, {year.referrals} referrals, seed {year.seed}", 22, QUIET),
    ]
    drawn, y = _clocks(year, 110)
    pieces += drawn
    drawn, y = _months(year, y + 24)
    pieces += drawn
    drawn, y = _nudges(year, y + 24)
    pieces += drawn
    height = round(y + EDGE)
    return Sheet(height, (Box(0, 0, WIDTH - 1, height - 1, "#ffffff", edge=QUIET), *pieces))


def _heading(words: str, y: float) -> Iterator[Piece]:
    yield Path(((EDGE, y), (WIDTH - EDGE, y)), RULE, 2)
    yield Text(EDGE, y + 28, words, 25)


def _clocks(year: Year, y: float) -> tuple[list[Piece], float]:
    pieces = [*_heading("Deadlines met, of those that fell due", y)]
    y += 56
    for clock in year.clocks:
        pieces += _clock(clock, y)
        y += LINE + 14
    pieces += [
        Box(LABEL, y + 2, 30, 22, MET),
        Text(LABEL + 40, y + 13, "met", 20),
        Box(LABEL + 110, y + 2, 30, 22, MISSED, edge=QUIET, pattern="stripes"),
        Text(LABEL + 150, y + 13, "missed", 20),
    ]
    return pieces, y + 40


def _clock(clock: ClockTold, y: float) -> Iterator[Piece]:
    yield Text(EDGE, y + 13, _short(clock.name), 21)
    yield Text(EDGE, y + 36, plain(clock.limit), 20, QUIET)
    wide = WIDTH - LABEL - EDGE
    due = clock.met + clock.missed
    if clock.percent is None:
        yield Text(LABEL, y + 13, "none fell due", 20, QUIET)
        return
    met = wide * clock.met / due
    if clock.met:
        yield Box(LABEL, y, met, BAR, MET)
    if clock.missed:
        yield Box(LABEL + met, y, wide - met, BAR, MISSED, edge=QUIET, pattern="stripes")
    late = f", worst {count(clock.worst, 'working day')} late" if clock.missed else ""
    yield Text(LABEL, y + 40, f"{clock.percent}% of {due}{late}", 20)


def _months(year: Year, y: float) -> tuple[list[Piece], float]:
    pieces = [*_heading("Cases accepted and not yet heard, at each month’s end", y)]
    most = max((*year.months, 1))
    wide = (WIDTH - 2 * EDGE) / 12
    floor = y + 56 + 26 + COLUMN
    for n, (name, waiting) in enumerate(zip(MONTHS, year.months, strict=True)):
        high, left = COLUMN * waiting / most, EDGE + wide * n
        if waiting:
            pieces.append(Box(left + 6, floor - high, wide - 12, high, WAITING))
        pieces.append(Text(left + wide / 2, floor - high - 14, str(waiting), 20, anchor="middle"))
        pieces.append(Text(left + wide / 2, floor + 18, name, 20, QUIET, anchor="middle"))
    pieces.append(Path(((EDGE, floor), (WIDTH - EDGE, floor)), QUIET, 2))
    return pieces, floor + 40


def _nudges(year: Year, y: float) -> tuple[list[Piece], float]:
    pieces = [*_heading("Nudges a week, mean and busiest", y)]
    y += 56
    most = max((each.most for each in year.nudges), default=1)
    for each in year.nudges:
        pieces += _nudge(each, y, most)
        y += LINE - 8
    pieces += [
        Box(LABEL, y + 6, 30, 22, MEAN),
        Text(LABEL + 40, y + 17, "mean", 20),
        Box(LABEL + 130, y + 6, 30, 22, MOST, edge=QUIET),
        Text(LABEL + 170, y + 17, "busiest week", 20),
    ]
    return pieces, y + 44


def _nudge(each: NudgesTold, y: float, most: int) -> Iterator[Piece]:
    wide = WIDTH - LABEL - EDGE - 120
    yield Text(EDGE, y + BAR / 2, _short(each.agency.replace("_", " ")), 21)
    yield Box(LABEL, y, max(2, wide * each.most / most), BAR, MOST, edge=QUIET)
    yield Box(LABEL, y + 6, max(2, wide * each.mean / most), BAR - 12, MEAN)
    yield Text(LABEL + wide * each.most / most + 12, y + BAR / 2, f"{each.mean:g} / {each.most}", 20)


def _short(words: str) -> str:
    words = plain(words)
    return words if len(words) <= LETTERS else words[: LETTERS - 3].rstrip() + "..."
