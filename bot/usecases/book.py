"""Book the time that was chosen, move a booked meeting, or cancel it; everybody is told once (calendar.md 6)."""

from dataclasses import replace
from datetime import date, datetime

from bot.domain.area import Practice
from bot.domain.errors import Invalid, NotLooked, TooLate
from bot.domain.people import Person
from bot.domain.slots import Option, Question, Source, Why, judged
from bot.domain.spans import Span
from bot.domain.states import MEETING, MeetingState
from bot.storage.tables import CaseClockRow, CaseRow, MeetingRow, SlotOptionRow
from bot.storage.transaction import Begin, Work
from bot.usecases.chairs import fit_chair, to_change
from bot.usecases.convene import earliest, late_for
from bot.usecases.diaries import Sought, Wish, question, sought
from bot.usecases.invitees import agencies_asked, bring_in, call_in, seats_for, withdraw
from bot.usecases.list_cases import is_ahead, put_on_agenda, set_free
from bot.usecases.offering import wish_in
from bot.usecases.owed import show, tell
from bot.usecases.polls import end_polls
from bot.usecases.venues import diary_name, with_diaries
from bot.views.meeting import Booked

CANCEL_REASONS = {
    "chair_cannot": "The chair cannot come",
    "too_few": "Too few agencies can come",
    "no_cases": "There is nothing to discuss",
    "replaced": "Another meeting takes its place",
    "mistake": "It was booked by mistake",
    "other": "Another reason; ask the coordinator",
}
"""The only reasons that leave with a cancellation: a free note could tell too much (calendar.md section 7)."""


def whose_to_look_at_again(work: Work, practice: Practice, option_id: str) -> Sought:
    """Whose diaries to look into just before `book` is asked for this time. NotFound where it was replaced."""
    row = work.meetings.option(option_id)
    return sought(work, practice, work.meetings.row(row.meeting_id), _that_day(practice, row, None))


