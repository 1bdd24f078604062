"""Addresses stay out of what leaves: the victim's and the perpetrator's never meet in one document (IG-21).

No paper prints an address as such. Somebody may have written one into what was said or agreed, so every address that
the referral gives or that is kept of whoever the case is about, and every postcode in it, is masked wherever it
stands.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from sqlmodel import select

from bot.domain.area import Practice
from bot.storage.people_tables import SubjectRow
from bot.storage.tables import CaseRow
from bot.storage.transaction import Work

T = TypeVar("T")

MASK = "[address withheld]"

POSTCODE = r"[A-Z]{1,2}[0-9][A-Z0-9]?\s*[0-9][A-Z]{2}"
_ADDRESS = re.compile(r"address|postcode|whereabouts")


def addresses(work: Work, practice: Practice, cases: Iterable[CaseRow]) -> tuple[str, ...]:
    """Patterns of every address that is known in these cases: whole, its first line, its postcode."""
    found: dict[str, None] = {}
    for case in cases:
        for said in _given(work, practice, case):
            first = re.split(r"[,\n]", said)[0]
            likely = [said, *([first] if re.search(r"\d", first) else [])]
            for text in (" ".join(each.split()) for each in likely):
                if len(text) >= 6:
                    found[r"\s+".join(re.escape(word) for word in text.split())] = None
            for code in re.findall(POSTCODE, said, re.IGNORECASE):
                found[r"\s*".join(re.escape(part) for part in (code.strip()[:-3].strip(), code[-3:]))] = None
    return tuple(sorted(found, key=len, reverse=True))


def _given(work: Work, practice: Practice, case: CaseRow) -> Iterator[str]:
    """Every address of the referral, and of whoever the case is about."""
    answers = work.referrals.row(case.referral_id).answers
    for field in practice.of(case).fields:
        said = answers.get(field.id)
        if _ADDRESS.search(field.id) and int(field.sensitivity) >= 2 and isinstance(said, str):
            yield said
    query = select(SubjectRow.address).where(SubjectRow.case_id == case.id, SubjectRow.address != "")
    yield from work.session.exec(query)


def masked(thing: T, patterns: tuple[str, ...]) -> T:
    """The same view with every address masked, in each text of it."""
    if not patterns:
        return thing
    same: T = _masked(thing, re.compile("|".join(patterns), re.IGNORECASE))
    return same


def _masked(thing: Any, found: re.Pattern[str]) -> Any:
    if isinstance(thing, str):
        return found.sub(MASK, thing)
    if isinstance(thing, tuple):
        return tuple(_masked(each, found) for each in thing)
    if is_dataclass(thing) and not isinstance(thing, type):
        return replace(
            thing, **{each.name: _masked(getattr(thing, each.name), found) for each in fields(thing)}
        )
    return thing
