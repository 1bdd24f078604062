"""A professional concern climbs its tiers until a person ends it; the case goes on (S2-45, S5-10, T23)."""

from dataclasses import replace

import pytest
from meeting_builders import MARM, NOW, PRACTICE, a_case, asked_at_the_end, at, bar, owed, person, settle
from sqlmodel import select

from bot.domain.dispute import DisputeRule, Tier
from bot.domain.errors import Invalid, NotAllowed, TooLate
from bot.domain.workdays import Length, Unit
from bot.storage.ledger_tables import AuditEvent
from bot.storage.tables import AgencyRow, PersonRow
from bot.storage.transaction import Begin
from bot.usecases.close import object_to_close, propose_closure
from bot.usecases.dispute import Concern, Settled, answer_dispute, raise_dispute, settle_dispute
from bot.usecases.follow_up import follow_up
from bot.usecases.invitees import bring_in
from bot.usecases.looks.disputes import dispute_card
from bot.usecases.open_case import open_case
from bot.usecases.open_dispute import open_dispute, open_dispute_form

ISSUE = "The police have not come when we rang, three times in a week."
SAFE = "The warden calls morning and evening until Friday."
WHY = "The risk has ended and the person is content."
DONE = "The sergeant calls each morning from tomorrow on."


@pytest.fixture
def town(begin: Begin) -> Begin:
    """The six agencies, a lead of two of them, and somebody of the board."""
    settle(begin)
    with begin() as work:
        for id, agency, role in (
            ("karl", "homes", "agency_lead"),
            ("moira", "police", "agency_lead"),
            ("isaac", "asc", "board"),
        ):
            work.session.add(
                PersonRow(
                    id=id,
                    area="aldermere",
                    agency_id=agency,
                    name=f"{id.title()} Field",
                    email=f"{id}@example.test",
                    roles=[role],
                )
            )
    return begin


@pytest.fixture
def case(town: Begin) -> str:
    """A case on which Aldermere Homes and the police work."""
    id = a_case(town, pathway=MARM, state="plan_active", rating="low")
    with town() as work:
        bring_in(work, id, ["police"], NOW)
    return id


def concern(**but) -> Concern:
    return Concern(**{"kind": "partner", "against_id": "police", "issue": ISSUE, "safeguards": SAFE, **but})


def raised(town, case: str, who: str = "hal", **but) -> str:
    """A concern that this person raised at nine on Monday; its id."""
    by = person(town, who)
    raise_dispute(town, PRACTICE, case, concern(**but), source=f"press:{who}", by=by, now=NOW)
    with town() as work:
        return work.followups.disputes(case)[-1].id


def standing(town, id: str) -> tuple[str, int, str]:
    """State, tier from 1, and who answers for it."""
    with town() as work:
        row = work.followups.dispute(id)
        return row.state, row.tier + 1, row.owner_id


def told(town, message: str) -> set[str]:
    return {key.split(":")[4] for key in owed(town, "tell") if key.startswith(f"tell:{message}:")}


def test_a_concern_begins_with_the_line_manager_and_the_other_side_hears_of_it(town, case):
    """The lowest level first, promptly and openly (S2-45)."""
    id = raised(town, case)
    assert standing(town, id) == ("open", 1, "karl")
    assert told(town, "dispute_owner") == {"karl"}
    assert told(town, "dispute_other_side") == {"moira"}
    assert told(town, "dispute_raised") == {"hal"}
    with town() as work:
        assert work.followups.dispute(id).due_at == at("2026-03-03", "17:00")
        assert work.cases.row(case).state == "plan_active"


def test_without_interim_safeguards_no_concern_is_opened(town, case):
    """S5-11: what keeps the person safe meanwhile is asked, and is not optional."""
    with pytest.raises(Invalid) as refused:
        raised(town, case, safeguards="None", against_id="homes", issue="")
    assert set(refused.value.problems) == {"safeguards", "against", "issue"}
    with town() as work:
        assert work.followups.disputes(case) == []


def test_a_manager_who_raises_it_does_not_answer_for_it_as_well(town, case):
    """It begins at the lowest tier that did not raise it (S2-45)."""
    assert standing(town, raised(town, case, "karl")) == ("open", 2, "cora")


