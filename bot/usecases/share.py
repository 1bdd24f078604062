"""Share information with other agencies: begin, write page by page, send, withdraw (S2-21 to S2-25, S5-08, IG-16).

Until it is sent nobody but its writer, and a manager whom they ask, can open an item.
"""

from datetime import date, datetime

from bot.domain.area import Practice
from bot.domain.errors import Invalid, NotFound, TooLate
from bot.domain.forms import Answers, Form, shown
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.domain.sharing import (
    RECIPIENTS,
    SHARE,
    UNSENT,
    agreement_problem,
    first_gap,
    gap_after,
    share_problems,
)
from bot.storage.practice_shares import InfoShareRow
from bot.storage.transaction import Begin, Work
from bot.usecases.owed import tell
from bot.usecases.sharing import (
    ShareDraft,
    answers_of,
    beside,
    did,
    form_for,
    later,
    receivers,
    unsent_of,
    write_down,
)


class NotWhole(Invalid):
    """Something is missing on another page than the one that was sent: `page` is its id."""

    def __init__(self, page: str, problems: dict[str, str]) -> None:
        super().__init__(problems)
        self.page = page


def begin_share(
    begin: Begin, practice: Practice, case_id: str, *, source: str, by: Person, now: datetime
) -> str:
    """A new item about a case; one that was opened and left empty is taken up again. Its id."""
    with begin() as work:
        if known := work.inbox.answer_to(source):
            return known
        case = work.cases.opened(case_id, by, "share.create", now)
        work.cases.lock(case)
        row = unsent_of(work, case.id, by)
        if row is None:
            number = work.shares.next_number(case.id)
            row = InfoShareRow(
                id=new_id(),
                ref=f"{case.ref}/S{number}",
                case_id=case.id,
                area=case.area,
                number=number,
                by_id=by.id,
                agency_id=by.agency_id,
                state="drafted",
                begun_at=now,
                drill=case.drill,
            )
            work.session.add(row)
            work.session.flush()
            did(work, row, by.id, "share.begun", now)
        work.inbox.remember(source, row.id, at=now)
        return row.id


def open_page(
    begin: Begin, practice: Practice, share_id: str, page: str = "", *, by: Person, now: datetime
) -> ShareDraft:
    """A page of an unsent item for its writer, the first when none is named; each opening is an audit row.

    TooLate once it is on hold, sent or withdrawn.
    """
    with begin() as work:
        row = _unsent(work, share_id, by, now)
        case = work.cases.row(row.case_id)
        pathway = practice.of(case)
        form, answers = form_for(work, practice, case, row.agency_id), answers_of(work, row)
        pages = [each.id for each in shown(form, answers)]
        did(work, row, by.id, "share.draft_read", now, {"page": page or pages[0]})
        return ShareDraft(
            id=row.id,
            ref=row.ref,
            case_id=case.id,
            form=form,
            page=page if page in pages else pages[0],
            answers=answers,
            guides=tuple(
                (each.title, each.url) for each in (*practice.area.sharing_links, *pathway.sharing.guides)
            ),
            beside=beside(work, pathway, case),
        )


def keep_page(
    begin: Begin, practice: Practice, share_id: str, answers: Answers, *, by: Person, now: datetime
) -> None:
    """Keep what stands on a page, unchecked: its writer goes back, or asks a manager first."""
    with begin() as work:
        row = _unsent(work, share_id, by, now)
        _keep(work, practice, row, answers, now)


def save_share_page(
    begin: Begin,
    practice: Practice,
    share_id: str,
    page_id: str,
    answers: Answers,
    *,
    by: Person,
    now: datetime,
) -> None:
    """Keep a page and check it; Invalid lists what needs mending, what was typed is kept (IG-16, IG-17, IG-19)."""
    with begin() as work:
        row = _unsent(work, share_id, by, now)
        form, known = _keep(work, practice, row, answers, now)
        page = next((each for each in shown(form, known) if each.id == page_id), None)
        if page is None:
            raise NotFound("That page no longer applies to your answers. Open the item again from the case.")
        found = share_problems(page, known, practice.today(now))
        if RECIPIENTS in {field.id for field in page.fields} and RECIPIENTS not in found:
            found |= _closed(work, row, practice.today(now))
    if found:
        raise Invalid(found)


