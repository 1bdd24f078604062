"""The polls of times that belong to a search: drawn up by it, ended by another one, by a booking or a cancellation."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.access import may
from bot.domain.area import Practice
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.domain.slot_poll import OfficeHours, proposal
from bot.domain.slots import Question
from bot.storage.tables import MeetingRow, SlotPollRow
from bot.storage.transaction import Work
from bot.usecases.diaries import Wish
from bot.usecases.offering import wish_in
from bot.usecases.owed import redraw

ASKING = "times.ask"
"""What access calls the asking of people for times."""


def office_of(practice: Practice, question: Question) -> OfficeHours:
    """The working time in which the people of this area are asked."""
    area = practice.area
    return OfficeHours(days=question.days, opens=area.opens, shuts=area.shuts, zone=ZoneInfo(area.zone))


def as_kept(wish: Wish) -> dict[str, Any]:
    """A wish as a poll keeps it; `offering.wish_in` reads it back."""
    return {
        "required": list(wish.required),
        "optional": list(wish.optional),
        "minutes": wish.minutes,
        "first": wish.first.isoformat(),
        "last": wish.last.isoformat(),
        "where": wish.where,
    }


def draw_up(
    work: Work,
    practice: Practice,
    meeting: MeetingRow,
    wish: Wish,
    asked: Question,
    by: Person,
    now: datetime,
) -> str:
    """Keep what was sought where asking would help, so that a button can name it: its id, empty where it would not.

    Nobody is asked by it. Empty too while the same is being asked, and for somebody who may not ask.
    """
    for old in work.polls.drawn(meeting.id):
        work.polls.forget(old.id, whole=True)
    under_way = any(not poll.ended for poll in work.polls.standing(meeting.id))
    if under_way or not may(by, ASKING, work.meetings.thing(meeting)):
        return ""
    if proposal(asked, office_of(practice, asked), now, present=meeting.starts_at) is None:
        return ""
    row = SlotPollRow(
        id=new_id(), meeting_id=meeting.id, wish=as_kept(wish), drawn_at=now, drill=meeting.drill
    )
    work.session.add(row)
    work.session.flush()
    return row.id


def sought_otherwise(work: Work, practice: Practice, meeting: MeetingRow, wish: Wish, now: datetime) -> None:
    """Another search for the same meeting ends what was asked for the one before, and what was said is forgotten.

    The same search goes on: of the same agencies, as long and where it was, in days that have only moved along with the
    calendar.
    """
    for poll in work.polls.standing(meeting.id):
        if _is_same(work, practice, poll, wish, now):
            poll.wish = as_kept(wish)
        else:
            _end(work, poll, "searched", now)


def end_polls(work: Work, meeting: MeetingRow, why: str, now: datetime) -> None:
    """Nobody is asked about this meeting any more, and what was said is forgotten: the cards of those asked say so.

    `why` is `booked` or `cancelled`.
    """
    for drawn in work.polls.drawn(meeting.id):
        work.polls.forget(drawn.id, whole=True)
    for poll in work.polls.standing(meeting.id):
        _end(work, poll, why, now)


def _end(work: Work, poll: SlotPollRow, why: str, now: datetime) -> None:
    poll.ended, poll.ended_at = why, poll.ended_at or now
    work.polls.forget(poll.id)
    show_all(work, poll, now)


def _is_same(work: Work, practice: Practice, poll: SlotPollRow, wish: Wish, now: datetime) -> bool:
    """Whether what people were asked still answers this wish. Outside the times asked about they count as not free."""
    before = wish_in(poll.wish, None)
    who = set(before.required) == set(wish.required) and set(before.optional) == set(wish.optional)
    days = practice.days()
    moved = days.count(before.first, wish.first)
    along = moved >= 0 and days.count(before.last, wish.last) <= moved
    ahead = [practice.today(each.starts_at) for each in work.polls.times(poll.id) if each.starts_at > now]
    still = any(wish.first <= day <= wish.last for day in ahead)
    same = before.minutes == wish.minutes and before.where == wish.where
    return who and same and along and still


def show_all(work: Work, poll: SlotPollRow, now: datetime) -> None:
    """Bring the cards of everybody who has to do with a poll up to date, and the Homes of those asked."""
    people = work.polls.people(poll.id)
    redraw(
        work,
        [
            ("poll_card", poll.id, f"person:{poll.asked_by}"),
            *(("times_card", each.id, f"person:{each.person_id}") for each in people),
        ],
        [each.person_id for each in people],
        at=now,
    )
