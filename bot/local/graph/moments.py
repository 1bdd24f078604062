"""Graph's way of telling a moment: a wall-clock time, and a zone beside it."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.local.graph.refusals import GraphRefuses

Json = dict[str, Any]


def read(said: Any) -> datetime:
    """The instant that is meant, in UTC; refused as Graph does where there is none."""
    try:
        local = datetime.fromisoformat(said["dateTime"])
        zone = ZoneInfo(said["timeZone"])
    except (KeyError, TypeError, ValueError):
        raise GraphRefuses(400, "ErrorInvalidRequest", why="a time that cannot be read") from None
    return (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)


def told(moment: datetime, zone: str) -> Json:
    """The same moment in the zone that was asked for."""
    local = moment.astimezone(ZoneInfo(zone))
    return {"dateTime": f"{local:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": zone}
