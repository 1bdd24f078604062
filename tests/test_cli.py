"""The command line: what it offers, what it says, and how it ends."""

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.drill.workspace import AREA_FILE
from bot.storage.engine import connect
from bot.storage.migrate import migrate
from bot.storage.transaction import transactions

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def convenor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`convenor("audit", "verify")` on an empty, migrated database of its own."""
    url = f"sqlite:///{tmp_path / 'record.sqlite'}"
    engine = connect(url)
    migrate(engine)
    engine.dispose()
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("CONVENOR_AREA", str(AREA_FILE))

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, list(words), catch_exceptions=False)

    run.url = url  # type: ignore[attr-defined]
    return run


def commands(group: Any, before: str = "") -> dict[str, Any]:
    """Every command by its words."""
    found = {}
    for name, command in group.commands.items():
        words = f"{before} {name}".strip()
        found.update(commands(command, words) if hasattr(command, "commands") else {words: command})
    return found


@pytest.fixture(scope="module")
def offered() -> dict[str, Any]:
    return commands(typer.main.get_command(app))


def test_the_readme_lists_every_command(offered):
    listed = re.findall(
        r"^\| `convenor ([a-z -]+?)(?: \[| [A-Z]|`)", (ROOT / "README.md").read_text(), re.MULTILINE
    )
    assert set(listed) == set(offered)


def test_every_command_and_option_says_what_it_does(offered):
    for words, command in offered.items():
        assert command.help, words
        assert [each.name for each in command.params if not getattr(each, "help", "")] == [], words


def test_the_help_is_there_before_the_bot_is_loaded():
    """A command starts quickly because the others' modules stay on the disk."""
    story = "import sys, bot.cli; print(sorted({'sqlmodel', 'slack_bolt', 'uvicorn', 'msgraph'} & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", story], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_a_record_that_was_tampered_with_is_named_and_fails(convenor):
    begin = transactions(connect(convenor.url))
    with begin() as work:
        for n in range(3):
            work.audit.write(stream="CV-7K4QMX", actor="p", verb="v", thing=f"t:{n}", facts={}, at=NOW)
    assert convenor("audit", "verify").exit_code == 0
    engine = connect(convenor.url)
    with engine.begin() as db:
        db.exec_driver_sql("DROP TRIGGER audit_event_no_update")
        db.exec_driver_sql("UPDATE audit_event SET verb = 'w' WHERE seq = 2")
    engine.dispose()
    said = convenor("audit", "verify")
    assert said.exit_code == 1
    assert "CV-7K4QMX" in said.stderr
    assert "2" in said.stderr


def test_the_shipped_pathways_have_no_faults(convenor):
    for file in (ROOT / "bot" / "pathways").glob("*.yml"):
        said = convenor("pathway", "check", str(file))
        assert (said.exit_code, "no faults" in said.stdout) == (0, True), said.output


def test_a_pathway_with_a_fault_is_refused_with_its_line(convenor, tmp_path: Path):
    text = (ROOT / "bot" / "pathways" / "care-connect-marm.yml").read_text(encoding="utf-8")
    bad = tmp_path / "care-connect-marm.yml"
    bad.write_text(text.replace("\nversion:", "\nverzion:", 1), encoding="utf-8")
    said = convenor("pathway", "check", str(bad))
    assert said.exit_code == 1
    assert re.search(r"verzion", said.stderr)
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize("words", [("register", "import"), ("pathway", "check")])
def test_a_file_that_is_not_there_is_said_to_be_missing(convenor, words):
    said = convenor(*words, "nowhere.file")
    assert said.exit_code == 1
    assert "There is no file nowhere.file." in said.stderr


def test_the_example_register_is_taken_in_and_taking_it_in_again_changes_nothing(convenor):
    file = str(ROOT / "docs" / "register.example.csv")
    assert convenor("register", "import", file).stdout == "6 added, 0 changed, 0 as they were.\n"
    assert convenor("register", "import", file).stdout == "0 added, 0 changed, 6 as they were.\n"


def test_bringing_the_database_up_to_date_twice_is_harmless(convenor):
    said = convenor("migrate")
    assert said.exit_code == 0
    assert "up to date" in said.stdout


def test_a_report_is_written_as_a_page_figures_and_plots(convenor, tmp_path):
    """S1-20, S4-24: for whole days, with the reference of the action that asks for it."""
    convenor("register", "import", str(AREA_FILE.with_name("people.csv")))
    folder = tmp_path / "out"
    found = convenor(
        "report",
        "board",
        "--from",
        "2026-01-01",
        "--to",
        "2026-03-31",
        "--out",
        str(folder),
        "--ref",
        "1.2.6b",
    )
    assert found.exit_code == 0
    assert sorted(path.name for path in folder.iterdir()) == [
        "board-completion.png",
        "board-completion.svg",
        "board-timeliness.png",
        "board-timeliness.svg",
        "board.csv",
        "board.html",
    ]
    assert "1.2.6b" in (folder / "board.html").read_text(encoding="utf-8")
    assert "Left for a person to write: Priorities, Equality, Legal, Finance." in found.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("boord",), "audit-sample"),
        (("board", "--from", "2026-01-01"), "Give both --from and --to"),
        (("board", "--from", "2026-02-01", "--to", "2026-01-01"), "the earlier one first"),
        (("board", "--pathway", "nosuch"), "You can choose"),
        (("audit-sample",), "Give a seed"),
    ],
)
def test_a_report_that_cannot_be_made_says_what_to_type_instead(convenor, tmp_path, words, said):
    """And writes nothing."""
    found = convenor("report", *words, "--out", str(tmp_path / "out"))
    assert found.exit_code == 1
    assert said in found.stderr
    assert not (tmp_path / "out").exists()
