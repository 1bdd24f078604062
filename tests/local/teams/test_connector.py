"""The stand-in connector answers a bot as Teams would, and keeps what was said where a test can read it."""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from teams_town import a_world, served

from bot.local.teams.aldermere import COUNCIL, ELSEWHERE, HEARTH, HEARTH_CHAT, MORAG, PANEL, PRIYA, RUTH, TOM
from bot.local.teams.world import TeamsWorld

SCOPE = "https://api.botframework.com/.default"
CARD = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": "CV-7K4QMX"}]}


def carded(card: Any) -> Any:
    return {
        "type": "message",
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": card}],
    }


@pytest.fixture
async def world() -> TeamsWorld:
    return a_world()


@pytest.fixture
async def bot(world: TeamsWorld) -> AsyncIterator[Any]:
    """Calls the connector as a bot does: `await bot("POST", path, body)` gives status, JSON and headers."""
    async with served(world) as address, aiohttp.ClientSession() as session:
        token = world.issuer.outbound(SCOPE, COUNCIL)

        async def call(
            method: str, path: str, body: Any = None, token: str | None = token, **more: Any
        ) -> Any:
            headers = {"authorization": f"Bearer {token}"} if token is not None else {}
            url = f"{address}/teams/v3/conversations{path}"
            async with session.request(method, url, json=body, headers=headers, **more) as reply:
                said = await reply.json(content_type=None)
                return SimpleNamespace(status=reply.status, said=said, headers=reply.headers)

        call.session = session  # type: ignore[attr-defined]
        yield call


async def test_a_message_is_posted_edited_and_taken_away(world: TeamsWorld, bot: Any):
    room = f"/{PANEL.id}/activities"
    made = await bot("POST", room, {"type": "message", "text": "one", "from": {"id": "28:bot"}})
    assert made.status == 201
    here = f"{room}/{made.said['id']}"
    assert (await bot("PUT", here, carded(CARD))).said == made.said
    [said] = world.talk.in_room(PANEL.id)
    assert (said.id, said.text, said.card, said.edits) == (made.said["id"], "", CARD, 1)
    assert (await bot("DELETE", here)).status == 200
    assert world.talk.in_room(PANEL.id) == []
    assert [(call.method, call.status) for call in world.calls] == [
        ("POST", 201),
        ("PUT", 200),
        ("DELETE", 200),
    ]
    assert world.calls[0].path == f"/v3/conversations{room}"
    assert world.calls[0].body["text"] == "one"


async def test_a_thread_and_a_message_for_one_person_are_kept_as_such(world: TeamsWorld, bot: Any):
    await bot("POST", f"/{PANEL.id};messageid=17/activities", {"text": "in the thread"})
    body = {"text": "for Tom", "recipient": {"id": TOM.mri}}
    await bot("POST", f"/{PANEL.id}/activities?isTargetedActivity=true", body)
    await bot("POST", f"/{PANEL.id}/activities", body)
    assert [(said.thread, said.only_for) for said in world.talk.in_room(PANEL.id)] == [
        ("17", ""),
        ("", TOM.mri),
        ("", ""),
    ]


async def test_who_shows_no_token_of_the_issuers_is_401(world: TeamsWorld, bot: Any):
    mint = world.issuer.mint
    strangers = [
        None,
        "",
        "garbage",
        mint("", aud="https://api.botframework.com", signing="rogue key"),
        mint("", aud="https://graph.microsoft.com"),
        mint("", aud="https://api.botframework.com", exp=1),
    ]
    for token in strangers:
        answer = await bot("POST", f"/{PANEL.id}/activities", {"text": "x"}, token=token)
        assert (answer.status, answer.said["error"]["code"]) == (401, "Unauthorized")
    assert world.talk.in_room(PANEL.id) == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/19:gone/activities"),
        ("PUT", "/19:gone/activities/1"),
        ("PUT", f"/{PANEL.id}/activities/1"),
        ("DELETE", f"/{PANEL.id}/activities/1"),
        ("GET", "/19:gone/pagedmembers"),
        ("GET", "/19:gone/members"),
        ("GET", f"/{PANEL.id}/members/29:nobody"),
        ("GET", f"/{PANEL.id}/members/{PRIYA.mri}"),
    ],
)
async def test_what_is_not_there_is_404(bot: Any, method: str, path: str):
    assert (await bot(method, path, {"text": "x"} if method != "GET" else None)).status == 404


async def test_a_message_over_the_limit_is_413_with_teams_word_for_it(world: TeamsWorld, bot: Any):
    answer = await bot("POST", f"/{PANEL.id}/activities", {"text": "x" * 80_000})
    assert (answer.status, answer.said["error"]["code"]) == (413, "MessageSizeTooBig")
    assert world.talk.in_room(PANEL.id) == []


