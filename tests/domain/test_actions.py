"""The states of an action and what each answer leads to (model.md section 3)."""

from datetime import date

import pytest

from bot.domain.actions import CHAIRS_ENDINGS, Action, ActionState, Outcome
from bot.domain.errors import Invalid, TooLate

MONDAY, TUESDAY, FRIDAY, LATER = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 6), date(2026, 3, 20)


def an_action(**but):
    return Action(
        **{
            "id": "a1",
            "ref": "CV-7K4QMX/1",
            "case_id": "c1",
            "category": "visit",
            "agency_id": "housing",
            "owner_id": "helen",
            "due": FRIDAY,
            "review_on": LATER,
            "assigned_on": MONDAY,
            "nudged_on": MONDAY,
            **but,
        }
    )


def closed(outcome=Outcome.DONE):
    return an_action(state=ActionState.CLOSED, outcome=outcome)


def test_every_change_is_a_new_version_of_an_unchanged_original():
    before = an_action()
    after = before.accept()
    assert (before.version, after.version) == (1, 2)
    assert (before.state, after.state) == (ActionState.ASSIGNED, ActionState.ACCEPTED)


def test_overdue_is_the_day_after_and_never_for_what_is_closed():
    assert not an_action().overdue(FRIDAY)
    assert an_action().overdue(date(2026, 3, 7))
    assert not closed().overdue(LATER)


@pytest.mark.parametrize(
    "change",
    [
        lambda action: action.accept(),
        lambda action: action.done(),
        lambda action: action.cannot(Outcome.NOT_DONE, TUESDAY),
        lambda action: action.end(Outcome.WITHDRAWN),
        lambda action: action.more_time(LATER, TUESDAY, working_days=10, limit=5),
        lambda action: action.grant(TUESDAY),
        lambda action: action.refuse_time(),
        lambda action: action.insist(TUESDAY),
        lambda action: action.pass_on("dev", "housing", TUESDAY),
        lambda action: action.snooze(TUESDAY),
    ],
)
def test_what_is_closed_stays_as_it_ended(change):
    with pytest.raises(TooLate):
        change(closed())


def test_things_changed_and_the_agency_did_not_are_two_endings():
    assert an_action().cannot(Outcome.CIRCUMSTANCES_CHANGED, TUESDAY).outcome is Outcome.CIRCUMSTANCES_CHANGED
    asked = an_action().cannot(Outcome.NOT_DONE, TUESDAY)
    assert (asked.state, asked.outcome, asked.with_chair) == (ActionState.DECLINED, None, True)
    with pytest.raises(TooLate):
        asked.cannot(Outcome.NOT_DONE, TUESDAY)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_chair_ends_an_action_in_the_chairs_three_ways_only(outcome):
    if outcome in CHAIRS_ENDINGS:
        assert an_action().end(outcome).outcome is outcome
    else:
        with pytest.raises(Invalid):
            an_action().end(outcome)


def test_a_short_extension_is_taken_and_a_long_one_asked_for():
    taken = an_action().more_time(LATER, TUESDAY, working_days=5, limit=5)
    assert (taken.due, taken.asked_due, taken.state) == (LATER, None, ActionState.ACCEPTED)
    asked = an_action().more_time(LATER, TUESDAY, working_days=6, limit=5)
    assert (asked.due, asked.asked_due, asked.asked_on) == (FRIDAY, LATER, TUESDAY)
    assert asked.words == "More time asked for: chair to decide"
    assert asked.grant(TUESDAY).due == LATER
    assert asked.refuse_time().due == FRIDAY


def test_only_a_later_date_is_more_time():
    for until in (TUESDAY, FRIDAY, date(2026, 2, 27)):
        with pytest.raises(Invalid):
            an_action().more_time(until, TUESDAY, working_days=1, limit=5)


def test_a_new_deadline_gives_back_the_one_snooze():
    snoozed = an_action().snooze(TUESDAY)
    with pytest.raises(TooLate):
        snoozed.snooze(FRIDAY)
    again = snoozed.more_time(LATER, TUESDAY, working_days=5, limit=5)
    assert (again.snoozed_until, again.snoozed_once) == (None, False)


def test_an_action_passed_on_waits_to_be_accepted_with_its_deadline_unmoved():
    passed = an_action(state=ActionState.ACCEPTED).pass_on("pete", "police", TUESDAY)
    assert (passed.state, passed.owner_id, passed.agency_id) == (ActionState.ASSIGNED, "pete", "police")
    assert (passed.due, passed.assigned_on) == (FRIDAY, TUESDAY)
    with pytest.raises(Invalid):
        an_action().pass_on("helen", "housing", TUESDAY)


def test_an_owner_who_can_after_all_takes_the_question_back_from_the_chair():
    action = an_action().cannot(Outcome.NOT_DONE, TUESDAY).accept()
    assert (action.state, action.asked_on, action.with_chair) == (ActionState.ACCEPTED, None, False)


def test_what_was_closed_by_mistake_is_open_again_with_its_owner_and_deadline():
    action = closed().reopen(TUESDAY)
    assert (action.state, action.outcome, action.owner_id, action.due) == (
        ActionState.ACCEPTED,
        None,
        "helen",
        FRIDAY,
    )
    with pytest.raises(TooLate):
        action.reopen(TUESDAY)
