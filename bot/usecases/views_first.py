"""The person comes, or their views are there, before a meeting about them starts (S2-18).

Where a pathway's stage asks for it, starting waits until it is on record that the person comes, what they say or want,
or why nobody could find out. Whoever works on the case records it, on every pathway, as soon as a meeting is booked.
"""

from datetime import datetime

from bot.domain.area import Practice
from bot.domain.errors import Invalid, TooLate
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.domain.states import MeetingState
from bot.storage.codes import digest_of
from bot.storage.tables import AgendaItemRow, CaseRow, MeetingRow, VoiceRow
from bot.storage.transaction import Begin, Work
from bot.usecases.owed import show
from bot.views.meeting import ViewsFirst

COMES = "comes"
HOW_BEFORE = {
    COMES: "The person comes themselves",
    "advocate": "Through an advocate or IDVA",
    "in_writing": "In writing",
    "told_professional": "Told to a professional",
    "not_obtained": "Not obtained",
}
SHORTEST = 10


def heard_first(work: Work, practice: Practice, meeting: MeetingRow) -> None:
    """TooLate, with what to press, while a case on the agenda waits for the person's views."""
    if refs := [case.ref for case in unheard(work, practice, meeting)]:
        raise TooLate(
            f"The meeting has not started. For {', '.join(refs)} it is not on record yet that the person comes,"
            " what they say, or why there are no views. Press “Views for the meeting”, on the meeting’s card or in the"
            " case’s file, and record their views or the reason. Then start."
        )


def unheard(work: Work, practice: Practice, meeting: MeetingRow) -> list[CaseRow]:
    """The cases on the agenda whose pathway waits for the person's views, and for which nothing is on record."""
    found = []
    for item in work.meetings.agenda(meeting.id):
        case = work.cases.row(item.case_id)
        if practice.of(case).stage(meeting.stage).views_first and not (
            item.subject_comes or _on_record(work, case, meeting)
        ):
            found.append(case)
    return found


def next_meeting(work: Work, case: CaseRow) -> MeetingRow | None:
    """The next booked meeting on whose agenda the case is; None where none is booked."""
    booked = [
        row for row in work.meetings.of_case(case.id) if row.state == MeetingState.INVITED and row.starts_at
    ]
    return min(booked, key=lambda row: (row.starts_at, row.id), default=None)


def open_views_first(
    begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime
) -> ViewsFirst:
    """What the form begins with, for somebody who works on the case; the opening is an audit row."""
    with begin() as work:
        case = work.cases.opened(case_id, by, "person.record", now)
        meeting = _booked(work, case)
        stage = practice.of(case).stage(meeting.stage)
        item = _item(work, meeting, case)
        voice = work.cases.voice(case.id, meeting.id)
        work.audit.write(
            stream=case.ref,
            actor=by.id,
            verb="voice.opened",
            thing=f"case:{case.id}",
            facts={"meeting": meeting.id},
            at=now,
        )
        never = "subject_attends" in practice.of(case).never or stage.subject_attends == "never"
        return ViewsFirst(
            case_id=case.id,
            meeting_id=meeting.id,
            ref=case.ref,
            stage=stage.title,
            starts_at=meeting.starts_at,
            hows=tuple((id, label) for id, label in HOW_BEFORE.items() if id != COMES or not never),
            how=COMES if item.subject_comes else voice.how if voice else "",
            views=voice.views if voice else "",
            why_not=voice.why_not if voice else "",
            waits=stage.views_first,
        )


def record_views_first(
    begin: Begin,
    practice: Practice,
    meeting_id: str,
    case_id: str,
    how: str,
    views: str = "",
    why_not: str = "",
    *,
    by: Person,
    now: datetime,
) -> str:
    """Keep how the person is heard at a meeting that has not begun, over what was recorded before. The case's id.

    Raises Invalid beside `how`, `views` or `why_not`, and TooLate once the meeting has begun.
    """
    with begin() as work:
        case = work.cases.opened(case_id, by, "person.record", now)
        work.cases.lock(case)
        meeting = work.meetings.row(meeting_id)
        item = _item(work, meeting, case)
        if meeting.state not in (MeetingState.PLANNED, MeetingState.INVITED):
            raise TooLate(
                "That meeting has begun or is over. Nothing was saved; the chair records it in the meeting."
            )
        pathway = practice.of(case)
        never = "subject_attends" in pathway.never or pathway.stage(meeting.stage).subject_attends == "never"
        _check(how, views, why_not, never=never)
        item.subject_comes = how == COMES
        voice = work.cases.voice(case.id, meeting.id)
        if how != COMES:
            voice = voice or VoiceRow(
                id=new_id(), case_id=case.id, meeting_id=meeting.id, how="", by_id=by.id, at=now
            )
            voice.how, voice.by_id, voice.at = how, by.id, now
            voice.views = "" if how == "not_obtained" else views.strip()
            voice.why_not = why_not.strip() if how == "not_obtained" else ""
            work.session.add(voice)
        elif voice is not None and voice.how == "not_obtained":
            work.session.delete(
                voice
            )  # they come, so that they were not reached is no reason to decide without them
        work.audit.write(
            stream=case.ref,
            actor=by.id,
            verb="voice.recorded",
            thing=f"case:{case.id}",
            facts={"meeting": meeting.id, "how": how, "views": digest_of(views + why_not)},
            at=now,
        )
        show(work, "meeting_card", meeting.id, f"room:{meeting.pathway}", now)
        return case.id


def heard_of(work: Work, case: CaseRow, now: datetime) -> None:
    """Something was recorded that the next meeting may wait for: its card is drawn afresh."""
    if (meeting := next_meeting(work, case)) is not None:
        show(work, "meeting_card", meeting.id, f"room:{meeting.pathway}", now)


def _booked(work: Work, case: CaseRow) -> MeetingRow:
    meeting = next_meeting(work, case)
    if meeting is None:
        raise TooLate(
            "No meeting about this case is booked that has not begun. In a meeting, its chair records the views."
        )
    return meeting


def _item(work: Work, meeting: MeetingRow, case: CaseRow) -> AgendaItemRow:
    item = work.meetings.item_of(meeting.id, case.id)
    if item is None:
        raise TooLate("The case is not on the agenda of that meeting any more. Nothing was saved.")
    return item


def _on_record(work: Work, case: CaseRow, meeting: MeetingRow) -> bool:
    """Views or the reason for this meeting, or what they want, asked since the last one was held."""
    if work.cases.voice(case.id, meeting.id) is not None:
        return True
    asked = [row for row in work.followups.subject_invitations(case.id) if row.meeting_id == meeting.id]
    if any(row.answer == "coming" or (row.how == "not_asked" and row.why) for row in asked):
        return True
    held = [row.started_at for row in work.meetings.of_case(case.id) if row.started_at]
    return any(not held or row.at > max(held) for row in work.people.checks(case.id))


def _check(how: str, views: str, why_not: str, *, never: bool) -> None:
    found = {}
    if how not in HOW_BEFORE or (how == COMES and never):
        found["how"] = "Choose how the person is heard at this meeting."
    elif how == "not_obtained":
        if len(why_not.strip()) < SHORTEST:
            found["why_not"] = "Say in a sentence why the views could not be obtained, and what was tried."
    elif how != COMES and len(views.strip()) < SHORTEST:
        found["views"] = (
            "Write down in a sentence or more what the person thinks, as far as possible in their own words."
        )
    if found:
        raise Invalid(found)
