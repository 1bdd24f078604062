"""The ladder at work: who hears on which day, once, in one message, and never nobody (T05, T14, T17; rule 8)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from plan_builders import PRACTICE, a_case, a_practice, add_action, an_action, at, bar, on, person, settle
from sqlmodel import select

from bot.storage.ledger_tables import OutboxRow
from bot.storage.tables import CaseClockRow, NudgeRow, ReferralRow
from bot.usecases import answer
from bot.usecases.daybreak import daybreak
from bot.usecases.digest import TooEarly, prepare
from bot.usecases.digest import settle as settle_digest
from bot.usecases.leave import clear_leave, set_leave
from bot.usecases.looks.actions import next_step_of
from bot.usecases.nudge import nudge
from bot.usecases.snooze import snooze


@pytest.fixture
def town(begin):
    settle(begin)
    return begin


def rows(begin, *states):
    with begin() as work:
        query = select(NudgeRow).order_by(NudgeRow.at, NudgeRow.id)
        return [row for row in work.session.exec(query) if not states or row.state in states]


def carry(begin, now, practice=PRACTICE):
    """What the courier does with the digests: prepares each that is owed, and settles it. Who got what."""
    with begin() as work:
        query = select(OutboxRow).where(OutboxRow.errand == "digest", OutboxRow.state == "owed")
        keys = [
            row.key for row in work.session.exec(query.order_by(OutboxRow.number)) if row.not_before <= now
        ]
    sent = []
    for key in keys:
        _, who, day = key.split(":")
        digest = prepare(begin, practice, who, on(day), now)
        if isinstance(digest, TooEarly):
            continue
        with begin() as work:
            work.outbox.by_key(key).state = "sent"
            if digest is not None:
                settle_digest(work, who, on(day), sent=True)
        if digest is not None:
            things = [item.action or item.referral or item.clock for item in digest.items]
            sent.append((who, [thing.ref for thing in things], [item.role for item in digest.items]))
    return sent


def sweep(begin, now, practice=PRACTICE):
    while nudge(begin, practice, now).more:
        pass
    return carry(begin, now, practice)


def who(sent):
    return {person_id for person_id, _, _ in sent}


EASTER = [
    ("2026-03-30", set()),
    ("2026-03-31", {"helen"}),  # two working days before
    ("2026-04-01", set()),
    ("2026-04-02", {"helen"}),  # Maundy Thursday, the day itself
    ("2026-04-03", set()),  # Good Friday
    ("2026-04-06", set()),  # Easter Monday
    ("2026-04-07", {"helen"}),
    ("2026-04-08", set()),
    ("2026-04-09", {"dev", "lena"}),
    ("2026-04-10", set()),
    ("2026-04-13", {"chai"}),
    ("2026-04-14", set()),
    ("2026-04-20", {"bo"}),
    ("2026-04-27", {"bo", "helen"}),  # and again every five working days, until somebody ends it
    ("2026-05-05", {"bo", "helen"}),  # the early May bank holiday lies between
]


def test_who_hears_as_easter_passes(town):
    """model.md 9.3: due Thu 2 Apr 2026: +1 is Tue 7, +3 Thu 9, +5 Mon 13 April."""
    an_action(town, state="accepted")
    heard = [(day, who(sweep(town, at(day, "09:01")))) for day, _ in EASTER]
    assert heard == EASTER


def test_looking_twice_nudges_once(town):
    an_action(town, state="accepted")
    assert who(sweep(town, at("2026-03-31", "09:00"))) == {"helen"}
    assert sweep(town, at("2026-03-31", "09:05")) == []
    assert len(rows(town, "sent")) == 1


def test_a_week_offline_costs_one_nudge_not_five(town):
    an_action(town, state="accepted")
    sent = sweep(town, at("2026-04-13", "09:30"))
    assert who(sent) == {"chai"}
    skipped = rows(town, "skipped")
    assert [row.rung for row in skipped] == ["due+0", "due+1", "due+3", "due-2"]
    assert {row.why for row in skipped} == {"overtaken by a later step"}


def test_an_action_nobody_accepts_is_asked_about_and_raised(town):
    """T14: one working day to accept, then the deputy and the lead two days on (P)."""
    an_action(town, made=at("2026-03-02"))
    assert who(sweep(town, at("2026-03-03", "09:00"))) == {"helen"}
    assert who(sweep(town, at("2026-03-04", "09:00"))) == set()
    assert who(sweep(town, at("2026-03-05", "09:00"))) == {"dev", "lena"}


def test_everything_due_is_one_message_a_person_a_day(town):
    with town() as work:
        for _ in range(7):
            add_action(work, state="accepted")
        a_case(work, "CV-3NGHJK")
        add_action(work, ref="CV-3NGHJK", state="accepted")
    [(person_id, refs, _)] = sweep(town, at("2026-04-02", "09:00"))
    assert (person_id, len(refs)) == ("helen", 8)


def test_the_longest_overdue_stands_on_top(town):
    with town() as work:
        for due in ("2026-04-02", "2026-03-26", "2026-03-31"):
            add_action(work, state="accepted", due=on(due))
    sweep(town, at("2026-03-25", "09:00"))
    nudge(town, PRACTICE, at("2026-04-01", "09:00"))
    digest = prepare(town, PRACTICE, "helen", on("2026-04-01"), at("2026-04-01", "09:01"))
    assert [(item.action.ref, item.action.overdue_by) for item in digest.items] == [
        ("CV-7K4QMX/3", 1),
        ("CV-7K4QMX/1", 0),
    ]
    digest = prepare(town, PRACTICE, "lena", on("2026-04-01"), at("2026-04-01", "09:01"))
    assert [item.action.ref for item in digest.items] == ["CV-7K4QMX/2"]


def test_what_arises_after_the_days_message_waits_for_the_next_working_day(town):
    an_action(town, state="accepted")
    assert who(sweep(town, at("2026-04-02", "09:00"))) == {"helen"}
    an_action(town, state="accepted", made=at("2026-03-31"), nudged_on=on("2026-03-31"))
    assert sweep(town, at("2026-04-02", "11:00")) == []
    [later] = rows(town, "planned")
    assert later.day == on("2026-04-07")
    [(person_id, refs, _)] = sweep(town, at("2026-04-07", "09:00"))
    assert (person_id, refs) == ("helen", ["CV-7K4QMX/1", "CV-7K4QMX/2"])


def test_nothing_leaves_in_quiet_hours(town):
    an_action(town, state="accepted")
    assert sweep(town, at("2026-04-02", "18:30")) == []
    [planned] = rows(town, "planned")
    assert planned.day == on("2026-04-07")
    assert sweep(town, at("2026-04-05", "10:00")) == []  # Easter Sunday
    assert isinstance(prepare(town, PRACTICE, "helen", on("2026-04-07"), at("2026-04-07", "07:00")), TooEarly)
    assert who(sweep(town, at("2026-04-07", "09:00"))) == {"helen"}


def test_a_message_that_could_not_leave_on_its_day_joins_the_next(town):
    """Never two on one day, whatever the courier had to wait for."""
    an_action(town, state="accepted")
    nudge(
        town, PRACTICE, at("2026-03-31", "09:00")
    )  # and the courier is down until the day after the deadline
    sent = carry(town, at("2026-04-07", "09:00"))
    assert sent == []
    assert sweep(town, at("2026-04-07", "09:01")) == [("helen", ["CV-7K4QMX/1"], ["owner"])]
    assert [row.rung for row in rows(town, "sent")] == ["due+1"]


def test_what_was_answered_meanwhile_falls_out_and_an_empty_message_is_not_sent(town):
    id = an_action(town, state="accepted")
    nudge(town, PRACTICE, at("2026-04-02", "09:00"))
    answer.done(town, PRACTICE, id, by=person(town, "helen"), now=at("2026-04-02", "09:00"))
    assert carry(town, at("2026-04-02", "09:01")) == []
    assert [(row.state, row.why) for row in rows(town) if row.rung == "due+0"] == [
        ("skipped", "answered meanwhile")
    ]
    for day in ("2026-04-07", "2026-04-13", "2026-04-20"):
        assert sweep(town, at(day)) == []


def test_a_new_deadline_begins_the_ladder_again(town):
    id = an_action(town, state="accepted")
    sweep(town, at("2026-04-02", "09:00"))
    answer.more_time(
        town, PRACTICE, id, on("2026-04-09"), "Keys came late", by=person(town, "helen"), now=at("2026-04-02")
    )
    assert [
        day for day in ("2026-04-07", "2026-04-08", "2026-04-09", "2026-04-10") if sweep(town, at(day))
    ] == [
        "2026-04-07",
        "2026-04-09",
        "2026-04-10",
    ]


def test_somebody_on_leave_is_not_written_to_and_their_deputy_is(town):
    an_action(town, state="accepted")
    helen = person(town, "helen")
    leave = set_leave(town, PRACTICE, on("2026-03-30"), on("2026-04-07"), by=helen, now=at("2026-03-27"))
    assert (leave.first, leave.last, leave.deputy) == (on("2026-03-30"), on("2026-04-07"), "Dev Rao")
    assert who(sweep(town, at("2026-03-31", "09:00"))) == {"dev"}
    [over] = rows(town, "skipped")
    assert (over.person_id, over.why) == ("helen", "on leave, sent to the owner’s deputy")
    clear_leave(town, PRACTICE, leave.id, by=helen, now=at("2026-04-01"))
    assert who(sweep(town, at("2026-04-02", "09:00"))) == {"helen"}


def test_a_deputy_can_be_named_with_the_leave(town):
    helen = person(town, "helen")
    set_leave(
        town, PRACTICE, on("2026-03-30"), on("2026-04-07"), deputy_id="lena", by=helen, now=at("2026-03-27")
    )
    an_action(town, state="accepted")
    assert who(sweep(town, at("2026-03-31", "09:00"))) == {"lena"}


def test_with_owner_and_deputy_away_it_climbs_to_the_lead_and_then_to_the_chair(town):
    an_action(town, state="accepted")
    for each in ("helen", "dev"):
        set_leave(
            town, PRACTICE, on("2026-03-30"), on("2026-04-10"), by=person(town, each), now=at("2026-03-27")
        )
    assert who(sweep(town, at("2026-03-31", "09:00"))) == {"lena"}
    set_leave(
        town, PRACTICE, on("2026-04-01"), on("2026-04-10"), by=person(town, "lena"), now=at("2026-03-31")
    )
    assert who(sweep(town, at("2026-04-02", "09:00"))) == {"chai"}


def test_a_role_that_nobody_holds_is_climbed_over_in_the_open(town):
    """Pete of the police has no deputy and his agency has no lead: the chair hears, and the ledger says why."""
    an_action(town, state="accepted", owner_id="pete", agency_id="police", due=on("2026-03-12"))
    sweep(town, at("2026-03-13", "09:00"))
    assert who(sweep(town, at("2026-03-17", "09:00"))) == {"chai"}
    whys = {(row.to_role, row.why) for row in rows(town, "skipped") if row.rung == "due+3"}
    assert whys == {
        ("deputy", "nobody holds this role, sent to the chair"),
        ("agency_lead", "nobody holds this role, sent to the chair"),
    }


def test_somebody_who_has_left_is_climbed_over(town):
    an_action(town, state="accepted")
    with town() as work:
        work.register.row("helen").active = False
    assert who(sweep(town, at("2026-03-31", "09:00"))) == {"dev"}


def test_nobody_who_is_barred_from_the_case_hears_of_it(town):
    """IG-22: the lead of the owner's own agency must not see this one."""
    bar(town, "lena")
    an_action(town, state="accepted")
    sweep(town, at("2026-04-07", "09:00"))
    assert "lena" not in who(sweep(town, at("2026-04-09", "09:00")))


