"""One person's grouped message of a day: what is still true of it when it leaves, and what became of it.

What was answered between planning and sending falls out; with nothing left there is no message. A message that
could not leave on its day joins the next one, so nobody ever gets two on one day (anchors.md section 4, idea 2).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.actions import Action
from bot.domain.area import Practice
from bot.domain.nudges import after_quiet, is_quiet
from bot.domain.recipients import ROLE_WORDS
from bot.storage.plans import action_of, digest_key
from bot.storage.tables import NudgeRow
from bot.storage.transaction import Begin, Work
from bot.usecases.ask_about_standing import MEASURE, measure_moved_on, measure_of
from bot.usecases.invitees import stands
from bot.usecases.involvement_chase import KINDS, moved_on, waiting_check
from bot.usecases.looks.actions import line
from bot.usecases.looks.meeting import invitation_card
from bot.usecases.looks.standing import measure_note, measure_review_note
from bot.usecases.roster import Roster
from bot.views.actions import CaseDeadline, Digest, DigestItem, WaitingInvitation, WaitingReferral

UNDECIDED = ("triage", "needs_info")

STAGES = ("clock:", "review:")
"""How a nudge about a stage of a case begins its name."""


@dataclass(frozen=True, kw_only=True)
class TooEarly:
    """The area's day has not begun: `seconds` until it has."""

    seconds: float


def prepare(
    begin: Begin, practice: Practice, person_id: str, day: date, now: datetime
) -> Digest | TooEarly | None:
    """What to send to this person now; None when nothing is left or its day is over.

    Harmless to repeat. Every row that is not in the message is written down as skipped, and why, or waits for the
    next working day.
    """
    area, today = practice.area, practice.today(now)
    if today < day or (today == day and now < _opening(practice, now)):
        return TooEarly(seconds=(_opening(practice, now) - now).total_seconds() if today == day else 3600.0)
    with begin() as work:
        key = digest_key(person_id, day)
        rows = work.nudges.of_digest(key, "planned", "failed")
        if today > day or is_quiet(now, area.zone, area.opens, area.shuts):
            for row in rows:
                row.digest = None if row.state == "planned" else row.digest
            return None
        kept = _still_true(work, practice, person_id, rows, now)
        if not kept:
            return None
        roster = Roster(work, practice)
        items = sorted((_item(work, practice, row, now, roster) for row in kept), key=_gravest_first)
        return Digest(
            name=work.register.person(person_id).name,
            day=day,
            items=tuple(items),
            overdue=sum(_overdue_by(item) > 0 for item in items),
            drill=area.drill,
        )


def settle(work: Work, person_id: str, day: date, *, sent: bool, way: str = "", why: str = "") -> None:
    """The message arrived, or never will: so it is written against every nudge in it.

    `way` is by which platform it arrived (slack, teams) or mail; `why` is why it never will.
    """
    for row in work.nudges.of_digest(digest_key(person_id, day), "planned", "failed"):
        row.state = "sent" if sent else "failed"
        row.why = row.why if sent else why
        row.way = way


def _opening(practice: Practice, now: datetime) -> datetime:
    """The opening of the area's day, or now when it has opened."""
    area = practice.area
    opening = after_quiet(now, area.zone, area.opens, area.shuts)
    return opening if practice.today(opening) == practice.today(now) else now


def _still_true(
    work: Work, practice: Practice, person_id: str, rows: Sequence[NudgeRow], now: datetime
) -> list[NudgeRow]:
    """The rows that hold now, one for each thing: the latest; the others are skipped, and why."""
    kept: dict[str, NudgeRow] = {}
    person = work.register.person(person_id)
    for row in sorted(rows, key=lambda each: (each.at, each.to_role != "owner", each.id)):
        about = row.action_id or row.invitation_id or f"{row.referral_id}:{row.rung.rpartition(':')[0]}"
        barred = person_id in _barred(work, row)
        why = "no longer in the register" if not person.active else ""
        why = (
            why or ("may not know of it" if barred else "") or _overtaken_by_events(work, practice, row, now)
        )
        if why:
            row.state, row.why = "skipped", why
        else:
            if about in kept:
                kept[about].state, kept[about].why = "skipped", "overtaken by a later step"
            kept[about] = row
    return list(kept.values())


def _overtaken_by_events(work: Work, practice: Practice, row: NudgeRow, now: datetime) -> str:
    if row.invitation_id is not None:
        return _invitation_moved_on(work, practice, row, now)
    if row.action_id is None:
        return _case_or_triage_moved_on(work, row)
    stored = work.plans.row(row.action_id)
    action = action_of(stored)
    if not action.open:
        return "answered meanwhile"
    if row.due != action.due:
        return "the date was moved"
    if row.person_id != action.owner_id and _was_the_old_owners(work, row, action):
        return "passed on meanwhile"
    if row.rung.startswith("accept") and action.state != "assigned":
        return "accepted meanwhile"
    if row.rung.startswith("decide") and not action.with_chair:
        return "decided meanwhile"
    if row.rung.startswith(("due", "top", "accept", "snoozed")) and action.state == "declined":
        return "with the chair meanwhile"
    snoozed = action.snoozed_until is not None and practice.today(now) < action.snoozed_until
    if snoozed and row.to_role == "owner" and not row.rung.startswith("top"):
        return "put off by the owner"
    return ""


def _was_the_old_owners(work: Work, row: NudgeRow, action: Action) -> bool:
    """Whether it went to the owner, or to an owner's deputy or lead, before the action went to another agency."""
    if row.to_role == "owner" or row.person_id is None:
        return row.to_role == "owner"
    beside = row.to_role in ("deputy", "agency_lead")
    return beside and work.register.person(row.person_id).agency_id != action.agency_id


