"""The local workspace and the real bot in one process, on one page (design.md section 6)."""

import asyncio
import secrets
import socket
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.app import Program, Wiring
from bot.courier.pacing import Backoff, Pacing
from bot.demo_calendars import LocalCalendars
from bot.domain.area import Practice
from bot.domain.reply_address import ReplyAddress
from bot.drill.cases import first_moment, seed
from bot.drill.in_google import GOOGLES_DIARIES, in_google
from bot.drill.in_graph import DIARIES, in_graph
from bot.drill.in_teams import ONLY_IN_TEAMS, in_teams
from bot.drill.play import Audience, play
from bot.drill.workspace import (
    AREA_FILE,
    BY_MAIL_ALONE,
    COMMANDS,
    PLACE,
    SHORTCUTS,
    chairs_of,
    fill_register,
    rooms_for,
)
from bot.gateways.mail import SmtpMail
from bot.links import Links
from bot.local.app import workspace_app
from bot.local.clock import MovableClock
from bot.local.mail import MailSink
from bot.local.mail_program import MailProgram
from bot.local.mail_route import MailRoute
from bot.local.seats import BOT_MAILBOX
from bot.local.shelf import Shelf
from bot.local.teams.installing import install_everywhere
from bot.local.teams.world import TeamsWorld
from bot.local.world import World
from bot.mail_in import MailInWiring
from bot.pathways.area_file import read_area
from bot.pathways.reader import read_all, read_earlier
from bot.serving import Serving, set_apart_what_stands
from bot.storage.engine import connect
from bot.storage.locks import only_process
from bot.storage.migrate import migrate
from bot.storage.transaction import Begin, Work, transactions

if TYPE_CHECKING:
    from bot.teams import TeamsWiring

REPLIES_TO = BOT_MAILBOX.replace("@", "+{token}@")

CATCH_UP_SECONDS = 8.0
"""The longest that a move of the clock waits for its messages, where Slack holds them up."""


NO_TEAMS = (
    "Microsoft Teams is not here: the package that speaks to it does not exist for this kind of machine. Everybody"
    " works from Slack or by e-mail."
)


def drill_practice() -> Practice:
    """Aldermere and the shipped pathways."""
    pathways = read_all()
    return Practice(area=read_area(AREA_FILE, pathways), pathways=pathways, earlier=read_earlier())


