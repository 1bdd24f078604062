"""Looks at a meeting's quorum: what the answers promise, and whom to ring where they do not suffice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.area import Practice
from bot.domain.pathway import Quorum
from bot.domain.people import ROLE_TITLES, Agency, Role, type_said
from bot.domain.quorum import Outlook, Standing, outlook, standing
from bot.domain.states import MeetingState
from bot.storage.tables import InvitationRow, MeetingRow, PersonRow
from bot.storage.transaction import Work
from bot.usecases.present import THERE, counts_quorum, quorum_now
from bot.views.meeting import AgencyAnswer, AgencyToRing, QuorumCall, Ring

MOST_AGENCIES, MOST_PEOPLE = 10, 3
"""As many as somebody can ring in a morning, and as a message has room for."""

_BEST = ("accepted", "tentative", "none", "declined")
"""Of several answers of one agency, the best stands for it: any one of its people will do."""


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What the answers so far promise."""

    outlook: Outlook
    standing: Standing
    answers: tuple[AgencyAnswer, ...]


def expected(work: Work, practice: Practice, meeting: MeetingRow) -> Expected:
    """Each agency's answer, and whether the meeting will be quorate (calendar.md section 6)."""
    rule = practice.pathways[meeting.pathway].quorum
    asked = _asked(work, meeting)
    agencies = {id: work.register.agency(id) for id in asked}
    best = {id: best_of(rows) for id, rows in asked.items()}

    def with_answer(*answers: str) -> list[Agency]:
        return [agencies[id] for id, answer in best.items() if answer in answers]

    coming = with_answer("accepted", "tentative")
    names = work.register.rows(row.person_id for rows in asked.values() for row in rows)
    return Expected(
        outlook=outlook(rule, coming, with_answer("none")) if counts_quorum(meeting) else Outlook.QUORATE,
        standing=standing(rule, coming),
        answers=tuple(
            AgencyAnswer(
                agency=agencies[id].name,
                people=tuple(sorted(names[row.person_id].name for row in rows)),
                answer=best[id],
                required=any(row.required for row in rows),
                deputy=all(row.as_deputy for row in rows),
                way=_one_way(row.way for row in rows if row.answer == best[id]),
            )
            for id, rows in sorted(asked.items(), key=lambda each: agencies[each[0]].name)
        ),
    )


def best_of(rows: Iterable[InvitationRow]) -> str:
    """What an agency's several answers come to."""
    return min((row.answer for row in rows), key=_BEST.index)


def quorum_call(work: Work, practice: Practice, id: str, now: datetime) -> QuorumCall | None:
    """Which agencies are wanting, and whom to ring for each; nothing once there is a quorum, or the meeting is over."""
    meeting = work.meetings.row(id)
    if meeting.starts_at is None or meeting.state not in (MeetingState.INVITED, MeetingState.IN_PROGRESS):
        return None
    begun = meeting.state == MeetingState.IN_PROGRESS
    pathway = practice.pathways[meeting.pathway]
    stands, state = _standing(work, practice, meeting)
    if state == Outlook.QUORATE:
        return None
    asked = _asked(work, meeting)
    here = {row.agency_id: row.status for row in work.meetings.attendance(id)} if begun else {}
    wanting = {
        agency: here.get(agency, "") if begun else best_of(rows)
        for agency, rows in asked.items()
        if (here.get(agency) not in THERE if begun else best_of(rows) in ("none", "declined"))
    }
    order = sorted(
        (work.register.agency(each) for each in wanting),
        key=lambda each: (each.type not in stands.lacking, wanting[each.id] == "none", each.name),
    )
    return QuorumCall(
        id=meeting.id,
        stage=pathway.stage(meeting.stage).title,
        starts_at=meeting.starts_at,
        state=meeting.state,
        outlook="absent" if begun else state.value,
        coming=stands.counted,
        possible=len(asked) - list(wanting.values()).count("declined"),
        needed=stands.needed,
        nobody_asked=_nobody_asked(pathway.quorum, stands, [work.register.agency(each) for each in asked]),
        agencies=tuple(
            _to_ring(work, meeting, each, asked[each.id], wanting[each.id], each.type in stands.lacking)
            for each in order[:MOST_AGENCIES]
        ),
        drill=meeting.drill,
    )


def _standing(work: Work, practice: Practice, meeting: MeetingRow) -> tuple[Standing, Outlook]:
    if meeting.state == MeetingState.IN_PROGRESS:
        there = quorum_now(work, practice, meeting)
        return there, Outlook.QUORATE if there.quorate or not counts_quorum(meeting) else Outlook.AT_RISK
    seen = expected(work, practice, meeting)
    return seen.standing, seen.outlook


def _nobody_asked(rule: Quorum, stands: Standing, asked: Sequence[Agency]) -> tuple[str, ...]:
    """Types of agency without which there is no quorum, and of which none is asked at all."""
    types = {each.type for each in asked}
    return tuple(type_said(type) for type in stands.lacking if type not in types and type in rule.required)


def _to_ring(
    work: Work, meeting: MeetingRow, agency: Agency, rows: Sequence[InvitationRow], said: str, must: bool
) -> AgencyToRing:
    barred = work.meetings.thing(meeting).barred
    asked = work.register.rows(row.person_id for row in rows)
    stand_ins = work.register.rows(row.deputy_id for row in asked.values() if row.deputy_id)
    leads = work.register.rows(
        each.id for each in work.register.people(meeting.area, Role.AGENCY_LEAD, agency_id=agency.id)
    )
    deputies = [
        row for row in stand_ins.values() if row.id not in asked and row.active and row.id not in barred
    ]
    people = {
        row.id: row for row in (*asked.values(), *leads.values()) if row.active and row.id not in barred
    }
    return AgencyToRing(
        agency=agency.name,
        must=must,
        said=said,
        people=tuple(_ring(row) for row in list(people.values())[:MOST_PEOPLE]),
        deputies=tuple(_ring(row) for row in deputies[:MOST_PEOPLE]),
    )


def _ring(row: PersonRow) -> Ring:
    roles = [ROLE_TITLES[Role(each)] for each in row.roles if each in set(Role)]
    return Ring(name=row.name, role=row.title or (roles[0] if roles else ""), phone=row.phone)


def _asked(work: Work, meeting: MeetingRow) -> dict[str, list[InvitationRow]]:
    asked: dict[str, list[InvitationRow]] = {}
    for row in work.meetings.invitations(meeting.id):
        if row.speaks:
            asked.setdefault(row.agency_id, []).append(row)
    return asked


def _one_way(ways: Iterable[str]) -> str:
    found = set(ways)
    return found.pop() if len(found) == 1 else ""
