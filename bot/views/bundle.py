"""A case as one bundle for a deep look: the whole file, tables, the record's own proof, what is withheld (S2-50)."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.views.cases import Entry


@dataclass(frozen=True, kw_only=True)
class Numbered:
    """An entry of the file with its number in the bundle ("4.2"), and whose roles it names besides the person's own.

    `others` are the roles of those others, in words: whoever hands the bundle on looks at such an entry first.
    """

    number: str
    entry: Entry
    others: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BundlePart:
    """A part of the file; `title` is a page's own, if it has one."""

    kind: str
    title: str
    number: int
    entries: tuple[Numbered, ...]


@dataclass(frozen=True, kw_only=True)
class BundleTable:
    """A table that is a file of its own: `name` is that of the file, without its end."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class LedgerCheck:
    """What following the case's chain of events found; `fault` is empty where every event is as it was written."""

    stream: str
    events: int
    first: str
    last: str
    fault: str


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Something that is not in the bundle: what, how many of it, and why."""

    what: str
    number: int
    why: str


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """Everything of a case that its reader may have, as at one moment."""

    ref: str
    area: str
    pathway: str
    state: str
    opened_at: datetime
    coordinator: str
    why: str
    given_by: str
    given_at: datetime
    parts: tuple[BundlePart, ...]
    tables: tuple[BundleTable, ...]
    ledger: LedgerCheck
    kept: tuple[Kept, ...]
    drill: bool


@dataclass(frozen=True, kw_only=True)
class BundleForm:
    """Who could take a case's bundle: (id, name and role), whoever asks first."""

    case_id: str
    ref: str
    chosen: str
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class BundleNote:
    """That somebody may take a bundle, and until which day: a message and an answer hold no more."""

    id: str
    ref: str
    by: str
    to: str
    mine: bool
    until: date
    drill: bool
