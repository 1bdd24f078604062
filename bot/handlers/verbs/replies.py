"""What a verb may answer; each platform knows how to bring each answer to the place where it was asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.questions import Option

Json = dict[str, Any]


@dataclass(frozen=True)
class Errors:
    """Leave the dialog open, each message beside the field of that id.

    `again` is the dialog drawn afresh, where the problems are of questions that it did not have.
    """

    problems: Mapping[str, str]
    again: Json | None = None


@dataclass(frozen=True)
class Update:
    """Show this view in the place of the one that was submitted or pressed."""

    view: Json


@dataclass(frozen=True)
class Push:
    """Show this view on top of the one that was submitted or pressed; what was typed below stays."""

    view: Json


@dataclass(frozen=True)
class Clear:
    """Close every dialog of the stack."""


@dataclass(frozen=True)
class Close:
    """Close this dialog only; the same as answering nothing."""


@dataclass(frozen=True)
class Own:
    """The message that was pressed or looked at, as it is for this person alone."""

    message: Json


@dataclass(frozen=True)
class Ephemeral:
    """A note that only the person who asked sees: a confirmation, never a duty (slack.md section 4).

    `note` is a message as this platform draws it.
    """

    note: Json


@dataclass(frozen=True)
class Afterwards:
    """A note whose words are made when the acknowledgement has gone: nobody's button waits for them."""

    note: Callable[[], Ephemeral]


@dataclass(frozen=True)
class Options:
    """What a list offers for what was typed into it; the platform shows as many as it can."""

    options: Sequence[Option]


Reply = Errors | Update | Push | Clear | Close | Own | Ephemeral | Afterwards | Options
