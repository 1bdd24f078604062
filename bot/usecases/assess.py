"""Assess the risk again with the pathway's tool, in versions; a person's judgement stands beside the number (S1-12).

The tool counts; nothing here rates, blocks or takes anything down by a score (design.md rule 6).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.area import Practice
from bot.domain.errors import Invalid, NotFound
from bot.domain.forms import Answer
from bot.domain.people import Person
from bot.domain.questions import UNKNOWN, Field
from bot.domain.references import new_id
from bot.domain.risk import RATING_WORDS, RATINGS
from bot.domain.risktools import Score, ToolSlot
from bot.storage.codes import Code, Codes, digest_of
from bot.storage.risk_tables import RiskAssessmentRow
from bot.storage.tables import CaseRow
from bot.storage.transaction import Begin, Work
from bot.views.cases import Entry
from bot.views.people import ToolPage

PER_PAGE = 6
"""Questions on one page of the dialog, as many as on one of a referral's."""

SAID = ("yes", "no", UNKNOWN)


@dataclass(frozen=True, kw_only=True)
class Version:
    """One finished assessment: what the tool counted, and beside it what somebody judged."""

    number: int
    at: datetime
    who: str
    tool: str
    yes: int
    unknown: int
    asked: int
    band: str
    judgement: str
    reason: str
    valid_until: date | None


def begin_assessment(
    begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime
) -> ToolPage:
    """The first page, blank, or where this person had got to; an audit row. NotFound where a pathway has no tool."""
    with begin() as work:
        case = work.cases.opened(case_id, by, "person.record", now)
        tool = _tool(practice, case)
        row = work.risks.unfinished(case.id, by.id)
        if row is not None and row.tool_version != tool.version:
            work.session.delete(row)
            row = None
        if row is None:
            row = RiskAssessmentRow(
                id=new_id(),
                case_id=case.id,
                tool=tool.id,
                tool_version=tool.version,
                by_id=by.id,
                begun_at=now,
            )
            work.session.add(row)
        _did(work, case, by, "assessment.opened", {"assessment": row.id}, now)
        blank = [
            n for n, page in enumerate(_pages(tool)) if any(row.answers.get(q.id) not in SAID for q in page)
        ]
        return _page(tool, case, row, blank[0] if blank else len(_pages(tool)))


def answer_page(
    begin: Begin,
    practice: Practice,
    id: str,
    page: int,
    answers: Mapping[str, Answer],
    *,
    back: bool = False,
    by: Person,
    now: datetime,
) -> ToolPage:
    """Keep a page's answers; the next page, or the one before. Raises Invalid beside a question left blank.

    Going back keeps what is there and asks for nothing. "Don't know" is an answer, a blank is none.
    """
    with begin() as work:
        row, case, tool = _own(work, practice, id, by, now)
        asked = _pages(tool)[page] if page < len(_pages(tool)) else ()
        given = {each.id: str(answers[each.id]) for each in asked if answers.get(each.id) in SAID}
        row.answers = {**row.answers, **given}
        if not back:
            _check_page({each.id for each in asked}, row.answers)
        _did(work, case, by, "assessment.opened", {"assessment": row.id}, now)
        return _page(tool, case, row, max(page - 1, 0) if back else page + 1)


def finish_assessment(
    begin: Begin,
    practice: Practice,
    id: str,
    judgement: str,
    reason: str,
    *,
    by: Person,
    now: datetime,
) -> str:
    """Make it the case's latest version, with the judgement of whoever did it. The case's id.

    The judgement is theirs to choose, whatever the number (rule 6). Raises Invalid beside the field.
    """
    with begin() as work:
        row, case, tool = _own(work, practice, id, by, now)
        found = {}
        if judgement not in RATINGS:
            found["judgement"] = "Choose how high you judge the risk. The number does not say it for you."
        if len(reason.strip()) < 10:
            found["reason"] = "Say in a sentence what your judgement rests on."
        if found:
            raise Invalid(found)
        _check_page({each.id for each in tool.questions}, row.answers)
        work.cases.lock(case)
        before = work.risks.assessments(case.id)
        score = tool.score(row.answers)
        row.number = (before[0].number or 1) + 1 if before else 2  # the referral's own is the first
        row.supersedes_id = before[0].id if before else None
        row.counted = _counted(tool, score)
        row.judgement, row.reason, row.at = judgement, reason.strip(), now
        today = practice.today(now)
        row.valid_until = tool.valid.after(today, practice.days(case.nation)) if tool.valid else None
        facts: dict[str, Code] = {
            "assessment": row.id,
            "number": row.number,
            "tool": f"{tool.id}@{tool.version}",
            "judgement": judgement,
            "reason": digest_of(row.reason),
        }
        _did(work, case, by, "assessment.recorded", facts, now)
        return case.id


