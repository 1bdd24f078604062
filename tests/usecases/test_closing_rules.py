"""A case ends by its pathway's own rule, and no silence is a yes (S3-34, S2-17)."""

from dataclasses import replace

import pytest
from meeting_builders import MARM, NOW, PRACTICE, a_case, asked_at_the_end, at, on, owed, person, settle

from bot.domain.errors import Invalid, NotAllowed, TooLate
from bot.domain.pathway import ClosureRule, RoleRule
from bot.storage.tables import PersonRow, TriageRow
from bot.storage.transaction import Begin
from bot.usecases.close import (
    agree_to_close,
    close_case,
    object_to_close,
    propose_closure,
    take_back_agreement,
)
from bot.usecases.follow_up import follow_up
from bot.usecases.invitees import bring_in
from bot.usecases.looks.by_link import closure_asked
from bot.usecases.looks.meeting import closure_ask, closure_card
from bot.usecases.looks.referrals import referral_note
from bot.usecases.open_closure import open_closure
from bot.usecases.open_referral import open_verdict

WHY = "The risk has ended and the person is content."
SAFE = "The warden calls morning and evening until Friday."


@pytest.fixture
def town(begin: Begin) -> Begin:
    settle(begin)
    with begin() as work:
        for id, agency in (("karl", "homes"), ("moira", "police")):
            work.session.add(
                PersonRow(
                    id=id,
                    area="aldermere",
                    agency_id=agency,
                    name=f"{id.title()} Field",
                    email=f"{id}@example.test",
                    roles=["agency_lead"],
                )
            )
    return begin


@pytest.fixture
def case(town: Begin) -> str:
    id = a_case(town, pathway=MARM, state="plan_active", rating="low")
    with town() as work:
        bring_in(work, id, ["police"], NOW)
    return id


def proposed(town, case: str, practice=PRACTICE, who: str = "cora") -> None:
    asked_at_the_end(town, case, person(town, who), NOW)
    propose_closure(town, practice, case, WHY, by=person(town, who), now=NOW)


def told(town, message: str) -> list[str]:
    return sorted(key.split(":")[4] for key in owed(town, "tell") if key.startswith(f"tell:{message}:"))


def by_rule(**but) -> object:
    """Aldermere with another closing rule on that pathway."""
    pathway = PRACTICE.pathways[MARM]
    roles = {
        **pathway.roles,
        "lead_manager": RoleRule(id="lead_manager", title="the lead’s manager", held_by="person"),
    }
    rule = replace(pathway.closure, **but)
    changed = replace(pathway, closure=rule, roles=roles)
    return replace(PRACTICE, pathways={**PRACTICE.pathways, MARM: changed})


def test_each_agency_is_asked_for_itself(town, case):
    """S3-34: whoever speaks for it, in their own messages and so by e-mail for who has no chat."""
    proposed(town, case)
    assert told(town, "closure_asked") == ["hal", "pia"]
    with town() as work:
        rows = {row.agency_id: row.id for row in work.cases.agency_rows(case)}
        ask = closure_ask(work, PRACTICE, rows["police"], NOW)
        assert (ask.agency, ask.answer_by) == ("Aldermere Police", on("2026-03-09"))
        assert closure_asked(work, PRACTICE, rows["police"], work.register.person("pia"), NOW) is not None
        assert closure_asked(work, PRACTICE, rows["police"], work.register.person("hal"), NOW) is None


def test_agencies_that_are_silent_are_asked_again_and_then_named_to_those_above(town, case):
    """Rule 8: the day, then their lead, then the chair; the one that agreed is left in peace."""
    proposed(town, case)
    agree_to_close(town, PRACTICE, case, by=person(town, "hal"), now=NOW)
    follow_up(town, PRACTICE, at("2026-03-09", "08:59"))
    assert told(town, "closure_silent") == []
    follow_up(town, PRACTICE, at("2026-03-09", "09:00"))
    follow_up(town, PRACTICE, at("2026-03-09", "09:00"))
    assert told(town, "closure_asked") == ["hal", "pia", "pia"]
    assert told(town, "closure_silent") == ["cora"]
    follow_up(town, PRACTICE, at("2026-03-10"))
    assert "moira" in told(town, "closure_asked")
    follow_up(town, PRACTICE, at("2026-03-12"))
    assert told(town, "closure_silent") == ["chai", "cora", "cora", "cora"]
    with town() as work:
        assert work.cases.row(case).state == "closure_proposed"
        assert work.followups.closure_round(case).next_at == at("2026-03-19", "09:00")


def test_a_yes_can_be_taken_back_until_the_case_is_closed(town, case):
    proposed(town, case)
    for who in ("hal", "pia"):
        agree_to_close(town, PRACTICE, case, by=person(town, who), now=NOW)
    take_back_agreement(town, PRACTICE, case, by=person(town, "pia"), now=NOW)
    with pytest.raises(TooLate, match="Aldermere Police"):
        close_case(town, PRACTICE, case, WHY, by=person(town, "chai"), now=NOW)
    agree_to_close(town, PRACTICE, case, by=person(town, "pia"), now=NOW)
    close_case(town, PRACTICE, case, WHY, by=person(town, "chai"), now=NOW)
    with pytest.raises(TooLate, match="closed already"):
        take_back_agreement(town, PRACTICE, case, by=person(town, "pia"), now=NOW)


