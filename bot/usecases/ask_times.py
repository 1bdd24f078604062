"""Ask the people whose diaries cannot be read for times, take their answers, and search again with each (issue 4)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain.access import may
from bot.domain.area import Practice
from bot.domain.errors import Denial, Invalid, NotAllowed, TooLate
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.domain.slot_poll import Can, Proposal, proposal
from bot.domain.slots import find
from bot.domain.states import MeetingState
from bot.storage.codes import digest_of
from bot.storage.tables import (
    MeetingRow,
    SlotPollAnswerRow,
    SlotPollPersonRow,
    SlotPollRow,
    SlotPollTimeRow,
)
from bot.storage.transaction import Begin, Work
from bot.usecases.looks.meeting import refs_of
from bot.usecases.looks.polls import OVER, asked_again, times_card
from bot.usecases.offering import keep, wish_in
from bot.usecases.owed import refresh_home, show, tell
from bot.usecases.polls import ASKING, office_of, show_all
from bot.views.polls import AskedLine, AskSheet, TimeLine, TimesCard

OURS_TO_SAY = "times.answer"


def begin_asking(begin: Begin, practice: Practice, poll_id: str, *, by: Person, now: datetime) -> AskSheet:
    """Who would be asked about which times and until when; nobody is asked yet.

    TooLate when asking would not help any more, or the same is being asked already.
    """
    with begin() as work:
        poll, meeting = _to_ask(work, poll_id, by, now)
        if poll.asked_at is not None:
            raise TooLate("They have been asked already. The card in your messages shows their answers.")
        return _sheet(work, practice, poll, meeting, *_proposed(work, practice, poll, meeting, now))


def ask_times(
    begin: Begin, practice: Practice, poll_id: str, shown: str, *, by: Person, now: datetime
) -> AskSheet:
    """Ask exactly those who were shown (`AskSheet.shown`) for exactly those times; pressed twice, they are asked once.

    TooLate, and nobody asked, when it would be others or other times by now.
    """
    with begin() as work:
        poll, meeting = _to_ask(work, poll_id, by, now)
        if poll.asked_at is not None:
            return _as_asked(work, practice, poll, meeting)
        found, late = _proposed(work, practice, poll, meeting, now)
        sheet = _sheet(work, practice, poll, meeting, found, late)
        if sheet.shown != shown:
            raise TooLate("Since this was shown, something has changed. Close it and look once more.")
        poll.asked_by, poll.asked_at = by.id, now
        poll.closes_at, poll.chase_at = found.closes_at, found.chase_at
        work.session.flush()
        for span in found.slots:
            work.session.add(
                SlotPollTimeRow(id=new_id(), poll_id=poll.id, starts_at=span.start, ends_at=span.end)
            )
        for person_id in found.people:
            work.session.add(SlotPollPersonRow(id=new_id(), poll_id=poll.id, person_id=person_id))
        work.session.flush()
        show_all(work, poll, now)
        work.audit.write(
            stream=f"meeting:{meeting.id}",
            actor=by.id,
            verb="times.asked",
            thing=f"meeting:{meeting.id}",
            facts={"people": len(found.people), "times": len(found.slots), "until": found.closes_at},
            at=now,
        )
        return _as_asked(work, practice, poll, meeting)


def stop_asking(begin: Begin, practice: Practice, poll_id: str, *, by: Person, now: datetime) -> None:
    """Close a poll before its time; what was said until now still counts. Twice is once."""
    with begin() as work:
        poll, meeting = _to_ask(work, poll_id, by, now)
        if poll.asked_at is None or poll.ended:
            return
        poll.ended, poll.ended_at = "stopped", now
        work.session.flush()
        show_all(work, poll, now)
        work.audit.write(
            stream=f"meeting:{meeting.id}",
            actor=by.id,
            verb="times.stopped",
            thing=f"meeting:{meeting.id}",
            facts={"answered": _answered(work, poll)},
            at=now,
        )


def begin_saying(begin: Begin, practice: Practice, asked_id: str, *, by: Person, now: datetime) -> TimesCard:
    """The times one is asked about, to be answered. NotAllowed for anybody else's; TooLate when it is over."""
    with begin() as work:
        _own(work, asked_id, by, now)
        return times_card(work, practice, asked_id, now)


