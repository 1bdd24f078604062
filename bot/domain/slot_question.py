"""What is asked when a time is sought: who must come, what their diaries say, and by when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.domain.spans import Span, whole_days
from bot.domain.workdays import LONDON, WorkingDays


class Source(StrEnum):
    """Where we have somebody's free time from; shown to the chair for each attendee (calendar.md section 1)."""

    DIARY_READ = "diary_read"
    OWN_PATTERN = "own_pattern"
    ASKED = "asked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Attendee:
    """A person and their time. With an unknown source they are never free, whatever the spans say.

    Outside `working` nobody is free. `tentative` time is free, but second choice. `gap` is what they keep
    between a meeting and their other engagements, before and after, firm and tentative alike; `travel` is what
    they need there when the meeting is in a room, since every other engagement counts as elsewhere. The longer
    of the two holds, they are not added up. Neither is kept to leave or to the ends of working time.

    Raises ValueError for a negative gap.
    """

    id: str
    agency: str
    source: Source
    name: str = ""
    role: str = ""
    working: tuple[Span, ...] = ()
    busy: tuple[Span, ...] = ()
    tentative: tuple[Span, ...] = ()
    leave: tuple[Span, ...] = ()
    gap: timedelta = timedelta()
    travel: timedelta = timedelta()

    def __post_init__(self) -> None:
        if min(self.gap, self.travel) < timedelta():
            raise ValueError("time between meetings cannot be negative")


@dataclass(frozen=True, kw_only=True)
class Room:
    """A room and its time: free whenever nothing is in it, unless `source` is unknown; then it never is.

    `seats` is how many it seats, `closed` the local dates on which the building is shut.
    """

    id: str
    seats: int
    source: Source = Source.DIARY_READ
    busy: tuple[Span, ...] = ()
    closed: frozenset[date] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Venue:
    """A meeting in a room: one of `rooms` must be free and seat `heads` people, the smallest such is taken."""

    rooms: tuple[Room, ...]
    heads: int = 1

    @cached_property
    def seating(self) -> tuple[Room, ...]:
        """The rooms that are large enough, the smallest first, and as they were named among equals."""
        return tuple(sorted((r for r in self.rooms if r.seats >= self.heads), key=lambda room: room.seats))


@dataclass(frozen=True, kw_only=True)
class Need:
    """An agency that should be at the meeting: any one of `any_of` will do, or else any one of the deputies.

    `type` is the kind of agency a quorum may ask for, such as `police`; the agency's own id when not given.
    """

    agency: str
    any_of: tuple[str, ...]
    required: bool = True
    deputies: tuple[str, ...] = ()
    type: str = ""

    @property
    def kind(self) -> str:
        """The type of agency that this one is, for the quorum."""
        return self.type or self.agency


@dataclass(frozen=True, kw_only=True)
class Quorum:
    """At least so many agencies, and at least one agency of each of these types (deputies count)."""

    agencies: int = 0
    types: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Question:
    """Find a time for a meeting of `length` inside `window`, with starts on the clock's own `step`.

    `chairs` is the chair and then the deputy chairs; one of them must be free, none given asks for none.
    `minute_takers` are those who could take the minutes, the first to ask first. That none of them is free
    costs, but does not rule a time out: minutes must exist, actions never wait for them (model.md sections 3
    and 4), and somebody present can be asked. The chair or a representative may take them as well (S3-32).
    `venue` is None for a meeting online. `closed` holds, by agency, the local dates on which none of its people
    come; an agency need not be named there. `accepted` are the agencies that had said yes to the time from which a
    meeting is moved: before anything else, as many of them as can be should come. `deadline` is the last good day,
    London date; let the window reach beyond it, so that a knowingly late meeting can be offered. `days` counts its
    working days (the case's nation). No start comes sooner than `min_notice` after `asked_at`. A shorter meeting is
    suggested down to `shortest` (half, when not given).

    Raises ValueError for a length or step under a minute, for an id that is no attendee's, and for an agency
    needed twice.
    """

    window: Span
    length: timedelta
    attendees: tuple[Attendee, ...]
    needs: tuple[Need, ...]
    days: WorkingDays
    chairs: tuple[str, ...] = ()
    minute_takers: tuple[str, ...] = ()
    venue: Venue | None = None
    closed: Mapping[str, frozenset[date]] = field(default_factory=dict)
    quorum: Quorum = Quorum()
    accepted: frozenset[str] = frozenset()
    deadline: date | None = None
    step: timedelta = timedelta(minutes=15)
    asked_at: datetime | None = None
    min_notice: timedelta = timedelta()
    shortest: timedelta | None = None
    wanted: int = 5
    zone: ZoneInfo = LONDON

    def __post_init__(self) -> None:
        minute = timedelta(minutes=1)
        if self.length < minute or self.step < minute:
            raise ValueError("a meeting and the step between starts last a minute or more")
        named = {person for need in self.needs for person in (*need.any_of, *need.deputies)}
        named |= {*self.chairs, *self.minute_takers}
        if strangers := named - self.people.keys():
            raise ValueError(f"needed, but not among the attendees: {', '.join(sorted(strangers))}")
        if len({need.agency for need in self.needs}) < len(self.needs):
            raise ValueError("an agency is needed once only")

    @cached_property
    def people(self) -> Mapping[str, Attendee]:
        """The attendees by id."""
        return {person.id: person for person in self.attendees}

    @property
    def opens(self) -> datetime:
        """The earliest moment that a meeting may start."""
        if self.asked_at is None:
            return self.window.start
        return max(self.window.start, self.asked_at + self.min_notice)

    def closures(self, agency: str) -> tuple[Span, ...]:
        """The days on which an agency is closed, each from midnight to midnight."""
        return self._closures.get(agency, ())

    def shut(self, days: Iterable[date]) -> tuple[Span, ...]:
        """Local dates as spans of whole days, in order."""
        return tuple(whole_days(day, day, self.zone) for day in sorted(days))

    @cached_property
    def _closures(self) -> Mapping[str, tuple[Span, ...]]:
        return {agency: self.shut(days) for agency, days in self.closed.items()}

    def apart(self, person: Attendee) -> timedelta:
        """What lies at least between this meeting and a person's other engagements."""
        return max(person.gap, person.travel) if self.venue else person.gap

    def day(self, moment: datetime) -> date:
        """The local date of a moment."""
        return moment.astimezone(self.zone).date()

    def late(self, day: date) -> bool:
        """Whether a meeting on this day misses the deadline; the day itself does not."""
        return self.deadline is not None and day > self.deadline

    def working_days_before_deadline(self, day: date) -> int | None:
        """0 on the day itself, negative when it is missed, None without a deadline."""
        if self.deadline is None:
            return None
        left = self.days.count(day, self.deadline)
        return min(left, -1) if self.late(day) else left
