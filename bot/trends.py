"""How it goes for the person of a case, as a picture: a panel a measure, the days of reviews marked (S5-26).

A pure function of a view, drawn with the pieces of `picture`. Each point has its own words beside it, so that nothing
hangs on colour, and `alternative` says all of it to whoever cannot see it.
"""

from collections.abc import Iterator
from datetime import date
from textwrap import wrap

from bot.picture import EDGE, GROUND, INK, QUIET, RULE, WIDTH, Box, Disc, Path, Piece, Sheet, Text
from bot.telling import day
from bot.views.indicators import Series, Trend

LINE = "#1f5a8a"
LEFT, HIGH, PANEL = 210, 144, 272
"""Where the days begin, how high a panel's scale is, and how far panels are apart, in pixels."""

MOST_POINTS = 12
"""The newest readings of a measure that are drawn; the table has them all."""

SAID = {
    "first": "the first reading",
    "better": "better than the reading before",
    "same": "the same as the reading before",
    "worse": "worse than the reading before",
}


def drawn(trend: Trend) -> Sheet:
    """The picture as a page that `bot.picture` makes into PNG or SVG; where nothing was read, it says so."""
    pieces: list[Piece] = [
        Text(EDGE, EDGE + 20, f"How it goes: {trend.ref}", 28),
        Text(
            EDGE,
            EDGE + 54,
            f"{trend.area}, {day(trend.day)}" + (". Drill: all invented." if trend.drill else ""),
            20,
            QUIET,
        ),
    ]
    top: float = EDGE + 96
    shown = [each for each in trend.series if each.readings]
    if not shown:
        pieces.append(Text(EDGE, top, "Nothing has been read yet.", 22))
        top += 30
    days = [one.on for each in shown for one in each.readings[-MOST_POINTS:]]
    for each in shown:
        pieces += _panel(each, trend.reviews, min(days), max(days), top)
        top += PANEL
    if shown and trend.reviews:
        pieces.append(Text(EDGE, top, "R and a line down: a meeting rated the risk on that day.", 20, QUIET))
        top += 30
    height = round(top) + EDGE
    return Sheet(height, (Box(0, 0, WIDTH - 1, height - 1, GROUND, edge=QUIET), *pieces))


def alternative(trend: Trend) -> str:
    """All of it in words, for whoever cannot see it."""
    told = [
        f"{each.label}: {', '.join(f'{day(one.on)} {one.told}' for one in each.readings)}; {SAID[each.meaning]}."
        for each in trend.series
        if each.readings
    ]
    return f"How it goes in {trend.ref}. {' '.join(told) or 'Nothing has been read yet.'}"


def _panel(series: Series, reviews: tuple[date, ...], first: date, last: date, top: float) -> Iterator[Piece]:
    yield Text(EDGE, top, series.label, 22)
    yield Text(EDGE, top + 26, f"Now {SAID[series.meaning]}", 20, QUIET)
    head, foot = top + 78, top + 78 + HIGH
    points = series.readings[-MOST_POINTS:]
    most = len(series.steps) - 1 if series.steps else max(1, *(one.value for one in points))
    room = WIDTH - LEFT - 70

    def x(on: date) -> float:
        span = (last - first).days
        return LEFT + 20 + (room * (on - first).days / span if span else room / 2)

    def y(value: int) -> float:
        return foot - HIGH * min(value, most) / most

    for value, words in _scale(series, most):
        yield Path(((LEFT, y(value)), (WIDTH - EDGE, y(value))), RULE, 2)
        for n, line in enumerate(wrap(words, 22)[:2]):
            yield Text(EDGE, y(value) + 18 * n, line, 18, QUIET)
    for each in reviews:
        if first <= each <= last:
            yield Path(((x(each), head - 6), (x(each), foot)), QUIET, 2)
            yield Text(x(each), head - 16, "R", 18, QUIET, anchor="middle")
    if len(points) > 1:
        yield Path(tuple((x(one.on), y(one.value)) for one in points), LINE, 4)
    written = -1000.0
    for one in points:
        yield Disc(x(one.on), y(one.value), 8, INK)
        if not series.steps:
            wide = 12 * len(one.told) + 4
            yield Box(x(one.on) + 11, y(one.value) - 28, wide, 20, GROUND)  # no line runs through a number
            yield Text(x(one.on) + 13, y(one.value) - 18, one.told, 20)
        if x(one.on) - written >= 84:
            yield Text(x(one.on), foot + 20, f"{one.on.day} {one.on:%b}", 18, anchor="middle")
            written = x(one.on)


def _scale(series: Series, most: int) -> list[tuple[int, str]]:
    if series.steps:
        return list(enumerate(series.steps))
    return [(0, "0"), (most, str(most))]
