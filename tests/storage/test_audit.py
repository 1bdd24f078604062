"""The append-only record (IG-29), attacked behind the program's back, on both databases."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest

from bot.storage.audit import Fault, anchor, guard, missing_guards, verify
from bot.storage.transaction import transactions

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def write(begin, stream, times=5):
    with begin() as work:
        for n in range(times):
            facts = {"action": f"a{n}", "due": NOW.date(), "days": n, "to": None, "agencies": ["nhs", "fire"]}
            work.audit.write(
                stream=stream, actor="p1", verb="action.accepted", thing=f"action:a{n}", facts=facts, at=NOW
            )


def faults(begin, key=None):
    with begin() as work:
        return [(fault.stream, fault.seq) for fault in verify(work.session, key)]


@pytest.fixture
def unguarded(database, raw):
    """What somebody who owns the database could do: take the triggers away first."""

    def run(statement):
        for table in ("audit_event", "audit_head"):
            if database.kind == "postgresql":
                raw(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        if database.kind == "sqlite":
            for name in ("audit_event_no_update", "audit_event_no_delete"):
                raw(f"DROP TRIGGER IF EXISTS {name}")
            for name in ("audit_head_no_delete", "audit_head_only_on"):
                raw(f"DROP TRIGGER IF EXISTS {name}")
        raw(statement)

    return run


def test_an_untouched_record_verifies(begin):
    write(begin, "CV-A")
    write(begin, "CV-B")
    write(begin, "CV-A")
    assert faults(begin) == []
    with begin() as work:
        assert [event.seq for event in work.audit.latest("CV-A", limit=3)] == [10, 9, 8]
        assert work.audit.latest("CV-B")[0].at == NOW


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET verb = 'action.declined' WHERE seq = 2",
        "DELETE FROM audit_event WHERE seq = 5",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET seq = 1",
    ],
)
def test_the_database_refuses_to_change_the_record(begin, raw, statement):
    write(begin, "CV-A")
    with pytest.raises(Exception, match="append-only"):
        raw(statement)
    assert faults(begin) == []


def test_neither_replacing_nor_truncating_walks_round_the_guards(begin, database, raw, engine):
    """SQLite's INSERT OR REPLACE passes a delete trigger unless triggers are recursive (engine.md section 7)."""
    write(begin, "CV-A")
    if database.kind == "postgresql":
        with pytest.raises(Exception, match="append-only"):
            raw("TRUNCATE audit_event")
        return
    with pytest.raises(Exception, match="append-only"), begin() as work:
        work.session.connection().exec_driver_sql(
            "INSERT OR REPLACE INTO audit_event SELECT stream, seq, at, 'somebody', verb, thing, facts,"
            " previous, digest FROM audit_event WHERE seq = 2"
        )


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ("'p2'", "actor"),
        ("'action.declined'", "verb"),
        ("replace(facts, 'a2', 'a9')", "facts"),
        ("replace(digest, substr(digest, 1, 1), 'x')", "digest"),
        ("replace(previous, substr(previous, 1, 1), 'x')", "previous"),
        ("'2026-03-02 09:30:00.000001+00:00'", "at"),
    ],
)
def test_a_flipped_byte_is_found_at_its_row(begin, unguarded, database, change, column):
    write(begin, "CV-A")
    write(begin, "CV-B")
    if column == "at" and database.kind == "sqlite":
        change = "'2026-03-02 09:30:00.000001'"
    unguarded(f"UPDATE audit_event SET {column} = {change} WHERE stream = 'CV-A' AND seq = 3")
    assert faults(begin) == [("CV-A", 3)]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("DELETE FROM audit_event WHERE stream = 'CV-A' AND seq = 3", ("CV-A", 3)),
        ("DELETE FROM audit_event WHERE stream = 'CV-A' AND seq > 3", ("CV-A", 4)),
        ("DELETE FROM audit_event WHERE stream = 'CV-A'", ("CV-A", 1)),
        ("DELETE FROM audit_head WHERE stream = 'CV-A'", ("CV-A", 1)),
        ("UPDATE audit_head SET seq = 4 WHERE stream = 'CV-A'", ("CV-A", 5)),
    ],
)
def test_a_missing_event_and_a_chain_cut_short_are_found(begin, unguarded, statement, found):
    write(begin, "CV-A")
    write(begin, "CV-B")
    unguarded(statement)
    assert faults(begin) == [found]


def test_a_whole_stream_removed_with_its_head_changes_the_anchor(begin, unguarded):
    write(begin, "CV-A")
    write(begin, "CV-B")
    with begin() as work:
        kept_outside = anchor(work.session)
        assert anchor(work.session) == kept_outside
    unguarded("DELETE FROM audit_event WHERE stream = 'CV-A'")
    unguarded("DELETE FROM audit_head WHERE stream = 'CV-A'")
    assert faults(begin) == []
    with begin() as work:
        assert anchor(work.session) != kept_outside


def test_with_a_key_only_its_holder_can_make_a_chain(engine):
    begin = transactions(engine, chain_key=b"k" * 32)
    write(begin, "CV-A")
    assert faults(begin, b"k" * 32) == []
    assert faults(begin, b"other") == [("CV-A", 1)]
    with begin() as work:
        assert verify(work.session)[0] == Fault(
            stream="CV-A", seq=1, why="this event is not as it was written"
        )


def test_people_writing_to_one_stream_at_once_make_one_chain(begin):
    gate = Barrier(6)

    def one():
        gate.wait()
        for _ in range(5):
            write(begin, "CV-A", times=2)

    threads = [Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults(begin) == []
    with begin() as work:
        assert work.audit.latest("CV-A", limit=1)[0].seq == 60


def test_a_missing_guard_is_noticed_and_put_back(begin, engine, unguarded):
    unguarded("SELECT 1")
    with engine.connect() as db:
        assert len(missing_guards(db)) >= 4
    with engine.begin() as db:
        if db.dialect.name == "postgresql":
            db.exec_driver_sql("ALTER TABLE audit_event ENABLE TRIGGER ALL")
            db.exec_driver_sql("ALTER TABLE audit_head ENABLE TRIGGER ALL")
        guard(db)
        guard(db)
        assert missing_guards(db) == []


def test_a_naive_moment_is_refused(begin):
    with pytest.raises(ValueError, match="zone"), begin() as work:
        work.audit.write(
            stream="s",
            actor="p",
            verb="v",
            thing="t",
            facts={},
            at=NOW.replace(tzinfo=None) + timedelta(),
        )
