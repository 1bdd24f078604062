"""The Web API's answers and refusals, with Slack's own codes (slack.md sections 4, 5 and 8)."""

import json

import aiohttp
import pytest
from stand_in_town import served

from bot.local.refusals import TooFast
from bot.local.webapi import respond


def divider(**but):
    return {"type": "divider", **but}


def home(**but):
    return {"type": "home", "blocks": [divider()], **but}


def modal(**but):
    return {"type": "modal", "title": {"type": "plain_text", "text": "Refer"}, "blocks": [divider()], **but}


@pytest.fixture
def call(world):
    def _call(method, **given):
        return respond(world, method, world.bot_token, given)

    return _call


@pytest.mark.parametrize(
    ("method", "given", "code"),
    [
        ("files.upload", {}, "unknown_method"),
        ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
        ("chat.postMessage", {"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0OTHER", "text": "x"}, "not_in_channel"),
        ("chat.postMessage", {"channel": "C0PANEL"}, "no_text"),
        ("chat.postMessage", {"channel": "C0PANEL", "blocks": [divider()]}, "no_text"),
        ("chat.postMessage", {"channel": "C0PANEL", "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": "C0PANEL", "text": "x", "blocks": "{"}, "invalid_blocks_format"),
        (
            "chat.postMessage",
            {"channel": "C0PANEL", "text": "x", "blocks": [{"type": "x"}]},
            "invalid_blocks",
        ),
        ("chat.postMessage", {"channel": "C0PANEL", "text": "x", "thread_ts": "1.0"}, "thread_not_found"),
        ("chat.postMessage", {"channel": "C0PANEL", "text": "x", "metadata": {}}, "invalid_metadata_format"),
        ("chat.update", {"channel": "C0PANEL", "ts": "1.0", "text": "x"}, "message_not_found"),
        ("chat.delete", {"channel": "C0PANEL", "ts": "1.0"}, "message_not_found"),
        (
            "chat.postEphemeral",
            {"channel": "C0TRIAGE", "user": "U0PRIYA", "text": "x"},
            "user_not_in_channel",
        ),
        ("conversations.info", {"channel": "C0NOWHERE"}, "channel_not_found"),
        ("conversations.list", {"types": "rooms"}, "invalid_types"),
        ("conversations.members", {"channel": "C0PANEL", "cursor": "x"}, "invalid_cursor"),
        ("conversations.history", {"channel": "C0OTHER"}, "not_in_channel"),
        ("conversations.history", {"channel": "C0PANEL", "limit": "some"}, "invalid_arguments"),
        ("conversations.open", {"users": "U0NOBODY"}, "user_not_found"),
        ("conversations.create", {"name": "Panel Room"}, "invalid_name_specials"),
        ("conversations.create", {"name": "panel"}, "name_taken"),
        ("conversations.invite", {"channel": "C0PANEL", "users": "U0TOM"}, "already_in_channel"),
        ("conversations.invite", {"channel": "C0PANEL", "users": "U0NOBODY"}, "user_not_found"),
        ("conversations.setTopic", {"channel": "C0PANEL", "topic": "x" * 251}, "too_long"),
        ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
        ("users.lookupByEmail", {"email": "nobody@x.example"}, "users_not_found"),
        ("bots.info", {"bot": "B0OTHER"}, "bot_not_found"),
        ("dnd.info", {"user": "U0NOBODY"}, "user_not_found"),
        ("views.open", {"trigger_id": "x"}, "invalid_arguments"),
        ("views.open", {"trigger_id": "x", "view": modal()}, "invalid_trigger_id"),
        ("views.open", {"trigger_id": "x", "view": modal(title=None)}, "invalid_arguments"),
        ("views.push", {"trigger_id": "x", "view": modal()}, "invalid_trigger_id"),
        ("views.update", {"view": modal()}, "invalid_arguments"),
        ("views.update", {"view_id": "V0GONE", "view": modal()}, "not_found"),
        ("views.publish", {"user_id": "U0NOBODY", "view": home()}, "user_not_found"),
    ],
)
async def test_a_wrong_call_is_refused_with_slacks_code(call, method, given, code):
    answer = call(method, **given)
    assert (answer["ok"], answer["error"]) == (False, code)


async def test_block_kit_limits_come_back_with_their_places(call):
    long = {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}
    answer = call("chat.postMessage", channel="C0PANEL", text="x", blocks=[long])
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] blocks[0].text: 151 characters, must be 1 to 150"
    ]
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3_000}}
    answer = call("chat.postMessage", channel="C0PANEL", text="x", blocks=[section] * 5)
    assert answer["error"] == "msg_blocks_too_long"
    heavy = [{"type": "section", "text": {"type": "plain_text", "text": "é" * 3_000}}] * 50
    assert call("views.publish", user_id="U0TOM", view=home(blocks=heavy))["error"] == "view_too_large"


