"""The drill's stories as they are written in stories.yml: who does what, and on which working day from today."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.area import Practice
from bot.domain.pathway import Pathway
from bot.domain.recurrence import dates
from bot.pathways.plainyaml import Source

STORIES_FILE = Path(__file__).parent / "stories.yml"

SETTLED = 12
"""Working days that must have gone by since the last panel, so that some of what it agreed is overdue by now."""

MEETING = "meeting"

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that somebody does. `on` and `clock` say when; or `after`, in minutes from the start of the meeting."""

    on: str
    clock: time | None
    after: int
    who: str
    does: str
    said: Json


@dataclass(frozen=True, kw_only=True)
class Story:
    """One invented case from its first word on; `ends` is the state it is in after its last step."""

    id: str
    title: str
    pathway: str
    ends: str
    answers: Json
    steps: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class Script:
    """Every story, and what is answered to a form's questions unless a story says otherwise."""

    stories: tuple[Story, ...]
    usual: Mapping[str, Json]


def read_script(file: Path = STORIES_FILE) -> Script:
    """The stories of a file. BadPathway when it is no plain YAML; KeyError or ValueError for a step without a time."""
    plain = Source(file).plain
    stories = tuple(
        Story(**{**each, "steps": tuple(_step(dict(step)) for step in each["steps"])})
        for each in plain["stories"]
    )
    return Script(stories=stories, usual=plain["usual"])


def _step(said: Json) -> Step:
    on, at, after = str(said.pop("on")), said.pop("at", None), said.pop("after", 0)
    return Step(
        on=on,
        clock=time.fromisoformat(at) if at else None,
        after=int(after),
        who=said.pop("who", ""),
        does=said.pop("does"),
        said=said,
    )


class Calendar:
    """Turns `-3`, `panel-9` or `earlier+1` into days: working days from today, or from one of two past panels."""

    def __init__(self, practice: Practice, today: date) -> None:
        """`today` is a working day; the panels are those of the area's first standing panel."""
        self.practice, self.today, self.days = practice, today, practice.days()
        self.earlier, self.panel = self._panels()

    def day(self, on: str) -> date:
        """The day meant; ValueError when it cannot be read."""
        found = re.fullmatch(r"(panel|earlier)?([+-]?\d+)?", on)
        if not found or not on:
            raise ValueError(f"no day of the drill: {on!r}")
        start = {"panel": self.panel, "earlier": self.earlier}.get(found[1] or "", self.today)
        return self.days.shift(start, int(found[2] or 0))

    def when(self, step: Step, meeting: datetime | None) -> datetime:
        """When a step is done, in UTC; `meeting` is the start of the case's booked meeting, if there is one."""
        if step.on == MEETING:
            if meeting is None:
                raise ValueError(f"no meeting is booked for {step.does!r}")
            return meeting + timedelta(minutes=step.after)
        if step.clock is None:
            raise ValueError(f"{step.does!r} has no time of day")
        return moment(self.practice, self.day(step.on), step.clock)

    def _panels(self) -> tuple[date, date]:
        """The last standing panel that is `SETTLED` working days gone, and the one before it."""
        rule = next(stage.recurs for stage in _stages(self.practice) if stage.recurs is not None)
        latest = self.days.shift(self.today, -SETTLED)
        past: list[date] = []
        for day in dates(rule, latest - timedelta(days=80), self.days):
            if day > latest:
                break
            past.append(day)
        return past[-2], past[-1]


def moment(practice: Practice, day: date, clock: time) -> datetime:
    """That time of that day in the area, in UTC."""
    return datetime.combine(day, clock, ZoneInfo(practice.area.zone)).astimezone(UTC)


def _stages(practice: Practice) -> list[Any]:
    pathways: tuple[Pathway, ...] = practice.enabled
    return [stage for pathway in pathways for stage in pathway.stages]
