"""One plan that is fair to both, where two people of a case have needs that pull against each other (S5-28).

A flag on the two keeps their records apart, asks why nothing less restricting would do, and from then on the plan says
of each action which of them it serves. What is missing is told and nothing is decided (design rule 6).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.area import Practice
from bot.domain.errors import Invalid, TooLate
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.domain.subjects import MIDDLE, ROLES
from bot.storage.codes import Codes, digest_of
from bot.storage.pair_tables import ActionServesRow, SubjectAdvocacyRow, SubjectConflictRow
from bot.storage.people_tables import SubjectRow
from bot.storage.tables import CaseRow
from bot.storage.transaction import Begin, Work
from bot.usecases.account import ADVOCACY
from bot.usecases.safe_contact import safe_contact_entries
from bot.usecases.subjects import called, make_subjects, subject_entries
from bot.views.cases import Entry
from bot.views.meeting import Pick
from bot.views.pairs import PairAction, PairForm, PairPerson, PairPlan

SHORTEST = 10
LACKING = ("unknown", "needed", "offered", "accepted")
"""Ways in which it can stand with an advocate that leave somebody without one who may need one."""

BOTH = "both"


@dataclass(frozen=True, kw_only=True)
class Flagged:
    """Two people of a case, what pulls against each other, and why nothing less restricting of either would do."""

    one: str
    other: str
    why: str
    least: str


@dataclass(frozen=True, kw_only=True)
class Planned:
    """Whom each action serves (one of the two, `both`), how it stands with each one's advocate, and what is least.

    `over_why` ends the flag: why the two may be read together again.
    """

    serves: Mapping[str, str] = field(default_factory=dict)
    advocacy: Mapping[str, str] = field(default_factory=dict)
    least: str = ""
    over_why: str = ""


def open_pair(begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime) -> PairForm:
    """The plan of the two, or the form that flags them, for whoever runs the case; an audit row."""
    with begin() as work:
        case = work.cases.opened(case_id, by, "subject.edit", now)
        make_subjects(work, practice, case, now)
        _did(work, case, by, "pair.opened", {}, now)
        plan = plan_of(work, practice, case)
        people = plan.people if plan else ()
        return PairForm(
            case_id=case.id,
            ref=case.ref,
            subjects=tuple(Pick(id=row.id, label=called(row)) for row in work.people.subjects(case.id)),
            plan=plan,
            advocacies=tuple(ADVOCACY.items()),
            choices=(*((each.id, each.called) for each in people), (BOTH, "Both of them")),
        )


def flag_pair(
    begin: Begin, practice: Practice, case_id: str, flagged: Flagged, *, by: Person, now: datetime
) -> str:
    """Keep two people's records apart from now on. The case's id.

    Raises Invalid beside `one`, `other`, `why` or `least`; TooLate where two are flagged already, or the case is
    closed.
    """
    with begin() as work:
        case = work.cases.opened(case_id, by, "subject.edit", now)
        work.cases.lock(case)
        _open(case)
        if work.pairs.standing(case.id) is not None:
            raise TooLate("Two people of this case are kept apart already. Open the case again.")
        known = {row.id for row in work.people.subjects(case.id)}
        found = {}
        if flagged.one not in known:
            found["one"] = "Choose one of the people of this case."
        if flagged.other not in known or flagged.other == flagged.one:
            found["other"] = "Choose another person of this case. If there is none yet, add them first."
        for name, words, ask in (
            ("why", flagged.why, "Say in a sentence what is good for one and may harm the other."),
            ("least", flagged.least, "Say in a sentence why nothing less restricting of either would do."),
        ):
            if len(words.strip()) < SHORTEST:
                found[name] = ask
        if found:
            raise Invalid(found)
        row = SubjectConflictRow(
            id=new_id(),
            case_id=case.id,
            one_id=flagged.one,
            other_id=flagged.other,
            why=flagged.why.strip(),
            least=flagged.least.strip(),
            by_id=by.id,
            at=now,
        )
        work.session.add(row)
        facts = {"one": row.one_id, "other": row.other_id, "why": digest_of(f"{row.why}\n{row.least}")}
        _did(work, case, by, "pair.flagged", facts, now)
        return case.id


def record_plan(
    begin: Begin, practice: Practice, case_id: str, planned: Planned, *, by: Person, now: datetime
) -> str:
    """Keep whom the actions serve and how it stands with advocates; or that the flag is over. The case's id.

    Raises Invalid beside `serves-<action>`, `advocacy-<person>`, `least` or `over_why`; TooLate where no flag stands.
    """
    with begin() as work:
        case = work.cases.opened(case_id, by, "subject.edit", now)
        work.cases.lock(case)
        _open(case)
        row = work.pairs.standing(case.id)
        if row is None:
            raise TooLate("No two people of this case are flagged any more. Nothing was saved.")
        _check(work, case, row, planned)
        if planned.over_why.strip():
            row.ended_at, row.ended_by, row.ended_why = now, by.id, planned.over_why.strip()
            _did(work, case, by, "pair.ended", {"why": digest_of(row.ended_why)}, now)
            return case.id
        if planned.least.strip() != row.least:
            row.least = planned.least.strip()
        served = work.pairs.served(case.id)
        for action, whom in planned.serves.items():
            if not whom:
                continue
            kept = served.get(action) or ActionServesRow(action_id=action, by_id=by.id, at=now)
            kept.subject_id, kept.by_id, kept.at = (None if whom == BOTH else whom), by.id, now
            work.session.add(kept)
        for subject, advocacy in planned.advocacy.items():
            before = work.pairs.advocacy(subject)
            if advocacy and (before is None or before.advocacy != advocacy):
                work.session.add(
                    SubjectAdvocacyRow(
                        id=new_id(), subject_id=subject, advocacy=advocacy, by_id=by.id, at=now
                    )
                )
        work.session.flush()
        said = sorted(f"{action}={whom}" for action, whom in planned.serves.items() if whom)
        advocates = sorted(f"{subject}={how}" for subject, how in planned.advocacy.items() if how)
        facts = {"serves": said, "advocacy": advocates, "least": digest_of(row.least)}
        _did(work, case, by, "pair.planned", facts, now)
        return case.id


def plan_of(work: Work, practice: Practice, case: CaseRow) -> PairPlan | None:
    """How the plan serves each of the two, with what is missing; None where no flag stands."""
    row = work.pairs.standing(case.id)
    if row is None:
        return None
    pair = [work.people.subject(id) for id in (row.one_id, row.other_id)]
    words = {each.id: _role(each) for each in pair}
    categories = {each.id: each.label for each in practice.of(case).actions.categories}
    served = work.pairs.served(case.id)
    actions = []
    for action in work.plans.of_case(case.id):
        tie = served.get(action.id)
        whom = "" if tie is None else tie.subject_id or BOTH
        actions.append(
            PairAction(
                id=action.id,
                ref=action.ref,
                category=categories.get(action.category, action.category),
                open=action.state != "closed",
                serves=whom if whom in ("", BOTH, *words) else "",
                serves_words={"": "nobody has said", BOTH: "both of them"}.get(whom, words.get(whom, "")),
            )
        )
    people = tuple(_person(work, case, each, words[each.id], actions) for each in pair)
    return PairPlan(
        why=row.why,
        least=row.least,
        who=work.register.row(row.by_id).name,
        at=row.at,
        people=people,
        actions=tuple(actions),
        warnings=tuple(_warnings(people, actions)),
    )


def pair_parts(work: Work, practice: Practice, case: CaseRow) -> Iterator[tuple[str, tuple[Entry, ...]]]:
    """The parts of a case's file about the two: the plan without a name, then each one's own record, apart."""
    plan = plan_of(work, practice, case)
    over = tuple(_ended(work, row) for row in work.pairs.every(case.id) if row.ended_at is not None)
    if plan is None:
        if over:
            yield "pair", over
        return
    yield (
        "pair",
        (
            *(Entry(head="To be put right", body=each) for each in plan.warnings),
            Entry(
                head="Why the two are kept apart",
                body=plan.why,
                said=f"Why nothing less restricting would do: {plan.least}",
                who=plan.who,
                at=plan.at,
            ),
            *(
                Entry(
                    head=f"{each.ref} {each.category}",
                    body=f"Serves: {each.serves_words}",
                    state="" if each.open else "ended",
                )
                for each in plan.actions
            ),
            *over,
        ),
    )
    for kind, person in zip(("pair_one", "pair_other"), plan.people, strict=True):
        yield (
            kind,
            (
                *subject_entries(work, practice, case, only=frozenset({person.id})),
                Entry(head="Advocate", body=person.advocacy_words),
                Entry(
                    head="Open actions that serve them",
                    body="\n".join(person.actions) or "None. A plan that is fair has one for each of them.",
                ),
                *safe_contact_entries(work, case, only=frozenset({person.id})),
            ),
        )


def _person(work: Work, case: CaseRow, row: SubjectRow, words: str, actions: list[PairAction]) -> PairPerson:
    kept = work.pairs.advocacy(row.id)
    advocacy = kept.advocacy if kept else "unknown"
    if kept is None and row.source == MIDDLE and (accounts := work.people.accounts(case.id)):
        advocacy = accounts[0].advocacy
    return PairPerson(
        id=row.id,
        called=words,
        advocacy=advocacy,
        advocacy_words=ADVOCACY.get(advocacy, advocacy),
        actions=tuple(
            f"{each.ref} {each.category}" for each in actions if each.open and each.serves in (row.id, BOTH)
        ),
    )


def _warnings(people: tuple[PairPerson, ...], actions: list[PairAction]) -> Iterator[str]:
    for each in people:
        if not each.actions:
            yield f"{each.called} has no open action that serves them."
        if each.advocacy in LACKING:
            yield f"{each.called} has no advocate: {each.advocacy_words.lower()}."
    unsaid = [each.ref for each in actions if each.open and not each.serves]
    if unsaid:
        yield f"Nobody has said yet which of the two these actions serve: {', '.join(unsaid)}."


def _check(work: Work, case: CaseRow, row: SubjectConflictRow, planned: Planned) -> None:
    pair, found = {row.one_id, row.other_id}, {}
    actions = {each.id for each in work.plans.of_case(case.id)}
    for action, whom in planned.serves.items():
        if action not in actions or whom not in {"", BOTH, *pair}:
            found[f"serves-{action}"] = "Choose from the list."
    for subject, advocacy in planned.advocacy.items():
        if subject not in pair or advocacy not in {"", *ADVOCACY}:
            found[f"advocacy-{subject}"] = "Choose from the list."
    if planned.over_why.strip() and len(planned.over_why.strip()) < SHORTEST:
        found["over_why"] = "Say in a sentence why the two may be read together again, or leave it empty."
    if not planned.over_why.strip() and len(planned.least.strip()) < SHORTEST:
        found["least"] = "Say in a sentence why nothing less restricting of either would do."
    if found:
        raise Invalid(found)


def _ended(work: Work, row: SubjectConflictRow) -> Entry:
    assert row.ended_by is not None
    return Entry(
        head="They were kept apart before",
        body=row.why,
        said=f"Ended: {row.ended_why}",
        who=work.register.row(row.ended_by).name,
        at=row.ended_at,
        state="ended",
    )


def _role(row: SubjectRow) -> str:
    return f"{ROLES.get(row.role, row.role)} {row.number}"


def _open(case: CaseRow) -> None:
    if case.state == "closed":
        raise TooLate(f"{case.ref} is closed. Nothing was saved.")


def _did(work: Work, case: CaseRow, by: Person, verb: str, facts: Codes, now: datetime) -> None:
    work.audit.write(stream=case.ref, actor=by.id, verb=verb, thing=f"case:{case.id}", facts=facts, at=now)