def _case_or_triage_moved_on(work: Work, row: NudgeRow) -> str:
    assert row.referral_id is not None
    if row.rung.startswith(KINDS):
        return moved_on(work, row)
    if row.rung.startswith(MEASURE):
        return measure_moved_on(work, row)
    if not row.rung.startswith(STAGES):
        return "" if work.referrals.row(row.referral_id).state in UNDECIDED else "decided meanwhile"
    case = work.cases.of_referral(row.referral_id)
    if case is None or case.state == "closed":
        return "held meanwhile"
    if row.rung.startswith("review:"):
        return "" if case.next_review == row.due else "reviewed meanwhile"
    stage = row.rung.split(":")[1]
    unmet = any(clock.stage == stage and clock.met_at is None for clock in work.cases.clocks(case.id))
    return "" if unmet else "held meanwhile"


def _invitation_moved_on(work: Work, practice: Practice, row: NudgeRow, now: datetime) -> str:
    assert row.invitation_id is not None
    invitation = work.meetings.invitation_row(row.invitation_id)
    meeting = work.meetings.row(invitation.meeting_id)
    if not stands(invitation, meeting, now) or meeting.starts_at is None:
        return "not asked any more"
    if practice.today(meeting.starts_at) != row.due:
        return "the meeting was moved"
    return "" if invitation.answer == "none" else "answered meanwhile"


def _barred(work: Work, row: NudgeRow) -> frozenset[str]:
    """Who may not know of what this is about."""
    if row.invitation_id is not None:
        invitation = work.meetings.invitation_row(row.invitation_id)
        return work.meetings.thing(work.meetings.row(invitation.meeting_id)).barred
    return work.referrals.barred(_referral_of(work, row))


def _referral_of(work: Work, row: NudgeRow) -> str:
    if row.referral_id is not None:
        return row.referral_id
    assert row.action_id is not None
    return work.cases.row(work.plans.row(row.action_id).case_id).referral_id


def _item(work: Work, practice: Practice, row: NudgeRow, now: datetime, roster: Roster) -> DigestItem:
    if row.action_id is not None:
        action = line(work, practice, work.plans.row(row.action_id), now, roster, beyond=True)
        return DigestItem(role=row.to_role, heard=_heard(row), action=action)
    if row.invitation_id is not None:
        return DigestItem(role=row.to_role, heard="", invitation=_invitation(work, practice, row, now))
    assert row.referral_id is not None
    if row.rung.startswith(KINDS):
        return DigestItem(role=row.to_role, heard=_heard(row), check=waiting_check(work, practice, row, now))
    if row.rung.startswith(MEASURE):
        id, track = measure_of(row)
        look = measure_note if track == "end" else measure_review_note
        return DigestItem(role=row.to_role, heard=_heard(row), measure=look(work, practice, id, now))
    today = practice.today(now)
    referral = work.referrals.row(row.referral_id)
    pathway = practice.of(referral)
    if row.rung.startswith(STAGES):
        case = work.cases.of_referral(row.referral_id)
        assert case is not None
        stage = row.rung.split(":")[1]
        left = practice.days(case.nation).count(today, row.due)
        deadline = CaseDeadline(
            case_id=case.id,
            ref=case.ref,
            stage=pathway.stage(stage).title,
            due=row.due,
            overdue_by=max(0, -left),
            due_in=max(0, left),
        )
        return DigestItem(role=row.to_role, heard=_heard(row), clock=deadline)
    left = practice.pathway_days(pathway).count(today, row.due)
    waiting = WaitingReferral(
        id=referral.id,
        ref=referral.ref,
        pathway=pathway.title,
        due=row.due,
        overdue_by=max(0, -left),
        due_in=max(0, left),
    )
    return DigestItem(role=row.to_role, heard=_heard(row), referral=waiting)


def _invitation(work: Work, practice: Practice, row: NudgeRow, now: datetime) -> WaitingInvitation:
    assert row.invitation_id is not None
    card = invitation_card(work, practice, row.invitation_id, now)
    assert card is not None
    assert card.starts_at is not None
    assert card.ends_at is not None
    pathway = practice.pathways[work.meetings.row(card.meeting_id).pathway]
    return WaitingInvitation(
        id=card.id,
        ref=card.stage,
        pathway=card.pathway,
        starts_at=card.starts_at,
        ends_at=card.ends_at,
        refs=card.refs,
        agency=card.agency,
        deputy=card.deputy,
        due=row.due,
        overdue_by=0,
        due_in=max(0, practice.pathway_days(pathway).count(practice.today(now), row.due)),
    )


def _heard(row: NudgeRow) -> str:
    if row.to_role in ("owner", "triage"):
        return ""
    instead = f", {row.why}" if row.why.startswith("in place of") else ""
    return f"You hear of it as {ROLE_WORDS.get(row.to_role, row.to_role)}{instead}."


def _overdue_by(item: DigestItem) -> int:
    thing = item.action or item.referral or item.clock or item.invitation or item.check or item.measure
    return thing.overdue_by if thing else 0


def _gravest_first(item: DigestItem) -> tuple[bool, int, date, str, int]:
    """Referrals that nobody has decided come first, then by how long something is overdue (idea 2)."""
    thing = item.referral or item.action or item.clock or item.invitation or item.check or item.measure
    assert thing is not None
    case, _, number = thing.ref.partition("/")
    return item.referral is None, -_overdue_by(item), thing.due, case, int(number) if number.isdigit() else 0
