"""How fast the slot search is, as ratios within one run, against three other ways to answer the same question.

`naive` looks at every start, person and span; `by_tree` asks intervaltree, for each start, who is at work and who is
busy; `by_algebra` computes with portion's intervals when all who must come could, and ranks only those starts. All
four have to name the same best start. Invented diaries, the same in every run. A way that takes longer than `PATIENCE`
is stopped, and what is printed is the least that ours is faster by.
"""

import random
import signal
import time as clock
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import pairwise

import portion
from intervaltree import IntervalTree

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
        if (rank := ranked_with(question, maybe)) is not None:
            ranked.append((*rank, at))
        at += step
    return min(ranked)[-1] if ranked else None


def by_tree(question: Question) -> float | None:
    """The best start, as epoch seconds, with a tree each of working, busy and tentative time, asked once a start."""
    working, busy, tentative = IntervalTree(), IntervalTree(), IntervalTree()
    for person in question.attendees:
        for tree, spans in (
            (working, merged(person.working)),
            (busy, person.busy),
            (tentative, person.tentative),
        ):
            for span in spans:
                tree.addi(span.start.timestamp(), span.end.timestamp(), person.id)
    step, length = question.step.total_seconds(), question.length.total_seconds()
    ranked = []
    at = question.window.start.timestamp()
    while at + length <= question.window.end.timestamp():
        end = at + length
        here = {each.data for each in working.overlap(at, end) if each.begin <= at and end <= each.end}
        if not here:
            at += step
            continue
        here -= {each.data for each in busy.overlap(at, end)}
        soft = {each.data for each in tentative.overlap(at, end)}
        if (rank := ranked_with(question, {id: id in soft for id in here})) is not None:
            ranked.append((*rank, at))
        at += step
    return min(ranked)[-1] if ranked else None


def ranked_with(question: Question, maybe: dict[str, bool]) -> tuple[int, int, int] | None:
    """What counts against a start at which these are free, by whether only perhaps; None when it does not fit."""
    missing = tentatives = deputies = here = 0
    for need in question.needs:
        could = [(maybe[id], id in need.deputies) for id in (*need.any_of, *need.deputies) if id in maybe]
        if not could and need.required:
            return None
        here += bool(could)
        missing += not could
        tentative, deputy = min(could, default=(False, False))
        tentatives, deputies = tentatives + tentative, deputies + deputy
    chair = [(maybe[id], n > 0) for n, id in enumerate(question.chairs) if id in maybe]
    if not chair or here < question.quorum.agencies:
        return None
    tentative, deputy = min(chair)
    return missing, tentatives + tentative, deputies + deputy


