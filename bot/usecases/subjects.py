"""The people of a case: made from the referral, put right by hand, tied, kept apart (S4-05, S4-23, IG-21)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.area import Practice
from bot.domain.errors import Invalid, NotFound
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.domain.subjects import APART, ROLES, told_of
from bot.storage.codes import Code, Codes, digest_of
from bot.storage.people_tables import AddressOpeningRow, SubjectLinkRow, SubjectRow
from bot.storage.tables import CaseBarRow, CaseRow
from bot.storage.transaction import Begin, Work
from bot.usecases.owed import show
from bot.views.cases import Entry
from bot.views.meeting import Pick
from bot.views.people import Addresses, SubjectForm, SubjectLine, SubjectSheet

RELATIONS = {
    "partner": "Partner",
    "former_partner": "Former partner",
    "family": "Family",
    "friend": "Friend",
    "other": "Somebody else they know",
}


@dataclass(frozen=True, kw_only=True)
class Described:
    """One of the people as somebody puts them down. An empty address keeps what is there; `remove` takes them out."""

    role: str
    name: str = ""
    born: str = ""
    address: str = ""
    more: str = ""
    remove: bool = False


@dataclass(frozen=True, kw_only=True)
class Tied:
    """A tie of a subject to another one, or to a person of the register who perhaps must not see the case."""

    subject_id: str
    relation: str
    to_subject_id: str = ""
    to_person_id: str = ""
    must_not_see: bool = False


def make_subjects(work: Work, practice: Practice, case: CaseRow, now: datetime) -> int:
    """Whoever the referral's answers tell of and who is not in the case yet, each in their role (S4-05). How many.

    Nobody who is there already is changed, and nobody who was taken out comes back.
    """
    referral = work.referrals.row(case.referral_id)
    known = {row.source for row in work.people.subjects(case.id, removed=True)}
    new = [each for each in told_of(practice.of(case).fields, referral.answers) if each.source not in known]
    number = work.people.next_subject(case.id)
    for n, told in enumerate(new, number):
        work.session.add(
            SubjectRow(
                id=new_id(),
                case_id=case.id,
                role=told.role,
                number=n,
                source=told.source,
                name=told.name,
                born=told.born,
                address=told.address,
                more=told.more,
                at=now,
            )
        )
    work.session.flush()
    return len(new)


def open_subjects(
    begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime
) -> SubjectSheet:
    """The people of the case without their addresses, for whoever puts them right; an audit row."""
    with begin() as work:
        case = work.cases.opened(case_id, by, "subject.edit", now)
        make_subjects(work, practice, case, now)  # of a case that was opened before there were any
        _did(work, case, by, "subjects.opened", {}, now)
        barred = work.cases.thing(case).barred
        return SubjectSheet(
            case_id=case.id,
            ref=case.ref,
            subjects=subject_lines(work, case),
            people=tuple(
                Pick(id=person.id, label=person.name)
                for person in work.register.people(case.area)
                if person.id not in barred and person.id != by.id
            ),
        )


def open_subject(
    begin: Begin, practice: Practice, case_id: str, subject_id: str, *, by: Person, now: datetime
) -> SubjectForm:
    """One of them, or somebody new, for whoever puts them right; an audit row."""
    with begin() as work:
        case = work.cases.opened(case_id, by, "subject.edit", now)
        line = next((each for each in subject_lines(work, case) if each.id == subject_id), None)
        if subject_id and line is None:
            raise NotFound("There is no such person in this case.")
        _did(work, case, by, "subjects.opened", {}, now)
        return SubjectForm(case_id=case.id, ref=case.ref, line=line)


def record_subject(
    begin: Begin,
    practice: Practice,
    case_id: str,
    subject_id: str,
    told: Described,
    *,
    by: Person,
    now: datetime,
) -> str:
    """Put one of them right, or somebody new in. The case's id. Raises Invalid beside the field."""
    with begin() as work:
        case = work.cases.opened(case_id, by, "subject.edit", now)
        work.cases.lock(case)
        if told.role not in ROLES:
            raise Invalid({"role": "Choose who they are in this case."})
        row = _mine(work, case, subject_id) if subject_id else None
        if row is None:
            id = new_id()
            number = work.people.next_subject(case.id)
            row = SubjectRow(id=id, case_id=case.id, role=told.role, number=number, source=id, at=now)
        elif told.remove and len(work.people.subjects(case.id)) == 1:
            raise Invalid({"remove": "A case is about somebody: put the right person in first."})
        pair = work.pairs.standing(case.id)
        if told.remove and pair is not None and row.id in (pair.one_id, pair.other_id):
            raise Invalid(
                {"remove": "They are kept apart from somebody. End that first, under “Two people, one plan”."}
            )
        row.role, row.name, row.born, row.more = (
            told.role,
            told.name.strip(),
            told.born.strip(),
            told.more.strip(),
        )
        row.address = told.address.strip() or row.address
        row.by_id, row.at = by.id, now
        if told.remove:
            row.removed_at, row.removed_by = now, by.id
        work.session.add(row)
        said = digest_of("\n".join((row.name, row.born, row.address, row.more)))
        facts: dict[str, Code] = {"subject": row.id, "role": row.role, "removed": told.remove, "told": said}
        _did(work, case, by, "subject.recorded", facts, now)
        return case.id


