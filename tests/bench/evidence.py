"""What a year's report to the board costs, over 5,000 cases and over 500, and how much memory it takes.

Both databases are SQLite files of invented cases, written without the program. A report is made by a process
of its own, so that its peak of memory is its own; it makes the whole of it, page, figures and plots.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

ROOT = Path(__file__).resolve().parents[2]
FEW, MANY = 500, 5_000
GROWTH_GOAL = 6.0
"""Ten times the cases, and less than as many times the work: counting is the database's, and drawing costs the same."""

MEMORY_GOAL = 160
"""Megabytes in all, the interpreter and every library with them."""


def rows() -> list[dict[str, Any]]:
    """Two rows for the table of `make bench`; takes about a minute, most of it to write the cases."""
    from year_of_cases import fill

    with tempfile.TemporaryDirectory() as folder:
        found = {}
        for cases in (FEW, MANY):
            path = Path(folder) / f"{cases}.db"
            fill(path, cases)
            found[cases] = min(_made(path, Path(folder)) for _ in range(3))
    (few, _), (many, memory) = found[FEW], found[MANY]
    return [
        {
            "name": "board_report_growth",
            "ours": round(many * 1000),
            "reference": round(few * 1000),
            "ratio": round(many / few, 2),
            "unit": "ms",
            "goal": GROWTH_GOAL,
            "note": f"CPU of a year's report to the board, page, figures and plots: {MANY} cases against {FEW}",
        },
        {
            "name": "board_report_rss_mb",
            "ours": memory,
            "reference": None,
            "ratio": None,
            "unit": "MB",
            "goal": MEMORY_GOAL,
            "note": f"the most that a process of its own takes for that report over {MANY} cases",
        },
    ]


def _made(path: Path, folder: Path) -> tuple[float, int]:
    """Seconds of processor time for the report alone, and the process's peak of memory in megabytes."""
    said = subprocess.run(
        [sys.executable, __file__, str(path), str(folder / "out")],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
    ).stdout.split()
    return float(said[0]), int(said[1])


def _make(path: Path, folder: Path) -> None:
    from year_of_cases import NOW, YEAR, practice

    from bot.render import Render
    from bot.reporting import write_report
    from bot.storage.engine import connect
    from bot.storage.transaction import transactions
    from bot.usecases.reports.make import make_report

    begin, aldermere, render = transactions(connect(f"sqlite:///{path}")), practice(), Render()
    start = time.process_time()
    write_report(make_report(begin, aldermere, "board", YEAR, by="bench", now=NOW), folder, render)
    taken = time.process_time() - start
    print(taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)  # noqa: T201


if __name__ == "__main__":
    if len(sys.argv) == 3:
        _make(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        for row in rows():
            print(row)  # noqa: T201
