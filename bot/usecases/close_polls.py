"""The clock's part of asking for times: one reminder half-way, and the end at the deadline; it decides nothing."""

from datetime import datetime

from bot.domain.area import Practice
from bot.domain.nudges import is_quiet
from bot.storage.tables import SlotPollRow
from bot.storage.transaction import Begin, Work
from bot.usecases.owed import tell
from bot.usecases.polls import show_all


def close_polls(begin: Begin, practice: Practice, now: datetime) -> int:
    """Close what is past its deadline and remind whoever has not answered, once and in working time.

    How many people are reminded or told. Harmless to repeat; what was missed while nobody looked is made up for by
    one look, and of a poll that has closed meanwhile nobody is reminded.
    """
    with begin() as work:
        told = 0
        for poll in work.polls.due(practice.area.id, now):
            if poll.closes_at is not None and poll.closes_at <= now:
                told += _closed(work, poll, now)
            elif _at_work(practice, now):
                told += _chased(work, poll, now)
        return told


def _closed(work: Work, poll: SlotPollRow, now: datetime) -> int:
    """What was said still counts; whoever asked is told, unless they have heard that all have answered."""
    people = work.polls.people(poll.id)
    poll.ended, poll.ended_at = "deadline", now
    work.session.flush()
    show_all(work, poll, now)
    tell(work, "times_heard", poll.id, f"person:{poll.asked_by}", now)
    work.audit.write(
        stream=f"meeting:{poll.meeting_id}",
        actor="convenor",
        verb="times.closed",
        thing=f"meeting:{poll.meeting_id}",
        facts={"asked": len(people), "answered": sum(each.answered_at is not None for each in people)},
        at=now,
    )
    return 1


def _chased(work: Work, poll: SlotPollRow, now: datetime) -> int:
    silent = [each for each in work.polls.people(poll.id) if each.answered_at is None]
    poll.chased_at = now
    work.session.flush()
    for each in silent:
        tell(work, "times_chase", each.id, f"person:{each.person_id}", now)
    return len(silent)


def _at_work(practice: Practice, now: datetime) -> bool:
    area = practice.area
    quiet = is_quiet(now, area.zone, area.opens, area.shuts)
    return not quiet and practice.days().is_working(practice.today(now))
