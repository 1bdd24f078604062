"""A risk tool plugged into a pathway: its questions, its score and its bands. It counts; it never decides."""

from dataclasses import dataclass

from bot.domain.questions import UNKNOWN, Answers, Field
from bot.domain.workdays import Length


@dataclass(frozen=True, kw_only=True)
class Band:
    """A named stretch of a tool's score, from `at_least` ticks up to the next band."""

    id: str
    label: str
    at_least: int


@dataclass(frozen=True, kw_only=True)
class Score:
    """How many questions were answered yes, no, and unknown; a blank is none of the three."""

    yes: int
    no: int
    unknown: int
    asked: int

    @property
    def at_most(self) -> int:
        """What the score would be if every question not answered yes or no turned out to be a yes."""
        return self.asked - self.no


@dataclass(frozen=True, kw_only=True)
class ToolSlot:
    """A risk tool; its questions are yes / no / unknown fields.

    `invented` marks an example of ours that no real case may rest on (model.md section 11, item 3).
    Bands run from the lowest up, the first from 0. An answered one is good for `valid`, None for as long as may be.
    """

    id: str
    version: str
    title: str
    invented: bool
    notice: str
    questions: tuple[Field, ...]
    bands: tuple[Band, ...]
    valid: Length | None = None

    def score(self, answers: Answers) -> Score:
        """Count the answers; judgement is recorded beside the number and may overrule it upwards (rule 4)."""
        given = [answers.get(question.id) for question in self.questions]
        yes, no, unknown = (given.count(answer) for answer in ("yes", "no", UNKNOWN))
        return Score(yes=yes, no=no, unknown=unknown, asked=len(self.questions))

    def band(self, score: Score) -> Band:
        """The band that the score falls in."""
        return [band for band in self.bands if band.at_least <= score.yes][-1]
