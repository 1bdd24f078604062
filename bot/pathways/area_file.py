"""The area's file in, an Area out: who we are, which pathways, which channels (CONVENOR_AREA; design.md rule 12)."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from pathlib import Path as File
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.functional_validators import BeforeValidator

from bot.domain.area import Area, MeetingRoom
from bot.domain.pathway import Pathway
from bot.domain.sharing import Guide
from bot.domain.workdays import Nation
from bot.pathways.faults import BadPathway, Fault
from bot.pathways.plainyaml import Source, dotted


def _clock(value: object) -> object:
    return time.fromisoformat(value) if isinstance(value, str) else value


def _there(value: object) -> object:
    return {} if value is None else value  # a heading with nothing below it is there all the same


Clock = Annotated[time, BeforeValidator(_clock)]

_TENANT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
_AGENCY = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
LONGEST_GAP = 240
"""Minutes that may be kept between two meetings; more would leave no day with two."""
_MAILBOX = re.compile(r"[^@\s]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
LONGEST_NAME = 50
MOST_ROOMS = 98
"""Slack lists a hundred, and two of them are a meeting online and any room."""
NO_ROOMS_NAME = ("online", "any_room")
"""What stands for a meeting in no room, and in whichever is free."""
LONGEST_LINK, MOST_LINKS = 60, 5
SOONEST_CHECK, LATEST_CHECK = 14, 366
_CONVERSATION = re.compile(r"19:[^\s;@%]+@thread\.(?:tacv2|skype|v2)")


class _Teams(BaseModel):
    """The part of the file about Microsoft Teams."""

    model_config = ConfigDict(extra="forbid")

    tenants: list[str] = []
    rooms: dict[str, str] = {}


class _Diaries(BaseModel):
    """Whose diaries may be read, by the domain of their mail addresses."""

    model_config = ConfigDict(extra="forbid")

    graph: list[str] = []
    google: list[str] = []


class _Venue(BaseModel):
    """A room in which meetings are held."""

    model_config = ConfigDict(extra="forbid")

    name: str
    seats: int
    address: str = ""
    wheelchair: bool = False
    step_free: bool = False


class _AreaFile(BaseModel):
    """The file's own shape; an unknown key is a fault, so that a typing slip cannot pass in silence."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")
    name: str = Field(min_length=2)
    nation: Nation
    zone: Literal["Europe/London"] = "Europe/London"
    opens: Clock = time(9)
    shuts: Clock = time(17)
    closures: list[date] = []
    agency_closures: Annotated[dict[str, list[date]], BeforeValidator(_there)] = {}
    gap_minutes: int = 0
    venues: Annotated[list[_Venue], BeforeValidator(lambda said: said or [])] = []
    travel_minutes: int = 0
    pathways: list[str] = Field(min_length=1)
    rooms: dict[str, str] = {}
    teams: Annotated[_Teams | None, BeforeValidator(_there)] = None
    diaries: Annotated[_Diaries, BeforeValidator(_there)] = _Diaries()
    retention: str = Field(min_length=3)
    contact: str = Field(min_length=5)
    out_of_hours: str = ""
    sharing_links: Annotated[dict[str, str], BeforeValidator(_there)] = {}
    verify_after_days: int = 90
    drill: bool = False


def read_area(file: File, pathways: Mapping[str, Pathway]) -> Area:
    """The area in one file. Raises BadPathway with every fault: file, line, what, and what to do about it.

    Refused: an unknown key, a pathway that is not at hand, a pathway or the triage team without a room in Slack or
    in Teams, a Teams section without a tenant, diaries of no mail domain or of one named twice, closure days of
    what cannot be an agency or without a date, a gap or a way that is none, a room that could not be told from another
    or that nobody fits into, missing retention (model.md section 11, item 1).
    """
    source = Source(file)
    try:
        said = _AreaFile.model_validate(source.plain)
    except ValidationError as error:
        raise BadPathway(_fault(source, fault["loc"], fault["msg"]) for fault in error.errors()) from error
    faults = []
    for number, id in enumerate(said.pathways):
        if id not in pathways:
            known = ", ".join(pathways)
            faults.append(_fault(source, ("pathways", number), f"no pathway “{id}”; there are: {known}"))
    teams = said.teams or _Teams()
    for room in _rooms(said):
        if not said.rooms.get(room) and room not in teams.rooms:
            faults.append(
                _fault(
                    source,
                    ("rooms", room),
                    f"give the channel id for “{room}”, such as C0123456789, or its conversation in `teams`",
                )
            )
    if said.teams is not None:
        faults += _teams_faults(source, said.teams, _rooms(said))
    faults += _diary_faults(source, said.diaries)
    faults += _closure_faults(source, said.agency_closures)
    faults += _venue_faults(source, said.venues)
    faults += _link_faults(source, said.sharing_links)
    for name, minutes in (("gap_minutes", said.gap_minutes), ("travel_minutes", said.travel_minutes)):
        if not 0 <= minutes <= LONGEST_GAP:
            faults.append(_fault(source, (name,), f"give whole minutes, from 0 to {LONGEST_GAP}"))
    if not SOONEST_CHECK <= said.verify_after_days <= LATEST_CHECK:
        faults.append(
            _fault(
                source,
                ("verify_after_days",),
                f"give whole days, from {SOONEST_CHECK} to {LATEST_CHECK}: how old an entry of the contact register"
                " may be before its person is asked whether it is still right",
            )
        )
    if "SET_BY" in said.retention.upper():
        faults.append(
            _fault(source, ("retention",), "the DPO has to set how long records are kept, in words")
        )
    if said.opens >= said.shuts:
        faults.append(_fault(source, ("shuts",), "must be later than `opens`"))
    if faults:
        raise BadPathway(faults)
    return Area(
        **{
            **said.model_dump(exclude={"teams", "diaries", "gap_minutes", "travel_minutes", "sharing_links"}),
            "closures": frozenset(said.closures),
            "agency_closures": {agency: frozenset(days) for agency, days in said.agency_closures.items()},
            "gap": timedelta(minutes=said.gap_minutes),
            "travel": timedelta(minutes=said.travel_minutes),
            "venues": tuple(MeetingRoom(**room.model_dump()) for room in said.venues),
            "pathways": tuple(said.pathways),
            "sharing_links": tuple(Guide(title=title, url=url) for title, url in said.sharing_links.items()),
            "teams_tenants": frozenset(tenant.lower() for tenant in teams.tenants),
            "teams_rooms": teams.rooms,
            "diaries": {domain: calendars for calendars, domain in _domains(said.diaries)},
        }
    )


