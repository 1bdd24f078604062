"""Who holds a role for a case: whoever is named on it, or the register's people of that role."""

from bot.domain.people import Role
from bot.storage.tables import CaseRow
from bot.storage.transaction import Work


def holders(work: Work, case: CaseRow, role: str) -> list[str]:
    """Ids of the people who hold a role for this case: those named on it, or the register's; never who is barred."""
    barred = work.cases.thing(case).barred
    named = {"chair": case.chair_id, "coordinator": case.coordinator_id, "lead_professional": case.lead_id}
    if role == "lead_manager":
        lead = work.register.row(case.lead_id).agency_id if case.lead_id else ""
        found = [p.id for p in work.register.people(case.area, Role.AGENCY_LEAD, agency_id=lead)]
    else:
        found = [each for each in (named.get(role),) if each]
        if role in set(Role):
            found += [each.id for each in work.register.people(case.area, Role(role))]
    return [id for id in dict.fromkeys(found) if id not in barred]
