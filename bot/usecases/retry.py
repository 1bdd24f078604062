"""A coordinator tries a dead letter again (engine.md section 2)."""

from datetime import datetime

from bot.domain.access import Thing, may
from bot.domain.area import Practice
from bot.domain.errors import Denial, NotAllowed, TooLate
from bot.domain.people import Person
from bot.storage.transaction import Begin


def try_again(begin: Begin, practice: Practice, delivery_id: str, *, by: Person, now: datetime) -> None:
    """Owe a failed delivery once more. TooLate when it is not dead (any more), NotAllowed for anybody else."""
    with begin() as work:
        if not may(by, "ledger.retry", Thing(area=practice.area.id)):
            raise NotAllowed(
                "Only a coordinator can try a delivery again. Nothing has changed; your attempt has been recorded.",
                Denial(
                    stream="ledger", actor=by.id, verb="ledger.retry", thing=f"delivery:{delivery_id}", at=now
                ),
            )
        if not work.outbox.try_again(delivery_id, at=now):
            raise TooLate("That delivery is no longer waiting for you: it was tried again already.")
        work.audit.write(
            stream="ledger",
            actor=by.id,
            verb="ledger.retried",
            thing=f"delivery:{delivery_id}",
            facts={},
            at=now,
        )
