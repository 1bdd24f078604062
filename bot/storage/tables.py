"""The tables of the record, and how sensitive each column is (model.md section 2).

Rows are records without rules; the rules are in bot.domain. Every column declares a sensitivity; a test
refuses one without (IG-03).
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.domain.reply_address import new_token
from bot.storage import naming as naming

PUBLIC, OPERATIONAL, PERSONAL, SPECIAL, SAFETY = range(5)


def _of(sensitivity: int, *args: Any, **but: Any) -> Any:
    """A column with its sensitivity class in `info`, where the tests of IG-01 and IG-03 find it."""
    column: dict[str, Any] = {"info": {"sensitivity": sensitivity}}
    if args:
        return Field(sa_type=args[0], sa_column_kwargs=column, **but)
    return Field(sa_column_kwargs=column, **but)


def _key() -> Any:
    return _of(OPERATIONAL, primary_key=True)


def _to(table: str, **but: Any) -> Any:
    return _of(OPERATIONAL, foreign_key=f"{table}.id", **but)


class AgencyRow(SQLModel, table=True):
    """An organisation that has signed up in an area (S3-02)."""

    __tablename__ = "agency"
    __table_args__ = (UniqueConstraint("area", "slug"),)

    id: str = _key()
    area: str = _of(PUBLIC, index=True)
    slug: str = _of(PUBLIC)
    name: str = _of(PUBLIC)
    type: str = _of(PUBLIC)


class PersonRow(SQLModel, table=True):
    """A professional in the contact register (S5-01, S5-40, IG-24)."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("area", "email"), UniqueConstraint("slack_team", "slack_user"))

    id: str = _key()
    area: str = _of(PUBLIC, index=True)
    agency_id: str = _to("agency")
    name: str = _of(OPERATIONAL)
    title: str = _of(OPERATIONAL, default="")
    email: str = _of(OPERATIONAL)
    phone: str = _of(OPERATIONAL, default="")
    roles: list[str] = _of(OPERATIONAL, JSON, default_factory=list)
    tier: int = _of(OPERATIONAL, default=0)
    deputy_id: str | None = _to("person", default=None)
    zone: str = _of(OPERATIONAL, default="Europe/London")
    pattern: dict[str, Any] = _of(OPERATIONAL, JSON, default_factory=dict)
    active: bool = _of(OPERATIONAL, default=True)
    confidentiality_on: date | None = _of(OPERATIONAL, default=None)
    verified_on: date | None = _of(OPERATIONAL, default=None)
    slack_team: str | None = _of(OPERATIONAL, default=None)
    slack_user: str | None = _of(OPERATIONAL, default=None)
    lives_in: str | None = _of(OPERATIONAL, default=None)


