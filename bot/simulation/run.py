"""A year of invented cases, day by day, under the real rules of a pathway.

Working days, deadlines, ladders, recipients, panels' dates, cut-offs, the quorum, the review rule and the states are
those of `bot.domain`; only what people do is drawn, each from a stream of its own, so that a seed gives the same year
and a changed number changes no more than it must. No database, no clock.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import takewhile
from math import log
from random import Random
from zoneinfo import ZoneInfo

from bot.domain.actions import Action, ActionState, Outcome
from bot.domain.area import Area
from bot.domain.nudges import Ladder, Step
from bot.domain.pathway import Pathway, Stage
from bot.domain.quorum import standing
from bot.domain.recipients import Holders, recipients
from bot.domain.recurrence import dates, list_closes_on
from bot.domain.risk import RATINGS, still_at_risk
from bot.domain.states import CASE, CaseState
from bot.domain.workdays import Length, Unit, WorkingDays
from bot.pathways.doubts import doubts
from bot.pathways.plainyaml import dotted
from bot.pathways.readback import length_words
from bot.simulation.behaviour import Behaviour
from bot.simulation.outcome import ClockTold, MeetingsTold, NudgesTold, Tally, Year
from bot.simulation.people import People, stream

LONDON = ZoneInfo("Europe/London")
NUDGE, DO, MEET, LATE = range(4)
"""What comes first on a day."""
A_CASE = 20
"""Minutes of a case where neither the stage nor the agenda says."""
HEARING = "to be heard"


@dataclass
class _Clock:
    name: str
    limit: str
    due: date
    met: date | None = None


@dataclass
class _Case:
    number: int
    received: datetime
    state: str = CaseState.OPEN
    rating: str | None = None
    counts_from: datetime | None = None
    open_actions: int = 0
    review_on: date | None = None
    waits: str = ""
    since: date | None = None
    agencies: set[str] = field(default_factory=set)
    clocks: dict[str, _Clock] = field(default_factory=dict)
    panels_left: list[Stage] = field(default_factory=list)

    def move(self, event: str) -> None:
        self.state = CASE.after(self.state, event)


@dataclass
class _Meeting:
    stage: Stage
    day: date
    cases: list[_Case] = field(default_factory=list)


@dataclass
class _Held:
    held: int = 0
    minutes: list[int] = field(default_factory=list)
    cases: int = 0
    over: int = 0
    no_quorum: int = 0
    adjourned: int = 0
    lacking: Counter[str] = field(default_factory=Counter)
    wanted: int = 0


def simulate(
    pathway: Pathway,
    *,
    area: Area | None = None,
    behaviour: Behaviour | None = None,
    year: int = 2027,
    seed: int = 1,
    cases: int = 370,
) -> Year:
    """A calendar year with so many referrals. `area` gives closure days and, where the pathway has none, the nation.

    The same arguments give the same year. A pathway that passed the reader raises nothing.
    """
    return _Year(pathway, area, behaviour or Behaviour(), year, seed).run(cases)


class _Year:
    def __init__(
        self, pathway: Pathway, area: Area | None, behaviour: Behaviour, year: int, seed: int
    ) -> None:
        self.pathway, self.behaviour, self.seed, self.year = pathway, behaviour, seed, year
        nation = pathway.nation or (area.nation if area else "england-and-wales")
        self.days = WorkingDays(nation, area.closures if area else ())
        self.people = People(pathway, seed, behaviour.away, behaviour.seldom_there)
        self.last = date(year, 12, 31)
        self.today = date(year, 1, 1)
        self.queue: list[tuple[date, int, int, Callable[[], None]]] = []
        self.order = 0
        self.clocks: list[_Clock] = []
        self.cases: list[_Case] = []
        self.meetings: dict[str, list[_Meeting]] = {stage.id: [] for stage in pathway.stages}
        self.held: dict[str, _Held] = {stage.id: _Held() for stage in pathway.stages}
        self.tally = Tally()
        self.accepted = 0
        self.fixed = sum(part.minutes for part in pathway.agenda if not part.per_case)
        self.per_case = sum(part.minutes for part in pathway.agenda if part.per_case)
        self.dead: Counter[str] = Counter()

    # The year

    def run(self, cases: int) -> Year:
        """All of it."""
        self._standing_panels()
        for number in range(cases):
            self._referral(_Case(number=number, received=self._received(number)))
        for month in range(1, 13):
            end = date(self.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            self._on(end, LATE, self._month)
        while self.queue:
            self.today, _, _, do = heappop(self.queue)
            do()
        return self._told(cases)

    def _on(self, day: date, order: int, do: Callable[[], None]) -> None:
        """Do it on that day, where the year still has it."""
        if day <= self.last:
            self.order += 1
            heappush(self.queue, (max(day, self.today), order, self.order, do))

    def _month(self) -> None:
        self.tally.months.append(sum(case.waits == HEARING for case in self.cases))

    def _draw(self, *what: object) -> Random:
        return stream(self.seed, *what)

    def _late_by(self, draw: Random) -> int:
        """Working days, 1 or more, most often few."""
        mean = max(self.behaviour.days_late, 1.0)
        return 1 + int(-log(1 - draw.random()) * (mean - 0.5))

    def _clock(self, name: str, limit: Length, due: date) -> _Clock:
        clock = _Clock(name, length_words(limit), due)
        self.clocks.append(clock)
        return clock

    # Referral and triage

    def _received(self, number: int) -> datetime:
        draw = self._draw("receipt", number)
        day = date(self.year, 1, 1) + timedelta(
            days=draw.randrange((self.last - date(self.year, 1, 1)).days + 1)
        )
        if (day.weekday() > 4) != (draw.random() < self.behaviour.at_weekends):
            day += timedelta(days=(5 - day.weekday()) if day.weekday() < 5 else -2)
        day = min(max(day, date(self.year, 1, 1)), self.last)
        return datetime.combine(day, time(draw.randint(8, 18), draw.randint(0, 59)), LONDON).astimezone(UTC)

    def _referral(self, case: _Case) -> None:
        self.cases.append(case)
        received = case.received.astimezone(LONDON).date()
        self._on(received, DO, lambda: self._triage(case, received))

    def _triage(self, case: _Case, received: date) -> None:
        rule, draw = self.pathway.triage, self._draw("triage", case.number)
        urgent = rule.same_day_if is not None and draw.random() < self.behaviour.urgent
        limit = Length(0, Unit.SAME_DAY) if urgent else rule.due
        due = limit.deadline(case.received, self.days, self.pathway.clock).day
        clock = self._clock("Triage, the same day" if urgent else "Triage", limit, due)
        if draw.random() < self.behaviour.triage_late:
            decided = self.days.shift(due, self._late_by(draw))
        else:
            span = max(0, self.days.count(received, due))
            decided = min(due, self.days.shift(received, draw.randint(0, span))) if span else due
            decided = max(decided, received)
        if draw.random() < self.behaviour.asked_for_more:
            decided = self.days.shift(decided, draw.randint(1, 3))
        decided = self.days.next(decided)
        self._waits(case, "for triage")
        ladder = Ladder(due=due, rungs=rule.ladder, days=self.days)
        self._knock(
            lambda: clock.met is None, lambda: ladder, received, lambda: self.people.triage(self.today)
        )
        accepted = draw.random() < self.behaviour.accepted
        self._on(decided, DO, lambda: self._decided(case, clock, accepted))

    def _decided(self, case: _Case, clock: _Clock, accepted: bool) -> None:
        clock.met = self.today
        if not accepted:
            self._waits(case, "")
            case.state = CaseState.CLOSED
            return
        self.accepted += 1
        at = datetime.combine(self.today, time(12), LONDON).astimezone(UTC)
        case.counts_from = case.received if self.pathway.clock.start == "received" else at
        self._waits(case, HEARING)
        case.panels_left = [stage for stage in self.pathway.stages if stage.kind == "panel"]
        for stage in self.pathway.stages:
            if stage.kind == "discussion":
                self._stage_clock(case, stage)
                self._seek(case, stage)
        self._next_panel(case)

    # Meetings

    def _stage_clock(self, case: _Case, stage: Stage) -> None:
        called_for = self._draw("due_if", case.number, stage.id).random() < self.behaviour.urgent
        if stage.due_if is not None and not called_for:
            return  # its answers do not call for the clock
        if stage.due is not None and case.counts_from is not None:
            due = stage.due.deadline(case.counts_from, self.days, self.pathway.clock).day
            case.clocks[stage.id] = self._clock(stage.title, stage.due, due)

    def _next_panel(self, case: _Case) -> None:
        stage = case.panels_left.pop(0)
        self._stage_clock(case, stage)
        self._seek(case, stage)

    def _standing_panels(self) -> None:
        for stage in self.pathway.stages:
            if stage.recurs is not None:
                days = takewhile(
                    lambda day: day <= self.last, dates(stage.recurs, date(self.year, 1, 1), self.days)
                )
                for day in days:
                    self._called(stage, day)

    def _called(self, stage: Stage, day: date) -> _Meeting:
        meeting = _Meeting(stage, day)
        self.meetings[stage.id].append(meeting)
        self._on(day, MEET, lambda: self._hold(meeting))
        return meeting

    def _room(self, stage: Stage) -> int:
        """How many cases a meeting of that stage has minutes for."""
        if not stage.many_cases:
            return 1
        return max(0, (stage.length - self.fixed) // self._minutes(stage))

    def _minutes(self, stage: Stage) -> int:
        return stage.minutes_per_case or self.per_case or A_CASE

    def _seek(self, case: _Case, stage: Stage) -> None:
        """Put the case on the first meeting that still takes it; call one where none does and the stage allows it."""
        self.held[stage.id].wanted += 1
        if self._room(stage) < 1:
            self.dead[f"{stage.title}: no meeting has minutes for a case"] += 1
            self._waits(case, f"for {stage.title}, which has no minutes for a case")
            return
        began = self.days.day_zero(case.counts_from or case.received, self.pathway.clock)
        clock = case.clocks.get(stage.id)
        limit = clock.due if clock is not None and clock.met is None else None
        ahead = [each for each in self.meetings[stage.id] if each.day > self.today]
        missed = False
        for meeting in sorted(ahead, key=lambda each: each.day):
            closes = list_closes_on(stage, meeting.day, self.days)
            if closes is not None and began > closes:
                missed = True
                continue
            if len(meeting.cases) < self._room(stage) and self._suits(stage, meeting, limit):
                self._list(case, meeting)
                break
        else:
            if stage.recurs is None:
                self._list(case, self._called(stage, self._own_day(case, stage, limit)))
            else:
                self._waits(case, HEARING)  # every panel of this year that takes it is full: next year's
        self.tally.too_late += missed

    def _suits(self, stage: Stage, meeting: _Meeting, limit: date | None) -> bool:
        return stage.recurs is not None or (stage.many_cases and (limit is None or meeting.day <= limit))

    def _own_day(self, case: _Case, stage: Stage, limit: date | None) -> date:
        draw = self._draw("day", case.number, stage.id, self.today)
        lead = max(stage.agenda_out_wd or 0, stage.list_closes_wd or 0, self.behaviour.notice)
        if limit is not None and stage.kind == "discussion":
            lead = min(lead, 1)  # a discussion is a telephone call
        earliest = self.days.shift(self.today, max(1, lead))
        limit = limit or self.days.shift(earliest, 2 * self.behaviour.notice)
        if draw.random() < self.behaviour.no_common_time or earliest > limit:
            return max(earliest, self.days.shift(limit, self._late_by(draw)))
        return self.days.shift(earliest, draw.randint(0, max(0, self.days.count(earliest, limit))))

    def _list(self, case: _Case, meeting: _Meeting) -> None:
        meeting.cases.append(case)
        if meeting.stage.kind != "discussion" and CASE.allows(case.state, "list"):
            case.move("list")

    def _hold(self, meeting: _Meeting) -> None:
        stage, told = meeting.stage, self.held[meeting.stage.id]
        if not meeting.cases:
            return  # a panel without cases is called off
        draw = self._draw("held", stage.id, meeting.day, meeting.cases[0].number)
        there = [each for each in self.people.agencies if draw.random() < self._comes(each.id)]
        found = standing(self.pathway.quorum, there)
        told.held += 1
        if stage.kind != "discussion" and not found.quorate:
            told.no_quorum += 1
            told.lacking.update(found.lacking or ("too few agencies",))
            if self.pathway.quorum.on_fail == "adjourn":
                told.adjourned += 1
                told.minutes.append(0)
                told.wanted -= len(meeting.cases)
                for case in meeting.cases:
                    if CASE.allows(case.state, "unlist"):
                        case.move("unlist")
                    self._seek(case, stage)
                return
        minutes = self._minutes(stage) * len(meeting.cases) + self.fixed if stage.many_cases else stage.length
        told.minutes.append(minutes)
        told.over += minutes > stage.length
        told.cases += len(meeting.cases)
        for case in meeting.cases:
            self._heard(case, stage, [each.id for each in there] or [self.people.agencies[0].id])

    def _comes(self, agency: str) -> float:
        if agency in self.people.seldom:
            return self.behaviour.seldom_come
        return (
            self.behaviour.required_come if agency in self.people.required else self.behaviour.optional_come
        )

    def _heard(self, case: _Case, stage: Stage, there: list[str]) -> None:
        clock = case.clocks.pop(stage.id, None)
        if clock is not None:
            clock.met = self.today
        if stage.kind == "discussion":
            if CASE.allows(case.state, "hold_discussion"):
                case.move("hold_discussion")
            return
        reviewed = case.state == CaseState.IN_REVIEW
        draw = self._draw("heard", case.number, stage.id, self.today)
        before, case.rating = case.rating, self._rating(case, reviewed, draw)
        case.move("hear")
        mitigated = draw.random() < self.behaviour.risk_falls
        rule = self.pathway.review
        risky = reviewed and still_at_risk(rule, before, case.rating, mitigated)
        case.review_on = rule.due.after(self.today, self.days) if risky else None
        self._agree(case, there, draw, again=reviewed)
        if risky and rule.then == "relist":
            case.move("relist")
            self._waits(case, HEARING)
            panels = [each for each in self.pathway.stages if each.kind == "panel"]
            case.clocks[panels[-1].id] = self._clock(
                "Back to the panel", rule.due, case.review_on or self.today
            )
            self._seek(case, panels[-1])
            return
        case.move("agree_plan")
        self._waits(case, "for actions and reviews")
        if not reviewed and case.panels_left:
            self._waits(case, HEARING)
            self._next_panel(case)
            return
        if risky or (not reviewed and draw.random() < self.behaviour.reviewed):
            due = rule.due.after(self.today, self.days)
            case.review_on = due
            case.clocks["review"] = self._clock("Review", rule.due, due)
            early = self.days.shift(due, -3 * self.behaviour.notice)
            self._on(max(early, self.days.shift(self.today, 1)), DO, lambda: self._review(case))
        self._perhaps_close(case)

    def _rating(self, case: _Case, reviewed: bool, draw: Random) -> str:
        if not reviewed or case.rating is None:
            return draw.choice(("high", "very_high", "medium"))
        at = RATINGS.index(case.rating)
        return RATINGS[max(0, at - 1)] if draw.random() < self.behaviour.risk_falls else case.rating

    def _review(self, case: _Case) -> None:
        stage = self.pathway.review_stage
        if stage is None:
            self.dead["Review: no stage of kind review, so the panel looks at plans again"] += 1
            stage = [each for each in self.pathway.stages if each.kind == "panel"][-1]
        clock = case.clocks.pop("review", None)
        if clock is not None:
            case.clocks[stage.id] = clock
        case.review_on = None
        if CASE.allows(case.state, "list"):
            self._seek(case, stage)

    # Actions

    def _agree(self, case: _Case, there: list[str], draw: Random, *, again: bool) -> None:
        most = max(1, self.behaviour.actions_each)
        for number in range(draw.randint(0 if again else 1, 1 if again else most)):
            agency = draw.choice(there)
            case.agencies.add(agency)
            due = self.days.shift(self.today, draw.randint(5, max(5, self.behaviour.action_days)))
            action = Action(
                id=f"{case.number}/{self.today}/{number}", ref="", case_id="", category="", agency_id=agency,
                owner_id=self.people.owner(agency, draw), due=due, review_on=due, assigned_on=self.today,
                nudged_on=self.today,
            )  # fmt: skip
            case.open_actions += 1
            _Doing(self, case, action).begin()

    def _nudged(self, steps: tuple[Step, ...], holders: Holders) -> None:
        day = self.days.next(self.today)
        monday = day - timedelta(days=day.weekday())
        for step in steps:
            for told in recipients(step.to, holders)[0]:
                agency = told.person_id.partition(":")[0]
                self.tally.nudges[agency, told.person_id, monday] += 1

    def _knock(
        self,
        still: Callable[[], bool],
        ladder: Callable[[], Ladder],
        after: date,
        holders: Callable[[], Holders],
    ) -> None:
        """Climb the ladder on each day that it names, for as long as the thing is open."""

        def climb() -> None:
            if still():
                self._nudged(ladder().climb(after, self.today).now, holders())
                self._knock(still, ladder, self.today, holders)

        self._on(ladder().next_day(after), NUDGE, climb)

    # Closure

    def _perhaps_close(self, case: _Case) -> None:
        if case.open_actions or case.review_on or not CASE.allows(case.state, "propose_close"):
            return
        if case.state == CaseState.IN_REVIEW:
            return  # it is on the list of a review
        case.move("propose_close")
        draw = self._draw("closing", case.number, self.today)
        self._waits(case, "to be closed")
        agencies = sorted(case.agencies) if self.pathway.closure.all_agencies else []
        answers = [(draw.random() < self.behaviour.objects, draw.randint(0, 5)) for _ in agencies]
        day = self.days.shift(self.today, 1 + max((wait for _, wait in answers), default=0))
        if any(objects for objects, _ in answers):
            self._on(day, DO, lambda: self._objected(case))
        else:
            self._on(self.days.shift(day, draw.randint(0, 4)), DO, lambda: self._closed(case))

    def _objected(self, case: _Case) -> None:
        case.move("object")
        self._waits(case, "for actions and reviews")
        self._on(self.days.shift(self.today, 20), DO, lambda: self._perhaps_close(case))

    def _closed(self, case: _Case) -> None:
        case.move("close")
        self._waits(case, "")

    def _waits(self, case: _Case, why: str) -> None:
        case.waits, case.since = why, self.today

    # What it came to

    def _told(self, referrals: int) -> Year:
        waiting = Counter(case.waits for case in self.cases if case.waits)
        return Year(
            pathway=self.pathway.id,
            version=self.pathway.version,
            title=self.pathway.title,
            year=self.year,
            seed=self.seed,
            nation=self.days.nation,
            behaviour=dict(vars(self.behaviour)),
            referrals=referrals,
            accepted=self.accepted,
            closed=sum(
                case.state == CaseState.CLOSED and case.counts_from is not None for case in self.cases
            ),
            clocks=tuple(self._clocks()),
            meetings=tuple(self._meetings()),
            nudges=tuple(self._nudges()),
            waiting=dict(sorted(waiting.items())),
            months=tuple(self.tally.months),
            too_late_for_list=self.tally.too_late,
            dead_ends=(
                *(f"{dotted(path)}: {why}" for path, why in doubts(self.pathway)),
                *(f"{why} ({n} times)" for why, n in sorted(self.dead.items())),
            ),
        )

    def _clocks(self) -> list[ClockTold]:
        found = []
        for name, limit in dict.fromkeys((clock.name, clock.limit) for clock in self.clocks):
            mine = [clock for clock in self.clocks if (clock.name, clock.limit) == (name, limit)]
            late = [
                self.days.count(each.due, each.met or self.last) for each in mine if _missed(each, self.last)
            ]
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

    def _meetings(self) -> list[MeetingsTold]:
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
                room=self._room(stage) * len(self.meetings[stage.id]) if stage.recurs else None,
            )
            for stage in self.pathway.stages
            for told in (self.held[stage.id],)
        ]

    def _nudges(self) -> list[NudgesTold]:
        weeks = 52
        found = []
        for agency in sorted({agency for agency, _, _ in self.tally.nudges}):
            mine = {key: n for key, n in self.tally.nudges.items() if key[0] == agency}
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


class _Doing:
    """One action from the meeting that agreed it to its end, by the states of `bot.domain.actions`."""

    def __init__(self, year: _Year, case: _Case, action: Action) -> None:
        self.year, self.case, self.action = year, case, action
        self.draw = year._draw("action", action.id)
        within = year.pathway.actions.acknowledge_within
        self.within = max(1, within.n) if within.unit is Unit.WD else 1
        at = datetime.combine(action.assigned_on, time(12), LONDON).astimezone(UTC)
        self.accepting = year._clock(
            "Action accepted", within, within.after(at, year.days).astimezone(LONDON).date()
        )
        self.doing = _Clock("Action done", "its own date", action.due)
        year.clocks.append(self.doing)

    def begin(self) -> None:
        """Everything that will happen to it, and its ladder."""
        year, how, draw = self.year, self.year.behaviour, self.draw
        days, action = year.days, self.action
        year._knock(
            lambda: self.action.open,
            lambda: self.action.ladder(year.pathway.ladder, days, self.within),
            action.assigned_on,
            lambda: year.people.holders(self.action.owner_id, year.today),
        )
        due = self.accepting.due
        answered = days.shift(due, year._late_by(draw)) if draw.random() < how.answers_late else due
        year._on(answered, DO, self._accept)
        fate = draw.random()
        if fate < how.cannot:
            year._on(days.shift(action.due, -2), DO, self._cannot)
        elif fate < how.cannot + how.more_time:
            year._on(days.shift(action.due, -1), DO, self._more_time)
        elif draw.random() < how.action_late:
            year._on(days.shift(action.due, year._late_by(draw)), DO, self._done)
        else:
            span = max(0, days.count(answered, action.due))
            year._on(max(answered, days.shift(action.due, -draw.randint(0, span // 2))), DO, self._done)

    def _accept(self) -> None:
        if self.action.state is ActionState.ASSIGNED:
            self.action = self.action.accept()
        self._answered()

    def _answered(self) -> None:
        self.accepting.met = self.accepting.met or self.year.today

    def _done(self) -> None:
        if self.action.open:
            self._end(self.action.done())

    def _end(self, ended: Action) -> None:
        self.action = ended
        self._answered()
        self.doing.met, self.doing.due = self.year.today, ended.due
        self.case.open_actions -= 1
        self.year._perhaps_close(self.case)

    def _cannot(self) -> None:
        if not self.action.open:
            return
        if self.draw.random() < 0.5:
            self._end(self.action.cannot(Outcome.CIRCUMSTANCES_CHANGED, self.year.today))
            return
        self.action = self.action.cannot(Outcome.NOT_DONE, self.year.today)
        self._answered()
        self.year._on(self.year.days.shift(self.year.today, self.draw.randint(1, 5)), DO, self._chair_ends)

    def _chair_ends(self) -> None:
        self._end(self.action.end(Outcome.WITHDRAWN))

    def _more_time(self) -> None:
        if not self.action.open:
            return
        year, limit = self.year, self.year.pathway.actions.extension_limit_wd
        wanted = self.draw.randint(1, 2 * max(1, limit))
        base = max(self.action.due, year.today)
        until = year.days.shift(base, wanted)
        asked = year.days.count(self.action.due, until)
        self.action = self.action.more_time(until, year.today, working_days=asked, limit=limit)
        self.doing.due = self.action.due
        if self.action.with_chair:
            year._on(year.days.shift(year.today, self.draw.randint(1, 5)), DO, self._granted)
        year._on(year.days.shift(until, self.draw.choice((-1, 0, 0, 2))), DO, self._done)

    def _granted(self) -> None:
        if self.action.with_chair and self.action.open:
            self.action = self.action.grant(self.year.today)
            self.doing.due = self.action.due


def _missed(clock: _Clock, last: date) -> bool:
    return clock.due < (clock.met or last)
