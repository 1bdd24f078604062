"""A small invented town for the tests of actions and nudges: people, one case, and actions as they are needed.

Everybody and everything in it is fictional. Times are given as they stand on a clock in London.
"""

from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from bot.domain.area import Area, Practice
from bot.domain.people import Person
from bot.domain.workdays import Nation, WorkingDays
from bot.pathways.reader import read_all
from bot.storage.plans import action_of
from bot.storage.tables import (
    ActionRow,
    AgencyRow,
    CaseAgencyRow,
    CaseBarRow,
    CaseRow,
    PersonRow,
    ReferralRow,
)
from bot.storage.transaction import Begin, Work
from bot.usecases.plan_changes import next_moment

MARM = "care-connect-marm"
AGENCIES = {"housing": "Aldermere Homes", "police": "Aldermere Police", "council": "Aldermere Council"}
PEOPLE = {
    # id: (agency, name, roles, deputy)
    "helen": ("housing", "Helen Marsh", ["representative", "practitioner"], "dev"),
    "dev": ("housing", "Dev Rao", ["practitioner"], None),
    "lena": ("housing", "Lena Frost", ["agency_lead"], None),
    "pete": ("police", "Pete Sound", ["representative"], None),
    "petra": ("police", "Petra Lowe", ["practitioner"], None),
    "cora": ("council", "Cora Vale", ["coordinator"], None),
    "chai": ("council", "Chai North", ["chair"], None),
    "tess": ("council", "Tess Field", ["triage"], None),
    "bo": ("council", "Bo Sturt", ["board"], None),
}


def at(day: str, clock: str = "10:00") -> datetime:
    """`at("2026-03-02", "09:30")`: that moment in London, as UTC."""
    local = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo("Europe/London"))
    return local.astimezone(UTC)


def on(day: str) -> date:
    return date.fromisoformat(day)


OPENED, MADE = at("2026-02-16"), at("2026-03-02")


@cache
def pathways():
    return read_all()


def a_practice(**but) -> Practice:
    area = Area(
        **{
            "id": "aldermere",
            "name": "Aldermere",
            "nation": Nation.ENGLAND_AND_WALES,
            "pathways": (MARM, "southend-marat"),
            "drill": True,
            **but,
        }
    )
    return Practice(area=area, pathways=pathways())


PRACTICE = a_practice()
DAYS = WorkingDays("england-and-wales")


def settle(begin: Begin, *, opened: datetime = OPENED) -> None:
    """Put the town's people and one open case, `CV-7K4QMX`, into an empty database."""
    with begin() as work:
        for slug, name in AGENCIES.items():
            work.session.add(AgencyRow(id=slug, area="aldermere", slug=slug, name=name, type=slug))
        work.session.flush()
        for id, (agency, name, roles, _) in PEOPLE.items():
            work.session.add(
                PersonRow(
                    verified_on=date(2026, 2, 20),
                    id=id,
                    area="aldermere",
                    agency_id=agency,
                    name=name,
                    email=f"{id}@example.test",
                    roles=roles,
                    slack_team="T0ALDERMERE",
                    slack_user=f"U0{id.upper()}",
                )
            )
        work.session.flush()
        for id, (*_, deputy) in PEOPLE.items():
            work.register.row(id).deputy_id = deputy
        work.session.flush()
        a_case(work, opened=opened)


def a_case(work: Work, ref: str = "CV-7K4QMX", *, opened: datetime = OPENED, **but) -> CaseRow:
    id = ref.removeprefix("CV-").lower()
    work.session.add(
        ReferralRow(
            id=f"r-{id}",
            ref=ref,
            area="aldermere",
            pathway=MARM,
            pathway_version=PRACTICE.pathways[MARM].version,
            agency_id="housing",
            referrer_id="helen",
            state="accepted",
            source=f"test:{id}",
            received_at=opened,
            triage_due_on=opened.date(),
            triage_due_at=opened,
        )
    )
    work.session.flush()
    values = {
        "id": f"c-{id}",
        "ref": ref,
        "area": "aldermere",
        "pathway": MARM,
        "pathway_version": PRACTICE.pathways[MARM].version,
        "nation": "england-and-wales",
        "referral_id": f"r-{id}",
        "state": "plan_active",
        "opened_at": opened,
        "clock_start": opened,
        "coordinator_id": "cora",
        "chair_id": "chai",
        "drill": True,
        **but,
    }
    case = CaseRow(**values)
    work.session.add(case)
    work.session.flush()
    work.session.add(CaseAgencyRow(id=f"ca-{id}", case_id=case.id, agency_id="housing", since=opened))
    work.session.flush()
    return case


def an_action(begin: Begin, *, made: datetime = MADE, practice: Practice = PRACTICE, **but) -> str:
    """An action of the case, Helen's unless said otherwise, due on Thursday 2 April 2026. Its id."""
    with begin() as work:
        return add_action(work, made=made, practice=practice, **but).id


def add_action(
    work: Work,
    *,
    made: datetime = MADE,
    practice: Practice = PRACTICE,
    ref: str = "CV-7K4QMX",
    **but,
) -> ActionRow:
    case = work.cases.row(f"c-{ref.removeprefix('CV-').lower()}")
    number = work.plans.next_number(case.id)
    today = made.astimezone(ZoneInfo("Europe/London")).date()
    row = ActionRow(
        **{
            "id": f"a-{ref.removeprefix('CV-').lower()}-{number}",
            "ref": f"{case.ref}/{number}",
            "source": f"test:{case.ref}:{number}",
            "case_id": case.id,
            "number": number,
            "category": "visit",
            "detail": "Visit with the fire service and photograph the hallway",
            "agency_id": "housing",
            "owner_id": "helen",
            "due": on("2026-04-02"),
            "review_on": on("2026-04-16"),
            "state": "assigned",
            "created_by": "cora",
            "created_at": made,
            "assigned_on": today,
            "nudged_on": today,
            **but,
        }
    )
    row.next_at = next_moment(practice, case, action_of(row)) if row.state != "closed" else None
    work.session.add(row)
    work.session.flush()
    return row


def person(begin: Begin, id: str) -> Person:
    with begin() as work:
        return work.register.person(id)


def bar(begin: Begin, person_id: str, referral_id: str = "r-7k4qmx") -> None:
    with begin() as work:
        work.session.add(CaseBarRow(id=f"bar-{person_id}", referral_id=referral_id, person_id=person_id))


__all__ = [
    "DAYS",
    "MARM",
    "PRACTICE",
    "a_case",
    "a_practice",
    "add_action",
    "an_action",
    "at",
    "bar",
    "on",
    "pathways",
    "person",
    "settle",
]
