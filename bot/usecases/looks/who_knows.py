"""What the agencies know, as the case's file and the meeting read it: for people working on the case (S2-48, S4-10)."""

from datetime import date

from bot.domain.area import Practice
from bot.domain.involvement import SUBJECTS, Said
from bot.storage.involvement_tables import InvolvementCheckRow, ResearchReturnRow
from bot.storage.tables import CaseRow
from bot.storage.transaction import Work
from bot.usecases.looks.involvement import research_wanted
from bot.views.cases import Entry

ANSWERS = {Said.NONE: "no reply", Said.KNOWN: "knows them", Said.NOT_KNOWN: "does not know them"}

FLAGS = {
    "yes": "A flag is placed",
    "no": "No flag is placed",
    "not_known": "Not known whether a flag is placed",
}


def who_knows_them(work: Work, practice: Practice, case: CaseRow, today: date) -> tuple[Entry, ...]:
    """Each agency that was asked, whoever knows them first, with what it has said and returned."""
    pathway = practice.of(case)
    order = {Said.KNOWN: 0, Said.NONE: 1, Said.NOT_KNOWN: 2}
    rows = [(work.register.agency(row.agency_id).name, row) for row in work.involvement.of_case(case.id)]
    rows.sort(key=lambda each: (order[Said(each[1].answer)], each[0]))
    found: list[Entry] = []
    for agency, row in rows:
        found.append(_answer(work, agency, row, today))
        returned = work.involvement.standing(row.id)
        found += [_research(work, agency, returned[subject]) for subject in SUBJECTS if subject in returned]
        if not returned and research_wanted(work, pathway, row):
            found.append(Entry(head=f"{agency}: what it holds", state="no return yet"))
    return tuple(found)


def _answer(work: Work, agency: str, row: InvolvementCheckRow, today: date) -> Entry:
    if row.answer == Said.NONE:
        overdue = ", past its day" if row.due_on < today else ""
        stopped = f"Nobody waits for it any longer: {row.stopped_why}" if row.stopped_at else ""
        contact = work.register.row(row.person_id).name if row.person_id else "Nobody in the register to ask"
        return Entry(
            head=agency, state=f"{ANSWERS[Said.NONE]}{overdue}", said=stopped, who=contact, due=row.due_on
        )
    replies = work.involvement.replies(row.id)
    last = replies[-1]
    before = [
        f"Before, on {each.at:%-d %B %Y}: {ANSWERS[Said(each.answer)]}"
        + (f" ({'; '.join(filter(None, (each.since, each.support, each.worker)))})" if each.support else "")
        for each in replies[:-1]
    ]
    lines = [
        f"Since: {last.since}" if last.since else "",
        f"Worker to contact: {last.worker}" if last.worker else "",
        *before,
    ]
    by = work.register.row(last.by_id).name
    return Entry(
        head=agency,
        body=last.support,
        state=ANSWERS[Said(row.answer)],
        said="\n".join(filter(None, lines)),
        who=f"{by}, by e-mail" if last.way == "mail" else by,
        at=last.at,
    )


def _research(work: Work, agency: str, row: ResearchReturnRow) -> Entry:
    lines = [
        f"View of the risk: {row.risk_view}" if row.risk_view else "",
        f"Measures in place: {row.measures}" if row.measures else "",
    ]
    return Entry(
        head=f"{agency}: {SUBJECTS[row.subject].lower()}",
        body=row.facts if row.held == "facts" else "Nothing held.",
        said="\n".join(filter(None, lines)),
        state=FLAGS[row.flag],
        who=work.register.row(row.by_id).name,
        at=row.at,
    )
