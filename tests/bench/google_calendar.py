"""An event made through our gateway to Google, beside the same bytes sent by httpx alone.

Both send it over loopback to a program that answers at once, with a token that is there already. CPU time of this
process alone.
"""

import asyncio
import json
from typing import Any

import httpx
from google_town import ORGANISER, a_booking, hours
from graph_calendar import EACH, ROUNDS, answering, by_turns, row

from bot.gateways.booking import Guest
from bot.gateways.google import Google
from bot.gateways.google_requests import GoogleRequests
from bot.gateways.google_sign_in import GoogleSignIn


class Given(GoogleSignIn):
    """In the place of Google's log-in: it has been asked before."""

    async def token(self, scope: str) -> str:
        """The same one each time."""
        return "invented"


def rows() -> list[dict[str, Any]]:
    """CPU of a create against httpx, calls for 200 diaries."""
    return asyncio.run(measure())


async def measure() -> list[dict[str, Any]]:
    """As `rows`."""
    guests = tuple(Guest(address=f"guest{n}@aldermere.example", required=True) for n in range(8))
    booking = a_booking(guests=guests)
    request = GoogleRequests(ORGANISER).create(booking)
    async with answering("google") as address, httpx.AsyncClient() as client:
        google = Google(Given(ORGANISER), ORGANISER, base_url=f"{address}/calendar/v3")

        async def plain() -> Any:
            headers = {"authorization": "Bearer invented", "content-type": "application/json"}
            url = f"{address}/calendar/v3{request.path}"
            sent = client.post(url, params=request.query, content=request.body, headers=headers)
            return json.loads((await sent).content)

        ours, bare = await by_turns(lambda: google.create(booking, names=["Qanary Bell"]), plain)
        await google.close()
    calls = await _calls_for(200)
    note = f"CPU ms of one event with 8 guests; median of {ROUNDS} rounds of {EACH} by turns"
    return [
        row("google_create_cpu", ours, bare, ours / bare, "ms", 3.0, f"{note}; reference: the same bytes by httpx"),
        row("google_200_diaries_calls", calls, 4, calls / 4, "calls", 1.0, "freeBusy calls for 200 people"),
    ]  # fmt: skip


async def _calls_for(people: int) -> int:
    asked = 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        return httpx.Response(200, json={"calendars": {}})

    google = Google(Given(ORGANISER), ORGANISER, transport=httpx.MockTransport(answer))
    await google.diaries([f"guest{n}@aldermere.example" for n in range(people)], hours(0, 8))
    await google.close()
    return asked
