"""How gateways read what a far side answers, whoever it is: waits, codes, and JSON that should make sense."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from bot.domain.errors import TryLater

Json = dict[str, Any]
T = TypeVar("T")

PAUSE = 5.0  # seconds, where the far side names no wait
PAUSE_AT_THE_LIMIT = 60.0
PAUSE_FOR_TOKEN = 60.0
"""The token, not the message, is at fault: nothing is lost while somebody replaces it."""


def asked_to_wait(headers: Mapping[str, str], otherwise: float) -> float:
    """The seconds of Retry-After; `otherwise` where there is none, or it is no number."""
    asked = headers.get("retry-after", "").strip()
    return float(asked) if asked.isdecimal() else otherwise


def sense_of(answer: Json, reader: Callable[[Json], T], whose: str) -> T:
    """What the reader makes of it; TryLater for an answer of another shape, which may be better the next time."""
    try:
        return reader(answer)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise TryLater(PAUSE, f"no sense in the answer of {whose}: {type(error).__name__}") from None
