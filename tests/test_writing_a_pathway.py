"""The guide “Write a pathway” is kept true: its examples are read, its commands run, its dates are reckoned (S1-06)."""

import re
import shlex
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from typer.testing import CliRunner

from bot.cli import app
from bot.domain.nudges import Ladder
from bot.domain.pathway import ClockRule, Rung
from bot.domain.questions import KINDS, Check
from bot.domain.workdays import Length, Unit, WorkingDays
from bot.pathways.area_file import read_area
from bot.pathways.faults import BadPathway
from bot.pathways.plainyaml import PlainYaml, Source
from bot.pathways.reader import SHIPPED, Pathways, read, read_all
from bot.pathways.schema import schema
from bot.pathways.vocabulary import NEVER, TEXTS
from bot.simulation.behaviour import behaviour_from
from bot.telling import day

ROOT = Path(__file__).resolve().parents[1]
GUIDE = (ROOT / "docs" / "writing-a-pathway.md").read_text(encoding="utf-8")
BASE = (SHIPPED / "southend-marat.yml").read_text(encoding="utf-8")


def blocks(language: str) -> list[tuple[str, str]]:
    """Each fenced block of that language: what it is said to be, and its text."""
    return re.findall(rf"^```{language}[ ]?(\w*)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


EXAMPLES = blocks("yaml")
COMMANDS = [line for _, block in blocks("sh") for line in block.splitlines() if line.strip()]


def sections(text: str) -> Iterator[tuple[str, str]]:
    """The parts of a file: each key at the start of a line with what belongs to it."""
    for found in re.finditer(r"(?ms)^([a-z_]+):.*?(?=^[a-z_]+:|\Z)", text):
        yield found[1], found[0]


def put_into_the_base(example: str) -> str:
    """A shipped file in which the example's parts stand in the place of its own."""
    given = list(sections(example))
    names = [name for name, _ in given]
    kept = [text for name, text in sections(BASE) if name not in names]
    return "\n".join([*(text for _, text in given), *kept])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SHIPPED / "tools", tmp_path / "tools")
    return tmp_path


@pytest.mark.parametrize("example", [text for kind, text in EXAMPLES if not kind])
def test_every_part_that_the_guide_shows_is_read_as_part_of_a_file(folder: Path, example: str):
    assert list(sections(example)), "an example must hold at least one part of a file"
    (folder / "mine.yml").write_text(put_into_the_base(example), encoding="utf-8")
    read(folder / "mine.yml")


@pytest.mark.parametrize("example", [text for kind, text in EXAMPLES if kind == "wrong"])
def test_every_mistake_that_the_guide_shows_is_one(folder: Path, example: str):
    (folder / "mine.yml").write_text(put_into_the_base(example), encoding="utf-8")
    with pytest.raises(BadPathway):
        read(folder / "mine.yml")


def test_all_examples_together_make_one_pathway(folder: Path):
    """An author who takes every part over has a file of their own: the parts fit each other too."""
    whole: dict[str, str] = dict(sections(BASE))
    for kind, text in EXAMPLES[: [kind for kind, _ in EXAMPLES].index("behaviour")]:
        if not kind:
            whole |= dict(sections(text))
    (folder / "mine.yml").write_text("\n".join(whole.values()), encoding="utf-8")
    assert read(folder / "mine.yml").id == "riverside-marm"


def test_the_questions_it_shows_can_be_asked(folder: Path):
    (example,) = [text for kind, text in EXAMPLES if kind == "field"]
    plain: Any = yaml.load(BASE, PlainYaml)
    page = {"id": "example", "title": "Example", "fields": yaml.load(example, PlainYaml)}
    plain["forms"][0]["pages"].append(page)
    (folder / "mine.yml").write_text(yaml.safe_dump(plain, sort_keys=False), encoding="utf-8")
    assert [field.id for field in list(read(folder / "mine.yml").fields)[-2:]] == ["pets", "pets_care"]


def test_the_area_file_it_shows_is_taken(tmp_path: Path):
    (example,) = [text for kind, text in EXAMPLES if kind == "area"]
    area = (ROOT / "docs" / "area.example.yml").read_text(encoding="utf-8")
    names = [name for name, _ in sections(example)]
    parts = [text for name, text in sections(area) if name not in names]
    (tmp_path / "area.yml").write_text("\n".join([example, *parts]), encoding="utf-8")
    known = read_all()
    mine = next(iter(known.values()))
    found = read_area(tmp_path / "area.yml", Pathways({**known, "riverside-marm": mine}))
    assert found.pathways[-1] == "riverside-marm"


def test_the_behaviour_it_shows_is_taken(tmp_path: Path):
    (example,) = [text for kind, text in EXAMPLES if kind == "behaviour"]
    (tmp_path / "people.yml").write_text(example, encoding="utf-8")
    assert behaviour_from(tmp_path / "people.yml").required_come == 0.8


def test_no_example_is_left_out():
    assert {kind for kind, _ in EXAMPLES} == {"", "wrong", "field", "area", "behaviour"}


@pytest.mark.parametrize(
    "command", [line for line in dict.fromkeys(COMMANDS) if line.startswith("convenor pathway")]
)
def test_every_command_about_pathways_runs(folder: Path, monkeypatch: pytest.MonkeyPatch, command: str):
    (folder / "mine.yml").write_text(BASE, encoding="utf-8")
    (folder / "people.yml").write_text("away: 0.3\n", encoding="utf-8")
    for name in ("bot", "docs"):
        (folder / name).symlink_to(ROOT / name)
    monkeypatch.chdir(folder)
    words = shlex.split(command)[1:]
    if words[1] == "simulate" and "--cases" not in words:
        words += ["--cases", "20"]
    said = CliRunner().invoke(app, words, catch_exceptions=False)
    assert said.exit_code == 0, said.output


