"""When an entry of the contact register has to be looked at again, and cells that a spreadsheet must not run."""

import re
from datetime import date

GAP = 5
"""Working days between one step of the question and the next; nobody is asked twice within a week."""

AGAIN = 20
"""Working days after which somebody who never answered is asked once more; the coordinator's Home lists them."""

LEAST_AT_ONCE, SPREAD_OVER = 3, 60

_RUN, _GUARDED = re.compile(r"'*[=+\-@\t\r]"), re.compile(r"'+[=+\-@\t\r]")


def is_due(verified_on: date | None, today: date, after: int) -> bool:
    """Whether an entry is to be checked: `after` calendar days since it was, or never (S5-30, T24)."""
    return verified_on is None or (today - verified_on).days >= after


def at_once(people: int) -> int:
    """How many are asked on one morning at most, so that a register imported on one day is not asked on one day."""
    return max(LEAST_AT_ONCE, -(-people // SPREAD_OVER))


def guarded(cell: str) -> str:
    """The cell as a spreadsheet shows it and does not run it; `unguarded` gives it back, whatever it is."""
    return f"'{cell}" if _RUN.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before it was guarded."""
    return cell[1:] if _GUARDED.match(cell) else cell
