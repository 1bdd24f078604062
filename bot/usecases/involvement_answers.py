"""An agency looks up who is meant, says whether it knows them, and returns what it holds (S2-48, S4-10, IG-05).

What it knows stands in the record alone. An agency may change its answer until the meeting; what it said before is
kept beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.access import may
from bot.domain.answers import a_date
from bot.domain.area import Practice
from bot.domain.errors import Denial, Invalid, NotAllowed, TooLate
from bot.domain.forms import UNKNOWN, Field, chosen
from bot.domain.involvement import LOOKED_UP_BY, SUBJECTS, TOO_SECRET, Said
from bot.domain.pathway import Pathway
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.domain.states import CaseState
from bot.storage.codes import Code
from bot.storage.involvement import is_silent
from bot.storage.involvement_tables import InvolvementCheckRow, InvolvementReplyRow, ResearchReturnRow
from bot.storage.tables import CaseRow
from bot.storage.transaction import Begin, Work
from bot.usecases.involvement import show_check
from bot.usecases.looks.involvement import (
    OVER,
    involvement_card,
    research_wanted,
    subjects_of,
    thing_of,
    why_over,
)
from bot.usecases.owed import refresh_home, tell
from bot.views.involvement import CheckCard, Fact, Identity, KnownForm, ResearchForm, SubjectForm

IDENTIFY, ANSWER = "involvement.identify", "involvement.answer"
"""What access calls learning who is meant, and answering for one's agency."""

HELD = ("nothing", "facts")
FLAG = ("yes", "no", "not_known")