class AbsenceRow(SQLModel, table=True):
    """A span in which a person cannot: `leave` (the deputy stands in) or `busy` (only the diary)."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("kind IN ('leave', 'busy')", name="kind"),
        CheckConstraint("starts_at < ends_at", name="forwards"),
        Index("ix_absence_person_ends", "person_id", "ends_at"),
    )

    id: str = _key()
    person_id: str = _to("person")
    kind: str = _of(OPERATIONAL)
    starts_at: datetime = _of(OPERATIONAL)
    ends_at: datetime = _of(OPERATIONAL)
    said_at: datetime = _of(OPERATIONAL)


class DiaryReadingRow(SQLModel, table=True):
    """When a person or a room is taken, as their own calendar told it: kept for a day, never by what or with whom.

    `whose` is a person's id, or what `usecases.venues` calls a room. `reason` is the code for which the diary could not
    be read, "" where it was. `busy` and `tentative` are pairs of seconds since 1970 within the window from `starts_at`
    to `ends_at`.
    """

    __tablename__ = "diary_reading"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="forwards"),)

    whose: str = _of(OPERATIONAL, primary_key=True)
    starts_at: datetime = _of(OPERATIONAL)
    ends_at: datetime = _of(OPERATIONAL)
    read_at: datetime = _of(OPERATIONAL, index=True)
    reason: str = _of(OPERATIONAL, default="")
    busy: list[list[int]] = _of(OPERATIONAL, JSON, default_factory=list)
    tentative: list[list[int]] = _of(OPERATIONAL, JSON, default_factory=list)


class CalendarChannelRow(SQLModel, table=True):
    """By what an organiser's calendar tells us of changes; one a calendar. `secret` stands in all that it tells.

    `mark` is how far its list of changes was read, where it keeps one.
    """

    __tablename__ = "calendar_channel"

    calendar: str = _of(PUBLIC, primary_key=True)
    id: str = _of(OPERATIONAL)
    resource: str = _of(OPERATIONAL, default="")
    secret: str = _of(OPERATIONAL)
    mark: str = _of(OPERATIONAL, default="")
    expires_at: datetime = _of(OPERATIONAL)


class DraftRow(SQLModel, table=True):
    """A form that somebody has begun and not sent: saved at every page."""

    __tablename__ = "draft"

    id: str = _key()
    area: str = _of(PUBLIC)
    person_id: str = _to("person", index=True)
    pathway: str = _of(PUBLIC)
    form: str = _of(PUBLIC)
    referral_id: str | None = _to("referral", default=None)
    page: int = _of(OPERATIONAL, default=0)
    answers: dict[str, Any] = _of(SAFETY, JSON, default_factory=dict)
    drill: bool = _of(OPERATIONAL, default=False)
    created_at: datetime = _of(OPERATIONAL)
    updated_at: datetime = _of(OPERATIONAL)


class ReferralRow(SQLModel, table=True):
    """A concern that has been sent in. Its reference becomes the case's (IG-02)."""

    __tablename__ = "referral"
    __table_args__ = (
        UniqueConstraint("ref"),
        UniqueConstraint("source"),
        Index(
            "ix_referral_next",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
    )

    id: str = _key()
    ref: str = _of(OPERATIONAL)
    area: str = _of(PUBLIC, index=True)
    pathway: str = _of(PUBLIC)
    pathway_version: str = _of(PUBLIC)
    agency_id: str = _to("agency")
    referrer_id: str = _to("person")
    state: str = _of(OPERATIONAL)
    answers: dict[str, Any] = _of(SAFETY, JSON, default_factory=dict)
    source: str = _of(OPERATIONAL)
    received_at: datetime = _of(OPERATIONAL)
    triage_due_on: date = _of(OPERATIONAL)
    triage_due_at: datetime = _of(OPERATIONAL)
    urgent: bool = _of(OPERATIONAL, default=False)
    drill: bool = _of(OPERATIONAL, default=False)
    nudged_on: date | None = _of(OPERATIONAL, default=None)
    next_at: datetime | None = _of(OPERATIONAL, default=None)
    version: int = _of(OPERATIONAL, default=1)


class TriageRow(SQLModel, table=True):
    """One triage decision: who, what, why, and what the criteria said (S3-19)."""

    __tablename__ = "triage"

    id: str = _key()
    referral_id: str = _to("referral", index=True)
    outcome: str = _of(OPERATIONAL)
    redirect_to: str | None = _of(OPERATIONAL, default=None)
    reason: str = _of(SPECIAL)
    criteria: dict[str, Any] = _of(SPECIAL, JSON, default_factory=dict)
    by_id: str = _to("person")
    at: datetime = _of(OPERATIONAL)


class CaseRow(SQLModel, table=True):
    """A case, pinned to the pathway version under which it began."""

    __tablename__ = "case_file"
    __table_args__ = (UniqueConstraint("ref"), UniqueConstraint("referral_id"))

    id: str = _key()
    ref: str = _of(OPERATIONAL)
    area: str = _of(PUBLIC, index=True)
    pathway: str = _of(PUBLIC)
    pathway_version: str = _of(PUBLIC)
    nation: str = _of(PUBLIC)
    referral_id: str = _to("referral")
    state: str = _of(OPERATIONAL)
    opened_at: datetime = _of(OPERATIONAL)
    clock_start: datetime = _of(OPERATIONAL)
    coordinator_id: str = _to("person")
    lead_id: str | None = _to("person", default=None)
    chair_id: str | None = _to("person", default=None)
    repeat_of: str | None = _to("case_file", default=None)
    rating: str | None = _of(OPERATIONAL, default=None)
    next_review: date | None = _of(OPERATIONAL, default=None)
    closed_at: datetime | None = _of(OPERATIONAL, default=None)
    closed_by: str | None = _to("person", default=None)
    close_reason: str | None = _of(SPECIAL, default=None)
    drill: bool = _of(OPERATIONAL, default=False)
    version: int = _of(OPERATIONAL, default=1)


class CaseClockRow(SQLModel, table=True):
    """One stage's deadline, in working days of the case's nation (T06, T07)."""

    __tablename__ = "case_clock"
    __table_args__ = (UniqueConstraint("case_id", "stage"),)

    id: str = _key()
    case_id: str = _to("case_file", index=True)
    stage: str = _of(PUBLIC)
    due_on: date = _of(OPERATIONAL)
    due_at: datetime = _of(OPERATIONAL)
    met_at: datetime | None = _of(OPERATIONAL, default=None)
    late_reason: str | None = _of(SPECIAL, default=None)


class CaseAgencyRow(SQLModel, table=True):
    """An agency that works on a case: its people may open what is addressed to it (S3-29)."""

    __tablename__ = "case_agency"
    __table_args__ = (UniqueConstraint("case_id", "agency_id"),)

    id: str = _key()
    case_id: str = _to("case_file", index=True)
    agency_id: str = _to("agency")
    since: datetime = _of(OPERATIONAL)
    agrees_to_close: bool | None = _of(OPERATIONAL, default=None)


class CaseBarRow(SQLModel, table=True):
    """A person who must not see a case, whatever their role (C24, IG-22)."""

    __tablename__ = "case_bar"
    __table_args__ = (UniqueConstraint("referral_id", "person_id"),)

    id: str = _key()
    referral_id: str = _to("referral", index=True)
    person_id: str = _to("person")


class MeetingRow(SQLModel, table=True):
    """A discussion, a panel or a review; holds references only, never a name.

    `calendar` is where its entry stands (`graph`, `google`; "" where invitations go by e-mail), `entry_id` the entry's
    id there, `entry_doubt` how the entry was last found to differ from the record, as a code.
    `panel_on` is the day that a standing panel's rule names, whatever day it is held on; one that is planned has a time
    already, and nobody is asked yet. `quorum_told` is what the coordinator was last told of the quorum, as a code.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("uid"),
        Index("ix_meeting_entry_id", "entry_id"),
        CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="both_ends"),
        Index("ix_meeting_area_starts", "area", "starts_at"),
        Index("ix_meeting_panel", "area", "pathway", "stage", "panel_on", unique=True),
    )

    id: str = _key()
    area: str = _of(PUBLIC)
    pathway: str = _of(PUBLIC)
    stage: str = _of(PUBLIC)
    kind: str = _of(PUBLIC)
    state: str = _of(OPERATIONAL)
    starts_at: datetime | None = _of(OPERATIONAL, default=None)
    ends_at: datetime | None = _of(OPERATIONAL, default=None)
    minutes_long: int = _of(OPERATIONAL, default=60)
    place: str = _of(OPERATIONAL, default="")
    chair_id: str | None = _to("person", default=None)
    minute_taker_id: str | None = _to("person", default=None)
    uid: str = _of(OPERATIONAL)
    sequence: int = _of(OPERATIONAL, default=0)
    moves: int = _of(OPERATIONAL, default=0)
    override_reason: str | None = _of(SPECIAL, default=None)
    cancelled_why: str | None = _of(OPERATIONAL, default=None)
    created_by: str = _to("person")
    created_at: datetime = _of(OPERATIONAL)
    started_at: datetime | None = _of(OPERATIONAL, default=None)
    concluded_at: datetime | None = _of(OPERATIONAL, default=None)
    minutes_approved_at: datetime | None = _of(OPERATIONAL, default=None)
    calendar: str = _of(OPERATIONAL, default="")
    entry_id: str | None = _of(OPERATIONAL, default=None)
    entry_doubt: str = _of(OPERATIONAL, default="")
    panel_on: date | None = _of(OPERATIONAL, default=None)
    agenda_sent_at: datetime | None = _of(OPERATIONAL, default=None)
    quorum_told: str = _of(OPERATIONAL, default="")
    drill: bool = _of(OPERATIONAL, default=False)
    version: int = _of(OPERATIONAL, default=1)


class AgendaItemRow(SQLModel, table=True):
    """One case on a meeting's agenda, with its timing and the prompts that were gone through.

    `late_reason` is why it was listed although the list had closed; None for a case that came in time. `subject_comes`:
    somebody recorded before it began that the person comes themselves (S2-18).
    """

    __tablename__ = "agenda_item"
    __table_args__ = (UniqueConstraint("meeting_id", "case_id"),)

    id: str = _key()
    meeting_id: str = _to("meeting", index=True)
    case_id: str = _to("case_file", index=True)
    position: int = _of(OPERATIONAL)
    minutes: int = _of(OPERATIONAL)
    started_at: datetime | None = _of(OPERATIONAL, default=None)
    ended_at: datetime | None = _of(OPERATIONAL, default=None)
    prompts: list[str] = _of(OPERATIONAL, JSON, default_factory=list)
    rating: str | None = _of(OPERATIONAL, default=None)
    mitigated: bool | None = _of(OPERATIONAL, default=None)
    review_on: date | None = _of(OPERATIONAL, default=None)
    review_why: str = _of(SPECIAL, default="")
    late_reason: str | None = _of(SPECIAL, default=None)
    subject_comes: bool = _of(OPERATIONAL, default=False)


class SlotOptionRow(SQLModel, table=True):
    """One time that the slot search offered, kept so that a button can hold an id only."""

    __tablename__ = "slot_option"

    id: str = _key()
    meeting_id: str = _to("meeting", index=True)
    position: int = _of(OPERATIONAL)
    starts_at: datetime = _of(OPERATIONAL)
    ends_at: datetime = _of(OPERATIONAL)
    detail: dict[str, Any] = _of(OPERATIONAL, JSON, default_factory=dict)
    offered_at: datetime = _of(OPERATIONAL)


class InvitationRow(SQLModel, table=True):
    """Who is asked to a meeting for which agency, and what they answered.

    `way` is how the answer came (`chat`, `mail`, `calendar`), `said_at` when it was given, by the clock of whoever gave
    it; `sequence` is the meeting's when they were last asked, at `asked_at`; `token` stands in the address that their
    replies go to; `calendar_said` is what the organiser's calendar last showed of them. Whoever does not speak for
    their agency comes to take the minutes alone: by them, their agency is not at the meeting.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("meeting_id", "person_id"),
        CheckConstraint("answer IN ('none', 'accepted', 'declined', 'tentative')", name="answer"),
    )

    id: str = _key()
    meeting_id: str = _to("meeting", index=True)
    person_id: str = _to("person", index=True)
    agency_id: str = _to("agency")
    required: bool = _of(OPERATIONAL, default=True)
    as_deputy: bool = _of(OPERATIONAL, default=False)
    speaks: bool = _of(OPERATIONAL, default=True)
    withdrawn: bool = _of(OPERATIONAL, default=False)
    answer: str = _of(OPERATIONAL, default="none")
    answered_at: datetime | None = _of(OPERATIONAL, default=None)
    way: str = _of(OPERATIONAL, default="")
    said_at: datetime | None = _of(OPERATIONAL, default=None)
    sequence: int = _of(OPERATIONAL, default=0)
    asked_at: datetime | None = _of(OPERATIONAL, default=None)
    calendar_said: str = _of(OPERATIONAL, default="")
    token: str = _of(OPERATIONAL, default_factory=new_token, index=True)


