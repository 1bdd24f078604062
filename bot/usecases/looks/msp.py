"""Counts of what people wanted and what came of it, for reports: numbers only, no case and no words (S1-15, S5-43)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.storage.people_tables import OutcomeCheckRow
from bot.storage.transaction import Work


@dataclass(frozen=True, kw_only=True)
class WishCounts:
    """Of the cases in question: how many people were asked, and what they said at the end.

    `asked` and `not_asked` are cases at their last talk of the start, `closed_on` cases with a talk of the end, of
    which `not_asked_at_end` could not be asked. `met` counts wished outcomes (fully, partly, not), `by_person` those of
    them judged by the person or their advocate, `safer` cases (yes, same, no, not_said).
    """

    asked: int = 0
    not_asked: int = 0
    closed_on: int = 0
    not_asked_at_end: int = 0
    by_person: int = 0
    met: Counter[str] = field(default_factory=Counter)
    safer: Counter[str] = field(default_factory=Counter)


def wish_counts(
    work: Work, area: str, cases: Iterable[str] | None = None, *, drill: bool = False
) -> WishCounts:
    """The counts of an area, of these cases (ids) or of all; of its drill, or of what is real."""
    wanted = None if cases is None else set(cases)
    starts: dict[str, OutcomeCheckRow] = {}
    ends: dict[str, OutcomeCheckRow] = {}
    for check, case in work.people.checks_of_area(area):
        if case.drill != drill or (wanted is not None and case.id not in wanted):
            continue
        if check.moment == "start":
            starts[case.id] = check
        elif check.moment == "end":
            ends[case.id] = check
    met = work.people.met_in([check.id for check in ends.values()])
    return WishCounts(
        asked=sum(check.asked for check in starts.values()),
        not_asked=sum(not check.asked for check in starts.values()),
        closed_on=len(ends),
        not_asked_at_end=sum(not check.asked for check in ends.values()),
        by_person=sum(row.word in ("person", "advocate") for row in met),
        met=Counter(row.met for row in met),
        safer=Counter(check.safer for check in ends.values() if check.safer),
    )
