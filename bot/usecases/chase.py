"""Who has not answered an invitation is reminded three working days and one before the meeting (calendar.md 6).

Each reminder joins the person's one message of the day, so that an invitation costs nobody a message more than an
action would (anchors.md section 4, idea 2).
"""

from datetime import datetime

from bot.domain.area import Practice
from bot.storage.tables import NudgeRow
from bot.storage.transaction import Work
from bot.usecases.agendas import meetings_to_come
from bot.usecases.quorum_watch import watch

STEPS = (3, 1)
"""Working days before a meeting at which an answer is asked for once more."""


def chase(work: Work, practice: Practice, now: datetime) -> int:
    """Plan today's reminders, and tell the coordinator where a quorum still hangs on them; how many are new.

    Nobody is chased for a meeting that has nothing on its agenda, nor on the day after they were asked only because
    the meeting is near. The latest step that was reached is the only one: a week offline costs one reminder.
    """
    today, new = practice.today(now), 0
    for meeting, _, held in meetings_to_come(work, practice, now):
        if today >= held or not work.meetings.agenda(meeting.id):
            continue
        days = practice.pathway_days(practice.pathways[meeting.pathway])
        reached = [n for n in STEPS if days.shift(held, -n) <= today]
        for row in work.meetings.invitations(meeting.id):
            if row.answer != "none" or row.person_id == meeting.chair_id:
                continue  # whoever chairs a meeting is taken to come to it
            asked = practice.today(row.asked_at or meeting.created_at)
            steps = [n for n in reached if days.shift(held, -n) > asked]
            if not steps:
                continue
            nudge = NudgeRow(
                id=f"nudge:invitation:{row.id}:{row.sequence}:-{steps[-1]}",
                invitation_id=row.id,
                due=held,
                rung=f"invitation:-{steps[-1]}",
                to_role="invitee",
                person_id=row.person_id,
                day=today,
                state="planned",
                at=now,
            )
            new += work.nudges.add(nudge)
        if STEPS[-1] in reached:
            watch(work, practice, meeting, now, last_call=True)
    return new
