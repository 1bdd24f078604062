"""The courier's side of the outbox: claim with a lease, then settle (engine.md section 2)."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, text
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select, update

from bot.storage.engine import INSERT
from bot.storage.ledger_tables import OutboxPace, OutboxRow

# Two couriers that claim at the same instant could each take a row of one channel and turn their order round.
_CLAIMING = text("SELECT pg_advisory_xact_lock(7207202)")


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One claimed row, ours until the lease ends."""

    number: int
    id: str
    key: str
    errand: str
    about: dict[str, Any]
    lane: int
    destination: str | None
    attempts: int
    first_tried_at: datetime
    external_id: str | None


class Claims:
    """Takes what is due and settles it. Every change but the claim is refused once the lease is lost."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def take(
        self,
        *,
        now: datetime,
        limit: int,
        holder: str,
        lease: timedelta,
        gap: Callable[[str], timedelta],
        busy: Collection[int] = (),
        last_lane: int = 2,
    ) -> list[Delivery]:
        """Claim up to `limit` due rows, at most one a destination; the attempt counts from here on.

        `gap` is how long a destination rests after a message; `busy` are numbers that the caller is still
        sending, whatever their lease says; lanes above `last_lane` are left for later.
        """
        if self.session.get_bind().dialect.name == "postgresql":
            self.session.execute(_CLAIMING)
        self._take_back_expired(now, busy)
        chosen = self._choose(now, limit, busy, last_lane)
        if not chosen:
            return []
        claim = (
            update(OutboxRow)
            .where(col(OutboxRow.number).in_(chosen))
            .values(
                state="trying",
                attempts=col(OutboxRow.attempts) + 1,
                leased_by=holder,
                lease_until=now + lease,
                first_tried_at=func.coalesce(col(OutboxRow.first_tried_at), now),
            )
            .returning(OutboxRow)
            .execution_options(synchronize_session=False, populate_existing=True)
        )
        rows = {row.number: row for row in self.session.execute(claim).scalars()}
        claimed = [_delivery(rows[number]) for number in chosen]
        for destination in {row.destination for row in claimed if row.destination}:
            if rest := gap(destination):
                self.hold(destination, now + rest)
        return claimed

    def _take_back_expired(self, now: datetime, busy: Collection[int]) -> None:
        expired = (
            update(OutboxRow)
            .where(
                col(OutboxRow.state) == "trying",
                col(OutboxRow.lease_until) <= now,
                col(OutboxRow.number).not_in(busy),
            )
            .values(state="owed", leased_by=None, lease_until=None)
        )
        self.session.execute(expired)

    def _choose(self, now: datetime, limit: int, busy: Collection[int], last_lane: int) -> list[int]:
        due = (
            select(OutboxRow.number, OutboxRow.destination)
            .where(
                OutboxRow.state == "owed",
                OutboxRow.not_before <= now,
                OutboxRow.lane <= last_lane,
                col(OutboxRow.number).not_in(busy),
                _destination_is_free(now),
                _first_thing_is_done(),
            )
            .order_by(col(OutboxRow.lane), col(OutboxRow.number))
            .limit(limit * 8)
            .with_for_update(skip_locked=True)
        )
        chosen: list[int] = []
        taken: set[str] = set()
        for number, destination in self.session.exec(due):
            if destination not in taken and number is not None:
                chosen.append(number)
                if destination:
                    taken.add(destination)
        return chosen[:limit]

    def sent(self, delivery: Delivery, *, holder: str, external_id: str | None, at: datetime) -> bool:
        """It arrived. False when the lease was lost meanwhile: whoever holds it now will look first."""
        return self._settle(
            delivery, holder, state="sent", external_id=external_id, last_error=None, settled_at=at
        )

    def later(
        self,
        delivery: Delivery,
        *,
        holder: str,
        not_before: datetime,
        error: str,
        external_id: str | None = None,
    ) -> bool:
        """Owed again from `not_before` on. An `external_id` says that it arrived but is not recorded."""
        return self._settle(
            delivery, holder, state="owed", not_before=not_before, last_error=error, external_id=external_id
        )

    def dead(self, delivery: Delivery, *, holder: str, error: str, at: datetime) -> bool:
        """It will not arrive: a person must look."""
        return self._settle(delivery, holder, state="dead", last_error=error, settled_at=at)

    def _settle(self, delivery: Delivery, holder: str, **values: Any) -> bool:
        settled = (
            update(OutboxRow)
            .where(
                col(OutboxRow.number) == delivery.number,
                col(OutboxRow.state) == "trying",
                col(OutboxRow.leased_by) == holder,
            )
            .values(leased_by=None, lease_until=None, **values)
            .returning(col(OutboxRow.number))
        )
        return self.session.execute(settled).first() is not None

    def let_go(self, holder: str) -> None:
        """Give back every lease of this holder at once: it is stopping."""
        given = (
            update(OutboxRow)
            .where(col(OutboxRow.state) == "trying", col(OutboxRow.leased_by) == holder)
            .values(state="owed", leased_by=None, lease_until=None)
        )
        self.session.execute(given)

    def hold(self, destination: str, until: datetime) -> None:
        """Nothing more to this destination before `until`."""
        insert = INSERT[self.session.get_bind().dialect.name]
        pace = insert(OutboxPace).values(destination=destination, free_at=until)
        self.session.execute(
            pace.on_conflict_do_update(index_elements=["destination"], set_={"free_at": until})
        )

    def next_due(self, now: datetime) -> datetime | None:
        """When something will next become due, or a held destination that is owed something becomes free."""
        rows = select(func.min(OutboxRow.not_before)).where(
            OutboxRow.state == "owed", OutboxRow.not_before > now
        )
        waits = select(func.min(OutboxPace.free_at)).where(
            OutboxPace.free_at > now,
            exists().where(
                and_(col(OutboxRow.state) == "owed", col(OutboxRow.destination) == OutboxPace.destination)
            ),
        )
        moments = [self.session.exec(rows).one(), self.session.exec(waits).one()]
        return min((moment for moment in moments if moment is not None), default=None)


def _destination_is_free(now: datetime) -> ColumnElement[bool]:
    other = aliased(OutboxRow)
    leaving = exists().where(
        and_(col(other.state) == "trying", col(other.destination) == col(OutboxRow.destination))
    )
    resting = exists().where(
        and_(col(OutboxPace.destination) == col(OutboxRow.destination), col(OutboxPace.free_at) > now)
    )
    return or_(col(OutboxRow.destination).is_(None), and_(~leaving, ~resting))


def _first_thing_is_done() -> ColumnElement[bool]:
    first = aliased(OutboxRow)
    unfinished = exists().where(
        and_(col(first.key) == col(OutboxRow.after), col(first.state).in_(["owed", "trying"]))
    )
    return or_(col(OutboxRow.after).is_(None), ~unfinished)


def _delivery(row: OutboxRow) -> Delivery:
    assert row.number is not None
    assert row.first_tried_at is not None
    return Delivery(
        number=row.number,
        id=row.id,
        key=row.key,
        errand=row.errand,
        about=json.loads(row.about),
        lane=row.lane,
        destination=row.destination,
        attempts=row.attempts,
        first_tried_at=row.first_tried_at,
        external_id=row.external_id,
    )
