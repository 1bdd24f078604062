"""A person's App Home: what they owe, what they began, what waits for them; pointers only (a Home is chat too)."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.views.actions import OwnActions
from bot.views.board import Board
from bot.views.cases import CaseLine
from bot.views.chronology import Standing
from bot.views.contacts import RegisterDuties
from bot.views.polls import TimesCard
from bot.views.referrals import DraftLine, ReferralLine


@dataclass(frozen=True, kw_only=True)
class MeetingLine:
    """A meeting to come."""

    id: str
    title: str
    starts_at: datetime
    ends_at: datetime
    answer: str
    refs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    """A message that could not be delivered, for the coordinator to try again."""

    id: str
    what: str
    reason: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Delayed:
    """Messages that have been tried for a while and have not left; they are tried on. `reason` is of the first."""

    number: int
    since: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class Home:
    """Everything on one page, each list in order of urgency."""

    name: str
    area: str
    role: str
    drill: bool
    today: datetime
    may_refer: bool
    may_advise: bool
    drafts: tuple[DraftLine, ...] = ()
    asked: tuple[TimesCard, ...] = ()
    owed: OwnActions | None = None
    meetings: tuple[MeetingLine, ...] = ()
    waiting: tuple[ReferralLine, ...] = ()
    referrals: tuple[ReferralLine, ...] = ()
    cases: tuple[CaseLine, ...] = ()
    board: Board | None = None
    standing: tuple[Standing, ...] = ()
    register: RegisterDuties | None = None
    dead: tuple[DeadLetter, ...] = field(default=())
    delayed: Delayed | None = None
