"""The JSON Schema for editors is made from what the reader reads, is current, and fits every shipped file (S1-06)."""

from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.pathways.plainyaml import Source
from bot.pathways.reader import SHIPPED
from bot.pathways.schema import schema, schema_text, tool_schema
from tests.pathways.test_refusals import CASES, broken

ROOT = Path(__file__).resolve().parents[2]
FILES = [*sorted(SHIPPED.glob("*.yml")), *sorted((SHIPPED / "versions").glob("*.yml"))]

# What the schema alone can know; what hangs together across a file it leaves to the reader.
BY_THE_SCHEMA = (
    "unknown key",
    "unknown key in a field",
    "unknown key in a tree",
    "unknown unit",
    "length without unit",
    "negative length",
    "stage without an owner",
    "closure without an authoriser",
    "no such role",
    "missing chat retention",
    "retention left to the DPO",
    "chat kept in months",
    "no cut-off stated",
    "unknown nation",
    "agenda counted in calendar days",
    "agenda on the day itself",
    "bank holiday that nobody has decided on",
    "text that nobody sends",
    "word never heard of",
)


def faults(file: Path) -> list[str]:
    found = jsonschema.Draft7Validator(schema()).iter_errors(Source(file).plain)
    return [f"{'.'.join(map(str, each.absolute_path))}: {each.message}" for each in found]


def test_the_schema_is_one():
    jsonschema.Draft7Validator.check_schema(schema())
    jsonschema.Draft7Validator.check_schema(tool_schema())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_shipped_pathway_fits_the_schema(file: Path):
    assert faults(file) == []


def test_every_shipped_risk_tool_fits_its_own():
    for file in (SHIPPED / "tools").glob("*.yml"):
        jsonschema.Draft7Validator(tool_schema()).validate(Source(file).plain)


@pytest.mark.parametrize("case", BY_THE_SCHEMA)
def test_an_editor_marks_what_the_reader_would_refuse(tmp_path: Path, case: str):
    (tmp_path / "broken.yml").write_text(broken(*CASES[case][:2])[0], encoding="utf-8")
    assert len(faults(tmp_path / "broken.yml")) >= 1


def test_the_file_in_docs_is_up_to_date():
    """Write it anew with `convenor pathway schema` when a setting was added."""
    assert (ROOT / "docs" / "pathway.schema.json").read_text(encoding="utf-8") == schema_text()


def test_the_command_writes_it(tmp_path: Path):
    said = CliRunner().invoke(app, ["pathway", "schema", str(tmp_path / "s.json")])
    assert said.exit_code == 0
    assert (tmp_path / "s.json").read_text(encoding="utf-8") == schema_text()
    assert CliRunner().invoke(app, ["pathway", "schema", str(tmp_path / "no" / "s.json")]).exit_code == 1


def test_every_setting_says_in_the_editor_what_it_is_for():
    parts = {"": schema(), **schema()["$defs"]}
    bare = [
        f"{name}.{key}"
        for name, part in parts.items()
        for key, value in part.get("properties", {}).items()
        if not value.get("description") and "$ref" not in value and name != "Length"
    ]
    assert bare == []


def test_nothing_in_it_points_at_papers_that_an_author_has_not():
    assert "model.md" not in schema_text()
    assert "S3-" not in schema_text().replace("such as S3-09", "")
