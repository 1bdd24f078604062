"""Say when one is on leave, so that the deputy hears in one's place (anchors.md section 4, idea 2; T17)."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot.domain.area import Practice
from bot.domain.errors import Invalid, NotFound
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.domain.spans import Span, whole_days
from bot.storage.tables import AbsenceRow
from bot.storage.transaction import Begin, Work
from bot.usecases.owed import refresh_home

LONGEST = 366  # days


@dataclass(frozen=True, kw_only=True)
class Leave:
    """One span of leave, whole days, both included; `deputy` is whoever hears meanwhile, empty for nobody."""

    id: str
    first: date
    last: date
    deputy: str


def set_leave(
    begin: Begin,
    practice: Practice,
    first: date | None,
    last: date | None,
    *,
    deputy_id: str = "",
    by: Person,
    now: datetime,
) -> Leave:
    """Leave from the first to the last day, both included; a deputy may be named with it, from one's own agency.

    Said twice it is one span. Raises Invalid by field (`first`, `last`, `deputy`).
    """
    if problems := _problems(first, last, practice.today(now)):
        raise Invalid(problems)
    assert first is not None
    assert last is not None
    span = whole_days(first, last, ZoneInfo(practice.area.zone))
    with begin() as work:
        row = work.register.row(by.id)
        if deputy_id and deputy_id != row.deputy_id:
            _name_deputy(work, by, deputy_id)
            row.deputy_id = deputy_id
        leave = next((each for each in _leaves(work, by.id, now) if _span(each) == span), None)
        if leave is None:
            leave = AbsenceRow(
                id=new_id(),
                person_id=by.id,
                kind="leave",
                starts_at=span.start,
                ends_at=span.end,
                said_at=now,
            )
            work.session.add(leave)
            work.audit.write(
                stream=f"person:{by.id}",
                actor=by.id,
                verb="leave.set",
                thing=f"absence:{leave.id}",
                facts={"first": first, "last": last, "deputy": row.deputy_id},
                at=now,
            )
        refresh_home(work, by.id, now)
        return _leave(work, practice, leave)


def clear_leave(begin: Begin, practice: Practice, leave_id: str, *, by: Person, now: datetime) -> None:
    """Take one's own leave back. NotFound for anybody else's, as if it were not there."""
    with begin() as work:
        row = work.session.get(AbsenceRow, leave_id)
        if row is None or row.person_id != by.id or row.kind != "leave":
            raise NotFound("That leave is no longer here.")
        work.session.delete(row)
        work.audit.write(
            stream=f"person:{by.id}",
            actor=by.id,
            verb="leave.cleared",
            thing=f"absence:{leave_id}",
            facts={},
            at=now,
        )
        refresh_home(work, by.id, now)


def leave_of(work: Work, practice: Practice, person_id: str, now: datetime) -> tuple[Leave, ...]:
    """A person's leave that is not over yet, the next first."""
    return tuple(_leave(work, practice, row) for row in _leaves(work, person_id, now))


def _problems(first: date | None, last: date | None, today: date) -> dict[str, str]:
    if first is None or last is None:
        return {field: "Choose a day." for field, day in (("first", first), ("last", last)) if day is None}
    if last < first:
        return {"last": "The last day comes before the first."}
    if last < today:
        return {"last": "That leave is over already."}
    if (last - first).days > LONGEST:
        return {
            "last": "That is more than a year. Ask the coordinator to change the contact register instead."
        }
    return {}


def _name_deputy(work: Work, by: Person, deputy_id: str) -> None:
    deputy = work.register.rows([deputy_id]).get(deputy_id)
    if deputy is None or not deputy.active or deputy.agency_id != by.agency_id or deputy.id == by.id:
        raise Invalid({"deputy": "Choose somebody else of your own agency."})


def _leaves(work: Work, person_id: str, now: datetime) -> list[AbsenceRow]:
    query = select(AbsenceRow).where(
        AbsenceRow.person_id == person_id, AbsenceRow.kind == "leave", AbsenceRow.ends_at > now
    )
    return list(work.session.exec(query.order_by(col(AbsenceRow.starts_at))))


def _span(row: AbsenceRow) -> Span:
    return Span(row.starts_at, row.ends_at)


def _leave(work: Work, practice: Practice, row: AbsenceRow) -> Leave:
    zone = ZoneInfo(practice.area.zone)
    person = work.register.row(row.person_id)
    deputy = work.register.row(person.deputy_id).name if person.deputy_id else ""
    last = row.ends_at.astimezone(zone).date()
    return Leave(
        id=row.id,
        first=row.starts_at.astimezone(zone).date(),
        last=date.fromordinal(last.toordinal() - 1),
        deputy=deputy,
    )
