"""The stand-in's freeBusy: Google's limits, and a calendar that may not be seen as an error inside a 200."""

from datetime import timedelta
from typing import Any

from bot.domain.spans import Span, merged
from bot.local.google import moments
from bot.local.google.refusals import GoogleRefuses
from bot.local.google.world import GoogleWorld

Json = dict[str, Any]

CALENDARS = 50
LONGEST = timedelta(days=92)
"""Google refuses a time that is too long, and does not say how long that is."""


def free_busy(world: GoogleWorld, said: Json) -> Json:
    """The answer for every calendar that was asked about."""
    start, end = moments.instant(said.get("timeMin")), moments.instant(said.get("timeMax"))
    if start >= end:
        raise GoogleRefuses(400, "timeRangeEmpty", why="The specified time range is empty.")
    if end - start > LONGEST:
        raise GoogleRefuses(400, "timeRangeTooLong", why="The requested time range is too long.")
    most = said.get("calendarExpansionMax", CALENDARS)
    if not isinstance(most, int) or not 1 <= most <= CALENDARS:
        raise GoogleRefuses(400, "invalid", why="calendarExpansionMax")
    asked = [str(each.get("id")) for each in said.get("items") or []]
    window = Span(start, end)
    return {
        "kind": "calendar#freeBusy",
        "timeMin": moments.told(start),
        "timeMax": moments.told(end),
        "calendars": {
            person: _error("tooManyCalendarsRequested") if len(asked) > most else _of(world, person, window)
            for person in asked
        },
    }


def _of(world: GoogleWorld, person: str, window: Span) -> Json:
    if person.casefold() not in world.diaries:
        return _error("notFound")
    taken = merged(span for span in world.taken(person) if span.touches(window))
    return {"busy": [{"start": moments.told(span.start), "end": moments.told(span.end)} for span in taken]}


def _error(reason: str) -> Json:
    return {"errors": [{"domain": "global", "reason": reason}], "busy": []}
