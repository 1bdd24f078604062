"""A simulated year as the bytes of a file: JSON, SVG with its text alternative, PNG."""

import json
from dataclasses import asdict
from datetime import date

from bot.picture import png, svg
from bot.simulation.outcome import Year
from bot.simulation.plot import sheet
from bot.simulation.tell import alternative


def as_json(year: Year) -> str:
    """Every number of the year, with each clock's percentage."""
    plain = asdict(year)
    for clock, told in zip(plain["clocks"], year.clocks, strict=True):
        clock["percent"] = told.percent
    return json.dumps(plain, indent=2, ensure_ascii=False, default=_plain) + "\n"


def drawn(year: Year, suffix: str) -> bytes:
    """The plot, `.svg` or `.png`; ValueError for any other."""
    if suffix == ".svg":
        return svg(sheet(year), alternative(year)).encode()
    if suffix == ".png":
        return png(sheet(year))
    raise ValueError(f"no plot can be drawn as {suffix}")


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be written")
