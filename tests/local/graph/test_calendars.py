"""The stand-in for Graph's calendars keeps to the limits and habits that Microsoft writes of."""

from collections.abc import AsyncIterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from graph_town import NINE, ORGANISER, PRIYA, RUTH, TOM, a_graph_world, an_entry, served

from bot.local.graph.world import GraphWorld

STEADY = {"Prefer": 'IdType="ImmutableId"'}
EVENTS = f"/users/{ORGANISER}/events"


@pytest.fixture
def world() -> GraphWorld:
    return a_graph_world()


@pytest.fixture
async def app(world: GraphWorld) -> AsyncIterator[Any]:
    """Calls the stand-in as an app does: `await app("POST", path, body)` gives status, JSON and headers."""
    async with served(world) as address, httpx.AsyncClient(base_url=f"{address}/v1.0") as client:

        async def call(method: str, path: str, body: Any = None, **headers: str) -> Any:
            given = {"Authorization": f"Bearer {world.token}", **STEADY, **headers}
            reply = await client.request(method, path, json=body, headers=given)
            said = reply.json() if reply.content else None
            return SimpleNamespace(status=reply.status_code, said=said, headers=reply.headers)

        yield call


def at(days: float = 0, zone: str = "UTC") -> dict[str, str]:
    return {"dateTime": f"{NINE + timedelta(days=days):%Y-%m-%dT%H:%M:%S}", "timeZone": zone}


def asked(people: list[str], days: float = 1, **but: Any) -> dict[str, Any]:
    wanted = {"schedules": people, "startTime": at(), "endTime": at(days), "availabilityViewInterval": 60}
    return wanted | but


def an_event(**but: Any) -> dict[str, Any]:
    guests = [{"emailAddress": {"address": each}, "type": "required"} for each in (TOM, PRIYA)]
    return {"subject": "Panel", "start": at(), "end": at(0.125), "attendees": guests, **but}


def code(answer: Any) -> tuple[int, str]:
    return answer.status, answer.said["error"]["code"]


async def schedule(app: Any, body: dict[str, Any]) -> Any:
    return await app("POST", f"/users/{ORGANISER}/calendar/getSchedule", body)


async def test_a_diary_is_told_by_entries_and_by_digits(world: GraphWorld, app: Any):
    world.person(
        TOM, an_entry(1, subject="Dentist", place="High Street"), an_entry(3, status="oof", private=True)
    )
    answer = await schedule(app, asked([TOM]))
    [told] = answer.said["value"]
    assert told["availabilityView"].startswith("020300")
    assert [(each["status"], each.get("subject")) for each in told["scheduleItems"]] == [
        ("busy", "Dentist"),
        ("oof", None),
    ], "of a private entry Graph says when, not what"


async def test_upper_case_keys_are_taken_as_well(app: Any):
    body = {name[0].upper() + name[1:]: value for name, value in asked([TOM]).items()}
    assert (await schedule(app, body)).status == 200


async def test_who_is_foreign_or_unknown_is_an_error_inside_a_right_answer(app: Any):
    answer = await schedule(app, asked([TOM, PRIYA, "nobody@aldermere.example"]))
    assert answer.status == 200
    assert [each.get("error", {}).get("responseCode") for each in answer.said["value"]] == [
        None,
        "5009",
        "5009",
    ]


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        (asked([TOM] * 21), "ErrorMailboxDataArrayTooBig"),
        (asked([TOM], 62), "ErrorTimeIntervalTooBig"),
        (asked([TOM], availabilityViewInterval=4), "ErrorInvalidMergedFreeBusyInterval"),
        (asked([TOM], availabilityViewInterval=1_441), "ErrorInvalidMergedFreeBusyInterval"),
        (asked([]), "ErrorInvalidParameter"),
        (asked([TOM], startTime={"dateTime": "soon", "timeZone": "UTC"}), "ErrorInvalidRequest"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
async def test_too_much_or_nonsense_is_refused(app: Any, body: dict[str, Any], refused: str):
    assert code(await schedule(app, body)) == (400, refused)


async def test_a_transaction_makes_one_event(world: GraphWorld, app: Any):
    made = [await app("POST", EVENTS, an_event(transactionId="one")) for _ in range(2)]
    assert [each.status for each in made] == [201, 201]
    assert made[0].said["id"] == made[1].said["id"]
    assert len(world.events) == 1


async def test_a_transaction_cannot_be_changed(app: Any):
    made = await app("POST", EVENTS, an_event(transactionId="one"))
    answer = await app("PATCH", f"{EVENTS}/{made.said['id']}", {"transactionId": "two"})
    assert code(answer) == (400, "ErrorInvalidPropertySet")


async def test_another_time_takes_the_answers_back_and_another_room_does_not(world: GraphWorld, app: Any):
    made = await app("POST", EVENTS, an_event())
    here = f"{EVENTS}/{made.said['id']}"
    world.reply(made.said["id"], TOM, "accepted")
    kept = await app("PATCH", here, {"location": {"displayName": "Ash Room"}})
    assert [each["status"]["response"] for each in kept.said["attendees"]] == ["accepted", "none"]
    moved = await app("PATCH", here, {"end": at(0.25)})
    assert [each["status"]["response"] for each in moved.said["attendees"]] == ["none", "none"]


async def test_who_does_not_ask_for_ids_that_stay_gets_others(app: Any):
    made = await app("POST", EVENTS, an_event(), Prefer="")
    assert (await app("GET", f"{EVENTS}/{made.said['id']}", Prefer="")).status == 200
    assert code(await app("GET", f"{EVENTS}/{made.said['id']}")) == (404, "ErrorItemNotFound")


async def test_times_are_told_in_the_zone_that_was_asked_for(app: Any):
    made = await app(
        "POST", EVENTS, an_event(start=at(30), end=at(31)), Prefer='outlook.timezone="Europe/London"'
    )
    assert made.said["start"] == {"dateTime": "2026-04-01T10:00:00.0000000", "timeZone": "Europe/London"}


async def test_an_event_that_was_cancelled_is_gone(app: Any):
    made = await app("POST", EVENTS, an_event())
    here = f"{EVENTS}/{made.said['id']}"
    assert (await app("POST", f"{here}/cancel", {"Comment": "x"})).status == 202
    assert (await app("GET", here)).status == 404
    assert (await app("POST", f"{here}/cancel", {"Comment": "x"})).status == 404


async def test_another_mailbox_is_outside_of_the_scope(app: Any):
    assert code(await app("POST", f"/users/{RUTH}/events", an_event())) == (403, "ErrorAccessDenied")


async def test_who_shows_no_right_token_is_401(app: Any):
    answer = await app("GET", "/places/microsoft.graph.room", Authorization="Bearer of bad news")
    assert code(answer) == (401, "InvalidAuthenticationToken")


async def test_trouble_comes_before_or_after_the_deed(world: GraphWorld, app: Any):
    world.fail(429, retry_after=7)
    before = await app("POST", EVENTS, an_event())
    assert (code(before), before.headers["retry-after"]) == ((429, "ApplicationThrottled"), "7")
    assert world.events == {}
    world.fail(503, after=True)
    assert code(await app("POST", EVENTS, an_event())) == (503, "ErrorServerBusy")
    assert len(world.events) == 1


async def test_what_is_no_json_is_400(app: Any):
    assert code(await app("POST", EVENTS, ["an event"])) == (400, "BadRequest")
