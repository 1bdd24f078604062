"""The stand-in for Google's calendars keeps to the limits, codes and habits that Google writes of."""

import json
import time
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import httpx
import jwt
import pytest
from google_town import ORGANISER, PRIYA, TOM, a_google_world, a_key, an_entry
from on_a_port import on_a_port

from bot.local.google.app import google_app
from bot.local.google.fields import selected
from bot.local.google.issuer import AUDIENCE, GRANT, SCOPES
from bot.local.google.refusals import GoogleRefuses
from bot.local.google.world import ACCOUNT, GoogleWorld

EVENTS = f"/calendars/{ORGANISER}/events"
EVENT_SCOPE, FREE_BUSY_SCOPE = SCOPES


@pytest.fixture
async def world() -> AsyncIterator[GoogleWorld]:
    world = a_google_world()
    yield world
    await world.close()


@pytest.fixture
async def app(world: GoogleWorld) -> AsyncIterator[Any]:
    """Calls the stand-in as an app does: `await app("POST", path, body)` gives status, JSON and headers."""
    async with (
        on_a_port(google_app(world), world) as address,
        httpx.AsyncClient(base_url=f"{address}/calendar/v3") as client,
    ):
        tokens = {scope: world.issuer.token(grant(scope=scope))["access_token"] for scope in SCOPES}

        async def call(
            method: str, path: str, body: Any = None, query: dict[str, str] | None = None, **headers: str
        ) -> Any:
            scope = FREE_BUSY_SCOPE if path == "/freeBusy" else EVENT_SCOPE
            given = {"Authorization": f"Bearer {tokens[scope]}", **headers}
            reply = await client.request(method, path, json=body, params=query, headers=given)
            said = reply.json() if reply.content else None
            return SimpleNamespace(status=reply.status_code, said=said, headers=reply.headers)

        yield call


def claims(**but: Any) -> dict[str, Any]:
    now = int(time.time())
    said = {
        "iss": ACCOUNT,
        "aud": AUDIENCE,
        "sub": ORGANISER,
        "scope": EVENT_SCOPE,
        "iat": now,
        "exp": now + 3_600,
    }
    return {name: value for name, value in (said | but).items() if value is not None}


def grant(key: Any = None, **but: Any) -> dict[str, Any]:
    return {"grant_type": GRANT, "assertion": jwt.encode(claims(**but), key or a_key(), algorithm="RS256")}


def an_event(**but: Any) -> dict[str, Any]:
    guests = [{"email": each} for each in (TOM, PRIYA)]
    return {"summary": "Panel", "start": at(0), "end": at(3), "attendees": guests, **but}


def at(hour: int) -> dict[str, str]:
    return {"dateTime": f"2026-03-02T{9 + hour:02}:00:00Z"}


def code(answer: Any) -> tuple[int, str]:
    """The status and the reason; the number stands in the body too."""
    assert answer.said["error"]["code"] == answer.status
    return answer.status, answer.said["error"]["errors"][0]["reason"]


def asked(people: list[str], **but: Any) -> dict[str, Any]:
    window = {"timeMin": "2026-03-02T09:00:00Z", "timeMax": "2026-03-03T09:00:00Z"}
    return {**window, "items": [{"id": each} for each in people], **but}


async def test_a_diary_is_told_by_what_is_taken_and_a_stranger_by_an_error(world: GoogleWorld, app: Any):
    world.person(TOM, an_entry(1), an_entry(3, transparent=True))
    answer = await app("POST", "/freeBusy", asked([TOM, PRIYA]))
    assert answer.status == 200
    assert answer.said["calendars"] == {
        TOM: {"busy": [{"start": "2026-03-02T10:00:00Z", "end": "2026-03-02T11:00:00Z"}]},
        PRIYA: {"errors": [{"domain": "global", "reason": "notFound"}], "busy": []},
    }


async def test_too_many_calendars_are_an_error_for_each(app: Any):
    people = [f"person{number}@aldermere.example" for number in range(51)]
    answer = await app("POST", "/freeBusy", asked(people))
    reasons = {each["errors"][0]["reason"] for each in answer.said["calendars"].values()}
    assert (answer.status, reasons) == (200, {"tooManyCalendarsRequested"})


@pytest.mark.parametrize(
    ("but", "refused"),
    [
        ({"timeMax": "2026-03-01T09:00:00Z"}, "timeRangeEmpty"),
        ({"timeMax": "2026-09-01T09:00:00Z"}, "timeRangeTooLong"),
        ({"timeMin": "yesterday"}, "badRequest"),
        ({"timeMin": "2026-03-02T09:00:00"}, "badRequest"),
        ({"calendarExpansionMax": 51}, "invalid"),
    ],
)
async def test_nonsense_about_diaries_is_refused(app: Any, but: dict[str, Any], refused: str):
    assert code(await app("POST", "/freeBusy", asked([TOM], **but))) == (400, refused)


