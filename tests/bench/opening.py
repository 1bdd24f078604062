"""How soon a form is on its way: from `/refer` to the `views.open` that answers it, with sixteen people at once.

Both ends of the wire are in this process, so one clock times the command going out and the call coming in; the
way of the command to the program counts as the program's. Compared with bare Bolt opening a view that is ready made.

A host that takes processor time away stops both servers for tens of milliseconds, which a 99th percentile shows and
nothing else. So each pair of rounds is weighed by what the host took meanwhile, never by what was measured, and
those it took least from are told; the note has the figure over all of them beside it.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench_town import command, settle
from host import Taken
from loopback import Request, StubSlack, ask_all, percentile
from servers import EVENTS, Server, on_disk, server

GOAL = 50.0  # milliseconds
HANDS = 16
UNDISTURBED = 0.02  # of all processors' time, taken by the host
BARE, OURS = "bare", "ours"


@dataclass(frozen=True)
class Round:
    """What both servers did by turns: milliseconds to each view, and the share of time that the host took."""

    waits: dict[str, list[float]]
    taken: float


async def measure(rounds: int = 5, most: int = 25, each: int = 320, warm: int = 160) -> list[dict[str, Any]]:
    """The rows; in each round `each` commands go to either server, by sixteen hands that never rest.

    Ends when `rounds` were undisturbed, or after `most` of them.
    """
    done: list[Round] = []
    async with on_disk() as database, StubSlack() as slack:
        people = sorted({user for _, user in settle(database, 50)})
        async with server(OURS, database, slack.api) as ours, server(BARE, slack.api) as bare:

            async def by_turns(label: str, number: int) -> Round:
                taken = Taken()
                waits = {}
                for name, one in ((OURS, ours), (BARE, bare)):
                    asked = [
                        command(EVENTS, f"{name}.{label}.{n}", people[n % len(people)]) for n in range(number)
                    ]
                    waits[name] = await _until_opened(one, slack, asked)
                return Round(waits, taken.share())

            await by_turns("warm", warm)
            while sum(one.taken <= UNDISTURBED for one in done) < rounds and len(done) < most:
                done.append(await by_turns(str(len(done)), each))
    told = sorted(done, key=lambda one: one.taken)[:rounds]
    return [
        _row("open_form_p99_ms", 0.99, GOAL, told, done),
        _row("open_form_p50_ms", 0.5, None, told, done),
    ]


async def _until_opened(one: Server, slack: StubSlack, asked: Sequence[Request]) -> list[float]:
    """Milliseconds from each command to its view; AssertionError when one was never opened."""
    answered = await ask_all(one.port, asked, HANDS)
    assert len(answered) == len(asked)
    return [(slack.opened[each.name] - each.sent) * 1000 for each in answered]


def _row(
    name: str, share: float, goal: float | None, told: Sequence[Round], done: Sequence[Round]
) -> dict[str, Any]:
    ours, bare = (_percentile(told, each, share) for each in (OURS, BARE))
    return {
        "name": name,
        "ours": round(ours, 1),
        "reference": round(bare, 1),
        "ratio": round(ours / bare, 2),
        "unit": "ms",
        "goal": goal,
        "note": f"/refer to views.open, {HANDS} hands that never rest; bare Bolt with a ready-made view; the"
        f" {len(told)} rounds of {len(done)} from which the host took least processor time (at most"
        f" {max(one.taken for one in told):.0%}; all rounds {_percentile(done, OURS, share):.1f} and"
        f" {_percentile(done, BARE, share):.1f} ms, of the worst it took {max(one.taken for one in done):.0%})",
    }


def _percentile(rounds: Sequence[Round], name: str, share: float) -> float:
    return percentile([wait for one in rounds for wait in one.waits[name]], share)


def rows() -> list[dict[str, Any]]:
    """For `make bench`."""
    return asyncio.run(measure())
