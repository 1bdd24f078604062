"""The standing panel: when it meets, who sits on it, and calling it at its own date (S3-02, S3-03, T11)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.area import Practice
from bot.domain.errors import NotFound
from bot.domain.pathway import Pathway, Stage
from bot.domain.people import Person
from bot.domain.recurrence import next_panel
from bot.domain.references import new_id
from bot.domain.slots import judged
from bot.domain.spans import Span
from bot.domain.states import MeetingState
from bot.storage.codes import digest_of
from bot.storage.tables import MeetingRow
from bot.storage.transaction import Work
from bot.usecases.chairs import chair_for
from bot.usecases.diaries import Wish, question
from bot.usecases.invitees import call_in, seats_for

PANEL_NOTICE = timedelta(days=1)
"""A case cannot be put on a panel that begins within a day of it: nobody could prepare."""


def standing_panel(pathway: Pathway) -> Stage | None:
    """The pathway's stage that meets by the calendar, None where every meeting is called for itself."""
    return next((stage for stage in pathway.stages if stage.recurs is not None), None)


def panel_span(practice: Practice, pathway: Pathway, stage: Stage, now: datetime) -> Span:
    """When a standing panel meets next by its rule; a bank holiday moves it to the next working day."""
    if stage.recurs is None:
        raise NotFound(f"{stage.title} has no date of its own.")
    days, zone = practice.pathway_days(pathway), ZoneInfo(practice.area.zone)
    return next_panel(stage.recurs, now, stage.length, days, zone, notice=PANEL_NOTICE)


def next_called(
    work: Work, practice: Practice, pathway: Pathway, stage: Stage, by: Person, now: datetime
) -> MeetingRow:
    """The next panel of that stage: the one already booked, or the one its rule names, called now."""
    for each in work.meetings.upcoming(practice.area.id, now, stage.id):
        if (
            each.pathway == pathway.id
            and each.state == MeetingState.INVITED
            and each.starts_at
            and each.starts_at >= now + PANEL_NOTICE
        ):
            return each
    span = panel_span(practice, pathway, stage, now)
    # Two who list at the same moment call one panel: the second is overtaken and asks again.
    name = f"{practice.area.id}/{pathway.id}/{stage.id}/{practice.today(span.start)}"
    uid = f"{digest_of(name)[7:39]}@convenor"
    if (known := work.meetings.by_uid(uid)) and known.state == MeetingState.INVITED:
        return known
    meeting = MeetingRow(
        id=new_id(),
        area=practice.area.id,
        pathway=pathway.id,
        stage=stage.id,
        kind=stage.kind,
        state=MeetingState.INVITED.value,
        starts_at=span.start,
        ends_at=span.end,
        minutes_long=stage.length,
        chair_id=chair_for(work, practice, stage, by),
        # A panel that was cancelled keeps its name in people's calendars; its second coming has one of its own.
        uid=uid if known is None else f"{new_id()}@convenor",
        calendar=practice.organiser,
        created_by=by.id,
        created_at=now,
        drill=practice.area.drill,
    )
    work.inbox.remember(f"panel:{meeting.uid}", meeting.id, at=now)
    work.session.add(meeting)
    work.session.flush()
    _call(work, practice, pathway, meeting, now)
    work.audit.write(
        stream=f"meeting:{meeting.id}",
        actor=by.id,
        verb="meeting.booked",
        thing=f"meeting:{meeting.id}",
        facts={"starts": span.start, "stage": stage.id, "sequence": 0},
        at=now,
    )
    return meeting


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
    call_in(work, meeting, seats_for(meeting, option, benches), wish.required, now)


def standing_invitees(work: Work, practice: Practice, pathway: Pathway) -> tuple[list[str], list[str]]:
    """The agencies that the pathway invites, by id: those required, those optional."""
    agencies = work.register.agencies(practice.area.id)
    must = {each.agency_type for each in pathway.invite if each.required}
    may = {each.agency_type for each in pathway.invite} - must
    return [a.id for a in agencies if a.type in must], [a.id for a in agencies if a.type in may]
