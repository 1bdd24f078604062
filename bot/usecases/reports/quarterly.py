"""The national quarterly return: how many cases were heard and who they were about; totals only (SafeLives, T26)."""

from bot.usecases.reports.board import SMALL_NUMBERS
from bot.usecases.reports.equality import broken_down
from bot.usecases.reports.figures import Scope
from bot.views.reports import Section


def sections(scope: Scope) -> tuple[Section, ...]:
    """The return: each case that was heard in the period counts once."""
    return (
        Section(heading="How to read the numbers", paragraphs=(SMALL_NUMBERS,)),
        Section(
            heading="Cases heard",
            paragraphs=("A case counts once, in the period in which a meeting heard it.",),
            tables=broken_down(scope),
        ),
    )
