"""Meetings in the calendar of a Workspace, over real HTTP against the stand-in."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import google_town
import httpx
import pytest
from google_town import HOUR, NINE, ORGANISER, PRIYA, RUTH, TOM, WILLOW, GoogleTown, a_booking
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.errors import TryLater, Undeliverable
from bot.gateways.booking import Answer, Booked, Guest
from bot.gateways.google import FORMAT, Google
from bot.gateways.google_requests import GoogleRequests, event_id
from bot.gateways.google_sign_in import EVENTS, GoogleSignIn

NOBODY: tuple[str, ...] = ()
LATER = a_booking(start=NINE + HOUR, end=NINE + 2 * HOUR)
CASE = ("Qanary Bell", "Brendan Start")
TOLD = "sendUpdates"


@pytest.fixture
async def town() -> AsyncIterator[GoogleTown]:
    async with google_town.google_town() as made:
        yield made


async def test_a_meeting_says_nothing_of_a_case_but_its_reference(town: GoogleTown):
    booked = await town.google.create(a_booking(place="Willow Room", room=WILLOW), names=CASE)
    [said] = town.bodies
    id = event_id("meeting-1")
    assert said == {
        "id": id,
        "summary": "Conference CV-7K4QMX",
        "description": "Please answer this invitation, or answer in chat. Comments are not read.",
        "start": {"dateTime": "2026-03-02T09:00:00+00:00", "timeZone": "Europe/London"},
        "end": {"dateTime": "2026-03-02T10:00:00+00:00", "timeZone": "Europe/London"},
        "attendees": [
            {"email": TOM, "optional": False},
            {"email": PRIYA, "optional": True},
            {"email": WILLOW, "resource": True},
        ],
        "location": "Willow Room",
        "visibility": "private",
        "guestsCanSeeOtherGuests": False,
        "guestsCanInviteOthers": False,
        "conferenceData": {
            "createRequest": {"requestId": id, "conferenceSolutionKey": {"type": "hangoutsMeet"}}
        },
    }
    assert (booked.id, booked.start, booked.end, booked.cancelled) == (id, NINE, NINE + HOUR, False)
    assert [each.address for each in booked.answers] == [TOM, PRIYA], "a room does not answer"
    assert town.world.told == [("invited", booked.id, each) for each in (TOM, PRIYA, WILLOW)]


async def test_guests_are_told_of_every_change_and_a_meet_is_asked_for(town: GoogleTown):
    booked = await town.google.create(a_booking(), names=NOBODY)
    await town.google.change(booked, LATER, names=NOBODY)
    await town.google.cancel(booked.id, names=NOBODY)
    assert [call.query[TOLD] for call in town.world.calls] == ["all"] * 3
    assert [call.query.get("conferenceDataVersion") for call in town.world.calls] == ["1", "1", None]
    assert {call.scopes for call in town.world.calls} == {frozenset({EVENTS})}
    assert [what for what, _, guest in town.world.told if guest == TOM] == ["invited", "moved", "cancelled"]


async def test_an_hour_of_summer_is_told_as_london_has_it(town: GoogleTown):
    start = datetime(2026, 3, 30, 8, 0, tzinfo=UTC)
    booked = await town.google.create(a_booking(start=start, end=start + HOUR), names=NOBODY)
    assert town.bodies[0]["start"] == {"dateTime": "2026-03-30T09:00:00+01:00", "timeZone": "Europe/London"}
    assert booked.start == start


@pytest.mark.parametrize("key", ["meeting-1", "x", "Ä" * 3_000])
def test_an_id_is_one_that_google_takes_and_does_not_give_the_key_away(key: str):
    assert re.fullmatch(r"[0-9a-v]{5,1024}", event_id(key))
    assert event_id(key) == event_id(key) != event_id(key + "x")


async def test_the_same_meeting_asked_for_twice_is_one_event(town: GoogleTown):
    made = [await town.google.create(a_booking(), names=NOBODY) for _ in range(2)]
    assert made[0] == made[1]
    assert [call.status for call in town.world.calls] == [200, 409, 200]
    assert [what for what, _, _ in town.world.told] == ["invited", "invited"], "one for each guest"


async def test_an_answer_that_was_lost_costs_nothing(town: GoogleTown):
    town.world.fail(503, after=True)
    with pytest.raises(TryLater, match="backendError"):
        await town.google.create(a_booking(), names=NOBODY)
    again = await town.google.create(a_booking(), names=NOBODY)
    assert list(town.world.events) == [again.id]


async def test_a_meeting_that_has_moved_since_says_so_when_it_is_asked_for_again(town: GoogleTown):
    booked = await town.google.create(a_booking(), names=NOBODY)
    await town.google.change(booked, LATER, names=NOBODY)
    again = await town.google.create(a_booking(), names=NOBODY)
    assert (again.id, again.start) == (booked.id, NINE + HOUR)


async def test_a_meeting_that_somebody_took_back_is_not_brought_to_life_again(town: GoogleTown):
    booked = await town.google.create(a_booking(), names=NOBODY)
    town.world.withdraw(booked.id)
    again = await town.google.create(a_booking(), names=NOBODY)
    assert (again.id, again.cancelled) == (booked.id, True)
    assert [what for what, _, guest in town.world.told if guest == TOM] == ["invited"]
    assert town.world.events[booked.id].cancelled
    other = await town.google.create(a_booking(key="meeting-1 again"), names=NOBODY)
    assert (other.id == booked.id, other.cancelled) == (False, False)


async def test_an_id_that_is_taken_and_not_found_is_for_later(town: GoogleTown):
    """One of Google's servers is behind the others."""
    google = town.gateway(
        transport=httpx.MockTransport(lambda request: _refused(409 if request.content else 404))
    )
    with pytest.raises(TryLater):
        await google.create(a_booking(), names=NOBODY)
    await google.close()


