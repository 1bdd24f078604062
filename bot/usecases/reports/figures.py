"""Tables that several reports share, each published whole, so that its figures protect each other (IG-37).

A table gives what it takes from `bot.storage.tallies` through `bot.domain.suppression`; no true count leaves here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.area import Practice
from bot.domain.breach import VERDICTS as BREACH_VERDICTS
from bot.domain.period import Period
from bot.domain.suppression import Grid, figure, grid, lists, middle, share, share_of
from bot.storage.tallies import CAME, Fate, Tallies
from bot.views.reports import AgencyBar, Completion, Month, StageMonths, Table, Timeliness

TOO_FEW = "too few to tell"

MONTHS_SHOWN = 12
"""Of a longer period the plot shows the last so many months."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What every table needs: the counts, the practice, and the moment the report is made."""

    tallies: Tallies
    practice: Practice
    now: datetime

    @property
    def today(self) -> date:
        """The area's local date."""
        return self.practice.today(self.now)

    @property
    def period(self) -> Period:
        """The time that the report is about."""
        return self.tallies.period

    def stages(self) -> dict[tuple[str, str], str]:
        """What the stages of the area's pathways are called, by the ids of pathway and stage, in their order.

        The pathway is named too where two of them call a stage alike.
        """
        wanted = self.tallies.pathway
        chosen = [each for each in self.practice.enabled if wanted in (None, each.id)]
        titles = Counter(stage.title for pathway in chosen for stage in pathway.stages)
        return {
            (pathway.id, stage.id): stage.title
            if titles[stage.title] == 1
            else f"{stage.title} ({pathway.title})"
            for pathway in chosen
            for stage in pathway.stages
        }


STATES = (
    ("Accepted", ("accepted",)),
    ("Not accepted", ("not_accepted",)),
    ("Sent another way", ("redirected",)),
    ("Known already", ("duplicate",)),
    ("Not decided yet", ("triage", "needs_info")),
)


def concerns(scope: Scope) -> tuple[Table, Table]:
    """What came in and what was decided; and from which agencies (S3-19, S4-20)."""
    states, agencies, names = scope.tallies.referrals(), scope.tallies.referrers(), scope.tallies.agencies()
    by_state = [sum(states.get(state, 0) for state in of) for _, of in STATES]
    senders = sorted(agencies, key=lambda id: names.get(id, id))
    published = lists(sum(by_state), [by_state, [agencies[id] for id in senders]])
    came = Table(
        title="Concerns that came in, and what was decided",
        columns=("Decision", "Concerns"),
        rows=(
            *((name, str(shown)) for (name, _), shown in zip(STATES, published.lists[0], strict=True)),
            ("All", str(published.total)),
        ),
    )
    sent = Table(
        title="Who raised them",
        columns=("Agency", "Concerns"),
        rows=tuple(
            (names.get(id, "An agency that has left"), str(shown))
            for id, shown in zip(senders, published.lists[1], strict=True)
        ),
        empty="No concern came in.",
    )
    return came, sent


STEPS = (
    ("From the incident to the concern", "days"),
    ("From the concern to a person’s decision", "hours"),
    ("From the concern to the first joint discussion", "days"),
    ("From the first joint discussion to the plan", "days"),
    ("From the concern to the plan", "days"),
    ("From the incident to the plan", "days"),
)


def intervals(scope: Scope) -> Table:
    """How long each step took, as the middle of all that are known: half took longer (S4-04)."""
    found: dict[str, list[float]] = {name: [] for name, _ in STEPS}
    zone = scope.practice.area
    for way in scope.tallies.ways():
        at = way.moments
        received = at.received_at
        incident = _a_day(way.incident_on)
        days = {
            "From the incident to the concern": _apart(incident, zone.today(received)),
            "From the incident to the plan": _apart(incident, at.planned_at and zone.today(at.planned_at)),
            "From the concern to the first joint discussion": _apart(
                zone.today(received), at.met_at and zone.today(at.met_at)
            ),
            "From the first joint discussion to the plan": _apart(
                at.met_at and zone.today(at.met_at), at.planned_at and zone.today(at.planned_at)
            ),
            "From the concern to the plan": _apart(
                zone.today(received), at.planned_at and zone.today(at.planned_at)
            ),
        }
        for name, value in days.items():
            if value is not None:
                found[name].append(value)
        if at.decided_at is not None and at.decided_at >= received:
            found["From the concern to a person’s decision"].append(
                (at.decided_at - received).total_seconds() / 3600
            )
    return Table(
        title="How long each step took",
        columns=("Step", "Middle", "Known for"),
        rows=tuple((name, _long(found[name], unit), str(figure(len(found[name])))) for name, unit in STEPS),
        note="Half of the cases took longer than the middle. It is told for five or more, in calendar days or hours.",
    )


