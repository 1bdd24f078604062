"""Ask for a new assessment in time, where a case will be heard on one that is out of date (S1-12, M12)."""

from datetime import datetime

from bot.domain.area import Practice
from bot.storage.transaction import Work
from bot.usecases.assess import stale_on
from bot.usecases.owed import tell

AHEAD_WD = 5
"""Working days before a meeting from which on a coordinator is asked (P): time to see the person once more."""


def ask_to_assess_again(work: Work, practice: Practice, now: datetime) -> int:
    """Tell each coordinator, once a meeting and case, of what will be out of date when it is heard. How many cases.

    It holds nothing up and lowers nothing: it is a reminder (rule 6).
    """
    until = practice.days().shift(practice.today(now), AHEAD_WD)
    found = 0
    for meeting in work.meetings.upcoming(practice.area.id, now):
        if meeting.starts_at is None or (day := practice.today(meeting.starts_at)) > until:
            continue
        for item in work.meetings.agenda(meeting.id):
            case = work.cases.row(item.case_id)
            if case.state != "closed" and stale_on(work, practice, case, day):
                tell(work, "assessment_stale", case.id, f"person:{case.coordinator_id}", now, key=meeting.id)
                found += 1
    return found
