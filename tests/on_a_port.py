"""A stand-in as a server of its own on this machine, for tests that speak real HTTP to it."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Protocol

import uvicorn
from starlette.types import ASGIApp


class Spoken(Protocol):
    """A stand-in's world: it is told where it is, and ends its silence before the server goes."""

    address: str

    def speak_again(self) -> None: ...


@contextlib.asynccontextmanager
async def on_a_port(app: ASGIApp, world: Spoken | None = None) -> AsyncIterator[str]:
    """The application's address, for as long as it is served."""
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        if world is not None:
            world.address = address
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        yield address
        if world is not None:
            world.speak_again()
        server.should_exit = True
        await serving
