"""Keep the text of a message for a referral that is about to be begun: it waits in a draft, never in a button."""

from datetime import datetime

from sqlmodel import col, select

from bot.domain.area import Practice
from bot.domain.forms import Answers
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.storage.tables import DraftRow
from bot.storage.transaction import Begin

MESSAGE = "from_message"
REPEAT_OF = "repeat_of"
"""Among the answers of a draft or a referral: the closed case after which it was begun (T21)."""


def jot(begin: Begin, practice: Practice, text: str, *, source: str, by: Person, now: datetime) -> str:
    """A draft without a pathway that holds a message's text; asked twice with one `source` it is kept once. Its id."""
    with begin() as work:
        if known := work.inbox.answer_to(source):
            return known
        id = new_id()
        work.session.add(
            DraftRow(
                id=id,
                area=practice.area.id,
                person_id=by.id,
                pathway="",
                form="",
                answers={MESSAGE: text[:3000]},
                drill=practice.area.drill,
                created_at=now,
                updated_at=now,
            )
        )
        work.inbox.remember(source, id, at=now)
        return id


def take_jotting(begin: Begin, source: str, *, by: Person) -> Answers:
    """What was jotted as answers, and the jotting itself gone; empty when there is none (any more)."""
    with begin() as work:
        id = work.inbox.answer_to(source)
        draft = work.session.exec(
            select(DraftRow).where(
                DraftRow.id == (id or source), DraftRow.person_id == by.id, col(DraftRow.pathway) == ""
            )
        ).first()
        if draft is None:
            return {}
        kept = {name: draft.answers[name] for name in (MESSAGE, REPEAT_OF) if name in draft.answers}
        work.session.delete(draft)
        return kept
