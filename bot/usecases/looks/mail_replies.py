"""A look at a reply by e-mail that waits for a decision, or had one."""

from datetime import datetime

from bot.domain.area import Practice
from bot.domain.replies import ANSWERS
from bot.storage.transaction import Work
from bot.usecases.invitees import goes_on, stands
from bot.usecases.looks.meeting import refs_of
from bot.views.mail_replies import ReplyCard


def reply_card(work: Work, practice: Practice, id: str, now: datetime) -> ReplyCard:
    """The reply with this id, and what can be done about it."""
    row = work.meetings.mail_reply(id)
    meeting = work.meetings.row(row.meeting_id)
    asked = work.meetings.invitation_row(row.invitation_id) if row.invitation_id else None
    person = work.register.row(asked.person_id) if asked else None
    is_open = not row.settled and goes_on(meeting, now)
    newer = asked is not None and asked.answered_at is not None and asked.answered_at > row.at
    return ReplyCard(
        id=row.id,
        meeting_id=meeting.id,
        stage=practice.pathways[meeting.pathway].stage(meeting.stage).title,
        refs=refs_of(work, meeting),
        starts_at=meeting.starts_at,
        person=person.name if person else "",
        agency=work.register.agency(asked.agency_id).name if asked else "",
        deputy=work.register.row(person.deputy_id).name if person and person.deputy_id else "",
        said=row.said,
        doubt=row.doubt,
        proposed_start=row.proposed_start,
        proposed_end=row.proposed_end,
        open=is_open,
        recordable=is_open
        and row.said in ANSWERS
        and asked is not None
        and stands(asked, meeting, now)
        and not newer,
        settled=row.settled,
        settled_by=work.register.row(row.settled_by).name if row.settled_by else "",
        drill=meeting.drill,
    )