def _long(values: Sequence[float], unit: str) -> str:
    found = middle(values)
    if found is None:
        return TOO_FEW
    if not found:
        return "the same day" if unit == "days" else "within the hour"
    return f"{found} {unit if found != 1 else unit[:-1]}"


def _apart(start: date | None, end: date | None) -> int | None:
    return None if start is None or end is None or end < start else (end - start).days


def _a_day(answer: str) -> date | None:
    try:
        return date.fromisoformat(answer)
    except ValueError:  # not known, or not asked
        return None


def clocks(scope: Scope) -> tuple[Table, Timeliness]:
    """The stages' deadlines, met and missed; and the share met month by month (T06, T07, S4-24).

    A stage's months and its totals are published together, for the months add up to them.
    """
    titles = scope.stages()
    months = scope.period.months
    counts: dict[tuple[str, str], Counter[tuple[tuple[int, int], bool]]] = defaultdict(Counter)
    for held in scope.tallies.clocks(scope.now):
        counts[held.pathway, held.stage][(held.due_on.year, held.due_on.month), held.met] += held.number
    rows, panels = [], []
    for stage in [*titles, *(id for id in counts if id not in titles)]:
        if stage not in counts:
            continue
        published, spans = _by_months(counts[stage], months)
        met, missed = published.column_totals
        name = titles.get(stage, stage[1].replace("_", " ").capitalize())
        rows.append((name, str(met), str(missed), share(met, missed) or TOO_FEW))
        shares = [
            Month(first=date(*span[0], 1), met=share_of(*cells), many=len(span))
            for span, cells in zip(spans, published.cells, strict=True)
        ]
        panels.append(StageMonths(stage=name, months=tuple(shares[-MONTHS_SHOWN:])))
    table = Table(
        title="Deadlines met and missed",
        columns=("Stage", "Met", "Missed", "Share met"),
        rows=tuple(rows),
        note="By the day on which each was due. One that has not passed yet is in neither column.",
        empty="No deadline fell in this period.",
    )
    return table, Timeliness(stages=tuple(panels))


Span = Sequence[tuple[int, int]]


