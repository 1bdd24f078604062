"""Six invented agencies of Aldermere, their people and working weeks, and cases waiting to be heard.

Everybody and everything in it is fictional. Monday 2 March 2026 is an ordinary working day.
"""

from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from bot.domain.area import Area, Practice
from bot.domain.people import Person
from bot.domain.workdays import Nation
from bot.pathways.reader import read_all
from bot.storage.tables import (
    AbsenceRow,
    AgencyRow,
    CaseAgencyRow,
    CaseBarRow,
    CaseClockRow,
    CaseRow,
    PersonRow,
    ReferralRow,
)
from bot.storage.transaction import Begin
from bot.usecases.agree import NewAction, agree_in_meeting
from bot.usecases.convene import Wanted
from bot.usecases.record import (
    Decided,
    Rated,
    Said,
    record_decision,
    record_prompts,
    record_risk,
    record_voice,
)
from bot.usecases.wishes import Asked, record_wishes

MARM, MARAT = "care-connect-marm", "southend-marat"
AGENCIES = {
    # id: (type, name)
    "asc": ("adult_social_care", "Aldermere Adult Social Care"),
    "police": ("police", "Aldermere Police"),
    "nhs": ("health", "Aldermere NHS Trust"),
    "homes": ("housing", "Aldermere Homes"),
    "fire": ("fire", "Aldermere Fire Service"),
    "hearth": ("voluntary", "The Hearth Project"),
}
WEEK = {day: ["09:00", "17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
PEOPLE = {
    # id: (agency, name, roles, deputy, tier)
    "ana": ("asc", "Ana Wells", ["representative"], "abe", 0),
    "abe": ("asc", "Abe Stone", ["practitioner"], None, 0),
    "pia": ("police", "Pia Marlow", ["representative"], "per", 0),
    "per": ("police", "Per Holt", ["practitioner"], None, 0),
    "nur": ("nhs", "Nur Patel", ["representative"], None, 0),
    "ned": ("nhs", "Ned Ash", ["representative"], None, 1),
    "hal": ("homes", "Hal Birch", ["representative"], None, 0),
    "fay": ("fire", "Fay Crane", ["representative"], None, 0),
    "viv": ("hearth", "Viv Lowe", ["representative"], None, 0),
    "cora": ("asc", "Cora Vale", ["coordinator"], None, 0),
    "chai": ("police", "Chai North", ["chair"], "dag", 0),
    "dag": ("police", "Dag Reed", ["chair"], None, 0),
    "pru": ("homes", "Pru Gale", ["practitioner"], None, 0),
}


def at(day: str, clock: str = "10:00") -> datetime:
    """`at("2026-03-02", "09:30")`: that moment in London, as UTC."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)


def on(day: str) -> date:
    return date.fromisoformat(day)


NOW = at("2026-03-02", "09:00")


@cache
def pathways():
    return read_all()


def a_practice(**but) -> Practice:
    values = {
        "id": "aldermere",
        "name": "Aldermere",
        "nation": Nation.ENGLAND_AND_WALES,
        "pathways": (MARM, MARAT),
        "rooms": {"triage": "C0TRIAGE", "board": "C0BOARD", MARM: "C0MARM", MARAT: "C0MARAT"},
        "drill": True,
        **but,
    }
    return Practice(area=Area(**values), pathways=pathways())


PRACTICE = a_practice()


def settle(begin: Begin) -> None:
    """Put the six agencies and their people into an empty database."""
    with begin() as work:
        for id, (type, name) in AGENCIES.items():
            work.session.add(AgencyRow(id=id, area="aldermere", slug=id, name=name, type=type))
        work.session.flush()
        for id, (agency, name, roles, _, tier) in PEOPLE.items():
            work.session.add(
                PersonRow(
                    verified_on=date(2026, 2, 20),
                    id=id,
                    area="aldermere",
                    agency_id=agency,
                    name=name,
                    email=f"{id}@example.test",
                    roles=roles,
                    tier=tier,
                    pattern=WEEK,
                    slack_team="T0ALDERMERE",
                    slack_user=f"U0{id.upper()}",
                )
            )
        work.session.flush()
        for id, (*_, deputy, _) in PEOPLE.items():
            work.register.row(id).deputy_id = deputy


def a_case(
    begin: Begin, ref: str = "CV-7K4QMX", *, pathway: str = MARAT, received: datetime = NOW, **but
) -> str:
    """A case of that pathway, open unless said otherwise, its clocks running. Its id."""
    practice = a_practice()
    rule = practice.pathways[pathway]
    days = practice.pathway_days(rule)
    id = f"c-{ref.removeprefix('CV-').lower()}"
    with begin() as work:
        work.session.add(
            ReferralRow(
                id=f"r-{id}",
                ref=ref,
                area="aldermere",
                pathway=pathway,
                pathway_version=rule.version,
                agency_id="homes",
                referrer_id="pru",
                state="accepted",
                source=f"test:{id}",
                received_at=received,
                triage_due_on=received.date(),
                triage_due_at=received,
            )
        )
        work.session.flush()
        values = {
            "id": id,
            "ref": ref,
            "area": "aldermere",
            "pathway": pathway,
            "pathway_version": rule.version,
            "nation": "england-and-wales",
            "referral_id": f"r-{id}",
            "state": "open",
            "opened_at": received,
            "clock_start": received,
            "coordinator_id": "cora",
            "chair_id": "chai",
            "drill": True,
            **but,
        }
        work.session.add(CaseRow(**values))
        work.session.flush()
        work.session.add(CaseAgencyRow(id=f"ca-{id}", case_id=id, agency_id="homes", since=received))
        for stage in rule.stages:
            if stage.due is not None:
                due = stage.due.deadline(received, days, rule.clock)
                work.session.add(
                    CaseClockRow(
                        id=f"{id}-{stage.id}", case_id=id, stage=stage.id, due_on=due.day, due_at=due.at
                    )
                )
    return id


def person(begin: Begin, id: str) -> Person:
    with begin() as work:
        return work.register.person(id)


def bar(begin: Begin, person_id: str, case_id: str) -> None:
    with begin() as work:
        referral = work.cases.row(case_id).referral_id
        work.session.add(
            CaseBarRow(id=f"bar-{person_id}-{case_id}", referral_id=referral, person_id=person_id)
        )


def away(begin: Begin, person_id: str, start: datetime, end: datetime, kind: str = "busy") -> None:
    with begin() as work:
        work.session.add(
            AbsenceRow(
                id=f"{person_id}-{start:%m%d%H%M}",
                person_id=person_id,
                kind=kind,
                starts_at=start,
                ends_at=end,
                said_at=NOW,
            )
        )


def wanted(case_id: str = "", **but) -> Wanted:
    """A conference of two hours within three weeks, all six agencies required."""
    values = {
        "stage": "conference",
        "required": tuple(AGENCIES),
        "optional": (),
        "minutes": 120,
        "first": on("2026-03-02"),
        "last": on("2026-03-24"),
        "case_id": case_id,
        **but,
    }
    return Wanted(**values)


def owed(begin: Begin, errand: str | None = None) -> list[str]:
    """What is owed to the outside and has not been replaced, in order: by its key, a redrawing by its place."""
    from sqlmodel import col, select

    from bot.storage.ledger_tables import OutboxRow

    with begin() as work:
        query = select(OutboxRow).where(OutboxRow.state == "owed").order_by(col(OutboxRow.number))
        return [
            row.key or f"{row.errand}:{row.collapse}"
            for row in work.session.exec(query)
            if errand in (None, row.errand)
        ]


def voice(begin: Begin, item: str, by: Person, now: datetime) -> None:
    said = Said(how="advocate", views="She wants to stay in her own home and to be left in peace.")
    record_voice(begin, PRACTICE, item, said, by=by, now=now)


def an_action(source: str = "one", **but) -> NewAction:
    values = {
        "agency_id": "homes",
        "owner_id": "hal",
        "category": "home_security",
        "detail": "Fit the door chain and report back to the meeting",
        "due": on("2026-03-16"),
        "review_on": on("2026-03-30"),
        "source": source,
        **but,
    }
    return NewAction(**values)


def a_decision(**but) -> Decided:
    values = {
        "kind": "plan_agreed",
        "text": "The safety plan as written today is agreed.",
        "reasons": "It answers each risk that was named in the meeting.",
        "options": "Moving away was weighed; she does not want it at present.",
        "support": "Her IDVA went through each option with her on two visits.",
        "law": ("da_act",),
        "review_on": on("2026-03-30"),
        **but,
    }
    return Decided(**values)


def asked_at_the_end(begin: Begin, case: str, by: Person, now: datetime) -> None:
    """What came of what the person wanted: without it nobody proposes to close (S1-15)."""
    asked = Asked(moment="end", asked="no", why_not="She has moved away and wishes for no more calls.")
    record_wishes(begin, PRACTICE, case, asked, by=by, now=now)


def hear(begin: Begin, item: str, by: Person, now: datetime, *, rating: str = "high", **but) -> None:
    """Everything that has to be on record for a case of the MARAT pathway before the meeting can end."""
    voice(begin, item, by, now)
    prompts = tuple(prompt.id for prompt in PRACTICE.pathways[but.pop("pathway", MARAT)].prompts)
    record_prompts(begin, PRACTICE, item, prompts, by=by, now=now)
    rated = Rated(rating=rating, **{"mitigated": False, "review_on": on("2026-04-10"), **but})
    record_risk(begin, PRACTICE, item, rated, by=by, now=now)
    agree_in_meeting(begin, PRACTICE, item, an_action(f"{item}:1", **{}), by=by, now=now)
    record_decision(begin, PRACTICE, item, a_decision(), source=f"{item}:d", by=by, now=now)
