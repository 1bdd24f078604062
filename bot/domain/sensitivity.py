"""How far a field may travel: the five classes of model.md section 2 and the one rule about them (IG-01, IG-03)."""

from enum import IntEnum


class Sensitivity(IntEnum):
    """Declared by every field that is stored; a field without one fails the build."""

    PUBLIC = 0
    """Configuration: pathways, categories, agencies' names."""
    OPERATIONAL = 1
    """References, dates, states, which professional is to do what."""
    PERSONAL = 2
    """Says who somebody is."""
    SPECIAL = 3
    """Health, crime, narrative: special category or criminal."""
    SAFETY = 4
    """A leak can cause physical harm: a safe address, a link to the perpetrator, the fact of a disclosure."""


CHANNEL_LIMIT = Sensitivity.OPERATIONAL


def may_leave(mark: int) -> bool:
    """Whether a field of this class may stand in a channel, preview, calendar entry, outbox row or log (IG-01)."""
    return mark <= CHANNEL_LIMIT