def _by_months(
    counts: Mapping[tuple[tuple[int, int], bool], int], months: Span
) -> tuple[Grid, Sequence[Span]]:
    """Met and missed by month; by quarters of the year where most months have too few to show."""
    by_month = [[month] for month in months]
    quarters: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for year, month in months:
        quarters[year, (month - 1) // 3].append((year, month))
    published = _spans(counts, by_month)
    shown = sum(share_of(*cells) is not None for cells in published.cells)
    if len(quarters) > 1 and 2 * shown < len(months):
        return _spans(counts, list(quarters.values())), list(quarters.values())
    return published, by_month


def _spans(counts: Mapping[tuple[tuple[int, int], bool], int], spans: Sequence[Span]) -> Grid:
    return grid(
        [[sum(counts.get((month, met), 0) for month in span) for met in (True, False)] for span in spans],
        row_totals=False,
    )


FATES = ("Done", "Things changed", "Not done", "Replaced or withdrawn", "Overdue", "Still running")
_FATE = {
    "done": "Done",
    "not_possible_circumstances_changed": "Things changed",
    "not_done_by_agency": "Not done",
    "superseded": "Replaced or withdrawn",
    "withdrawn_by_meeting": "Replaced or withdrawn",
}


def actions(scope: Scope) -> tuple[Table, Completion]:
    """What became of the actions that were due, by agency (S1-17, S4-20)."""
    fates, days = scope.tallies.actions(scope.today), scope.tallies.days_to_done()
    names = scope.tallies.agencies()
    by_agency: dict[str, Counter[str]] = defaultdict(Counter)
    accepted: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for fate in fates:
        by_agency[fate.agency][_became(fate)] += fate.number
        accepted[fate.agency][0 if fate.accepted else 1] += fate.number
    agencies = sorted(by_agency, key=lambda id: names.get(id, id))
    if not agencies:
        return _no_actions(), Completion(agencies=())
    published = grid([[by_agency[id][word] for word in FATES] for id in agencies])
    rows, bars = [], []
    for id, cells, total in zip(agencies, published.cells, published.row_totals, strict=True):
        taken = share(*(figure(number) for number in accepted[id]))
        name = names.get(id, "An agency that has left")
        rows.append(
            (
                name,
                *map(str, cells),
                str(total),
                taken or TOO_FEW,
                _long(days.get(id, ()), "days"),
            )
        )
        bars.append(
            AgencyBar(agency=name, done=cells[0], not_done=cells[2], overdue=cells[4], going=cells[5])
        )
    rows.append(("All agencies", *map(str, published.column_totals), str(published.total), "", ""))
    table = Table(
        title="What became of the actions",
        columns=("Agency", *FATES, "All", "Accepted by the owner", "Middle time to done"),
        rows=tuple(rows),
        note="Actions whose deadline lies in the period. “Not done” is the agency’s own word or the chair’s.",
    )
    return table, Completion(agencies=tuple(bars))


def _no_actions() -> Table:
    return Table(
        title="What became of the actions",
        columns=("Agency", *FATES, "All", "Accepted by the owner", "Middle time to done"),
        rows=(),
        empty="No action was due in this period.",
    )


def _became(fate: Fate) -> str:
    if fate.outcome is not None:
        return _FATE[fate.outcome]
    return "Overdue" if fate.overdue else "Still running"


def attendance(scope: Scope) -> Table:
    """Which agencies that have signed up came to the meetings held (S3-30, S4-20)."""
    found, names = scope.tallies.attendance(), scope.tallies.agencies()
    columns = ("Came", "Sent a deputy", "Apologies", "Did not come")
    kinds = (CAME[:1], CAME[1:], ("apologies", "apologies_information"), ("absent",))
    counts = [[sum(found.get((id, status), 0) for status in kind) for kind in kinds] for id in names]
    if not counts:
        return Table(title="Who came to the meetings", columns=("Agency", *columns), rows=())
    published = grid(counts)
    rows = []
    for name, numbers, cells, total in zip(
        names.values(), counts, published.cells, published.row_totals, strict=True
    ):
        came = share(figure(numbers[0] + numbers[1]), figure(numbers[2] + numbers[3]))
        rows.append((name, *map(str, cells), str(total), came or TOO_FEW))
    return Table(
        title="Who came to the meetings",
        columns=("Agency that has signed up", *columns, "Asked to", "Share there"),
        rows=tuple(rows),
        note="Every agency that has signed up is listed, also one that was never asked.",
    )


def answers(scope: Scope) -> Table:
    """How many invitations each agency answered (S4-14)."""
    found, names = scope.tallies.invitations(), scope.tallies.agencies()
    asked = [id for id in names if (id, True) in found or (id, False) in found]
    title, columns = "Invitations answered", ("Agency", "Answered", "Not answered", "Share answered")
    if not asked:
        return Table(title=title, columns=columns, rows=(), empty="Nobody was invited in this period.")
    published = grid([[found.get((id, said), 0) for said in (True, False)] for id in asked])
    return Table(
        title=title,
        columns=columns,
        rows=tuple(
            (names[id], str(cells[0]), str(cells[1]), share(*cells) or TOO_FEW)
            for id, cells in zip(asked, published.cells, strict=True)
        ),
    )


HEARD = {
    "attended": "The person was there",
    "advocate": "Through an advocate or adviser",
    "in_writing": "In writing",
    "told_professional": "Told to a professional",
    "not_obtained": "Could not be obtained, why is on record",
    "": "Nothing on record",
}


def voices(scope: Scope) -> Table:
    """How the person's own views came to the meetings (S2-18, S1-09)."""
    return _list(
        "The person’s own views, for each case heard",
        ("How they came to the meeting", "Cases heard"),
        {HEARD.get(how, how): number for how, number in scope.tallies.voices().items()},
        HEARD.values(),
        empty="No case was heard in this period.",
    )


def meetings(scope: Scope) -> Table:
    """Discussions, panels and reviews held (S3-33)."""
    words = {"discussion": "Case discussions", "panel": "Panels", "review": "Reviews"}
    found = {words.get(kind, kind): number for kind, number in scope.tallies.meetings().items()}
    return _list("Meetings held", ("Kind", "Meetings"), found, words.values(), empty="No meeting was held.")


def repeats(scope: Scope) -> Table:
    """How many of the cases opened are repeats (T21)."""
    again, new = scope.tallies.repeats()
    found = {"Came before, within the pathway’s time": again, "New": new}
    return _list("Cases opened", ("Case", "Cases"), found, found, empty="No case was opened.")


def _list(
    title: str, columns: tuple[str, str], found: Mapping[str, int], order: Iterable[str], *, empty: str
) -> Table:
    """Counts that make up a whole, with the whole."""
    names = [*order, *(name for name in found if name not in set(order))]
    numbers = [found.get(name, 0) for name in names]
    if not sum(numbers):
        return Table(title=title, columns=columns, rows=(), empty=empty)
    published = lists(sum(numbers), [numbers])
    rows = [(name, str(shown)) for name, shown in zip(names, published.lists[0], strict=True)]
    return Table(title=title, columns=columns, rows=(*rows, ("All", str(published.total))))


SOURCES = {
    "case": "A case of ours",
    "board_review": "A review of the safeguarding board",
    "event": "An event or training",
    "audit": "An audit",
    "dispute": "A dispute between agencies",
}
"""Where a lesson came from (S1-19, S5-09, S5-29)."""


def learning(scope: Scope) -> Table:
    """Lessons by where they came from: verified by somebody else than their owner, open, overdue (S5-09, S1-19)."""
    found = scope.tallies.learning(scope.today)
    title = "Lessons, and whether practice has changed"
    columns = ("Where the lesson came from", "Change verified", "Open", "Overdue")
    sources = [source for source in SOURCES if any(of == source for of, _ in found)]
    if not sources:
        return Table(title=title, columns=columns, rows=(), empty="No lesson is on record for this period.")
    published = grid(
        [[found.get((source, how), 0) for how in ("verified", "open", "overdue")] for source in sources]
    )
    return Table(
        title=title,
        columns=(*columns, "All"),
        rows=tuple(
            (SOURCES[source], *map(str, cells), str(total))
            for source, cells, total in zip(sources, published.cells, published.row_totals, strict=True)
        ),
        note="Verified means that somebody other than the owner has seen that practice has changed.",
    )


def breaches(scope: Scope) -> Table:
    """Recalled items: whether somebody decided within 72 hours whether it is reported, and what (IG-36)."""
    found = scope.tallies.breaches()
    title = "Information recalled as a possible breach"
    columns = ("Decision", "In 72 hours", "Later", "Not decided yet")
    if not found:
        return Table(title=title, columns=columns, rows=(), empty="Nothing that was shared was recalled.")
    rows = (*BREACH_VERDICTS.items(), ("", "No decision yet"))
    published = grid(
        [[found.get((verdict, how), 0) for how in ("in_time", "late", "waiting")] for verdict, _ in rows]
    )
    return Table(
        title=title,
        columns=(*columns, "All"),
        rows=tuple(
            (label, *map(str, cells), str(total))
            for (_, label), cells, total in zip(rows, published.cells, published.row_totals, strict=True)
        ),
        note="The 72 hours run from the recall. What was decided is under the name of a person in the record.",
    )


def advice(scope: Scope) -> Table:
    """Advice on the threshold without a case, by the agency that asked, and whether a concern came of it (S5-13)."""
    found, names = scope.tallies.advice(), scope.tallies.agencies()
    title = "Advice given without a case"
    columns = ("Agency that asked", "Became a concern", "Not so far")
    agencies = sorted({agency for agency, _ in found}, key=lambda id: names.get(id, id))
    if not agencies:
        return Table(title=title, columns=columns, rows=(), empty="No advice was logged.")
    published = grid([[found.get((id, came), 0) for came in (True, False)] for id in agencies])
    return Table(
        title=title,
        columns=(*columns, "All"),
        rows=tuple(
            (names.get(id, "An agency that has left"), *map(str, cells), str(total))
            for id, cells, total in zip(agencies, published.cells, published.row_totals, strict=True)
        ),
        note="Of every pathway together, since it belongs to none before a concern is raised.",
    )
