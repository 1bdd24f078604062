"""Who is at a meeting, agency by agency, and whether they are enough (S3-30)."""

from bot.domain.area import Practice
from bot.domain.people import Agency
from bot.domain.quorum import Standing, standing
from bot.storage.tables import MeetingRow
from bot.storage.transaction import Work

THERE = ("present", "deputy")
"""How an agency attends when it is there."""


def present(work: Work, meeting: MeetingRow) -> list[Agency]:
    """The agencies that are there, in person or through a deputy."""
    return [
        work.register.agency(row.agency_id)
        for row in work.meetings.attendance(meeting.id)
        if row.status in THERE
    ]


def quorum_now(work: Work, practice: Practice, meeting: MeetingRow) -> Standing:
    """How those present stand to the pathway's quorum."""
    return standing(practice.pathways[meeting.pathway].quorum, present(work, meeting))


def counts_quorum(meeting: MeetingRow) -> bool:
    """Whether this kind of meeting has to be quorate: where cases are heard, not in a discussion."""
    return meeting.kind != "discussion"
