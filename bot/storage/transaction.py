"""One unit of work: rows, audit events and messages owed, all of them or none."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, cast

from sqlalchemy import Connection, Engine
from sqlmodel import Session

from bot.domain.errors import NotAllowed
from bot.storage.audit import Audit
from bot.storage.cases import Cases
from bot.storage.chronicles import Chronicles
from bot.storage.claims import Claims
from bot.storage.contacts import Contacts
from bot.storage.diaries import Diaries
from bot.storage.engine import is_in_memory
from bot.storage.followups import Followups
from bot.storage.heartbeats import Heartbeats
from bot.storage.inbox import Inbox
from bot.storage.involvement import Involvement
from bot.storage.meetings import Meetings
from bot.storage.minutes_versions import MinutesVersions
from bot.storage.outbox import Outbox
from bot.storage.pairs import Pairs
from bot.storage.people import People
from bot.storage.plans import Nudges, Plans
from bot.storage.polls import Polls
from bot.storage.referrals import Drafts, Referrals
from bot.storage.register import Register
from bot.storage.risks import Risks
from bot.storage.shares import Shares
from bot.storage.teams_links import TeamsLinks


class Unit(Session):
    """A session of one transaction, which has one connection: asking for it afresh for every statement costs an
    eighth of a press."""

    _db: Connection | None = None

    def connection(self, *args: Any, **but: Any) -> Connection:
        """The connection on which the transaction runs; it begins with the first statement."""
        if self._db is None or args or but:
            self._db = super().connection(*args, **but)
        return self._db


class Work:
    """What a use case may touch inside one transaction."""

    def __init__(self, session: Session, chain_key: bytes | None = None) -> None:
        self.session = session
        self.audit = Audit(session, chain_key)
        self.outbox = Outbox(session)
        self.claims = Claims(session)
        self.inbox = Inbox(session)
        self.heartbeats = Heartbeats(session)
        self.register = Register(session)
        self.teams = TeamsLinks(session)
        self.referrals = Referrals(session)
        self.drafts = Drafts(session)
        self.cases = Cases(session)
        self.chronicles = Chronicles(session)
        self.contacts = Contacts(session)
        self.meetings = Meetings(session)
        self.minutes = MinutesVersions(session)
        self.polls = Polls(session)
        self.involvement = Involvement(session)
        self.diaries = Diaries(session)
        self.plans = Plans(session)
        self.shares = Shares(session)
        self.nudges = Nudges(session)
        self.followups = Followups(session)
        self.people = People(session)
        self.risks = Risks(session)
        self.pairs = Pairs(session)


Begin = Callable[[], AbstractContextManager[Work]]


def transactions(
    engine: Engine,
    *,
    chain_key: bytes | None = None,
    on_queued: Callable[[], None] | None = None,
) -> Begin:
    """Gives `begin`: `with begin() as work:` commits at its end, or undoes everything when it raises.

    NotAllowed undoes the work and leaves its trace in the audit, in a transaction of its own (IG-29).
    `on_queued` is called after a commit that left something for the courier, on the committing thread.
    """

    kept = threading.local()

    def bind() -> Engine | Connection:
        """At an SQLite file a connection a thread, kept: files do not hang up, and a pool costs a tenth of a press."""
        if engine.dialect.name != "sqlite" or is_in_memory(engine.url):
            return engine
        if not hasattr(kept, "connection"):
            kept.connection = engine.connect()
        free = not kept.connection.in_transaction()
        return cast(Connection, kept.connection) if free else engine

    @contextmanager
    def begin() -> Iterator[Work]:
        try:
            with Unit(bind(), expire_on_commit=False) as session, session.begin():  # the one commit
                work = Work(session, chain_key)
                yield work
        except NotAllowed as refusal:
            _record(refusal, work.audit.way)
            raise
        if on_queued and work.outbox.queued:
            on_queued()

    def _record(refusal: NotAllowed, way: str) -> None:
        trace = refusal.trace
        with Session(engine) as session, session.begin():
            audit = Audit(session, chain_key)
            audit.way = way
            audit.write(
                stream=trace.stream,
                actor=trace.actor,
                verb="denied",
                thing=trace.thing,
                facts={"tried": trace.verb},
                at=trace.at,
            )

    return begin
