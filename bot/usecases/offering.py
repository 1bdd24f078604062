"""The times that a search found: kept, so that a button can name one, and told with the register's names."""

from collections.abc import Mapping
from datetime import date, datetime

from bot.domain.area import Practice
from bot.domain.people import type_said
from bot.domain.slots import Attendee, Concession, Option, Question, Source
from bot.storage.codes import digest_of
from bot.storage.tables import MeetingRow, SlotOptionRow
from bot.storage.transaction import Work
from bot.usecases.diaries import Wish
from bot.usecases.venues import ONLINE
from bot.views.meeting import Absent, GiveWay, KnownFrom, Offered

UNREAD = "unread"
"""In the place of Source.UNKNOWN for somebody whose own diary should have been read."""


class Names:
    """Puts the register's names to the ids of a search."""

    def __init__(self, work: Work, practice: Practice) -> None:
        self.agencies = {agency.id: agency.name for agency in work.register.agencies(practice.area.id)}
        self.work, self.area = work, practice.area

    def person(self, id: str) -> str:
        """A professional's name."""
        return self.work.register.person(id).name

    def offered(self, id: str, option: Option) -> Offered:
        """One time in full."""
        return Offered(
            id=id,
            starts_at=option.start,
            ends_at=option.end,
            fits=option.fits,
            attending=tuple(self.agencies[agency] for agency in option.attending),
            deputies=tuple(self.agencies[agency] for agency in option.deputies),
            tentative=tuple(self.person(each) for each in option.tentative),
            absent=tuple(
                Absent(agency=self.agencies[each.agency], why=each.why.value, required=each.required)
                for each in option.missing
            ),
            chair=self.person(option.chair) if option.chair else "",
            chair_missing=option.chair_missing.value if option.chair_missing else "",
            quorum_short=option.quorum_short,
            types_short=tuple(type_said(each) for each in option.types_short),
            working_days=option.working_days_before_deadline,
            reasons=tuple(reason.value for reason in option.reasons),
            minutes=self.person(option.minutes) if option.minutes else "",
            room=option.room or "",
            room_missing=option.room_missing.value if option.room_missing else "",
        )

    def known_from(self, asked: Question) -> tuple[KnownFrom, ...]:
        """Where everybody's free time is known from, the surest source first; a diary that was not read apart."""
        found: dict[str, list[str]] = {}
        for each in asked.attendees:
            found.setdefault(self._source(each), []).append(each.id)
        readings = self.work.diaries.readings(found.get(Source.DIARY_READ, ()))
        oldest = min((each.read_at for each in readings.values()), default=None)
        return tuple(
            KnownFrom(
                source=source,
                people=tuple(asked.people[id].name for id in found[source]),
                read_at=oldest if source == Source.DIARY_READ else None,
            )
            for source in (*Source, UNREAD)
            if source in found
        )

    def _source(self, person: Attendee) -> str:
        if person.source is not Source.UNKNOWN:
            return person.source
        email = self.work.register.row(person.id).email
        return UNREAD if self.area.diary_of(email) else person.source

    def give_way(self, way: Concession) -> GiveWay:
        """One concession in full."""
        return GiveWay(
            kind=way.kind.value,
            starts_at=way.option.start,
            agencies=tuple(self.agencies[id] for id in way.agencies),
            people=tuple(self.person(id) for id in way.people),
            minutes=int(way.length.total_seconds() // 60) if way.length else 0,
            working_days_late=way.working_days_late,
        )


def keep(
    work: Work, meeting: MeetingRow, wish: Wish, found: tuple[Option, ...], now: datetime
) -> list[SlotOptionRow]:
    """Keep the times under ids of their own, in the place of those of an earlier search.

    The same search finds the same ids: delivered twice, it leaves the buttons alive that its first answer showed.
    """
    for old in work.meetings.options(meeting.id):
        work.session.delete(old)
    work.session.flush()
    rows = [
        SlotOptionRow(
            id=_id_of(meeting, wish, option),
            meeting_id=meeting.id,
            position=position,
            starts_at=option.start,
            ends_at=option.end,
            detail={
                "required": list(wish.required),
                "optional": list(wish.optional),
                "minutes": wish.minutes,
                "first": wish.first.isoformat(),
                "last": wish.last.isoformat(),
                "where": wish.where,
                "room": option.room or "",
                "coming": list(option.attending),
                "chair": option.chair or "",
            },
            offered_at=now,
        )
        for position, option in enumerate(found, start=1)
    ]
    work.session.add_all(rows)
    work.session.flush()
    return rows


def _id_of(meeting: MeetingRow, wish: Wish, option: Option) -> str:
    return digest_of(f"{meeting.id} {option.start} {option.end} {wish}")[7:27]


def wish_in(detail: Mapping[str, object], deadline: date | None) -> Wish:
    """The wish that a kept option was found for."""
    return Wish(
        required=_ids(detail["required"]),
        optional=_ids(detail["optional"]),
        minutes=int(str(detail["minutes"])),
        first=date.fromisoformat(str(detail["first"])),
        last=date.fromisoformat(str(detail["last"])),
        deadline=deadline,
        where=str(detail.get("where", ONLINE)),
    )


def _ids(value: object) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, list) else ()
