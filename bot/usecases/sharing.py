"""What every step of sharing needs: answers out of an item's rows and into them, its form, and who is told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import select

from bot.domain.access import may
from bot.domain.area import Practice
from bot.domain.forms import Answer, Answers, Form, Option, chosen, tidy
from bot.domain.pathway import Pathway
from bot.domain.people import Person, Role
from bot.domain.references import new_id
from bot.domain.sharing import ABOUT, RECIPIENTS, SHARE, SUBJECTS, TOLD, TOLD_WHY, settled, share_form
from bot.storage.codes import Code
from bot.storage.practice_shares import InfoShareRow, ShareRecipientRow, ShareSubjectRow
from bot.storage.tables import CaseRow
from bot.storage.transaction import Work

TYPED = ("what", "purpose", "basis", "condition", "consent", "ground", "unsafe_why", "rationale")
"""Answers that are a column of the same name."""


@dataclass(frozen=True, kw_only=True)
class ShareDraft:
    """An item as its writer goes on with it: the form, what is answered, and what they should know beside it."""

    id: str
    ref: str
    case_id: str
    form: Form
    page: str
    answers: Answers
    guides: tuple[tuple[str, str], ...]
    beside: tuple[tuple[str, str], ...]
    """What the referral said of agreement and knowledge, as (question, answer); on the page that asks of it."""


def form_for(work: Work, practice: Practice, case: CaseRow, by_agency: str) -> Form:
    """The form with every agency of the area but the writer's own."""
    pathway = practice.of(case)
    agencies = [
        Option(id=each.id, label=each.name)
        for each in work.register.agencies(practice.area.id)
        if each.id != by_agency
    ]
    return share_form(pathway.sharing, pathway.grounds, agencies)


def answers_of(work: Work, row: InfoShareRow) -> dict[str, Answer]:
    """The item's rows as answers to its form; a blank is None."""
    found: dict[str, Answer] = {name: getattr(row, name) or None for name in TYPED}
    found["quality"], found["quality_why"] = list(row.quality) or None, row.quality_why or None
    found[RECIPIENTS] = [each.agency_id for each in work.shares.recipients(row.id)] or None
    subjects = work.shares.subjects(row.id)
    found[ABOUT] = [each.subject for each in subjects] or None
    for each in subjects:
        found[TOLD + each.subject] = each.told or None
        found[TOLD_WHY + each.subject] = each.why_not or None
    return found


def write_down(work: Work, row: InfoShareRow, form: Form, answers: Answers, now: datetime) -> Answers:
    """Merge a page's answers into the item, and let its state follow them; all its answers."""
    known: dict[str, Answer] = answers_of(work, row)
    for page in form.pages:
        given = tidy(page, answers)
        known |= {id: answer for id, answer in given.items() if id in answers}
    for name in TYPED:
        setattr(row, name, _one(known.get(name)))
    row.quality, row.quality_why = chosen(known.get("quality")), _one(known.get("quality_why"))
    _recipients(work, row, chosen(known.get(RECIPIENTS)))
    _subjects(work, row, known)
    row.written_at, row.state = now, SHARE.after(row.state, settled(known))
    work.session.add(row)
    work.session.flush()
    return known


def _one(answer: Answer) -> str:
    return next(iter(chosen(answer)), "")


def _recipients(work: Work, row: InfoShareRow, wanted: Sequence[str]) -> None:
    known = {each.agency_id: each for each in work.shares.recipients(row.id)}
    for agency, each in known.items():
        if agency not in wanted:
            work.session.delete(each)
    for agency in wanted:
        if agency not in known:
            work.session.add(ShareRecipientRow(id=new_id(), share_id=row.id, agency_id=agency))


def _subjects(work: Work, row: InfoShareRow, answers: Answers) -> None:
    wanted = chosen(answers.get(ABOUT))
    known = {each.subject: each for each in work.shares.subjects(row.id)}
    for subject, each in known.items():
        if subject not in wanted:
            work.session.delete(each)
    for position, option in enumerate(SUBJECTS):
        if option.id not in wanted:
            continue
        each = known.get(option.id) or ShareSubjectRow(
            id=new_id(), share_id=row.id, position=position, subject=option.id
        )
        each.told = _one(answers.get(TOLD + option.id))
        each.why_not = _one(answers.get(TOLD_WHY + option.id)) if each.told == "no" else ""
        work.session.add(each)


def receivers(work: Work, row: InfoShareRow, agency_id: str) -> list[Person]:
    """Who is told at an agency: its people named on the case, else those who speak for it. Empty when nobody may."""
    thing = work.shares.thing(row)
    people = [
        each
        for each in work.register.people(row.area, agency_id=agency_id)
        if each.id not in thing.barred
        and (each.id in thing.people or each.has(Role.REPRESENTATIVE, Role.AGENCY_LEAD))
    ]
    return [each for each in people if each.id in thing.people] or people


def advisers(work: Work, row: InfoShareRow, by: Person) -> list[Person]:
    """Whom the writer may ask: leads of their own agency first, then information governance and coordinators."""
    barred = work.shares.thing(row).barred
    own = work.register.people(row.area, Role.AGENCY_LEAD, agency_id=by.agency_id)
    others = work.register.people(row.area, Role.IG_LEAD, Role.COORDINATOR)
    found = {each.id: each for each in (*own, *others) if each.id != by.id and each.id not in barred}
    return list(found.values())


def coordinators(work: Work, row: InfoShareRow) -> list[str]:
    """The case's coordinator, who hears of what waits too long."""
    return [work.cases.row(row.case_id).coordinator_id]


def leads_of_governance(work: Work, area: str) -> list[str]:
    """The information governance leads; the area's coordinators where the register names none."""
    people = work.register.people(area, Role.IG_LEAD) or work.register.people(area, Role.COORDINATOR)
    return [each.id for each in people]


def did(
    work: Work, row: InfoShareRow, by: str, verb: str, now: datetime, facts: dict[str, Code] | None = None
) -> None:
    """One event of the audit, in the case's chain: ids and codes, never what was shared."""
    work.audit.write(
        stream=work.cases.row(row.case_id).ref,
        actor=by,
        verb=verb,
        thing=f"share:{row.id}",
        facts={"number": row.number, **(facts or {})},
        at=now,
    )


def label(options: Sequence[Option], id: str) -> str:
    """The words of a choice; the id itself where a list no longer has it."""
    return next((option.label for option in options if option.id == id), id)


def beside(work: Work, pathway: Pathway, case: CaseRow) -> tuple[tuple[str, str], ...]:
    """What the referral said of knowledge, agreement and ground (C14 to C16), as (question, answer)."""
    answers = work.referrals.row(case.referral_id).answers
    found = []
    for field in pathway.fields:
        if field.id in ("knows", "consent", "ground") and chosen(answers.get(field.id)):
            said = ", ".join(label(field.choices, each) for each in chosen(answers.get(field.id)))
            found.append((field.label, said))
    return tuple(found)


def may_share(work: Work, case: CaseRow, by: Person) -> bool:
    """Whether this person may share something about this case."""
    return may(by, "share.create", work.cases.thing(case))


def later(practice: Practice, today: date, days: int) -> date:
    """So many working days of the area from that day."""
    return practice.days().shift(today, days)


def unsent_of(work: Work, case_id: str, by: Person) -> InfoShareRow | None:
    """The item on this case that its writer opened and wrote nothing in yet."""
    query = select(InfoShareRow).where(
        InfoShareRow.case_id == case_id,
        InfoShareRow.by_id == by.id,
        InfoShareRow.state == "drafted",
    )
    return next((row for row in work.session.exec(query) if row.written_at is None), None)
