"""An HTTP server that stops when it is told to and lets its program finish; uvicorn's own ends the process."""

import asyncio
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.applications import Starlette


class Serving(uvicorn.Server):
    """Serves one application until SIGINT or SIGTERM; then what stands after `serve()` still runs."""

    def __init__(
        self,
        app: Starlette,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        told_to_stop: Callable[[], None] = lambda: None,
    ) -> None:
        """`told_to_stop` is called on the loop as soon as a signal comes, before open requests are waited for."""
        super().__init__(
            uvicorn.Config(
                app, host=host, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=2
            )
        )
        self._told_to_stop = told_to_stop

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal: stop serving. uvicorn would raise it again afterwards and so cut the program's own end short."""
        asyncio.get_running_loop().call_soon_threadsafe(self._told_to_stop)
        self.force_exit = self.should_exit
        self.should_exit = True
