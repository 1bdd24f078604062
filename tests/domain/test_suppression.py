"""Small numbers stay small secrets: hidden, rounded, and safe from subtraction (IG-37)."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.domain.suppression import (
    AT_LEAST,
    HELD,
    SMALL,
    STAR,
    Figure,
    figure,
    grid,
    lists,
    middle,
    nearest,
    share,
)

MOST = 14
"""How far a reader tries: above it nothing new turns up for the small tables here."""


def possible(shown, *, all_held):
    """Every count that a reader who knows the rules can think behind one published figure."""
    if shown is None or all_held:
        return range(MOST + 1)
    if shown.number is not None:
        return [n for n in range(SMALL, shown.number + 3) if nearest(n) == shown.number]
    return range(SMALL) if shown.mark == STAR else range(SMALL, MOST + 1)


def fits(sum_, shown, *, all_held):
    """Whether a total can be what is published of it; a withheld one has no upper end."""
    if shown is None or all_held:
        return True
    if shown.mark == HELD:
        return sum_ >= SMALL
    return sum_ < SMALL if shown.number is None else sum_ >= SMALL and nearest(sum_) == shown.number


def behind(published):
    """By brute force: for each cell and each total, the values that some table behind this publication has."""
    rows, columns = len(published.cells), len(published.cells[0])
    flat = [each for row in published.cells for each in row]
    said = [
        *flat,
        *published.row_totals,
        *published.column_totals,
        *([published.total] if published.total else []),
    ]
    held = all(each.mark == HELD for each in said)
    found = {}
    for values in product(*(possible(each, all_held=held) for each in flat)):
        across = [sum(values[i * columns : (i + 1) * columns]) for i in range(rows)]
        down = [sum(values[j::columns]) for j in range(columns)]
        sums = [
            *zip(across, published.row_totals or [None] * rows, strict=True),
            *zip(down, published.column_totals or [None] * columns, strict=True),
            (sum(values), published.total),
        ]
        if all(fits(sum_, shown, all_held=held) for sum_, shown in sums):
            for n, value in enumerate((*values, *across, *down, sum(values))):
                found.setdefault(n, set()).add(value)
    return found


def starred(published):
    """The places of the starred figures, in the order of `behind`."""
    rows, columns = len(published.cells), len(published.cells[0])
    said = [each for row in published.cells for each in row]
    said += published.row_totals or [Figure(0)] * rows
    said += published.column_totals or [Figure(0)] * columns
    said += [published.total or Figure(0)]
    return [n for n, each in enumerate(said) if each.mark == STAR]


tables = some.tuples(some.integers(1, 2), some.integers(2, 3)).flatmap(
    lambda size: some.lists(
        some.lists(some.integers(0, 9), min_size=size[1], max_size=size[1]),
        min_size=size[0],
        max_size=size[0],
    )
)


@settings(max_examples=60, deadline=None)
@given(tables, some.booleans(), some.booleans())
def test_no_starred_count_of_a_table_with_totals_can_be_worked_out(counts, row_totals, column_totals):
    """By brute force over every table that could be behind the published one (IG-37)."""
    published = grid(counts, row_totals=row_totals, column_totals=column_totals)
    found = behind(published)
    for n in starred(published):
        assert len(found[n]) >= AT_LEAST


def test_every_row_of_two_with_its_total_is_safe():
    """All of them, not a sample: two counts and their sum (IG-37)."""
    for counts in product(range(12), repeat=2):
        published = grid([counts], column_totals=False)
        found = behind(published)
        assert all(len(found[n]) >= AT_LEAST for n in starred(published)), counts


def test_a_last_small_count_is_not_left_to_be_had_by_subtraction():
    """7 and 7 and 4 make 18: shown as 5, 5, a star and 20, the star could only be 4 (IG-37)."""
    published = grid([[7, 7, 4]], column_totals=False)
    assert published.cells[0][2] == Figure(None, STAR)
    assert [str(each) for each in published.cells[0]] + [str(published.row_totals[0])] != [
        "5",
        "5",
        "*",
        "20",
    ]
    assert len(behind(published)[2]) >= AT_LEAST


@settings(max_examples=60, deadline=None)
@given(
    some.lists(some.integers(0, 8), min_size=2, max_size=3),
    some.lists(some.integers(0, 8), min_size=2, max_size=3),
)
def test_several_lists_of_one_total_do_not_give_each_other_away(first, second):
    """The quarterly return breaks one total down many ways; a reader may lay them side by side (IG-37, T26)."""
    more = sum(first) - sum(second)
    second, first = ([*second, more], first) if more >= 0 else (second, [*first, -more])
    total = sum(first)
    published = lists(total, [first, second])
    said = [*published.lists[0], *published.lists[1]]
    held = all(each.mark == HELD for each in (*said, published.total))
    found = {}
    one, other = [
        list(product(*(possible(each, all_held=held) for each in list_))) for list_ in published.lists
    ]
    sums = {sum(values) for values in one} & {sum(values) for values in other}
    sums = {each for each in sums if fits(each, published.total, all_held=held)}
    for at, kind in ((0, one), (len(first), other)):
        for values in kind:
            if sum(values) in sums:
                for n, value in enumerate(values):
                    found.setdefault(at + n, set()).add(value)
    for n, each in enumerate(said):
        if each.mark == STAR:
            assert len(found[n]) >= AT_LEAST


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "*"), (4, "*"), (5, "5"), (7, "5"), (8, "10"), (12, "10"), (13, "15"), (5003, "5005")],
)
def test_a_count_is_starred_below_five_and_else_rounded_to_the_nearest_five(count, said):
    """The national practice (IG-37)."""
    assert str(figure(count)) == said


def test_a_share_says_no_more_than_the_figures_beside_it():
    """It is worked out from what is published, never from the counts (IG-37)."""
    assert share(figure(42), figure(11)) == "about 80%"
    assert share(figure(100), figure(2)) == share(figure(102), figure(0)) == "96% or more"
    assert share(figure(3), figure(46)) == "9% or less"
    assert share(figure(3), figure(2)) == ""
    assert share(Figure(None, HELD), figure(50)) == ""


def test_a_median_of_four_is_not_told():
    """Below five it could be one person's own wait (IG-37)."""
    assert middle([1, 2, 3, 4]) is None
    assert middle([1, 2, 9, 3, 4]) == 3
    assert middle([1, 2, 3, 4, 5, 6]) == 4


def test_what_does_not_add_up_is_refused():
    """A list that misses somebody would tell how many it misses."""
    with pytest.raises(ValueError, match="add up"):
        lists(10, [[5, 4]])
    with pytest.raises(ValueError, match="same columns"):
        grid([[1, 2], [3]])
