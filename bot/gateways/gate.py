"""The last look before anything leaves: no name from the case may be in the final bytes (calendar.md section 7).

It reads what will really travel, so base64, quoted-printable, encoded headers, folded calendar lines and JSON
escapes hide nothing. What cannot be read does not leave: the gate fails closed.
"""

import email
import email.policy
import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from email.message import EmailMessage

from bot.domain.errors import Undeliverable

SHORTEST = 3  # letters: "Bo" or "Li" would be found in half of all messages
_WORD = re.compile(r"[^\W_]+")
_FOLD = re.compile(r"\r?\n[ \t]")  # RFC 5545 section 3.1: a long line goes on after a break and a space


def gate(
    names: Iterable[str], payload: bytes, *, known: Collection[str] = (), format: Collection[str] = ()
) -> None:
    """Let the payload pass, or raise Undeliverable when a word of a name is in it or it cannot be read.

    Whole words of three letters or more are compared, without regard to case and accents. `known` are texts,
    such as a professional's address or a template's own sentence, that say nothing about the case: where they
    stand as they are, a word they share with a name (Will, May, London) is no find. `format` are single words of the
    payload's own grammar (start, end, body), passed over only where one is the whole of a text: as a part of
    another it would hide a Brendan from us. The reason never holds the name.
    """
    forbidden = {word for name in names for word in words(name) if len(word) >= SHORTEST}
    if not forbidden:
        return
    try:
        leaving = list(texts(payload))
    except (LookupError, ValueError) as error:
        raise Undeliverable("the message could not be read before it left, so it was held back") from error
    if not forbidden & words("\n".join(leaving)):
        return
    plain_lines = {line.strip().casefold() for text in known for line in _read(text).splitlines()} - {""}
    lines = sorted(plain_lines, key=len, reverse=True)
    grammar = {word.casefold() for word in format}
    for text in leaving:
        plain = text.casefold()
        if plain in grammar:
            continue
        for line in lines:
            plain = plain.replace(line, " ")
        if forbidden & words(plain):
            raise Undeliverable("a name from the case was about to leave with this, so it was held back")


def words(text: str) -> set[str]:
    """The words of a text, case-folded and without accents."""
    if text.isascii():
        return set(_WORD.findall(text.casefold()))
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return set(_WORD.findall("".join(c for c in plain if not unicodedata.combining(c))))


def texts(payload: bytes) -> Iterator[str]:
    """Everything a reader of the payload could see: an e-mail's headers and parts, JSON's strings, or plain text.

    Raises ValueError (UnicodeDecodeError is one) or LookupError for what cannot be decoded.
    """
    raw = payload.decode("utf-8")
    if raw.lstrip()[:1] in ("{", "["):
        yield from _strings(json.loads(raw))
        return
    message = email.message_from_bytes(payload, policy=email.policy.default)
    if isinstance(message, EmailMessage) and "MIME-Version" in message:
        yield from _mail(message)
        return
    yield _read(raw)


def _read(text: str) -> str:
    """A text as its reader has it: only calendars fold lines."""
    return _FOLD.sub("", text) if text.lstrip().startswith("BEGIN:V") else text


def _mail(message: EmailMessage) -> Iterator[str]:
    for part in message.walk():
        yield from (str(value) for header, value in part.items() if header != "Date")  # May is a month there
        yield from (text for text in (part.preamble, part.epilogue) if text)
        if not part.is_multipart():
            content = part.get_payload(decode=True)
            if not isinstance(content, bytes):
                raise ValueError("a part of the message has no content")
            yield _read(content.decode(part.get_content_charset() or "utf-8"))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
