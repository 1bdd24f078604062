"""An HTTP server that stops when it is told to and lets its program finish; uvicorn's own ends the process."""

import asyncio
import functools
import gc
from collections.abc import Awaitable, Callable
from types import FrameType

import uvicorn
from starlette.applications import Starlette

KEEP_ALIVE = 75
"""Seconds. Longer than a client keeps a connection (aiohttp: 15): one closed by us as a request leaves loses it."""


def set_apart_what_stands() -> None:
    """Take what the program has made until now out of the collector's rounds, for as long as the process lives.

    Modules, templates and calendars are never garbage, and looking through them all held the loop for 150 ms.
    What is left is so little that a full round would come with every few requests, so it is asked for more seldom.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


class Serving(uvicorn.Server):
    """Serves one application until SIGINT or SIGTERM; then what stands after `serve()` still runs."""

    def __init__(
        self,
        app: Starlette,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        before_stopping: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`before_stopping` is awaited at a signal, while requests are still served; a second signal cuts it short."""
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=2,
                timeout_keep_alive=KEEP_ALIVE,
            )
        )
        self._before_stopping = before_stopping
        self._stopping: asyncio.Task[None] | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal: stop serving. uvicorn would raise it again afterwards and so cut the program's own end short."""
        if self._before_stopping is None or self._stopping is not None:
            self.force_exit = self.should_exit
            self.should_exit = True
            return
        stop = functools.partial(self._begin_to_stop, self._before_stopping)
        asyncio.get_running_loop().call_soon_threadsafe(stop)  # a signal may find the loop asleep

    def _begin_to_stop(self, first: Callable[[], Awaitable[None]]) -> None:
        if self._stopping is None:
            self._stopping = asyncio.create_task(self._stop(first))

    async def _stop(self, first: Callable[[], Awaitable[None]]) -> None:
        try:
            await first()
        finally:
            self.should_exit = True
