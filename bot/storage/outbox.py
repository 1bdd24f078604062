"""What is owed to the world outside, written in the transaction that causes it (design rule 10).

This is the side of the writer and of the person who looks after what failed; the courier's side is
in `claims`. A row holds ids only: the words are made when the message leaves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import bindparam, func, text
from sqlmodel import Session, col, select, update

from bot.domain.references import new_id
from bot.storage.codes import Codes, as_json
from bot.storage.engine import INSERT, dialect
from bot.storage.ledger_tables import OUTBOX, OutboxRow
from bot.storage.prepared import Prepared

Lane = Literal["click", "post", "digest"]
LANES: dict[Lane, int] = {
    "click": 0,
    "post": 1,
    "digest": 2,
}  # an answer to a click never waits behind a digest

# rowcount is no answer on PostgreSQL, so what was inserted is asked back (engine.md section 3)
_PUT = {
    name: Prepared(insert(OUTBOX).on_conflict_do_nothing(index_elements=["key"]).returning(OUTBOX.c.number))
    for name, insert in INSERT.items()
}
_REPLACE_OLDER = Prepared(
    OUTBOX.update()
    .where(
        OUTBOX.c.collapse == bindparam("these"),
        OUTBOX.c.state == text("'owed'"),
        OUTBOX.c.number < bindparam("newest"),
    )
    .values(state="replaced", settled_at=bindparam("at", type_=OUTBOX.c.settled_at.type))
)
_APPEND = Prepared(OUTBOX.insert())
_REPLACE = Prepared(
    OUTBOX.update()
    .where(OUTBOX.c.collapse == bindparam("this"), OUTBOX.c.state == text("'owed'"))
    .values(state="replaced", settled_at=bindparam("at", type_=OUTBOX.c.settled_at.type))
)


@dataclass(frozen=True, kw_only=True)
class Redrawing:
    """Something shown that is to be brought up to date; what it will say is read when it leaves."""

    errand: str
    about: Codes
    lane: Lane
    destination: str
    collapse: str


class Outbox:
    """Queues messages, each once, and shows those that could not be delivered."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.queued = 0

    def put(
        self,
        key: str,
        errand: str,
        about: Codes,
        *,
        at: datetime,
        lane: Lane = "post",
        destination: str | None = None,
        collapse: str | None = None,
        after: str | None = None,
    ) -> bool:
        """Owe one message, not to leave before `at`; False when this key was queued before, by anybody.

        `about` holds ids and codes only (ValueError for prose). `destination` is what is paced and kept in
        order (`room:panel`). Of the rows of one `collapse` key that have not left yet, only the newest is
        kept. `after` is the key of a row that must have left, or failed for good, before this one is tried.
        """
        row = _row(key, errand, about, lane, destination, at) | {"collapse": collapse, "after": after}
        db = self.session.connection()
        new = _PUT[dialect(self.session)].first(db, row)
        if new is None:
            return False
        if collapse is not None:
            _REPLACE_OLDER.run(db, {"these": collapse, "newest": new.number, "at": at})
        self.queued += 1
        return True

    def redraw(self, wanted: Sequence[Redrawing], *, at: datetime) -> None:
        """Owe all of these, each in the place of what its `collapse` key owed before.

        The same as `put` for each, in two statements however many they are: a press owes four or five.
        """
        newest = {each.collapse: each for each in wanted}
        if not newest:
            return
        db = self.session.connection()
        _REPLACE.run_each(db, [{"this": collapse, "at": at} for collapse in newest])
        rows = [
            _row(None, each.errand, each.about, each.lane, each.destination, at) | {"collapse": each.collapse}
            for each in newest.values()
        ]
        _APPEND.run_each(db, rows)
        self.queued += len(rows)

    def withdraw(self, key: str, *, at: datetime) -> bool:
        """Take back what has not left yet; False when it has left, is leaving or was never owed."""
        taken = (
            update(OutboxRow)
            .where(col(OutboxRow.key) == key, col(OutboxRow.state) == "owed")
            .values(state="replaced", settled_at=at)
            .returning(col(OutboxRow.number))
        )
        return self.session.execute(taken).first() is not None

    def try_again(self, id: str, *, at: datetime) -> bool:
        """Owe a dead letter once more, by a coordinator's hand; False when it is not dead (any more)."""
        revived = (
            update(OutboxRow)
            .where(col(OutboxRow.id) == id, col(OutboxRow.state) == "dead")
            # One attempt stays counted, so that the next one looks before it sends.
            .values(state="owed", not_before=at, attempts=1, settled_at=None)
            .returning(col(OutboxRow.number))
        )
        found = self.session.execute(revived).first() is not None
        self.queued += found
        return found

    def try_again_to(self, where: str, platform: str, *, at: datetime) -> int:
        """Owe every dead letter to a room on this platform once more, as `try_again` does; how many they were."""
        dead = select(OutboxRow).where(
            OutboxRow.state == "dead", col(OutboxRow.destination).in_([where, f"{where}@{platform}"])
        )
        return sum(self.try_again(row.id, at=at) for row in self.session.exec(dead).all())

    def by_key(self, key: str) -> OutboxRow | None:
        """The row of a key, in whatever state it is."""
        query = select(OutboxRow).where(OutboxRow.key == key)
        return self.session.exec(query.execution_options(populate_existing=True)).first()

    def dead_letters(self, limit: int = 50) -> list[OutboxRow]:
        """What could not be delivered, the newest first."""
        query = select(OutboxRow).where(OutboxRow.state == "dead")
        return list(self.session.exec(query.order_by(col(OutboxRow.settled_at).desc()).limit(limit)))

    def delayed(self, before: datetime) -> tuple[int, OutboxRow | None]:
        """How many messages were first tried before that moment and have still not left, and the first of them."""
        late = (
            col(OutboxRow.state).in_(["owed", "trying"]),
            col(OutboxRow.first_tried_at) < before,
            OutboxRow.attempts > 1,
        )
        number = self.session.exec(select(func.count()).select_from(OutboxRow).where(*late)).one()
        first = select(OutboxRow).where(*late).order_by(col(OutboxRow.first_tried_at)).limit(1)
        return number, self.session.exec(first).first() if number else None

    def oldest_owed(self, now: datetime) -> datetime | None:
        """Since when the longest waiting message has been due; None when nothing due is waiting."""
        query = select(func.min(OutboxRow.not_before)).where(
            col(OutboxRow.state).in_(["owed", "trying"]), OutboxRow.not_before <= now
        )
        return self.session.exec(query).one()

    def is_waiting(self, errand: str, now: datetime) -> bool:
        """Whether something of this errand is due and has not left, or is leaving."""
        query = select(OutboxRow.number).where(
            OutboxRow.errand == errand,
            col(OutboxRow.state).in_(["owed", "trying"]),
            OutboxRow.not_before <= now,
        )
        return self.session.exec(query.limit(1)).first() is not None

    def counts(self) -> dict[str, int]:
        """How many rows are in each state."""
        query = select(OutboxRow.state, func.count()).group_by(OutboxRow.state)
        return dict(self.session.exec(query).all())


def _row(
    key: str | None, errand: str, about: Codes, lane: Lane, destination: str | None, at: datetime
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "key": key,
        "errand": errand,
        "about": as_json(about),
        "lane": LANES[lane],
        "destination": destination,
        "state": "owed",
        "queued_at": at,
        "not_before": at,
        "attempts": 0,
    }
