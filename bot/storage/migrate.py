"""Brings a database to the newest shape, and says whether one is fit to start on (engine.md section 6)."""

import sqlite3
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from bot.storage import advice_tables as advice_tables
from bot.storage import authority_tables as authority_tables
from bot.storage import breach_tables as breach_tables
from bot.storage import bundle_tables as bundle_tables
from bot.storage import chronology_tables as chronology_tables
from bot.storage import contact_tables as contact_tables
from bot.storage import followup_tables as followup_tables
from bot.storage import indicator_tables as indicator_tables
from bot.storage import involvement_tables as involvement_tables
from bot.storage import learning_tables as learning_tables
from bot.storage import ledger_tables as ledger_tables
from bot.storage import minutes_tables as minutes_tables
from bot.storage import pair_tables as pair_tables
from bot.storage import people_tables as people_tables
from bot.storage import practice_shares as practice_shares
from bot.storage import risk_tables as risk_tables
from bot.storage import tables as tables
from bot.storage import working_together_tables as working_together_tables
from bot.storage.audit import guard, missing_guards
from bot.storage.engine import is_in_memory
from bot.storage.naming import METADATA

# Two replicas that upgrade at once: the second waits here and then finds nothing to do.
_UPGRADING = text("SELECT pg_advisory_xact_lock(7207201)")


class Unfit(Exception):
    """The database cannot be started on as it is; the message says why and what to do."""


def migrate(engine: Engine) -> Path | None:
    """Upgrade to head in one transaction and put the audit triggers in place; harmless when repeated.

    An SQLite file that holds something is first copied beside itself; the copy's path is the answer.
    Foreign keys are off meanwhile: with them on, rebuilding a parent table deletes its children. They are
    checked before the commit, and Unfit rolls everything back.
    """
    with engine.connect() as db:
        driver = db.connection.driver_connection if db.dialect.name == "sqlite" else None
        copy = _copy_before_upgrade(engine, driver) if driver is not None else None
        if driver is not None:
            driver.execute("PRAGMA foreign_keys = OFF")
        try:
            with db.begin():
                _upgrade(db)
        finally:
            if driver is not None:
                driver.execute("PRAGMA foreign_keys = ON")
    return copy


def unfit(engine: Engine) -> list[str]:
    """Why the bot must not start on this database, in plain words; empty when it may."""
    with engine.connect() as db:
        revision = MigrationContext.configure(db).get_current_revision()
        if revision != head():
            return [f"the database is at revision {revision or 'none'}, not at {head()}: run migrate"]
        return [f"the trigger {name} is missing: run migrate" for name in missing_guards(db)]


def head() -> str:
    """The newest revision that this program knows."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None
    return revision


def differences(engine: Engine) -> list[object]:
    """What the models describe and the database lacks, or the other way round; empty as it should be."""
    with engine.connect() as db:
        context = MigrationContext.configure(db, opts={"compare_type": True})
        return list(compare_metadata(context, METADATA))


def write_revision(engine: Engine, number: str, what_changes: str) -> None:
    """Draft the next revision from what the models say; read it before it is committed."""
    with engine.connect() as db:
        config = _config(db)
        command.revision(config, message=what_changes, rev_id=number, autogenerate=True)


def _upgrade(db: Connection) -> None:
    if db.dialect.name == "postgresql":
        db.execute(_UPGRADING)
    command.upgrade(_config(db), "head")
    guard(db)
    if db.dialect.name == "sqlite":
        broken = db.execute(text("PRAGMA foreign_key_check")).first()
        if broken is not None:
            raise Unfit(f"after the upgrade a row of {broken[0]} points at nothing: nothing was changed")


def _config(db: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = db
    return config


def _copy_before_upgrade(engine: Engine, driver: sqlite3.Connection) -> Path | None:
    """A copy of a file that is about to change; None in memory, for a new file and when nothing is to do."""
    if is_in_memory(engine.url):
        return None
    revision = _revision(driver)
    if revision is None or revision == head():
        return None
    copy = Path(f"{engine.url.database}.before-{head()}.bak")
    with sqlite3.connect(copy) as target:
        driver.backup(target)
    target.close()
    return copy


def _revision(driver: sqlite3.Connection) -> str | None:
    found = driver.execute("SELECT name FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    row = driver.execute("SELECT version_num FROM alembic_version").fetchone() if found else None
    return row[0] if row else None
