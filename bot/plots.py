"""The plots of a report: deadlines met month by month, and what became of the agencies' actions.

A pure function of a view: the same figures give the same bytes. They are drawn from published figures alone, so a plot
tells no more than the tables beside it (IG-37). What is not known exactly is striped or dotted, never merely coloured,
and each number stands beside its bar. Drawn, like the picture of times, twice as large as a telephone shows it.
"""

from collections.abc import Iterator
from textwrap import wrap

from bot.domain.suppression import Figure
from bot.picture import EDGE, GROUND, INK, QUIET, RULE, WIDTH, Box, Path, Piece, Sheet, Text
from bot.telling import count
from bot.views.reports import AgencyBar, Completion, Month, Plot, Timeliness

FILL, PALE, DOTTED = "#1f5a8a", "#dbe8f3", "#fff3c4"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

AXIS, HIGH = 76, 170
"""Where the months begin, and how high all of a hundred per cent is, in pixels."""

WIDEST = 72
STAGE = HIGH + 128
LABEL, ROW = 258, 96
LETTERS = 22
"""How many letters of an agency's name stand in a line."""

UNKNOWN_WIDE = 26
"""How wide a bar is drawn whose number is not shown."""


def name_of(plot: Plot) -> str:
    """What the plot is called as a file."""
    return "timeliness" if isinstance(plot, Timeliness) else "completion"


def title_of(plot: Plot) -> str:
    """Its headline."""
    if isinstance(plot, Timeliness):
        return "Share of deadlines met, over time"
    return "What became of the actions, by agency"


def drawn(plot: Plot) -> Sheet:
    """The plot as a page that `bot.picture` makes into PNG or SVG; where there is nothing to draw, it says so."""
    pieces = list(_timeliness(plot) if isinstance(plot, Timeliness) else _completion(plot))
    lowest = max((_foot(piece) for piece in pieces), default=60.0)
    height = round(lowest) + EDGE
    return Sheet(height, (Box(0, 0, WIDTH - 1, height - 1, GROUND, edge=QUIET), *pieces))


def alternative(plot: Plot) -> str:
    """All of it in words, for whoever cannot see it."""
    told = _told_stages(plot) if isinstance(plot, Timeliness) else _told_agencies(plot)
    return f"{title_of(plot)}. {' '.join(told) or 'Nothing is on record for this period.'}"


def told(month: Month) -> str:
    """A month's share in words."""
    if month.met is None:
        return "too few to show"
    low, high = month.met
    if low == high:
        return f"about {low}%"
    return f"{low}% or more" if high == 100 else f"{high}% or less"


def _told_stages(plot: Timeliness) -> Iterator[str]:
    for stage in plot.stages:
        shown = [f"{_month(each)} {told(each)}" for each in stage.months if each.met is not None]
        few = len(stage.months) - len(shown)
        unit = "month" if all(each.many == 1 for each in stage.months) else "quarter"
        said = [*shown, *([f"too few to show in {count(few, unit)}"] if few else [])]
        yield f"{stage.stage}: {', '.join(said)}."


def _told_agencies(plot: Completion) -> Iterator[str]:
    for bar in plot.agencies:
        yield f"{bar.agency}: {_numbers(bar)}."


def _numbers(bar: AgencyBar) -> str:
    parts = (("done", bar.done), ("not done", bar.not_done), ("overdue", bar.overdue), ("running", bar.going))
    return ", ".join(f"{words} {shown}" for words, shown in parts)


def _month(month: Month) -> str:
    return f"{_short(month)} {month.first.year}"


def _short(month: Month) -> str:
    first = MONTHS[month.first.month - 1]
    return first if month.many == 1 else f"{first}-{MONTHS[month.first.month + month.many - 2]}"


def _timeliness(plot: Timeliness) -> Iterator[Piece]:
    yield Text(EDGE, EDGE + 20, title_of(plot), 28)
    top = EDGE + 58
    if not plot.stages:
        yield Text(EDGE, top, "No deadline fell in this period.", 22)
        return
    for stage in plot.stages:
        yield Text(EDGE, top + 8, stage.stage, 24)
        yield from _columns(stage.months, top + 62)
        top += STAGE
    yield from _key(
        top, (("solid", "met"), ("stripes", "up to this, not known exactly"), ("dots", "* too few to show"))
    )


