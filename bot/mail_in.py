"""Replies by e-mail in one program: where they go, by which ways they come in, and the reading of the mailbox."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.domain.area import Practice
from bot.domain.errors import TryLater
from bot.domain.reply_address import ReplyAddress
from bot.gateways.mailbox import Mailbox
from bot.handlers.mail.door import PATH, MailDoor
from bot.handlers.mail.reading import MOST, Reader
from bot.handlers.mail.take import Run, Take
from bot.usecases.mailbox_read import mailbox_read

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class MailInWiring:
    """Where replies go, whose word is taken on senders, and the ways in: a web hook, a mailbox, or both."""

    address: ReplyAddress
    trusted: str = ""
    hook_secret: str = ""
    mailbox: Mailbox | None = None


class MailIn:
    """Takes replies by the ways that are set."""

    def __init__(
        self,
        wiring: MailInWiring,
        run: Run,
        practice: Practice,
        now: Callable[[], datetime],
        *,
        counted: Callable[[str], None],
        turned_away: Callable[[str], None],
        real_seconds: Callable[[], float] = time.time,
    ) -> None:
        """`counted` hears what became of each mail, `turned_away` why the hook was not opened."""
        self.wiring, self._run, self._now = wiring, run, now
        self.take = Take(Reader(wiring.address, wiring.trusted), run, practice, now, counted)
        self._door = MailDoor(wiring.hook_secret, self.take, real_seconds, turned_away)

    def routes(self) -> list[BaseRoute]:
        """The hook's, where its secret is set."""
        return [Route(PATH, self._receive, methods=["POST"])] if self.wiring.hook_secret else []

    async def read_mailbox(self) -> None:
        """Take what waits in the mailbox. What cannot be read now is read at the next look; `convenor check` tells."""
        if self.wiring.mailbox is None:
            return
        try:
            await self.wiring.mailbox.empty(self.take, longest=MOST)
        except TryLater as later:
            log.warning("mailbox not read", extra={"reason": later.reason})
            return
        await self._run(mailbox_read, self._now())

    async def _receive(self, request: Request) -> Response:
        return await self._door.receive(request)