def versions(work: Work, practice: Practice, case: CaseRow) -> list[Version]:
    """Every version, the newest first; the referral's own answers are the first of them (S1-12)."""
    tool = practice.of(case).tool
    found = [
        Version(
            number=row.number or 0,
            at=row.at or row.begun_at,
            who=work.register.person(row.by_id).name,
            tool=f"{tool.title if tool is not None and tool.id == row.tool else row.tool} {row.tool_version}",
            yes=int(row.counted.get("yes", 0)),
            unknown=int(row.counted.get("unknown", 0)),
            asked=int(row.counted.get("asked", 0)),
            band=str(row.counted.get("band", "")),
            judgement=RATING_WORDS.get(row.judgement, row.judgement),
            reason=row.reason,
            valid_until=row.valid_until,
        )
        for row in work.risks.assessments(case.id)
    ]
    referral = work.referrals.row(case.referral_id)
    if tool is not None and any(referral.answers.get(each.id) in SAID for each in tool.questions):
        told = _counted(tool, tool.score(referral.answers))
        said = referral.answers.get("judgement")
        on = practice.today(referral.received_at)
        found.append(
            Version(
                number=1,
                at=referral.received_at,
                who=f"{work.register.person(referral.referrer_id).name}, with the referral",
                tool=f"{tool.title} {tool.version}",
                yes=int(told["yes"]),
                unknown=int(told["unknown"]),
                asked=int(told["asked"]),
                band=str(told["band"]),
                judgement="",
                reason=said if isinstance(said, str) else "",
                valid_until=tool.valid.after(on, practice.days(case.nation)) if tool.valid else None,
            )
        )
    return found


def assessment_entries(work: Work, practice: Practice, case: CaseRow, today: date) -> tuple[Entry, ...]:
    """The part of a case's file about them: the course over all versions first, then each with number and judgement."""
    found = versions(work, practice, case)
    entries: list[Entry] = []
    if len(found) > 1:
        course = [f"{each.yes} of {each.asked}" for each in reversed(found)]
        judged = [each.judgement or "as the referrer wrote" for each in reversed(found)]
        entries.append(
            Entry(
                head="The course so far",
                body=f"The tool counted {', then '.join(course)}.\nPeople judged: {', then '.join(judged)}.",
                said="A lower number does not mean that somebody is safer. People judge that.",
            )
        )
    for n, each in enumerate(found):
        stale = n == 0 and each.valid_until is not None and each.valid_until < today
        blank = f", {each.unknown} not known" if each.unknown else ""
        entries.append(
            Entry(
                head=f"Version {each.number}",
                body=f"The tool counted {each.yes} of {each.asked}{blank}: {each.band}.\n"
                f"Judged by a professional: {each.judgement or 'no level was chosen'}."
                + (f" {each.reason}" if each.reason else ""),
                said="Out of date: please assess again before the next meeting." if stale else "",
                state=f"{each.tool}" + (f", good until {_day(each.valid_until)}" if each.valid_until else ""),
                who=each.who,
                at=each.at,
            )
        )
    return tuple(entries)


def stale_on(work: Work, practice: Practice, case: CaseRow, day: date) -> bool:
    """Whether the latest assessment will be out of date on that day, or there is none, where the pathway has a tool
    that goes out of date (M12)."""
    tool = practice.of(case).tool
    if tool is None or tool.valid is None:
        return False
    found = versions(work, practice, case)
    return not found or (found[0].valid_until is not None and found[0].valid_until < day)


def _tool(practice: Practice, case: CaseRow) -> ToolSlot:
    tool = practice.of(case).tool
    if tool is None:
        raise NotFound("This pathway has no risk tool. Describe the risk with “Add a risk” instead.")
    return tool


def _pages(tool: ToolSlot) -> list[tuple[Field, ...]]:
    every = tool.questions
    return [every[at : at + PER_PAGE] for at in range(0, len(every), PER_PAGE)]


def _page(tool: ToolSlot, case: CaseRow, row: RiskAssessmentRow, page: int) -> ToolPage:
    pages = _pages(tool)
    last = page >= len(pages)
    asked = () if last else pages[page]
    counted = ""
    if last:
        score = tool.score(row.answers)
        counted = (
            f"{score.yes} of {score.asked} answered yes, {score.unknown} not known. {tool.band(score).label}."
        )
    return ToolPage(
        id=row.id,
        ref=case.ref,
        title=tool.title,
        notice=tool.notice,
        page=min(page, len(pages)),
        of=len(pages) + 1,
        questions=tuple(
            (each.id, each.label, each.hint, str(row.answers.get(each.id) or "")) for each in asked
        ),
        counted=counted,
    )


def _own(
    work: Work, practice: Practice, id: str, by: Person, now: datetime
) -> tuple[RiskAssessmentRow, CaseRow, ToolSlot]:
    """One's own unfinished assessment of a case that one may still open."""
    row = work.risks.assessment(id)
    case = work.cases.opened(row.case_id, by, "person.record", now)
    if row.by_id != by.id or row.at is not None:
        raise NotFound(
            "This assessment was finished already, or is somebody else’s. Begin again from the case."
        )
    return row, case, _tool(practice, case)


def _check_page(asked: set[str], answers: Mapping[str, Answer]) -> None:
    found = {id: "Choose yes, no or don’t know." for id in asked if answers.get(id) not in SAID}
    if found:
        raise Invalid(found)


def _counted(tool: ToolSlot, score: Score) -> dict[str, int | str]:
    band = tool.band(score).label
    return {"yes": score.yes, "no": score.no, "unknown": score.unknown, "asked": score.asked, "band": band}


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _did(work: Work, case: CaseRow, by: Person, verb: str, facts: Codes, now: datetime) -> None:
    work.audit.write(stream=case.ref, actor=by.id, verb=verb, thing=f"case:{case.id}", facts=facts, at=now)
