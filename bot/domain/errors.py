"""What can be refused or can fail, told apart by who may read it.

Refused                     shown to the person who asked, as it stands
├── NotAllowed              asked by somebody who may not (also an audit row)
├── NotFound                no such thing, or none that this person may know of
├── TooLate                 somebody else was first, or the thing has moved on
│   ├── NotLooked           nothing speaks against it, but what had to be looked at once more could not be
│   └── ListClosed          the case came too late for this panel; somebody may list it all the same, with a reason
└── Invalid                 an answer needs mending; carries the problems by field
Undeliverable               a gateway: this message can never arrive; a person must look
TryLater                    a gateway: not now; carries the wait in seconds
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


class Refused(Exception):
    """The request was understood and refused; the message is plain English for the person who asked."""


class NotAllowed(Refused):
    """This person may not do this to this thing (IG-05, IG-25).

    `trace` says who tried what on which thing, ids only: the transaction that is rolled back by this
    refusal writes it to the audit in one of its own (IG-29).
    """

    def __init__(self, message: str, trace: "Denial") -> None:
        super().__init__(message)
        self.trace = trace


class NotFound(Refused):
    """There is no such thing that this person may know of; never says which of the two."""


@dataclass(frozen=True, kw_only=True)
class Denial:
    """A failed access, for the audit: ids and the verb that was tried."""

    stream: str
    actor: str
    verb: str
    thing: str
    at: datetime


class TooLate(Refused):
    """Somebody else was first, or the thing has moved on since the button was shown."""


class NotLooked(TooLate):
    """What had to be looked at once more just before could not be; whoever asked may decide to go on without."""


class ListClosed(TooLate):
    """A case came after the cut-off of a meeting; its chair or coordinator may list it all the same, with a reason."""


class Invalid(Refused):
    """Some answers need mending; `problems` holds one message for each field id."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = dict(problems)


class Undeliverable(Exception):
    """This message can never be delivered as it is; `reason` holds no case data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TryLater(Exception):
    """The far side asks for patience: try again after `seconds`; `reason` holds no case data."""

    def __init__(self, seconds: float, reason: str) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.reason = reason


class NotYet(TryLater):
    """We keep to a pace of our own: nothing was asked of the far side, so this was no attempt."""
