"""Make a report, and write down that it was made (S2-50, IG-29)."""

from datetime import datetime
from typing import get_args

from bot.domain.area import Practice
from bot.domain.errors import Invalid
from bot.domain.period import Period
from bot.storage.tallies import Tallies
from bot.storage.transaction import Begin, Work
from bot.usecases.reports import audit_sample, board, inspector, out_of_hours, quarterly, tender
from bot.usecases.reports.figures import Scope
from bot.views.reports import Kind, Report, Section

TITLES: dict[Kind, str] = {
    "board": "Report to the board",
    "inspector": "Bundle for an inspector",
    "tender": "Evidence of working together",
    "return": "Quarterly return",
    "out-of-hours": "Concerns outside working hours",
    "audit-sample": "Sample for an audit",
}

KINDS: tuple[Kind, ...] = get_args(Kind)


def make_report(
    begin: Begin,
    practice: Practice,
    kind: str,
    period: Period,
    pathway: str = "",
    *,
    by: str,
    now: datetime,
    reference: str = "",
    seed: str = "",
    number: int = 10,
) -> Report:
    """The report, of one enabled pathway by its id or alias, or of all of them.

    `reference` is that of the action which asks for it (S1-20); `seed` and `number` are for a sample. Invalid for a
    kind that is none (field `kind`), NotFound for a pathway that is none.
    """
    with begin() as work:
        found = report(
            work, practice, kind, period, pathway, now=now, reference=reference, seed=seed, number=number
        )
        work.audit.write(
            stream="reports",
            actor=by,
            verb="report.made",
            thing=f"report:{found.kind}",
            facts={
                "first": period.first,
                "last": period.last,
                "pathway": practice.named(pathway).id if pathway else "",
                "drawn": number if found.kind == "audit-sample" else 0,
            },
            at=now,
        )
        return found


def report(
    work: Work,
    practice: Practice,
    kind: str,
    period: Period,
    pathway: str = "",
    *,
    now: datetime,
    reference: str = "",
    seed: str = "",
    number: int = 10,
) -> Report:
    """The same without a trace: for a message whose sending is on record already."""
    known = next((each for each in KINDS if each == kind), None)
    if known is None:
        raise Invalid({"kind": f"There is no report “{kind}”. You can choose: {', '.join(KINDS)}."})
    chosen = practice.named(pathway) if pathway else None
    area = practice.area
    tallies = Tallies(
        work.session, area.id, area.zone, area.drill, period, chosen.id if chosen is not None else None
    )
    scope = Scope(tallies=tallies, practice=practice, now=now)
    return Report(
        kind=known,
        title=TITLES[known],
        area=area.name,
        period=period,
        pathway=chosen.title if chosen is not None else "",
        reference=reference,
        made_at=now,
        drill=area.drill,
        sections=_sections(work, scope, known, seed, number),
    )


def _sections(work: Work, scope: Scope, kind: Kind, seed: str, number: int) -> tuple[Section, ...]:
    match kind:
        case "board":
            return board.sections(scope)
        case "inspector":
            return inspector.sections(scope)
        case "tender":
            return tender.sections(work, scope)
        case "return":
            return quarterly.sections(scope)
        case "out-of-hours":
            return out_of_hours.sections(scope)
        case "audit-sample":
            return audit_sample.sections(scope, seed, number)
