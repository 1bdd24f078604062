"""A case reference says nothing: not who, not when born, not in which order (IG-02)."""

import random
from collections import Counter
from functools import cache
from math import comb, sqrt

from bot.domain.references import ALPHABET, case_reference, new_id

MANY = 100_000


@cache
def drawn() -> tuple[str, ...]:
    """References as they would be given out, none yet taken."""
    return tuple(case_reference(lambda _: False) for _ in range(MANY))


def test_a_hundred_thousand_references_follow_nothing():
    """No drift with the order in which they were given, no place that prefers a letter, no more clashes than chance."""
    refs = drawn()
    letters = [ref.removeprefix("CV-") for ref in refs]
    numbers = [
        sum(ALPHABET.index(letter) * len(ALPHABET) ** place for place, letter in enumerate(each))
        for each in letters
    ]
    assert abs(correlated(numbers, range(MANY))) < 5 / sqrt(MANY)
    assert abs(correlated(numbers[1:], numbers[:-1])) < 5 / sqrt(MANY)
    fair = MANY / len(ALPHABET)
    for place in range(6):
        counts = Counter(each[place] for each in letters)
        assert set(counts) == set(ALPHABET)
        assert all(abs(found - fair) < 6 * sqrt(fair) for found in counts.values()), f"place {place}"
    clashes = MANY - len(set(refs))
    expected = comb(MANY, 2) / len(ALPHABET) ** 6
    assert clashes < expected + 6 * sqrt(expected)


def test_a_reference_has_nothing_to_do_with_the_person():
    """As far from the initials and the birth date as anything drawn at random."""
    rng = random.Random(20260302)
    people = [(rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), rng.randrange(1930, 2010)) for _ in range(MANY)]
    letters = [ref.removeprefix("CV-") for ref in drawn()]
    initial = sum(each[0] == name for each, (name, _) in zip(letters, people, strict=True))
    shared = sum(name in ALPHABET for name, _ in people) / len(ALPHABET)
    assert abs(initial - shared) < 6 * sqrt(shared)
    numbers = [sum(ALPHABET.index(letter) for letter in each) for each in letters]
    assert abs(correlated(numbers, [born for _, born in people])) < 5 / sqrt(MANY)


def test_a_reference_spells_no_word_and_is_read_without_mistakes():
    assert not set("AEIOU") & set(ALPHABET)
    assert not set("0O1ILS5Z2B8UV") & set(ALPHABET)
    assert len(set(ALPHABET)) == len(ALPHABET)


def test_a_taken_reference_is_never_given_twice():
    given: list[str] = []
    for _ in range(3):
        first = iter([True, True, False])
        given.append(case_reference(lambda _, first=first: next(first)))  # type: ignore[misc]
    assert len(set(given)) == 3


def test_keys_of_rows_are_as_meaningless():
    ids = {new_id() for _ in range(MANY // 10)}
    assert len(ids) == MANY // 10
    assert all(len(each) == 20 and each.isalnum() and each == each.lower() for each in ids)


def correlated(xs: object, ys: object) -> float:
    """Pearson's coefficient: 0 for nothing in common."""
    xs, ys = list(xs), list(ys)  # type: ignore[call-overload]
    mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
    together = sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True))
    return float(together / sqrt(sum((x - mx) ** 2 for x in xs) * sum((y - my) ** 2 for y in ys)))
