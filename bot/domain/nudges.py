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
"""Local time at which a day's nudges go out: inside working hours, never in the night's clock change."""


class Rung(Protocol):
    """One step of a pathway's ladder: `offset` working days from the deadline, and the roles it reaches."""

    @property
    def offset(self) -> int: ...

    @property
    def to(self) -> tuple[str, ...]: ...


class Days(Protocol):
    """The working days of one nation (bot.domain.workdays)."""

    def shift(self, day: date, n: int) -> date: ...


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step on one day: its name is part of the nudge's identity, `to` are roles."""

    name: str
    day: date
    to: tuple[str, ...]

    @property
    def escalated(self) -> bool:
        """Whether it goes past the owner; a snooze never holds such a step back."""
        return self.to != ("owner",)


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """The steps of one open thing: rungs counted from its deadline and, while unaccepted, from `asked`."""

    due: date
    rungs: Sequence[Rung]
    days: Days
    asked: date | None = None
    accept_within: int = 1

    def steps(self, until: date) -> list[Step]:
        """Every step up to and including the first one after `until`, in order of day."""
        steps = [
            Step(name=f"due{rung.offset:+d}", day=self.days.shift(self.due, rung.offset), to=tuple(rung.to))
            for rung in self.rungs
        ]
        if self.asked is not None:
            first = self.days.shift(self.asked, self.accept_within)
            steps.append(Step(name="accept+0", day=first, to=("owner",)))
            steps.append(Step(name="accept+2", day=self.days.shift(first, 2), to=("deputy", "agency_lead")))
        top = max(self.rungs, key=lambda rung: rung.offset)
        last, knock = self.days.shift(self.due, top.offset), 0
        while last <= until or not steps:
            knock += 1
            last = self.days.shift(self.due, top.offset + knock * REPEAT_WD)
            steps.append(Step(name=f"top+{knock}", day=last, to=tuple(top.to)))
        return sorted(steps, key=lambda step: (step.day, step.escalated))

    def reached(self, after: date, today: date, snoozed_until: date | None = None) -> list[Step]:
        """The steps whose day has come since `after`, lowest first; a snoozed owner's step is not among them."""
        return [
            step
            for step in self.steps(today)
            if after < step.day <= today
            and not (_snoozed(step, snoozed_until) and today < _day(snoozed_until))
        ]

    def next_day(self, after: date, snoozed_until: date | None = None) -> date:
        """The day of the next step after `after`: there always is one (design.md rule 8)."""
        days = []
        for step in self.steps(max(after, snoozed_until or after)):
            day = max(step.day, _day(snoozed_until)) if _snoozed(step, snoozed_until) else step.day
            if day > after:
                days.append(day)
        return min(days)


def _snoozed(step: Step, until: date | None) -> bool:
    return until is not None and not step.escalated and step.day <= until


def _day(until: date | None) -> date:
    return until or date.min


def instant(day: date, zone: str = "Europe/London") -> datetime:
    """The moment on that local day at which nudges go out, as an aware UTC datetime."""
    return datetime.combine(day, NUDGE_TIME, ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))


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
    return datetime.combine(day, opens, ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
