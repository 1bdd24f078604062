"""From Teams' request to one callable of ours and back, and what may not change the App on the way."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from log_lines import SECRET, listening
from starlette.applications import Starlette
from teams_town import HERE, TENANTS, Listener, Town, a_world, issuer

from bot.gateways.teams import Teams
from bot.handlers.teams import front
from bot.handlers.teams.activity import Activity
from bot.handlers.teams.door import BODY_BYTES, Door
from bot.handlers.teams.fitted import Settled, fitted
from bot.handlers.teams.front import Misconfigured, close, teams_app
from bot.handlers.teams.guard import Guard
from bot.handlers.teams.keys import Keys
from bot.local.teams.aldermere import COUNCIL, HEARTH, HEARTH_CHAT, MEETING, MORAG, PANEL, PRIYA, TOM
from bot.local.teams.world import APP_ID

ROOT = Path(__file__).resolve().parents[3]
FORM = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "Input.Text", "id": "why"}]}


def a_door(allows: type[Guard] = Guard) -> Door:
    async def fetch() -> Any:
        return issuer().jwks()

    keys = Keys(fetch, lambda: 0.0)
    return Door(allows(app_id=APP_ID, tenants=TENANTS, keys=keys, now=issuer().now, hosts=HERE))


async def heard(town: Town, activity: Any) -> Activity:
    town.listener.heard.clear()
    assert (await town.line.tell(activity)).status == 200
    [found] = town.listener.heard
    return found


async def test_a_message_in_a_channel_is_heard_without_the_mention(town: Town):
    said = await heard(town, town.world.activities.message(TOM, PANEL, "/refer  please", to_bot=True))
    assert said.said == "/refer  please"
    assert (said.kind, said.where, said.tenant) == ("message", "channel", COUNCIL)
    assert (said.sender, said.person, said.bot) == (TOM.mri, TOM.object_id, f"28:{APP_ID}")
    assert (said.conversation, said.team, said.channel) == (PANEL.id, PANEL.team, PANEL.id)
    assert said.service_url == town.world.service_url
    assert said.whole["text"] == "<at>Convenor</at> /refer  please"
    assert not said.is_invoke


async def test_what_is_heard_says_where_to_write_to(town: Town):
    said = await heard(town, town.world.activities.message(PRIYA, HEARTH_CHAT, "hello"))
    sent = await Teams(town.app.api, hosts=HERE).post(said.reference, "CV-7K4QMX")
    assert town.world.talk.find(HEARTH_CHAT.id, sent).text == "CV-7K4QMX"


async def test_a_guest_is_known_by_the_hosts_tenant(town: Town):
    said = await heard(town, town.world.activities.message(MORAG, MEETING, "hello"))
    assert (said.tenant, said.person, said.where) == (COUNCIL, MORAG.object_id, "groupChat")


async def test_a_person_of_the_other_tenant_is_heard_in_a_chat_of_their_own(town: Town):
    said = await heard(town, town.world.activities.message(PRIYA, HEARTH_CHAT, "hello"))
    assert (said.tenant, said.where) == (HEARTH, "personal")


INVOKES: list[Any] = [
    pytest.param(lambda does: does.opens_dialog(TOM, PANEL, {"dialog_id": "referral"}, on="1"), "task/fetch",
                 {"data": {"msteams": {"type": "task/fetch"}, "dialog_id": "referral"},
                  "context": {"theme": "default"}}, id="a dialog is opened"),
    pytest.param(lambda does: does.submits_dialog(TOM, PANEL, {"action": "refer", "why": "invented"}),
                 "task/submit", {"data": {"action": "refer", "why": "invented"}, "context": {"theme": "default"}},
                 id="a dialog is submitted"),
    pytest.param(lambda does: does.presses(TOM, PANEL, "done", {"item": "7"}, on="1"), "adaptiveCard/action",
                 {"action": {"type": "Action.Execute", "verb": "done", "data": {"action": "done", "item": "7"}}},
                 id="a button is pressed"),
    pytest.param(lambda does: does.opens_extension(TOM, PANEL, "refer"), "composeExtension/fetchTask",
                 {"commandId": "refer", "commandContext": "compose", "context": {"theme": "default"}},
                 id="the extension is opened"),
    pytest.param(lambda does: does.submits_extension(TOM, PANEL, "refer", {"why": "invented"}),
                 "composeExtension/submitAction",
                 {"commandId": "refer", "commandContext": "compose", "data": {"why": "invented"}},
                 id="the extension is submitted"),
]  # fmt: skip


@pytest.mark.parametrize(("act", "name", "value"), INVOKES)
async def test_an_invoke_reaches_the_one_callable_and_its_answer_goes_back_as_it_is(
    town: Town, act: Any, name: str, value: Any
):
    town.listener.answer = {"task": {"type": "continue", "value": {"card": FORM, "none": None}}}
    answer = await town.line.tell(act(town.world.activities))
    assert (answer.status, answer.body) == (200, town.listener.answer)
    [found] = town.listener.heard
    assert (found.is_invoke, found.name, found.value) == (True, name, value)


@pytest.mark.parametrize(("act", "name", "value"), INVOKES)
async def test_nothing_said_is_an_empty_answer(town: Town, act: Any, name: str, value: Any):
    answer = await town.line.tell(act(town.world.activities))
    assert (answer.status, answer.body) == (200, None)


async def test_a_press_says_on_which_message(town: Town):
    assert (await heard(town, town.world.activities.presses(TOM, PANEL, "done", {}, on="177"))).on == "177"


@pytest.mark.parametrize(
    ("act", "kind", "name"),
    [
        (lambda does: does.installs(TOM, PANEL), "installationUpdate", ""),
        (lambda does: does.installs(TOM, PANEL, action="remove"), "installationUpdate", ""),
        (lambda does: does.joins(TOM, PANEL), "conversationUpdate", ""),
        (lambda does: does.of("messageReaction", TOM, PANEL), "messageReaction", ""),
        (lambda does: does.of("typing", TOM, PANEL), "typing", ""),
        (
            lambda does: does.meeting_starts(TOM, MEETING),
            "event",
            "application/vnd.microsoft.meetingStart",
        ),
    ],
)
async def test_what_happens_around_is_heard_too(town: Town, act: Any, kind: str, name: str):
    found = await heard(town, act(town.world.activities))
    assert (found.kind, found.name) == (kind, name)


async def test_what_is_heard_is_never_sent_to_by_the_sdk_itself(town: Town):
    """No token is asked for and nothing leaves while an activity is heard: that is the outbox's work."""
    await heard(town, town.world.activities.message(TOM, PANEL, "hello"))
    assert town.world.calls == []


