"""How each agency answers when it is asked who knows somebody, in numbers alone (S4-14)."""

from collections import defaultdict
from datetime import datetime

from bot.domain.area import Practice
from bot.domain.involvement import Said
from bot.storage.involvement_tables import InvolvementCheckRow
from bot.storage.transaction import Work
from bot.usecases.looks.involvement import research_wanted
from bot.views.involvement import Returns


def returns(
    work: Work, practice: Practice, since: datetime, until: datetime, now: datetime, *, drill: bool = False
) -> tuple[Returns, ...]:
    """Each agency that was asked in that time, by name; of drills alone with `drill`, else of real cases alone.

    Who has not answered has not said "not known": past its day it is `no_reply`, before it is `waiting` (rule 7).
    """
    today = practice.today(now)
    by_agency: dict[str, list[InvolvementCheckRow]] = defaultdict(list)
    rows = work.involvement.asked_between(practice.area.id, since, until, drill=drill)
    for row in rows:
        by_agency[row.agency_id].append(row)
    researched = work.involvement.researched(row.id for row in rows)
    found = []
    for agency_id, checks in by_agency.items():
        agency = work.register.agency(agency_id)
        answered = [row for row in checks if row.answer != Said.NONE]
        in_time = [
            row for row in answered if row.answered_at and practice.today(row.answered_at) <= row.due_on
        ]
        silent = [row for row in checks if row.answer == Said.NONE]
        wanted = [
            row for row in answered if research_wanted(work, practice.of(work.cases.row(row.case_id)), row)
        ]
        found.append(
            Returns(
                agency_id=agency.id,
                agency=agency.name,
                type=agency.type,
                asked=len(checks),
                known=sum(row.answer == Said.KNOWN for row in checks),
                not_known=sum(row.answer == Said.NOT_KNOWN for row in checks),
                in_time=len(in_time),
                late=len(answered) - len(in_time),
                no_reply=sum(row.due_on < today for row in silent),
                waiting=sum(row.due_on >= today for row in silent),
                research_asked=len(wanted),
                research_returned=sum(row.id in researched for row in wanted),
            )
        )
    return tuple(sorted(found, key=lambda each: (each.agency, each.agency_id)))
