"""One connection a database for all use cases: each statement is put into words once, and nothing is copied for a test.

On SQLite what a test commits is there, and the template is laid over it for the next one; on PostgreSQL each
transaction is a savepoint in one that is undone. A test of several who act at once asks for `at_once`.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from bot.storage.engine import connect
from bot.storage.transaction import Begin, transactions


@pytest.fixture(scope="session")
def sqlite_kept(sqlite_template: Path) -> Iterator[Engine]:
    """An engine on one file."""
    engine = connect(f"sqlite:///{sqlite_template.with_name('usecases.db')}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_kept(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """A connection to one database."""
    engine = connect(request.getfixturevalue("postgres").create("usecases", template="template"))
    with engine.connect() as db:
        yield db
    engine.dispose()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A use case asks the repositories, which every run tries on both databases; here the second one is `long`."""
    for item in items:
        if Path(__file__).parent in item.path.parents and "[postgresql" in item.name:
            item.add_marker(pytest.mark.long)


@pytest.fixture
def sqlite_begin(sqlite_kept: Engine, sqlite_template: Path) -> Begin:
    """On SQLite, for what has nothing to do with which database it is."""
    _empty(sqlite_template, Path(str(sqlite_kept.url.database)))
    return transactions(sqlite_kept)


@pytest.fixture
def begin(kind: str, request: pytest.FixtureRequest) -> Iterator[Begin]:
    """Transactions of an empty, migrated database."""
    if request.node.get_closest_marker("at_once"):
        yield transactions(request.getfixturevalue("engine"))
    elif kind == "sqlite":
        yield request.getfixturevalue("sqlite_begin")
    else:
        db: Connection = request.getfixturevalue("postgres_kept")
        with db.begin() as whole:
            db.begin_nested()
            yield transactions(db)  # type: ignore[arg-type]
            whole.rollback()


def _empty(template: Path, path: Path) -> None:
    source, target = sqlite3.connect(template), sqlite3.connect(path)
    # Where a test left a transaction open, this says so; the copy would wait for ever.
    target.execute("BEGIN EXCLUSIVE")
    target.rollback()
    source.backup(target)
    source.close()
    target.close()
