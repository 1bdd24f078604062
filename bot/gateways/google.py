"""Google's calendars, one call a method: no wording, no rules, no retries (design rule 13).

The same methods as Graph's, as far as Google has them. Every one raises TryLater (rate limit, outage, a token that
cannot be had) or Undeliverable (Google said no, with its own code as the reason, or a name from the case was about to
leave). Neither holds anything that was sent (IG-32).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx

from bot.domain.diary import Diary, Unreadable
from bot.domain.errors import TryLater, Undeliverable
from bot.domain.spans import Span
from bot.gateways import google_answers
from bot.gateways.answering import PAUSE, sense_of
from bot.gateways.booking import Booked, Booking
from bot.gateways.gate import gate
from bot.gateways.google_answers import Changes, Channel
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
    *("attendees", "datetime", "description", "email", "end", "europe/london", "id", "key", "location"),
    *("optional", "private", "resource", "start", "summary", "type", "visibility"),
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
        read the event again. Where it was made before and has moved since, the times say so. Where it was made and
        taken back since, by us or by somebody in their calendar, it is not brought to life again: Undeliverable, for
        a person has to look, and another meeting has another key.
        """
        known = (*booking.known, self.mailbox, event_id(booking.key))
        try:
            made = await self._write(self._requests.create(booking), names, known, booking.spared(FORMAT))
        except GoogleRefuses as no:
            if no.status != TAKEN:
                raise
            return await self._made_before(event_id(booking.key))
        return sense_of(made, google_answers.event, GOOGLE)

    async def move(self, id: str, start: datetime, end: datetime, *, names: Iterable[str]) -> Booked:
        """Another time for the event; Google tells everybody. Doing it twice is harmless."""
        forbidden = tuple(names)
        gate(forbidden, id.encode())
        moved = await self._write(self._requests.move(id, start, end), forbidden)
        return sense_of(moved, google_answers.event, GOOGLE)

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

    async def watch(self, address: str, *, id: str, token: str, until: datetime) -> Channel:
        """Have every change told to an https address of ours; what is told is that something changed, and no more.

        `id` is the channel's own, never used before (at most 64 characters); `token` comes back with each message, and
        is how we know that Google sent it (at most 256). Before its end another has to be opened, and this one stopped.
        """
        opened = await self._ask(self._requests.watch(address, id=id, token=token, until=until))
        return sense_of(opened, google_answers.channel, GOOGLE)

    async def stop(self, channel: Channel) -> None:
        """Have nothing more told there. One that has ended is none to stop."""
        try:
            await self._ask(self._requests.stop(channel.id, channel.resource))
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

    async def _made_before(self, id: str) -> Booked:
        try:
            said = await self._ask(self._requests.event(id))
        except GoogleRefuses as no:
            if no.status not in NOT_THERE:
                raise
            raise TryLater(PAUSE, no.reason) from None  # there, and not there: one of its servers is behind
        if google_answers.is_cancelled(said):
            raise Undeliverable("event_was_taken_back")
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
