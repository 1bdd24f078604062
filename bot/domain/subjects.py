"""The people whom a case is about, each in a role, as the referral's answers tell of them (S4-05, S4-23)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.domain.forms import ADDRESS, BORN, NAME
from bot.domain.questions import UNKNOWN, Answers, Field, chosen
from bot.domain.sensitivity import Sensitivity

ROLES = {
    "adult_at_risk": "Adult at risk",
    "victim": "Victim",
    "child": "Child",
    "other_adult": "Other adult at risk",
    "family": "Family",
    "perpetrator": "Person causing harm",
}
"""The roles that somebody may have in a case (model.md section 2), in the order in which they are shown."""

APART = frozenset({"perpetrator"})
"""Roles whose addresses never stand in one view with anybody else's (IG-21)."""

MIDDLE = "subject"
"""What tells of the person at the middle of a case; also the source of their row."""

SECOND = "second_person"
"""Whom a field is about where two people both need support; each of them is an adult at risk (S5-28)."""

LISTED = ("children", "other_harmers")
"""Fields whose text names one person a line; who they are is the field's `about`."""

MOST_LISTED = 20
"""Lines of such a text that make somebody: more is prose, and stays in the referral, where it is read."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """One person as the answers tell of them; `source` is the field, and the line of it, that does."""

    role: str
    source: str
    name: str
    born: str = ""
    address: str = ""
    more: str = ""


def is_address(field: Field) -> bool:
    """Whether this field tells where somebody lives: `address`, `harmer_address`."""
    return field.id == ADDRESS or field.id.endswith(f"_{ADDRESS}")


def is_masked(field: Field) -> bool:
    """Whether it is an address that could get somebody killed: hidden until somebody opens it (IG-21)."""
    return is_address(field) and field.sensitivity is Sensitivity.SAFETY


def told_of(fields: Iterable[Field], answers: Answers) -> Iterator[Told]:
    """Everybody of whom the answers tell, in the order of the form.

    Who a field is about is its `about`: `subject` is the person at the middle, a victim where the form also asks
    about a perpetrator; the second of two people is there once their name was asked for. "Unknown" and blanks make
    nobody of a list, but the one at the middle, and a perpetrator that the form asks about, are there without a name
    too: not to know a name is not to have nobody.
    """
    every = list(fields)
    harmful = any(field.about == "perpetrator" for field in every)
    yield from _one("victim" if harmful else "adult_at_risk", "subject", every, answers)
    if any(field.about == "perpetrator" and _is(field, NAME) for field in every):
        yield from _one("perpetrator", "perpetrator", every, answers)
    if any(field.about == SECOND and _is(field, NAME) and chosen(answers.get(field.id)) for field in every):
        yield from _one("adult_at_risk", SECOND, every, answers)
    for field in every:
        if field.id in LISTED:
            lines = [each for each in _text(answers, field.id).splitlines() if each.strip()]
            for number, line in enumerate(lines[:MOST_LISTED], 1):
                role = field.about if field.about in ROLES else "other_adult"
                name, _, more = line.strip().partition(",")
                yield Told(role=role, source=f"{field.id}:{number}", name=name.strip(), more=more.strip())


def _one(role: str, about: str, fields: list[Field], answers: Answers) -> Iterator[Told]:
    mine = [field for field in fields if field.about == about]
    found = {part: next((f.id for f in mine if _is(f, part)), "") for part in (NAME, BORN, ADDRESS)}
    yield Told(
        role=role,
        source=about,
        name=_text(answers, found[NAME]),
        born=_text(answers, found[BORN]),
        address=_text(answers, found[ADDRESS]),
    )


def _is(field: Field, part: str) -> bool:
    return field.id == part or field.id.endswith(f"_{part}")


def _text(answers: Answers, id: str) -> str:
    given = chosen(answers.get(id)) if id else []
    return "" if given == [UNKNOWN] else "\n".join(given)
