"""Open what the chair works with: the panel's page, the agenda, attendance, one case's forms, what is unfinished.

Each is opened by somebody who may, and what holds a case's words leaves an audit row (IG-05, IG-29).
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from itertools import islice

from bot.domain.access import Thing, may
from bot.domain.area import Practice
from bot.domain.errors import Denial, NotAllowed
from bot.domain.pathway import Choice, Pathway, Prompt, Stage
from bot.domain.people import Person
from bot.domain.recurrence import agenda_out_on, called_from, dates, list_closes_on
from bot.domain.workdays import WorkingDays
from bot.storage.tables import AgendaItemRow, CaseRow, InvitationRow, MeetingRow, PersonRow
from bot.storage.transaction import Begin, Work
from bot.usecases.account import latest_views
from bot.usecases.diaries import bench
from bot.usecases.hold import STATUSES, hearing, running
from bot.usecases.list_cases import UNHELD, waiting_for_panel
from bot.usecases.looks.meeting import agenda_lines, meeting_card, progress, type_words
from bot.usecases.looks.reviews import kind_words
from bot.usecases.panels import standing_panel
from bot.usecases.present import counts_quorum, present, quorum_now
from bot.usecases.risks import risk_picks, wish_picks
from bot.views.meeting import (
    AgendaSheet,
    AttendanceForm,
    AttendanceSheet,
    CaseSheet,
    EarlierDecision,
    MeetingCard,
    OfferedAction,
    PanelSheet,
    Pick,
    PlannedPanel,
    Unfinished,
)

QUICK_WD = (1, 2, 3, 5, 10, 20)
"""Working days from today that a new action can be due in with one click."""

SHOWN = 5
"""Meetings to come that the panel's page shows."""


def open_panel(begin: Begin, practice: Practice, pathway_id: str, *, by: Person, now: datetime) -> PanelSheet:
    """A pathway's meetings to come and the cases that wait, for people who sit on panels; others are refused."""
    pathway = practice.pathways[pathway_id]
    here = Thing(area=practice.area.id)
    if not may(by, "case.list", here):
        raise NotAllowed(
            "The panel’s page is for people who sit on it. Your attempt has been recorded.",
            Denial(stream=f"area:{practice.area.id}", actor=by.id, verb="case.list", thing="panel", at=now),
        )
    with begin() as work:
        ahead = [row for row in work.meetings.upcoming(practice.area.id, now) if row.pathway == pathway_id]
        cards = [meeting_card(work, practice, row.id, now) for row in ahead[:SHOWN]]
        stage = standing_panel(pathway)
        days = practice.pathway_days(pathway)
        planned = work.meetings.planned(practice.area.id, pathway_id, now)
        recurs = (
            dates(stage.recurs, practice.today(now), days) if stage and stage.recurs and not planned else ()
        )
        return PanelSheet(
            pathway=pathway.title,
            pathway_id=pathway_id,
            meetings=tuple(card for card in cards if isinstance(card, MeetingCard)),
            dates=tuple(islice(recurs, 3)),
            waiting=_waiting(work, by, pathway_id),
            may_convene=may(by, "meeting.convene", here),
            planned=tuple(_planned(practice, pathway, days, row) for row in planned),
            closes=_days_of(practice, pathway, days, ahead[:SHOWN], list_closes_on),
            agenda_out=_days_of(practice, pathway, days, ahead[:SHOWN], agenda_out_on),
            on_holiday=stage.recurs.on_holiday if stage and stage.recurs else "",
            may_report=may(by, "report.open", here),
            may_learn=may(by, "learning.list", here),
        )


def _planned(practice: Practice, pathway: Pathway, days: WorkingDays, row: MeetingRow) -> PlannedPanel:
    assert row.starts_at is not None
    held, rule = practice.today(row.starts_at), pathway.stage(row.stage).recurs
    return PlannedPanel(
        id=row.id,
        starts_at=row.starts_at,
        called_from=called_from(rule, held, days) if rule else held,
        moved_from=row.panel_on if row.panel_on != held else None,
    )


def _days_of(
    practice: Practice,
    pathway: Pathway,
    days: WorkingDays,
    rows: Sequence[MeetingRow],
    what: Callable[[Stage, date, WorkingDays], date | None],
) -> dict[str, date]:
    """That day of each meeting, by its id, where it has one."""
    held = {
        row.id: (pathway.stage(row.stage), practice.today(row.starts_at)) for row in rows if row.starts_at
    }
    found = {id: what(stage, day, days) for id, (stage, day) in held.items()}
    return {id: day for id, day in found.items() if day is not None}


