"""Notes on their way to a person who asked: sent just after the answer, and nothing that must happen."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)


class Courtesies:
    """Notes on their way: kept so that none is dropped half-sent, drained when the program ends."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def send(self, note: Coroutine[Any, Any, None]) -> None:
        """Send it now, without waiting; a failure is a line in the log."""
        task = asyncio.create_task(note)
        self._tasks.add(task)
        task.add_done_callback(self._sent)

    async def drain(self) -> None:
        """Wait until every note has left or failed."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _sent(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.warning("courtesy not sent", extra={"error": type(error).__name__})
