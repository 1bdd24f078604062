"""Whether strangers at Teams' door keep Slack waiting: *Accept* in Slack, acknowledged while forged tokens come in.

Hands that never rest post forgeries at `/api/messages`, each refused with 401, while one hand presses signed
*Accept* after *Accept* at `/slack/events` of the same process; by turns with the same presses in peace. The program's
own count of refusals, by reason, is compared with what the hands were told. Like the opening of forms, pairs of
rounds are weighed by what the host took meanwhile.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from bench_town import press, settle
from host import Taken
from loopback import Line, Request, StubSlack, ask_all, percentile
from servers import EVENTS, Server, on_disk, server
from teams_here import skipped

GOAL = 50.0  # milliseconds
HANDS = 64
UNDISTURBED = 0.02  # of all processors' time, taken by the host
FLOOD, PEACE = "flood", "peace"

Forgeries = Iterator[tuple[str, Request]]


@dataclass(frozen=True)
class Round:
    """Milliseconds to each acknowledgement, in the flood and in peace; and the share of time that the host took."""

    waits: dict[str, list[float]]
    taken: float


async def measure(rounds: int = 5, most: int = 15, each: int = 200, warm: int = 100) -> list[dict[str, Any]]:
    """The rows; ends when `rounds` were undisturbed, or after `most` of them."""
    from bench_teams import KEYS, forged, issuer, link

    done: list[Round] = []
    refused: Counter[str] = Counter()
    async with on_disk() as database, StubSlack({KEYS: issuer().jwks()}) as stub:
        actions = settle(database, warm + 2 * most * each)
        link(database)
        pressed = (press(EVENTS, *one) for one in actions)
        forgeries = forged(*actions[0])
        async with server("ours", database, stub.api, f"{stub.address}{KEYS}", quiet=True) as ours:
            await ask_all(ours.port, list(islice(pressed, warm)), 4)
            while sum(one.taken <= UNDISTURBED for one in done) < rounds and len(done) < most:
                taken, waits = Taken(), {}
                requests = list(islice(pressed, each))
                async with _Flood(ours.port, forgeries, refused):
                    waits[FLOOD] = await _acknowledged(ours, requests)
                waits[PEACE] = await _acknowledged(ours, list(islice(pressed, each)))
                done.append(Round(waits, taken.share()))
            counted = _counted(await ours.metrics())
    assert counted == refused, (counted, refused)
    told = sorted(done, key=lambda one: one.taken)[:rounds]
    return [
        _row("teams_flood_ack_p99_ms", 0.99, GOAL, told, done, refused),
        _row("teams_flood_ack_p50_ms", 0.5, None, told, done, refused),
        _asked(stub.asked[KEYS], refused),
    ]


class _Flood:
    """Hands that post forgeries for as long as the block lasts; what each was refused for is counted."""

    def __init__(self, port: int, forgeries: Forgeries, refused: Counter[str]) -> None:
        self.port, self.forgeries, self.refused = port, forgeries, refused

    async def __aenter__(self) -> None:
        self._over = False
        lines = [await Line.to(self.port) for _ in range(HANDS)]
        self._hands = [asyncio.create_task(self._post(line)) for line in lines]

    async def __aexit__(self, *_: object) -> None:
        self._over = True
        await asyncio.gather(*self._hands)

    async def _post(self, line: Line) -> None:
        while not self._over:
            reason, forgery = next(self.forgeries)
            status, body = await line.ask(forgery.wire)
            assert (status, body) == (401, b""), (reason, status, body)
            self.refused[reason] += 1
        line.close()


async def _acknowledged(one: Server, requests: Sequence[Request]) -> list[float]:
    return [asked.ms for asked in await ask_all(one.port, requests, 1)]


def _counted(metrics: str) -> Counter[str]:
    """What the program says of its refusals, by reason."""
    found = re.findall(
        r'^convenor_teams_turned_away_total\{reason="([^"]+)"\} ([\d.e+]+)$', metrics, re.MULTILINE
    )
    return Counter({reason: int(float(number)) for reason, number in found})


def _row(
    name: str,
    share: float,
    goal: float | None,
    told: Sequence[Round],
    done: Sequence[Round],
    refused: Counter[str],
) -> dict[str, Any]:
    flood, peace = (_percentile(told, each, share) for each in (FLOOD, PEACE))
    worst, best = (max(one.taken for one in rounds) for rounds in (done, told))
    over_all = f"{_percentile(done, FLOOD, share):.1f} and {_percentile(done, PEACE, share):.1f} ms"
    return {
        "name": name,
        "ours": round(flood, 1),
        "reference": round(peace, 1),
        "ratio": round(flood / peace, 2),
        "unit": "ms",
        "goal": goal,
        "note": f"a signed Accept in Slack until its acknowledgement, while {HANDS} hands that never rest post forged"
        f" tokens at Teams' door, {refused.total()} refused and counted; the reference is in peace; the {len(told)}"
        f" rounds of {len(done)} from which the host took least processor time (at most {best:.0%}; all rounds"
        f" {over_all}, of the worst it took {worst:.0%})",
    }


def _asked(keys: int, refused: Counter[str]) -> dict[str, Any]:
    counted = ", ".join(f"{reason} {number}" for reason, number in sorted(refused.items()))
    return {
        "name": "teams_flood_key_fetches",
        "ours": keys,
        "reference": refused["unknown key"],
        "ratio": None,
        "unit": "asked",
        "goal": None,
        "note": f"how often the key server heard of it, for so many unknown keys; the program counted: {counted}",
    }


def _percentile(rounds: Sequence[Round], name: str, share: float) -> float:
    return percentile([wait for one in rounds for wait in one.waits[name]], share)


def rows() -> list[dict[str, Any]]:
    """For `make bench`."""
    return skipped("teams_flood_ack_p99_ms", "teams_flood_ack_p50_ms") or asyncio.run(measure())
