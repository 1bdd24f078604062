"""What is known of an invented year's cases, their clocks and their meetings."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.domain.pathway import Stage
from bot.domain.states import CASE, CaseState


@dataclass
class Clock:
    """A deadline with its length in words; `met` None while it runs, or for ever."""

    name: str
    limit: str
    due: date
    met: date | None = None


@dataclass
class InventedCase:
    """A case from its referral; `waits` is for what, in words, since when."""

    number: int
    received: datetime
    state: str = CaseState.OPEN
    rating: str | None = None
    counts_from: datetime | None = None
    open_actions: int = 0
    review_on: date | None = None
    waits: str = ""
    since: date | None = None
    agencies: set[str] = field(default_factory=set)
    clocks: dict[str, Clock] = field(default_factory=dict)
    panels_left: list[Stage] = field(default_factory=list)

    def move(self, event: str) -> None:
        """The next state, by the rules of `bot.domain.states`."""
        self.state = CASE.after(self.state, event)


@dataclass
class InventedMeeting:
    """A meeting of a stage and the cases on its list."""

    stage: Stage
    day: date
    cases: list[InventedCase] = field(default_factory=list)


@dataclass
class Held:
    """What the meetings of one stage came to."""

    held: int = 0
    minutes: list[int] = field(default_factory=list)
    cases: int = 0
    over: int = 0
    no_quorum: int = 0
    adjourned: int = 0
    lacking: Counter[str] = field(default_factory=Counter)
    wanted: int = 0
