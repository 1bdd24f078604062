"""`convenor check` promises nothing about Microsoft Teams that is not served yet."""

from pathlib import Path

import pytest

from bot.checks import check_all
from bot.settings import Settings

EXAMPLE = Path(__file__).resolve().parents[1] / "docs" / "area.example.yml"
TEAMS = {
    "TEAMS_APP_ID": "7f3a2c10-0d5b-4c43-9a3e-5d0c5be1a111",
    "TEAMS_TENANT_ID": "0b9e4d52-6f0a-4a2e-8b1c-77aa3d9cb222",
    "TEAMS_APP_PASSWORD": "kL8~invented.Qp2-xYz_93",
}
IN_TEAMS = """
teams:
  tenants: [0b9e4d52-6f0a-4a2e-8b1c-77aa3d9cb222]
  rooms: {triage: "19:triage@thread.tacv2", board: "19:board@thread.tacv2"}
"""


@pytest.fixture
def said(sqlite_database, tmp_path, monkeypatch):
    """`await said(area file)`: every line, by what it is about."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    async def lines(area: str) -> dict[str, str]:
        (tmp_path / "area.yml").write_text(area, encoding="utf-8")
        monkeypatch.setenv("CONVENOR_AREA", str(tmp_path / "area.yml"))
        monkeypatch.setenv("DATABASE_URL", sqlite_database.url)
        return {line.what: str(line) for line in await check_all(Settings())}

    return lines


async def test_nothing_is_said_of_teams_where_nobody_asked_for_it(said):
    assert "Microsoft Teams" not in await said(EXAMPLE.read_text(encoding="utf-8"))


async def test_an_app_that_is_set_is_told_and_its_secret_is_not(said, monkeypatch):
    for name, value in TEAMS.items():
        monkeypatch.setenv(name, value)
    lines = await said(EXAMPLE.read_text(encoding="utf-8"))
    assert lines["Microsoft Teams"].endswith("never yet tried in a live tenant")
    assert not any(TEAMS["TEAMS_APP_PASSWORD"] in line for line in lines.values())


async def test_a_room_that_would_hear_nothing_is_named(said):
    """One that is in Slack as well hears what it always did."""
    area = EXAMPLE.read_text(encoding="utf-8")
    assert (await said(area + IN_TEAMS))["area"].startswith("ok")
    alone = await said(area.replace("  triage: C0123456781\n", "") + IN_TEAMS)
    assert (
        alone["area"] == "MISSING  area: in Teams alone, and TEAMS_APP_ID is not set, is the room of: triage"
    )