def test_a_snooze_holds_the_owners_reminder_and_no_escalation(town):
    id = an_action(town, state="accepted")
    sweep(town, at("2026-04-07", "09:00"))
    snooze(town, PRACTICE, id, by=person(town, "helen"), now=at("2026-04-07", "11:00"))
    assert sweep(town, at("2026-04-08", "09:00")) == []
    assert who(sweep(town, at("2026-04-09", "09:00"))) == {"helen", "dev", "lena"}
    assert who(sweep(town, at("2026-04-13", "09:00"))) == {"chai"}


def test_a_chair_who_does_not_decide_is_reminded_and_then_passed_over(town):
    id = an_action(town, state="accepted")
    answer.cannot(
        town,
        PRACTICE,
        id,
        "not_done_by_agency",
        "Nobody trained is left",
        by=person(town, "helen"),
        now=at("2026-03-09"),
    )
    assert who(sweep(town, at("2026-03-10", "09:00"))) == {"chai"}
    assert who(sweep(town, at("2026-03-12", "09:00"))) == {"chai", "cora"}
    assert who(sweep(town, at("2026-03-16", "09:00"))) == {"bo"}
    assert who(sweep(town, at("2026-04-02", "09:00"))) == {"bo"}  # and not the owner, who has had their say


def test_a_triage_that_nobody_decides_is_nudged_too(town):
    with town() as work:
        waiting = work.session.get(ReferralRow, "r-7k4qmx")
        waiting.state, waiting.triage_due_on = "triage", on("2026-03-05")
        waiting.nudged_on, waiting.next_at = on("2026-03-02"), at("2026-03-04", "09:00")
    assert [
        sorted(who(sweep(town, at(day, "09:00")))) for day in ("2026-03-04", "2026-03-05", "2026-03-06")
    ] == [
        ["tess"],
        ["tess"],
        ["cora"],
    ]
    assert who(sweep(town, at("2026-03-10", "09:00"))) == {"bo"}
    with town() as work:
        decided = work.session.get(ReferralRow, "r-7k4qmx")
        decided.state, decided.next_at = "accepted", None
    assert sweep(town, at("2026-03-17", "09:00")) == []


