"""When minutes are due, and who approves them (T15)."""

from datetime import date

from bot.domain.area import Practice
from bot.domain.pathway import MinutesRule
from bot.storage.tables import MeetingRow


def rule_of(practice: Practice, meeting: MeetingRow) -> MinutesRule:
    """When this meeting's minutes are due and who approves them."""
    return practice.pathways[meeting.pathway].minutes


def due_on(practice: Practice, meeting: MeetingRow) -> date | None:
    """The day by which the minutes are to be approved (T15); None while the meeting has not ended."""
    if meeting.concluded_at is None:
        return None
    pathway = practice.pathways[meeting.pathway]
    return pathway.minutes.due.after(practice.today(meeting.concluded_at), practice.pathway_days(pathway))
