"""What may be seen of a reply by e-mail that somebody has to decide on: who was asked, what it says, what is wrong."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class ReplyCard:
    """A reply that was not believed at once; edited in place in the coordinator's messages.

    `said` and `doubt` are codes; `person` is empty where it is for nobody who was asked; `recordable` whether it may be
    taken as their answer.
    """

    id: str
    meeting_id: str
    stage: str
    refs: tuple[str, ...]
    starts_at: datetime | None
    person: str
    agency: str
    deputy: str
    said: str
    doubt: str
    proposed_start: datetime | None
    proposed_end: datetime | None
    open: bool
    recordable: bool
    settled: str
    settled_by: str
    drill: bool