def open_agenda(
    begin: Begin, practice: Practice, meeting_id: str, *, by: Person, now: datetime
) -> AgendaSheet:
    """The agenda, for whoever runs the meeting."""
    with begin() as work:
        row = work.meetings.opened(meeting_id, by, "meeting.hold", now)
        pathway = practice.pathways[row.pathway]
        listed = {item.case_id for item in work.meetings.agenda(row.id)}
        many = pathway.stage(row.stage).many_cases
        return AgendaSheet(
            meeting_id=row.id,
            stage=pathway.stage(row.stage).title,
            starts_at=row.starts_at,
            lines=agenda_lines(work, pathway, row),
            waiting=tuple(p for p in _waiting(work, by, row.pathway) if p.id not in listed) if many else (),
            changeable=row.state in UNHELD,
        )


def open_attendance(
    begin: Begin, practice: Practice, meeting_id: str, *, by: Person, now: datetime
) -> AttendanceSheet:
    """Attendance agency by agency, filled in with what people answered until something is recorded."""
    with begin() as work:
        row = running(work, meeting_id, by, now)
        marked = {each.agency_id: each for each in work.meetings.attendance(row.id)}
        asked: dict[str, list[InvitationRow]] = {}
        for invitation in work.meetings.invitations(row.id):
            asked.setdefault(invitation.agency_id, []).append(invitation)
        barred = work.meetings.thing(row).barred
        forms = []
        for id in dict.fromkeys((*asked, *marked)):
            each = bench(work, practice.area.id, id, barred)
            sent = {one.person_id for one in asked.get(id, []) if one.as_deputy}
            choices = [
                *(_seat(p, as_deputy=p.id in sent) for p in each.representatives),
                *(_seat(p, as_deputy=True) for p in each.deputies),
                Pick(id="present:", label="Present: somebody else"),
                *(Pick(id=status, label=STATUSES[status]) for status in _AWAY),
            ]
            known = marked.get(id)
            chosen = f"{known.status}:{known.person_id or ''}".removesuffix(":") if known else ""
            if not known:
                chosen = _expected(asked.get(id, []), {choice.id for choice in choices})
            chosen = "present:" if chosen == "present" else chosen
            forms.append(
                AttendanceForm(
                    agency_id=id,
                    agency=work.register.agency(id).name,
                    choices=tuple(choices),
                    chosen=chosen if chosen in {choice.id for choice in choices} else "",
                    information=known.information if known else "",
                )
            )
        title = practice.pathways[row.pathway].stage(row.stage).title
        forms.sort(key=lambda form: form.agency)
        return AttendanceSheet(meeting_id=row.id, stage=title, agencies=tuple(forms))


def open_case_sheet(
    begin: Begin, practice: Practice, item_id: str, agency_id: str = "", *, by: Person, now: datetime
) -> CaseSheet:
    """What the chair's forms about one case are filled in with; `agency_id` narrows the owners offered."""
    with begin() as work:
        item, meeting, case = hearing(work, item_id, by, now)
        work.audit.write(
            stream=case.ref,
            actor=by.id,
            verb="case.read",
            thing=f"case:{case.id}",
            facts={"meeting": meeting.id},
            at=now,
        )
        return _sheet(work, practice, item, meeting, case, agency_id, now)


def open_unfinished(
    begin: Begin, practice: Practice, meeting_id: str, *, by: Person, now: datetime
) -> Unfinished:
    """What concluding would find: cases that lack something, cases not reached, the quorum."""
    with begin() as work:
        row = running(work, meeting_id, by, now)
        pathway = practice.pathways[row.pathway]
        quorum = quorum_now(work, practice, row)
        return Unfinished(
            id=row.id,
            stage=pathway.stage(row.stage).title,
            counts_quorum=counts_quorum(row),
            quorate=quorum.quorate,
            may_override=pathway.quorum.on_fail == "chair_override_with_reason",
            present=quorum.counted,
            needed=quorum.needed,
            lacking=type_words(quorum.lacking),
            cases=progress(work, pathway, row),
            offered=_offered(work, pathway, row),
        )


def quick_dues(today: date, days: WorkingDays) -> tuple[Pick, ...]:
    """The days that a new action can be due on with one click; the label is how many working days from today."""
    return tuple(Pick(id=days.shift(today, n).isoformat(), label=str(n)) for n in QUICK_WD)


