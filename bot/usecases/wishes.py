"""What the person wants to come of it: asked at the start, in the middle and at the end (S1-15, S5-43, T25)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.area import Practice
from bot.domain.errors import Invalid
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.domain.states import CaseState
from bot.storage.codes import Code, Codes, digest_of
from bot.storage.people_tables import OutcomeCheckRow, OutcomeMetRow, WantedOutcomeRow
from bot.storage.tables import CaseRow
from bot.storage.transaction import Begin, Work
from bot.usecases.views_first import heard_of
from bot.views.cases import Entry
from bot.views.people import Wish, WishForm

MOMENTS = {"start": "At the start", "middle": "At a review", "end": "At the end"}
MET = {"fully": "Met in full", "partly": "Met in part", "not": "Not met"}
WORDS = {
    "person": "by the person’s word",
    "advocate": "by their advocate’s word",
    "professional": "by a professional’s",
}
SAFER = {
    "yes": "They feel safer",
    "same": "They feel neither safer nor less safe",
    "no": "They do not feel safer",
    "not_said": "They did not say whether they feel safer",
}
MOST = 15
"""Outcomes that one form asks about: above it, the newest."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One talk about it: whether they were asked or why not, what they want, and how far each wish was met.

    `met` is, by the wish's id, how far and by whose word.
    """

    moment: str
    asked: str
    why_not: str = ""
    wants: Sequence[str] = ()
    met: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    safer: str = ""
    safer_words: str = ""


def open_wishes(begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime) -> WishForm:
    """What the form begins with, for somebody who works on the case; the opening is an audit row."""
    with begin() as work:
        case = work.cases.opened(case_id, by, "person.record", now)
        _did(work, case, by, "wishes.opened", {}, now)
        return WishForm(
            case_id=case.id, ref=case.ref, moment=_moment(work, case), wishes=_wishes(work, case.id)[-MOST:]
        )


def record_wishes(
    begin: Begin, practice: Practice, case_id: str, asked: Asked, *, by: Person, now: datetime
) -> str:
    """Keep one such talk beside those before it. The case's id. Raises Invalid beside the field."""
    with begin() as work:
        case = work.cases.opened(case_id, by, "person.record", now)
        work.cases.lock(case)
        known = work.people.outcomes(case.id)
        _check(asked, {row.id for row in known}, {row.id: f"met-{row.id}" for row in known[-MOST:]})
        were = asked.asked == "yes"
        row = OutcomeCheckRow(
            id=new_id(),
            case_id=case.id,
            moment=asked.moment,
            asked=were,
            why_not="" if were else asked.why_not.strip(),
            safer=asked.safer if were else "",
            safer_words=asked.safer_words.strip() if were else "",
            by_id=by.id,
            at=now,
        )
        work.session.add(row)
        work.session.flush()
        wants = [each.strip() for each in asked.wants if each.strip()] if were else []
        for number, text in enumerate(wants, len(known) + 1):
            work.session.add(
                WantedOutcomeRow(id=new_id(), case_id=case.id, check_id=row.id, number=number, text=text)
            )
        for id, (met, word) in asked.met.items():
            if met:
                work.session.add(
                    OutcomeMetRow(id=new_id(), check_id=row.id, outcome_id=id, met=met, word=word)
                )
        facts: dict[str, Code] = {
            "moment": row.moment,
            "asked": were,
            "wants": len(wants),
            "told": digest_of("\n".join(wants)),
        }
        _did(work, case, by, "wishes.recorded", facts, now)
        heard_of(work, case, now)
        return case.id


def needs_wishes_asked(work: Work, case: CaseRow) -> None:
    """Before anybody proposes to close: at the end they were asked, or it is on record why not (S1-15, T25).

    What was said at an earlier closure, to which an agency objected, is no answer to this one. Raises Invalid beside
    `reason`.
    """
    said = [row for row in work.people.checks(case.id) if row.moment == "end"]
    if case_reopened := [row.at for row in work.cases.decisions(case.id) if row.kind == "closure_objected"]:
        said = [row for row in said if row.at > max(case_reopened)]
    if not said:
        raise Invalid(
            {
                "reason": "Record first what came of the outcomes the person wanted, or why they could not be asked:"
                " open the case, then press “What they want”, and choose “At the end”."
            }
        )