class MailReplyRow(SQLModel, table=True):
    """A reply by e-mail that a person has to look at: codes and times, nothing that anybody wrote, no address.

    `for_id` is who was told; `settled` is `taken` or `left`, and empty as long as nobody has decided.
    """

    __tablename__ = "mail_reply"
    __table_args__ = (CheckConstraint("(settled = '') = (settled_at IS NULL)", name="settled"),)

    id: str = _key()
    meeting_id: str = _to("meeting", index=True)
    invitation_id: str | None = _to("invitation", default=None)
    said: str = _of(OPERATIONAL)
    doubt: str = _of(OPERATIONAL)
    proposed_start: datetime | None = _of(OPERATIONAL, default=None)
    proposed_end: datetime | None = _of(OPERATIONAL, default=None)
    for_id: str = _to("person")
    at: datetime = _of(OPERATIONAL)
    settled: str = _of(OPERATIONAL, default="")
    settled_by: str | None = _to("person", default=None)
    settled_at: datetime | None = _of(OPERATIONAL, default=None)


class SlotPollRow(SQLModel, table=True):
    """A few times put to the people whose diaries cannot be read, until a day; what was sought is in `wish`.

    Drawn up by the search, it asks nobody until `asked_at`. It is over once `ended` says why: `deadline`, `stopped`,
    `searched`, `booked` or `cancelled`.
    """

    __tablename__ = "slot_poll"
    __table_args__ = (
        CheckConstraint("(ended = '') = (ended_at IS NULL)", name="ended"),
        CheckConstraint("(asked_at IS NULL) = (closes_at IS NULL)", name="asked"),
        CheckConstraint("(asked_at IS NULL) = (chase_at IS NULL)", name="chased"),
        CheckConstraint("(asked_at IS NULL) = (asked_by IS NULL)", name="asker"),
    )

    id: str = _key()
    meeting_id: str = _to("meeting", index=True)
    wish: dict[str, Any] = _of(OPERATIONAL, JSON, default_factory=dict)
    drawn_at: datetime = _of(OPERATIONAL)
    asked_by: str | None = _to("person", default=None)
    asked_at: datetime | None = _of(OPERATIONAL, default=None)
    closes_at: datetime | None = _of(OPERATIONAL, default=None, index=True)
    chase_at: datetime | None = _of(OPERATIONAL, default=None)
    chased_at: datetime | None = _of(OPERATIONAL, default=None)
    ended: str = _of(OPERATIONAL, default="")
    ended_at: datetime | None = _of(OPERATIONAL, default=None)
    drill: bool = _of(OPERATIONAL, default=False)


