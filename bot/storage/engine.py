"""Connections to SQLite and to PostgreSQL: what differs between them is said here, once."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import PoolProxiedConnection, StaticPool
from sqlmodel import Session

# `INSERT ... ON CONFLICT` is spelt alike by both but lives in two places.
INSERT: dict[str, Callable[[Any], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def dialect(session: Session) -> str:
    """Which of the two this session speaks to."""
    assert session.bind is not None
    return session.bind.dialect.name


PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "busy_timeout = 5000",
    "foreign_keys = ON",
    "recursive_triggers = ON",  # without it INSERT OR REPLACE walks round the audit triggers
    "secure_delete = ON",
    "journal_size_limit = 67108864",
)

# What was to be written stays out of the text of an error about it (IG-32).
DISCREET: dict[str, Any] = {"hide_parameters": True}

# A network that swallows packets hangs the driver, so the kernel gives up after 10 s (engine.md section 3).
POSTGRES = {
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 30,
    "options": "-c lock_timeout=5000 -c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000",
}


def connect(url: str, *, pool_size: int = 4) -> Engine:
    """The engine that writes: every transaction on SQLite begins IMMEDIATE, in WAL with full sync.

    `url` is `sqlite:///path`, `sqlite://` (in memory, one connection) or `postgresql://...`.
    """
    return _connect(url, pool_size=pool_size, reading=False)


def connect_for_reading(url: str, *, pool_size: int = 4) -> Engine:
    """The engine that only reads: DEFERRED on SQLite, READ ONLY on PostgreSQL; a write through it fails.

    A database in memory has one connection, so it cannot have a second engine: use `connect` alone.
    """
    return _connect(url, pool_size=pool_size, reading=True)


def is_in_memory(url: URL) -> bool:
    """Whether the address names an SQLite database that lives only in this process."""
    return url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:")


def address(url: str) -> URL:
    """The URL with our driver in it: PostgreSQL is spoken to through psycopg 3."""
    parsed = make_url(url)
    if parsed.get_backend_name() in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def _connect(url: str, *, pool_size: int, reading: bool) -> Engine:
    parsed = address(url)
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(
            parsed, pool_size=pool_size, max_overflow=2, pool_pre_ping=True, connect_args=POSTGRES, **DISCREET
        )
        if reading:
            return engine.execution_options(postgresql_readonly=True)
        return engine
    if is_in_memory(parsed):
        engine = create_engine(
            parsed, poolclass=StaticPool, connect_args={"check_same_thread": False}, **DISCREET
        )
    else:
        Path(parsed.database or "").parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        engine = create_engine(
            parsed, pool_size=pool_size, connect_args={"check_same_thread": False}, **DISCREET
        )
    event.listen(engine, "connect", _settle_reader if reading else _settle)
    # Not by a listener on "begin": with one, SQLAlchemy looks for listeners around every statement as well.
    engine.dialect.do_begin = _begin_reading if reading else _begin_writing  # type: ignore[method-assign, assignment]
    return engine


def _settle(db: sqlite3.Connection, _record: object) -> None:
    db.isolation_level = None  # the driver must not begin behind our back
    for setting in PRAGMAS:
        db.execute(f"PRAGMA {setting}")


def _settle_reader(db: sqlite3.Connection, record: object) -> None:
    _settle(db, record)
    db.execute("PRAGMA query_only = ON")


def _begin_writing(db: PoolProxiedConnection) -> None:
    db.cursor().execute("BEGIN IMMEDIATE")


def _begin_reading(db: PoolProxiedConnection) -> None:
    db.cursor().execute("BEGIN DEFERRED")