def test_what_is_not_settled_in_time_goes_up_by_itself_to_the_board(town, case):
    """T23: each tier has an owner and a due date; nobody has to press for it to climb."""
    id = raised(town, case)
    for now, tier, owner in (
        (at("2026-03-03", "16:59"), 1, "karl"),
        (at("2026-03-03", "17:00"), 2, "cora"),
        (at("2026-03-04", "17:00"), 3, "chai"),
        (at("2026-03-11", "17:00"), 4, "isaac"),
    ):
        follow_up(town, PRACTICE, now)
        follow_up(town, PRACTICE, now)
        assert standing(town, id) == ("open", tier, owner)
    with town() as work:
        steps = [(each.tier + 1, each.left) for each in work.followups.steps(id) if each.owns]
        climbs = work.session.exec(select(AuditEvent).where(AuditEvent.verb == "dispute.climbed")).all()
    assert steps == [(1, "late"), (2, "late"), (3, "late"), (4, "")]
    assert len(climbs) == 3


def test_at_the_last_tier_it_does_not_go_quiet(town, case):
    """Every five working days its owner and the chair hear of it, until one of them ends it (rule 8)."""
    id = raised(town, case)
    for day in ("2026-03-03", "2026-03-04", "2026-03-11", "2026-03-18", "2026-03-25", "2026-04-01"):
        follow_up(town, PRACTICE, at(day, "17:00"))
    assert standing(town, id) == ("open", 4, "isaac")
    late = [key for key in owed(town, "tell") if key.startswith("tell:dispute_late:")]
    assert len(late) == 2 * 3
    assert told(town, "dispute_late") == {"isaac", "chai"}


def test_the_owner_settles_it_with_a_result_and_what_is_learned(town, case):
    """Resolved with its text, every answer kept (S5-10)."""
    id = raised(town, case)
    answer_dispute(town, PRACTICE, id, "We had no car on two of the days.", by=person(town, "moira"), now=NOW)
    settled = Settled(how="resolved", result=DONE, learning="Ring the sergeant, not the desk.")
    settle_dispute(town, PRACTICE, id, settled, by=person(town, "karl"), now=NOW)
    found = open_dispute(town, PRACTICE, id, by=person(town, "hal"), now=NOW)
    assert (found.card.state, found.result, found.learning) == ("resolved", DONE, settled.learning)
    assert [each.text for each in found.said] == ["We had no car on two of the days."]
    assert told(town, "dispute_ended") == {"hal", "moira"}
    assert told(town, "dispute_over") == {"cora"}
    with pytest.raises(TooLate, match="has ended already"):
        settle_dispute(town, PRACTICE, id, settled, by=person(town, "karl"), now=NOW)
    assert follow_up(town, PRACTICE, at("2026-04-20")) == 0


def test_only_the_last_tier_records_it_as_unresolved(town, case):
    id = raised(town, case)
    never = Settled(how="unresolved", result="We do not agree, and will not.")
    with pytest.raises(Invalid, match="next tier first"):
        settle_dispute(town, PRACTICE, id, never, by=person(town, "karl"), now=NOW)
    for who in ("karl", "cora", "chai"):
        up = Settled(how="pass_up", result="This needs somebody above us both.")
        settle_dispute(town, PRACTICE, id, up, by=person(town, who), now=NOW)
    settle_dispute(town, PRACTICE, id, never, by=person(town, "isaac"), now=NOW)
    assert standing(town, id) == ("unresolved", 4, "isaac")
    with town() as work:
        assert len(work.followups.words(id)) == 3


