"""Commands already handled: a platform that asks twice gets the first answer again (design rule 2)."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.storage.engine import INSERT, dialect
from bot.storage.ledger_tables import INBOX
from bot.storage.prepared import Prepared

_ANSWER = Prepared(select(INBOX.c.answer).where(INBOX.c.key == bindparam("this")))
_REMEMBER = {
    name: Prepared(insert(INBOX).on_conflict_do_nothing().returning(INBOX.c.key))
    for name, insert in INSERT.items()
}


class Overtaken(Exception):
    """Another process handled the same command first: this one is undone, ask again for its answer."""


class Inbox:
    """The idempotency keys of commands, each with what was answered."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def answer_to(self, key: str) -> str | None:
        """What was answered when this very command came before; None when it is new."""
        row = _ANSWER.first(self.session.connection(), {"this": key})
        return None if row is None else str(row.answer)

    def remember(self, key: str, answer: str, *, at: datetime) -> None:
        """Keep the answer with the work it stands for. Overtaken when another process kept one meanwhile."""
        entry = {"key": key, "answer": answer, "at": at}
        if _REMEMBER[dialect(self.session)].first(self.session.connection(), entry) is None:
            raise Overtaken(key)
