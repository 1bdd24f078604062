"""Who could come and what their diaries say: the question that the slot search is asked (S2-15 to S2-18, S3-02).

From the register: working patterns, leave, "I cannot" spans and our own meetings (calendar.md section 3). Where the
area says that a person's own diary can be read, from what was read of it as well, and without that they are unknown,
whatever the register says. So is somebody without a working pattern. Unknown is never free (design.md rule 7).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.area import Practice
from bot.domain.availability import WEEKDAYS, Hours, WorkingPattern, working_spans
from bot.domain.diary import Diary, Reading
from bot.domain.pathway import Pathway, Stage
from bot.domain.people import Role
from bot.domain.slot_poll import with_answers
from bot.domain.slots import Attendee, Need, Question, Quorum, Source
from bot.domain.spans import Span, merged, whole_days, without
from bot.domain.states import MeetingState
from bot.storage.tables import MeetingRow, PersonRow
from bot.storage.transaction import Work
from bot.usecases.chairs import coordinator_of
from bot.usecases.venues import ONLINE, rooms_for, venue, with_diaries

NOTICE = timedelta(hours=2)
"""The least time between looking for a meeting and its start."""

LONGEST_WINDOW = 62  # days


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is sought: agencies (ids) that must come and that may, minutes, first and last local date.

    `where` is ONLINE, ANY_ROOM or the name of a room.
    """

    required: tuple[str, ...]
    optional: tuple[str, ...]
    minutes: int
    first: date
    last: date
    deadline: date | None = None
    where: str = ONLINE


@dataclass(frozen=True, kw_only=True)
class Bench:
    """Who may speak for an agency: its representatives, the first to ask first, and their deputies."""

    agency: str
    type: str
    representatives: tuple[PersonRow, ...]
    deputies: tuple[PersonRow, ...]

    @property
    def everybody(self) -> tuple[PersonRow, ...]:
        """Representatives, then deputies."""
        return (*self.representatives, *self.deputies)


def bench(work: Work, area: str, agency_id: str, barred: frozenset[str]) -> Bench:
    """An agency's people for a meeting; those who must not see a case on its agenda are not among them (IG-22)."""
    agency = work.register.agency(agency_id)
    people = [p for p in work.register.people(area, agency_id=agency_id) if p.id not in barred]
    wanted = [p for p in people if p.has(Role.REPRESENTATIVE)] or [
        p for p in people if p.has(Role.AGENCY_LEAD)
    ]
    rows = work.register.rows(
        [person.id for person in wanted] + [person.deputy_id for person in wanted if person.deputy_id]
    )
    first = sorted((rows[p.id] for p in wanted), key=lambda row: (row.tier, row.name))
    stand_ins = [
        rows[row.deputy_id]
        for row in first
        if row.deputy_id in rows and row.deputy_id not in barred and rows[row.deputy_id].active
    ]
    taken = {row.id for row in first}
    return Bench(
        agency=agency.id,
        type=agency.type,
        representatives=tuple(first),
        deputies=tuple({row.id: row for row in stand_ins if row.id not in taken}.values()),
    )


@dataclass(frozen=True, kw_only=True)
class Sought:
    """Whose diaries a search needs (ids of people, names of rooms), and for which window."""

    people: tuple[str, ...]
    window: Span
    rooms: tuple[str, ...] = ()


def sought(work: Work, practice: Practice, meeting: MeetingRow, wish: Wish) -> Sought:
    """The people of a search whose diaries can be read, by the area's word; nobody who must not see a case on it."""
    barred = work.meetings.thing(meeting).barred
    agencies = dict.fromkeys((*wish.required, *wish.optional))
    rows = [row for id in agencies for row in bench(work, practice.area.id, id, barred).everybody]
    rows += _chairs(work, meeting, barred) + minute_takers(work, practice, meeting, barred)
    people = dict.fromkeys(row.id for row in rows if practice.area.diary_of(row.email))
    rooms = with_diaries(practice.area, rooms_for(practice.area, wish.where))
    return Sought(
        people=tuple(people), window=_window(practice, wish), rooms=tuple(room.name for room in rooms)
    )


def sought_by_form(
    work: Work, practice: Practice, agencies: Sequence[str], first: date, last: date
) -> Sought:
    """Whose diaries a search would probably need, before it is asked for."""
    rows = [row for id in agencies for row in bench(work, practice.area.id, id, frozenset()).everybody]
    people = dict.fromkeys(row.id for row in rows if practice.area.diary_of(row.email))
    rooms = with_diaries(practice.area, practice.area.venues)
    window = whole_days(first, last, ZoneInfo(practice.area.zone))
    return Sought(people=tuple(people), window=window, rooms=tuple(room.name for room in rooms))


