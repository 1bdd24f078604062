"""The real use cases lived through at random on a real database: the promises of the ladder hold throughout."""

from collections import Counter
from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from plan_builders import DAYS, PRACTICE, add_action, at, on, person, settle
from sqlmodel import select

from bot.domain.errors import Refused
from bot.storage.audit import verify
from bot.storage.ledger_tables import OutboxRow
from bot.storage.tables import ActionRow, NudgeRow
from bot.usecases import answer, rule
from bot.usecases.digest import TooEarly, prepare
from bot.usecases.digest import settle as settle_digest
from bot.usecases.leave import clear_leave, set_leave
from bot.usecases.looks.actions import next_step_of
from bot.usecases.nudge import nudge
from bot.usecases.snooze import snooze

LONDON = ZoneInfo("Europe/London")


class History:
    """Four actions, their people, a courier that is sometimes down, and a clock that only goes forward."""

    def __init__(self, begin, seed):
        self.begin, self.random, self.now = begin, Random(seed), at("2026-03-02", "09:30")
        settle(begin)
        with begin() as work:
            owners = (("helen", "housing"), ("helen", "housing"), ("pete", "police"), ("chai", "council"))
            self.ids = [
                add_action(work, owner_id=owner, agency_id=agency, due=on(due)).id
                for (owner, agency), due in zip(
                    owners, ("2026-03-12", "2026-04-02", "2026-03-20", "2026-03-09"), strict=True
                )
            ]
        self.people = {id: person(begin, id) for id in ("helen", "dev", "lena", "pete", "chai", "cora", "bo")}
        self.messages = Counter()
        self.leaves = {}

    @property
    def today(self):
        return self.now.astimezone(LONDON).date()

    def step(self):
        moves = (self.time_passes, self.morning, self.sweep, self.carry, self.answers, self.leave)
        self.random.choices(moves, (3, 4, 3, 2, 5, 1))[0]()

    def time_passes(self):
        self.now += timedelta(hours=self.random.choice((1, 5, 24, 48, 24 * 9)))

    def morning(self):
        self.now = at((self.today + timedelta(days=1)).isoformat(), "09:05")
        self.sweep()
        self.carry()

    def sweep(self):
        while nudge(self.begin, PRACTICE, self.now, 3).more:
            pass

    def carry(self):
        with self.begin() as work:
            query = select(OutboxRow.key).where(
                OutboxRow.errand == "digest", OutboxRow.state == "owed", OutboxRow.not_before <= self.now
            )
            keys = list(work.session.exec(query))
        for key in keys:
            _, who, day = key.split(":")
            digest = prepare(self.begin, PRACTICE, who, on(day), self.now)
            if isinstance(digest, TooEarly):
                continue
            with self.begin() as work:
                if digest is not None:
                    assert all(work.plans.row(item.action.id).state != "closed" for item in digest.items)
                    settle_digest(work, who, on(day), sent=True)
                    self.messages[who, self.today] += 1
                    assert DAYS.is_working(self.today)
                    assert 9 <= self.now.astimezone(LONDON).hour < 17
                work.outbox.by_key(key).state = "sent"

    def answers(self):
        id = self.random.choice(self.ids)
        with self.begin() as work:
            row = work.plans.row(id)
        by = self.people[row.owner_id]
        with_, chai = {"by": by, "now": self.now}, {"by": self.people["chai"], "now": self.now}
        until = DAYS.shift(max(self.today, row.due), self.random.randrange(1, 12))
        takers = [each for each in ("helen", "dev", "pete", "lena") if each != row.owner_id]
        moves = (
            lambda: answer.accept(self.begin, PRACTICE, id, **with_),
            lambda: answer.done(self.begin, PRACTICE, id, **with_),
            lambda: answer.cannot(self.begin, PRACTICE, id, "not_done_by_agency", "We cannot", **with_),
            lambda: answer.more_time(self.begin, PRACTICE, id, until, "More time please", **with_),
            lambda: answer.pass_on(self.begin, PRACTICE, id, self.random.choice(takers), **with_),
            lambda: snooze(self.begin, PRACTICE, id, **with_),
            lambda: rule.grant(self.begin, PRACTICE, id, **chai),
            lambda: rule.keep_date(self.begin, PRACTICE, id, **chai),
            lambda: rule.insist(self.begin, PRACTICE, id, "Still needed", **chai),
            lambda: rule.end(self.begin, PRACTICE, id, "superseded", "See another", **chai),
            lambda: answer.reopen(self.begin, PRACTICE, id, **chai),
        )
        try:
            self.random.choices(moves, (6, 1, 2, 3, 2, 3, 2, 2, 2, 1, 4))[0]()
        except Refused:
            return

    def leave(self):
        who = self.random.choice(sorted(self.people))
        if who in self.leaves:
            clear_leave(self.begin, PRACTICE, self.leaves.pop(who), by=self.people[who], now=self.now)
            return
        last = self.today + timedelta(days=self.random.randrange(1, 10))
        self.leaves[who] = set_leave(
            self.begin, PRACTICE, self.today, last, by=self.people[who], now=self.now
        ).id

    def check(self):
        assert set(self.messages.values()) <= {1}  # never more than one a person a day
        with self.begin() as work:
            for row in work.session.exec(select(ActionRow)):
                step = next_step_of(work, PRACTICE, row, self.now)
                if row.state == "closed":
                    assert step is None
                    assert row.next_at is None
                else:
                    assert step.people
                    assert step.on >= self.today
                    assert row.next_at is not None


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_a_history_lived_through_keeps_every_promise(sqlite_begin, seed):
    history = History(sqlite_begin, seed)
    for _ in range(60):
        history.step()
        history.check()
    with history.begin() as work:
        assert verify(work.session) == []
        states = Counter(row.state for row in work.session.exec(select(NudgeRow)))
    assert states["sent"] > 0
