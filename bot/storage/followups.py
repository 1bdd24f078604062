"""Reads of what is followed up: rounds of closure, disputes, reviews of plans and decisions."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from bot.domain.access import Thing
from bot.domain.errors import NotFound
from bot.storage.followup_tables import (
    ClosureRoundRow,
    DecisionReviewRow,
    DisputeRow,
    DisputeStepRow,
    DisputeWordRow,
    ReviewSheetRow,
    SubjectInvitationRow,
)
from bot.storage.tables import (
    AgendaItemRow,
    CaseAgencyRow,
    CaseBarRow,
    CaseRow,
    DecisionRow,
    MeetingRow,
    ReferralRow,
)


class Followups:
    """What is owed after a meeting, by case or by when it is looked at next."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def closure_round(self, case_id: str) -> ClosureRoundRow | None:
        """The proposal to close this case that is open, None when there is none."""
        query = select(ClosureRoundRow).where(
            ClosureRoundRow.case_id == case_id, col(ClosureRoundRow.ended) == ""
        )
        return self.session.exec(query.order_by(col(ClosureRoundRow.at).desc())).first()

    def works_on(self, id: str) -> CaseAgencyRow:
        """An agency's part in a case by its own id; NotFound when there is none."""
        row = self.session.get(CaseAgencyRow, id)
        if row is None:
            raise NotFound("That agency does not work on this case any more.")
        return row

    def rounds_due(self, area: str, now: datetime) -> list[ClosureRoundRow]:
        """Open proposals whose silent agencies are to be asked again by now."""
        query = (
            select(ClosureRoundRow)
            .join(CaseRow, col(ClosureRoundRow.case_id) == col(CaseRow.id))
            .where(CaseRow.area == area, col(ClosureRoundRow.next_at) <= now)
        )
        return list(self.session.exec(query))

    def dispute(self, id: str) -> DisputeRow:
        """The dispute with this id; NotFound when there is none."""
        row = self.session.get(DisputeRow, id)
        if row is None:
            raise NotFound("There is no such concern.")
        return row

    def dispute_of(self, source: str) -> DisputeRow | None:
        """The dispute that this press raised before."""
        return self.session.exec(select(DisputeRow).where(DisputeRow.source == source)).first()

    def disputes(self, case_id: str) -> list[DisputeRow]:
        """A case's disputes, oldest first."""
        query = select(DisputeRow).where(DisputeRow.case_id == case_id)
        return list(self.session.exec(query.order_by(col(DisputeRow.raised_at), col(DisputeRow.ref))))

    def disputes_due(self, area: str, now: datetime) -> list[DisputeRow]:
        """Open disputes whose tier's time is over, or whose owner is to be asked again."""
        query = (
            select(DisputeRow)
            .join(CaseRow, col(DisputeRow.case_id) == col(CaseRow.id))
            .where(CaseRow.area == area, col(DisputeRow.next_at) <= now)
        )
        return list(self.session.exec(query))

    def steps(self, dispute_id: str) -> list[DisputeStepRow]:
        """Who was brought in, in order."""
        query = select(DisputeStepRow).where(DisputeStepRow.dispute_id == dispute_id)
        return list(self.session.exec(query.order_by(col(DisputeStepRow.began_at), col(DisputeStepRow.tier))))

    def words(self, dispute_id: str) -> list[DisputeWordRow]:
        """What was answered, in order."""
        query = select(DisputeWordRow).where(DisputeWordRow.dispute_id == dispute_id)
        return list(self.session.exec(query.order_by(col(DisputeWordRow.at))))

    def dispute_thing(self, row: DisputeRow) -> Thing:
        """What access needs to know of a dispute: who is involved, who answers for it, who is barred."""
        self.session.flush()
        case = self.session.get_one(CaseRow, row.case_id)
        bars = select(CaseBarRow.person_id).where(CaseBarRow.referral_id == case.referral_id)
        return Thing(
            area=case.area,
            referrer_id=row.raised_by,
            people=frozenset({row.raised_by, *(step.person_id for step in self.steps(row.id))}),
            owner_id=row.owner_id,
            barred=frozenset(self.session.exec(bars)),
        )

    def subject_invitation(self, id: str) -> SubjectInvitationRow:
        """The record of inviting a person to a review; NotFound when there is none."""
        row = self.session.get(SubjectInvitationRow, id)
        if row is None:
            raise NotFound("That invitation is not open any more.")
        return row

    def subject_invitations(self, case_id: str) -> list[SubjectInvitationRow]:
        """Every one of a case, the latest last."""
        query = select(SubjectInvitationRow).where(SubjectInvitationRow.case_id == case_id)
        return list(self.session.exec(query.order_by(col(SubjectInvitationRow.asked_at))))

    def reviews_ahead(self, area: str, now: datetime) -> list[tuple[MeetingRow, CaseRow]]:
        """Booked meetings about one plan that are to come, each with its cases."""
        query = (
            select(MeetingRow, CaseRow)
            .join(AgendaItemRow, col(AgendaItemRow.meeting_id) == col(MeetingRow.id))
            .join(CaseRow, col(AgendaItemRow.case_id) == col(CaseRow.id))
            .where(MeetingRow.area == area, MeetingRow.state == "invited", col(MeetingRow.starts_at) > now)
        )
        return list(self.session.exec(query).all())

    def review_sheet(self, item_id: str) -> ReviewSheetRow | None:
        """What a review found about new risks, None before anybody said."""
        return self.session.exec(select(ReviewSheetRow).where(ReviewSheetRow.item_id == item_id)).first()

    def ratings(self, case_id: str) -> list[tuple[datetime, str, str]]:
        """When a case's risk was rated in concluded meetings, in which stage, and how; oldest first (S5-26)."""
        query = (
            select(MeetingRow.concluded_at, MeetingRow.stage, AgendaItemRow.rating)
            .join(MeetingRow, col(AgendaItemRow.meeting_id) == col(MeetingRow.id))
            .where(
                AgendaItemRow.case_id == case_id,
                col(AgendaItemRow.rating).is_not(None),
                col(MeetingRow.concluded_at).is_not(None),
            )
            .order_by(col(MeetingRow.concluded_at))
        )
        return [(at, stage, rating) for at, stage, rating in self.session.exec(query) if at and rating]

    def decision(self, id: str) -> DecisionRow:
        """The decision with this id; NotFound when there is none."""
        row = self.session.get(DecisionRow, id)
        if row is None:
            raise NotFound("There is no such decision.")
        return row

    def decision_reviews(self, decision_ids: Sequence[str]) -> list[DecisionReviewRow]:
        """The times these decisions were looked at again, oldest first."""
        query = select(DecisionReviewRow).where(col(DecisionReviewRow.decision_id).in_(decision_ids))
        return list(self.session.exec(query.order_by(col(DecisionReviewRow.asked_at))))

    def decision_review(self, id: str) -> DecisionReviewRow:
        """One such time; NotFound when there is none."""
        row = self.session.get(DecisionReviewRow, id)
        if row is None:
            raise NotFound("That decision is not waiting to be looked at again.")
        return row

    def decisions_due(self, area: str, today: date) -> list[tuple[DecisionRow, CaseRow]]:
        """Decisions of live cases whose day has come and about which nobody was asked yet."""
        asked = select(DecisionReviewRow.id).where(
            DecisionReviewRow.decision_id == DecisionRow.id, DecisionReviewRow.due == DecisionRow.review_on
        )
        query = (
            select(DecisionRow, CaseRow)
            .join(CaseRow, col(DecisionRow.case_id) == col(CaseRow.id))
            .where(CaseRow.area == area, CaseRow.state != "closed", col(DecisionRow.review_on) <= today)
            .where(~asked.exists())
        )
        return list(self.session.exec(query).all())

    def decision_reviews_due(self, area: str, now: datetime) -> list[tuple[DecisionReviewRow, CaseRow]]:
        """Those that nobody has answered and that are asked about again by now."""
        query = (
            select(DecisionReviewRow, CaseRow)
            .join(DecisionRow, col(DecisionReviewRow.decision_id) == col(DecisionRow.id))
            .join(CaseRow, col(DecisionRow.case_id) == col(CaseRow.id))
            .where(CaseRow.area == area, col(DecisionReviewRow.next_at) <= now)
        )
        return list(self.session.exec(query).all())

    def repeats_of(self, case_id: str) -> list[CaseRow]:
        """Later cases that a person has linked to this one (T21)."""
        query = select(CaseRow).where(CaseRow.repeat_of == case_id).order_by(col(CaseRow.opened_at))
        return list(self.session.exec(query))

    def earlier_cases(self, area: str, before: str) -> list[tuple[CaseRow, ReferralRow]]:
        """Every case of the area but that of this referral, with what its referral said; the latest first."""
        query = (
            select(CaseRow, ReferralRow)
            .join(ReferralRow, col(CaseRow.referral_id) == col(ReferralRow.id))
            .where(CaseRow.area == area, CaseRow.referral_id != before)
            .order_by(col(CaseRow.opened_at).desc())
        )
        return list(self.session.exec(query).all())
