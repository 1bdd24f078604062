"""Evidence for a tender: protocols, out-of-hours routes, contact points, proof (S5-33 to S5-36, S5-38)."""

from bot.domain.pathway import Pathway
from bot.domain.proof import sentence
from bot.domain.sampling import drawn
from bot.domain.suppression import SMALL, figure
from bot.domain.workdays import Length, Unit
from bot.storage.transaction import Work
from bot.usecases.reports import figures
from bot.usecases.reports.board import SMALL_NUMBERS
from bot.usecases.reports.figures import Scope
from bot.views.reports import Section, Table

SENTENCES = 6
"""Proof sentences shown, at most."""

POINTS = ("agency_lead", "representative", "coordinator", "chair")
"""The roles that make a person a contact point of their agency."""


def sections(work: Work, scope: Scope) -> tuple[Section, ...]:
    """The pack."""
    area = scope.practice.area
    wanted = scope.tallies.pathway
    pathways = [each for each in scope.practice.enabled if wanted in (None, each.id)]
    deadlines, timeliness = figures.clocks(scope)
    return (
        Section(heading="How to read the numbers", paragraphs=(SMALL_NUMBERS,)),
        Section(heading="Joint protocols", tables=tuple(protocol(each) for each in pathways)),
        Section(
            heading="Outside working hours",
            paragraphs=(
                *((area.out_of_hours,) if area.out_of_hours else ()),
                *(f"{each.title}: {each.emergency.headline}." for each in pathways),
            ),
            blank="" if area.out_of_hours else "The area’s file names no route outside hours. It should.",
        ),
        Section(heading="Named contact points", tables=(contact_points(work, scope),)),
        Section(heading="What was done, and when", tables=(proofs(scope),)),
        Section(
            heading="Timely decisions", tables=(figures.intervals(scope), deadlines), plots=(timeliness,)
        ),
    )


def protocol(pathway: Pathway) -> Table:
    """One protocol: who must come, and what is due when (S5-33)."""
    rows = [("Decision on a concern", told(pathway.triage.due))]
    rows += [(stage.title, told(stage.due) if stage.due else "No deadline") for stage in pathway.stages]
    quorum = pathway.quorum
    rows.append(
        (
            "Agencies that must be there",
            ", ".join(each.replace("_", " ") for each in quorum.required) or "None named",
        )
    )
    rows.append(("Agencies there at least", str(quorum.min_agencies)))
    return Table(
        title=f"{pathway.title}, version {pathway.version}", columns=("What", "Rule"), rows=tuple(rows)
    )


def contact_points(work: Work, scope: Scope) -> Table:
    """Who speaks for each agency, and by which ways staff reach them; no numbers and no addresses (S5-34)."""
    names = scope.tallies.agencies()
    rows = []
    for person in work.register.people(scope.practice.area.id):
        row = work.register.row(person.id)
        if not set(row.roles) & set(POINTS):
            continue
        ways = ["chat"] if row.slack_user or person.lives_in else []
        ways += ["e-mail", *(["telephone"] if row.phone else [])]
        checked = "Not yet" if row.verified_on is None else "Yes"
        rows.append(
            (
                names.get(person.agency_id, ""),
                person.name,
                person.title or "Contact point",
                ", ".join(ways),
                "Yes" if person.deputy_id else "No",
                checked,
            )
        )
    return Table(
        title="Who speaks for each agency",
        columns=("Agency", "Name", "Post", "Staff reach them by", "Has a deputy", "Details checked"),
        rows=tuple(sorted(rows)),
        empty="The register names no contact point.",
    )


def proofs(scope: Scope) -> Table:
    """Proof sentences without identities, some drawn by chance; none of fewer than five concerns (S5-36, S5-38)."""
    zone = scope.practice.area.zone
    found = [said for way in scope.tallies.ways() if (said := sentence(way.moments, zone))]
    title, columns = "From the concern to the plan, in examples", ("Example", "What the record shows")
    if len(found) < SMALL:
        return Table(
            title=title, columns=columns, rows=(), empty="Too few concerns to show any without telling whose."
        )
    chosen = drawn(found, str(scope.period), SENTENCES)
    return Table(
        title=title,
        columns=columns,
        rows=tuple((str(n), said) for n, said in enumerate(sorted(chosen), start=1)),
        note=f"Drawn by chance from the {figure(len(found))} concerns for which something can be proved. Each"
        " sentence is made of the record’s own moments and nothing else.",
    )


def told(length: Length) -> str:
    """A length of time in words."""
    if length.unit is Unit.SAME_DAY:
        return "The same day"
    units = {Unit.WD: "working day", Unit.HOURS: "clock hour", Unit.DAYS: "day", Unit.MONTHS: "month"}
    return f"{length.n} {units[length.unit]}{'' if length.n == 1 else 's'}"
