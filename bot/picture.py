"""The times found, as a picture: who could come to each option, and how everybody stands over the window.

A pure function of a chart (`bot/domain/slot_chart.py`): the same chart gives the same bytes. It holds agencies, dates
and a reference, and nobody's name (design.md rule 4). Each state has a shape and a letter of its own, colour only
helps; the ground is opaque and has an edge, so that a dark chat does not swallow it. Drawn twice as large as the 375
pixels that a telephone gives it. The words for whoever cannot see it are `templates/words/times_picture.txt.j2`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from itertools import groupby
from textwrap import wrap
from typing import Literal
from unicodedata import combining, normalize
from xml.sax.saxutils import escape, quoteattr

from bot.domain.slot_chart import Cell, Chart, Half, Row, late
from bot.domain.slot_option import Option, Why
from bot.telling import clock, day
from bot.views.times_picture import TimesPicture

WIDTH = 750
"""Pixels; twice what a chat gives a picture on a telephone."""

DAYS_A_PAGE = 10
"""Two working weeks: more columns would leave no room for a letter in each."""

EDGE, LABEL, LINE = 16, 206, 44
HEAD, DAYS_HEAD = 126, 116
INK, QUIET, RULE, GROUND, LIMIT = "#1b1b1b", "#595959", "#b8b8b8", "#ffffff", "#a3122a"
LETTERS_A_LINE, LETTERS_LARGE = 20, 17
"""How many letters of a name find room beside the cells: in two small lines, and in one large."""

FILLS = {
    Cell.FREE: "#d6f0dc",
    Cell.DEPUTY: "#d6f0dc",
    Cell.TENTATIVE: "#fff3c4",
    Cell.UNKNOWN: "#ffffff",
    Cell.BUSY: "#4a4a4a",
    Cell.AWAY: "#e9e9e9",
}
LETTERS = {Cell.DEPUTY: "D", Cell.TENTATIVE: "T", Cell.UNKNOWN: "?", Cell.BUSY: "B"}
LEGEND = {
    Cell.FREE: "free",
    Cell.DEPUTY: "free, by a deputy",
    Cell.TENTATIVE: "tentative clash",
    Cell.UNKNOWN: "diary not known",
    Cell.BUSY: "busy",
    Cell.AWAY: "not at work",
}

Pattern = Literal["", "stripes", "dots"]
PATTERNS: Mapping[Cell, Pattern] = {Cell.TENTATIVE: "stripes", Cell.UNKNOWN: "dots"}
Anchor = Literal["start", "middle"]


@dataclass(frozen=True)
class Box:
    """A rectangle, filled unless `fill` is empty."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    edge: str = ""
    pattern: Pattern = ""


@dataclass(frozen=True)
class Path:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    ink: str
    width: float


@dataclass(frozen=True)
class Disc:
    """A filled circle."""

    x: float
    y: float
    radius: float
    fill: str


@dataclass(frozen=True)
class Text:
    """A line of writing, its middle at `y`."""

    x: float
    y: float
    words: str
    size: int
    ink: str = INK
    anchor: Anchor = "start"


Piece = Box | Path | Disc | Text


@dataclass(frozen=True)
class Sheet:
    """One page: its height in pixels (the width is `WIDTH`), and what is on it from back to front."""

    height: int
    pieces: tuple[Piece, ...]


def sheets(view: TimesPicture) -> tuple[Sheet, ...]:
    """The picture, by pages of two working weeks each; the first begins with the options.

    Raises KeyError for an agency without a name.
    """
    chart = view.chart
    days = [list(halves) for _, halves in groupby(enumerate(chart.halves), key=lambda each: each[1].day)]
    pages = [days[n : n + DAYS_A_PAGE] for n in range(0, len(days), DAYS_A_PAGE)] or [[]]
    return tuple(
        _sheet(view, [half for halves in page for half in halves], number, len(pages))
        for number, page in enumerate(pages, start=1)
    )