class SlotPollTimeRow(SQLModel, table=True):
    """One of the times that a poll asks about; gone when nobody needs it any more."""

    __tablename__ = "slot_poll_time"
    __table_args__ = (
        UniqueConstraint("poll_id", "starts_at"),
        CheckConstraint("starts_at < ends_at", name="forwards"),
    )

    id: str = _key()
    poll_id: str = _to("slot_poll", index=True)
    starts_at: datetime = _of(OPERATIONAL)
    ends_at: datetime = _of(OPERATIONAL)


class SlotPollPersonRow(SQLModel, table=True):
    """Somebody who is asked in a poll; `way` is how their answer came (`chat` or `mail`), empty without one."""

    __tablename__ = "slot_poll_person"
    __table_args__ = (
        UniqueConstraint("poll_id", "person_id"),
        CheckConstraint("(answered_at IS NULL) = (way = '')", name="answered"),
    )

    id: str = _key()
    poll_id: str = _to("slot_poll", index=True)
    person_id: str = _to("person", index=True)
    answered_at: datetime | None = _of(OPERATIONAL, default=None)
    way: str = _of(OPERATIONAL, default="")


class SlotPollAnswerRow(SQLModel, table=True):
    """What somebody said of one time: `yes`, `maybe` or `no`; gone when the times are."""

    __tablename__ = "slot_poll_answer"
    __table_args__ = (
        UniqueConstraint("asked_id", "time_id"),
        CheckConstraint("can IN ('yes', 'maybe', 'no')", name="can"),
    )

    id: str = _key()
    asked_id: str = _to("slot_poll_person", index=True)
    time_id: str = _to("slot_poll_time", index=True)
    can: str = _of(OPERATIONAL)


