"""What a simulated year came to, as numbers: no person, no case, only counts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, kw_only=True)
class ClockTold:
    """A deadline's year: how often it was met and missed; `worst` is working days late, `running` not yet due."""

    name: str
    limit: str
    met: int
    missed: int
    running: int
    worst: int

    @property
    def percent(self) -> int | None:
        """Met of those that fell due, in percent; None where none did."""
        return round(100 * self.met / due) if (due := self.met + self.missed) else None


@dataclass(frozen=True, kw_only=True)
class MeetingsTold:
    """A stage's meetings, minutes each; `lacking` says which types of agency broke a quorum, how often.

    `wanted` is how many cases sought one; `room` how many the year's standing panels have minutes for, None where a
    meeting is called whenever one is needed.
    """

    name: str
    held: int
    cases: int
    available: int
    used: float
    most: int
    over: int
    no_quorum: int
    adjourned: int
    lacking: Mapping[str, int]
    wanted: int
    room: int | None


@dataclass(frozen=True, kw_only=True)
class NudgesTold:
    """An agency's nudges: mean a week, the busiest week (`week` its Monday), and the most one person had in a week."""

    agency: str
    total: int
    mean: float
    most: int
    week: date | None
    person: int


@dataclass(frozen=True, kw_only=True)
class Year:
    """A year of invented cases under one pathway."""

    pathway: str
    version: str
    title: str
    year: int
    seed: int
    nation: str
    behaviour: Mapping[str, float]
    referrals: int
    accepted: int
    closed: int
    clocks: tuple[ClockTold, ...]
    meetings: tuple[MeetingsTold, ...]
    nudges: tuple[NudgesTold, ...]
    waiting: Mapping[str, int]
    months: tuple[int, ...]
    """How many accepted cases were waiting to be heard at the end of each month."""
    too_late_for_list: int
    dead_ends: tuple[str, ...] = ()


@dataclass
class Tally:
    """What is counted while the year runs."""

    nudges: Counter[tuple[str, str, date]] = field(default_factory=Counter)
    """By agency, person and the Monday of the week."""
    months: list[int] = field(default_factory=list)
    too_late: int = 0
