"""The courier's statements on the ledger, built once: building one costs more than running it.

Each click runs several. States are spelt out where a partial index must answer.
"""

from sqlalchemy import bindparam, exists, func, or_, select, text, update

from bot.storage.engine import INSERT
from bot.storage.ledger_tables import OUTBOX, PACE

# Two couriers that claim at one instant could each take a row of one channel and turn their order round.
CLAIMING = text("SELECT pg_advisory_xact_lock(7207202)")

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
DUE = (
    select(OUTBOX.c.number, OUTBOX.c.destination)
    .where(
        OUTBOX.c.state == text("'owed'"),
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
CLAIM = (
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
TAKE_BACK = (
    update(OUTBOX)
    .where(
        OUTBOX.c.state == text("'trying'"),
        OUTBOX.c.lease_until <= _NOW,
        OUTBOX.c.number.not_in(bindparam("busy", expanding=True)),
    )
    .values(state="owed", leased_by=None, lease_until=None)
)
LET_GO = (
    update(OUTBOX)
    .where(OUTBOX.c.state == text("'trying'"), OUTBOX.c.leased_by == bindparam("holder"))
    .values(state="owed", leased_by=None, lease_until=None)
)
SETTLE = (
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
            for name in ("state", "not_before", "external_id", "last_error", "settled_at", "attempts")
        },
    )
    .returning(OUTBOX.c.number)
)
HOLD = {
    name: (add := insert(PACE)).on_conflict_do_update(
        index_elements=["destination"], set_={"free_at": add.excluded.free_at}
    )
    for name, insert in INSERT.items()
}
NEXT_DUE = select(
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
