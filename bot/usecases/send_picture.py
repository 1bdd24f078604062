"""Somebody wants the times found as a picture in their own chat."""

from datetime import datetime

from bot.domain.errors import TooLate
from bot.domain.people import Person
from bot.storage.transaction import Begin
from bot.usecases.looks.times import times_kept


def send_picture(begin: Begin, meeting_id: str, *, source: str, by: Person, now: datetime) -> None:
    """Owe this person the picture; what it shows is read when it leaves.

    Asked twice with one `source` it is sent once; asked again before the last one has left, only the newest is. Raises
    TooLate when no time waits any more, and for whoever may not book one.
    """
    with begin() as work:
        if not times_kept(work, meeting_id, by):
            raise TooLate("Those times are no longer on offer. Search again to see how everybody stands.")
        where = f"person:{by.id}"
        work.outbox.put(
            f"picture:{source}",
            "picture",
            {"meeting": meeting_id, "person": by.id, "where": where},
            at=now,
            lane="click",
            destination=where,
            collapse=f"picture:{meeting_id}:{by.id}",
        )