def say_times(
    begin: Begin, practice: Practice, asked_id: str, said: Mapping[str, str], *, by: Person, now: datetime
) -> TimesCard:
    """At which of the times one can (`yes`, `maybe`, `no`, by the time's id); what is left open counts as no.

    A later answer replaces the earlier. NotAllowed for anybody else's; TooLate, and nothing kept, when it is over;
    Invalid beside the first time when nothing was chosen.
    """
    with begin() as work:
        row, poll, meeting = _own(work, asked_id, by, now)
        times = work.polls.times(poll.id)
        if not any(said.get(each.id) for each in times):
            raise Invalid(
                {times[0].id: "Choose an answer for one of the times, or say that none of them suits."}
            )
        answers = {each.id: said.get(each.id) or Can.NO.value for each in times}
        if wrong := [id for id, can in answers.items() if can not in set(Can)]:
            raise Invalid(dict.fromkeys(wrong, "Choose one of the answers."))
        return _taken_down(work, practice, row, poll, meeting, answers, now)


def none_of_these(begin: Begin, practice: Practice, asked_id: str, *, by: Person, now: datetime) -> TimesCard:
    """At none of the times; refused as `say_times` is."""
    with begin() as work:
        row, poll, meeting = _own(work, asked_id, by, now)
        answers = {each.id: Can.NO.value for each in work.polls.times(poll.id)}
        return _taken_down(work, practice, row, poll, meeting, answers, now)


def _to_ask(work: Work, poll_id: str, by: Person, now: datetime) -> tuple[SlotPollRow, MeetingRow]:
    poll = work.polls.row(poll_id)
    meeting = work.meetings.opened(poll.meeting_id, by, ASKING, now)
    work.session.refresh(poll)  # another may have asked while we waited for the meeting
    return poll, meeting


def _own(
    work: Work, asked_id: str, by: Person, now: datetime
) -> tuple[SlotPollPersonRow, SlotPollRow, MeetingRow]:
    """What this person is asked and may still answer; others who answer wait until this is done."""
    row = work.polls.person(asked_id)
    poll = work.polls.row(row.poll_id)
    meeting = work.meetings.row(poll.meeting_id)
    thing = replace(work.meetings.thing(meeting), owner_id=row.person_id)
    if not may(by, OURS_TO_SAY, thing):
        raise NotAllowed(
            "Somebody else is asked for these times. Nothing has changed; this was recorded.",
            Denial(
                stream=f"meeting:{meeting.id}",
                actor=by.id,
                verb=OURS_TO_SAY,
                thing=f"meeting:{meeting.id}",
                at=now,
            ),
        )
    work.session.refresh(meeting, with_for_update=True)
    work.session.refresh(poll)
    if poll.ended or poll.closes_at is None or poll.closes_at <= now:
        raise TooLate(OVER[poll.ended or "deadline"] + " Nothing was kept.")
    return row, poll, meeting


def _taken_down(
    work: Work,
    practice: Practice,
    row: SlotPollPersonRow,
    poll: SlotPollRow,
    meeting: MeetingRow,
    answers: Mapping[str, str],
    now: datetime,
) -> TimesCard:
    """Keep the answer and search again; what was said before and is the same again is not news."""
    if row.answered_at is None or work.polls.answers(row.id) != dict(answers):
        for old in work.polls.said(row.id):
            work.session.delete(old)
        work.session.flush()
        for time_id, can in answers.items():
            work.session.add(SlotPollAnswerRow(id=new_id(), asked_id=row.id, time_id=time_id, can=can))
        row.answered_at, row.way = now, work.audit.way or "chat"
        work.session.flush()
        work.audit.write(
            stream=f"meeting:{meeting.id}",
            actor=row.person_id,
            verb="times.answered",
            thing=f"meeting:{meeting.id}",
            facts={can.value: sum(each == can for each in answers.values()) for can in Can},
            at=now,
        )
        _again(work, practice, poll, meeting, now)
        show(work, "times_card", row.id, f"person:{row.person_id}", now)
        refresh_home(work, row.person_id, now)
        show(work, "poll_card", poll.id, f"person:{poll.asked_by}", now)
        if all(each.answered_at for each in work.polls.people(poll.id)):
            tell(work, "times_heard", poll.id, f"person:{poll.asked_by}", now)
    return times_card(work, practice, row.id, now)


