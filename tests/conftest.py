"""Databases for the tests: SQLite and a real PostgreSQL, each test with a copy of one template.

`CONVENOR_TEST_DATABASES=sqlite` (or `postgresql`) runs the tests on one of them only, for quick turns.
"""

import itertools
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from chromium import chromium  # noqa: F401 - for the tests of the page and in the browser
from postgres_server import NoPostgres, Postgres
from sqlalchemy import Engine

from bot.storage.engine import connect, connect_for_reading
from bot.storage.migrate import migrate
from bot.storage.transaction import Begin, transactions

if find_spec("microsoft_teams") is None:  # as on a Mac with an Intel processor, for which there is no package
    collect_ignore = [
        "gateways/test_teams_gateway.py",
        "governance/test_every_tie_in_teams.py",
        "handlers/teams",
        "local/teams/test_connector.py",
        "stories/test_a_case_on_two_platforms.py",
        "stories/test_a_list_of_ones_own.py",
        "stories/test_strangers_at_the_door_of_teams.py",
        "stories/test_who_reads_along.py",
        "test_teams_proof.py",
    ]

WANTED = os.environ.get("CONVENOR_TEST_DATABASES", "sqlite,postgresql").split(",")


@dataclass(frozen=True)
class Database:
    """One migrated, empty database that belongs to one test."""

    kind: str
    url: str

    def connect(self) -> Engine:
        return connect(self.url)

    def connect_for_reading(self) -> Engine:
        return connect_for_reading(self.url)


@pytest.fixture(scope="session")
def quick_dir() -> Iterator[Path]:
    """A directory in memory where there is one, so that a full sync costs nothing."""
    shm = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shm if os.access(shm, os.W_OK) else None) as path:
        yield Path(path)


@pytest.fixture(scope="session")
def sqlite_template(quick_dir: Path) -> Path:
    path = quick_dir / "template.db"
    engine = connect(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server a test process, on a socket of its own; gone when the process is."""
    try:
        server = Postgres.start()
    except NoPostgres as reason:
        pytest.fail(f"{reason}. To leave PostgreSQL out: CONVENOR_TEST_DATABASES=sqlite make test")
    engine = connect(server.create("template"))
    migrate(engine)
    engine.dispose()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def numbers() -> Iterator[int]:
    return itertools.count(1)


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """The same test on both databases."""
    wanted: str = request.param
    if wanted not in WANTED:
        pytest.skip(f"CONVENOR_TEST_DATABASES leaves {wanted} out")
    return wanted


@pytest.fixture
def database(kind: str, request: pytest.FixtureRequest, numbers: Iterator[int]) -> Iterator[Database]:
    """A database of that kind, of this test's own."""
    if kind == "sqlite":
        yield from _sqlite_clone(request, f"test{next(numbers)}.db")
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = f"test{next(numbers)}"
    yield Database(kind, server.create(name, template="template"))
    server.drop(name)


@pytest.fixture
def sqlite_database(request: pytest.FixtureRequest, numbers: Iterator[int]) -> Iterator[Database]:
    """SQLite only, for what has nothing to do with which database it is."""
    yield from _sqlite_clone(request, f"only{next(numbers)}.db")


def _sqlite_clone(request: pytest.FixtureRequest, name: str) -> Iterator[Database]:
    template: Path = request.getfixturevalue("sqlite_template")
    path = template.with_name(name)
    source, target = sqlite3.connect(template), sqlite3.connect(path)
    source.backup(target)
    source.close()
    target.close()
    yield Database("sqlite", f"sqlite:///{path}")
    for part in path.parent.glob(f"{name}*"):
        part.unlink()


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    engine = database.connect()
    yield engine
    engine.dispose()


@pytest.fixture
def begin(engine: Engine) -> Begin:
    return transactions(engine)


@pytest.fixture
def raw(database: Database) -> Iterator[Callable[[str], None]]:
    """Runs a statement behind the program's back, as somebody with the database's password could."""

    def run(statement: str) -> None:
        if database.kind == "sqlite":
            with sqlite3.connect(database.url.removeprefix("sqlite:///")) as db:
                db.execute(statement)
            db.close()
        else:
            with psycopg.connect(database.url, autocommit=True) as db:
                db.execute(statement.encode())

    return run
