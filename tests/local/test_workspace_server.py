"""The served workspace: the page's API, its event stream, and who is kept out."""

import json

import aiohttp
import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient
from stand_in_town import MONDAY, ScriptedBot, a_world, served

from bot.local.gestures import Gestures
from bot.local.shelf import Shelf


def plain(words):
    return {"type": "plain_text", "text": words}


@pytest.fixture
async def page(world):
    """The page: get and post as its script does."""
    async with served(world) as address, aiohttp.ClientSession() as pool:

        async def ask(how, path, **request):
            async with pool.request(how, address + path, **request) as reply:
                return await reply.json()

        yield ask


async def test_the_page_learns_who_is_there(page):
    state = await page("GET", "/workspace/state")
    assert state["now"] == MONDAY.isoformat()
    assert state["people"][1] == {
        "id": "U0TOM",
        "name": "Tom Askew",
        "title": "Social worker",
        "agency": "Aldermere Council",
        "chair": "Triage officer",
        "email": "tom@council.example",
        "in_slack": True,
    }
    assert state["channels"][0]["members"] == ["U0TOM"]
    assert state["commands"] == [
        {"command": "/refer", "usage": "[pathway]", "description": "Raise a concern"}
    ]
    assert state["shortcuts"][1]["callback_id"] == "refer-message"
    assert state["bot"] == {"id": "U0BOT", "name": "Convenor"}


async def test_a_person_reads_and_writes(page, world):
    world.delivery.line = ScriptedBot()
    world.talk.say("C0PANEL", "U0BOT", "Hello <@U0PRIYA>")
    sidebar = await page("GET", "/workspace/people/U0PRIYA/sidebar")
    assert sidebar["channels"] == [{"id": "C0PANEL", "name": "panel", "unread": 1}]
    assert sidebar["dm"] == {"id": "D0PRIYA", "unread": 0}
    path = "/workspace/people/U0PRIYA/conversations/C0PANEL/messages"
    [message] = (await page("GET", path))["messages"]
    assert (message["user_name"], message["ephemeral"], message["edited"]) == ("Convenor", False, False)
    assert message["at"][:16] == "2026-03-30T09:00"
    assert (await page("POST", path, json={"text": "@Convenor thanks"})) == {"ok": True}
    assert world.delivery.line.last["event"]["text"] == "<@U0BOT> thanks"
    assert (await page("GET", "/workspace/people/U0PRIYA/sidebar"))["channels"][0]["unread"] == 0
    hidden = await page("GET", "/workspace/people/U0PRIYA/conversations/C0TRIAGE/messages")
    assert hidden == {"ok": False, "error": "You are not in that conversation."}


async def test_a_person_fills_in_a_form_on_the_page(page, world):
    world.delivery.line = bot = ScriptedBot()
    field = {"type": "plain_text_input", "action_id": "answer"}
    view = {
        "type": "modal",
        "title": plain("Refer"),
        "submit": plain("Send"),
        "blocks": [{"type": "input", "block_id": "why", "label": plain("Why"), "element": field}],
    }
    world.stage.open(world.stage.mint("U0TOM"), view)
    [shown] = (await page("GET", "/workspace/people/U0TOM/views"))["stack"]
    submit = f"/workspace/people/U0TOM/views/{shown['id']}/submit"
    refused = await page("POST", submit, json={"state": {}})
    assert refused == {"ok": False, "errors": {"why": "Please complete this required field."}}
    bot.answers = [{"response_action": "update", "view": view | {"title": plain("Page two")}}]
    state = {"why": {"answer": {"type": "plain_text_input", "value": "because"}}}
    assert await page("POST", submit, json={"state": state}) == {"ok": True, "closed": False}
    again = (await page("GET", "/workspace/people/U0TOM/views"))["stack"][0]
    assert (again["title"]["text"], again["state"]["values"]) == ("Page two", state)
    assert await page("POST", f"/workspace/people/U0TOM/views/{shown['id']}/close", json={}) == {"ok": True}
    gone = await page("POST", submit, json={"state": state})
    assert gone["error"] == "That form is not open any more."


async def test_home_is_empty_until_the_bot_fills_it(page, world):
    world.delivery.line = ScriptedBot()
    assert await page("POST", "/workspace/people/U0TOM/home/open", json={}) == {"ok": True}
    assert world.delivery.line.last["event"]["tab"] == "home"
    assert await page("GET", "/workspace/people/U0TOM/home") == {"view": None}
    button = {"type": "button", "action_id": "go", "text": plain("Go"), "value": "1"}
    blocks = [{"type": "actions", "block_id": "b", "elements": [button]}]
    world.stage.publish("U0TOM", {"type": "home", "blocks": blocks})
    assert (await page("GET", "/workspace/people/U0TOM/home"))["view"]["type"] == "home"
    press = {"container": {"type": "home"}, "block_id": "b", "action_id": "go", "value": {"type": "button"}}
    assert await page("POST", "/workspace/people/U0TOM/action", json={**press, "state": {}}) == {"ok": True}
    assert world.delivery.line.last["actions"][0]["value"] == "1"


async def test_the_clock_and_the_switches_are_turned_on_the_page(page, world):
    moved = await page("POST", "/workspace/clock", json={"to": "next-working-day"})
    assert moved["now"] == "2026-03-31T08:05:00+00:00"
    back = await page("POST", "/workspace/clock", json={"to": MONDAY.isoformat()})
    assert back == {"ok": False, "error": "The clock cannot go there: time only goes forward."}
    on = await page("POST", "/workspace/switches", json={"duplicates": True})
    assert on["switches"] == {"rate_limit": False, "duplicates": True, "late": False}
    assert world.switches.duplicates


