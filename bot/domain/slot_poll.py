"""Asking where diaries cannot be read: whom, about which few times, until when, and what an answer makes of somebody.

Nobody whose answer is not needed is asked, and only about times that suit everybody else. Whoever is silent stays
unknown, and unknown is never free (design.md rule 7).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.availability import Hours, WorkingPattern, working_spans
from bot.domain.slots import Attendee, Question, Source, find
from bot.domain.spans import Span, at_local, merged
from bot.domain.workdays import LONDON, WorkingDays

FEWEST, MOST = 3, 8
"""How many times are put to somebody: fewer only where no more are possible for everybody else."""

LEAST_OPEN = timedelta(hours=1)
"""Working time that people must have to answer; with less left, somebody has to telephone."""

NOTICE = timedelta(hours=2)
"""From the close of the poll to the earliest of its times: somebody has to book it first."""

CLOSES_AT = time(12)

STEP = timedelta(minutes=5)
"""Of the times at which a poll closes and people are reminded."""


class Can(StrEnum):
    """What somebody says of one time: `maybe` is "if I must", and is second choice."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


@dataclass(frozen=True, kw_only=True)
class OfficeHours:
    """The working time of an area: these hours, on these working days."""

    days: WorkingDays
    opens: time = time(9)
    shuts: time = time(17)
    zone: ZoneInfo = LONDON

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from one moment to a later one; none for an earlier."""
        total, day = timedelta(), self._day(start)
        while day <= self._day(end):
            opens, shuts = self._on(day)
            if self.days.is_working(day):
                total += max(timedelta(), min(shuts, end) - max(opens, start))
            day += timedelta(days=1)
        return total

    def after(self, moment: datetime, lasting: timedelta) -> datetime:
        """The moment at which so much working time has gone by, which lies inside the hours."""
        left, day = lasting, self._day(moment)
        while True:
            opens, shuts = self._on(day)
            if self.days.is_working(day):
                here = max(timedelta(), shuts - max(opens, moment))
                if here and left <= here:
                    return max(opens, moment) + left
                left -= here
            day += timedelta(days=1)

    def noon_after(self, moment: datetime) -> datetime:
        """Midday of the next working day."""
        return at_local(self.days.shift(self._day(moment), 1), CLOSES_AT, self.zone)

    def last_end(self, first: date, last: date) -> datetime | None:
        """When work ends on the last working day of these; None when there is none among them."""
        day = last
        while day >= first:
            if self.days.is_working(day):
                return self._on(day)[1]
            day -= timedelta(days=1)
        return None

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def _on(self, day: date) -> tuple[datetime, datetime]:
        return at_local(day, self.opens, self.zone), at_local(day, self.shuts, self.zone)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What would be asked: these people (ids), these times in order, until then, with one reminder in between."""

    people: tuple[str, ...]
    slots: tuple[Span, ...]
    closes_at: datetime
    chase_at: datetime


def proposal(
    question: Question, office: OfficeHours, now: datetime, *, present: datetime | None = None
) -> Proposal | None:
    """Whom to ask about what; None where asking does not help: something fits, nothing could, or time is too short.

    The times are such as meet the deadline; only where no answer could bring that about, later ones.

    `present` is when a meeting that is to move begins as it stands: nobody is asked about that time.

    Of the people whose diaries are not known only those are asked without whom too few times would be left.
    """
    in_time = _proposal(question, office, now, present)
    if in_time is not None or question.deadline is None:
        return in_time
    return _proposal(replace(question, deadline=None), office, now, present)


def _proposal(
    question: Question, office: OfficeHours, now: datetime, present: datetime | None
) -> Proposal | None:
    if find(question).options or (closes_at := closing(question, office, now)) is None:
        return None
    later = replace(question, wanted=MOST, asked_at=closes_at, min_notice=NOTICE)
    groups = _groups(question)
    slots = _feasible(later, groups, present)
    for group in reversed(groups):  # the last are needed least
        fewer = [each for each in groups if each is not group]
        left = _feasible(later, fewer, present)
        if left and len(left) >= min(FEWEST, len(slots)):
            groups, slots = fewer, left
    people = {id for group in groups for id in group}
    if not slots or not people:
        return None
    return Proposal(
        people=tuple(person.id for person in question.attendees if person.id in people),
        slots=slots,
        closes_at=closes_at,
        chase_at=_told_at(office.after(now, office.between(now, closes_at) / 2)),
    )


