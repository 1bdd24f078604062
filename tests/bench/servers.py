"""Starts and ends the servers that are compared (`served.py`), each in a process of its own, and reads their meters."""

import asyncio
import json
import os
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from loopback import Line, Request, ask_all

HERE = Path(__file__).resolve().parent
VAR = HERE.parents[1] / "var"
EVENTS = "/slack/events"
START_SECONDS = 60
ONE_PROCESSOR = "CONVENOR_BENCH_ONE_PROCESSOR"


class Server:
    """One server under measurement."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def cpu(self) -> float:
        """Processor seconds of the whole process, all its threads, since its start."""
        return (await self._get("/bench/cpu"))["seconds"]

    async def speak(self) -> None:
        """Let private notes go that were held back, or hold them back again."""
        await self._get("/bench/speak")

    async def watch(self) -> None:
        """Begin to time every step of its loop; not while processor time is measured."""
        await self._get("/bench/watch")

    async def watched(self) -> dict[str, float]:
        """The worst since then, in milliseconds: `step` of the loop, `lag` of a timer."""
        return await self._get("/bench/watched")

    async def cost(self, requests: Sequence[Request], at_once: int = 1) -> float:
        """Processor milliseconds a request."""
        before = await self.cpu()
        await ask_all(self.port, requests, at_once)
        return (await self.cpu() - before) * 1000 / len(requests)

    async def metrics(self) -> str:
        """What the program itself has counted, in Prometheus's words."""
        line = await Line.to(self.port)
        try:
            status, body = await line.ask(b"GET /metrics HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
        finally:
            line.close()
        assert status == 200
        return body.decode()

    async def _get(self, path: str) -> dict[str, float]:
        line = await Line.to(self.port)
        try:
            return await line.get(path)
        finally:
            line.close()


@asynccontextmanager
async def server(*words: str, one_processor: bool = False, quiet: bool = False) -> AsyncIterator[Server]:
    """`served.py` with these words, ready; ended by its own id.

    `one_processor` is for what counts processor time; of a `quiet` one, which has thousands of refusals to log, nobody
    reads the log.
    """
    but = {ONE_PROCESSOR: "yes"} if one_processor else {}
    process: Process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(HERE / "served.py"),
        *words,
        stdout=PIPE,
        stderr=DEVNULL if quiet else None,
        env=os.environ | but,
    )
    assert process.stdout is not None
    try:
        ready = json.loads(await asyncio.wait_for(process.stdout.readline(), START_SECONDS))
        yield Server(ready["port"])
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@asynccontextmanager
async def on_disk() -> AsyncIterator[str]:
    """An SQLite file on the disk that holds this checkout, not in memory: a full sync is to cost what it costs."""
    VAR.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench", dir=VAR) as folder:
        yield f"sqlite:///{folder}/bench.sqlite"
