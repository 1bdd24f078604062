"""The stand-in's getSchedule: Graph's limits, and a foreign or unknown person as an error inside a 200."""

from datetime import datetime, timedelta
from typing import Any

from bot.domain.spans import Span
from bot.local.graph import moments
from bot.local.graph.refusals import GraphRefuses
from bot.local.graph.world import Entry, GraphWorld

Json = dict[str, Any]

PEOPLE = 20
LONGEST = timedelta(days=62)
SHORTEST_STEP, LONGEST_STEP = 5, 1_440  # minutes
DIGITS = {"free": "0", "workingElsewhere": "0", "tentative": "1", "busy": "2", "oof": "3"}


def schedule(world: GraphWorld, said: Json, zone: str) -> Json:
    """The answer for everybody who was asked about; GraphRefuses where too much was asked."""
    given = {name.casefold(): value for name, value in said.items()}
    people, step = given.get("schedules") or [], given.get("availabilityviewinterval", 30)
    start, end = moments.read(given.get("starttime")), moments.read(given.get("endtime"))
    if not people or start >= end:
        raise GraphRefuses(400, "ErrorInvalidParameter")
    if len(people) > PEOPLE:
        raise GraphRefuses(400, "ErrorMailboxDataArrayTooBig")
    if end - start >= LONGEST:
        raise GraphRefuses(400, "ErrorTimeIntervalTooBig")
    if not SHORTEST_STEP <= step <= LONGEST_STEP:
        raise GraphRefuses(400, "ErrorInvalidMergedFreeBusyInterval")
    window = Span(start, end)
    return {"value": [_of(world, person, window, timedelta(minutes=step), zone) for person in people]}


def _of(world: GraphWorld, person: str, window: Span, step: timedelta, zone: str) -> Json:
    if person.rpartition("@")[2].casefold() not in world.domains or person.casefold() not in world.mailboxes:
        error = {
            "message": "Unable to resolve e-mail address to a valid Exchange mailbox.",
            "responseCode": "5009",
        }
        return {"scheduleId": person, "availabilityView": "", "scheduleItems": [], "error": error}
    entries = sorted(
        (each for each in world.taken(person) if each.span.touches(window)), key=lambda each: each.span
    )
    return {
        "scheduleId": person,
        "availabilityView": _view(entries, window, step),
        "scheduleItems": [_item(each, zone) for each in entries],
        "workingHours": {
            "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
            "startTime": "09:00:00.0000000",
            "endTime": "17:00:00.0000000",
            "timeZone": {"name": "GMT Standard Time"},
        },
    }


def _item(entry: Entry, zone: str) -> Json:
    item: Json = {
        "status": entry.status,
        "isPrivate": entry.private,
        "start": moments.told(entry.span.start, zone),
        "end": moments.told(entry.span.end, zone),
    }
    if not entry.private:  # what a bot would rather not have been told
        item |= {"subject": entry.subject, "location": entry.place}
    return item


def _view(entries: list[Entry], window: Span, step: timedelta) -> str:
    digits = []
    at: datetime = window.start
    while at < window.end:
        part = Span(at, at + step)
        digits.append(max((DIGITS.get(e.status, "0") for e in entries if e.span.touches(part)), default="0"))
        at += step
    return "".join(digits)
