"""The proof sentence: how soon people acted on a concern, from the record's own moments and nothing else (S5-36).

Each part stands only when its moment is on record and lies after the concern; there is nothing in it to fill in, so
it cannot claim what did not happen. Hours are clock hours that have begun: an hour and a minute is told as 2 h, for a
standard of 48 hours missed by a minute was missed. It names nobody, no place and no date.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

LONG = timedelta(hours=100)
"""From here on hours are hard to take in, and whole days are told."""


@dataclass(frozen=True, kw_only=True)
class Moments:
    """What the record holds of one case, each None where it holds nothing.

    `decided_at`: a named person first decided on the concern. `safeguards_at`: the first action was agreed in a
    discussion, before there was a plan. `met_at`: at least two agencies began to discuss it together. `planned_at`: a
    panel or a review ended with actions agreed.
    """

    received_at: datetime
    decided_at: datetime | None = None
    safeguards_at: datetime | None = None
    met_at: datetime | None = None
    planned_at: datetime | None = None


def sentence(moments: Moments, zone: str) -> str:
    """What can be proved, "Interim safeguards agreed at 30 h; joint discussion at 31 h."; "" for nothing.

    A day is that of `zone`. ValueError for a moment without a zone.
    """
    parts = []
    if decided := _since(moments, moments.decided_at):
        local = ZoneInfo(zone)
        same = moments.received_at.astimezone(local).date() == decided.astimezone(local).date()
        when = "the same day" if same else _at(moments, decided)
        parts.append(f"a named person decided on the concern {when}")
    safeguards, planned = _since(moments, moments.safeguards_at), _since(moments, moments.planned_at)
    if safeguards and (planned is None or safeguards < planned):
        parts.append(f"interim safeguards agreed {_at(moments, safeguards)}")
    if met := _since(moments, moments.met_at):
        parts.append(f"joint discussion {_at(moments, met)}")
    if planned:
        parts.append(f"plan agreed {_at(moments, planned)}")
    told = "; ".join(parts)
    return f"{told[:1].upper()}{told[1:]}." if told else ""


def hours(start: datetime, end: datetime) -> int:
    """Clock hours begun from one moment to a later one, whatever the clocks on the wall did in between (T04).

    ValueError for a moment without a zone, and for an end before its start.
    """
    if start.tzinfo is None or end.tzinfo is None:
        raise ValueError("hours between moments without a zone cannot be counted")
    taken = end.astimezone(UTC) - start.astimezone(
        UTC
    )  # two moments of one zone are else taken as on the wall
    if taken < timedelta():
        raise ValueError("the end lies before its start")
    return -(-taken // timedelta(hours=1))


def _since(moments: Moments, at: datetime | None) -> datetime | None:
    """The moment where it proves anything: not before the concern itself."""
    if at is None or at.astimezone(UTC) < moments.received_at.astimezone(UTC):
        return None
    return at


def _at(moments: Moments, at: datetime) -> str:
    begun = hours(moments.received_at, at)
    if timedelta(hours=begun) < LONG:
        return f"at {begun} h"
    return f"at {-(-begun // 24)} days"