SHORT = 300
"""Characters of an answer of one line."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """What an agency holds about one of the people of a case (forms.md section 5)."""

    held: str
    facts: str = ""
    risk_view: str = ""
    measures: str = ""
    flag: str = "not_known"


def look_up(begin: Begin, practice: Practice, check_id: str, *, by: Person, now: datetime) -> Identity:
    """Who is meant, for the agency's contact: the least by which somebody is found; each opening is an audit row.

    Never the story, and nothing of the highest sensitivity, such as an address that must stay secret.
    """
    with begin() as work:
        row, case = _opened(work, check_id, IDENTIFY, by, now)
        _still_asked(work, row, case)
        row.looked_at = row.looked_at or now
        work.audit.write(
            stream=case.ref,
            actor=by.id,
            verb="involvement.identified",
            thing=f"case:{case.id}",
            facts={"agency": row.agency_id},
            at=now,
        )
        answers = work.referrals.row(case.referral_id).answers
        return Identity(
            card=involvement_card(work, practice, row.id, now),
            facts=tuple(
                Fact(label=field.label, answer=said)
                for field in identifying(practice.of(case))
                if (said := _as_said(field, answers.get(field.id)))
            ),
        )


def identifying(pathway: Pathway) -> tuple[Field, ...]:
    """The questions by whose answers somebody can be looked up, in the order in which the pathway names them."""
    fields = {field.id: field for field in pathway.fields}
    named = pathway.involvement.identify or LOOKED_UP_BY
    return tuple(fields[id] for id in named if id in fields and int(fields[id].sensitivity) < TOO_SECRET)


def begin_known(begin: Begin, practice: Practice, check_id: str, *, by: Person, now: datetime) -> KnownForm:
    """The one small form of an agency that knows the person, with what it said before; the opening is on the record."""
    with begin() as work:
        row, case = _opened(work, check_id, ANSWER, by, now)
        _still_asked(work, row, case)
        said = [each for each in work.involvement.replies(row.id) if each.answer == Said.KNOWN]
        if said:
            _did(work, row, case, by, "involvement.read", {}, now)
        last = said[-1] if said else None
        return KnownForm(
            card=involvement_card(work, practice, row.id, now),
            since=last.since if last else "",
            support=last.support if last else "",
            worker=last.worker if last else "",
        )


def say_known(
    begin: Begin,
    practice: Practice,
    check_id: str,
    since: str,
    support: str,
    worker: str,
    *,
    by: Person,
    now: datetime,
) -> CheckCard:
    """The agency knows the person: since when, with what it supports them, whom to ask. The latest answer stands.

    Invalid beside `support` when it is empty; TooLate once it may no longer be changed.
    """
    with begin() as work:
        row, case = _opened(work, check_id, ANSWER, by, now)
        _still_asked(work, row, case)
        if not support.strip():
            raise Invalid({"support": "Say in a few words what your agency does, or how it knows them."})
        if long := [id for id, text in (("since", since), ("worker", worker)) if len(text.strip()) > SHORT]:
            raise Invalid(dict.fromkeys(long, f"Write at most {SHORT} characters."))
        told = InvolvementReplyRow(
            id=new_id(),
            check_id=row.id,
            answer=Said.KNOWN.value,
            since=since.strip(),
            support=support.strip(),
            worker=worker.strip(),
            by_id=by.id,
            way=work.audit.way or "chat",
            at=now,
        )
        _answered(work, row, case, told, by, now)
        if row.agency_id not in work.cases.agencies(case.id):
            tell(work, "involvement_heard", row.id, f"person:{case.coordinator_id}", now)
        return involvement_card(work, practice, row.id, now)


def say_not_known(
    begin: Begin, practice: Practice, check_id: str, *, by: Person, now: datetime
) -> CheckCard | None:
    """The agency does not know the person; the latest answer stands.

    None, and nothing kept, where nobody of the agency has opened who is meant: nobody can know that (design.md rule 7).
    By e-mail the coordinator gives the name by telephone, which we cannot see.
    """
    with begin() as work:
        row, case = _opened(work, check_id, ANSWER, by, now)
        _still_asked(work, row, case)
        way = work.audit.way or "chat"
        if row.looked_at is None and way != "mail":
            return None
        if row.answer != Said.NOT_KNOWN:
            told = InvolvementReplyRow(
                id=new_id(),
                check_id=row.id,
                answer=Said.NOT_KNOWN.value,
                by_id=by.id,
                way=way,
                at=now,
            )
            _answered(work, row, case, told, by, now)
        return involvement_card(work, practice, row.id, now)


def begin_research(
    begin: Begin, practice: Practice, check_id: str, *, by: Person, now: datetime
) -> ResearchForm:
    """What the agency is to say before the panel, with what it returned before; the opening is on the record."""
    with begin() as work:
        row, case = _to_research(work, practice, check_id, by, now)
        standing = work.involvement.standing(row.id)
        if standing:
            _did(work, row, case, by, "involvement.read", {}, now)
        return ResearchForm(
            card=involvement_card(work, practice, row.id, now),
            subjects=tuple(
                SubjectForm(
                    id=subject,
                    label=SUBJECTS[subject],
                    held=old.held if (old := standing.get(subject)) else "",
                    facts=old.facts if old else "",
                    risk_view=old.risk_view if old else "",
                    measures=old.measures if old else "",
                    flag=old.flag if old else "",
                )
                for subject in subjects_of(practice.of(case))
            ),
        )


def keep_research(
    begin: Begin,
    practice: Practice,
    check_id: str,
    found: Mapping[str, Found],
    *,
    by: Person,
    now: datetime,
) -> CheckCard:
    """What the agency holds about each person of the case; a later return stands beside the earlier one.

    Invalid beside `held-<subject>` for a person about whom nothing was chosen, and beside `facts-<subject>` where
    facts are held and none is given.
    """
    with begin() as work:
        row, case = _to_research(work, practice, check_id, by, now)
        subjects = subjects_of(practice.of(case))
        _check(found, subjects)
        for subject in subjects:
            one = found[subject]
            facts = one.held == "facts"
            work.session.add(
                ResearchReturnRow(
                    id=new_id(),
                    check_id=row.id,
                    subject=subject,
                    held=one.held,
                    facts=one.facts.strip() if facts else "",
                    risk_view=one.risk_view.strip(),
                    measures=one.measures.strip(),
                    flag=one.flag,
                    by_id=by.id,
                    at=now,
                )
            )
        work.session.flush()
        held: dict[str, Code] = {subject: found[subject].held for subject in subjects}
        _did(work, row, case, by, "research.returned", held, now)
        show_check(work, row, now)
        refresh_home(work, case.coordinator_id, now)
        return involvement_card(work, practice, row.id, now)


def _check(found: Mapping[str, Found], subjects: tuple[str, ...]) -> None:
    problems = {}
    for subject in subjects:
        one = found.get(subject)
        if one is None or one.held not in HELD:
            problems[f"held-{subject}"] = "Say whether your agency holds anything. Look it up first."
        elif one.held == "facts" and not one.facts.strip():
            problems[f"facts-{subject}"] = (
                "Write down what is relevant to the risk, or choose “Nothing held”."
            )
        elif one.flag not in FLAG:
            problems[f"flag-{subject}"] = "Say whether a flag is placed."
    if problems:
        raise Invalid(problems)


def _to_research(
    work: Work, practice: Practice, check_id: str, by: Person, now: datetime
) -> tuple[InvolvementCheckRow, CaseRow]:
    row, case = _opened(work, check_id, ANSWER, by, now)
    if case.state == CaseState.CLOSED:
        raise TooLate(OVER["closed"])
    if not research_wanted(work, practice.of(case), row):
        raise TooLate("Say first whether your agency knows the person. Nothing was kept.")
    return row, case


def _opened(
    work: Work, check_id: str, verb: str, by: Person, now: datetime
) -> tuple[InvolvementCheckRow, CaseRow]:
    row = work.involvement.check(check_id)
    case = work.cases.row(row.case_id)
    if not may(by, verb, thing_of(work, row)):
        raise NotAllowed(
            "Somebody else answers this for that agency. Nothing has changed; this was recorded.",
            Denial(stream=case.ref, actor=by.id, verb=verb, thing=f"case:{case.id}", at=now),
        )
    work.involvement.lock(row)
    return row, case


def _still_asked(work: Work, row: InvolvementCheckRow, case: CaseRow) -> None:
    if over := why_over(work, row, case):
        raise TooLate(f"{OVER[over]} Nothing was kept.")


def _answered(
    work: Work,
    row: InvolvementCheckRow,
    case: CaseRow,
    told: InvolvementReplyRow,
    by: Person,
    now: datetime,
) -> None:
    first = is_silent(row)
    work.session.add(told)
    row.answer, row.answered_at, row.answered_by, row.way = told.answer, now, by.id, told.way
    row.stopped_at, row.stopped_by, row.stopped_why = None, None, ""
    work.session.flush()
    _did(work, row, case, by, "involvement.answered", {"answer": told.answer, "first": first}, now)
    show_check(work, row, now)
    refresh_home(work, case.coordinator_id, now)


def _did(
    work: Work,
    row: InvolvementCheckRow,
    case: CaseRow,
    by: Person,
    verb: str,
    facts: Mapping[str, Code],
    now: datetime,
) -> None:
    work.audit.write(
        stream=case.ref,
        actor=by.id,
        verb=verb,
        thing=f"case:{case.id}",
        facts={"agency": row.agency_id, **facts},
        at=now,
    )


def _as_said(field: Field, answer: object) -> str:
    """An answer as it is read out; "" where nothing is known, which helps nobody to find them."""
    given = chosen(answer) if isinstance(answer, str | list) else []
    if not given or given == [UNKNOWN]:
        return ""
    if field.kind == "date" and (day := a_date(given[0])):
        return f"{day.day} {day:%B %Y}"
    labels = {option.id: option.label for option in field.choices}
    return "\n".join(labels.get(each, each) for each in given)
