"""The picture of the times found, and what is read out in its place: agencies, dates and a reference, no person."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.slot_chart import Chart


@dataclass(frozen=True, kw_only=True)
class TimesPicture:
    """`title` is the case's reference, or the meeting's kind where it has none; `names` the agencies' by id."""

    title: str
    chart: Chart
    names: Mapping[str, str]
