"""What an invented year came to: deadlines met and missed, meetings held, reminders sent."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from bot.domain.pathway import Stage
from bot.domain.workdays import WorkingDays
from bot.simulation.cases import Clock, Held
from bot.simulation.outcome import ClockTold, MeetingsTold, NudgesTold, Tally


def clocks(known: Sequence[Clock], days: WorkingDays, last: date) -> list[ClockTold]:
    """Each kind of deadline: met, missed by how many working days at most, still running on the `last` day."""
    found = []
    for name, limit in dict.fromkeys((clock.name, clock.limit) for clock in known):
        mine = [clock for clock in known if (clock.name, clock.limit) == (name, limit)]
        late = [days.count(each.due, each.met or last) for each in mine if missed(each, last)]
        met = sum(each.met is not None and each.met <= each.due for each in mine)
        found.append(
            ClockTold(
                name=name,
                limit=limit,
                met=met,
                missed=len(late),
                running=len(mine) - met - len(late),
                worst=max(late, default=0),
            )
        )
    return found


def meetings(
    stages: Sequence[Stage], held: Mapping[str, Held], room: Mapping[str, int | None]
) -> list[MeetingsTold]:
    """Each stage's meetings; `room` is for how many cases a standing panel had minutes in all, None without one."""
    return [
        MeetingsTold(
            name=stage.title,
            held=told.held,
            cases=told.cases,
            available=stage.length,
            used=round(sum(told.minutes) / len(told.minutes), 1) if told.minutes else 0.0,
            most=max(told.minutes, default=0),
            over=told.over,
            no_quorum=told.no_quorum,
            adjourned=told.adjourned,
            lacking=dict(sorted(told.lacking.items())),
            wanted=told.wanted,
            room=room[stage.id],
        )
        for stage in stages
        for told in (held[stage.id],)
    ]


def nudges(tally: Tally) -> list[NudgesTold]:
    """Reminders by agency, the most reminded first."""
    weeks = 52
    found = []
    for agency in sorted({agency for agency, _, _ in tally.nudges}):
        mine = {key: n for key, n in tally.nudges.items() if key[0] == agency}
        by_week: Counter[date] = Counter()
        for (_, _, week), n in mine.items():
            by_week[week] += n
        busiest = max(by_week, key=lambda week: (by_week[week], -week.toordinal()))
        found.append(
            NudgesTold(
                agency=agency,
                total=sum(mine.values()),
                mean=round(sum(mine.values()) / weeks, 1),
                most=by_week[busiest],
                week=busiest,
                person=max(mine.values()),
            )
        )
    return sorted(found, key=lambda each: (-each.total, each.agency))


def missed(clock: Clock, last: date) -> bool:
    """Whether it was met late, or not at all by the `last` day."""
    return clock.due < (clock.met or last)
