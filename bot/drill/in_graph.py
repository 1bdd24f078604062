"""Aldermere Council's calendars in Microsoft 365: whose diaries are there, what is in them, who owns the meetings.

Everything in them is invented. The same week comes again and again, so that the clock may be moved on for months.
"""

from datetime import date, datetime, time, timedelta

from bot.domain.spans import Span
from bot.local.clock import LONDON
from bot.local.graph.shelved import Shelved
from bot.local.graph.world import Entry, GraphWorld, Venue
from bot.local.world import World

ORGANISER = "meetings@aldermere.example"
DOMAIN = "aldermere.example"
DIARIES = {DOMAIN: "graph"}
"""As an area's file says it."""

WEEKS = 60

ROOMS = (
    Venue(address="willow@aldermere.example", name="Willow Room", seats=12, wheelchair=True),
    Venue(address="ash@aldermere.example", name="Ash Room", seats=6, wheelchair=False),
)

WEEK = (
    # who, weekday from Monday, from, to, what, as Microsoft calls it
    ("anya.petrescu", 0, "10:00", "11:30", "Team meeting", "busy"),
    ("anya.petrescu", 2, "14:00", "15:30", "Supervision", "busy"),
    ("anya.petrescu", 3, "09:00", "10:30", "Training, if there is a place", "tentative"),
    ("joel.marsh", 0, "10:00", "11:30", "Team meeting", "busy"),
    ("joel.marsh", 1, "08:30", "12:00", "Duty desk", "busy"),
    ("joel.marsh", 4, "13:00", "16:30", "Visits", "oof"),
    ("helen.strand", 0, "13:00", "15:00", "Board papers", "busy"),
    ("helen.strand", 2, "09:00", "10:00", "Call with the board", "busy"),
    ("ruth.calloway", 1, "14:00", "15:00", "Referrals of the week", "busy"),
    ("ruth.calloway", 3, "16:00", "17:00", "Reading", "free"),
    ("dele.okonjo", 3, "13:00", "17:00", "Minutes", "busy"),
    ("isla.moncreiff", 2, "09:00", "17:00", "Heads of service", "busy"),
    ("tom.ashdown", 0, "09:00", "10:00", "Duty handover", "busy"),
    ("morag.fennick", 4, "09:00", "10:00", "Duty handover", "busy"),
    ("priya.nandakumar", 0, "10:00", "11:30", "Team meeting", "busy"),
)


def in_graph(world: World) -> GraphWorld:
    """The stand-in for Graph with the council's people in it, on the workspace's clock and shelf."""
    graph = GraphWorld(
        organiser=ORGANISER,
        domains=[DOMAIN],
        rooms=ROOMS,
        clock=world.clock.now,
        keep=Shelved(world.shelf),
    )
    today = world.clock.now().astimezone(LONDON).date()
    monday = today - timedelta(days=today.weekday() + 7)
    for chair in world.chairs.values():
        name, _, domain = chair.email.partition("@")
        if domain == DOMAIN:
            graph.person(chair.email, *_entries(name, monday))
    return graph


def _entries(name: str, monday: date) -> list[Entry]:
    return [
        Entry(
            span=Span(_at(day, start), _at(day, end)),
            status=status,
            subject=what,
            private=what == "Supervision",
        )
        for week in range(WEEKS)
        for who, weekday, start, end, what, status in WEEK
        if who == name
        for day in [monday + timedelta(weeks=week, days=weekday)]
    ]


def _at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), LONDON)
