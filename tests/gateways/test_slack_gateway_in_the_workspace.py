"""The same gateway against the local workspace, which judges what it is sent as Slack would."""

import asyncio
import socket
from datetime import UTC, datetime, timedelta

import pytest
import uvicorn

from bot.domain.errors import TryLater, Undeliverable
from bot.gateways.slack import Slack, client, pool
from bot.local.app import workspace_app
from bot.local.clock import MovableClock
from bot.local.seats import BOT_USER, Chair, Place, Room
from bot.local.world import World

MONDAY = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)
CARD = {"text": "CV-7K4QMX", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "CV-7K4QMX"}}]}
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "Raise"}, "blocks": CARD["blocks"]}
HOME = {"type": "home", "blocks": CARD["blocks"]}


@pytest.fixture
def world():
    return World(
        place=Place(name="Aldermere", note="An invented place"),
        people=[
            Chair(
                user_id="U0PRIYA",
                name="Priya Nadar",
                title="Support worker",
                agency="Aldermere Hearth",
                chair="Practitioner",
                email="priya@hearth.example",
            )
        ],
        rooms=[
            Room(id="C0PANEL", name="panel", members=("U0PRIYA", BOT_USER)),
            Room(id="C0OTHER", name="other", members=("U0PRIYA",)),
        ],
        clock=MovableClock(lambda day: day + timedelta(days=1), start=MONDAY, real=lambda: MONDAY),
    )


@pytest.fixture
async def slack(world):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(20)
        world.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(
            workspace_app(world), log_level="warning", ws="websockets-sansio", lifespan="off"
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        async with pool() as session:
            yield Slack(client(world.bot_token, session, f"{world.address}/api/"))
        await world.close()
        server.should_exit = True
        await serving


async def test_a_post_is_found_again_and_edited_in_place(slack, world):
    ts = await slack.post("C0PANEL", CARD, "d1")
    for n in range(3):
        await slack.post("C0PANEL", CARD, f"other{n}")
    assert await slack.find("C0PANEL", "d1", world.clock.now()) == ts
    assert await slack.find("C0PANEL", "d9", world.clock.now()) is None
    await slack.update("C0PANEL", ts, CARD | {"text": "CV-7K4QMX closed"})
    assert await slack.find("C0PANEL", "d1", world.clock.now()) == ts, "an edit keeps the delivery id"


async def test_a_reply_is_found_in_its_thread(slack, world):
    ts = await slack.post("C0PANEL", CARD, "d1")
    reply = await slack.post("C0PANEL", CARD, "d2", thread=ts)
    assert await slack.find("C0PANEL", "d2", world.clock.now(), thread=ts) == reply


async def test_direct_messages_homes_and_confirmations(slack, world):
    channel = await slack.open_dm("U0PRIYA")
    assert await slack.open_dm("U0PRIYA") == channel
    ts = await slack.post(channel, CARD, "d1")
    assert await slack.find(channel, "d1", world.clock.now()) == ts
    await slack.publish_home("U0PRIYA", HOME)
    await slack.ephemeral("C0PANEL", "U0PRIYA", CARD)


async def test_people_are_found_by_address_and_by_id(slack):
    priya = await slack.user_by_email("priya@hearth.example")
    assert (priya.user, priya.email, priya.is_bot) == ("U0PRIYA", "priya@hearth.example", False)
    assert await slack.user_info("U0PRIYA") == priya
    assert await slack.user_by_email("nobody@hearth.example") is None
    assert await slack.user_info("U0NOBODY") is None


async def test_the_workspaces_refusals_are_told_apart(slack, world):
    with pytest.raises(Undeliverable, match="not_in_channel"):
        await slack.post("C0OTHER", CARD, "d1")
    with pytest.raises(Undeliverable, match="channel_not_found"):
        await slack.post("C0NOWHERE", CARD, "d1")
    with pytest.raises(Undeliverable, match="invalid_blocks"):
        await slack.post("C0PANEL", {"text": "x", "blocks": [{"type": "header"}]}, "d1")
    with pytest.raises(Undeliverable, match="trigger"):
        await slack.open_view("made.up", MODAL)
    slack.client.token = "xoxb-another"
    with pytest.raises(TryLater, match="invalid_auth"):
        await slack.post("C0PANEL", CARD, "d1")


async def test_a_rate_limit_says_how_long(slack, world):
    world.turn(rate_limit=True)
    await slack.post("C0PANEL", CARD, "d1")
    with pytest.raises(TryLater) as later:
        await slack.post("C0PANEL", CARD, "d2")
    assert later.value.seconds >= 1


PNG = b"\x89PNG\r\n\x1a\n and the rest of it"


def showing(file):
    return {
        "text": "Two times fit",
        "blocks": [{"type": "image", "slack_file": {"id": file}, "alt_text": "two"}],
    }


async def test_an_uploaded_image_is_shown_by_a_message_that_names_it(slack, world):
    file = await slack.upload("times-1.png", PNG, "The times found")
    assert world.files.by_id[file].content == PNG
    ts = await slack.post("U0PRIYA", showing(file), "d1")
    [block] = world.talk.dm("U0PRIYA") and world.talk.said["D0PRIYA"][ts].blocks
    assert block["slack_file"] == {"id": file}


async def test_a_file_that_is_still_being_read_is_refused_for_a_while(slack, world):
    file = await slack.upload("times-1.png", PNG, "The times found")
    world.files.slow = 1
    with pytest.raises(Undeliverable, match="invalid_blocks"):
        await slack.post("U0PRIYA", showing(file), "d1")
    assert await slack.post("U0PRIYA", showing(file), "d1")


@pytest.mark.parametrize("after", [False, True], ids=["not heard", "answer lost"])
@pytest.mark.parametrize("step", ["files.getUploadURLExternal", "files.completeUploadExternal"])
async def test_an_upload_that_breaks_off_is_tried_again_from_the_beginning(slack, world, step, after):
    world.fail(step, after=after)
    with pytest.raises(TryLater):
        await slack.upload("times-1.png", PNG, "The times found")
    file = await slack.upload("times-1.png", PNG, "The times found")
    assert await slack.post("U0PRIYA", showing(file), "d1")


async def test_an_upload_waits_where_slack_asks_for_it(slack, world):
    world.turn(rate_limit=True)
    world.real_seconds = world.rates.real_seconds = lambda: 0.0
    for _ in range(100):
        world.rates.allow("files.getUploadURLExternal")
    with pytest.raises(TryLater, match="ratelimited") as later:
        await slack.upload("times-1.png", PNG, "The times found")
    assert later.value.seconds == 60