@pytest.mark.parametrize(
    ("method", "which", "code"),
    [
        ("chat.postMessage", "none", "not_authed"),
        ("chat.postMessage", "made up", "invalid_auth"),
        ("chat.postMessage", "app", "not_allowed_token_type"),
        ("apps.connections.open", "bot", "not_allowed_token_type"),
    ],
)
async def test_the_wrong_token_is_refused(world, method, which, code):
    token = {"none": None, "made up": "xoxb-made-up", "app": world.app_token, "bot": world.bot_token}[which]
    assert respond(world, method, token, {})["error"] == code


async def test_a_message_lives(call, world):
    """Posted, found with its metadata, edited in place, taken back; never another's."""
    mark = {"event_type": "pointer", "event_payload": {"id": "abc"}}
    posted = call("chat.postMessage", channel="C0PANEL", text="One", metadata=mark, blocks=[divider()])
    assert posted["message"]["bot_id"] == "B0BOT"
    seen = call("conversations.history", channel="C0PANEL", include_all_metadata=True)
    assert [one["metadata"] for one in seen["messages"]] == [mark]
    assert "metadata" not in call("conversations.history", channel="C0PANEL")["messages"][0]
    call("chat.update", channel="C0PANEL", ts=posted["ts"], text="Two")
    [message] = call("conversations.history", channel="C0PANEL", include_all_metadata="true")["messages"]
    assert (message["text"], message["metadata"], message["edited"]["user"]) == ("Two", mark, "U0BOT")
    link = call("chat.getPermalink", channel="C0PANEL", message_ts=posted["ts"])["permalink"]
    assert link.endswith(f"/archives/C0PANEL/p{posted['ts'].replace('.', '')}")
    person = world.talk.say("C0PANEL", "U0TOM", "Mine")
    for method in ("update", "delete"):
        refused = call(f"chat.{method}", channel="C0PANEL", ts=person.ts, text="Yours")
        assert refused["error"] == f"cant_{method}_message"
    call("chat.delete", channel="C0PANEL", ts=posted["ts"])
    assert [one["text"] for one in call("conversations.history", channel="C0PANEL")["messages"]] == ["Mine"]


async def test_an_ephemeral_message_is_in_no_history_and_out_of_reach(call, world):
    sent = call("chat.postEphemeral", channel="C0PANEL", user="U0TOM", text="Only you")
    assert call("conversations.history", channel="C0PANEL")["messages"] == []
    again = call("chat.update", channel="C0PANEL", ts=sent["message_ts"], text="x")
    assert again["error"] == "message_not_found"
    assert world.talk.unread("U0TOM", "C0PANEL") == 1
    assert world.talk.unread("U0PRIYA", "C0PANEL") == 0


async def test_a_person_is_written_to_by_user_id(call, world):
    posted = call("chat.postMessage", channel="U0PRIYA", text="Hello")
    opened = call("conversations.open", users="U0PRIYA")
    assert posted["channel"] == opened["channel"]["id"]
    assert world.talk.unread("U0PRIYA", posted["channel"]) == 1
    group = call("conversations.open", users="U0PRIYA,U0TOM")["channel"]["id"]
    assert call("conversations.open", users=["U0TOM", "U0PRIYA"])["channel"]["id"] == group
    assert call("chat.postMessage", channel=group, text="Both")["ok"]


async def test_history_is_cut_by_time_and_by_pages(call):
    stamps = [call("chat.postMessage", channel="C0PANEL", text=f"{n}")["ts"] for n in range(5)]

    def texts(**given):
        return [one["text"] for one in call("conversations.history", channel="C0PANEL", **given)["messages"]]

    assert texts(oldest=stamps[3]) == ["4"]
    assert texts(oldest=stamps[3], inclusive=True) == ["4", "3"]
    assert texts(latest=stamps[1]) == ["0"]
    first = call("conversations.history", channel="C0PANEL", limit=2)
    assert first["has_more"] is True
    assert texts(limit=2, cursor=first["response_metadata"]["next_cursor"]) == ["2", "1"]


async def test_a_thread_is_read_oldest_first(call):
    root = call("chat.postMessage", channel="C0PANEL", text="Root")["ts"]
    call("chat.postMessage", channel="C0PANEL", text="Aside")
    call("chat.postMessage", channel="C0PANEL", text="Reply", thread_ts=root)
    replies = call("conversations.replies", channel="C0PANEL", ts=root)["messages"]
    assert [one["text"] for one in replies] == ["Root", "Reply"]


async def test_rooms_are_listed_as_far_as_the_bot_may_see(call):
    def names(**given):
        return {one["name"] for one in call("conversations.list", **given)["channels"]}

    assert names() == {"panel", "other"}
    assert names(types="private_channel") == {"triage"}
    made = call("conversations.create", name="cv-7k4qmx", is_private="true")["channel"]["id"]
    call("conversations.setTopic", channel=made, topic="A drill")
    info = call("conversations.info", channel=made)["channel"]
    assert (info["topic"]["value"], info["is_private"], info["is_member"]) == ("A drill", True, True)


async def test_an_archived_room_takes_no_message(call, world):
    world.talk.by_id["C0PANEL"].archived = True
    assert call("chat.postMessage", channel="C0PANEL", text="x")["error"] == "is_archived"
    assert call("chat.update", channel="C0PANEL", ts="1.0", text="x")["error"] == "is_archived"


