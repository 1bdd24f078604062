"""A whole form answered at once: what is given, "unknown" wherever it is offered, and something plain elsewhere.

Everybody and everything that is said here is invented.
"""

from datetime import datetime

from bot.domain.area import Practice
from bot.domain.forms import UNKNOWN, Answer, Answers, Field, Form, shown
from bot.domain.pathway import Pathway
from bot.domain.people import Person
from bot.storage.transaction import Begin
from bot.usecases.drafts import begin_draft
from bot.usecases.refer import Receipt, complete, refer

PLAIN = {
    "long_text": "First, somebody visited on 2 May.\nThen nothing else could be agreed with them.",
    "text": "01632 960 001",
    "date": "2026-02-20",
    "number": "1",
}


def filled(form: Form, given: Answers) -> dict[str, Answer]:
    """An answer to every required question of the pages that apply."""
    answers: dict[str, Answer] = dict(given)
    for _ in form.pages:
        for page in shown(form, answers):
            for field in page.fields:
                if field.id not in answers and field.must_be_answered(answers):
                    answers[field.id] = _plain(field)
    return answers


def _plain(field: Field) -> Answer:
    many = field.kind in ("multi", "agencies") or field.many
    if field.unknown_allowed:
        return [UNKNOWN] if many else UNKNOWN
    if field.choices:
        return [field.choices[0].id] if many else field.choices[0].id
    return PLAIN[field.kind]


def a_referral(
    begin: Begin, practice: Practice, pathway: Pathway, *, by: Person, now: datetime, **said: Answer
) -> Receipt:
    """Everything up to Send: the draft with all of its answers, checked page by page, then the referral."""
    form = pathway.form("referral")
    assert form is not None
    answers = filled(form, {"danger": "no", "call_back": "01632 960 101", **said})
    draft = begin_draft(
        begin, practice, pathway.id, answers, source=f"{pathway.id}:{now.isoformat()}", by=by, now=now
    )
    return refer(begin, practice, draft, by=by, now=now)


def the_second_form(
    begin: Begin,
    practice: Practice,
    draft: str,
    pathway: Pathway,
    *,
    by: Person,
    now: datetime,
    **said: Answer,
) -> Receipt:
    """The form that comes after acceptance, to its end."""
    form = pathway.form("after_acceptance")
    assert form is not None
    with begin() as work:
        row = work.drafts.own(draft, by.id)
        row.answers = filled(form, {**row.answers, **said})
    return complete(begin, practice, draft, by=by, now=now)