def by_algebra(question: Question) -> float | None:
    """The best start, as epoch seconds, by set algebra: for each person the times at which they could start."""
    length, step = question.length.total_seconds(), question.step.total_seconds()
    begins, ends = question.window.start.timestamp(), question.window.end.timestamp()
    always = portion.closed(begins, ends - length)

    def joined(spans: tuple[Span, ...]) -> portion.Interval:
        return portion.Interval(*(portion.closedopen(s.start.timestamp(), s.end.timestamp()) for s in spans))

    def starts(free: portion.Interval) -> portion.Interval:
        room = (each for each in free if each.upper - each.lower >= length)
        return portion.Interval(*(portion.closed(each.lower, each.upper - length) for each in room))

    soft, firm = {}, {}
    for person in question.attendees:
        free = joined(merged(person.working)) - joined(person.busy)
        soft[person.id], firm[person.id] = starts(free), starts(free - joined(person.tentative))

    def any_of(of: dict[str, portion.Interval], ids: tuple[str, ...]) -> portion.Interval:
        return portion.Interval(*(each for id in ids for each in of[id]))

    fits = always & any_of(soft, question.chairs)
    for need in question.needs:
        if need.required:
            fits &= any_of(soft, (*need.any_of, *need.deputies))
    ranked = []
    for each in fits:
        at = begins + -(-(each.lower - begins) // step) * step
        while at in each:
            maybe = {id: at not in firm[id] for id, could in soft.items() if at in could}
            if (rank := ranked_with(question, maybe)) is not None:
                ranked.append((*rank, at))
            at += step
    return min(ranked)[-1] if ranked else None


class OutOfPatience(Exception):
    """What was being measured took longer than `PATIENCE`."""


@contextmanager
def patience() -> Iterator[None]:
    """Raises OutOfPatience inside once that many seconds of processor time have gone by."""

    def stop(signum: int, frame: object) -> None:
        raise OutOfPatience

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def fastest(work: Callable[[], object], runs: int) -> float:
    """The least processor milliseconds of several runs: the one that was disturbed least."""
    times = []
    for _ in range(runs):
        began = clock.process_time()
        work()
        times.append((clock.process_time() - began) * 1000)
    return min(times)


TOWNS = {"12x21": (12, 21, 6), "50x60": (50, 60, 10), "200x60": (200, 60, 20), "2000x60": (2000, 60, 20)}
"""People, days and agencies."""

WAYS: dict[str, tuple[Callable[[Question], float | None], str]] = {
    "naive": (naive, "the same question, every start by every person by every entry"),
    "portion": (by_algebra, "the same question, by interval algebra"),
    "intervaltree": (by_tree, "the same question, each start looked up in trees"),
}

PATIENCE = 60.0
"""Processor seconds after which another way is stopped: on the largest town trees take more than ten minutes."""

GOALS = {f"slots_{town}_vs_{way}": 1.0 for town in TOWNS for way in ("portion", "intervaltree")} | {
    "slots_200x60_vs_naive": 20.0,
    "slots_2000x60_vs_naive": 20.0,
}

Row = dict[str, object]


def rows() -> list[Row]:
    """Four towns by three other ways, and how each grows, for `make bench`.

    Raises AssertionError when two ways disagree about the best start.
    """
    table: list[Row] = []
    grew: list[tuple[str, dict[str, float], int]] = []
    for town, size in TOWNS.items():
        question = diaries(*size)
        entries = sum(len(p.busy) + len(p.tentative) for p in question.attendees)
        found = find(question)
        best = found.options[0].start.timestamp() if found.options else None
        took = {"ours": fastest(lambda asked=question: find(asked), 3 if size[0] > 500 else 7)}
        for way, (answer, note) in WAYS.items():
            least = ""
            answers: list[float | None] = []
            try:
                with patience():
                    took[way] = fastest(
                        lambda asked=question, ask=answer, to=answers: to.append(ask(asked)), 1
                    )
            except OutOfPatience:
                took[way], least = PATIENCE * 1000, f"; stopped after {PATIENCE:.0f} s, so at least that"
            else:
                assert answers == [best], f"{way} finds another best start in {town}"
            if took[way] < 500:
                took[way] = min(took[way], fastest(lambda asked=question, ask=answer: ask(asked), 2))
            about = f"{note}; {entries} diary entries; ratio is times faster{least}"
            table.append(_row(town, way, took["ours"], took[way], about))
        grew.append((town, took, entries))
    return table + [_growth(*pair) for pair in pairwise(grew)]


def _row(town: str, way: str, ours: float, theirs: float, note: str) -> Row:
    name = f"slots_{town}_vs_{way}"
    return {
        "name": name,
        "ours": round(ours, 2),
        "reference": round(theirs, 2),
        "ratio": round(theirs / ours, 1),
        "unit": "ms",
        "goal": GOALS.get(name),
        "note": note,
    }


def _growth(small: tuple[str, dict[str, float], int], large: tuple[str, dict[str, float], int]) -> Row:
    """How many times longer the larger town takes, beside how many times more diary entries it has."""
    (before, was, entries), (after, now, more) = small, large
    more_than = PATIENCE * 1000
    others = [
        f"{way} {'at least ' if now[way] == more_than else ''}{now[way] / was[way]:.1f}"
        for way in WAYS
        if was[way] < more_than
    ]
    return {
        "name": f"slots_growth_to_{after}",
        "ours": round(now["ours"] / was["ours"], 1),
        "reference": round(more / entries, 1),
        "ratio": round(now["ours"] / was["ours"] / (more / entries), 2),
        "unit": "times",
        "goal": None,
        "note": f"from {before}: our time beside the number of entries; others: {', '.join(others) or 'stopped'}",
    }


if __name__ == "__main__":
    import json
    import sys

    json.dump(rows(), sys.stdout, indent=2)
