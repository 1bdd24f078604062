"""A case's rating, as people gave it, and what the pathway says follows at a review (S3-33, S4-11).

Nothing here rates anything: a meeting gives the rating, this only compares it with the last one (rule 6).
"""

from bot.domain.pathway import ReviewRule

RATINGS = ("low", "medium", "high", "very_high")

RATING_WORDS = {"low": "Low", "medium": "Medium", "high": "High", "very_high": "Very high"}


def trend(before: str | None, now: str) -> str:
    """`down`, `same` or `up` since the last rating; `first` where there was none."""
    if before is None:
        return "first"
    change = RATINGS.index(now) - RATINGS.index(before)
    return "same" if change == 0 else "up" if change > 0 else "down"


def still_at_risk(rule: ReviewRule, before: str | None, now: str, mitigated: bool) -> bool:
    """Whether the review rule takes hold: the risk has not fallen, or is high and nothing mitigates it.

    A review without an earlier rating to compare with counts as not reduced: unknown is never good news.
    """
    if rule.when == "high_and_unmitigated":
        return RATINGS.index(now) >= RATINGS.index("high") and not mitigated
    return trend(before, now) != "down"
