"""Items shared between agencies, in and out of the database, through one door (design.md rule 5)."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from bot.domain.access import Thing, may
from bot.domain.errors import Denial, NotAllowed, NotFound
from bot.domain.people import Person
from bot.storage.cases import Cases
from bot.storage.ledger_tables import AuditEvent
from bot.storage.practice_shares import (
    AgreementRow,
    InfoShareRow,
    ShareAdviceRow,
    ShareRecipientRow,
    ShareSubjectRow,
)
from bot.storage.tables import AgencyRow

NOT_YOURS = (
    "This item is open only to the agencies it is addressed to, to whoever shared it, and to the case’s coordinator"
    " and chair. Your attempt has been recorded."
)


class Shares:
    """What agencies share about a case. `opened` is the only way for a person to reach an item."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def row(self, id: str) -> InfoShareRow:
        """For the program's own use, never on a person's behalf: the item with this id, or NotFound."""
        row = self.session.get(InfoShareRow, id)
        if row is None:
            raise NotFound("There is no such item.")
        return row

    def advice_row(self, id: str) -> ShareAdviceRow:
        """The question with this id, or NotFound."""
        row = self.session.get(ShareAdviceRow, id)
        if row is None:
            raise NotFound("There is no such question.")
        return row

    def recipient_row(self, id: str) -> ShareRecipientRow:
        """One agency's copy by its own id, or NotFound."""
        row = self.session.get(ShareRecipientRow, id)
        if row is None:
            raise NotFound("There is no such item.")
        return row

    def thing(self, row: InfoShareRow) -> Thing:
        """What access needs to know of an item: `agencies` are those addressed, `owner_id` is who shared it."""
        cases = Cases(self.session)
        case = cases.thing(cases.row(row.case_id))
        return Thing(
            area=row.area,
            agencies=frozenset(each.agency_id for each in self.recipients(row.id)),
            people=case.people,
            barred=case.barred,
            chair_id=case.chair_id,
            owner_id=row.by_id,
            owner_agency=row.agency_id,
        )

    def advice_thing(self, row: ShareAdviceRow) -> Thing:
        """What access needs to know of a question: `owner_id` is the one who is asked."""
        thing = self.thing(self.row(row.share_id))
        return Thing(area=thing.area, barred=thing.barred, owner_id=row.adviser_id)

    def opened(self, id: str, by: Person, verb: str, at: datetime) -> InfoShareRow:
        """The item, when `by` may do `verb` to it; NotAllowed leaves a row in the audit (IG-20, IG-29)."""
        row = self.row(id)
        if not may(by, verb, self.thing(row)):
            raise NotAllowed(
                NOT_YOURS, Denial(stream=_stream(row), actor=by.id, verb=verb, thing=f"share:{row.id}", at=at)
            )
        return row

    def advised(self, id: str, by: Person, at: datetime) -> ShareAdviceRow:
        """The question, when it was put to `by`; NotAllowed leaves a row in the audit."""
        row = self.advice_row(id)
        if not may(by, "share.advise", self.advice_thing(row)):
            share = self.row(row.share_id)
            raise NotAllowed(
                "This question was put to somebody else. Your attempt has been recorded.",
                Denial(
                    stream=_stream(share), actor=by.id, verb="share.advise", thing=f"share:{share.id}", at=at
                ),
            )
        return row

    def of_case(self, case_id: str) -> list[InfoShareRow]:
        """Every item of a case, oldest first; for a person, only after `share.read` of each."""
        query = select(InfoShareRow).where(InfoShareRow.case_id == case_id)
        return list(self.session.exec(query.order_by(col(InfoShareRow.number))))

    def next_number(self, case_id: str) -> int:
        """The number of the case's next item, from 1."""
        query = select(func.max(InfoShareRow.number)).where(InfoShareRow.case_id == case_id)
        return (self.session.exec(query).one() or 0) + 1

    def recipients(self, share_id: str) -> list[ShareRecipientRow]:
        """The agencies to which it is addressed, in the order of the register."""
        query = (
            select(ShareRecipientRow)
            .join(AgencyRow, col(ShareRecipientRow.agency_id) == col(AgencyRow.id))
            .where(ShareRecipientRow.share_id == share_id)
        )
        return list(self.session.exec(query.order_by(col(AgencyRow.name))))

    def subjects(self, share_id: str) -> list[ShareSubjectRow]:
        """Whom it is about, in the order of the form."""
        query = select(ShareSubjectRow).where(ShareSubjectRow.share_id == share_id)
        return list(self.session.exec(query.order_by(col(ShareSubjectRow.position))))

    def advice(self, share_id: str) -> list[ShareAdviceRow]:
        """What was asked about it and answered, oldest first."""
        query = select(ShareAdviceRow).where(ShareAdviceRow.share_id == share_id)
        return list(self.session.exec(query.order_by(col(ShareAdviceRow.asked_at))))

    def readings(self, share_id: str) -> list[AuditEvent]:
        """Every opening of its content, oldest first, as the audit has it."""
        query = select(AuditEvent).where(
            AuditEvent.thing == f"share:{share_id}",
            col(AuditEvent.verb).in_(["share.read", "share.advise_read"]),
        )
        return list(self.session.exec(query.order_by(col(AuditEvent.at))))

    def agreements(self, agencies: Iterable[str]) -> dict[str, AgreementRow]:
        """The agreements of these agencies, by agency; one without is not in it."""
        wanted = list(agencies)
        found = self.session.exec(select(AgreementRow).where(col(AgreementRow.agency_id).in_(wanted)))
        return {row.agency_id: row for row in found}

    def unsent_due(self, area: str, today: date) -> list[InfoShareRow]:
        """Items begun and not sent whose writer is to be reminded today."""
        query = select(InfoShareRow).where(InfoShareRow.area == area, col(InfoShareRow.next_on) <= today)
        return list(self.session.exec(query))

    def unanswered_due(self, area: str, today: date) -> list[tuple[ShareAdviceRow, InfoShareRow]]:
        """Questions to managers that are to be chased today."""
        query = (
            select(ShareAdviceRow, InfoShareRow)
            .join(InfoShareRow, col(ShareAdviceRow.share_id) == col(InfoShareRow.id))
            .where(InfoShareRow.area == area, col(ShareAdviceRow.next_on) <= today)
        )
        return list(self.session.exec(query).all())

    def unreceived_due(self, area: str, today: date) -> list[tuple[ShareRecipientRow, InfoShareRow]]:
        """Copies that nobody has confirmed and that are to be chased today."""
        query = (
            select(ShareRecipientRow, InfoShareRow)
            .join(InfoShareRow, col(ShareRecipientRow.share_id) == col(InfoShareRow.id))
            .where(InfoShareRow.area == area, col(ShareRecipientRow.next_on) <= today)
        )
        return list(self.session.exec(query).all())

    def ending(self, area: str, by: date) -> list[AgreementRow]:
        """Agreements of the area's agencies that end on that day or before it."""
        query = (
            select(AgreementRow)
            .join(AgencyRow, col(AgreementRow.agency_id) == col(AgencyRow.id))
            .where(AgencyRow.area == area, AgreementRow.expires_on <= by)
        )
        return list(self.session.exec(query.order_by(col(AgreementRow.expires_on))))


def _stream(row: InfoShareRow) -> str:
    """The case's own chain: an item's reference begins with the case's."""
    return row.ref.partition("/")[0]
