"""Whole numbers as bitmaps: one bit for each possible start of a meeting (calendar.md section 5).

One machine operation then asks a question of sixty-four starts at once, and needs no dependency.
"""

from collections.abc import Iterable, Sequence

Seconds = tuple[int, int]  # a span in whole epoch seconds
Rows = list[int]  # a vertical counter: row k holds bit k of a count, for every start at once


def blocked_starts(spans: Iterable[Seconds], start: int, step: int, length: int, slots: int) -> int:
    """The starts at which a meeting of this length would touch a span. All times in seconds."""
    mask = 0
    for a, b in spans:
        first = (a - length - start) // step + 1
        past = (b - start + step - 1) // step
        first = first if first > 0 else 0  # quicker than max and min, and this is the hot line
        past = past if past < slots else slots
        if past > first:
            mask |= ((1 << (past - first)) - 1) << first
    return mask


def counted(masks: Iterable[int]) -> Rows:
    """How many of the masks are set, for every start at once."""
    rows: Rows = []
    for carry in masks:
        k = 0
        while carry:
            if k == len(rows):
                rows.append(0)
            rows[k], carry = rows[k] ^ carry, rows[k] & carry
            k += 1
    return rows


def at_least(rows: Sequence[int], wanted: int, full: int) -> int:
    """The starts whose count reaches `wanted`: compared from the highest bit down."""
    if wanted <= 0:
        return full
    above, equal = 0, full
    for k in reversed(range(max(len(rows), wanted.bit_length()))):
        row = rows[k] if k < len(rows) else 0
        if wanted >> k & 1:
            equal &= row
        else:
            above |= equal & row
            equal &= ~row
    return above | equal


def value_at(rows: Sequence[int], start: int) -> int:
    """The count at one start."""
    return sum((row >> start & 1) << k for k, row in enumerate(rows))


def best(allowed: int, counters: Sequence[Rows]) -> int:
    """The starts with the smallest counts, the first counter deciding first; 0 when none is allowed."""
    left = allowed
    for rows in counters:
        for row in reversed(rows):
            left = left & ~row or left
    return left


def earliest(mask: int) -> int:
    """The position of the first start in a mask that is not empty."""
    return (mask & -mask).bit_length() - 1


def between(first: int, past: int) -> int:
    """A mask of the starts from `first` up to, not including, `past`."""
    return ((1 << (past - first)) - 1) << first if past > first else 0
