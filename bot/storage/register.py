"""The contact register: people, agencies and absences, in and out of the database (S5-01, S5-40)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, bindparam
from sqlmodel import Session, SQLModel, col, select

from bot.domain.errors import NotFound
from bot.domain.people import Agency, Person, Role
from bot.storage.prepared import Prepared
from bot.storage.tables import AbsenceRow, AgencyRow, PersonRow

_PERSON: Table = SQLModel.metadata.tables[str(PersonRow.__tablename__)]
# Asked on every request of Slack's, so built once, and the row is read without an instance of the model.
_BY_SLACK = Prepared(
    _PERSON.select()
    .where(_PERSON.c.slack_team == bindparam("team"), _PERSON.c.slack_user == bindparam("user"))
    .where(_PERSON.c.active)
)


def person_of(row: PersonRow) -> Person:
    """The row as the rules see a person."""
    return Person(
        id=row.id,
        area=row.area,
        agency_id=row.agency_id,
        name=row.name,
        email=row.email,
        title=row.title,
        roles=frozenset(Role(role) for role in row.roles),
        deputy_id=row.deputy_id,
        active=row.active,
        zone=row.zone,
        lives_in=row.lives_in,
    )


def known_by_slack(db: Connection, team: str, user: str) -> Person | None:
    """The active person linked to this Slack identity (IG-25)."""
    row = _BY_SLACK.first(db, {"team": team, "user": user})
    return person_of(row) if row else None


class Register:
    """People and agencies of every area; professionals only, never a subject of a case."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def person(self, id: str) -> Person:
        """The person with this id; NotFound when there is none."""
        return person_of(self.row(id))

    def row(self, id: str) -> PersonRow:
        """The person's whole row, addresses included; NotFound when there is none."""
        row = self.session.get(PersonRow, id)
        if row is None:
            raise NotFound("That person is not in the contact register.")
        return row

    def rows(self, ids: Iterable[str]) -> dict[str, PersonRow]:
        """Several people's rows by id."""
        wanted = list(ids)
        found = self.session.exec(select(PersonRow).where(col(PersonRow.id).in_(wanted)))
        return {row.id: row for row in found}

    def by_slack(self, team: str, user: str) -> Person | None:
        """The active person linked to this Slack identity (IG-25)."""
        self.session.flush()
        return known_by_slack(self.session.connection(), team, user)

    def by_email(self, area: str, email: str) -> PersonRow | None:
        """The active person of the area with this address, letter case aside."""
        return self.session.exec(
            select(PersonRow).where(
                PersonRow.area == area, PersonRow.email == email.strip().lower(), col(PersonRow.active)
            )
        ).first()

    def people(self, area: str, *roles: Role, agency_id: str | None = None) -> list[Person]:
        """Active people of the area with any of these roles (any at all when none is given), by name."""
        query = (
            select(PersonRow).where(PersonRow.area == area, col(PersonRow.active)).order_by(PersonRow.name)
        )
        if agency_id is not None:
            query = query.where(PersonRow.agency_id == agency_id)
        people = [person_of(row) for row in self.session.exec(query)]
        return [person for person in people if not roles or person.has(*roles)]

    def agencies(self, area: str) -> list[Agency]:
        """The area's agencies, by name."""
        rows = self.session.exec(select(AgencyRow).where(AgencyRow.area == area).order_by(AgencyRow.name))
        return [agency_of(row) for row in rows]

    def agency(self, id: str) -> Agency:
        """The agency with this id; NotFound when there is none."""
        row = self.session.get(AgencyRow, id)
        if row is None:
            raise NotFound("That agency is not in the contact register.")
        return agency_of(row)

    def on_leave(self, person_id: str, day: date, zone: str = "Europe/London") -> bool:
        """Whether the person's leave covers the whole working part of that local day (09:00 to 17:00)."""
        return person_id in self.away(day, zone)

    def away(self, day: date, zone: str = "Europe/London") -> frozenset[str]:
        """Everybody whose leave covers the whole working part of that local day (09:00 to 17:00)."""
        start = datetime.combine(day, time(9), ZoneInfo(zone)).astimezone(UTC)
        end = datetime.combine(day, time(17), ZoneInfo(zone)).astimezone(UTC)
        rows = self.session.exec(
            select(AbsenceRow.person_id).where(
                AbsenceRow.kind == "leave", AbsenceRow.starts_at <= start, AbsenceRow.ends_at >= end
            )
        )
        return frozenset(rows)

    def absences(self, people: Iterable[str], start: datetime, end: datetime) -> list[AbsenceRow]:
        """Leave and busy spans of these people that touch the window, earliest first."""
        return list(
            self.session.exec(
                select(AbsenceRow)
                .where(
                    col(AbsenceRow.person_id).in_(list(people)),
                    AbsenceRow.starts_at < end,
                    AbsenceRow.ends_at > start,
                )
                .order_by(col(AbsenceRow.starts_at))
            )
        )


def agency_of(row: AgencyRow) -> Agency:
    """The row as the rules see an agency."""
    return Agency(id=row.id, area=row.area, slug=row.slug, name=row.name, type=row.type)
