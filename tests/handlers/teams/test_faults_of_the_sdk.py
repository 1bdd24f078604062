"""The four faults of teams.md section 5, and a fifth: the bare SDK has them still, and our door covers them.

A first half that fails tells that an upgrade mended the SDK; then our remedy may go.
"""

import asyncio
import dataclasses
import http.server
import json
import threading
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from types import SimpleNamespace
from typing import Any

import aiohttp
import httpx
import pytest
from microsoft_teams.api.auth.cloud_environment import PUBLIC
from teams_town import HERE, TENANTS, Town, issuer

from bot.handlers.teams import front
from bot.handlers.teams.front import PATIENCE, Misconfigured
from bot.handlers.teams.guard import Guard, TurnedAway
from bot.handlers.teams.keys import Keys, fetching
from bot.handlers.teams.sdk import App, HttpRequest
from bot.local.teams.aldermere import COUNCIL, MEETING, PANEL, TOM
from bot.local.teams.world import APP_ID

Json = dict[str, Any]


class Bare:
    """An adapter that adds nothing: what the SDK answers by itself."""

    def __init__(self) -> None:
        self.handler: Any = None

    def register_route(self, method: str, path: str, handler: Any) -> None:
        self.handler = handler

    def serve_static(self, path: str, directory: str) -> None: ...

    async def start(self, port: int) -> None: ...

    async def stop(self) -> None: ...

    async def status(self, body: Json, token: str) -> int:
        answer = await self.handler(HttpRequest(body=body, headers={"authorization": f"Bearer {token}"}))
        return int(answer["status"])


async def bare_app(address: str, **but: Any) -> tuple[App, Bare]:
    """The SDK's App as its documentation makes it, with its checks on and Microsoft at `address`."""
    adapter = Bare()
    cloud = dataclasses.replace(
        PUBLIC,
        login_endpoint=address,
        openid_metadata_url=f"{address}/v1/.well-known/openidconfiguration",
    )
    app = App(
        client_id=APP_ID,
        tenant_id=COUNCIL,
        token=issuer().outbound,
        http_server_adapter=adapter,
        cloud=cloud,
        dangerously_allow_unauthenticated_requests=False,
        **but,
    )
    await app.initialize()
    return app, adapter