async def test_another_time_asks_everybody_again(town: GoogleTown):
    booked = await town.google.create(a_booking(), names=NOBODY)
    town.world.reply(booked.id, TOM, "accepted")
    moved = await town.google.change(booked, LATER, names=NOBODY)
    assert (moved.id, moved.start, moved.end) == (booked.id, NINE + HOUR, NINE + 2 * HOUR)
    assert moved.link == booked.link
    assert [each.reply for each in moved.answers] == [None, None]
    assert set(town.bodies[-1]) == {"start", "end"}, "nothing else of it is written"


async def test_moving_twice_tells_once(town: GoogleTown):
    booked = await town.google.create(a_booking(), names=NOBODY)
    for _ in range(2):
        await town.google.change(booked, LATER, names=NOBODY)
    assert [what for what, _, guest in town.world.told if guest == TOM] == ["invited", "moved"]


def standing(id: str) -> Booked:
    return Booked(id=id, start=NINE, end=NINE + HOUR, link="", cancelled=False, answers=())


async def test_what_differs_in_nothing_is_not_written(town: GoogleTown):
    booked = await town.google.create(a_booking(), names=NOBODY)
    assert await town.google.change(booked, a_booking(), names=NOBODY) == booked
    assert len(town.world.calls) == 1


async def test_another_room_is_written_and_one_that_was_left_is_taken_out(town: GoogleTown):
    rooms = frozenset({"Willow Room", "Ash Room"})
    booked = await town.google.create(a_booking(place="Willow Room", room=WILLOW, rooms=rooms), names=NOBODY)
    town.world.reply(booked.id, TOM, "accepted")
    stands = await town.google.event(booked.id)
    assert stands is not None
    changed = await town.google.change(
        stands, a_booking(place="Ash Room", rooms=rooms), names=["Willow Bell"]
    )
    assert town.bodies[-1]["location"] == "Ash Room"
    assert [each["email"] for each in town.bodies[-1]["attendees"]] == [TOM, PRIYA]
    assert [each.reply for each in changed.answers] == ["accepted", None], "the time stays, and so do answers"
    online = await town.google.change(changed, a_booking(rooms=rooms), names=NOBODY)
    assert (town.bodies[-1]["location"], online.place) == ("", "")
    calls = len(town.world.calls)
    assert await town.google.change(online, a_booking(rooms=rooms), names=NOBODY) == online
    assert len(town.world.calls) == calls


