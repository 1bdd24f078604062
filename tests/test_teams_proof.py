"""Each proof that the settings name reaches the program; one that cannot work stops the start."""

from pathlib import Path

import pytest

from bot.practice import CannotStart
from bot.serve import wiring_of
from bot.settings import Settings

EXAMPLE = Path(__file__).resolve().parents[1] / "docs" / "area.example.yml"
APP = "7f3a2c10-0d5b-4c43-9a3e-5d0c5be1a111"


@pytest.fixture
def wired(monkeypatch, tmp_path):
    """What the program is given for Teams with this in the environment."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    def teams(**proof):
        given = {
            "CONVENOR_AREA": EXAMPLE,
            "DATABASE_URL": f"sqlite:///{tmp_path}/convenor.sqlite",
            "TEAMS_APP_ID": APP,
            "TEAMS_TENANT_ID": "0b9e4d52-6f0a-4a2e-8b1c-77aa3d9cb222",
            **proof,
        }
        for name, value in given.items():
            monkeypatch.setenv(name, str(value))
        return wiring_of(Settings()).teams

    return teams


def test_a_secret_and_a_managed_identity_are_the_sdks_business(wired, monkeypatch):
    found = wired(TEAMS_APP_PASSWORD="kL8~invented.Qp2-xYz_93")
    assert (found.secret, found.token, found.managed_identity) == ("kL8~invented.Qp2-xYz_93", None, "")
    monkeypatch.delenv("TEAMS_APP_PASSWORD")
    found = wired(TEAMS_MANAGED_IDENTITY=APP.upper())
    assert (found.secret, found.token, found.managed_identity) == ("", None, APP)


def test_a_token_file_becomes_a_way_to_get_tokens(wired, tmp_path):
    found = wired(TEAMS_TOKEN_FILE=tmp_path / "token")
    assert found.token.__self__.token_file == tmp_path / "token"
    assert (found.secret, found.managed_identity) == ("", "")


def test_a_certificate_that_proves_nothing_stops_the_start(wired, tmp_path):
    with pytest.raises(CannotStart, match="TEAMS_CERTIFICATE: there is no such file"):
        wired(TEAMS_CERTIFICATE=tmp_path / "nowhere.pem")