class AttendanceRow(SQLModel, table=True):
    """Which agency came, through whom; apologies with or without information (S3-30)."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("meeting_id", "agency_id"),
        CheckConstraint(
            "status IN ('present', 'deputy', 'apologies', 'apologies_information', 'absent')", name="status"
        ),
    )

    id: str = _key()
    meeting_id: str = _to("meeting", index=True)
    agency_id: str = _to("agency")
    person_id: str | None = _to("person", default=None)
    status: str = _of(OPERATIONAL)
    information: str = _of(SPECIAL, default="")
    at: datetime = _of(OPERATIONAL)


class VoiceRow(SQLModel, table=True):
    """The person's own views and wanted outcomes, or why there are none (S2-18, S1-09)."""

    __tablename__ = "voice"

    id: str = _key()
    case_id: str = _to("case_file", index=True)
    meeting_id: str | None = _to("meeting", default=None)
    how: str = _of(OPERATIONAL)
    views: str = _of(SPECIAL, default="")
    outcomes: str = _of(SPECIAL, default="")
    why_not: str = _of(SPECIAL, default="")
    by_id: str = _to("person")
    at: datetime = _of(OPERATIONAL)


class DecisionRow(SQLModel, table=True):
    """A decision with its reasons, the options considered and the law (S2-36 to S2-41).

    `agencies` are those that made it; `supersedes` is the decision it stands in the place of, which stays readable.
    """

    __tablename__ = "decision"

    id: str = _key()
    case_id: str = _to("case_file", index=True)
    meeting_id: str | None = _to("meeting", default=None)
    kind: str = _of(PUBLIC)
    text: str = _of(SPECIAL)
    reasons: str = _of(SPECIAL)
    options: str = _of(SPECIAL)
    support: str = _of(SPECIAL, default="")
    law: list[str] = _of(PUBLIC, JSON, default_factory=list)
    dissent: str = _of(SPECIAL, default="")
    by_id: str = _to("person")
    at: datetime = _of(OPERATIONAL)
    review_on: date | None = _of(OPERATIONAL, default=None)
    agencies: list[str] = _of(OPERATIONAL, JSON, default_factory=list)
    supersedes: str | None = _to("decision", default=None)


