"""Looks at asking people for times: the card of somebody who is asked, and how the asking stands."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain.area import Practice
from bot.domain.errors import NotFound
from bot.domain.people import Person
from bot.domain.slot_poll import Can
from bot.domain.slots import Question, Source, judged
from bot.domain.states import MeetingState
from bot.storage.tables import MeetingRow, SlotPollPersonRow, SlotPollRow
from bot.storage.transaction import Work
from bot.usecases.convene import deadline_for
from bot.usecases.diaries import Sought, question, sought
from bot.usecases.looks.meeting import refs_of
from bot.usecases.offering import Names, wish_in
from bot.views.meeting import Offered
from bot.views.polls import AskedLine, PollCard, TimeLine, TimesCard

OVER = {
    "deadline": "The time to answer is over. If you can still help, tell the coordinator.",
    "stopped": "Answers are no longer waited for. If you can still help, tell the coordinator.",
    "searched": "These times are no longer asked for: another search has taken their place.",
    "booked": "These times are no longer asked for: a time has been found.",
    "cancelled": "These times are no longer asked for: the meeting was cancelled.",
}
"""What is said to somebody who answers when it is over, by why it is."""

MOST_SHOWN = 3
"""How many of the times found stand on the card; the whole list is behind *Change the search*."""


def times_card(work: Work, practice: Practice, id: str, now: datetime) -> TimesCard:
    """The times that one person is asked about, with what they have said."""
    row = work.polls.person(id)
    poll = work.polls.row(row.poll_id)
    assert poll.closes_at is not None
    meeting = work.meetings.row(poll.meeting_id)
    pathway = practice.pathways[meeting.pathway]
    said = work.polls.answers(row.id)
    person = work.register.row(row.person_id)
    ended = _ended(poll, now)
    return TimesCard(
        id=row.id,
        stage=pathway.stage(meeting.stage).title,
        pathway=pathway.title,
        refs=refs_of(work, meeting),
        agency=work.register.agency(person.agency_id).name,
        minutes=wish_in(poll.wish, None).minutes,
        times=tuple(
            TimeLine(id=each.id, starts_at=each.starts_at, ends_at=each.ends_at, can=said.get(each.id, ""))
            for each in work.polls.times(poll.id)
        ),
        answered=row.answered_at is not None,
        by_mail=row.way == "mail",
        closes_at=poll.closes_at,
        open=not ended,
        ended=ended,
        drill=poll.drill,
    )


def times_to_chase(work: Work, practice: Practice, id: str, now: datetime) -> TimesCard | None:
    """The same for a reminder; None once it is answered or over."""
    card = times_card(work, practice, id, now)
    return card if card.open and not card.answered else None


def times_asked(work: Work, practice: Practice, id: str, by: Person, now: datetime) -> TimesCard | None:
    """The times behind a link of this person's, whether it is over or not; None for anybody else's."""
    try:
        row = work.polls.person(id)
    except NotFound:
        return None
    thing = work.meetings.thing(work.meetings.row(work.polls.row(row.poll_id).meeting_id))
    own = row.person_id == by.id and by.id not in thing.barred
    return times_card(work, practice, id, now) if own else None


def times_waiting(work: Work, practice: Practice, person_id: str, now: datetime) -> tuple[TimesCard, ...]:
    """What this person is asked and has not answered, the first to close first."""
    rows = [row for row, _ in work.polls.waiting_for(person_id, now) if row.answered_at is None]
    return tuple(times_card(work, practice, row.id, now) for row in rows)


def poll_card(work: Work, practice: Practice, id: str, now: datetime) -> PollCard | None:
    """How the asking stands, with the times found by what has been said; None before anybody is asked."""
    poll = work.polls.row(id)
    if poll.closes_at is None:
        return None
    meeting = work.meetings.row(poll.meeting_id)
    ended = _ended(poll, now)
    best: tuple[Offered, ...] = ()
    not_known: tuple[str, ...] = ()
    if ended in ("", "deadline", "stopped"):
        best, not_known = _best(work, practice, poll, meeting, now)
    return PollCard(
        id=poll.id,
        meeting_id=meeting.id,
        stage=practice.pathways[meeting.pathway].stage(meeting.stage).title,
        refs=refs_of(work, meeting),
        people=tuple(
            sorted(
                (_line(work, each) for each in work.polls.people(poll.id)),
                key=lambda line: (line.agency, line.person),
            )
        ),
        best=best,
        not_known=not_known,
        closes_at=poll.closes_at,
        open=not ended,
        ended=ended,
        moving=meeting.state == MeetingState.INVITED,
        drill=poll.drill,
    )


def whose_diaries(work: Work, practice: Practice, asked_id: str, by: Person) -> Sought:
    """Whose diaries to look into before `by` answers: the search is made again with it. Nobody's for somebody else."""
    asked = work.polls.person(asked_id)
    poll = work.polls.row(asked.poll_id)
    found = sought(work, practice, work.meetings.row(poll.meeting_id), wish_in(poll.wish, None))
    return found if asked.person_id == by.id and not poll.ended else replace(found, people=(), rooms=())


def asked_again(
    work: Work, practice: Practice, meeting: MeetingRow, kept: Mapping[str, object], now: datetime
) -> Question:
    """The search of a kept wish, with what has been said by now; the deadline is that of the case first due."""
    cases = [work.cases.row(item.case_id) for item in work.meetings.agenda(meeting.id)]
    first = min(cases, key=lambda case: case.clock_start, default=None)
    stage = practice.pathways[meeting.pathway].stage(meeting.stage)
    asked, _ = question(work, practice, meeting, wish_in(kept, deadline_for(work, stage, first)), now)
    return asked


def _ended(poll: SlotPollRow, now: datetime) -> str:
    """Why a poll is over; past its deadline it is, though nobody has closed it yet."""
    late = poll.closes_at is not None and poll.closes_at <= now
    return poll.ended or ("deadline" if late else "")


def _line(work: Work, row: SlotPollPersonRow) -> AskedLine:
    person = work.register.person(row.person_id)
    said = list(work.polls.answers(row.id).values())
    return AskedLine(
        person=person.name,
        agency=work.register.agency(person.agency_id).name,
        answered=row.answered_at is not None,
        by_mail=row.way == "mail",
        yes=said.count(Can.YES),
        maybe=said.count(Can.MAYBE),
        no=said.count(Can.NO),
    )


def _best(
    work: Work, practice: Practice, poll: SlotPollRow, meeting: MeetingRow, now: datetime
) -> tuple[tuple[Offered, ...], tuple[str, ...]]:
    """The times kept by the last search, judged by what is known now; those past are left out."""
    kept = work.meetings.options(meeting.id)
    if not kept:
        return (), ()
    asked = asked_again(work, practice, meeting, kept[0].detail, now)
    names = Names(work, practice)
    options = [
        names.offered(row.id, judged(asked, row.starts_at, row.ends_at - row.starts_at))
        for row in kept
        if row.starts_at > now
    ]
    options.sort(key=lambda each: not each.fits)
    not_known = tuple(names.person(each.id) for each in asked.attendees if each.source is Source.UNKNOWN)
    return tuple(options[:MOST_SHOWN]), not_known
