"""Google's calendars, one call a method: no wording, no rules, no retries (design rule 13).

The same methods as Graph's, as far as Google has them. Every one raises TryLater (rate limit, outage, a token that
cannot be had) or Undeliverable (Google said no, with its own code as the reason, or a name from the case was about to
leave). Neither holds anything that was sent (IG-32).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from bot.domain.diary import Diary, Unreadable
from bot.domain.entries import Channel
from bot.domain.errors import TryLater, Undeliverable
from bot.domain.spans import Span
from bot.gateways import google_answers
from bot.gateways.answering import PAUSE, sense_of
from bot.gateways.booking import Booked, Booking
from bot.gateways.gate import gate
from bot.gateways.google_answers import Changes
from bot.gateways.google_line import GoogleLine, GoogleRefuses, Request
from bot.gateways.google_requests import GoogleRequests, event_id
from bot.gateways.google_sign_in import GoogleSignIn
from bot.gateways.parts import read_in_parts

Json = dict[str, Any]

V3 = "https://www.googleapis.com/calendar/v3"
GOOGLE = "Google"
DIARIES = 50
"""How many calendars one call may ask for (calendarExpansionMax)."""

LONGEST = timedelta(days=42)
"""The longest window of one call: Google refuses one that is too long, and does not publish how long that is."""

PAGES = 200  # a list that never ends is an error, not a reason to turn pages for ever
NOT_THERE = {404, 410}
START_OVER = 410
TAKEN = 409

FORMAT = (
    *(
        "accepted",
        "attendees",
        "datetime",
        "declined",
        "description",
        "email",
        "end",
        "europe/london",
        "id",
        "key",
        "location",
    ),
    *("optional", "private", "resource", "start", "summary", "tentative", "type", "visibility"),
)
"""Words of Google's own format that somebody might be called; the gate passes over them where they stand alone."""


