"""A report as files in a folder: a page, its figures as CSV, its plots as PNG and SVG."""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.picture import png, svg
from bot.plots import alternative, drawn, name_of, title_of
from bot.render import FILTERS, Render
from bot.views.reports import Plot, Report

COLUMNS = ("section", "table", "row", "column", "value")
RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take a cell for a formula by."""


def write_report(report: Report, folder: Path, render: Render) -> list[Path]:
    """`<kind>.html`, `<kind>.csv`, and each plot as .svg and .png; which files those are. OSError where it cannot.

    The page needs nothing from elsewhere. Without Pillow there are no PNG files, and the page is whole all the same.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / f"{report.kind}.html", folder / f"{report.kind}.csv"]
    written[0].write_text(page(report, render), encoding="utf-8")
    written[1].write_text(table(report), encoding="utf-8-sig")
    for plot in report.plots:
        sheet = drawn(plot)
        at = folder / f"{report.kind}-{name_of(plot)}.svg"
        at.write_text(svg(sheet, alternative(plot)), encoding="utf-8")
        written.append(at)
        try:
            picture = png(sheet)
        except ImportError:
            continue
        at = at.with_suffix(".png")
        at.write_bytes(picture)
        written.append(at)
    return written


def page(report: Report, render: Render) -> str:
    """The report as one HTML page, its plots in it."""
    made = Environment(
        loader=FileSystemLoader(render.templates / "reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(FILTERS)

    def inline(plot: Plot) -> Markup:
        return Markup(svg(drawn(plot), alternative(plot)))  # noqa: S704 - made by bot.picture, which escapes all text

    return made.get_template("report.html.j2").render(
        report=report, inline=inline, alternative=alternative, title_of=title_of
    )


def table(report: Report) -> str:
    """Every figure of the report, a line each: section, table, row, column, value."""
    out = StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(COLUMNS)
    lines.writerow(("About", report.title, report.area, "from", report.period.first.isoformat()))
    lines.writerow(("About", report.title, report.area, "to", report.period.last.isoformat()))
    lines.writerows(map(_harmless, _lines(report)))
    return out.getvalue()


def _lines(report: Report) -> Iterator[tuple[str, ...]]:
    for section in report.sections:
        for each in section.tables:
            for row in each.rows:
                for column, value in zip(each.columns[1:], row[1:], strict=False):
                    yield section.heading, each.title, row[0], column, value


def _harmless(line: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"'{cell}" if cell.startswith(RISKY) else cell for cell in line)
