"""What may stand in a ledger beside an id: codes, numbers and dates, never prose (IG-02, IG-32).

A value with a space in it is refused, so a name or a sentence cannot slip into an audit row or an
outbox row unnoticed.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

Code = str | int | bool | date | None
Codes = Mapping[str, Code | Sequence[str]]

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
_CODE = re.compile(r"[\w.,:;+@#/=<>|~*-]{0,200}\Z")


def as_json(codes: Codes) -> str:
    """Canonical JSON: sorted keys, no spaces, instants in UTC. ValueError for anything like prose."""
    plain = {name: _plain(name, value) for name, value in codes.items()}
    return _CANONICAL.encode(plain)


def digest_of(text: str) -> str:
    """Stands for a text in the record: shows later that it was this one, without telling it."""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def instant(at: datetime) -> str:
    """One spelling of one moment, to the microsecond, in UTC."""
    if at.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _plain(name: str, value: Code | Sequence[str]) -> str | int | bool | list[str] | None:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, str):
        if not _CODE.match(value):
            raise ValueError(f"{name}: only ids, codes, dates and digests belong in a ledger")
        return value
    return [str(_plain(name, each)) for each in value]
