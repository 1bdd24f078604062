"""Google's way of telling a moment: RFC 3339, or a wall-clock time with a zone beside it, or a whole day."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.local.google.refusals import GoogleRefuses

Json = dict[str, Any]


def read(said: Any) -> datetime:
    """The instant that an event's start or end means, in UTC; refused where there is none."""
    try:
        zone = ZoneInfo(said["timeZone"]) if said.get("timeZone") else None
        if "date" in said:
            return datetime.combine(date.fromisoformat(said["date"]), time(), zone or UTC).astimezone(UTC)
        local = datetime.fromisoformat(said["dateTime"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise GoogleRefuses(400, "invalid", why="Invalid start or end time.") from None
    if local.tzinfo is None and zone is None:
        raise GoogleRefuses(400, "required", why="Missing time zone definition.")
    return (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)


def instant(said: Any) -> datetime:
    """A moment that has its offset with it, as queries have."""
    try:
        moment = datetime.fromisoformat(said)
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise GoogleRefuses(400, "badRequest", why="Bad Request")
    return moment.astimezone(UTC)


def told(moment: datetime) -> str:
    """A moment in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
