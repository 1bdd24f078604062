"""What is counted for reports: one statement for each count, of an area, a period and a pathway or all of them.

Nothing here is fit to leave: the counts are the true ones, and `bot.domain.suppression` makes them so (IG-37). Drill
rows are counted in a drill area only, and no others there. Where a pathway's referrals are read one by one, only the
answers that a report needs leave the database, never a name or a story.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, Table, and_, case, distinct, func, or_, select, union_all
from sqlmodel import Session, SQLModel

from bot.domain.period import Period
from bot.domain.proof import Moments
from bot.storage import advice_tables as advice_tables
from bot.storage import breach_tables as breach_tables
from bot.storage import chronology_tables as chronology_tables
from bot.storage import learning_tables as learning_tables
from bot.storage import practice_shares as practice_shares
from bot.storage import tables as tables

CAME = ("present", "deputy")
"""How an agency is at a meeting."""


def _table(name: str) -> Table:
    return SQLModel.metadata.tables[name]


REFERRAL, CASE, CLOCK = _table("referral"), _table("case_file"), _table("case_clock")
TRIAGE, ACTION, MEETING = _table("triage"), _table("action"), _table("meeting")
ITEM, ATTENDANCE, INVITATION = _table("agenda_item"), _table("attendance"), _table("invitation")
AGENCY, VOICE, DECISION = _table("agency"), _table("voice"), _table("decision")
LEARNING, MEASURE = _table("learning"), _table("interim_measure")
NOTE = _table("advice_note")
BREACH, SHARE = _table("breach"), _table("info_share")

_TOGETHER = (
    select(ATTENDANCE.c.meeting_id)
    .where(ATTENDANCE.c.status.in_(CAME))
    .group_by(ATTENDANCE.c.meeting_id)
    .having(func.count(distinct(ATTENDANCE.c.agency_id)) >= 2)
)
"""Meetings that at least two agencies were at."""

_DECIDED = (
    select(TRIAGE.c.referral_id, func.min(TRIAGE.c.at).label("at")).group_by(TRIAGE.c.referral_id).subquery()
)
_MET = (
    select(ITEM.c.case_id, func.min(ITEM.c.started_at).label("at"))
    .join(MEETING, MEETING.c.id == ITEM.c.meeting_id)
    .where(MEETING.c.state == "concluded", ITEM.c.started_at.is_not(None), MEETING.c.id.in_(_TOGETHER))
    .group_by(ITEM.c.case_id)
    .subquery()
)
_MADE_SAFE = union_all(
    select(ACTION.c.case_id, ACTION.c.created_at.label("at"))
    .join(MEETING, MEETING.c.id == ACTION.c.meeting_id)
    .where(MEETING.c.kind == "discussion", MEETING.c.state == "concluded"),
    select(MEASURE.c.case_id, MEASURE.c.created_at.label("at")),
).subquery()
"""Each time that something was agreed to keep a person safe before there was a plan (S5-11, S5-23)."""
_SAFE = (
    select(_MADE_SAFE.c.case_id, func.min(_MADE_SAFE.c.at).label("at"))
    .group_by(_MADE_SAFE.c.case_id)
    .subquery()
)
_PLANNED = (
    select(ACTION.c.case_id, func.min(MEETING.c.concluded_at).label("at"))
    .join(MEETING, MEETING.c.id == ACTION.c.meeting_id)
    .where(MEETING.c.kind != "discussion", MEETING.c.concluded_at.is_not(None))
    .group_by(ACTION.c.case_id)
    .subquery()
)


@dataclass(frozen=True, kw_only=True)
class Way:
    """One referral's way from the incident to the plan (S4-04); `incident_on` as it was answered."""

    ref: str
    incident_on: str
    urgent: bool
    moments: Moments


@dataclass(frozen=True, kw_only=True)
class Fate:
    """How many actions of one agency stand so: `overdue` ones are open past their day."""

    agency: str
    state: str
    outcome: str | None
    accepted: bool
    overdue: bool
    number: int


@dataclass(frozen=True, kw_only=True)
class Held:
    """How many clocks of one pathway's stage that were due on one day ended so."""

    pathway: str
    stage: str
    due_on: date
    met: bool
    number: int


