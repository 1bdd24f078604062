"""Two people of one case who both have needs: in and out of the database (S5-28). Access is the caller's to ask."""

from sqlmodel import Session, col, select

from bot.storage.pair_tables import (
    ActionServesRow,
    SubjectAdvocacyRow,
    SubjectConflictRow,
    SubjectSafeContactRow,
)
from bot.storage.people_tables import SubjectRow
from bot.storage.tables import ActionRow


class Pairs:
    """Made of a session of one transaction."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def standing(self, case_id: str) -> SubjectConflictRow | None:
        """The flag that stands in a case, if one does."""
        query = select(SubjectConflictRow).where(
            SubjectConflictRow.case_id == case_id, col(SubjectConflictRow.ended_at).is_(None)
        )
        return self.session.exec(query).first()

    def every(self, case_id: str) -> list[SubjectConflictRow]:
        """Every flag that there ever was, the newest first."""
        query = select(SubjectConflictRow).where(SubjectConflictRow.case_id == case_id)
        return list(self.session.exec(query.order_by(col(SubjectConflictRow.at).desc())))

    def served(self, case_id: str) -> dict[str, ActionServesRow]:
        """Whom the case's actions serve, by the action's id."""
        query = (
            select(ActionServesRow)
            .join(ActionRow, col(ActionServesRow.action_id) == col(ActionRow.id))
            .where(ActionRow.case_id == case_id)
        )
        return {row.action_id: row for row in self.session.exec(query)}

    def advocacy(self, subject_id: str) -> SubjectAdvocacyRow | None:
        """How it stands with somebody's advocate, as last recorded."""
        query = select(SubjectAdvocacyRow).where(SubjectAdvocacyRow.subject_id == subject_id)
        return self.session.exec(query.order_by(col(SubjectAdvocacyRow.at).desc())).first()

    def safe_contacts(self, case_id: str) -> dict[str, list[SubjectSafeContactRow]]:
        """How each of a case's people can be reached, by whose it is: versions, the newest first."""
        query = (
            select(SubjectSafeContactRow)
            .join(SubjectRow, col(SubjectSafeContactRow.subject_id) == col(SubjectRow.id))
            .where(SubjectRow.case_id == case_id)
            .order_by(col(SubjectSafeContactRow.at).desc(), col(SubjectSafeContactRow.id))
        )
        found: dict[str, list[SubjectSafeContactRow]] = {}
        for row in self.session.exec(query):
            found.setdefault(row.subject_id, []).append(row)
        return found
