"""The invented people of a simulated year: two and a lead for each agency invited, a triage team, a chair and so on."""

from collections.abc import Mapping
from datetime import date
from random import Random

from bot.domain.pathway import Pathway
from bot.domain.people import Agency
from bot.domain.recipients import Holders

TEAM = "coordinating team"
BOARD = "board"
EACH = 2
"""People of an agency who own actions; its lead comes besides."""


def stream(*what: object) -> Random:
    """Chance for one thing only: the same words give the same draws, whatever else is drawn elsewhere."""
    return Random(":".join(map(str, what)))  # noqa: S311 - invented behaviour, no secret


class People:
    """Who there is. A person is `agency:what`, so that each nudge counts for an agency."""

    def __init__(self, pathway: Pathway, seed: int, away: float, seldom: int) -> None:
        self.agencies = tuple(
            Agency(
                id=each.agency_type,
                area="",
                slug=each.agency_type,
                name=each.agency_type,
                type=each.agency_type,
            )
            for each in pathway.invite
        )
        self.required = frozenset(each.agency_type for each in pathway.invite if each.required)
        chooser = stream(seed, "seldom")
        self.seldom = frozenset(
            chooser.sample(sorted(each.id for each in self.agencies), min(seldom, len(self.agencies)))
        )
        self._seed, self._away = seed, away
        self._leave: dict[str, bool] = {}
        self.common: Mapping[str, tuple[str, ...]] = {
            "chair": (f"{TEAM}:chair",),
            "coordinator": (f"{TEAM}:coordinator",),
            "board": (f"{BOARD}:contact",),
            "triage": (f"{TEAM}:triage 1", f"{TEAM}:triage 2"),
        }

    def owner(self, agency: str, draw: Random) -> str:
        """Somebody of that agency."""
        return f"{agency}:{draw.randint(1, EACH)}"

    def holders(self, owner: str, today: date) -> Holders:
        """Who holds each role about something that this person owns, and who of them is on leave that week."""
        agency, _, number = owner.partition(":")
        others = [f"{agency}:{n}" for n in range(1, EACH + 1) if str(n) != number]
        by_role = {
            **self.common,
            "owner": (owner,),
            "deputy": tuple(others[:1]),
            "agency_lead": (f"{agency}:lead",),
            "lead_professional": (owner,),
        }
        everybody = {person for held in by_role.values() for person in held}
        return Holders(
            by_role=by_role, away=frozenset(each for each in everybody if self._on_leave(each, today))
        )

    def triage(self, today: date) -> Holders:
        """Who holds each role about a referral."""
        everybody = {person for held in self.common.values() for person in held}
        away = frozenset(each for each in everybody if self._on_leave(each, today))
        return Holders(by_role=self.common, away=away)

    def _on_leave(self, person: str, today: date) -> bool:
        week = today.isocalendar()
        key = f"{self._seed}:leave:{person}:{week.year}:{week.week}"
        if key not in self._leave:
            self._leave[key] = stream(key).random() < self._away
        return self._leave[key]