class Tallies:
    """The counts of one area in one period, for one pathway or for all (S4-21)."""

    def __init__(
        self, session: Session, area: str, zone: str, drill: bool, period: Period, pathway: str | None = None
    ) -> None:
        self.session, self.area, self.drill, self.pathway = session, area, drill, pathway
        self.period, self.since, self.until = period, period.since(zone), period.until(zone)

    def agencies(self) -> dict[str, str]:
        """The names of the agencies that have signed up, by id (S3-02)."""
        query = select(AGENCY.c.id, AGENCY.c.name).where(AGENCY.c.area == self.area).order_by(AGENCY.c.name)
        return dict(self._rows(query))

    def referrals(self) -> dict[str, int]:
        """How many concerns came in, by where they stand now."""
        query = select(REFERRAL.c.state, func.count()).where(*self._came_in()).group_by(REFERRAL.c.state)
        return dict(self._rows(query))

    def referrers(self) -> dict[str, int]:
        """How many concerns came in, by the id of the agency that sent them."""
        query = (
            select(REFERRAL.c.agency_id, func.count()).where(*self._came_in()).group_by(REFERRAL.c.agency_id)
        )
        return dict(self._rows(query))

    def repeats(self) -> tuple[int, int]:
        """Of the cases that were opened: how many are repeats, and how many are not (T21)."""
        again = case((CASE.c.repeat_of.is_not(None), 1), else_=0)
        query = select(again, func.count()).where(*self._opened()).group_by(again)
        found = dict(self._rows(query))
        return found.get(1, 0), found.get(0, 0)

    def ways(self, referral_id: str | None = None) -> Iterator[Way]:
        """The way of each concern that came in, or of one whenever it came in, as it is on record."""
        query = (
            select(
                REFERRAL.c.ref,
                REFERRAL.c.received_at,
                REFERRAL.c.urgent,
                REFERRAL.c.answers["incident_on"].as_string(),
                _DECIDED.c.at,
                _SAFE.c.at,
                _MET.c.at,
                _PLANNED.c.at,
            )
            .outerjoin(CASE, CASE.c.referral_id == REFERRAL.c.id)
            .outerjoin(_DECIDED, _DECIDED.c.referral_id == REFERRAL.c.id)
            .outerjoin(_SAFE, _SAFE.c.case_id == CASE.c.id)
            .outerjoin(_MET, _MET.c.case_id == CASE.c.id)
            .outerjoin(_PLANNED, _PLANNED.c.case_id == CASE.c.id)
            .order_by(REFERRAL.c.ref)
        )
        narrowed = [REFERRAL.c.id == referral_id] if referral_id else self._came_in()
        for ref, received, urgent, incident, decided, safe, met, planned in self._rows(
            query.where(*narrowed)
        ):
            yield Way(
                ref=ref,
                incident_on=incident or "",
                urgent=urgent,
                moments=Moments(
                    received_at=received,
                    decided_at=decided,
                    safeguards_at=safe,
                    met_at=met,
                    planned_at=planned,
                ),
            )

    def clocks(self, now: datetime) -> list[Held]:
        """The stages' deadlines that fell in the period, met and missed; one not yet passed is neither (T06, T07)."""
        met = case((and_(CLOCK.c.met_at.is_not(None), CLOCK.c.met_at <= CLOCK.c.due_at), 1), else_=0)
        query = (
            select(CASE.c.pathway, CLOCK.c.stage, CLOCK.c.due_on, met, func.count())
            .join(CASE, CASE.c.id == CLOCK.c.case_id)
            .where(*self._of(CASE), *self._day(CLOCK.c.due_on))
            .where(or_(CLOCK.c.met_at.is_not(None), CLOCK.c.due_at < now))
            .group_by(CASE.c.pathway, CLOCK.c.stage, CLOCK.c.due_on, met)
            .order_by(CLOCK.c.due_on)
        )
        return [
            Held(pathway=pathway, stage=stage, due_on=due, met=bool(kept), number=number)
            for pathway, stage, due, kept, number in self._rows(query)
        ]

    def actions(self, today: date) -> list[Fate]:
        """The actions that were due in the period, by agency and how they stand (S1-17, S4-20)."""
        accepted = case((ACTION.c.accepted_at.is_not(None), 1), else_=0)
        overdue = case((and_(ACTION.c.state != "closed", ACTION.c.due < today), 1), else_=0)
        keys = (ACTION.c.agency_id, ACTION.c.state, ACTION.c.outcome, accepted, overdue)
        query = (
            select(*keys, func.count())
            .join(CASE, CASE.c.id == ACTION.c.case_id)
            .where(*self._of(CASE), *self._day(ACTION.c.due))
            .group_by(*keys)
        )
        return [
            Fate(
                agency=agency,
                state=state,
                outcome=outcome,
                accepted=bool(taken),
                overdue=bool(late),
                number=number,
            )
            for agency, state, outcome, taken, late, number in self._rows(query)
        ]

    def days_to_done(self) -> dict[str, list[int]]:
        """By agency: of each action due in the period and done, the calendar days from agreed to done."""
        query = (
            select(ACTION.c.agency_id, ACTION.c.created_at, ACTION.c.closed_at)
            .join(CASE, CASE.c.id == ACTION.c.case_id)
            .where(*self._of(CASE), *self._day(ACTION.c.due))
            .where(ACTION.c.outcome == "done", ACTION.c.closed_at.is_not(None))
        )
        found: dict[str, list[int]] = {}
        for agency, created, closed in self._rows(query):
            found.setdefault(agency, []).append(max(0, (closed - created).days))
        return found

    def meetings(self) -> dict[str, int]:
        """How many meetings were held, by kind."""
        query = select(MEETING.c.kind, func.count()).where(*self._held()).group_by(MEETING.c.kind)
        return dict(self._rows(query))

    def attendance(self) -> dict[tuple[str, str], int]:
        """By agency and how they were there: meetings held in the period (S3-30)."""
        query = (
            select(ATTENDANCE.c.agency_id, ATTENDANCE.c.status, func.count())
            .join(MEETING, MEETING.c.id == ATTENDANCE.c.meeting_id)
            .where(*self._held())
            .group_by(ATTENDANCE.c.agency_id, ATTENDANCE.c.status)
        )
        return {(agency, status): number for agency, status, number in self._rows(query)}

    def invitations(self) -> dict[tuple[str, bool], int]:
        """By agency and whether they answered: invitations to meetings held in the period (S4-14)."""
        said = case((INVITATION.c.answer != "none", 1), else_=0)
        query = (
            select(INVITATION.c.agency_id, said, func.count())
            .join(MEETING, MEETING.c.id == INVITATION.c.meeting_id)
            .where(*self._held(), INVITATION.c.withdrawn.is_(False))
            .group_by(INVITATION.c.agency_id, said)
        )
        return {(agency, bool(answered)): number for agency, answered, number in self._rows(query)}

    def voices(self) -> dict[str, int]:
        """Cases heard in the period by how the person's views came to the meeting; "" where nothing is on record."""
        how = func.coalesce(VOICE.c.how, "")
        query = (
            select(how, func.count(distinct(ITEM.c.id)))
            .select_from(ITEM)
            .join(MEETING, MEETING.c.id == ITEM.c.meeting_id)
            .outerjoin(VOICE, and_(VOICE.c.case_id == ITEM.c.case_id, VOICE.c.meeting_id == MEETING.c.id))
            .where(*self._held(), ITEM.c.started_at.is_not(None))
            .group_by(how)
        )
        return dict(self._rows(query))

    def heard(self, fields: Sequence[str]) -> Iterator[tuple[str, bool, datetime, dict[str, str | None]]]:
        """Each case heard in the period, once: pathway, whether a repeat, receipt, and these answers (SafeLives).

        A list among the answers comes as its JSON.
        """
        heard = (
            select(ITEM.c.case_id)
            .join(MEETING, MEETING.c.id == ITEM.c.meeting_id)
            .where(*self._held(), ITEM.c.started_at.is_not(None))
        )
        query = (
            select(
                CASE.c.pathway,
                CASE.c.repeat_of.is_not(None),
                REFERRAL.c.received_at,
                *(REFERRAL.c.answers[field].as_string() for field in fields),
            )
            .join(REFERRAL, REFERRAL.c.id == CASE.c.referral_id)
            .where(*self._of(CASE), CASE.c.id.in_(heard))
        )
        for pathway, again, received, *said in self._rows(query):
            yield pathway, bool(again), received, dict(zip(fields, said, strict=True))

    def heard_from(self) -> dict[str, int]:
        """The same cases by the id of the agency that referred them."""
        heard = (
            select(ITEM.c.case_id)
            .join(MEETING, MEETING.c.id == ITEM.c.meeting_id)
            .where(*self._held(), ITEM.c.started_at.is_not(None))
        )
        query = (
            select(REFERRAL.c.agency_id, func.count())
            .join(CASE, CASE.c.referral_id == REFERRAL.c.id)
            .where(*self._of(CASE), CASE.c.id.in_(heard))
            .group_by(REFERRAL.c.agency_id)
        )
        return dict(self._rows(query))

    def decisions(self) -> list[tuple[str, str, list[str], int, bool, bool]]:
        """The decisions of the period: pathway, kind, law, days from receipt, whether there is dissent and a review."""
        query = (
            select(
                CASE.c.pathway,
                DECISION.c.kind,
                DECISION.c.law,
                REFERRAL.c.received_at,
                DECISION.c.at,
                DECISION.c.dissent != "",
                DECISION.c.review_on.is_not(None),
            )
            .join(CASE, CASE.c.id == DECISION.c.case_id)
            .join(REFERRAL, REFERRAL.c.id == CASE.c.referral_id)
            .where(*self._of(CASE), DECISION.c.at >= self.since, DECISION.c.at < self.until)
            .order_by(DECISION.c.id)
        )
        return [
            (pathway, kind, law, (at - received).days, bool(dissent), bool(review))
            for pathway, kind, law, received, at, dissent, review in self._rows(query)
        ]

    def minutes(self) -> int:
        """How many minutes the meetings held in the period had set aside for the cases that they heard (S4-19)."""
        query = (
            select(func.coalesce(func.sum(ITEM.c.minutes), 0))
            .join(MEETING, MEETING.c.id == ITEM.c.meeting_id)
            .where(*self._held(), ITEM.c.started_at.is_not(None))
        )
        return int(self.session.connection().execute(query).scalar_one())

    def learning(self, today: date) -> dict[tuple[str, str], int]:
        """By source and how it stands (verified, overdue, open): what was to be learnt in the period (S5-09, S1-19).

        Whatever was begun by its end and not verified before it.
        """
        stands = case(
            (LEARNING.c.verified_at.is_not(None), "verified"),
            (LEARNING.c.due < today, "overdue"),
            else_="open",
        )
        query = (
            select(LEARNING.c.source, stands, func.count())
            .where(*self._of(LEARNING), LEARNING.c.created_at < self.until)
            .where(or_(LEARNING.c.verified_at.is_(None), LEARNING.c.verified_at >= self.since))
            .group_by(LEARNING.c.source, stands)
        )
        return {(source, how): number for source, how, number in self._rows(query)}

    def breaches(self) -> dict[tuple[str, str], int]:
        """Items recalled in the period, by what was decided ("" for nothing yet) and whether in time (IG-36)."""
        spent = case(
            (BREACH.c.decided_at.is_(None), "waiting"),
            (BREACH.c.decided_at <= BREACH.c.decide_by, "in_time"),
            else_="late",
        )
        query = (
            select(BREACH.c.verdict, spent, func.count())
            .join(SHARE, SHARE.c.id == BREACH.c.share_id)
            .join(CASE, CASE.c.id == SHARE.c.case_id)
            .where(*self._of(CASE))
            .where(BREACH.c.recalled_at >= self.since, BREACH.c.recalled_at < self.until)
            .group_by(BREACH.c.verdict, spent)
        )
        return {(verdict, how): number for verdict, how, number in self._rows(query)}

    def advice(self) -> dict[tuple[str, bool], int]:
        """Talks about the threshold without a case in the period, by the agency that asked and whether a concern came.

        Of every pathway together: before a concern there is none.
        """
        became = NOTE.c.referral_id.is_not(None)
        query = (
            select(NOTE.c.agency_id, became, func.count())
            .where(NOTE.c.area == self.area, NOTE.c.drill.is_(self.drill))
            .where(NOTE.c.day >= self.period.first, NOTE.c.day <= self.period.last)
            .group_by(NOTE.c.agency_id, became)
        )
        return {(agency, bool(came)): number for agency, came, number in self._rows(query)}

    def refs(self) -> list[str]:
        """The references of the cases worked on in the period, in order: opened before its end, not closed earlier."""
        query = (
            select(CASE.c.ref)
            .where(*self._of(CASE), CASE.c.opened_at < self.until)
            .where(or_(CASE.c.closed_at.is_(None), CASE.c.closed_at >= self.since))
            .order_by(CASE.c.ref)
        )
        return [ref for (ref,) in self._rows(query)]

    def _of(self, table: Table) -> list[Any]:
        found = [table.c.area == self.area, table.c.drill.is_(self.drill)]
        return [*found, table.c.pathway == self.pathway] if self.pathway else found

    def _came_in(self) -> list[Any]:
        return [
            *self._of(REFERRAL),
            REFERRAL.c.received_at >= self.since,
            REFERRAL.c.received_at < self.until,
        ]

    def _opened(self) -> list[Any]:
        return [*self._of(CASE), CASE.c.opened_at >= self.since, CASE.c.opened_at < self.until]

    def _held(self) -> list[Any]:
        return [
            *self._of(MEETING),
            MEETING.c.state == "concluded",
            MEETING.c.concluded_at >= self.since,
            MEETING.c.concluded_at < self.until,
        ]

    def _day(self, column: Any) -> list[Any]:
        return [column >= self.period.first, column <= self.period.last]

    def _rows(self, query: Select[*tuple[Any, ...]]) -> Any:
        """Row by row, so that a year of a large area never stands in memory at once."""
        return iter(self.session.connection().execute(query.execution_options(yield_per=500)))
