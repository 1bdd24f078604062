"""Put the owner's reminders off, once for each deadline; the deadline and the escalations stand (T17)."""

from datetime import datetime

from bot.domain.area import Practice
from bot.domain.people import Person
from bot.storage.transaction import Begin
from bot.usecases.plan_changes import Answered, Change, change, heard, to_answer

SNOOZE_WD = 2
"""Working days that one snooze holds back the owner's reminders."""


def snooze(
    begin: Begin, practice: Practice, action_id: str, *, by: Person, now: datetime, source: str = ""
) -> Answered:
    """No reminder to the owner before two working days from now, and one on that day. TooLate the second time."""
    with begin() as work:
        if known := heard(work, source):
            return known
        row = to_answer(work, action_id, by, now)
        days = practice.days(work.cases.row(row.case_id).nation)
        until = days.shift(practice.today(now), SNOOZE_WD)
        what = Change(verb="action.snoozed", by=by, now=now, source=source, facts={"until": until})
        return change(work, practice, row, lambda action: action.snooze(until), what)
