"""Write down what is said and decided about a case: views, prompts, risk, decisions (S2-18, S2-36 to S2-41, S4-06)."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.area import Practice
from bot.domain.errors import Invalid
from bot.domain.pathway import Choice, Pathway
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.domain.risk import RATINGS
from bot.storage.codes import Code, digest_of
from bot.storage.tables import AgendaItemRow, CaseRow, DecisionRow, MeetingRow, VoiceRow
from bot.storage.transaction import Begin, Work
from bot.usecases.authorise import fall_away, wants_authority
from bot.usecases.decision_review import replace
from bot.usecases.hold import hearing
from bot.usecases.owed import show
from bot.usecases.present import present

HOW_HEARD = {
    "attended": "The person was there",
    "advocate": "Through an advocate or IDVA",
    "in_writing": "In writing",
    "told_professional": "Told to a professional",
    "not_obtained": "Not obtained",
}


@dataclass(frozen=True, kw_only=True)
class Said:
    """The person's own views and wanted outcomes, or why there are none (`how` is `not_obtained`)."""

    how: str
    views: str = ""
    outcomes: str = ""
    why_not: str = ""


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A decision as the chair records it; every part but dissent is required (S2-36 to S2-41).

    `agencies` are those that made it, None for all that are there; `supersedes` is one whose place it takes.
    """

    kind: str
    text: str
    reasons: str
    options: str
    support: str
    law: tuple[str, ...]
    review_on: date | None
    dissent: str = ""
    agencies: tuple[str, ...] | None = None
    supersedes: str = ""


@dataclass(frozen=True, kw_only=True)
class Rated:
    """The risk as the meeting sees it, and when it is looked at again (S3-04, S4-11)."""

    rating: str
    mitigated: bool | None
    review_on: date | None
    why: str = ""


def record_voice(
    begin: Begin, practice: Practice, item_id: str, said: Said, *, by: Person, now: datetime
) -> str:
    """The person's views, over what was recorded in this meeting before. The case's reference."""
    with begin() as work:
        item, meeting, case = hearing(work, item_id, by, now)
        _check_voice(practice.of(case), meeting, said)
        row = work.cases.voice(case.id, meeting.id)
        if row is None:
            row = VoiceRow(id=new_id(), case_id=case.id, meeting_id=meeting.id, how="", by_id=by.id, at=now)
        row.how, row.views, row.outcomes = said.how, said.views.strip(), said.outcomes.strip()
        row.why_not = said.why_not.strip() if said.how == "not_obtained" else ""
        row.by_id, row.at = by.id, now
        work.session.add(row)
        facts = {"how": said.how, "views": digest_of(row.views + row.outcomes + row.why_not)}
        _did(work, item, case, by, "voice.recorded", facts, now)
        return case.ref


def record_prompts(
    begin: Begin, practice: Practice, item_id: str, put: tuple[str, ...], *, by: Person, now: datetime
) -> str:
    """Which of the pathway's questions have been put; the whole list each time. The case's reference."""
    with begin() as work:
        item, _, case = hearing(work, item_id, by, now)
        known = [prompt.id for prompt in practice.of(case).prompts]
        item.prompts = [id for id in known if id in put]
        _did(work, item, case, by, "prompts.recorded", {"put": len(item.prompts), "of": len(known)}, now)
        return case.ref


def record_risk(
    begin: Begin, practice: Practice, item_id: str, rated: Rated, *, by: Person, now: datetime
) -> str:
    """The meeting's own rating of the risk, whether the plan mitigates it, and the next review."""
    with begin() as work:
        item, _, case = hearing(work, item_id, by, now)
        found = {}
        if rated.rating not in RATINGS:
            found["rating"] = "Choose how high the meeting sees the risk now."
        if rated.mitigated is None:
            found["mitigated"] = "Say whether the plan mitigates what risk is left."
        if rated.review_on is None and len(rated.why.strip()) < 10:
            found["review_on"] = "Choose a date, or say below in a sentence why no review is needed."
        if rated.review_on is not None and rated.review_on <= practice.today(now):
            found["review_on"] = "Choose a date after today."
        if found:
            raise Invalid(found)
        item.rating, item.mitigated = rated.rating, rated.mitigated
        item.review_on, item.review_why = rated.review_on, rated.why.strip()
        facts: dict[str, Code] = {"rating": rated.rating, "review_on": rated.review_on}
        _did(work, item, case, by, "risk.recorded", facts, now)
        return case.ref


