"""By which channel each organiser's calendar tells us of changes: kept, so that a restart or another process knows."""

from datetime import datetime

from bot.domain.entries import Channel
from bot.storage.tables import CalendarChannelRow
from bot.storage.transaction import Begin, Work


def channel_of(work: Work, calendar: str) -> Channel | None:
    """The channel of this calendar, None where it was never asked for one."""
    row = work.session.get(CalendarChannelRow, calendar)
    if row is None:
        return None
    return Channel(id=row.id, secret=row.secret, expires_at=row.expires_at, resource=row.resource)


def keep_channel(begin: Begin, calendar: str, channel: Channel, now: datetime) -> Channel | None:
    """Keep it in the place of the calendar's last; what was there before, to be closed."""
    with begin() as work:
        before = channel_of(work, calendar)
        row = work.session.get(CalendarChannelRow, calendar) or CalendarChannelRow(
            calendar=calendar, id="", secret="", expires_at=now
        )
        row.id, row.secret, row.resource = channel.id, channel.secret, channel.resource
        row.expires_at = channel.expires_at
        work.session.add(row)
        return before if before is not None and before.id != channel.id else None
