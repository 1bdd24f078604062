"""The environment as settings: each documented, each wrong one named at once, no value ever repeated (IG-40)."""

import re
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from bot.pathways.area_file import read_area
from bot.pathways.reader import read_all
from bot.settings import BadSettings, Settings, missing_for_slack, settings
from bot.storage.transaction import Begin
from bot.usecases.register import COLUMNS, OPTIONAL, import_register

ROOT = Path(__file__).resolve().parents[1]
ROW = re.compile(r"^\| `([A-Z_]+)` \| (?:`([^`]*)`)? *\| (.+) \|$", re.MULTILINE)


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def faults_of(monkeypatch: pytest.MonkeyPatch, **values: str) -> list[str]:
    """What `settings` says is wrong with this environment."""
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings) as refused:
        settings()
    return refused.value.faults


def test_the_readme_lists_every_setting_with_its_default():
    listed = {
        name: default for name, default, _ in ROW.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    }
    defaults = {
        name.upper(): "" if field.default is None else str(field.default)
        for name, field in Settings.model_fields.items()
    }
    assert listed == defaults


def test_every_setting_says_what_it_is():
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_nothing_needs_to_be_set_to_be_read():
    found = settings()
    assert found.database_url == "sqlite:///var/convenor.sqlite"
    assert found.slack_bot_token is None


def test_what_run_needs_is_named_all_at_once():
    lacking = missing_for_slack(settings())
    assert [line.partition(":")[0] for line in lacking] == [
        "CONVENOR_AREA",
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)",
    ]


def test_either_door_will_do(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CONVENOR_AREA", "area.yml")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-invented")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "9f0c1d2e3b4a5968")
    assert missing_for_slack(settings()) == []


WRONG = {
    "SLACK_BOT_TOKEN": "xapp-the-other-one",
    "SLACK_APP_TOKEN": "xoxb-the-other-one",
    "SLACK_SIGNING_SECRET": "changeme",
    "TEAMS_APP_ID": "our-bot",
    "TEAMS_TENANT_ID": "exampleshire.onmicrosoft.com",
    "TEAMS_MANAGED_IDENTITY": "the machine's",
    "TEAMS_APP_PASSWORD": "hunter2",
    "GRAPH_APP_ID": "our-calendars",
    "GRAPH_TENANT_ID": "exampleshire.onmicrosoft.com",
    "GRAPH_MAILBOX": "the meetings' mailbox",
    "GRAPH_APP_PASSWORD": "hunter2",
    "GOOGLE_MAILBOX": "the meetings' mailbox",
    "GOOGLE_SERVICE_ACCOUNT": "our service account",
    "AUDIT_KEY": "aaaaaaaaaaaaaaaaaaaa",
    "PUBLIC_URL": "http://convenor.example.org/sub",
    "LINK_KEY": "letmein",
    "LINK_DAYS": "9000",
    "DATABASE_URL": "mysql://nobody:hunter2@db/convenor",
    "SMTP_URL": "mail.aldermere.example:587",
    "MAIL_FROM": "the safeguarding team",
    "MAIL_REPLIES_TO": "convenor@{token}",
    "MAIL_TRUSTED_SERVER": "our server",
    "MAIL_HOOK_SECRET": "changeme",
    "IMAP_URL": "imaps://mail.aldermere.example",
    "PORT": "eighty",
    "LOG_LEVEL": "chatty",
}


def test_every_wrong_setting_is_named_in_one_go(monkeypatch: pytest.MonkeyPatch):
    faults = faults_of(monkeypatch, **WRONG)
    assert sorted(fault.partition(":")[0] for fault in faults) == sorted(WRONG)


@pytest.mark.parametrize(("name", "value"), WRONG.items())
def test_a_refusal_never_repeats_the_value(monkeypatch: pytest.MonkeyPatch, name: str, value: str):
    for key in WRONG:
        monkeypatch.delenv(key, raising=False)
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings) as refused:
        settings()
    assert value not in str(refused.value)
    assert refused.value.__suppress_context__, (
        "a trace would show the values of the validation error below it"
    )


TEAMS_IDS = {
    "TEAMS_APP_ID": "7F3A2C10-0D5B-4C43-9A3E-5D0C5BE1A111",
    "TEAMS_TENANT_ID": "0b9e4d52-6f0a-4a2e-8b1c-77aa3d9cb222",
}
TEAMS = {**TEAMS_IDS, "TEAMS_APP_PASSWORD": "kL8~invented.Qp2-xYz_93"}


