"""What somebody answers to an invitation by e-mail, and what speaks against taking it for theirs (calendar.md 3).

A reply is believed or it is doubted, and what is doubted a person decides: nothing is guessed.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hmac import compare_digest

from bot.domain.spans import Span

PLACE_OF_TOKEN = "{token}"  # noqa: S105 - a mark in an address, no password


class Said(StrEnum):
    """What a reply says. The first three are answers as a button gives them."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    DELEGATED = "delegated"  # handed on to somebody else
    COUNTER = "counter"  # another time is proposed
    WORDS = "words"  # a mail without an answer that a program can read


ANSWERS = (Said.ACCEPTED, Said.DECLINED, Said.TENTATIVE)


class Doubt(StrEnum):
    """Why a person has to look before anything is recorded."""

    UNPROVEN = "unproven"  # neither the invitation's own address nor a trusted server speaks for the sender
    SENDER = "sender"  # the sender is not the person who was asked
    DEPUTY = "deputy"  # the sender is the deputy of the person who was asked
    NOT_ASKED = "not_asked"  # it is for somebody whom nobody asked to this meeting
    WITHDRAWN = "withdrawn"  # the person is no longer asked
    STALE = "stale"  # the meeting has changed since
    DELEGATED = "delegated"
    COUNTER = "counter"
    WORDS = "words"


class Outcome(StrEnum):
    """What became of a reply; a fixed list, so that it can be counted."""

    RECORDED = "recorded"
    KNOWN = "known"  # the same was said before
    OLDER = "older"  # something newer was said before
    TOLD = "told"  # a coordinator is asked to decide
    UNKNOWN = "unknown"  # it answers no invitation of ours
    OVER = "over"  # the meeting has begun, is over or was cancelled
    TOO_MANY = "too_many"  # so many wait for a decision that no more are put before anybody


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The calendar's part of a reply. Addresses are in lower case; `proposed` is the time that a counter asks for.

    `stamp` is when it was written, by the clock of whoever wrote; `sent_by` an address that acted for `attendee`.
    """

    said: Said
    uid: str
    sequence: int
    attendee: str
    stamp: datetime
    sent_by: str = ""
    proposed: Span | None = None


@dataclass(frozen=True, kw_only=True)
class MailReply:
    """A mail that answers an invitation; without `answer` it is words for a person to read.

    `key` stands for the mail's Message-ID; `tokens` are those of the addresses it went to; `vouched` whether a trusted
    server says that `sender` is who sent it.
    """

    key: str
    sender: str
    tokens: frozenset[str]
    vouched: bool
    answer: Answer | None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the record knows of the invitation that is answered; `sequences`: the first and last that it left with."""

    token: str
    address: str
    deputy: str
    withdrawn: bool
    sequences: tuple[int, int]


def holds_token(reply: MailReply, token: str) -> bool:
    """Whether the mail went to this invitation's own address; takes as long for a wrong token as for the right one."""
    return bool(token) and any(compare_digest(token.encode(), each.encode()) for each in reply.tokens)


def doubt_of(reply: MailReply, answer: Answer, asked: Asked) -> Doubt | None:
    """What speaks against recording this as the answer of the person asked; None when nothing does.

    Who it is comes first: what an unproven sender says about times is no better than the rest.
    """
    if not (reply.vouched or holds_token(reply, asked.token)):
        return Doubt.UNPROVEN
    acting = {reply.sender, answer.attendee, answer.sent_by or reply.sender} - {asked.address}
    if acting:
        return Doubt.DEPUTY if acting == {asked.deputy} else Doubt.SENDER
    if asked.withdrawn:
        return Doubt.WITHDRAWN
    first, last = asked.sequences
    if not first <= answer.sequence <= last:
        return Doubt.STALE
    if answer.said in ANSWERS:
        return None
    return Doubt(answer.said.value)
