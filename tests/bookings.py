"""One invented meeting and its people, for whichever calendar keeps it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.spans import Span
from bot.gateways.booking import Booking, Guest

ORGANISER = "meetings@aldermere.example"
TOM, RUTH, PRIYA = "tom@aldermere.example", "ruth@aldermere.example", "priya@hearth.example"
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def a_booking(**but: Any) -> Booking:
    """A conference of one hour, with one who must come and one who may."""
    given: dict[str, Any] = {
        "key": "meeting-1", "kind": "conference", "reference": "CV-7K4QMX", "start": NINE, "end": NINE + HOUR,
        "guests": (Guest(address=TOM, required=True), Guest(address=PRIYA, required=False)),
    }  # fmt: skip
    return Booking(**given | but)


def hours(first: float, last: float) -> Span:
    """From so many hours after nine to so many."""
    return Span(NINE + timedelta(hours=first), NINE + timedelta(hours=last))
