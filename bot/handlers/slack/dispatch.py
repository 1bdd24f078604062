"""From a payload to its verb and back: who asks, which handler, and every fault translated exactly once.

Answers everything itself, so nothing is left for Bolt's listeners: no 404, no second acknowledgement to lose,
and less work than a single listener of Bolt's (124 against 151 µs of processor a press; slack.md section 3).
"""

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.domain.errors import Invalid
from bot.domain.references import new_id
from bot.handlers.slack.asked import SlackAsk, SlackBot
from bot.handlers.slack.deliver import beside, deliver, explain
from bot.handlers.slack.payload import aim_of, read
from bot.handlers.slack.respond import respond_at
from bot.handlers.verbs.ask import Aim, NotShown, Unregistered
from bot.handlers.verbs.courtesies import Courtesies
from bot.handlers.verbs.explaining import explained, log_unexpected
from bot.handlers.verbs.registry import Verb, Verbs
from bot.render import Words
from bot.usecases.once import HeardBefore

Json = dict[str, Any]
Timed = Callable[[str, float], None]

log = logging.getLogger(__name__)

SHOWN_ALREADY = ("exchanged_trigger_id", "hash_conflict", "not_found")
"""What Slack says to the second delivery of one press: its window is open, has turned its page, or is shut again."""


class Dispatch(AsyncMiddleware):
    """The last middleware: hands a payload to its verb and answers."""

    def __init__(self, bot: SlackBot, verbs: Verbs, *, timed: Timed = lambda kind, seconds: None) -> None:
        self.bot = bot
        self.verbs = verbs
        self.timed = timed
        self.courtesies = Courtesies()

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        """Every payload gets a 200; what has no verb is acknowledged and forgotten."""
        aim = aim_of(req.body)
        verb = self.verbs.find(aim) if aim else None
        if aim is None or verb is None:
            log.info("slack payload without a verb", extra={"kind": aim.kind if aim else "unknown"})
            return BoltResponse(status=200, body="")
        began = time.perf_counter()
        try:
            return await self._answered(req, aim, verb)
        finally:
            self.timed(aim.kind, time.perf_counter() - began)

    async def _answered(self, req: AsyncBoltRequest, aim: Aim, verb: Verb) -> BoltResponse:
        respond = respond_at(req.body.get("response_url"), req.context.client)
        ask = read(req.body, aim, bot=self.bot, slack=req.context.client, respond=respond)
        req.context["ask"] = ask
        if ask.who.user and verb.asks:
            ask.known = await self.bot.person(ask.who)
        if ask.known is None and not verb.anyone:
            raise Unregistered
        return await deliver(ask, await verb.handler(ask), self.courtesies)

    async def translate(self, error: Exception, request: AsyncBoltRequest) -> BoltResponse:
        """Whatever went wrong, told once and in plain English where it was asked; always a 200.

        Recorded work stays recorded and asking again is harmless, so a second try is what the words advise.
        """
        ask: SlackAsk | None = request.context.get("ask")
        if ask is None:
            log_unexpected(error, new_id()[:8], {"kind": str(request.body.get("type"))})
            return BoltResponse(status=200, body="")
        if isinstance(error, NotShown) and error.code in SHOWN_ALREADY:
            log.info(
                "slack view shown already", extra={"kind": ask.kind, "verb": ask.name, "code": error.code}
            )
            return BoltResponse(status=200, body="")
        if isinstance(error, HeardBefore) and ask.kind == "press":
            return BoltResponse(status=200, body="")  # its first delivery was answered
        if (
            isinstance(error, Invalid)
            and ask.kind == "submission"
            and (problems := beside(ask, error.problems))
        ):
            return BoltResponse(status=200, body={"response_action": "errors", "errors": problems})
        return explain(ask, self._words(ask, error), self.courtesies)

    def _words(self, ask: SlackAsk, error: Exception) -> Words:
        where = {"kind": ask.kind, "verb": ask.name, "workspace": ask.who.workspace, "user": ask.who.user}
        return explained(self.bot, error, where)
