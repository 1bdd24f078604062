"""Single risks of a case, rated by people beside what keeps somebody safe; and whether the plan is enough (S2-33)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.area import Practice
from bot.domain.errors import Invalid, NotFound
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.domain.risk import RATING_WORDS, RATINGS, trend
from bot.domain.subjects import ROLES
from bot.storage.codes import Code, Codes, digest_of
from bot.storage.risk_tables import ActionTieRow, AdequacyRow, RiskRow
from bot.storage.tables import ActionRow, CaseRow
from bot.storage.transaction import Begin, Work
from bot.usecases.hold import hearing
from bot.usecases.subjects import make_subjects
from bot.views.cases import Entry
from bot.views.meeting import Pick
from bot.views.people import EnoughForm, RiskForm

TRENDS = {
    "up": "up since last time",
    "same": "the same as last time",
    "down": "down since last time",
    "new": "new",
}


@dataclass(frozen=True, kw_only=True)
class RatedRisk:
    """A risk as somebody puts it. `to_whom` is `self`, `others`, or the id of one of the case's people."""

    description: str
    to_whom: str
    likelihood: str
    impact: str
    rating: str
    agency_id: str
    strengths: str


def open_risk(
    begin: Begin, practice: Practice, case_id: str, risk: str = "", *, by: Person, now: datetime
) -> RiskForm:
    """The form for a risk that is known, or for a new one, for somebody who works on the case; an audit row."""
    with begin() as work:
        case = work.cases.opened(case_id, by, "person.record", now)
        make_subjects(work, practice, case, now)
        _did(work, case, by, "risk.opened", {}, now)
        latest = {row.risk: row for row in work.risks.latest(case.id)}
        row = latest.get(risk)
        form = RiskForm(
            case_id=case.id,
            ref=case.ref,
            risk="",
            number=0,
            known=risk_picks(work, case),
            whom=_whom(work, case),
            agencies=tuple(Pick(id=each.id, label=each.name) for each in work.register.agencies(case.area)),
        )
        if row is None:
            return form
        return RiskForm(
            **{
                **vars(form),
                "risk": row.risk,
                "number": row.number,
                "description": row.description,
                "to_whom": row.subject_id or row.to_whom,
                "likelihood": row.likelihood,
                "impact": row.impact,
                "rating": row.rating,
                "agency": row.agency_id,
                "strengths": row.strengths,
            }
        )


def rate_risk(
    begin: Begin,
    practice: Practice,
    case_id: str,
    risk: str,
    rated: RatedRisk,
    *,
    by: Person,
    now: datetime,
) -> str:
    """Keep a new version of this risk, or of a new one where `risk` is empty. The case's id.

    The rating is the person's own; that it went up, stayed or fell is told by comparing it with their last (rule 6).
    Raises Invalid beside the field.
    """
    with begin() as work:
        case = work.cases.opened(case_id, by, "person.record", now)
        work.cases.lock(case)
        _check(work, case, rated)
        latest = {row.risk: row for row in work.risks.latest(case.id)}
        if risk and risk not in latest:
            raise NotFound("There is no such risk in this case.")
        before = latest.get(risk)
        somebody = rated.to_whom not in ("self", "others")
        held = next((m.id for m in work.meetings.of_case(case.id) if m.state == "in_progress"), None)
        id = new_id()
        row = RiskRow(
            id=id,
            risk=before.risk if before else id,
            version=before.version + 1 if before else 1,
            case_id=case.id,
            number=before.number if before else max((each.number for each in latest.values()), default=0) + 1,
            meeting_id=held,
            description=rated.description.strip(),
            to_whom="subject" if somebody else rated.to_whom,
            subject_id=rated.to_whom if somebody else None,
            likelihood=rated.likelihood,
            impact=rated.impact,
            rating=rated.rating,
            agency_id=rated.agency_id,
            trend=trend(before.rating, rated.rating) if before else "new",
            strengths=rated.strengths.strip(),
            by_id=by.id,
            at=now,
        )
        work.session.add(row)
        told = digest_of(row.description + row.strengths)
        facts: dict[str, Code] = {
            "risk": row.risk,
            "version": row.version,
            "rating": row.rating,
            "told": told,
        }
        _did(work, case, by, "risk.rated", facts, now)
        return case.id