def _columns(months: tuple[Month, ...], top: float) -> Iterator[Piece]:
    widest = WIDEST * (2 if any(month.many > 1 for month in months) else 1)
    wide = min(widest, (WIDTH - EDGE - AXIS) / max(1, len(months)))
    foot = top + HIGH
    for percent in (0, 50, 100):
        y = foot - HIGH * percent / 100
        yield Path(((AXIS, y), (WIDTH - EDGE, y)), RULE, 2)
        yield Text(EDGE, y, f"{percent}%", 20, QUIET)
    year = 0
    for n, month in enumerate(months):
        x, middle = AXIS + wide * n + 5, AXIS + wide * (n + 0.5)
        if month.met is None:
            yield Box(x, foot - 34, wide - 10, 34, DOTTED, edge=INK, pattern="dots")
            yield Text(middle, foot - 50, "*", 22, anchor="middle")
        else:
            low, high = month.met
            if high > low:
                yield Box(
                    x, foot - HIGH * high / 100, wide - 10, HIGH * (high - low) / 100, PALE, QUIET, "stripes"
                )
            if low:
                yield Box(x, foot - HIGH * low / 100, wide - 10, HIGH * low / 100, FILL, edge=INK)
            said = str(low) if low == high else f"{low}+" if high == 100 else f"<{high + 1}"
            y, room = foot - HIGH * high / 100 - 14, 13 * len(said)
            yield Box(
                middle - room / 2, y - 10, room, 20, GROUND
            )  # no line of the scale runs through a number
            yield Text(middle, y, said, 22, anchor="middle")
        yield Text(middle, foot + 18, _short(month), 20, anchor="middle")
        if month.first.year != year:
            year = month.first.year
            yield Text(middle, foot + 41, str(year), 20, QUIET, anchor="middle")


def _completion(plot: Completion) -> Iterator[Piece]:
    yield Text(EDGE, EDGE + 20, title_of(plot), 28)
    top: float = EDGE + 58
    if not plot.agencies:
        yield Text(EDGE, top, "No action was due in this period.", 22)
        return
    room = WIDTH - EDGE - LABEL - 4 * UNKNOWN_WIDE
    most = max(1, *(sum(each.number or 0 for each in _parts(bar)) for bar in plot.agencies))
    for bar in plot.agencies:
        lines = wrap(bar.agency, LETTERS, max_lines=3, placeholder="…")
        for n, line in enumerate(lines):
            yield Text(EDGE, top + 16 + 25 * n, line, 21)
        x: float = LABEL
        for shown, kind in zip(_parts(bar), ("solid", "stripes", "dots", "empty"), strict=True):
            wide = UNKNOWN_WIDE if shown.number is None else room * shown.number / most
            yield from _swatch(kind, x, top + 2, wide, 34)
            if shown.number is None:
                yield Box(x + 3, top + 7, wide - 6, 24, GROUND)
                yield Text(x + wide / 2, top + 23, shown.mark, 22, anchor="middle")
            x += wide
        yield Text(LABEL, top + 58, _numbers(bar), 20)
        top += ROW
    yield from _key(
        top,
        (
            ("solid", "done"),
            ("stripes", "not done by the agency"),
            ("dots", "overdue"),
            ("empty", "still running"),
            ("star", "* 0 to 4   c withheld"),
        ),
    )
    for n, words in enumerate(
        ("What was replaced, or no longer fitted, is not drawn.", "It is in the report’s table.")
    ):
        yield Text(EDGE, top + 124 + 26 * n, words, 20, QUIET)


def _parts(bar: AgencyBar) -> tuple[Figure, ...]:
    return bar.done, bar.not_done, bar.overdue, bar.going


def _swatch(kind: str, x: float, y: float, wide: float, high: float) -> Iterator[Piece]:
    match kind:
        case "solid":
            yield Box(x, y, wide, high, FILL, edge=INK)
        case "stripes":
            yield Box(x, y, wide, high, PALE, edge=INK, pattern="stripes")
        case "dots":
            yield Box(x, y, wide, high, DOTTED, edge=INK, pattern="dots")
        case _:
            yield Box(x, y, wide, high, GROUND, edge=INK)


def _key(top: float, entries: tuple[tuple[str, str], ...]) -> Iterator[Piece]:
    wide = (WIDTH - 2 * EDGE) / 2
    for n, (kind, words) in enumerate(entries):
        x, y = EDGE + wide * (n % 2), top + 36 * (n // 2)
        if kind != "star":
            yield from _swatch(kind, x, y + 3, 34, 28)
        yield Text(x + (44 if kind != "star" else 0), y + 17, words, 20)


def _foot(piece: Piece) -> float:
    match piece:
        case Box():
            return piece.y + piece.height
        case Path():
            return max(y for _, y in piece.points)
        case Text():
            return piece.y + piece.size * 0.6
        case _:
            return piece.y + piece.radius
