"""What has to be on record before a case counts as heard (model.md section 3, guards of `hear` and `agree_plan`)."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.pathway import Prompt

NO_ACTION = "no_further_action"
"""The kind of decision, in a pathway's list, that says with reasons that nothing is to be done."""


class Lack(StrEnum):
    """What the chair still has to record for a case."""

    VOICE = "voice"  # the person's views, or why there are none (S2-18)
    PROMPTS = "prompts"  # questions of the pathway not yet put, the perpetrator's among them (S4-07)
    PLAN = "plan"  # an action, or a decision that there is none (S3-28)
    RATING = "rating"  # the risk as the meeting sees it (S4-11)
    REVIEW = "review"  # whether there are new risks, at a review (S3-32)


@dataclass(frozen=True, kw_only=True)
class Record:
    """What was captured about one case in one meeting."""

    voice: bool
    prompts: frozenset[str]
    decisions: tuple[str, ...]
    actions: int
    rating: str | None
    reviewed: bool = False


def lacking(kind: str, prompts: Collection[Prompt], record: Record) -> tuple[Lack, ...]:
    """What is still missing, in the order in which a chair would take it; nothing for a mere discussion."""
    if kind == "discussion":
        return ()
    found = []
    if not record.voice:
        found.append(Lack.VOICE)
    if any(prompt.id not in record.prompts for prompt in prompts):
        found.append(Lack.PROMPTS)
    if not record.actions and NO_ACTION not in record.decisions:
        found.append(Lack.PLAN)
    if record.rating is None:
        found.append(Lack.RATING)
    if kind == "review" and not record.reviewed:
        found.append(Lack.REVIEW)
    return tuple(found)
