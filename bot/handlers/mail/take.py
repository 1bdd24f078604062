"""One mail from its bytes to what became of it; counted, and logged by a word of a fixed list."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol

from bot.domain.area import Practice
from bot.handlers.mail.no_reply import NoReply
from bot.handlers.mail.reading import Reader
from bot.usecases.mail_reply import take_reply
from bot.usecases.once import HeardBefore, once

log = logging.getLogger(__name__)


class Run(Protocol):
    """`Running.run`: a use case on a writing thread."""

    def __call__(self, usecase: Callable[..., Any], /, *args: Any, **but: Any) -> Awaitable[Any]: ...


class Take:
    """Takes mail by whichever way it came in. What it gives is committed: the mail may be forgotten where it lay."""

    def __init__(
        self,
        reader: Reader,
        run: Run,
        practice: Practice,
        now: Callable[[], datetime],
        counted: Callable[[str], None],
    ) -> None:
        """`counted` hears what became of each mail."""
        self._reader, self._run, self._practice, self._now, self._counted = (
            reader,
            run,
            practice,
            now,
            counted,
        )

    async def __call__(self, raw: bytes) -> str:
        """One of the words of `Outcome` and of `Why`, or `again` for a mail that came before."""
        became = await self._became(raw)
        self._counted(became)
        log.info("mail taken", extra={"reason": became})
        return became

    async def _became(self, raw: bytes) -> str:
        try:
            reply = await asyncio.to_thread(self._reader.read, raw)
        except NoReply as no:
            return no.why.value
        now = self._now()
        try:
            found = await self._run(
                once, take_reply, f"mail:{reply.key}", now, self._practice, reply, now=now
            )
        except HeardBefore:
            return "again"
        return str(found.value)
