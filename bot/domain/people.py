"""Who is who: people of the register, their roles, and the agencies they speak for (S5-01, S5-40)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a person may be asked to do. One person can have several (governance.md IG-26)."""

    PRACTITIONER = "practitioner"
    TRIAGE = "triage"
    COORDINATOR = "coordinator"
    CHAIR = "chair"
    MINUTE_TAKER = "minute_taker"
    REPRESENTATIVE = "representative"
    AGENCY_LEAD = "agency_lead"
    BOARD = "board"
    AUDITOR = "auditor"
    IG_LEAD = "ig_lead"
    OBSERVER = "observer"
    ADMIN = "admin"


ROLE_TITLES = {
    Role.PRACTITIONER: "Practitioner",
    Role.TRIAGE: "Triage officer",
    Role.COORDINATOR: "Coordinator",
    Role.CHAIR: "Chair",
    Role.MINUTE_TAKER: "Minute-taker",
    Role.REPRESENTATIVE: "Agency representative",
    Role.AGENCY_LEAD: "Agency lead",
    Role.BOARD: "Board contact",
    Role.AUDITOR: "Auditor",
    Role.IG_LEAD: "Information governance lead",
    Role.OBSERVER: "Observer",
    Role.ADMIN: "Administrator",
}


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person of the register, as the rules see one: no platform ids, nothing about any case.

    `lives_in` names the chat platform on which they last did something; None before they have.
    """

    id: str
    area: str
    agency_id: str
    name: str
    email: str
    roles: frozenset[Role] = field(default_factory=frozenset)
    title: str = ""
    deputy_id: str | None = None
    active: bool = True
    zone: str = "Europe/London"
    lives_in: str | None = None

    def has(self, *roles: Role) -> bool:
        """Whether the person holds any of these roles."""
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True, kw_only=True)
class Agency:
    """An organisation that has signed up; `type` is what pathways name (police, housing, …)."""

    id: str
    area: str
    slug: str
    name: str
    type: str


SAID_OTHERWISE = {"childrens_social_care": "children’s social care", "idva": "IDVA"}
"""Types of agency that are not said as they are spelt."""


def type_said(type: str) -> str:
    """A type of agency as people say it, in the middle of a sentence."""
    return SAID_OTHERWISE.get(type, type.replace("_", " "))


def roles_from(words: Iterable[str]) -> frozenset[Role]:
    """The roles named by these words; ValueError names the first word that is none."""
    return frozenset(
        Role(word.strip().lower().replace(" ", "_").replace("-", "_")) for word in words if word.strip()
    )
