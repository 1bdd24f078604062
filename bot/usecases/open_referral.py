"""Open a referral's details, threshold or decision: for those who may, always on the record (IG-05, IG-29)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain import criteria
from bot.domain.answers import a_date
from bot.domain.area import Practice
from bot.domain.errors import NotFound
from bot.domain.forms import DANGER, UNKNOWN, Answer, Field, Page, chosen, shown
from bot.domain.pathway import Gate, Pathway
from bot.domain.people import Person, Role
from bot.domain.subjects import is_masked
from bot.storage.tables import CaseRow, ReferralRow
from bot.storage.transaction import Begin, Work
from bot.usecases.advice_log import advice_before
from bot.usecases.looks.referrals import redirect_label
from bot.usecases.repeats import earlier_cases
from bot.usecases.same_harmer import same_harmer
from bot.views.referrals import Choice, Criterion, Details, Group, Line, Part, Pointer, Threshold, Verdict


def open_referral(
    begin: Begin, practice: Practice, referral_id: str, number: int, *, by: Person, now: datetime
) -> Details:
    """One page of what the referrer said; each opening is an audit row."""
    with begin() as work:
        row = work.referrals.opened(referral_id, by, "referral.read", now)
        return details(work, practice, row, number, by, now)


def details(
    work: Work, practice: Practice, row: ReferralRow, number: int, by: Person, now: datetime
) -> Details:
    """A page of a referral for somebody who has been let in; writes the read into the audit."""
    pathway = practice.of(row)
    parts = parts_of(work, pathway, row)
    at = min(max(number, 0), len(parts) - 1)
    work.audit.write(
        stream=row.ref,
        actor=by.id,
        verb="referral.read",
        thing=f"referral:{row.id}",
        facts={"part": at + 1},
        at=now,
    )
    return Details(
        id=row.id,
        ref=row.ref,
        pathway=pathway.title,
        part=parts[at],
        number=at + 1,
        of=len(parts),
        parts=tuple(part.title for part in parts),
        state=row.state,
        may_decide=by.has(Role.TRIAGE) and row.state in ("triage", "needs_info"),
    )


def parts_of(work: Work, pathway: Pathway, row: ReferralRow, *, masked: bool = False) -> list[Part]:
    """The answers, page by page of the form, with those about another person on a page of their own (IG-21).

    `masked`: addresses that could lead somebody to harm are not told, as there is another door to them.
    """
    names = _names(work, row)
    parts: list[Part] = []
    for form in pathway.forms:
        if not any(field.id in row.answers for field in form.fields if field.id != DANGER):
            continue
        for page in shown(form, row.answers):
            for about, fields in _apart(page):
                lines = tuple(_line(field, row.answers.get(field.id), names, masked) for field in fields)
                parts.append(Part(title=page.title, about=about, lines=lines))
    for id, title in (("more_information", "Information given later"), ("challenge", "Challenges")):
        if notes := chosen(row.answers.get(id)):
            parts.append(Part(title=title, lines=tuple(Line(label=title, answer=note) for note in notes)))
    if not masked and (advised := advice_before(work, row.id)):
        parts.append(Part(title="Advice before it was raised", lines=advised))
    return parts or [Part(title="Nothing was answered", lines=())]


APART = ("perpetrator", "second_person")
"""Whose answers never stand on one page with anybody else's (IG-21)."""


def _apart(page: Page) -> list[tuple[str, list[Field]]]:
    """A page's fields, those about a person who must be kept apart by themselves; danger was asked first."""
    by: dict[str, list[Field]] = {}
    for field in page.fields:
        if field.id != DANGER:
            by.setdefault(field.about if field.about in APART else "", []).append(field)
    return list(by.items())


def _names(work: Work, row: ReferralRow) -> dict[str, str]:
    """Ids from the register, in words."""
    names = {agency.id: agency.name for agency in work.register.agencies(row.area)}
    names.update({person.id: person.name for person in work.register.people(row.area)})
    return names