def record_decision(
    begin: Begin,
    practice: Practice,
    item_id: str,
    decided: Decided,
    *,
    source: str,
    by: Person,
    now: datetime,
) -> str:
    """One decision, once however often it is sent; never before the person's views, or why not (S2-18). Its id."""
    with begin() as work:
        if known := work.inbox.answer_to(source):
            return known
        item, meeting, case = hearing(work, item_id, by, now)
        if work.cases.voice(case.id, meeting.id) is None:
            raise Invalid(
                {
                    "kind": "Record the person’s views first, or why they could not be obtained (“Person’s views”)."
                }
            )
        here = [each.id for each in present(work, meeting)]
        old = _superseded(work, case, decided)
        _check_decision(practice.of(case), decided, here, practice.today(now))
        row = DecisionRow(
            id=new_id(),
            case_id=case.id,
            meeting_id=meeting.id,
            kind=decided.kind,
            text=decided.text.strip(),
            reasons=decided.reasons.strip(),
            options=decided.options.strip(),
            support=decided.support.strip(),
            law=list(decided.law),
            dissent=decided.dissent.strip(),
            by_id=by.id,
            at=now,
            review_on=decided.review_on,
            agencies=here if decided.agencies is None else list(decided.agencies),
            supersedes=old.id if old else None,
        )
        work.session.add(row)
        if old is not None:
            replace(work, old, by, now)
            fall_away(work, old)
        work.session.flush()
        wants_authority(work, practice, case, row, now)
        work.inbox.remember(source, row.id, at=now)
        facts: dict[str, Code] = {"kind": row.kind, "review_on": row.review_on, "text": digest_of(row.text)}
        _did(work, item, case, by, "decision.recorded", facts, now)
        return row.id


def _check_voice(pathway: Pathway, meeting: MeetingRow, said: Said) -> None:
    found = {}
    never = "subject_attends" in pathway.never or pathway.stage(meeting.stage).subject_attends == "never"
    if said.how not in HOW_HEARD:
        found["how"] = "Choose how the person’s views came to this meeting."
    elif said.how == "attended" and never:
        found["how"] = "On this pathway the person does not attend. Choose how their views came instead."
    elif said.how == "not_obtained":
        if len(said.why_not.strip()) < 10:
            found["why_not"] = "Say in a sentence why the views could not be obtained, and what was tried."
    elif len(said.views.strip()) < 10:
        found["views"] = (
            "Write down in a sentence or more what the person thinks, as far as possible in their own words."
        )
    if found:
        raise Invalid(found)


def _superseded(work: Work, case: CaseRow, decided: Decided) -> DecisionRow | None:
    """The decision of this case whose place the new one takes; Invalid for one that has been replaced already."""
    if not decided.supersedes:
        return None
    rows = work.cases.decisions(case.id)
    free = {row.id: row for row in rows if row.meeting_id is not None}
    if decided.supersedes not in free or decided.supersedes in {row.supersedes for row in rows}:
        raise Invalid({"supersedes": "That decision has been replaced already. Choose another, or none."})
    return free[decided.supersedes]


def _check_decision(pathway: Pathway, decided: Decided, here: list[str], today: date) -> None:
    found = {}
    if decided.agencies is not None and here and not decided.agencies:
        found["agencies"] = "Say which of the agencies here made this decision."
    elif decided.agencies and not set(decided.agencies) <= set(here):
        found["agencies"] = "Choose from the agencies that are here."
    if decided.kind not in _ids(pathway.decisions):
        found["kind"] = "Choose what kind of decision this is."
    for field, text, ask in (
        ("text", decided.text, "Write down in a sentence what was decided."),
        ("reasons", decided.reasons, "Give the reasons in a sentence: the record must show why."),
        (
            "options",
            decided.options,
            "Say in a sentence which options were considered, and what spoke for and against them.",
        ),
        (
            "support",
            decided.support,
            "Say in a sentence how the person was supported to decide, or why that was not possible.",
        ),
    ):
        if len(text.strip()) < 10:
            found[field] = ask
    if not decided.law or not set(decided.law) <= _ids(pathway.laws):
        found["law"] = "Choose at least one."
    if decided.review_on is None or decided.review_on <= today:
        found["review_on"] = "Choose a date after today on which this decision is reviewed."
    if found:
        raise Invalid(found)


def _ids(choices: tuple[Choice, ...]) -> set[str]:
    return {choice.id for choice in choices}


def _did(
    work: Work,
    item: AgendaItemRow,
    case: CaseRow,
    by: Person,
    verb: str,
    facts: dict[str, Code] | dict[str, str] | dict[str, int],
    now: datetime,
) -> None:
    work.audit.write(
        stream=case.ref,
        actor=by.id,
        verb=verb,
        thing=f"case:{case.id}",
        facts={"meeting": item.meeting_id, **facts},
        at=now,
    )
    show(work, "hold_card", item.meeting_id, f"room:{case.pathway}", now)
