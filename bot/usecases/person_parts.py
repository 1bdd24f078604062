"""The parts of a case's file about its people and the risk to them, and what can be begun there."""

from collections.abc import Iterator
from datetime import datetime

from bot.domain.access import may
from bot.domain.area import Practice
from bot.domain.people import Person
from bot.storage.tables import CaseRow
from bot.storage.transaction import Work
from bot.usecases.account import account_entries
from bot.usecases.assess import assessment_entries
from bot.usecases.fair_plan import pair_parts
from bot.usecases.risks import enough_entries, risk_entries
from bot.usecases.safe_contact import safe_contact_entries
from bot.usecases.subjects import subject_entries
from bot.usecases.wishes import wish_entries
from bot.views.cases import Doing, Entry


def person_parts(
    work: Work, practice: Practice, case: CaseRow, now: datetime
) -> Iterator[tuple[str, tuple[Entry, ...]]]:
    """Each part's kind and its entries, in the order shown. Who is kept apart has a part of their own (IG-21)."""
    yield "wishes", wish_entries(work, case)
    yield "account", account_entries(work, case)
    yield "risks", risk_entries(work, case)
    if practice.of(case).tool is not None:
        yield "assessments", assessment_entries(work, practice, case, practice.today(now))
    if enough := enough_entries(work, case):
        yield "enough", enough
    pair = work.pairs.standing(case.id)
    two = frozenset({pair.one_id, pair.other_id}) if pair else frozenset()
    yield "subjects", subject_entries(work, practice, case, without=two)
    if apart := subject_entries(work, practice, case, apart=True, without=two):
        yield "subjects_apart", apart
    yield from pair_parts(work, practice, case)
    yield "safe_contact", safe_contact_entries(work, case, without=two)


def person_doings(work: Work, practice: Practice, case: CaseRow, by: Person) -> Iterator[Doing]:
    """What this reader may begin about the people and the risk; nothing once the case is closed."""
    thing = work.cases.thing(case)
    open_ = case.state != "closed"
    if open_ and may(by, "person.record", thing):
        yield Doing(verb="wishes.open", text="What they want")
        yield Doing(verb="account.open", text="About the person")
        yield Doing(verb="risk.open", text="Add a risk")
        if practice.of(case).tool is not None:
            yield Doing(verb="assess.begin", text="Assess the risk")
        yield Doing(verb="safe.open", text="Safe contact")
    if open_ and may(by, "subject.edit", thing):
        yield Doing(verb="subject.list", text="People in the case")
        if work.pairs.standing(case.id) is not None:
            yield Doing(verb="pair.open", text="Two people, one plan")
        elif len(work.people.subjects(case.id)) > 1:
            yield Doing(verb="pair.begin", text="Keep two people apart")
    if may(by, "address.open", thing):
        yield Doing(verb="address.whose", text="Addresses")