def _line(field: Field, answer: Answer, names: dict[str, str], masked: bool = False) -> Line:
    given = chosen(answer)
    if not given:
        return Line(label=field.label, answer="", unknown=False)
    if given == [UNKNOWN]:
        return Line(label=field.label, answer=field.unknown_label, unknown=True)
    if masked and is_masked(field):
        return Line(label=field.label, answer="Hidden. Press “Addresses” to open it.")
    labels = {option.id: option.label for option in field.choices} | names
    if field.kind == "confirm":
        labels["yes"] = "Confirmed"
    if field.kind == "date" and (day := a_date(given[0])):
        labels[given[0]] = f"{day.day} {day:%B %Y}"
    return Line(label=field.label, answer="\n".join(labels.get(each, each) for each in given))


def open_threshold(
    begin: Begin, practice: Practice, referral_id: str, *, by: Person, now: datetime
) -> Threshold:
    """The criteria tree with what the referral says to each question, for the person who is to decide."""
    with begin() as work:
        row = work.referrals.opened(referral_id, by, "triage.decide", now)
        pathway = practice.of(row)
        suggested = criteria.suggest(
            pathway.criteria,
            row.answers,
            today=practice.today(now),
            score=pathway.tool.score(row.answers) if pathway.tool else None,
        )
        findings = {id: criteria.Finding(verdict=verdict) for id, verdict in suggested.items()}
        overall = criteria.evaluate(pathway.criteria, findings).verdict
        work.audit.write(
            stream=row.ref, actor=by.id, verb="triage.opened", thing=f"referral:{row.id}", facts={}, at=now
        )
        barred = work.referrals.barred(row.id)
        return Threshold(
            id=row.id,
            ref=row.ref,
            pathway=pathway.title,
            groups=tuple(_groups(pathway.criteria, {id: str(said) for id, said in suggested.items()})),
            overall=str(overall),
            duties=_duties(pathway, row),
            redirects=tuple(Choice(id=route.id, label=route.label) for route in pathway.redirects),
            coordinators=tuple(
                Choice(id=person.id, label=person.name)
                for person in work.register.people(practice.area.id, Role.COORDINATOR)
                if person.id not in barred
            ),
            earlier=earlier_cases(work, practice, row, by=by, now=now),
            pointers=(
                *_earlier(work, practice, row, by),
                *_harmed_before(work, row, by),
                *_pointers(work, pathway, row),
            ),
            route=next((gate.redirect for gate in _called_for(pathway, row) if gate.redirect), ""),
        )


def _earlier(work: Work, practice: Practice, row: ReferralRow, by: Person) -> tuple[Pointer, ...]:
    """Earlier concerns within twelve months about somebody so named: the time to act is the first (S1-16, S2-49).

    By reference only, and none from which the reader is barred. That it is the same person, a person has to say.
    """
    since = row.received_at - timedelta(days=EARLIER_DAYS)
    found = [
        each
        for each in work.referrals.of_same_name(row, since)
        if each.received_at <= row.received_at and by.id not in work.referrals.barred(each.id)
    ]
    if not found:
        return ()
    how_many = "One earlier concern" if len(found) == 1 else f"{len(found)} earlier concerns"
    refs = ", ".join(each.ref for each in found[:MOST_EARLIER])
    more = f" and {len(found) - MOST_EARLIER} more" if len(found) > MOST_EARLIER else ""
    text = (
        f"{how_many} within 12 months about somebody of this name: {refs}{more}. If it is the same person, act early: "
        "a concern that comes back is a reason to meet before there is a crisis."
    )
    return (Pointer(text=text),)


EARLIER_DAYS, MOST_EARLIER = 365, 5


def _harmed_before(work: Work, row: ReferralRow, by: Person) -> tuple[Pointer, ...]:
    """Cases in which the same person may have caused harm: the meeting looks for what could change that (S4-16)."""
    found = same_harmer(work, row, by=by)
    if not found:
        return ()
    cases = "this case" if len(found) == 1 else "these cases"
    text = (
        f"Somebody of the same name is said to cause harm in {cases} too: {', '.join(found)}. If it is the same "
        "person, say so to the meeting: what could change their behaviour belongs in the plan."
    )
    return (Pointer(text=text),)


