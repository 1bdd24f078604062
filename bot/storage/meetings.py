"""Meetings, their agenda, invitations and attendance, in and out of the database."""

from datetime import date, datetime

from sqlmodel import Session, col, select

from bot.domain.access import Thing, may
from bot.domain.errors import Denial, NotAllowed, NotFound
from bot.domain.people import Person
from bot.domain.states import MeetingState
from bot.storage.cases import Cases
from bot.storage.engine import INSERT, dialect
from bot.storage.tables import (
    AgendaItemRow,
    AttendanceRow,
    InvitationRow,
    MailReplyRow,
    MeetingRow,
    SlotOptionRow,
)


class Meetings:
    """Discussions, panels and reviews."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def row(self, id: str) -> MeetingRow:
        """For the program's own use, never on a person's behalf: the meeting with this id, or NotFound."""
        row = self.session.get(MeetingRow, id)
        if row is None:
            raise NotFound("There is no such meeting.")
        return row

    def agenda(self, meeting_id: str) -> list[AgendaItemRow]:
        """The cases to be heard, in order."""
        query = select(AgendaItemRow).where(AgendaItemRow.meeting_id == meeting_id)
        return list(self.session.exec(query.order_by(col(AgendaItemRow.position))))

    def invitations(self, meeting_id: str) -> list[InvitationRow]:
        """Everybody who is asked and has not been withdrawn."""
        query = select(InvitationRow).where(
            InvitationRow.meeting_id == meeting_id, col(InvitationRow.withdrawn).is_(False)
        )
        return list(self.session.exec(query.order_by(col(InvitationRow.id))))

    def everybody(self, meeting_id: str) -> list[InvitationRow]:
        """All who were ever asked, those withdrawn too."""
        query = select(InvitationRow).where(InvitationRow.meeting_id == meeting_id)
        return list(self.session.exec(query.order_by(col(InvitationRow.id))))

    def attendance(self, meeting_id: str) -> list[AttendanceRow]:
        """Who came, by agency."""
        query = select(AttendanceRow).where(AttendanceRow.meeting_id == meeting_id)
        return list(self.session.exec(query.order_by(col(AttendanceRow.agency_id))))

    def by_uid(self, uid: str) -> MeetingRow | None:
        """The meeting of a standing panel's date, if it was made already."""
        return self.session.exec(select(MeetingRow).where(MeetingRow.uid == uid)).first()

    def plan(self, row: MeetingRow) -> bool:
        """Keep one date of a standing panel; False when that date was kept before, here or in another process."""
        table = MeetingRow.__table__  # type: ignore[attr-defined]
        one = ("area", "pathway", "stage", "panel_on")
        new = INSERT[dialect(self.session)](table).values(row.model_dump())
        kept = new.on_conflict_do_nothing(index_elements=one).returning(table.c.id)
        return self.session.execute(kept).first() is not None

    def of_panel(self, area: str, pathway: str, stage: str, since: date) -> list[MeetingRow]:
        """Every date of a standing panel that its rule named on or after that day, cancelled ones too, in order."""
        query = select(MeetingRow).where(
            MeetingRow.area == area,
            MeetingRow.pathway == pathway,
            MeetingRow.stage == stage,
            col(MeetingRow.panel_on) >= since,
        )
        return list(self.session.exec(query.order_by(col(MeetingRow.panel_on))))

    def planned(self, area: str, pathway: str, after: datetime) -> list[MeetingRow]:
        """Dates of the pathway's standing panels to which nobody is asked yet, earliest first."""
        query = select(MeetingRow).where(
            MeetingRow.area == area,
            MeetingRow.pathway == pathway,
            MeetingRow.state == MeetingState.PLANNED.value,
            col(MeetingRow.starts_at) > after,
        )
        return list(self.session.exec(query.order_by(col(MeetingRow.starts_at))))

    def item(self, id: str) -> AgendaItemRow:
        """One case on an agenda by the item's own id, or NotFound."""
        row = self.session.get(AgendaItemRow, id)
        if row is None:
            raise NotFound("That case is no longer on this agenda.")
        return row

    def item_of(self, meeting_id: str, case_id: str) -> AgendaItemRow | None:
        """The case's place on the meeting's agenda, if it has one."""
        query = select(AgendaItemRow).where(
            AgendaItemRow.meeting_id == meeting_id, AgendaItemRow.case_id == case_id
        )
        return self.session.exec(query).first()

    def invitation(self, meeting_id: str, person_id: str) -> InvitationRow | None:
        """A person's invitation to the meeting, a withdrawn one too."""
        query = select(InvitationRow).where(
            InvitationRow.meeting_id == meeting_id, InvitationRow.person_id == person_id
        )
        return self.session.exec(query).first()

    def invitation_row(self, id: str) -> InvitationRow:
        """One invitation by its id, or NotFound."""
        row = self.session.get(InvitationRow, id)
        if row is None:
            raise NotFound("That invitation is no longer there.")
        return row

    def by_token(self, token: str) -> InvitationRow | None:
        """The invitation whose replies go to the address with this token."""
        query = select(InvitationRow).where(InvitationRow.token == token)
        return self.session.exec(query).first() if token else None

    def mail_reply(self, id: str) -> MailReplyRow:
        """A reply by e-mail that waits for a decision, or had one; or NotFound."""
        row = self.session.get(MailReplyRow, id)
        if row is None:
            raise NotFound("That reply is no longer there.")
        return row

    def mail_replies(self, meeting_id: str) -> list[MailReplyRow]:
        """Replies to this meeting's invitations that wait for somebody to decide, the oldest first."""
        query = select(MailReplyRow).where(MailReplyRow.meeting_id == meeting_id, MailReplyRow.settled == "")
        return list(self.session.exec(query.order_by(col(MailReplyRow.at))))

    def option(self, id: str) -> SlotOptionRow:
        """One time that was offered, or NotFound when a newer search has replaced it."""
        row = self.session.get(SlotOptionRow, id)
        if row is None:
            raise NotFound("These times were replaced by a newer search. Look at the newest list.")
        return row

    def taken(
        self, area: str, start: datetime, end: datetime, but: str | None = None
    ) -> list[tuple[str, datetime, datetime, str]]:
        """Who is asked to which of our own meetings in the window: person, start, end and answer.

        A meeting's chair counts as having accepted. Cancelled and concluded meetings, those declined and the
        meeting `but` are left out.
        """
        live = [row for row in self.between(area, start, end) if row.id != but and row.state != "concluded"]
        found: list[tuple[str, datetime, datetime, str]] = []
        for row in live:
            if row.starts_at is None or row.ends_at is None:
                continue
            if row.chair_id:
                found.append((row.chair_id, row.starts_at, row.ends_at, "accepted"))
            found += [
                (each.person_id, row.starts_at, row.ends_at, each.answer)
                for each in self.invitations(row.id)
                if each.answer != "declined"
            ]
        return found

    def in_rooms(
        self, area: str, start: datetime, end: datetime, but: str | None = None
    ) -> list[tuple[str, datetime, datetime]]:
        """Which rooms our own meetings take in the window: the room, from when, until when.

        Cancelled and concluded meetings, those in no room and the meeting `but` are left out.
        """
        live = [row for row in self.between(area, start, end) if row.id != but and row.state != "concluded"]
        return [
            (row.place, row.starts_at, row.ends_at)
            for row in live
            if row.place and row.starts_at is not None and row.ends_at is not None
        ]

    def options(self, meeting_id: str) -> list[SlotOptionRow]:
        """The times offered last, best first."""
        query = select(SlotOptionRow).where(SlotOptionRow.meeting_id == meeting_id)
        return list(self.session.exec(query.order_by(col(SlotOptionRow.position))))

    def thing(self, row: MeetingRow) -> Thing:
        """What access needs to know of a meeting: who is asked to it, and who is barred from a case on it."""
        cases = Cases(self.session)
        on_agenda = [cases.thing(cases.row(item.case_id)) for item in self.agenda(row.id)]
        invited = self.invitations(row.id)
        named = {row.chair_id, row.minute_taker_id, row.created_by} - {None}
        return Thing(
            area=row.area,
            agencies=frozenset(each.agency_id for each in invited if each.speaks)
            | frozenset(agency for thing in on_agenda for agency in thing.agencies),
            people=frozenset(str(person) for person in named)
            | frozenset(each.person_id for each in invited)
            | frozenset(person for thing in on_agenda for person in thing.people),
            barred=frozenset(person for thing in on_agenda for person in thing.barred),
            chair_id=row.chair_id,
        )

    def opened(self, id: str, by: Person, verb: str, at: datetime) -> MeetingRow:
        """The meeting, when `by` may do `verb` to it; NotAllowed leaves a row in the audit (IG-05, IG-29)."""
        row = self.row(id)
        if not may(by, verb, self.thing(row)):
            raise NotAllowed(
                "This meeting is run by its chair and coordinator. Nothing has changed; this was recorded.",
                Denial(stream=f"meeting:{row.id}", actor=by.id, verb=verb, thing=f"meeting:{row.id}", at=at),
            )
        if verb != "meeting.read":
            # Two who change it at once: the second waits and sees the first's work (SQLite's writer is alone anyway).
            self.session.refresh(row, with_for_update=True)
        return row

    def between(self, area: str, start: datetime, end: datetime) -> list[MeetingRow]:
        """Meetings of the area that touch the window and are not cancelled, earliest first."""
        query = (
            select(MeetingRow)
            .where(
                MeetingRow.area == area,
                MeetingRow.state != "cancelled",
                col(MeetingRow.starts_at) < end,
                col(MeetingRow.ends_at) > start,
            )
            .order_by(col(MeetingRow.starts_at))
        )
        return list(self.session.exec(query))

    def upcoming(self, area: str, after: datetime, stage: str | None = None) -> list[MeetingRow]:
        """Booked meetings of the area that have not ended, earliest first; of one stage, or of all."""
        query = select(MeetingRow).where(
            MeetingRow.area == area,
            col(MeetingRow.state).in_(["invited", "in_progress"]),
            col(MeetingRow.ends_at) > after,
        )
        if stage is not None:
            query = query.where(MeetingRow.stage == stage)
        return list(self.session.exec(query.order_by(col(MeetingRow.starts_at))))

    def of_case(self, case_id: str) -> list[MeetingRow]:
        """Every meeting on whose agenda the case is or was, earliest first."""
        query = (
            select(MeetingRow)
            .join(AgendaItemRow, col(AgendaItemRow.meeting_id) == col(MeetingRow.id))
            .where(AgendaItemRow.case_id == case_id)
            .order_by(col(MeetingRow.created_at))
        )
        return list(self.session.exec(query))