def png(sheet: Sheet) -> bytes:
    """The page as a PNG of few colours, some twenty to forty kilobytes."""
    from PIL import Image, ImageDraw, ImageFont  # only when a picture is asked for: a tenth of a second

    image = Image.new("RGB", (WIDTH, sheet.height), GROUND)
    draw = ImageDraw.Draw(image)
    sizes = {piece.size for piece in sheet.pieces if isinstance(piece, Text)}
    fonts = {size: ImageFont.load_default(size) for size in sizes}
    for piece in sheet.pieces:
        match piece:
            case Box():
                box = (piece.x, piece.y, piece.x + piece.width, piece.y + piece.height)
                if piece.fill:
                    draw.rectangle(box, fill=piece.fill)
                for mark in _texture(piece):
                    draw.line(mark, fill=QUIET, width=2)
                if piece.edge:
                    draw.rectangle(box, outline=piece.edge, width=2)
            case Path():
                draw.line(piece.points, fill=piece.ink, width=round(piece.width), joint="curve")
            case Disc():
                around = (
                    piece.x - piece.radius,
                    piece.y - piece.radius,
                    piece.x + piece.radius,
                    piece.y + piece.radius,
                )
                draw.ellipse(around, fill=piece.fill)
            case Text():
                anchor = {"start": "lm", "middle": "mm"}[piece.anchor]
                draw.text((piece.x, piece.y), plain(piece.words), piece.ink, fonts[piece.size], anchor)
    written = BytesIO()
    few = image.quantize(64, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(written, "PNG", compress_level=6)
    return written.getvalue()


def svg(sheet: Sheet, alternative: str) -> str:
    """The page as SVG that needs nothing from elsewhere; `alternative` is read out in its place."""
    parts = [_svg_piece(piece) for piece in sheet.pieces]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {sheet.height}" role="img" '
        f'aria-label={quoteattr(alternative)} font-family="system-ui, sans-serif">{"".join(parts)}</svg>'
    )


def plain(words: str) -> str:
    """Letters that the picture's font has: it knows no circumflex on a w, and would draw a box for it."""
    bare = "".join(each for each in normalize("NFKD", words) if not combining(each))
    return "".join(
        each if each.isascii() else "'" if each in "‘’" else "-" if each in "–—" else "?" for each in bare
    )


def _sheet(
    view: TimesPicture,
    columns: Sequence[tuple[int, Half]],
    page: int,
    pages: int,
) -> Sheet:
    pieces: list[Piece] = []
    chart, title = view.chart, view.title
    rows = _rows(chart, view.names)
    what = "Times found" if chart.fits else "No time fits: the nearest"
    y = EDGE + 22
    pieces.append(
        Text(EDGE, y, f"{title}: {what}" if page == 1 else f"{title}: the days, {page} of {pages}", 30)
    )
    y += 34
    if page == 1 and chart.options:
        pieces += _options(chart, rows, y)
        y += HEAD + LINE * len(rows) + 84
    drawn = [(row, label, note) for row, label, note in rows if row.halves]
    if columns:
        pieces += _days(chart, drawn, columns, y)
        y += DAYS_HEAD + LINE * len(drawn) + 26
    late_here = _past_deadline(chart.deadline, columns) is not None
    pieces += _legend(y, deadline=late_here)
    height = y + (3 if late_here else 2) * 38 + EDGE
    return Sheet(height, (Box(0, 0, WIDTH - 1, height - 1, GROUND, edge=QUIET), *pieces))


def _rows(chart: Chart, names: Mapping[str, str]) -> list[tuple[Row, str, str]]:
    rows = [(row, names[row.agency], "" if row.required else "optional") for row in chart.agencies]
    others = ((chart.chair, "Chair"), (chart.minutes, "Minutes"), (chart.room, "Room"))
    return rows + [(row, label, "") for row, label in others if row]


