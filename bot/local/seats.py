"""Who and what there is in the local workspace: people in their chairs, rooms, commands and shortcuts.

The composition builds these from the register; all of it is invented (the drill area is Aldermere).
"""

from dataclasses import dataclass
from typing import Literal

TEAM = "T0ALDERMERE"
APP = "A0CONVENOR"
BOT_USER = "U0BOT"
BOT = "B0BOT"
BOT_NAME = "Convenor"
BOT_MAILBOX = "convenor@aldermere.example"


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """Working hours on one weekday (Monday is 0), as local HH:MM."""

    weekday: int
    start: str = "09:00"
    end: str = "17:00"


WEEK = tuple(Hours(weekday=day) for day in range(5))


@dataclass(frozen=True, kw_only=True, slots=True)
class Chair:
    """A person in the workspace; `chair` is the part they play (Triage officer), `title` their job.

    Not everybody is `in_slack`: some have an account in Teams alone, and mail.
    """

    user_id: str
    name: str
    title: str
    agency: str
    chair: str
    email: str
    hours: tuple[Hours, ...] = WEEK
    zone: str = "Europe/London"
    in_slack: bool = True

    @property
    def handle(self) -> str:
        """The name that Slack calls `username`: lower case, no spaces."""
        return self.name.lower().replace(" ", ".")


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """A channel as it is at the start; the bot is in it only if `U0BOT` is among the members."""

    id: str
    name: str
    topic: str = ""
    is_private: bool = False
    members: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """A slash command of the app, as in its manifest."""

    command: str
    description: str
    usage: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shortcut:
    """A shortcut of the app: global, or in a message's menu."""

    type: Literal["global", "message"]
    name: str
    callback_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """The area that the workspace plays, a note that says it is invented, and perhaps why Teams is not there."""

    name: str
    note: str
    without_teams: str = ""
