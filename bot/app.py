"""The composition root: settings in, a running program out; the only module that knows all the others."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.account_watch import AccountWatch
from bot.calendars import Calendars
from bot.courier.board_report import SendReport
from bot.courier.digest import SendDigest
from bot.courier.entry import KeepEntry
from bot.courier.errands import Chat, Show, ShowHome, Tell
from bot.courier.invite import Invite
from bot.courier.loop import Courier
from bot.courier.pacing import Backoff, Pacing
from bot.courier.platform import Platform
from bot.courier.posts import messages, surfaces
from bot.courier.slack import InSlack
from bot.courier.times_picture import SendPicture
from bot.diary_reading import DiaryReading
from bot.domain.area import Practice
from bot.domain.errors import TryLater, Undeliverable
from bot.domain.people import Person
from bot.entry_watch import EntryWatch
from bot.gateways import slack as slack_gateway
from bot.gateways.google import Google
from bot.gateways.mail import Letters, SmtpMail
from bot.gateways.slack import Slack, SlackPerson
from bot.handlers.calendars import google_door, graph_door
from bot.handlers.calendars.google_door import GoogleDoor
from bot.handlers.calendars.graph_door import GraphDoor
from bot.handlers.clock import Clock
from bot.handlers.slack.edge import SlackEdge, front_client, installation
from bot.handlers.slack.identity import Installation, SlackIdentity
from bot.handlers.verbs.courtesies import Courtesies
from bot.handlers.verbs.registry import registered
from bot.handlers.web.door import Door
from bot.links import Links
from bot.mail_in import MailIn, MailInWiring
from bot.metrics import Metrics, nudges_by_state
from bot.render import Render
from bot.running import Running
from bot.storage.migrate import unfit
from bot.storage.register import known_by_slack
from bot.storage.transaction import Begin, Work
from bot.usecases.accounts import Account
from bot.usecases.looks.home import home
from bot.usecases.register import link_slack, lives_in

if TYPE_CHECKING:
    from bot.teams import TeamsSide, TeamsWiring

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Wiring:
    """What differs between `run`, `demo` and the tests."""

    database_url: str
    practice: Practice
    slack_url: str
    bot_token: str
    app_token: str = ""
    signing_secret: str = ""
    mail: SmtpMail | None = None
    mail_from: str = "convenor@localhost"
    audit_key: bytes | None = None
    links: Links | None = None
    render: Render = field(default_factory=Render)
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    pacing: Pacing = field(default_factory=Pacing)
    backoff: Backoff = field(default_factory=Backoff)
    teams: "TeamsWiring | None" = None
    mail_in: MailInWiring | None = None
    calendars: Mapping[str, Calendars] = field(default_factory=dict)
    reached_at: str = ""


class Program:
    """The running bot. Make it, `start` it on the loop, serve its `routes`, `stop` it."""

    def __init__(self, wiring: Wiring) -> None:
        self.wiring = wiring
        self.practice = wiring.practice
        self.render = wiring.render
        self.metrics = Metrics()
        self.running = Running.on(wiring.database_url, chain_key=wiring.audit_key)
        self.now = wiring.now
        self._open = AsyncExitStack()
        self._tasks: list[asyncio.Task[None]] = []
        self._installed: Installation | None = None
        self.courtesies = Courtesies()
        self.teams: TeamsSide | None = None
        self.diaries: DiaryReading | None = None
        self.entries: EntryWatch | None = None
        if wiring.calendars:
            self.diaries = DiaryReading(self, wiring.calendars)
            lists = {name: one for name, one in wiring.calendars.items() if isinstance(one, Google)}
            self.entries = EntryWatch(self, wiring.calendars, wiring.reached_at, lists)
            self._open.push_async_callback(self.entries.close)
            self._open.push_async_callback(self.diaries.close)
        self.mail_in: MailIn | None = None
        if wiring.mail_in is not None:
            self.mail_in = MailIn(
                wiring.mail_in,
                self.running.run,
                self.practice,
                self.now,
                counted=self.metrics.mail_taken,
                turned_away=self.metrics.mail_refused,
            )

    @property
    def contact(self) -> str:
        """Whom an unregistered person should turn to."""
        return self.practice.area.contact

    def picture_of(self, meeting_id: str, person_id: str) -> str:
        """Where this person sees the times found for a meeting drawn; empty where no pages are served."""
        links = self.wiring.links
        return links.picture(meeting_id, person_id, self.now()) if links is not None else ""

    def paper_of(self, kind: str, form: str, id: str, person_id: str) -> str:
        """Where this person can take a paper once, as a file; empty where no pages are served."""
        links = self.wiring.links
        return links.paper(kind, form, id, person_id, self.now()) if links is not None else ""

    async def person(self, who: SlackIdentity) -> Person | None:
        """The registered person behind a Slack identity; at first contact they are linked by e-mail (IG-25)."""
        known = await self.glance(known_by_slack, who.team, who.user)
        if known is not None:
            if known.lives_in != "slack":
                self.courtesies.send(self.at_home(known, "slack"))  # nobody's form waits for it
            return known
        try:
            async with asyncio.timeout(2):
                found = await self.slack.user_info(who.user)
        except (TimeoutError, TryLater, Undeliverable):
            return None
        if found is None or not found.email:
            return None
        return await self.run(
            link_slack, self.practice.area.id, found.email, who.team, who.user, now=self.now()
        )

    async def at_home(self, person: Person, platform: str) -> None:
        """Speak to this person, from now on, where they just did something; written only when that changes."""
        if person.lives_in != platform:
            await self.run(lives_in, person.id, platform)

    async def _introduce(self, person_id: str, member: SlackPerson) -> None:
        """Tie a person to the Slack account with their address, before the first message to them."""
        if self._installed and member.email:
            team = self._installed.team
            await self.run(link_slack, self.practice.area.id, member.email, team, member.user, now=self.now())

    def look_at_account(self, platform: str, tenant: str, account: str) -> None:
        """Something was told of this account: look soon whether it is still active."""
        self.courtesies.send(self.accounts.look_at(platform, tenant, account))

    async def _active_in_slack(self, account: Account) -> bool | None:
        """What Slack says of an account; None where it says nothing of it at all."""
        found = await self.slack.user_info(account.account)
        return found.is_active if found is not None else None

    async def run(self, usecase: Callable[Concatenate[Begin, P], T], /, *args: P.args, **but: P.kwargs) -> T:
        """A use case on the writing thread."""
        return await self.running.run(usecase, *args, **but)

    async def read(self, look: Callable[Concatenate[Work, P], T], /, *args: P.args, **but: P.kwargs) -> T:
        """A look at the record on a reading thread."""
        return await self.running.read(_looking, look, args, but)

    async def glance(self, look: Callable[..., T], /, *args: Any) -> T:
        """A prepared look at the record, without a transaction of its own."""
        return await self.running.glance(look, *args)

    async def start(self, *, before_carrying: Callable[[], Awaitable[None]] | None = None) -> None:
        """Connect to Slack, open the doors, start carrying. Raises SlackApiError when the token is no good.

        `before_carrying` is done when the doors are open and nothing has left yet.
        """
        wiring = self.wiring
        session = await self._open.enter_async_context(slack_gateway.pool())
        client = slack_gateway.client(wiring.bot_token, session, wiring.slack_url)
        self.slack = Slack(client)
        self._installed = await installation(client)
        self.edge = SlackEdge(
            self,
            registered(),
            self._where,
            client=front_client(session, wiring.slack_url),
            signing_secret=wiring.signing_secret,
            timed=self.metrics.acknowledged,
        )
        letters = Letters(wiring.mail, wiring.mail_from, self.now) if wiring.mail else None
        platforms: list[Platform] = [
            InSlack(self.slack, self.practice.area.rooms, self.read, self._introduce)
        ]
        if wiring.teams is not None:
            self.teams = await self._teams(wiring.teams, session)
            platforms.append(self.teams.platform)
        chat = Chat(self.read, self.practice, self.render, platforms, letters, self.now, wiring.links)
        self.courier = Courier(
            self.running.run,
            {
                "show": Show(chat, surfaces()),
                "tell": Tell(chat, messages()),
                "home": ShowHome(chat, home),
                "digest": SendDigest(chat, self.running.run),
                "picture": SendPicture(chat),
                "board_report": SendReport(chat),
                "entry": KeepEntry(self.read, self.running.run, self.practice, wiring.calendars, self.now),
                "invite": Invite(
                    self.read,
                    self.practice,
                    wiring.mail,
                    wiring.mail_from,
                    self.now,
                    wiring.mail_in.address if wiring.mail_in else None,
                ),
            },
            now=self.now,
            pacing=wiring.pacing,
            backoff=wiring.backoff,
        )
        asks = {"slack": self._active_in_slack}
        if self.teams is not None:
            asks["teams"] = self.teams.is_active
        self.accounts = AccountWatch(self, asks, rest=wiring.pacing.accounts)
        self.running.on_queued.append(self.courier.wake)
        await asyncio.to_thread(self._warm)
        if before_carrying is not None:
            await before_carrying()
        self._tasks.append(asyncio.create_task(self.courier.work(), name="courier"))
        self.clock = Clock(
            self.running.run,
            self.practice,
            self.now,
            wake=self.courier.wake,
            swept=self.metrics.planned,
            look_at_entries=self.entries.look if self.entries else None,
            listen=self.entries.listen if self.entries and wiring.reached_at else None,
            read_mailbox=self.mail_in.read_mailbox if self.mail_in and self.mail_in.wiring.mailbox else None,
            look_at_accounts=self.accounts.look,
        )
        await self.clock.start()
        if wiring.app_token:
            await self._listen(session)

    def _warm(self) -> None:
        """Compile templates and lay out the calendar now, so that nobody's first click waits for it."""
        self.render.warm()
        today = self.practice.today(self.now())
        for pathway in self.practice.enabled:
            self.practice.pathway_days(pathway).count(
                today - timedelta(days=366), today + timedelta(days=366)
            )

    async def _teams(self, wiring: "TeamsWiring", session: aiohttp.ClientSession) -> "TeamsSide":
        from bot.teams import TeamsSide  # a second and forty megabytes, for those who have it

        side = TeamsSide(
            self,
            wiring,
            registered(),
            pacing=self.wiring.pacing.teams,
            timed=self.metrics.acknowledged,
            refused=self.metrics.refused,
        )
        await side.start(session)
        self._open.push_async_callback(side.close)
        return side

    async def moved(self, now: datetime) -> None:
        """The clock was moved (only the local workspace's can be): look at once for what has come due."""
        await self.clock.sweep()
        self.courier.wake()
        if self.entries is not None:
            await self.entries.listen()

    async def _listen(self, session: aiohttp.ClientSession) -> None:
        socket_client = AsyncWebClient(token=self.wiring.app_token, base_url=self.wiring.slack_url)
        self.socket = self.edge.socket(self.wiring.app_token, socket_client)
        await self.socket.connect_async()  # type: ignore[no-untyped-call]
        self._open.push_async_callback(self.socket.close_async)

    def _where(self, enterprise: str, workspace: str) -> Installation | None:
        here = self._installed
        return here if here and workspace in ("", here.team) else None

    async def stop(self) -> None:
        """Let running sends finish, close the doors, let the database go."""
        if hasattr(self, "clock"):
            self.clock.stop()
        if hasattr(self, "courier"):
            await self.courier.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if hasattr(self, "edge"):
            await self.edge.close()
        await self.courtesies.drain()
        await self._open.aclose()
        await asyncio.to_thread(self.running.close)

    def routes(self) -> list[BaseRoute]:
        """Health, readiness, metrics, and each door that is set: Slack's, Teams', the pages behind links."""
        routes: list[BaseRoute] = [
            Route("/healthz", self._healthz),
            Route("/readyz", self._readyz),
            Route("/metrics", self._metrics),
        ]
        if self.wiring.signing_secret:
            routes.append(Route("/slack/events", self._slack_events, methods=["POST"]))
        if self.mail_in is not None:
            routes += self.mail_in.routes()
        if self.entries is not None and self.wiring.reached_at:
            routes += self._calendar_doors(self.entries)
        if self.wiring.links is not None:
            routes += Door(self, self.wiring.links, self.metrics.no_answer).routes()
        if self.wiring.teams is not None:
            routes.append(Route("/api/messages", self._teams_messages, methods=["POST"]))
        return routes

    async def _teams_messages(self, request: Request) -> Response:
        if self.teams is None:
            return PlainTextResponse("starting", 503)  # Teams tries again in a moment
        return await self.teams.door.receive(request)

    def _calendar_doors(self, entries: EntryWatch) -> list[BaseRoute]:
        """Where the organiser's calendar tells of changes."""

        def told_by_graph(news: graph_door.News) -> None:
            entries.told("graph", news.events, channel=news.channel, everything=news.everything)

        refused = self.metrics.calendar_refused
        graph = GraphDoor(partial(entries.channel, "graph"), told_by_graph, refused)
        google = GoogleDoor(partial(entries.channel, "google"), partial(entries.changed, "google"), refused)
        doors = {"graph": (graph_door.PATH, graph.receive), "google": (google_door.PATH, google.receive)}
        return [
            Route(path, receive, methods=["POST"])
            for name, (path, receive) in doors.items()
            if name in self.wiring.calendars
        ]

    async def _slack_events(self, request: Request) -> Response:
        if not hasattr(self, "edge"):
            return PlainTextResponse("starting", 503)  # Slack tries again in a moment
        return await self.edge.receive(request)

    async def _healthz(self, request: Request) -> Response:
        carrying = all(not task.done() for task in self._tasks)
        return PlainTextResponse("ok" if carrying else "the courier has stopped", 200 if carrying else 503)

    async def _readyz(self, request: Request) -> Response:
        faults = await asyncio.to_thread(unfit, self.running.writer)
        return JSONResponse({"ready": not faults, "faults": faults}, 200 if not faults else 503)

    async def _metrics(self, request: Request) -> Response:
        for state, number in (await self.read(_outbox_counts)).items():
            self.metrics.outbox.labels(state).set(number)
        for state, number in (await self.read(nudges_by_state)).items():
            self.metrics.nudges.labels(state).set(number)
        oldest = await self.read(_oldest, self.now())
        self.metrics.outbox_age.set((self.now() - oldest).total_seconds() if oldest else 0)
        return Response(self.metrics.text(), media_type="text/plain; version=0.0.4")


def _looking(begin: Begin, look: Callable[..., Any], args: tuple[Any, ...], but: dict[str, Any]) -> Any:
    with begin() as work:
        return look(work, *args, **but)


def _outbox_counts(work: Work) -> dict[str, int]:
    return work.outbox.counts()


def _oldest(work: Work, now: datetime) -> datetime | None:
    return work.outbox.oldest_owed(now)
