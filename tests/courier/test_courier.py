"""The courier against both databases; the world outside is a list."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.courier.errand import Errand
from bot.courier.loop import Courier
from bot.courier.pacing import Backoff, Pacing
from bot.domain.errors import NotYet, TryLater, Undeliverable
from bot.running import Running

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
UNPACED = Pacing(rests={})
STEADY = Backoff(first=timedelta(seconds=2), cap=timedelta(minutes=1), most=4, jitter=lambda: 1.0)


class Clock:
    def __init__(self):
        self.at = NOON

    def __call__(self):
        return self.at

    def moves(self, seconds):
        self.at += timedelta(seconds=seconds)


class Channel(Errand):
    """A far side that keeps what it was sent, and can be made to fail first."""

    def __init__(self):
        self.arrived = []
        self.failures = []
        self.after_sending = []
        self.recorded = []
        self.given_up = []
        self.looks = 0

    async def send(self, about, delivery_id):
        if self.failures:
            raise self.failures.pop(0)
        self.arrived.append((about["n"], delivery_id))
        if self.after_sending:
            raise self.after_sending.pop(0)
        return f"ts-{about['n']}"

    async def look(self, about, delivery_id, since):
        self.looks += 1
        return next((f"ts-{n}" for n, id in self.arrived if id == delivery_id), None)

    def record(self, work, delivery, external_id):
        self.recorded.append((delivery.about["n"], external_id))

    def failed(self, work, delivery, reason):
        self.given_up.append((delivery.about["n"], reason))

    @property
    def numbers(self):
        return [n for n, _ in self.arrived]


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def channel():
    return Channel()


@pytest.fixture
def bot(database):
    bot = Running.on(database.url)
    yield bot
    bot.close()


@pytest.fixture
def courier(bot, channel, clock):
    return a_courier(bot, channel, clock)


def a_courier(bot, channel, clock, **but):
    return Courier(bot.run, {"tell": channel}, now=clock, **{"pacing": UNPACED, "backoff": STEADY} | but)


def owe(begin, n, *, at=NOON, key=None, **but):
    with begin() as work:
        return work.outbox.put(key or f"tell:{n}", "tell", {"n": n}, at=at, **but)


def row(begin, n):
    with begin() as work:
        return work.outbox.by_key(f"tell:{n}")


async def test_what_is_owed_arrives_and_is_recorded_with_its_address(bot, courier, channel, begin):
    owe(begin, 1)
    assert await courier.carry() == 1
    assert channel.recorded == [(1, "ts-1")]
    assert (row(begin, 1).state, row(begin, 1).external_id) == ("sent", "ts-1")
    assert await courier.carry() == 0


async def test_nothing_leaves_before_its_time(courier, channel, clock, begin):
    owe(begin, 1, at=NOON + timedelta(hours=1))
    assert await courier.carry() == 0
    clock.moves(3600)
    assert await courier.carry() == 1


async def test_an_answer_to_a_click_overtakes_posts_and_digests(courier, channel, begin):
    for n, lane in enumerate(["digest", "post", "click", "digest", "click"]):
        owe(begin, n, lane=lane)
    while await courier.carry(limit=1):
        pass
    assert channel.numbers == [2, 4, 1, 0, 3]


async def test_one_channel_is_written_to_once_a_second_and_in_order(bot, channel, clock, begin):
    courier = a_courier(bot, channel, clock, pacing=Pacing())
    for n in range(3):
        owe(begin, n, destination="room:panel")
    owe(begin, 9, destination="person:p1")
    await courier.carry()
    assert sorted(channel.numbers) == [0, 9]
    assert await courier.carry() == 0
    clock.moves(1)
    await courier.carry()
    clock.moves(1)
    await courier.carry()
    assert [n for n in channel.numbers if n != 9] == [0, 1, 2]


async def test_of_many_edits_of_one_message_only_the_newest_is_sent(courier, channel, begin):
    for n in range(20):
        owe(begin, n, collapse="list:case1", destination="slack:C1")
    await courier.carry()
    assert channel.numbers == [19]
    assert await courier.carry() == 0


async def test_a_reply_waits_for_the_post_it_hangs_under(courier, channel, begin, clock):
    channel.failures = [TryLater(30, "busy")]
    owe(begin, 1)
    owe(begin, 2, after="tell:1")
    assert await courier.carry() == 1
    assert await courier.carry() == 0
    clock.moves(31)
    await courier.carry()
    await courier.carry()
    assert channel.numbers == [1, 2]


async def test_a_request_for_patience_is_honoured_for_the_whole_channel(courier, channel, clock, begin):
    channel.failures = [TryLater(30, "ratelimited")]
    owe(begin, 1, destination="slack:C1")
    owe(begin, 2, destination="slack:C1")
    await courier.carry()
    clock.moves(29)
    assert await courier.carry() == 0
    clock.moves(1)
    await courier.carry()
    await courier.carry()
    assert channel.numbers == [1, 2]


async def test_our_own_pace_is_no_failure_and_holds_up_no_other_place(bot, courier, channel, clock, begin):
    channel.failures = [NotYet(3, "this conversation is to rest")] * 9
    owe(begin, 1, destination="room:panel")
    owe(begin, 2, destination="room:panel")
    for _ in range(9):
        assert await courier.carry() == 1
        clock.moves(2)
        assert await courier.carry() == 0
        clock.moves(1)
    owe(begin, 9, destination="person:p1")
    await courier.carry()
    await courier.carry()
    assert sorted(channel.numbers) == [1, 2, 9]
    assert channel.numbers.index(1) < channel.numbers.index(2)
    assert (channel.looks, row(begin, 1).attempts, row(begin, 1).state) == (0, 1, "sent")


def test_who_was_told_the_same_does_not_come_back_in_the_same_moment():
    rests = {Backoff().rest(60).total_seconds() for _ in range(20)}
    assert len(rests) > 1
    assert min(rests) >= 60
    assert max(rests) <= 75


async def test_waits_double_after_each_failure(courier, channel, clock, begin):
    channel.failures = [OSError("a body with a name in it"), OSError(), OSError()]
    owe(begin, 1)
    for wait in (2, 4, 8):
        assert await courier.carry() == 1
        clock.moves(wait - 1)
        assert await courier.carry() == 0
        clock.moves(1)
    assert row(begin, 1).last_error == "OSError"  # the kind only: the text may quote a person (IG-32)
    await courier.carry()
    assert row(begin, 1).state == "sent"


async def test_what_can_never_arrive_becomes_a_dead_letter_at_once(courier, channel, clock, begin):
    channel.failures = [Undeliverable("channel_not_found")]
    owe(begin, 1)
    await courier.carry()
    assert channel.given_up == [(1, "channel_not_found")]
    with begin() as work:
        [letter] = work.outbox.dead_letters()
        assert (letter.key, letter.last_error, letter.attempts) == ("tell:1", "channel_not_found", 1)


async def test_a_coordinator_can_have_a_dead_letter_tried_again(courier, channel, clock, begin):
    channel.failures = [Undeliverable("is_archived")]
    owe(begin, 1)
    await courier.carry()
    with begin() as work:
        assert work.outbox.try_again(work.outbox.dead_letters()[0].id, at=NOON) is True
        assert work.outbox.dead_letters() == []
    await courier.carry()
    assert channel.numbers == [1]
    assert channel.looks == 1
    with begin() as work:
        assert work.outbox.try_again(row(begin, 1).id, at=NOON) is False


async def test_after_the_last_attempt_a_person_must_look(courier, channel, clock, begin):
    channel.failures = [OSError()] * 9
    owe(begin, 1)
    for _ in range(9):
        await courier.carry()
        clock.moves(3600)
    assert row(begin, 1).state == "dead"
    assert row(begin, 1).attempts == 4
    assert channel.given_up == [(1, "OSError")]


async def test_one_broken_row_holds_up_no_other(bot, courier, channel, begin):
    with begin() as work:
        work.outbox.put("odd", "no-such-errand", {}, at=NOON)
    channel.failures = [ZeroDivisionError()]
    for n in range(3):
        owe(begin, n)
    await courier.carry()
    assert len(channel.arrived) == 2
    with begin() as work:
        assert work.outbox.counts() == {"dead": 1, "owed": 1, "sent": 2}


async def test_a_crash_after_sending_neither_loses_nor_doubles(bot, channel, clock, begin):
    """The process is gone between the send and the commit: the next one looks before it sends again."""
    channel.after_sending = [asyncio.CancelledError()]
    owe(begin, 1)
    with pytest.raises(asyncio.CancelledError):
        await a_courier(bot, channel, clock).carry()
    assert row(begin, 1).state == "trying"
    second = a_courier(bot, channel, clock)
    assert await second.carry() == 0, "the lease still stands"
    clock.moves(91)
    assert await second.carry() == 1
    assert (channel.numbers, channel.looks) == ([1], 1)
    assert channel.recorded == [(1, "ts-1")]
    assert row(begin, 1).state == "sent"


async def test_a_crash_before_sending_costs_a_wait_and_no_message(bot, channel, clock, begin):
    channel.failures = [asyncio.CancelledError()]
    owe(begin, 1)
    with pytest.raises(asyncio.CancelledError):
        await a_courier(bot, channel, clock).carry()
    clock.moves(91)
    await a_courier(bot, channel, clock).carry()
    assert channel.numbers == [1]


async def test_a_row_that_brings_the_process_down_each_time_ends_as_a_dead_letter(bot, channel, clock, begin):
    channel.failures = [asyncio.CancelledError()] * 9
    owe(begin, 1)
    for _ in range(4):
        with pytest.raises(asyncio.CancelledError):
            await a_courier(bot, channel, clock).carry()
        clock.moves(91)
    await a_courier(bot, channel, clock).carry()
    assert channel.given_up == [(1, "abandoned at every attempt")]


async def test_when_only_the_record_fails_the_message_is_not_sent_again(bot, channel, clock, begin):
    class Clumsy(Channel):
        spills = 1

        def record(self, work, delivery, external_id):
            if self.spills:
                self.spills -= 1
                raise KeyError("no such meeting")
            super().record(work, delivery, external_id)

    clumsy = Clumsy()
    courier = a_courier(bot, clumsy, clock)
    owe(begin, 1)
    await courier.carry()
    assert row(begin, 1).state == "owed"
    clock.moves(60)
    await courier.carry()
    assert (clumsy.numbers, clumsy.looks) == ([1], 0)
    assert clumsy.recorded == [(1, "ts-1")]


async def test_a_failed_look_is_not_an_empty_one(bot, channel, clock, begin):
    class Blind(Channel):
        async def look(self, about, delivery_id, since):
            raise TryLater(1, "history is away")

    blind = Blind()
    blind.after_sending = [OSError()]
    courier = a_courier(bot, blind, clock)
    owe(begin, 1)
    for _ in range(3):
        await courier.carry()
        clock.moves(60)
    assert blind.numbers == [1]


async def test_two_couriers_send_nothing_twice(database, begin, channel, clock):
    for n in range(60):
        owe(begin, n, destination=f"slack:C{n % 7}")
    bots = [Running.on(database.url) for _ in range(2)]
    couriers = [a_courier(bot, channel, clock) for bot in bots]

    async def until_empty(courier):
        while len(channel.arrived) < 60:
            await courier.carry(limit=5)

    async with asyncio.timeout(30):
        await asyncio.gather(*(until_empty(courier) for courier in couriers))
    for bot in bots:
        bot.close()
    assert sorted(channel.numbers) == list(range(60))
    for destination in range(7):  # in order within each channel, whoever carried
        mine = [n for n in channel.numbers if n % 7 == destination]
        assert mine == sorted(mine)


async def test_a_jump_of_the_clock_does_not_take_a_message_out_of_its_own_hands(bot, channel, clock, begin):
    """In the local workspace the clock can be moved a day while something is being sent."""
    gate = asyncio.Event()

    class Slow(Channel):
        async def send(self, about, delivery_id):
            clock.moves(86400)
            again = await courier.carry()
            gate.set()
            assert again == 0
            return await super().send(about, delivery_id)

    slow = Slow()
    courier = a_courier(bot, slow, clock)
    owe(begin, 1)
    await courier.carry()
    assert gate.is_set()
    assert slow.numbers == [1]


async def test_a_commit_wakes_the_courier_at_once(bot, channel, begin):
    """With the longest nap at an hour, only the waking can explain the arrival."""
    arrived = asyncio.Event()

    class Bell(Channel):
        def record(self, work, delivery, external_id):
            loop.call_soon_threadsafe(arrived.set)

    loop = asyncio.get_running_loop()
    courier = a_courier(bot, Bell(), lambda: NOON, idle=3600)
    bot.on_queued.append(courier.wake)
    working = asyncio.create_task(courier.work())

    def press(begin):
        with begin() as work:
            work.outbox.put("tell:1", "tell", {"n": 1}, at=NOON, lane="click")

    async with asyncio.timeout(10):
        await bot.run(press)
        await arrived.wait()
        await courier.stop()
        await working


async def test_stopping_finishes_what_is_being_sent_and_lets_go_of_the_rest(bot, clock, begin):
    begun, go_on = asyncio.Event(), asyncio.Event()

    class Slow(Channel):
        async def send(self, about, delivery_id):
            begun.set()
            if about["n"] == 1:
                await go_on.wait()
            else:
                await asyncio.Event().wait()
            return await super().send(about, delivery_id)

    slow = Slow()
    courier = a_courier(bot, slow, clock)
    owe(begin, 1)
    owe(begin, 2)
    working = asyncio.create_task(courier.work())
    async with asyncio.timeout(10):
        await begun.wait()
        go_on.set()
        await courier.stop(grace=0.5)
        await working
    assert slow.numbers == [1]
    assert row(begin, 1).state == "sent"
    assert (row(begin, 2).state, row(begin, 2).leased_by) == ("owed", None)


async def test_slow_digests_leave_a_hand_free_for_a_click(bot, clock, begin):
    clicked = asyncio.Event()
    forever = asyncio.Event()

    class Slow(Channel):
        async def send(self, about, delivery_id):
            if about["n"] == 99:
                clicked.set()
                return "ts"
            await forever.wait()
            return "ts"

    courier = a_courier(bot, Slow(), clock, hands=4, kept_for_clicks=1)
    for n in range(10):
        owe(begin, n, lane="digest")
    bot.on_queued.append(courier.wake)
    working = asyncio.create_task(courier.work())

    def press(begin):
        with begin() as work:
            work.outbox.put("tell:99", "tell", {"n": 99}, at=NOON, lane="click")

    async with asyncio.timeout(10):
        await bot.run(press)
        await clicked.wait()
        forever.set()
        await courier.stop()
        await working


def test_the_wait_grows_to_its_cap_and_never_below_what_was_asked():
    waits = [STEADY.wait(attempt).total_seconds() for attempt in range(1, 9)]
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]
    assert STEADY.wait(1, timedelta(seconds=45)).total_seconds() == 45
    assert 1 <= Backoff().wait(1).total_seconds() <= 2


def test_the_lease_must_outlast_the_patience():
    with pytest.raises(ValueError, match="outlast"):
        Courier(None, {}, now=lambda: NOON, patience=90, lease=timedelta(seconds=90))
