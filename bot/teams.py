"""Microsoft Teams, put together: the door and who stands behind it, the reception, the way out.

Made only where Teams is set up: importing the SDK takes a second and forty megabytes.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any, ParamSpec, Protocol, TypeVar

import aiohttp
from microsoft_teams.api.auth.cloud_environment import PUBLIC, CloudEnvironment

from bot.courier.pacing import TeamsPacing
from bot.courier.teams import InTeams, chat_with, way_to
from bot.courier.teams_pace import TeamsPace
from bot.domain.errors import TryLater, Undeliverable
from bot.domain.people import Person
from bot.domain.teams import Conversation, Kind, Stopped
from bot.gateways.teams import Teams
from bot.gateways.teams_reference import SERVICE_HOSTS, Reference
from bot.handlers.teams.activity import Activity
from bot.handlers.teams.door import Door, Refused
from bot.handlers.teams.front import SERVICE_URL, close, teams_app
from bot.handlers.teams.guard import Guard
from bot.handlers.teams.keys import KEYS_URL, Keys, fetching
from bot.handlers.teams.reception import Reception, Timed
from bot.handlers.verbs.ask import Bot
from bot.handlers.verbs.courtesies import Courtesies
from bot.handlers.verbs.registry import Verbs
from bot.storage.teams_links import is_kept, known_by_teams
from bot.usecases.accounts import Account
from bot.usecases.readers import shared
from bot.usecases.register import left_in_teams, link_teams, meet_in_teams
from bot.usecases.renew import renew

Json = dict[str, Any]
P = ParamSpec("P")
T = TypeVar("T")

SHARING = {"channelShared", "channelUnshared"}
"""Events after which others may read a channel (teams.md section 8, item 4)."""

AGAIN_SECONDS = 10.0
"""The longest that a note waits for its second try."""

INTRODUCTION_SECONDS = 2.0
"""For the question who somebody is, of the five that Teams gives an invoke."""


@dataclass(frozen=True, kw_only=True)
class TeamsWiring:
    """What differs between `run` and the tests. One of `secret`, `token`, `managed_identity` proves who the bot is."""

    app_id: str
    home_tenant: str
    secret: str = ""
    token: Callable[[str | list[str], str | None], str | Awaitable[str]] | None = None
    managed_identity: str = ""
    keys_url: str = KEYS_URL
    service_url: str = SERVICE_URL
    hosts: Collection[str] = SERVICE_HOSTS
    cloud: CloudEnvironment = PUBLIC


class Host(Bot, Protocol):
    """What Teams' side asks of the program around it beside what the verbs ask."""

    async def at_home(self, person: Person, platform: str) -> None:
        """Speak to this person there from now on."""

    def look_at_account(self, platform: str, tenant: str, account: str) -> None:
        """Something was told of this account: look soon whether it is still active."""

    async def glance(self, look: Callable[..., T], /, *args: Any) -> T:
        """A prepared look, at once."""


