"""An agreed action in an invented year, from the meeting that agreed it to its end."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from bot.domain.actions import Action, ActionState, Outcome
from bot.domain.workdays import Unit
from bot.simulation.cases import Clock
from bot.simulation.span import DO, Span

LONDON = ZoneInfo("Europe/London")


class Doing:
    """One action from the meeting that agreed it to its end, by the states of `bot.domain.actions`, told to `ended`."""

    def __init__(self, year: Span, action: Action, ended: Callable[[], None]) -> None:
        self.year, self.action, self.ended = year, action, ended
        self.draw = year.draw("action", action.id)
        within = year.pathway.actions.acknowledge_within
        self.within = max(1, within.n) if within.unit is Unit.WD else 1
        at = datetime.combine(action.assigned_on, time(12), LONDON).astimezone(UTC)
        self.accepting = year.clock(
            "Action accepted", within, within.after(at, year.days).astimezone(LONDON).date()
        )
        self.doing = Clock("Action done", "its own date", action.due)
        year.clocks.append(self.doing)

    def begin(self) -> None:
        """Everything that will happen to it, and its ladder."""
        year, how, draw = self.year, self.year.behaviour, self.draw
        days, action = year.days, self.action
        year.knock(
            lambda: self.action.open,
            lambda: self.action.ladder(year.pathway.ladder, days, self.within),
            action.assigned_on,
            lambda: year.people.holders(self.action.owner_id, year.today),
        )
        due = self.accepting.due
        answered = days.shift(due, year.late_by(draw)) if draw.random() < how.answers_late else due
        year.on(answered, DO, self._accept)
        fate = draw.random()
        if fate < how.cannot:
            year.on(days.shift(action.due, -2), DO, self._cannot)
        elif fate < how.cannot + how.more_time:
            year.on(days.shift(action.due, -1), DO, self._more_time)
        elif draw.random() < how.action_late:
            year.on(days.shift(action.due, year.late_by(draw)), DO, self._done)
        else:
            span = max(0, days.count(answered, action.due))
            year.on(max(answered, days.shift(action.due, -draw.randint(0, span // 2))), DO, self._done)

    def _accept(self) -> None:
        if self.action.state is ActionState.ASSIGNED:
            self.action = self.action.accept()
        self._answered()

    def _answered(self) -> None:
        self.accepting.met = self.accepting.met or self.year.today

    def _done(self) -> None:
        if self.action.open:
            self._end(self.action.done())

    def _end(self, ended: Action) -> None:
        self.action = ended
        self._answered()
        self.doing.met, self.doing.due = self.year.today, ended.due
        self.ended()

    def _cannot(self) -> None:
        if not self.action.open:
            return
        if self.draw.random() < 0.5:
            self._end(self.action.cannot(Outcome.CIRCUMSTANCES_CHANGED, self.year.today))
            return
        self.action = self.action.cannot(Outcome.NOT_DONE, self.year.today)
        self._answered()
        self.year.on(self.year.days.shift(self.year.today, self.draw.randint(1, 5)), DO, self._chair_ends)

    def _chair_ends(self) -> None:
        self._end(self.action.end(Outcome.WITHDRAWN))

    def _more_time(self) -> None:
        if not self.action.open:
            return
        year, limit = self.year, self.year.pathway.actions.extension_limit_wd
        wanted = self.draw.randint(1, 2 * max(1, limit))
        base = max(self.action.due, year.today)
        until = year.days.shift(base, wanted)
        asked = year.days.count(self.action.due, until)
        self.action = self.action.more_time(until, year.today, working_days=asked, limit=limit)
        self.doing.due = self.action.due
        if self.action.with_chair:
            year.on(year.days.shift(year.today, self.draw.randint(1, 5)), DO, self._granted)
        year.on(year.days.shift(until, self.draw.choice((-1, 0, 0, 2))), DO, self._done)

    def _granted(self) -> None:
        if self.action.with_chair and self.action.open:
            self.action = self.action.grant(self.year.today)
            self.doing.due = self.action.due
