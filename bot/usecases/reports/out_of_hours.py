"""How fast concerns outside working hours were answered, beside those within them (S5-42, T01)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.area import Practice
from bot.domain.proof import hours
from bot.domain.suppression import grid
from bot.usecases.reports.board import SMALL_NUMBERS
from bot.usecases.reports.figures import Scope
from bot.views.reports import Section, Table

WITHIN = ((1, "Within 1 hour"), (4, "Within 4 hours"), (24, "Within 24 hours"))
LATER, NOT_YET = "Later", "Not decided yet"
KINDS = (
    ("Outside hours, same-day decision asked for", True, True),
    ("Outside hours, other", True, False),
    ("In hours, same-day decision asked for", False, True),
    ("In hours, other", False, False),
)


def sections(scope: Scope) -> tuple[Section, ...]:
    """The report: one table, and what happens at night."""
    area = scope.practice.area
    return (
        Section(heading="How to read the numbers", paragraphs=(SMALL_NUMBERS,)),
        Section(
            heading="Answered how fast",
            paragraphs=(
                f"Working hours are {area.opens:%H:%M} to {area.shuts:%H:%M} on working days. What counts as the answer"
                " is the first decision of a named person; the hours are clock hours.",
            ),
            tables=(answered(scope),),
        ),
        Section(
            heading="The route outside hours",
            paragraphs=(area.out_of_hours,) if area.out_of_hours else (),
            blank="" if area.out_of_hours else "The area’s file names no route outside hours. It should.",
        ),
    )


def answered(scope: Scope) -> Table:
    """Concerns by when they came in and how soon a person decided (S5-42)."""
    columns = [*(name for _, name in WITHIN), LATER, NOT_YET]
    counts = {(outside, urgent): dict.fromkeys(columns, 0) for _, outside, urgent in KINDS}
    for way in scope.tallies.ways():
        received, decided = way.moments.received_at, way.moments.decided_at
        row = counts[outside_hours(scope.practice, received), way.urgent]
        if decided is None or decided < received:
            row[NOT_YET] += 1
            continue
        taken = hours(received, decided)
        row[next((name for most, name in WITHIN if taken <= most), LATER)] += 1
    published = grid([list(counts[outside, urgent].values()) for _, outside, urgent in KINDS])
    return Table(
        title="Concerns by when they came in, and the first decision",
        columns=("Came in", *columns, "All"),
        rows=(
            *(
                (name, *map(str, cells), str(total))
                for (name, *_), cells, total in zip(KINDS, published.cells, published.row_totals, strict=True)
            ),
            ("All", *map(str, published.column_totals), str(published.total)),
        ),
    )


def outside_hours(practice: Practice, at: datetime) -> bool:
    """Whether the area's offices are closed at that moment."""
    area = practice.area
    local = at.astimezone(ZoneInfo(area.zone))
    return not practice.days().is_working(local.date()) or not area.opens <= local.time() < area.shuts
