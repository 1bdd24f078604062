"""How it goes for the person, measured at reviews and between: readings, and which way they have gone (S5-26).

Pure. Which measures there are is the pathway's own. A reading is what somebody says it is; nothing is reckoned from it,
and what was not read is no reading: never nought (design rule 7).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bot.domain.errors import Invalid

MOST = 999
"""The greatest number that a measure without steps can have."""

WORDS = {
    "person": "the person’s own word",
    "close": "somebody close to them",
    "professional": "a professional who saw them",
    "record": "an agency’s record",
}
"""Whose word a reading is."""


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One measure: a number, or with `steps` one of these words, the lowest first; `better` is which way one hopes."""

    id: str
    label: str
    better: Literal["less", "more"]
    steps: tuple[str, ...] = ()

    def told(self, value: int) -> str:
        """A reading in words; one that the pathway has no word for any more as its number."""
        return self.steps[value] if 0 <= value < len(self.steps) else str(value)

    def meaning(self, before: int, now: int) -> str:
        """`better`, `worse` or `same` from one reading to the next, by what the pathway says one hopes for."""
        if before == now:
            return "same"
        return "better" if (now < before) is (self.better == "less") else "worse"


INDICATORS = (
    Indicator(id="incidents", label="Incidents since the last reading", better="less"),
    Indicator(
        id="distress",
        label="How distressed the person is",
        better="less",
        steps=("Not at all", "A little", "Clearly", "Very much"),
    ),
    Indicator(
        id="compliance",
        label="How far the plan is kept to, by everybody in it",
        better="more",
        steps=("Not at all", "In part", "Mostly", "Fully"),
    ),
    Indicator(
        id="quality",
        label="The person’s quality of life",
        better="more",
        steps=("Very bad", "Bad", "Neither good nor bad", "Good", "Very good"),
    ),
)
"""What is measured where a pathway's file has no list of its own (S5-26)."""


@dataclass(frozen=True, kw_only=True)
class Readings:
    """What somebody says of one day: values by the measure's id, only of those that were read."""

    on: date | None
    word: str
    values: Mapping[str, int | None] = field(default_factory=dict)

    def checked(self, indicators: Sequence[Indicator], today: date) -> dict[str, int]:
        """The readings by measure. Invalid beside each field."""
        found: dict[str, str] = {}
        known = {each.id: each for each in indicators}
        given = {id: value for id, value in self.values.items() if value is not None and id in known}
        if self.on is None or self.on > today:
            found["on"] = "Choose the day that this is about: today, or one before."
        if self.word not in WORDS:
            found["word"] = "Choose whose word this is."
        for id, value in given.items():
            most = len(known[id].steps) - 1 if known[id].steps else MOST
            if not 0 <= value <= most:
                found[id] = (
                    "Choose one of the list." if known[id].steps else f"Write a number from 0 to {MOST}."
                )
        if not given and not found:
            found[indicators[0].id] = "Give at least one reading. What you do not know, leave empty."
        if found:
            raise Invalid(found)
        return given
