"""The demo as a stranger finds it, its clock set to a Monday morning, and one browser window before it."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from sitting import Sitting

from bot.courier.pacing import Pacing
from bot.demo import on_both_platforms
from bot.local.shelf import Shelf

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ALBUM = Path(__file__).parents[2] / "var" / "browser"

LONG_ENOUGH = 60
"""Seconds: a busy machine fails no story. That Slack waits three is held elsewhere."""


class Demo:
    """The real bot and both stand-ins with their twelve cases, in a loop and a thread of their own."""

    def __init__(self, file: Path) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, name="demo")
        self.thread.start()
        self.here = on_both_platforms(
            database_url=f"sqlite:///{file}",
            shelf=Shelf(file),
            start=MONDAY,
            drill=True,
            pacing=Pacing(rests={}),
        )
        self.do(self.here.open())
        world = self.here.world
        world.delivery.patience = LONG_ENOUGH
        world.stage.real_seconds = lambda: 0.0  # triggers do not grow old here
        if self.here.teams is not None:
            self.here.teams.delivery.patience = LONG_ENOUGH
        self.do(self.here.settled())

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self.loop).result(LONG_ENOUGH)

    def close(self) -> None:
        self.do(self._close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(LONG_ENOUGH)
        self.loop.close()

    async def _close(self) -> None:
        await self.here.close()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:  # a delivery that the browser began as it was closing
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Each file of stories finds the demo new: what day it is does not hang on the stories before."""
    running = Demo(tmp_path_factory.mktemp("demo") / "convenor.sqlite")
    yield running
    running.close()


@pytest.fixture
def sitting(chromium: Browser, demo: Demo, request: pytest.FixtureRequest) -> Iterator[Sitting]:
    """A window, nobody sitting at it yet. What it looked like, step by step, is kept in var/browser."""
    address = demo.here.world.address
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(20_000)
    troubles = listened_to(page, address)
    album = ALBUM / request.node.name
    album.mkdir(parents=True, exist_ok=True)
    for old in album.glob("*.png"):
        old.unlink()
    numbers = count(1)

    def keep(name: str) -> None:
        page.screenshot(path=album / f"{next(numbers):02}-{name}.png")

    yield Sitting(page, address, keep)
    keep("the-end")
    context.close()
    assert troubles == []


def listened_to(page: Page, address: str) -> list[str]:
    """What the page complained about, and whatever it asked of anybody else."""
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.on(
        "request",
        lambda asked: None if asked.url.startswith(address) else troubles.append(f"asked {asked.url}"),
    )
    return troubles
