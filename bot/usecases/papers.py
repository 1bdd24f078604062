"""Take a paper out of the record: the chair's pack, minutes, a list of actions or of contacts (S2-16, S3-27, IG-15).

Whoever takes one may read it in chat as well; that they did is on record with the kind of file (IG-29). Addresses
are masked (IG-21).
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

from bot.domain.access import Thing, may
from bot.domain.actions import OUTCOME_WORDS, STATE_WORDS, ActionState, Outcome
from bot.domain.agenda import minutes_over
from bot.domain.area import Practice
from bot.domain.errors import Denial, NotAllowed
from bot.domain.people import ROLE_TITLES, Person, Role
from bot.domain.risk import RATING_WORDS
from bot.storage.tables import ActionRow, AgendaItemRow, CaseRow, MeetingRow
from bot.storage.transaction import Begin, Work
from bot.usecases.bundle import taken_bundle
from bot.usecases.indicators import trend_taken
from bot.usecases.looks.meeting import agenda_lines, type_words
from bot.usecases.looks.quorum import expected
from bot.usecases.minutes_approval import minutes_read
from bot.usecases.once import HeardBefore
from bot.usecases.present import counts_quorum
from bot.usecases.record import HOW_HEARD
from bot.usecases.withheld import addresses, masked
from bot.views.bundle import Bundle
from bot.views.papers import (
    ActionList,
    Contact,
    ContactList,
    Content,
    ListedAction,
    Pack,
    PackAgency,
    PackCase,
    Paper,
)

Kind = Literal["pack", "minutes", "actions", "case_actions", "contacts", "bundle", "trend"]
"""`actions` is of a meeting's cases, `case_actions` of one case; `contacts` is of the area and has no id; `bundle` is
what was allowed of one case, `trend` the measures of one."""

FORMS: dict[str, tuple[str, ...]] = {
    "pack": ("docx", "pdf"),
    "minutes": ("docx", "pdf"),
    "actions": ("docx", "pdf", "csv"),
    "case_actions": ("docx", "pdf", "csv"),
    "contacts": ("docx", "pdf", "csv"),
    "bundle": ("zip",),
    "trend": ("png", "csv"),
}
"""As which kinds of file each paper can be had."""

LINK_MINUTES = 15
"""How long a paper can be taken by its link."""

USED = "This link has been used. Each works once: open the paper in chat and ask for it again."


def read_pack(begin: Begin, practice: Practice, meeting_id: str, *, by: Person, now: datetime) -> Pack:
    """The chair's pack as it stands, for whoever runs the meeting; on record with every case in it (IG-05)."""
    with begin() as work:
        return _pack(work, practice, meeting_id, by, now, "pack.read")


def take_paper(
    begin: Begin,
    practice: Practice,
    kind: Kind,
    id: str,
    form: str,
    *,
    by: Person,
    now: datetime,
    once: str = "",
) -> Paper:
    """The paper with its addresses masked, for somebody who may have it; an audit row of every case in it.

    `form` is the kind of file that it becomes. A key `once` is used up: HeardBefore when it was before. Raises
    NotAllowed as the reading in chat does, NotFound for what is not there, TooLate for minutes of no meeting yet.
    """
    with begin() as work:
        if once:
            if work.inbox.answer_to(once) is not None:
                raise HeardBefore(USED)
            work.inbox.remember(once, "", at=now)
        content, cases, stream = _OF[kind](work, practice, id, by, now)
        streams = [case.ref for case in cases] or [stream]
        for each in streams:
            work.audit.write(
                stream=each,
                actor=by.id,
                verb="paper.exported",
                thing=stream,
                facts={"paper": kind, "form": form, "reason": "chairs_pack" if kind == "pack" else kind},
                at=now,
            )
        return Paper(
            kind=kind,
            # A bundle has masked its own already, or says why it has not.
            content=content
            if isinstance(content, Bundle)
            else masked(content, addresses(work, practice, cases)),
            by=by.name,
            at=now,
            mark=cases[0].ref if len(cases) == 1 else practice.today(now).isoformat(),
        )