class ActionRow(SQLModel, table=True):
    """An agreed action with an agency and a named owner (S1-17, S2-17)."""

    __tablename__ = "action"
    __table_args__ = (
        UniqueConstraint("ref"),
        UniqueConstraint("source"),
        CheckConstraint("state IN ('assigned', 'accepted', 'declined', 'closed')", name="state"),
        CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name="closed_with_outcome"),
        CheckConstraint("(state = 'closed') = (next_at IS NULL)", name="open_has_next_step"),
        Index(
            "ix_action_next",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
        Index("ix_action_case_number", "case_id", "number"),
        Index("ix_action_owner_state", "owner_id", "state"),
    )

    id: str = _key()
    ref: str = _of(OPERATIONAL)
    source: str = _of(OPERATIONAL)
    case_id: str = _to("case_file")
    meeting_id: str | None = _to("meeting", default=None)
    number: int = _of(OPERATIONAL)
    category: str = _of(PUBLIC)
    detail: str = _of(SPECIAL, default="")
    why_owner: str = _of(SPECIAL, default="")
    offered: bool = _of(OPERATIONAL, default=False)
    agency_id: str = _to("agency")
    owner_id: str = _to("person")
    due: date = _of(OPERATIONAL)
    review_on: date = _of(OPERATIONAL)
    state: str = _of(OPERATIONAL)
    outcome: str | None = _of(OPERATIONAL, default=None)
    asked_due: date | None = _of(OPERATIONAL, default=None)
    asked_on: date | None = _of(OPERATIONAL, default=None)
    said: str = _of(SPECIAL, default="")
    created_by: str = _to("person")
    created_at: datetime = _of(OPERATIONAL)
    assigned_on: date = _of(OPERATIONAL)
    accepted_at: datetime | None = _of(OPERATIONAL, default=None)
    closed_at: datetime | None = _of(OPERATIONAL, default=None)
    closed_by: str | None = _to("person", default=None)
    snoozed_until: date | None = _of(OPERATIONAL, default=None)
    snoozed_once: bool = _of(OPERATIONAL, default=False)
    nudged_on: date = _of(OPERATIONAL)
    next_at: datetime | None = _of(OPERATIONAL, default=None)
    version: int = _of(OPERATIONAL, default=1)


