"""The contact register as it is shown: one's own entry, an agency's card, a hand-over; professionals only."""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class OwnEntry:
    """What the register says of somebody, to themselves (S5-30). `again` when they were asked before."""

    id: str
    name: str
    title: str
    agency: str
    roles: str
    phone: str
    email: str
    deputy: str
    deputy_id: str
    out_of_hours: str
    hours: str
    verified_on: date | None
    contact: str
    again: bool = False
    drill: bool = False
    colleagues: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class AccountEnd:
    """Somebody whose access ended with an account in chat (IG-24); `back_at` when that account is active again."""

    id: str
    name: str
    agency: str
    platform: str
    ended_at: datetime
    back_at: datetime | None
    drill: bool


@dataclass(frozen=True, kw_only=True)
class Unverified:
    """Somebody who has not answered; `days` are calendar days, None where the entry was never checked."""

    id: str
    name: str
    agency: str
    phone: str
    email: str
    days: int | None


@dataclass(frozen=True, kw_only=True)
class UnverifiedNote:
    """Whose entries of an agency nobody has confirmed."""

    agency: str
    people: tuple[Unverified, ...]
    drill: bool


@dataclass(frozen=True, kw_only=True)
class RequestLine:
    """What somebody says is wrong with their entry and cannot change alone."""

    id: str
    name: str
    agency: str
    note: str
    at: datetime
    drill: bool = False


@dataclass(frozen=True, kw_only=True)
class LeaverLine:
    """Somebody who has left, and how much is still theirs."""

    id: str
    name: str
    agency: str
    left_at: datetime
    actions: int
    cases: int
    meetings: int
    drill: bool = False


@dataclass(frozen=True, kw_only=True)
class RegisterDuties:
    """What waits for a coordinator, or for an agency's lead, in the contact register."""

    leavers: tuple[LeaverLine, ...] = ()
    requests: tuple[RequestLine, ...] = ()
    unverified: tuple[Unverified, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.leavers or self.requests or self.unverified)


@dataclass(frozen=True, kw_only=True)
class HeldAction:
    """An open action of somebody who has left, and who could take it."""

    id: str
    ref: str
    category: str
    due: date


@dataclass(frozen=True, kw_only=True)
class HandOver:
    """Everything that is still theirs, as far as the reader may hand it over.

    `cases` are (part, words, references) for each part they had in cases: coordinator, chair, lead.
    """

    id: str
    name: str
    agency: str
    form: str
    actions: tuple[HeldAction, ...]
    more: int
    meetings: tuple[str, ...]
    cases: tuple[tuple[str, str, tuple[str, ...]], ...]
    colleagues: tuple[tuple[str, str], ...]
    everybody: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class CaseHanded:
    """Told to whoever has a part in a case now that somebody left."""

    ref: str
    part: str
    before: str
    drill: bool


@dataclass(frozen=True, kw_only=True)
class AgencyLine:
    """An agency in the list of agencies."""

    id: str
    name: str
    type: str
    link: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class AgencyList:
    """A page of the agencies, or what was found by name. `page` counts from 1."""

    lines: tuple[AgencyLine, ...]
    total: int
    page: int = 1
    pages: int = 1
    sought: str = ""


@dataclass(frozen=True, kw_only=True)
class ContactLine:
    """A person on an agency's card."""

    name: str
    title: str
    roles: str
    tier: int
    phone: str
    email: str
    deputy: str
    out_of_hours: str
    commits: bool | None
    verified_on: date | None


@dataclass(frozen=True, kw_only=True)
class AgencyCard:
    """How an agency works and is reached (S5-01 to S5-03, S5-32 to S5-34)."""

    id: str
    name: str
    type: str
    profile: str = ""
    urgent: str = ""
    routine: str = ""
    out_of_hours: str = ""
    forums: str = ""
    people: tuple[ContactLine, ...] = field(default=())
    more: int = 0
    agreement: tuple[date, date] | None = None
    agreement_ended: bool = False
    verified_on: date | None = None
    may_edit: bool = False