def heard_around_the_tenth(town):
    """Who is reminded on the days around a deadline of 10 March, asked twice each morning."""
    heard = []
    for day in ("2026-03-06", "2026-03-09", "2026-03-10", "2026-03-11", "2026-03-13", "2026-03-16"):
        daybreak(town, PRACTICE, at(day, "09:00"))
        daybreak(town, PRACTICE, at(day, "09:05"))
        heard.append(sorted(who(sweep(town, at(day, "09:06")))))
    return heard


def test_a_stage_that_is_not_held_reaches_its_coordinator(town):
    with town() as work:
        clock = CaseClockRow(
            id="k1",
            case_id="c-7k4qmx",
            stage="panel",
            due_on=on("2026-03-10"),
            due_at=at("2026-03-10", "17:00"),
        )
        work.session.add(clock)
    assert heard_around_the_tenth(town) == [[], ["cora"], [], ["chai", "cora"], ["bo"], []]


def test_what_counts_the_days_is_brought_up_to_date_each_morning(town):
    """A card in a channel says how long is left, and must not say it for a week."""
    with town() as work:
        clock = CaseClockRow(
            id="k1",
            case_id="c-7k4qmx",
            stage="panel",
            due_on=on("2026-04-10"),
            due_at=at("2026-04-10", "17:00"),
        )
        work.session.add(clock)
        work.session.get(ReferralRow, "r-7k4qmx").state = "triage"

    daybreak(town, PRACTICE, at("2026-03-09", "06:00"))
    with town() as work:
        rows = work.session.exec(
            select(OutboxRow).where(OutboxRow.state == "owed", OutboxRow.errand == "show")
        )
        shown = {row.collapse.partition(":room:")[0] for row in rows}
    assert shown == {"case_card:c-7k4qmx", "triage_card:r-7k4qmx"}


