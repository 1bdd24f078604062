"""The doors: signatures, unknown workspaces, and no call to Slack that nobody needs (slack.md section 3)."""

import asyncio
import logging
import time
from typing import Any

import aiohttp
import httpx
import pytest
from slack_payloads import SECRET, signed, signed_text
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette

from bot.handlers.slack.edge import BODY_BYTES, SlackEdge, front_client, installation
from bot.handlers.verbs.ask import Ask
from bot.handlers.verbs.replies import Ephemeral, Reply


async def test_a_forged_signature_goes_no_further(verbs, edge, says):
    @verbs.command("/refer")
    async def refer(ask: Ask) -> None:
        pytest.fail("reached by a forger")

    assert (await edge.app.async_dispatch(signed(says.command(), "another secret"))).status == 401


async def test_no_log_holds_what_anybody_wrote_however_loud_it_is_set(verbs, edge, bot, says, slack, caplog):
    """IG-04: Bolt writes a whole body at INFO when a signature is wrong, so one mistyped secret would tell all."""

    @verbs.submission("refer")
    async def submitted(ask: Ask) -> Reply:
        await ask.slack.chat_postMessage(channel="U0ADA", text=str(ask.answers["name"]))
        return Ephemeral({"text": "Thank you"})

    canary = "Ms Canary of Mill Lane"
    state = {"name": {"answer": {"type": "plain_text_input", "value": canary}}}
    caplog.set_level(logging.DEBUG)
    for secret in (SECRET, "mistyped"):
        await edge.app.async_dispatch(signed(says.submission(state=state), secret))
        await edge.app.async_dispatch(signed(says.command("/unknown", canary), secret))
        await edge.app.async_dispatch(signed(says.event("message", channel_type="im", text=canary), secret))
    await edge.close()
    assert canary in str(slack.calls)
    assert canary not in caplog.text + "".join(str(record.__dict__) for record in caplog.records)


async def test_an_unknown_workspace_is_sent_away_without_a_call(verbs, send, says, slack, bot):
    answer = await send(says.command(team_id="T0ELSEWHERE", response_url=slack.address + "respond"))
    assert (answer.status, answer.body) == (200, "")
    assert (slack.calls, bot.looked_up) == ([], [])


async def test_slack_is_never_asked_who_we_are_while_somebody_waits(verbs, send, says, slack):
    @verbs.command("/refer")
    async def refer(ask: Ask) -> Reply:
        return Ephemeral({"text": "Here"})

    for _ in range(5):
        await send(says.command())
    assert slack.calls == []


async def test_a_command_may_say_payload(verbs, send, says):
    """Bolt takes such a body for a form without its payload, and hands on nothing."""

    @verbs.command("/refer")
    async def refer(ask: Ask) -> Reply:
        return Ephemeral({"text": f"{ask.value} by {ask.person.name}"})

    assert "the payload by Ada" in (await send(says.command(text="the payload"))).body


async def test_slacks_handshake_is_answered(send):
    answer = await send({"type": "url_verification", "challenge": "c4"})
    assert "c4" in answer.body


async def test_nobody_else_can_sign_when_there_is_no_secret(bot, verbs, slack):
    async with aiohttp.ClientSession() as pool:
        edge = SlackEdge(bot, verbs, lambda e, t: None, client=front_client(pool, slack.address))
        with pytest.raises(ValueError, match="SLACK_SIGNING_SECRET"):
            edge.route()


async def test_the_start_learns_whose_token_it_holds(slack):
    async with aiohttp.ClientSession() as pool:
        here = await installation(AsyncWebClient(token="xoxb-1", base_url=slack.address, session=pool))
    assert (here.team, here.bot_user, here.bot_token) == ("T0ALDERMERE", "U0BOT", "xoxb-1")
    assert "xoxb-1" not in repr(here)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"payload=%7B", 400),
        (b"\xff\xfe", 400),
        (b"[]", 400),
        (b'{"type": "event_callback"}', 401),
        (b"x" * (BODY_BYTES + 1), 413),
    ],
)
async def test_what_is_not_slacks_is_refused_at_the_door(body, status, edge):
    answer = await through(edge, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status


async def test_the_whole_way_over_http(verbs, edge, says):
    @verbs.command("/refer")
    async def refer(ask: Ask) -> Reply:
        return Ephemeral({"text": "Here"})

    text, headers = signed_text(says.command())
    answer = await through(edge, content=text, headers=headers)
    assert (answer.status_code, answer.json()["text"]) == (200, "Here")


async def test_our_own_part_of_a_press_takes_less_than_five_milliseconds_of_processor(verbs, edge, says):
    """No handler may hold the loop for 20 ms; the frame around it leaves them nearly all of it."""

    @verbs.press("action.accept")
    async def accept(ask: Ask) -> None:
        return None

    spent = []
    for _ in range(20):
        request = signed(says.press())
        began = time.thread_time()
        await edge.app.async_dispatch(request)
        spent.append(time.thread_time() - began)
    assert min(spent) < 0.005


async def through(edge: SlackEdge, **what: Any) -> httpx.Response:
    door = httpx.ASGITransport(Starlette(routes=[edge.route()]))
    async with httpx.AsyncClient(transport=door, base_url="http://convenor.test") as client:
        return await client.post("/slack/events", **what)


async def test_a_connection_closed_under_a_form_is_opened_again_at_once():
    """Slack closes what it has kept open long enough, and a trigger lives three seconds."""
    heard = []

    async def hang_up_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        heard.append(head.split(b" ")[1])
        if len(heard) > 1:
            answer = b'{"ok": true}'
            head = (
                f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(answer)}\r\n\r\n"
            )
            writer.write(head.encode() + answer)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(hang_up_once, "127.0.0.1")
    port = server.sockets[0].getsockname()[1]
    async with server, aiohttp.ClientSession() as pool:
        client = front_client(pool, f"http://127.0.0.1:{port}/api/")
        assert (await client.views_open(trigger_id="1.2.abc", view={}))["ok"]
    assert heard == [b"/api/views.open"] * 2
