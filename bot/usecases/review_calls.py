"""When what was recorded reaches the pathway's mark, a review is asked for; a person says whether there is one (S5-22).

The program counts and asks, and decides nothing (design.md rule 6). It asks once: until the call has been answered no
other is made for the same kind of incident, and afterwards only what is recorded later counts.
"""

from datetime import datetime
from typing import cast

from bot.domain.area import Practice
from bot.domain.chronology import Recorded, counted
from bot.domain.errors import Invalid, TooLate
from bot.domain.measures import ANSWER_WITHIN, call_watch
from bot.domain.nudges import instant
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.storage.chronology_tables import ChronologyRow, ReviewTriggerRow
from bot.storage.codes import digest_of
from bot.storage.tables import CaseRow
from bot.storage.transaction import Begin, Work
from bot.usecases.owed import refresh_home, tell
from bot.views.chronology import CallOpened

ANSWERS = {
    "review": "A review is being arranged",
    "not_needed": "No review is needed now",
}


def call_for_review(
    work: Work, practice: Practice, case: CaseRow, entry: ChronologyRow, by: Person, now: datetime
) -> ReviewTriggerRow | None:
    """Ask the coordinator for a review when this incident reaches the pathway's mark; None when it does not."""
    kind = next((each for each in practice.of(case).incidents if each.id == entry.incident), None)
    if kind is None or kind.review_at is None or case.state == "closed":
        return None
    earlier = [call for call in work.chronicles.calls(case.id) if call.incident == kind.id]
    if any(call.answer is None for call in earlier):
        return None
    days, today = practice.days(case.nation), practice.today(now)
    number = counted(
        cast(list[Recorded], work.chronicles.incidents(case.id)),
        kind,
        after=max((call.fired_at for call in earlier), default=None),
        today=today,
        days=days,
        zone=practice.area.zone,
    )
    if number < kind.review_at:
        return None
    due = days.shift(today, ANSWER_WITHIN)
    row = ReviewTriggerRow(
        id=new_id(),
        case_id=case.id,
        incident=kind.id,
        entry_id=entry.id,
        count=number,
        threshold=kind.review_at,
        fired_at=now,
        due=due,
        nudged_on=today,
        next_at=instant(call_watch(due, days).next_day(today), practice.area.zone),
    )
    work.session.add(row)
    work.audit.write(
        stream=case.ref,
        actor="convenor",
        verb="review.called_for",
        thing=f"case:{case.id}",
        facts={"call": row.id, "entry": entry.id, "count": number, "mark": kind.review_at},
        at=now,
    )
    tell(work, "review_called", row.id, f"person:{case.coordinator_id}", now)
    refresh_home(work, case.coordinator_id, now)
    return row


def open_call(begin: Begin, practice: Practice, call_id: str, *, by: Person, now: datetime) -> CallOpened:
    """What the call rests on, for whoever may answer it; an audit row."""
    with begin() as work:
        row = work.chronicles.call(call_id)
        case = work.cases.opened(row.case_id, by, "review.answer", now)
        _open(row)
        work.audit.write(
            stream=case.ref,
            actor=by.id,
            verb="review.call_read",
            thing=f"case:{case.id}",
            facts={"call": row.id},
            at=now,
        )
        labels = {each.id: each.label for each in practice.of(case).incidents}
        return CallOpened(
            id=row.id,
            case_id=case.id,
            ref=case.ref,
            incident=labels.get(row.incident, row.incident),
            count=row.count,
            threshold=row.threshold,
            fired_at=row.fired_at,
            due=row.due,
        )


def answer_call(
    begin: Begin, practice: Practice, call_id: str, answer: str, why: str, *, by: Person, now: datetime
) -> str:
    """The coordinator or the chair says whether there is to be a review, and why. The case's reference.

    Raises Invalid, and TooLate when somebody answered before.
    """
    with begin() as work:
        row = work.chronicles.call(call_id)
        case = work.cases.opened(row.case_id, by, "review.answer", now)
        work.session.refresh(row, with_for_update=True)
        _open(row)
        found = {}
        if answer not in ANSWERS:
            found["answer"] = "Choose whether there is to be a review."
        if len(why.strip()) < 10:
            found["why"] = "Say why in a sentence: when and where the review is, or what speaks against one."
        if found:
            raise Invalid(found)
        row.answer, row.why, row.answered_at, row.answered_by = answer, why.strip(), now, by.id
        row.next_at = None
        work.audit.write(
            stream=case.ref,
            actor=by.id,
            verb="review.answered",
            thing=f"case:{case.id}",
            facts={"call": row.id, "answer": answer, "why": digest_of(row.why)},
            at=now,
        )
        for person in sorted({case.coordinator_id, case.chair_id or case.coordinator_id}):
            refresh_home(work, person, now)
        return case.ref


def _open(row: ReviewTriggerRow) -> None:
    if row.answer is not None:
        raise TooLate("Somebody has answered this call for a review already. Nothing has changed.")
