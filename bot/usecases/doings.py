"""What can be begun from a case's file, by this reader, in the state that the case is in."""

from bot.domain.access import may
from bot.domain.people import Person
from bot.domain.states import CASE
from bot.storage.tables import CaseRow
from bot.storage.transaction import Work
from bot.views.cases import Doing


def doings(work: Work, case: CaseRow, by: Person) -> tuple[Doing, ...]:
    """The file's buttons, in the order shown; whoever may not press one is not shown it."""
    thing = work.cases.thing(case)
    found = []
    if may(by, "case.close", thing) and CASE.allows(case.state, "propose_close"):
        found.append(Doing(verb="closure.propose", text="Propose to close"))
    if may(by, "learning.add", thing):
        found.append(Doing(verb="learning.begin", text="Record a lesson"))
    return tuple(found)
