"""The ladder by itself: days, roles, and never a day without a next step (T14, T17; design.md rule 8)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.actions import CHAIRS_ENDINGS, Action, ActionState, Outcome
from bot.domain.errors import Refused
from bot.domain.nudges import Ladder, Plain, after_quiet, day_out, instant, is_quiet, moment_out
from bot.domain.recipients import CLIMB, Holders, Passed, Told, recipients
from bot.domain.workdays import WorkingDays

DAYS = WorkingDays("england-and-wales")
T17 = (
    Plain(offset=-2, to=("owner",)),
    Plain(offset=0, to=("owner",)),
    Plain(offset=1, to=("owner",)),
    Plain(offset=3, to=("deputy", "agency_lead")),
    Plain(offset=5, to=("chair",)),
    Plain(offset=10, to=("board",)),
)
OPENS, SHUTS, ZONE = time(9), time(17), "Europe/London"


def ladder(due="2026-04-02", **but):
    return Ladder(due=date.fromisoformat(due), rungs=T17, days=DAYS, **but)


def days_of(steps):
    return [(step.name, f"{step.day:%a %d %b}", step.to) for step in steps]


def test_the_ladder_around_easter_2026():
    """model.md 9.3: due Thu 2 Apr: Wed 1, Tue 7, Thu 9 and Mon 13 April."""
    rungs = [Plain(offset=offset, to=("owner",)) for offset in (-1, 1, 3, 5)]
    easter = Ladder(due=date(2026, 4, 2), rungs=rungs, days=DAYS)
    days = [step.day for step in easter.steps(date(2026, 4, 9))]
    assert days == [date(2026, 4, 1), date(2026, 4, 7), date(2026, 4, 9), date(2026, 4, 13)]


def test_the_shipped_ladder_and_its_knocks():
    assert days_of(ladder().steps(date(2026, 4, 27))) == [
        ("due-2", "Tue 31 Mar", ("owner",)),
        ("due+0", "Thu 02 Apr", ("owner",)),
        ("due+1", "Tue 07 Apr", ("owner",)),
        ("due+3", "Thu 09 Apr", ("deputy", "agency_lead")),
        ("due+5", "Mon 13 Apr", ("chair",)),
        ("due+10", "Mon 20 Apr", ("board",)),
        ("top+1", "Mon 27 Apr", ("board", "owner")),
        ("top+2", "Tue 05 May", ("board", "owner")),
    ]


def test_a_missed_week_is_one_step_and_the_others_are_named():
    climb = ladder().climb(date(2026, 3, 30), date(2026, 4, 13))
    assert [step.name for step in climb.now] == ["due+5"]
    assert [step.name for step in climb.overtaken] == ["due-2", "due+0", "due+1", "due+3"]


def test_what_waits_to_be_accepted_is_asked_about_first():
    waiting = ladder(asked=date(2026, 3, 2))
    assert days_of(waiting.steps(date(2026, 3, 2)))[:2] == [
        ("accept@0302+0", "Tue 03 Mar", ("owner",)),
        ("accept@0302+2", "Thu 05 Mar", ("deputy", "agency_lead")),
    ]


def test_a_deadline_on_a_day_nobody_works_is_told_of_before():
    steps = ladder("2026-04-04").steps(date(2026, 4, 1))  # Easter Saturday
    assert ("due+0", "Thu 02 Apr", ("owner",)) in days_of(steps)


def test_a_snooze_replaces_the_owners_steps_and_no_others():
    snoozed = ladder(snoozed_until=date(2026, 4, 9))
    assert [step.name for step in snoozed.reached(date(2026, 3, 30), date(2026, 4, 13))] == [
        "snoozed@0409",
        "due+3",
        "due+5",
    ]


def test_once_declined_only_the_decision_is_chased():
    declined = ladder(decide=date(2026, 3, 9), declined=True)
    assert [(step.day, step.to) for step in declined.steps(date(2026, 3, 16))] == [
        (date(2026, 3, 10), ("chair",)),
        (date(2026, 3, 12), ("chair", "coordinator")),
        (date(2026, 3, 16), ("board",)),
        (date(2026, 3, 23), ("board",)),
    ]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-31T08:00", "2026-03-31"),
        ("2026-03-31T09:00", "2026-03-31"),
        ("2026-03-31T16:59", "2026-03-31"),
        ("2026-03-31T17:00", "2026-04-01"),
        ("2026-04-02T17:00", "2026-04-07"),
        ("2026-04-04T12:00", "2026-04-07"),
    ],
)
def test_a_message_leaves_on_the_first_working_day_with_hours_left(moment, day):
    """The clocks have gone forward two days before; times are London's."""
    local = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(ZONE))
    out = day_out(local.astimezone(UTC), DAYS, ZONE, OPENS, SHUTS)
    assert out == date.fromisoformat(day)
    assert not is_quiet(moment_out(out, local.astimezone(UTC), ZONE, OPENS), ZONE, OPENS, SHUTS)


