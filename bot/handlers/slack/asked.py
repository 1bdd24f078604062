"""One thing that somebody asked in Slack, and how Slack shows a dialog while they wait."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.forms import Answer
from bot.domain.people import Person
from bot.handlers.slack.answers import answers_in
from bot.handlers.slack.identity import SlackIdentity
from bot.handlers.verbs.ask import Ask, Bot, Json, NotShown

SHOWING_SECONDS = 2.5  # of the three that Slack gives a trigger and an acknowledgement


class SlackBot(Bot, Protocol):
    """What Slack's edge asks of the running program beside what the verbs ask."""

    async def person(self, who: SlackIdentity) -> Person | None:
        """The registered person behind this identity; one read, nothing slow."""


@dataclass(kw_only=True)
class SlackAsk(Ask):
    """A command, a press, a modal sent, an event; `body` is the payload, `state` what its form says."""

    platform: ClassVar[str] = "slack"
    slash: ClassVar[str] = "/"

    body: Json
    who: SlackIdentity
    slack: AsyncWebClient
    respond: Callable[..., Awaitable[Any]] | None
    state: Json = field(default_factory=dict)
    trigger_id: str = ""
    response_url: str = ""
    message_ts: str = ""
    view: Json | None = None

    @property
    def answers(self) -> dict[str, Answer]:
        """What the form in this modal says, by field id."""
        return answers_in(self.state)

    @property
    def in_modal(self) -> bool:
        """Whether this happened inside a modal (App Home is a view too, and no modal)."""
        return self.view is not None and self.view.get("type") == "modal"

    @property
    def on_home(self) -> bool:
        """Whether this happened in App Home."""
        return self.view is not None and self.view.get("type") == "home"

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
