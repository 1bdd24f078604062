"""A year of invented cases, day by day, under the real rules of a pathway.

Working days, deadlines, ladders, recipients, panels' dates, cut-offs, the quorum, the review rule and the states are
those of `bot.domain`; only what people do is drawn, each from a stream of its own, so that a seed gives the same year
and a changed number changes no more than it must. No database, no clock.
"""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import takewhile
from random import Random

from bot.domain.actions import Action
from bot.domain.area import Area
from bot.domain.nudges import Ladder
from bot.domain.pathway import Pathway, Stage
from bot.domain.quorum import standing
from bot.domain.recurrence import dates, list_closes_on
from bot.domain.risk import RATINGS, still_at_risk
from bot.domain.states import CASE, CaseState
from bot.domain.workdays import Length, Unit
from bot.pathways.doubts import doubts
from bot.pathways.plainyaml import dotted
from bot.simulation import sums
from bot.simulation.behaviour import Behaviour
from bot.simulation.cases import Clock, Held, InventedCase, InventedMeeting
from bot.simulation.doing import LONDON, Doing
from bot.simulation.outcome import Year
from bot.simulation.span import DO, LATE, MEET, Span

A_CASE = 20
"""Minutes of a case where neither the stage nor the agenda says."""
HEARING = "to be heard"


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


