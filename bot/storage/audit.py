"""The append-only record: one hash chain for each stream (a case or a referral), IG-29.

An event is sealed with the digest of the one before it, and the head of each chain is kept apart, so
a changed byte, a missing row and a chain cut short all show. The tables refuse UPDATE and DELETE.
"""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select, text
from sqlmodel import Session

from bot.storage.codes import Codes, as_json, instant
from bot.storage.engine import INSERT, dialect
from bot.storage.ledger_tables import EVENT, HEAD, AuditEvent
from bot.storage.prepared import Prepared

_BUMP = {
    name: Prepared(
        insert(HEAD)
        .on_conflict_do_update(index_elements=[HEAD.c.stream], set_={"seq": HEAD.c.seq + 1})
        .returning(HEAD.c.seq, HEAD.c.digest)
    )
    for name, insert in INSERT.items()
}
_APPEND = Prepared(EVENT.insert())
_SEAL_HEAD = Prepared(
    HEAD.update().where(HEAD.c.stream == bindparam("this")).values(digest=bindparam("sealed"))
)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """The first row of a stream that is not as it was written."""

    stream: str
    seq: int
    why: str


class Audit:
    """Writes what happened, in the transaction in which it happened.

    `way` is said with each event where it was no press in chat (mail).
    """

    def __init__(self, session: Session, key: bytes | None = None) -> None:
        self.session = session
        self.key = key
        self.way = ""

    def write(self, *, stream: str, actor: str, verb: str, thing: str, facts: Codes, at: datetime) -> int:
        """Append one event and give its number in the stream, counted from 1.

        `facts` holds ids, codes, dates and digests of texts; ValueError for anything like prose.
        """
        db = self.session.connection()
        # The head's row is ours until the commit, so nobody can seal a second event onto the same one.
        bump = {"stream": stream, "seq": 1, "digest": ""}
        seq, previous = _BUMP[dialect(self.session)].first(db, bump)
        event = {
            "stream": stream,
            "seq": seq,
            "at": at,
            "actor": actor,
            "verb": verb,
            "thing": thing,
            "facts": as_json({**facts, "way": self.way} if self.way else facts),
            "previous": previous,
        }
        digest = seal(event, self.key)
        _APPEND.run(db, event | {"digest": digest})
        _SEAL_HEAD.run(db, {"this": stream, "sealed": digest})
        return int(seq)

    def latest(self, stream: str, limit: int = 20) -> list[AuditEvent]:
        """The newest events of a stream, newest first."""
        rows = self.session.execute(
            select(AuditEvent)
            .where(EVENT.c.stream == stream)
            .order_by(EVENT.c.stream, EVENT.c.seq.desc())
            .limit(limit)
        )
        return list(rows.scalars())


def seal(event: dict[str, Any], key: bytes | None = None) -> str:
    """SHA-256 over an event and the digest before it; with a key, an HMAC that only its holder can make."""
    fields = ("stream", "seq", "at", "actor", "verb", "thing", "facts", "previous")
    values = (instant(event[name]) if name == "at" else str(event[name]) for name in fields)
    # Each value carries its length, so no text can be moved from one field to the next unseen.
    body = "".join(f"{len(value)}:{value}," for value in values).encode()
    return hmac.new(key, body, "sha256").hexdigest() if key else hashlib.sha256(body).hexdigest()


def verify(session: Session, key: bytes | None = None) -> list[Fault]:
    """Walk every chain; the first bad row of each broken one (IG-29). About 20,000 rows a second."""
    faults = [
        Fault(stream=stream, seq=1, why="every event of this stream is missing")
        for (stream,) in session.execute(
            select(HEAD.c.stream).where(~exists().where(EVENT.c.stream == HEAD.c.stream))
        )
    ]
    joined = (
        select(*EVENT.c, HEAD.c.seq.label("head_seq"), HEAD.c.digest.label("head_digest"))
        .outerjoin(HEAD, HEAD.c.stream == EVENT.c.stream)
        .order_by(EVENT.c.stream, EVENT.c.seq)
    )
    rows = session.execute(joined.execution_options(yield_per=1000)).mappings()
    for chain in _by_stream(rows):
        fault = _first_fault(chain, key)
        if fault:
            faults.append(fault)
    return sorted(faults, key=lambda fault: fault.stream)


