"""Larkfield Homes' calendars in a Google Workspace: whose diaries are there and what is in them. All invented."""

from datetime import date, datetime, time, timedelta

from bot.domain.spans import Span
from bot.local.clock import LONDON
from bot.local.google.world import Entry, GoogleWorld
from bot.local.world import World

ORGANISER = "convenor@larkfield.example"
DOMAIN = "larkfield.example"
GOOGLES_DIARIES = {DOMAIN: "google"}
"""As an area's file says it."""

WEEKS = 60

WEEK = (
    # who, weekday from Monday, from, to
    ("sam.whitlock", 0, "09:00", "10:00"),
    ("sam.whitlock", 1, "15:00", "17:00"),
    ("beth.orme", 2, "09:00", "10:30"),
    ("beth.orme", 3, "14:00", "16:00"),
    ("karl.duxbury", 4, "09:00", "12:00"),
)


def in_google(world: World) -> GoogleWorld:
    """The stand-in for Google with Larkfield's people in it, on the workspace's clock."""
    google = GoogleWorld(organiser=ORGANISER, clock=world.clock.now)
    today = world.clock.now().astimezone(LONDON).date()
    monday = today - timedelta(days=today.weekday() + 7)
    for chair in world.chairs.values():
        name, _, domain = chair.email.partition("@")
        if domain == DOMAIN:
            google.person(chair.email, *_entries(name, monday))
    return google


def _entries(name: str, monday: date) -> list[Entry]:
    return [
        Entry(span=Span(_at(day, start), _at(day, end)))
        for week in range(WEEKS)
        for who, weekday, start, end in WEEK
        if who == name
        for day in [monday + timedelta(weeks=week, days=weekday)]
    ]


def _at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), LONDON)
