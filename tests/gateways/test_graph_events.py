"""Meetings in a council's Microsoft 365, through the real SDK and real HTTP against the stand-in."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import graph_town
import httpx
import pytest
from graph_town import HOUR, NINE, PRIYA, RUTH, TOM, GraphTown, Proof, a_booking, gateway
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.errors import TryLater, Undeliverable
from bot.gateways.booking import Answer, Guest
from bot.gateways.graph import Graph

NOBODY: tuple[str, ...] = ()
LATER = a_booking(start=NINE + HOUR, end=NINE + 2 * HOUR)
CASE = ("Qanary Bell", "Brendan Start")


@pytest.fixture
async def town() -> AsyncIterator[GraphTown]:
    async with graph_town.graph_town() as made:
        yield made


async def test_a_meeting_says_nothing_of_a_case_but_its_reference(town: GraphTown):
    booking = a_booking(place="Willow Room", room="willow@aldermere.example")
    booked = await town.graph.create(booking, names=CASE)
    [said] = town.bodies
    assert said == {
        "subject": "Conference CV-7K4QMX",
        "body": {
            "contentType": "text",
            "content": "Please answer this invitation, or answer in chat. Comments are not read.",
        },
        "start": {"dateTime": "2026-03-02T09:00:00", "timeZone": "Europe/London"},
        "end": {"dateTime": "2026-03-02T10:00:00", "timeZone": "Europe/London"},
        "attendees": [
            {"emailAddress": {"address": TOM}, "type": "required"},
            {"emailAddress": {"address": PRIYA}, "type": "optional"},
            {"emailAddress": {"address": "willow@aldermere.example"}, "type": "resource"},
        ],
        "location": {"displayName": "Willow Room", "locationEmailAddress": "willow@aldermere.example"},
        "hideAttendees": True,
        "sensitivity": "private",
        "isOnlineMeeting": True,
        "onlineMeetingProvider": "teamsForBusiness",
        "transactionId": "meeting-1",
    }
    assert (booked.start, booked.end, booked.cancelled) == (NINE, NINE + HOUR, False)
    assert [each.address for each in booked.answers] == [TOM, PRIYA], "a room does not answer"
    assert town.world.told == [
        ("invited", booked.id, each) for each in (TOM, PRIYA, "willow@aldermere.example")
    ]


async def test_every_call_asks_for_ids_that_stay(town: GraphTown):
    booked = await town.graph.create(a_booking(), names=NOBODY)
    await town.graph.change(booked, LATER, names=NOBODY)
    await town.graph.event(booked.id)
    await town.graph.diaries([TOM], graph_town.hours(0, 8))
    await town.graph.rooms()
    await town.graph.cancel(booked.id, names=NOBODY)
    assert {'IdType="ImmutableId"' in call.prefer for call in town.world.calls} == {True}
    assert len(town.world.calls) == 7


async def test_an_hour_of_summer_is_told_as_london_has_it(town: GraphTown):
    start = datetime(2026, 3, 30, 8, 0, tzinfo=UTC)
    booked = await town.graph.create(a_booking(start=start, end=start + HOUR), names=NOBODY)
    assert town.bodies[0]["start"] == {"dateTime": "2026-03-30T09:00:00", "timeZone": "Europe/London"}
    assert booked.start == start


@pytest.mark.parametrize("times", [1, 3])
async def test_an_answer_lost_after_success_makes_one_event(town: GraphTown, times: int):
    """Graph says 503 when it had made the event already; the transaction's id keeps a second from being made."""
    town.world.fail(503, after=True, times=times, retry_after=2)
    for _ in range(times):
        with pytest.raises(TryLater) as later:
            await town.graph.create(a_booking(), names=NOBODY)
        assert (later.value.seconds, later.value.reason) == (2.0, "ErrorServerBusy")
    booked = await town.graph.create(a_booking(), names=NOBODY)
    assert list(town.world.events) == [booked.id]
    assert [what for what, *_ in town.world.told] == ["invited", "invited"], "each guest once"


async def test_a_meeting_of_another_key_is_another_event(town: GraphTown):
    first = await town.graph.create(a_booking(), names=NOBODY)
    assert await town.graph.create(a_booking(key="meeting-2"), names=NOBODY) != first
    assert len(town.world.events) == 2


async def test_a_link_that_takes_a_while_is_there_when_the_event_is_read_again(town: GraphTown):
    town.world.link_after = 1
    booked = await town.graph.create(a_booking(), names=NOBODY)
    assert booked.link == ""
    again = await town.graph.event(booked.id)
    assert again is not None
    assert again.link.startswith("https://teams.microsoft.com/l/meetup-join/")


async def test_a_mailbox_without_teams_gives_no_link(town: GraphTown):
    town.world.link_after = None
    booked = await town.graph.create(a_booking(), names=NOBODY)
    assert booked.link == ""
    assert (await town.graph.event(booked.id)) == booked