async def test_a_card_that_teams_would_not_draw_is_refused_with_the_reason(world: TeamsWorld, bot: Any):
    answer = await bot("POST", f"/{PANEL.id}/activities", carded({**CARD, "version": "1.6"}))
    assert (answer.status, answer.said["error"]) == (
        400,
        {"code": "BadArgument", "message": "its version is not 1.5"},
    )
    for body in ({}, {"text": ""}, [], "x"):
        assert (await bot("POST", f"/{PANEL.id}/activities", body)).status == 400
    assert world.talk.in_room(PANEL.id) == []


async def test_trouble_comes_as_often_as_it_was_switched_on(world: TeamsWorld, bot: Any):
    world.fail(429, retry_after=3, times=2)
    world.fail(502, after=True)
    room = f"/{PANEL.id}/activities"
    answers = [await bot("POST", room, {"text": str(n)}) for n in range(4)]
    assert [answer.status for answer in answers] == [429, 429, 502, 201]
    assert [answer.headers.get("Retry-After") for answer in answers] == ["3", "3", None, None]
    assert [said.text for said in world.talk.in_room(PANEL.id)] == ["2", "3"], (
        "one was carried out all the same"
    )


async def test_trouble_may_wait_for_one_kind_of_call(world: TeamsWorld, bot: Any):
    world.fail(502, method="POST")
    assert (await bot("GET", f"/{PANEL.id}/pagedmembers")).status == 200
    answers = [await bot("POST", f"/{PANEL.id}/activities", {"text": str(n)}) for n in range(2)]
    assert [answer.status for answer in answers] == [502, 201]


async def test_a_roster_has_pages_and_says_who_is_a_guest(world: TeamsWorld, bot: Any):
    world.members_a_page = 2
    first = (await bot("GET", f"/{PANEL.id}/pagedmembers?pageSize=500")).said
    assert [each["id"] for each in first["members"]] == [TOM.mri, RUTH.mri]
    rest = (await bot("GET", f"/{PANEL.id}/pagedMembers?continuationToken={first['continuationToken']}")).said
    assert [(each["id"], each["userRole"]) for each in rest["members"]] == [(MORAG.mri, "guest")]
    assert "continuationToken" not in rest
    assert len((await bot("GET", f"/{PANEL.id}/members")).said) == 3
    assert (await bot("GET", f"/{PANEL.id}/members/{TOM.object_id}")).said["email"] == "tom@council.example"


def wanted(mri: str, tenant: str, **more: Any) -> Any:
    data = {"tenant": {"id": tenant}}
    return {"members": [{"id": mri}], "tenantId": tenant, "channelData": data, "isGroup": False, **more}


async def test_a_chat_is_made_once_for_each_person_of_the_tenant(world: TeamsWorld, bot: Any):
    first = await bot("POST", "", wanted(RUTH.mri, COUNCIL))
    again = await bot("POST", "", wanted(RUTH.mri, COUNCIL))
    assert first.said == again.said
    assert (await bot("POST", "", wanted(PRIYA.mri, HEARTH))).said == {"id": HEARTH_CHAT.id}
    assert world.talk.members(first.said["id"]) == [RUTH]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (wanted(RUTH.mri, HEARTH), 403),
        (wanted(RUTH.mri, ELSEWHERE), 403),
        (wanted("29:nobody", COUNCIL), 403),
        (wanted(RUTH.mri, COUNCIL, isGroup=True), 400),
        (wanted(RUTH.mri, COUNCIL, members=[]), 400),
        (wanted(RUTH.mri, COUNCIL, channelData={}), 400),
        (wanted(RUTH.mri, COUNCIL, tenantId=None), 400),
    ],
)
async def test_no_other_chat_is_made(bot: Any, body: Any, status: int):
    assert (await bot("POST", "", body)).status == status


async def test_the_key_server_publishes_what_the_tokens_are_signed_with(world: TeamsWorld, bot: Any):
    async with bot.session.get(f"{world.address}/v1/.well-known/openidconfiguration") as reply:
        found = await reply.json()
    assert found["issuer"] == "https://api.botframework.com"
    async with bot.session.get(found["jwks_uri"]) as reply:
        [key] = (await reply.json())["keys"]
    assert (key["kty"], key["use"], key["endorsements"]) == ("RSA", "sig", ["msteams"])
    assert "d" not in key, "the private half stays here"


async def test_the_token_endpoint_gives_the_bot_a_token_for_the_connector(world: TeamsWorld, bot: Any):
    form = {"client_id": world.app_id, "grant_type": "client_credentials", "scope": SCOPE}
    async with bot.session.post(f"{world.address}/{COUNCIL}/oauth2/v2.0/token", data=form) as reply:
        token = (await reply.json())["access_token"]
    assert (await bot("POST", f"/{PANEL.id}/activities", {"text": "hello"}, token=token)).status == 201
    for wrong in ({"client_id": "x"}, {"grant_type": "password"}):
        async with bot.session.post(
            f"{world.address}/{COUNCIL}/oauth2/v2.0/token", data=form | wrong
        ) as reply:
            assert reply.status == 401


async def test_other_sites_are_kept_out(world: TeamsWorld, bot: Any):
    async with bot.session.get(
        f"{world.address}/v1/.well-known/keys", headers={"host": "evil.example"}
    ) as reply:
        assert reply.status == 421