def _offered(work: Work, pathway: Pathway, row: MeetingRow) -> tuple[OfferedAction, ...]:
    """What agencies took on themselves in this meeting, for the chair to agree to (S4-12)."""
    categories = {each.id: each.label for each in pathway.actions.categories}
    return tuple(
        OfferedAction(
            ref=action.ref,
            category=categories.get(action.category, action.category),
            agency=work.register.agency(action.agency_id).name,
        )
        for item in work.meetings.agenda(row.id)
        for action in work.plans.of_case(item.case_id)
        if action.offered and action.meeting_id == row.id and action.state != "closed"
    )


_AWAY = ("apologies", "apologies_information", "absent")


def _seat(person: PersonRow, *, as_deputy: bool) -> Pick:
    how = "deputy" if as_deputy else "present"
    return Pick(id=f"{how}:{person.id}", label=f"{how.capitalize()}: {person.name}")


def _expected(asked: Sequence[InvitationRow], offered: Collection[str]) -> str:
    """What an agency's answers come to: whoever said they would be there, the surest first."""
    for answer in ("accepted", "tentative"):
        for each in asked:
            seat = f"{'deputy' if each.as_deputy else 'present'}:{each.person_id}"
            if each.answer == answer and seat in offered:
                return seat
    return "apologies" if asked and all(each.answer == "declined" for each in asked) else ""


def _waiting(work: Work, by: Person, pathway_id: str) -> tuple[Pick, ...]:
    return tuple(Pick(id=row.id, label=row.ref) for row in waiting_for_panel(work, by, pathway_id)[:100])


def _sheet(
    work: Work,
    practice: Practice,
    item: AgendaItemRow,
    meeting: MeetingRow,
    case: CaseRow,
    agency_id: str,
    now: datetime,
) -> CaseSheet:
    pathway = practice.of(case)
    voice = work.cases.voice(case.id, meeting.id)
    today, days = practice.today(now), practice.days(case.nation)
    attends = pathway.stage(meeting.stage).subject_attends
    return CaseSheet(
        item=item.id,
        meeting_id=meeting.id,
        case_id=case.id,
        ref=case.ref,
        stage=pathway.stage(meeting.stage).title,
        kind=meeting.kind,
        attends="never" if "subject_attends" in pathway.never else attends,
        prompts=_prompts(pathway.prompts),
        done=tuple(item.prompts),
        decisions=_picks(pathway.decisions),
        laws=_picks(pathway.laws),
        categories=_picks(pathway.actions.categories),
        agencies=tuple(Pick(id=a.id, label=a.name) for a in work.register.agencies(case.area)),
        owners=_owners(work, case, agency_id),
        owner_agency=agency_id,
        dues=quick_dues(today, days),
        voice_how=voice.how if voice else "",
        views=voice.views if voice else "",
        outcomes=voice.outcomes if voice else "",
        why_not=voice.why_not if voice else "",
        rating=item.rating or "",
        rating_before=case.rating or "",
        mitigated=item.mitigated,
        review_on=item.review_on,
        review_default=_review(pathway, today, days),
        today=today,
        present=tuple(Pick(id=each.id, label=each.name) for each in present(work, meeting)),
        earlier=_earlier(work, pathway, case),
        latest=latest_views(work, case),
        risks=risk_picks(work, case),
        wishes=wish_picks(work, case),
        needs=pathway.actions.need,
    )


def _earlier(work: Work, pathway: Pathway, case: CaseRow) -> tuple[EarlierDecision, ...]:
    """The decisions of a meeting that still stand, the latest first."""
    rows = [row for row in work.cases.decisions(case.id) if row.meeting_id is not None]
    replaced = {row.supersedes for row in rows}
    return tuple(
        EarlierDecision(id=row.id, kind=kind_words(pathway, row.kind), at=row.at)
        for row in reversed(rows)
        if row.id not in replaced
    )[:50]


def _owners(work: Work, case: CaseRow, agency_id: str) -> tuple[Pick, ...]:
    if not agency_id:
        return ()
    barred = work.cases.thing(case).barred
    people = work.register.people(case.area, agency_id=agency_id)
    return tuple(
        Pick(id=p.id, label=f"{p.name}, {p.title}" if p.title else p.name)
        for p in people
        if p.id not in barred
    )[:100]


def _review(pathway: Pathway, today: date, days: WorkingDays) -> date:
    return pathway.review.due.after(today, days)


def _picks(choices: tuple[Choice, ...]) -> tuple[Pick, ...]:
    return tuple(Pick(id=choice.id, label=choice.label) for choice in choices)


def _prompts(prompts: tuple[Prompt, ...]) -> tuple[Pick, ...]:
    return tuple(Pick(id=prompt.id, label=prompt.text) for prompt in prompts)
