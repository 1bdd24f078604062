"""Minutes, built from what was captured while the meeting was held (S2-16); opened by members, audited (IG-05)."""

from datetime import datetime

from bot.domain.area import Practice
from bot.domain.errors import TooLate
from bot.domain.pathway import Pathway
from bot.domain.people import Person
from bot.domain.risk import RATING_WORDS
from bot.storage.tables import AgendaItemRow, MeetingRow
from bot.storage.transaction import Begin, Work
from bot.usecases.hold import STATUSES
from bot.usecases.present import counts_quorum, quorum_now
from bot.usecases.record import HOW_HEARD
from bot.views.meeting import Minutes, MinutesAction, MinutesAgency, MinutesCase, MinutesDecision


def read_minutes(begin: Begin, practice: Practice, meeting_id: str, *, by: Person, now: datetime) -> Minutes:
    """The minutes, for somebody who may read them; each reading is an audit row of every case in them."""
    with begin() as work:
        meeting = work.meetings.opened(meeting_id, by, "meeting.read", now)
        if meeting.started_at is None:
            raise TooLate("There are no minutes yet: the meeting has not started.")
        for item in work.meetings.agenda(meeting.id):
            work.audit.write(
                stream=work.cases.row(item.case_id).ref,
                actor=by.id,
                verb="minutes.read",
                thing=f"meeting:{meeting.id}",
                facts={},
                at=now,
            )
        return minutes_of(work, practice, meeting.id)


def minutes_of(work: Work, practice: Practice, meeting_id: str) -> Minutes:
    """The minutes as they stand, for the program's own use: `render.text("minutes/minutes.md", view=…)` writes them."""
    row = work.meetings.row(meeting_id)
    pathway = practice.pathways[row.pathway]
    quorum = quorum_now(work, practice, row)
    return Minutes(
        id=row.id,
        area=practice.area.name,
        pathway=pathway.title,
        stage=pathway.stage(row.stage).title,
        state=row.state,
        starts_at=row.starts_at,
        started_at=row.started_at,
        concluded_at=row.concluded_at,
        chair=_name(work, row.chair_id),
        minute_taker=_name(work, row.minute_taker_id),
        confidentiality=pathway.texts.get("confidentiality", ""),
        agencies=_agencies(work, row),
        quorate=quorum.quorate,
        counts_quorum=counts_quorum(row),
        needed=quorum.needed,
        present=quorum.counted,
        override_reason=row.override_reason or "",
        cases=tuple(
            _case(work, pathway, row, item, number)
            for number, item in enumerate(work.meetings.agenda(row.id), start=1)
        ),
        drill=row.drill,
    )


def _name(work: Work, person_id: str | None) -> str:
    return work.register.person(person_id).name if person_id else ""


def _agencies(work: Work, meeting: MeetingRow) -> tuple[MinutesAgency, ...]:
    return tuple(
        sorted(
            (
                MinutesAgency(
                    agency=work.register.agency(row.agency_id).name,
                    status=STATUSES[row.status],
                    person=_name(work, row.person_id),
                    information=row.information,
                )
                for row in work.meetings.attendance(meeting.id)
            ),
            key=lambda line: line.agency,
        )
    )


def _case(work: Work, pathway: Pathway, meeting: MeetingRow, item: AgendaItemRow, number: int) -> MinutesCase:
    voice = work.cases.voice(item.case_id, meeting.id)
    prompts = {prompt.id: prompt.text for prompt in pathway.prompts}
    return MinutesCase(
        ref=work.cases.row(item.case_id).ref,
        number=number,
        heard=item.started_at is not None,
        started_at=item.started_at,
        ended_at=item.ended_at,
        voice_how=HOW_HEARD[voice.how] if voice else "",
        views=voice.views if voice else "",
        outcomes=voice.outcomes if voice else "",
        why_not=voice.why_not if voice else "",
        prompts=tuple(prompts[id] for id in item.prompts if id in prompts),
        decisions=_decisions(work, pathway, meeting, item),
        actions=_actions(work, pathway, meeting, item),
        rating=RATING_WORDS.get(item.rating or "", ""),
        mitigated=item.mitigated,
        review_on=item.review_on,
        review_why=item.review_why,
    )


def _decisions(
    work: Work, pathway: Pathway, meeting: MeetingRow, item: AgendaItemRow
) -> tuple[MinutesDecision, ...]:
    kinds = {choice.id: choice.label for choice in pathway.decisions}
    laws = {choice.id: choice.label for choice in pathway.laws}
    return tuple(
        MinutesDecision(
            kind=kinds.get(row.kind, row.kind),
            text=row.text,
            reasons=row.reasons,
            options=row.options,
            support=row.support,
            laws=tuple(laws.get(law, law) for law in row.law),
            dissent=row.dissent,
            by=_name(work, row.by_id),
            review_on=row.review_on,
        )
        for row in work.cases.decisions(item.case_id)
        if row.meeting_id == meeting.id
    )


def _actions(
    work: Work, pathway: Pathway, meeting: MeetingRow, item: AgendaItemRow
) -> tuple[MinutesAction, ...]:
    categories = {choice.id: choice.label for choice in pathway.actions.categories}
    return tuple(
        MinutesAction(
            ref=row.ref,
            category=categories.get(row.category, row.category),
            detail=row.detail,
            agency=work.register.agency(row.agency_id).name,
            owner=_name(work, row.owner_id),
            due=row.due,
            review_on=row.review_on,
        )
        for row in work.plans.of_case(item.case_id)
        if row.meeting_id == meeting.id
    )