def question(
    work: Work, practice: Practice, meeting: MeetingRow, wish: Wish, now: datetime
) -> tuple[Question, Mapping[str, Bench]]:
    """The search for this meeting, and each agency's bench by the agency's id."""
    pathway = practice.pathways[meeting.pathway]
    stage = pathway.stage(meeting.stage)
    barred = work.meetings.thing(meeting).barred
    benches = {
        id: bench(work, practice.area.id, id, barred)
        for id in dict.fromkeys((*wish.required, *wish.optional))
    }
    chairs = _chairs(work, meeting, barred)
    takers = minute_takers(work, practice, meeting, barred)
    rows = {row.id: row for each in benches.values() for row in each.everybody}
    rows |= {row.id: row for row in (*chairs, *takers)}
    window = _window(practice, wish)
    attendees = with_answers(
        _attendees(work, practice, meeting, list(rows.values()), window, now), work.polls.heard(meeting.id)
    )
    asked = Question(
        window=window,
        length=timedelta(minutes=wish.minutes),
        attendees=attendees,
        needs=tuple(_need(each, id in wish.required) for id, each in benches.items()),
        days=practice.pathway_days(pathway),
        chairs=tuple(row.id for row in chairs),
        minute_takers=tuple(row.id for row in takers),
        venue=venue(
            work,
            practice,
            meeting,
            wish.where,
            window,
            len(benches) + bool(chairs) + bool(takers),
            now,
        ),
        closed=_closed(work, practice, (row.agency_id for row in rows.values())),
        quorum=_quorum(pathway, stage),
        accepted=_that_accepted(work, meeting),
        deadline=wish.deadline,
        asked_at=now,
        min_notice=NOTICE,
        zone=ZoneInfo(practice.area.zone),
    )
    return asked, benches


def _window(practice: Practice, wish: Wish) -> Span:
    return whole_days(wish.first, wish.last, ZoneInfo(practice.area.zone))


def _need(bench: Bench, required: bool) -> Need:
    return Need(
        agency=bench.agency,
        any_of=tuple(row.id for row in bench.representatives),
        deputies=tuple(row.id for row in bench.deputies),
        required=required,
        type=bench.type,
    )


def _quorum(pathway: Pathway, stage: Stage) -> Quorum:
    """A discussion is not quorate or inquorate: only where a case is heard does the rule hold (model.md section 3)."""
    if stage.kind == "discussion":
        return Quorum()
    return Quorum(agencies=pathway.quorum.min_agencies, types=frozenset(pathway.quorum.required))


def _that_accepted(work: Work, meeting: MeetingRow) -> frozenset[str]:
    """The agencies that have accepted the meeting's present time, through whomever."""
    if meeting.state != MeetingState.INVITED:
        return frozenset()
    return frozenset(
        row.agency_id
        for row in work.meetings.invitations(meeting.id)
        if row.speaks and row.answer == "accepted"
    )


def _chairs(work: Work, meeting: MeetingRow, barred: frozenset[str]) -> list[PersonRow]:
    """The chair, then the chair's deputy."""
    if meeting.chair_id is None:
        return []
    chair = work.register.row(meeting.chair_id)
    rows = [chair]
    if chair.deputy_id:
        rows.append(work.register.row(chair.deputy_id))
    return [row for row in rows if row.active and row.id not in barred]


def minute_takers(
    work: Work, practice: Practice, meeting: MeetingRow, barred: frozenset[str]
) -> list[PersonRow]:
    """Who could take the minutes, the first to ask first; nobody who must not see a case on the agenda (IG-22).

    The one named for this meeting, then those of the agency that the coordinator is of, then the others.
    """
    home = work.register.row(coordinator_of(work, meeting)).agency_id
    people = work.register.people(practice.area.id, Role.MINUTE_TAKER)
    named = [meeting.minute_taker_id] if meeting.minute_taker_id else []
    near = sorted(people, key=lambda person: person.agency_id != home)
    order = dict.fromkeys([*named, *(person.id for person in near)])
    rows = work.register.rows(order)
    return [rows[id] for id in order if rows[id].active and id not in barred]


