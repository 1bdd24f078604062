"""What the courier asks of each kind of message."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from bot.storage.claims import Delivery
from bot.storage.transaction import Work

About = Mapping[str, Any]


class Errand(Protocol):
    """One kind of message. Inherit it, write `send`, and what else this kind needs.

    `about` holds the ids that were queued; `delivery_id` is the same at every attempt.
    """

    async def send(self, about: About, delivery_id: str) -> str | None:
        """Send it and give the far side's id for it, or None where there is none or nothing was to be sent.

        TryLater and Undeliverable are obeyed; any other error counts as a failed attempt.
        """
        ...

    async def look(self, about: About, delivery_id: str, since: datetime) -> str | None:
        """The far side's id when an earlier attempt, made after `since`, did arrive; asked before a resend.

        None by default: sending this kind twice is harmless, or the far side notices it by itself. A look
        that fails must raise, since a failed look is not an empty one.
        """
        return None

    def record(self, work: Work, delivery: Delivery, external_id: str | None) -> None:
        """What to write down about its arrival, in the transaction that marks it sent."""
        return

    def failed(self, work: Work, delivery: Delivery, reason: str) -> None:
        """What to write down when it will never arrive, in the transaction that marks it dead."""
        return