def test_a_review_whose_day_comes_reaches_its_coordinator(town):
    """T20: the day is on the case, and moves with each meeting that sets another."""
    with town() as work:
        case = work.cases.row("c-7k4qmx")
        case.state, case.next_review = "plan_active", on("2026-03-10")
    assert heard_around_the_tenth(town) == [[], ["cora"], [], ["chai", "cora"], ["bo"], []]


def test_a_review_that_was_given_another_day_falls_out_of_the_message(town):
    with town() as work:
        case = work.cases.row("c-7k4qmx")
        case.state, case.next_review = "plan_active", on("2026-03-10")
    daybreak(town, PRACTICE, at("2026-03-09", "06:00"))
    with town() as work:
        work.cases.row("c-7k4qmx").next_review = on("2026-04-10")
    assert sweep(town, at("2026-03-09", "09:00")) == []


def test_the_case_shows_the_next_step_its_day_and_its_people(town):
    id = an_action(town, state="accepted")

    def step(now):
        with town() as work:
            return next_step_of(work, PRACTICE, work.plans.row(id), now)

    first = step(at("2026-03-02"))
    assert (first.on, first.people, first.escalated) == (on("2026-03-31"), ("Helen Marsh",), False)
    nudge(town, PRACTICE, at("2026-03-31", "18:00"))  # planned, and not yet sent
    assert step(at("2026-03-31", "18:00")).on == on("2026-04-01")
    sweep(town, at("2026-04-07", "09:00"))
    then = step(at("2026-04-07"))
    assert (then.on, then.people, then.escalated) == (on("2026-04-09"), ("Dev Rao", "Lena Frost"), True)
    answer.done(town, PRACTICE, id, by=person(town, "helen"), now=at("2026-04-08"))
    assert step(at("2026-04-08")) is None


