"""`convenor run` as an operator meets it: a process of its own, and plain words when it cannot."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.demo import drill_practice
from bot.drill.workspace import AREA_FILE, COMMANDS, PEOPLE_FILE, PLACE, ROOMS, SHORTCUTS, user_id
from bot.local.app import workspace_app
from bot.local.clock import MovableClock
from bot.local.hands import Hands
from bot.local.seats import BOT_USER, Chair, Room
from bot.local.world import World

PRIYA = "priya.nandakumar@aldermere.example"
STRANGER = "somebody.else@aldermere.example"


def _world() -> World:
    days = drill_practice().days()
    people = [_chair("Priya Nandakumar", PRIYA), _chair("Somebody Else", STRANGER)]
    rooms = [Room(id=id, name=name, topic=topic, members=(BOT_USER,)) for id, name, topic, _ in ROOMS]
    return World(
        place=PLACE,
        people=people,
        rooms=rooms,
        clock=MovableClock(lambda day: days.shift(day, 1)),
        commands=COMMANDS,
        shortcuts=SHORTCUTS,
    )


def _chair(name: str, email: str) -> Chair:
    return Chair(user_id=user_id(email), name=name, title="", agency="", chair="", email=email)


@asynccontextmanager
async def workspace() -> AsyncIterator[World]:
    """A stand-in Slack of its own, as far from the bot as the real one."""
    world = _world()
    world.delivery.patience = 20
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(64)
        world.address = f"http://127.0.0.1:{door.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(workspace_app(world), log_config=None, access_log=False))
        serving = asyncio.create_task(server.serve(sockets=[door]))
        try:
            yield world
        finally:
            await world.close()
            server.should_exit = True
            await serving


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _environment(folder: Path, **settings: str) -> dict[str, str]:
    ours = {
        name
        for name in os.environ
        if re.match(r"(SLACK|CONVENOR|DATABASE|SMTP|MAIL|AUDIT|HOST|PORT|LOG)_?", name)
    }
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "DATABASE_URL": f"sqlite:///{folder / 'record.sqlite'}", **settings}


def convenor(*words: str, environment: dict[str, str]) -> Result:
    """One command to its end, in this process: only `run` needs one of its own."""
    gone = dict.fromkeys(set(os.environ) - set(environment))
    return CliRunner().invoke(app, list(words), env={**gone, **environment}, catch_exceptions=False)


@pytest.mark.parametrize("door", ["socket mode", pytest.param("signed http", marks=pytest.mark.long)])
async def test_a_real_workspace_is_served_the_same_day(tmp_path, door):
    async with workspace() as world:
        port = _free_port()
        settings = {
            "CONVENOR_AREA": str(AREA_FILE),
            "SLACK_BOT_TOKEN": world.bot_token,
            "SLACK_API_URL": f"{world.address}/api/",
            "PORT": str(port),
        }
        if door == "socket mode":
            settings["SLACK_APP_TOKEN"] = world.app_token
        else:
            settings["SLACK_SIGNING_SECRET"] = world.signing_secret
            world.reach_by_http(f"http://127.0.0.1:{port}/slack/events")
        environment = _environment(tmp_path, **settings)
        migrated = await asyncio.to_thread(convenor, "migrate", environment=environment)
        assert migrated.exit_code == 0, migrated.output
        taken = await asyncio.to_thread(
            convenor, "register", "import", str(PEOPLE_FILE), environment=environment
        )
        assert "25 added" in taken.stdout, taken.output

        async with running(environment, port) as answers:
            assert (await answers.get("/readyz")).json() == {"ready": True, "faults": []}
            priya = Hands(world, user_id(PRIYA))
            await priya.command("/refer marm")
            assert "immediate danger" in priya.modal
            stranger = Hands(world, user_id(STRANGER))
            await stranger.command("/refer marm")
            assert "You are not registered here yet" in await stranger.sees("not registered")
            counted = (await answers.get("/metrics")).text
            assert re.search(r"convenor_ack_seconds_count.kind=.command.. [12]\.0", counted), re.findall(
                "convenor_ack_seconds_count.*", counted
            )
        checked = await asyncio.to_thread(convenor, "check", environment=environment)
        assert "connected to workspace T0ALDERMERE" in checked.stdout
        assert "SMTP_URL is not set" in checked.stdout
        verified = await asyncio.to_thread(convenor, "audit", "verify", environment=environment)
        assert verified.stdout.strip() == "Every chain holds."


@asynccontextmanager
async def running(environment: dict[str, str], port: int) -> AsyncIterator[httpx.AsyncClient]:
    """The bot in a process of its own until the block ends; told to stop, it stops."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=environment, stderr=subprocess.PIPE
    )
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as answers:
        try:
            await _ready(process, answers)
            yield answers
        finally:
            process.send_signal(signal.SIGTERM)
            _, said = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0, said.decode()
    assert b"Traceback" not in said, said.decode()


async def _ready(process: asyncio.subprocess.Process, answers: httpx.AsyncClient) -> None:
    async with asyncio.timeout(120):
        while process.returncode is None:
            try:
                if (await answers.get("/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.1)
    raise AssertionError("the bot stopped before it was ready")


def test_what_is_missing_is_named_all_at_once(tmp_path):
    said = convenor("run", environment=_environment(tmp_path))
    assert said.exit_code == 1
    for name in ("CONVENOR_AREA", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET"):
        assert name in said.stderr
    assert "Traceback" not in said.stderr


def test_a_wrong_setting_is_named_and_its_value_never_repeated(tmp_path):
    said = convenor(
        "check", environment=_environment(tmp_path, SLACK_BOT_TOKEN="secret-thing", LOG_LEVEL="chatty")
    )
    assert said.exit_code == 1
    assert "SLACK_BOT_TOKEN" in said.stderr
    assert "LOG_LEVEL" in said.stderr
    assert "secret-thing" not in said.stderr + said.stdout


def test_a_register_with_faults_is_refused_whole_with_line_and_column(tmp_path):
    file = tmp_path / "people.csv"
    file.write_text(
        "agency,type,name,title,roles,email\n"
        "Aldermere Police,police,Nadia Vance,,wizard,nadia@police.aldermere.example\n"
        "Aldermere Police,police,,,representative,not an address\n"
    )
    environment = _environment(tmp_path, CONVENOR_AREA=str(AREA_FILE))
    convenor("migrate", environment=environment)
    said = convenor("register", "import", str(file), environment=environment)
    assert said.exit_code == 1
    assert "line 2: roles" in said.stderr
    assert "line 3: name" in said.stderr
    assert "line 3: email" in said.stderr
