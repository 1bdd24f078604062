"""The standing panel: its dates a year ahead, who sits on it, and asking people to one of them (S3-02, S3-03, T11)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.area import Practice
from bot.domain.errors import NotFound
from bot.domain.pathway import Pathway, Stage
from bot.domain.people import Person
from bot.domain.recurrence import Occurrence, a_year_of, next_panel, period
from bot.domain.references import new_id
from bot.domain.slots import judged
from bot.domain.spans import Span, at_local
from bot.domain.states import MEETING, MeetingState
from bot.storage.codes import digest_of
from bot.storage.tables import MeetingRow
from bot.storage.transaction import Work
from bot.usecases.chairs import chair_for, fit_chair
from bot.usecases.diaries import Wish, question
from bot.usecases.invitees import call_in, seats_for
from bot.usecases.owed import show

PANEL_NOTICE = timedelta(days=1)
"""A case cannot be put on a panel that begins within a day of it: nobody could prepare."""

LOOK_BACK = timedelta(days=31)
"""So far back a date named by the rule may still be a panel to come, and its month is taken."""


def standing_panel(pathway: Pathway) -> Stage | None:
    """The pathway's stage that meets by the calendar, None where every meeting is called for itself."""
    return next((stage for stage in pathway.stages if stage.recurs is not None), None)


def panel_span(practice: Practice, pathway: Pathway, stage: Stage, now: datetime) -> Span:
    """When a standing panel meets next by its rule; what a bank holiday does to it is the rule's."""
    if stage.recurs is None:
        raise NotFound(f"{stage.title} has no date of its own.")
    days, zone = practice.pathway_days(pathway), ZoneInfo(practice.area.zone)
    return next_panel(stage.recurs, now, stage.length, days, zone, notice=PANEL_NOTICE)


def panels_ahead(
    work: Work, practice: Practice, pathway: Pathway, stage: Stage, by: Person, now: datetime
) -> list[MeetingRow]:
    """The panels of that stage that a case can still be listed on, the next first, those only planned among them.

    Where no morning has planned any yet, they are planned now, for whoever asks.
    """
    found = _open_panels(work, practice, pathway, stage, now)
    if not found:
        keep_dates(work, practice, pathway, stage, by, now)
        found = _open_panels(work, practice, pathway, stage, now)
    return found


def _open_panels(
    work: Work, practice: Practice, pathway: Pathway, stage: Stage, now: datetime
) -> list[MeetingRow]:
    rows = [
        *(row for row in work.meetings.upcoming(practice.area.id, now, stage.id) if row.state == "invited"),
        *(row for row in work.meetings.planned(practice.area.id, pathway.id, now) if row.stage == stage.id),
    ]
    ahead = [row for row in rows if row.pathway == pathway.id and _starts(row) >= now + PANEL_NOTICE]
    return sorted(ahead, key=_starts)


def keep_dates(
    work: Work, practice: Practice, pathway: Pathway, stage: Stage, by: Person, now: datetime
) -> int:
    """Bring a standing panel's dates of the next twelve months up to its rule; how many are new.

    Each period of the rule has one date, for good: one that was cancelled is not made again, and one that people
    were invited to, or that somebody moved, stays where it is whatever the rule says now. Only a date that nobody
    was asked to yet follows the rule.
    """
    rule = stage.recurs
    if rule is None:
        return 0
    today, days = practice.today(now), practice.pathway_days(pathway)
    wanted = {period(rule, each.named): each for each in a_year_of(rule, today, days)}
    rows = work.meetings.of_panel(practice.area.id, pathway.id, stage.id, today - LOOK_BACK)
    kept = {period(rule, _named(row)) for row in rows if row.state != MeetingState.PLANNED}
    planned = [row for row in rows if row.state == MeetingState.PLANNED]
    # Of several in one period the one on the rule's own day goes first, so that no two ever want one day.
    on_rule = {each.named for each in wanted.values()}
    follow: list[tuple[MeetingRow, Occurrence]] = []
    for row in sorted(planned, key=lambda each: (_named(each) not in on_rule, _named(each))):
        number = period(rule, _named(row))
        if number in wanted and number not in kept:
            kept.add(number)
            follow.append((row, wanted[number]))
        elif _starts(row) > now:
            _drop(work, row)
    work.session.flush()
    for row, when in follow:
        _follow_rule(row, stage, when, _span(practice, stage, when), now)
    work.session.flush()
    new = 0
    for number, each in wanted.items():
        if number not in kept and _span(practice, stage, each).start >= now + PANEL_NOTICE:
            new += _plan(work, practice, pathway, stage, each, by, now)
    return new


