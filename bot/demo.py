"""The local workspace and the real bot in one process, on one page (design.md section 6)."""

import asyncio
import socket
from datetime import UTC, date, datetime
from pathlib import Path

import uvicorn

from bot.app import Program, Wiring
from bot.domain.area import Practice
from bot.drill.workspace import AREA_FILE, COMMANDS, PLACE, SHORTCUTS, chairs_of, fill_register, rooms_for
from bot.gateways.mail import SmtpMail
from bot.local.app import workspace_app
from bot.local.clock import MovableClock
from bot.local.mail import MailSink
from bot.local.shelf import Shelf
from bot.local.world import World
from bot.pathways.area_file import read_area
from bot.pathways.reader import read_all
from bot.storage.engine import connect
from bot.storage.locks import only_process
from bot.storage.migrate import migrate
from bot.storage.transaction import transactions


def drill_practice() -> Practice:
    """Aldermere and the shipped pathways."""
    pathways = read_all()
    return Practice(area=read_area(AREA_FILE, pathways), pathways=pathways)


class Demo:
    """The whole of it: the store, the world, the mail sink and the bot. `serve` runs until it is told to stop."""

    def __init__(self, file: Path, *, host: str = "127.0.0.1", port: int = 8400, http: bool = False) -> None:
        self.file, self.host, self.port, self.http = file, host, port, http
        self.practice = drill_practice()
        self.url = f"sqlite:///{file}"

    def prepare(self) -> None:
        """The file, its tables, the register."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        engine = connect(self.url)
        migrate(engine)
        begin = transactions(engine)
        fill_register(begin, now=datetime.now(UTC))
        self.shelf = Shelf(self.file)
        days = self.practice.days()

        def next_working_day(day: date) -> date:
            return days.shift(day, 1)

        self.world = World(
            place=PLACE,
            people=chairs_of(begin),
            rooms=rooms_for(begin),
            clock=MovableClock(next_working_day, shelf=self.shelf),
            commands=COMMANDS,
            shortcuts=SHORTCUTS,
            shelf=self.shelf,
        )
        engine.dispose()

    async def serve(self) -> None:
        """Start everything, print one line with the address, and run until stopped."""
        with only_process(self.url), socket.socket() as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind((self.host, self.port))
            self.prepare()
            await self._serve(door)

    async def _serve(self, door: socket.socket) -> None:
        sink = MailSink(self.world.letters)
        await sink.open()
        self.world.address = f"http://{self.host}:{door.getsockname()[1]}"
        program = Program(self._wiring(sink))
        if self.http:
            self.world.reach_by_http(f"{self.world.address}/slack/events")
        app = workspace_app(self.world, beside=program.routes())
        config = uvicorn.Config(app, log_config=None, access_log=False)
        server = uvicorn.Server(config)
        door.listen(128)  # from here on whoever connects waits in line until the server takes over
        serving = asyncio.create_task(server.serve(sockets=[door]))
        try:
            await program.start()
            print(f"Convenor’s local workspace: {self.world.address}", flush=True)  # noqa: T201
            await serving
        finally:
            await self.world.close()
            await program.stop()
            await sink.close()

    def _wiring(self, sink: MailSink) -> Wiring:
        return Wiring(
            database_url=self.url,
            practice=self.practice,
            slack_url=f"{self.world.address}/api/",
            bot_token=self.world.bot_token,
            app_token="" if self.http else self.world.app_token,
            signing_secret=self.world.signing_secret,
            mail=SmtpMail(f"smtp://127.0.0.1:{sink.port}"),
            mail_from="convenor@aldermere.example",
            now=self.world.clock.now,
        )
