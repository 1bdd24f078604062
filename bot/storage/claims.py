"""The courier's side of the outbox: claim with a lease, then settle (engine.md section 2)."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection
from sqlmodel import Session

from bot.storage import claim_statements as statements
from bot.storage.engine import dialect


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One claimed row, ours until the lease ends."""

    number: int
    id: str
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
            db.execute(statements.CLAIMING)
        due = {"now": now, "last_lane": last_lane, "busy": list(busy), "most": limit * 8}
        chosen: dict[int, str | None] = {}
        for number, destination in db.execute(statements.DUE, due):
            if destination is None or destination not in chosen.values():
                chosen[number] = destination
        numbers = list(chosen)[:limit]
        if not numbers:
            return []
        lent = {"chosen": numbers, "holder": holder, "until": now + lease, "now": now}
        rows = {row["number"]: row for row in db.execute(statements.CLAIM, lent).mappings()}
        for destination in {row["destination"] for row in rows.values() if row["destination"]}:
            if rest := gap(destination):
                self.hold(destination, now + rest)
        return [_delivery(rows[number]) for number in numbers]

    def take_back_expired(self, *, now: datetime, busy: Collection[int] = ()) -> None:
        """What a courier left behind when it died is owed again once its lease has ended."""
        self.db.execute(statements.TAKE_BACK, {"now": now, "busy": list(busy)})

    def sent(self, delivery: Delivery, *, holder: str, external_id: str | None, at: datetime) -> bool:
        """It arrived. False when the lease was lost meanwhile: whoever holds it now will look first."""
        return self._settle(delivery, holder, state="sent", external_id=external_id, settled_at=at)

    def later(
        self,
        delivery: Delivery,
        *,
        holder: str,
        not_before: datetime,
        error: str | None,
        external_id: str | None = None,
        tried: bool = True,
    ) -> bool:
        """Owed again from `not_before` on. An `external_id` says that it arrived but is not recorded.

        Where it was not even `tried`, the attempt that the claim counted is taken back.
        """
        return self._settle(
            delivery,
            holder,
            state="owed",
            not_before=not_before,
            last_error=error,
            external_id=external_id,
            attempts=delivery.attempts - (not tried),
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
        attempts: int | None = None,
    ) -> bool:
        outcome = {
            "this": delivery.number,
            "holder": holder,
            "new_state": state,
            "new_not_before": not_before or delivery.not_before,
            "new_external_id": external_id,
            "new_last_error": last_error,
            "new_settled_at": settled_at,
            "new_attempts": delivery.attempts if attempts is None else attempts,
        }
        return self.db.execute(statements.SETTLE, outcome).first() is not None

    def let_go(self, holder: str) -> None:
        """Give back every lease of this holder at once: it is stopping."""
        self.db.execute(statements.LET_GO, {"holder": holder})

    def hold(self, destination: str, until: datetime) -> None:
        """Nothing more to this destination before `until`."""
        self.db.execute(
            statements.HOLD[dialect(self.session)], {"destination": destination, "free_at": until}
        )

    def next_due(self, now: datetime) -> datetime | None:
        """When something will next become due, or a held destination that is owed something becomes free."""
        moments = self.db.execute(statements.NEXT_DUE, {"now": now}).one()
        return min((moment for moment in moments if moment is not None), default=None)


def _delivery(row: Any) -> Delivery:
    return Delivery(
        number=row["number"],
        id=row["id"],
        errand=row["errand"],
        about=json.loads(row["about"]),
        lane=row["lane"],
        destination=row["destination"],
        not_before=row["not_before"],
        attempts=row["attempts"],
        first_tried_at=row["first_tried_at"],
        external_id=row["external_id"],
    )
