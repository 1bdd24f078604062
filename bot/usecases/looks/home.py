"""A look at everything that one person should see when they open the app (design.md section 4)."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from bot.domain.access import Thing, may
from bot.domain.area import Practice
from bot.domain.people import ROLE_TITLES, Person, Role
from bot.storage.tables import InvitationRow, MeetingRow
from bot.storage.transaction import Work
from bot.usecases.looks.actions import own_actions
from bot.usecases.looks.board import board
from bot.usecases.looks.cases import cases_for
from bot.usecases.looks.contacts import register_duties
from bot.usecases.looks.polls import times_waiting
from bot.usecases.looks.referrals import drafts_of, own_referrals, waiting_referrals
from bot.usecases.looks.standing import standing_for
from bot.views.home import DeadLetter, Delayed, Home, MeetingLine

PATIENCE = timedelta(minutes=30)
"""How long a message may be tried before a coordinator's Home says that it is held up."""


def home(work: Work, practice: Practice, person_id: str, now: datetime) -> Home:
    """The Home of a person as it is now."""
    by = work.register.person(person_id)
    area = practice.area
    here = Thing(area=area.id)
    coordinates = may(by, "ledger.retry", here)
    return Home(
        name=by.name,
        area=area.name,
        role=", ".join(ROLE_TITLES[role] for role in Role if role in by.roles),
        drill=area.drill,
        today=now,
        may_refer=may(by, "referral.create", here),
        may_advise=may(by, "advice.log", here),
        owed=own_actions(work, practice, by.id, now),
        drafts=drafts_of(work, practice, by),
        asked=times_waiting(work, practice, by.id, now),
        meetings=_meetings(work, practice, by, now),
        waiting=waiting_referrals(work, practice, by, now) if by.has(Role.TRIAGE) else (),
        referrals=own_referrals(work, practice, by, now),
        cases=cases_for(work, practice, by, now) if may(by, "case.list", here) and not coordinates else (),
        board=board(work, practice, by, now) if coordinates else None,
        standing=standing_for(work, practice, by, now),
        register=register_duties(work, practice, by, now),
        dead=_dead(work) if coordinates else (),
        delayed=_delayed(work, now) if coordinates else None,
    )


def _meetings(work: Work, practice: Practice, by: Person, now: datetime) -> tuple[MeetingLine, ...]:
    rows = work.session.exec(
        select(MeetingRow, InvitationRow)
        .join(InvitationRow, col(InvitationRow.meeting_id) == col(MeetingRow.id))
        .where(
            InvitationRow.person_id == by.id,
            col(InvitationRow.withdrawn).is_(False),
            col(MeetingRow.state).in_(["invited", "in_progress"]),
            col(MeetingRow.ends_at) > now,
        )
        .order_by(col(MeetingRow.starts_at))
    )
    lines = []
    for meeting, invitation in rows:
        pathway = practice.pathways[meeting.pathway]
        titles = {stage.id: stage.title for stage in pathway.stages}
        cases = work.cases.rows([item.case_id for item in work.meetings.agenda(meeting.id)])
        assert meeting.starts_at is not None
        assert meeting.ends_at is not None
        lines.append(
            MeetingLine(
                id=meeting.id,
                title=titles.get(meeting.stage, meeting.stage),
                starts_at=meeting.starts_at,
                ends_at=meeting.ends_at,
                answer=invitation.answer,
                refs=tuple(sorted(case.ref for case in cases.values())),
            )
        )
    return tuple(lines)


def _delayed(work: Work, now: datetime) -> Delayed | None:
    number, first = work.outbox.delayed(now - PATIENCE)
    if first is None or first.first_tried_at is None:
        return None
    return Delayed(number=number, since=first.first_tried_at, reason=first.last_error or "")


def _dead(work: Work) -> tuple[DeadLetter, ...]:
    """What could not be delivered, the newest first: which kind, and the courier's safe reason."""
    return tuple(
        DeadLetter(
            id=row.id, what=row.errand, reason=row.last_error or "", at=row.settled_at or row.queued_at
        )
        for row in work.outbox.dead_letters(10)
    )
