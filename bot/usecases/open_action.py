"""Open an action, a page of a case's actions, or the form of an answer: reads that are checked and recorded."""

from datetime import date, datetime

from bot.domain.access import Thing, may
from bot.domain.area import Practice
from bot.domain.errors import Refused
from bot.domain.people import Person
from bot.storage.tables import ActionRow
from bot.storage.transaction import Begin, Work
from bot.usecases.answer import takers
from bot.usecases.looks.actions import line, list_page, own_actions, own_list
from bot.usecases.plan_changes import CHAIRS_VERB, OWNERS_VERB, still_open, to_answer
from bot.usecases.risks import tie_words
from bot.usecases.safe_contact import action_card
from bot.views.actions import ActionList, AnswerForm, NudgeLine, OpenedAction, OwnActions


def open_action(
    begin: Begin, practice: Practice, action_id: str, *, by: Person, now: datetime
) -> OpenedAction:
    """An action with what was written about it (sensitivity 3), for somebody who may; an audit row (IG-05, IG-29)."""
    with begin() as work:
        row = work.plans.opened(action_id, by, "action.read", now)
        work.audit.write(
            stream=row.ref.partition("/")[0],
            actor=by.id,
            verb="action.read",
            thing=f"action:{row.id}",
            facts={},
            at=now,
        )
        thing, case = work.plans.thing(row), work.cases.row(row.case_id)
        contact = row.category in practice.of(case).actions.contact
        return OpenedAction(
            line=line(work, practice, row, now),
            detail=row.detail,
            said=row.said,
            review_on=row.review_on,
            nudges=_ledger(work, row),
            may_answer=may(by, OWNERS_VERB, thing),
            may_decide=may(by, CHAIRS_VERB, thing),
            may_reopen=row.state == "closed" and _may_reopen(work, practice, row, by, thing, now),
            safe=action_card(work, case, row.id) if contact else None,
            purpose=tie_words(work, case).get(row.id, ""),
        )


def open_list(
    begin: Begin, practice: Practice, case_id: str, page: int, *, by: Person, now: datetime
) -> ActionList:
    """A page of a case's actions, pointers only, for somebody who may open the case."""
    with begin() as work:
        work.cases.opened(case_id, by, "case.read", now)
        return list_page(work, practice, case_id, page, now)


def see_list(begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime) -> ActionList:
    """The list of a case's channel as this person sees it, pointers only, for somebody who may open the case.

    A platform asks for it by itself whenever the list comes on their screen, so that no press stands behind it; it
    holds nothing that the channel does not, and is refused without a trace.
    """
    with begin() as work:
        mine = [row for row in work.plans.of_case(case_id) if may(by, OWNERS_VERB, work.plans.thing(row))]
        if not mine and not may(by, "case.read", work.cases.thing(work.cases.row(case_id))):
            raise Refused("This list is for the people who work on the case.")
        return own_list(work, practice, case_id, by.id, now)


def open_own(begin: Begin, practice: Practice, page: int, *, by: Person, now: datetime) -> OwnActions:
    """A page of the reader's own actions, pointers only."""
    with begin() as work:
        return own_actions(work, practice, by.id, now, page)


def open_answer(
    begin: Begin, practice: Practice, action_id: str, kind: str, *, by: Person, now: datetime
) -> AnswerForm:
    """What the form of an answer is filled in with; refused like the answer itself.

    `kind` is done, more_time, cannot or pass_on for the owner's side, end or insist for the chair.
    """
    with begin() as work:
        if kind in ("end", "insist"):
            row = work.plans.opened(action_id, by, CHAIRS_VERB, now)
        else:
            row = to_answer(work, action_id, by, now, or_decide=kind == "pass_on")
        still_open(work, practice, row)  # nobody should write a reason that cannot be sent
        case, today = work.cases.row(row.case_id), practice.today(now)
        limit = practice.of(case).actions.extension_limit_wd
        people = takers(work, practice, row, by) if kind == "pass_on" else []
        return AnswerForm(
            line=line(work, practice, row, now),
            today=today,
            limit_wd=limit,
            suggested=suggested(practice, case.nation, max(row.due, today), limit),
            people=tuple((person.id, _label(work, person)) for person in people),
        )


def people_to_take(
    begin: Begin, practice: Practice, action_id: str, *, by: Person, now: datetime
) -> tuple[tuple[str, str], ...]:
    """Who can take an action on, as (id, label), for a list that is searched."""
    return open_answer(begin, practice, action_id, "pass_on", by=by, now=now).people


def colleagues(
    begin: Begin, practice: Practice, *, by: Person
) -> tuple[tuple[tuple[str, str], ...], tuple[str, str] | None]:
    """People of one's own agency who could be one's deputy, and who is, as (id, name)."""
    with begin() as work:
        people = work.register.people(practice.area.id, agency_id=by.agency_id)
        named = {person.id: person.name for person in people if person.id != by.id}
        deputy = work.register.row(by.id).deputy_id
        return tuple(named.items()), (deputy, named[deputy]) if deputy in named else None


def suggested(practice: Practice, nation: str, start: date, limit: int) -> date:
    """The later date that a form about more time begins with: what the owner may take, up to a week."""
    return practice.days(nation).shift(start, min(limit, 5) or 1)


def _label(work: Work, person: Person) -> str:
    return f"{person.name}, {work.register.agency(person.agency_id).name}"


def _may_reopen(
    work: Work, practice: Practice, row: ActionRow, by: Person, thing: Thing, now: datetime
) -> bool:
    if work.cases.row(row.case_id).state == "closed":
        return False
    if may(by, CHAIRS_VERB, thing):
        return True
    same_day = row.closed_at is not None and practice.today(row.closed_at) == practice.today(now)
    return same_day and may(by, OWNERS_VERB, thing)


def _ledger(work: Work, row: ActionRow) -> tuple[NudgeLine, ...]:
    nudges = work.nudges.of_action(row.id)
    people = work.register.rows({each.person_id for each in nudges if each.person_id})
    names = {id: person.name for id, person in people.items()}
    return tuple(
        NudgeLine(
            day=each.day,
            who=names.get(each.person_id or "", ""),
            state=each.state,
            way=each.way,
            why=each.why,
        )
        for each in nudges
    )