Taken = tuple[Content, Sequence[CaseRow], str]
"""What a paper holds, the cases in it, and what it is about as the audit names it."""


def _minutes(work: Work, practice: Practice, id: str, by: Person, now: datetime) -> Taken:
    meeting = work.meetings.opened(id, by, "meeting.read", now)
    paper = minutes_read(work, practice, meeting, by, now, "minutes.read")
    return paper, _cases(work, meeting), f"meeting:{id}"


def _pack_taken(work: Work, practice: Practice, id: str, by: Person, now: datetime) -> Taken:
    pack = _pack(work, practice, id, by, now, "pack.read")
    return pack, _cases(work, work.meetings.row(id)), f"meeting:{id}"


def _actions(work: Work, practice: Practice, id: str, by: Person, now: datetime) -> Taken:
    meeting = work.meetings.opened(id, by, "meeting.read", now)
    cases = _cases(work, meeting)
    stage = practice.pathways[meeting.pathway].stage(meeting.stage).title
    return _list(work, practice, stage, cases, now), cases, f"meeting:{id}"


def _case_actions(work: Work, practice: Practice, id: str, by: Person, now: datetime) -> Taken:
    case = work.cases.opened(id, by, "case.read", now)
    return _list(work, practice, case.ref, [case], now), [case], f"case:{id}"


def _bundle(work: Work, practice: Practice, id: str, by: Person, now: datetime) -> Taken:
    bundle, case = taken_bundle(work, practice, id, by, now)
    return bundle, [case], f"bundle:{id}"


def _trend(work: Work, practice: Practice, id: str, by: Person, now: datetime) -> Taken:
    trend, case = trend_taken(work, practice, id, by, now)
    return trend, [case], f"case:{id}"


def _contacts(work: Work, practice: Practice, id: str, by: Person, now: datetime) -> Taken:
    area = practice.area.id
    if not may(by, "contacts.list", Thing(area=area)):
        raise NotAllowed(
            "The list of contacts is for people who sit on panels. Your attempt has been recorded.",
            Denial(stream=f"area:{area}", actor=by.id, verb="contacts.list", thing="register", at=now),
        )
    people = work.register.people(area)
    rows = work.register.rows(each.id for each in people)
    agencies = {each.id: each.name for each in work.register.agencies(area)}
    found = [
        Contact(
            agency=agencies[each.agency_id],
            name=each.name,
            title=rows[each.id].title,
            roles=tuple(ROLE_TITLES[role] for role in Role if each.has(role)),
            email=rows[each.id].email,
            phone=rows[each.id].phone,
            deputy=rows[deputy].name if (deputy := rows[each.id].deputy_id) and deputy in rows else "",
        )
        for each in people
    ]
    found.sort(key=lambda each: (each.agency, each.name))
    view = ContactList(
        area=practice.area.name, day=practice.today(now), contacts=tuple(found), drill=practice.area.drill
    )
    return view, [], f"area:{area}"


_OF: dict[Kind, Callable[[Work, Practice, str, Person, datetime], Taken]] = {
    "pack": _pack_taken,
    "minutes": _minutes,
    "actions": _actions,
    "case_actions": _case_actions,
    "contacts": _contacts,
    "bundle": _bundle,
    "trend": _trend,
}


def _cases(work: Work, meeting: MeetingRow) -> list[CaseRow]:
    return [work.cases.row(item.case_id) for item in work.meetings.agenda(meeting.id)]


def _list(work: Work, practice: Practice, about: str, cases: Sequence[CaseRow], now: datetime) -> ActionList:
    return ActionList(
        about=about,
        area=practice.area.name,
        day=practice.today(now),
        actions=tuple(
            _listed(work, practice, case, row, now) for case in cases for row in work.plans.of_case(case.id)
        ),
        drill=any(case.drill for case in cases),
    )


