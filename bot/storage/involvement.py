"""Who was asked whether they know somebody, and what they said, in and out of the database."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from bot.domain.errors import NotFound
from bot.domain.involvement import Said
from bot.storage.involvement_tables import InvolvementCheckRow, InvolvementReplyRow, ResearchReturnRow
from bot.storage.tables import CaseRow


class Involvement:
    """Checks, replies and research returns."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def check(self, id: str) -> InvolvementCheckRow:
        """One agency asked about one case, or NotFound."""
        row = self.session.get(InvolvementCheckRow, id)
        if row is None:
            raise NotFound("Your agency is no longer asked about this.")
        return row

    def of_case(self, case_id: str) -> list[InvolvementCheckRow]:
        """Every agency asked about a case, in the order of asking."""
        query = select(InvolvementCheckRow).where(InvolvementCheckRow.case_id == case_id)
        return list(
            self.session.exec(query.order_by(col(InvolvementCheckRow.asked_at), col(InvolvementCheckRow.id)))
        )

    def of_cases(self, case_ids: Iterable[str]) -> list[InvolvementCheckRow]:
        """The same of several cases."""
        query = select(InvolvementCheckRow).where(col(InvolvementCheckRow.case_id).in_(list(case_ids)))
        return list(
            self.session.exec(query.order_by(col(InvolvementCheckRow.asked_at), col(InvolvementCheckRow.id)))
        )

    def lock(self, row: InvolvementCheckRow) -> None:
        """Let nobody else answer for this agency before this work is done; the row is read afresh."""
        self.session.flush()
        self.session.refresh(row, with_for_update=True)

    def replies(self, check_id: str) -> list[InvolvementReplyRow]:
        """All that an agency has said, oldest first; the last one stands."""
        query = select(InvolvementReplyRow).where(InvolvementReplyRow.check_id == check_id)
        return list(
            self.session.exec(query.order_by(col(InvolvementReplyRow.at), col(InvolvementReplyRow.id)))
        )

    def returns(self, check_id: str) -> list[ResearchReturnRow]:
        """All that an agency has returned, oldest first."""
        query = select(ResearchReturnRow).where(ResearchReturnRow.check_id == check_id)
        return list(self.session.exec(query.order_by(col(ResearchReturnRow.at), col(ResearchReturnRow.id))))

    def standing(self, check_id: str) -> dict[str, ResearchReturnRow]:
        """What an agency last returned about each person, by who they are in the case."""
        return {row.subject: row for row in self.returns(check_id)}

    def open_checks(self, area: str) -> list[tuple[InvolvementCheckRow, CaseRow]]:
        """Every check of a case that is not closed, which nobody has decided to wait for no longer."""
        query = (
            select(InvolvementCheckRow, CaseRow)
            .join(CaseRow, col(CaseRow.id) == col(InvolvementCheckRow.case_id))
            .where(
                CaseRow.area == area,
                CaseRow.state != "closed",
                col(InvolvementCheckRow.stopped_at).is_(None),
            )
        )
        return list(
            self.session.exec(
                query.order_by(col(InvolvementCheckRow.due_on), col(InvolvementCheckRow.id))
            ).all()
        )

    def asked_between(
        self, area: str, since: datetime, until: datetime, *, drill: bool
    ) -> list[InvolvementCheckRow]:
        """The checks of an area that were asked in that time, drills or real ones (S4-14)."""
        query = (
            select(InvolvementCheckRow)
            .join(CaseRow, col(CaseRow.id) == col(InvolvementCheckRow.case_id))
            .where(
                CaseRow.area == area,
                InvolvementCheckRow.asked_at >= since,
                InvolvementCheckRow.asked_at < until,
                col(InvolvementCheckRow.drill).is_(drill),
            )
        )
        return list(self.session.exec(query.order_by(col(InvolvementCheckRow.asked_at))))

    def researched(self, check_ids: Iterable[str]) -> frozenset[str]:
        """Of these checks, those with a research return."""
        query = select(ResearchReturnRow.check_id).where(col(ResearchReturnRow.check_id).in_(list(check_ids)))
        return frozenset(self.session.exec(query))


def is_silent(row: InvolvementCheckRow) -> bool:
    """Whether an agency has not answered; whoever was told to wait no longer still counts as silent (rule 7)."""
    return row.answer == Said.NONE