def risk_entries(work: Work, case: CaseRow) -> tuple[Entry, ...]:
    """The part of a case's file about them: each as last rated with its course, and the actions against it (S2-35)."""
    every: dict[str, list[RiskRow]] = {}
    for row in work.risks.versions(case.id):
        every.setdefault(row.risk, []).append(row)
    ties = work.risks.ties(case.id)
    actions: dict[str, list[str]] = {}
    for action in work.plans.of_case(case.id):
        if (tie := ties.get(action.id)) is not None and tie.risk:
            actions.setdefault(tie.risk, []).append(action.ref)
    found = []
    for id, rows in every.items():
        last, whom = rows[0], _to_whom(work, rows[0])
        course = ", then ".join(RATING_WORDS[row.rating].lower() for row in reversed(rows))
        found.append(
            Entry(
                head=f"Risk {last.number}: {whom}",
                body=f"{last.description}\nWhat keeps them safe: {last.strengths}",
                said="\n".join(
                    (
                        f"Likelihood {RATING_WORDS[last.likelihood].lower()}, impact"
                        f" {RATING_WORDS[last.impact].lower()}. Rated {course}: {TRENDS[last.trend]}.",
                        f"Actions: {', '.join(actions[id])}."
                        if id in actions
                        else "No action is tied to it yet.",
                    )
                ),
                who=f"{work.register.person(last.by_id).name}, owner {work.register.agency(last.agency_id).name}",
                at=last.at,
            )
        )
    return tuple(found)


def risk_picks(work: Work, case: CaseRow) -> tuple[Pick, ...]:
    """The case's risks to choose from, by number and to whom: what they are stands in the file."""
    return tuple(
        Pick(id=row.risk, label=f"Risk {row.number}: {_to_whom(work, row)}")
        for row in work.risks.latest(case.id)
    )[:100]


def wish_picks(work: Work, case: CaseRow) -> tuple[Pick, ...]:
    """What the person wants to come of it, to choose from."""
    return tuple(
        Pick(id=row.id, label=f"{row.number}. {row.text}"[:75]) for row in work.people.outcomes(case.id)
    )[-100:]


def ties_missing(work: Work, case: CaseRow, need: tuple[str, ...], risk: str, outcome: str) -> dict[str, str]:
    """What is wrong with what an action is said to be for, by field (S2-35). The pathway says whether it must be said.

    Where there is nothing to choose from the problem stands beside the category, as there is no such list.
    """
    found = {}
    for word, id, offered, ask, none in (
        (
            "linked_risk",
            risk,
            risk_picks(work, case),
            "Choose the risk that this action is for.",
            "Add the risk that this action is for first: “Add a risk” in the case’s file.",
        ),
        (
            "linked_outcome",
            outcome,
            wish_picks(work, case),
            "Choose the wanted outcome that this action is for.",
            "Record first what the person wants: “What they want” in the case’s file.",
        ),
    ):
        if id and id not in {each.id for each in offered}:
            found[word] = "Choose from the list."
        elif not id and word in need:
            found[word if offered else "category"] = ask if offered else none
    return found


def tie_action(work: Work, row: ActionRow, risk: str, outcome: str) -> None:
    """Keep what an action is for, where that was said (S2-35)."""
    if risk or outcome:
        work.session.add(ActionTieRow(action_id=row.id, risk=risk or None, outcome_id=outcome or None))


def tie_words(work: Work, case: CaseRow) -> dict[str, str]:
    """What each of the case's actions is for, in a few words, by the action's id."""
    risks = {row.risk: f"risk {row.number}" for row in work.risks.latest(case.id)}
    wishes = {row.id: f"wanted outcome {row.number}" for row in work.people.outcomes(case.id)}
    found = {}
    for id, tie in work.risks.ties(case.id).items():
        said = [risks.get(tie.risk or "", ""), wishes.get(tie.outcome_id or "", "")]
        found[id] = "For " + " and ".join(each for each in said if each) + "."
    return found