async def test_a_meeting_in_a_room_alone_asks_for_no_link(town: GraphTown):
    await town.graph.create(a_booking(online=False, place="Ash Room"), names=NOBODY)
    [said] = town.bodies
    assert said["isOnlineMeeting"] is False
    assert "onlineMeetingProvider" not in said
    assert said["location"] == {"displayName": "Ash Room"}


async def test_a_move_writes_the_time_alone_and_asks_everybody_again(town: GraphTown):
    booked = await town.graph.create(a_booking(), names=NOBODY)
    town.world.reply(booked.id, TOM, "accepted")
    for _ in range(2):
        moved = await town.graph.change(booked, LATER, names=CASE)
    assert sorted(town.bodies[-1]) == ["end", "start"]
    assert (moved.id, moved.start, moved.end) == (booked.id, NINE + HOUR, NINE + 2 * HOUR)
    assert [each.reply for each in moved.answers] == [None, None]
    assert [what for what, *_ in town.world.told] == ["invited"] * 2 + ["moved"] * 2, "the second is no news"


async def test_other_guests_are_asked_or_let_go_and_nobody_else_hears_of_it(town: GraphTown):
    """A deputy comes in somebody's place: the time stays, and so do the answers of those who stay."""
    booked = await town.graph.create(a_booking(), names=NOBODY)
    town.world.reply(booked.id, PRIYA, "accepted")
    guests = (Guest(address=RUTH, required=True), Guest(address=PRIYA, required=False))
    changed = await town.graph.change(booked, a_booking(guests=guests), names=CASE)
    assert sorted(town.bodies[-1]) == ["attendees"]
    assert {each.address: each.reply for each in changed.answers} == {RUTH: None, PRIYA: "accepted"}
    assert [(what, whom) for what, _, whom in town.world.told[2:]] == [("invited", RUTH), ("cancelled", TOM)]


ROOMS = frozenset({"Willow Room", "Ash Room"})


async def test_another_room_is_written_at_the_same_time_and_asked_as_a_guest_is(town: GraphTown):
    there = {"place": "Willow Room", "room": "willow@aldermere.example", "rooms": ROOMS}
    booked = await town.graph.create(a_booking(**there), names=NOBODY)
    elsewhere = a_booking(place="Ash Room", room="ash@aldermere.example", rooms=ROOMS)
    changed = await town.graph.change(booked, elsewhere, names=["Willow Bell"])
    assert sorted(town.bodies[-1]) == ["attendees", "location"]
    assert town.bodies[-1]["location"] == {
        "displayName": "Ash Room",
        "locationEmailAddress": "ash@aldermere.example",
    }
    assert [each["type"] for each in town.bodies[-1]["attendees"]] == ["required", "optional", "resource"]
    assert await town.graph.change(changed, elsewhere, names=NOBODY) == changed
    assert [call.method for call in town.world.calls] == ["POST", "PATCH"], "the second is no news"


async def test_a_meeting_that_leaves_its_room_is_in_none(town: GraphTown):
    booked = await town.graph.create(a_booking(place="Ash Room", rooms=ROOMS), names=NOBODY)
    changed = await town.graph.change(booked, a_booking(rooms=ROOMS), names=NOBODY)
    assert town.bodies[-1]["location"] == {"displayName": ""}
    assert changed.place == ""


async def test_what_a_calendar_writes_of_a_meeting_online_is_left_to_it(town: GraphTown):
    booked = await town.graph.create(a_booking(rooms=ROOMS), names=NOBODY)
    [event] = town.world.events.values()
    event.said["location"] = {"displayName": "Microsoft Teams Meeting"}
    stands = await town.graph.event(booked.id)
    assert stands is not None
    await town.graph.change(stands, a_booking(rooms=ROOMS), names=NOBODY)
    assert [call.method for call in town.world.calls] == ["POST", "GET"]
    assert "Microsoft Teams Meeting" not in repr(stands)


async def test_what_differs_in_nothing_is_not_written(town: GraphTown):
    booked = await town.graph.create(a_booking(), names=NOBODY)
    assert await town.graph.change(booked, a_booking(), names=NOBODY) == booked
    assert [call.method for call in town.world.calls] == ["POST"]


async def test_what_guests_answer_is_read(town: GraphTown):
    booked = await town.graph.create(a_booking(), names=NOBODY)
    for response, reply in (
        ("accepted", "accepted"),
        ("tentativelyAccepted", "tentative"),
        ("declined", "declined"),
    ):
        town.world.reply(booked.id, TOM, response)
        read = await town.graph.event(booked.id)
        assert read is not None
        assert read.answers == (
            Answer(address=TOM, reply=reply, at=NINE),
            Answer(address=PRIYA, reply=None, at=None),
        )


