"""The bytes of a mail in; the reply to an invitation that it is, or why it is none, out.

Whoever can write to the mailbox can write anything. So everything is measured before it is read, a mail within a mail
answers nothing, and what people wrote in words is not looked at.
"""

import hashlib
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from email.utils import getaddresses

from bot.domain.replies import MailReply
from bot.domain.reply_address import ReplyAddress
from bot.handlers.mail.itip import MOST_BYTES, read_answer
from bot.handlers.mail.no_reply import NoReply, Why
from bot.handlers.mail.vouching import vouched_for

MOST = 2 * 1024 * 1024
"""Bytes of a mail: a reply is a few thousand, and some carry the pictures of a signature."""

MOST_LINES, MOST_BORDERS = 50_000, 500
MOST_PARTS, MOST_HEADERS = 20, 100 * 1024  # parts that hold parts; bytes
LONGEST_FROM = 2_000
CALENDARS = ("text/calendar", "application/ics")
ADDRESSED = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")


@dataclass(frozen=True)
class Reader:
    """Reads mail that goes to `address`; `trusted` names the server whose word on senders is taken, or is empty."""

    address: ReplyAddress
    trusted: str = ""

    def read(self, raw: bytes) -> MailReply:
        """Raises NoReply, and why. An ordinary letter to an invitation's own address is a reply in words."""
        _measure(raw)
        try:
            mail = message_from_bytes(raw, policy=compat32)
            sender = _sender(mail)
            found = _calendar(mail)
        except (ValueError, LookupError, AttributeError, TypeError, RecursionError) as error:
            raise NoReply(Why.UNREADABLE) from error
        tokens = self.address.tokens_in(_texts(mail, *ADDRESSED))
        if found is None:
            if _is_automatic(mail):
                raise NoReply(Why.AUTOMATIC)
            if not tokens:
                raise NoReply(Why.NO_CALENDAR)
        return MailReply(
            key=_key(mail, raw),
            sender=sender,
            tokens=tokens,
            vouched=vouched_for(_all(mail, "Authentication-Results"), self.trusted, sender),
            answer=read_answer(*found) if found else None,
        )


def _measure(raw: bytes) -> None:
    """Refuse what would take long to read: parsing is counted in lines times parts within parts."""
    if len(raw) > MOST:
        raise NoReply(Why.TOO_BIG)
    if len(re.findall(rb"(?:multipart|message)/", raw, re.IGNORECASE)) > MOST_PARTS:
        raise NoReply(Why.UNREADABLE)
    if raw.count(b"\n") > MOST_LINES or raw.count(b"\n--") > MOST_BORDERS:
        raise NoReply(Why.UNREADABLE)
    head = re.search(rb"\r?\n\r?\n", raw)
    if (head.start() if head else len(raw)) > MOST_HEADERS:
        raise NoReply(Why.UNREADABLE)


def _all(mail: Message, name: str) -> list[str]:
    return [str(value) for value in mail.get_all(name) or []]


def _texts(mail: Message, *names: str) -> str:
    return "\n".join(value for name in names for value in _all(mail, name))


def _sender(mail: Message) -> str:
    """The one address in the one From; a mail with several may show one person and be judged by another."""
    values = _all(mail, "From")
    if len(values) != 1 or len(values[0]) > LONGEST_FROM:
        raise NoReply(Why.UNREADABLE)
    addresses = [address.lower() for _, address in getaddresses(values) if address]
    if len(addresses) != 1 or "@" not in addresses[0]:
        raise NoReply(Why.UNREADABLE)
    return addresses[0]


def _calendar(mail: Message) -> tuple[bytes, str] | None:
    """The calendar part and the method that its header names."""
    parts = list(_parts(mail))
    for kind in CALENDARS:
        for part in parts:
            if part.get_content_type() == kind:
                if len(str(part.get_payload())) > 3 * MOST_BYTES:
                    raise NoReply(Why.TOO_BIG)
                content = part.get_payload(decode=True)
                return (content if isinstance(content, bytes) else b""), str(part.get_param("method") or "")
    return None


def _parts(mail: Message) -> list[Message]:
    """Every part, but nothing of a mail that is within the mail."""
    if mail.get_content_maintype() != "multipart" or not mail.is_multipart():
        return [mail]
    return [inner for part in mail.get_payload() for inner in _parts(part)]  # type: ignore[arg-type]


def _is_automatic(mail: Message) -> bool:
    by_itself = _texts(mail, "Auto-Submitted").strip().lower() not in ("", "no")
    returned = mail.get_content_type() == "multipart/report" or "<>" in _texts(mail, "Return-Path")
    return by_itself or returned


def _key(mail: Message, raw: bytes) -> str:
    """A digest of the Message-ID, which may hold a name; of the whole mail where it has none."""
    named = _texts(mail, "Message-ID").strip()
    return hashlib.sha256(named.encode("utf-8", "replace") if named else raw).hexdigest()
