"""Who holds which role about one action or one referral, on one day: what the ladder needs to find a person."""

from datetime import date

from bot.domain.area import Practice
from bot.domain.people import Person, Role
from bot.domain.recipients import Holders
from bot.storage.tables import ActionRow, CaseRow, ReferralRow
from bot.storage.transaction import Work


class Roster:
    """The area's people as they are during one transaction; each is looked up once, however many actions ask.

    Only active people are in it, and never one who is barred from the case (IG-22).
    """

    def __init__(self, work: Work, practice: Practice) -> None:
        self.work = work
        self.zone = practice.area.zone
        people = work.register.people(practice.area.id)
        tiers = {id: row.tier for id, row in work.register.rows(person.id for person in people).items()}
        self.people = {
            person.id: person for person in sorted(people, key=lambda each: (tiers[each.id], each.name))
        }
        self._away: dict[date, frozenset[str]] = {}

    def of_action(self, row: ActionRow, case: CaseRow, day: date) -> Holders:
        """Who holds each role about an action, for a message that goes out on `day`."""
        owner = self.people.get(row.owner_id)
        deputy = owner.deputy_id if owner else self.work.register.row(row.owner_id).deputy_id
        leads: list[str | None] = [
            each.id for each in self._with(Role.AGENCY_LEAD) if each.agency_id == row.agency_id
        ]
        named: dict[str, list[str | None]] = {
            "owner": [row.owner_id],
            "deputy": [deputy],
            "agency_lead": leads,
            "chair": [case.chair_id],
            "coordinator": [case.coordinator_id, *(each.id for each in self._with(Role.COORDINATOR))],
            "lead_professional": [case.lead_id],
        }
        return self._holders(named, case.referral_id, day)

    def of_check(self, agency_id: str, contact_id: str | None, case: CaseRow, day: date) -> Holders:
        """Who holds each role about an agency that is asked whether it knows somebody, or what it holds."""
        contact = self.people.get(contact_id) if contact_id else None
        deputy = self.people.get(contact.deputy_id) if contact and contact.deputy_id else None
        leads = [each.id for each in self._with(Role.AGENCY_LEAD) if each.agency_id == agency_id]
        named: dict[str, list[str | None]] = {
            "owner": [contact_id],
            "deputy": [deputy.id if deputy and deputy.agency_id == agency_id else None],
            "agency_lead": [*leads],
            "chair": [case.chair_id],
            "coordinator": [case.coordinator_id, *(each.id for each in self._with(Role.COORDINATOR))],
        }
        return self._holders(named, case.referral_id, day)

    def of_referral(self, row: ReferralRow, day: date) -> Holders:
        """Who holds each role about a referral that waits for triage."""
        no_action: dict[str, list[str | None]] = {"owner": [], "deputy": [], "agency_lead": [], "chair": []}
        return self._holders(no_action, row.id, day)

    def of_case(self, case: CaseRow, day: date) -> Holders:
        """Who holds each role about a case as a whole."""
        named: dict[str, list[str | None]] = {
            "owner": [],
            "deputy": [],
            "agency_lead": [],
            "chair": [case.chair_id],
            "coordinator": [case.coordinator_id, *(each.id for each in self._with(Role.COORDINATOR))],
        }
        return self._holders(named, case.referral_id, day)

    def of_agency(self, case: CaseRow, agency_id: str, day: date, *, register_tier: int = 0) -> Holders:
        """Who holds each role for one agency's side of a case; `register_tier` and above where anybody is (S5-02)."""
        found = self.of_case(case, day)
        leads = [each.id for each in self._with(Role.AGENCY_LEAD) if each.agency_id == agency_id]
        named: dict[str, list[str | None]] = {role: list(ids) for role, ids in found.by_role.items()}
        named["agency_lead"] = list(leads)
        named["lead_professional"] = [case.lead_id]
        holders = self._holders(named, case.referral_id, day)
        if not register_tier:
            return holders
        rows = self.work.register.rows(self.people)
        high = {
            role: tuple(id for id in ids if rows[id].tier >= register_tier) or tuple(ids)
            for role, ids in holders.by_role.items()
        }
        return Holders(by_role=high, away=holders.away)

    def name(self, person_id: str) -> str:
        """The person's name; of somebody who has left, too."""
        known = self.people.get(person_id)
        return known.name if known else self.work.register.row(person_id).name

    def _with(self, role: Role) -> list[Person]:
        return [person for person in self.people.values() if person.has(role)]

    def _holders(self, named: dict[str, list[str | None]], referral_id: str, day: date) -> Holders:
        barred = self.work.referrals.barred(referral_id)
        by_role: dict[str, list[str | None]] = {
            role.value: [each.id for each in self._with(role)] for role in Role
        }
        by_role.update(named)
        fit = {
            role: tuple(dict.fromkeys(id for id in ids if id and id in self.people and id not in barred))
            for role, ids in by_role.items()
        }
        everybody = {id for ids in fit.values() for id in ids}
        if day not in self._away:
            self._away[day] = self.work.register.away(day, self.zone)
        return Holders(by_role=fit, away=self._away[day] & everybody)
