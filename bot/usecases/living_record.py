"""What can be begun from a case's file for its living record: chronology, interim measures, what has happened anew."""

from bot.domain.access import Thing, may
from bot.domain.people import Person
from bot.storage.tables import CaseRow
from bot.views.cases import Doing


def living_record(case: CaseRow, by: Person, thing: Thing) -> list[Doing]:
    """The buttons, in the order shown; whoever may not press one is not shown it."""
    found = []
    if may(by, "case.read", thing):
        found.append(Doing(verb="chronology.open", text="Chronology"))
    if may(by, "chronology.add", thing):
        found.append(Doing(verb="chronology.add", text="Add to the chronology"))
        found.append(Doing(verb="advice.begin", text="Advice on the threshold"))
    if may(by, "case.read", thing):
        found.append(Doing(verb="measures.open", text="Interim measures"))
        found.append(Doing(verb="indicators.open", text="How it goes"))
    if case.state == "closed" and may(by, "incident.begin", thing):
        found.append(Doing(verb="incident.begin", text="New incident"))
    return found