async def test_a_callable_that_fails_is_500_without_words_so_that_teams_sends_it_again(town: Town):
    town.listener.answer = LookupError(SECRET)
    with listening() as lines:
        answer = await town.line.tell(town.world.activities.message(TOM, PANEL, SECRET))
        told = lines()
    assert (answer.status, answer.body) == (500, None)
    assert {"teams activity failed", "microsoft_teams.apps.http.http_server spoke"} <= {
        line["event"] for line in told
    }
    assert "LookupError" in {line.get("error") for line in told}


async def test_nothing_of_an_activity_or_a_token_is_in_a_log(town: Town):
    with listening() as lines:
        await town.line.tell(town.world.activities.message(TOM, PANEL, SECRET))
        await town.line.tell(town.world.activities.submits_dialog(TOM, PANEL, {"why": SECRET}))
        await town.line.tell(town.world.activities.message(TOM, PANEL, SECRET) | {"type": "hologram"})
        await town.line.send(json.dumps({"text": SECRET}).encode(), SECRET.replace(" ", "."))
        assert {line["event"] for line in lines()} == {
            "teams activity not for us",
            "teams request turned away",
        }
    assert [found.said for found in town.listener.heard] == [SECRET, ""]


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b"7", b'"text"', b"\xff", b"[" * 60_000])
async def test_what_is_no_json_object_is_400(town: Town, body: bytes):
    answer = await town.line.send(body, town.world.issuer.mint(town.world.service_url))
    assert (answer.status, answer.body) == (400, None)


