"""Aldermere where everybody lives in Teams: no room in Slack, and each press is a signed activity to the served bot."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.util import find_spec

import pytest
from in_teams import InTeams
from teams_side import ISSUER
from town import Town, _aldermere

from bot.local.conversations import Conversation
from bot.local.hands import Hands
from bot.local.seats import Chair
from bot.local.teams.aldermere import COUNCIL
from bot.local.teams.hands import TeamsHands, words
from bot.local.teams.seats import Person, Room
from bot.local.teams.world import TeamsWorld

NAMES = {"triage": "triage", "marm-panel": "care-connect-marm", "marat-panel": "southend-marat"}
"""Our rooms as people call them, and as the area file does."""


NEEDS_TEAMS = pytest.mark.skipif(find_spec("microsoft_teams") is None, reason="no package for Teams here")


@dataclass(frozen=True)
class Posted:
    """A message of the bot's in a room of Teams, as it stands now."""

    edited: bool


class TownInTeams(Town):
    """`town.priya` are Priya's hands in Teams; `town.here.teams` is the stand-in."""

    def __init__(self, database_url: str, *, start: datetime, http: bool = False) -> None:
        super().__init__(database_url, start=start, http=http)
        self._seated: dict[str, InTeams] = {}

    async def __aenter__(self) -> "TownInTeams":
        ids = {name: f"19:{name}0001@thread.tacv2" for name in NAMES}
        area = replace(
            _aldermere().area,
            rooms={},
            teams_tenants=frozenset({COUNCIL}),
            teams_rooms={NAMES[name]: id for name, id in ids.items()},
        )
        self.here.practice = replace(_aldermere(), area=area)
        self.here.teams = TeamsWorld(people=(), rooms=(), issuer=ISSUER)
        await super().__aenter__()
        await self._moves_in(ids)
        return self

    async def __aexit__(self, *_: object) -> None:
        posted = [message for said in self.here.world.talk.said.values() for message in said.values()]
        await super().__aexit__(*_)
        assert posted == [], "somebody was spoken to in Slack"

    async def _moves_in(self, ids: dict[str, str]) -> None:
        """Everybody takes the app and says hello; it is put in the channels. Then the greetings are put away."""
        here, talk = self.here.world, self.here.teams.talk
        people = {user: _person(n, chair) for n, (user, chair) in enumerate(here.people.items())}
        talk.people.update({person.mri: person for person in people.values()})
        self.rooms = {name: _room(name, id, people, here.talk.by_id.values()) for name, id in ids.items()}
        for room in self.rooms.values():
            talk.rooms[room.id], talk.said[room.id] = room, {}
        for user, person in people.items():
            hands = TeamsHands(self.here.teams, person)
            name = person.name.split()[0].lower()
            self._seated[name] = InTeams(hands, Hands(here, user), self.rooms, self.quiet)
            await hands.say("help")
        ruth = self._seated["ruth"].hands
        for room in self.rooms.values():
            await ruth.say("help", room)
        await self.quiet()
        for said in talk.said.values():
            said.clear()

    def __getattr__(self, first_name: str) -> InTeams:
        try:
            return self.__dict__["_seated"][first_name]
        except KeyError:
            raise AttributeError(first_name) from None

    @property
    def everybody(self) -> list[InTeams]:
        """Every person of the town."""
        return list(self._seated.values())

    async def quiet(self) -> None:
        """Return when every note of the bot's has left."""
        assert self.program.teams is not None
        await self.program.teams.courtesies.drain()

    async def settled(self) -> None:
        """As in Slack, and with every note gone."""
        await self.quiet()
        await super().settled()

    def _die(self) -> None:
        super()._die()
        self._hanging_up = asyncio.create_task(self.here.teams.line.close())

    async def starts_again(self) -> None:
        """As in Slack; what knocks at the door of the first program is let in by the second."""
        before = self.program.teams
        await super().starts_again()
        now = self.program.teams.door
        before.door.guard, before.door._handler = now.guard, now._handler

    def said_by_the_bot(self, room: str, wanted: str) -> list[Posted]:
        """The bot's cards in a room whose words hold these, oldest first."""
        found = self.here.teams.talk.in_room(self.rooms[room].id)
        return [Posted(edited=each.edits > 0) for each in found if wanted in words(each.card or {})]


def _person(number: int, chair: Chair) -> Person:
    """Whoever is not the council's is its guest, as partners of a panel are."""
    return Person(
        mri=f"29:1Aldermere{number:02d}",
        object_id=f"00000000-0000-4000-8000-{number:012d}",
        name=chair.name,
        email=chair.email,
        tenant=COUNCIL,
        is_guest=not chair.email.endswith("@aldermere.example"),
    )


def _room(name: str, id: str, people: Mapping[str, Person], talks: Iterable[Conversation]) -> Room:
    """A channel with the people who are in Slack's of that name."""
    inside = next(talk.members for talk in talks if talk.name == name)
    members = tuple(people[user].mri for user in inside if user in people)
    return Room(
        id=id, kind="channel", tenant=COUNCIL, members=members, name=name, team="19:team0001@thread.tacv2"
    )


ON_BOTH = pytest.mark.parametrize(
    "made", [pytest.param(Town, id="Slack"), pytest.param(TownInTeams, id="Teams", marks=NEEDS_TEAMS)]
)
"""The same story on either platform; `made` is its town."""
