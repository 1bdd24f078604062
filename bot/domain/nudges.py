"""The ladder: which step is due for whom, and when the next one is (model.md T14, T17; design.md rule 8).

Pure: the caller brings the dates. A thing that is open always has a next step; after the last rung the
ladder goes on knocking at its top until a human ends it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

REPEAT_WD = 5
"""Working days between knocks at the top of the ladder, once every rung has been climbed."""

NUDGE_TIME = time(9, 0)
"""Local time at which a day's nudges are looked for: inside working hours, never in the night's clock change."""

OWNER = "owner"


class Rung(Protocol):
    """One step of a pathway's ladder: `offset` working days from the deadline, and the roles it reaches."""

    @property
    def offset(self) -> int: ...

    @property
    def to(self) -> tuple[str, ...]: ...


class Days(Protocol):
    """The working days of one nation (bot.domain.workdays)."""

    def shift(self, day: date, n: int) -> date: ...

    def next(self, day: date) -> date: ...


@dataclass(frozen=True, kw_only=True)
class Plain:
    """A rung that no pathway words: the chair's own ladder, and that of an acceptance."""

    offset: int
    to: tuple[str, ...]


DECISION = (
    Plain(offset=1, to=("chair",)),
    Plain(offset=3, to=("chair", "coordinator")),
    Plain(offset=5, to=("board",)),
)
"""What is done about a chair who has been asked and has not answered, counted from the day of asking (P)."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step on one day: its name is part of the nudge's identity, `to` are roles."""

    name: str
    day: date
    to: tuple[str, ...]

    @property
    def escalated(self) -> bool:
        """Whether it goes past the owner; a snooze never holds such a step back."""
        return self.to != (OWNER,)


@dataclass(frozen=True, kw_only=True)
class Climb:
    """What a look finds: the steps to send now, and the missed ones that they overtake."""

    now: tuple[Step, ...] = ()
    overtaken: tuple[Step, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """The steps of one open thing, counted from its deadline.

    `asked`: since when it waits to be accepted. `decide`: since when the chair's word is awaited. `declined`: only
    that word is awaited, the owner has given theirs. `snoozed_until`: the owner is not reminded before that day,
    and is reminded on it.
    """

    due: date
    rungs: Sequence[Rung]
    days: Days
    asked: date | None = None
    accept_within: int = 1
    decide: date | None = None
    declined: bool = False
    snoozed_until: date | None = None

    def steps(self, until: date) -> list[Step]:
        """Every step up to and including the first one after `until`, in order of day."""
        steps = [] if self.declined and self.decide else self._track("due", self.due, self.rungs)
        if self.asked is not None:
            first = self.days.shift(self.asked, self.accept_within)
            name = f"accept@{self.asked:%m%d}"
            steps.append(Step(name=f"{name}+0", day=first, to=(OWNER,)))
            steps.append(Step(name=f"{name}+2", day=self.days.shift(first, 2), to=("deputy", "agency_lead")))
        if self.decide is not None:
            steps += self._track(f"decide@{self.decide:%m%d}", self.decide, DECISION)
        return sorted([*self._without_snoozed(steps), *self._knocks(until)], key=_order)

    def climb(self, after: date, today: date) -> Climb:
        """What to send about it today, `after` being the day up to which it was climbed before.

        Of the steps reached since, those of the latest day are sent and the others are overtaken: a missed week
        costs one nudge, not five.
        """
        reached = self.reached(after, today)
        if not reached:
            return Climb()
        latest = reached[-1].day
        return Climb(
            now=tuple(step for step in reached if step.day == latest),
            overtaken=tuple(step for step in reached if step.day < latest),
        )

    def reached(self, after: date, today: date) -> list[Step]:
        """The steps whose day has come since `after`, earliest first."""
        return [step for step in self.steps(today) if after < step.day <= today]

    def next_step(self, after: date) -> Step:
        """The first step after that day, the one that goes furthest when there are several: there always is one."""
        later = [step for step in self.steps(after) if step.day > after]
        first = later[0].day
        return [step for step in later if step.day == first][-1]

    def next_day(self, after: date) -> date:
        """The day of the next step after `after` (design.md rule 8)."""
        return self.next_step(after).day

    def _track(self, name: str, start: date, rungs: Sequence[Rung]) -> list[Step]:
        return [
            Step(name=f"{name}{rung.offset:+d}", day=self._day(start, rung.offset), to=tuple(rung.to))
            for rung in rungs
        ]

    def _day(self, start: date, offset: int) -> date:
        """A deadline on a day when nobody works is told of on the working day before."""
        if offset == 0 and self.days.next(start) != start:
            return self.days.shift(start, -1)
        return self.days.shift(start, offset)

    def _without_snoozed(self, steps: list[Step]) -> list[Step]:
        if self.snoozed_until is None:
            return steps
        kept = [step for step in steps if step.escalated or step.day > self.snoozed_until]
        again = Step(name=f"snoozed@{self.snoozed_until:%m%d}", day=self.snoozed_until, to=(OWNER,))
        return [*kept, again]

    def _knocks(self, until: date) -> list[Step]:
        """Again and again at the top, and at the owner's door with it, past `until` by one."""
        declined = self.declined and self.decide is not None
        start = self.decide if declined and self.decide else self.due
        rungs: Sequence[Rung] = DECISION if declined else self.rungs
        top = max(rungs, key=lambda rung: rung.offset)
        owned = not declined and any(OWNER in rung.to for rung in rungs) and OWNER not in top.to
        name = f"decide@{start:%m%d}:top" if declined else "top"
        to = (*top.to, OWNER) if owned else tuple(top.to)
        knocks: list[Step] = []
        last, knock = self.days.shift(start, top.offset), 0
        while last <= until:
            knock += 1
            last = self.days.shift(start, top.offset + knock * REPEAT_WD)
            knocks.append(Step(name=f"{name}+{knock}", day=last, to=to))
        return knocks


def _order(step: Step) -> tuple[date, bool, str]:
    return step.day, step.escalated, step.name


def instant(day: date, zone: str = "Europe/London") -> datetime:
    """The moment on that local day at which nudges are looked for, as an aware UTC datetime."""
    return _at(day, NUDGE_TIME, zone)


def is_quiet(moment: datetime, zone: str, opens: time, shuts: time) -> bool:
    """Whether `moment` is outside the area's hours on the clock of that zone (quiet hours)."""
    local = moment.astimezone(ZoneInfo(zone)).time()
    return not opens <= local < shuts


def after_quiet(moment: datetime, zone: str, opens: time, shuts: time) -> datetime:
    """The first moment at or after `moment` that is inside the area's hours, weekdays not considered."""
    if not is_quiet(moment, zone, opens, shuts):
        return moment
    local = moment.astimezone(ZoneInfo(zone))
    day = local.date() if local.time() < opens else local.date() + timedelta(days=1)
    return _at(day, opens, zone)


def day_out(moment: datetime, days: Days, zone: str, opens: time, shuts: time) -> date:
    """The first working day on which something can still leave inside the area's hours."""
    return days.next(after_quiet(moment, zone, opens, shuts).astimezone(ZoneInfo(zone)).date())


def moment_out(day: date, moment: datetime, zone: str, opens: time) -> datetime:
    """When that day's message leaves: at the opening hour, or at once when that has passed."""
    return max(moment, _at(day, opens, zone))


def _at(day: date, hour: time, zone: str) -> datetime:
    return datetime.combine(day, hour, ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
