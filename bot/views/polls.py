"""What may be seen of asking people for times: references, times and the names of professionals (design.md rule 4)."""

from dataclasses import dataclass
from datetime import datetime

from bot.views.meeting import Offered


@dataclass(frozen=True, kw_only=True)
class AskedLine:
    """Somebody who is asked. `yes`, `maybe` and `no` are at how many of the times they can, could or cannot."""

    person: str
    agency: str
    answered: bool = False
    by_mail: bool = False
    yes: int = 0
    maybe: int = 0
    no: int = 0


@dataclass(frozen=True, kw_only=True)
class TimeLine:
    """One time asked about; `can` is `yes`, `maybe` or `no`, and empty before it is answered."""

    id: str
    starts_at: datetime
    ends_at: datetime
    can: str = ""


@dataclass(frozen=True, kw_only=True)
class AskSheet:
    """Who would be asked about what, before anybody is; `shown` is a mark of exactly that, to be handed back."""

    poll_id: str
    shown: str
    stage: str
    ref: str
    minutes: int
    people: tuple[AskedLine, ...]
    times: tuple[TimeLine, ...]
    closes_at: datetime
    chase_at: datetime
    late: bool = False
    """Whether these times miss the deadline of the stage: none could meet it."""


@dataclass(frozen=True, kw_only=True)
class TimesCard:
    """The times that one person is asked about; edited in place in their messages, and the page behind their link.

    `ended` is why it is over: empty, or `deadline`, `stopped`, `searched`, `booked`, `cancelled`.
    """

    id: str
    stage: str
    pathway: str
    refs: tuple[str, ...]
    agency: str
    minutes: int
    times: tuple[TimeLine, ...]
    answered: bool
    by_mail: bool
    closes_at: datetime
    open: bool
    ended: str
    drill: bool


@dataclass(frozen=True, kw_only=True)
class PollCard:
    """How the asking stands, for whoever asked; edited in place in their messages.

    `best` are the times found with the answers so far, the best first. `not_known` are the people still counted as not
    free.
    """

    id: str
    meeting_id: str
    stage: str
    refs: tuple[str, ...]
    people: tuple[AskedLine, ...]
    best: tuple[Offered, ...]
    not_known: tuple[str, ...]
    closes_at: datetime
    open: bool
    ended: str
    moving: bool
    drill: bool

    @property
    def answered(self) -> int:
        """How many of them have answered."""
        return sum(each.answered for each in self.people)
