"""Open a form about closing a case, for whoever may send it: what is missing is said beforehand (S3-34)."""

from datetime import datetime

from bot.domain.area import Practice
from bot.domain.errors import Denial, NotAllowed, TooLate
from bot.domain.people import Person
from bot.domain.states import CASE
from bot.storage.transaction import Begin
from bot.usecases.close import lacking, not_closed, reached, speaks, unsigned, waiting_on
from bot.views.meeting import ClosureForm

EVENTS = {"propose": "propose_close", "object": "object", "close": "close"}


def open_closure(
    begin: Begin, practice: Practice, case_id: str, what: str, *, by: Person, now: datetime
) -> ClosureForm:
    """What `propose`, `object` or `close` is filled in with. TooLate when the case is past it: closed, above all."""
    with begin() as work:
        if what == "object":
            case = work.cases.opened(case_id, by, "case.agree", now)
        else:
            case = reached(work, practice, case_id, what, by, now)
        not_closed(work, case)
        if not CASE.allows(case.state, EVENTS[what]):
            if what == "propose":
                CASE.after(case.state, EVENTS[what])
            raise TooLate("Nobody proposes to close this case at present. Nothing has changed.")
        if what == "object" and speaks(work, case, by) is None:
            raise NotAllowed(
                "Only somebody who represents an agency working on this case can answer for it."
                " Nothing has changed; your attempt has been recorded.",
                Denial(stream=case.ref, actor=by.id, verb="case.agree", thing=f"case:{case.id}", at=now),
            )
        pathway = practice.of(case)
        left = unsigned(pathway.closure, work.followups.closure_round(case.id))
        silent = waiting_on(work, case) if what == "close" and pathway.closure.all_agencies else []
        return ClosureForm(
            case_id=case.id,
            ref=case.ref,
            what=what,
            lacking=tuple(lacking(work, practice, case)) if what == "propose" else (),
            silent=tuple(silent),
            signatures=tuple(pathway.roles[role].title for role in left),
        )