async def test_what_cannot_be_read_is_said_so(page):
    assert (await page("POST", "/workspace/people/U0TOM/action", json={}))["ok"] is False
    assert (await page("POST", "/workspace/people/U0TOM/action", data=b"{"))["ok"] is False
    assert (await page("GET", "/workspace/people/U0NOBODY/sidebar"))["ok"] is False
    assert (await page("GET", "/workspace/people/U0TOM/calendar?week=soon"))["error"] == "That is not a date."
    week = await page("GET", "/workspace/people/U0TOM/calendar?week=2026-04-01")
    assert week["week"] == "2026-03-30"


UPGRADE = {
    "connection": "Upgrade",
    "upgrade": "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


async def test_changes_are_streamed_to_the_page(world):
    async with served(world) as address, aiohttp.ClientSession() as pool:
        async with pool.get(f"{address}/workspace/events") as stream:
            assert await stream.content.readline() == b": here\n"
            world.talk.say("C0PANEL", "U0BOT", "New")
            world.whisper("U0TOM", "C0PANEL", "Only you", [])
            world.caption("Ms B's story")
            lines = [await stream.content.readline() for _ in range(7)]
        told = [json.loads(line[6:]) for line in lines if line.startswith(b"data: ")]
        assert told == [
            {"type": "message", "channel": "C0PANEL"},
            {"type": "ephemeral", "channel": "C0PANEL", "user": "U0TOM"},
            {"type": "caption", "text": "Ms B's story"},
        ]


@pytest.mark.parametrize(
    ("how", "path", "headers", "status"),
    [
        ("GET", "/workspace/state", {"host": "evil.example"}, 421),
        ("GET", "/workspace/state", {"host": "127.0.0.1.evil.example"}, 421),
        ("POST", "/workspace/clock", {"origin": "https://evil.example"}, 403),
        ("POST", "/workspace/clock", {"sec-fetch-site": "cross-site"}, 403),
        ("POST", "/api/auth.test", {"origin": "null"}, 403),
        ("POST", "/api/auth.test", {"origin": "null", "sec-fetch-site": "none"}, 403),
        ("POST", "/api/auth.test", {"origin": "null", "sec-fetch-site": "same-origin"}, 200),
        ("GET", "/socket?ticket=guess", UPGRADE, 403),
        ("GET", "/workspace/static/..%2fapp.py", {}, 404),
        ("GET", "/workspace/static/app.py", {}, 404),
    ],
)  # fmt: skip
async def test_only_this_machine_and_its_own_page_are_served(world, how, path, headers, status):
    async with (
        served(world) as address,
        aiohttp.ClientSession() as pool,
        pool.request(how, address + path, headers=headers) as reply,
    ):
        assert reply.status == status


async def test_a_response_url_is_good_for_five_answers_and_half_an_hour(world, seconds):
    async with served(world) as address:
        assert address == world.address
        message = world.talk.say("C0PANEL", "U0BOT", "Press")
        hook = AsyncWebhookClient(world.reply_url("U0TOM", "C0PANEL", message.ts))
        for words in ("One", "Two"):
            assert (await hook.send(text=words)).body == "ok"
        await hook.send(text="Instead", replace_original=True)
        await hook.send(text="For all", response_type="in_channel")
        await hook.send(text="", delete_original=True)
        assert "used_url" in (await hook.send(text="Six")).body
        seen = world.talk.seen_by("U0TOM", "C0PANEL")
        assert [(one.text, one.only_for) for one in seen] == [
            ("One", "U0TOM"),
            ("Two", "U0TOM"),
            ("For all", None),
        ]
        old = AsyncWebhookClient(world.reply_url("U0TOM", "C0PANEL"))
        seconds.now += 1_801
        assert "expired_url" in (await old.send(text="Late")).body


@pytest.mark.parametrize("bot", ["socket mode"], indirect=True)
async def test_a_bot_that_loses_its_socket_is_asked_to_come_back(bot, world):
    heard = []

    @bot.app.command("/refer")
    async def refer(ack, body):
        heard.append(body["text"])
        await ack()

    first = world.sockets.connections[0]
    await world.sockets.refresh()
    await world.sockets.connected()
    assert world.sockets.connections[0] is not first
    await Gestures(world).command("U0TOM", "C0PANEL", "/refer", "again")
    assert heard == ["again"]


async def test_the_workspace_goes_on_where_it_was_after_a_restart(tmp_path):
    shelf = Shelf(tmp_path / "var" / "convenor.db")
    world = a_world(shelf)
    said = world.talk.say("C0PANEL", "U0BOT", "Kept", metadata={"event_type": "x", "event_payload": {}})
    world.talk.mark_read("U0TOM", "C0PANEL")
    gone = world.talk.say("C0PANEL", "U0BOT", "Taken back")
    world.talk.delete(gone)
    world.stage.publish("U0TOM", {"type": "home", "blocks": [{"type": "divider"}]})
    view = world.stage.open(
        world.stage.mint("U0TOM"), {"type": "modal", "title": plain("Refer"), "blocks": [{"type": "divider"}]}
    )
    world.turn(duplicates=True)
    await world.close()
    again = a_world(Shelf(tmp_path / "var" / "convenor.db"))
    assert again.talk.seen_by("U0TOM", "C0PANEL") == [said]
    assert (again.talk.unread("U0TOM", "C0PANEL"), again.talk.unread("U0PRIYA", "C0PANEL")) == (0, 1)
    assert again.stage.stack("U0TOM") == [view]
    assert again.stage.homes["U0TOM"]["type"] == "home"
    assert again.switches.duplicates
    assert float(again.talk.say("C0PANEL", "U0BOT", "Next").ts) > float(said.ts)
    await again.close()