def test_what_teams_needs_is_read_and_ids_are_written_as_teams_does(monkeypatch: pytest.MonkeyPatch):
    for name, value in TEAMS.items():
        monkeypatch.setenv(name, value)
    assert settings().teams_app_id == "7f3a2c10-0d5b-4c43-9a3e-5d0c5be1a111"
    assert settings().teams_app_password.get_secret_value() == TEAMS["TEAMS_APP_PASSWORD"]


PROOFS = {
    "TEAMS_CERTIFICATE": "bot.pem",
    "TEAMS_TOKEN_FILE": "token",
    "TEAMS_MANAGED_IDENTITY": "system",
    "TEAMS_APP_PASSWORD": TEAMS["TEAMS_APP_PASSWORD"],
}


@pytest.mark.parametrize("given", [each for n in (1, 2) for each in combinations(TEAMS, n)], ids=" ".join)
def test_a_part_of_what_teams_needs_is_refused_and_the_rest_named(monkeypatch: pytest.MonkeyPatch, given):
    [fault] = faults_of(monkeypatch, **{name: TEAMS[name] for name in given})
    missing = ", ".join(
        " or ".join(PROOFS) if name in PROOFS else name for name in TEAMS if name not in given
    )
    assert fault == (
        "TEAMS_APP_PASSWORD: Teams needs TEAMS_APP_ID and TEAMS_TENANT_ID together with one of"
        f" {' or '.join(PROOFS)}; not set: {missing}"
    )


@pytest.mark.parametrize("proof", PROOFS)
def test_each_proof_goes_with_the_ids_and_none_without(monkeypatch: pytest.MonkeyPatch, proof: str):
    [fault] = faults_of(monkeypatch, **{proof: PROOFS[proof]})
    assert fault.endswith("not set: TEAMS_APP_ID, TEAMS_TENANT_ID")
    for name, value in TEAMS_IDS.items():
        monkeypatch.setenv(name, value)
    assert settings().teams_proof == proof


@pytest.mark.parametrize("two", list(combinations(PROOFS, 2)), ids=" ".join)
def test_two_proofs_are_one_too_many(monkeypatch: pytest.MonkeyPatch, two):
    [fault] = faults_of(monkeypatch, **TEAMS_IDS, **{name: PROOFS[name] for name in two})
    assert fault == f"TEAMS_APP_PASSWORD: Teams needs one of {' and '.join(two)}, not several"


def test_a_public_address_needs_a_key_to_sign_with(monkeypatch: pytest.MonkeyPatch):
    [fault] = faults_of(monkeypatch, PUBLIC_URL="https://Convenor.example.org/")
    assert fault.startswith("LINK_KEY: PUBLIC_URL needs it")
    monkeypatch.setenv("LINK_KEY", "kL8~invented.Qp2-xYz_93")
    assert settings().public_url == "https://convenor.example.org"


@pytest.mark.parametrize(
    "address", ["https://", "https://u:p@h.example", "https://h.example/a", "//h.example", "ftp://h"]
)
def test_a_public_address_is_a_name_and_nothing_else(monkeypatch: pytest.MonkeyPatch, address: str):
    [fault] = faults_of(monkeypatch, PUBLIC_URL=address, LINK_KEY="kL8~invented.Qp2-xYz_93")
    assert fault.startswith("PUBLIC_URL: should look like https://")


def test_what_is_wrong_is_not_told_as_missing(monkeypatch: pytest.MonkeyPatch):
    faults = faults_of(monkeypatch, **TEAMS | {"TEAMS_APP_ID": "our-bot"})
    assert faults == ["TEAMS_APP_ID: should be an id such as 01234567-89ab-cdef-0123-456789abcdef"]


GRAPH = {
    "GRAPH_APP_ID": "7F3A2C10-0D5B-4C43-9A3E-5D0C5BE1A111",
    "GRAPH_TENANT_ID": "0b9e4d52-6f0a-4a2e-8b1c-77aa3d9cb222",
    "GRAPH_MAILBOX": "meetings@aldermere.example",
    "GRAPH_TOKEN_FILE": "token",
}


