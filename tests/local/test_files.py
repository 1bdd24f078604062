"""Uploads as Slack has them (docs.slack.dev: files.getUploadURLExternal, files.completeUploadExternal, image block)."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from stand_in_town import a_world, served

from bot.local.shelf import Shelf
from bot.local.webapi import respond

PNG = b"\x89PNG\r\n\x1a\n and the rest of it"


def image(id_, **but):
    return {"type": "image", "slack_file": {"id": id_}, "alt_text": "Two times fit", **but}


@pytest.fixture
def call(world):
    def _call(method, **given):
        return respond(world, method, world.bot_token, given)

    return _call


@pytest.fixture
def uploaded(world, call):
    def _uploaded(content=PNG):
        given = call("files.getUploadURLExternal", filename="times.png", length=len(content))
        assert world.files.take(given["upload_url"].rpartition("/")[2], content)
        return given["file_id"]

    return _uploaded


def finished(call, id_):
    return call("files.completeUploadExternal", files=[{"id": id_, "title": "Times"}])


async def test_slacks_own_library_uploads_in_three_steps(world):
    async with served(world) as address, aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=world.bot_token, base_url=f"{address}/api/", session=session)
        answer = await client.files_upload_v2(filename="times.png", content=PNG, title="Times")
        file = answer["file"]
        assert file == {"id": answer["files"][0]["id"], "title": "Times"}
        await client.chat_postMessage(channel="U0TOM", text="Times", blocks=[image(file["id"])])
        page = f"{address}/workspace/people/{{}}/files/{file['id']}"
        async with session.get(page.format("U0TOM")) as shown:
            assert (shown.status, shown.content_type, await shown.read()) == (200, "image/png", PNG)
            assert shown.headers["cache-control"].startswith("private")
        for other in ("U0PRIYA", "U0NOBODY"):
            async with session.get(page.format(other)) as refused:
                assert refused.status == 404
        with pytest.raises(SlackApiError, match="invalid_blocks"):
            await client.chat_postMessage(channel="U0TOM", text="Times", blocks=[image("F0UNKNOWN1")])


async def test_other_bytes_than_were_announced_are_not_taken(world, call):
    async with served(world) as address, aiohttp.ClientSession() as session:
        given = call("files.getUploadURLExternal", filename="times.png", length=5)
        assert given["upload_url"].startswith(address)
        async with session.post(given["upload_url"], data=b"longer than five") as answer:
            assert answer.status == 400
        async with session.post(f"{address}/upload/v1/guessed", data=b"12345") as answer:
            assert answer.status == 400
        assert finished(call, given["file_id"])["error"] == "file_not_found"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"filename": "x.png"}, "invalid_arguments"),
        ({"filename": "x.png", "length": 0}, "invalid_arguments"),
        ({"length": 4}, "invalid_arguments"),
        ({"filename": "x.png", "length": 4, "alt_txt": "x" * 1_001}, "alt_txt_too_large"),
    ],
)
def test_an_address_is_given_for_a_named_file_of_some_length_only(call, given, code):
    assert call("files.getUploadURLExternal", **given)["error"] == code


def test_an_upload_is_completed_once(call, uploaded):
    file = uploaded()
    assert finished(call, file) == {"ok": True, "files": [{"id": file, "title": "Times"}]}
    assert finished(call, file)["error"] == "file_not_found"


@pytest.mark.parametrize("files", [None, [], "nonsense", ["F0123ABCDE"]])
def test_what_to_complete_has_to_be_said(call, files):
    assert call("files.completeUploadExternal", files=files)["error"] == "invalid_arguments"


def test_a_message_can_name_a_file_only_when_it_is_complete_and_an_image(call, uploaded):
    early, text = uploaded(), uploaded(b"just words")
    finished(call, text)
    for file in (early, text):
        refused = call("chat.postMessage", channel="U0TOM", text="x", blocks=[image(file)])
        assert refused["error"] == "invalid_blocks"
        [told] = refused["response_metadata"]["messages"]
        assert told == "[ERROR] invalid slack file [json-pointer:/blocks/0/slack_file]"
    finished(call, early)
    assert call("chat.postMessage", channel="U0TOM", text="x", blocks=[image(early)])["ok"]


@pytest.mark.parametrize(
    "block",
    [
        image("times"),
        image("F0123ABCDE", slack_file={"id": "F0123ABCDE", "url": "https://files.slack.com/x.png"}),
        image("F0123ABCDE", slack_file={}),
        image("F0123ABCDE", alt_text="x" * 2_001),
        image("F0123ABCDE", image_url="https://example.com/x.png"),
    ],
)
def test_an_image_is_named_one_way_and_described_within_slacks_limit(call, block):
    assert call("chat.postMessage", channel="U0TOM", text="x", blocks=[block])["error"] == "invalid_blocks"


async def test_a_file_outlives_a_restart(tmp_path):
    path = tmp_path / "workspace.db"
    first = a_world(Shelf(path))
    file = first.files.expect("times.png", len(PNG))
    file.content = PNG
    first.files.complete(file, "Times")
    await first.close()
    again = a_world(Shelf(path))
    kept = again.files.shown(file.id)
    assert (kept.content, kept.title) == (PNG, "Times")
    await again.close()


async def test_the_calendar_shows_the_picture_that_was_sent_last_while_it_is_fresh(world, call, uploaded):
    old, new = uploaded(), uploaded()
    finished(call, old)
    finished(call, new)
    async with served(world) as address, aiohttp.ClientSession() as session:

        async def found(who):
            async with session.get(f"{address}/workspace/people/{who}/calendar") as answer:
                return (await answer.json())["found"]

        assert await found("U0TOM") is None
        for file in (old, new):
            call("chat.postMessage", channel="U0TOM", text="Times", blocks=[image(file)])
        assert [block["slack_file"]["id"] for block in (await found("U0TOM"))["blocks"]] == [new]
        assert await found("U0PRIYA") is None
        await world.clock.move("next-working-day")
        assert await found("U0TOM") is None
