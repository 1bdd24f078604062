"""A sample by chance that can be drawn again: whoever knows the seed gets the same one, on any machine (S5-41)."""

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")


def drawn(things: Sequence[T], seed: str, number: int) -> list[T]:
    """So many of them at most, by chance, in the order in which they were given.

    Which ones depends on the seed and on what each says of itself, not on the others: a thing more or less among them
    changes the sample by one at most. Of things that say the same, each has a lot of its own.
    """
    alike: Counter[str] = Counter()
    lots = []
    for place, thing in enumerate(things):
        said = repr(thing)
        alike[said] += 1
        lots.append((sha256(f"{seed}\0{said}\0{alike[said]}".encode()).hexdigest(), place))
    return [things[place] for place in sorted(place for _, place in sorted(lots)[:number])]