def _options(chart: Chart, rows: Sequence[tuple[Row, str, str]], top: int) -> Iterator[Piece]:
    """A column an option: its number and time, everybody's state, and what it comes to."""
    wide = (WIDTH - LABEL - EDGE) / len(chart.options)
    for n, option in enumerate(chart.options):
        middle = LABEL + wide * (n + 0.5)
        weekday, number, month, _ = day(option.start).split()
        yield from _number(middle, top + 20, n + 1)
        yield Text(middle, top + 54, weekday, 22, anchor="middle")
        yield Text(middle, top + 79, f"{number} {month}", 22, anchor="middle")
        yield Text(middle, top + 106, clock(option.start), 24, anchor="middle")
    y = top + HEAD
    for row, label, note in rows:
        yield from _label(label, note, y)
        for n, cell in enumerate(row.at):
            yield from _cell(cell, LABEL + wide * n + 3, y + 3, wide - 6, LINE - 6, 26)
        y += LINE
    for n, option in enumerate(chart.options):
        for line, words in enumerate(_verdict(option)):
            yield Text(LABEL + wide * (n + 0.5), y + 18 + 23 * line, words, 19, anchor="middle")


def _verdict(option: Option) -> Iterator[str]:
    """What an option comes to, in one to three short lines."""
    unknown = sum(gone.why is Why.DIARY_UNKNOWN for gone in option.missing)
    absent = len(option.missing) - unknown
    if option.fits:
        yield "too late" if late(option) else "fits"
    else:
        yield "no quorum" if option.quorum_short or option.types_short else "does not fit"
    if absent:
        yield f"{absent} absent"
    if unknown:
        yield f"{unknown} unknown"
    if option.fits and not option.missing:
        yield "all come"


def _days(
    chart: Chart, rows: Sequence[tuple[Row, str, str]], columns: Sequence[tuple[int, Half]], top: int
) -> Iterator[Piece]:
    """A column a half-day, two a day; the number of each option above the half-day it starts in."""
    wide = (WIDTH - LABEL - EDGE) / len(columns)
    left = {column: LABEL + wide * n for n, (column, _) in enumerate(columns)}
    low, told = top + DAYS_HEAD + LINE * len(rows), ""
    yield Path(((EDGE, top), (WIDTH - EDGE, top)), RULE, 2)
    for line, words in enumerate(("Each day's", "morning and", "afternoon")):
        yield Text(EDGE, top + 44 + 23 * line, words, 19, QUIET)
    for when, halves in groupby(columns, key=lambda each: each[1].day):
        here = [column for column, _ in halves]
        begin, end = left[here[0]], left[here[-1]] + wide
        weekday, number, month, _ = day(when).split()
        middle = (begin + end) / 2
        if month != told:
            yield Text(begin + 6, top + 20, month, 18, QUIET)
            told = month
        yield Text(middle, top + 44, weekday if end - begin > 44 else weekday[:2], 20, anchor="middle")
        yield Text(middle, top + 67, number, 22, anchor="middle")
        yield Path(((end, top + 14), (end, low)), RULE, 2)
    y = y0 = top + DAYS_HEAD
    for row, label, note in rows:
        yield from _label(label, note, y)
        for column, _ in columns:
            yield from _cell(
                row.halves[column], left[column] + 2, y + 3, wide - 4, LINE - 6, 20 if wide > 24 else 17
            )
        y += LINE
    for column, _ in columns:
        if numbers := chart.marks[column]:
            yield Box(left[column], y0, wide, low - y0, "", edge=INK)
            yield from _number(left[column] + wide / 2, y0 - 14, numbers[0], more=len(numbers) > 1, radius=13)
    if (past := _past_deadline(chart.deadline, columns)) is not None:
        yield Path(((left[past], top + 4), (left[past], low)), LIMIT, 5)


def _past_deadline(deadline: date | None, columns: Sequence[tuple[int, Half]]) -> int | None:
    """The first column after the deadline, when the deadline lies on this page or before it."""
    return next((column for column, half in columns if deadline is not None and half.day > deadline), None)


