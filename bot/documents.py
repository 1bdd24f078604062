"""Papers as files that leave the chat: Word, PDF and CSV from the same text that is read in chat (S2-16, IG-15).

A paper is Markdown of our own templates: headings, lines, bullets, strong words and tables. A Word file has real
headings, table rows marked as headings, a title and its language, so that a screen reader finds its way; it is the
accessible one of the two, for the library that writes PDF puts no tags into it. The libraries and the font are loaded
when the first file is made: most processes never make one.
"""

import csv as rows_of_text
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO, StringIO
from pathlib import Path
from string import printable
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fpdf import FPDF

LANGUAGE = "en-GB"
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "zip": "application/zip",
    "png": "image/png",
}
"""What each kind of file is called in a response, by the end of its name."""

UNDRAWN = (
    "Some letters could not be drawn in this PDF and stand as empty boxes. The Word document has them all."
)

SHORT = 17
"""A cell of no more letters than this is a date, a reference or a state: it stays on one line."""

Runs = tuple[tuple[str, bool], ...]
"""Words of a line, each with whether they are strong."""


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (the title) to 3."""

    level: int
    text: str


@dataclass(frozen=True)
class Line:
    """A paragraph."""

    runs: Runs


@dataclass(frozen=True)
class Bullet:
    """An entry of a list, `depth` 0 or 1."""

    depth: int
    runs: Runs


@dataclass(frozen=True)
class Table:
    """A table with its row of headings."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Line | Bullet | Table


def blocks(markdown: str) -> list[Block]:
    """What a paper consists of, in order. Whatever is not one of our marks is a line of its own."""
    return list(_blocks(markdown.strip().splitlines()))


def docx(markdown: str, *, title: str, made: datetime) -> bytes:
    """A Word file with real headings, lists, marked heading rows, `title` as its title, and its language."""
    from docx import Document
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paper = Document()
    about = paper.core_properties
    about.title, about.language, about.author, about.comments = title, LANGUAGE, "Convenor", ""
    about.created = about.modified = made.replace(tzinfo=None)
    defaults: Any = paper.styles["Normal"].element.get_or_add_rPr()
    for each in defaults.findall(qn("w:lang")):
        defaults.remove(each)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), LANGUAGE)
    defaults.append(language)
    for block in blocks(markdown):
        match block:
            case Heading(level, text):
                paper.add_heading(_printable(text), level)
            case Line(runs):
                _write(paper.add_paragraph(), runs)
            case Bullet(depth, runs):
                _write(paper.add_paragraph(style="List Bullet 2" if depth else "List Bullet"), runs)
            case Table(head, rows):
                table = paper.add_table(rows=1, cols=len(head), style="Table Grid")
                for cell, text in zip(table.rows[0].cells, head, strict=True):
                    _write(cell.paragraphs[0], ((text, True),))
                mark = OxmlElement("w:tblHeader")
                mark.set(qn("w:val"), "true")
                table.rows[0]._tr.get_or_add_trPr().append(mark)
                for row in rows:
                    for cell, text in zip(table.add_row().cells, row, strict=True):
                        _write(cell.paragraphs[0], ((text, False),))
    written = BytesIO()
    paper.save(written)
    return written.getvalue()


def pdf(markdown: str, *, title: str, made: datetime) -> bytes:
    """A PDF of A4 pages with bookmarks, page numbers and a font of its own, which has Welsh and Polish letters.

    Where the font lacks a letter the last line says so (`UNDRAWN`): a name is never spelt differently without a word.
    """
    with TemporaryDirectory() as folder:  # the library takes fonts from files alone
        paper = _sheet(title, made, {*printable, *markdown, *title, *UNDRAWN, "•"}, Path(folder))
        _fill(paper, markdown)
        return bytes(paper.output())


def csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Rows for a spreadsheet: UTF-8 with the mark that Excel needs, and no cell that it would take for a formula."""
    written = StringIO(newline="")
    out = rows_of_text.writer(written, lineterminator="\r\n")
    out.writerow([_harmless(cell) for cell in head])
    out.writerows([_harmless(cell) for cell in row] for row in rows)
    return ("\ufeff" + written.getvalue()).encode()


_FAMILY = "Open Sans"


def _blocks(lines: Sequence[str]) -> Iterator[Block]:
    at = 0
    while at < len(lines):
        line = lines[at].strip()
        indented = len(lines[at]) - len(lines[at].lstrip())
        if line.startswith("|") and at + 1 < len(lines) and re.fullmatch(r"\|[-|]+\|", lines[at + 1].strip()):
            head, found = _cells(line), []
            at += 2
            while at < len(lines) and lines[at].startswith("|"):
                row = _cells(lines[at])
                found.append((*row, *[""] * len(head))[: len(head)])
                at += 1
            yield Table(head, tuple(found))
            continue
        if heading := re.match(r"(#{1,3}) (.+)$", line):
            yield Heading(len(heading[1]), heading[2].replace("**", ""))
        elif line.startswith("- "):
            yield Bullet(1 if indented else 0, _runs(line[2:]))
        elif line:
            yield Line(_runs(line.removeprefix(">").strip()))
        at += 1


def _cells(line: str) -> tuple[str, ...]:
    """A table's row: cells are parted by bars; a bar that somebody wrote has a stroke before it."""
    cells = re.split(r"(?<!\\)\|", line.strip()[1:].removesuffix("|"))
    return tuple(cell.strip().replace("\\|", "|") for cell in cells)


