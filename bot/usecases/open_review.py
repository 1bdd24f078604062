"""Open what a review is recorded with, and a decision looked at again; each opening is on the record (IG-05)."""

from datetime import datetime

from bot.domain.actions import OUTCOME_WORDS, STATE_WORDS, ActionState, Outcome
from bot.domain.area import Practice
from bot.domain.errors import TooLate
from bot.domain.forms import chosen
from bot.domain.people import Person
from bot.domain.risk import RATING_WORDS, trend
from bot.storage.tables import CaseRow
from bot.storage.transaction import Begin, Work
from bot.usecases.fair_plan import plan_of
from bot.usecases.hold import hearing
from bot.usecases.indicators import series_of
from bot.usecases.looks.reviews import decision_pointer, kind_words, ratings_so_far
from bot.usecases.review import ANSWERS, HOWS
from bot.views.meeting import Pick
from bot.views.reviews import ActionThen, DecisionForm, LaterDecision, ReviewSheet, SubjectForm

MOST = 20
"""Actions on one sheet, those still open first; the case's file has them all."""

NOT_SAID = "It is not recorded yet whether the person was invited."


def open_subject_form(
    begin: Begin, practice: Practice, invitation_id: str, *, by: Person, now: datetime
) -> SubjectForm:
    """What the referral says of safe contact, and what was recorded so far, for somebody working on the case."""
    with begin() as work:
        row = work.followups.subject_invitation(invitation_id)
        case = work.cases.opened(row.case_id, by, "case.invite", now)
        meeting = work.meetings.row(row.meeting_id)
        if meeting.state in ("concluded", "cancelled"):
            raise TooLate("That meeting is over, so nobody is invited to it any more.")
        _read(work, case, by, now)
        return SubjectForm(
            id=row.id,
            ref=case.ref,
            stage=practice.of(case).stage(meeting.stage).title,
            starts_at=row.for_at,
            routes=_routes(work, practice, case),
            hows=tuple(Pick(id=id, label=label) for id, label in HOWS.items()),
            answers=tuple(Pick(id=id, label=label) for id, label in ANSWERS.items()),
            how=row.how,
            safe=row.safe,
            answer=row.answer,
            why=row.why,
        )


def open_review_sheet(
    begin: Begin, practice: Practice, item_id: str, *, by: Person, now: datetime
) -> ReviewSheet:
    """Each action's state, the ratings so far and the trend, and what was said of new risks (S3-32, S5-26)."""
    with begin() as work:
        item, _, case = hearing(work, item_id, by, now)
        pathway, today = practice.of(case), practice.today(now)
        _read(work, case, by, now)
        labels = {choice.id: choice.label for choice in pathway.actions.categories}
        rows = sorted(work.plans.of_case(case.id), key=lambda row: (row.state == "closed", row.due))
        sheet = work.followups.review_sheet(item.id)
        return ReviewSheet(
            item=item.id,
            case_id=case.id,
            ref=case.ref,
            actions=tuple(
                ActionThen(
                    ref=row.ref,
                    category=labels.get(row.category, row.category),
                    detail=row.detail,
                    agency=work.register.agency(row.agency_id).name,
                    owner=work.register.person(row.owner_id).name,
                    state=OUTCOME_WORDS[Outcome(row.outcome)]
                    if row.outcome
                    else STATE_WORDS[ActionState(row.state)],
                    due=row.due,
                    overdue=row.state != "closed" and row.due < today,
                    said=row.said,
                )
                for row in rows[:MOST]
            ),
            more=max(0, len(rows) - MOST),
            ratings=ratings_so_far(work, pathway, case.id),
            measures=series_of(work, practice, case),
            fair=plan.warnings if (plan := plan_of(work, practice, case)) else (),
            rating_now=RATING_WORDS.get(item.rating or "", ""),
            trend_now=trend(case.rating, item.rating) if item.rating else "",
            person=said_of_person(work, case.id, item.meeting_id),
            new_risks=sheet.new_risks if sheet else "",
            what=sheet.what if sheet else "",
        )


def said_of_person(work: Work, case_id: str, meeting_id: str) -> str:
    """Whether the person was invited to this meeting, how, and what they answered; "" where nobody was to ask."""
    rows = [row for row in work.followups.subject_invitations(case_id) if row.meeting_id == meeting_id]
    if not rows:
        return ""
    row = rows[-1]
    if row.recorded_at is None:
        return NOT_SAID
    who = work.register.person(row.recorded_by).name if row.recorded_by else ""
    said = f"{HOWS[row.how]}. " + (f"{ANSWERS[row.answer]}. " if row.answer else "")
    return said + (f"{row.why} " if row.why else "") + f"Recorded by {who}."


def open_decision_review(
    begin: Begin, practice: Practice, review_id: str, *, by: Person, now: datetime
) -> DecisionForm:
    """The decision as it was written, and the later ones that may have replaced it."""
    with begin() as work:
        row = work.followups.decision_review(review_id)
        decision = work.followups.decision(row.decision_id)
        case = work.cases.opened(decision.case_id, by, "decision.review", now)
        if row.outcome:
            raise TooLate("Somebody has said already whether this decision stands. Nothing has changed.")
        _read(work, case, by, now)
        pathway = practice.of(case)
        return DecisionForm(
            due=decision_pointer(work, practice, row.id, now),
            text=decision.text,
            reasons=decision.reasons,
            later=tuple(
                LaterDecision(id=each.id, kind=kind_words(pathway, each.kind), at=each.at)
                for each in work.cases.decisions(case.id)
                if each.at > decision.at and each.meeting_id is not None
            )[-50:],
            until=pathway.review.due.after(practice.today(now), practice.days(case.nation)),
        )


def _routes(work: Work, practice: Practice, case: CaseRow) -> tuple[tuple[str, str], ...]:
    """What the referral says of each way to reach the person; what was not said is not safe (rule 7)."""
    answers = work.referrals.row(case.referral_id).answers
    found = []
    for field in practice.of(case).fields:
        if field.id.startswith("safe_"):
            labels = {option.id: option.label for option in field.options}
            said = [labels.get(one, one.replace("_", " ")) for one in chosen(answers.get(field.id))]
            found.append((field.label, ", ".join(said) or "not said, so not safe"))
    return tuple(found)


def _read(work: Work, case: CaseRow, by: Person, now: datetime) -> None:
    work.audit.write(
        stream=case.ref, actor=by.id, verb="case.read", thing=f"case:{case.id}", facts={}, at=now
    )
