"""Seed the drill: the twelve stories are lived through, working day by working day, up to this moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush

from sqlmodel import col, select

from bot.domain.area import Practice
from bot.drill.acts import Acts, Played
from bot.drill.past import carried_by, let_rest
from bot.drill.script import Calendar, Script, moment, read_script
from bot.storage.tables import CaseClockRow, DraftRow, ReferralRow
from bot.storage.transaction import Begin, Work
from bot.usecases.daybreak import daybreak
from bot.usecases.nudge import nudge

READY = time(9, 30)
"""By this time of a working day all of the day's seeded steps lie behind."""

SWEPT = time(9, 5)
"""When the nudges of each past working day were looked for."""

EVENING = time(16, 30)


def seed(begin: Begin, practice: Practice, now: datetime, *, script: Script | None = None) -> int:
    """Put the drill's cases into an empty store, all of them or none; how many. Not empty: 0, and nothing changes.

    The stories end on the last working day whose half past nine has gone by at `now`.
    """
    script = script or read_script()
    with begin() as work:
        if not _empty(work):
            return 0
        _live_through(_within(work), practice, script, now)
        let_rest(work, now)
        return len(script.stories)


def first_moment(practice: Practice, now: datetime) -> datetime:
    """When a new workspace's clock starts: now in working hours, else the next working morning.

    At night nobody is nudged and no office answers, so there would be little to see.
    """
    today = practice.today(now)
    working = practice.days().is_working(today) and now < moment(practice, today, EVENING)
    return max(now, moment(practice, today if working else practice.days().shift(today, 1), READY))


def _live_through(begin: Begin, practice: Practice, script: Script, now: datetime) -> None:
    """Every story's steps in the order of time, and between them what the program does by itself each morning."""
    today = _last_day(practice, now)
    calendar = Calendar(practice, today)
    acts = Acts(begin, practice, calendar, script)
    played = [Played(story=story) for story in script.stories]
    waiting: list[tuple[datetime, int, int]] = []

    def queue(number: int, step: int) -> None:
        steps = played[number].story.steps
        if step < len(steps):
            starts = acts.meeting_starts(played[number])
            heappush(waiting, (calendar.when(steps[step], starts), number, step))

    for number in range(len(played)):
        queue(number, 0)
    morning = practice.today(waiting[0][0])
    while waiting:
        when, number, step = heappop(waiting)
        while moment(practice, morning, SWEPT) <= when:
            _morning(begin, practice, morning, leave=morning == today)
            morning = practice.days().shift(morning, 1)
        acts.do(played[number], played[number].story.steps[step], when)
        queue(number, step + 1)
    while morning <= today:
        _morning(begin, practice, morning, leave=morning == today)
        morning = practice.days().shift(morning, 1)


def _morning(begin: Begin, practice: Practice, day: date, *, leave: bool = False) -> None:
    """The nudges of one working day; they count as received then, unless they are to `leave` now."""
    now = moment(practice, day, SWEPT)
    if _clock_runs(begin):
        daybreak(begin, practice, now)
    while (swept := nudge(begin, practice, now)).more:
        pass
    if swept.digests and not leave:
        carried_by(begin, practice, now + timedelta(minutes=1))


def _clock_runs(begin: Begin) -> bool:
    with begin() as work:
        query = select(CaseClockRow.id).where(col(CaseClockRow.met_at).is_(None)).limit(1)
        return work.session.exec(query).first() is not None


def _empty(work: Work) -> bool:
    return not any(work.session.exec(select(row).limit(1)).first() for row in (ReferralRow.id, DraftRow.id))


def _within(work: Work) -> Begin:
    """Use cases inside one transaction that is open already, each seeing what those before it have done."""

    @contextmanager
    def begin() -> Iterator[Work]:
        yield work
        work.session.flush()
        work.session.expire_all()  # some rows are changed by statements of their own

    return begin


def _last_day(practice: Practice, now: datetime) -> date:
    today = practice.today(now)
    if practice.days().is_working(today) and moment(practice, today, READY) <= now:
        return today
    return practice.days().shift(today, -1)
