"""Who else knows this person: which agencies are asked, until when, and when they are asked again (S2-48, T09).

Pure: the caller brings the dates. An agency that has not answered has said nothing: never "no" (design.md rule 7).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal, Protocol

from bot.domain.nudges import OWNER, Ladder, Plain


class Said(StrEnum):
    """What an agency has said; `NONE` is no reply yet."""

    NONE = "none"
    KNOWN = "known"
    NOT_KNOWN = "not_known"


LOOKED_UP_BY = ("name", "aliases", "born", "age_estimate", "nhs_number", "address")
"""The questions of a form by whose answers an agency can look somebody up, where the pathway names no others."""

TOO_SECRET = 4
"""The sensitivity from which an answer is never used for looking somebody up: a safe address, who causes harm."""

SUBJECTS = {
    "subject": "The person",
    "perpetrator": "The person causing harm",
    "child": "The children",
    "adult": "Other adults at risk",
}
"""About whom agencies are asked what they hold (forms.md section 5), by what a question's `about` says."""

RUNGS = (
    Plain(offset=-1, to=(OWNER,)),
    Plain(offset=0, to=(OWNER,)),
    Plain(offset=1, to=("deputy", "agency_lead")),
    Plain(offset=2, to=("coordinator",)),
)
"""Who hears that an agency is silent, in working days from the day until which it was asked (P)."""


@dataclass(frozen=True, kw_only=True)
class InvolvementRule:
    """How a pathway asks the area's agencies who knows the person; left out of a file, these are its settings.

    `ask`: types of agency, none for all that the pathway invites. `starts`: by itself when triage accepts, or when the
    coordinator or chair presses. Answers are due `due_wd` working days after asking, and never later than
    `before_meeting_wd` working days before the meeting that hears the case. `expertise`: types of agency without whose
    answer something is missing (S4-15). `identify`: the questions by whose answers somebody can be looked up.
    """

    ask: tuple[str, ...] = ()
    starts: Literal["acceptance", "press"] = "press"
    due_wd: int = 3
    before_meeting_wd: int = 1
    expertise: tuple[str, ...] = ()
    identify: tuple[str, ...] = ()


class Days(Protocol):
    """The working days of one nation (bot.domain.workdays)."""

    def shift(self, day: date, n: int) -> date: ...

    def next(self, day: date) -> date: ...


def due_on(rule: InvolvementRule, asked: date, days: Days, held: date | None = None) -> date:
    """The day until which an answer is wanted: after asking, and before the meeting on the day `held`, if there is one.

    Never before the day of asking.
    """
    due = days.shift(asked, rule.due_wd)
    if held is not None:
        due = min(due, days.shift(held, -rule.before_meeting_wd))
    return max(due, asked)


def ladder(due: date, days: Days) -> Ladder:
    """The steps at which a silent agency is asked again; after the last it goes on knocking (design.md rule 8)."""
    return Ladder(due=due, rungs=RUNGS, days=days)


def lacking(expertise: Iterable[str], answered: Iterable[str]) -> tuple[str, ...]:
    """The types of agency that the pathway needs to hear from and has not, in the pathway's order (S4-15)."""
    heard = set(answered)
    return tuple(type for type in expertise if type not in heard)