def _listed(work: Work, practice: Practice, case: CaseRow, row: ActionRow, now: datetime) -> ListedAction:
    categories = {choice.id: choice.label for choice in practice.of(case).actions.categories}
    ended = OUTCOME_WORDS[Outcome(row.outcome)] if row.outcome else ""
    return ListedAction(
        ref=row.ref,
        case=case.ref,
        category=categories.get(row.category, row.category),
        detail=row.detail,
        agency=work.register.agency(row.agency_id).name,
        owner=work.register.person(row.owner_id).name,
        due=row.due,
        review_on=row.review_on,
        state=ended or STATE_WORDS[ActionState(row.state)],
        ended=ended,
        overdue=row.state != ActionState.CLOSED and row.due < practice.today(now),
    )


def _pack(work: Work, practice: Practice, meeting_id: str, by: Person, now: datetime, verb: str) -> Pack:
    meeting = work.meetings.opened(meeting_id, by, "meeting.hold", now)
    pathway = practice.pathways[meeting.pathway]
    agenda = agenda_lines(work, pathway, meeting)
    items = work.meetings.agenda(meeting.id)
    cases = tuple(_case(work, practice, meeting, item, n, now) for n, item in enumerate(items, start=1))
    for each in cases:
        work.audit.write(
            stream=each.ref, actor=by.id, verb=verb, thing=f"meeting:{meeting.id}", facts={}, at=now
        )
    seen = expected(work, practice, meeting)
    counts = counts_quorum(meeting)
    return Pack(
        id=meeting.id,
        area=practice.area.name,
        pathway=pathway.title,
        stage=pathway.stage(meeting.stage).title,
        state=meeting.state,
        starts_at=meeting.started_at or meeting.starts_at,
        ends_at=meeting.ends_at,
        place=meeting.place,
        chair=work.register.person(meeting.chair_id).name if meeting.chair_id else "",
        minute_taker=work.register.person(meeting.minute_taker_id).name if meeting.minute_taker_id else "",
        agenda=agenda,
        minutes_over=minutes_over([line.minutes for line in agenda], meeting.minutes_long),
        counts_quorum=counts,
        outlook=seen.outlook.value,
        coming=seen.standing.counted,
        needed=seen.standing.needed,
        lacking=type_words(seen.standing.lacking) if counts else (),
        unanswered=tuple(
            PackAgency(agency=each.agency, people=each.people)
            for each in seen.answers
            if each.answer == "none"
        ),
        apologies=_apologies(work, meeting, practice),
        cases=cases,
        views_missing=tuple(each.ref for each in cases if not each.views),
        drill=meeting.drill,
    )


def _apologies(work: Work, meeting: MeetingRow, practice: Practice) -> tuple[PackAgency, ...]:
    """Agencies that declined or sent apologies, with the information they sent instead where they did."""
    found = {
        each.agency: PackAgency(agency=each.agency, people=each.people)
        for each in expected(work, practice, meeting).answers
        if each.answer == "declined"
    }
    for row in work.meetings.attendance(meeting.id):
        name = work.register.agency(row.agency_id).name
        if row.status in ("apologies", "apologies_information"):
            people = found[name].people if name in found else ()
            found[name] = PackAgency(agency=name, people=people, information=row.information)
        else:
            found.pop(name, None)
    return tuple(found[name] for name in sorted(found))


def _case(
    work: Work, practice: Practice, meeting: MeetingRow, item: AgendaItemRow, number: int, now: datetime
) -> PackCase:
    case = work.cases.row(item.case_id)
    voice = work.cases.voice(case.id)
    clocks = [clock for clock in work.cases.clocks(case.id) if clock.stage == meeting.stage]
    return PackCase(
        ref=case.ref,
        number=number,
        state=case.state.replace("_", " "),
        rating=RATING_WORDS.get(case.rating or "", ""),
        due=clocks[0].due_on if clocks and clocks[0].met_at is None else None,
        actions=tuple(
            _listed(work, practice, case, row, now)
            for row in work.plans.of_case(case.id)
            if row.meeting_id != meeting.id
        ),
        views_how=HOW_HEARD[voice.how] if voice else "",
        views_at=voice.at if voice else None,
        views=voice.views if voice else "",
        why_not=voice.why_not if voice else "",
        prompts=tuple(prompt.text for prompt in practice.of(case).prompts),
    )
