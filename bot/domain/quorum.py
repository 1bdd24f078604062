"""Whether enough agencies are there, or will be: counted by agency, never by head (S3-30, calendar.md section 6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.pathway import Quorum
from bot.domain.people import Agency


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a count of agencies stands to the rule. `lacking` are the types of agency that must be there and are not."""

    counted: int
    needed: int
    lacking: tuple[str, ...]

    @property
    def quorate(self) -> bool:
        """Whether the rule is met."""
        return self.counted >= self.needed and not self.lacking


class Outlook(StrEnum):
    """What the answers so far promise."""

    QUORATE = "quorate"  # those who have accepted are enough
    WAITING = "waiting"  # enough could still come
    AT_RISK = "at_risk"  # even if everybody else accepts, it falls short


def standing(rule: Quorum, agencies: Iterable[Agency]) -> Standing:
    """How these agencies stand to the rule; an agency that is named twice counts once."""
    there = {agency.id: agency.type for agency in agencies}
    types = set(there.values())
    return Standing(
        counted=len(there),
        needed=rule.min_agencies,
        lacking=tuple(type for type in rule.required if type not in types),
    )


def outlook(rule: Quorum, coming: Iterable[Agency], waiting: Iterable[Agency]) -> Outlook:
    """What to expect of a meeting: `coming` have accepted (or tentatively), `waiting` have not answered yet."""
    accepted = list(coming)
    if standing(rule, accepted).quorate:
        return Outlook.QUORATE
    return Outlook.WAITING if standing(rule, [*accepted, *waiting]).quorate else Outlook.AT_RISK