@pytest.mark.parametrize(
    ("but", "refused"),
    [
        ({"id": "Meeting-1"}, "invalid"),
        ({"id": "abcd"}, "invalid"),
        ({"id": "wxyz0"}, "invalid"),
        ({"end": at(0)}, "timeRangeEmpty"),
        ({"start": {"dateTime": "2026-03-02T09:00:00"}}, "required"),
        ({"start": {"dateTime": "nine"}}, "invalid"),
        ({"attendees": [{"displayName": "Tom"}]}, "invalid"),
    ],
)
async def test_an_event_that_is_none_is_refused(
    world: GoogleWorld, app: Any, but: dict[str, Any], refused: str
):
    assert code(await app("POST", EVENTS, an_event(**but))) == (400, refused)
    assert world.events == {}


async def test_an_id_is_used_once_even_when_its_event_was_taken_back(app: Any):
    assert (await app("POST", EVENTS, an_event(id="abcde"))).status == 200
    assert code(await app("POST", EVENTS, an_event(id="abcde"))) == (409, "duplicate")
    assert (await app("DELETE", f"{EVENTS}/abcde")).status == 204
    assert code(await app("POST", EVENTS, an_event(id="abcde"))) == (409, "duplicate")


async def test_an_event_that_was_taken_back_can_be_read_and_nothing_else(app: Any):
    await app("POST", EVENTS, an_event(id="abcde"))
    await app("DELETE", f"{EVENTS}/abcde")
    read = await app("GET", f"{EVENTS}/abcde")
    assert (read.status, read.said["status"], read.said["summary"]) == (200, "cancelled", "Panel")
    assert code(await app("DELETE", f"{EVENTS}/abcde")) == (410, "deleted")
    assert code(await app("PATCH", f"{EVENTS}/abcde", {"end": at(2)})) == (403, "forbidden")
    assert code(await app("GET", f"{EVENTS}/never")) == (404, "notFound")


async def test_guests_are_told_only_when_that_is_asked_for(world: GoogleWorld, app: Any):
    await app("POST", EVENTS, an_event(id="abcde"))
    assert world.told == []
    await app("PATCH", f"{EVENTS}/abcde", {"end": at(2)}, {"sendUpdates": "all"})
    assert world.told == [("moved", "abcde", TOM), ("moved", "abcde", PRIYA)]


async def test_another_time_takes_the_answers_back_and_another_room_does_not(world: GoogleWorld, app: Any):
    await app("POST", EVENTS, an_event(id="abcde"))
    world.reply("abcde", TOM, "accepted")
    kept = await app("PATCH", f"{EVENTS}/abcde", {"location": "Ash Room"})
    assert [each["responseStatus"] for each in kept.said["attendees"]] == ["accepted", "needsAction"]
    moved = await app("PATCH", f"{EVENTS}/abcde", {"end": at(2)})
    assert [each["responseStatus"] for each in moved.said["attendees"]] == ["needsAction", "needsAction"]


async def test_meet_is_made_for_those_alone_who_say_that_they_know_of_it(app: Any):
    wish = {
        "conferenceData": {
            "createRequest": {"requestId": "r", "conferenceSolutionKey": {"type": "hangoutsMeet"}}
        }
    }
    without = await app("POST", EVENTS, an_event(**wish))
    assert "conferenceData" not in without.said
    made = await app("POST", EVENTS, an_event(**wish), {"conferenceDataVersion": "1"})
    assert made.said["hangoutLink"].startswith("https://meet.google.com/")
    assert made.said["conferenceData"]["createRequest"]["status"] == {"statusCode": "success"}


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ({"syncToken": "since-0", "timeMin": "2026-03-02T09:00:00Z"}, (400, "badRequest")),
        ({"syncToken": "since-0", "showDeleted": "false"}, (400, "badRequest")),
        ({"syncToken": "of another calendar"}, (410, "fullSyncRequired")),
        ({"pageToken": "of another list"}, (400, "invalid")),
    ],
)
async def test_a_list_that_cannot_be_given_is_refused(
    app: Any, query: dict[str, str], refused: tuple[int, str]
):
    assert code(await app("GET", EVENTS, None, query)) == refused


async def test_what_was_taken_back_is_listed_to_those_alone_who_ask_for_it(app: Any):
    first = await app("GET", EVENTS)
    await app("POST", EVENTS, an_event(id="abcde"))
    await app("DELETE", f"{EVENTS}/abcde")
    assert (await app("GET", EVENTS)).said["items"] == []
    assert len((await app("GET", EVENTS, None, {"showDeleted": "true"})).said["items"]) == 1
    since = {"syncToken": first.said["nextSyncToken"]}
    assert [each["status"] for each in (await app("GET", EVENTS, None, since)).said["items"]] == ["cancelled"]


