"""How a professional disagreement climbs, tier by tier, and never stops half-way (S2-45, S5-10, T23).

Pure: the caller brings the tiers, who raised it and the moments. Case work goes on meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.states import Machine
from bot.domain.workdays import Length, Unit


@dataclass(frozen=True, kw_only=True)
class Tier:
    """One tier: what people call it, the role that answers there, and how long it has.

    `register_tier`: only somebody of that number or above in the contact register, where there is one (S5-02).
    """

    title: str
    role: str
    within: Length
    register_tier: int | None = None


@dataclass(frozen=True, kw_only=True)
class DisputeRule:
    """The tiers of a pathway, the lowest first."""

    tiers: tuple[Tier, ...]


DEFAULT = DisputeRule(
    tiers=(
        Tier(title="Line managers", role="agency_lead", within=Length(1, Unit.WD)),
        Tier(title="Coordinator", role="coordinator", within=Length(1, Unit.WD)),
        Tier(title="Chair", role="chair", within=Length(5, Unit.WD)),
        Tier(title="Board", role="board", within=Length(5, Unit.WD)),
    )
)
"""For a pathway that names none: the lowest level first, the board last (T23; the lengths are proposals)."""

KIND_WORDS = {
    "partner": "A concern about a partner",
    "threshold": "A threshold is disputed",
    "closure": "An objection to closing the case",
}
"""What a dispute may be about, as people read it; nothing of what it says."""

STATE_WORDS = {
    "open": "Open",
    "resolved": "Resolved",
    "unresolved": "Recorded as unresolved",
}


DISPUTE = Machine(
    "concern",
    {
        "resolved": {"open": "resolved"},
        "unresolved": {"open": "unresolved"},
    },
)
"""How a dispute ends; that it climbs changes its tier alone."""


def first_tier(owners: Sequence[str | None], raised_by: str) -> int:
    """The tier, from 0, at which a dispute begins: the lowest whose owner did not raise it; the last one if none."""
    for number, owner in enumerate(owners):
        if owner is not None and owner != raised_by:
            return number
    return len(owners) - 1
