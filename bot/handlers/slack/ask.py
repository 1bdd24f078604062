"""One thing that somebody asked in Slack, and what can be shown to them while they wait."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Concatenate, Literal, ParamSpec, Protocol, TypeVar

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.area import Practice
from bot.domain.errors import Refused
from bot.domain.forms import Answer
from bot.domain.people import Person
from bot.handlers.slack.forms import answers_in
from bot.handlers.slack.identity import SlackIdentity
from bot.render import Render
from bot.usecases.once import once

Json = dict[str, Any]
P = ParamSpec("P")
T = TypeVar("T")

Kind = Literal["command", "shortcut", "message_shortcut", "submission", "closed", "press", "options", "event"]

SHOWING_SECONDS = 2.5  # of the three that Slack gives a trigger and an acknowledgement


class Unregistered(Refused):
    """Somebody whom the register does not know asked for something that only registered people may do."""


class NotShown(Exception):
    """Slack did not open or change a view; `code` is Slack's own word for it (`expired_trigger_id`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Bot(Protocol):
    """What every handler may ask of the running program."""

    @property
    def render(self) -> Render:
        """Words and shapes."""

    @property
    def practice(self) -> Practice:
        """The area and its pathways."""

    @property
    def contact(self) -> str:
        """Whom an unregistered person should turn to, as words."""

    def now(self) -> datetime:
        """The moment, aware; the local workspace can move it."""

    async def person(self, who: SlackIdentity) -> Person | None:
        """The registered person behind this identity; one read, nothing slow."""

    async def run(self, usecase: Callable[Concatenate[Any, P], T], /, *args: P.args, **but: P.kwargs) -> T:
        """A use case, off the event loop, its `begin` supplied."""

    async def read(self, look: Callable[Concatenate[Any, P], T], /, *args: P.args, **but: P.kwargs) -> T:
        """A look at the record, off the event loop, its `work` supplied; it can change nothing."""


@dataclass(kw_only=True)
class Ask:
    """What was asked, by whom, from where; `key` makes asking it twice harmless (design rule 2).

    `value` is the text of a command, or of a message as it was written (said to us, or under a shortcut); the
    value of a button or of a single choice; or what was typed into an external select. `chosen` is the whole
    answer of the pressed element. `ids` is the modal's
    `private_metadata`. `key` is empty only where nothing can be recorded (options).
    """

    kind: Kind
    name: str
    body: Json
    who: SlackIdentity
    key: str
    bot: Bot
    slack: AsyncWebClient
    respond: Callable[..., Awaitable[Any]] | None
    qualifier: str = ""
    known: Person | None = None
    value: str = ""
    chosen: Answer = None
    block: str = ""
    ids: Json = field(default_factory=dict)
    state: Json = field(default_factory=dict)
    trigger_id: str = ""
    response_url: str = ""
    channel: str = ""
    message_ts: str = ""
    view: Json | None = None

    @property
    def person(self) -> Person:
        """The registered person who asks; Unregistered when the register does not know them."""
        if self.known is None:
            raise Unregistered
        return self.known

    @property
    def answers(self) -> dict[str, Answer]:
        """What the form in this modal says, by field id."""
        return answers_in(self.state)

    @property
    def in_modal(self) -> bool:
        """Whether this happened inside a modal (App Home is a view too, and no modal)."""
        return self.view is not None and self.view.get("type") == "modal"

    async def once(self, usecase: Callable[Concatenate[Any, P], T], /, *args: P.args, **but: P.kwargs) -> T:
        """A use case that overwrites what stands, so that a copy of this command must not: HeardBefore."""
        return await self.bot.run(once, usecase, self.key, self.bot.now(), *args, **but)

    async def open(self, view: Json) -> None:
        """Open a modal, once and before anything slow: a trigger lives 3 s. NotShown when Slack does not."""
        await self._show("views.open", trigger_id=self._trigger(), view=view)

    async def push(self, view: Json) -> None:
        """Put a modal on top of the one that was pressed (Slack stacks three). NotShown when Slack does not."""
        await self._show("views.push", trigger_id=self._trigger(), view=view)

    async def update(self, view: Json) -> None:
        """Change the modal that was pressed, unless it has moved on since. NotShown when Slack does not."""
        here = self.view or {}
        await self._show("views.update", view_id=here.get("id"), hash=here.get("hash"), view=view)

    async def publish(self, view: Json) -> None:
        """Show this person their App Home. NotShown when Slack does not."""
        await self._show("views.publish", user_id=self.who.user, view=view)

    def _trigger(self) -> str:
        """The trigger, which serves once."""
        if not self.trigger_id:
            raise NotShown("no_trigger")
        trigger, self.trigger_id = self.trigger_id, ""
        return trigger

    async def _show(self, method: str, **what: Any) -> None:
        try:
            async with asyncio.timeout(SHOWING_SECONDS):
                await self.slack.api_call(method, json=what)
        except SlackApiError as error:
            raise NotShown(str(error.response.get("error", "unknown"))) from error
        except TimeoutError as error:
            raise NotShown("timeout") from error