def _called_for(pathway: Pathway, row: ReferralRow) -> tuple[Gate, ...]:
    """What the answers call for, then what stands on every referral."""
    return tuple(sorted(pathway.gates_open(row.answers), key=lambda gate: gate.standing))


def _pointers(work: Work, pathway: Pathway, row: ReferralRow) -> tuple[Pointer, ...]:
    """Each statement with the answers that called for it, and those that go along: to be copied, not typed again."""
    names, fields = _names(work, row), {field.id: field for field in pathway.fields}
    return tuple(
        Pointer(
            text=gate.text,
            route=redirect_label(pathway, gate.redirect),
            lines=tuple(
                _line(fields[id], row.answers.get(id), names)
                for id in dict.fromkeys((*gate.asks, *gate.carry))
                if id in fields and chosen(row.answers.get(id))
            ),
        )
        for gate in _called_for(pathway, row)
    )


def _groups(node: criteria.Node, said: Mapping[str, str]) -> Iterator[Group]:
    """The tree as groups of questions, each with its rule, in the order of the file."""
    parts = (
        (node,)
        if isinstance(node, criteria.Leaf)
        else (node.of,)
        if isinstance(node, criteria.Not)
        else node.of
    )
    leaves = [part for part in parts if isinstance(part, criteria.Leaf)]
    rule = "all" if isinstance(node, criteria.Leaf) else type(node).__name__.lower()
    if leaves:
        yield Group(
            rule=rule,
            title=getattr(node, "label", ""),
            at_least=node.at_least if isinstance(node, criteria.Count) else 1,
            criteria=tuple(
                Criterion(id=leaf.id, question=leaf.question, suggested=said.get(leaf.id, "unclear"))
                for leaf in leaves
            ),
        )
    for part in parts:
        if not isinstance(part, criteria.Leaf):
            yield from _groups(part, said)


def _duties(pathway: Pathway, row: ReferralRow) -> tuple[Line, ...]:
    """Each duty of the referrer and whether the fields that show it have been answered."""

    def answered(fields: Sequence[str]) -> bool:
        return all(chosen(row.answers.get(field)) for field in fields)

    return tuple(
        Line(label=duty.text, answer="shown" if answered(duty.fields) else "later") for duty in pathway.duties
    )


def open_verdict(begin: Begin, practice: Practice, referral_id: str, *, by: Person, now: datetime) -> Verdict:
    """The latest decision with its reason, for the referrer and those who triage; audited."""
    with begin() as work:
        row = work.referrals.opened(referral_id, by, "referral.read", now)
        decisions = work.referrals.decisions(row.id)
        if not decisions:
            raise NotFound(f"{row.ref} has not been decided yet.")
        last, pathway = decisions[-1], practice.of(row)
        work.audit.write(
            stream=row.ref, actor=by.id, verb="triage.read", thing=f"referral:{row.id}", facts={}, at=now
        )
        route = next((each for each in pathway.redirects if each.id == last.redirect_to), None)
        case = work.cases.of_referral(row.id)
        return Verdict(
            id=row.id,
            ref=row.ref,
            outcome=last.outcome,
            reason=last.reason,
            decided_by=work.register.person(last.by_id).name,
            decided_at=last.at,
            redirect=redirect_label(pathway, last.redirect_to),
            redirect_text=route.text if route else "",
            how_to_challenge=pathway.texts.get("how_to_challenge", ""),
            may_challenge=row.referrer_id == by.id and last.outcome in ("not_accept", "redirect"),
            closed_at=case.closed_at if case else None,
            came_of_it=_came_of(work, case) if case else "",
        )


def _came_of(work: Work, case: CaseRow) -> str:
    """What whoever closed the case wrote for the referrer's own plan (S5-07); empty while it is open."""
    told = [each.text for each in work.cases.decisions(case.id) if each.kind == "outcome_told"]
    return told[-1] if told and case.closed_at is not None else ""
