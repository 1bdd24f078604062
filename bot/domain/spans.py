"""Spans of time and their arithmetic: half-open, aware, and never empty."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, order=True)
class Span:
    """From `start` up to, not including, `end`. Raises ValueError when empty, reversed or without a zone."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a span needs times with a zone")
        if self.start >= self.end:
            raise ValueError("a span must end after it starts")

    def touches(self, other: "Span") -> bool:
        """Whether the two share any moment; spans that only meet end to end do not."""
        return self.start < other.end and other.start < self.end

    def holds(self, other: "Span") -> bool:
        """Whether the other lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time as the fewest spans, in order, those that touch or meet joined."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            if span.end > joined[-1].end:
                joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(joined)


def without(spans: Iterable[Span], taken: Iterable[Span]) -> tuple[Span, ...]:
    """What is left of the spans when the taken time is cut out."""
    left: list[Span] = []
    cuts = merged(taken)
    for span in merged(spans):
        at = span.start
        for cut in cuts:
            if cut.end <= at:
                continue
            if cut.start >= span.end:
                break
            if cut.start > at:
                left.append(Span(at, cut.start))
            at = cut.end
        if at < span.end:
            left.append(Span(at, span.end))
    return tuple(left)


def within(spans: Iterable[Span], window: Span) -> tuple[Span, ...]:
    """The parts of the spans that lie inside the window, merged."""
    return tuple(
        Span(max(span.start, window.start), min(span.end, window.end))
        for span in merged(spans)
        if span.touches(window)
    )


def at_local(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """A wall-clock time somewhere, as the UTC instant it is on that day."""
    return datetime.combine(day, hour, zone).astimezone(UTC)


def whole_days(first: date, last: date, zone: ZoneInfo) -> Span:
    """From the first midnight to the last, both dates included: 23 or 25 hours where the clocks change."""
    return Span(at_local(first, time(), zone), at_local(last + timedelta(days=1), time(), zone))