def _runs(text: str) -> Runs:
    parts = re.split(r"\*\*(.+?)\*\*", text)
    return tuple((part, n % 2 == 1) for n, part in enumerate(parts) if part)


def _printable(text: str) -> str:
    """Without the characters that no XML can hold."""
    return "".join(letter for letter in text if letter >= " " or letter == "\t")


def _write(paragraph: Any, runs: Runs) -> None:
    for text, strong in runs:
        paragraph.add_run(_printable(text)).bold = strong or None


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.lstrip()[:1] in ("=", "+", "-", "@") or cell[:1] in ("\t", "\r") else cell


def _cut(weight: int, letters: set[str]) -> bytes:
    """The font at one weight, with these letters alone: cut from the whole it would take seconds."""
    import fontpkg
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    written = BytesIO()
    with TTFont(fontpkg.path(_FAMILY)) as font:
        some = Subsetter(Options(layout_features=[], notdef_outline=True, hinting=False))
        some.populate(unicodes=[ord(letter) for letter in letters])
        some.subset(font)
        instantiateVariableFont(font, {"wght": weight, "wdth": 100}, inplace=True)
        font.save(written)
    return written.getvalue()


def _sheet(title: str, made: datetime, letters: set[str], folder: Path) -> "FPDF":
    from fpdf import FPDF

    class Sheet(FPDF):
        def footer(self) -> None:
            self.set_y(-12)
            self.set_font(_FAMILY, "", 8)
            self.cell(0, 5, f"{title}, page {self.page_no()} of {{nb}}", align="C")

    paper = Sheet(format="A4")
    paper.set_margins(18, 16, 18)
    paper.set_auto_page_break(True, margin=18)
    for style, weight in (("", 400), ("B", 700)):
        (folder / f"{weight}.ttf").write_bytes(_cut(weight, letters))
        paper.add_font(_FAMILY, style, folder / f"{weight}.ttf")
    paper.set_title(title)
    paper.set_lang(LANGUAGE)
    paper.set_creator("Convenor")
    paper.set_creation_date(made)
    paper.add_page()
    return paper


def _fill(paper: "FPDF", markdown: str) -> None:
    from fpdf.fonts import FontFace

    wide = paper.epw
    for block in blocks(markdown):
        match block:
            case Heading(level, text):
                if paper.will_page_break(24):  # a heading stays with the first lines below it
                    paper.add_page()
                paper.ln(1 if level == 1 else 3)
                paper.set_font(_FAMILY, "B", {1: 18, 2: 14}.get(level, 11.5))
                paper.start_section(text, level=level - 1, strict=False)
                paper.multi_cell(wide, None, text, new_x="LMARGIN", new_y="NEXT", align="L")
                paper.ln(1.5)
            case Line(runs):
                _set(paper, runs, indent=0)
            case Bullet(depth, runs):
                _set(paper, (("•  ", False), *runs), indent=4 + 6 * depth)
            case Table(head, rows):
                paper.set_font(_FAMILY, "", 9)
                strong = FontFace(emphasis="BOLD", fill_color=(235, 235, 235))
                with paper.table(
                    headings_style=strong,
                    text_align="LEFT",
                    v_align="TOP",
                    line_height=4.6,
                    padding=1,
                    col_widths=_widths(paper, [head, *rows]),
                ) as table:
                    table.row(head)
                    for row in rows:
                        table.row(row)
                paper.ln(3)
    lacks = {letter for letter in markdown if not letter.isspace()} - _letters(paper)
    if lacks:
        _set(paper, ((UNDRAWN, True),), indent=0)


def _widths(paper: "FPDF", rows: Sequence[Sequence[str]]) -> list[float]:
    """In millimetres: a word, a reference or a date stays on one line, and the longer texts share the rest."""
    least, more = list[float](), list[float]()
    for column in zip(*rows, strict=True):
        head, *cells = column
        pieces = [piece for cell in cells for piece in ([cell] if len(cell) <= SHORT else cell.split())]
        widest = max(map(paper.get_string_width, [*head.split(), *pieces]), default=0.0)
        least.append(min(widest * 1.1 + 3, paper.epw / 3))
        longest = max(map(paper.get_string_width, column)) * 1.1 + 3
        more.append(max(0.0, min(longest, paper.epw) - least[-1]))
    spare = paper.epw - sum(least)
    if spare < 0:
        return [paper.epw * each / sum(least) for each in least]
    return [
        each + spare * (share / sum(more) if sum(more) else 1 / len(least))
        for each, share in zip(least, more, strict=True)
    ]


def _set(paper: "FPDF", runs: Runs, *, indent: float) -> None:
    """A paragraph of mixed weights, its lines beginning where the first one does."""
    margin = paper.l_margin
    paper.set_left_margin(margin + indent)
    paper.set_x(margin + indent)
    for text, strong in runs:
        paper.set_font(_FAMILY, "B" if strong else "", 10.5)
        paper.write(5.4, text)
    paper.set_left_margin(margin)
    paper.ln(7)


def _letters(paper: "FPDF") -> set[str]:
    """What the font can draw."""
    font: Any = next(iter(paper.fonts.values()))
    return {chr(code) for code in font.cmap}