def _legend(top: int, *, deadline: bool) -> Iterator[Piece]:
    wide = (WIDTH - 2 * EDGE) / 3
    for n, (cell, words) in enumerate(LEGEND.items()):
        x, y = EDGE + wide * (n % 3), top + 38 * (n // 3)
        yield from _cell(cell, x, y + 3, 34, 30, 20)
        yield Text(x + 44, y + 18, words, 20)
    if deadline:
        yield Path(((EDGE + 17, top + 79), (EDGE + 17, top + 109)), LIMIT, 5)
        yield Text(EDGE + 44, top + 94, "right of this line: after the deadline", 20)


def _label(label: str, note: str, y: float) -> Iterator[Piece]:
    """A name in one line or two, and under it what it is."""
    is_long = len(label) > LETTERS_LARGE
    lines = wrap(f"{label}, {note}" if note and is_long else label, LETTERS_A_LINE, max_lines=2)
    if is_long and len(lines) == 1:
        lines = wrap(label, LETTERS_LARGE, max_lines=2)
    if len(lines) == 2:
        yield Text(EDGE, y + 13, lines[0], 19)
        yield Text(EDGE, y + 33, lines[1], 19)
        return
    yield Text(EDGE, y + (15 if note else LINE / 2), lines[0], 21)
    if note:
        yield Text(EDGE, y + 34, note, 17, QUIET)


def _cell(cell: Cell, x: float, y: float, width: float, height: float, size: int) -> Iterator[Piece]:
    yield Box(x, y, width, height, FILLS[cell], edge=RULE, pattern=PATTERNS.get(cell, ""))
    middle, centre = x + width / 2, y + height / 2
    if cell is Cell.FREE:
        u = min(size * 0.5, width * 0.36)
        tick = ((middle - u, centre), (middle - u * 0.3, centre + u * 0.7), (middle + u, centre - u * 0.7))
        yield Path(tick, "#14632b", 4)
    elif cell is Cell.AWAY:
        u = min(size * 0.4, width * 0.3)
        yield Path(((middle - u, centre), (middle + u, centre)), QUIET, 3)
    else:
        if PATTERNS.get(cell):
            yield Disc(middle, centre, min(size * 0.62, width / 2 - 2, height / 2 - 2), FILLS[cell])
        yield Text(middle, centre, LETTERS[cell], size, "#ffffff" if cell is Cell.BUSY else INK, "middle")


def _number(x: float, y: float, number: int, *, more: bool = False, radius: float = 17) -> Iterator[Piece]:
    yield Disc(x, y, radius, INK)
    yield Text(x, y, f"{number}+" if more else str(number), round(radius * 1.3), "#ffffff", "middle")


def _texture(box: Box) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Strokes inside a box: slanting ones, or short ones in rows for dots."""
    if box.pattern == "stripes":
        at = -box.height
        while at < box.width:
            low, high = max(0.0, -at), min(box.height, box.width - at)
            if low < high:
                yield (
                    (box.x + at + low, box.y + box.height - low),
                    (box.x + at + high, box.y + box.height - high),
                )
            at += 11
    elif box.pattern == "dots":
        for row in range(int(box.height // 9)):
            for column in range(int(box.width // 9)):
                x, y = box.x + 5 + 9 * column, box.y + 5 + 9 * row
                yield (x, y), (x + 1, y)


def _svg_piece(piece: Piece) -> str:
    match piece:
        case Box():
            edge = f' stroke="{piece.edge}" stroke-width="2"' if piece.edge else ""
            box = (
                f'<rect x="{piece.x:g}" y="{piece.y:g}" width="{piece.width:g}" height="{piece.height:g}" '
                f'fill="{piece.fill or "none"}"{edge}/>'
            )
            strokes = "".join(f"M{a:g} {b:g}L{c:g} {d:g}" for (a, b), (c, d) in _texture(piece))
            return box + (f'<path d="{strokes}" stroke="{QUIET}" stroke-width="2"/>' if strokes else "")
        case Path():
            points = " ".join(f"{x:g},{y:g}" for x, y in piece.points)
            return f'<polyline points="{points}" fill="none" stroke="{piece.ink}" stroke-width="{piece.width:g}"/>'
        case Disc():
            return f'<circle cx="{piece.x:g}" cy="{piece.y:g}" r="{piece.radius:g}" fill="{piece.fill}"/>'
        case Text():
            return (
                f'<text x="{piece.x:g}" y="{piece.y:g}" font-size="{piece.size}" fill="{piece.ink}" '
                f'text-anchor="{piece.anchor}" dominant-baseline="central">{escape(piece.words)}</text>'
            )


def shown(pieces: Iterable[Piece]) -> list[str]:
    """What is written on a page, for tests and for searching what leaves."""
    return [piece.words for piece in pieces if isinstance(piece, Text)]
