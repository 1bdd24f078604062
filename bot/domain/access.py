"""Who may do what to which thing: one function, asked on every path (design.md rules 4 and 5, IG-05, IG-26).

`may` is the whole policy. It is pure and closed: an unknown verb is refused, a barred person is refused
whatever their roles, and nobody outside the area ever sees anything of it.
"""

from dataclasses import dataclass, field

from bot.domain.people import Person, Role


@dataclass(frozen=True, kw_only=True)
class Thing:
    """What access needs to know of a referral, case, meeting or action; ids only."""

    area: str
    referrer_id: str | None = None
    agencies: frozenset[str] = field(default_factory=frozenset)
    """Agencies that work on the case, or are asked to the meeting."""
    people: frozenset[str] = field(default_factory=frozenset)
    """Named members: coordinator, chair, lead professional, invited representatives."""
    barred: frozenset[str] = field(default_factory=frozenset)
    owner_id: str | None = None
    deputy_id: str | None = None
    owner_agency: str | None = None
    chair_id: str | None = None


def may(person: Person, verb: str, thing: Thing) -> bool:
    """Whether this person may do this to this thing. Closed by default."""
    if not person.active or person.area != thing.area or person.id in thing.barred:
        return False
    rule = _RULES.get(verb)
    return rule is not None and rule(person, thing)


def _practises(person: Person, thing: Thing) -> bool:
    return person.has(
        Role.PRACTITIONER, Role.TRIAGE, Role.COORDINATOR, Role.CHAIR, Role.REPRESENTATIVE, Role.AGENCY_LEAD
    )


def _own_referral(person: Person, thing: Thing) -> bool:
    return person.id == thing.referrer_id


def _triages(person: Person, thing: Thing) -> bool:
    return person.has(Role.TRIAGE)


def _reads_referral(person: Person, thing: Thing) -> bool:
    return _own_referral(person, thing) or person.has(Role.TRIAGE, Role.COORDINATOR)


def _member(person: Person, thing: Thing) -> bool:
    """Named on the case, or representing an agency that works on it; the coordinator always is."""
    if person.id in thing.people or person.has(Role.COORDINATOR):
        return True
    return person.agency_id in thing.agencies and person.has(
        Role.REPRESENTATIVE, Role.AGENCY_LEAD, Role.CHAIR
    )


def _runs(person: Person, thing: Thing) -> bool:
    """The coordinator, a chair who is a member, and whoever is named to chair this, whatever their roles (S2-15)."""
    if person.id == thing.chair_id:
        return True
    return person.has(Role.COORDINATOR) or (person.has(Role.CHAIR) and _member(person, thing))


def _convenes(person: Person, thing: Thing) -> bool:
    return person.has(Role.COORDINATOR) or _member(person, thing)


def _own_action(person: Person, thing: Thing) -> bool:
    if person.id in (thing.owner_id, thing.deputy_id):
        return True
    return person.has(Role.AGENCY_LEAD) and person.agency_id == thing.owner_agency


def _reads_action(person: Person, thing: Thing) -> bool:
    return _own_action(person, thing) or _member(person, thing)


def _lists(person: Person, thing: Thing) -> bool:
    return person.has(Role.COORDINATOR, Role.CHAIR, Role.REPRESENTATIVE, Role.AGENCY_LEAD, Role.BOARD)


def _coordinates(person: Person, thing: Thing) -> bool:
    return person.has(Role.COORDINATOR)


def _audits(person: Person, thing: Thing) -> bool:
    return person.has(Role.AUDITOR, Role.IG_LEAD)


def _reads_triage(person: Person, thing: Thing) -> bool:
    return person.has(Role.TRIAGE, Role.COORDINATOR)


def _reads_panel(person: Person, thing: Thing) -> bool:
    return person.id in thing.people or person.has(
        Role.TRIAGE,
        Role.COORDINATOR,
        Role.CHAIR,
        Role.REPRESENTATIVE,
        Role.AGENCY_LEAD,
        Role.MINUTE_TAKER,
        Role.BOARD,
    )


def _reads_board(person: Person, thing: Thing) -> bool:
    return person.has(Role.BOARD, Role.COORDINATOR, Role.CHAIR, Role.AGENCY_LEAD)


def _reads_reports(person: Person, thing: Thing) -> bool:
    """Aggregates: for those who run the work, and those who oversee it (S4-20, S5-39)."""
    return person.has(Role.BOARD, Role.COORDINATOR, Role.CHAIR, Role.AUDITOR)


def _learns(person: Person, thing: Thing) -> bool:
    """Whoever sees to a change reads the lesson, and so do those who run the work or lead an agency's (S5-09)."""
    return person.id == thing.owner_id or person.has(Role.COORDINATOR, Role.CHAIR, Role.AGENCY_LEAD)


def _verifies(person: Person, thing: Thing) -> bool:
    """Nobody verifies a change that is their own to make."""
    return person.id != thing.owner_id and _learns(person, thing)


def _is_asked(person: Person, thing: Thing) -> bool:
    """Whoever is asked answers for themselves, and nobody in their name."""
    return person.id == thing.owner_id


def _answers_for(person: Person, thing: Thing) -> bool:
    """The agency's named contact, the deputy they have there, and its lead: nobody else of it learns who is meant."""
    return _own_action(person, thing)


