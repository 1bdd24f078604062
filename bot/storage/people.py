"""The people of a case, in and out of the database; versions are only ever added (S2-30, S5-17, S1-15)."""

from sqlmodel import Session, col, func, select

from bot.domain.errors import NotFound
from bot.storage.people_tables import (
    OutcomeCheckRow,
    OutcomeMetRow,
    PersonAccountRow,
    SafeContactRow,
    SubjectLinkRow,
    SubjectRow,
    WantedOutcomeRow,
)
from bot.storage.tables import CaseRow


class People:
    """Made of a session of one transaction. Access is the caller's to ask, by the case (`work.cases.opened`)."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def subjects(self, case_id: str, *, removed: bool = False) -> list[SubjectRow]:
        """Whom the case is about, in the order in which they became known; with those removed only if asked for."""
        query = select(SubjectRow).where(SubjectRow.case_id == case_id).order_by(col(SubjectRow.number))
        if not removed:
            query = query.where(col(SubjectRow.removed_at).is_(None))
        return list(self.session.exec(query))

    def subject(self, id: str) -> SubjectRow:
        """The subject with this id, or NotFound."""
        row = self.session.get(SubjectRow, id)
        if row is None:
            raise NotFound("There is no such person in this case.")
        return row

    def links(self, case_id: str) -> list[SubjectLinkRow]:
        """Their ties to each other and to people of the register, oldest first."""
        query = (
            select(SubjectLinkRow)
            .join(SubjectRow, col(SubjectLinkRow.subject_id) == col(SubjectRow.id))
            .where(SubjectRow.case_id == case_id)
            .order_by(col(SubjectLinkRow.at), col(SubjectLinkRow.id))
        )
        return list(self.session.exec(query))

    def safe_contacts(self, case_id: str) -> list[SafeContactRow]:
        """Every version of how they can be reached safely, the newest first."""
        query = select(SafeContactRow).where(SafeContactRow.case_id == case_id)
        return list(self.session.exec(query.order_by(col(SafeContactRow.at).desc(), col(SafeContactRow.id))))

    def accounts(self, case_id: str) -> list[PersonAccountRow]:
        """Every version of what the person says of themselves, the newest first."""
        query = select(PersonAccountRow).where(PersonAccountRow.case_id == case_id)
        return list(
            self.session.exec(query.order_by(col(PersonAccountRow.at).desc(), col(PersonAccountRow.id)))
        )

    def checks(self, case_id: str) -> list[OutcomeCheckRow]:
        """Every talk about what they want to come of it, oldest first."""
        query = select(OutcomeCheckRow).where(OutcomeCheckRow.case_id == case_id)
        return list(self.session.exec(query.order_by(col(OutcomeCheckRow.at), col(OutcomeCheckRow.id))))

    def outcomes(self, case_id: str) -> list[WantedOutcomeRow]:
        """What they want to come of it, in the order in which they said it."""
        query = select(WantedOutcomeRow).where(WantedOutcomeRow.case_id == case_id)
        return list(self.session.exec(query.order_by(col(WantedOutcomeRow.number))))

    def met(self, case_id: str) -> list[OutcomeMetRow]:
        """How far each was met each time that it was asked."""
        query = (
            select(OutcomeMetRow)
            .join(OutcomeCheckRow, col(OutcomeMetRow.check_id) == col(OutcomeCheckRow.id))
            .where(OutcomeCheckRow.case_id == case_id)
        )
        return list(self.session.exec(query))

    def checks_of_area(self, area: str) -> list[tuple[OutcomeCheckRow, CaseRow]]:
        """Every such talk of an area's cases that are no drill, with its case, oldest first: for counts only."""
        query = (
            select(OutcomeCheckRow, CaseRow)
            .join(CaseRow, col(OutcomeCheckRow.case_id) == col(CaseRow.id))
            .where(CaseRow.area == area)
            .order_by(col(OutcomeCheckRow.at), col(OutcomeCheckRow.id))
        )
        return list(self.session.exec(query).all())

    def met_in(self, checks: list[str]) -> list[OutcomeMetRow]:
        """What was said of each outcome in these talks."""
        return list(self.session.exec(select(OutcomeMetRow).where(col(OutcomeMetRow.check_id).in_(checks))))

    def next_subject(self, case_id: str) -> int:
        """The number of the case's next subject, from 1."""
        query = select(func.max(SubjectRow.number)).where(SubjectRow.case_id == case_id)
        return (self.session.exec(query).one() or 0) + 1
