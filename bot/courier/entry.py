"""The meeting's entry in the organiser's calendar, brought to what the record says (calendar.md sections 1, 2, 6)."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from bot.courier.errand import About, Errand
from bot.courier.platform import Read
from bot.domain.area import Practice
from bot.domain.errors import Undeliverable
from bot.gateways.booking import Booked, Booking, Guest
from bot.gateways.invitations import SUMMARIES
from bot.storage.claims import Delivery
from bot.storage.transaction import Work
from bot.usecases.entries import BEGUN, EntryPlan, begin_entry, entry_failed, entry_plan, keep_entry


class Calendar(Protocol):
    """The organiser's calendar, whoever keeps it."""

    async def create(self, booking: Booking, *, names: Iterable[str]) -> Booked:
        """Make the entry; asked twice for one key, it is made once."""
        ...

    async def change(self, stands: Booked, booking: Booking, *, names: Iterable[str]) -> Booked:
        """Bring the entry to what the booking says."""
        ...

    async def cancel(self, id: str, *, names: Iterable[str]) -> None:
        """Take the entry back; one that is gone is none to take back."""
        ...

    async def event(self, id: str) -> Booked | None:
        """The entry as it stands, None where it is gone."""
        ...


class KeepEntry(Errand):
    """Makes, changes or takes back one entry for all who are asked; its owner tells everybody.

    Done twice it is harmless: the entry has one key for life, and only what differs is written.
    """

    def __init__(
        self,
        read: Read,
        run: Callable[..., Awaitable[Any]],
        practice: Practice,
        calendars: Mapping[str, Calendar],
        now: Callable[[], datetime],
    ) -> None:
        """`calendars` by the name under which a meeting keeps which of them has its entry."""
        self.read, self.run, self.practice = read, run, practice
        self.calendars, self.now = calendars, now

    async def send(self, about: About, delivery_id: str) -> str | None:
        """Bring the entry to what the record says now; the entry's id, None where there is none to be."""
        plan: EntryPlan | None = await self.read(entry_plan, self.practice, about["meeting"])
        if plan is None:
            return None
        calendar = self.calendars.get(plan.calendar)
        if calendar is None:
            raise Undeliverable(f"no settings for the calendars of {plan.calendar}")
        if plan.cancelled:
            return await self._cancel(calendar, plan)
        booking = _booking(plan)
        if plan.entry_id in (None, BEGUN):
            await self.run(begin_entry, plan.meeting_id)
            stands: Booked | None = await calendar.create(booking, names=plan.names)
        else:
            stands = await calendar.event(str(plan.entry_id))
        if stands is None or stands.cancelled:
            raise Undeliverable("somebody took the entry out of the calendar")
        await calendar.change(stands, booking, names=plan.names)
        return stands.id

    async def _cancel(self, calendar: Calendar, plan: EntryPlan) -> str | None:
        """Whether there is one when its making was never heard of is found out by asking for it once more."""
        if plan.entry_id is None:
            return None
        id = plan.entry_id
        if id == BEGUN:
            id = (await calendar.create(_booking(plan), names=plan.names)).id
        await calendar.cancel(id, names=plan.names)
        return id

    def record(self, work: Work, delivery: Delivery, external_id: str | None) -> None:
        """Keep which entry it is."""
        if external_id is not None:
            keep_entry(work, delivery.about["meeting"], external_id)

    def failed(self, work: Work, delivery: Delivery, reason: str) -> None:
        """By e-mail instead, or by somebody's hand."""
        entry_failed(work, delivery.about["meeting"], self.now())


def _booking(plan: EntryPlan) -> Booking:
    return Booking(
        key=plan.meeting_id,
        kind=plan.stage if plan.stage in SUMMARIES else plan.kind,
        start=plan.start,
        end=plan.end,
        guests=tuple(Guest(address=address, required=required) for address, required in plan.guests),
        reference=plan.reference,
        place=plan.place,
        room=plan.room,
        rooms=plan.rooms,
    )
