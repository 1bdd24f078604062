"""The probes of teams.md section 4, at the bot's real door; and what a stranger costs."""

import asyncio
import itertools
import json
import time
from typing import Any

import pytest
from teams_town import HERE, TENANTS, Town, issuer

from bot.handlers.teams.guard import Guard, TurnedAway
from bot.handlers.teams.keys import FRESH, OLDEST, PAUSE, Keys
from bot.local.teams.activities import Activities, Bot
from bot.local.teams.aldermere import ELSEWHERE, HEARTH, PANEL, RUTH, TOM
from bot.local.teams.world import APP_ID

SOON = 3_600
NOON = 1_772_452_800.0


def without(*names: str) -> Any:
    return lambda body: {name: value for name, value in body.items() if name not in names}


def changed(**fields: Any) -> Any:
    return lambda body: {**body, **fields}


def elsewhere(body: Any) -> Any:
    tenants = {"tenantId": ELSEWHERE}
    return {**body, "conversation": {**body["conversation"], **tenants},
            "channelData": {**body["channelData"], "tenant": {"id": ELSEWHERE}}}  # fmt: skip


def at(**offsets: float) -> dict[str, int]:
    """Times of a token, in seconds from now."""
    return {name: int(time.time() + offset) for name, offset in offsets.items()}


PROBES: list[Any] = [
    pytest.param(200, "", lambda: {}, None, id="valid"),
    pytest.param(401, "no bearer token", None, None, id="no header"),
    pytest.param(401, "not a token", "garbage", None, id="garbage"),
    pytest.param(401, "wrong algorithm", lambda: {"signing": "none"}, None, id="alg none"),
    pytest.param(401, "wrong algorithm", lambda: {"signing": "public key as secret"}, None,
                 id="HS256 with the public key"),
    pytest.param(401, "wrong signature", lambda: {"signing": "rogue key"}, None, id="other key, same kid"),
    pytest.param(401, "unknown key", lambda: {"header": {"kid": "nobody-s"}}, None, id="unknown kid"),
    pytest.param(401, "no key id", lambda: {"header": {"kid": None}}, None, id="no kid"),
    pytest.param(401, "wrong audience", lambda: {"aud": "somebody-else"}, None, id="wrong audience"),
    pytest.param(401, "wrong issuer", lambda: {"iss": "https://api.example"}, None, id="wrong issuer"),
    pytest.param(401, "expired", lambda: at(nbf=-4200, exp=-600), None, id="expired 10 minutes ago"),
    pytest.param(401, "not yet valid", lambda: at(nbf=SOON, exp=2 * SOON), None, id="valid in an hour"),
    pytest.param(401, "no exp", lambda: {"exp": None}, None, id="no exp"),
    pytest.param(401, "no service url", lambda: {"serviceurl": None}, None, id="no serviceurl claim"),
    pytest.param(401, "another service url", lambda: {"serviceurl": "http://127.0.0.1:9/teams"}, None,
                 id="a claim that differs from the body"),
    pytest.param(401, "no service url", lambda: {}, without("serviceUrl"), id="body without serviceUrl"),
    pytest.param(401, "tenant not on the list", lambda: {}, elsewhere, id="other tenant"),
    pytest.param(401, "wrong issuer",
                 lambda: {"iss": f"https://login.microsoftonline.com/{ELSEWHERE}/v2.0", "tid": ELSEWHERE}, None,
                 id="Entra issuer with another tenant"),
    pytest.param(200, "", lambda: at(nbf=-3720, exp=-120), None, id="expired 2 minutes ago"),
    pytest.param(200, "", lambda: {}, changed(type="hologram"), id="unknown type"),
    pytest.param(501, "", lambda: {}, changed(type="invoke", name="task/unheardOf", value={}),
                 id="unknown invoke"),
    pytest.param(200, "", lambda: {}, changed(type="event", name="application/vnd.microsoft.unheardOf"),
                 id="unknown event name"),
    pytest.param(400, "", lambda: {}, without("from"), id="no from"),
]  # fmt: skip

HEARD = {"valid", "expired 2 minutes ago"}


def test_there_are_the_23_probes():
    assert len({probe.id for probe in PROBES}) == 23


@pytest.mark.parametrize(("status", "reason", "claims", "change"), PROBES)
async def test_a_probe_is_answered_as_it_should_be(
    town: Town,
    caplog: pytest.LogCaptureFixture,
    request: pytest.FixtureRequest,
    status: int,
    reason: str,
    claims: Any,
    change: Any,
):
    body = town.world.activities.message(TOM, PANEL, "Qanary in the text", to_bot=True)
    body = change(body) if change else body
    token = claims
    if callable(claims):
        token = town.world.issuer.mint(town.world.service_url, **claims())
    answer = await town.line.send(json.dumps(body).encode(), token)
    assert (answer.status, answer.body) == (status, None)
    told = [record.reason for record in caplog.records if hasattr(record, "reason")]
    assert told == ([reason] if reason else [])
    assert bool(town.listener.heard) == (request.node.callspec.id in HEARD)
    ours = "".join(
        record.getMessage() + str(vars(record)) for record in caplog.records if record.name[:3] == "bot"
    )
    assert "Qanary" not in ours
    assert not isinstance(token, str) or token not in ours


