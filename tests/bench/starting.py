"""From the start of the process to ready, and the memory it then holds: `convenor run` beside a bare Bolt app.

Both are started for the second time and later: the first leaves compiled modules behind, as everywhere.
"""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from bench_town import settle
from loopback import SECRET, Line, StubSlack
from servers import HERE, VAR, on_disk

from bot.drill.workspace import AREA_FILE

BARE, OURS = "bare", "ours"
PATIENCE = 60.0  # seconds


async def measure(rounds: int = 3) -> list[dict[str, Any]]:
    """Two rows: seconds until ready, and megabytes then."""
    seconds: dict[str, list[float]] = {OURS: [], BARE: []}
    megabytes: dict[str, list[float]] = {OURS: [], BARE: []}
    async with on_disk() as database, StubSlack() as slack:
        await asyncio.to_thread(settle, database, 50)
        for round_ in range(rounds + 1):
            for name in (OURS, BARE):
                took, holds = await _start(name, database, slack)
                if round_:
                    seconds[name].append(took)
                    megabytes[name].append(holds)
    started = (
        f"median of {rounds} starts by turns, modules compiled before; bare Bolt answers its first request"
    )
    return [
        _row("ready_seconds", seconds, "s", f"process start until /readyz says so: {started}"),
        _row("rss_mb", megabytes, "MB", f"resident memory when ready: {started}"),
    ]


async def _start(name: str, database: str, slack: StubSlack) -> tuple[float, float]:
    """Seconds until it is ready, and resident megabytes then; it is stopped again by its own id."""
    port = _free_port()
    ours = name == OURS
    words = ["-m", "bot", "run"] if ours else [str(HERE / "served.py"), BARE, slack.api]
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *words,
        env=_environment(database, slack.api, port),
        cwd=HERE.parents[1],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        if not ours:
            assert process.stdout is not None
            port = int(re.findall(rb"\d+", await asyncio.wait_for(process.stdout.readline(), PATIENCE))[0])
        async with asyncio.timeout(PATIENCE):
            while not await _answers(port, "/readyz" if ours else "/bench/cpu"):
                assert process.returncode is None, (await process.communicate())[1].decode()
                await asyncio.sleep(0.01)
        return time.perf_counter() - began, resident(process.pid)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.communicate()


def _environment(database: str, api: str, port: int) -> dict[str, str]:
    """Nothing of whoever runs the benchmark but where programs are; compiled modules go beside the database."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": os.environ.get("HOME", ""),
        "PYTHONPYCACHEPREFIX": str(VAR / "compiled"),
        "CONVENOR_AREA": str(AREA_FILE),
        "DATABASE_URL": database,
        "SLACK_API_URL": api,
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": SECRET,
        "PORT": str(port),
    }


async def _answers(port: int, path: str) -> bool:
    try:
        line = await Line.to(port)
    except OSError:
        return False
    try:
        status, _ = await line.ask(f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".encode())
        return status == 200
    finally:
        line.close()


def resident(pid: int) -> float:
    """Resident megabytes of a process."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text(encoding="ascii"))
        assert found
        return int(found[1]) / 1024
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=True)  # macOS
    return int(told.stdout) / 1024


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _row(name: str, found: dict[str, list[float]], unit: str, note: str) -> dict[str, Any]:
    ours, bare = median(found[OURS]), median(found[BARE])
    return {
        "name": name,
        "ours": round(ours, 2),
        "reference": round(bare, 2),
        "ratio": round(ours / bare, 2),
        "unit": unit,
        "goal": None,
        "note": note,
    }


def rows() -> list[dict[str, Any]]:
    """For `make bench`."""
    return asyncio.run(measure())
