"""References that mean nothing: random, unrelated to name, birth date, area or order (IG-02)."""

import secrets
from collections.abc import Callable

# No vowels (no words), no look-alikes (0/O, 1/I/L, 5/S, 2/Z, 8/B, U/V).
ALPHABET = "34679CDFGHJKMNPQRTWXY"

_PAIRS = [a + b for a in "abcdefghijklmnopqrstuvwxyz234567" for b in "abcdefghijklmnopqrstuvwxyz234567"]


def new_id() -> str:
    """A row's key: 100 random bits as 20 lower-case base32 characters."""
    bits = secrets.randbits(100)
    return "".join([_PAIRS[bits >> shift & 1023] for shift in range(0, 100, 10)])


def case_reference(taken: Callable[[str], bool]) -> str:
    """A new case reference such as `CV-7K4QMX`, drawn again on a clash (model.md section 1, IG-02)."""
    while True:
        reference = "CV-" + "".join(secrets.choice(ALPHABET) for _ in range(6))
        if not taken(reference):
            return reference