async def test_what_cannot_be_right_costs_no_look_at_the_key_server(town: Town):
    body = json.dumps(town.world.activities.message(TOM, PANEL, "hello")).encode()
    for bad in ({"signing": "none"}, {"iss": "https://api.example"}, {"header": {"kid": None}}):
        await town.line.send(body, town.world.issuer.mint(town.world.service_url, **bad))
    assert town.world.keys_asked == 0
    assert (await town.line.tell(town.world.activities.message(TOM, PANEL, "hello"))).status == 200
    assert town.world.keys_asked == 1


async def test_the_keys_are_fetched_once_for_us_and_the_sdk_together(town: Town):
    for _ in range(5):
        assert (await town.line.tell(town.world.activities.message(TOM, PANEL, "hello"))).status == 200
    assert town.world.keys_asked == 1


async def test_a_token_longer_than_8_kB_is_not_even_read(town: Town, caplog: pytest.LogCaptureFixture):
    token = town.world.issuer.mint(town.world.service_url, padding="x" * 8_192)
    body = json.dumps(town.world.activities.message(TOM, PANEL, "hello")).encode()
    assert (await town.line.send(body, token)).status == 401
    assert caplog.records[-1].reason == "token too long"  # type: ignore[attr-defined]


class KeyServer:
    """Gives the keys, or fails, or waits until it is told to go on; counts who asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.keys = issuer().jwks()
        self.trouble: Exception | None = None
        self.gate: asyncio.Event | None = None
        self.reached = asyncio.Event()

    async def __call__(self) -> Any:
        self.asked += 1
        self.reached.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.trouble is not None:
            raise self.trouble
        return self.keys


class Seconds:
    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


SERVICE = "https://smba.trafficmanager.net/uk"


def a_message(service_url: str = SERVICE) -> Any:
    return Activities(Bot(id=f"28:{APP_ID}"), service_url).message(RUTH, PANEL, "hello")


def guard_of(server: KeyServer, **but: Any) -> Guard:
    given = {"app_id": APP_ID, "tenants": TENANTS, "keys": Keys(server, Seconds()), "now": time.time}
    return Guard(**{**given, **but})


def bearer(service_url: str = SERVICE, **but: Any) -> str:
    return f"Bearer {issuer().mint(service_url, **but)}"


async def refused(guard: Guard, authorization: str, body: Any) -> str:
    with pytest.raises(TurnedAway) as refusal:
        await guard.check(authorization, body)
    return refusal.value.reason


async def test_three_forged_requests_at_a_slow_key_server_hold_nobody_else_up():
    server = KeyServer()
    guard = guard_of(server)
    await guard.check(bearer(), a_message())
    guard.keys._now.now += PAUSE  # type: ignore[attr-defined]
    server.gate, server.reached = asyncio.Event(), asyncio.Event()
    forged = [
        asyncio.create_task(refused(guard, bearer(header={"kid": f"forged-{n}"}), a_message()))
        for n in range(3)
    ]
    await server.reached.wait()
    turns = itertools.count()
    for _ in range(100):
        await asyncio.sleep(0)
        next(turns)
    await guard.check(bearer(), a_message())
    assert not any(task.done() for task in forged), "a known key is let in while the forged still wait"
    assert next(turns) == 100
    server.gate.set()
    assert await asyncio.gather(*forged) == ["unknown key"] * 3
    assert server.asked == 2, "one look for all three"


async def test_a_key_server_that_never_answers_is_given_up_after_five_seconds(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("bot.handlers.teams.keys.PATIENCE", 0.01)
    server = KeyServer()
    server.gate = asyncio.Event()
    assert await refused(guard_of(server), bearer(), a_message()) == "unknown key"


@pytest.mark.parametrize("trouble", [ConnectionError("down"), TimeoutError(), ValueError("no JSON")])
async def test_a_key_server_that_fails_is_asked_again_after_half_a_minute_and_not_before(trouble: Exception):
    server, seconds = KeyServer(), Seconds()
    keys = Keys(server, seconds)
    server.trouble = trouble
    assert await keys.find("stand-in-1") is None
    server.trouble = None
    seconds.now += PAUSE - 1
    assert await keys.find("stand-in-1") is None
    assert server.asked == 1
    seconds.now += 1
    assert await keys.find("stand-in-1") is not None


async def test_keys_are_looked_at_again_every_day_and_outlive_an_outage_by_one_day_only():
    server, seconds = KeyServer(), Seconds()
    keys = Keys(server, seconds)
    assert await keys.find("stand-in-1") is not None
    seconds.now += FRESH - 1
    assert await keys.find("stand-in-1") is not None
    assert server.asked == 1
    server.trouble = ConnectionError("down")
    seconds.now += 1
    assert await keys.find("stand-in-1") is not None
    assert server.asked == 2
    seconds.now += OLDEST - FRESH
    assert await keys.find("stand-in-1") is None


async def test_while_one_looks_again_the_others_go_on_with_the_keys_that_are_there():
    server, seconds = KeyServer(), Seconds()
    keys = Keys(server, seconds)
    assert await keys.find("stand-in-1") is not None
    seconds.now += FRESH
    server.gate, server.reached = asyncio.Event(), asyncio.Event()
    first = asyncio.create_task(keys.find("stand-in-1"))
    await server.reached.wait()
    assert await keys.find("stand-in-1") is not None
    assert not first.done()
    server.gate.set()
    assert await first is not None


async def test_a_key_that_is_published_no_more_is_believed_no_more():
    server, seconds = KeyServer(), Seconds()
    keys = Keys(server, seconds)
    assert await keys.find("stand-in-1") is not None
    server.keys = {"keys": [{**issuer().jwks()["keys"][0], "kid": "the next"}]}
    seconds.now += FRESH
    assert await keys.find("stand-in-1") is None
    assert await keys.find("the next") is not None


@pytest.mark.parametrize(
    "published", [{}, {"keys": []}, {"keys": ["x"]}, {"keys": [{"kid": "a", "kty": "RSA"}]}]
)
async def test_a_key_set_without_keys_replaces_nothing(published: Any):
    server, seconds = KeyServer(), Seconds()
    keys = Keys(server, seconds)
    assert await keys.find("stand-in-1") is not None
    server.keys = published
    seconds.now += FRESH
    assert await keys.find("stand-in-1") is not None
    assert server.asked == 2


async def test_a_key_that_is_not_endorsed_for_teams_lets_nobody_in():
    server = KeyServer()
    server.keys = {"keys": [{**issuer().jwks()["keys"][0], "endorsements": ["webchat"]}]}
    assert await refused(guard_of(server), bearer(), a_message()) == "key not endorsed for the channel"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://smba.trafficmanager.net.example/uk", "service host not on the list"),
        ("https://smba.trafficmanager.net@example.org/uk", "service host not on the list"),
        ("http://smba.trafficmanager.net/uk", "service host not on the list"),
        ("https://smba.trafficmanager.net:port/uk", "service host not on the list"),
        ("http://127.0.0.1:9/teams", "service host not on the list"),
    ],
)
async def test_a_service_url_is_believed_for_hosts_of_the_list_alone_whoever_signed_it(url: str, reason: str):
    assert await refused(guard_of(KeyServer()), bearer(url), a_message(url)) == reason
    await guard_of(KeyServer()).check(bearer("https://smba.trafficmanager.net/uk/"), a_message(SERVICE))


async def test_this_machine_is_a_service_only_where_it_stands_on_the_list():
    await guard_of(KeyServer(), hosts=HERE).check(
        bearer("http://127.0.0.1:9/teams"), a_message("http://127.0.0.1:9/teams")
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"conversation": {"id": "c"}, "channelData": {}}, "no tenant"),
        ({"conversation": {"id": "c", "tenantId": ELSEWHERE}}, "tenant not on the list"),
        ({"channelData": {"tenant": {"id": ELSEWHERE}}}, "tenant not on the list"),
        ({"channelData": {"tenant": {"id": [HEARTH]}}}, "tenant not on the list"),
        ({"conversation": "c", "channelData": None}, "no tenant"),
    ],
)
async def test_every_tenant_that_is_named_has_to_be_ours(change: Any, reason: str):
    assert await refused(guard_of(KeyServer()), bearer(), a_message() | change) == reason


async def test_one_place_that_names_the_tenant_is_enough():
    guard = guard_of(KeyServer())
    await guard.check(bearer(), a_message() | {"conversation": {"id": "c"}})
    await guard.check(bearer(), a_message() | {"channelData": {}})


@pytest.mark.parametrize("claims", [{"exp": "soon"}, {"exp": True}, {"nbf": [1]}, {"aud": None}, {"exp": 1e400},
                                    {"exp": float("nan")}, {"exp": 10**400}])  # fmt: skip
async def test_odd_claims_are_refused_and_not_an_error(claims: Any):
    assert await refused(guard_of(KeyServer()), bearer(**claims), a_message())


@pytest.mark.parametrize("field", ["channelId", "serviceUrl", "conversation", "channelData"])
@pytest.mark.parametrize("value", [{}, [], 7, True])
async def test_odd_bodies_are_refused_and_not_an_error(field: str, value: Any):
    guard = guard_of(KeyServer())
    body = {**a_message(), field: value}
    try:
        await guard.check(bearer(), body)
    except TurnedAway:
        return
    assert field in ("conversation", "channelData"), "the other of the two still names the tenant"


async def test_the_times_of_a_token_go_by_the_clock_that_was_given():
    server = KeyServer()
    token = bearer(nbf=NOON, exp=NOON + SOON)
    for now, reason in ((NOON - 301, "not yet valid"), (NOON + SOON + 300, "expired")):
        assert await refused(guard_of(server, now=lambda now=now: now), token, a_message()) == reason
    for now in (NOON - 300, NOON + SOON + 299):
        await guard_of(server, now=lambda now=now: now).check(token, a_message())
