"""What `convenor check` says of Microsoft Teams: what works, what is refused, and what somebody has to do."""

import re
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest
from imap_server import ImapServer
from microsoft_logins import Microsoft

from bot.checks import check_all
from bot.domain.teams import Conversation, Kind
from bot.settings import Settings
from bot.storage.engine import connect
from bot.storage.tables import AgencyRow, PersonRow
from bot.storage.transaction import transactions

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
COUNCIL = "0b9e4d52-6f0a-4a2e-8b1c-77aa3d9cb222"
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
def in_teams(monkeypatch, said):
    for name, value in TEAMS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def begin(sqlite_database):
    return transactions(connect(sqlite_database.url))


@pytest.fixture
def microsoft():
    return Microsoft()


@pytest.fixture
def said(sqlite_database, tmp_path, monkeypatch, microsoft):
    """`await said(area file)`: every line, by what it is about."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    async def lines(area: str) -> dict[str, str]:
        (tmp_path / "area.yml").write_text(area, encoding="utf-8")
        monkeypatch.setenv("CONVENOR_AREA", str(tmp_path / "area.yml"))
        monkeypatch.setenv("DATABASE_URL", sqlite_database.url)
        lines = await check_all(Settings(), NOW, microsoft.client)
        return {line.what: str(line) for line in lines}

    return lines


async def test_nothing_is_said_of_teams_where_nobody_asked_for_it(said):
    assert not [what for what in await said(EXAMPLE.read_text(encoding="utf-8")) if "Teams" in what]


async def test_what_works_is_told_and_the_secret_is_not(said, in_teams):
    lines = await said(EXAMPLE.read_text(encoding="utf-8") + IN_TEAMS)
    assert lines["Teams' sign-in (TEAMS_APP_PASSWORD)"] == (
        f"ok       Teams' sign-in (TEAMS_APP_PASSWORD): tenant {COUNCIL} gives the bot a token"
    )
    assert lines["Teams' keys"].startswith("ok")
    assert lines["Teams' way in"].endswith("Never yet tried in a live tenant")
    assert not any(TEAMS["TEAMS_APP_PASSWORD"] in line for line in lines.values())


@pytest.mark.skipif(find_spec("microsoft_teams") is None, reason="there is no package for this machine")
async def test_the_package_is_told_with_its_version(said, in_teams):
    line = (await said(EXAMPLE.read_text(encoding="utf-8")))["Teams' package"]
    assert re.fullmatch(r"ok       Teams' package: microsoft-teams-apps 2\.1\.\d+", line)


@pytest.mark.parametrize(
    ("code", "advice"),
    [(7000222, "the secret has ended"), (90002, "there is no tenant of the id"), (50, "gives no")],
)
async def test_what_microsoft_refuses_is_told_with_what_to_do(said, in_teams, microsoft, code, advice):
    microsoft.refuses = code
    line = (await said(EXAMPLE.read_text(encoding="utf-8")))["Teams' sign-in (TEAMS_APP_PASSWORD)"]
    assert line.startswith("MISSING")
    assert f"AADSTS{code}: " in line
    assert advice in line


async def test_a_microsoft_that_is_away_is_no_error_of_ours(said, in_teams, microsoft):
    microsoft.is_away = True
    lines = await said(EXAMPLE.read_text(encoding="utf-8"))
    assert lines["Teams' sign-in (TEAMS_APP_PASSWORD)"].endswith("cannot be tried now (ConnectError)")
    assert "cannot be reached from here" in lines["Teams' keys"]


async def test_a_certificate_that_proves_nothing_is_told_before_anybody_is_asked(
    said, in_teams, microsoft, monkeypatch, tmp_path
):
    monkeypatch.delenv("TEAMS_APP_PASSWORD")
    monkeypatch.setenv("TEAMS_CERTIFICATE", str(tmp_path / "nowhere.pem"))
    lines = await said(EXAMPLE.read_text(encoding="utf-8"))
    assert "there is no such file" in lines["Teams' sign-in (TEAMS_CERTIFICATE)"]
    assert microsoft.forms == []


async def test_who_has_to_grant_what_is_told_by_what_has_reached_us(said, in_teams, begin):
    area = EXAMPLE.read_text(encoding="utf-8")
    assert "the area file names none" in (await said(area))["Teams' tenants"]
    lines = await said(area + IN_TEAMS)
    assert lines["Teams' tenants"].endswith(f"nothing has come from: {COUNCIL}")
    assert lines["Teams' channels"].endswith("there once: triage, board")
    for room in ("triage", "board"):
        met = Conversation(
            id=f"19:{room}@thread.tacv2",
            kind=Kind.CHANNEL,
            tenant=COUNCIL,
            service_url="https://smba.trafficmanager.net/teams",
            bot_id="28:bot",
        )
        with begin() as work:
            work.teams.save(met, at=NOW)
    lines = await said(area + IN_TEAMS)
    assert lines["Teams' tenants"].startswith("ok")
    assert lines["Teams' channels"].startswith("ok")


async def test_a_room_that_would_hear_nothing_is_named(said):
    """One that is in Slack as well hears what it always did."""
    area = EXAMPLE.read_text(encoding="utf-8")
    assert (await said(area + IN_TEAMS))["area"].startswith("ok")
    alone = await said(area.replace("  triage: C0123456781\n", "") + IN_TEAMS)
    assert (
        alone["area"] == "MISSING  area: in Teams alone, and TEAMS_APP_ID is not set, is the room of: triage"
    )


@pytest.fixture
async def mailbox():
    server = ImapServer()
    await server.open()
    yield server
    await server.close()


async def test_replies_by_mail_are_not_spoken_of_where_no_way_in_is_set(said):
    assert not any("mailbox" in what or "replies" in what for what in await said(EXAMPLE.read_text()))


async def test_the_mailbox_is_tried_and_when_it_was_last_read_is_told(said, mailbox, monkeypatch, begin):
    monkeypatch.setenv("IMAP_URL", mailbox.url)
    monkeypatch.setenv("MAIL_REPLIES_TO", "convenor+{token}@aldermere.example")
    mailbox.put(b"one")
    lines = await said(EXAMPLE.read_text())
    assert lines["mailbox"] == "ok       mailbox: opens, 1 unseen; last read: never"
    assert "believed by the address of each invitation" in lines["replies by e-mail"]
    with begin() as work:
        work.heartbeats.beat("mailbox", at=NOW)
    await mailbox.close()
    lines = await said(EXAMPLE.read_text())
    assert lines["mailbox"].startswith("MISSING  mailbox: the mailbox cannot be reached")
    assert lines["mailbox"].endswith("last read: 2026-03-02 12:00 UTC")
    assert "sesame" not in str(lines)


async def test_replies_that_nothing_can_prove_are_a_fault(said, monkeypatch):
    monkeypatch.setenv("MAIL_HOOK_SECRET", "kL8~invented.Qp2-xYz_93")
    lines = await said(EXAMPLE.read_text())
    assert lines["replies by e-mail"].startswith("MISSING")
    monkeypatch.setenv("MAIL_TRUSTED_SERVER", "mx.aldermere.example")
    assert "by the word of mx.aldermere.example" in (await said(EXAMPLE.read_text()))["replies by e-mail"]


async def test_whether_there_are_links_in_mails_is_told_and_their_key_is_not(said, monkeypatch):
    area = EXAMPLE.read_text(encoding="utf-8")
    assert "PUBLIC_URL is not set" in (await said(area))["links in e-mails"]
    monkeypatch.setenv("PUBLIC_URL", "https://convenor.example.org")
    monkeypatch.setenv("LINK_KEY", "kL8~invented.Qp2-xYz_93")
    lines = await said(area)
    assert "to https://convenor.example.org/answer/…, for 14 days" in lines["links in e-mails"]
    assert "kL8~" not in str(lines)


async def test_closure_days_of_an_agency_that_the_register_does_not_have_are_told(said, begin):
    area = EXAMPLE.read_text(encoding="utf-8")
    assert "there are: none yet, import them first" in (await said(area))["agency closures"]
    with begin() as work:
        for slug, type in (("exampleshire-police", "police"), ("exampleshire-homes", "housing")):
            work.session.add(AgencyRow(id=slug, area="exampleshire", slug=slug, name=slug, type=type))
    assert (await said(area))["agency closures"] == "ok       agency closures: 2 named, all in the register"
    wrong = area.replace("  housing: [2026-12-24]", "  hosing: [2026-12-24]")
    assert (await said(wrong))["agency closures"] == (
        "MISSING  agency closures: no agency of the register is or has the type: hosing; there are:"
        " exampleshire-homes, exampleshire-police"
    )


async def test_nothing_is_said_of_closure_days_where_none_are_named(said):
    before, _, after = EXAMPLE.read_text(encoding="utf-8").partition("agency_closures:\n")
    without = before + after.partition("\n\n")[2]
    assert "agency closures" not in await said(without)


async def test_a_pathway_whose_cases_nobody_in_the_register_could_close_is_named(said, begin):
    """S3-34: `closure.by` and the signatures are roles, and somebody has to hold each of them."""
    area = EXAMPLE.read_text(encoding="utf-8")
    assert "closing a case" not in await said(area), "an empty register is another line's business"
    with begin() as work:
        work.session.add(
            AgencyRow(id="council", area="exampleshire", slug="council", name="Council", type="council")
        )
        work.session.flush()
        cora = PersonRow(
            id="cora", area="exampleshire", agency_id="council", name="Cora", email="cora@example.test"
        )
        cora.roles = ["coordinator"]
        work.session.add(cora)
    line = (await said(area))["closing a case"]
    assert line.startswith("MISSING")
    assert "(chair)" in line
    assert "(coordinator)" not in line
    with begin() as work:
        work.session.get(PersonRow, "cora").roles = ["coordinator", "chair"]
    assert (await said(area))["closing a case"].startswith("ok")
