"""Keep when the mailbox was last read to its end, for whoever asks whether it still is."""

from datetime import datetime

from bot.storage.transaction import Begin

JOB = "mailbox"


def mailbox_read(begin: Begin, now: datetime) -> None:
    """Harmless to repeat."""
    with begin() as work:
        work.heartbeats.beat(JOB, at=now)
