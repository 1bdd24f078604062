"""Looks at reviews for messages: dates, references and kinds; the words open in a dialog (IG-01, S3-31, S2-40)."""

from datetime import datetime

from bot.domain.area import Practice
from bot.domain.pathway import Pathway
from bot.domain.risk import RATING_WORDS, trend
from bot.storage.transaction import Work
from bot.views.reviews import DecisionDue, RatedThen, SubjectToInvite


def subject_to_invite(work: Work, practice: Practice, id: str, now: datetime) -> SubjectToInvite | None:
    """Somebody is asked to invite the person; nothing once the meeting is over or an answer is recorded."""
    row = work.followups.subject_invitation(id)
    meeting, case = work.meetings.row(row.meeting_id), work.cases.row(row.case_id)
    answered = row.recorded_at is not None and row.answer != "no_answer"
    if meeting.state != "invited" or meeting.starts_at is None or answered:
        return None
    return SubjectToInvite(
        id=row.id,
        ref=case.ref,
        case_id=case.id,
        stage=practice.of(case).stage(meeting.stage).title,
        starts_at=meeting.starts_at,
        answer=row.answer,
        drill=case.drill,
    )


def decision_due(work: Work, practice: Practice, id: str, now: datetime) -> DecisionDue | None:
    """A decision to look at again; nothing once somebody has said."""
    due = decision_pointer(work, practice, id, now)
    return due if not work.followups.decision_review(id).outcome else None


def decision_pointer(work: Work, practice: Practice, id: str, now: datetime) -> DecisionDue:
    """The same, however it stands."""
    row = work.followups.decision_review(id)
    decision = work.followups.decision(row.decision_id)
    case = work.cases.row(decision.case_id)
    return DecisionDue(
        id=row.id,
        ref=case.ref,
        case_id=case.id,
        kind=kind_words(practice.of(case), decision.kind),
        decided_on=practice.today(decision.at),
        due=row.due,
        asks=row.asks,
        drill=case.drill,
    )


def kind_words(pathway: Pathway, kind: str) -> str:
    """A kind of decision in the words of the pathway's list."""
    return next((choice.label for choice in pathway.decisions if choice.id == kind), kind.replace("_", " "))


def ratings_so_far(work: Work, pathway: Pathway, case_id: str) -> tuple[RatedThen, ...]:
    """Each rating that a meeting gave and whether it went up, down or stayed (S5-26), oldest first."""
    titles = {stage.id: stage.title for stage in pathway.stages}
    found: list[RatedThen] = []
    before: str | None = None
    for at, stage, rating in work.followups.ratings(case_id):
        found.append(
            RatedThen(
                at=at,
                stage=titles.get(stage, stage),
                rating=RATING_WORDS.get(rating, rating),
                trend=trend(before, rating),
            )
        )
        before = rating
    return tuple(found)
