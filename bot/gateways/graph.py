"""Microsoft Graph's calendars, one call a method: no wording, no rules, no retries (design rule 13).

Every method raises TryLater (rate limit, outage, a token that cannot be had) or Undeliverable (Graph said no, with its
own code as the reason, or a name from the case was about to leave). Neither holds anything that was sent (IG-32).
"""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx

from bot.domain.diary import Diary, Unreadable
from bot.domain.entries import Channel
from bot.domain.errors import TryLater, Undeliverable
from bot.domain.spans import Span
from bot.gateways import graph_answers
from bot.gateways.answering import PAUSE, sense_of
from bot.gateways.booking import Booked, Booking, Room
from bot.gateways.gate import gate
from bot.gateways.graph_sign_in import Proof
from bot.gateways.invitations import SENTENCES
from bot.gateways.parts import read_in_parts

if TYPE_CHECKING:
    from bot.gateways.graph_requests import GraphRequests, Request
    from bot.gateways.graph_sdk import Sdk

Json = dict[str, Any]

V1 = "https://graph.microsoft.com/v1.0"
AT_ONCE = 4  # calls that Graph takes at a time for one mailbox
DIARIES = 20
"""How many diaries one call may ask for; Graph's documentation says so, and enforces a hundred."""

LONGEST = timedelta(days=42)
"""The longest window of one call: Graph's newer text says below 62 days, its older one 42."""

PAGES = 50
GRAPH = "Graph"
FORMAT = (
    *("address", "attendees", "body", "comment", "content", "end", "europe/london", "location", "optional"),
    *("private", "required", "resource", "sensitivity", "start", "subject", "text", "type"),
)
"""Words of Graph's own format that somebody might be called; the gate passes over them where they stand alone."""

GONE = {"ErrorItemNotFound", "ResourceNotFound", "HTTP 404"}