def _attendees(
    work: Work,
    practice: Practice,
    meeting: MeetingRow,
    rows: Sequence[PersonRow],
    window: Span,
    now: datetime,
) -> tuple[Attendee, ...]:
    away: dict[str, list[Span]] = {row.id: [] for row in rows}
    busy: dict[str, list[Span]] = {row.id: [] for row in rows}
    maybe: dict[str, list[Span]] = {row.id: [] for row in rows}
    for absence in work.register.absences(away, window.start, window.end):
        kind = away if absence.kind == "leave" else busy
        kind[absence.person_id].append(Span(absence.starts_at, absence.ends_at))
    for person, start, end, answer in work.meetings.taken(
        meeting.area, window.start, window.end, but=meeting.id
    ):
        if person in busy:
            (maybe if answer == "tentative" else busy)[person].append(Span(start, end))
    _declined(work, meeting, busy)
    kept = _said_yes(work, meeting)
    readings = work.diaries.readings(away) if practice.area.diaries else {}
    found = []
    for row in rows:
        source, diary = _known_by(practice, row, readings.get(row.id), window, now)
        found.append(
            Attendee(
                id=row.id,
                agency=row.agency_id,
                name=row.name,
                role=row.title,
                source=source,
                working=_working(practice, row, source, window),
                busy=merged((*busy[row.id], *without(diary.busy, kept.get(row.id, ())))),
                tentative=merged((*maybe[row.id], *diary.tentative)),
                leave=merged(away[row.id]),
                gap=practice.area.gap,
                travel=practice.area.travel,
            )
        )
    return tuple(found)


def _closed(work: Work, practice: Practice, agencies: Iterable[str]) -> dict[str, frozenset[date]]:
    """The closure days of these agencies (ids) that have any."""
    days = {id: practice.area.closed_days(work.register.agency(id)) for id in dict.fromkeys(agencies)}
    return {id: closed for id, closed in days.items() if closed}


def _declined(work: Work, meeting: MeetingRow, busy: dict[str, list[Span]]) -> None:
    """When a meeting moves, whoever declined its present time could not come then: it is not offered again."""
    if meeting.starts_at is None or meeting.ends_at is None:
        return
    for each in work.meetings.invitations(meeting.id):
        if each.answer == "declined" and each.person_id in busy:
            busy[each.person_id].append(Span(meeting.starts_at, meeting.ends_at))


def _said_yes(work: Work, meeting: MeetingRow) -> dict[str, tuple[Span, ...]]:
    """When a meeting moves, whoever accepted its present time can come then: their diary shows this very meeting."""
    if meeting.starts_at is None or meeting.ends_at is None:
        return {}
    present = (Span(meeting.starts_at, meeting.ends_at),)
    return {
        each.person_id: present
        for each in work.meetings.invitations(meeting.id)
        if each.answer == "accepted" and not each.withdrawn
    }


def _known_by(
    practice: Practice, row: PersonRow, reading: Reading | None, window: Span, now: datetime
) -> tuple[Source, Diary]:
    """Where a person's free time is known from, and what their own diary adds."""
    if not practice.area.diary_of(row.email):
        return (Source.OWN_PATTERN if pattern_of(row, practice) else Source.UNKNOWN), Diary()
    if reading is None or not reading.holds(window, now) or not isinstance(reading.diary, Diary):
        return Source.UNKNOWN, Diary()
    return Source.DIARY_READ, reading.diary


def _working(practice: Practice, row: PersonRow, source: Source, window: Span) -> tuple[Span, ...]:
    """When a person is at work: by their own pattern; with a diary and no pattern, in the area's office hours."""
    if source is Source.UNKNOWN:
        return ()
    pattern = pattern_of(row, practice) or _office_hours(practice)
    return working_spans(pattern, window, frozenset(practice.area.closures))


def _office_hours(practice: Practice) -> WorkingPattern:
    area = practice.area
    hours = tuple(Hours(weekday=day, start=area.opens, end=area.shuts) for day in range(5))
    return WorkingPattern(hours=hours, zone=area.zone, nation=area.nation)


def pattern_of(row: PersonRow, practice: Practice) -> WorkingPattern | None:
    """A person's working week as the register has it; None when it has none, or none that can be read."""
    try:
        hours = tuple(
            Hours(
                weekday=WEEKDAYS.index(day),
                start=time.fromisoformat(start),
                end=time.fromisoformat(end),
            )
            for day, (start, end) in row.pattern.items()
        )
        return WorkingPattern(hours=hours, zone=row.zone, nation=practice.area.nation) if hours else None
    except ValueError:
        return None