async def test_other_guests_are_written_and_those_who_stay_keep_their_answers(town: GoogleTown):
    booked = await town.google.create(a_booking(room=WILLOW, place="Willow Room"), names=NOBODY)
    town.world.reply(booked.id, TOM, "accepted")
    stands = await town.google.event(booked.id)
    assert stands is not None
    guests = (Guest(address=TOM, required=True), Guest(address=RUTH, required=True))
    others = a_booking(room=WILLOW, place="Willow Room", guests=guests)
    changed = await town.google.change(stands, others, names=["Tom Bell", "Willow Bell"])
    assert town.bodies[-1] == {
        "attendees": [
            {"email": TOM, "optional": False, "responseStatus": "accepted"},
            {"email": RUTH, "optional": False},
            {"email": WILLOW, "resource": True},
        ]
    }
    assert [(each.address, each.reply) for each in changed.answers] == [(TOM, "accepted"), (RUTH, None)]


async def test_other_guests_at_another_time_are_all_asked_again(town: GoogleTown):
    booked = await town.google.create(a_booking(), names=NOBODY)
    town.world.reply(booked.id, TOM, "accepted")
    stands = await town.google.event(booked.id)
    assert stands is not None
    guests = (Guest(address=TOM, required=True), Guest(address=RUTH, required=True))
    later = a_booking(guests=guests, start=NINE + HOUR, end=NINE + 2 * HOUR)
    changed = await town.google.change(stands, later, names=NOBODY)
    assert [(each.address, each.reply) for each in changed.answers] == [(TOM, None), (RUTH, None)]
    assert "responseStatus" not in str(town.bodies[-1])


async def test_what_is_gone_is_none_to_take_back(town: GoogleTown):
    booked = await town.google.create(a_booking(), names=NOBODY)
    for id in (booked.id, booked.id, event_id("never")):
        await town.google.cancel(id, names=NOBODY)
    assert [call.status for call in town.world.calls] == [200, 204, 410, 404]
    assert await town.google.event(booked.id) is None
    assert await town.google.event(event_id("never")) is None


async def test_what_cannot_be_taken_back_or_moved_is_told(town: GoogleTown):
    town.world.lacks = {"delete", "patch", "get"}
    for asked in (
        town.google.cancel("abcde", names=NOBODY),
        town.google.change(standing("abcde"), LATER, names=NOBODY),
        town.google.event("abcde"),
    ):
        with pytest.raises(Undeliverable, match="insufficientPermissions"):
            await asked


async def test_everybodys_answer_is_read_and_no_word_of_theirs(town: GoogleTown):
    guests = tuple(Guest(address=each, required=True) for each in (TOM, RUTH, PRIYA))
    booked = await town.google.create(a_booking(guests=guests), names=NOBODY)
    for person, answer in ((TOM, "accepted"), (RUTH, "tentative"), (PRIYA, "declined")):
        town.world.reply(booked.id, person, answer, comment="Qanary's mother is ill")
    read = await town.google.event(booked.id)
    assert read is not None
    assert read.answers == tuple(
        Answer(address=person, reply=reply, at=None)  # type: ignore[arg-type]
        for person, reply in ((TOM, "accepted"), (RUTH, "tentative"), (PRIYA, "declined"))
    )
    assert town.world.calls[-1].query == {"fields": google_town_fields()}


def google_town_fields() -> str:
    """Neither a subject, nor a text, nor a guest's name or comment is even asked for."""
    fields = GoogleRequests(ORGANISER).event("x").query["fields"]
    assert not {"summary", "description", "comment", "displayName"} & set(re.findall(r"\w+", fields))
    return fields


async def test_a_link_that_is_still_being_made_is_none_yet(town: GoogleTown):
    town.world.link_after = 2
    booked = await town.google.create(a_booking(), names=NOBODY)
    assert booked.link == ""
    links = [read.link for _ in range(2) if (read := await town.google.event(booked.id))]
    assert links[0] == ""
    assert links[1].startswith("https://meet.google.com/"), "not the number to dial, which comes first"


async def test_without_a_licence_for_meet_there_is_a_meeting_and_no_link(town: GoogleTown):
    town.world.link_after = None
    assert (await town.google.create(a_booking(), names=NOBODY)).link == ""


