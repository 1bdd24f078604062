"""A mail server for the local workspace: what the bot sends by SMTP lands in people's inboxes."""

import asyncio
import email
import email.policy
from collections.abc import Sequence
from email.message import EmailMessage
from typing import Any, Protocol, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.local.letters import Letters


class Route(Protocol):
    """Where mail to a mailbox goes that is nobody's inbox: to the bot, to an organiser's calendar."""

    def takes(self, address: str) -> bool:
        """Whether this is its mailbox."""
        ...

    async def carry(self, raw: bytes) -> bool:
        """Whether it was taken now."""
        ...


class MailSink:
    """Listens on 127.0.0.1, in the workspace's own event loop; a sender in that loop must not block it."""

    def __init__(self, letters: Letters, port: int = 0, routes: Sequence[Route] = ()) -> None:
        """`port` 0 takes any free one; read `port` after `open`. Mail to other mailboxes goes by `routes`."""
        self.letters, self.port, self.routes = letters, port, routes
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Start listening."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._conversation, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def _conversation(self) -> asyncio.Protocol:
        return cast(asyncio.Protocol, SMTP(self, hostname="localhost", enable_SMTPUTF8=True))

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        """Only people of the workspace have a mailbox here, the bot, and calendars."""
        if not self.letters.has(address) and self._route(address) is None:
            return "550 5.1.1 No such person in the local workspace"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """One letter for each recipient; what the bot does not take is for the sender to try again."""
        content = envelope.content or b""
        raw = content.encode() if isinstance(content, str) else content
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        if not isinstance(mail, EmailMessage):
            return "554 5.6.0 Not a message"
        for address in envelope.rcpt_tos:
            if self.letters.has(address):
                self.letters.arrive(address, mail)
            elif (route := self._route(address)) is None or not await route.carry(raw):
                return "451 4.3.0 Not taken now"
        return "250 OK"

    def _route(self, address: str) -> Route | None:
        return next((route for route in self.routes if route.takes(address)), None)
