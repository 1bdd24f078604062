"""“We’ll take it”: somebody who speaks for an agency puts an action on the plan for that agency (S4-12).

It is the agency's own, and nobody else's: nothing can be put upon another agency here. The chair agrees to it by
concluding the meeting, whose last page names every action that was offered; until then no owner is told of it.
"""

from datetime import datetime

from bot.domain.access import may
from bot.domain.area import Practice
from bot.domain.errors import Denial, Invalid, NotAllowed, TooLate
from bot.domain.people import Person
from bot.domain.states import MeetingState
from bot.storage.tables import AgendaItemRow, CaseRow, MeetingRow
from bot.storage.transaction import Begin, Work
from bot.usecases.agree import NewAction, add_action, left_open
from bot.usecases.open_meeting import quick_dues
from bot.usecases.owed import show
from bot.usecases.present import THERE
from bot.usecases.risks import risk_picks, wish_picks
from bot.views.meeting import OfferSheet, Pick


def open_offer(begin: Begin, practice: Practice, item_id: str, *, by: Person, now: datetime) -> OfferSheet:
    """The form of an action that the reader's own agency takes on, for whoever speaks for it.

    Against which risk and for which wish it is, is offered to those who may read the case; that is an audit row.
    """
    with begin() as work:
        item, _, case = _at_the_table(work, item_id, by, now)
        barred = work.cases.thing(case).barred
        people = work.register.people(case.area, agency_id=by.agency_id)
        owners = [Pick(id=each.id, label=each.name) for each in people if each.id not in barred]
        rules = practice.of(case).actions
        reads = may(by, "case.read", work.cases.thing(case))
        if reads:
            work.audit.write(
                stream=case.ref,
                actor=by.id,
                verb="case.read",
                thing=f"case:{case.id}",
                facts={"meeting": item.meeting_id},
                at=now,
            )
        return OfferSheet(
            item=item.id,
            ref=case.ref,
            agency=work.register.agency(by.agency_id).name,
            owners=tuple(owners[:100]),
            owner=by.id,
            categories=tuple(Pick(id=each.id, label=each.label) for each in rules.categories),
            dues=quick_dues(practice.today(now), practice.days(case.nation)),
            risks=risk_picks(work, case) if reads else (),
            wishes=wish_picks(work, case) if reads else (),
            needs=rules.need,
        )


def look_over_offer(
    begin: Begin, practice: Practice, item_id: str, action: NewAction, *, by: Person, now: datetime
) -> dict[str, str]:
    """What its wording leaves open, by field; nothing is saved (S4-13). Raises Invalid for what cannot be saved."""
    with begin() as work:
        item, _, case = _at_the_table(work, item_id, by, now)
        return left_open(work, practice, item, case, action, now)


def take_on(
    begin: Begin, practice: Practice, item_id: str, action: NewAction, *, by: Person, now: datetime
) -> str:
    """Put the action on the plan, once for each `source`, marked as offered. Its reference.

    Raises Invalid by field, TooLate once the meeting has ended or while the agency stands as not here.
    """
    with begin() as work:
        item, meeting, case = _at_the_table(work, item_id, by, now)
        if action.agency_id != by.agency_id:
            raise Invalid({"owner": "Here you can take on an action for your own agency only."})
        offered = NewAction(**{**vars(action), "meeting_id": meeting.id, "offered": True})
        row = add_action(work, practice, case, offered, by, now)
        show(work, "hold_card", item.meeting_id, f"room:{case.pathway}", now)
        return row.ref


def _at_the_table(
    work: Work, item_id: str, by: Person, now: datetime
) -> tuple[AgendaItemRow, MeetingRow, CaseRow]:
    item = work.meetings.item(item_id)
    meeting, case = work.meetings.row(item.meeting_id), work.cases.row(item.case_id)
    if not may(by, "action.offer", work.meetings.thing(meeting)):
        raise NotAllowed(
            "An action can be taken on by whoever speaks at this meeting for one of its agencies."
            " Nothing has changed; your attempt has been recorded.",
            Denial(stream=case.ref, actor=by.id, verb="action.offer", thing=f"case:{case.id}", at=now),
        )
    if meeting.state != MeetingState.IN_PROGRESS:
        raise TooLate("This meeting is not under way, so nothing was saved. Speak to the coordinator.")
    marked = {row.agency_id: row.status for row in work.meetings.attendance(meeting.id)}
    if marked.get(by.agency_id, THERE[0]) not in THERE:
        raise TooLate(
            "Your agency stands as not here. Ask the chair to put the attendance right, then press again."
        )
    return item, meeting, case