def send_share(begin: Begin, practice: Practice, share_id: str, *, by: Person, now: datetime) -> str:
    """Send it: every agency's named people get a pointer, and nothing of it leaves the record. The reference.

    NotWhole for the first page that lacks something; TooLate while it is on hold for advice. Sent twice, it is sent
    once.
    """
    with begin() as work:
        row = work.shares.opened(share_id, by, "share.write", now)
        case = work.cases.row(row.case_id)
        work.cases.lock(case)
        if row.sent_at is not None:
            return row.ref
        _not_on_hold(work, row)
        today = practice.today(now)
        form, answers = form_for(work, practice, case, row.agency_id), answers_of(work, row)
        if gap := first_gap(form, answers, today):
            raise NotWhole(*gap)
        if closed := _closed(work, row, today):
            raise NotWhole(form.pages[0].id, closed)
        row.state, row.sent_at, row.next_on, row.step = SHARE.after(row.state, "send"), now, None, 0
        for each in work.shares.recipients(row.id):
            each.next_on = later(practice, today, gap_after(0))
            for person in receivers(work, row, each.agency_id):
                tell(work, "share_pointer", row.id, f"person:{person.id}", now, lane="click")
        agencies = [each.agency_id for each in work.shares.recipients(row.id)]
        did(
            work,
            row,
            by.id,
            "share.sent",
            now,
            {"purpose": row.purpose, "basis": row.basis, "condition": row.condition, "to": len(agencies)},
        )
        return row.ref


def withdraw_share(begin: Begin, practice: Practice, share_id: str, *, by: Person, now: datetime) -> str:
    """Its writer gives an unsent item up; it stays on the record as never sent. The reference."""
    with begin() as work:
        row = work.shares.opened(share_id, by, "share.write", now)
        work.cases.lock(work.cases.row(row.case_id))
        if row.state == "withdrawn":
            return row.ref
        row.state = SHARE.after(row.state, "withdraw")
        row.ended_at, row.ended_by, row.next_on = now, by.id, None
        for each in work.shares.advice(row.id):
            each.next_on = None
        did(work, row, by.id, "share.withdrawn", now)
        return row.ref


def _unsent(work: Work, share_id: str, by: Person, now: datetime) -> InfoShareRow:
    row = work.shares.opened(share_id, by, "share.write", now)
    _not_on_hold(work, row)
    if row.state not in UNSENT:
        raise TooLate(
            f"{row.ref} is {'sent' if row.sent_at else 'withdrawn'} already. It cannot be changed any more."
        )
    return row


def _not_on_hold(work: Work, row: InfoShareRow) -> None:
    if row.state == "advice_wanted":
        asked = work.shares.advice(row.id)[-1]
        name = work.register.person(asked.adviser_id).name
        raise TooLate(f"{row.ref} is on hold until {name} has answered. Open it in the case to withdraw it.")


def _keep(
    work: Work, practice: Practice, row: InfoShareRow, answers: Answers, now: datetime
) -> tuple[Form, Answers]:
    form = form_for(work, practice, work.cases.row(row.case_id), row.agency_id)
    known = write_down(work, row, form, answers, now)
    row.next_on = row.next_on or later(practice, practice.today(now), gap_after(0))
    return form, known


def _closed(work: Work, row: InfoShareRow, today: date) -> dict[str, str]:
    """Agencies that nothing may go to: no agreement in date (IG-19), or nobody there who could open it."""
    agencies = [each.agency_id for each in work.shares.recipients(row.id)]
    agreements = work.shares.agreements(agencies)
    said = []
    for id in agencies:
        found, name = agreements.get(id), work.register.agency(id).name
        why = agreement_problem(
            name, found.expires_on if found else None, found.signed_on if found else None, today
        )
        if why is None and not receivers(work, row, id):
            why = f"{name} has nobody in the contact register who may open this. Take it out, or ask the coordinator."
        if why:
            said.append(why)
    return {RECIPIENTS: " ".join(said)} if said else {}