def tie_subject(
    begin: Begin, practice: Practice, case_id: str, tied: Tied, *, by: Person, now: datetime
) -> str:
    """Keep a tie; where somebody must not see the case, they are kept out of it from now on (IG-22). The case's id.

    Raises Invalid beside the field: whoever runs the case, or still has something to do in it, hands that over first,
    or it would wait for somebody who may no longer open it.
    """
    with begin() as work:
        case = work.cases.opened(case_id, by, "subject.edit", now)
        found = {}
        if tied.subject_id not in {row.id for row in work.people.subjects(case.id)}:
            found["subject"] = "Choose one of the people of this case."
        if bool(tied.to_subject_id) == bool(tied.to_person_id):
            found["person"] = "Choose either a professional or another person of the case."
        elif tied.to_subject_id and (
            tied.to_subject_id == tied.subject_id
            or tied.to_subject_id not in {row.id for row in work.people.subjects(case.id)}
        ):
            found["other"] = "Choose another person of this case."
        if tied.relation not in RELATIONS:
            found["relation"] = "Choose how they are tied."
        if tied.must_not_see and tied.to_person_id and "person" not in found:
            _check_free(work, case, tied.to_person_id, found)
        if found:
            raise Invalid(found)
        bars = tied.must_not_see and bool(tied.to_person_id)
        work.session.add(
            SubjectLinkRow(
                id=new_id(),
                subject_id=tied.subject_id,
                to_subject_id=tied.to_subject_id or None,
                to_person_id=tied.to_person_id or None,
                relation=tied.relation,
                must_not_see=bars,
                by_id=by.id,
                at=now,
            )
        )
        if bars and tied.to_person_id not in work.cases.thing(case).barred:
            work.session.add(
                CaseBarRow(id=new_id(), referral_id=case.referral_id, person_id=tied.to_person_id)
            )
        _did(work, case, by, "subject.tied", {"subject": tied.subject_id, "bars": bars}, now)
        show(work, "case_card", case.id, f"room:{case.pathway}", now)
        return case.id


def open_addresses(
    begin: Begin,
    practice: Practice,
    case_id: str,
    subjects: tuple[str, ...],
    why: str = "",
    *,
    by: Person,
    now: datetime,
) -> Addresses:
    """The addresses of these people, each opening an audit row (IG-21).

    A perpetrator's and anybody else's, or those of two people who are flagged (S5-28), are shown together only with a
    reason, which is kept. Raises Invalid.
    """
    with begin() as work:
        case = work.cases.opened(case_id, by, "address.open", now)
        rows = [row for row in work.people.subjects(case.id) if row.id in subjects]
        if not rows:
            raise Invalid({"subjects": "Choose whose address you need."})
        pair = work.pairs.standing(case.id)
        flagged = pair is not None and {pair.one_id, pair.other_id} <= {row.id for row in rows}
        both = flagged or len({row.role in APART for row in rows}) == 2
        if both and len(why.strip()) < 10:
            raise Invalid(
                {
                    "why": "These addresses are kept apart. Choose one side only, or say in a sentence why you need"
                    " both together: it stays on the record with your name."
                }
            )
        if both:
            work.session.add(
                AddressOpeningRow(id=new_id(), case_id=case.id, why=why.strip(), by_id=by.id, at=now)
            )
        facts: dict[str, Code] = {"subjects": ",".join(row.id for row in rows), "both": both}
        _did(work, case, by, "address.opened", facts, now)
        lines = tuple((called(row), row.address or "Not known") for row in rows)
        return Addresses(ref=case.ref, lines=lines)


def open_whose(begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime) -> SubjectSheet:
    """Whose address can be opened, for somebody who works on the case; an audit row."""
    with begin() as work:
        case = work.cases.opened(case_id, by, "address.open", now)
        make_subjects(work, practice, case, now)
        _did(work, case, by, "subjects.opened", {}, now)
        return SubjectSheet(case_id=case.id, ref=case.ref, subjects=subject_lines(work, case))


