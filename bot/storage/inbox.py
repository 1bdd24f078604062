"""Commands already handled: a platform that asks twice gets the first answer again (design rule 2)."""

from datetime import datetime

from sqlmodel import Session

from bot.storage.engine import INSERT
from bot.storage.ledger_tables import InboxEntry


class Overtaken(Exception):
    """Another process handled the same command first: this one is undone, ask again for its answer."""


class Inbox:
    """The idempotency keys of commands, each with what was answered."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def answer_to(self, key: str) -> str | None:
        """What was answered when this very command came before; None when it is new."""
        entry = self.session.get(InboxEntry, key)
        return entry.answer if entry else None

    def remember(self, key: str, answer: str, *, at: datetime) -> None:
        """Keep the answer with the work it stands for. Overtaken when another process kept one meanwhile."""
        insert = INSERT[self.session.get_bind().dialect.name]
        entry = insert(InboxEntry).values(key=key, answer=answer, at=at)
        new = entry.on_conflict_do_nothing().returning(InboxEntry.key)
        if self.session.execute(new).first() is None:
            raise Overtaken(key)
