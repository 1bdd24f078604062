"""Reports as they may leave: every figure is published by `bot.domain.suppression` before it comes here (IG-37)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from bot.domain.period import Period
from bot.domain.suppression import Figure

Kind = Literal["board", "inspector", "tender", "return", "out-of-hours", "audit-sample"]


@dataclass(frozen=True, kw_only=True)
class Table:
    """Figures or facts in rows; the first column of each row names it. `empty` is said where there are no rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    empty: str = "Nothing is on record for this period."


@dataclass(frozen=True, kw_only=True)
class Month:
    """The share of clocks met in one month, or in so `many` from `first`: the least and the most per cent.

    None where too little is shown.
    """

    first: date
    met: tuple[int, int] | None
    many: int = 1


@dataclass(frozen=True, kw_only=True)
class StageMonths:
    """One stage, month by month."""

    stage: str
    months: tuple[Month, ...]


@dataclass(frozen=True, kw_only=True)
class Timeliness:
    """The share of clocks met, a panel a stage."""

    stages: tuple[StageMonths, ...]


@dataclass(frozen=True, kw_only=True)
class AgencyBar:
    """What became of one agency's actions."""

    agency: str
    done: Figure
    not_done: Figure
    overdue: Figure
    going: Figure


@dataclass(frozen=True, kw_only=True)
class Completion:
    """What became of the actions, a bar an agency."""

    agencies: tuple[AgencyBar, ...]


Plot = Timeliness | Completion


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading with what is under it. `blank` says what a person has yet to write there; "" for nothing."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    plots: tuple[Plot, ...] = ()
    blank: str = ""


@dataclass(frozen=True, kw_only=True)
class Report:
    """One report, whole. `pathway` is the title of the one that it is about, "" for all of the area's."""

    kind: Kind
    title: str
    area: str
    period: Period
    pathway: str
    reference: str
    made_at: datetime
    drill: bool
    sections: tuple[Section, ...] = field(default=())

    @property
    def plots(self) -> tuple[Plot, ...]:
        """Every plot, in order."""
        return tuple(plot for section in self.sections for plot in section.plots)

    @property
    def blanks(self) -> tuple[str, ...]:
        """The headings under which a person has something to write."""
        return tuple(section.heading for section in self.sections if section.blank)


@dataclass(frozen=True, kw_only=True)
class BoardNote:
    """The main figures of the board's report, for its channel; `lines` are a name and what stands beside it."""

    area: str
    period: Period
    drill: bool
    lines: tuple[tuple[str, str], ...]
    plots: tuple[Plot, ...]


@dataclass(frozen=True, kw_only=True)
class BoardSheet:
    """The same in a dialog, with the quarters to choose from and whether the reader may send it to the board."""

    note: BoardNote
    quarters: tuple[Period, ...]
    may_send: bool