async def test_a_body_over_the_bound_is_413_and_one_below_it_is_read(town: Town):
    long = town.world.activities.message(TOM, PANEL, "x" * BODY_BYTES)
    assert (await town.line.tell(long)).status == 413
    assert town.listener.heard == []
    assert (
        await town.line.tell(town.world.activities.message(TOM, PANEL, "x" * (BODY_BYTES - 2_000)))
    ).status == 200


@pytest.mark.parametrize("field", ["from", "conversation", "recipient", "id"])
@pytest.mark.parametrize("value", [None, {}, {"id": ""}, {"id": 7}, 7])
def test_a_party_without_an_id_is_400(field: str, value: Any):
    assert fitted(a_world().activities.message(TOM, PANEL, "hello") | {field: value}) == Settled(400)


@pytest.mark.parametrize("kind", [None, 7, {}, []])
def test_a_type_that_is_no_word_is_an_unknown_type(kind: Any):
    assert fitted(a_world().activities.message(TOM, PANEL, "hello") | {"type": kind}) == Settled(200)


def test_what_is_made_fit_is_a_copy():
    body = a_world().activities.sees(TOM, PANEL)
    before = json.dumps(body)
    assert fitted(body) != body
    assert json.dumps(body) == before


class Open(Guard):
    """A guard that has been broken."""

    async def check(self, authorization: str, body: Any) -> None:
        await self.keys.find("stand-in-1")


async def an_app(door: Door, listener: Listener, **but: Any) -> Any:
    proof = {"token": issuer().outbound}
    return await teams_app(door, listener, app_id=APP_ID, home_tenant=COUNCIL, **{**proof, **but})


async def posted(door: Door, activity: Any, tokens: list[str]) -> list[int]:
    asgi = httpx.ASGITransport(app=Starlette(routes=[door.route()]))
    async with httpx.AsyncClient(transport=asgi, base_url="http://127.0.0.1") as client:
        return [
            (
                await client.post(
                    "/api/messages", json=activity, headers={"authorization": f"Bearer {token}"}
                )
            ).status_code
            for token in tokens
        ]


async def statuses(door: Door, activity: Any) -> list[int]:
    """What the door answers to a good token, a forged one and an unsigned one."""
    here = activity["serviceUrl"]
    forged = [issuer().mint(here, signing=signing) for signing in ("rogue key", "none")]
    return await posted(door, activity, [issuer().mint(here), *forged])


async def test_the_sdk_checks_again_so_that_a_broken_guard_lets_nobody_in():
    door, listener = a_door(Open), Listener()
    app = await an_app(door, listener)
    assert await statuses(door, a_world().activities.message(TOM, PANEL, "hello")) == [200, 401, 401]
    assert len(listener.heard) == 1
    await close(app)


@pytest.mark.parametrize("value", ["true", "1", "nonsense"])
async def test_a_stray_variable_cannot_switch_the_checks_off(monkeypatch: pytest.MonkeyPatch, value: str):
    monkeypatch.setenv("DANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS", value)
    door, listener = a_door(), Listener()
    app = await an_app(door, listener)
    assert app.options.dangerously_allow_unauthenticated_requests is False
    assert await statuses(door, a_world().activities.message(TOM, PANEL, "hello")) == [200, 401, 401]
    await close(app)


async def test_an_app_without_checks_does_not_start(monkeypatch: pytest.MonkeyPatch):
    class Unchecked(front.App):  # type: ignore[misc, valid-type]
        def __init__(self, **options: Any) -> None:
            super().__init__(**{**options, "dangerously_allow_unauthenticated_requests": True})

    monkeypatch.setattr(front, "App", Unchecked)
    with pytest.raises(Misconfigured):
        await an_app(a_door(), Listener())


