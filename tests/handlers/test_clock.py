"""The clock only ticks: what is due is found again after any restart (design.md rule 11)."""

from datetime import timedelta

import pytest
from plan_builders import PRACTICE, add_action, an_action, at, settle
from sqlmodel import select

from bot.handlers.clock import Clock
from bot.running import Running
from bot.storage.ledger_tables import InboxEntry, OutboxRow
from bot.storage.tables import MeetingRow, NudgeRow, SlotPollPersonRow, SlotPollRow


@pytest.fixture
def running(sqlite_database):
    running = Running.on(sqlite_database.url)
    settle(running.begin)
    yield running
    running.close()


def planned(running):
    with running.begin() as work:
        rows = work.session.exec(select(NudgeRow).where(NudgeRow.state == "planned"))
        return sorted((row.rung, row.person_id) for row in rows)


async def test_it_catches_up_at_the_start_and_then_ticks(running):
    an_action(running.begin, state="accepted")
    clock = Clock(running.run, PRACTICE, lambda: at("2026-04-07", "09:00"))
    await clock.start()
    assert planned(running) == [("due+1", "helen")]
    jobs = {
        job.id: (job.coalesce, job.max_instances, job.misfire_grace_time)
        for job in clock._scheduler.get_jobs()
    }
    assert jobs == dict.fromkeys(("sweep", "carry", "tidy"), (True, 1, None))
    clock.stop()


async def test_a_move_of_the_clock_is_followed_by_hand(running):
    an_action(running.begin, state="accepted")
    now, woken = at("2026-03-30", "09:05"), []
    clock = Clock(running.run, PRACTICE, lambda: now, wake=lambda: woken.append(now))
    assert await clock.sweep() == 0
    now = at("2026-03-31", "09:05")
    assert await clock.sweep() == 1
    assert woken == [now]


@pytest.mark.parametrize("fails", ["daybreak", "opening", "close_polls"])
async def test_a_days_round_that_fails_keeps_nobody_from_being_nudged(running, fails):
    """Nothing open is ever forgotten, whatever is wrong with panels or polls (design rule 8)."""
    an_action(running.begin, state="accepted")

    async def run(usecase, *args):
        if usecase.__name__ == fails:
            raise LookupError(fails)
        return await running.run(usecase, *args)

    clock = Clock(run, PRACTICE, lambda: at("2026-04-07", "09:00"))
    with pytest.raises(LookupError, match=fails):
        await clock.sweep()
    assert planned(running) == [("due+1", "helen")]


async def test_a_crowd_of_due_actions_is_swept_in_turns_and_grouped_once(running):
    with running.begin() as work:
        for _ in range(250):
            add_action(work, state="accepted")
    clock = Clock(running.run, PRACTICE, lambda: at("2026-04-02", "09:00"))
    assert await clock.sweep() == 250
    with running.begin() as work:
        digests = list(work.session.exec(select(OutboxRow).where(OutboxRow.errand == "digest")))
    assert [row.key for row in digests] == ["digest:helen:2026-04-02"]


async def test_tidying_forgets_old_commands_and_old_edits_only(running):
    long_ago, lately = at("2026-01-05"), at("2026-03-30")
    with running.begin() as work:
        for key, moment in (("old", long_ago), ("new", lately)):
            work.inbox.remember(key, "x", at=moment)
            for errand in ("show", "tell", "digest"):
                work.outbox.put(f"{errand}:{key}", errand, {}, at=moment)
        for row in work.session.exec(select(OutboxRow)):
            row.state, row.settled_at = "sent", row.queued_at
    await Clock(running.run, PRACTICE, lambda: at("2026-04-02")).tidy()
    with running.begin() as work:
        assert [entry.key for entry in work.session.exec(select(InboxEntry))] == ["new"]
        assert {row.key for row in work.session.exec(select(OutboxRow))} == {
            "show:new",
            "tell:old",
            "tell:new",
            "digest:old",
            "digest:new",
        }


async def test_asking_for_times_is_closed_by_the_sweep_and_the_courier_is_woken(running):
    asked_at, closes = at("2026-04-01", "09:00"), at("2026-04-02", "12:00")
    with running.begin() as work:
        meeting = MeetingRow(
            id="m-1",
            area=PRACTICE.area.id,
            pathway="care-connect-marm",
            stage="panel",
            kind="panel",
            state="planned",
            uid="m-1@aldermere.example",
            created_by="cora",
            created_at=asked_at,
        )
        work.session.add(meeting)
        work.session.flush()
        poll = SlotPollRow(
            id="p-1",
            meeting_id="m-1",
            drawn_at=asked_at,
            asked_by="cora",
            asked_at=asked_at,
            closes_at=closes,
            chase_at=closes,
        )
        work.session.add(poll)
        work.session.flush()
        work.session.add(SlotPollPersonRow(id="asked", poll_id="p-1", person_id="helen"))
    now, woken = closes - timedelta(minutes=1), []
    clock = Clock(running.run, PRACTICE, lambda: now, wake=lambda: woken.append(now))
    await clock.sweep()
    assert woken == []
    now = closes
    assert await clock.sweep() == 0  # no nudge
    assert woken == [closes]
    with running.begin() as work:
        assert work.polls.row("p-1").ended == "deadline"


async def test_accounts_are_looked_at_well_within_the_hour_in_which_a_leaver_has_to_lose_access(running):
    """IG-24: half an hour would do; there are four looks in each."""

    async def look():
        return 0

    clock = Clock(running.run, PRACTICE, lambda: at("2026-04-07", "09:00"), look_at_accounts=look)
    await clock.start()
    [job] = [job for job in clock._scheduler.get_jobs() if job.id == "accounts"]
    assert job.trigger.interval <= timedelta(minutes=30)
    clock.stop()