async def test_neither_subject_nor_text_is_read_back(town: GraphTown):
    """Somebody with access to the mailbox may have written in them; the place is compared with ours, and let go."""
    asked: list[httpx.URL] = []

    class Noting(httpx.AsyncHTTPTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            asked.append(request.url)
            return await super().handle_async_request(request)

    graph = gateway(town.world, town.proof, transport=Noting())
    booked = await graph.create(a_booking(), names=NOBODY)
    await graph.event(booked.id)
    await graph.close()
    assert asked[-1].params["$select"] == "id,start,end,isCancelled,attendees,onlineMeeting,location"


async def test_a_meeting_is_taken_back_once_and_a_second_time_harms_nothing(town: GraphTown):
    booked = await town.graph.create(a_booking(), names=NOBODY)
    town.world.fail(503, after=True)
    with pytest.raises(TryLater):
        await town.graph.cancel(booked.id, names=CASE)
    await town.graph.cancel(booked.id, names=CASE)
    assert await town.graph.event(booked.id) is None
    assert [what for what, *_ in town.world.told] == ["invited"] * 2 + ["cancelled"] * 2
    assert town.bodies[-3] == {
        "Comment": "This meeting has been cancelled. Please look in chat for what happens next."
    }


@pytest.mark.parametrize(
    "place", ["14 Hidden Row, Qanary", "chez Brendan", "BELL house", "Q\u00e1na\u0301ry"]
)
async def test_a_name_from_the_case_does_not_leave(town: GraphTown, place: str):
    with pytest.raises(Undeliverable, match="held back") as held:
        await town.graph.create(a_booking(place=place), names=CASE)
    assert not any(name.casefold() in held.value.reason.casefold() for name in ("Qanary", "Bell", "Brendan"))
    assert town.world.calls == []


async def test_somebody_who_is_called_like_a_word_of_the_format_holds_nothing_up(town: GraphTown):
    for name in ("Start", "Body", "Text", "London", "Private", "Location", "Tom", "Chat", "Teams"):
        await town.graph.create(a_booking(place="Ash Room"), names=[name])
    booked = await town.graph.create(a_booking(), names=[])
    await town.graph.change(booked, LATER, names=["End", "London"])
    await town.graph.cancel(booked.id, names=["Comment", "Meeting"])


async def test_a_word_of_the_format_hides_no_name_that_it_is_a_part_of(town: GraphTown):
    with pytest.raises(Undeliverable):
        await town.graph.create(a_booking(place="Brendan"), names=["Brendan"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "Conference about somebody"},
        {"reference": "SMITH-1"},
        {"key": ""},
        {"start": NINE + HOUR, "end": NINE},
        {"start": NINE.replace(tzinfo=None)},
    ],
)
def test_a_booking_holds_nothing_else(wrong: dict[str, object]):
    with pytest.raises(ValueError, match=r"meeting|reference|booking"):
        a_booking(**wrong)


async def test_rooms_are_read_to_their_last_page(town: GraphTown):
    assert [(room.address, room.seats, room.wheelchair) for room in await town.graph.rooms()] == [
        (room.address, room.seats, room.wheelchair) for room in graph_town.ROOMS
    ]
    assert len(town.world.calls) == 2


async def test_a_page_at_another_address_is_not_asked_for(town: GraphTown):
    class Leading(httpx.AsyncBaseTransport):
        def __init__(self) -> None:
            self.asked: list[str] = []

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            self.asked.append(request.url.host)
            return httpx.Response(
                200, json={"value": [], "@odata.nextLink": "https://elsewhere.example/v1.0/x"}
            )

    transport = Leading()
    with pytest.raises(Undeliverable, match="page_elsewhere"):
        await gateway(town.world, town.proof, transport=transport).rooms()
    assert transport.asked == ["127.0.0.1"]


async def test_a_redirection_is_not_followed(town: GraphTown):
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(307, headers={"location": "https://elsewhere.example/v1.0/users/x/events"})

    graph = gateway(town.world, town.proof, transport=httpx.MockTransport(answer))
    with pytest.raises((TryLater, Undeliverable)):
        await graph.create(a_booking(), names=NOBODY)
    assert asked == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("status", "retry_after", "seconds"),
    [(429, 17, 17.0), (429, None, 60.0), (503, 3, 3.0), (503, None, 5.0), (500, None, 5.0), (504, None, 5.0)],
)
async def test_a_graph_that_has_no_time_is_asked_once_and_its_wait_is_told(
    town: GraphTown, status: int, retry_after: int | None, seconds: float
):
    town.world.fail(status, retry_after=retry_after)
    with pytest.raises(TryLater) as later:
        await town.graph.create(a_booking(), names=NOBODY)
    assert later.value.seconds == seconds
    assert len(town.world.calls) == 1


