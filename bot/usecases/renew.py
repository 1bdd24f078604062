"""Somebody pressed on a card that is behind the record: what stands there is brought up to date once more."""

from datetime import datetime

from sqlmodel import select

from bot.storage.tables import PlacedRow
from bot.storage.transaction import Begin
from bot.usecases.owed import redraw


def renew(begin: Begin, address: str, *, now: datetime) -> bool:
    """Owe the surface that stands at a platform's address again; False for a message that nothing edits."""
    with begin() as work:
        placed = work.session.exec(select(PlacedRow).where(PlacedRow.address == address)).all()
        redraw(work, [_surface(row.id) for row in placed], at=now)
        return bool(placed)


def _surface(place: str) -> tuple[str, str, str]:
    surface, id, where = place.split(":", 2)
    return surface, id, where.partition("@")[0]
