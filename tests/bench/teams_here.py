"""Whether there is a Teams to measure: on a Mac with an Intel processor its package does not exist."""

from importlib.util import find_spec
from typing import Any

PACKAGE = "microsoft_teams"


def skipped(*names: str) -> list[dict[str, Any]]:
    """A row for each name that says why it was not measured; none where the package is here."""
    if find_spec(PACKAGE) is not None:
        return []
    nothing = {"ours": None, "reference": None, "ratio": None, "unit": "", "goal": None}
    return [{"name": name, **nothing, "note": f"skipped: {PACKAGE} is not installed here"} for name in names]