def open_enough(begin: Begin, practice: Practice, item_id: str, *, by: Person, now: datetime) -> EnoughForm:
    """Whether the plan is good enough for each of the case's people, for whoever runs the meeting; an audit row."""
    with begin() as work:
        item, _, case = hearing(work, item_id, by, now)
        make_subjects(work, practice, case, now)
        _did(work, case, by, "subjects.opened", {"meeting": item.meeting_id}, now)
        said = {row.subject_id: row for row in work.risks.adequacy(case.id) if row.item_id == item.id}
        return EnoughForm(
            item=item.id,
            ref=case.ref,
            people=tuple(
                (
                    row.id,
                    f"{ROLES[row.role]} {row.number}",
                    ("yes" if said[row.id].adequate else "no") if row.id in said else "",
                    said[row.id].why if row.id in said else "",
                )
                for row in work.people.subjects(case.id)
            )[:20],
        )


def record_enough(
    begin: Begin,
    practice: Practice,
    item_id: str,
    said: Mapping[str, tuple[str, str]],
    *,
    by: Person,
    now: datetime,
) -> str:
    """What the meeting finds of the plan for each of the people: yes or no, and why (S4-06). The case's reference.

    Raises Invalid beside a person of whom nothing was said: a child is not covered by their mother's answer.
    """
    with begin() as work:
        item, _, case = hearing(work, item_id, by, now)
        found = {}
        people = {row.id for row in work.people.subjects(case.id)}
        for id, (answer, why) in said.items():
            if id not in people or answer not in ("yes", "no"):
                found[f"enough-{id}"] = "Say whether the plan is good enough for this person."
            elif len(why.strip()) < 10:
                found[f"why-{id}"] = "Say why in a sentence; if it is not good enough, what is missing."
        if found:
            raise Invalid(found)
        for id, (answer, why) in said.items():
            work.session.add(
                AdequacyRow(
                    id=new_id(),
                    item_id=item.id,
                    subject_id=id,
                    adequate=answer == "yes",
                    why=why.strip(),
                    by_id=by.id,
                    at=now,
                )
            )
        enough = sum(answer == "yes" for answer, _ in said.values())
        facts: dict[str, Code] = {"meeting": item.meeting_id, "enough": enough, "of": len(said)}
        _did(work, case, by, "adequacy.recorded", facts, now)
        return case.ref


def enough_entries(work: Work, case: CaseRow) -> tuple[Entry, ...]:
    """What meetings found of the plan for each of the people, the latest first; by role, without names (S4-06)."""
    people = {row.id: row for row in work.people.subjects(case.id, removed=True)}
    return tuple(
        Entry(
            head=f"Plan for {ROLES[people[row.subject_id].role].lower()} {people[row.subject_id].number}",
            body=row.why,
            state="good enough" if row.adequate else "not good enough",
            who=work.register.person(row.by_id).name,
            at=row.at,
        )
        for row in reversed(work.risks.adequacy(case.id))
    )


def _whom(work: Work, case: CaseRow) -> tuple[Pick, ...]:
    people = work.people.subjects(case.id)
    return (
        Pick(id="self", label="To themselves"),
        Pick(id="others", label="To others"),
        *(Pick(id=row.id, label=f"To {ROLES[row.role].lower()} {row.number}") for row in people),
    )[:100]


def _to_whom(work: Work, row: RiskRow) -> str:
    if row.subject_id is None:
        return {"self": "to themselves", "others": "to others"}[row.to_whom]
    subject = work.people.subject(row.subject_id)
    return f"to {ROLES[subject.role].lower()} {subject.number}"


def _check(work: Work, case: CaseRow, rated: RatedRisk) -> None:
    found = {}
    for field, text, ask in (
        ("description", rated.description, "Say in a sentence what the risk is."),
        (
            "strengths",
            rated.strengths,
            "Say in a sentence what keeps them safe, or that nothing is known yet.",
        ),
    ):
        if len(text.strip()) < 10:
            found[field] = ask
    if rated.to_whom not in {each.id for each in _whom(work, case)}:
        found["to_whom"] = "Choose to whom it is a risk."
    for field, value in (
        ("likelihood", rated.likelihood),
        ("impact", rated.impact),
        ("rating", rated.rating),
    ):
        if value not in RATINGS:
            found[field] = "Choose from the list. You judge it; nothing is worked out."
    if rated.agency_id not in {each.id for each in work.register.agencies(case.area)}:
        found["agency"] = "Choose the agency that owns this risk."
    if found:
        raise Invalid(found)


def _did(work: Work, case: CaseRow, by: Person, verb: str, facts: Codes, now: datetime) -> None:
    work.audit.write(stream=case.ref, actor=by.id, verb=verb, thing=f"case:{case.id}", facts=facts, at=now)
