"""What just changed in the workspace, for the page's event stream and for tests that wait for a fact."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

Json = dict[str, Any]
T = TypeVar("T")


class News:
    """Tells every listener what changed. All calls come from the one event loop."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[Json | None]] = set()
        self._changed = asyncio.Event()
        self.closed = False

    def tell(self, kind: str, **facts: str | None) -> None:
        """Something changed: `message`, `ephemeral`, `view`, `home`, `mail`, `clock`, `caption`."""
        item = {"type": kind, **{key: value for key, value in facts.items() if value is not None}}
        for listener in self._listeners:
            listener.put_nowait(item)
        self._changed.set()
        self._changed = asyncio.Event()

    def listen(self) -> AsyncIterator[Json]:
        """Everything told from now on, until the workspace closes."""
        mine: asyncio.Queue[Json | None] = asyncio.Queue()
        self._listeners.add(mine)
        return self._hear(mine)

    async def _hear(self, mine: asyncio.Queue[Json | None]) -> AsyncIterator[Json]:
        try:
            while not self.closed and (item := await mine.get()) is not None:
                yield item
        finally:
            self._listeners.discard(mine)

    async def until(self, fact: Callable[[], T | None], within: float = 5, called: str = "it") -> T:
        """Wait until `fact()` is true and return it; `within` is in seconds. Raises TimeoutError."""
        try:
            async with asyncio.timeout(within):
                while not (found := fact()):
                    await self._changed.wait()
                return found
        except TimeoutError as late:
            raise TimeoutError(f"waited {within:g} s and never saw {called}") from late

    def close(self) -> None:
        """End every stream, so that a server can stop."""
        self.closed = True
        for listener in self._listeners:
            listener.put_nowait(None)
