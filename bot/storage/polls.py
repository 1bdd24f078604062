"""Polls of times, in and out of the database."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from bot.domain.errors import NotFound
from bot.domain.slot_poll import Can
from bot.domain.spans import Span
from bot.storage.tables import (
    MeetingRow,
    SlotPollAnswerRow,
    SlotPollPersonRow,
    SlotPollRow,
    SlotPollTimeRow,
)

STANDING = ("", "deadline", "stopped")
"""How a poll may have ended for its answers still to count."""


class Polls:
    """Who is asked about which times, and what they have said."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def row(self, id: str) -> SlotPollRow:
        """The poll with this id, or NotFound when a newer search has replaced it."""
        row = self.session.get(SlotPollRow, id)
        if row is None:
            raise NotFound("These times were replaced by a newer search. Look at the newest list.")
        return row

    def standing(self, meeting_id: str) -> list[SlotPollRow]:
        """The polls of a meeting whose answers count, the oldest first; one that is only drawn up is not among them."""
        query = select(SlotPollRow).where(
            SlotPollRow.meeting_id == meeting_id,
            col(SlotPollRow.asked_at).is_not(None),
            col(SlotPollRow.ended).in_(STANDING),
        )
        return list(self.session.exec(query.order_by(col(SlotPollRow.asked_at))))

    def drawn(self, meeting_id: str) -> list[SlotPollRow]:
        """What was drawn up for a meeting, and nobody has been asked yet."""
        query = select(SlotPollRow).where(
            SlotPollRow.meeting_id == meeting_id, col(SlotPollRow.asked_at).is_(None)
        )
        return list(self.session.exec(query))

    def person(self, asked_id: str) -> SlotPollPersonRow:
        """Somebody who is asked, by the id of that, or NotFound."""
        row = self.session.get(SlotPollPersonRow, asked_id)
        if row is None:
            raise NotFound("These times are no longer asked for.")
        return row

    def people(self, poll_id: str) -> list[SlotPollPersonRow]:
        """Everybody who is asked."""
        query = select(SlotPollPersonRow).where(SlotPollPersonRow.poll_id == poll_id)
        return list(self.session.exec(query.order_by(col(SlotPollPersonRow.id))))

    def times(self, poll_id: str) -> list[SlotPollTimeRow]:
        """The times asked about, the earliest first."""
        query = select(SlotPollTimeRow).where(SlotPollTimeRow.poll_id == poll_id)
        return list(self.session.exec(query.order_by(col(SlotPollTimeRow.starts_at))))

    def answers(self, asked_id: str) -> dict[str, str]:
        """What this person has said, by the id of the time; empty before they have."""
        query = select(SlotPollAnswerRow).where(SlotPollAnswerRow.asked_id == asked_id)
        return {row.time_id: row.can for row in self.session.exec(query)}

    def heard(self, meeting_id: str) -> Mapping[str, Mapping[Span, Can]]:
        """What those who have answered said of which time, by the person's id; whoever is silent is not in it.

        Asked twice, what they said last stands for the times of that poll.
        """
        found: dict[str, dict[Span, Can]] = {}
        for poll in self.standing(meeting_id):
            spans = {row.id: Span(row.starts_at, row.ends_at) for row in self.times(poll.id)}
            for each in self.people(poll.id):
                if each.answered_at is not None and spans:
                    said = {spans[id]: Can(can) for id, can in self.answers(each.id).items()}
                    found[each.person_id] = {**found.get(each.person_id, {}), **said}
        return found

    def waiting_for(self, person_id: str, now: datetime) -> list[tuple[SlotPollPersonRow, SlotPollRow]]:
        """What this person is asked and may still answer, the first to close first."""
        query = (
            select(SlotPollPersonRow, SlotPollRow)
            .join(SlotPollRow, col(SlotPollRow.id) == col(SlotPollPersonRow.poll_id))
            .where(
                SlotPollPersonRow.person_id == person_id,
                SlotPollRow.ended == "",
                col(SlotPollRow.closes_at) > now,
            )
            .order_by(col(SlotPollRow.closes_at))
        )
        return list(self.session.exec(query).all())

    def due(self, area: str, now: datetime) -> list[SlotPollRow]:
        """The polls of the area that are to be closed or reminded of by now, but those another process has in hand."""
        query = (
            select(SlotPollRow)
            .join(MeetingRow, col(MeetingRow.id) == col(SlotPollRow.meeting_id))
            .where(
                MeetingRow.area == area,
                SlotPollRow.ended == "",
                (col(SlotPollRow.closes_at) <= now)
                | (col(SlotPollRow.chased_at).is_(None) & (col(SlotPollRow.chase_at) <= now)),
            )
        )
        mine = query.order_by(col(SlotPollRow.closes_at)).with_for_update(skip_locked=True, of=SlotPollRow)
        return list(self.session.exec(mine))

    def forget(self, poll_id: str, *, whole: bool = False) -> None:
        """Throw away the times and what was said of them; `whole`, that anybody was asked as well."""
        people = self.people(poll_id)
        for person in people:
            for answer in self.said(person.id):
                self.session.delete(answer)
        self.session.flush()
        for time in self.times(poll_id):
            self.session.delete(time)
        if whole:
            for person in people:
                self.session.delete(person)
            self.session.flush()
            self.session.delete(self.row(poll_id))
        self.session.flush()

    def said(self, asked_id: str) -> list[SlotPollAnswerRow]:
        """A person's answers as rows."""
        query = select(SlotPollAnswerRow).where(SlotPollAnswerRow.asked_id == asked_id)
        return list(self.session.exec(query))

    def past(self, before: datetime) -> list[SlotPollRow]:
        """Polls that were over, or drawn up in vain, by then."""
        ended = col(SlotPollRow.ended_at) < before
        in_vain = col(SlotPollRow.asked_at).is_(None) & (col(SlotPollRow.drawn_at) < before)
        return list(self.session.exec(select(SlotPollRow).where(ended | in_vain)))

    def all_times_past(self, now: datetime) -> list[str]:
        """The polls of which every time lies in the past."""
        ahead = select(SlotPollTimeRow.poll_id).where(col(SlotPollTimeRow.starts_at) > now)
        query = select(SlotPollTimeRow.poll_id).where(col(SlotPollTimeRow.poll_id).not_in(ahead)).distinct()
        return list(self.session.exec(query))
