"""The versions of minutes, in and out of the database."""

from sqlmodel import Session, col, select

from bot.storage.minutes_tables import MinutesVersionRow
from bot.storage.tables import MeetingRow


class MinutesVersions:
    """What was sent for approval, and what became of it."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def of_meeting(self, meeting_id: str) -> list[MinutesVersionRow]:
        """Every version, the oldest first."""
        query = select(MinutesVersionRow).where(MinutesVersionRow.meeting_id == meeting_id)
        return list(self.session.exec(query.order_by(col(MinutesVersionRow.number))))

    def newest(self, meeting_id: str) -> MinutesVersionRow | None:
        """The version that counts; None while the minutes are what the meeting captured."""
        query = select(MinutesVersionRow).where(MinutesVersionRow.meeting_id == meeting_id)
        return self.session.exec(query.order_by(col(MinutesVersionRow.number).desc()).limit(1)).first()

    def unapproved(self, area: str) -> list[MeetingRow]:
        """Meetings that ended and whose newest minutes nobody has approved, the earliest first."""
        query = select(MeetingRow).where(
            MeetingRow.area == area,
            MeetingRow.state == "concluded",
            col(MeetingRow.concluded_at).is_not(None),
            col(MeetingRow.minutes_approved_at).is_(None),
        )
        return list(self.session.exec(query.order_by(col(MeetingRow.concluded_at))))