@pytest.mark.parametrize(
    ("but", "refused"),
    [
        ({"type": "carrier_pigeon"}, "invalid"),
        ({"id": "x" * 65}, "invalid"),
        ({"token": "x" * 257}, "invalid"),
        ({"address": "http://convenor.example.org/changed"}, "push.webhookUrlNotHttps"),
    ],
)
async def test_a_channel_that_is_none_is_refused(
    world: GoogleWorld, app: Any, but: dict[str, str], refused: str
):
    channel = {"id": "c", "type": "web_hook", "address": "https://convenor.example.org/changed", "token": "t"}
    assert code(await app("POST", f"{EVENTS}/watch", channel | but)) == (400, refused)
    assert world.notices.open == {}


async def test_a_channel_is_opened_once_and_stopped_by_both_of_its_names(world: GoogleWorld, app: Any):
    channel = {"id": "c", "type": "web_hook", "address": "http://127.0.0.1:9/changed", "token": "t"}
    opened = await app("POST", f"{EVENTS}/watch", channel)
    assert code(await app("POST", f"{EVENTS}/watch", channel)) == (400, "channelIdNotUnique")
    assert code(await app("POST", "/channels/stop", {"id": "c", "resourceId": "another"})) == (
        404,
        "notFound",
    )
    assert (
        await app("POST", "/channels/stop", {"id": "c", "resourceId": opened.said["resourceId"]})
    ).status == 204
    assert world.notices.open == {}


async def test_a_token_opens_what_its_scope_names_and_one_calendar(world: GoogleWorld, app: Any):
    for_diaries = world.issuer.token(grant(scope=FREE_BUSY_SCOPE))["access_token"]
    refused = await app("POST", EVENTS, an_event(), Authorization=f"Bearer {for_diaries}")
    assert code(refused) == (403, "insufficientPermissions")
    assert code(await app("POST", f"/calendars/{TOM}/events", an_event())) == (404, "notFound")
    assert code(await app("GET", EVENTS, Authorization="Bearer of bad news")) == (401, "authError")


async def test_trouble_comes_before_or_after_the_deed(world: GoogleWorld, app: Any):
    world.fail(429, retry_after=7)
    before = await app("POST", EVENTS, an_event())
    assert (code(before), before.headers["retry-after"]) == ((429, "rateLimitExceeded"), "7")
    assert world.events == {}
    world.fail(503, after=True)
    assert code(await app("POST", EVENTS, an_event())) == (503, "backendError")
    assert len(world.events) == 1


async def test_what_is_no_json_is_400(app: Any):
    assert code(await app("POST", EVENTS, ["an event"])) == (400, "parseError")


@pytest.mark.parametrize(
    ("but", "refused"),
    [
        ({"aud": "https://elsewhere.example"}, "invalid_grant"),
        ({"iss": "somebody@elsewhere.example"}, "invalid_grant"),
        ({"exp": int(time.time()) - 60, "iat": int(time.time()) - 3_660}, "invalid_grant"),
        ({"exp": int(time.time()) + 90_000}, "invalid_grant"),
        ({"iat": None}, "invalid_grant"),
        ({"sub": "nobody@aldermere.example"}, "invalid_grant"),
        ({"scope": ""}, "invalid_scope"),
        ({"scope": "https://www.googleapis.com/auth/calendar"}, "unauthorized_client"),
        ({"scope": f"{EVENT_SCOPE} https://www.googleapis.com/auth/drive"}, "unauthorized_client"),
    ],
)
async def test_only_a_right_assertion_earns_a_token(world: GoogleWorld, but: dict[str, Any], refused: str):
    async with on_a_port(google_app(world), world) as address, httpx.AsyncClient(base_url=address) as client:
        reply = await client.post("/token", data=grant(**but))
        assert (await client.post("/token", data=grant())).status_code == 200
        assert (await client.post("/token", data={"grant_type": "password"})).status_code == 400
    assert (reply.status_code in (400, 401), reply.json()["error"]) == (True, refused)


def test_a_part_of_an_answer_is_what_was_asked_for():
    answer = {
        "id": "x",
        "summary": "s",
        "items": [{"id": 1, "who": {"email": "e", "comment": "c"}}, {"id": 2}],
    }
    assert selected(answer, "") == answer
    assert selected(answer, "id,items(id,who(email))") == {
        "id": "x",
        "items": [{"id": 1, "who": {"email": "e"}}, {"id": 2}],
    }
    for wrong in ("id,items(id", "id)", "(id)", "id,items[id]"):
        with pytest.raises(GoogleRefuses):
            selected(answer, wrong)


def test_a_key_file_is_one_that_could_be_handed_out(world: GoogleWorld):
    told = world.issuer.key_file("http://127.0.0.1:8400")
    assert told["token_uri"] == "http://127.0.0.1:8400/token"
    assert json.dumps(told).count("PRIVATE KEY") == 2
