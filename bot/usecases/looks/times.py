"""The times that a search found, looked at again: a picture is drawn from the diaries as they are now.

It leaves no line in the audit: it holds agencies, dates and a reference, as the card that it is opened from does.
"""

from datetime import datetime

from bot.domain.access import may
from bot.domain.area import Practice
from bot.domain.errors import NotFound
from bot.domain.people import Person
from bot.domain.slot_chart import chart
from bot.domain.slots import judged
from bot.storage.tables import SlotOptionRow
from bot.storage.transaction import Work
from bot.usecases.convene import deadline_for
from bot.usecases.diaries import question
from bot.usecases.offering import wish_in
from bot.views.times_picture import TimesPicture


def times_kept(work: Work, meeting_id: str, by: Person) -> list[SlotOptionRow]:
    """The times that wait to be chosen for a meeting; none for whoever may not book one of them."""
    try:
        meeting = work.meetings.row(meeting_id)
    except NotFound:
        return []
    verb = "meeting.convene" if meeting.created_by == by.id else "meeting.hold"
    if not may(by, verb, work.meetings.thing(meeting)):
        return []
    return list(work.meetings.options(meeting.id))


def times_picture(
    work: Work, practice: Practice, meeting_id: str, by: Person, now: datetime
) -> TimesPicture | None:
    """The times kept for a meeting, judged anew; None when none are kept, or for whoever may not book one of them."""
    kept = times_kept(work, meeting_id, by)
    if not kept:
        return None
    meeting = work.meetings.row(meeting_id)
    stage = practice.pathways[meeting.pathway].stage(meeting.stage)
    cases = [work.cases.row(item.case_id) for item in work.meetings.agenda(meeting.id)]
    case = min(cases, key=lambda row: row.clock_start, default=None)
    wish = wish_in(kept[0].detail, deadline_for(work, stage, case))
    asked, _ = question(work, practice, meeting, wish, now)
    options = [judged(asked, row.starts_at, row.ends_at - row.starts_at) for row in kept]
    return TimesPicture(
        title=case.ref if case else stage.title,
        chart=chart(asked, options),
        names={agency.id: agency.name for agency in work.register.agencies(practice.area.id)},
    )
