"""What a decision owes to the outside: rows of the outbox, written in the decision's own transaction.

A row names a surface or a message and ids, never what it will say: the courier renders it from the record
at the moment of sending (design.md rule 4).
"""

from collections.abc import Iterable
from datetime import datetime

from bot.storage.outbox import Redrawing
from bot.storage.transaction import Work


def show(work: Work, surface: str, id: str, where: str, at: datetime) -> None:
    """Bring one surface up to date: posted the first time, edited in place ever after; a burst is one edit.

    `where` is `room:<name>` (a channel of the area) or `person:<id>` (a direct message).
    """
    redraw(work, [(surface, id, where)], at=at)


def redraw(
    work: Work, surfaces: Iterable[tuple[str, str, str]], homes: Iterable[str] = (), *, at: datetime
) -> None:
    """`show` each (surface, id, where) and `refresh_home` of each person, at the price of one of them."""
    shown = [
        Redrawing(
            errand="show",
            about={"surface": surface, "id": id, "where": where},
            lane="click",
            destination=where,
            collapse=f"{surface}:{id}:{where}",
        )
        for surface, id, where in surfaces
    ]
    refreshed = [
        Redrawing(
            errand="home",
            about={"person": person_id},
            lane="post",
            destination=f"home:{person_id}",
            collapse=f"home:{person_id}",
        )
        for person_id in homes
    ]
    work.outbox.redraw([*shown, *refreshed], at=at)


def tell(
    work: Work, message: str, id: str, where: str, at: datetime, *, key: str = "", lane: str = "post"
) -> None:
    """Say one thing once, to a person or in a room: asked twice for the same `key`, it is said once."""
    work.outbox.put(
        f"tell:{message}:{id}:{where}:{key}",
        "tell",
        {"message": message, "id": id, "where": where},
        at=at,
        lane=lane,  # type: ignore[arg-type]
        destination=where,
    )


def refresh_home(work: Work, person_id: str, at: datetime) -> None:
    """Redraw a person's App Home soon; many changes are one redraw."""
    redraw(work, (), [person_id], at=at)