class Graph:
    """One organiser's mailbox, and what Graph tells its owner of other diaries.

    The SDK is imported at the first call, on a thread: it takes a second that somebody's press would wait for.
    """

    def __init__(
        self,
        proof: Proof,
        mailbox: str,
        *,
        base_url: str = V1,
        transport: httpx.AsyncBaseTransport | None = None,
        patience: float = 10.0,
    ) -> None:
        """`mailbox` owns every meeting; `patience` is for a whole call, in seconds."""
        self.mailbox = mailbox
        self._proof, self._base_url, self._transport = proof, base_url, transport
        self._patience, self._turns = patience, asyncio.Semaphore(AT_ONCE)
        self._loading = asyncio.Lock()
        self._line: tuple[Sdk, GraphRequests] | None = None

    async def diaries(self, addresses: Iterable[str], window: Span) -> dict[str, Diary | Unreadable]:
        """When these people are taken within the window; who cannot be read is *unreadable*, and is never free.

        Twenty people and six weeks a call. A call that fails makes the whole fail: half an answer is none.
        """
        return await read_in_parts(self._diaries_of, addresses, window, most=DIARIES, longest=LONGEST)

    async def create(self, booking: Booking, *, names: Iterable[str]) -> Booked:
        """Put the meeting into the organiser's calendar; Graph invites everybody. Asked twice, it makes one event.

        `names` are those of the people in the case. Graph may need a while to make the link of an online meeting:
        read the event again. Where it was made before and has moved since, the times say so.
        """
        _, requests = await self._ready()
        known = (*booking.known, self.mailbox)
        made = await self._write(requests.create(booking), names, known, booking.spared(FORMAT))
        return sense_of(made, graph_answers.event, GRAPH)

    async def change(self, stands: Booked, booking: Booking, *, names: Iterable[str]) -> Booked:
        """Bring the event to what the booking says now: another time, place, other guests, whichever differs.

        Graph asks everybody again at another time, and tells only those who come or go of other guests. Nothing is
        written where nothing differs, so that doing it twice is harmless.
        """
        times, guests = booking.moves(stands), booking.asks_others(stands)
        place = booking.is_elsewhere(stands)
        if not (times or guests or place):
            return stands
        _, requests = await self._ready()
        change = requests.change(stands.id, booking, times=times, guests=guests, place=place)
        known = [*(guest.address for guest in booking.guests), *filter(None, [booking.room])]
        changed = await self._write(change, names, known, booking.spared(FORMAT))
        return sense_of(changed, graph_answers.event, GRAPH)

    async def cancel(self, id: str, *, names: Iterable[str]) -> None:
        """Take the event back; Graph tells everybody. One that is gone already is none to take back."""
        said = SENTENCES["CANCEL"]
        _, requests = await self._ready()
        try:
            await self._write(requests.cancel(id, said), names, (said,))
        except Undeliverable as no:
            if no.reason not in GONE:
                raise

    async def event(self, id: str) -> Booked | None:
        """The event as it is now, with everybody's answers; None for one that is gone."""
        _, requests = await self._ready()
        try:
            return sense_of(await self._ask(requests.event(id)), graph_answers.event, GRAPH)
        except Undeliverable as no:
            if no.reason not in GONE:
                raise
            return None

    async def listen(self, address: str, secret: str, until: datetime) -> Channel:
        """Have Graph tell us at this address of changed events; Graph tries the address before it answers.

        `secret` stands in everything it will send there. Longer than a week Graph does not grant.
        """
        _, requests = await self._ready()
        made = await self._ask(requests.listen(address, secret, until))
        return sense_of(made, lambda said: graph_answers.channel(said, secret), GRAPH)

    async def listen_on(self, channel: Channel, address: str, until: datetime) -> Channel | None:
        """Keep a channel open for longer; None where it is gone, and another has to be opened."""
        _, requests = await self._ready()
        try:
            kept = await self._ask(requests.listen_on(channel.id, until))
        except Undeliverable as no:
            if no.reason not in GONE:
                raise
            return None
        return sense_of(kept, lambda said: graph_answers.channel(said, channel.secret), GRAPH)

    async def stop_listening(self, channel: Channel) -> None:
        """Close a channel; one that is gone is closed."""
        _, requests = await self._ready()
        try:
            await self._ask(requests.stop_listening(channel.id))
        except Undeliverable as no:
            if no.reason not in GONE:
                raise

    async def rooms(self) -> list[Room]:
        """Every room of the organiser's tenant, whatever the number of pages."""
        _, requests = await self._ready()
        found: list[Room] = []
        page = ""
        for _ in range(PAGES):
            answer = await self._ask(requests.rooms(page))
            found += sense_of(answer, graph_answers.rooms, GRAPH)
            page = str(answer.get("@odata.nextLink") or "")
            if not page:
                return found
            if not page.startswith(f"{self._base_url}/"):
                raise Undeliverable("page_elsewhere")  # our token would go along
        raise Undeliverable("rooms_without_end")

    async def try_events(self) -> None:
        """Whether the organiser's calendar may be opened at all; nothing of it is kept."""
        _, requests = await self._ready()
        await self._ask(requests.any_event())

    async def roles(self) -> frozenset[str]:
        """What Entra has consented to for the whole tenant, as the token says; NoToken without one."""
        await self._ready()
        return await self._proof.roles()

    async def close(self) -> None:
        """Close the connections."""
        if self._line is not None:
            await self._line[0].close()
            self._line = None
        await self._proof.close()

    async def _diaries_of(self, people: Sequence[str], window: Span) -> dict[str, Diary | Unreadable]:
        _, requests = await self._ready()
        answer = await self._ask(requests.schedule(people, window))
        return sense_of(answer, lambda said: graph_answers.diaries(said, people, window), GRAPH)

    async def _write(
        self,
        request: "Request",
        names: Iterable[str],
        known: Collection[str] = (),
        format: Collection[str] = FORMAT,
    ) -> Json:
        if not request.body:
            raise Undeliverable("the request could not be read before it left, so it was held back")
        gate(names, request.body, known=known, format=format)
        return await self._ask(request)

    async def _ask(self, request: "Request") -> Json:
        sdk, _ = await self._ready()
        async with self._turns:
            try:
                async with asyncio.timeout(self._patience):
                    return await sdk.send(request.info)
            except TimeoutError:
                raise TryLater(PAUSE, "no answer from Graph: TimeoutError") from None

    async def _ready(self) -> "tuple[Sdk, GraphRequests]":
        async with self._loading:
            if self._line is None:
                self._line = await asyncio.to_thread(self._loaded)
            return self._line

    def _loaded(self) -> "tuple[Sdk, GraphRequests]":
        from bot.gateways.graph_requests import GraphRequests
        from bot.gateways.graph_sdk import Sdk

        self._proof.prepare()
        sdk = Sdk(self._base_url, self._proof, self._transport, self._patience)
        return sdk, GraphRequests(sdk.client, self.mailbox)
