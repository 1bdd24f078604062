"""How long those wait whom the guard turned away; the clock and the sleep are the test's own."""

import json
from collections import Counter

import pytest
from teams_town import Town

from bot.handlers.strangers import A_SECOND, AT_ONCE, LONGEST, Strangers
from bot.local.teams.aldermere import PANEL, TOM


class Time:
    def __init__(self) -> None:
        self.now, self.slept = 100.0, list[float]()

    def __call__(self) -> float:
        return self.now

    async def passes(self, seconds: float) -> None:
        self.slept.append(seconds)


async def test_a_few_are_told_at_once():
    time = Time()
    strangers = Strangers(time, time.passes)
    time.now += 1
    for _ in range(AT_ONCE):
        await strangers.turn()
    assert time.slept == []


async def test_many_are_told_one_after_the_other():
    time = Time()
    strangers = Strangers(time, time.passes)
    for _ in range(10):
        await strangers.turn()
    assert time.slept == pytest.approx([n / A_SECOND for n in range(1, 11)])


async def test_after_a_quiet_while_they_are_told_at_once_again():
    time = Time()
    strangers = Strangers(time, time.passes)
    for _ in range(200):
        await strangers.turn()
    time.now += LONGEST + AT_ONCE / A_SECOND
    time.slept.clear()
    await strangers.turn()
    assert time.slept == []


async def test_however_many_there_are_nobody_waits_longer_than_the_longest():
    time = Time()
    strangers = Strangers(time, time.passes)
    for _ in range(1000):
        await strangers.turn()
    assert max(time.slept) == LONGEST == time.slept[-1]


async def test_each_refusal_is_counted_by_what_was_wrong(town: Town):
    counted: Counter[str] = Counter()
    town.door.refused = lambda reason: counted.update([reason])
    said = town.world.activities.message(TOM, PANEL, "hello")
    body = json.dumps(said).encode()
    for signing in ("rogue key", "none", "rogue key"):
        token = town.world.issuer.mint(town.world.service_url, signing=signing)
        assert (await town.line.send(body, token)).status == 401
    assert (await town.line.tell(said)).status == 200
    assert counted == {"wrong signature": 2, "wrong algorithm": 1}
