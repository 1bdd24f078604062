"""Who is who in Microsoft Teams, and where its conversations are reached, in and out of the database (IG-25)."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Table, bindparam, case, func, null
from sqlmodel import Session, SQLModel, col, delete, select

from bot.domain.people import Person
from bot.domain.teams import Conversation, Kind, Stopped, Unexpected
from bot.storage.engine import INSERT, dialect
from bot.storage.prepared import Prepared
from bot.storage.register import person_of
from bot.storage.tables import PersonRow, TeamsConversationRow, TeamsIdentityRow

SEEN_WITHIN = timedelta(hours=1)
"""How old `seen_at` may be before it is written again: who presses all day writes it a few times, not each time."""

_PERSON: Table = SQLModel.metadata.tables[str(PersonRow.__tablename__)]
_IDENTITY: Table = SQLModel.metadata.tables[str(TeamsIdentityRow.__tablename__)]
_CONVERSATION: Table = SQLModel.metadata.tables[str(TeamsConversationRow.__tablename__)]

# Asked on every activity of Teams', as the like is on every request of Slack's.
_BY_TEAMS = Prepared(
    _PERSON.select()
    .join(_IDENTITY, _IDENTITY.c.person_id == _PERSON.c.id)
    .where(_IDENTITY.c.tenant == bindparam("tenant"), _IDENTITY.c.aad_object_id == bindparam("user"))
    .where(_PERSON.c.active)
)
_BY_ID = Prepared(_CONVERSATION.select().where(_CONVERSATION.c.id == bindparam("this")))

Link = Literal["new", "known", "taken"]


def known_by_teams(db: Connection, tenant: str, user: str) -> Person | None:
    """The active person with this identity: the tenant of the conversation and the user's `aadObjectId` (IG-25).

    A guest's object id is the host's, so it means nothing without the tenant (teams.md section 8).
    """
    row = _BY_TEAMS.first(db, {"tenant": tenant, "user": user})
    return person_of(row) if row else None


def is_kept(db: Connection, met: Conversation, now: datetime) -> bool:
    """Whether `save` would have nothing to write: just so, with the app in it, and seen within the hour."""
    row = _BY_ID.first(db, {"this": met.id})
    if row is None or row.stopped == Stopped.UNINSTALLED or now - row.seen_at >= SEEN_WITHIN:
        return False
    return all(getattr(row, name) == value for name, value in _values(met).items())


class TeamsLinks:
    """People's identities in Teams and the conversations with them; ids and addresses, never what was said."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def known(self, tenant: str, aad_object_id: str) -> Person | None:
        """The active person with this identity (IG-25)."""
        return known_by_teams(self._flushed(), tenant, aad_object_id)

    def link(
        self, person_id: str, tenant: str, aad_object_id: str, *, mri: str, is_guest: bool, at: datetime
    ) -> Link:
        """Tie an identity to a person: `new`, or `known` when it was theirs. `taken`, and nothing done, when it is not.

        Two processes that link the same identity at once: one finds it new, the other what the first made of it.
        """
        key = {"tenant": tenant, "aad_object_id": aad_object_id}
        values = {"person_id": person_id, "mri": mri, "is_guest": is_guest, "seen_at": at}
        added = self._insert(TeamsIdentityRow).values(**key, **values).on_conflict_do_nothing()
        if self.session.execute(added.returning(_IDENTITY.c.person_id)).first() is not None:
            return "new"
        row = self.session.get_one(TeamsIdentityRow, tuple(key.values()), populate_existing=True)
        if row.person_id != person_id:
            return "taken"
        if (row.mri, row.is_guest) != (mri, is_guest) or at - row.seen_at >= SEEN_WITHIN:
            row.mri, row.is_guest, row.seen_at = mri, is_guest, at
            self.session.flush()
        return "known"

    def accounts(self, tenant: str, people: Sequence[str]) -> list[str]:
        """The MRIs by which these people are known in a tenant, in the people's order; who is not known has none."""
        query = select(TeamsIdentityRow).where(
            TeamsIdentityRow.tenant == tenant, col(TeamsIdentityRow.person_id).in_(people)
        )
        rows = sorted(self.session.exec(query), key=lambda row: (people.index(row.person_id), row.mri))
        return [row.mri for row in rows]

    def conversation(self, id: str) -> TeamsConversationRow | None:
        """The conversation with this id, or None when it was never met."""
        query = select(TeamsConversationRow).where(TeamsConversationRow.id == id)
        return self.session.exec(query.execution_options(populate_existing=True)).first()

    def tenants(self) -> set[str]:
        """Those from which anything has reached us."""
        return set(self.session.exec(select(TeamsConversationRow.tenant).distinct()))

    def save(self, met: Conversation, *, at: datetime) -> None:
        """Keep where a conversation is reached; harmless to repeat, and then it seldom writes (`is_kept`).

        Something came from there, so the app is in it again if it was not. What was stopped for who reads along
        stays stopped until `resume`. A person has one personal conversation in a tenant: the newest.
        """
        if is_kept(self._flushed(), met, at):
            return
        if met.person_id is not None:
            self.session.execute(
                delete(TeamsConversationRow).where(
                    col(TeamsConversationRow.person_id) == met.person_id,
                    col(TeamsConversationRow.tenant) == met.tenant,
                    col(TeamsConversationRow.id) != met.id,
                )
            )
        values = {**_values(met), "seen_at": at}
        held = _CONVERSATION.c.stopped
        back = case((held == Stopped.UNINSTALLED.value, null()), else_=held)
        row = self._insert(TeamsConversationRow).values(values)
        self.session.execute(
            row.on_conflict_do_update(index_elements=["id"], set_={**values, "stopped": back})
        )

    def personal(self, person_id: str) -> TeamsConversationRow | None:
        """Where a person can be written to, of several the one seen last; None when there is none that may be."""
        query = (
            select(TeamsConversationRow)
            .where(
                TeamsConversationRow.kind == Kind.PERSONAL.value,
                TeamsConversationRow.person_id == person_id,
                col(TeamsConversationRow.stopped).is_(None),
            )
            .order_by(col(TeamsConversationRow.seen_at).desc(), col(TeamsConversationRow.id))
        )
        return self.session.exec(query.execution_options(populate_existing=True)).first()

    def stop(self, id: str, why: Stopped, *, unexpected: Sequence[Unexpected] = ()) -> bool:
        """Nothing may be posted there from now on; False when no such conversation is kept.

        `unexpected` are those who read along and should not, as far as they are the reason.

        That the app was taken out does not cover up a graver reason: it would be forgotten when the app is back.
        """
        held = _CONVERSATION.c.stopped
        reason = func.coalesce(held, why.value) if why is Stopped.UNINSTALLED else why.value
        return self._set_stopped(id, reason, unexpected)

    def resume(self, id: str) -> bool:
        """It may be posted to again, as somebody has confirmed who reads it; False when none such is kept.

        Where the app was taken out, that stays so until something is heard from there.
        """
        held = _CONVERSATION.c.stopped
        return self._set_stopped(id, case((held == Stopped.UNINSTALLED.value, held), else_=null()))

    def _set_stopped(self, id: str, reason: Any, unexpected: Sequence[Unexpected] = ()) -> bool:
        row = _CONVERSATION.update().where(_CONVERSATION.c.id == id)
        row = row.values(stopped=reason, unexpected=[asdict(each) for each in unexpected])
        return self.session.execute(row.returning(_CONVERSATION.c.id)).first() is not None

    def _insert(self, model: type[SQLModel]) -> Any:
        return INSERT[dialect(self.session)](model)

    def _flushed(self) -> Connection:
        """The transaction's connection, with what the session still held back written."""
        self.session.flush()
        return self.session.connection()


def _values(met: Conversation) -> dict[str, str | None]:
    return {**asdict(met), "kind": met.kind.value}
