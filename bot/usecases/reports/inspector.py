"""The bundle for an inspector: timeliness, reasons, voice, partners, learning; nobody named (S5-39, S2-50)."""

from bot.domain.sampling import drawn
from bot.domain.suppression import SMALL
from bot.usecases.reports import figures
from bot.usecases.reports.board import SMALL_NUMBERS
from bot.usecases.reports.figures import Scope
from bot.views.reports import Section, Table

SAMPLE = 20
"""Decisions in the sample, at most."""


def sections(scope: Scope) -> tuple[Section, ...]:
    """The bundle, by what an inspector looks for."""
    came, _ = figures.concerns(scope)
    deadlines, timeliness = figures.clocks(scope)
    became, completion = figures.actions(scope)
    return (
        Section(heading="How to read the numbers", paragraphs=(SMALL_NUMBERS,)),
        Section(heading="Concerns and what was decided", tables=(came, figures.advice(scope))),
        Section(heading="Without delay", tables=(figures.intervals(scope), deadlines), plots=(timeliness,)),
        Section(
            heading="Decisions and their reasons",
            paragraphs=(
                "No decision can be recorded without its reasons, the options considered, the law and a date of review."
                " What they say stays in the case’s record and is not in this bundle.",
            ),
            tables=(decision_log(scope),),
        ),
        Section(heading="The person’s wishes", tables=(figures.voices(scope),)),
        Section(
            heading="Partners’ response",
            tables=(figures.attendance(scope), figures.answers(scope), became),
            plots=(completion,),
        ),
        Section(heading="Information shared by mistake", tables=(figures.breaches(scope),)),
        Section(heading="Review", tables=(figures.meetings(scope), figures.repeats(scope))),
        Section(heading="Learning", tables=(figures.learning(scope),)),
    )


def decision_log(scope: Scope) -> Table:
    """A sample of the decision log: kind, law and whether it was contested; no words, dates or references (S5-39).

    Drawn by chance, and the same each time for the same record; nothing of fewer than five decisions.
    """
    found = scope.tallies.decisions()
    title = "A sample of the decision log"
    columns = ("Decision", "Law named", "Dissent on record", "To be reviewed")
    if len(found) < SMALL:
        return Table(
            title=title,
            columns=columns,
            rows=(),
            empty="Too few decisions to show any without telling whose.",
        )
    rows = []
    for pathway, kind, laws, _, dissent, review in drawn(found, str(scope.period), SAMPLE):
        known = scope.practice.pathways.get(pathway)
        kinds = {each.id: each.label for each in known.decisions} if known else {}
        names = {each.id: each.label for each in known.laws} if known else {}
        rows.append(
            (
                kinds.get(kind, kind.replace("_", " ").capitalize()),
                ", ".join(names.get(law, law.replace("_", " ")) for law in laws) or "None named",
                "Yes" if dissent else "No",
                "Yes" if review else "No",
            )
        )
    return Table(title=title, columns=columns, rows=tuple(sorted(rows)))
