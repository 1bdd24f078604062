"""The courier's side of the outbox: claim with a lease, then settle (engine.md section 2).

The statements are built once: building one costs more than running it, and each click runs several.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, or_, select, text, update
from sqlmodel import Session

from bot.storage.engine import INSERT, dialect
from bot.storage.ledger_tables import OUTBOX, PACE

# Two couriers that claim at one instant could each take a row of one channel and turn their order round.
_CLAIMING = text("SELECT pg_advisory_xact_lock(7207202)")

_NOW = bindparam("now", type_=OUTBOX.c.not_before.type)
_OTHER = OUTBOX.alias("other")

_destination_is_free = or_(
    OUTBOX.c.destination.is_(None),
    ~exists().where(_OTHER.c.state == text("'trying'"), _OTHER.c.destination == OUTBOX.c.destination)
    & ~exists().where(PACE.c.destination == OUTBOX.c.destination, PACE.c.free_at > _NOW),
)
_first_thing_is_done = or_(
    OUTBOX.c.after.is_(None),
    ~exists().where(_OTHER.c.key == OUTBOX.c.after, _OTHER.c.state.in_(["owed", "trying"])),
)
_DUE = (
    select(OUTBOX.c.number, OUTBOX.c.destination)
    .where(
        OUTBOX.c.state == text("'owed'"),  # spelt out, so that the partial index answers
        OUTBOX.c.not_before <= _NOW,
        OUTBOX.c.lane <= bindparam("last_lane"),
        OUTBOX.c.number.not_in(bindparam("busy", expanding=True)),
        _destination_is_free,
        _first_thing_is_done,
    )
    .order_by(OUTBOX.c.lane, OUTBOX.c.number)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=OUTBOX)
)
_CLAIM = (
    update(OUTBOX)
    .where(OUTBOX.c.number.in_(bindparam("chosen", expanding=True)))
    .values(
        state="trying",
        attempts=OUTBOX.c.attempts + 1,
        leased_by=bindparam("holder"),
        lease_until=bindparam("until", type_=OUTBOX.c.not_before.type),
        first_tried_at=func.coalesce(OUTBOX.c.first_tried_at, _NOW),
    )
    .returning(OUTBOX)
)
_TAKE_BACK = (
    update(OUTBOX)
    .where(
        OUTBOX.c.state == text("'trying'"),
        OUTBOX.c.lease_until <= _NOW,
        OUTBOX.c.number.not_in(bindparam("busy", expanding=True)),
    )
    .values(state="owed", leased_by=None, lease_until=None)
)
_LET_GO = (
    update(OUTBOX)
    .where(OUTBOX.c.state == text("'trying'"), OUTBOX.c.leased_by == bindparam("holder"))
    .values(state="owed", leased_by=None, lease_until=None)
)
_SETTLE = (
    update(OUTBOX)
    .where(
        OUTBOX.c.number == bindparam("this"),
        OUTBOX.c.state == text("'trying'"),
        OUTBOX.c.leased_by == bindparam("holder"),
    )
    .values(
        leased_by=None,
        lease_until=None,
        **{
            name: bindparam(f"new_{name}", type_=OUTBOX.c[name].type)
            for name in ("state", "not_before", "external_id", "last_error", "settled_at")
        },
    )
    .returning(OUTBOX.c.number)
)
_HOLD = {
    name: (add := insert(PACE)).on_conflict_do_update(
        index_elements=["destination"], set_={"free_at": add.excluded.free_at}
    )
    for name, insert in INSERT.items()
}
_NEXT_DUE = select(
    select(func.min(OUTBOX.c.not_before))
    .where(OUTBOX.c.state == text("'owed'"), OUTBOX.c.not_before > _NOW)
    .scalar_subquery(),
    select(func.min(PACE.c.free_at))
    .where(
        PACE.c.free_at > _NOW,
        exists().where(OUTBOX.c.state == text("'owed'"), OUTBOX.c.destination == PACE.c.destination),
    )
    .scalar_subquery(),
)


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
    not_before: datetime
    attempts: int
    first_tried_at: datetime
    external_id: str | None


class Claims:
    """Takes what is due and settles it. Every change but the claim is refused once the lease is lost."""

    def __init__(self, session: Session) -> None:
        self.session = session

    @property
    def db(self) -> Connection:
        return self.session.connection()

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
        db = self.db
        if dialect(self.session) == "postgresql":
            db.execute(_CLAIMING)
        due = {"now": now, "last_lane": last_lane, "busy": list(busy), "most": limit * 8}
        chosen: dict[int, str | None] = {}
        for number, destination in db.execute(_DUE, due):
            if destination is None or destination not in chosen.values():
                chosen[number] = destination
        numbers = list(chosen)[:limit]
        if not numbers:
            return []
        lent = {"chosen": numbers, "holder": holder, "until": now + lease, "now": now}
        rows = {row["number"]: row for row in db.execute(_CLAIM, lent).mappings()}
        for destination in {row["destination"] for row in rows.values() if row["destination"]}:
            if rest := gap(destination):
                self.hold(destination, now + rest)
        return [_delivery(rows[number]) for number in numbers]

    def take_back_expired(self, *, now: datetime, busy: Collection[int] = ()) -> None:
        """What a courier left behind when it died is owed again once its lease has ended."""
        self.db.execute(_TAKE_BACK, {"now": now, "busy": list(busy)})

    def sent(self, delivery: Delivery, *, holder: str, external_id: str | None, at: datetime) -> bool:
        """It arrived. False when the lease was lost meanwhile: whoever holds it now will look first."""
        return self._settle(delivery, holder, state="sent", external_id=external_id, settled_at=at)

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

    def _settle(
        self,
        delivery: Delivery,
        holder: str,
        *,
        state: str,
        not_before: datetime | None = None,
        external_id: str | None = None,
        last_error: str | None = None,
        settled_at: datetime | None = None,
    ) -> bool:
        outcome = {
            "this": delivery.number,
            "holder": holder,
            "new_state": state,
            "new_not_before": not_before or delivery.not_before,
            "new_external_id": external_id,
            "new_last_error": last_error,
            "new_settled_at": settled_at,
        }
        return self.db.execute(_SETTLE, outcome).first() is not None

    def let_go(self, holder: str) -> None:
        """Give back every lease of this holder at once: it is stopping."""
        self.db.execute(_LET_GO, {"holder": holder})

    def hold(self, destination: str, until: datetime) -> None:
        """Nothing more to this destination before `until`."""
        self.db.execute(_HOLD[dialect(self.session)], {"destination": destination, "free_at": until})

    def next_due(self, now: datetime) -> datetime | None:
        """When something will next become due, or a held destination that is owed something becomes free."""
        moments = self.db.execute(_NEXT_DUE, {"now": now}).one()
        return min((moment for moment in moments if moment is not None), default=None)


def _delivery(row: Any) -> Delivery:
    return Delivery(
        number=row["number"],
        id=row["id"],
        key=row["key"],
        errand=row["errand"],
        about=json.loads(row["about"]),
        lane=row["lane"],
        destination=row["destination"],
        not_before=row["not_before"],
        attempts=row["attempts"],
        first_tried_at=row["first_tried_at"],
        external_id=row["external_id"],
    )