def call_panel(
    work: Work, practice: Practice, pathway: Pathway, meeting: MeetingRow, by: str, now: datetime
) -> None:
    """Ask everybody to a panel that was only planned; called before, nothing happens."""
    if meeting.state != MeetingState.PLANNED:
        return
    meeting.state = MEETING.after(meeting.state, "book")
    meeting.calendar, meeting.version = practice.organiser, meeting.version + 1
    chair = work.register.row(meeting.chair_id) if meeting.chair_id else None
    if chair is None or not chair.active:
        meeting.chair_id = fit_chair(work, practice, meeting)
    work.session.flush()
    _call(work, practice, pathway, meeting, now)
    work.audit.write(
        stream=f"meeting:{meeting.id}",
        actor=by,
        verb="meeting.booked",
        thing=f"meeting:{meeting.id}",
        facts={"starts": _starts(meeting), "stage": meeting.stage, "sequence": meeting.sequence},
        at=now,
    )
    show(work, "meeting_card", meeting.id, f"room:{meeting.pathway}", now)


def _plan(
    work: Work,
    practice: Practice,
    pathway: Pathway,
    stage: Stage,
    when: Occurrence,
    by: Person,
    now: datetime,
) -> bool:
    name = f"{practice.area.id}/{pathway.id}/{stage.id}/{when.held}"
    uid = f"{digest_of(name)[7:39]}@convenor"
    if known := work.meetings.by_uid(uid):
        # Called before panels were planned a year ahead, or moved away and back: it is this date's.
        known.panel_on = known.panel_on or when.named
        work.session.flush()
        if known.panel_on == when.named:
            return False
        uid = f"{new_id()}@convenor"
    span = _span(practice, stage, when)
    return work.meetings.plan(
        MeetingRow(
            id=new_id(),
            area=practice.area.id,
            pathway=pathway.id,
            stage=stage.id,
            kind=stage.kind,
            state=MeetingState.PLANNED.value,
            starts_at=span.start,
            ends_at=span.end,
            minutes_long=stage.length,
            chair_id=chair_for(work, practice, stage, by),
            uid=uid,
            panel_on=when.named,
            calendar=practice.organiser,
            created_by=by.id,
            created_at=now,
            drill=practice.area.drill,
        )
    )


def _drop(work: Work, row: MeetingRow) -> None:
    """Nobody was asked to it and no case is on it; all that there can be is times that somebody looked for."""
    for option in work.meetings.options(row.id):
        work.session.delete(option)
    work.session.flush()
    work.session.delete(row)


def _follow_rule(row: MeetingRow, stage: Stage, when: Occurrence, span: Span, now: datetime) -> None:
    """Nobody knows of this date but the panel's page, so it goes where the rule now puts it: planned anew."""
    if (row.starts_at, row.ends_at) != (span.start, span.end):
        row.starts_at, row.ends_at, row.minutes_long = span.start, span.end, stage.length
        row.created_at = now
    row.panel_on = when.named


def _span(practice: Practice, stage: Stage, when: Occurrence) -> Span:
    assert stage.recurs is not None
    start = at_local(when.held, stage.recurs.at, ZoneInfo(practice.area.zone))
    return Span(start, start + timedelta(minutes=stage.length))


def _named(row: MeetingRow) -> date:
    assert row.panel_on is not None
    return row.panel_on


def _starts(row: MeetingRow) -> datetime:
    assert row.starts_at is not None
    return row.starts_at


def _call(work: Work, practice: Practice, pathway: Pathway, meeting: MeetingRow, now: datetime) -> None:
    required, optional = standing_invitees(work, practice, pathway)
    if meeting.starts_at is None:
        return
    day = practice.today(meeting.starts_at)
    wish = Wish(
        required=tuple(required),
        optional=tuple(optional),
        minutes=meeting.minutes_long,
        first=day,
        last=day,
    )
    asked, benches = question(work, practice, meeting, wish, now)
    option = judged(asked, meeting.starts_at)
    meeting.minute_taker_id = option.minutes
    call_in(work, meeting, seats_for(meeting, option, benches), wish.required, now)


def standing_invitees(work: Work, practice: Practice, pathway: Pathway) -> tuple[list[str], list[str]]:
    """The agencies that the pathway invites, by id: those required, those optional."""
    agencies = work.register.agencies(practice.area.id)
    must = {each.agency_type for each in pathway.invite if each.required}
    may = {each.agency_type for each in pathway.invite} - must
    return [a.id for a in agencies if a.type in must], [a.id for a in agencies if a.type in may]