@pytest.fixture
def key_server(event_loop_of_the_test: asyncio.AbstractEventLoop) -> Iterator[SimpleNamespace]:
    """A slow key server, of a thread of its own: while it is asked, does the loop turn?"""
    turned: list[bool] = []

    class Slow(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen = threading.Event()
            event_loop_of_the_test.call_soon_threadsafe(seen.set)
            turned.append(seen.wait(0.4))
            body = json.dumps(issuer().jwks()).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield SimpleNamespace(address=f"http://127.0.0.1:{server.server_port}", turned=turned)
        server.shutdown()
        thread.join()


@pytest.fixture
async def event_loop_of_the_test() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


@pytest.fixture
async def bare(town: Town) -> AsyncIterator[Any]:
    """Asks the bare SDK, with a good token, in the same town."""
    app, adapter = await bare_app(town.world.address, service_url=town.world.service_url)
    handled: list[str] = []

    async def everything(ctx: Any) -> None:
        handled.append(ctx.activity.type)

    app.use(everything)

    async def ask(body: Json) -> int:
        # its first look at the keys holds this loop, in which the key server of the town is: fetch them for it
        app.server._token_validator._service_validator._jwks_client = (  # type: ignore[union-attr]
            town.app.server._token_validator._service_validator._jwks_client  # type: ignore[union-attr]
        )
        await town.door.guard.keys.find("stand-in-1")
        return await adapter.status(body, issuer().mint(town.world.service_url))

    yield SimpleNamespace(ask=ask, app=app, handled=handled)
    for client in (app.http_client, app.api.http):
        await client.http.aclose()


async def test_the_bare_sdk_does_answer_a_message(town: Town, bare: Any):
    """The test of the tests below: what they see is the activity's fault and not the setting's."""
    assert await bare.ask(town.world.activities.message(TOM, PANEL, "hello")) == 200
    assert bare.handled == ["message"]


def pressed_without_data(town: Town) -> Json:
    body = town.world.activities.presses(TOM, PANEL, "done", {})
    del body["value"]["action"]["data"]
    return body


AUTOMATIC = [
    pytest.param(lambda town: town.world.activities.sees(TOM, PANEL), id="automatic refresh"),
    pytest.param(pressed_without_data, id="Action.Execute without data"),
]


@pytest.mark.parametrize("act", AUTOMATIC)
async def test_fault_1_the_bare_sdk_cannot_read_a_card_that_refreshes(town: Town, bare: Any, act: Any):
    assert await bare.ask(act(town)) == 500
    assert bare.handled == []


@pytest.mark.parametrize("act", AUTOMATIC)
async def test_fault_1_our_door_makes_it_readable(town: Town, act: Any):
    town.listener.answer = {"statusCode": 200}
    answer = await town.line.tell(act(town))
    assert (answer.status, answer.body) == (200, {"statusCode": 200})
    [heard] = town.listener.heard
    assert heard.value["action"]["data"] == {}
    assert "trigger" not in heard.value


def forged(address: str) -> tuple[Json, str]:
    """A token that nobody signed, which names a tenant that nobody has."""
    tenant = str(uuid.uuid4())
    body = {"type": "message", "id": "1", "serviceUrl": "http://127.0.0.1:9/teams", "channelId": "msteams"}
    return body, issuer().mint(
        body["serviceUrl"], iss=f"{address}/{tenant}/v2.0", tid=tenant, signing="rogue key"
    )


async def test_fault_2_the_bare_sdk_holds_the_loop_for_each_forged_request(key_server: SimpleNamespace):
    _, adapter = await bare_app(key_server.address)
    asked = [adapter.status(*forged(key_server.address)) for _ in range(3)]
    assert await asyncio.gather(*asked) == [401, 401, 401]
    assert key_server.turned == [False, False, False], "nobody else had a turn while the keys were fetched"


def guard_at(key_server: SimpleNamespace, session: aiohttp.ClientSession) -> Guard:
    keys = Keys(fetching(session, key_server.address), time.monotonic)
    return Guard(app_id=APP_ID, tenants=TENANTS, keys=keys, now=time.time, hosts=HERE)


async def reason(guard: Guard, body: Json, token: str) -> str:
    with pytest.raises(TurnedAway) as refusal:
        await guard.check(f"Bearer {token}", body)
    return refusal.value.reason


async def test_fault_2_our_guard_asks_nobody_for_them(key_server: SimpleNamespace):
    async with aiohttp.ClientSession() as session:
        guard = guard_at(key_server, session)
        found = [reason(guard, *forged(key_server.address)) for _ in range(3)]
        assert await asyncio.gather(*found) == ["wrong issuer"] * 3
    assert key_server.turned == []


async def test_fault_2_our_guard_leaves_the_loop_free_where_it_has_to_ask(key_server: SimpleNamespace):
    async with aiohttp.ClientSession() as session:
        guard = guard_at(key_server, session)
        body, _ = forged(key_server.address)
        unknown = [issuer().mint(body["serviceUrl"], header={"kid": f"forged-{n}"}) for n in range(3)]
        assert await asyncio.gather(*(reason(guard, body, token) for token in unknown)) == ["unknown key"] * 3
    assert key_server.turned == [True], "one look for all three, and the loop turned meanwhile"


async def test_fault_2_the_sdk_in_our_app_has_no_way_to_the_keys_but_the_guards(town: Town):
    client = town.app.server._token_validator._service_validator._jwks_client  # type: ignore[union-attr]
    with pytest.raises(Exception, match="guard"):
        client.fetch_data()
    with pytest.raises(Exception, match="guard"):
        client.get_signing_key("stand-in-1")
    await town.door.guard.keys.find("stand-in-1")
    assert client.get_signing_key("stand-in-1").key_id == "stand-in-1"


async def test_fault_2_an_sdk_that_keeps_its_key_client_elsewhere_does_not_start(
    town: Town,
):
    app = SimpleNamespace(server=SimpleNamespace(_token_validator=None))
    with pytest.raises(Misconfigured):
        front.give_keys(app, town.door.guard.keys)  # type: ignore[arg-type]


async def test_fault_3_the_bare_sdk_waits_for_ever_and_fails_the_turn_at_the_first_429(town: Town, bare: Any):
    assert bare.app.api.http.http.timeout == httpx.Timeout(None)

    async def answers(ctx: Any) -> None:
        await ctx.send("hello")

    bare.app.router._routes.clear()
    bare.app.use(answers)
    town.world.fail(429, retry_after=3)
    assert await bare.ask(town.world.activities.message(TOM, PANEL, "hello")) == 500
    assert [call.status for call in town.world.calls] == [429], "not tried again"


async def test_fault_3_our_app_gives_up_after_ten_seconds(town: Town):
    """What a 429 becomes is in tests/gateways/test_teams_gateway.py."""
    assert town.app.api.http.http.timeout == httpx.Timeout(PATIENCE) == httpx.Timeout(10)
    assert town.app.http_client.http.timeout == httpx.Timeout(10)


UNKNOWN = [
    pytest.param({"type": "hologram"}, 200, id="type"),
    pytest.param({"type": "invoke", "name": "task/unheardOf", "value": {}}, 501, id="invoke"),
    pytest.param(
        {"type": "event", "name": "application/vnd.microsoft.unheardOf", "value": {}}, 200, id="event"
    ),
]


@pytest.mark.parametrize(("change", "wanted"), UNKNOWN)
async def test_fault_4_the_bare_sdk_fails_at_what_it_does_not_know(
    town: Town, bare: Any, change: Json, wanted: int
):
    assert await bare.ask(town.world.activities.message(TOM, PANEL, "hello") | change) == 500


@pytest.mark.parametrize(("change", "wanted"), UNKNOWN)
async def test_fault_4_our_door_settles_it(town: Town, change: Json, wanted: int):
    answer = await town.line.tell(town.world.activities.message(TOM, PANEL, "hello") | change)
    assert (answer.status, answer.body, town.listener.heard) == (wanted, None, [])


def in_a_new_kind_of_channel(body: Json) -> Json:
    about = body["channelData"]
    return {**body, "channelData": {**about, "channel": {**about["channel"], "type": "hologram"}}}


async def test_fault_5_the_bare_sdk_fails_at_a_new_word_in_a_known_activity(town: Town, bare: Any):
    assert await bare.ask(in_a_new_kind_of_channel(town.world.activities.message(TOM, PANEL, "hello"))) == 500


async def test_fault_5_our_door_tells_who_pressed_and_lets_the_rest_go(town: Town):
    does = town.world.activities
    assert (await town.line.tell(in_a_new_kind_of_channel(does.message(TOM, PANEL, "hello")))).status == 200
    assert (
        await town.line.tell(in_a_new_kind_of_channel(does.presses(TOM, PANEL, "done", {})))
    ).status == 400
    nothing = does.invoke(TOM, MEETING, "adaptiveCard/action", {})
    assert (await town.line.tell(nothing)).status == 400
    assert town.listener.heard == []
