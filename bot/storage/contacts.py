"""What stands beside the contact register, in and out of the database (S5-01, S5-30, S5-32, IG-24, IG-30)."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from bot.domain.errors import NotFound
from bot.domain.references import new_id
from bot.storage.contact_tables import (
    AccountEndRow,
    AgencyCardRow,
    ContactDetailRow,
    ContactRequestRow,
    LeaverRow,
    RegisterChangeRow,
)
from bot.storage.tables import PersonRow


class Contacts:
    """Details of people and agencies, requests about entries, and leavers."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def people(self, area: str, *, everybody: bool = False) -> list[PersonRow]:
        """The area's people by name, without those who have left unless `everybody` is asked for."""
        query = select(PersonRow).where(PersonRow.area == area)
        if not everybody:
            query = query.where(col(PersonRow.active))
        return list(self.session.exec(query.order_by(PersonRow.name, PersonRow.id)))

    def detail(self, person_id: str) -> ContactDetailRow:
        """The details of a person, to be read or changed; empty ones where there were none."""
        row = self.session.get(ContactDetailRow, person_id)
        if row is None:
            row = ContactDetailRow(person_id=person_id)
            self.session.add(row)
        return row

    def details(self, ids: Iterable[str]) -> dict[str, ContactDetailRow]:
        """Those that there are, by person; a person without any is not in it."""
        wanted = list(ids)
        found = self.session.exec(select(ContactDetailRow).where(col(ContactDetailRow.person_id).in_(wanted)))
        return {row.person_id: row for row in found}

    def card(self, agency_id: str) -> AgencyCardRow | None:
        """What an agency has written about itself; None when nobody has written anything."""
        return self.session.get(AgencyCardRow, agency_id)

    def changed(self, thing_id: str, field: str, before: str, after: str, by_id: str, at: datetime) -> None:
        """Keep what an entry said before (IG-30)."""
        self.session.add(
            RegisterChangeRow(
                id=new_id(), thing_id=thing_id, field=field, before=before, after=after, by_id=by_id, at=at
            )
        )

    def history(self, thing_id: str) -> list[RegisterChangeRow]:
        """What a person's or an agency's entry said before, the earliest change first."""
        query = select(RegisterChangeRow).where(RegisterChangeRow.thing_id == thing_id)
        return list(self.session.exec(query.order_by(col(RegisterChangeRow.at), col(RegisterChangeRow.id))))

    def requests(self, area: str) -> list[ContactRequestRow]:
        """Requests that nobody has settled, the longest waiting first."""
        query = select(ContactRequestRow).where(
            ContactRequestRow.area == area, col(ContactRequestRow.settled_at).is_(None)
        )
        return list(self.session.exec(query.order_by(col(ContactRequestRow.at), col(ContactRequestRow.id))))

    def request(self, id: str) -> ContactRequestRow:
        """The request with this id; NotFound when there is none."""
        row = self.session.get(ContactRequestRow, id)
        if row is None:
            raise NotFound("There is no such request.")
        return row

    def leavers(self, area: str) -> list[LeaverRow]:
        """Those whose things are not all somebody else's yet, the longest gone first."""
        query = select(LeaverRow).where(LeaverRow.area == area, col(LeaverRow.settled_at).is_(None))
        return list(self.session.exec(query.order_by(col(LeaverRow.left_at), col(LeaverRow.id))))

    def leaver(self, id: str) -> LeaverRow:
        """The leaver with this id; NotFound when there is none."""
        row = self.session.get(LeaverRow, id)
        if row is None:
            raise NotFound("There is no such hand-over.")
        return row

    def account_end(self, id: str) -> AccountEndRow:
        """The account's end with this id; NotFound when there is none."""
        row = self.session.get(AccountEndRow, id)
        if row is None:
            raise NotFound("There is no such account.")
        return row

    def account_ends(self, area: str) -> list[AccountEndRow]:
        """Those about which no coordinator has said anything yet, the longest waiting first."""
        query = select(AccountEndRow).where(
            AccountEndRow.area == area, col(AccountEndRow.settled_at).is_(None)
        )
        return list(self.session.exec(query.order_by(col(AccountEndRow.ended_at), col(AccountEndRow.id))))

    def last_account_end(self, person_id: str) -> AccountEndRow | None:
        """The last time that an account of this person's was deactivated; None when none ever was."""
        query = select(AccountEndRow).where(AccountEndRow.person_id == person_id)
        return self.session.exec(
            query.order_by(col(AccountEndRow.ended_at).desc(), col(AccountEndRow.id))
        ).first()