def test_every_other_command_is_one_that_there_is():
    others = [line for line in COMMANDS if not line.startswith("convenor pathway")]
    assert set(others) == {
        "cp bot/pathways/southend-marat.yml mine.yml",
        "make demo ARGS=--fresh",
        "convenor check",
    }
    assert re.search(
        r"^demo:.*\n\t@\$\(BIN\)/convenor demo \$\(ARGS\)", (ROOT / "Makefile").read_text(), re.MULTILINE
    )


def test_what_it_says_about_the_local_workspace_works(tmp_path: Path):
    """An id in `pathways` and a channel in `rooms` of the drill's area are all that a file needs to be tried."""
    area = Source(ROOT / "bot" / "drill" / "area.yml").plain
    area["pathways"].append("riverside-marm")
    assert "C0MARM" in area["rooms"].values()
    area["rooms"]["riverside-marm"] = "C0MARM"
    (tmp_path / "area.yml").write_text(yaml.safe_dump(area), encoding="utf-8")
    known = read_all()
    found = read_area(
        tmp_path / "area.yml", Pathways({**known, "riverside-marm": next(iter(known.values()))})
    )
    assert found.rooms["riverside-marm"] == "C0MARM"


def test_every_setting_at_the_top_of_a_file_has_its_heading():
    headed = {
        word
        for line in GUIDE.splitlines()
        if line.startswith("### ")
        for word in re.findall(r"`(\w+)`", line)
    }
    assert set(schema()["properties"]) - headed == set(), "explain these in docs/writing-a-pathway.md"
    assert headed - set(schema()["properties"]) == set(), "there is no such setting"


def test_every_setting_below_them_is_named():
    """Those whose words speak for themselves are left to the editor, which explains each where it stands."""
    plain = {
        "id",
        "label",
        "title",
        "text",
        "question",
        "source",
        "field",
        "of",
        "intro",
        "shown_if",
        "when",
        "to",
    }
    below = {
        key
        for name, part in schema()["$defs"].items()
        if name not in ("Length", "Sensitivity")
        for key in part.get("properties", {})
    }
    shown = {word for text in (GUIDE,) for word in re.findall(r"\w+", text)}
    assert sorted(below - shown - plain) == [], "name these in docs/writing-a-pathway.md"


@pytest.mark.parametrize("word", sorted({*KINDS, *get_args(Check), *NEVER, *TEXTS}))
def test_every_word_of_a_closed_list_is_explained(word: str):
    assert re.search(rf"(?<!\w){word}(?!\w)", GUIDE)


def rows(head: str) -> list[tuple[str, str]]:
    """The rows of the table under that heading."""
    text = GUIDE.partition(f"| {head} |")[2].partition("\n\n")[0]
    found = re.findall(r"^\| `?([^|`]+?)`? \| ([^|]+?) \|$", text, re.MULTILINE)
    return [row for row in found if "---" not in row]


def test_the_worked_dates_are_what_the_clock_says():
    received = datetime(2027, 3, 24, 11, tzinfo=UTC)
    days, found = WorkingDays("england-and-wales"), rows("a length of | ends on")
    assert len(found) == 6
    for written, told in found:
        unit = re.match(r"\{(\w+): (\d+)\}", written)
        length = Length(int(unit[2]), unit[1]) if unit else Length(0, Unit.SAME_DAY)
        assert day(length.deadline(received, days, ClockRule()).day) == told, written


def test_the_ladders_dates_are_what_the_ladder_says():
    (text,) = [text for kind, text in EXAMPLES if not kind and text.startswith("ladder:")]
    rungs = yaml.load(text, PlainYaml)["ladder"]
    ladder = Ladder(
        due=date(2027, 3, 25),
        rungs=[Rung(offset=each["offset"], to=("owner",)) for each in rungs],
        days=WorkingDays("england-and-wales"),
    )
    steps = {step.name: day(step.day) for step in ladder.steps(date(2027, 4, 12))}
    found = rows("rung | is told on")
    assert len(found) == len(rungs)
    for offset, told in found:
        assert steps[f"due{int(offset):+d}"] == told


def test_the_fault_it_shows_is_told_in_those_words(folder: Path):
    text = BASE.replace("\n  authoriser: chair\n", "\n  authoriser: chair\n  autoriser: chair\n")
    (folder / "mine.yml").write_text(text, encoding="utf-8")
    said = CliRunner().invoke(app, ["pathway", "check", str(folder / "mine.yml")])
    shown = [block for _, block in blocks("") if block.startswith("mine.yml")]
    assert len(shown) == 1
    without_line = re.compile(r"line \d+")
    assert without_line.sub("line", shown[0]).split() == without_line.sub("line", said.stderr).split()


def test_the_readme_and_the_house_plan_point_to_it():
    for page in ("README.md", "docs/architecture.md"):
        assert "writing-a-pathway.md" in (ROOT / page).read_text(encoding="utf-8")


def test_every_file_that_it_starts_from_is_there():
    for file in re.findall(r"`(bot/pathways/[\w-]+\.yml)`", GUIDE):
        assert (ROOT / file).is_file()
