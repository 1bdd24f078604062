"""Whom a step of the ladder reaches: the role's holder, else whoever stands above them, never nobody (rule 8).

Pure: the caller says who holds which role about one thing, and who is on leave on the day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.nudges import OWNER

CLIMB = (OWNER, "deputy", "agency_lead", "chair", "coordinator", "board")
"""Who is told when a role has nobody who could be told."""

EVERYBODY = ("triage",)
"""Roles that a team holds: all who are at work are told, in every other role one named person."""

ROLE_WORDS = {
    OWNER: "the owner",
    "deputy": "the owner’s deputy",
    "agency_lead": "the agency lead",
    "chair": "the chair",
    "coordinator": "the coordinator",
    "board": "the board contact",
    "triage": "the triage officers",
    "lead_professional": "the lead professional",
    "author": "whoever recorded it",
}


@dataclass(frozen=True, kw_only=True)
class Holders:
    """Who holds each role about one thing, the first choice first; `away` are on leave on that day.

    Only people who are active and may know of the thing are in it.
    """

    by_role: Mapping[str, Sequence[str]]
    away: frozenset[str] = field(default_factory=frozenset)

    @property
    def owners(self) -> frozenset[str]:
        """Those for whom an escalation would be no escalation."""
        return frozenset(self.by_role.get(OWNER, ()))


@dataclass(frozen=True, kw_only=True)
class Told:
    """A person who is told, for the role that the ladder named or in place of it; `why` is empty for the former."""

    person_id: str
    role: str
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Passed:
    """A person, or a role without one, who was passed over, and why."""

    person_id: str | None
    role: str
    why: str


def recipients(to: Sequence[str], holders: Holders) -> tuple[list[Told], list[Passed]]:
    """Whom a step reaches, each person once, and who was passed over on the way up.

    When everybody above is on leave, the one highest up is told all the same; the first list is empty only when
    nobody at all holds any role.
    """
    told: dict[str, Told] = {}
    passed: list[Passed] = []
    for role in to:
        found, over = _reach(role, holders)
        for each in found:
            told.setdefault(each.person_id, each)
        passed += [each for each in over if each not in passed]
    return list(told.values()), [each for each in passed if each.person_id not in told]


def _reach(role: str, holders: Holders) -> tuple[list[Told], list[Passed]]:
    over: list[tuple[str, str | None, str]] = []
    for here in _upwards(role):
        there = [id for id in holders.by_role.get(here, ()) if here == OWNER or id not in holders.owners]
        present = [id for id in there if id not in holders.away]
        over += [(here, id, "on leave") for id in there if id in holders.away]
        if present:
            chosen = present if here in EVERYBODY else present[:1]
            why = "" if here == role else f"in place of {ROLE_WORDS.get(role, role)}"
            return [Told(person_id=id, role=here, why=why) for id in chosen], _passed(over, here)
        if not there:
            over.append((here, None, "nobody holds this role"))
    for here in (*reversed(CLIMB), role):
        if anybody := holders.by_role.get(here):
            told = Told(person_id=anybody[0], role=here, why="everybody who could be told is on leave")
            return [told], _passed(over, here)
    return [], _passed(over, "")


def _upwards(role: str) -> tuple[str, ...]:
    if role in CLIMB:
        return CLIMB[CLIMB.index(role) :]
    return (role, *CLIMB[CLIMB.index("coordinator") :])


def _passed(over: list[tuple[str, str | None, str]], reached: str) -> list[Passed]:
    to = f", sent to {ROLE_WORDS.get(reached, reached)}" if reached else ""
    return [Passed(person_id=id, role=role, why=why + to) for role, id, why in over]
