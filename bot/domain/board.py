"""A coordinator's board: which clock of a case runs out next, and what stands in its way.

Both are told, neither is weighed: the board counts and puts in order, people decide (design.md rule 6).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Block(StrEnum):
    """What a case waits for; the words are the templates'."""

    SECOND_FORM = "second_form"  # the referrer has not completed it (S3-20)
    NO_MEETING = "no_meeting"  # the clock of a stage runs, and no meeting of that stage is booked
    QUORUM = "quorum"  # by the answers so far, too few can come
    UNANSWERED = "unanswered"  # invitations without an answer
    NO_VIEWS = "no_views"  # a meeting is near, and the person's views are not on record (S2-18)
    TO_DECIDE = "to_decide"  # an extension, or an action that cannot be done, waits for the chair
    OVERDUE = "overdue"  # actions past their day
    NOT_ACCEPTED = "not_accepted"  # actions that their owner has not accepted yet (T14)
    NO_REVIEW = "no_review"  # a review is due and none is booked (T20)
    NO_RECEIPT = "no_receipt"  # referred on, and nobody has said that it arrived (S4-22)
    BREACH = "breach"  # something shared was recalled, and nobody has decided whether it is reported (IG-36)
    AGREEMENT = "agreement"  # closing is proposed, and agencies have not answered (S3-34)
    TO_CLOSE = "to_close"  # every agency has agreed, and the authoriser has not closed it


class Band(StrEnum):
    """How soon the next clock of a case runs out."""

    LATE = "late"
    TODAY = "today"
    WEEK = "week"  # within five working days
    LATER = "later"
    NONE = "none"  # no clock runs


WEEK = 5
"""Working days."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """A clock of a case: a stage's, a review's, or an action's; `days` are working days, negative when missed."""

    what: str
    on: date
    days: int


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A case as the board has it. `blocks` say how many of each there are, in the order of `Block`."""

    case_id: str
    ref: str
    next: Due | None
    blocks: dict[Block, int] = field(default_factory=dict)

    @property
    def band(self) -> Band:
        """How soon its next clock runs out."""
        if self.next is None:
            return Band.NONE
        if self.next.days < 0:
            return Band.LATE
        if self.next.days == 0:
            return Band.TODAY
        return Band.WEEK if self.next.days <= WEEK else Band.LATER


def soonest(clocks: Iterable[Due]) -> Due | None:
    """The clock that runs out first: the one with the fewest working days left, then the earlier day."""
    return min(clocks, key=lambda each: (each.days, each.on, each.what), default=None)


def in_order(standings: Iterable[Standing]) -> list[Standing]:
    """The fewest working days left first, cases without a clock last; of equals, the one with more in its way."""
    return sorted(
        standings,
        key=lambda each: (
            each.next is None,
            each.next.days if each.next else 0,
            -len(each.blocks),
            each.ref,
        ),
    )
