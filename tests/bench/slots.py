"""How fast the slot search is, as ratios within one run, against two honest ways of doing less.

`naive` answers the same question by looking at every start, person and span; `portion`, a well-known interval
library, answers a simpler one: when are all of them free? Invented diaries, the same in every run.
"""

import random
import time as clock
from collections.abc import Callable
from datetime import date, timedelta

import portion

from bot.domain.availability import parse_pattern, working_spans
from bot.domain.slots import Attendee, Need, Question, Quorum, Source, find
from bot.domain.spans import Span, merged, whole_days
from bot.domain.workdays import LONDON, Nation, WorkingDays

PATTERNS = ("mon-fri 09:00-17:00", "mon-fri 09:00-17:00", "mon-wed 09:00-17:00", "tue-fri 09:30-14:30")
FIRST = date(2026, 3, 2)


def diaries(people: int, days: int, agencies: int) -> Question:
    """A question of this size: a good third of every working day is taken, some of it only perhaps."""
    rng = random.Random(20260302)
    window = whole_days(FIRST, FIRST + timedelta(days=days - 1), LONDON)
    weeks = [working_spans(parse_pattern(pattern), window) for pattern in PATTERNS]
    attendees = []
    for n in range(people):
        working = rng.choice(weeks)
        spans = [
            Span(start, start + timedelta(minutes=rng.choice((30, 60, 60, 90))))
            for day in working
            for start in (day.start + timedelta(minutes=15 * rng.randrange(28)) for _ in range(3))
        ]
        firm = rng.sample(spans, round(len(spans) * 0.85))
        attendees.append(
            Attendee(
                id=f"p{n}",
                agency=f"a{n % agencies}",
                source=Source.DIARY_READ,
                working=working,
                busy=tuple(sorted(firm)),
                tentative=tuple(sorted(set(spans) - set(firm))),
            )
        )
    of = [tuple(p.id for p in attendees if p.agency == f"a{n}") for n in range(agencies)]
    half = [max(1, len(ids) // 2) for ids in of]
    needs = tuple(
        Need(agency=f"a{n}", any_of=ids[: half[n]], deputies=ids[half[n] :], required=n < agencies * 2 // 3)
        for n, ids in enumerate(of)
    )
    return Question(
        window=window,
        length=timedelta(minutes=90),
        attendees=tuple(attendees),
        needs=needs,
        days=WorkingDays(Nation.ENGLAND_AND_WALES),
        chairs=("p0", "p1"),
        quorum=Quorum(agencies=agencies * 3 // 4),
        deadline=FIRST + timedelta(days=days - 1),
    )


Times = list[tuple[float, float]]


def touched(spans: Times, start: float, end: float) -> bool:
    """Whether a meeting would touch one of the sorted spans; stops looking once past it."""
    for a, b in spans:
        if a >= end:
            return False
        if b > start:
            return True
    return False


def holds(spans: Times, start: float, end: float) -> bool:
    """Whether one of the sorted spans holds the whole meeting."""
    for a, b in spans:
        if a > start:
            return False
        if end <= b:
            return True
    return False


def naive(question: Question) -> float | None:
    """The best start, as epoch seconds, by looking at every start, person and span."""

    def seconds(spans: tuple[Span, ...]) -> Times:
        return [(s.start.timestamp(), s.end.timestamp()) for s in spans]

    times = {
        p.id: (seconds(merged(p.working)), seconds(p.busy), seconds(p.tentative)) for p in question.attendees
    }
    step, length = question.step.total_seconds(), question.length.total_seconds()
    ranked = []
    at = question.window.start.timestamp()
    while at + length <= question.window.end.timestamp():
        end = at + length
        maybe = {
            id: touched(tentative, at, end)
            for id, (working, busy, tentative) in times.items()
            if holds(working, at, end) and not touched(busy, at, end)
        }
        rank, here, fits = [0, 0, 0], 0, True
        for need in question.needs:
            could = [(maybe[id], id in need.deputies) for id in (*need.any_of, *need.deputies) if id in maybe]
            here += bool(could)
            fits &= bool(could) or not need.required
            tentative, deputy = min(could, default=(0, 0))
            rank = [rank[0] + (not could), rank[1] + tentative, rank[2] + deputy]
        chair = [(maybe[id], n > 0) for n, id in enumerate(question.chairs) if id in maybe]
        if fits and chair and here >= question.quorum.agencies:
            tentative, deputy = min(chair)
            ranked.append((rank[0], rank[1] + tentative, rank[2] + deputy, at))
        at += step
    return min(ranked)[-1] if ranked else None


def all_free(question: Question) -> portion.Interval:
    """When everybody is free, by portion: no agencies, deputies, quorum, tentative time or ranking."""
    common = portion.closedopen(question.window.start, question.window.end)
    for person in question.attendees:
        working = portion.Interval(*(portion.closedopen(s.start, s.end) for s in person.working))
        busy = portion.Interval(*(portion.closedopen(s.start, s.end) for s in person.busy))
        common &= working - busy
    return common


def fastest(work: Callable[[], object], runs: int) -> float:
    """The least processor milliseconds of several runs: the one that was disturbed least."""
    times = []
    for _ in range(runs):
        began = clock.process_time()
        work()
        times.append((clock.process_time() - began) * 1000)
    return min(times)


def compared(
    name: str, question: Question, reference: Callable[[Question], object], goal: float | None, note: str
) -> dict[str, object]:
    """One row of the table; `ratio` is how many times faster ours is."""
    ours = fastest(lambda: find(question), 7)
    theirs = fastest(lambda: reference(question), 3)
    spans = sum(len(p.busy) + len(p.tentative) for p in question.attendees)
    return {
        "name": name,
        "ours": round(ours, 2),
        "reference": round(theirs, 2),
        "ratio": round(theirs / ours, 1),
        "unit": "ms",
        "goal": goal,
        "note": f"{note}; {spans} diary entries; ratio is times faster",
    }


def rows() -> list[dict[str, object]]:
    """Three rows for `make bench`. Raises AssertionError when the searches disagree about the best start."""
    small, large = diaries(12, 21, 6), diaries(200, 60, 20)
    for question in (small, large):
        found = find(question)
        best = found.options[0].start.timestamp() if found.options else None
        assert best == naive(question)
    same = "the same question, every start by every person by every entry"
    return [
        compared("slots_12x21_vs_naive", small, naive, None, same),
        compared("slots_200x60_vs_naive", large, naive, 20, same),
        compared("slots_200x60_vs_portion", large, all_free, None, "a simpler question: when are all free"),
    ]


if __name__ == "__main__":
    import json
    import sys

    json.dump(rows(), sys.stdout, indent=2)
