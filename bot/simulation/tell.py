"""A simulated year told in plain text, for a terminal and for whoever does not see the plot."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from bot.simulation.outcome import Year
from bot.telling import count, day

WIDE = 100
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NATIONS = {
    "england-and-wales": "England and Wales",
    "scotland": "Scotland",
    "northern-ireland": "Northern Ireland",
}


def told(year: Year) -> Iterator[str]:
    """The lines to print."""
    yield f"{year.title} ({year.pathway} {year.version}): an invented year, {year.year}, seed {year.seed}."
    yield (
        f"{count(year.referrals, 'referral')} by the working days of {NATIONS.get(year.nation, 'the UK')};"
        f" {year.accepted} accepted, {year.closed} closed by the end of the year."
    )
    yield "What people do is made up. Change it with --set NAME=NUMBER or --behaviour FILE:"
    settings = " ".join(f"{name}={value:g}" for name, value in year.behaviour.items())
    yield from (f"  {line}" for line in wrap(settings, WIDE - 2))
    yield ""
    yield "Clocks"
    yield from _table(
        ("clock", "limit", "met", "missed", "% met", "worst late", "not yet due"),
        [
            (
                each.name,
                each.limit,
                str(each.met),
                str(each.missed),
                "-" if each.percent is None else f"{each.percent}%",
                count(each.worst, "working day") if each.missed else "-",
                str(each.running),
            )
            for each in year.clocks
        ],
    )
    yield ""
    yield "Meetings (minutes)"
    yield from _table(
        ("meeting", "held", "cases", "available", "used, mean", "most", "run over", "no quorum", "put off"),
        [
            (
                each.name,
                str(each.held),
                str(each.cases),
                str(each.available),
                f"{each.used:g}",
                str(each.most),
                str(each.over),
                str(each.no_quorum),
                str(each.adjourned),
            )
            for each in year.meetings
        ],
    )
    for each in year.meetings:
        if each.lacking:
            lacked = ", ".join(f"{_words(agency)} ({n})" for agency, n in each.lacking.items())
            yield f"  {each.name}: no quorum for want of {lacked}."
    yield ""
    yield "Cases waiting"
    yield f"  Too late for the list of a panel: {count(year.too_late_for_list, 'case')}."
    for each in year.meetings:
        if each.room is not None:
            yield (
                f"  {each.name}: its panels of the year have minutes for {count(each.room, 'case')},"
                f" {each.wanted} wanted one."
            )
    for why, n in year.waiting.items():
        yield f"  At the end of the year {why}: {n}."
    yield "  Accepted and not yet heard, at the end of each month:"
    yield "    " + ", ".join(f"{name} {n}" for name, n in zip(MONTHS, year.months, strict=True))
    yield ""
    yield "Nudges"
    yield from _table(
        ("agency", "in the year", "a week, mean", "busiest week", "of", "one person, most in a week"),
        [
            (
                _words(each.agency),
                str(each.total),
                f"{each.mean:g}",
                str(each.most),
                day(each.week) if each.week else "-",
                str(each.person),
            )
            for each in year.nudges
        ],
    )
    yield ""
    yield "Dead ends"
    if not year.dead_ends:
        yield "  None found: every question can be reached, every meeting can be held, every case has a way on."
    for end in year.dead_ends:
        yield from wrap(end, WIDE, initial_indent="  - ", subsequent_indent="    ")


def alternative(year: Year) -> str:
    """The plot in words."""
    clocks = "; ".join(
        f"{each.name} {each.percent}% met of {each.met + each.missed}"
        for each in year.clocks
        if each.percent is not None
    )
    months = ", ".join(f"{name} {n}" for name, n in zip(MONTHS, year.months, strict=True))
    nudges = "; ".join(
        f"{_words(each.agency)} {each.mean:g}, busiest week {each.most}" for each in year.nudges
    )
    return (
        f"An invented year of {year.title}, {year.year}, {count(year.referrals, 'referral')}. Clocks met: {clocks}."
        f" Cases accepted and not yet heard at the end of each month: {months}. Nudges a week: {nudges}."
    )


def _words(id: str) -> str:
    return id.replace("_", " ")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns as wide as they need, figures to the right."""
    lines = [head, *rows]
    wide = [max(len(line[n]) for line in lines) for n in range(len(head))]
    figures = [all(row[n][:1].isdigit() or row[n] == "-" for row in rows) and n > 1 for n in range(len(head))]
    for line in lines:
        cells = [
            cell.rjust(size) if right else cell.ljust(size)
            for cell, size, right in zip(line, wide, figures, strict=True)
        ]
        yield "  " + "  ".join(cells).rstrip()
