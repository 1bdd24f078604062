"""The days of an invented year: what happens on which, chance, deadlines, and ladders that are climbed."""

from collections.abc import Callable
from datetime import date, timedelta
from heapq import heappop, heappush
from math import log
from random import Random

from bot.domain.area import Area
from bot.domain.nudges import Ladder, Step
from bot.domain.pathway import Pathway
from bot.domain.recipients import Holders, recipients
from bot.domain.workdays import Length, WorkingDays
from bot.pathways.readback import length_words
from bot.simulation.behaviour import Behaviour
from bot.simulation.cases import Clock
from bot.simulation.outcome import Tally
from bot.simulation.people import People, stream

NUDGE, DO, MEET, LATE = range(4)
"""What comes first on a day."""


class Span:
    """A year under a pathway: its working days and people, and a queue of what is still to happen in it."""

    def __init__(
        self, pathway: Pathway, area: Area | None, behaviour: Behaviour, year: int, seed: int
    ) -> None:
        self.pathway, self.behaviour, self.seed, self.year = pathway, behaviour, seed, year
        nation = pathway.nation or (area.nation if area else "england-and-wales")
        self.days = WorkingDays(nation, area.closures if area else ())
        self.people = People(pathway, seed, behaviour.away, behaviour.seldom_there)
        self.last = date(year, 12, 31)
        self.today = date(year, 1, 1)
        self.clocks: list[Clock] = []
        self.tally = Tally()
        self._queue: list[tuple[date, int, int, Callable[[], None]]] = []
        self._order = 0

    def on(self, day: date, order: int, do: Callable[[], None]) -> None:
        """Do it on that day, where the year still has it."""
        if day <= self.last:
            self._order += 1
            heappush(self._queue, (max(day, self.today), order, self._order, do))

    def pass_by(self) -> None:
        """Everything that was put on a day happens, in order, and whatever comes of it."""
        while self._queue:
            self.today, _, _, do = heappop(self._queue)
            do()

    def draw(self, *what: object) -> Random:
        """A stream of chance of its own for this, the same for the same seed."""
        return stream(self.seed, *what)

    def late_by(self, draw: Random) -> int:
        """Working days, 1 or more, most often few."""
        mean = max(self.behaviour.days_late, 1.0)
        return 1 + int(-log(1 - draw.random()) * (mean - 0.5))

    def clock(self, name: str, limit: Length, due: date) -> Clock:
        """A deadline that counts in the year's figures."""
        clock = Clock(name, length_words(limit), due)
        self.clocks.append(clock)
        return clock

    def _nudged(self, steps: tuple[Step, ...], holders: Holders) -> None:
        day = self.days.next(self.today)
        monday = day - timedelta(days=day.weekday())
        for step in steps:
            for told in recipients(step.to, holders)[0]:
                agency = told.person_id.partition(":")[0]
                self.tally.nudges[agency, told.person_id, monday] += 1

    def knock(
        self,
        still: Callable[[], bool],
        ladder: Callable[[], Ladder],
        after: date,
        holders: Callable[[], Holders],
    ) -> None:
        """Climb the ladder on each day that it names, for as long as the thing is open."""

        def climb() -> None:
            if still():
                self._nudged(ladder().climb(after, self.today).now, holders())
                self.knock(still, ladder, self.today, holders)

        self.on(ladder().next_day(after), NUDGE, climb)