async def test_a_meeting_in_a_room_alone_asks_for_no_link(town: GoogleTown):
    booked = await town.google.create(a_booking(online=False, place="Ash Room"), names=NOBODY)
    assert booked.link == ""
    assert "conferenceData" not in town.bodies[0]


@pytest.mark.parametrize("place", ["Qanary's flat", "BELL house", "Bre\u0301ndan Hall", "Start"])
async def test_a_name_from_the_case_does_not_leave(town: GoogleTown, place: str):
    with pytest.raises(Undeliverable, match="a name from the case"):
        await town.google.create(a_booking(place=place), names=CASE)
    assert town.world.calls == []


async def test_an_id_is_looked_at_as_well_before_it_leaves(town: GoogleTown):
    for asked in (
        town.google.cancel("qanary", names=CASE),
        town.google.change(standing("qanary"), LATER, names=iter(CASE)),
    ):
        with pytest.raises(Undeliverable, match="a name from the case"):
            await asked
    assert town.world.calls == []


async def test_a_professional_who_shares_a_name_with_the_case_can_be_invited(town: GoogleTown):
    await town.google.create(a_booking(), names=["Tom Meetings", "Priya London", "Will Please"])
    assert len(town.world.events) == 1


def test_every_word_of_the_format_that_is_a_text_of_its_own_is_known_to_the_gate():
    """Of two words and more no name can be, but of one it can."""
    known = {*a_booking().known, ORGANISER, event_id("meeting-1"), "Conference CV-7K4QMX"}
    body = json.loads(GoogleRequests(ORGANISER).create(a_booking(place="")).body)
    alone = {
        each for each in _texts(body) if each not in known and re.fullmatch(r"[a-z]+|Europe/London", each)
    }
    assert {each.casefold() for each in alone} <= set(FORMAT)


@pytest.mark.parametrize(
    ("status", "code", "retry_after", "seconds"),
    [
        (429, "", 17, 17.0),
        (429, "", None, 60.0),
        (403, "rateLimitExceeded", None, 60.0),
        (403, "userRateLimitExceeded", 8, 8.0),
        (403, "quotaExceeded", None, 3_600.0),
        (500, "", None, 5.0),
        (503, "", 3, 3.0),
        (504, "", None, 5.0),
    ],
)
async def test_a_google_that_has_no_time_is_asked_once_and_its_wait_is_told(
    town: GoogleTown, status: int, code: str, retry_after: int | None, seconds: float
):
    town.world.fail(status, retry_after=retry_after, code=code)
    with pytest.raises(TryLater) as later:
        await town.google.create(a_booking(), names=NOBODY)
    assert later.value.seconds == seconds
    assert len(town.world.calls) == 1


async def test_any_other_403_is_told_by_googles_code_and_not_tried_again(town: GoogleTown):
    town.world.fail(403, code="forbiddenForNonOrganizer")
    with pytest.raises(Undeliverable, match=r"^forbiddenForNonOrganizer$"):
        await town.google.create(a_booking(), names=NOBODY)


async def test_a_token_that_is_not_taken_is_for_later_and_replaced(town: GoogleTown):
    await town.google.create(a_booking(), names=NOBODY)
    town.world.issuer.given.clear()
    with pytest.raises(TryLater, match="authError") as later:
        await town.google.event(event_id("meeting-1"))
    assert later.value.seconds == 60.0
    assert await town.google.event(event_id("meeting-1")) is not None


async def test_no_token_is_for_later_and_nothing_is_asked(town: GoogleTown):
    town.world.issuer.refuses = "invalid_grant"
    with pytest.raises(TryLater, match=r"^no token for Google: invalid_grant$"):
        await town.google.create(a_booking(), names=NOBODY)
    assert town.world.calls == []


async def test_a_silent_google_is_given_up_in_time(town: GoogleTown):
    await town.google.create(a_booking(), names=NOBODY)
    google = town.gateway(patience=0.5)
    await google.try_events()
    town.world.fall_silent()
    with pytest.raises(TryLater, match="no answer from Google"):
        await google.create(a_booking(key="other"), names=NOBODY)
    await google.close()


