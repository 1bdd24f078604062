"""Aldermere where everybody lives in Teams: no room in Slack, and each press is a signed activity to the served bot."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.util import find_spec

import pytest
from in_teams import InTeams
from teams_side import ISSUER
from town import LONG_ENOUGH, Town, _aldermere

from bot.domain.teams import Conversation as TeamsConversation
from bot.domain.teams import Kind
from bot.local.conversations import Conversation
from bot.local.hands import Hands
from bot.local.screen import Screen
from bot.local.seats import Chair
from bot.local.teams.aldermere import COUNCIL
from bot.local.teams.hands import TeamsHands, words
from bot.local.teams.seats import Person, Room
from bot.local.teams.world import TeamsWorld
from bot.local.world import World
from bot.storage.transaction import Begin
from bot.usecases.register import link_teams, lives_in, meet_in_teams

NAMES = {"triage": "triage", "marm-panel": "care-connect-marm", "marat-panel": "southend-marat"}
"""Our rooms as people call them, and as the area file does."""


NEEDS_TEAMS = pytest.mark.skipif(find_spec("microsoft_teams") is None, reason="no package for Teams here")


@dataclass(frozen=True)
class Posted:
    """A message of the bot's in a room of Teams, as it stands now."""

    edited: bool


class TownInTeams(Town):
    """`town.priya` are Priya's hands in Teams; `town.here.teams` is the stand-in."""

    def __init__(
        self, database_url: str, *, start: datetime, http: bool = False, not_in_slack: Collection[str] = ()
    ) -> None:
        """Who is not in Slack is not in Teams either: they have nothing but mail."""
        super().__init__(database_url, start=start, http=http, not_in_slack=not_in_slack)
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
        self.here.with_teams = lambda world: self._in_teams(world, ids)
        await super().__aenter__()
        self.here.teams.delivery.patience = LONG_ENOUGH
        await self._moves_in(ids)
        return self

    def _in_teams(self, world: World, ids: Mapping[str, str]) -> TeamsWorld:
        self._people = {user: _person(n, chair) for n, (user, chair) in enumerate(world.people.items())}
        talks = list(world.talk.by_id.values())
        self.rooms = {name: _room(name, id, self._people, talks) for name, id in ids.items()}
        people, rooms = tuple(self._people.values()), tuple(self.rooms.values())
        return TeamsWorld(
            people=people,
            rooms=rooms,
            issuer=ISSUER,
            news=world.news,
            clock=world.clock.now,
            switches=world.switches,
        )

    async def __aexit__(self, *_: object) -> None:
        posted = [message for said in self.here.world.talk.said.values() for message in said.values()]
        await super().__aexit__(*_)
        assert posted == [], "somebody was spoken to in Slack"

    async def _moves_in(self, ids: dict[str, str]) -> None:
        """Everybody has met the bot in Teams, and it is in the channels."""
        here = self.here.world
        for user, person in self._people.items():
            hands = TeamsHands(self.here.teams, person)
            name = person.name.split()[0].lower()
            self._seated[name] = InTeams(hands, Hands(here, user), self.rooms, self.quiet)
        teams = self.here.teams
        reached = {"service_url": teams.service_url, "bot_id": f"28:{teams.app_id}", "tenant": COUNCIL}
        for one in self.everybody:
            await self.program.run(_has_met, one.hands.person, one.hands.chat.id, reached, self.now)
        for id in ids.values():
            channel = TeamsConversation(id=id, kind=Kind.CHANNEL, channel_id=id, **reached)
            await self.program.run(meet_in_teams, channel, now=self.now)

    def __getattr__(self, first_name: str) -> InTeams:
        seated: InTeams | None = self.__dict__["_seated"].get(first_name)
        return seated or super().__getattr__(
            first_name
        )  # who has mail alone has it at the same place as in Slack

    @property
    def everybody(self) -> list[InTeams]:
        """Every person of the town."""
        return list(self._seated.values())

    async def quiet(self) -> None:
        """Return when every note of the bot's has left."""
        assert self.program.teams is not None
        await self.program.teams.courtesies.drain()

    async def settled(self) -> None:
        """As in Slack, with every copy answered and every note gone."""
        await self.here.teams.delivery.idle()
        await self.quiet()
        await super().settled()

    def takes_no_post(self, times: int, *, after: bool = False) -> None:
        """As in Slack."""
        self.here.teams.fail(502, times=times, after=after, method="POST")

    def _die(self) -> None:
        super()._die()
        self._hanging_up = asyncio.create_task(self.here.teams.line.close())

    async def starts_again(self) -> None:
        """As in Slack; what knocks at the door of the first program is let in by the second."""
        before = self.program.teams
        await super().starts_again()
        now = self.program.teams.door
        before.door.guard, before.door._handler = now.guard, now._handler

    def edits(self, card: Screen) -> int:
        """How often what stands in this place was edited."""
        posted = [said for said in self.here.teams.talk.said.values() if card.container["ts"] in said]
        return posted[0][card.container["ts"]].edits

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


def _has_met(begin: Begin, who: Person, chat: str, reached: dict[str, str], now: datetime) -> None:
    """As after their first word to the bot (tests/usecases/test_first_contact_in_teams.py)."""
    area = _aldermere().area.id
    known = link_teams(begin, area, who.email, COUNCIL, who.object_id, who.mri, who.is_guest, now=now)
    lives_in(begin, known.id, "teams")
    met = TeamsConversation(id=chat, kind=Kind.PERSONAL, person_id=known.id, **reached)
    meet_in_teams(begin, met, now=now)


def _room(name: str, id: str, people: Mapping[str, Person], talks: Iterable[Conversation]) -> Room:
    """A channel with the people who are in Slack's of that name."""
    inside = next(talk.members for talk in talks if talk.name == name)
    members = tuple(people[user].mri for user in inside if user in people)
    return Room(
        id=id, kind="channel", tenant=COUNCIL, members=members, name=name, team="19:team0001@thread.tacv2"
    )


ON_BOTH = pytest.mark.parametrize(
    "made",
    [
        pytest.param(Town, id="Slack"),
        pytest.param(TownInTeams, id="Teams", marks=(NEEDS_TEAMS, pytest.mark.long)),
    ],
)
"""The same story on either platform; `made` is its town."""
