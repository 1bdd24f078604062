"""What an owner's answer does, and what it leaves alone (model.md T14 to T17, S1-17)."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from plan_builders import PRACTICE, add_action, an_action, at, bar, on, person, settle
from sqlmodel import select

from bot.domain.errors import Invalid, NotAllowed, TooLate
from bot.storage.ledger_tables import AuditEvent, OutboxRow
from bot.usecases import answer, rule
from bot.usecases.open_action import open_answer
from bot.usecases.snooze import snooze

NOW = at("2026-03-09")


@pytest.fixture
def town(begin):
    settle(begin)
    return begin


def row_of(begin, id):
    with begin() as work:
        return work.plans.row(id)


def events(begin, id):
    with begin() as work:
        query = select(AuditEvent).where(AuditEvent.thing == f"action:{id}").order_by(AuditEvent.seq)
        return [(each.actor, each.verb, json.loads(each.facts)) for each in work.session.exec(query)]


def owed(begin):
    with begin() as work:
        rows = work.session.exec(
            select(OutboxRow).where(OutboxRow.state == "owed").order_by(OutboxRow.number)
        )
        return [(each.errand, json.loads(each.about)) for each in rows]


def told(begin):
    return [(about["message"], about["where"]) for errand, about in owed(begin) if errand == "tell"]


def test_accepting_is_recorded_once_and_shown_everywhere(town):
    id = an_action(town)
    answered = answer.accept(town, PRACTICE, id, by=person(town, "helen"), now=NOW, source="press:1")
    assert (answered.state, answered.version) == ("Accepted", 2)
    row = row_of(town, id)
    assert (row.state, row.accepted_at) == ("accepted", NOW)
    assert row.next_at == at("2026-03-31", "09:00")  # two working days before the deadline
    assert [(actor, verb) for actor, verb, _ in events(town, id)] == [("helen", "action.accepted")]
    shown = {(about["surface"], about["where"]) for errand, about in owed(town) if errand == "show"}
    assert ("action_list", "room:care-connect-marm") in shown
    assert ("action_message", "person:helen") in shown
    assert {about["person"] for errand, about in owed(town) if errand == "home"} == {"helen"}


def test_a_press_that_the_platform_delivers_twice_is_answered_twice_and_done_once(town):
    id = an_action(town)
    helen = person(town, "helen")
    first = answer.done(town, PRACTICE, id, by=helen, now=NOW, source="press:1")
    again = answer.done(town, PRACTICE, id, by=helen, now=NOW, source="press:1")
    assert (first.again, again.again) == (False, True)
    assert again.ref == first.ref
    assert len(events(town, id)) == 1


def test_done_closes_without_acceptance_and_keeps_the_note_out_of_the_audit(town):
    id = an_action(town)
    answer.done(town, PRACTICE, id, "Hallway is clear, photographs taken", by=person(town, "helen"), now=NOW)
    row = row_of(town, id)
    assert (row.state, row.outcome, row.next_at, row.closed_by) == ("closed", "done", None, "helen")
    assert row.said == "Hallway is clear, photographs taken"
    [(_, verb, facts)] = events(town, id)
    assert verb == "action.done"
    assert facts["why"].startswith("sha256:")


def test_changed_circumstances_close_it_and_the_chair_is_told(town):
    id = an_action(town)
    answer.cannot(
        town,
        PRACTICE,
        id,
        "not_possible_circumstances_changed",
        "The tenancy ended last week",
        by=person(town, "helen"),
        now=NOW,
    )
    row = row_of(town, id)
    assert (row.state, row.outcome) == ("closed", "not_possible_circumstances_changed")
    assert ("action_impossible", "person:chai") in told(town)


def test_an_agency_that_cannot_leaves_the_ending_to_the_chair(town):
    id = an_action(town)
    answer.cannot(
        town, PRACTICE, id, "not_done_by_agency", "Nobody trained is left", by=person(town, "helen"), now=NOW
    )
    row = row_of(town, id)
    assert (row.state, row.outcome) == ("declined", None)
    assert row.next_at == at("2026-03-10", "09:00")  # the chair is reminded the next working day
    assert ("action_declined", "person:chai") in told(town)

    rule.end(
        town,
        PRACTICE,
        id,
        "not_done_by_agency",
        "The agency has no capacity this month",
        by=person(town, "chai"),
        now=NOW,
    )
    row = row_of(town, id)
    assert (row.outcome, row.closed_by) == ("not_done_by_agency", "chai")
    assert ("action_ended", "person:helen") in told(town)


def test_the_chair_can_ask_once_more(town):
    id = an_action(town)
    answer.cannot(
        town, PRACTICE, id, "not_done_by_agency", "Nobody trained is left", by=person(town, "helen"), now=NOW
    )
    rule.insist(
        town, PRACTICE, id, "The fire service will come along", by=person(town, "chai"), now=at("2026-03-10")
    )
    row = row_of(town, id)
    assert (row.state, row.assigned_on) == ("assigned", on("2026-03-10"))
    assert row.next_at == at("2026-03-11", "09:00")
    assert ("action_insisted", "person:helen") in told(town)


def test_a_short_extension_is_the_owners_to_take_and_begins_the_ladder_again(town):
    id = an_action(town)
    answered = answer.more_time(
        town, PRACTICE, id, on("2026-04-09"), "The engineer is away", by=person(town, "helen"), now=NOW
    )
    assert (answered.due, answered.with_chair) == (on("2026-04-09"), False)
    row = row_of(town, id)
    assert (row.due, row.asked_due, row.snoozed_once) == (on("2026-04-09"), None, False)
    assert row.next_at == at("2026-04-07", "09:00")  # Easter lies between
    [(_, verb, facts)] = events(town, id)
    assert verb == "action.extended"
    assert (facts["from"], facts["to"], facts["working_days"]) == ("2026-04-02", "2026-04-09", 3)


def test_a_long_extension_waits_for_the_chair_and_the_deadline_stands_meanwhile(town):
    id = an_action(town)
    helen, chai = person(town, "helen"), person(town, "chai")
    asked = answer.more_time(
        town, PRACTICE, id, on("2026-04-24"), "Waiting for a court date", by=helen, now=NOW
    )
    assert (asked.due, asked.with_chair) == (on("2026-04-02"), True)
    assert ("extension_asked", "person:chai") in told(town)

    granted = rule.grant(town, PRACTICE, id, seen=asked.version, by=chai, now=at("2026-03-10"))
    assert (granted.due, granted.with_chair) == (on("2026-04-24"), False)
    assert ("extension_granted", "person:helen") in told(town)
    with pytest.raises(TooLate, match="has changed since"):
        rule.keep_date(town, PRACTICE, id, seen=asked.version, by=chai, now=at("2026-03-10"))


def test_the_chair_can_keep_the_date(town):
    id = an_action(town)
    answer.more_time(town, PRACTICE, id, on("2026-04-24"), "Court date", by=person(town, "helen"), now=NOW)
    rule.keep_date(town, PRACTICE, id, by=person(town, "chai"), now=at("2026-03-10"))
    assert (row_of(town, id).due, row_of(town, id).asked_due) == (on("2026-04-02"), None)
    assert ("extension_refused", "person:helen") in told(town)


@pytest.mark.parametrize("until", ["2026-03-09", "2026-04-02", "2026-04-03"])
def test_a_new_date_is_later_and_a_working_day(town, until):
    """Good Friday, 3 April 2026, is none."""
    id = an_action(town)
    with pytest.raises(Invalid) as refused:
        answer.more_time(
            town, PRACTICE, id, on(until), "The engineer is away", by=person(town, "helen"), now=NOW
        )
    assert set(refused.value.problems) == {"until"}


def test_a_reason_is_asked_for_beside_its_field(town):
    id = an_action(town)
    helen = person(town, "helen")
    with pytest.raises(Invalid) as refused:
        answer.more_time(town, PRACTICE, id, None, " ", by=helen, now=NOW)
    assert set(refused.value.problems) == {"until", "why"}
    with pytest.raises(Invalid) as refused:
        answer.cannot(town, PRACTICE, id, "done", "because", by=helen, now=NOW)
    assert set(refused.value.problems) == {"because"}


def test_passing_on_within_the_agency_asks_the_new_owner_to_accept(town):
    id = an_action(town, state="accepted")
    answer.pass_on(town, PRACTICE, id, "dev", by=person(town, "helen"), now=NOW)
    row = row_of(town, id)
    assert (row.owner_id, row.agency_id, row.state, row.assigned_on) == (
        "dev",
        "housing",
        "assigned",
        NOW.date(),
    )
    assert row.next_at == at("2026-03-10", "09:00")
    shown = {(about["surface"], about["where"]) for errand, about in owed(town) if errand == "show"}
    assert {("action_message", "person:dev"), ("action_passed", "person:helen")} <= shown
    with pytest.raises(NotAllowed):
        answer.done(town, PRACTICE, id, by=person(town, "pete"), now=NOW)


def test_another_agencys_representative_can_be_passed_an_action_and_its_practitioner_cannot(town):
    id = an_action(town)
    helen = person(town, "helen")
    with pytest.raises(Invalid) as refused:
        answer.pass_on(town, PRACTICE, id, "petra", by=helen, now=NOW)
    assert set(refused.value.problems) == {"owner"}
    answer.pass_on(town, PRACTICE, id, "pete", by=helen, now=NOW)
    assert (row_of(town, id).owner_id, row_of(town, id).agency_id) == ("pete", "police")


def test_nobody_who_is_barred_from_the_case_can_be_passed_an_action(town):
    """C24, IG-22."""
    id = an_action(town)
    bar(town, "pete")
    with pytest.raises(Invalid):
        answer.pass_on(town, PRACTICE, id, "pete", by=person(town, "helen"), now=NOW)


def test_another_agencys_person_is_refused_and_the_attempt_is_recorded(town):
    """IG-05, IG-29."""
    id = an_action(town)
    with pytest.raises(NotAllowed, match="Nothing has changed"):
        answer.done(town, PRACTICE, id, by=person(town, "pete"), now=NOW)
    assert row_of(town, id).state == "assigned"
    assert events(town, id) == [("pete", "denied", {"tried": "action.answer"})]


@pytest.mark.parametrize("by", ["dev", "lena"])
def test_a_deputy_and_the_agency_lead_can_answer_and_the_record_says_for_whom(town, by):
    id = an_action(town)
    answer.accept(town, PRACTICE, id, by=person(town, by), now=NOW)
    [(actor, _, facts)] = events(town, id)
    assert (actor, facts["on_behalf_of"]) == (by, "helen")


def test_of_two_who_press_at_once_one_wins_and_the_other_is_told_who_was_first(town):
    id = an_action(town)
    answer.done(town, PRACTICE, id, by=person(town, "helen"), now=at("2026-03-09", "14:05"))
    with pytest.raises(
        TooLate, match=r"already closed \(done\).*Helen Marsh marked it done on Monday at 14:05"
    ):
        answer.accept(town, PRACTICE, id, by=person(town, "dev"), now=at("2026-03-09", "14:05"))
    assert len(events(town, id)) == 1


def test_whoever_loses_the_race_in_the_database_is_told_too(town):
    id = an_action(town)
    with town() as work:
        stale = work.plans.action(id)
    answer.accept(town, PRACTICE, id, by=person(town, "helen"), now=NOW)
    with pytest.raises(TooLate, match="a moment before you"), town() as work:
        work.plans.save(stale.done(), next_at=None)
    assert row_of(town, id).state == "accepted"


@pytest.mark.at_once
def test_of_eight_presses_at_once_one_wins_and_seven_are_told(town):
    """Whatever the database; no two answers are ever both recorded."""
    id = an_action(town)
    helen = person(town, "helen")

    def press(n):
        try:
            return answer.done(town, PRACTICE, id, by=helen, now=NOW, source=f"press:{n}").said
        except TooLate as late:
            return str(late)

    with ThreadPoolExecutor(8) as hands:
        said = list(hands.map(press, range(8)))
    assert said.count("action.done") == 1
    assert all("Helen Marsh marked it done" in each for each in said if each != "action.done")
    assert [verb for _, verb, _ in events(town, id)] == ["action.done"]


def test_done_by_mistake_is_undone_by_its_owner_on_the_same_day(town):
    id = an_action(town)
    helen = person(town, "helen")
    answer.done(town, PRACTICE, id, by=helen, now=at("2026-03-09", "11:00"))
    answer.reopen(town, PRACTICE, id, by=helen, now=at("2026-03-09", "16:00"))
    row = row_of(town, id)
    assert (row.state, row.outcome, row.closed_at, row.closed_by) == ("accepted", None, None, None)
    assert row.next_at == at("2026-03-31", "09:00")
    assert [verb for _, verb, _ in events(town, id)] == ["action.done", "action.reopened"]


def test_on_a_later_day_only_the_chair_opens_it_again(town):
    id = an_action(town)
    answer.done(town, PRACTICE, id, by=person(town, "helen"), now=NOW)
    with pytest.raises(TooLate, match="only the chair"):
        answer.reopen(town, PRACTICE, id, by=person(town, "helen"), now=at("2026-03-10"))
    answer.reopen(town, PRACTICE, id, by=person(town, "chai"), now=at("2026-03-10"))
    assert row_of(town, id).state == "accepted"
    assert ("action_reopened", "person:helen") in told(town)


def test_an_owner_cannot_rule_on_their_own_extension(town):
    id = an_action(town)
    helen = person(town, "helen")
    answer.more_time(town, PRACTICE, id, on("2026-04-24"), "Court date", by=helen, now=NOW)
    with pytest.raises(NotAllowed):
        rule.grant(town, PRACTICE, id, by=helen, now=NOW)
    with pytest.raises(NotAllowed):
        rule.end(town, PRACTICE, id, "withdrawn_by_meeting", "No longer needed", by=helen, now=NOW)


def test_a_chair_who_owns_the_action_is_decided_on_by_the_coordinator(town):
    id = an_action(town, owner_id="chai", agency_id="council")
    answer.cannot(
        town, PRACTICE, id, "not_done_by_agency", "I am leaving the post", by=person(town, "chai"), now=NOW
    )
    assert ("action_declined", "person:cora") in told(town)


def test_a_snooze_moves_reminders_and_not_the_deadline_once(town):
    id = an_action(town, state="accepted")
    helen = person(town, "helen")
    snooze(town, PRACTICE, id, by=helen, now=at("2026-03-31"))
    row = row_of(town, id)
    assert (row.due, row.snoozed_until) == (on("2026-04-02"), on("2026-04-02"))
    assert row.next_at == at("2026-04-02", "09:00")
    with pytest.raises(TooLate, match="once for each deadline"):
        snooze(town, PRACTICE, id, by=helen, now=at("2026-04-01"))


def test_the_coordinator_hears_when_a_plan_has_nothing_open_any_more(town):
    with town() as work:
        first, second = add_action(work).id, add_action(work).id
    helen = person(town, "helen")
    answer.done(town, PRACTICE, first, by=helen, now=NOW)
    assert ("plan_finished", "person:cora") not in told(town)
    answer.done(town, PRACTICE, second, by=helen, now=NOW)
    assert ("plan_finished", "person:cora") in told(town)


def test_a_burst_of_answers_is_one_edit_of_the_list(town):
    """design.md section 4, step 6."""
    with town() as work:
        ids = [add_action(work).id for _ in range(10)]
    for id in ids:
        answer.accept(town, PRACTICE, id, by=person(town, "helen"), now=NOW)
    assert [about["surface"] for _, about in owed(town) if about.get("surface") == "action_list"] == [
        "action_list"
    ]


def test_the_form_of_an_answer_does_not_open_for_what_is_closed(town):
    """Nobody should write down why they need more time, and then be told that it was done on Monday."""
    id = an_action(town)
    helen = person(town, "helen")
    answer.done(town, PRACTICE, id, by=helen, now=NOW)
    for kind in ("done", "more_time", "cannot", "pass_on"):
        with pytest.raises(TooLate, match=r"already closed .* Helen Marsh marked it done"):
            open_answer(town, PRACTICE, id, kind, by=helen, now=NOW)
