"""What the wording of an action leaves open is asked, kindly, and never refused (S4-13)."""

from datetime import date

import pytest

from bot.domain.action_quality import questions

REVIEW = date(2026, 4, 1)
GOOD = "Fit the door chain and report back to the meeting"


def test_an_action_that_says_what_and_how_it_is_known_is_asked_nothing():
    """S4-13."""
    assert questions(GOOD, date(2026, 3, 16), REVIEW) == {}
    assert questions("Ring her every Tuesday and write down how she is", REVIEW, REVIEW) == {}


@pytest.mark.parametrize(
    ("detail", "asked"),
    [
        ("", "Who does what"),
        ("Door chain", "Who does what"),
        ("The door chain that was promised is fitted", "begins with that"),
        ("Fit the door chain as soon as possible and report back", "as soon as possible"),
        ("Support with her benefits, ongoing, and report", "ongoing"),
        ("Monitor the situation and report concerns", "“Monitor” has no end"),
        ("Consider a referral and write to the panel", "“Consider” has no end"),
        ("Knock at her door with Mary", "How will anybody know"),
    ],
)
def test_each_thing_that_is_left_open_has_its_question(detail, asked):
    """S4-13: who, what, by when, and how anybody will know."""
    assert asked in questions(detail, date(2026, 3, 16), REVIEW)["detail"]


def test_what_has_a_measure_is_not_asked_for_an_end():
    """S4-13."""
    for detail in (
        "Monitor weekly and report",
        "Monitor until 3 April and report",
        "Review it on Fridays, twice, and report",
    ):
        assert "has no end" not in questions(detail, None, None).get("detail", "")


def test_an_action_due_after_the_plan_is_looked_at_again_is_asked_for_a_first_step():
    """S4-13: due far beyond review."""
    assert "1 April" in questions(GOOD, date(2026, 4, 2), REVIEW)["due"]
    assert questions(GOOD, REVIEW, REVIEW) == {}
    assert questions(GOOD, date(2027, 1, 1), None) == {}