async def test_a_google_that_is_away_is_for_later(town: GoogleTown):
    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("meetings@aldermere.example cannot be reached")

    google = town.gateway(transport=httpx.MockTransport(away))
    with pytest.raises(TryLater, match=r"^no answer from Google: ConnectError$"):
        await google.create(a_booking(), names=NOBODY)
    await google.close()


@pytest.mark.parametrize(
    "said",
    [b"<html>", b"[]", b'{"id": "x"}', b'{"id": "x", "start": 1, "end": 2}',
     b'{"id": "x", "start": {"dateTime": "2026-03-02T09:00:00"}, "end": {"dateTime": "2026-03-02T10:00:00"}}'],
)  # fmt: skip
async def test_an_answer_without_sense_is_no_booking(town: GoogleTown, said: bytes):
    google = town.gateway(transport=httpx.MockTransport(lambda request: httpx.Response(200, content=said)))
    with pytest.raises(TryLater, match="no sense"):
        await google.create(a_booking(), names=NOBODY)
    await google.close()


@pytest.mark.parametrize(
    "said",
    [b"<html>Conference of Qanary</html>", b"[]", b'{"error": {"errors": [{"reason": "of Qanary Bell"}]}}'],
)
async def test_an_error_that_is_no_code_is_told_by_its_status_and_not_quoted(town: GoogleTown, said: bytes):
    google = town.gateway(transport=httpx.MockTransport(lambda request: httpx.Response(400, content=said)))
    with pytest.raises(Undeliverable, match=r"^HTTP 400$"):
        await google.create(a_booking(), names=NOBODY)
    await google.close()


async def test_a_redirection_is_not_followed(town: GoogleTown):
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(307, headers={"location": "https://elsewhere.example/calendar/v3"})

    google = town.gateway(transport=httpx.MockTransport(answer))
    with pytest.raises(Undeliverable, match="HTTP 307"):
        await google.create(a_booking(), names=NOBODY)
    assert asked == ["127.0.0.1"]
    await google.close()


async def test_an_id_is_one_step_of_a_path_whatever_stands_in_it(town: GoogleTown):
    asked: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.raw_path)
        return httpx.Response(204)

    google = town.gateway(transport=httpx.MockTransport(answer))
    await google.cancel("../../users/me?x=1#y", names=NOBODY)
    await google.close()
    path = b"/calendar/v3/calendars/meetings@aldermere.example/events/..%2F..%2Fusers%2Fme%3Fx%3D1%23y"
    assert asked == [path + b"?sendUpdates=all"]


def test_google_auth_is_not_imported_before_the_first_call():
    """It takes half a second, and nobody who presses a button is to wait for it."""
    code = (
        "import sys, bot.gateways.google as g, bot.gateways.google_sign_in as s, bot.calendars, bot.checks\n"
        "g.Google(s.GoogleSignIn('meetings@aldermere.example'), 'meetings@aldermere.example')\n"
        "print([each for each in sys.modules if each.split('.')[0] == 'google'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    # other packages may bring an empty namespace of that name along
    assert [each for each in json.loads(done.stdout.replace("'", '"')) if "auth" in each] == []


FORBIDDEN = ("Qanary Bell", "Brendan Start", "Zoë O'Hara", "Ng")
WORDS = st.sampled_from(
    ["Qanary", "BELL", "brendan", "Zoe\u0308", "o'hara", "Willow", "Room", "end", "Start", "ng", "12"]
)


class Given(GoogleSignIn):
    """In the place of Google's log-in, where nothing is to be asked of it."""

    async def token(self, scope: str) -> str:
        return "t"


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
        google = Google(Given(ORGANISER), ORGANISER, transport=httpx.MockTransport(answer))
        with pytest.raises(Undeliverable):
            await google.create(a_booking(place=between.join(parts)), names=FORBIDDEN)
        await google.close()

    asyncio.run(ask())
    secret = {"Qanary", "BELL", "brendan", "Zoe\u0308", "o'hara", "Start"} & set(parts)
    assert (left == []) == bool(secret)


def _refused(status: int) -> httpx.Response:
    return httpx.Response(status, json={"error": {"errors": [{"reason": "duplicate"}], "code": status}})


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