def wish_entries(work: Work, case: CaseRow) -> tuple[Entry, ...]:
    """The part of a case's file about it: each wish with how far it was met each time, then each talk."""
    checks = {row.id: row for row in work.people.checks(case.id)}
    met: dict[str, list[str]] = {}
    for said in sorted(work.people.met(case.id), key=lambda each: checks[each.check_id].at):
        moment = MOMENTS[checks[said.check_id].moment]
        met.setdefault(said.outcome_id, []).append(f"{moment}: {MET[said.met].lower()}, {WORDS[said.word]}.")
    wishes = [
        Entry(
            head=f"Wanted outcome {row.number}",
            body=row.text,
            said="\n".join(met.get(row.id, ["Nobody has asked yet how far this was met."])),
        )
        for row in work.people.outcomes(case.id)
    ]
    talks = [
        Entry(
            head=MOMENTS[row.moment],
            body="They were asked." if row.asked else f"They were not asked: {row.why_not}",
            said="\n".join(each for each in (SAFER.get(row.safer, ""), row.safer_words) if each),
            who=work.register.person(row.by_id).name,
            at=row.at,
        )
        for row in checks.values()
    ]
    return (*wishes, *talks)


def _wishes(work: Work, case_id: str) -> tuple[Wish, ...]:
    order = [row.id for row in work.people.checks(case_id)]
    last = {
        row.outcome_id: row for row in sorted(work.people.met(case_id), key=lambda e: order.index(e.check_id))
    }
    return tuple(
        Wish(
            id=row.id,
            number=row.number,
            text=row.text,
            met=MET[last[row.id].met] if row.id in last else "",
            word=WORDS[last[row.id].word] if row.id in last else "",
        )
        for row in work.people.outcomes(case_id)
    )


def _moment(work: Work, case: CaseRow) -> str:
    """What it probably is: the start until it was asked once, the end once every action has ended."""
    if not any(row.moment == "start" for row in work.people.checks(case.id)):
        return "start"
    actions = work.plans.of_case(case.id)
    ended = bool(actions) and all(row.state == "closed" for row in actions)
    return "end" if ended and case.state != CaseState.CLOSED else "middle"


def _check(asked: Asked, known: set[str], shown: Mapping[str, str]) -> None:
    found = {}
    if asked.moment not in MOMENTS:
        found["moment"] = "Choose when this is."
    if asked.asked not in ("yes", "no"):
        found["asked"] = "Say whether they were asked."
    if asked.asked == "no" and len(asked.why_not.strip()) < 10:
        found["why_not"] = "Say in a sentence why they were not asked, and what was tried."
    wants = [each for each in asked.wants if each.strip()]
    if asked.asked == "yes":
        if not wants and not known:
            found["wants"] = "Write down what they want, one thing a line, as far as possible in their words."
        if asked.moment == "end":
            for id, block in shown.items():
                if not asked.met.get(id, ("", ""))[0]:
                    found[block] = "Say how far this was met."
            if asked.safer not in SAFER:
                found["safer"] = "Say whether they feel safer, or that they did not say."
    for id, (met, word) in asked.met.items():
        if id not in known or (met and met not in MET):
            found[f"met-{id}"] = "Choose from the list."
        elif met and word not in WORDS:
            found[f"word-{id}"] = "Say by whose word."
    if found:
        raise Invalid(found)


def _did(work: Work, case: CaseRow, by: Person, verb: str, facts: Codes, now: datetime) -> None:
    work.audit.write(stream=case.ref, actor=by.id, verb=verb, thing=f"case:{case.id}", facts=facts, at=now)