def _rooms(said: _AreaFile) -> tuple[str, ...]:
    return ("triage", "board", *said.pathways)


def _domains(diaries: _Diaries) -> list[tuple[str, str]]:
    return [(calendars, domain.lower()) for calendars, domains in diaries for domain in domains]


def _diary_faults(source: Source, diaries: _Diaries) -> Iterator[Fault]:
    known: set[str] = set()
    for calendars, domains in diaries:
        for number, domain in enumerate(domains):
            path = ("diaries", calendars, number)
            if not _DOMAIN.fullmatch(domain):
                yield _fault(source, path, "give what stands behind the @, such as exampleshire.example")
            elif domain.lower() in known:
                yield _fault(source, path, f"“{domain}” is named twice: its diaries are in one place only")
            known.add(domain.lower())


def _closure_faults(source: Source, closures: Mapping[str, list[date]]) -> Iterator[Fault]:
    """Whether there is such an agency is known to the register alone: `convenor check` says it."""
    for agency, days in closures.items():
        path = ("agency_closures", agency)
        if not _AGENCY.fullmatch(agency):
            yield _fault(
                source,
                path,
                "give the agency's type, such as police, or its name in lower case with hyphens, such as"
                " exampleshire-police",
            )
        elif not days:
            yield _fault(
                source, path, "name the dates on which it is closed, such as [2026-12-24], or leave it out"
            )


def _venue_faults(source: Source, venues: list[_Venue]) -> Iterator[Fault]:
    known: set[str] = set()
    for number, room in enumerate(venues):
        if not 2 <= len(room.name.strip()) <= LONGEST_NAME or room.name.casefold() in NO_ROOMS_NAME:
            yield _fault(
                source,
                ("venues", number, "name"),
                f"give the name by which people know the room, of 2 to {LONGEST_NAME} characters, such as Willow Room",
            )
        if room.address and not _MAILBOX.fullmatch(room.address):
            yield _fault(
                source,
                ("venues", number, "address"),
                "give the room's own mailbox, such as willow@exampleshire.example, or leave it out",
            )
        if room.seats < 2:
            yield _fault(source, ("venues", number, "seats"), "say how many people the room seats, 2 or more")
        for part, word in (("name", room.name), ("address", room.address)):
            if word and f"{part} {word.casefold()}" in known:
                yield _fault(
                    source, ("venues", number, part), f"“{word}” is there twice: name each room once"
                )
            known.add(f"{part} {word.casefold()}")
    if len(venues) > MOST_ROOMS:
        yield _fault(source, ("venues",), f"name {MOST_ROOMS} rooms at most")


def _link_faults(source: Source, links: Mapping[str, str]) -> Iterator[Fault]:
    for title, url in links.items():
        if not url.startswith("https://") or not 3 <= len(title) <= LONGEST_LINK:
            yield _fault(
                source,
                ("sharing_links", title),
                f"give a title of 3 to {LONGEST_LINK} characters and an address that begins with https://",
            )
    if len(links) > MOST_LINKS:
        yield _fault(
            source, ("sharing_links",), f"name {MOST_LINKS} at most: they stand on one page of the form"
        )


def _teams_faults(source: Source, teams: _Teams, rooms: tuple[str, ...]) -> Iterator[Fault]:
    if not teams.tenants:
        yield _fault(
            source,
            ("teams", "tenants"),
            "name at least one tenant whose people may speak to the bot, by its id (Entra admin centre, Overview)",
        )
    for number, tenant in enumerate(teams.tenants):
        if not _TENANT.fullmatch(tenant):
            yield _fault(
                source,
                ("teams", "tenants", number),
                "give the tenant's id, such as 01234567-89ab-cdef-0123-456789abcdef (Entra admin centre, Overview)",
            )
    for room, conversation in teams.rooms.items():
        if room not in rooms:
            known = ", ".join(rooms)
            yield _fault(source, ("teams", "rooms", room), f"no room “{room}”; there are: {known}")
        if not _CONVERSATION.fullmatch(conversation):
            yield _fault(
                source,
                ("teams", "rooms", room),
                f"give the conversation id for “{room}”, such as 19:…@thread.tacv2; in a channel's link it is written"
                " 19%3a…%40thread.tacv2",
            )


def _fault(source: Source, path: tuple[Any, ...], reason: str) -> Fault:
    return Fault(source.name, source.line(path), dotted(path), reason)
