"""A conversation in Microsoft Teams as the record knows it: its kind, where it is reached, why we are silent there."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Kind(StrEnum):
    """What sort of place it is, in Teams' own words."""

    PERSONAL = "personal"
    CHANNEL = "channel"
    GROUP_CHAT = "groupChat"


class Stopped(StrEnum):
    """Why nothing may be posted to a conversation (teams.md section 8)."""

    UNINSTALLED = "uninstalled"
    """The app was taken out of it."""
    ROSTER_DIFFERS = "roster_differs"
    """Somebody reads along whom the record does not expect there."""
    SHARED = "shared"
    """The channel was shared with others, or no longer is: who can read it has to be confirmed again."""


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """What is kept of a conversation so that it can be written to later; ids and an address, nothing said there.

    `person_id` is ours, and only a personal conversation has one: ValueError otherwise. The id is that of the whole
    conversation, never of a thread in it (`;messageid=`): ValueError too.
    """

    id: str
    kind: Kind
    tenant: str
    service_url: str
    bot_id: str
    person_id: str | None = None
    team_id: str | None = None
    channel_id: str | None = None

    def __post_init__(self) -> None:
        if (self.kind == Kind.PERSONAL) != (self.person_id is not None):
            raise ValueError("a personal conversation is somebody's, and no other is")
        if ";" in self.id:
            raise ValueError("this names a thread, not a conversation")


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody who can read a conversation, as Teams names them: `account` is their object id in its tenant.

    `addresses` are those by which the register may know them, the most trustworthy first.
    """

    account: str
    name: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Unexpected:
    """A reader who should not be one: nobody of the register, without a part in that room, or kept from the case."""

    name: str
    why: Literal["unknown", "no_part", "barred"]