@dataclass(kw_only=True)
class LocalWorkspace:
    """The store, the stand-ins, the mail sink and the bot. `open` it on a running loop, and `close` it.

    `http` delivers by signed requests instead of Socket Mode; `start` is the first time on the clock of a
    new workspace; `shelf` keeps the stand-ins' own state over a restart; `drill` puts the invented cases into
    an empty store. `with_teams` makes a stand-in for Teams beside Slack's, for an area that has tenants there; the
    people of `not_in_slack`, by their addresses, have no account in Slack. `without_teams` tells the page why there
    is none. `calendars` are the stand-ins for Microsoft's and Google's.
    """

    database_url: str
    shelf: Shelf = field(default_factory=Shelf)
    host: str = "127.0.0.1"
    port: int = 0
    http: bool = False
    start: datetime | None = None
    drill: bool = False
    pacing: Pacing = field(default_factory=Pacing)
    backoff: Backoff = field(default_factory=Backoff)
    practice: Practice = field(default_factory=drill_practice)
    with_teams: Callable[[World], TeamsWorld] | None = None
    calendars: LocalCalendars = field(default_factory=LocalCalendars)
    not_in_slack: Collection[str] = ()
    without_teams: str = ""
    teams: TeamsWorld | None = field(init=False, default=None)
    link_key: str = field(init=False, default="")

    def prepare(self) -> None:
        """The tables, the register, the people in their chairs."""
        engine = connect(self.database_url)
        migrate(engine)
        begin = transactions(engine)
        fill_register(begin, now=self.start or datetime.now(UTC))
        if self.drill:
            self._seed(begin)
        days = self.practice.days()

        def next_working_day(day: date) -> date:
            return days.shift(day, 1)

        self.world = World(
            place=replace(PLACE, without_teams=self.without_teams),
            people=chairs_of(begin, self.not_in_slack),
            rooms=rooms_for(begin, self.not_in_slack),
            clock=MovableClock(next_working_day, shelf=self.shelf, start=self.start),
            commands=COMMANDS,
            shortcuts=SHORTCUTS,
            shelf=self.shelf,
        )
        if self.with_teams is not None:
            self.teams = self.with_teams(self.world)
        self.calendars.open(self.world)
        self.practice = self.calendars.at_work(self.practice)
        engine.dispose()

    def _links(self) -> Links:
        """Signed by a key that is kept, so that letters of yesterday can be answered today."""
        if not self.link_key:
            kept = self.shelf.all("links").get("key", {}).get("key")
            self.link_key = str(kept or secrets.token_hex(16))
            self.shelf.put("links", "key", {"key": self.link_key})
        return Links(self.link_key, self.world.address)

    def _seed(self, begin: Begin) -> None:
        """The drill's cases, once; then the clock stands in working hours, and stays there over a restart."""
        real = datetime.now(UTC)
        moment = self.start or first_moment(self.practice, real)
        if seed(begin, self.practice, moment):
            self.start = moment
            self.shelf.put("clock", "offset", {"seconds": (moment - real).total_seconds()})

    async def open(self) -> None:
        """Serve the page and start the bot; `world.address` is where."""
        self.prepare()
        self.door = socket.socket()
        self.door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.door.bind((self.host, self.port))
        self.door.listen(128)  # whoever connects from here on waits in line until the server takes over
        self.world.address = f"http://{self.host}:{self.door.getsockname()[1]}"
        self.mail_route = MailRoute(f"{self.world.address}/mail/replies")
        self.sink = MailSink(self.world.letters, routes=[self.mail_route, *self.calendars.mail])
        await self.sink.open()
        self.world.mail_program = MailProgram(self.world.letters, self.sink.port)
        if self.teams is not None:
            self.teams.address = self.world.address
            self.teams.reach(f"{self.world.address}/api/messages")
        self.calendars.reach(self.world.address)
        self.program = Program(self._wiring())
        if self.http:
            self.world.reach_by_http(f"{self.world.address}/slack/events")
        beside = [*self.program.routes(), *self.calendars.routes()]
        app = workspace_app(self.world, teams=self.teams, beside=beside)
        self.audience = asyncio.Event()
        app.add_middleware(Audience, there=self.audience)
        self.server = Serving(app, before_stopping=self._hush)
        self.serving = asyncio.create_task(self.server.serve(sockets=[self.door]))
        await self.program.start(before_carrying=self._install)
        if self.program.entries is not None:
            await self.program.entries.listen()
        self.world.clock.on_move(self.program.moved)

    async def settled(self) -> None:
        """Return when nothing that is due waits to be carried."""
        while await self.program.read(_is_owed, self.world.clock.now()):  # noqa: ASYNC110 - the ledger rings no bell
            await asyncio.sleep(0.02)

    async def caught_up(self, _: datetime) -> None:
        """Let the day's messages to people arrive first: who presses on fast would find them merged with the next."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CATCH_UP_SECONDS):
                while await self.program.read(_has_a_digest, self.world.clock.now()):  # noqa: ASYNC110 - no bell
                    await asyncio.sleep(0.02)

    async def _hush(self) -> None:
        """The bot stops while its stand-in still answers it; then the page's streams end."""
        await self.program.stop()
        if self.teams is not None:
            await self.teams.close()
        await self.world.close()

    async def close(self) -> None:
        """Stop serving, let running sends finish, keep what is to be kept."""
        if not self.serving.done():
            await self._hush()
        self.server.should_exit = True
        await self.serving
        await self.sink.close()
        await self.calendars.close()
        self.door.close()

    async def _install(self) -> None:
        """Nothing is posted where the app is not, so what waits to be carried waits for this."""
        if self.teams is not None:
            await install_everywhere(self.teams)

    def _teams_wiring(self) -> "TeamsWiring | None":
        if self.teams is None:
            return None
        from bot.teams import TeamsWiring  # a second and forty megabytes, for those who have it

        return TeamsWiring(
            app_id=self.teams.app_id,
            home_tenant=next(iter(sorted(self.practice.area.teams_tenants))),
            token=self.teams.issuer.outbound,
            keys_url=f"{self.world.address}/v1/.well-known/keys",
            service_url=f"{self.world.address}/teams",
            hosts=(self.host,),
        )

    def _wiring(self) -> Wiring:
        return Wiring(
            database_url=self.database_url,
            practice=self.practice,
            slack_url=f"{self.world.address}/api/",
            bot_token=self.world.bot_token,
            app_token="" if self.http else self.world.app_token,
            signing_secret=self.world.signing_secret if self.http else "",
            mail=SmtpMail(f"smtp://127.0.0.1:{self.sink.port}"),
            mail_from=BOT_MAILBOX,
            mail_in=MailInWiring(address=ReplyAddress(REPLIES_TO), hook_secret=self.mail_route.secret),
            links=self._links(),
            now=self.world.clock.now,
            pacing=self.pacing,
            backoff=self.backoff,
            teams=self._teams_wiring(),
            calendars=self.calendars.gateways(),
            reached_at=self.world.address,
        )


def on_both_platforms(**given: Any) -> LocalWorkspace:
    """Aldermere in Slack and in Teams; in Slack alone, and the page says so, where Teams' package does not exist."""
    calendars = LocalCalendars(with_graph=in_graph, with_google=in_google, diaries=DIARIES | GOOGLES_DIARIES)
    given = {"calendars": calendars, **given}
    if find_spec("microsoft_teams") is None:
        return LocalWorkspace(**given, without_teams=NO_TEAMS, not_in_slack=BY_MAIL_ALONE)
    return LocalWorkspace(**given, with_teams=in_teams, not_in_slack=(*ONLY_IN_TEAMS, *BY_MAIL_ALONE))


def _is_owed(work: Work, now: datetime) -> bool:
    return work.outbox.oldest_owed(now) is not None


def _has_a_digest(work: Work, now: datetime) -> bool:
    return work.outbox.is_waiting("digest", now)


def _throw_away(file: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)


async def demo(
    file: Path, *, port: int, http: bool = False, fresh: bool = False, tour: float | None = None
) -> None:
    """Run the local workspace on one file until it is told to stop; prints one line with its address.

    `fresh` throws away what the file held. `tour` plays Ms B's story at that pace, with nothing else going on.
    Raises AlreadyRunning when another process has the file, OSError when the port is taken.
    """
    url = f"sqlite:///{file}"
    file.parent.mkdir(parents=True, exist_ok=True)
    with only_process(url):
        if fresh:
            _throw_away(file)
        here = on_both_platforms(
            database_url=url, shelf=Shelf(file), port=port, http=http, drill=tour is None
        )
        if tour is not None:
            here.start = first_moment(here.practice, datetime.now(UTC))
        await here.open()
        here.world.clock.on_move(here.caught_up)
        set_apart_what_stands()
        print(f"Convenor’s local workspace: {here.world.address}", flush=True)  # noqa: T201
        playing = asyncio.create_task(
            play(here.world, here.settled, here.audience, pace=tour, teams=here.teams)
            if tour is not None
            else asyncio.sleep(0)
        )
        try:
            await here.serving
        finally:
            playing.cancel()
            await here.close()
