"""One full world for all statements about what may leave, and everything that leaves it."""

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from drawn_twice import DrawnTwice
from full_world import World, settled
from leaving import Everything, everything
from pressing import Presser
from pressing_in_teams import PresserInTeams
from sqlalchemy import Engine

from bot.render import Render
from bot.storage.engine import connect
from bot.storage.transaction import Begin, transactions


@pytest.fixture(scope="session")
def full_engine(sqlite_template: Path) -> Iterator[Engine]:
    """An empty, migrated database for one full world."""
    path = sqlite_template.with_name("full-world.db")
    source, target = sqlite3.connect(sqlite_template), sqlite3.connect(path)
    source.backup(target)
    source.close()
    target.close()
    engine = connect(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def full_store(full_engine: Engine) -> Begin:
    """The transactions of it."""
    return transactions(full_engine)


@pytest.fixture(scope="session")
def world(full_store: Begin) -> World:
    """One of everything, a canary in every secret."""
    return settled(full_store)


@pytest.fixture(scope="session")
def render() -> DrawnTwice:
    """Draws for both platforms."""
    return DrawnTwice()


@pytest.fixture(scope="session")
def left(full_store: Begin, world: World, render: DrawnTwice) -> Everything:
    """All that the courier can send of it."""
    everything_left = asyncio.run(everything(full_store, world, render))
    render.posted = len(render.in_teams)
    return everything_left


@pytest.fixture(scope="session")
def pressed(
    full_engine: Engine, full_store: Begin, world: World, left: Everything, render: DrawnTwice
) -> Presser:
    """Everything pressed, in one transaction that is undone."""
    with full_store() as work:
        me = work.register.person("rep0")
    presser = Presser(full_engine, world, render, me)
    asyncio.run(presser.everything([each for each in left if each.way not in ("mail", "file")]))
    return presser


@pytest.fixture(scope="session")
def posted(left: Everything, render: DrawnTwice) -> list[tuple[str, dict[str, Any]]]:
    """Every card that is posted, and the Homes, which are asked for."""
    drawn = render.in_teams[: render.posted]
    return [(name, each) for name, each in drawn if "text" in each or name == "home"]


@pytest.fixture(scope="session")
def in_teams(
    full_engine: Engine, full_store: Begin, world: World, posted: list[tuple[str, dict[str, Any]]]
) -> PresserInTeams:
    """Everything pressed by somebody who holds every role, in one transaction that is undone."""
    with full_store() as work:
        me = work.register.person("rep0")
    presser = PresserInTeams(full_engine, world, Render(), me)
    asyncio.run(presser.everything(posted))
    return presser