class Google:
    """The calendar of one user, and what Google tells them of other diaries."""

    def __init__(
        self,
        proof: GoogleSignIn,
        mailbox: str,
        *,
        base_url: str = V3,
        transport: httpx.AsyncBaseTransport | None = None,
        patience: float = 10.0,
    ) -> None:
        """`mailbox` owns every meeting, and is whom `proof` acts for; `patience` is for a whole call, in seconds."""
        self.mailbox = mailbox
        self._proof, self._requests = proof, GoogleRequests(mailbox)
        self._where = (base_url, transport, patience)
        self._line: GoogleLine | None = None

    async def diaries(self, addresses: Iterable[str], window: Span) -> dict[str, Diary | Unreadable]:
        """When these people are taken within the window; who cannot be read is *unreadable*, and is never free.

        Fifty people and six weeks a call. A call that fails makes the whole fail: half an answer is none.
        """
        return await read_in_parts(self._diaries_of, addresses, window, most=DIARIES, longest=LONGEST)

    async def create(self, booking: Booking, *, names: Iterable[str]) -> Booked:
        """Put the meeting into the organiser's calendar; Google invites everybody. Asked twice, it makes one event.

        `names` are those of the people in the case. Google may need a while to make the link of an online meeting:
        read the event again. Where it was made before and has moved since, the times say so. Where it was taken back
        since, by us or by somebody in their calendar, it is `cancelled`, and is not brought to life again: whoever
        did it meant it.
        """
        known = (*booking.known, self.mailbox, event_id(booking.key))
        try:
            made = await self._write(self._requests.create(booking), names, known, booking.spared(FORMAT))
        except GoogleRefuses as no:
            if no.status != TAKEN:
                raise
            return await self._made_before(booking)
        return sense_of(made, google_answers.event, GOOGLE)

    async def change(self, stands: Booked, booking: Booking, *, names: Iterable[str]) -> Booked:
        """Bring the event to what the booking says now: another time, other guests, whichever differs.

        Google tells everybody. At another time everybody is asked again; of other guests, those who stay keep their
        answers. Nothing is written where nothing differs, so that doing it twice is harmless.
        """
        times, guests = booking.moves(stands), booking.asks_others(stands)
        place = booking.is_elsewhere(stands)
        if not (times or guests or place):
            return stands
        forbidden = tuple(names)
        gate(forbidden, stands.id.encode())
        change = self._requests.change(stands, booking, times=times, guests=guests, place=place)
        known = [*(guest.address for guest in booking.guests), *filter(None, [booking.room])]
        made = await self._write(change, forbidden, known, booking.spared(FORMAT))
        return sense_of(made, google_answers.event, GOOGLE)

    async def cancel(self, id: str, *, names: Iterable[str]) -> None:
        """Take the event back; Google tells everybody. One that is gone already is none to take back.

        Nothing is said but the event's id; that travels, and so it is looked at.
        """
        gate(names, id.encode())
        try:
            await self._ask(self._requests.cancel(id))
        except GoogleRefuses as no:
            if no.status not in NOT_THERE:
                raise

    async def event(self, id: str) -> Booked | None:
        """The event as it is now, with everybody's answers; None for one that is gone, or was taken back."""
        try:
            said = await self._ask(self._requests.event(id))
        except GoogleRefuses as no:
            if no.status not in NOT_THERE:
                raise
            return None
        return None if google_answers.is_cancelled(said) else sense_of(said, google_answers.event, GOOGLE)

    async def listen(self, address: str, secret: str, until: datetime) -> Channel:
        """Have Google tell us at this https address that something changed; what, has to be asked (`changes`).

        `secret` comes back with each message, and is how we know that Google sent it (at most 256 characters). A
        channel may end sooner than was asked for.
        """
        opened = await self._ask(self._requests.listen(address, secret, until, id=str(uuid4())))
        return sense_of(opened, lambda said: google_answers.channel(said, secret), GOOGLE)

    async def listen_on(self, channel: Channel, address: str, until: datetime) -> Channel | None:
        """None: Google's channels cannot be kept open for longer, and another has to be opened."""
        return None

    async def stop_listening(self, channel: Channel) -> None:
        """Close a channel; one that is gone is closed."""
        try:
            await self._ask(self._requests.stop_listening(channel.id, channel.resource))
        except GoogleRefuses as no:
            if no.status not in NOT_THERE:
                raise

    async def changes(self, since: str = "") -> Changes:
        """What has changed since `since`, the token of the last time; everything without one.

        Where Google does not know the token any more, it is everything again.
        """
        try:
            return await self._changes(since)
        except GoogleRefuses as no:
            if no.status != START_OVER:
                raise
        try:
            return await self._changes("")
        except GoogleRefuses as no:
            if no.status != START_OVER:
                raise
            raise TryLater(PAUSE, no.reason) from None  # the pages of a list may run out under our hands

    async def try_events(self) -> None:
        """Whether the organiser's calendar may be opened at all; nothing of it is kept."""
        await self._ask(self._requests.any_event())

    async def close(self) -> None:
        """Close the connections."""
        if self._line is not None:
            await self._line.close()
            self._line = None
        await self._proof.close()

    async def _diaries_of(self, people: Sequence[str], window: Span) -> dict[str, Diary | Unreadable]:
        answer = await self._ask(self._requests.free_busy(people, window))
        return sense_of(answer, lambda said: google_answers.diaries(said, people, window), GOOGLE)

    async def _made_before(self, booking: Booking) -> Booked:
        id = event_id(booking.key)
        try:
            said = await self._ask(self._requests.event(id))
        except GoogleRefuses as no:
            if no.status not in NOT_THERE:
                raise
            raise TryLater(PAUSE, no.reason) from None  # there, and not there: one of its servers is behind
        if google_answers.is_cancelled(said):
            # Google promises no more of such an event than its id
            return Booked(id=id, start=booking.start, end=booking.end, link="", cancelled=True, answers=())
        return sense_of(said, google_answers.event, GOOGLE)

    async def _changes(self, since: str) -> Changes:
        items: list[Json] = []
        more = ""
        for _ in range(PAGES):
            answer = await self._ask(self._requests.changes(since, more))
            page = sense_of(answer, google_answers.page, GOOGLE)
            items += page.items
            if not page.more:
                return google_answers.changed(items, whole=not since, token=page.token)
            more = page.more
        raise Undeliverable("changes_without_end")

    async def _write(
        self,
        request: Request,
        names: Iterable[str],
        known: Collection[str] = (),
        format: Collection[str] = FORMAT,
    ) -> Json:
        gate(names, request.body, known=known, format=format)
        return await self._ask(request)

    async def _ask(self, request: Request) -> Json:
        if self._line is None:
            base_url, transport, patience = self._where
            self._line = GoogleLine(base_url, self._proof, transport, patience)
        return await self._line.send(request)
