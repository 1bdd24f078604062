"""Outgoing e-mail over SMTP: one message, one recipient, no retries (design rule 13).

Raises TryLater for whatever may pass (no connection, a 4xx answer, a server that does not know our password) and
Undeliverable for what never will (a 5xx answer to this message). Neither holds an address or a word of it (IG-32).
"""

import asyncio
import hashlib
import re
import smtplib
import ssl
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final
from urllib.parse import unquote, urlsplit

from bot.domain.errors import TryLater, Undeliverable
from bot.gateways.gate import gate

PAUSE: Final = 30.0  # seconds
PAUSE_FOR_SETTINGS: Final = (
    300.0  # seconds: the server, not the message, is at fault, and a person must mend it
)
PORTS: Final = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


class SmtpMail:
    """A mail server, as SMTP_URL names it: smtp://, smtps:// or smtp+starttls://user:password@host:port.

    User and password are percent-encoded in the URL. `timeout` is in seconds, for each step of the conversation.
    Raises ValueError for another kind of URL, without repeating it: it may hold a password.
    """

    def __init__(self, url: str, *, timeout: float = 10.0, tls: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("SMTP_URL must look like smtp+starttls://user:password@mail.example.org:587")
        self._scheme, self._host = parts.scheme, parts.hostname
        self._port = parts.port or PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._timeout = timeout
        self._tls = tls or (None if parts.scheme == "smtp" else ssl.create_default_context())

    async def send(
        self, message: EmailMessage, *, names: Iterable[str] = (), known: Collection[str] = ()
    ) -> str:
        """Hand the message over and give its Message-ID; nothing leaves while a name from the case is in it.

        `names` are those of the people in the case, `known` texts that say nothing about it (see `gate`).
        """
        raw = message.as_bytes(policy=SMTP)
        gate(names, raw, known=known)
        sender, recipient = (message[field].addresses[0].addr_spec for field in ("From", "To"))
        await asyncio.to_thread(self._hand_over, sender, recipient, raw)
        return str(message["Message-ID"])

    def _hand_over(self, sender: str, recipient: str, raw: bytes) -> None:
        server = self._connected()
        try:
            server.sendmail(sender, [recipient], raw)
            server.quit()
        except smtplib.SMTPRecipientsRefused as refused:
            code, _ = next(iter(refused.recipients.values()))
            raise _answered(code) from None  # the cause would carry the address into a log
        except smtplib.SMTPResponseException as refused:
            raise _answered(refused.smtp_code) from None
        except UnicodeEncodeError:
            raise Undeliverable("the mail server cannot write to such an address") from None
        except (smtplib.SMTPException, OSError) as error:
            raise TryLater(PAUSE, f"the mail server hung up ({type(error).__name__})") from None
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        server: smtplib.SMTP | None = None
        try:
            if self._scheme == "smtps":
                server = smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=self._tls)
            else:
                server = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
            if self._scheme == "smtp+starttls":
                server.starttls(context=self._tls)  # refused or missing, it raises: never on without it
            if self._user:
                server.login(self._user, self._password)
        except (smtplib.SMTPException, OSError) as error:
            if server:
                server.close()
            raise _no_door(error) from None
        return server


class Letters:
    """Plain letters from one sender, for people who have no chat; the caller's template holds the words."""

    def __init__(self, mail: SmtpMail, sender: str, now: Callable[[], datetime]) -> None:
        self._mail, self._sender, self._now = mail, sender, now

    async def write(
        self, to: str, subject: str, text: str, delivery_id: str, *, names: Iterable[str] = ()
    ) -> str:
        """Send it and give its Message-ID; the same delivery twice carries the same one.

        `names` are those of the people in the case, which the gate keeps in. TryLater and Undeliverable as
        every gateway.
        """
        message = EmailMessage(policy=SMTP)
        message["From"] = single(self._sender, "Convenor")
        message["To"] = single(to)
        message["Subject"] = " ".join(subject.split())
        message["Date"] = format_datetime(self._now())
        message["Message-ID"] = message_id(delivery_id, self._sender)
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies, please
        message.set_content(text)
        return await self._mail.send(message, names=names, known=(to, self._sender))


def message_id(delivery_id: str, sender: str) -> str:
    """A Message-ID made of the delivery's id, in the sender's domain (RFC 5322 section 3.6.4).

    Mail cannot be looked for before it is sent again; a client shows two with one id as one.
    """
    plain = re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", delivery_id)
    local = delivery_id if plain else hashlib.sha256(delivery_id.encode()).hexdigest()[:40]
    return f"<{local}@{sender.rpartition('@')[2]}>"


def single(address: str, name: str = "") -> Address:
    """One mail address for a header. Raises Undeliverable when it is none; the reason does not repeat it."""
    try:
        return Address(display_name=name, addr_spec=address)
    except (ValueError, IndexError, MessageError):
        raise Undeliverable("what stands in the register is not a mail address") from None


def _answered(code: int) -> TryLater | Undeliverable:
    """What an answer to this message means (RFC 5321 section 4.2.1)."""
    if 400 <= code < 500:
        return TryLater(PAUSE, f"the mail server answered {code}")
    return Undeliverable(f"the mail server answered {code}")


def _no_door(error: Exception) -> TryLater:
    """No fault of the message: nothing is lost while the server or its settings are mended."""
    if isinstance(error, smtplib.SMTPResponseException):
        waits = PAUSE if 400 <= error.smtp_code < 500 else PAUSE_FOR_SETTINGS
        return TryLater(waits, f"the mail server would not have us: {error.smtp_code}")
    if isinstance(error, smtplib.SMTPNotSupportedError | ssl.SSLError):
        return TryLater(PAUSE_FOR_SETTINGS, f"no safe connection to the mail server ({type(error).__name__})")
    return TryLater(PAUSE, f"no connection to the mail server ({type(error).__name__})")
