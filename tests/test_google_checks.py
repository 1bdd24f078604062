"""What `convenor check` says of the calendars in Google Workspace: which scope is missing, and who mends it."""

from collections.abc import AsyncIterator
from pathlib import Path

import google_town
import pytest
from google_town import NINE, ORGANISER, GoogleTown

from bot.calendars import google_of
from bot.gateways.google_sign_in import EVENTS, FREE_BUSY
from bot.google_checks import check_google
from bot.settings import Settings

WITH_A_KEY = "Google's sign-in (GOOGLE_KEY_FILE)"
DIARIES, MEETINGS = "Google's diaries", "Google's meetings"


@pytest.fixture
async def town() -> AsyncIterator[GoogleTown]:
    async with google_town.google_town() as made:
        yield made


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, town: GoogleTown):
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("GOOGLE_MAILBOX", ORGANISER)
    monkeypatch.setenv("GOOGLE_KEY_FILE", str(town.key_file))


async def said(town: GoogleTown) -> dict[str, str]:
    """Every line, by what it is about."""
    lines = await check_google(Settings(), NINE, lambda _: town.gateway())
    return {line.what: str(line) for line in lines}


async def test_nothing_is_said_where_nobody_asked_for_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("GOOGLE_MAILBOX")
    monkeypatch.delenv("GOOGLE_KEY_FILE")
    assert await check_google(Settings(), NINE, google_of) == []


async def test_what_works_is_told_and_nothing_is_written(town: GoogleTown):
    lines = await said(town)
    assert list(lines) == [WITH_A_KEY, DIARIES, MEETINGS]
    assert [line for line in lines.values() if not line.startswith("ok")] == []
    assert [(call.method, call.path.rpartition("/")[2], call.query) for call in town.world.calls] == [
        ("POST", "freeBusy", {}),
        ("GET", "events", {"maxResults": "1", "fields": "kind"}),
    ]
    assert "private_key" not in str(lines)


@pytest.mark.parametrize(("scope", "what"), [(FREE_BUSY, DIARIES), (EVENTS, MEETINGS)])
async def test_a_scope_that_nobody_has_delegated_is_named_alone(town: GoogleTown, scope: str, what: str):
    town.world.issuer.delegated.remove(scope)
    lines = await said(town)
    assert [name for name, line in lines.items() if not line.startswith("ok")] == [what]
    assert lines[what].startswith(f"MISSING  {what}: unauthorized_client: nobody has delegated that")
    assert lines[what].endswith(f"with the scope {scope}")


async def test_without_any_delegation_both_scopes_are_named_in_one_line(town: GoogleTown):
    town.world.issuer.delegated.clear()
    assert list(lines := await said(town)) == [WITH_A_KEY]
    assert lines[WITH_A_KEY].endswith(f"with the scopes {FREE_BUSY} and {EVENTS}")
    assert town.world.calls == []


async def test_a_user_who_is_not_there_is_told(town: GoogleTown):
    del town.world.diaries[ORGANISER]
    [line] = (await said(town)).values()
    assert "invalid_grant: is there a user of the address in GOOGLE_MAILBOX" in line


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("accessNotConfigured", "switch the Google Calendar API on"),
        ("insufficientPermissions", f"with the scope {FREE_BUSY}"),
        ("notACalendarUser", "switched off for the user in GOOGLE_MAILBOX"),
        ("notFound", "there is no calendar of the address in GOOGLE_MAILBOX"),
        ("somethingNew", "somethingNew: Google refuses"),
    ],
)
async def test_what_the_calendars_refuse_is_told_with_what_to_do(town: GoogleTown, code: str, advice: str):
    town.world.fail(403, code=code)
    lines = await said(town)
    assert lines[DIARIES].startswith("MISSING")
    assert advice in lines[DIARIES]
    assert lines[MEETINGS].startswith("ok")


async def test_a_google_that_is_away_is_no_fault_of_the_scopes(town: GoogleTown):
    town.world.fail(503, times=2)
    lines = await said(town)
    assert lines[DIARIES].endswith("cannot be tried now (backendError)")
    assert lines[MEETINGS].endswith("cannot be tried now (backendError)")


async def test_an_error_of_oauths_that_nobody_knows_is_told_as_it_is(town: GoogleTown):
    town.world.issuer.refuses = "org_internal"
    assert (await said(town))[WITH_A_KEY].endswith(": org_internal: Google gives no token")


async def test_a_key_that_proves_nothing_is_told_before_anybody_is_asked(
    town: GoogleTown, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("GOOGLE_KEY_FILE", "nowhere.json")
    [line] = (await said(town)).values()
    assert "there is no such file" in line
    assert town.world.issuer.asked == []


def test_each_proof_makes_a_way_to_the_calendars(monkeypatch: pytest.MonkeyPatch):
    for name, value in (("GOOGLE_KEY_FILE", "key.json"), ("GOOGLE_SERVICE_ACCOUNT", "c@x.example")):
        monkeypatch.delenv("GOOGLE_KEY_FILE", raising=False)
        monkeypatch.setenv(name, value)
        made = google_of(Settings())
        assert made is not None
        assert made.mailbox == ORGANISER


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("no json", "it is no JSON"),
        ('["a key"]', "it is no key of a service account"),
        ('{"type": "authorized_user"}', "it is no key of a service account"),
        (
            '{"type": "service_account", "client_email": "c@x.example"}',
            "of a key it lacks: private_key, token_uri",
        ),
    ],
)
async def test_a_file_that_is_no_key_is_told_for_what_it_is(
    town: GoogleTown, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str, fault: str
):
    file = tmp_path / "key.json"
    file.write_text(content, encoding="ascii")
    monkeypatch.setenv("GOOGLE_KEY_FILE", str(file))
    assert fault in (await said(town))[WITH_A_KEY]
