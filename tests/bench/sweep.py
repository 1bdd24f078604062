"""What an idle look for nudges costs, at a thousand and at a million open actions (design.md rule 11).

Both databases are SQLite files, filled by one statement each; the actions, all invented, are due in the future.
"""

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from plan_builders import PRACTICE, add_action, at, settle

from bot.storage.engine import connect
from bot.storage.migrate import migrate
from bot.storage.transaction import transactions
from bot.usecases.nudge import nudge

NOW = at("2026-03-02", "09:00")
LOOKS = 300
GOAL = 2.0


def rows() -> list[dict[str, Any]]:
    """One row for the table of `make bench`; takes about half a minute, most of it to write a million actions."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        few = _looker(Path(folder) / "few.db", 1_000, stack)
        many = _looker(Path(folder) / "many.db", 1_000_000, stack)
        costs = _in_turns(few, many)
    small, large = (median(each) * 1000 for each in costs)
    return [
        {
            "name": "idle_sweep_growth",
            "ours": round(large, 3),
            "reference": round(small, 3),
            "ratio": round(large / small, 2),
            "unit": "ms",
            "goal": GOAL,
            "note": f"CPU of a look that finds nothing due, median of {LOOKS}: 1,000,000 open actions against 1,000",
        }
    ]


def _looker(path: Path, actions: int, stack: ExitStack) -> Callable[[], float]:
    """A function that looks once and says how many seconds of processor time it took."""
    engine = connect(f"sqlite:///{path}")
    stack.callback(engine.dispose)
    migrate(engine)
    begin = transactions(engine)
    settle(begin)
    with begin() as work:
        add_action(work, state="accepted")
    _multiply(path, actions)

    def look() -> float:
        start = time.process_time()
        found = nudge(begin, PRACTICE, NOW)
        assert found.looked == 0
        return time.process_time() - start

    return look


def _multiply(path: Path, actions: int) -> None:
    """Copies of the one action, each with an id of its own and a next step spread over the coming year."""
    db = sqlite3.connect(path)
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA cache_size = -500000")
    names = [name for _, name, *_ in db.execute("PRAGMA table_info(action)")]
    first = datetime.fromisoformat(db.execute("SELECT next_at FROM action").fetchone()[0])
    own = {
        "id": "printf('b%07d', i)",  # in order, so that a million of them are written in seconds
        "ref": "printf('CV-%07d', i)",
        "source": "printf('bench:%07d', i)",
        "number": "i + 1",
        "next_at": f"strftime('%Y-%m-%d %H:%M:%f', '{first:%Y-%m-%d %H:%M:%S}', '+' || (i % 365) || ' days')",
    }
    db.execute(
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {actions - 1})"
        f" INSERT INTO action ({', '.join(names)})"
        f" SELECT {', '.join(own.get(name, f'action.{name}') for name in names)} FROM n, action"
        f" WHERE action.id = 'a-7k4qmx-1'"
    )
    db.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def _in_turns(*looks: Callable[[], float]) -> list[list[float]]:
    """Each in turn, so that whatever else the machine does falls on both; the first ten are not counted."""
    for look in looks * 10:
        look()
    return [list(costs) for costs in zip(*([look() for look in looks] for _ in range(LOOKS)), strict=True)]


if __name__ == "__main__":
    for row in rows():
        print(row)  # noqa: T201
