"""Incoming e-mail from an IMAP mailbox: each unseen mail once, marked seen when it was taken (RFC 9051).

Raises TryLater for whatever may pass: no connection, a password that is not taken, a folder that is not there. No error
holds an address, a password or a word of a mail (IG-32).
"""

import asyncio
import imaplib
import ssl
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar
from urllib.parse import unquote, urlsplit

from bot.domain.errors import TryLater

T = TypeVar("T")

PORTS: Final = {"imap": 143, "imaps": 993, "imap+starttls": 143}
PAUSE: Final = 60.0  # seconds
AT_ONCE: Final = 50
"""Mails in one sitting; the others wait for the next."""


class Mailbox:
    """A folder of a mailbox, as IMAP_URL names it: imaps://user:password@host:port/folder, INBOX where it names none.

    User, password and folder are percent-encoded in the URL. `timeout` is in seconds, for each step. Raises ValueError
    for another kind of URL, without repeating it: it may hold a password.
    """

    def __init__(self, url: str, *, timeout: float = 20.0, tls: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname or not parts.username:
            raise ValueError("IMAP_URL must look like imaps://user:password@mail.example.org/INBOX")
        self._scheme, self._host = parts.scheme, parts.hostname
        self._port = parts.port or PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username), unquote(parts.password or "")
        self._folder = unquote(parts.path.lstrip("/")) or "INBOX"
        self._timeout = timeout
        self._tls = tls or (None if parts.scheme == "imap" else ssl.create_default_context())

    async def empty(self, take: Callable[[bytes], Awaitable[object]], *, longest: int) -> int:
        """Hand every unseen mail to `take`, and mark each seen when that has come back; how many.

        Of a mail no more than `longest` bytes and one are fetched. What `take` raises leaves that mail unseen.
        """
        line = await self._asked(self._open)
        try:
            waiting = await self._asked(lambda: _unseen(line))
            for uid in waiting[:AT_ONCE]:
                raw = await self._asked(lambda uid=uid: _fetched(line, uid, longest))  # type: ignore[misc]
                if raw is not None:
                    await take(raw)
                    await self._asked(lambda uid=uid: _mark_seen(line, uid))  # type: ignore[misc]
            return min(len(waiting), AT_ONCE)
        finally:
            await asyncio.to_thread(_hang_up, line)

    async def unseen(self) -> int:
        """How many mails wait to be read; nothing is touched."""
        line = await self._asked(self._open)
        try:
            return len(await self._asked(lambda: _unseen(line)))
        finally:
            await asyncio.to_thread(_hang_up, line)

    async def _asked(self, question: Callable[[], T]) -> T:
        try:
            return await asyncio.to_thread(question)
        except imaplib.IMAP4.error as no:
            raise TryLater(PAUSE, f"the mailbox refused ({type(no).__name__})") from None
        except (OSError, UnicodeError) as error:
            raise TryLater(PAUSE, f"the mailbox cannot be reached ({type(error).__name__})") from None

    def _open(self) -> imaplib.IMAP4:
        line: imaplib.IMAP4
        if self._scheme == "imaps":
            line = imaplib.IMAP4_SSL(self._host, self._port, timeout=self._timeout, ssl_context=self._tls)
        else:
            line = imaplib.IMAP4(self._host, self._port, timeout=self._timeout)
        try:
            if self._scheme == "imap+starttls":
                line.starttls(ssl_context=self._tls)  # refused or missing, it raises: never on without it
            line.login(self._user, self._password)
            quoted = self._folder.replace("\\", "\\\\").replace('"', '\\"')
            _fine(line.select(f'"{quoted}"'))
        except (imaplib.IMAP4.error, OSError, UnicodeError):
            _hang_up(line)
            raise
        return line


def _unseen(line: imaplib.IMAP4) -> list[str]:
    (found,) = _fine(line.uid("SEARCH", "UNSEEN"))
    return found.decode("ascii").split() if isinstance(found, bytes) else []


def _fetched(line: imaplib.IMAP4, uid: str, longest: int) -> bytes | None:
    """None when somebody took the mail away meanwhile."""
    parts = _fine(line.uid("FETCH", uid, f"(BODY.PEEK[]<0.{longest + 1}>)"))
    return next((bytes(part[1]) for part in parts if isinstance(part, tuple)), None)


def _mark_seen(line: imaplib.IMAP4, uid: str) -> None:
    _fine(line.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))


def _fine(answer: tuple[str, list[T]]) -> list[T]:
    kind, parts = answer
    if kind != "OK":
        raise imaplib.IMAP4.error("refused")
    return parts


def _hang_up(line: imaplib.IMAP4) -> None:
    try:
        line.logout()
    except (imaplib.IMAP4.error, OSError):
        line.shutdown()
