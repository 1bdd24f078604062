"""A mail server for the local workspace: what the bot sends by SMTP lands in people's inboxes."""

import asyncio
import email
import email.policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.local.letters import Letters
from bot.local.mail_route import MailRoute


class MailSink:
    """Listens on 127.0.0.1, in the workspace's own event loop; a sender in that loop must not block it."""

    def __init__(self, letters: Letters, port: int = 0, route: MailRoute | None = None) -> None:
        """`port` 0 takes any free one; read `port` after `open`. Mail to the bot goes by `route`."""
        self.letters, self.port, self.route = letters, port, route
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
        """Only people of the workspace have a mailbox here, and the bot."""
        if not self.letters.has(address) and not self._is_the_bots(address):
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
            elif self.route is None or not await self.route.carry(raw):
                return "451 4.3.0 Not taken now"
        return "250 OK"

    def _is_the_bots(self, address: str) -> bool:
        return self.route is not None and self.route.takes(address)