async def test_a_missing_role_is_told_by_graphs_code(town: GraphTown):
    town.world.lacks = {"create"}
    with pytest.raises(Undeliverable, match="ErrorAccessDenied"):
        await town.graph.create(a_booking(), names=NOBODY)


async def test_a_token_that_is_not_taken_is_for_later(town: GraphTown):
    graph = gateway(town.world, Proof("another"))
    with pytest.raises(TryLater, match="InvalidAuthenticationToken") as later:
        await graph.rooms()
    assert later.value.seconds == 60.0
    await graph.close()


async def test_no_token_is_for_later_and_nothing_is_asked(town: GraphTown):
    town.proof.refuses = "AADSTS700016"
    with pytest.raises(TryLater, match="no token for Graph: AADSTS700016"):
        await town.graph.create(a_booking(), names=NOBODY)
    assert town.world.calls == []


async def test_a_token_is_asked_for_graph_alone(town: GraphTown):
    await town.graph.rooms()
    assert set(town.proof.asked) == {("https://graph.microsoft.com/.default",)}


async def test_a_silent_graph_is_given_up_in_time(town: GraphTown):
    town.world.fall_silent()
    graph = gateway(town.world, town.proof, patience=0.2)
    with pytest.raises(TryLater, match="no answer from Graph"):
        await graph.create(a_booking(), names=NOBODY)
    await graph.close()


@pytest.mark.parametrize("said", [b"<html>", b"[]", b'{"id": "x"}', b'{"id": "x", "start": 1, "end": 2}'])
async def test_an_answer_without_sense_is_no_booking(town: GraphTown, said: bytes):
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(201, content=said, headers={"content-type": "application/json"})

    graph = gateway(town.world, town.proof, transport=httpx.MockTransport(answer))
    with pytest.raises(TryLater, match="no sense"):
        await graph.create(a_booking(), names=NOBODY)


async def test_an_error_page_is_told_by_its_status_and_not_quoted(town: GraphTown):
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(400, text="<html>Conference CV-7K4QMX of Qanary</html>")

    graph = gateway(town.world, town.proof, transport=httpx.MockTransport(answer))
    with pytest.raises(Undeliverable, match=r"^HTTP 400$"):
        await graph.create(a_booking(), names=NOBODY)


def test_the_sdk_is_not_imported_before_the_first_call():
    """It takes a second, and nobody who presses a button is to wait for it."""
    code = (
        "import sys, bot.gateways.graph as g, bot.gateways.graph_sign_in as s\n"
        "g.Graph(s.GraphSignIn('app', 'tenant', secret='invented'), 'meetings@aldermere.example')\n"
        "print([each for each in ('msgraph', 'kiota_http', 'azure', 'msal') if each in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.replace("'", '"')) == []


def test_the_entities_of_the_sdk_stay_out_of_it():
    """An answer read into them would import every kind of thing that Graph knows."""
    code = (
        "import asyncio, sys\nsys.path.insert(0, 'tests')\nimport graph_town\n"
        "async def main():\n"
        "    async with graph_town.graph_town() as town:\n"
        "        booked = await town.graph.create(graph_town.a_booking(), names=[])\n"
        "        before = len(sys.modules)\n"
        "        await town.graph.event(booked.id)\n"
        "        await town.graph.diaries([graph_town.TOM], graph_town.hours(0, 8))\n"
        "        town.world.fail(503)\n"
        "        try:\n"
        "            await town.graph.rooms()\n"
        "        except Exception as error:\n"
        "            print(type(error).__name__, len(sys.modules) - before)\n"
        "asyncio.run(main())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    kind, modules = done.stdout.split()
    assert kind == "TryLater"
    assert int(modules) < 100


FORBIDDEN = ("Qanary Bell", "Brendan Start", "Zoë O'Hara", "Ng")
WORDS = st.sampled_from(
    ["Qanary", "BELL", "brendan", "Zoe\u0308", "o'hara", "Willow", "Room", "end", "Start", "ng", "12"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, max_size=4), st.sampled_from([" ", "-", ", ", "\n", "\u00a0"]))
@example(["Start"], " ")  # a word of the format as well
def test_whatever_a_place_is_called_no_name_leaves(parts: list[str], between: str):
    """Nothing reaches the network where one is in it, and everything else does."""
    left: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        left.append(request.content)
        return httpx.Response(400)

    async def ask() -> None:
        graph = Graph(Proof("t"), "meetings@aldermere.example", transport=httpx.MockTransport(answer))  # type: ignore[arg-type]
        with pytest.raises(Undeliverable):
            await graph.create(a_booking(place=between.join(parts)), names=FORBIDDEN)

    asyncio.run(ask())
    secret = {"Qanary", "BELL", "brendan", "Zoe\u0308", "o'hara", "Start"} & set(parts)
    assert (left == []) == bool(secret)
