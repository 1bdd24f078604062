"""What is known of the risk in a case, in and out of the database; versions are only ever added (S1-12, S2-34)."""

from sqlmodel import Session, col, select

from bot.domain.errors import NotFound
from bot.storage.risk_tables import ActionTieRow, AdequacyRow, RiskAssessmentRow, RiskRow
from bot.storage.tables import ActionRow, AgendaItemRow


class Risks:
    """Made of a session of one transaction. Access is the caller's to ask, by the case (`work.cases.opened`)."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def assessments(self, case_id: str) -> list[RiskAssessmentRow]:
        """The finished ones after the referral's own, the newest first."""
        query = select(RiskAssessmentRow).where(
            RiskAssessmentRow.case_id == case_id, col(RiskAssessmentRow.at).is_not(None)
        )
        return list(self.session.exec(query.order_by(col(RiskAssessmentRow.number).desc())))

    def unfinished(self, case_id: str, person_id: str) -> RiskAssessmentRow | None:
        """The one that this person has begun and not finished."""
        query = select(RiskAssessmentRow).where(
            RiskAssessmentRow.case_id == case_id,
            RiskAssessmentRow.by_id == person_id,
            col(RiskAssessmentRow.at).is_(None),
        )
        return self.session.exec(query).first()

    def assessment(self, id: str) -> RiskAssessmentRow:
        """The assessment with this id, or NotFound."""
        row = self.session.get(RiskAssessmentRow, id)
        if row is None:
            raise NotFound("There is no such assessment. Begin again from the case.")
        return row

    def versions(self, case_id: str) -> list[RiskRow]:
        """Every version of every risk, by its number, the newest first."""
        query = select(RiskRow).where(RiskRow.case_id == case_id)
        return list(self.session.exec(query.order_by(col(RiskRow.number), col(RiskRow.version).desc())))

    def latest(self, case_id: str) -> list[RiskRow]:
        """Each risk of the case as it was last rated, by its number."""
        found: dict[str, RiskRow] = {}
        for row in self.versions(case_id):
            found.setdefault(row.risk, row)
        return list(found.values())

    def tie(self, action_id: str) -> ActionTieRow | None:
        """What an action is for, where that was said."""
        return self.session.get(ActionTieRow, action_id)

    def ties(self, case_id: str) -> dict[str, ActionTieRow]:
        """What the case's actions are for, by the action's id."""
        query = (
            select(ActionTieRow)
            .join(ActionRow, col(ActionTieRow.action_id) == col(ActionRow.id))
            .where(ActionRow.case_id == case_id)
        )
        return {row.action_id: row for row in self.session.exec(query)}

    def adequacy(self, case_id: str) -> list[AdequacyRow]:
        """What the case's meetings found of its plan, oldest first."""
        query = (
            select(AdequacyRow)
            .join(AgendaItemRow, col(AdequacyRow.item_id) == col(AgendaItemRow.id))
            .where(AgendaItemRow.case_id == case_id)
        )
        return list(self.session.exec(query.order_by(col(AdequacyRow.at), col(AdequacyRow.id))))
