"""The app package for Teams and the manifest for Slack say the same, and both say what the code answers."""

import json
import struct
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml
from jsonschema import Draft4Validator
from typer.testing import CliRunner

from bot.cli import app
from bot.handlers.teams.reading import COMMANDS, HOME
from bot.handlers.verbs.registry import registered
from bot.teams_package import MANIFEST_VERSION, PERMISSIONS, Publisher, manifest, write_package

ROOT = Path(__file__).resolve().parents[1]
SLACK: dict[str, Any] = yaml.safe_load((ROOT / "app-manifest.yml").read_text(encoding="utf-8"))
APP = "33333333-cccc-4ccc-8ccc-000000000003"
PAGE = "https://www.aldermere.example/convenor"
WHO = Publisher(name="Aldermere (invented)", website=PAGE, privacy=PAGE, terms=PAGE)
SCHEMA = (
    ROOT / "var/contract/node_modules/@microsoft/app-manifest/build/json-schemas/teams"
    / f"v{MANIFEST_VERSION}/MicrosoftTeams.schema.json"
)  # fmt: skip


@pytest.fixture
def made() -> dict[str, Any]:
    return manifest(APP, "0.1.0", WHO, SLACK)


def test_what_may_be_written_to_the_bot_is_what_may_be_typed_in_slack(made):
    """Each with the same words, and each answered; `home` is what Slack has as a tab."""
    typed = {each["command"]: each["description"] for each in SLACK["features"]["slash_commands"]}
    assert set(COMMANDS.values()) == set(typed) == registered().names("command")
    for offered in made["bots"][0]["commandLists"]:
        told = {each["title"]: each["description"] for each in offered["commands"]}
        assert told.pop(HOME)
        assert told == {word: typed[command] for word, command in COMMANDS.items()}


def test_the_forms_of_the_box_where_one_writes_are_slacks_shortcuts(made):
    offered = {
        (each["id"], each["title"], "message" in each["context"])
        for each in made["composeExtensions"][0]["commands"]
    }
    shortcuts = {
        (each["callback_id"], each["name"], each["type"] == "message")
        for each in SLACK["features"]["shortcuts"]
    }
    assert offered == shortcuts
    answered = registered().names("shortcut") | registered().names("message_shortcut")
    assert {name for name, _, _ in offered} == answered


def test_each_permission_is_explained_to_whoever_reads_the_readme(made):
    """And none of them lets the bot read messages that are not for it (teams.md section 8)."""
    asked = {each["name"] for each in made["authorization"]["permissions"]["resourceSpecific"]}
    assert asked == set(PERMISSIONS)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, why in PERMISSIONS.items():
        assert f"`{name}`: {why}" in " ".join(readme.split())
    assert not any(name.startswith(("ChannelMessage.Read", "ChatMessage.Read")) for name in asked)


def test_no_word_of_it_is_cut_off(made):
    told = [
        each["description"] for each in SLACK["features"]["slash_commands"] + SLACK["features"]["shortcuts"]
    ]
    written = json.dumps(made, ensure_ascii=False)
    assert [each for each in told if json.dumps(each, ensure_ascii=False) not in written] == []
    assert len(made["name"]["short"]) <= 30
    assert len(made["description"]["short"]) <= 80
    assert "Slack" not in written


@pytest.mark.skipif(
    not SCHEMA.is_file(),
    reason="needs Microsoft's schema: npm install --prefix var/contract @microsoft/app-manifest",
)
def test_microsofts_own_schema_accepts_it(made):
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert [error.message for error in Draft4Validator(schema).iter_errors(made)] == []


def test_the_package_holds_the_manifest_and_two_icons_of_the_right_size(tmp_path):
    write_package(tmp_path / "convenor.zip", APP, "0.1.0", WHO)
    with ZipFile(tmp_path / "convenor.zip") as package:
        assert package.namelist() == ["manifest.json", "color.png", "outline.png"]
        assert json.loads(package.read("manifest.json"))["bots"][0]["botId"] == APP
        assert _size(package.read("color.png")) == (192, 192)
        assert _size(package.read("outline.png")) == (32, 32)


def test_two_bots_are_two_apps(made):
    other = manifest("44444444-cccc-4ccc-8ccc-000000000004", "0.1.0", WHO, SLACK)
    assert other["id"] != made["id"]
    assert manifest(APP, "0.2.0", WHO, SLACK)["id"] == made["id"]  # a new version replaces the old


def test_the_command_writes_it_and_says_who_uploads_it(tmp_path, monkeypatch):
    _set(monkeypatch)
    file = tmp_path / "convenor.zip"
    said = CliRunner().invoke(app, _arguments(file))
    assert said.exit_code == 0, said.output
    assert "administrator" in said.output
    assert file.is_file()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"--website": "http://www.aldermere.example"}, "--website must begin with https://"),
        ({"--publisher": "A" * 33}, "1 to 32 characters"),
        ({"file": "no/such/folder/convenor.zip"}, "cannot be written"),
        ({"app": None}, "TEAMS_APP_ID is not set"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(change, told, tmp_path, monkeypatch):
    if "app" not in change:
        _set(monkeypatch)
    file = tmp_path / change.get("file", "convenor.zip")
    said = CliRunner().invoke(
        app, _arguments(file, **{k: v for k, v in change.items() if k.startswith("--")})
    )
    assert said.exit_code == 1
    assert told in said.output
    assert not file.exists()


def _arguments(file: Path, **but: str) -> list[str]:
    given = {"--publisher": "Aldermere", "--website": PAGE, "--privacy": PAGE, "--terms": PAGE, **but}
    return ["teams-package", str(file), *(word for pair in given.items() for word in pair)]


def _set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("APP_ID", APP), ("TENANT_ID", APP), ("APP_PASSWORD", "an invented secret")):
        monkeypatch.setenv(f"TEAMS_{name}", value)


def _size(png: bytes) -> tuple[int, ...]:
    assert png.startswith(b"\x89PNG")
    return struct.unpack(">II", png[16:24])