def test_an_areas_closure_days_do_not_count(town):
    closed = a_practice(closures=frozenset({on("2026-03-31"), on("2026-04-01")}))
    an_action(town, state="accepted", practice=closed)
    days = ("2026-03-26", "2026-03-27", "2026-03-30", "2026-03-31", "2026-04-01", "2026-04-02")
    assert [day for day in days if sweep(town, at(day), closed)] == ["2026-03-27", "2026-04-02"]


def test_a_failed_message_is_written_down_and_the_ladder_goes_on(town):
    an_action(town, state="accepted")
    nudge(town, PRACTICE, at("2026-03-31", "09:00"))
    with town() as work:
        settle_digest(work, "helen", on("2026-03-31"), sent=False, why="no such mailbox")
    assert [(row.state, row.why) for row in rows(town)] == [("failed", "no such mailbox")]
    assert who(sweep(town, at("2026-04-07", "09:00"))) == {"helen"}


def test_many_due_at_once_are_looked_at_in_turns(town):
    with town() as work:
        for _ in range(25):
            add_action(work, state="accepted")
    first = nudge(town, PRACTICE, at("2026-04-02", "09:00"), 10)
    assert (first.looked, first.planned, first.digests, first.more) == (10, 10, 0, True)
    sent = sweep(town, at("2026-04-02", "09:00"))
    assert [(person_id, len(refs)) for person_id, refs, _ in sent] == [("helen", 25)]


@pytest.mark.at_once
def test_two_replicas_that_look_at_once_plan_everything_once(town):
    with town() as work:
        for _ in range(12):
            add_action(work, state="accepted")
    moment = at("2026-04-02", "09:00")
    with ThreadPoolExecutor(4) as replicas:
        swept = list(replicas.map(lambda _: nudge(town, PRACTICE, moment, 5), range(4)))
    while nudge(town, PRACTICE, moment).more:
        pass
    assert sum(each.planned for each in swept) <= 12
    assert len(rows(town, "planned")) == 12
    [(person_id, refs, _)] = carry(town, moment)
    assert (person_id, len(refs)) == ("helen", 12)
