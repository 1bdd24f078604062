"""The main figures of the board's report, read when they are shown or leave (S4-20, S4-24)."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.area import Practice
from bot.domain.period import Period
from bot.storage.tallies import Tallies
from bot.storage.transaction import Work
from bot.usecases.reports import figures
from bot.usecases.reports.figures import Scope
from bot.views.reports import BoardNote, Table


def board_note(work: Work, practice: Practice, period: Period, now: datetime) -> BoardNote:
    """Published figures alone: what is in the report, in fewer words."""
    area = practice.area
    scope = Scope(
        tallies=Tallies(work.session, area.id, area.zone, area.drill, period), practice=practice, now=now
    )
    came, _ = figures.concerns(scope)
    deadlines, timeliness = figures.clocks(scope)
    became, completion = figures.actions(scope)
    return BoardNote(
        area=area.name,
        period=period,
        drill=area.drill,
        lines=(
            ("Concerns", _said(came)),
            ("Cases opened", _said(figures.repeats(scope))),
            ("Deadlines", "; ".join(_deadline(row) for row in deadlines.rows) or deadlines.empty),
            ("How long it took", _took(figures.intervals(scope))),
            ("Actions", _all(became)),
            ("Meetings", _said(figures.meetings(scope))),
            ("The person’s own views", _said(figures.voices(scope))),
            ("Lessons", _lessons(figures.learning(scope))),
        ),
        plots=(timeliness, completion),
    )


def _said(table: Table) -> str:
    """Each row with its first figure; what the table says of itself where it has none."""
    return _listed(f"{row[0]} {row[1]}" for row in table.rows) or table.empty


def _took(table: Table) -> str:
    """The steps of which enough is known."""
    return (
        _listed(f"{row[0]} {row[1]}" for row in table.rows if row[1] != figures.TOO_FEW) or "Too few to tell"
    )


def _lessons(table: Table) -> str:
    return (
        _listed(
            f"{row[0]}: "
            + ", ".join(
                f"{name.lower()} {value}" for name, value in zip(table.columns[1:], row[1:], strict=True)
            )
            for row in table.rows
        )
        or table.empty
    )


def _deadline(row: tuple[str, ...]) -> str:
    name, met, missed, share = row
    return f"{name}: met {met}, missed {missed} ({share})"


def _all(table: Table) -> str:
    if not table.rows:
        return table.empty
    last = table.rows[-1]
    return _listed(
        f"{name} {value}" for name, value in zip(table.columns[1:], last[1:], strict=True) if value
    )


def _listed(parts: Iterable[str]) -> str:
    return "; ".join(parts)