def closing(question: Question, office: OfficeHours, now: datetime) -> datetime | None:
    """When the answers must be in: at midday of the next working day, or sooner when the clock presses.

    It presses when that would leave less than half of the working time until the last possible start. None when
    there is too little time to ask at all.
    """
    first, last = (
        question.day(question.window.start),
        question.day(question.window.end - timedelta(seconds=1)),
    )
    if question.deadline is not None:
        last = min(last, question.deadline)
    end = office.last_end(first, last)
    if end is None:
        return None
    halfway = office.between(now, end - question.length - NOTICE) / 2
    if halfway < LEAST_OPEN:
        return None
    return min(office.noon_after(now), _told_at(office.after(now, halfway) + STEP - timedelta.resolution))


def _told_at(moment: datetime) -> datetime:
    """The last whole step of the clock before it: nobody says "by 16:43"."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (moment - midnight) // STEP * STEP


def hopeful(person: Attendee, question: Question) -> Attendee:
    """Somebody whose diary is not known, taken to be free in their own hours; else in office hours."""
    working = person.working or working_spans(_office_week(question), question.window, question.days.closures)
    return replace(person, source=Source.ASKED, working=working)


def heard(person: Attendee, said: Mapping[Span, Can]) -> Attendee:
    """Somebody who was asked and has answered: free at the times to which they said yes or maybe, at no other.

    What is known of them besides, such as leave or another meeting of ours, still counts against a time.
    """
    return replace(
        person,
        source=Source.ASKED,
        working=merged(said),
        busy=merged((*person.busy, *(span for span, can in said.items() if can is Can.NO))),
        tentative=merged((*person.tentative, *(span for span, can in said.items() if can is Can.MAYBE))),
    )


def with_answers(
    attendees: Iterable[Attendee], said: Mapping[str, Mapping[Span, Can]]
) -> tuple[Attendee, ...]:
    """The attendees, those whose diaries are not known by what they have said; whoever is silent stays unknown."""
    return tuple(
        heard(each, said[each.id]) if each.source is Source.UNKNOWN and each.id in said else each
        for each in attendees
    )


def _groups(question: Question) -> list[Sequence[str]]:
    """Those who could be asked, by the seat that they would fill, the most needed first.

    An agency's representatives are asked before their deputies; who may come, only after those who must.
    """
    silent = {person.id for person in question.attendees if person.source is Source.UNKNOWN}
    chair, *deputies = question.chairs or ("",)
    seats: list[tuple[Sequence[str], Sequence[str]]] = [((chair,), deputies)]
    seats += [(need.any_of, need.deputies) for need in question.needs if need.required]
    seats += [(need.any_of, need.deputies) for need in question.needs if not need.required]
    firsts = [[id for id in first if id in silent] for first, _ in seats]
    seconds = [[id for id in second if id in silent] for _, second in seats]
    return [group for group in (*firsts, *seconds) if group]


def _feasible(
    question: Question, groups: Collection[Sequence[str]], present: datetime | None
) -> tuple[Span, ...]:
    """The times that would suit everybody who must come if these said yes, spread over half-days, in order."""
    wanted = {id for group in groups for id in group}
    attendees = tuple(
        hopeful(person, question) if person.id in wanted and person.source is Source.UNKNOWN else person
        for person in question.attendees
    )
    found = find(replace(question, attendees=attendees)).options
    return tuple(sorted(Span(option.start, option.end) for option in found if option.start != present))


def _office_week(question: Question) -> WorkingPattern:
    return WorkingPattern(
        hours=tuple(Hours(weekday=day, start=time(9), end=time(17)) for day in range(5)),
        zone=str(question.zone),
        nation=question.days.nation,
    )