def verify_stream(session: Session, stream: str, key: bytes | None = None) -> Fault | None:
    """The first bad row of one chain, or None where each event is as it was written (IG-29)."""
    joined = (
        select(*EVENT.c, HEAD.c.seq.label("head_seq"), HEAD.c.digest.label("head_digest"))
        .outerjoin(HEAD, HEAD.c.stream == EVENT.c.stream)
        .where(EVENT.c.stream == stream)
        .order_by(EVENT.c.seq)
    )
    chain = list(session.execute(joined).mappings())
    if not chain:
        begun = session.execute(select(HEAD.c.seq).where(HEAD.c.stream == stream)).first()
        return Fault(stream=stream, seq=1, why="every event of this stream is missing") if begun else None
    return _first_fault(chain, key)


def anchor(session: Session) -> str:
    """One digest over all heads, to be kept outside: it shows later that a whole stream was removed."""
    heads = session.execute(select(HEAD.c.stream, HEAD.c.seq, HEAD.c.digest).order_by(HEAD.c.stream))
    lines = "".join(f"{stream} {seq} {digest}\n" for stream, seq, digest in heads)
    return hashlib.sha256(lines.encode()).hexdigest()


def _by_stream(rows: Any) -> Iterator[list[Any]]:
    chain: list[Any] = []
    for row in rows:
        if chain and chain[0]["stream"] != row["stream"]:
            yield chain
            chain = []
        chain.append(row)
    if chain:
        yield chain


def _first_fault(chain: list[Any], key: bytes | None) -> Fault | None:
    stream, previous = chain[0]["stream"], ""
    for expected, row in enumerate(chain, start=1):
        if row["seq"] != expected:
            return Fault(stream=stream, seq=expected, why="this event is missing")
        if row["previous"] != previous or row["digest"] != seal(row, key):
            return Fault(stream=stream, seq=expected, why="this event is not as it was written")
        previous = row["digest"]
    last = chain[-1]
    if last["head_seq"] is None:
        return Fault(stream=stream, seq=1, why="the head of this stream is missing")
    if last["head_seq"] > last["seq"]:
        return Fault(stream=stream, seq=last["seq"] + 1, why="the chain is cut off here")
    if last["head_seq"] < last["seq"] or last["head_digest"] != last["digest"]:
        return Fault(stream=stream, seq=last["seq"], why="the head does not match this event")
    return None


# Guards: the database itself refuses to change what was recorded. A rebuilt table loses its triggers,
# so they are made again after every upgrade and looked for at each start (engine.md section 6).

_SQLITE = {
    "audit_event_no_update": "BEFORE UPDATE ON audit_event BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    "audit_event_no_delete": "BEFORE DELETE ON audit_event BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    "audit_head_no_delete": "BEFORE DELETE ON audit_head BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    "audit_head_only_on": "BEFORE UPDATE ON audit_head WHEN NEW.seq < OLD.seq OR NEW.stream <> OLD.stream"
    " BEGIN SELECT RAISE(ABORT, 'append-only'); END",
}
_POSTGRES = {
    "audit_event_no_update": "BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW",
    "audit_event_no_truncate": "BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT",
    "audit_head_no_delete": "BEFORE DELETE ON audit_head FOR EACH ROW",
    "audit_head_no_truncate": "BEFORE TRUNCATE ON audit_head FOR EACH STATEMENT",
    "audit_head_only_on": "BEFORE UPDATE ON audit_head FOR EACH ROW"
    " WHEN (NEW.seq < OLD.seq OR NEW.stream <> OLD.stream)",
}
_REFUSE = """
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'append-only'; END $$
"""


def guard(db: Connection) -> None:
    """Put the triggers in place; harmless where they stand already."""
    if db.dialect.name == "sqlite":
        for name, what in _SQLITE.items():
            db.execute(text(f"CREATE TRIGGER IF NOT EXISTS {name} {what}"))
        return
    db.execute(text(_REFUSE))
    for name, what in _POSTGRES.items():
        db.execute(text(f"CREATE OR REPLACE TRIGGER {name} {what} EXECUTE FUNCTION append_only()"))


def missing_guards(db: Connection) -> list[str]:
    """The triggers that should stand and do not; the program refuses to start with any missing."""
    if db.dialect.name == "sqlite":
        wanted, found = _SQLITE, "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        wanted, found = _POSTGRES, "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    standing = set(db.execute(text(found)).scalars())
    return sorted(set(wanted) - standing)
