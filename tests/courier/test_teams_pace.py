"""The pace that Teams is spoken to at; the time is the test's, and whoever waits lets it pass."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.courier.pacing import TeamsPacing
from bot.courier.teams_pace import TeamsPace
from bot.domain.errors import NotYet
from bot.gateways.teams_reference import Reference

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MICROSOFTS = [(7, 1), (8, 2), (60, 30), (1_800, 3_600)]
"""Messages of a bot in one conversation, and in how many seconds (teams.md section 7)."""


class Time:
    def __init__(self):
        self.now, self.slept = NOON, []

    def __call__(self):
        return self.now

    async def passes(self, seconds):
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def pace(time):
    return TeamsPace(TeamsPacing(), time, time.passes)


def there(conversation="19:panel@thread.tacv2", tenant="council"):
    return Reference(
        service_url="https://smba.trafficmanager.net/teams",
        conversation=conversation,
        tenant=tenant,
        bot="28:bot",
    )


async def sent_by_a_greedy_hand(pace, time, to, hours=0.0, messages=0):
    """When each message left, by somebody who sends again as soon as it is allowed."""
    left = []
    until = NOON + timedelta(hours=hours)
    while time.now < until or len(left) < messages:
        try:
            await pace.turn(next(to))
        except NotYet as no:
            time.now += timedelta(seconds=no.seconds)
        else:
            left.append(time.now)
    return left


def most_within(left, seconds):
    """The most that left in any so many seconds, both ends counted."""
    first, most = 0, 0
    for last, moment in enumerate(left):
        while moment - left[first] > timedelta(seconds=seconds):
            first += 1
        most = max(most, last - first + 1)
    return most


def always(reference):
    while True:
        yield reference


async def test_one_conversation_never_gets_more_than_microsoft_allows(pace, time):
    left = await sent_by_a_greedy_hand(pace, time, always(there()), hours=3)
    assert [(most_within(left, seconds), seconds) for _, seconds in MICROSOFTS] == [
        (4, 1),
        (5, 2),
        (33, 30),
        (1_800, 3_600),
    ]
    assert all(most_within(left, seconds) <= most for most, seconds in MICROSOFTS)


async def test_a_tenant_gets_twenty_a_second_however_many_conversations_it_has(pace, time):
    many = (there(f"a:{n}") for n in range(10_000))
    left = await sent_by_a_greedy_hand(pace, time, many, messages=600)
    assert most_within(left, 1) == 25
    assert most_within(left, 10) <= 205
    assert max(time.slept) <= 0.05


async def test_a_conversation_that_rests_holds_up_no_other(pace, time):
    for _ in range(3):
        await pace.turn(there())
    with pytest.raises(NotYet) as refused:
        await pace.turn(there())
    assert refused.value.seconds == 1
    await pace.turn(there("a:somebody"))
    assert time.slept == []


async def test_a_thread_counts_for_its_conversation(pace):
    for n in range(3):
        await pace.turn(there(f"19:panel@thread.tacv2;messageid={n}"))
    with pytest.raises(NotYet):
        await pace.turn(there())


async def test_tenants_do_not_wait_for_each_other(pace, time):
    for n in range(5):
        await pace.turn(there(f"a:{n}"))
    await pace.turn(there("b:1", tenant="trust"))
    assert time.slept == []


async def test_hands_of_one_tenant_wait_each_for_its_own_turn(pace, time):
    async def at_one_moment(seconds):
        waits.append(seconds)

    waits = []
    pace._sleep = at_one_moment
    for n in range(8):
        await pace.turn(there(f"a:{n}"))
    assert waits == pytest.approx([0.05, 0.10, 0.15])


async def test_what_was_said_to_somebody_who_waits_counts_as_well(pace):
    for _ in range(5):
        pace.count(there())
    with pytest.raises(NotYet) as refused:
        await pace.turn(there())
    assert refused.value.seconds == 3


async def test_a_clock_that_was_put_back_keeps_nobody_waiting(pace, time):
    for _ in range(3):
        await pace.turn(there())
    time.now -= timedelta(hours=1)
    await pace.turn(there())