def test_what_the_calendars_need_is_all_there_or_the_rest_is_named(monkeypatch: pytest.MonkeyPatch):
    for name, value in GRAPH.items():
        monkeypatch.setenv(name, value)
    assert settings().graph_proof == "GRAPH_TOKEN_FILE"
    assert settings().graph_app_id == "7f3a2c10-0d5b-4c43-9a3e-5d0c5be1a111"
    for name in GRAPH:
        monkeypatch.delenv(name)
        proofs = "GRAPH_CERTIFICATE or GRAPH_TOKEN_FILE or GRAPH_APP_PASSWORD"
        [fault] = faults_of(monkeypatch)
        assert fault == (
            "GRAPH_APP_PASSWORD: Graph needs GRAPH_APP_ID and GRAPH_TENANT_ID and GRAPH_MAILBOX together with one of"
            f" {proofs}; not set: {proofs if name == 'GRAPH_TOKEN_FILE' else name}"
        )
        monkeypatch.setenv(name, GRAPH[name])


def test_two_proofs_for_the_calendars_are_one_too_many(monkeypatch: pytest.MonkeyPatch):
    [fault] = faults_of(monkeypatch, **GRAPH, GRAPH_CERTIFICATE="calendars.pem")
    assert fault.endswith("Graph needs one of GRAPH_CERTIFICATE and GRAPH_TOKEN_FILE, not several")


GOOGLE = {"GOOGLE_MAILBOX": "meetings@aldermere.example", "GOOGLE_KEY_FILE": "key.json"}


def test_what_googles_calendars_need_is_all_there_or_the_rest_is_named(monkeypatch: pytest.MonkeyPatch):
    for name, value in GOOGLE.items():
        monkeypatch.setenv(name, value)
    assert settings().google_proof == "GOOGLE_KEY_FILE"
    for name in GOOGLE:
        monkeypatch.delenv(name)
        proofs = "GOOGLE_KEY_FILE or GOOGLE_SERVICE_ACCOUNT"
        [fault] = faults_of(monkeypatch)
        assert fault == (
            f"GOOGLE_SERVICE_ACCOUNT: Google needs GOOGLE_MAILBOX together with one of {proofs}; not set:"
            f" {proofs if name == 'GOOGLE_KEY_FILE' else name}"
        )
        monkeypatch.setenv(name, GOOGLE[name])


def test_a_key_beside_the_machines_identity_is_one_proof_too_many(monkeypatch: pytest.MonkeyPatch):
    [fault] = faults_of(monkeypatch, **GOOGLE, GOOGLE_SERVICE_ACCOUNT="convenor@x.iam.gserviceaccount.com")
    assert fault.endswith("Google needs one of GOOGLE_KEY_FILE and GOOGLE_SERVICE_ACCOUNT, not several")


def test_a_secret_stays_out_of_whatever_prints_the_settings(monkeypatch: pytest.MonkeyPatch):
    secret = {
        "SLACK_BOT_TOKEN": "xoxb-very-private",
        "SMTP_URL": "smtps://bot:very-private@mail.example.org",
        "DATABASE_URL": "postgresql://bot:very-private@db.example.org/convenor",
        "AUDIT_KEY": "very-private-and-long",
        "LINK_KEY": "very-private-and-long",
        **TEAMS_IDS,
        "TEAMS_APP_PASSWORD": "very-private-and-long",
    }
    for name, value in secret.items():
        monkeypatch.setenv(name, value)
    assert "very-private" not in f"{settings()!r} {settings()}"


def test_whatever_can_hold_a_password_is_a_secret_or_is_not_shown():
    telling = re.compile("token|secret|key|url|password")
    open_ones = {
        name
        for name, field in Settings.model_fields.items()
        if telling.search(name) and field.annotation != SecretStr | None and field.repr
    }
    # Where it lies or is reached, not what is in it.
    assert open_ones == {
        "slack_api_url",
        "public_url",
        "teams_token_file",
        "graph_token_file",
        "google_key_file",
    }


def test_settings_do_not_change_while_the_bot_runs():
    with pytest.raises(ValidationError):
        settings().port = 1  # type: ignore[misc]


def test_the_example_area_is_one_that_can_be_used():
    area = read_area(ROOT / "docs" / "area.example.yml", read_all())
    assert area.drill is False
    assert set(area.rooms) == {"triage", "board", *area.pathways}


def test_the_example_register_is_one_that_can_be_taken_in(begin: Begin):
    text = (ROOT / "docs" / "register.example.csv").read_text(encoding="utf-8")
    assert text.splitlines()[0].split(",") == [*COLUMNS, *OPTIONAL]
    taken = import_register(begin, "exampleshire", text, actor="cli", now=datetime(2026, 6, 1, 9, tzinfo=UTC))
    assert (taken.added, taken.changed) == (6, 0)
