"""The Slack gateway against a far side of twenty lines, which can also break off, dawdle and talk nonsense."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from bot.domain.errors import TryLater, Undeliverable
from bot.gateways.slack import Slack, client, pool

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n and the rest"
CARD = {"text": "CV-7K4QMX", "blocks": [{"type": "divider"}]}


class FarSide:
    """Answers by method; an answer may be a list, of which each call takes the next."""

    def __init__(self):
        self.answers = {}
        self.asked, self.bytes = [], []

    async def serve(self, request):
        method = request.match_info["method"]
        if method == "bytes":
            self.bytes.append(await request.read())
            return self.answers.get("bytes", web.Response(text="OK"))
        args = await request.json() if request.can_read_body else dict(request.query)
        self.asked.append((method, args))
        answer = self.answers.get(method, {})
        if isinstance(answer, list):
            answer = answer.pop(0)
        if answer is ConnectionResetError:
            request.transport.abort()
        if isinstance(answer, web.Response):
            return answer
        return web.json_response(
            {"ok": "error" not in answer, **(answer if isinstance(answer, dict) else {})}
        )

    def of(self, method):
        return [args for name, args in self.asked if name == method]


@pytest.fixture
async def far():
    return FarSide()


@pytest.fixture
async def slack(far):
    app = web.Application()
    app.router.add_route("*", "/api/{method}", far.serve)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    async with pool(timeout=2) as session:
        yield Slack(client("xoxb-invented", session, f"http://127.0.0.1:{port}/api/"))
    await runner.cleanup()


async def test_a_post_carries_its_delivery_id_and_nothing_else_of_ours(slack, far):
    far.answers["chat.postMessage"] = {"ts": "1700000000.000100"}
    assert await slack.post("C0PANEL", CARD, "d1") == "1700000000.000100"
    [sent] = far.of("chat.postMessage")
    assert sent["metadata"] == {"event_type": "convenor_delivery", "event_payload": {"delivery": "d1"}}
    assert (sent["channel"], sent["text"], sent["unfurl_links"]) == ("C0PANEL", "CV-7K4QMX", False)


def _message(ts, delivery=None):
    metadata = {"event_type": "convenor_delivery", "event_payload": {"delivery": delivery}}
    return {"ts": ts} | ({"metadata": metadata} if delivery else {})


async def test_an_image_is_kept_in_three_steps_and_shared_with_nobody(slack, far):
    far.answers["files.getUploadURLExternal"] = {
        "upload_url": str(slack.client.base_url) + "bytes",
        "file_id": "F0123ABCDE",
    }
    far.answers["files.completeUploadExternal"] = {"files": [{"id": "F0123ABCDE", "title": "times-1.png"}]}
    assert await slack.upload("times-1.png", PNG, "d" * 1_200) == "F0123ABCDE"
    [asked] = far.of("files.getUploadURLExternal")
    assert asked == {"filename": "times-1.png", "length": str(len(PNG)), "alt_txt": "d" * 1_000}
    assert far.bytes == [PNG]
    [done] = far.of("files.completeUploadExternal")
    assert json.loads(done["files"]) == [{"id": "F0123ABCDE", "title": "times-1.png"}]
    assert set(done) == {"files"}


async def test_where_the_bytes_are_not_taken_it_is_tried_again_and_nothing_of_the_answer_is_told(slack, far):
    far.answers["files.getUploadURLExternal"] = {
        "upload_url": str(slack.client.base_url) + "bytes",
        "file_id": "F0123ABCDE",
    }
    far.answers["bytes"] = _answer(500, "a reference and more", kind="text/plain")
    with pytest.raises(TryLater) as later:
        await slack.upload("times-1.png", PNG, "The times found")
    assert later.value.reason == "the image was not taken"
    assert later.value.__cause__ is None


async def test_an_earlier_post_is_found_by_its_delivery_id_over_several_pages(slack, far):
    pages = [
        {"messages": [_message("9.1"), _message("8.1", "other")], "response_metadata": {"next_cursor": "p2"}},
        {"messages": [_message("7.1", "d1")], "response_metadata": {"next_cursor": ""}},
    ]
    far.answers["conversations.history"] = pages
    assert await slack.find("C0PANEL", "d1", NOON) == "7.1"
    first, second = far.of("conversations.history")
    assert float(first["oldest"]) == (NOON - timedelta(minutes=2)).timestamp()
    assert (first["include_all_metadata"], second["cursor"]) == ("1", "p2")


async def test_a_post_that_never_arrived_is_not_found(slack, far):
    far.answers["conversations.history"] = {"messages": [_message("9.1"), _message("8.1", "other")]}
    assert await slack.find("C0PANEL", "d1", NOON) is None


async def test_a_failed_look_is_not_an_empty_one(slack, far):
    far.answers["conversations.history"] = {"error": "missing_scope"}
    with pytest.raises(Undeliverable, match="missing_scope"):
        await slack.find("C0PANEL", "d1", NOON)


async def test_a_reply_is_looked_for_in_its_thread(slack, far):
    far.answers["conversations.replies"] = {"messages": [_message("5.0"), _message("5.1", "d1")]}
    assert await slack.find("C0PANEL", "d1", NOON, thread="5.0") == "5.1"
    assert far.of("conversations.replies")[0]["ts"] == "5.0"


def _answer(status, body="", kind="application/json", **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return web.Response(status=status, text=body, content_type=kind, headers=headers)


@pytest.mark.parametrize(
    ("answer", "seconds", "reason"),
    [
        (lambda: _answer(429, '{"ok":false,"error":"ratelimited"}', Retry_After="17"), 17, "ratelimited"),
        (lambda: _answer(429, "slow down", "text/plain", Retry_After="3"), 3, "ratelimited"),
        (lambda: _answer(429, "", "text/html"), 60, "ratelimited"),
        (lambda: _answer(503, "<h1>down</h1>", "text/html"), 5, "HTTP 503"),
        (lambda: _answer(502, "upstream", "text/plain"), 5, "HTTP 502"),
        (lambda: _answer(200, "{not json"), 5, "HTTP 200"),
        (lambda: {"error": "internal_error"}, 5, "internal_error"),
        (lambda: {"error": "token_revoked"}, 60, "token_revoked"),
        (lambda: ConnectionResetError, 5, "no answer from Slack: ServerDisconnectedError"),
    ],
)
async def test_what_may_pass_is_tried_later(slack, far, answer, seconds, reason):
    far.answers["chat.postMessage"] = answer()
    with pytest.raises(TryLater) as later:
        await slack.post("C0PANEL", CARD, "d1")
    assert (later.value.seconds, later.value.reason) == (seconds, reason)
    assert len(far.of("chat.postMessage")) == 1, "one that may have arrived is not sent again before a look"


@pytest.mark.parametrize("code", ["channel_not_found", "is_archived", "not_in_channel", "invalid_blocks"])
async def test_what_slack_refuses_can_never_arrive(slack, far, code):
    far.answers["chat.postMessage"] = {"error": code, "response_metadata": {"messages": ["quotes the card"]}}
    with pytest.raises(Undeliverable) as refused:
        await slack.post("C0PANEL", CARD, "d1")
    assert str(refused.value) == refused.value.reason == code
    assert refused.value.__suppress_context__, "the SDK's error quotes the answer, and a trace would show it"


async def test_slack_away_altogether_is_tried_later():
    async with pool(timeout=2) as session:
        nobody = Slack(client("xoxb-invented", session, "http://127.0.0.1:1/api/"))
        nobody.client.retry_handlers.clear()
        with pytest.raises(TryLater, match="no answer"):
            await nobody.open_dm("U0PRIYA")


async def test_a_person_is_found_by_address_or_not_at_all(slack, far):
    far.answers["users.lookupByEmail"] = [
        {"error": "users_not_found"},
        {
            "user": {
                "id": "U0PRIYA",
                "team_id": "T0ALDERMERE",
                "real_name": "Priya Invented",
                "tz": "Europe/London",
                "profile": {"email": "priya@aldermere.example"},
            }
        },
    ]
    assert await slack.user_by_email("nobody@aldermere.example") is None
    priya = await slack.user_by_email("priya@aldermere.example")
    assert (priya.team, priya.user, priya.zone, priya.is_active) == (
        "T0ALDERMERE",
        "U0PRIYA",
        "Europe/London",
        True,
    )


async def test_each_call_asks_slack_what_it_should(slack, far):
    far.answers["conversations.open"] = {"channel": {"id": "D0PRIYA"}}
    far.answers["views.open"] = far.answers["views.push"] = {"view": {"id": "V1"}}
    view = {"type": "modal", "blocks": []}
    assert await slack.open_dm("U0PRIYA") == "D0PRIYA"
    assert await slack.open_view("t1", view) == "V1"
    assert await slack.push_view("t2", view) == "V1"
    await slack.update_view("V1", view, hash="h")
    await slack.update("C0PANEL", "1.1", CARD)
    await slack.ephemeral("C0PANEL", "U0PRIYA", CARD)
    await slack.publish_home("U0PRIYA", view)
    assert json.loads(json.dumps(far.asked)) == [
        ["conversations.open", {"users": "U0PRIYA"}],
        ["views.open", {"trigger_id": "t1", "view": view}],
        ["views.push", {"trigger_id": "t2", "view": view}],
        ["views.update", {"view_id": "V1", "view": view, "hash": "h"}],
        ["chat.update", {**CARD, "channel": "C0PANEL", "ts": "1.1"}],
        ["chat.postEphemeral", {**CARD, "channel": "C0PANEL", "user": "U0PRIYA"}],
        ["views.publish", {"user_id": "U0PRIYA", "view": view}],
    ]
