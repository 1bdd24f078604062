"""The other half of Aldermere: the council and the Trust live in Teams, where a police officer is a guest."""

from collections.abc import Callable
from dataclasses import replace

from town import LONG_ENOUGH, Town, _aldermere

from bot.local.teams.aldermere import COUNCIL, HEARTH
from bot.local.teams.hands import TeamsHands
from bot.local.teams.issuer import Issuer
from bot.local.teams.seats import Person, Room
from bot.local.teams.world import APP_ID, TeamsWorld
from bot.local.world import World

TRUST = HEARTH
"""The second tenant: here it is the NHS trust's."""

ISSUER = Issuer(APP_ID)


def _person(number: int, name: str, domain: str, tenant: str, *, is_guest: bool = False) -> Person:
    return Person(
        mri=f"29:1Aldermere{number:02d}",
        object_id=f"00000000-0000-4000-8000-{number:012d}",
        name=name,
        email=f"{name.lower().replace(' ', '.')}@{domain}",
        tenant=tenant,
        is_guest=is_guest,
    )


PEOPLE = (
    _person(1, "Priya Nandakumar", "aldermere.example", COUNCIL),
    _person(2, "Tom Ashdown", "aldermere.example", COUNCIL),
    _person(3, "Ruth Calloway", "aldermere.example", COUNCIL),
    _person(4, "Helen Strand", "aldermere.example", COUNCIL),
    _person(5, "Owen Pritchard", "nhs.aldermere.example", TRUST),
    _person(6, "Nadia Vance", "police.aldermere.example", COUNCIL, is_guest=True),
    _person(7, "Stranger Danger", "elsewhere.example", COUNCIL),
)

TRIAGE = Room(
    id="19:triage0001@thread.tacv2",
    kind="channel",
    tenant=COUNCIL,
    members=tuple(each.mri for each in PEOPLE[1:3]),
    name="Triage",
    team="19:team0001@thread.tacv2",
)
MARM_ROOM = Room(
    id="19:marmpanel0001@thread.tacv2",
    kind="channel",
    tenant=COUNCIL,
    members=tuple(each.mri for each in (*PEOPLE[1:4], PEOPLE[5])),
    name="MARM panel",
    team="19:team0001@thread.tacv2",
)


MEETING_CHAT = replace(
    MARM_ROOM, id="19:meeting_0001@thread.v2", kind="groupChat", name="MARM meeting", team=""
)


class TwoPlatforms(Town):
    """Aldermere with both; `town.teams.owen` are Owen's hands in Teams. `panel` is where the MARM panel sits there."""

    panel: Room = MARM_ROOM

    async def __aenter__(self) -> "TwoPlatforms":
        area = replace(
            _aldermere().area,
            teams_tenants=frozenset({COUNCIL, TRUST}),
            teams_rooms={"triage": TRIAGE.id, "care-connect-marm": self.panel.id},
        )
        self.here.practice = replace(_aldermere(), area=area)
        self.here.with_teams = self._in_teams
        await super().__aenter__()
        assert self.here.teams is not None
        self.here.teams.delivery.patience = LONG_ENOUGH
        self.teams = InTeams(self.here.teams)
        return self

    def _in_teams(self, world: World) -> TeamsWorld:
        rooms = (TRIAGE, self.panel)
        return TeamsWorld(people=PEOPLE, rooms=rooms, issuer=ISSUER, news=world.news, clock=world.clock.now)

    def joins(self, room: Room, *people: Person) -> None:
        """Somebody is added to a channel, who may not belong there."""
        self._now_in(room, lambda members: (*members, *(each.mri for each in people)))

    def leaves(self, room: Room, *people: Person) -> None:
        """And taken out of it again."""
        gone = {each.mri for each in people}
        self._now_in(room, lambda members: tuple(mri for mri in members if mri not in gone))

    def _now_in(self, room: Room, change: Callable[[tuple[str, ...]], tuple[str, ...]]) -> None:
        assert self.here.teams is not None
        rooms = self.here.teams.talk.rooms
        rooms[room.id] = replace(rooms[room.id], members=change(rooms[room.id].members))

    async def has_the_app_everywhere(self) -> None:
        """Everybody takes the app, and it is put in both channels."""
        for person in PEOPLE[:6]:
            hands = self.teams.hands(person)
            await hands.say("help")
        ruth = self.teams.ruth
        for room in (TRIAGE, self.panel):
            await ruth.say("help", room)
        await self.teams_are_quiet()

    async def teams_are_quiet(self) -> None:
        """Every note of the bot's has left."""
        assert self.program.teams is not None
        await self.program.teams.courtesies.drain()


class InTeams:
    """Everybody's hands in Teams by first name."""

    def __init__(self, world: TeamsWorld) -> None:
        self.world = world
        self._hands: dict[str, TeamsHands] = {}

    def hands(self, person: Person) -> TeamsHands:
        """The same hands each time."""
        return self._hands.setdefault(person.mri, TeamsHands(self.world, person))

    def __getattr__(self, first_name: str) -> TeamsHands:
        for person in PEOPLE:
            if person.name.split()[0].lower() == first_name:
                return self.hands(person)
        raise AttributeError(first_name)