def test_the_checks_are_on_as_a_literal_and_in_one_place():
    set_here = re.compile(r"(?:dangerously_\w+|skip_auth)[\"']?\s*[=:](?!=)\s*(\w+)", re.IGNORECASE)
    found = [
        (path.name, value)
        for path in (ROOT / "bot").rglob("*.py")
        for value in set_here.findall(path.read_text(encoding="utf-8"))
    ]
    assert found == [("front.py", "False")]


async def test_a_stray_secret_in_the_environment_stops_the_start(monkeypatch: pytest.MonkeyPatch):
    """The SDK would prefer it to the token that it was given."""
    monkeypatch.setenv("CLIENT_SECRET", "somebody-else-s")
    with pytest.raises(Misconfigured, match="CLIENT_SECRET"):
        await an_app(a_door(), Listener())


async def test_other_stray_variables_change_nothing(monkeypatch: pytest.MonkeyPatch):
    for name in ("CLIENT_ID", "TENANT_ID", "MANAGED_IDENTITY_CLIENT_ID", "SERVICE_URL"):
        monkeypatch.setenv(name, "https://stray.example")
    monkeypatch.setenv("CLOUD", "China")
    app = await an_app(a_door(), Listener())
    assert (app.id, app.credentials.tenant_id) == (APP_ID, COUNCIL)
    assert app.api.service_url == "https://smba.trafficmanager.net/teams"
    assert app.cloud.token_issuer == "https://api.botframework.com"
    await close(app)


@pytest.mark.parametrize("proofs", [{"token": None}, {"secret": "a-secret"}, {"managed_identity": "system"}])
async def test_the_bot_has_one_way_to_prove_who_it_is(proofs: Any):
    with pytest.raises(ValueError, match="proves"):
        await an_app(a_door(), Listener(), **proofs)


@pytest.mark.parametrize(
    ("proof", "kind"),
    [
        ({"secret": "a-secret"}, "ClientCredentials"),
        ({"managed_identity": "system"}, "FederatedIdentityCredentials"),
        ({"managed_identity": APP_ID}, "ManagedIdentityCredentials"),
    ],
)
async def test_each_way_to_prove_it_is_taken(proof: Any, kind: str):
    app = await an_app(a_door(), Listener(), token=None, **proof)
    assert type(app.credentials).__name__ == kind
    await close(app)


async def test_the_sdk_gets_no_other_route():
    door = a_door()
    app = await an_app(door, Listener())
    with pytest.raises(ValueError, match="/api/functions"):
        app.func("anything")(lambda ctx: None)
    await close(app)


async def test_a_door_without_an_app_is_not_there():
    assert await posted(a_door(), {}, [""]) == [404]


def python(story: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", story],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_file_of_settings_that_lies_about_is_not_read_and_no_preview_warns(tmp_path: Path):
    (tmp_path / ".env").write_text("STRAY_SETTING=yes\nDANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS=true\n")
    bare = "import os, warnings\nwarnings.simplefilter('ignore')\nimport microsoft_teams.apps\n"
    ours = "import os\nimport bot.handlers.teams.sdk\n"
    tell = "print(os.environ.get('STRAY_SETTING'), os.environ.get('PYTHON_DOTENV_DISABLED'))"
    assert python(bare + tell, tmp_path) == "yes None", "the SDK still reads it"
    assert python(ours + tell, tmp_path) == "None None"


def test_nothing_but_the_teams_modules_needs_the_sdk(tmp_path: Path):
    """`convenor run` without Teams pays nothing for it, and an Intel Mac has none."""
    story = (
        "import sys\nsys.modules['microsoft_teams'] = None\n"
        "import bot.cli, bot.serve, bot.demo, bot.checks\n"
        "import bot.local.teams.app, bot.gateways.teams_reference\n"
        "import bot.handlers.teams.guard, bot.handlers.teams.fitted, bot.handlers.teams.answers\n"
        "print('fine')"
    )
    assert python(story, tmp_path) == "fine"
