"""The order of a coordinator's board: what runs out first stands first, and nothing is weighed."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.board import Band, Block, Due, Standing, in_order, soonest

DAY = date(2026, 3, 2)


def a_case(ref: str, days: int | None, *blocks: Block) -> Standing:
    next = None if days is None else Due(what="Conference", on=DAY, days=days)
    return Standing(case_id=ref, ref=ref, next=next, blocks=dict.fromkeys(blocks, 1))


def test_the_fewest_working_days_come_first_and_no_clock_comes_last():
    found = in_order([a_case("A", None), a_case("B", 3), a_case("C", -2), a_case("D", 0)])
    assert [each.ref for each in found] == ["C", "D", "B", "A"]


def test_of_two_that_are_due_alike_the_one_with_more_in_its_way_comes_first():
    found = in_order(
        [a_case("A", 1), a_case("B", 1, Block.QUORUM), a_case("C", 1, Block.QUORUM, Block.OVERDUE)]
    )
    assert [each.ref for each in found] == ["C", "B", "A"]


def test_a_case_is_late_today_within_a_week_later_or_has_no_clock():
    bands = [a_case("A", days).band for days in (-1, 0, 1, 5, 6, None)]
    assert bands == [Band.LATE, Band.TODAY, Band.WEEK, Band.WEEK, Band.LATER, Band.NONE]


@given(st.lists(st.integers(-20, 20)))
def test_the_next_clock_is_the_one_that_leaves_the_fewest_days(left: list[int]):
    found = soonest(Due(what=str(n), on=DAY, days=days) for n, days in enumerate(left))
    assert (found.days if found else None) == min(left, default=None)
