"""How somebody may be reached, as it is shown to whoever opened it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class SafeCard:
    """How to reach them safely. `may` and `never_by` are words; whatever is not known to be safe is in `never_by`."""

    may: tuple[str, ...]
    never_by: tuple[str, ...]
    number: str
    times: str
    words: str
    never: str
    at: datetime | None
    """None where nobody has recorded anything."""
    who: str
    whose: str = ""
    """Whose it is, where it is not the person at the middle of the case."""
