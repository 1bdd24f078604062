"""How the invented people of a simulated year behave; every number can be set, none is a finding about anybody."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path as File
from typing import Any

from pydantic import ValidationError

from bot.pathways.faults import BadPathway, Fault
from bot.pathways.fit import adapter, reason
from bot.pathways.plainyaml import Source


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """Shares are from 0 to 1; days are working days. All are made up so that a pathway can be tried."""

    at_weekends: float = 0.1
    """Share of referrals that come at a weekend."""
    urgent: float = 0.1
    """Share of referrals to be decided the same day (`same_day_if`), or heard by a deadline that only some have."""
    accepted: float = 0.7
    """Share of referrals that are accepted; the others go elsewhere."""
    asked_for_more: float = 0.15
    """Share of referrals on which triage asks the referrer something first."""
    triage_late: float = 0.1
    """Share of triage decisions made after their time."""
    days_late: float = 3.0
    """Days by which somebody is late who is late, on average."""
    no_common_time: float = 0.1
    """Share of meetings called for themselves for which no time is found before the deadline."""
    notice: int = 5
    """Days before such a meeting on which people are asked at the latest."""
    required_come: float = 0.9
    """Share of meetings to which a required agency comes."""
    optional_come: float = 0.6
    """Share of meetings to which an optional agency comes."""
    seldom_there: int = 1
    """How many agencies, drawn by the seed, seldom come."""
    seldom_come: float = 0.3
    """Share of meetings to which those come."""
    actions_each: int = 4
    """The most actions that a meeting agrees for a case; one at least."""
    action_days: int = 20
    """The most days that an action is given; five at least."""
    answers_late: float = 0.2
    """Share of actions that are not accepted in time."""
    action_late: float = 0.25
    """Share of actions that are done after their day."""
    more_time: float = 0.08
    """Share of actions for which more time is asked."""
    cannot: float = 0.05
    """Share of actions whose owner says that it cannot be done."""
    away: float = 0.1
    """Share of weeks that each person is on leave."""
    risk_falls: float = 0.7
    """Share of reviews at which the risk has fallen."""
    reviewed: float = 0.8
    """Share of plans for which a review is fixed."""
    objects: float = 0.03
    """Share of agencies that object when a case is to be closed."""


SHARES = frozenset(each.name for each in fields(Behaviour) if each.type is float and each.name != "days_late")


def behaviour_from(file: File | None = None, settings: Iterable[str] = ()) -> Behaviour:
    """The behaviour that a small YAML file gives, changed by settings such as `action_late=0.4`.

    Raises BadPathway with every fault: an unknown name, what is no number, a share above 1.
    """
    plain: dict[str, Any] = {}
    faults: list[Fault] = []
    name = file.name if file else "--set"
    source = Source(file) if file else None
    if source is not None:
        plain |= source.plain
    for each in settings:
        key, sign, value = each.partition("=")
        if not sign:
            faults.append(Fault("--set", 1, key, "write a name, = and a number, such as action_late=0.4"))
        plain[key.strip()] = value.strip()
    known = {each.name for each in fields(Behaviour)}
    try:
        found: Behaviour = adapter(Behaviour).validate_python([plain])[0]
    except ValidationError as error:
        for one in error.errors():
            key = str(one["loc"][1]) if len(one["loc"]) > 1 else ""
            why = reason(one) if key in known else f"no such setting; there are: {', '.join(sorted(known))}"
            faults.append(Fault(name, source.line((key,)) if source else 1, key, why))
        raise BadPathway(faults) from error
    for key, value in vars(found).items():
        line = source.line((key,)) if source else 1
        if key in SHARES and not 0 <= value <= 1:
            faults.append(Fault(name, line, key, "is a share: from 0 to 1, such as 0.25"))
        elif not 0 <= value <= 1000:
            faults.append(Fault(name, line, key, "must be from 0 to 1000"))
    if faults:
        raise BadPathway(faults)
    return found


def described(behaviour: Behaviour) -> Iterator[str]:
    """Each number with its name, in the order in which a case meets them."""
    for each in fields(behaviour):
        value = getattr(behaviour, each.name)
        yield f"{each.name}={value:g}"
