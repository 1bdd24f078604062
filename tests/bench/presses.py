"""What one *Accept* costs: signed HTTP through the real program, committed with audit and outbox rows.

The press comes from the owner's own message, as Slack sends it. Compared with a bare Bolt listener that only
acknowledges the same press, behind the same uvicorn, in turns; each server has a process of its own, and the hands
that press are in this one. What is sent to Slack afterwards is not a press: the courier rests, and the private note
is held back but in the row that has it in its name.
"""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import islice
from statistics import median
from typing import Any

from bench_town import on_record, press, settle
from loopback import Asked, Request, StubSlack, ask_all, percentile
from servers import EVENTS, on_disk, server

CPU_GOAL = 3.5  # times what the bare listener costs
BLOCK_GOAL = 20.0  # milliseconds
BARE, OURS, NOTED = "bare", "ours", "noted"

Costs = Mapping[str, Sequence[float]]


async def measure(
    rounds: int = 12, each: int = 60, alone: int = 300, crowd: int = 960, warm: int = 160
) -> list[dict[str, Any]]:
    """The rows: `each` presses a round and server, then `alone` one after the other, then `crowd` by 16 hands."""
    presses = warm + 2 * rounds * each + alone + 2 * crowd
    async with on_disk() as database, StubSlack() as slack:
        actions = iter(settle(database, presses))

        def some(number: int) -> list[Request]:
            return [press(EVENTS, *one, f"{slack.address}/actions") for one in islice(actions, number)]

        async with (
            server(OURS, database, slack.api, one_processor=True) as ours,
            server(BARE, slack.api, one_processor=True) as bare,
        ):
            both = {OURS: ours, BARE: bare}
            first = some(warm)
            for one in both.values():
                await ask_all(one.port, first, 4)
            costs: dict[str, list[float]] = {OURS: [], BARE: [], NOTED: []}
            for _ in range(rounds):
                requests = some(each)
                for name, one in both.items():
                    costs[name].append(await one.cost(requests))
                await ours.speak()
                costs[NOTED].append(await ours.cost(some(each)))
                await ours.speak()
            await ours.speak()
            waits = {}
            for hands, requests in ((1, some(alone)), (16, some(crowd))):
                waits[hands] = {name: await ask_all(one.port, requests, hands) for name, one in both.items()}
            worst, requests = {}, some(crowd)
            for name, one in both.items():
                await one.watch()
                await ask_all(one.port, requests, 16)
                worst[name] = await one.watched()
        found = on_record(database)
    return [
        _cpu("accept_press_cpu", costs, OURS, CPU_GOAL),
        _cpu("accept_press_with_note_cpu", costs, NOTED, None),
        *(_wait(asked, hands, share) for hands, asked in waits.items() for share in (0.5, 0.99)),
        _lost(presses, found),
        _blocked(worst),
    ]


def _cpu(name: str, costs: Costs, which: str, goal: float | None) -> dict[str, Any]:
    """The medians of many short rounds by turns: a processor has quicker and slower minutes, and both live through
    the same ones. What the quickest round of each would say goes into the note."""
    ours, bare = median(costs[which]), median(costs[BARE])
    least = min(costs[which]) / min(costs[BARE])
    return {
        "name": name,
        "ours": round(ours, 2),
        "reference": round(bare, 2),
        "ratio": round(ours / bare, 2),
        "unit": "ms",
        "goal": goal,
        "note": f"processor time of a press, committed with full sync; medians of {len(costs[which])} rounds by turns"
        f" with bare Bolt's acknowledgement (by the quickest round of each {least:.2f} times)",
    }


def _wait(asked: Mapping[str, Sequence[Asked]], hands: int, share: float) -> dict[str, Any]:
    ours, bare = (percentile([one.ms for one in asked[name]], share) for name in (OURS, BARE))
    return {
        "name": f"accept_press_p{share * 100:.0f}_ms_c{hands}",
        "ours": round(ours, 1),
        "reference": round(bare, 1),
        "ratio": round(ours / bare, 2),
        "unit": "ms",
        "goal": None,
        "note": f"until the acknowledgement, {hands} at once, {len(asked[OURS])} presses; one writer, and each press"
        " waits for its sync",
    }


def _lost(presses: int, found: Mapping[str, int]) -> dict[str, Any]:
    counted = ", ".join(f"{name} {number}" for name, number in found.items())
    return {
        "name": "accept_press_lost",
        "ours": max(abs(presses - number) for number in found.values()),
        "reference": None,
        "ratio": None,
        "unit": "rows",
        "goal": 0,
        "note": f"{presses} presses acknowledged; counted afterwards: {counted}",
    }


def _blocked(worst: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    ours, bare = worst[OURS], worst[BARE]
    return {
        "name": "loop_block_ms",
        "ours": round(ours["step"], 1),
        "reference": round(bare["step"], 1),
        "ratio": None,
        "unit": "ms",
        "goal": BLOCK_GOAL,
        "note": "the longest that one step held the loop while 16 press, time taken by other programs left out;"
        f" a timer came late by up to {ours['lag']:.0f} ms, in bare Bolt by {bare['lag']:.0f} ms",
    }


def rows() -> list[dict[str, Any]]:
    """For `make bench`."""
    return asyncio.run(measure())