class _Year(Span):
    def __init__(
        self, pathway: Pathway, area: Area | None, behaviour: Behaviour, year: int, seed: int
    ) -> None:
        super().__init__(pathway, area, behaviour, year, seed)
        self.cases: list[InventedCase] = []
        self.meetings: dict[str, list[InventedMeeting]] = {stage.id: [] for stage in pathway.stages}
        self.held: dict[str, Held] = {stage.id: Held() for stage in pathway.stages}
        self.accepted = 0
        self.fixed = sum(part.minutes for part in pathway.agenda if not part.per_case)
        self.per_case = sum(part.minutes for part in pathway.agenda if part.per_case)
        self.dead: Counter[str] = Counter()

    # The year

    def run(self, cases: int) -> Year:
        """All of it."""
        self._standing_panels()
        for number in range(cases):
            self._referral(InventedCase(number=number, received=self._received(number)))
        for month in range(1, 13):
            end = date(self.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            self.on(end, LATE, self._month)
        self.pass_by()
        return self._told(cases)

    def _month(self) -> None:
        self.tally.months.append(sum(case.waits == HEARING for case in self.cases))

    # Referral and triage

    def _received(self, number: int) -> datetime:
        draw = self.draw("receipt", number)
        day = date(self.year, 1, 1) + timedelta(
            days=draw.randrange((self.last - date(self.year, 1, 1)).days + 1)
        )
        if (day.weekday() > 4) != (draw.random() < self.behaviour.at_weekends):
            day += timedelta(days=(5 - day.weekday()) if day.weekday() < 5 else -2)
        day = min(max(day, date(self.year, 1, 1)), self.last)
        return datetime.combine(day, time(draw.randint(8, 18), draw.randint(0, 59)), LONDON).astimezone(UTC)

    def _referral(self, case: InventedCase) -> None:
        self.cases.append(case)
        received = case.received.astimezone(LONDON).date()
        self.on(received, DO, lambda: self._triage(case, received))

    def _triage(self, case: InventedCase, received: date) -> None:
        rule, draw = self.pathway.triage, self.draw("triage", case.number)
        urgent = rule.same_day_if is not None and draw.random() < self.behaviour.urgent
        limit = Length(0, Unit.SAME_DAY) if urgent else rule.due
        due = limit.deadline(case.received, self.days, self.pathway.clock).day
        clock = self.clock("Triage, the same day" if urgent else "Triage", limit, due)
        if draw.random() < self.behaviour.triage_late:
            decided = self.days.shift(due, self.late_by(draw))
        else:
            span = max(0, self.days.count(received, due))
            decided = min(due, self.days.shift(received, draw.randint(0, span))) if span else due
            decided = max(decided, received)
        if draw.random() < self.behaviour.asked_for_more:
            decided = self.days.shift(decided, draw.randint(1, 3))
        decided = self.days.next(decided)
        self._waits(case, "for triage")
        ladder = Ladder(due=due, rungs=rule.ladder, days=self.days)
        self.knock(
            lambda: clock.met is None, lambda: ladder, received, lambda: self.people.triage(self.today)
        )
        accepted = draw.random() < self.behaviour.accepted
        self.on(decided, DO, lambda: self._decided(case, clock, accepted))

    def _decided(self, case: InventedCase, clock: Clock, accepted: bool) -> None:
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

    def _stage_clock(self, case: InventedCase, stage: Stage) -> None:
        called_for = self.draw("due_if", case.number, stage.id).random() < self.behaviour.urgent
        if stage.due_if is not None and not called_for:
            return  # its answers do not call for the clock
        if stage.due is not None and case.counts_from is not None:
            due = stage.due.deadline(case.counts_from, self.days, self.pathway.clock).day
            case.clocks[stage.id] = self.clock(stage.title, stage.due, due)

    def _next_panel(self, case: InventedCase) -> None:
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

    def _called(self, stage: Stage, day: date) -> InventedMeeting:
        meeting = InventedMeeting(stage, day)
        self.meetings[stage.id].append(meeting)
        self.on(day, MEET, lambda: self._hold(meeting))
        return meeting

    def _room(self, stage: Stage) -> int:
        """How many cases a meeting of that stage has minutes for."""
        if not stage.many_cases:
            return 1
        return max(0, (stage.length - self.fixed) // self._minutes(stage))

    def _minutes(self, stage: Stage) -> int:
        return stage.minutes_per_case or self.per_case or A_CASE

    def _seek(self, case: InventedCase, stage: Stage) -> None:
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

    def _suits(self, stage: Stage, meeting: InventedMeeting, limit: date | None) -> bool:
        return stage.recurs is not None or (stage.many_cases and (limit is None or meeting.day <= limit))

    def _own_day(self, case: InventedCase, stage: Stage, limit: date | None) -> date:
        draw = self.draw("day", case.number, stage.id, self.today)
        lead = max(stage.agenda_out_wd or 0, stage.list_closes_wd or 0, self.behaviour.notice)
        if limit is not None and stage.kind == "discussion":
            lead = min(lead, 1)  # a discussion is a telephone call
        earliest = self.days.shift(self.today, max(1, lead))
        limit = limit or self.days.shift(earliest, 2 * self.behaviour.notice)
        if draw.random() < self.behaviour.no_common_time or earliest > limit:
            return max(earliest, self.days.shift(limit, self.late_by(draw)))
        return self.days.shift(earliest, draw.randint(0, max(0, self.days.count(earliest, limit))))

    def _list(self, case: InventedCase, meeting: InventedMeeting) -> None:
        meeting.cases.append(case)
        if meeting.stage.kind != "discussion" and CASE.allows(case.state, "list"):
            case.move("list")

    def _hold(self, meeting: InventedMeeting) -> None:
        stage, told = meeting.stage, self.held[meeting.stage.id]
        if not meeting.cases:
            return  # a panel without cases is called off
        draw = self.draw("held", stage.id, meeting.day, meeting.cases[0].number)
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

    def _heard(self, case: InventedCase, stage: Stage, there: list[str]) -> None:
        clock = case.clocks.pop(stage.id, None)
        if clock is not None:
            clock.met = self.today
        if stage.kind == "discussion":
            if CASE.allows(case.state, "hold_discussion"):
                case.move("hold_discussion")
            return
        reviewed = case.state == CaseState.IN_REVIEW
        draw = self.draw("heard", case.number, stage.id, self.today)
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
            case.clocks[panels[-1].id] = self.clock(
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
            case.clocks["review"] = self.clock("Review", rule.due, due)
            early = self.days.shift(due, -3 * self.behaviour.notice)
            self.on(max(early, self.days.shift(self.today, 1)), DO, lambda: self._review(case))
        self._perhaps_close(case)

    def _rating(self, case: InventedCase, reviewed: bool, draw: Random) -> str:
        if not reviewed or case.rating is None:
            return draw.choice(("high", "very_high", "medium"))
        at = RATINGS.index(case.rating)
        return RATINGS[max(0, at - 1)] if draw.random() < self.behaviour.risk_falls else case.rating

    def _review(self, case: InventedCase) -> None:
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

    def _agree(self, case: InventedCase, there: list[str], draw: Random, *, again: bool) -> None:
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
            Doing(self, action, partial(self._ended, case)).begin()

    def _ended(self, case: InventedCase) -> None:
        case.open_actions -= 1
        self._perhaps_close(case)

    # Closure

    def _perhaps_close(self, case: InventedCase) -> None:
        if case.open_actions or case.review_on or not CASE.allows(case.state, "propose_close"):
            return
        if case.state == CaseState.IN_REVIEW:
            return  # it is on the list of a review
        case.move("propose_close")
        draw = self.draw("closing", case.number, self.today)
        self._waits(case, "to be closed")
        agencies = sorted(case.agencies) if self.pathway.closure.all_agencies else []
        answers = [(draw.random() < self.behaviour.objects, draw.randint(0, 5)) for _ in agencies]
        day = self.days.shift(self.today, 1 + max((wait for _, wait in answers), default=0))
        if any(objects for objects, _ in answers):
            self.on(day, DO, lambda: self._objected(case))
        else:
            self.on(self.days.shift(day, draw.randint(0, 4)), DO, lambda: self._closed(case))

    def _objected(self, case: InventedCase) -> None:
        case.move("object")
        self._waits(case, "for actions and reviews")
        self.on(self.days.shift(self.today, 20), DO, lambda: self._perhaps_close(case))

    def _closed(self, case: InventedCase) -> None:
        case.move("close")
        self._waits(case, "")

    def _waits(self, case: InventedCase, why: str) -> None:
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
            clocks=tuple(sums.clocks(self.clocks, self.days, self.last)),
            meetings=tuple(sums.meetings(self.pathway.stages, self.held, self._rooms())),
            nudges=tuple(sums.nudges(self.tally)),
            waiting=dict(sorted(waiting.items())),
            months=tuple(self.tally.months),
            too_late_for_list=self.tally.too_late,
            dead_ends=(
                *(f"{dotted(path)}: {why}" for path, why in doubts(self.pathway)),
                *(f"{why} ({n} times)" for why, n in sorted(self.dead.items())),
            ),
        )

    def _rooms(self) -> dict[str, int | None]:
        """For how many cases each stage's standing panels have minutes in all; None where it has none."""
        return {
            stage.id: self._room(stage) * len(self.meetings[stage.id]) if stage.recurs else None
            for stage in self.pathway.stages
        }
