"""Agree an action: an agency, a named owner, a category, two dates (S1-17, S2-17, S3-28, S4-12)."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.action_quality import questions
from bot.domain.actions import ActionState
from bot.domain.area import Practice
from bot.domain.errors import Invalid
from bot.domain.pathway import Pathway
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.storage.codes import digest_of
from bot.storage.plans import action_of
from bot.storage.tables import ActionRow, AgendaItemRow, CaseRow
from bot.storage.transaction import Begin, Work
from bot.usecases.hold import hearing
from bot.usecases.invitees import bring_in
from bot.usecases.owed import refresh_home, show
from bot.usecases.plan_changes import next_moment
from bot.usecases.risks import tie_action, ties_missing


@dataclass(frozen=True, kw_only=True)
class NewAction:
    """An action as it is agreed; `source` makes sending it twice harmless.

    `why_owner` says why that agency is best placed, "" where nobody said; `offered`: the agency took it on itself.
    `risk` and `outcome` are what it is for: a risk of the case, an outcome that the person wants (S2-35).
    """

    agency_id: str
    owner_id: str
    category: str
    detail: str
    due: date | None
    review_on: date | None
    source: str
    meeting_id: str | None = None
    why_owner: str = ""
    offered: bool = False
    risk: str = ""
    outcome: str = ""


def look_over(
    begin: Begin, practice: Practice, item_id: str, action: NewAction, *, by: Person, now: datetime
) -> dict[str, str]:
    """What the wording of an action leaves open, by field, for whoever runs the meeting; nothing is saved (S4-13).

    Raises Invalid for what could not be saved at all.
    """
    with begin() as work:
        item, _, case = hearing(work, item_id, by, now)
        return left_open(work, practice, item, case, action, now)


def left_open(
    work: Work, practice: Practice, item: AgendaItemRow, case: CaseRow, action: NewAction, now: datetime
) -> dict[str, str]:
    """The same for whoever may add it: access is the caller's to check."""
    today = practice.today(now)
    _check(work, practice.of(case), case, action, today)
    review = item.review_on or practice.of(case).review.due.after(today, practice.days(case.nation))
    return questions(action.detail, action.due, review)


def agree_in_meeting(
    begin: Begin, practice: Practice, item_id: str, action: NewAction, *, by: Person, now: datetime
) -> str:
    """Add an action to the case being discussed; its owner is told when the meeting is concluded. Its reference."""
    with begin() as work:
        item, meeting, case = hearing(work, item_id, by, now)
        asked = NewAction(**{**vars(action), "meeting_id": meeting.id})
        row = add_action(work, practice, case, asked, by, now)
        show(work, "hold_card", item.meeting_id, f"room:{case.pathway}", now)
        return row.ref


def agree_now(
    begin: Begin, practice: Practice, case_id: str, action: NewAction, *, by: Person, now: datetime
) -> str:
    """Add an action outside a meeting: nobody has to wait for one (model.md section 1, rule 3). Its reference."""
    with begin() as work:
        case = work.cases.opened(case_id, by, "action.add", now)
        row = add_action(work, practice, case, action, by, now)
        issue(work, row, case, now)
        return row.ref


def add_action(
    work: Work, practice: Practice, case: CaseRow, action: NewAction, by: Person, now: datetime
) -> ActionRow:
    """Put the action on the case's plan, once for each `source`, its ladder started.

    Access is the caller's to check. Nobody is told here: see `issue`. Raises Invalid beside the field.
    """
    if known := work.plans.by_source(action.source):
        return known
    today = practice.today(now)
    _check(work, practice.of(case), case, action, today)
    work.cases.lock(case)  # two actions added at once have two numbers
    number = work.plans.next_number(case.id)
    row = ActionRow(
        id=new_id(),
        ref=f"{case.ref}/{number}",
        source=action.source,
        case_id=case.id,
        meeting_id=action.meeting_id,
        number=number,
        category=action.category,
        detail=action.detail.strip(),
        why_owner=action.why_owner.strip(),
        offered=action.offered,
        agency_id=action.agency_id,
        owner_id=action.owner_id,
        due=action.due or today,
        review_on=action.review_on or today,
        state=ActionState.ASSIGNED.value,
        created_by=by.id,
        created_at=now,
        assigned_on=today,
        nudged_on=today,
    )
    row.next_at = next_moment(practice, case, action_of(row))
    work.session.add(row)
    work.session.flush()
    tie_action(work, row, action.risk, action.outcome)
    bring_in(work, case.id, [action.agency_id], now)
    work.audit.write(
        stream=case.ref,
        actor=by.id,
        verb="action.added",
        thing=f"action:{row.id}",
        facts={
            "category": row.category,
            "agency": row.agency_id,
            "owner": row.owner_id,
            "due": row.due,
            "review_on": row.review_on,
            "detail": digest_of(row.detail),
            **({"offered": True} if row.offered else {}),
        },
        at=now,
    )
    return row


def issue(work: Work, row: ActionRow, case: CaseRow, now: datetime) -> None:
    """Tell the owner, and bring the action list and the case's card up to date (T13: the same day)."""
    show(work, "action_list", case.id, f"room:{case.pathway}", now)
    show(work, "action_message", row.id, f"person:{row.owner_id}", now)
    show(work, "case_card", case.id, f"room:{case.pathway}", now)
    refresh_home(work, row.owner_id, now)


def _check(work: Work, pathway: Pathway, case: CaseRow, action: NewAction, today: date) -> None:
    found = {}
    if action.category not in {choice.id for choice in pathway.actions.categories}:
        found["category"] = "Choose what kind of action this is."
    owner = work.register.rows([action.owner_id]).get(action.owner_id)
    if owner is None or not owner.active or owner.id in work.cases.thing(case).barred:
        found["owner"] = "Choose a person to own it: an agency alone is not enough."
    elif owner.agency_id != action.agency_id:
        name = work.register.agency(owner.agency_id).name
        found["owner"] = f"{owner.name} is with {name}. Choose somebody of the agency above."
    if action.due is None or action.due < today:
        found["due"] = "Choose the day by which it will be done: today or later."
    if action.review_on is None or (action.due is not None and action.review_on < action.due):
        found["review_on"] = "Choose the day on which it is reviewed: the day it is due or later."
    if "detail" in pathway.actions.need and len(action.detail.strip()) < 10:
        found["detail"] = "Say in a sentence what will be done, and how anybody can tell that it was."
    ties = ties_missing(work, case, pathway.actions.need, action.risk, action.outcome)
    if found or ties:
        raise Invalid({**ties, **found})
