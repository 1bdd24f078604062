"""What the courier can show and say: the look that reads the record, and the templates that put it in words.

A surface is edited in place for as long as it lives; a message is said once. Both are read from the record at
the moment of sending, so nothing of a case waits in the outbox (design.md rule 4).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.area import Practice
from bot.links import Kind
from bot.storage.transaction import Work

Look = Callable[[Work, Practice, str, datetime], object | None]
"""`look(work, practice, id, now)`: a frozen view of what may be shown there, or None when there is nothing (any more)
to say. A look reads only."""

Asks = Callable[[Any], tuple[Kind, str] | None]
"""From what a look gave to what it asks its reader to answer; None when that is nothing (any more)."""


def nothing(view: object) -> None:
    """It asks for no answer."""


def never(view: object) -> bool:
    """What was mailed once is not mailed again: the next grouped message says where things stand."""
    return False


@dataclass(frozen=True, kw_only=True)
class Surface:
    """A message edited in place: `templates/cards/<shape>.json.j2` is given the look's answer as `view`.

    What it `asks` can be answered by a link where it goes by e-mail. Mail cannot be edited: `afresh` says when what
    was mailed has to be mailed again, since it asks anew.
    """

    look: Look
    shape: str
    asks: Asks = nothing
    afresh: Callable[[Any], bool] = never


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message said once: `templates/words/<words>.txt.j2` is given `view`; a person without Slack gets it by e-mail.

    `shape` is given `words` (headline, paragraphs) and `view`; the default shows `view.buttons` when there are any.
    """

    look: Look
    words: str
    shape: str = "message"
    asks: Asks = nothing
