"""When somebody is asked about an interim measure or about a review that the record calls for (S5-15, S5-22, S5-27).

Pure. A measure never lapses by itself: it stands until a person ends it, and past its end more people hear of it with
every step (T18; design.md rule 8). The steps are those of the ladder of actions (bot.domain.nudges).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.errors import Invalid
from bot.domain.nudges import Climb, Days, Ladder, Plain, Step

ENDING = (
    Plain(offset=-2, to=("author", "coordinator")),
    Plain(offset=0, to=("author", "coordinator")),
    Plain(offset=1, to=("chair", "coordinator")),
    Plain(offset=5, to=("board", "coordinator")),
)
"""Working days from a measure's last day, and who is asked: two before it (T18), on it, and ever wider after it (P)."""

REVIEWING = (
    Plain(offset=0, to=("coordinator",)),
    Plain(offset=1, to=("chair", "coordinator")),
    Plain(offset=5, to=("board", "coordinator")),
)
"""The same from the day on which a measure is to be looked at again, until it has been (S5-27)."""

CALLED = (
    Plain(offset=0, to=("coordinator",)),
    Plain(offset=1, to=("chair", "coordinator")),
    Plain(offset=3, to=("board", "coordinator")),
)
"""The same from the day by which a call for a review is to be answered (P)."""

ANSWER_WITHIN = 1
"""Working days in which the coordinator answers a call for a review (P)."""

RESULTS = {
    "safer": "Safer",
    "same": "Neither safer nor less safe",
    "less_safe": "Less safe",
    "not_known": "Not known",
}
"""What is said of the person's safety when a measure ends (S5-43); nothing is reckoned from it."""


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """An interim measure as it is agreed: what, why, for how long, and why nothing less would do (S5-15, S5-43)."""

    measure: str
    why: str
    least: str
    agreed_by: str
    starts_on: date | None
    ends_on: date | None
    review_on: date | None

    def checked(self, today: date) -> None:
        """Invalid, beside each field; an end is always needed, and a look before it."""
        found = {}
        for field, text, ask in (
            ("measure", self.measure, "Say in a sentence what is done or not done meanwhile."),
            ("why", self.why, "Say in a sentence what it protects from."),
            ("least", self.least, "Say in a sentence why nothing less restricting would do."),
            ("agreed_by", self.agreed_by, "Say who agreed to it: the person, and which agencies."),
        ):
            if len(text.strip()) < 10:
                found[field] = ask
        if self.starts_on is None:
            found["starts_on"] = "Choose the day from which it stands."
        start = self.starts_on or today
        if self.ends_on is None:
            found["ends_on"] = "Choose the day on which it ends. A measure without an end cannot be recorded."
        elif self.ends_on < max(start, today):
            found["ends_on"] = "Choose a day that is not past, on or after the first day."
        elif self.review_on is None or not today <= self.review_on <= self.ends_on:
            found["review_on"] = "Choose a day from today up to the last day."
        if found:
            raise Invalid(found)


@dataclass(frozen=True, kw_only=True)
class Watch:
    """The steps of one thing that waits for a person's word: ladders from several days, climbed together."""

    ladders: tuple[tuple[str, Ladder], ...]

    def climb(self, after: date, today: date) -> tuple[tuple[str, Step], ...]:
        """What to send today, with the name of its ladder; steps missed since `after` are overtaken by the latest."""
        found: list[tuple[str, Step]] = []
        for name, ladder in self.ladders:
            climbed: Climb = ladder.climb(after, today)
            found += [(name, step) for step in climbed.now]
        return tuple(found)

    def next_day(self, after: date) -> date:
        """The first day after `after` on which somebody is asked: there always is one."""
        return min(ladder.next_day(after) for _, ladder in self.ladders)


def measure_watch(ends_on: date, review_on: date, days: Days, *, reviewed: bool) -> Watch:
    """Of an interim measure: its end, and its review while that has not been held."""
    ladders = [("end", _ladder(ends_on, ENDING, days))]
    if not reviewed and review_on < ends_on:
        ladders.append(("review", _ladder(review_on, REVIEWING, days)))
    return Watch(ladders=tuple(ladders))


def call_watch(due: date, days: Days) -> Watch:
    """Of a call for a review that nobody has answered."""
    return Watch(ladders=(("call", _ladder(due, CALLED, days)),))


def _ladder(due: date, rungs: Sequence[Plain], days: Days) -> Ladder:
    return Ladder(due=due, rungs=rungs, days=days)
