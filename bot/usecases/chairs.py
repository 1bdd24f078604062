"""Who chairs a meeting, and who may change it for everybody (S2-15, S3-27)."""

from datetime import datetime

from bot.domain.area import Practice
from bot.domain.pathway import Stage
from bot.domain.people import Person, Role
from bot.storage.tables import CaseRow, MeetingRow
from bot.storage.transaction import Work


def to_change(work: Work, meeting_id: str, by: Person, now: datetime) -> MeetingRow:
    """The meeting, for somebody who may book, move or cancel it: who called it, its chair, a coordinator.

    Somebody who is only asked to it answers the invitation, and changes nothing for everybody else.
    """
    called_it = work.meetings.row(meeting_id).created_by == by.id
    verb = "meeting.convene" if called_it else "meeting.hold"
    return work.meetings.opened(meeting_id, by, verb, now)


def fit_chair(work: Work, practice: Practice, meeting: MeetingRow) -> str | None:
    """Who chairs: the one named, unless barred from a case on the agenda; then a deputy, coordinator or other chair.

    None when everybody who could is barred: the coordinator has to name somebody.
    """
    barred = work.meetings.thing(meeting).barred
    named = work.register.row(meeting.chair_id) if meeting.chair_id else None
    cases = [work.cases.row(item.case_id) for item in work.meetings.agenda(meeting.id)]
    people = work.register.people(practice.area.id, Role.CHAIR)
    order = [
        named.id if named else None,
        named.deputy_id if named else None,
        *(case.coordinator_id for case in cases),
        *(person.id for person in people),
    ]
    return next((id for id in order if id and id not in barred), None)


def chair_for(work: Work, practice: Practice, stage: Stage, by: Person) -> str:
    """Who chairs a panel that no case has named a chair for: by the stage's owner, else whoever calls it."""
    if stage.owner == "coordinator" and by.has(Role.COORDINATOR):
        return by.id
    role = Role(stage.owner) if stage.owner in set(Role) else Role.CHAIR
    people = work.register.people(practice.area.id, role)
    return people[0].id if people else by.id


def chair_of(work: Work, practice: Practice, stage: Stage, case: CaseRow | None, by: Person) -> str:
    """Who chairs a meeting of that stage about this case: by its `chair` or its owner, else the case's own chair."""
    if case is None:
        return chair_for(work, practice, stage, by)
    word = stage.chair or stage.owner
    if word == "convenor":
        return by.id
    if word == "lead_manager" and (manager := manager_of_lead(work, practice, case)):
        return manager
    if word == "lead_professional" and case.lead_id:
        return case.lead_id
    if word == "coordinator":
        return case.coordinator_id
    return case.chair_id or case.coordinator_id


def first_chair(work: Work, practice: Practice, case: CaseRow) -> str | None:
    """Who chairs for this case because of who leads it: the lead's manager (S2-15), or whom the form names (P6).

    Where the form asks and nobody is named, or somebody who must not see the case, the lead chairs. None where the
    pathway has no such rule, or it finds nobody.
    """
    pathway = practice.of(case)
    panel = next(stage for stage in pathway.stages if stage.kind == "panel")
    if panel.chair == "lead_manager":
        return manager_of_lead(work, practice, case)
    if pathway.lead is None or not pathway.lead.chair:
        return None
    named = work.referrals.row(case.referral_id).answers.get(pathway.lead.chair)
    barred = work.referrals.barred(case.referral_id)
    fit = {person.id for person in work.register.people(case.area)} - barred
    return named if isinstance(named, str) and named in fit else case.lead_id


def manager_of_lead(work: Work, practice: Practice, case: CaseRow) -> str | None:
    """The lead professional's manager (S2-15): the one named with them, else a lead of their agency.

    None where there is neither, or no lead professional; never somebody who must not see the case, nor the lead.
    """
    rule = practice.of(case).lead
    if case.lead_id is None or rule is None:
        return None
    answers = work.referrals.row(case.referral_id).answers
    barred = {*work.referrals.barred(case.referral_id), case.lead_id}
    people = {person.id: person for person in work.register.people(case.area)}
    named = answers.get(rule.manager) if answers.get(rule.field) == case.lead_id else None
    if isinstance(named, str) and named in people and named not in barred:
        return named
    lead = people.get(case.lead_id)
    if lead is None:
        return None
    above = (
        person.id
        for person in people.values()
        if person.agency_id == lead.agency_id and person.has(Role.AGENCY_LEAD)
    )
    return next((id for id in above if id not in barred), None)


def coordinator_of(work: Work, meeting: MeetingRow) -> str:
    """Who looks after the first case on the agenda; else who called the meeting. Nobody who must not see a case."""
    cases = [work.cases.row(item.case_id).coordinator_id for item in work.meetings.agenda(meeting.id)]
    barred = work.meetings.thing(meeting).barred
    likely = [*cases, meeting.created_by, meeting.chair_id or meeting.created_by]
    people = work.register.rows(likely)
    fit = [id for id in likely if people[id].active and id not in barred]
    return fit[0] if fit else meeting.created_by
