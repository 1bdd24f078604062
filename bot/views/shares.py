"""What may be seen of an item that one agency shares with others: pointers outside, the whole inside (IG-04, IG-20)."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class SharePointer:
    """What a message may say of an item: reference, agencies, dates, whom to ring; never a word of it.

    `press` and `verb` are the button, with `id` as its value; empty where there is nothing to press.
    """

    id: str
    ref: str
    from_agency: str
    by: str
    phone: str
    at: datetime | None
    drill: bool
    verb: str = ""
    press: str = ""
    agency: str = ""
    """The agency that is waited for, or whose agreement ends."""
    adviser: str = ""
    due: date | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class AgreementNote:
    """An agency whose agreement ends, or has ended."""

    agency: str
    ends: date
    ended: bool
    drill: bool


@dataclass(frozen=True, kw_only=True)
class CopyLine:
    """One agency that an item is addressed to, and who there confirmed it."""

    agency: str
    received_at: datetime | None = None
    received_by: str = ""


@dataclass(frozen=True, kw_only=True)
class ToldLine:
    """Somebody whom an item is about, and whether they were told, or why not (IG-23)."""

    subject: str
    told: str
    why_not: str = ""


@dataclass(frozen=True, kw_only=True)
class AdviceLine:
    """What was asked of a manager, and what they answered."""

    adviser: str
    doubt: str
    asked_at: datetime
    due: date
    answered_at: datetime | None = None
    verdict: str = ""
    advice: str = ""
    legal_asked: bool = False


@dataclass(frozen=True, kw_only=True)
class SharedItem:
    """An item opened by somebody who may. A recalled one has no content here, whoever opens it."""

    id: str
    ref: str
    case_id: str
    state: str
    from_agency: str
    by: str
    phone: str
    sent_at: datetime | None
    ended_at: datetime | None
    copies: tuple[CopyLine, ...]
    what: str
    reasons: tuple[tuple[str, str], ...]
    """Purpose, law, agreement and the like, as (name, words)."""
    told: tuple[ToldLine, ...]
    advice: tuple[AdviceLine, ...]
    may_receive: bool
    may_recall: bool
    may_write: bool
    on_hold: bool


@dataclass(frozen=True, kw_only=True)
class AskManager:
    """Who can be asked about an item, as (id, name and agency)."""

    id: str
    ref: str
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class AdviceAsked:
    """A question to a manager with the item it is about."""

    id: str
    ref: str
    doubt: str
    due: date
    answered: bool
    verdicts: tuple[tuple[str, str], ...]
    item: SharedItem


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One opening of an item's content."""

    who: str
    agency: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Recall:
    """Where an item went and who opened it; no content. `reason` once it was recalled."""

    id: str
    ref: str
    from_agency: str
    sent_at: datetime | None
    copies: tuple[CopyLine, ...]
    readings: tuple[Reading, ...]
    more: int
    recalled: bool
    recalled_at: datetime | None
    recalled_by: str
    reason: str
    decide_by: datetime | None
    decided: str = ""
    """What was decided about the regulator, by whom and when; empty while nothing is."""
    may_decide: bool = False


@dataclass(frozen=True, kw_only=True)
class ShareLine:
    """One item as evidence: who shared with whom, when, why and on what ground; nothing of what was said (S1-07)."""

    ref: str
    state: str
    by: str
    from_agency: str
    sent_at: datetime | None
    copies: tuple[CopyLine, ...]
    about: tuple[str, ...]
    purpose: str
    basis: str
    condition: str
    consent: str
    ground: str
    told: tuple[ToldLine, ...]
    advisers: tuple[str, ...]
    legal_asked: bool
    recalled_at: datetime | None
