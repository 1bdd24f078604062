"""`make bench`: every measurement of this folder in one table, and in var/bench.json.

A module here that has `rows()` is a measurement; its rows are ratios within this one run, so that they mean the
same on any machine. `python tests/bench/run.py slots sweep` runs only those. Ends with 1 when a goal is missed, a
measurement failed, or one of the agreed names was not measured.
"""

import ast
import json
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FILE = ROOT / "var" / "bench.json"
KEYS = ("name", "ours", "reference", "ratio", "unit", "goal", "note")

Row = dict[str, Any]

AGREED: dict[str, tuple[str, str]] = {
    "accept_press_cpu": ("ratio", "at most"),
    "open_form_p99_ms": ("ours", "at most"),
    "graph_create_cpu": ("ratio", "at most"),
    "graph_200_diaries_calls": ("ratio", "at most"),
    "idle_sweep_growth": ("ratio", "at most"),
    "chronology_2000_vs_20": ("ratio", "at most"),
    "slots_12x21_vs_naive": ("ratio", "at least"),
    "slots_200x60_vs_naive": ("ratio", "at least"),
    "slots_12x21_vs_portion": ("ratio", "at least"),
    "slots_12x21_vs_intervaltree": ("ratio", "at least"),
    "slots_50x60_vs_portion": ("ratio", "at least"),
    "slots_50x60_vs_intervaltree": ("ratio", "at least"),
    "slots_200x60_vs_portion": ("ratio", "at least"),
    "slots_200x60_vs_intervaltree": ("ratio", "at least"),
    "slots_2000x60_vs_naive": ("ratio", "at least"),
    "slots_2000x60_vs_portion": ("ratio", "at least"),
    "slots_2000x60_vs_intervaltree": ("ratio", "at least"),
    "teams_accept_cpu": ("ratio", "at most"),
    "graph_create_vs_entities": ("ratio", "at least"),
    "teams_flood_ack_p99_ms": ("ours", "at most"),
    "ready_seconds": ("ours", "at most"),
    "rss_mb": ("ours", "at most"),
    "board_report_growth": ("ratio", "at most"),
    "board_report_rss_mb": ("ours", "at most"),
}
"""The fixed names; which number of a row is held to its goal, and how."""


def main(wanted: Sequence[str]) -> int:
    """Measure, print, write down; the exit code."""
    rows: list[Row] = []
    broken = False
    for name in measurements():
        if wanted and name not in wanted:
            continue
        began = time.monotonic()
        say(f"measuring {name} …")
        try:
            rows += [checked(row) for row in import_module(name).rows()]
        except Exception:  # the others are worth having all the same
            broken = True
            traceback.print_exc()
        say(f"… {name}: {time.monotonic() - began:.0f} s")
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    say("\n" + table(rows) + f"\n\nWritten to {FILE.relative_to(ROOT)}.")
    lacking = [] if wanted else sorted(set(AGREED) - {row["name"] for row in rows})
    missed = [row["name"] for row in rows if met(row) is False]
    for what, names in (("Not measured", lacking), ("Goal missed", missed)):
        if names:
            say(f"{what}: {', '.join(names)}")
    return 1 if broken or lacking or missed else 0


def measurements() -> list[str]:
    """The modules of this folder that have `rows`."""
    found = []
    for path in sorted(HERE.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(each, ast.FunctionDef) and each.name == "rows" for each in tree.body):
            found.append(path.stem)
    return found


def checked(row: Row) -> Row:
    """The row in the agreed order of its keys. ValueError names what it lacks or has beside them."""
    if set(row) != set(KEYS):
        raise ValueError(f"{row.get('name')}: has {sorted(row)}, and should have {sorted(KEYS)}")
    return {key: row[key] for key in KEYS}


def met(row: Row) -> bool | None:
    """Whether the goal was met; None where there is none."""
    if row["goal"] is None:
        return None
    number, how = AGREED.get(row["name"], ("ours" if row["ratio"] is None else "ratio", "at most"))
    return bool(row[number] <= row["goal"] if how == "at most" else row[number] >= row["goal"])


def table(rows: Sequence[Row]) -> str:
    """The rows as text in columns, each with its note below."""
    return "\n".join(_lines(rows))


def _lines(rows: Sequence[Row]) -> Iterator[str]:
    form = "{:<28}{:>12}{:>12}{:>9}  {:<6}{:<18}{}"
    yield form.format("name", "ours", "reference", "ratio", "unit", "goal", "met").rstrip()
    for row in rows:
        how = AGREED.get(row["name"], ("ratio", "at most"))[1]
        goal = "" if row["goal"] is None else f"{how} {row['goal']}"
        verdict = {True: "yes", False: "NO", None: ""}[met(row)]
        numbers = (_number(row[key]) for key in ("ours", "reference", "ratio"))
        yield form.format(row["name"], *numbers, row["unit"], goal, verdict).rstrip()
        yield f"    {row['note']}"


def _number(value: object) -> str:
    return "" if value is None else f"{value:,.2f}" if isinstance(value, float) else str(value)


def say(text: str) -> None:
    """To the terminal, at once."""
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.path[:0] = [str(HERE), str(HERE.parent)]
    raise SystemExit(main(sys.argv[1:]))