def test_when_all_have_agreed_whoever_authorises_is_told(town, case):
    proposed(town, case)
    assert told(town, "closure_ready") == []
    for who in ("hal", "pia"):
        agree_to_close(town, PRACTICE, case, by=person(town, who), now=NOW)
    assert told(town, "closure_ready") == ["chai"]
    follow_up(town, PRACTICE, at("2026-03-09", "09:00"))
    assert told(town, "closure_ready") == ["chai", "chai"]


def test_whoever_presses_on_a_closed_case_is_told_that_it_is_closed_and_by_whom(town, case):
    """The button of an old card says so before anything is typed."""
    proposed(town, case)
    for who in ("hal", "pia"):
        agree_to_close(town, PRACTICE, case, by=person(town, who), now=NOW)
    close_case(town, PRACTICE, case, WHY, by=person(town, "chai"), now=NOW)
    for what, who in (("close", "chai"), ("propose", "cora"), ("object", "pia")):
        with pytest.raises(TooLate, match="CV-7K4QMX is closed already, by Chai North"):
            open_closure(town, PRACTICE, case, what, by=person(town, who), now=NOW)
    with pytest.raises(TooLate, match="closed already"):
        close_case(town, PRACTICE, case, WHY, by=person(town, "chai"), now=NOW)
    with pytest.raises(TooLate, match="closed already"):
        object_to_close(town, PRACTICE, case, WHY, SAFE, by=person(town, "pia"), now=NOW)


def test_lead_and_manager_close_a_case_where_the_pathway_says_so(town, case):
    """S2: both sign, each for themselves, in either order; neither can sign for the other."""
    own = by_rule(
        by="lead_professional", authoriser="lead_professional", also=("lead_manager",), all_agencies=False
    )
    with town() as work:
        work.cases.row(case).lead_id = "hal"
    proposed(town, case, own, "hal")
    close_case(town, own, case, WHY, by=person(town, "karl"), now=NOW)
    with town() as work:
        assert work.cases.row(case).state == "closure_proposed"
        assert closure_card(work, own, case, NOW).signed == ("Karl Field, the lead’s manager",)
    assert told(town, "closure_ready") == ["hal"]
    with pytest.raises(TooLate, match="signed already"):
        close_case(town, own, case, WHY, by=person(town, "karl"), now=NOW)
    with pytest.raises(NotAllowed):
        close_case(town, own, case, WHY, by=person(town, "chai"), now=NOW)
    close_case(town, own, case, WHY, by=person(town, "hal"), now=NOW)
    with town() as work:
        assert (work.cases.row(case).state, work.cases.row(case).closed_by) == ("closed", "hal")
        kinds = [row.kind for row in work.cases.decisions(case)]
    assert kinds == ["closure_proposed", "closure_signed", "case_closed"]


def test_what_has_to_be_on_record_first_is_the_pathways_to_say(town, case):
    own = by_rule(needs=("voice",))
    with pytest.raises(Invalid, match="views"):
        proposed(town, case, own)
    form = open_closure(town, own, case, "propose", by=person(town, "cora"), now=NOW)
    assert form.lacking == ("The person’s views, or why there are none, are not on record yet.",)


def test_a_proposal_from_before_rounds_were_kept_gets_one(town, case):
    """So that a case that was waiting when the program was renewed is chased like any other."""
    with town() as work:
        work.cases.row(case).state = "closure_proposed"
    follow_up(town, PRACTICE, NOW)
    with town() as work:
        assert work.followups.closure_round(case).answer_by == on("2026-03-09")


def test_a_rule_with_no_more_than_an_authoriser_is_as_it_always_was():
    rule = ClosureRule(by="chair", authoriser="chair", all_agencies=False)
    assert (rule.signatures, rule.needs) == (("chair",), ("actions_ended", "rating"))


def test_what_came_of_it_goes_back_to_whoever_raised_it_and_to_nobody_else(town, case):
    """S5-07: the referrer opens what their own plan should take from it; the message holds none of it."""
    with town() as work:
        row = work.cases.row(case)
        referral, referrer = row.referral_id, work.referrals.row(row.referral_id).referrer_id
        work.session.add(
            TriageRow(id="t1", referral_id=referral, outcome="accept", reason=WHY, by_id="cora", at=NOW)
        )
    rule = replace(
        PRACTICE.pathways[MARM], closure=replace(PRACTICE.pathways[MARM].closure, all_agencies=False)
    )
    practice = replace(PRACTICE, pathways={**PRACTICE.pathways, MARM: rule}, earlier={})
    assert open_verdict(town, practice, referral, by=person(town, referrer), now=NOW).came_of_it == ""
    proposed(town, case, practice)
    told_them = "Keep the key with the warden, and ring the housing officer if a visit is missed."
    close_case(town, practice, case, WHY, told_them, by=person(town, "chai"), now=NOW)
    assert referrer in told(town, "case_closed")
    read = open_verdict(town, practice, referral, by=person(town, referrer), now=NOW)
    assert (read.came_of_it, read.closed_at) == (told_them, NOW)
    with town() as work:
        note = referral_note(work, practice, referral, NOW)
    assert "warden" not in str(note)
    with pytest.raises(NotAllowed):
        open_verdict(town, practice, referral, by=person(town, "fay"), now=NOW)
