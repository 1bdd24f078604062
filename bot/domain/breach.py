"""A possible breach: what can be decided about the regulator, and when those who wait for it are reminded (IG-36)."""

from datetime import datetime, timedelta

VERDICTS = {
    "notify": "It is reported to the Information Commissioner",
    "no_need": "It need not be reported",
}

REMIND = (timedelta(hours=24), timedelta(hours=6))
"""Clock hours before the end of the 72 at which whoever decides is reminded (P)."""

AGAIN = timedelta(hours=24)
"""Once it has run out: clock hours between reminders, to those above as well, until somebody decides."""


def next_reminder(decide_by: datetime, after: datetime) -> datetime:
    """The next moment after that one at which somebody hears that nothing is decided; there always is one (rule 8)."""
    for ahead in REMIND:
        if (at := decide_by - ahead) > after:
            return at
    at = decide_by
    while at <= after:
        at += AGAIN
    return at