async def test_who_is_who(call):
    assert call("auth.test")["user_id"] == "U0BOT"
    person = call("users.lookupByEmail", email="TOM@council.example")["user"]
    assert (person["id"], person["tz"], person["tz_offset"]) == ("U0TOM", "Europe/London", 3_600)
    assert call("users.info", user="U0BOT")["user"]["is_bot"] is True
    assert len(call("users.list")["members"]) == 3
    assert call("team.info")["team"]["id"] == "T0ALDERMERE"
    assert call("bots.info", bot="B0BOT")["bot"]["user_id"] == "U0BOT"
    assert call("dnd.info", user="U0TOM")["dnd_enabled"] is False


async def test_a_stale_hash_does_not_overwrite(call, world):
    view = world.stage.open(world.stage.mint("U0TOM"), modal())
    update = {"view_id": view["id"], "hash": view["hash"], "view": modal(external_id="mine")}
    changed = call("views.update", **update)["view"]
    assert (changed["id"], changed["root_view_id"]) == (view["id"], view["root_view_id"])
    assert call("views.update", **update)["error"] == "hash_conflict"
    assert call("views.update", external_id="mine", view=modal())["view"]["id"] == view["id"]
    first = call("views.publish", user_id="U0TOM", view=home())["view"]
    second = call("views.publish", user_id="U0TOM", view=home(), hash=first["hash"])["view"]
    assert second["id"] == first["id"]
    assert call("views.publish", user_id="U0TOM", view=home(), hash=first["hash"])["error"] == "hash_conflict"


async def test_two_views_cannot_have_one_external_id(call, world):
    world.stage.open(world.stage.mint("U0TOM"), modal(external_id="mine"))
    trigger = world.stage.mint("U0PRIYA")
    refused = call("views.open", trigger_id=trigger, view=modal(external_id="mine"))
    assert refused["error"] == "duplicate_external_id"
    assert call("views.open", trigger_id=trigger, view=modal())["ok"]


async def test_one_message_a_second_and_a_tier_for_each_method(call, world, seconds):
    world.turn(rate_limit=True)
    assert call("chat.postMessage", channel="C0PANEL", text="x")["ok"]
    assert call("chat.postMessage", channel="C0TRIAGE", text="x")["ok"]
    with pytest.raises(TooFast) as wait:
        call("chat.postMessage", channel="C0PANEL", text="x")
    assert wait.value.seconds == 1
    seconds.now += 1
    posted = call("chat.postMessage", channel="C0PANEL", text="x")
    for _ in range(50):
        assert call("chat.update", channel="C0PANEL", ts=posted["ts"], text="y")["ok"]
    seconds.now += 20
    with pytest.raises(TooFast) as wait:
        call("chat.update", channel="C0PANEL", ts=posted["ts"], text="y")
    assert wait.value.seconds == 40
    seconds.now += 40
    assert call("chat.update", channel="C0PANEL", ts=posted["ts"], text="y")["ok"]


async def test_an_answer_can_be_lost_before_or_after_the_deed(world):
    """For the courier's look before resend: what a 503 means is only known by looking."""
    async with served(world) as address, aiohttp.ClientSession() as pool:

        async def post(text):
            asked = {"channel": "C0PANEL", "text": text, "token": world.bot_token}
            async with pool.post(f"{address}/api/chat.postMessage", data=asked) as reply:
                return reply.status

        world.fail("chat.postMessage")
        world.fail("chat.postMessage", after=True)
        assert [await post("lost"), await post("said"), await post("fine")] == [503, 503, 200]
        assert [one.text for one in world.talk.seen_by("U0TOM", "C0PANEL")] == ["said", "fine"]


async def test_forms_json_and_queries_mean_the_same(world):
    async with served(world) as address, aiohttp.ClientSession() as pool:
        bearer = {"authorization": f"Bearer {world.bot_token}"}
        asked = {"channel": "C0PANEL", "text": "hello"}
        blocks = [divider(block_id="one")]

        async def answer(how, **request):
            async with pool.request(how, f"{address}/api/chat.postMessage", **request) as reply:
                return reply.status, await reply.json(), reply.headers

        _, by_json, _ = await answer("POST", json={**asked, "blocks": blocks}, headers=bearer)
        _, by_form, _ = await answer(
            "POST", data={**asked, "blocks": json.dumps(blocks), "token": world.bot_token}
        )
        _, by_query, _ = await answer("GET", params={**asked, "token": world.bot_token})
        assert [one["message"]["text"] for one in (by_json, by_form, by_query)] == ["hello"] * 3
        assert by_form["message"]["blocks"] == by_json["message"]["blocks"] == blocks
        _, broken, _ = await answer("POST", data=b"{", headers={**bearer, "content-type": "application/json"})
        assert broken["error"] == "invalid_json"
        world.turn(rate_limit=True)
        await answer("POST", json=asked, headers=bearer)
        status, limited, headers = await answer("POST", json=asked, headers=bearer)
        assert (status, limited["error"], headers["retry-after"]) == (429, "ratelimited", "1")
