"""Prepared statements give what SQLAlchemy's own execution gives, on both databases."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from bot.storage.ledger_tables import OUTBOX
from bot.storage.prepared import Prepared

AT = datetime(2026, 3, 2, 9, 30, 15, 250, tzinfo=UTC)
PERSON = SQLModel.metadata.tables["person"]
AGENCY = SQLModel.metadata.tables["agency"]
ADD, ADD_PERSON = Prepared(OUTBOX.insert()), Prepared(PERSON.insert())
BY_KEY = OUTBOX.select().where(OUTBOX.c.key == bindparam("this"))


def owed(key: str, **but: object) -> dict[str, object]:
    return {
        "id": f"id-{key}",
        "key": key,
        "errand": "show",
        "about": "{}",
        "lane": 0,
        "state": "owed",
        "queued_at": AT,
        "not_before": AT,
        "attempts": 0,
        **but,
    }


def test_what_goes_in_comes_out_with_its_zone_and_its_names(engine):
    with engine.begin() as db:
        ADD.run_each(db, [owed("one"), owed("two")])
        ADD.run(db, owed("three", destination="room:triage"))
        ours, theirs = (
            Prepared(BY_KEY).first(db, {"this": "three"}),
            db.execute(BY_KEY, {"this": "three"}).one(),
        )
        assert tuple(ours) == tuple(theirs)
        assert (ours.queued_at, ours.destination, ours.settled_at) == (AT, "room:triage", None)
        assert Prepared(BY_KEY).first(db, {"this": "four"}) is None
        every = Prepared(OUTBOX.select().order_by(OUTBOX.c.number)).all(db, {})
        assert [row.key for row in every] == ["one", "two", "three"]


def test_lists_dates_and_truths_are_converted_as_ever(engine):
    row = {"id": "p", "area": "aldermere", "agency_id": "a", "name": "Ada Fern", "email": "ada@example.test"}
    row |= {"title": "", "phone": "", "roles": ["chair", "board"], "tier": 1, "zone": "Europe/London"}
    row |= {"pattern": {}, "active": True, "verified_on": AT.date()}
    with engine.begin() as db:
        Prepared(AGENCY.insert()).run(
            db, {"id": "a", "area": "aldermere", "slug": "a", "name": "A", "type": "police"}
        )
        ADD_PERSON.run(db, row)
        found = Prepared(PERSON.select().where(PERSON.c.active)).first(db, {})
    assert (found.roles, found.verified_on, found.active) == (["chair", "board"], AT.date(), True)


def test_a_fault_is_told_as_sqlalchemy_tells_it_and_without_the_values(engine):
    """IG-32: what somebody wrote must not stand in an error."""
    with pytest.raises(IntegrityError) as told, engine.begin() as db:
        ADD.run_each(db, [owed("same", id="1", about="qanary"), owed("same", id="2", about="qanary")])
    assert "qanary" not in str(told.value)