def test_only_those_involved_read_it_and_each_opening_is_on_the_record(town, case):
    """Not even the coordinator, before it reaches her tier (S2-45, IG-05, IG-29)."""
    id = raised(town, case)
    for who in ("cora", "chai", "pia", "isaac"):
        with pytest.raises(NotAllowed, match="only to those involved"):
            open_dispute(town, PRACTICE, id, by=person(town, who), now=NOW)
    with pytest.raises(NotAllowed, match="whoever answers for it"):
        settle_dispute(
            town, PRACTICE, id, Settled(how="resolved", result=DONE), by=person(town, "hal"), now=NOW
        )
    follow_up(town, PRACTICE, at("2026-03-03", "17:00"))
    assert open_dispute(town, PRACTICE, id, by=person(town, "cora"), now=NOW).issue == ISSUE
    with town() as work:
        read = work.session.exec(select(AuditEvent).where(AuditEvent.verb == "dispute.read")).all()
        assert [each.actor for each in read] == ["cora"]


def test_the_room_and_the_case_file_show_reference_tier_and_date_alone(town, case):
    """IG-01: what it is about is nowhere but in the dispute itself."""
    id = raised(town, case)
    with town() as work:
        card = dispute_card(work, PRACTICE, id, NOW)
    assert (card.ref, card.tier, card.tiers, card.title) == ("CV-7K4QMX/D1", 1, 4, "Line managers")
    file = open_case(town, PRACTICE, case, 0, by=person(town, "cora"), now=NOW)
    parts = [
        open_case(town, PRACTICE, case, n, by=person(town, "cora"), now=NOW).part for n in range(file.of)
    ]
    [entry] = next(part for part in parts if part.kind == "disputes").entries
    assert "CV-7K4QMX/D1" in entry.head
    assert ISSUE not in str(entry)
    assert SAFE not in str(entry)


def test_somebody_who_is_barred_from_the_case_is_passed_over_at_every_tier(town, case):
    """IG-22."""
    bar(town, "karl", case)
    bar(town, "moira", case)
    id = raised(town, case)
    assert standing(town, id)[2] not in ("karl", "moira")
    assert told(town, "dispute_other_side") == set()


def test_the_same_press_twice_raises_one_concern(town, case):
    assert raised(town, case) == raised(town, case)
    with town() as work:
        assert len(work.followups.disputes(case)) == 1


def test_an_objection_to_closure_opens_one_too(town, case):
    """S3-34, S2-45: an objection is a dispute from its first moment, and the plan goes on."""
    asked_at_the_end(town, case, person(town, "cora"), NOW)
    propose_closure(town, PRACTICE, case, WHY, by=person(town, "cora"), now=NOW)
    object_to_close(town, PRACTICE, case, ISSUE, SAFE, by=person(town, "pia"), now=NOW)
    with town() as work:
        [row] = work.followups.disputes(case)
        assert (row.kind, row.agency_id, row.issue, row.safeguards) == ("closure", "police", ISSUE, SAFE)
        assert row.owner_id == "moira"
        assert work.cases.row(case).state == "plan_active"


def test_a_pathway_may_name_tiers_of_its_own(town, case):
    """T23 differs by place: what a file says is what happens; the register's tier finds the person (S5-02)."""
    with town() as work:
        work.session.add(AgencyRow(id="x", area="aldermere", slug="x", name="X", type="other"))
        work.session.add(
            PersonRow(
                id="head",
                area="aldermere",
                agency_id="homes",
                name="Aa Head",
                email="head@example.test",
                roles=["agency_lead"],
                tier=4,
            )
        )
    rule = DisputeRule(
        tiers=(
            Tier(title="Managers", role="agency_lead", within=Length(0, Unit.SAME_DAY)),
            Tier(title="Heads", role="agency_lead", within=Length(5, Unit.WD), register_tier=4),
        )
    )
    own = replace(
        PRACTICE,
        pathways={**PRACTICE.pathways, MARM: replace(PRACTICE.pathways[MARM], dispute=rule)},
    )
    form = open_dispute_form(town, own, case, by=person(town, "hal"), now=NOW)
    assert (form.title, form.due_at) == ("Managers", at("2026-03-02", "17:00"))
    raise_dispute(town, own, case, concern(), source="own", by=person(town, "hal"), now=NOW)
    follow_up(town, own, at("2026-03-02", "17:00"))
    with town() as work:
        [row] = work.followups.disputes(case)
        assert (row.tier, row.owner_id, row.due_at) == (1, "head", at("2026-03-09", "17:00"))
