"""The way from the event loop to the core: order, timeouts, clashes, readers; on both databases."""

import asyncio
import threading
from datetime import UTC, datetime

import pytest

from bot.running import Running
from bot.storage.inbox import Overtaken

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def bot(database):
    bot = Running.on(database.url)
    yield bot
    bot.close()


def queue(begin, key):
    with begin() as work:
        return work.outbox.put(key, "tell", {}, at=NOW)


def counts(begin):
    with begin() as work:
        return work.outbox.counts()


async def test_a_use_case_runs_off_the_loop_and_its_answer_comes_back(bot):
    assert await bot.run(queue, "k") is True
    assert await bot.run(queue, key="k") is False
    assert await bot.read(counts) == {"owed": 1}
    assert await bot.run(lambda begin: threading.current_thread().name.startswith("write"))


async def test_a_reader_cannot_write(bot):
    with pytest.raises(Exception, match=r"(?i)read-?only"):
        await bot.read(queue, "k")


async def test_readers_do_not_wait_for_a_writer(bot):
    """A page opens while a slow transaction is under way, and does not see its half."""
    begun, go_on = threading.Event(), threading.Event()

    def slow(begin):
        with begin() as work:
            work.outbox.put("k", "tell", {}, at=NOW)
            begun.set()
            assert go_on.wait(5)

    writing = asyncio.create_task(bot.run(slow))
    await asyncio.to_thread(begun.wait, 5)
    assert await bot.read(counts) == {}
    go_on.set()
    await writing
    assert await bot.read(counts) == {"owed": 1}


async def test_a_hundred_presses_at_once_are_all_done(bot):
    await asyncio.gather(*(bot.run(queue, f"k{n}") for n in range(100)))
    assert await bot.read(counts) == {"owed": 100}


async def test_one_that_was_overtaken_asks_again_and_gets_the_winners_answer(bot):
    tries = []

    def command(begin):
        tries.append(1)
        if len(tries) == 1:
            raise Overtaken("slack:V1")
        return "CV-7K4QMX"

    assert await bot.run(command) == "CV-7K4QMX"


async def test_a_deadlock_on_postgresql_is_tried_again(bot, database):
    """Two writers who take two streams in opposite order: one is undone by the server, and goes again."""
    if database.kind == "sqlite":
        return  # one writer cannot meet itself
    both = threading.Barrier(2, timeout=5)
    first_time = threading.local()

    def write(begin, first, second):
        with begin() as work:
            work.audit.write(stream=first, actor="p", verb="v", thing="t", facts={}, at=NOW)
            if not getattr(first_time, "over", False):
                first_time.over = True
                both.wait()
            work.audit.write(stream=second, actor="p", verb="v", thing="t", facts={}, at=NOW)

    await asyncio.gather(bot.run(write, "A", "B"), bot.run(write, "B", "A"))
    assert await bot.read(lambda begin: _length(begin, "A")) == 2
    assert await bot.read(lambda begin: _length(begin, "B")) == 2


def _length(begin, stream):
    with begin() as work:
        return work.audit.latest(stream)[0].seq


async def test_nobody_waits_longer_than_the_patience(database):
    bot = Running.on(database.url, patience=0.05)
    hold = threading.Event()
    with pytest.raises(TimeoutError):
        await bot.run(lambda begin: hold.wait(5))
    hold.set()
    bot.close()


async def test_a_database_in_memory_is_one_connection_on_one_thread():
    from bot.storage.migrate import migrate

    bot = Running.on("sqlite://")
    migrate(bot.writer)
    await bot.run(queue, "k")
    assert await bot.read(counts) == {"owed": 1}
    bot.close()
