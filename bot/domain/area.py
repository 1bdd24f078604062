"""An area: the council or board that one installation serves, and the pathways it works by (design.md rule 12)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.domain.errors import NotFound
from bot.domain.pathway import Pathway
from bot.domain.people import Agency
from bot.domain.sharing import Guide
from bot.domain.workdays import Nation, WorkingDays


class Pinned(Protocol):
    """Whatever began under one version of a pathway: a referral or a case."""

    pathway: str
    pathway_version: str


@dataclass(frozen=True, kw_only=True)
class MeetingRoom:
    """A room in which the area's meetings are held; only these are ever named in an invitation.

    `address` is the room's own mailbox, "" where it has none; `seats` is how many people it seats.
    """

    name: str
    seats: int
    address: str = ""
    wheelchair: bool = False
    step_free: bool = False


@dataclass(frozen=True, kw_only=True)
class Area:
    """A tenant. `rooms` maps our names for channels (triage, board, one per pathway) to Slack's ids.

    `teams_rooms` maps the same names to conversations in Microsoft Teams; a room is in one of the two or in both.
    `teams_tenants` are the tenants whose people may speak to the bot there, their ids in lower case.
    `diaries` maps a mail domain, in lower case, to the calendars (`graph`, `google`) that hold its people's diaries.
    `gap` is what lies at least between two meetings of one person. `agency_closures` maps an agency's slug, or a type
    of agency, to the local dates on which it is closed. `venues` are the rooms in which meetings are held, `travel` is
    what everybody needs to get to one of them from whatever else they have that day, and back.
    """

    id: str
    name: str
    nation: Nation
    zone: str = "Europe/London"
    opens: time = time(9)
    shuts: time = time(17)
    closures: frozenset[date] = frozenset()
    agency_closures: Mapping[str, frozenset[date]] = field(default_factory=dict)
    gap: timedelta = timedelta()
    venues: tuple[MeetingRoom, ...] = ()
    travel: timedelta = timedelta()
    rooms: Mapping[str, str] = field(default_factory=dict)
    teams_tenants: frozenset[str] = frozenset()
    teams_rooms: Mapping[str, str] = field(default_factory=dict)
    diaries: Mapping[str, str] = field(default_factory=dict)
    pathways: tuple[str, ...] = ()
    retention: str = ""
    contact: str = ""
    out_of_hours: str = ""
    sharing_links: tuple[Guide, ...] = ()
    verify_after_days: int = 90
    """Calendar days after which a person of the register is asked whether their entry is still right (T24)."""
    drill: bool = False

    def today(self, now: datetime) -> date:
        """The area's local date at this moment."""
        return now.astimezone(ZoneInfo(self.zone)).date()

    def diary_of(self, email: str) -> str:
        """Where the diary of whoever has this address is to be read; "" where it is not."""
        return self.diaries.get(email.rpartition("@")[2].lower(), "")

    def venue(self, name: str) -> MeetingRoom | None:
        """The room of that name; None where there is none, or no longer."""
        return next((room for room in self.venues if room.name == name), None)

    def closed_days(self, agency: Agency) -> frozenset[date]:
        """The local dates on which this agency is closed by itself, whatever the area does."""
        named = (self.agency_closures.get(word, frozenset()) for word in (agency.slug, agency.type))
        return frozenset().union(*named)


@dataclass(frozen=True, kw_only=True)
class Practice:
    """An area and its pathways: what every use case is told besides who asks and when."""

    area: Area
    pathways: Mapping[str, Pathway]
    earlier: Mapping[tuple[str, str], Pathway] = field(default_factory=dict)
    """Versions that cases may still be pinned to, by id and version (design.md rule 3)."""
    organiser: str = ""
    """The calendars that hold the entries of new meetings (`graph`, `google`); "" where invitations go by e-mail."""

    @property
    def enabled(self) -> tuple[Pathway, ...]:
        """The pathways that this area uses, in the area's order."""
        return tuple(self.pathways[id] for id in self.area.pathways)

    def named(self, word: str) -> Pathway:
        """The enabled pathway of that id or alias, NotFound with the choices when there is none."""
        wanted = word.strip().lower()
        for pathway in self.enabled:
            if wanted == pathway.id or wanted in pathway.aliases:
                return pathway
        names = ", ".join(pathway.aliases[0] if pathway.aliases else pathway.id for pathway in self.enabled)
        raise NotFound(f"There is no pathway called “{word}” here. You can choose: {names}.")

    def of(self, pinned: Pinned) -> Pathway:
        """The pathway under which this referral or case began, whatever the file says now (design.md rule 3).

        NotFound when that version is not at hand; the start refuses such a database first.
        """
        current = self.pathways.get(pinned.pathway)
        if current is not None and current.version == pinned.pathway_version:
            return current
        try:
            return self.earlier[pinned.pathway, pinned.pathway_version]
        except KeyError:
            raise NotFound(
                f"This began under version {pinned.pathway_version} of {pinned.pathway}, which is not at hand."
                " Tell the administrator: the file of that version belongs in the folder of earlier versions."
            ) from None

    def days(self, nation: str | None = None) -> WorkingDays:
        """The working days of the area, or of a case's own nation, less the area's closure days."""
        return WorkingDays(nation or self.area.nation, self.area.closures)

    def pathway_days(self, pathway: Pathway) -> WorkingDays:
        """The working days by which a pathway's clocks are counted."""
        return self.days(pathway.nation)

    def today(self, now: datetime) -> date:
        """The area's local date at this moment."""
        return self.area.today(now)
