"""The board's report: what came in, how fast, what the agencies did, what was learnt; totals (S4-20, S4-24)."""

from collections import Counter

from bot.domain.suppression import figure, lists
from bot.usecases.reports import figures
from bot.usecases.reports.equality import broken_down
from bot.usecases.reports.figures import Scope
from bot.views.reports import Section, Table

SMALL_NUMBERS = (
    "A star is a number from 0 to 4; every other number is rounded to the nearest 5. A “c” is a number withheld so that"
    " no star can be worked out by taking one number from another. Shares are worked out from what is"
    " shown, and left out like middles where it is too little. Nobody and no case is named."
)


def sections(scope: Scope) -> tuple[Section, ...]:
    """The report, heading by heading; what only people can write is left blank and says so."""
    came, sent = figures.concerns(scope)
    deadlines, timeliness = figures.clocks(scope)
    became, completion = figures.actions(scope)
    return (
        Section(heading="How to read the numbers", paragraphs=(SMALL_NUMBERS,)),
        Section(heading="What came in", tables=(came, sent, figures.advice(scope), figures.repeats(scope))),
        Section(
            heading="How fast people were helped",
            tables=(deadlines, figures.intervals(scope)),
            plots=(timeliness,),
        ),
        Section(heading="What the agencies did", tables=(became,), plots=(completion,)),
        Section(
            heading="Who took part",
            tables=(figures.meetings(scope), figures.attendance(scope), figures.answers(scope)),
        ),
        Section(heading="The person’s own voice", tables=(figures.voices(scope),)),
        Section(heading="What was learnt", tables=(figures.learning(scope),)),
        Section(
            heading="Priorities",
            blank="To be written by the coordinator: how this serves the board’s priorities, and what it needs.",
        ),
        Section(
            heading="Equality",
            tables=broken_down(scope),
            blank="To be written: who is not reached, and what is done about it.",
        ),
        Section(
            heading="Legal",
            tables=(law(scope),),
            blank="To be written or confirmed by legal services.",
        ),
        Section(
            heading="Finance",
            tables=(cost(scope),),
            blank="To be written: what an hour of a panel costs each agency. Convenor holds no money figures.",
        ),
    )


def law(scope: Scope) -> Table:
    """The law on which decisions rest: in how many decisions of the period each is named (S2-41)."""
    names = {law.id: law.label for pathway in scope.practice.enabled for law in pathway.laws}
    found: Counter[str] = Counter()
    for _, _, laws, *_ in scope.tallies.decisions():
        found.update(set(laws))
    return Table(
        title="The law that decisions rest on",
        columns=("Law", "Decisions that name it"),
        rows=tuple(
            (names.get(id, id.replace("_", " ")), str(figure(number)))
            for id, number in sorted(found.items(), key=lambda each: (-each[1], names.get(each[0], each[0])))
        ),
        note="One decision may name several.",
        empty="No decision was recorded in this period.",
    )


def cost(scope: Scope) -> Table:
    """The time that meetings had set aside for cases: the base of what they cost (S4-19)."""
    heard = sum(scope.tallies.voices().values())
    shown = lists(heard, []).total
    minutes = scope.tallies.minutes()
    each = "too few to tell" if shown.number is None else f"about {round(minutes / heard / 5) * 5} minutes"
    return Table(
        title="Meeting time",
        columns=("What", "How much"),
        rows=(
            ("Cases heard at meetings, each time counted", str(shown)),
            ("Set aside for each on the agenda", each),
        ),
    )
