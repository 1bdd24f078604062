"""Migrations, on both databases: they build what the models describe, and lose nothing on the way."""

import sqlite3
from pathlib import Path
from threading import Thread

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from bot.storage import migrate as migrate_module
from bot.storage.engine import connect
from bot.storage.locks import AlreadyRunning, only_process
from bot.storage.migrate import Unfit, differences, head, migrate, unfit
from bot.storage.naming import METADATA
from bot.storage.transaction import transactions


def test_the_migrations_build_what_the_models_describe(engine):
    assert differences(engine) == []


def test_every_constraint_has_a_name_or_a_later_migration_cannot_find_it():
    unnamed = [
        f"{table.name}: {constraint}"
        for table in METADATA.tables.values()
        for constraint in table.constraints
        if constraint.name is None
    ]
    assert unnamed == []


def test_every_column_of_the_ledgers_declares_its_sensitivity():
    """IG-03: ids, codes and dates only, so nothing above operational."""
    ledgers = ("audit_event", "audit_head", "outbox", "outbox_pace", "inbox", "heartbeat")
    marks = {column.info.get("sensitivity") for name in ledgers for column in METADATA.tables[name].columns}
    assert marks == {1}


def test_migrating_again_changes_nothing(engine):
    assert unfit(engine) == []
    assert migrate(engine) is None
    assert unfit(engine) == []


def test_a_database_that_was_never_migrated_is_not_started_on(quick_dir):
    engine = connect(f"sqlite:///{quick_dir / 'bare.db'}")
    [why] = unfit(engine)
    assert why == f"the database is at revision none, not at {head()}: run migrate"
    engine.dispose()


def test_a_missing_guard_keeps_the_bot_from_starting(sqlite_database):
    engine = sqlite_database.connect()
    with engine.begin() as db:
        db.execute(text("DROP TRIGGER audit_event_no_update"))
    assert unfit(engine) == ["the trigger audit_event_no_update is missing: run migrate"]
    migrate(engine)
    assert unfit(engine) == []
    engine.dispose()


def test_two_replicas_that_upgrade_at_once_both_succeed(request):
    server = request.getfixturevalue("postgres")
    url = server.create("twice")
    failed = []

    def one():
        engine = connect(url)
        try:
            migrate(engine)
        except Exception as error:
            failed.append(error)
        engine.dispose()

    threads = [Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    server.drop("twice")


def test_a_file_is_copied_before_it_is_upgraded(sqlite_database):
    path = sqlite_database.url.removeprefix("sqlite:///")
    with sqlite3.connect(path) as db:  # as a file of an older program would look
        db.execute("INSERT INTO heartbeat VALUES ('sweep', '2026-03-02 09:30:00.000000')")
        db.execute("UPDATE alembic_version SET version_num = '0000'")
    db.close()
    engine = sqlite_database.connect()
    with pytest.raises(Exception, match="0000"):  # no program knows that revision, but the copy comes first
        migrate(engine)
    with sqlite3.connect(f"{path}.before-{head()}.bak") as copy:
        assert copy.execute("SELECT job FROM heartbeat").fetchall() == [("sweep",)]
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    copy.close()
    engine.dispose()


@pytest.fixture
def older(database, request, tmp_path):
    """The address of a database as the program of the first revision left it: a person, linked, with an absence."""
    server = request.getfixturevalue("postgres") if database.kind == "postgresql" else None
    url = server.create("older") if server else f"sqlite:///{tmp_path / 'older.db'}"
    engine = connect(url)
    with engine.connect() as db, db.begin():
        config = Config()
        config.set_main_option("script_location", str(Path(migrate_module.__file__).parent / "migrations"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = db
        command.upgrade(config, "0001")
        for table, row in OLD_ROWS.items():
            names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
            db.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), row)
    engine.dispose()
    yield url
    if server:
        server.drop("older")


OLD_ROWS = {
    "agency": {"id": "a", "area": "aldermere", "slug": "a", "name": "A", "type": "police"},
    "person": {
        **{"id": "p", "area": "aldermere", "agency_id": "a", "name": "Ada Fern", "email": "ada@example.test"},
        **{"title": "", "phone": "", "roles": "[]", "tier": 0, "zone": "Europe/London", "pattern": "{}"},
        **{"active": True, "slack_team": "T0", "slack_user": "U0ADA"},
    },
    "absence": {
        **{"id": "away", "person_id": "p", "kind": "leave", "said_at": "2026-03-01 09:00:00.000000+00:00"},
        "starts_at": "2026-03-02 09:00:00.000000+00:00",
        "ends_at": "2026-03-04 17:00:00.000000+00:00",
    },
}


def test_a_database_of_the_first_revision_comes_forward_and_loses_nothing(older):
    engine = connect(older)
    assert unfit(engine) == [f"the database is at revision 0001, not at {head()}: run migrate"]
    with engine.connect() as db:
        before = {table: db.execute(text(f"SELECT * FROM {table}")).mappings().all() for table in OLD_ROWS}
    assert all(before.values())
    migrate(engine)
    assert unfit(engine) == []
    assert differences(engine) == []
    with engine.connect() as db:
        for table, rows in before.items():
            after = db.execute(text(f"SELECT * FROM {table}")).mappings().all()
            assert [{name: row[name] for name in rows[0]} for row in after] == rows
    with transactions(engine)() as work:
        assert work.teams.known("tenant", "user") is None, "what is new is there, and empty"
        assert work.register.by_slack("T0", "U0ADA").id == "p"
    engine.dispose()


def test_a_row_that_points_at_nothing_stops_the_upgrade(sqlite_database):
    """Foreign keys are off while tables are rebuilt, so they are checked before the commit."""
    with sqlite3.connect(sqlite_database.url.removeprefix("sqlite:///")) as db:
        # Every column that must have a value gets one; the meeting and the agency it names do not exist.
        columns = [row[1] for row in db.execute("PRAGMA table_info(invitation)") if row[3]]
        marks = ", ".join("'none'" for _ in columns)
        db.execute(f"INSERT INTO invitation ({', '.join(columns)}) VALUES ({marks})")
    db.close()
    engine = sqlite_database.connect()
    with pytest.raises(Unfit, match="invitation points at nothing"):
        migrate(engine)
    engine.dispose()


def test_foreign_keys_are_on_again_after_a_migration(sqlite_database):
    engine = sqlite_database.connect()
    migrate(engine)
    with engine.connect() as db:
        assert db.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert db.execute(text("PRAGMA recursive_triggers")).scalar() == 1
        assert db.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert db.execute(text("PRAGMA synchronous")).scalar() == 2
    engine.dispose()


def test_a_second_bot_on_the_same_file_is_refused(tmp_path):
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    with (
        only_process(url),
        pytest.raises(AlreadyRunning, match="running on this file already"),
        only_process(url),
    ):
        pass
    with only_process(url), only_process("sqlite://"), only_process("postgresql://somewhere/else"):
        pass
