"""Looks behind a link of an e-mail: what still waits for a person, and nothing when it does not (issue 4).

They leave no line in the audit, for whoever opens a link may be a mail scanner; they hold nothing that a letter
does not, but the names of one's own agency where one passes an action on.
"""

from datetime import datetime

from bot.domain.access import may
from bot.domain.area import Practice
from bot.domain.errors import NotFound
from bot.domain.people import Person
from bot.storage.transaction import Work
from bot.usecases.answer import takers
from bot.usecases.close import speaks
from bot.usecases.contacts import entry_of
from bot.usecases.looks.actions import line
from bot.usecases.looks.disputes import dispute_card
from bot.usecases.looks.meeting import closure_ask, invitation_card
from bot.usecases.open_action import suggested
from bot.usecases.plan_changes import OWNERS_VERB
from bot.views.actions import AnswerForm
from bot.views.contacts import OwnEntry
from bot.views.disputes import DisputeAsked
from bot.views.meeting import ClosureAsk, InvitationCard


def whose_link(work: Work, person_id: str) -> Person | None:
    """The person of a link; None for one who is no longer in the register."""
    try:
        person = work.register.person(person_id)
    except NotFound:
        return None
    return person if person.active else None


def action_asked(work: Work, practice: Practice, id: str, by: Person, now: datetime) -> AnswerForm | None:
    """An open action that is this person's to answer, with whom of their own agency it can be passed on to."""
    try:
        row = work.plans.row(id)
    except NotFound:
        return None
    if row.state == "closed" or not may(by, OWNERS_VERB, work.plans.thing(row)):
        return None
    case, today = work.cases.row(row.case_id), practice.today(now)
    limit = practice.of(case).actions.extension_limit_wd
    return AnswerForm(
        line=line(work, practice, row, now),
        today=today,
        limit_wd=limit,
        suggested=suggested(practice, case.nation, max(row.due, today), limit),
        people=tuple(
            (each.id, each.name) for each in takers(work, practice, row, by) if each.agency_id == by.agency_id
        ),
    )


def invitation_asked(
    work: Work, practice: Practice, id: str, by: Person, now: datetime
) -> InvitationCard | None:
    """An invitation of this person's that may still be answered."""
    card = own_invitation(work, practice, id, by, now)
    return card if card and card.open else None


def own_invitation(
    work: Work, practice: Practice, id: str, by: Person, now: datetime
) -> InvitationCard | None:
    """An invitation of this person's, however it stands."""
    try:
        row = work.meetings.invitation_row(id)
    except NotFound:
        return None
    return invitation_card(work, practice, id, now) if row.person_id == by.id else None


def closure_asked(work: Work, practice: Practice, id: str, by: Person, now: datetime) -> ClosureAsk | None:
    """A proposal to close a case that this person can still answer for their agency, or take their answer back."""
    try:
        row = work.followups.works_on(id)
    except NotFound:
        return None
    case = work.cases.row(row.case_id)
    own = speaks(work, case, by)
    if own is None or own.id != row.id or not may(by, "case.agree", work.cases.thing(case)):
        return None
    return closure_ask(work, practice, id, now)


def entry_asked(work: Work, practice: Practice, id: str, by: Person, now: datetime) -> OwnEntry | None:
    """A person's own entry in the contact register: nobody else's, whoever has the link."""
    return entry_of(work, practice, id) if id == by.id else None


def dispute_asked(work: Work, practice: Practice, id: str, by: Person, now: datetime) -> DisputeAsked | None:
    """An open dispute in which this person is involved; by reference, and whom to ring for what it is about."""
    try:
        row = work.followups.dispute(id)
    except NotFound:
        return None
    thing = work.followups.dispute_thing(row)
    if row.state != "open" or not may(by, "dispute.read", thing):
        return None
    card = dispute_card(work, practice, id, now)
    raiser = work.register.row(row.raised_by)
    return DisputeAsked(
        card=card,
        raised_by=f"{raiser.name}, {work.register.agency(row.agency_id).name}",
        phone=raiser.phone,
        owns=may(by, "dispute.settle", thing),
        last=card.tier == card.tiers,
        raised=raiser.id == by.id,
    )
