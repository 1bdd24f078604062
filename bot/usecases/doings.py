"""What can be begun from a case's file, by this reader, in the state that the case is in."""

from collections.abc import Iterable
from dataclasses import replace

from bot.domain.access import may
from bot.domain.area import Practice
from bot.domain.people import Person
from bot.domain.states import CASE, CaseState
from bot.storage.tables import CaseRow
from bot.storage.transaction import Work
from bot.usecases.authorise import can_authorise, waiting_authority
from bot.usecases.close import is_authoriser
from bot.usecases.living_record import living_record
from bot.usecases.views_first import next_meeting
from bot.views.cases import Doing

ABOUT = {
    "measures.open": "safety",
    "risk.open": "safety",
    "assess.begin": "safety",
    "safe.open": "safety",
    "advice.begin": "safety",
    "incident.begin": "safety",
    "wishes.open": "person",
    "account.open": "person",
    "subject.list": "person",
    "address.whose": "person",
    "voice.first": "person",
    "pair.begin": "person",
    "pair.open": "person",
    "indicators.open": "person",
    "case.lead": "agencies",
    "case.roles": "agencies",
    "involvement.ask": "agencies",
    "involvement.open": "agencies",
    "share.begin": "agencies",
    "onward.open": "agencies",
    "dispute.raise": "agencies",
    "closure.propose": "closing",
}
"""Under which heading each button of the file stands; whatever is not named here stands with the record."""

HEADINGS = ("safety", "person", "agencies", "record", "closing")
"""The headings in the order shown."""


def headed(found: Iterable[Doing]) -> tuple[Doing, ...]:
    """The buttons of a file, each under its heading, in the order of `HEADINGS`."""
    under = [replace(each, about=ABOUT.get(each.verb, "record")) for each in found]
    return tuple(sorted(under, key=lambda each: HEADINGS.index(each.about)))


def doings(work: Work, practice: Practice, case: CaseRow, by: Person) -> tuple[Doing, ...]:
    """The file's buttons, in the order shown; whoever may not press one is not shown it."""
    thing = work.cases.thing(case)
    found = []
    if is_authoriser(work, case, practice.of(case).closure.by, by) and CASE.allows(
        case.state, "propose_close"
    ):
        found.append(Doing(verb="closure.propose", text="Propose to close"))
    if may(by, "dispute.raise", thing):
        found.append(Doing(verb="dispute.raise", text="Raise a concern about a partner"))
    if may(by, "case.lead", thing) and case.state != CaseState.CLOSED:
        found.append(Doing(verb="case.lead", text="Name the lead professional"))
    if may(by, "case.roles", thing) and case.state != CaseState.CLOSED:
        found.append(Doing(verb="case.roles", text="Who does what"))
    if may(by, "case.onward", thing):
        found.append(Doing(verb="onward.open", text="Refer on"))
    if may(by, "share.create", thing):
        found.append(Doing(verb="share.begin", text="Share information"))
    if may(by, "involvement.ask", thing):
        asked = bool(work.involvement.of_case(case.id))
        if asked or case.state != CaseState.CLOSED:
            found.append(
                Doing(
                    verb="involvement.open" if asked else "involvement.ask",
                    text="Who knows them" if asked else "Ask who knows them",
                )
            )
    if may(by, "person.record", thing) and next_meeting(work, case) is not None:
        found.append(Doing(verb="voice.first", text="Views for the meeting"))
    found += [
        Doing(verb="decision.authorise", text="Authorise a decision", value=row.id)
        for row in waiting_authority(work, case)
        if can_authorise(work, case, row, by)
    ][:1]
    found += living_record(case, by, thing)
    if may(by, "case.bundle", thing):
        found.append(Doing(verb="bundle.begin", text="Audit bundle"))
    if may(by, "learning.add", thing):
        found.append(Doing(verb="learning.begin", text="Record a lesson"))
    return tuple(found)
