"""What may be seen of a room that is closed because of who reads there: names of colleagues and of strangers in it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class RoomNote:
    """Why nothing is posted in a room of Microsoft Teams. `readers` are (name, reason); `more` had no room."""

    room: str
    title: str
    shared: bool
    readers: tuple[tuple[str, str], ...]
    more: int
    drill: bool


@dataclass(frozen=True, kw_only=True)
class WithheldNote:
    """What is not posted in a room because somebody reads along who is kept from it: references only."""

    room: str
    title: str
    refs: tuple[str, ...]
    drill: bool
