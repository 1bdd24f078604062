"""One time on offer, told in full: who comes, who would miss it and why, and how it stands to the deadline."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from bot.domain.slot_question import Attendee, Need, Question, Room, Source
from bot.domain.spans import Span, merged


class Why(StrEnum):
    """Why somebody would miss a meeting. Of several people, the first that applies speaks for the agency."""

    DIARY_UNKNOWN = "diary_unknown"
    BUSY = "busy"
    TOO_CLOSE = "too_close"  # to another engagement: no time to get there or to draw breath
    LEAVE = "leave"
    CLOSED = "closed"  # the agency is, that day
    NOT_WORKING = "not_working"
    NOBODY_NAMED = "nobody_named"


class NoRoom(StrEnum):
    """Why there is no room. Of several rooms, the first that applies speaks for them."""

    NOT_KNOWN = "not_known"
    TAKEN = "taken"
    CLOSED = "closed"
    TOO_SMALL = "too_small"
    NONE_NAMED = "none_named"


class Reason(StrEnum):
    """Why this option, as codes; the words are the templates'."""

    EVERYONE = "everyone"  # every agency attends
    ALL_REQUIRED = "all_required"  # every required agency attends, some optional one does not
    FEWEST_MISSING = "fewest_missing"  # nothing fits; no other time loses fewer
    EARLIEST = "earliest"  # nothing that fits comes sooner
    FIRM = "firm"  # nobody has a tentative clash
    TENTATIVE = "tentative"
    IN_PERSON = "in_person"  # nobody sends a deputy
    DEPUTIES = "deputies"
    DEPUTY_CHAIR = "deputy_chair"
    NO_CHAIR = "no_chair"
    NO_MINUTE_TAKER = "no_minute_taker"
    NO_ROOM = "no_room"
    REQUIRED_MISSING = "required_missing"
    INQUORATE = "inquorate"
    BEFORE_DEADLINE = "before_deadline"
    DEADLINE_DAY = "deadline_day"
    AFTER_DEADLINE = "after_deadline"


class Seat(NamedTuple):
    """Who comes for an agency."""

    person: str
    as_deputy: bool


@dataclass(frozen=True, kw_only=True)
class Missing:
    """An agency that would miss it."""

    agency: str
    why: Why
    required: bool


@dataclass(frozen=True, kw_only=True)
class Option:
    """A time, and what it would cost. `tentative` and `not_known` hold ids of people.

    `working_days_before_deadline` is 0 on the day itself, negative when missed, None without a deadline.
    `minutes` takes the minutes, `room` is the room's id; each is None where none was asked for, too.
    `quorum_short` is how many agencies the quorum lacks; `types_short` which types of agency.
    """

    start: datetime
    end: datetime
    attending: Mapping[str, Seat]
    missing: tuple[Missing, ...]
    chair: str | None
    chair_missing: Why | None
    minutes: str | None = None
    minutes_missing: Why | None = None
    room: str | None = None
    room_missing: NoRoom | None = None
    tentative: tuple[str, ...]
    not_known: tuple[str, ...]
    quorum_short: int
    types_short: tuple[str, ...]
    working_days_before_deadline: int | None
    reasons: tuple[Reason, ...]

    @property
    def fits(self) -> bool:
        """Chair, room, every required agency and a quorum; the deadline is told apart."""
        blocked = any(missing.required for missing in self.missing) or self.chair_missing or self.room_missing
        return not (blocked or self.quorum_short or self.types_short)

    @property
    def deputies(self) -> tuple[str, ...]:
        """The agencies that send a deputy."""
        return tuple(agency for agency, seat in self.attending.items() if seat.as_deputy)


def judged(question: Question, start: datetime, length: timedelta | None = None) -> Option:
    """What a meeting at this time would be like, free of any search; also the re-check just before booking."""
    span = Span(start, start.astimezone(UTC) + (length or question.length))
    people = question.people
    seats = {need.agency: _seat(question, need, span) for need in question.needs}
    attending = {agency: seat for agency, seat in seats.items() if seat}
    missing = tuple(
        Missing(
            agency=need.agency,
            why=_why(question, (*need.any_of, *need.deputies), span),
            required=need.required,
        )
        for need in question.needs
        if need.agency not in attending
    )
    chair = _first(question, question.chairs, span)
    minutes = _first(question, question.minute_takers, span)
    room, no_room = _room(question, span)
    seated = {seat.person for seat in attending.values()} | {id for id in (chair, minutes) if id}
    kinds = {need.kind for need in question.needs if need.agency in attending}
    option = Option(
        start=span.start,
        end=span.end,
        attending=attending,
        missing=missing,
        chair=chair,
        chair_missing=_why(question, question.chairs, span) if question.chairs and not chair else None,
        minutes=minutes,
        minutes_missing=(
            _why(question, question.minute_takers, span) if question.minute_takers and not minutes else None
        ),
        room=room,
        room_missing=no_room,
        tentative=tuple(sorted(id for id in seated if _tentative(question, people[id], span))),
        not_known=tuple(person.id for person in question.attendees if person.source is Source.UNKNOWN),
        quorum_short=max(0, question.quorum.agencies - len(attending)),
        types_short=tuple(sorted(question.quorum.types - kinds)),
        working_days_before_deadline=question.working_days_before_deadline(question.day(start)),
        reasons=(),
    )
    return replace(option, reasons=tuple(_reasons(question, option)))


