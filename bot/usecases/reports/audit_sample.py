"""A sample of cases for an audit of coordination: by chance, and the same again for the same seed (S5-41, S2-50).

It lists references, which mean nothing outside the record: an auditor opens each case's file under their own name.
"""

from bot.domain.errors import Invalid
from bot.domain.sampling import drawn
from bot.usecases.reports.figures import Scope
from bot.views.reports import Section, Table

CHECKS = (
    "The concern was decided by a named person, with reasons",
    "The person’s own views are on record, or why not",
    "The agencies that matter were asked, and came or sent information",
    "Decisions have reasons, options, law and a date of review",
    "Each action has an owner and a date, and ended with an outcome",
    "What was shared, with whom and why is on record",
    "Coordination reduced the risk, or the record says why not",
)


def sections(scope: Scope, seed: str, number: int) -> tuple[Section, ...]:
    """The sample with a form to fill in. Invalid (`seed`, `number`) for none, or for no number."""
    if not seed.strip():
        raise Invalid(
            {"seed": "Give a seed, such as the date of the audit: by it the sample can be drawn again."}
        )
    if number < 1:
        raise Invalid({"number": "Give how many cases to draw, one or more."})
    refs = drawn(scope.tallies.refs(), seed.strip(), number)
    return (
        Section(
            heading="The sample",
            paragraphs=(
                f"Drawn with the seed “{seed.strip()}”. The same seed, number, period and pathway draw the same cases"
                " again, as long as the record of that period stands as it did. That this was drawn is on record.",
            ),
            tables=(
                Table(
                    title="Cases to look into",
                    columns=("Case", "Looked into by", "On", "Good, fair or poor", "What was found"),
                    rows=tuple((ref, "", "", "", "") for ref in refs),
                    empty="No case was worked on in this period.",
                ),
            ),
        ),
        Section(
            heading="What to look for",
            paragraphs=("For each case: yes, in part or no, and where in the file you saw it.",),
            tables=(
                Table(
                    title="Checklist for each case",
                    columns=("Check", *(refs or ("Case",))),
                    rows=tuple((check, *([""] * max(1, len(refs)))) for check in CHECKS),
                ),
            ),
        ),
    )
