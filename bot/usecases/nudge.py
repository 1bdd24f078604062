"""Look for nudges that have come due, decide whom each reaches, and group them by person and day (T05, T14, T17).

Nothing is scheduled per action: what is due is an indexed look, so a restart, a moved deadline or a second
replica needs no bookkeeping (design.md rule 11). Every nudge is a row: planned, sent, failed, or skipped and why.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlmodel import col, update

from bot.domain.actions import Action
from bot.domain.area import Practice
from bot.domain.nudges import Climb, Ladder, Step, day_out, instant, moment_out
from bot.domain.recipients import Holders, recipients
from bot.storage.plans import action_of, digest_key
from bot.storage.tables import ActionRow, NudgeRow, ReferralRow
from bot.storage.transaction import Begin, Work
from bot.usecases.owed import show
from bot.usecases.plan_changes import ladder_of
from bot.usecases.roster import Roster

LOOSE = 1000  # nudges grouped in one transaction


@dataclass(frozen=True, kw_only=True)
class Swept:
    """What one look did; `more` says that another should follow at once."""

    looked: int
    planned: int
    digests: int
    more: bool


def nudge(begin: Begin, practice: Practice, now: datetime, limit: int = 100) -> Swept:
    """Plan what has come due, up to `limit` actions and referrals; once nothing more is due, group it.

    Idempotent: whatever was planned or sent before is not planned again. A missed week costs one nudge, not five:
    the lower steps are recorded as overtaken.
    """
    with begin() as work:
        actions = work.plans.due_for_nudge(now, limit)
        referrals = work.referrals.waiting(now, limit)
        sweep = _Sweep(work, practice, now)
        for row in actions:
            sweep.action(row)
        for waiting in referrals:
            sweep.referral(waiting)
        more = limit in (len(actions), len(referrals))
        digests = 0 if more else sweep.group()
        return Swept(
            looked=len(actions) + len(referrals),
            planned=sweep.planned,
            digests=digests,
            more=more or sweep.full,
        )


class _Sweep:
    """One transaction's worth of looking."""

    def __init__(self, work: Work, practice: Practice, now: datetime) -> None:
        self.work, self.practice, self.now = work, practice, now
        self.today = practice.today(now)
        area = practice.area
        self.day = day_out(now, practice.days(), area.zone, area.opens, area.shuts)
        self.planned = 0
        self.full = False
        self._people: Roster | None = None

    @property
    def roster(self) -> Roster:
        """Read at the first need: an idle look does not read the register."""
        if self._people is None:
            self._people = Roster(self.work, self.practice)
        return self._people

    def action(self, row: ActionRow) -> None:
        """Climb one action's ladder to today."""
        action, case = action_of(row), self.work.cases.row(row.case_id)
        ladder = ladder_of(self.practice, case, action)
        climb = ladder.climb(action.nudged_on, self.today)
        if not self.work.plans.climbed(action, self.today, self._next(ladder)):
            return
        if not climb.now:
            return
        about = _About(id=action.id, action_id=action.id, due=action.due)
        told = self._write(about, climb, self.roster.of_action(row, case, self.day))
        if any(step.escalated for step in climb.now):
            self._escalated(action, climb, told, case.ref)
        show(self.work, "action_list", case.id, f"room:{case.pathway}", self.now)

    def referral(self, row: ReferralRow) -> None:
        """Climb the ladder of a triage that has not been decided (T05)."""
        pathway = self.practice.of(row)
        days = self.practice.pathway_days(pathway)
        ladder = Ladder(due=row.triage_due_on, rungs=pathway.triage.ladder, days=days)
        received = self.practice.today(row.received_at)
        noted = (
            update(ReferralRow)
            .where(
                col(ReferralRow.id) == row.id,
                col(ReferralRow.version) == row.version,
                col(ReferralRow.next_at) == row.next_at,
            )
            .values(nudged_on=self.today, next_at=self._next(ladder))
            .returning(col(ReferralRow.id))
        )
        climb = ladder.climb(row.nudged_on or received, self.today)
        if self.work.session.connection().execute(noted).first() is None or not climb.now:
            return
        about = _About(id=row.id, referral_id=row.id, due=row.triage_due_on)
        self._write(about, climb, self.roster.of_referral(row, self.day))

    def group(self) -> int:
        """Give every planned nudge to its person's one message of the day; how many messages are new."""
        loose = self.work.nudges.loose(LOOSE)
        self.full = len(loose) == LOOSE
        digests = 0
        by_person = sorted(loose, key=lambda row: (row.person_id or "", row.day))
        for person_id, rows in groupby(by_person, key=lambda row: row.person_id or ""):
            for earliest, of_day in groupby(rows, key=lambda row: max(row.day, self.day)):
                day, new = self._join(person_id, earliest)
                digests += new
                for row in of_day:
                    row.day, row.digest = day, digest_key(person_id, day)
        return digests

    def _join(self, person_id: str, day: date) -> tuple[date, bool]:
        """The first day from `day` on whose message has not been tried yet, and whether it is a new one."""
        area = self.practice.area
        while True:
            key = digest_key(person_id, day)
            new = self.work.outbox.put(
                key,
                "digest",
                {"person": person_id, "day": day},
                at=moment_out(day, self.now, area.zone, area.opens),
                lane="digest",
                destination=f"digest:{person_id}",
            )
            if new:
                return day, True
            before = self.work.outbox.by_key(key)
            # Once it was tried it may have arrived, so nothing more can join it.
            if before is not None and before.state == "owed" and before.attempts == 0:
                return day, False
            day = self.practice.days().shift(day, 1)

    def _next(self, ladder: Ladder) -> datetime:
        return instant(ladder.next_day(self.today), self.practice.area.zone)

    def _write(self, about: "_About", climb: Climb, holders: Holders) -> list[str]:
        everybody = []
        for step in climb.now:
            told, passed = recipients(step.to, holders)
            for each in told:
                row = self._row(about, step, each.person_id, each.role, each.why)
                self.planned += self._add(row, each.person_id, "planned")
                everybody.append(each.person_id)
            for over in passed:
                row = self._row(about, step, over.person_id, over.role, over.why)
                self._add(row, over.person_id or f"no-{over.role}", "skipped")
        for step in climb.overtaken:
            row = self._row(about, step, None, step.to[0], "overtaken by a later step")
            self._add(row, "overtaken", "skipped")
        return everybody

    def _row(self, about: "_About", step: Step, person_id: str | None, role: str, why: str) -> NudgeRow:
        return NudgeRow(
            id=f"nudge:{about.id}:{about.due}:{step.name}",
            action_id=about.action_id,
            referral_id=about.referral_id,
            due=about.due,
            rung=step.name,
            to_role=role,
            person_id=person_id,
            day=self.day,
            state="planned",
            why=why,
            at=self.now,
        )

    def _add(self, row: NudgeRow, whom: str, state: str) -> bool:
        row.id, row.state = f"{row.id}:{whom}", state
        return self.work.nudges.add(row)

    def _escalated(self, action: Action, climb: Climb, told: Iterable[str], ref: str) -> None:
        self.work.audit.write(
            stream=ref,
            actor="convenor",
            verb="action.escalated",
            thing=f"action:{action.id}",
            facts={"steps": [step.name for step in climb.now], "to": list(told), "due": action.due},
            at=self.now,
        )


@dataclass(frozen=True, kw_only=True)
class _About:
    """What a nudge is about."""

    id: str
    due: date
    action_id: str | None = None
    referral_id: str | None = None