def _again(work: Work, practice: Practice, poll: SlotPollRow, meeting: MeetingRow, now: datetime) -> None:
    """The same search with what has been said by now; the times it finds can be booked from the card."""
    asked = asked_again(work, practice, meeting, poll.wish, now)
    found = find(asked)
    keep(
        work,
        meeting,
        wish_in(poll.wish, asked.deadline),
        found.options or found.nearest,
        now,
    )


def _proposed(
    work: Work, practice: Practice, poll: SlotPollRow, meeting: MeetingRow, now: datetime
) -> tuple[Proposal, bool]:
    """What would be asked now, and whether it misses the deadline."""
    asked = asked_again(work, practice, meeting, poll.wish, now)
    found = proposal(asked, office_of(practice, asked), now, present=meeting.starts_at)
    if poll.ended or meeting.state not in (MeetingState.PLANNED, MeetingState.INVITED) or found is None:
        raise TooLate("Asking for times would not help any more. Search again, or telephone them.")
    return found, any(asked.late(asked.day(span.start)) for span in found.slots)


def _sheet(
    work: Work, practice: Practice, poll: SlotPollRow, meeting: MeetingRow, found: Proposal, late: bool
) -> AskSheet:
    times = [TimeLine(id="", starts_at=span.start, ends_at=span.end) for span in found.slots]
    exactly = f"{found.people} {[(each.starts_at, each.ends_at) for each in times]}"
    return _told(
        work,
        practice,
        poll,
        meeting,
        shown=digest_of(exactly)[7:27],
        people=found.people,
        times=times,
        closes_at=found.closes_at,
        chase_at=found.chase_at,
        late=late,
    )


def _as_asked(work: Work, practice: Practice, poll: SlotPollRow, meeting: MeetingRow) -> AskSheet:
    assert poll.closes_at is not None
    assert poll.chase_at is not None
    rows = work.polls.times(poll.id)
    return _told(
        work,
        practice,
        poll,
        meeting,
        shown="",
        people=tuple(each.person_id for each in work.polls.people(poll.id)),
        times=[TimeLine(id=row.id, starts_at=row.starts_at, ends_at=row.ends_at) for row in rows],
        closes_at=poll.closes_at,
        chase_at=poll.chase_at,
    )


def _told(
    work: Work,
    practice: Practice,
    poll: SlotPollRow,
    meeting: MeetingRow,
    *,
    shown: str,
    people: tuple[str, ...],
    times: list[TimeLine],
    closes_at: datetime,
    chase_at: datetime,
    late: bool = False,
) -> AskSheet:
    refs = refs_of(work, meeting)
    persons = [work.register.person(id) for id in people]
    return AskSheet(
        poll_id=poll.id,
        shown=shown,
        stage=practice.pathways[meeting.pathway].stage(meeting.stage).title,
        ref=refs[0] if len(refs) == 1 else "",
        minutes=wish_in(poll.wish, None).minutes,
        people=tuple(
            AskedLine(person=each.name, agency=work.register.agency(each.agency_id).name) for each in persons
        ),
        times=tuple(times),
        closes_at=closes_at,
        chase_at=chase_at,
        late=late,
    )


def _answered(work: Work, poll: SlotPollRow) -> int:
    return sum(each.answered_at is not None for each in work.polls.people(poll.id))