def test_the_hour_is_londons_summer_and_winter():
    assert instant(date(2026, 3, 27)) == datetime(2026, 3, 27, 9, tzinfo=UTC)
    assert instant(date(2026, 3, 30)) == datetime(2026, 3, 30, 8, tzinfo=UTC)
    assert after_quiet(datetime(2026, 3, 28, 20, tzinfo=UTC), ZONE, OPENS, SHUTS) == datetime(
        2026, 3, 29, 8, tzinfo=UTC
    )


EVERYBODY = {
    "owner": ["helen"],
    "deputy": ["dev"],
    "agency_lead": ["lena"],
    "chair": ["chai"],
    "coordinator": ["cora"],
    "board": ["bo"],
    "triage": ["tess", "tom"],
}


def test_each_role_reaches_its_holder():
    told, passed = recipients(("deputy", "agency_lead"), Holders(by_role=EVERYBODY))
    assert [each.person_id for each in told] == ["dev", "lena"]
    assert passed == []


def test_a_team_is_told_together():
    told, _ = recipients(("triage",), Holders(by_role=EVERYBODY))
    assert [each.person_id for each in told] == ["tess", "tom"]
    told, _ = recipients(("triage",), Holders(by_role=EVERYBODY, away=frozenset({"tess", "tom"})))
    assert [each.person_id for each in told] == ["cora"]


def test_whoever_is_away_is_named_with_who_heard_instead():
    told, passed = recipients(("owner",), Holders(by_role=EVERYBODY, away=frozenset({"helen", "dev"})))
    assert told == [Told(person_id="lena", role="agency_lead", why="in place of the owner")]
    assert passed == [
        Passed(person_id="helen", role="owner", why="on leave, sent to the agency lead"),
        Passed(person_id="dev", role="deputy", why="on leave, sent to the agency lead"),
    ]


def test_an_escalation_never_comes_back_to_the_owner():
    holders = Holders(by_role={**EVERYBODY, "deputy": ["helen"], "agency_lead": ["helen"]})
    told, _ = recipients(("deputy", "agency_lead"), holders)
    assert [each.person_id for each in told] == ["chai"]


people = st.sampled_from(["helen", "dev", "lena", "chai", "cora", "bo"])


@given(
    to=st.lists(st.sampled_from(CLIMB), min_size=1, max_size=3, unique=True),
    by_role=st.dictionaries(st.sampled_from(CLIMB), st.lists(people, max_size=2, unique=True)),
    away=st.frozensets(people),
)
@settings(max_examples=500, deadline=None)
def test_somebody_is_told_as_long_as_there_is_anybody(to, by_role, away):
    told, passed = recipients(to, Holders(by_role=by_role, away=away))
    reachable = {id for role in CLIMB for id in by_role.get(role, ())}
    assert bool(told) == bool(reachable)
    assert len({each.person_id for each in told}) == len(told)
    assert not {each.person_id for each in told} & {each.person_id for each in passed}


@dataclass(frozen=True)
class Waiting:
    """A nudge on its way to a person."""

    person_id: str
    day: date
    due: date
    owner_id: str