def book(
    begin: Begin, practice: Practice, option_id: str, *, looked: bool = True, by: Person, now: datetime
) -> Booked:
    """Book the time offered under this id, or move the meeting to it; pressed twice, it is booked once.

    Everything is weighed once more: TooLate, and nothing booked, when somebody who could come when the times were
    found no longer can, or the time has passed; NotLooked when only somebody's diary was not read again just
    before, which is not asked for without `looked`.
    """
    with begin() as work:
        row = work.meetings.option(option_id)
        meeting = to_change(work, row.meeting_id, by, now)
        there = (meeting.starts_at, meeting.place) == (row.starts_at, row.detail.get("room", meeting.place))
        if meeting.state == MeetingState.INVITED and there:
            return _told(work, practice, meeting)
        moving = meeting.state == MeetingState.INVITED
        meeting.state = MEETING.after(meeting.state, "move" if moving else "book")
        option, seats, required = _again(work, practice, meeting, row, now, looked)
        meeting.starts_at, meeting.ends_at = option.start, option.end
        meeting.minutes_long = int((option.end - option.start).total_seconds() // 60)
        meeting.chair_id = option.chair or fit_chair(work, practice, meeting)
        meeting.minute_taker_id, meeting.place = option.minutes, option.room or ""
        row.detail = {**row.detail, "room": meeting.place}  # pressed again, it is where it was booked
        meeting.version += 1
        if moving:
            meeting.sequence += 1
            meeting.moves += 1
            meeting.quorum_told = ""  # every answer is asked for anew
        elif meeting.panel_on is not None:
            meeting.calendar = practice.organiser  # it was planned months ago, perhaps
        work.session.flush()
        call_in(work, meeting, seats, required, now)
        end_polls(work, meeting, "booked", now)
        _cases(work, practice, meeting, moving, by, now)
        work.audit.write(
            stream=f"meeting:{meeting.id}",
            actor=by.id,
            verb="meeting.moved" if moving else "meeting.booked",
            thing=f"meeting:{meeting.id}",
            facts={"starts": option.start, "stage": meeting.stage, "sequence": meeting.sequence},
            at=now,
        )
        show(work, "meeting_card", meeting.id, f"room:{meeting.pathway}", now)
        return _told(work, practice, meeting)


def cancel(
    begin: Begin, practice: Practice, meeting_id: str, reason: str, *, by: Person, now: datetime
) -> Booked:
    """Cancel a meeting that has not begun: cases go back to where they were, everybody asked is told once."""
    if reason not in CANCEL_REASONS:
        raise Invalid({"reason": "Choose a reason from the list."})
    with begin() as work:
        meeting = to_change(work, meeting_id, by, now)
        if meeting.state == MeetingState.CANCELLED:
            return _told(work, practice, meeting)
        meeting.state = MEETING.after(meeting.state, "cancel")
        meeting.cancelled_why = reason
        meeting.sequence += 1
        meeting.version += 1
        asked = work.meetings.invitations(meeting.id)
        told = _told(work, practice, meeting)
        end_polls(work, meeting, "cancelled", now)
        called = bool(asked) or meeting.panel_on is None  # to a date that was only planned nobody was asked
        for each in asked:
            withdraw(work, meeting, each, now)
        for item in work.meetings.agenda(meeting.id):
            case = work.cases.row(item.case_id)
            set_free(work, meeting, case, by, now)
            tell(
                work,
                "case_unlisted",
                case.id,
                f"person:{case.coordinator_id}",
                now,
                key=f"{meeting.id}:cancel",
            )
        work.audit.write(
            stream=f"meeting:{meeting.id}",
            actor=by.id,
            verb="meeting.cancelled",
            thing=f"meeting:{meeting.id}",
            facts={"reason": reason, "sequence": meeting.sequence},
            at=now,
        )
        if called:
            show(work, "meeting_card", meeting.id, f"room:{meeting.pathway}", now)
        return told


def _that_day(practice: Practice, row: SlotOptionRow, deadline: date | None) -> Wish:
    """The wish that a time was found for, on its own day."""
    day = practice.today(row.starts_at)
    return replace(wish_in(row.detail, deadline), first=day, last=day)


def _again(
    work: Work, practice: Practice, meeting: MeetingRow, row: SlotOptionRow, now: datetime, looked: bool
) -> tuple[Option, list[tuple[str, str, bool]], tuple[str, ...]]:
    """The chosen time judged afresh, and whom to ask."""
    if row.starts_at <= now:
        raise TooLate("That time has passed. Search again for a later one.")
    stage = practice.pathways[meeting.pathway].stage(meeting.stage)
    wish = _that_day(practice, row, earliest(work, stage, _on_agenda(work, meeting)))
    asked, benches = question(work, practice, meeting, wish, now)
    option = judged(asked, row.starts_at, row.ends_at - row.starts_at)
    unknown = {each.agency for each in option.missing if each.why is Why.DIARY_UNKNOWN}
    lost = [id for id in row.detail["coming"] if id not in option.attending]
    if gone := [id for id in lost if id not in unknown]:
        raise TooLate(
            f"Since these times were found, {_agencies(work, gone)} can no longer come then. Search again."
        )
    if lost:
        raise TooLate(
            f"Since these times were found, the diary for {_agencies(work, lost)} can no longer be read, so it is not"
            " known whether they can come. Search again, or ask them."
        )
    if row.detail["chair"] and option.chair is None:
        raise TooLate("Since these times were found, the chair can no longer come then. Search again.")
    if row.detail.get("room") and option.room is None:
        raise TooLate("Since these times were found, the room has been taken. Search again.")
    if looked and (stale := _not_looked_at(work, practice, asked, option, now)):
        raise NotLooked(
            f"The {'diary' if len(stale) == 1 else 'diaries'} of {', '.join(stale)} could not be looked into once more"
            " just now, so nothing was booked."
        )
    return option, seats_for(meeting, option, benches), wish.required


def _not_looked_at(
    work: Work, practice: Practice, asked: Question, option: Option, now: datetime
) -> list[str]:
    """Names of those who would come by a diary that was not read just now, and of the room if it is free by one."""
    coming = {seat.person for seat in option.attending.values()} | {option.chair or ""}
    by_diary = [
        asked.people[id] for id in sorted(coming - {""}) if asked.people[id].source is Source.DIARY_READ
    ]
    diaries = {each.id: each.name for each in by_diary}
    room = practice.area.venue(option.room or "")
    if room is not None and with_diaries(practice.area, [room]):
        diaries[diary_name(room)] = room.name
    readings = work.diaries.readings(diaries)
    there = Span(option.start, option.end)
    return [name for whose, name in diaries.items() if not readings[whose].is_fresh(there, now)]


def _agencies(work: Work, ids: list[str]) -> str:
    return ", ".join(work.register.agency(id).name for id in ids)


def _cases(
    work: Work, practice: Practice, meeting: MeetingRow, moving: bool, by: Person, now: datetime
) -> None:
    """What a new time means for the cases on the agenda: listed, their agencies brought in, their clock noted."""
    for item in work.meetings.agenda(meeting.id):
        case = work.cases.row(item.case_id)
        already = any(
            each.id != meeting.id
            and each.state == MeetingState.INVITED
            and each.stage == meeting.stage
            and is_ahead(each, now)
            for each in work.meetings.of_case(case.id)
        )
        if already:
            raise TooLate(f"{case.ref} is on the agenda of another meeting already. Move that one instead.")
        if not moving:
            put_on_agenda(work, practice, meeting, case, by, now)
        else:
            bring_in(work, case.id, agencies_asked(work, meeting), now)
            show(work, "case_card", case.id, f"room:{case.pathway}", now)
        clock = next((c for c in work.cases.clocks(case.id) if c.stage == meeting.stage), None)
        if clock is not None and meeting.starts_at is not None:
            _note(work, practice, clock, case, meeting, by, now)


def _on_agenda(work: Work, meeting: MeetingRow) -> list[CaseRow]:
    return [work.cases.row(item.case_id) for item in work.meetings.agenda(meeting.id)]


def _note(
    work: Work,
    practice: Practice,
    clock: CaseClockRow,
    case: CaseRow,
    meeting: MeetingRow,
    by: Person,
    now: datetime,
) -> None:
    """A meeting knowingly booked past its deadline says so on the clock; the clock runs on (S4-08).

    Whoever looks after the case hears it, unless it is they who have booked it.
    """
    starts = meeting.starts_at
    assert starts is not None
    late = clock.met_at is None and practice.today(starts) > clock.due_on
    clock.late_reason = (
        f"Booked for {practice.today(starts).isoformat()}: the person who booked it chose a time after the deadline."
        if late
        else None
    )
    if late:
        work.audit.write(
            stream=case.ref,
            actor=by.id,
            verb="clock.late_booking",
            thing=f"clock:{clock.id}",
            facts={"due": clock.due_on, "booked": starts},
            at=now,
        )
        if case.coordinator_id != by.id:
            key = f"{meeting.id}:{meeting.sequence}"
            tell(work, "case_booked_late", case.id, f"person:{case.coordinator_id}", now, key=key)


def _told(work: Work, practice: Practice, meeting: MeetingRow) -> Booked:
    cases = work.cases.rows([item.case_id for item in work.meetings.agenda(meeting.id)])
    stage = practice.pathways[meeting.pathway].stage(meeting.stage)
    day = practice.today(meeting.starts_at) if meeting.starts_at else date.min
    return Booked(
        meeting_id=meeting.id,
        stage=stage.title,
        refs=tuple(sorted(case.ref for case in cases.values())),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        people=len(work.meetings.invitations(meeting.id)),
        moved=meeting.moves > 0,
        person_invited=stage.subject_attends == "invited",
        late=late_for(work, stage, cases.values(), day),
        place=meeting.place,
    )
