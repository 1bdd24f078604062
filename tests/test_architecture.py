"""Who may import what, as docs/architecture.md says, and the rules that a reader of imports can check.

The page is the rule: this module reads its table and holds the code to it.
"""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
BOT = ROOT / "bot"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")

INNER = ("domain", "pathways", "views", "storage", "usecases")
"""Rooms without an `async def`: reached through `await bot.run(usecase, ...)` (design rule: a synchronous core)."""

NEVER_PURE = {
    "asyncio",
    "http",
    "logging",
    "os",
    "pathlib",
    "shutil",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "sys",
}
NEVER_PURE |= {"tempfile", "threading", "time", "urllib"}


class Row(NamedTuple):
    inside: frozenset[str]
    outside: frozenset[str]


def table() -> dict[str, Row]:
    section = PAGE.partition("## Who may import what")[2].partition("\n## ")[0]
    rows = {}
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == 3:
            part, inside, outside = cells
            assert part.strip("`") not in rows, f"{part} stands in the table twice"
            rows[part.strip("`")] = Row(_names(inside), _names(outside))
    return rows


def _names(cell: str) -> frozenset[str]:
    return frozenset(name.strip() for name in cell.split(",")) - {"nothing"}


TABLE = table()


def files() -> list[Path]:
    return sorted(path for path in BOT.rglob("*.py") if path != BOT / "__init__.py")


def place_of(path: Path) -> str:
    """`usecases/looks/home` for bot/usecases/looks/home.py; a package's own file stands for the package."""
    return path.relative_to(BOT).with_suffix("").as_posix().removesuffix("/__init__")


def is_in(place: str, part: str) -> bool:
    return place == part or place.startswith(f"{part}/")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Everything imported anywhere in a file, in functions too: `bot/...` for ours, a top-level name for others."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (_target(alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{place_of(path)}:{node.lineno}: imports are absolute here"
            module = node.module or ""
            yield from (_target(f"{module}.{alias.name}", module) for alias in node.names)


def _target(name: str, module: str = "") -> str:
    if name.partition(".")[0] != "bot":
        return name.partition(".")[0]
    found = ROOT.joinpath(*name.split("."))
    is_module = found.is_dir() or found.with_suffix(".py").is_file()
    return (name if is_module or not module else module).replace(".", "/")


def strays(path: Path) -> list[str]:
    """What a file imports and may not, by the table."""
    place = place_of(path)
    rows = [part for part in TABLE if is_in(place, part)]
    if not rows:
        return [f"{place}: no row of the table in docs/architecture.md speaks for it"]
    inside = {min(rows, key=len)}.union(*(TABLE[part].inside for part in rows))
    outside = frozenset().union(*(TABLE[part].outside for part in rows))
    found = []
    for target in sorted(set(imports(path))):
        if target.startswith("bot/"):
            if not any(is_in(target.removeprefix("bot/"), part) for part in inside):
                found.append(f"{place} imports {target}")
        elif target != "bot" and target not in sys.stdlib_module_names and target not in outside:
            found.append(f"{place} imports {target}")
    return found


def test_every_import_is_one_that_the_table_allows():
    assert [
        stray
        for path in files()
        if path.name != "__init__.py" or path.stat().st_size
        for stray in strays(path)
    ] == []


def test_every_row_of_the_table_is_about_something_that_is_there():
    assert [part for part in TABLE if not (BOT / part).is_dir() and not (BOT / f"{part}.py").is_file()] == []


def test_every_room_that_a_row_names_is_there_too():
    named = frozenset().union(*(row.inside for row in TABLE.values()))
    assert [room for room in named if not (BOT / room).is_dir() and not (BOT / f"{room}.py").is_file()] == []


def test_a_stray_import_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The test of the test: inside a function, as a name of a package, and from outside."""
    room = tmp_path / "domain"
    room.mkdir()
    file = room / "leaky.py"
    file.write_text(
        "def f():\n    from bot.storage import tables\n    import requests\n    import datetime\n"
    )
    monkeypatch.setattr(sys.modules[__name__], "BOT", tmp_path)
    assert strays(file) == ["domain/leaky imports bot/storage/tables", "domain/leaky imports requests"]


def test_only_the_demonstration_knows_the_local_workspace():
    users = {place_of(path) for path in files() for target in imports(path) if target.startswith("bot/local")}
    assert {user for user in users if not is_in(user, "local")} <= {"demo", "demo_calendars", "cli"} | {
        user for user in users if is_in(user, "drill")
    }


@pytest.mark.parametrize("room", INNER)
def test_the_core_is_synchronous(room: str):
    waits = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
    found = [
        f"{place_of(path)}:{node.lineno}"
        for path in (BOT / room).rglob("*.py")
        for node in ast.walk(tree_of(path))
        if isinstance(node, waits)
    ]
    assert found == []


@pytest.mark.parametrize("room", ["domain", "views"])
def test_rules_and_views_touch_no_file_socket_process_or_clock(room: str):
    found = [
        f"{place_of(path)} imports {target}"
        for path in (BOT / room).rglob("*.py")
        for target in imports(path)
        if target in NEVER_PURE
    ]
    assert found == []


def test_the_time_is_brought_along():
    """Only the composition and the stand-in ask what time it is (design rule 9)."""
    askers = re.compile(r"\b(?:datetime\.(?:now|utcnow|today)|date\.today|time\.time)\(")
    may = ("app", "cli", "demo", "serve", "local")
    found = [
        f"{place_of(path)}:{number}"
        for path in files()
        if not any(is_in(place_of(path), part) for part in may)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if askers.search(line)
    ]
    assert found == []


def test_only_the_courier_and_the_reception_of_teams_catch_broadly():
    """The one leaves a trace that a coordinator sees (design rule 13), the other tells the person and the log."""
    found = [
        f"{place_of(path)}:{node.lineno}"
        for path in files()
        if not is_in(place_of(path), "courier") and place_of(path) != "handlers/teams/reception"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler)
        and (
            node.type is None
            or {"Exception", "BaseException"} & set(re.findall(r"\w+", ast.unparse(node.type)))
        )
    ]
    assert found == []


def test_no_rule_is_about_one_pathway_by_name():
    """What differs between councils is in the pathway's file (design rule 3)."""
    names = {path.stem for path in (BOT / "pathways").glob("*.yml")}
    assert names
    found = [
        f"{place_of(path)}:{node.lineno}"
        for path in files()
        if not is_in(place_of(path), "drill")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and node.value in names
    ]
    assert found == []


def test_what_a_person_wrote_is_fetched_by_the_repositories_only():
    """One door for reading (design rule 5): a `select` of a whole referral, draft, triage, decision or voice.

    `jot` reads the writer's own draft, and says so in its query.
    """
    guarded = {"ReferralRow", "TriageRow", "DecisionRow", "VoiceRow", "AttendanceRow", "DraftRow"}
    found = [
        f"{place_of(path)}:{node.lineno}"
        for path in files()
        if not is_in(place_of(path), "storage") and place_of(path) != "usecases/jot"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and _called(node) in ("select", "get")
        if guarded & {arg.id for arg in node.args if isinstance(arg, ast.Name)}
    ]
    assert found == []


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
