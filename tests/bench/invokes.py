"""What one *Accept* costs in Teams: a signed Action.Execute through the real program, committed before it is answered.

Compared with the SDK's own App, whose one handler answers and keeps nothing, behind the same door and the same check of
the token. Both get the same bytes by turns, each press under a token of its own; the courier rests. As with Slack's
presses, either server has a process of its own and keeps to one processor.
"""

import asyncio
from collections.abc import Sequence
from itertools import islice
from statistics import median
from typing import Any

from bench_town import on_record, settle
from host import Taken
from loopback import Request, StubSlack, ask_all
from servers import on_disk, server
from teams_here import skipped

GOAL = 2.5  # times what the SDK's bare handler costs
OURS, SDK = "ours", "sdk"


async def measure(rounds: int = 16, each: int = 60, warm: int = 160) -> list[dict[str, Any]]:
    """The rows; `each` presses a round and server."""
    from bench_teams import KEYS, issuer, link, press

    presses = warm + rounds * each
    costs: dict[str, list[float]] = {OURS: [], SDK: []}
    async with on_disk() as database, StubSlack({KEYS: issuer().jwks()}) as stub:
        actions = iter(settle(database, presses))
        link(database)

        def some(number: int) -> list[Request]:
            return [press(*one) for one in islice(actions, number)]

        keys = f"{stub.address}{KEYS}"
        async with (
            server(OURS, database, stub.api, keys, one_processor=True) as ours,
            server(SDK, keys, one_processor=True) as sdk,
        ):
            both = {OURS: ours, SDK: sdk}
            first = some(warm)
            for one in both.values():
                await ask_all(one.port, first, 4)
            taken = Taken()
            for _ in range(rounds):
                requests = some(each)
                for name, one in both.items():
                    costs[name].append(await one.cost(requests))
            stolen = taken.share()
        found = on_record(database)
    return [_cpu(costs[OURS], costs[SDK], stolen), _lost(presses, found)]


def _cpu(ours: Sequence[float], sdk: Sequence[float], stolen: float) -> dict[str, Any]:
    ratios = sorted(mine / theirs for mine, theirs in zip(ours, sdk, strict=True))
    return {
        "name": "teams_accept_cpu",
        "ours": round(median(ours), 2),
        "reference": round(median(sdk), 2),
        "ratio": round(median(ours) / median(sdk), 2),
        "unit": "ms",
        "goal": GOAL,
        "note": f"processor time of a signed Accept in Teams, committed with full sync; medians of {len(ours)} rounds"
        f" by turns with the SDK's bare handler behind the same door (a single round from {ratios[0]:.2f} to"
        f" {ratios[-1]:.2f} times; the host took {stolen:.0%} meanwhile)",
    }


def _lost(presses: int, found: dict[str, int]) -> dict[str, Any]:
    counted = ", ".join(f"{name} {number}" for name, number in found.items())
    return {
        "name": "teams_accept_lost",
        "ours": max(abs(presses - number) for number in found.values()),
        "reference": None,
        "ratio": None,
        "unit": "rows",
        "goal": 0,
        "note": f"{presses} presses answered; counted afterwards: {counted}",
    }


def rows() -> list[dict[str, Any]]:
    """For `make bench`."""
    return skipped("teams_accept_cpu", "teams_accept_lost") or asyncio.run(measure())
