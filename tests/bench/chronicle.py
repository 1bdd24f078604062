"""What opening a case's chronology costs with 2,000 entries, against one with 20 (S5-21).

Both cases stand in one SQLite file; everything in them is invented. The newest page is opened, whole: access, query,
lines, audit. By turns, so that whatever else the machine does falls on both.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from plan_builders import PRACTICE, a_case, at, person, settle

from bot.domain.chronology import Reading
from bot.storage.chronology_tables import ChronologyRow
from bot.storage.engine import connect
from bot.storage.migrate import migrate
from bot.storage.transaction import Begin, transactions
from bot.usecases.chronology import PAGE, open_chronology

NOW = at("2026-03-02", "09:00")
FEW, MANY, OPENINGS = 20, 2_000, 200
GOAL = 2.0
STORY = "An invented person said an invented thing, in a sentence as long as such sentences are. " * 6


def rows() -> list[dict[str, Any]]:
    """One row for the table of `make bench`; takes some seconds."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        engine = connect(f"sqlite:///{Path(folder) / 'record.db'}")
        stack.callback(engine.dispose)
        migrate(engine)
        begin = transactions(engine)
        settle(begin)
        with begin() as work:
            a_case(work, "CV-3NGHJK")
        few, many = _opener(begin, "c-3nghjk", FEW), _opener(begin, "c-7k4qmx", MANY)
        costs = _in_turns(few, many)
    small, large = (median(each) * 1000 for each in costs)
    return [
        {
            "name": "chronology_2000_vs_20",
            "ours": round(large, 3),
            "reference": round(small, 3),
            "ratio": round(large / small, 2),
            "unit": "ms",
            "goal": GOAL,
            "note": f"CPU of opening the newest page, median of {OPENINGS}: a case of {MANY:,} entries against {FEW}",
        }
    ]


def _opener(begin: Begin, case_id: str, entries: int) -> Callable[[], float]:
    """A function that opens the case's chronology and says how many seconds of processor time it took."""
    with begin() as work:
        for n in range(entries):
            happened = NOW - timedelta(hours=7 * n)
            work.session.add(
                ChronologyRow(
                    id=f"{case_id}-{n:05d}",
                    case_id=case_id,
                    kind="fact",
                    happened_at=happened,
                    recorded_at=happened + timedelta(hours=n % 50),
                    author_id="helen",
                    agency_id="housing",
                    text=STORY,
                    source="A colleague",
                )
            )
    by = person(begin, "cora")

    def opened() -> float:
        start = time.process_time()
        page = open_chronology(begin, PRACTICE, case_id, Reading(), 1, by=by, now=NOW)
        spent = time.process_time() - start
        assert (len(page.lines), page.total) == (PAGE, entries)
        return spent

    return opened


def _in_turns(*openings: Callable[[], float]) -> list[list[float]]:
    """Each in turn; the first ten are not counted."""
    for opened in openings * 10:
        opened()
    turns = ([opened() for opened in openings] for _ in range(OPENINGS))
    return [list(costs) for costs in zip(*turns, strict=True)]


if __name__ == "__main__":
    for row in rows():
        print(row)  # noqa: T201