class NudgeRow(SQLModel, table=True):
    """One planned nudge to one person: sent, failed, or skipped and why (anchors.md section 4, idea 2)."""

    __tablename__ = "nudge"
    __table_args__ = (
        CheckConstraint("state IN ('planned', 'sent', 'failed', 'skipped')", name="state"),
        CheckConstraint(
            "(CASE WHEN action_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN referral_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN invitation_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="about_one_thing",
        ),
        Index("ix_nudge_person_day", "person_id", "day"),
        Index(
            "ix_nudge_loose",
            "day",
            sqlite_where=text("state = 'planned' AND digest IS NULL"),
            postgresql_where=text("state = 'planned' AND digest IS NULL"),
        ),
    )

    id: str = _key()
    action_id: str | None = _to("action", default=None, index=True)
    referral_id: str | None = _to("referral", default=None, index=True)
    invitation_id: str | None = _to("invitation", default=None, index=True)
    due: date = _of(OPERATIONAL)
    rung: str = _of(OPERATIONAL)
    to_role: str = _of(OPERATIONAL)
    person_id: str | None = _to("person", default=None)
    day: date = _of(OPERATIONAL)
    state: str = _of(OPERATIONAL)
    why: str = _of(OPERATIONAL, default="")
    way: str = _of(PUBLIC, default="")
    digest: str | None = _of(OPERATIONAL, default=None)
    at: datetime = _of(OPERATIONAL)


class PlacedRow(SQLModel, table=True):
    """Where a message that is edited in place lives: a surface's name and the platform's own address of it."""

    __tablename__ = "placed"

    id: str = _key()
    platform: str = _of(PUBLIC)
    channel: str = _of(OPERATIONAL)
    address: str = _of(OPERATIONAL)
    at: datetime = _of(OPERATIONAL)


class TeamsIdentityRow(SQLModel, table=True):
    """One account in Microsoft Teams of a person, who may have several: at home, and as a guest of a host (IG-25)."""

    __tablename__ = "teams_identity"

    tenant: str = _key()
    aad_object_id: str = _key()
    person_id: str = _to("person", index=True)
    mri: str = _of(OPERATIONAL)
    is_guest: bool = _of(OPERATIONAL, default=False)
    seen_at: datetime = _of(OPERATIONAL)


class TeamsConversationRow(SQLModel, table=True):
    """Where Microsoft Teams can be written to, and whether it may be: `stopped` says why not.

    `unexpected` are those who were found to read along there and should not: name and reason of each.
    """

    __tablename__ = "teams_conversation"
    __table_args__ = (
        UniqueConstraint("person_id", "tenant"),  # rooms have no person, and what is null is never alike
        CheckConstraint("kind IN ('personal', 'channel', 'groupChat')", name="kind"),
        CheckConstraint("stopped IN ('uninstalled', 'roster_differs', 'shared')", name="stopped"),
        CheckConstraint("(kind = 'personal') = (person_id IS NOT NULL)", name="personal_is_somebodys"),
    )

    id: str = _key()
    kind: str = _of(PUBLIC)
    tenant: str = _of(OPERATIONAL)
    service_url: str = _of(OPERATIONAL)
    bot_id: str = _of(OPERATIONAL)
    person_id: str | None = _to("person", default=None)
    team_id: str | None = _of(OPERATIONAL, default=None)
    channel_id: str | None = _of(OPERATIONAL, default=None)
    seen_at: datetime = _of(OPERATIONAL)
    stopped: str | None = _of(OPERATIONAL, default=None)
    unexpected: list[dict[str, str]] = _of(OPERATIONAL, JSON, default_factory=list)


__all__ = [name for name in globals() if name.endswith("Row")]