class Town:
    """One action, its people and their messages, lived through in memory with the rules alone."""

    def __init__(self, random: Random) -> None:
        self.random = random
        start = date(2026, 1, 5) + timedelta(days=random.randrange(700))
        self.now = datetime.combine(start, time(random.randrange(24), 10), UTC)
        self.action = Action(
            id="a",
            ref="CV-7K4QMX/1",
            case_id="c",
            category="visit",
            agency_id="housing",
            owner_id="helen",
            due=DAYS.shift(start, random.randrange(1, 30)),
            review_on=start,
            assigned_on=start,
            nudged_on=start,
        )
        self.away: frozenset[str] = frozenset()
        self.waiting: list[Waiting] = []
        self.sent: dict[tuple[str, date], int] = {}

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(ZONE)).date()

    @property
    def ladder(self) -> Ladder:
        return self.action.ladder(T17, DAYS)

    @property
    def holders(self) -> Holders:
        return Holders(by_role={**EVERYBODY, "owner": [self.action.owner_id]}, away=self.away)

    def time_passes(self) -> None:
        hours = self.random.choice((1, 3, 8, 24, 24, 72, 24 * 8))
        self.now += timedelta(hours=hours)

    def leave_changes(self) -> None:
        self.away = frozenset(self.random.sample(["helen", "dev", "lena", "chai", "cora", "bo"], 2))

    def sweep(self) -> None:
        if not self.action.open:
            return
        climb = self.ladder.climb(self.action.nudged_on, self.today)
        assert len({step.day for step in climb.now}) <= 1  # a missed week costs one nudge
        day = day_out(self.now, DAYS, ZONE, OPENS, SHUTS)
        reached = [each.person_id for step in climb.now for each in recipients(step.to, self.holders)[0]]
        for person_id in dict.fromkeys(reached):
            while (person_id, day) in self.sent:
                day = DAYS.shift(day, 1)
            self.waiting.append(Waiting(person_id, day, self.action.due, self.action.owner_id))
        self._replace(nudged_on=self.today)

    def courier(self) -> None:
        """Sends what is for today, inside hours; what missed its day joins the next."""
        if is_quiet(self.now, ZONE, OPENS, SHUTS) or not DAYS.is_working(self.today):
            return
        mine = [each for each in self.waiting if each.day <= self.today]
        self.waiting = [each for each in self.waiting if each.day > self.today]
        for person_id in dict.fromkeys(each.person_id for each in mine):
            if (person_id, self.today) in self.sent:
                self.waiting += [
                    Waiting(person_id, DAYS.shift(self.today, 1), each.due, each.owner_id)
                    for each in mine
                    if each.person_id == person_id
                ]
                continue
            true = [each for each in mine if each.person_id == person_id and each.due == self.action.due]
            if self.action.open and true:
                self.sent[person_id, self.today] = 1

    def answer(self) -> None:
        action, today = self.action, self.today
        until = DAYS.shift(max(today, action.due), self.random.randrange(1, 12))
        answers = (
            lambda: action.accept(),
            lambda: action.done(),
            lambda: action.cannot(
                self.random.choice((Outcome.NOT_DONE, Outcome.CIRCUMSTANCES_CHANGED)), today
            ),
            lambda: action.more_time(until, today, working_days=DAYS.count(action.due, until), limit=5),
            lambda: action.grant(today),
            lambda: action.refuse_time(),
            lambda: action.insist(today),
            lambda: action.pass_on(self.random.choice(("helen", "dev", "pete")), "housing", today),
            lambda: action.snooze(DAYS.shift(today, 2)),
            lambda: action.end(self.random.choice(CHAIRS_ENDINGS)),
            lambda: action.reopen(today),
        )
        weights = (6, 1, 1, 4, 3, 3, 3, 3, 4, 1, 4)
        try:
            self.action = self.random.choices(answers, weights)[0]()
        except Refused:
            return

    def _replace(self, **but) -> None:
        self.action = Action(**{**vars(self.action), **but})

    def check(self) -> None:
        if not self.action.open:
            assert self.action.outcome is not None
            return
        step = self.ladder.next_step(self.action.nudged_on)
        assert step.day > self.action.nudged_on
        told, _ = recipients(step.to, self.holders)
        assert told
        assert DAYS.is_working(step.day)
        assert all(DAYS.is_working(day) for _, day in self.sent)
        if self.action.state is ActionState.DECLINED:
            assert self.action.owner_id not in {each.person_id for each in told} or step.escalated


@pytest.mark.parametrize("first", [0, pytest.param(2_000, marks=pytest.mark.long)])
def test_in_four_thousand_histories_no_open_action_is_without_a_next_step(first):
    """anchors.md section 4, idea 3: answers, snoozes, leave, clock moves and outages in any order."""
    for seed in range(first, first + 2_000):
        live_through(seed)


def live_through(seed: int) -> None:
    """One history; nothing of it is shrunk, so a plain seed says as much as a strategy and costs less."""
    town = Town(Random(seed))
    town.check()
    for _ in range(town.random.randint(1, 25)):
        before = dict(town.sent)
        was_open = town.action.open
        move = town.random.choices(
            (town.time_passes, town.sweep, town.courier, town.answer, town.leave_changes), (5, 4, 4, 3, 1)
        )[0]
        move()
        if not was_open and not town.action.open:
            assert town.sent == before  # nothing goes out after done, withdrawn or closed
        town.check()