def subject_lines(work: Work, case: CaseRow) -> tuple[SubjectLine, ...]:
    """The people of the case by role, without any address."""
    rows = {row.id: row for row in work.people.subjects(case.id)}
    ties: dict[str, list[str]] = {}
    for link in work.people.links(case.id):
        if link.to_person_id:
            person = work.register.rows([link.to_person_id]).get(link.to_person_id)
            to = person.name if person else "somebody no longer in the register"
        elif (other := rows.get(link.to_subject_id or "")) is not None:
            to = called(other)
        else:
            continue
        kept = ". They must not see this case, and are kept out of it" if link.must_not_see else ""
        relation = RELATIONS.get(link.relation, link.relation)
        ties.setdefault(link.subject_id, []).append(f"{relation}: {to}{kept}.")
    order = list(ROLES)
    return tuple(
        SubjectLine(
            id=row.id,
            role=row.role,
            role_label=ROLES.get(row.role, row.role),
            number=row.number,
            name=row.name,
            born=row.born,
            more=row.more,
            has_address=bool(row.address),
            ties=tuple(ties.get(row.id, ())),
        )
        for row in sorted(rows.values(), key=lambda each: (order.index(each.role), each.number))
    )


def subject_entries(
    work: Work,
    practice: Practice,
    case: CaseRow,
    *,
    apart: bool = False,
    only: frozenset[str] = frozenset(),
    without: frozenset[str] = frozenset(),
) -> tuple[Entry, ...]:
    """The part of a case's file about them: those who are kept apart, or all the others (IG-21); no address.

    `only` are the ids of those it is about, whatever their role; `without` those who have a part of their own (S5-28).

    Before anybody has put them down, they are as the referral tells of them.
    """
    lines = subject_lines(work, case) or tuple(_untold(work, practice, case))
    return tuple(
        Entry(
            head=line.role_label,
            body="\n".join(
                each
                for each in (
                    line.name or "Name not known",
                    f"Born {_day(line.born)}" if line.born else "",
                    line.more,
                    "Address: hidden. Press “Addresses” to open it." if line.has_address else "",
                )
                if each
            ),
            said="\n".join(line.ties),
        )
        for line in lines
        if (line.id in only if only else (line.role in APART) is apart and line.id not in without)
    )


def _untold(work: Work, practice: Practice, case: CaseRow) -> Iterator[SubjectLine]:
    answers = work.referrals.row(case.referral_id).answers
    for n, told in enumerate(told_of(practice.of(case).fields, answers), 1):
        yield SubjectLine(
            id=told.source,
            role=told.role,
            role_label=ROLES[told.role],
            number=n,
            name=told.name,
            born=told.born,
            more=told.more,
            has_address=bool(told.address),
        )


def _day(born: str) -> str:
    try:
        day = date.fromisoformat(born)
    except ValueError:
        return born
    return f"{day.day} {day:%B %Y}"


def called(row: SubjectRow) -> str:
    """Somebody of a case by role, number and name."""
    return f"{ROLES.get(row.role, row.role)} {row.number}: {row.name or 'name not known'}"


def _mine(work: Work, case: CaseRow, subject_id: str) -> SubjectRow:
    row = work.people.subject(subject_id)
    if row.case_id != case.id:
        raise NotFound("There is no such person in this case.")
    return row


def _check_free(work: Work, case: CaseRow, person_id: str, found: dict[str, str]) -> None:
    person = work.register.rows([person_id]).get(person_id)
    if person is None or person.area != case.area:
        found["person"] = "Choose somebody from the list."
        return
    runs = {
        case.coordinator_id: "coordinates this case",
        case.chair_id: "chairs this case",
        case.lead_id: "is the lead professional of this case",
    }
    open_actions = [
        row.ref for row in work.plans.of_case(case.id) if row.owner_id == person_id and row.state != "closed"
    ]
    if person_id in runs:
        found["person"] = (
            f"{person.name} {runs[person_id]}. Hand that to somebody else first, then come back."
        )
    elif open_actions:
        owns = ", ".join(open_actions)
        found["person"] = f"{person.name} owns {owns}. Pass it to somebody else first, then come back."


def _did(work: Work, case: CaseRow, by: Person, verb: str, facts: Codes, now: datetime) -> None:
    work.audit.write(stream=case.ref, actor=by.id, verb=verb, thing=f"case:{case.id}", facts=facts, at=now)
