"""How soon a form is on its way: from `/refer` to the `views.open` that answers it, with sixteen people at once.

Both ends of the wire are in this process, so one clock times the command going out and the call coming in; the
way of the command to the program counts as the program's. Compared with bare Bolt opening a view that is ready made.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from bench_town import command, settle
from loopback import Request, StubSlack, ask_all, percentile
from servers import EVENTS, Server, on_disk, server

GOAL = 50.0  # milliseconds
HANDS = 16
BARE, OURS = "bare", "ours"


async def measure(rounds: int = 5, each: int = 320, warm: int = 160) -> list[dict[str, Any]]:
    """The rows; in each round `each` commands go to either server, by sixteen hands that never rest."""
    waits: dict[str, list[float]] = {OURS: [], BARE: []}
    async with on_disk() as database, StubSlack() as slack:
        people = sorted({user for _, user in settle(database, 50)})
        async with server(OURS, database, slack.api) as ours, server(BARE, slack.api) as bare:
            for round_ in range(rounds + 1):
                for name, one in ((OURS, ours), (BARE, bare)):
                    number = each if round_ else warm
                    asked = [
                        command(EVENTS, f"{name}.{round_}.{n}", people[n % len(people)])
                        for n in range(number)
                    ]
                    found = await _until_opened(one, slack, asked)
                    waits[name] += found if round_ else []
    return [_row(waits, "open_form_p99_ms", 0.99, GOAL), _row(waits, "open_form_p50_ms", 0.5, None)]


async def _until_opened(one: Server, slack: StubSlack, asked: Sequence[Request]) -> list[float]:
    """Milliseconds from each command to its view; AssertionError when one was never opened."""
    answered = await ask_all(one.port, asked, HANDS)
    assert len(answered) == len(asked)
    return [(slack.opened[each.name] - each.sent) * 1000 for each in answered]


def _row(waits: dict[str, list[float]], name: str, share: float, goal: float | None) -> dict[str, Any]:
    ours, bare = (percentile(waits[each], share) for each in (OURS, BARE))
    return {
        "name": name,
        "ours": round(ours, 1),
        "reference": round(bare, 1),
        "ratio": round(ours / bare, 2),
        "unit": "ms",
        "goal": goal,
        "note": f"/refer to views.open, {len(waits[OURS])} commands by {HANDS} hands that never rest; bare Bolt with"
        " a ready-made view",
    }


def rows() -> list[dict[str, Any]]:
    """For `make bench`."""
    return asyncio.run(measure())
