"""The review of a plan: the person is asked to come, the sheet is filled in (S3-31, S3-32, S5-26, IG-10).

The program never writes to the person. It asks a professional to invite them by a route known to be safe, and keeps
what that professional says came of it.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.area import Practice
from bot.domain.errors import Invalid, TooLate
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.storage.codes import digest_of
from bot.storage.followup_tables import ReviewSheetRow, SubjectInvitationRow
from bot.storage.tables import CaseRow, MeetingRow
from bot.storage.transaction import Begin, Work
from bot.usecases.hold import hearing
from bot.usecases.owed import show, tell
from bot.usecases.views_first import heard_of

HOWS = {
    "in_person": "Asked face to face",
    "phone": "By telephone",
    "message": "By text message or e-mail",
    "letter": "By letter",
    "advocate": "Through an advocate or IDVA",
    "professional": "Through another professional who sees them",
    "not_asked": "Not asked",
}

REMOTE = ("phone", "message", "letter")
"""Ways in which somebody else may pick up, read or open it: only where the route is known to be safe (IG-10)."""

ANSWERS = {
    "coming": "They will come",
    "sends_views": "They do not come, and somebody brings their views",
    "not_coming": "They do not want to take part",
    "no_answer": "No answer yet",
}

SAFE = ("yes", "no", "unknown")
SHORTEST = 10


@dataclass(frozen=True, kw_only=True)
class Invited:
    """How the person was invited, whether that route was known to be safe, and what they said."""

    how: str
    safe: str = ""
    answer: str = ""
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """What the review found besides the rating: new risks `yes` or `no`, and which."""

    new_risks: str
    what: str = ""


def ask_to_invite(work: Work, practice: Practice, meeting: MeetingRow, case: CaseRow, now: datetime) -> bool:
    """Ask the lead professional, else the coordinator, to invite the person; again when it moves. Whether asked."""
    if meeting.starts_at is None:
        return False
    rows = work.followups.subject_invitations(case.id)
    row = next((each for each in rows if each.meeting_id == meeting.id), None)
    if row is not None and row.for_at == meeting.starts_at:
        return False
    barred = work.cases.thing(case).barred
    asked = case.lead_id if case.lead_id and case.lead_id not in barred else case.coordinator_id
    if row is None:
        row = SubjectInvitationRow(
            id=new_id(),
            meeting_id=meeting.id,
            case_id=case.id,
            asked_id=asked,
            asked_at=now,
            for_at=meeting.starts_at,
        )
    row.asked_id, row.asked_at, row.for_at = asked, now, meeting.starts_at
    row.how, row.safe, row.answer, row.why = "", "", "", ""
    row.recorded_by, row.recorded_at, row.chased_at = None, None, None
    work.session.add(row)
    work.session.flush()
    tell(work, "subject_invite", row.id, f"person:{asked}", now, key=meeting.starts_at.isoformat())
    return True


def record_invited(
    begin: Begin, practice: Practice, invitation_id: str, invited: Invited, *, by: Person, now: datetime
) -> str:
    """What the professional did and heard, over what was recorded before. The case's reference.

    Raises Invalid beside `how`, `safe`, `reply` or `why`: a telephone, a message or a letter counts only where the
    route is known to be safe; unknown is not safe (IG-10).
    """
    with begin() as work:
        row = work.followups.subject_invitation(invitation_id)
        case = work.cases.opened(row.case_id, by, "case.invite", now)
        meeting = work.meetings.row(row.meeting_id)
        if meeting.state in ("concluded", "cancelled"):
            raise TooLate("That meeting is over. Nothing was saved.")
        found = {}
        if invited.how not in HOWS:
            found["how"] = "Choose how the person was invited."
        elif invited.how == "not_asked":
            if len(invited.why.strip()) < SHORTEST:
                found["why"] = (
                    "Say in a sentence why the person was not asked, and how they are heard instead."
                )
        else:
            if invited.how in REMOTE and invited.safe != "yes":
                found["safe"] = (
                    "Not by this route unless it is known to be safe. Ask face to face, or through somebody"
                    " who sees them, and record that instead."
                )
            if invited.answer not in ANSWERS:
                found["reply"] = "Choose what they said, or “No answer yet”."
        if found:
            raise Invalid(found)
        row.how, row.why = invited.how, invited.why.strip()
        row.safe = invited.safe if invited.safe in SAFE else ""
        row.answer = "" if invited.how == "not_asked" else invited.answer
        row.recorded_by, row.recorded_at = by.id, now
        facts = {"meeting": meeting.id, "how": row.how, "safe": row.safe, "answer": row.answer}
        work.audit.write(
            stream=case.ref,
            actor=by.id,
            verb="subject.invited",
            thing=f"case:{case.id}",
            facts=facts,
            at=now,
        )
        heard_of(work, case, now)
        return case.ref


def record_review(
    begin: Begin, practice: Practice, item_id: str, reviewed: Reviewed, *, by: Person, now: datetime
) -> str:
    """Whether there are new risks, and which; over what was recorded in this meeting before. The case's reference."""
    with begin() as work:
        item, meeting, case = hearing(work, item_id, by, now)
        found = {}
        if reviewed.new_risks not in ("yes", "no"):
            found["new_risks"] = "Say whether there are new risks."
        elif reviewed.new_risks == "yes" and len(reviewed.what.strip()) < SHORTEST:
            found["what"] = "Say in a sentence what the new risk is."
        if found:
            raise Invalid(found)
        row = work.followups.review_sheet(item.id) or ReviewSheetRow(
            id=new_id(), item_id=item.id, new_risks="no", by_id=by.id, at=now
        )
        row.new_risks, row.what = reviewed.new_risks, reviewed.what.strip()
        row.by_id, row.at = by.id, now
        work.session.add(row)
        work.audit.write(
            stream=case.ref,
            actor=by.id,
            verb="review.recorded",
            thing=f"case:{case.id}",
            facts={"meeting": meeting.id, "new_risks": row.new_risks, "what": digest_of(row.what)},
            at=now,
        )
        show(work, "hold_card", meeting.id, f"room:{meeting.pathway}", now)
        return case.ref
