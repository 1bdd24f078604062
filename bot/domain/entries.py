"""A meeting's entry as the organiser's calendar shows it, where people may have answered it or changed it by hand."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EntryDoubt(StrEnum):
    """How an entry differs from the record, so that a person has to look."""

    GONE = "gone"  # somebody took it out of the organiser's calendar
    MOVED = "moved"  # it stands at another time


@dataclass(frozen=True, kw_only=True)
class SeenAnswer:
    """What a guest answered there and when; `reply` is as buttons give it (accepted, declined, tentative)."""

    address: str
    reply: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An entry as it was read, begun at `read_at` by our clock."""

    start: datetime
    end: datetime
    read_at: datetime
    answers: tuple[SeenAnswer, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Channel:
    """By which an organiser's calendar tells us of changes, until `expires_at`; `resource` is its own name for what."""

    id: str
    secret: str
    expires_at: datetime
    resource: str = ""