def _confirms(person: Person, thing: Thing) -> bool:
    return person.has(Role.COORDINATOR, Role.CHAIR)


def _runs_or_leads(person: Person, thing: Thing) -> bool:
    """Whoever runs the case, and whoever is named on it: its lead professional among them."""
    return _runs(person, thing) or person.id in thing.people


def _involved(person: Person, thing: Thing) -> bool:
    """Named in it, and nobody else by their role: who raised a dispute, and who was brought in at a tier."""
    return person.id in thing.people


def _addressed(person: Person, thing: Thing) -> bool:
    """Of an agency that an item is addressed to, and somebody who speaks for it or is named on the case (IG-20)."""
    return person.agency_id in thing.agencies and (
        person.id in thing.people or person.has(Role.REPRESENTATIVE, Role.AGENCY_LEAD)
    )


def _takes_on(person: Person, thing: Thing) -> bool:
    """Whoever speaks at the meeting for an agency of it: an action for their own agency, and for no other (S4-12)."""
    return person.agency_id in thing.agencies and (
        person.id in thing.people or person.has(Role.REPRESENTATIVE, Role.AGENCY_LEAD)
    )


def _reads_share(person: Person, thing: Thing) -> bool:
    if person.id in (thing.owner_id, thing.chair_id) or person.has(Role.COORDINATOR):
        return True
    return _addressed(person, thing)


def _recalls(person: Person, thing: Thing) -> bool:
    """Whoever shared it, the coordinator, the information governance lead: none of them sees more by it (IG-36)."""
    return person.id == thing.owner_id or person.has(Role.COORDINATOR, Role.IG_LEAD)


def _governs(person: Person, thing: Thing) -> bool:
    """The information governance lead; the coordinator where the register names none (IG-36)."""
    return person.has(Role.IG_LEAD, Role.COORDINATOR)


def _advises(person: Person, thing: Thing) -> bool:
    """Whoever is asked what would meet the threshold: triage, those who run cases, an agency's lead (S5-13)."""
    return person.has(Role.TRIAGE, Role.COORDINATOR, Role.CHAIR, Role.AGENCY_LEAD)


def _reads_advice(person: Person, thing: Thing) -> bool:
    return person.id == thing.owner_id or person.has(Role.TRIAGE, Role.COORDINATOR)


def _takes_bundle(person: Person, thing: Thing) -> bool:
    """Whom a coordinator allowed to take this one case's file, as long as they look at cases at all (S2-50)."""
    return person.id == thing.owner_id and person.has(
        Role.COORDINATOR, Role.AUDITOR, Role.IG_LEAD, Role.BOARD
    )


def _registered(person: Person, thing: Thing) -> bool:
    return True


def _speaks_for_agency(person: Person, thing: Thing) -> bool:
    """The lead of that agency, and the coordinator."""
    if person.has(Role.COORDINATOR):
        return True
    return person.has(Role.AGENCY_LEAD) and person.agency_id == thing.owner_agency


_RULES = {
    "referral.create": _practises,
    "referral.read": _reads_referral,
    "referral.complete": _own_referral,
    "referral.challenge": _own_referral,
    "triage.decide": _triages,
    "case.read": _member,
    "case.list": _lists,
    "case.close": _runs,
    "case.lead": _convenes,
    "case.agree": _member,
    "case.roles": _convenes,
    "case.onward": _member,
    "case.invite": _member,
    "case.bundle": _coordinates,
    "bundle.take": _takes_bundle,
    "decision.review": _runs_or_leads,
    "dispute.raise": _member,
    "dispute.read": _involved,
    "dispute.settle": _is_asked,
    "person.record": _member,
    "subject.edit": _runs,
    "address.open": _member,
    "chronology.add": _member,
    "incident.begin": _runs,
    "measure.agree": _member,
    "measure.answer": _runs,
    "review.answer": _runs,
    "meeting.convene": _convenes,
    "meeting.read": _member,
    "meeting.hold": _runs,
    "minutes.approve": _runs,
    "contacts.list": _lists,
    "times.ask": _runs,
    "times.answer": _is_asked,
    "involvement.ask": _runs,
    "involvement.identify": _answers_for,
    "involvement.answer": _answers_for,
    "action.add": _runs,
    "action.offer": _takes_on,
    "action.read": _reads_action,
    "action.answer": _own_action,
    "action.decide": _runs,
    "share.create": _member,
    "share.write": _is_asked,
    "share.read": _reads_share,
    "share.receive": _addressed,
    "share.advise": _is_asked,
    "share.recall": _recalls,
    "breach.decide": _governs,
    "contact.answer": _is_asked,
    "contact.settle": _coordinates,
    "agency.look": _registered,
    "agency.write": _speaks_for_agency,
    "leaver.hand_over": _speaks_for_agency,
    "ledger.retry": _coordinates,
    "audit.read": _audits,
    "advice.log": _advises,
    "advice.read": _reads_advice,
    "learning.add": _confirms,
    "learning.list": _reads_board,
    "learning.open": _learns,
    "learning.verify": _verifies,
    "report.open": _reads_reports,
    "report.send": _confirms,
    "room.triage": _reads_triage,
    "room.panel": _reads_panel,
    "room.board": _reads_board,
    "room.confirm": _confirms,
}

VERBS = frozenset(_RULES)