def blocking(question: Question, person: Attendee, span: Span) -> Why | None:
    """Why this person could not be there, None when they could. Unknown is never free."""
    if any(span.touches(shut) for shut in question.closures(person.agency)):
        return Why.CLOSED
    if person.source is Source.UNKNOWN:
        return Why.DIARY_UNKNOWN
    if any(span.touches(away) for away in person.leave):
        return Why.LEAVE
    if not any(at_work.holds(span) for at_work in merged(w for w in person.working if w.touches(span))):
        return Why.NOT_WORKING
    if any(span.touches(taken) for taken in person.busy):
        return Why.BUSY
    if any(_with_gaps(question, person, span).touches(taken) for taken in person.busy):
        return Why.TOO_CLOSE
    return None


def _with_gaps(question: Question, person: Attendee, span: Span) -> Span:
    """The meeting with what a person needs before and after it."""
    apart = question.apart(person)
    return Span(span.start.astimezone(UTC) - apart, span.end.astimezone(UTC) + apart) if apart else span


def _tentative(question: Question, person: Attendee, span: Span) -> bool:
    return any(_with_gaps(question, person, span).touches(maybe) for maybe in person.tentative)


def _first(question: Question, ids: Iterable[str], span: Span) -> str | None:
    """The first who could come firmly, else the first who could at all."""
    second_choice = None
    for person in (question.people[id] for id in ids):
        if blocking(question, person, span) is None:
            if not _tentative(question, person, span):
                return person.id
            second_choice = second_choice or person.id
    return second_choice


def _seat(question: Question, need: Need, span: Span) -> Seat | None:
    """A representative before a deputy, but a firm deputy before a representative who may have to leave."""
    came = _first(question, (*need.any_of, *need.deputies), span)
    return Seat(came, came not in need.any_of) if came else None


def _why(question: Question, ids: Iterable[str], span: Span) -> Why:
    found = {blocking(question, question.people[id], span) for id in ids}
    return next((why for why in Why if why in found), Why.NOBODY_NAMED)


def _room(question: Question, span: Span) -> tuple[str | None, NoRoom | None]:
    """The smallest room that seats everybody and is free; or why there is none. Online, neither is asked."""
    if question.venue is None:
        return None, None
    found = {NoRoom.TOO_SMALL if question.venue.rooms else NoRoom.NONE_NAMED}
    for room in question.venue.seating:
        if (why := _occupied(question, room, span)) is None:
            return room.id, None
        found.add(why)
    return None, next(why for why in NoRoom if why in found)


def _occupied(question: Question, room: Room, span: Span) -> NoRoom | None:
    if any(span.touches(shut) for shut in question.shut(room.closed)):
        return NoRoom.CLOSED
    if room.source is Source.UNKNOWN:
        return NoRoom.NOT_KNOWN
    return NoRoom.TAKEN if any(span.touches(taken) for taken in room.busy) else None


def _reasons(question: Question, option: Option) -> Iterable[Reason]:
    if any(missing.required for missing in option.missing):
        yield Reason.REQUIRED_MISSING
    else:
        yield Reason.ALL_REQUIRED if option.missing else Reason.EVERYONE
    if option.quorum_short or option.types_short:
        yield Reason.INQUORATE
    if option.chair_missing:
        yield Reason.NO_CHAIR
    elif option.chair and option.chair != question.chairs[0]:
        yield Reason.DEPUTY_CHAIR
    if option.room_missing:
        yield Reason.NO_ROOM
    if option.minutes_missing:
        yield Reason.NO_MINUTE_TAKER
    yield Reason.TENTATIVE if option.tentative else Reason.FIRM
    yield Reason.DEPUTIES if option.deputies else Reason.IN_PERSON
    if question.late(question.day(option.start)):
        yield Reason.AFTER_DEADLINE
    elif option.working_days_before_deadline is not None:
        yield Reason.BEFORE_DEADLINE if option.working_days_before_deadline else Reason.DEADLINE_DAY
