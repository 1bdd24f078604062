"""Processes killed in the middle of things (SIGKILL: process safety, not power loss).

Each victim is a fork with an engine of its own; what it achieved is counted from outside.
"""

import asyncio
import os
import random
import signal
import sqlite3
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from bot.courier.errand import Errand
from bot.courier.loop import Courier
from bot.courier.pacing import Backoff, Pacing
from bot.running import Running
from bot.storage.audit import verify
from bot.storage.engine import connect
from bot.storage.transaction import transactions

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

# Later Pythons warn of a fork beside threads; ours goes straight to work of its own and never comes back.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def fork(victim):
    """Run `victim()` in a process of its own; its pid. It never comes back into the test."""
    pid = os.fork()
    if pid == 0:
        try:
            victim()
        finally:
            os._exit(0)
    return pid


def test_a_killed_writer_loses_no_commit_that_it_acknowledged(database):
    """Recorded before acknowledged (design rule 1): whatever was said to be committed is there, and whole."""
    acknowledged = []
    for life in range(8):
        reading, writing = os.pipe()

        def write_and_say(life=life, writing=writing):
            begin = transactions(connect(database.url))
            for n in range(10_000):
                with begin() as work:
                    work.audit.write(
                        stream=f"life{life}", actor="p", verb="v", thing=f"t:{n}", facts={}, at=NOW
                    )
                    work.outbox.put(f"{life}:{n}", "tell", {}, at=NOW)
                os.write(writing, b"%d\n" % n)

        pid = fork(write_and_say)
        os.close(writing)
        heard, enough = b"", random.Random(life).randrange(1, 60)
        while heard.count(b"\n") < enough:
            heard += os.read(reading, 4096)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        while more := os.read(reading, 4096):
            heard += more
        os.close(reading)
        acknowledged += [(life, int(n)) for n in heard.decode().split()]

    engine = connect(database.url)
    with transactions(engine)() as work:
        assert verify(work.session) == []
        owed = work.outbox.counts()["owed"]
        for life, n in acknowledged:
            assert work.outbox.by_key(f"{life}:{n}") is not None
        # No half transaction: every event has its message, and at most the last one of each life was not heard.
        events = sum(event.seq for life in range(8) for event in work.audit.latest(f"life{life}", 1))
    assert events == owed
    assert len(acknowledged) <= owed <= len(acknowledged) + 8
    engine.dispose()


class Post(Errand):
    """A far side that outlives the courier: a file, where each line is a message that arrived."""

    def __init__(self, arrived, fate):
        self.arrived = arrived
        self.fate = fate

    async def send(self, about, delivery_id):
        self._perhaps_die()
        with self.arrived.open("a") as file:
            file.write(f"{delivery_id}\n")
        self._perhaps_die()
        return "ts"

    async def look(self, about, delivery_id, since):
        return "ts" if self.arrived.exists() and delivery_id in self.arrived.read_text() else None

    def _perhaps_die(self):
        if self.fate.random() < 0.08:
            os.kill(os.getpid(), signal.SIGKILL)


def test_a_courier_killed_time_and_again_neither_loses_nor_doubles_a_message(database, tmp_path):
    arrived = tmp_path / "arrived"
    engine = connect(database.url)
    begin = transactions(engine)
    with begin() as work:
        for n in range(60):
            work.outbox.put(f"tell:{n}", "tell", {"n": n}, at=NOW)
    engine.dispose()

    def carry(life):
        bot = Running.on(database.url)
        courier = Courier(
            bot.run,
            {"tell": Post(arrived, random.Random(life))},
            now=lambda: NOW + timedelta(minutes=5 * life),  # by then the dead one's leases have ended
            pacing=Pacing(rests={}),
            backoff=Backoff(most=1000),
        )

        async def all_of_it():
            while await courier.carry(limit=4):
                pass

        asyncio.run(all_of_it())
        bot.close()

    kills = 0
    for life in range(60):
        _, status = os.waitpid(fork(lambda life=life: carry(life)), 0)
        if os.WIFSIGNALED(status):
            kills += 1
        else:
            break
    assert kills >= 3
    with begin() as work:
        assert work.outbox.counts() == {"sent": 60}
    times = Counter(arrived.read_text().split())
    assert len(times) == 60
    assert set(times.values()) == {1}
    engine.dispose()


def test_a_full_disk_undoes_the_work_reads_go_on_and_writing_resumes(sqlite_database):
    """SQLite is told that the file may not grow: what a full disk looks like to it."""
    engine = sqlite_database.connect()
    begin = transactions(engine)

    def owe(n):
        with begin() as work:
            for part in range(50):
                work.outbox.put(f"{n}:{part}", "tell", {"n": n}, at=NOW)

    def owe_for_ever():
        for n in range(1, 100):
            owe(n)

    def pages(limit):
        with begin() as work:  # each connection has a limit of its own
            driver = work.session.connection().connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.execute(f"PRAGMA max_page_count = {limit or 1_000_000}")

    owe(0)
    pages(1)  # SQLite takes this as: as large as it is now, and no larger
    with pytest.raises(OperationalError, match="full"):
        owe_for_ever()
    with begin() as work:
        kept = work.outbox.counts()["owed"]
        assert kept % 50 == 0, "no half transaction"
    pages(None)
    owe("again")
    with begin() as work:
        assert work.outbox.counts()["owed"] == kept + 50
    engine.dispose()
