"""Papers from the command line, when the chat is down: in somebody's name and on the record (IG-15, IG-26)."""

from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from meeting_builders import a_case, an_action, settle
from sqlmodel import select
from test_cli import convenor  # noqa: F401 - a fixture
from typer.testing import Result

from bot.drill.workspace import AREA_FILE
from bot.practice import practice_of
from bot.settings import settings
from bot.storage.engine import connect
from bot.storage.ledger_tables import AuditEvent
from bot.storage.transaction import Begin, transactions
from bot.usecases.agree import agree_now


@pytest.fixture
def record(convenor, monkeypatch) -> Begin:  # noqa: F811
    """A case with an action, in the database of the command line. No chat runs."""
    begin = transactions(connect(convenor.url))
    settle(begin)
    monkeypatch.setenv("CONVENOR_AREA", str(AREA_FILE))
    practice = practice_of(settings())
    case = a_case(begin)
    with begin() as work:
        cora = work.register.person("cora")
        work.register.row("pru").roles = ["admin"]
    agree_now(begin, practice, case, an_action(detail="=Fit the chain"), by=cora, now=work_now())
    return begin


def work_now():
    from meeting_builders import NOW

    return NOW


def test_the_action_list_and_the_contacts_are_written_with_no_chat_running(record, convenor, tmp_path: Path):  # noqa: F811
    """IG-15."""
    out = tmp_path / "actions.csv"
    said: Result = convenor("export", "actions", "cv-7k4qmx", "--as", "cora@example.test", "--out", str(out))
    assert said.exit_code == 0, said.output
    assert "CV-7K4QMX/1" in out.read_text(encoding="utf-8-sig")
    assert "'=Fit the chain" in out.read_text(encoding="utf-8-sig")
    assert out.stat().st_mode & 0o077 == 0
    contacts = tmp_path / "contacts.csv"
    said = convenor("export", "contacts", "--as", "cora@example.test", "--out", str(contacts))
    assert said.exit_code == 0, said.output
    assert "Ana Wells" in contacts.read_text(encoding="utf-8-sig")
    with record() as work:
        rows = [row for row in work.session.exec(select(AuditEvent)) if row.verb == "paper.exported"]
    assert {row.actor for row in rows} == {"cora"}
    assert all("command_line" in row.facts for row in rows)


def test_a_cases_bundle_is_written_in_somebodys_name_with_what_it_is_for(record, convenor, tmp_path: Path):  # noqa: F811
    """S2-50: a file for its owner alone, and its hash on the record."""
    out = tmp_path / "bundle.zip"
    asked = ("export", "case", "CV-7K4QMX", "--as", "cora@example.test", "--out", str(out))
    said: Result = convenor(*asked)
    assert said.exit_code == 1
    assert "--why" in said.output
    assert not out.exists()
    said = convenor(*asked, "--why", "The partners' audit of this quarter.")
    assert said.exit_code == 0, said.output
    assert out.stat().st_mode & 0o077 == 0
    with ZipFile(out) as zipped:
        assert "case-file-CV-7K4QMX.pdf" in zipped.namelist()
        assert "CV-7K4QMX/1" in zipped.read("tables/actions.csv").decode()
    with record() as work:
        made = [row for row in work.audit.latest("CV-7K4QMX") if row.verb == "bundle.made"]
    assert sha256(out.read_bytes()).hexdigest() in made[0].facts
    assert "command_line" in made[0].facts


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("actions", "CV-7K4QMX", "--as", "pru@example.test"), "recorded"),
        (("actions", "CV-7K4QMX", "--as", "nobody@example.test"), "Nobody active"),
        (("actions", "CV-222222", "--as", "cora@example.test"), "no case with that reference"),
        (("minutes", "CV-7K4QMX", "--as", "cora@example.test"), "can end in .docx, .pdf"),
        (("secrets", "CV-7K4QMX", "--as", "cora@example.test"), "no such paper"),
        (("case", "CV-7K4QMX", "--as", "pru@example.test", "--why", "To look into it."), "can end in .zip"),
        (("actions", "CV-7K4QMX"), "An administrator reads no case"),
    ],
)
def test_nothing_is_written_for_whoever_may_not_have_it(record, convenor, tmp_path: Path, words, why):  # noqa: F811
    """IG-26: an administrator reads no case, and a refusal says what to do."""
    out = tmp_path / "paper.csv"
    said = convenor("export", *words, "--out", str(out))
    assert said.exit_code == 1
    assert why in said.output
    assert not out.exists()
