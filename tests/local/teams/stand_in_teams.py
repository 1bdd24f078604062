"""The stand-in for Teams beside the one for Slack, served for the page, and what may stand in for the bot."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from typing import Any

import uvicorn
from stand_in_town import Seconds, a_world

from bot.local.app import workspace_app
from bot.local.seats import Chair
from bot.local.shelf import Shelf
from bot.local.teams.aldermere import COUNCIL, HEARTH
from bot.local.teams.issuer import Issuer
from bot.local.teams.line import Answer
from bot.local.teams.world import APP_ID, TeamsWorld

Json = dict[str, Any]

ISSUER = Issuer(APP_ID)
SCOPE = "https://api.botframework.com/.default"
ONLY_SLACK = Chair(
    user_id="U0ONLYSLACK", name="Mary Osei", title="Befriender", agency="Kindly Company", chair="Practitioner",
    email="mary@kindly.example",
)  # fmt: skip


class ScriptedBot:
    """A line that answers what it is told to, and remembers what it heard."""

    def __init__(self, answers: Sequence[Json] = ()) -> None:
        self.answers, self.statuses, self.slow = list(answers), list[int](), False
        self.heard: list[Json] = []
        self.meanwhile: Callable[[], None] = lambda: None
        self._news = asyncio.Event()

    @property
    def last(self) -> Json:
        return self.heard[-1]

    async def tell(self, activity: Json) -> Answer:
        if self.slow:
            await asyncio.Event().wait()
        self.heard.append(activity)
        self._news.set()
        self.meanwhile()
        status = self.statuses.pop(0) if self.statuses else 200
        return Answer(status=status, body=self.answers.pop(0) if self.answers and status == 200 else None)

    async def has_heard(self, number: int) -> None:
        async with asyncio.timeout(5):
            while len(self.heard) < number:
                self._news.clear()
                await self._news.wait()

    async def close(self) -> None:
        pass


@contextlib.asynccontextmanager
async def served_beside_slack(
    shelf: Shelf | None = None, *, address: str = ""
) -> AsyncIterator[tuple[TeamsWorld, str]]:
    """Both stand-ins under one address; the same people by their addresses, and one who is in Slack alone."""
    slack = a_world(shelf)
    slack.chairs[ONLY_SLACK.user_id] = replace(ONLY_SLACK)
    teams = TeamsWorld(
        issuer=ISSUER, tenants={COUNCIL: "Aldermere Council", HEARTH: "Aldermere Hearth"},
        shelf=slack.shelf, news=slack.news, clock=slack.clock.now, switches=slack.switches, real_seconds=Seconds(),
    )  # fmt: skip
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        here = f"http://127.0.0.1:{listener.getsockname()[1]}"
        slack.address, teams.address = here, address or here
        app = workspace_app(slack, teams=teams)
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="warning", ws="websockets-sansio", lifespan="off")
        )
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        yield teams, here
        await teams.close()
        await slack.close()
        server.should_exit = True
        await serving


def button(title: str, verb: str, *, fetch: bool = False, kind: str = "") -> Json:
    """As our templates write one: it acts at once, or opens a dialog, or sends one."""
    ours = {"convenor": {"verb": verb, **({"kind": kind} if kind else {})}}
    if fetch:
        return {"type": "Action.Submit", "title": title, "data": {"msteams": {"type": "task/fetch"}, **ours}}
    if kind:
        return {"type": "Action.Submit", "title": title, "data": ours}
    return {"type": "Action.Execute", "title": title, "verb": verb, "data": ours}


def asks(id: str, choices: Sequence[str] = ()) -> Json:
    """A question: of a list, or for words."""
    if not choices:
        return {"type": "Input.Text", "id": id, "label": id.capitalize()}
    listed = [{"title": each.capitalize(), "value": each} for each in choices]
    return {"type": "Input.ChoiceSet", "id": id, "label": id.capitalize(), "choices": listed}


def a_card(text: str, *parts: Json) -> Json:
    """A text, then questions, then buttons."""
    questions = [each for each in parts if each["type"].startswith("Input.")]
    return {
        "type": "AdaptiveCard",
        "version": "1.5",
        "body": [{"type": "TextBlock", "text": text, "wrap": True}, *questions],
        "actions": [each for each in parts if each not in questions],
    }


def a_dialog(title: str, card: Json) -> Json:
    """The answer that opens it."""
    shown = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"task": {"type": "continue", "value": {"title": title, "card": shown}}}