class TeamsSide:
    """What `Reception` asks of the program, and what the program needs for Teams. Make it, `start` it, `close` it."""

    def __init__(
        self,
        host: Host,
        wiring: TeamsWiring,
        verbs: Verbs,
        *,
        pacing: TeamsPacing,
        timed: Timed,
        refused: Refused,
    ) -> None:
        self.host, self.wiring, self.refused = host, wiring, refused
        self.pace = TeamsPace(pacing, host.now)
        self.practice, self.render, self.now = host.practice, host.render, host.now
        self.run, self.read = host.run, host.read
        self.diaries, self.picture_of, self.paper_of = host.diaries, host.picture_of, host.paper_of
        self.reception = Reception(self, verbs, timed=timed)
        self.courtesies = Courtesies()

    @property
    def contact(self) -> str:
        """Whom an unregistered person should turn to."""
        return self.host.contact

    async def start(self, session: aiohttp.ClientSession) -> None:
        """Open the door. ValueError or Misconfigured when the app is not as it was asked for."""
        wiring = self.wiring
        keys = Keys(fetching(session, wiring.keys_url), time.monotonic)
        tenants = self.practice.area.teams_tenants
        guard = Guard(app_id=wiring.app_id, tenants=tenants, keys=keys, now=time.time, hosts=wiring.hosts)
        self.door = Door(guard, self.refused)
        self._app = await teams_app(
            self.door,
            self.reception.receive,
            app_id=wiring.app_id,
            home_tenant=wiring.home_tenant,
            secret=wiring.secret,
            token=wiring.token,
            managed_identity=wiring.managed_identity,
            cloud=wiring.cloud,
            service_url=wiring.service_url,
        )
        self.teams = Teams(self._app.api, hosts=wiring.hosts)
        self.platform = InTeams(
            self.teams, self.practice, read=self.read, run=self.run, pace=self.pace, now=self.now
        )

    async def close(self) -> None:
        """Let the last notes leave, then the connections."""
        await self.courtesies.drain()
        await close(self._app)

    async def person_in_teams(self, activity: Activity) -> Person | None:
        """The registered person behind an activity; at first contact they are linked by their address (IG-25).

        A member's own sign-in name is asked first, for its domain is proved to be their tenant's; a guest has one
        only in the host's tenant, so there it is the address of their invitation.
        """
        found = await self._known_or_introduced(activity)
        if found is not None:
            await self.host.at_home(found, "teams")
        return found

    async def _known_or_introduced(self, activity: Activity) -> Person | None:
        known = await self.host.glance(known_by_teams, activity.tenant, activity.person)
        if known is not None or not activity.person:
            return known
        try:
            async with asyncio.timeout(INTRODUCTION_SECONDS):
                member = await self.teams.member(activity.reference, activity.sender)
        except (TimeoutError, TryLater, Undeliverable):
            return None
        if member is None or member.person != activity.person:
            return None
        for address in member.addresses:
            found = await self.run(
                link_teams,
                self.practice.area.id,
                address,
                activity.tenant,
                activity.person,
                activity.sender,
                member.is_guest,
                now=self.now(),
            )
            if found is not None:
                return found
        return None

    async def is_active(self, account: Account) -> bool:
        """Whether Teams still knows the owner of an account in their chat with the bot. Raises as the gateway does."""
        found = await self.read(way_to, account.conversation)
        if not isinstance(found, Reference):
            raise Undeliverable("no_way_there")
        return await self.teams.is_here(found, account.mri)

    async def met(self, activity: Activity) -> None:
        """Keep where this was said, so that it can be written to later; one look when it is known."""
        for each in activity.whole.get("membersRemoved") or ():
            # Who was taken out of one room may have left altogether: Teams says no more, so it is asked.
            if object_id := each.get("aadObjectId"):
                self.host.look_at_account("teams", activity.tenant, str(object_id))
        if _was_taken_out(activity):
            await self.run(left_in_teams, _conversation(activity), Stopped.UNINSTALLED)
            return
        if _event(activity) in SHARING:
            await self.run(shared, self.practice, _conversation(activity), self.now())
            return
        person, kind = None, Kind(activity.where)
        if kind is Kind.PERSONAL:
            # Who takes the app without a word is met by it, though spoken to elsewhere until they say something here.
            person = await self._known_or_introduced(activity)
            if person is None:
                return  # nobody of ours
        place = Conversation(
            id=_conversation(activity),
            kind=kind,
            tenant=activity.tenant,
            service_url=activity.service_url,
            bot_id=activity.bot,
            person_id=person.id if person else None,
            team_id=activity.team or None,
            channel_id=activity.channel or None,
        )
        if not await self.host.glance(is_kept, place, self.now()):
            await self.run(meet_in_teams, place, now=self.now())

    async def renew(self, activity: Activity) -> bool:
        """Bring the card that was pressed up to date; False where it is not one that is edited in place."""
        address = f"{self.platform.name}:{activity.on}:{_conversation(activity)}"
        return await self.run(renew, address, now=self.now())

    async def say(self, activity: Activity, payload: Json, *, to_them: bool) -> None:
        """Post it where it was said, or in the person's own chat: just after, and it may be lost."""
        self.courtesies.send(self._say(activity, payload, to_them))

    async def _say(self, activity: Activity, payload: Json, to_them: bool) -> None:
        to = await self._chat(activity) if to_them and activity.where != "personal" else activity.reference
        for first in (True, False):
            self.pace.count(to)
            try:
                await self.teams.post(to, payload["card"], summary=payload["text"])
                return
            except TryLater as later:
                if not first:
                    raise
                # It is all that somebody gets who wrote to the bot, and may hold the only button.
                await asyncio.sleep(min(later.seconds, AGAIN_SECONDS))

    async def _chat(self, activity: Activity) -> Reference:
        person = await self.host.glance(known_by_teams, activity.tenant, activity.person)
        place = await self.read(chat_with, person.id) if person else None
        found = await self.read(way_to, place) if place else None
        if isinstance(found, Reference):
            return found
        return await self.teams.open_chat(activity.reference, activity.sender)


def _conversation(activity: Activity) -> str:
    """The whole conversation, whatever thread of it was answered."""
    return activity.conversation.partition(";")[0]


def _event(activity: Activity) -> str:
    """What a conversation update is about, in Teams' own word."""
    about = activity.whole.get("channelData")
    return str(about.get("eventType") or "") if isinstance(about, dict) else ""


def _was_taken_out(activity: Activity) -> bool:
    """Whether the app left this place; a team tells both of the app and of its bot, in either order."""
    gone = [each.get("id") for each in activity.whole.get("membersRemoved") or ()]
    return activity.whole.get("action") == "remove" or activity.bot in gone
