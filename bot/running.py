"""The one way from the asynchronous shell to the synchronous core: `await bot.run(usecase, ...)`.

On SQLite one thread writes, first come, first served: waiting in a queue is fair, waiting for the file's
lock is not (16 writers relying on it had a 99th percentile of two seconds, engine.md section 3). On
PostgreSQL a small pool writes. Readers have threads and an engine of their own on both.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from bot.storage.engine import connect, connect_for_reading, is_in_memory
from bot.storage.inbox import Overtaken
from bot.storage.transaction import Begin, transactions

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)

TRIES = 3
CLASHES = {"40001", "40P01"}  # PostgreSQL: serialization failure, deadlock: undone, and worth another go


class Running:
    """Runs use cases and queries off the event loop. Close it when nothing more will be asked."""

    def __init__(
        self,
        writer: Engine,
        reader: Engine,
        *,
        writers: int,
        readers: int,
        patience: float = 10.0,
        chain_key: bytes | None = None,
    ) -> None:
        """`patience` is the longest wait for one unit of work, in seconds."""
        self.writer = writer
        self.reader = reader
        self.patience = patience
        self.on_queued: list[Callable[[], None]] = []  # told on the event loop's thread
        self._fresh = False
        self._glancing: Connection | None = None
        self._near = writer.dialect.name == "sqlite" and reader is not writer
        self.begin: Begin = transactions(writer, chain_key=chain_key, on_queued=self._queued)
        self._begin_reading: Begin = (
            self.begin if reader is writer else transactions(reader, chain_key=chain_key)
        )
        self._writing = ThreadPoolExecutor(writers, thread_name_prefix="write")
        self._reading = (
            self._writing if reader is writer else ThreadPoolExecutor(readers, thread_name_prefix="read")
        )

    @classmethod
    def on(cls, url: str, *, patience: float = 10.0, chain_key: bytes | None = None) -> "Running":
        """On the database at this address: SQLite (a file, or in memory) or PostgreSQL."""
        writer = connect(url)
        if writer.dialect.name == "sqlite":
            reader = writer if is_in_memory(writer.url) else connect_for_reading(url, pool_size=3)
            return cls(writer, reader, writers=1, readers=3, patience=patience, chain_key=chain_key)
        reader = connect_for_reading(url)
        return cls(writer, reader, writers=4, readers=4, patience=patience, chain_key=chain_key)

    async def run(self, usecase: Callable[Concatenate[Begin, P], T], *args: P.args, **but: P.kwargs) -> T:
        """Run `usecase(begin, ...)` on a writing thread and give its answer.

        A clash with another process is tried again, up to three times: what clashed was undone whole.
        TimeoutError after `patience` seconds leaves open whether it will still commit: ask again with the
        same idempotency key.
        """
        try:
            return await self._on(
                self._writing, lambda: _undaunted(lambda: usecase(self.begin, *args, **but))
            )
        finally:
            if self._fresh:
                self._fresh = False
                for tell in self.on_queued:
                    tell()

    async def read(self, query: Callable[Concatenate[Begin, P], T], *args: P.args, **but: P.kwargs) -> T:
        """Run `query(begin, ...)` on a reading thread: what it tries to write is refused by the database."""
        return await self._on(self._reading, lambda: query(self._begin_reading, *args, **but))

    async def glance(
        self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **but: P.kwargs
    ) -> T:
        """Run `query(connection, ...)`, one indexed look that every request begins with.

        At an SQLite file that is done here and now: a reader never waits for the writer there, and the way to a
        thread and back costs more than the look (0.1 ms). At PostgreSQL, over the network, on a thread.
        """

        if self._near:
            return self._here_and_now(lambda db: query(db, *args, **but))

        def look() -> T:
            with self.reader.connect() as db:
                return query(db, *args, **but)

        return await self._on(self._reading, look)

    def _here_and_now(self, query: Callable[[Connection], T]) -> T:
        """On one connection kept open for it, which the pool need not be asked for; no transaction outlives a look."""
        if self._glancing is None:
            self._glancing = self.reader.connect()
        try:
            return query(self._glancing)
        finally:
            if self._glancing.in_transaction():
                self._glancing.rollback()

    async def _on(self, threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        async with asyncio.timeout(self.patience):
            return await asyncio.get_running_loop().run_in_executor(threads, work)

    def _queued(self) -> None:
        self._fresh = True

    def close(self) -> None:
        """Finish what has begun, then let the database go."""
        self._writing.shutdown()
        self._reading.shutdown()
        if self._glancing is not None:
            self._glancing.close()
        self.writer.dispose()
        self.reader.dispose()


def _undaunted(work: Callable[[], T]) -> T:
    for _ in range(TRIES - 1):
        try:
            return work()
        except Overtaken:
            log.info("overtaken by another process")
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) not in CLASHES:
                raise
            log.info("clashed with another transaction")
    return work()
