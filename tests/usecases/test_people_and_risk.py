"""The people of a case, what they want, how to reach them safely, and what is known of the risk, in versions."""

from dataclasses import replace
from datetime import timedelta

import pytest
from meeting_builders import (
    MARAT,
    MARM,
    NOW,
    PRACTICE,
    WEEK,
    a_case,
    a_decision,
    an_action,
    asked_at_the_end,
    owed,
    person,
    settle,
    voice,
    wanted,
)
from sqlmodel import select

from bot.domain.area import Practice
from bot.domain.errors import Invalid, NotAllowed, NotFound
from bot.domain.safe_contact import SafeContact
from bot.storage.ledger_tables import AuditEvent
from bot.storage.people_tables import (
    AddressOpeningRow,
    OutcomeCheckRow,
    PersonAccountRow,
    SafeContactRow,
    SubjectRow,
)
from bot.storage.risk_tables import AdequacyRow, RiskAssessmentRow, RiskRow
from bot.storage.tables import ActionRow, PersonRow
from bot.storage.transaction import Begin
from bot.usecases.account import Account, record_account
from bot.usecases.agree import agree_now
from bot.usecases.assess import answer_page, begin_assessment, finish_assessment, versions
from bot.usecases.assess_again import ask_to_assess_again
from bot.usecases.barred_watch import tell_of_barred
from bot.usecases.book import book
from bot.usecases.close import object_to_close, propose_closure
from bot.usecases.convene import find_times
from bot.usecases.hold import start
from bot.usecases.looks.msp import wish_counts
from bot.usecases.open_action import open_action
from bot.usecases.open_case import open_case
from bot.usecases.open_meeting import open_case_sheet
from bot.usecases.record import record_decision
from bot.usecases.risks import RatedRisk, open_enough, rate_risk, record_enough
from bot.usecases.safe_contact import record_safe_contact
from bot.usecases.subjects import (
    Described,
    Tied,
    open_addresses,
    open_subjects,
    record_subject,
    tie_subject,
)
from bot.usecases.triage import Ruling, decide
from bot.usecases.wishes import Asked, open_wishes, record_wishes

WHY = "The risk has ended and the person is content."
HERS, HIS = "4 Larch Row", "9 Rope Lane"
TOLD = {
    "name": "Bryony Thistle",
    "address": HERS,
    "children": "Ivy Thistle\nRowan Thistle",
    "harmer_name": "Cole Thistle",
    "harmer_address": HIS,
    "phone": "01632 960 999",
    "safe_call": "yes",
    "safe_message": "no",
    "safe_text": "unknown",
    "unsafe_people": "His mother",
    "ex_moved": "yes",
    "ex_night": "no",
    "ex_missed": "unknown",
    "judgement": "It comes sooner each time.",
}
QUESTIONS = [each.id for each in PRACTICE.pathways[MARAT].tool.questions]


@pytest.fixture
def town(begin: Begin) -> Begin:
    settle(begin)
    return begin


@pytest.fixture
def case(town) -> str:
    return told(town, a_case(town))


def told(town, case: str, answers=TOLD) -> str:
    with town() as work:
        work.referrals.row(f"r-{case}").answers = dict(answers)
    return case


def cora(town):
    return person(town, "cora")


def kept(town, model) -> list:
    with town() as work:
        return list(work.session.exec(select(model)))


def file(town, case: str, kind: str, now=NOW):
    return open_case(town, PRACTICE, case, 0, kind=kind, by=cora(town), now=now).part


def said(part) -> str:
    return "\n".join(f"{each.head}\n{each.body}\n{each.said}\n{each.state}" for each in part.entries)


def whole_file(town, case: str) -> list[str]:
    first = open_case(town, PRACTICE, case, 0, by=cora(town), now=NOW)
    parts = [open_case(town, PRACTICE, case, n, by=cora(town), now=NOW) for n in range(first.of)]
    return [said(each.part) for each in parts]


# What they want


def wishes(town, case: str, now=NOW, **but) -> None:
    asked = {"moment": "start", "asked": "yes", **but}
    record_wishes(town, PRACTICE, case, Asked(**asked), by=cora(town), now=now)


def test_nobody_proposes_to_close_before_the_person_was_asked_what_came_of_it(town):
    """S1-15, T25: the MSP outcome is a guard of closure (model.md section 3)."""
    case = a_case(town, pathway=MARM, state="plan_active", rating="low")
    wishes(town, case, wants=["To stay at home"])
    with pytest.raises(Invalid, match="why they could not be asked"):
        propose_closure(town, PRACTICE, case, WHY, by=cora(town), now=NOW)
    asked_at_the_end(town, case, cora(town), NOW)
    propose_closure(town, PRACTICE, case, WHY, by=cora(town), now=NOW)


def test_after_an_objection_the_person_is_asked_once_more(town):
    """S1-15: what came of it before the plan went on is no answer to how it ended."""
    case = a_case(town, pathway=MARM, state="plan_active", rating="low")
    asked_at_the_end(town, case, cora(town), NOW)
    propose_closure(town, PRACTICE, case, WHY, by=cora(town), now=NOW)
    safe = "The warden looks in each morning until this is settled."
    object_to_close(town, PRACTICE, case, WHY, safe, by=person(town, "hal"), now=NOW + timedelta(hours=1))
    with pytest.raises(Invalid):
        propose_closure(town, PRACTICE, case, WHY, by=cora(town), now=NOW + timedelta(hours=2))


def test_not_asked_needs_its_reason_and_asked_needs_what_they_want(town, case):
    """S1-15: yes and what, or not asked and why."""
    with pytest.raises(Invalid) as refused:
        wishes(town, case, asked="no")
    assert set(refused.value.problems) == {"why_not"}
    with pytest.raises(Invalid) as refused:
        wishes(town, case, asked="yes")
    assert set(refused.value.problems) == {"wants"}


def test_at_the_end_each_wish_is_answered_by_somebody_s_word_and_whether_they_feel_safer(town, case):
    """S1-15, S5-43: met in full, in part or not, by whose word; feeling safer is the person's own to say."""
    wishes(town, case, wants=["To stay at home", "That he keeps away"])
    first, second = (each.id for each in open_wishes(town, PRACTICE, case, by=cora(town), now=NOW).wishes)
    with pytest.raises(Invalid) as refused:
        wishes(town, case, moment="end", met={first: ("fully", "")})
    assert set(refused.value.problems) == {f"word-{first}", f"met-{second}", "safer"}
    met = {first: ("fully", "person"), second: ("partly", "professional")}
    wishes(town, case, NOW + timedelta(days=1), moment="end", met=met, safer="yes", safer_words="“I sleep.”")
    shown = said(file(town, case, "wishes"))
    assert "At the end: met in full, by the person’s word." in shown
    assert "At the end: met in part, by a professional’s." in shown
    assert "They feel safer\n“I sleep.”" in shown


def test_counts_of_what_came_of_it_hold_no_case_and_no_words(town, case):
    """S5-43: outcome lines, for reports."""
    wishes(town, case, wants=["To stay at home"])
    [wish] = open_wishes(town, PRACTICE, case, by=cora(town), now=NOW).wishes
    wishes(town, case, NOW + timedelta(1), moment="end", met={wish.id: ("fully", "person")}, safer="same")
    with town() as work:
        counts = wish_counts(work, "aldermere", drill=True)
        assert wish_counts(work, "aldermere").asked == 0  # a drill is no statistic
    assert (counts.asked, counts.not_asked, counts.closed_on, counts.not_asked_at_end) == (1, 0, 1, 0)
    assert (counts.met, counts.safer, counts.by_person) == ({"fully": 1}, {"same": 1}, 1)


# How to reach them safely


def test_the_file_says_on_top_how_to_reach_them_and_what_is_unknown_counts_as_no(town, case):
    """S5-17, IG-10."""
    card = open_case(town, PRACTICE, case, 0, by=cora(town), now=NOW).safe
    assert card.may == ("Call them",)
    assert card.never_by == ("Leave a voice message", "Send a text", "Write to them")
    assert (card.number, card.never) == ("01632 960 999", "Not safe to speak to: His mother")


def test_a_number_is_not_told_where_no_way_of_using_it_is_known_to_be_safe(town, case):
    """IG-10: whoever sees a number rings it."""
    known = SafeContact(number="01632 960 999", write="yes")
    record_safe_contact(town, PRACTICE, case, known, by=cora(town), now=NOW)
    card = open_case(town, PRACTICE, case, 0, by=cora(town), now=NOW).safe
    assert (card.may, card.number) == (("Write to them",), "")


def test_an_owner_sees_it_where_the_action_is_to_get_in_touch_and_nowhere_else(town, case):
    """S5-17: what needs no contact shows no number (IG-04)."""
    found = {}
    for category in ("welfare_check", "home_security"):
        agree_now(town, PRACTICE, case, an_action(category, category=category), by=cora(town), now=NOW)
    for row in kept(town, ActionRow):
        opened = open_action(town, PRACTICE, row.id, by=person(town, "hal"), now=NOW)
        found[row.category] = opened.safe
    assert found["home_security"] is None
    assert found["welfare_check"].may == ("Call them",)


# Who they are


def test_accepting_a_referral_makes_its_people_the_case_s_own(town):
    """S4-05, S4-23: adults and children as separate subjects, from the answers, once."""
    case = told(town, a_case(town))
    with town() as work:
        referral = work.referrals.row(f"r-{case}")
        referral.state = "triage"
        work.session.delete(work.cases.clocks(case)[0])
        for clock in work.cases.clocks(case):
            work.session.delete(clock)
        for row in work.cases.agency_rows(case):
            work.session.delete(row)
        work.session.flush()
        work.session.delete(work.cases.row(case))
        tess = PersonRow(
            id="tess", area="aldermere", agency_id="asc", name="Tess", email="t@example.test", roles=["triage"],
            pattern=WEEK,
        )  # fmt: skip
        work.session.add(tess)
    ruling = Ruling(outcome="accept", reason="It is getting worse, says everybody.", coordinator_id="cora")
    decide(town, PRACTICE, f"r-{case}", ruling, by=person(town, "tess"), now=NOW)
    assert sorted((row.role, row.name) for row in kept(town, SubjectRow)) == [
        ("child", "Ivy Thistle"),
        ("child", "Rowan Thistle"),
        ("perpetrator", "Cole Thistle"),
        ("victim", "Bryony Thistle"),
    ]


def test_an_older_case_gets_its_people_when_they_are_first_looked_at_and_only_once(town, case):
    """S4-05: on demand, and nobody who was taken out comes back."""
    sheet = open_subjects(town, PRACTICE, case, by=cora(town), now=NOW)
    child = next(each for each in sheet.subjects if each.name == "Ivy Thistle")
    gone = Described(role="child", name=child.name, remove=True)
    record_subject(town, PRACTICE, case, child.id, gone, by=cora(town), now=NOW)
    again = open_subjects(town, PRACTICE, case, by=cora(town), now=NOW)
    assert [each.name for each in again.subjects] == ["Bryony Thistle", "Rowan Thistle", "Cole Thistle"]
    assert len(kept(town, SubjectRow)) == 4


def test_her_address_and_his_stand_nowhere_in_the_file_until_somebody_opens_them(town, case):
    """IG-21: masked by default, in the people's own parts and in what the referral said."""
    for when in ("before anybody looked", "after"):
        assert [part for part in whole_file(town, case) if HERS in part or HIS in part] == [], when
        open_subjects(town, PRACTICE, case, by=cora(town), now=NOW)


def people(town, case: str) -> dict[str, str]:
    sheet = open_subjects(town, PRACTICE, case, by=cora(town), now=NOW)
    return {each.role: each.id for each in sheet.subjects}


def test_an_address_is_opened_by_itself_and_the_opening_is_on_record(town, case):
    """IG-21, IG-29."""
    who = people(town, case)
    seen = open_addresses(town, PRACTICE, case, (who["victim"],), by=cora(town), now=NOW)
    assert seen.lines == (("Victim 1: Bryony Thistle", HERS),)
    [event] = [row for row in kept(town, AuditEvent) if row.verb == "address.opened"]
    assert (event.actor, who["victim"] in event.facts) == ("cora", True)


def test_both_addresses_together_need_a_reason_which_is_kept(town, case):
    """IG-21: two councils were reprimanded for exactly this."""
    who = people(town, case)
    both = (who["victim"], who["perpetrator"])
    with pytest.raises(Invalid) as refused:
        open_addresses(town, PRACTICE, case, both, "  please ", by=cora(town), now=NOW)
    assert set(refused.value.problems) == {"why"}
    assert kept(town, AddressOpeningRow) == []
    why = "The court asks for both on one form today."
    seen = open_addresses(town, PRACTICE, case, both, why, by=cora(town), now=NOW)
    assert {where for _, where in seen.lines} == {HERS, HIS}
    assert [row.why for row in kept(town, AddressOpeningRow)] == [why]


def test_whoever_is_not_of_the_case_opens_no_address(town, case):
    """IG-05, IG-21."""
    who = people(town, case)
    with pytest.raises(NotAllowed):
        open_addresses(town, PRACTICE, case, (who["victim"],), by=person(town, "pru"), now=NOW)


def test_a_tie_keeps_a_professional_out_and_the_lead_hears_when_they_try(town, case):
    """IG-22: blocked at once, and the information governance lead alerted, once for each try."""
    with town() as work:
        work.register.row("dag").roles = ["ig_lead"]
    who = people(town, case)
    tie = Tied(subject_id=who["perpetrator"], relation="family", to_person_id="hal", must_not_see=True)
    assert open_case(town, PRACTICE, case, 0, by=person(town, "hal"), now=NOW).id == case
    tie_subject(town, PRACTICE, case, tie, by=cora(town), now=NOW)
    assert tell_of_barred(town, PRACTICE, NOW) == 0
    with pytest.raises(NotAllowed):
        open_case(town, PRACTICE, case, 0, by=person(town, "hal"), now=NOW)
    for _ in range(2):
        tell_of_barred(town, PRACTICE, NOW + timedelta(minutes=1))
    [told] = [key for key in owed(town, "tell") if "barred_tried" in key]
    assert f"r-{case}:person:dag" in told


def test_nobody_is_kept_out_while_something_still_waits_for_them(town, case):
    """Rule 8: an action of somebody who can no longer open the case would go quiet."""
    agree_now(town, PRACTICE, case, an_action(), by=cora(town), now=NOW)
    who = people(town, case)
    for id, told in (("hal", "CV-7K4QMX/1"), ("chai", "chairs this case")):
        tie = Tied(subject_id=who["victim"], relation="friend", to_person_id=id, must_not_see=True)
        with pytest.raises(Invalid, match=told):
            tie_subject(town, PRACTICE, case, tie, by=cora(town), now=NOW)


def test_only_the_coordinator_or_a_chair_of_the_case_puts_its_people_right(town, case):
    """S4-23, IG-05."""
    with pytest.raises(NotAllowed):
        open_subjects(town, PRACTICE, case, by=person(town, "hal"), now=NOW)


# The tool


def assessed(town, case: str, yes: int, judgement: str = "high", now=NOW, by: str = "cora") -> None:
    who = person(town, by)
    page = begin_assessment(town, PRACTICE, case, by=who, now=now)
    answers = {id: "yes" if n < yes else "no" for n, id in enumerate(QUESTIONS)}
    while page.questions:
        given = {id: answers[id] for id, *_ in page.questions}
        page = answer_page(town, PRACTICE, page.id, page.page, given, by=who, now=now)
    finish_assessment(town, PRACTICE, page.id, judgement, "What I saw at her door.", by=who, now=now)


def test_the_referral_s_own_answers_are_the_first_version_and_each_later_one_is_kept(town, case):
    """S1-12, D2: versions, who and when, and the course over all of them; nothing is written over."""
    assessed(town, case, 7)
    first = kept(town, RiskAssessmentRow)[0].model_dump()
    assessed(town, case, 3, "very_high", NOW + timedelta(days=9), by="hal")
    with town() as work:
        found = versions(work, PRACTICE, work.cases.row(case))
    assert [(each.number, each.yes, each.who) for each in found] == [
        (3, 3, "Hal Birch"),
        (2, 7, "Cora Vale"),
        (1, 1, "Pru Gale, with the referral"),
    ]
    rows = {row.number: row for row in kept(town, RiskAssessmentRow)}
    assert rows[2].model_dump() == first
    assert rows[3].supersedes_id == first["id"]
    shown = said(file(town, case, "assessments"))
    assert "The tool counted 1 of 10, then 7 of 10, then 3 of 10." in shown
    assert "People judged: as the referrer wrote, then High, then Very high." in shown


def test_a_low_number_changes_nothing_and_the_judgement_beside_it_must_be_given(town, case):
    """Rule 6, IG-44: nothing is blocked, closed or taken down by a score."""
    with town() as work:
        before = work.cases.row(case).model_dump()
    page = begin_assessment(town, PRACTICE, case, by=cora(town), now=NOW)
    while page.questions:
        given = {id: "no" for id, *_ in page.questions}
        page = answer_page(town, PRACTICE, page.id, page.page, given, by=cora(town), now=NOW)
    assert page.judgement == ""
    with pytest.raises(Invalid) as refused:
        finish_assessment(town, PRACTICE, page.id, "", "", by=cora(town), now=NOW)
    assert set(refused.value.problems) == {"judgement", "reason"}
    finish_assessment(town, PRACTICE, page.id, "very_high", "What I saw at her door.", by=cora(town), now=NOW)
    with town() as work:
        assert work.cases.row(case).model_dump() == before


def test_a_blank_is_not_a_no_and_going_back_keeps_what_was_chosen(town, case):
    """Rule 7, D2: "don't know" is an answer, a blank is none."""
    page = begin_assessment(town, PRACTICE, case, by=cora(town), now=NOW)
    first = page.questions[0][0]
    with pytest.raises(Invalid) as refused:
        answer_page(town, PRACTICE, page.id, 0, {first: "yes"}, by=cora(town), now=NOW)
    assert len(refused.value.problems) == len(page.questions) - 1
    given = {id: "unknown" for id, *_ in page.questions}
    second = answer_page(town, PRACTICE, page.id, 0, given, by=cora(town), now=NOW)
    back = answer_page(town, PRACTICE, page.id, second.page, {}, back=True, by=cora(town), now=NOW)
    assert [answer for *_, answer in back.questions] == ["unknown"] * len(given)


def test_what_one_has_begun_is_nobody_else_s_and_is_gone_on_with(town, case):
    """S1-12."""
    page = begin_assessment(town, PRACTICE, case, by=cora(town), now=NOW)
    with pytest.raises(NotFound):
        answer_page(town, PRACTICE, page.id, 0, {}, by=person(town, "chai"), now=NOW)
    assert begin_assessment(town, PRACTICE, case, by=cora(town), now=NOW).id == page.id
    assert begin_assessment(town, PRACTICE, case, by=person(town, "chai"), now=NOW).id != page.id


def test_the_coordinator_is_asked_for_a_new_one_before_a_meeting_that_would_rest_on_an_old_one(town, case):
    """M12: no older than three months when it is read; asked once a meeting, and nothing is held up."""
    options = find_times(town, PRACTICE, wanted(case), source="s", by=cora(town), now=NOW).options
    meeting = book(town, PRACTICE, options[0].id, by=cora(town), now=NOW).meeting_id

    def asked() -> int:
        with town() as work:
            return ask_to_assess_again(work, PRACTICE, NOW)

    assert asked() == 0
    with town() as work:
        work.referrals.row(f"r-{case}").received_at = NOW - timedelta(days=120)
    assert (asked(), asked()) == (1, 1)
    keys = [key for key in owed(town, "tell") if "assessment_stale" in key]
    assert keys == [f"tell:assessment_stale:{case}:person:cora:{meeting}"]
    assert "Out of date" in said(file(town, case, "assessments"))
    assessed(town, case, 7)
    assert asked() == 0


# What the person says


def test_what_the_person_says_is_kept_in_versions_with_their_advocacy_and_its_day(town, case):
    """S2-30, S2-31, S2-32, S5-14."""
    with pytest.raises(Invalid) as refused:
        record_account(
            town, PRACTICE, case, Account(matters="Her dog", advocacy="offered"), by=cora(town), now=NOW
        )
    assert set(refused.value.problems) == {"advocacy_on"}
    for n, (matters, advocacy) in enumerate((("Her dog", "needed"), ("Her dog and her garden", "accepted"))):
        told = Account(
            matters=matters, own_risk="“I can manage him.”", advocacy=advocacy, advocacy_on=NOW.date()
        )
        record_account(town, PRACTICE, case, told, by=cora(town), now=NOW + timedelta(hours=n))
    assert [row.matters for row in kept(town, PersonAccountRow)] == ["Her dog", "Her dog and her garden"]
    shown = said(file(town, case, "account"))
    assert shown.index("Her dog and her garden") < shown.index("Before that")
    assert "Advocate: accepted, and not in place yet, 2 March 2026" in shown


def on_the_table(town, case: str) -> str:
    options = find_times(town, PRACTICE, wanted(case), source="s", by=cora(town), now=NOW).options
    meeting = book(town, PRACTICE, options[0].id, by=cora(town), now=NOW).meeting_id
    start(town, PRACTICE, meeting, by=cora(town), now=NOW)
    with town() as work:
        return work.meetings.agenda(meeting)[0].id


def test_whoever_is_about_to_decide_reads_what_the_person_said_last(town, case):
    """S1-09: views shown before any decision is saved."""
    wishes(town, case, wants=["That he keeps away"])
    told = Account(own_risk="“It is worst on paydays.”", advocacy="not_needed")
    record_account(town, PRACTICE, case, told, by=cora(town), now=NOW)
    item = on_the_table(town, case)
    voice(town, item, cora(town), NOW)
    sheet = open_case_sheet(town, PRACTICE, item, by=cora(town), now=NOW)
    shown = "\n".join(each.body for each in sheet.latest)
    for words in ("That he keeps away", "“It is worst on paydays.”", "to be left in peace"):
        assert words in shown
    record_decision(town, PRACTICE, item, a_decision(), source="d", by=cora(town), now=NOW)


# Single risks, and whether the plan is enough


def a_risk(**but) -> RatedRisk:
    values = {
        "description": "He waits outside the school.",
        "to_whom": "others",
        "likelihood": "high",
        "impact": "very_high",
        "rating": "high",
        "agency_id": "police",
        "strengths": "The school lets the children out by the back gate.",
        **but,
    }
    return RatedRisk(**values)


def test_a_risk_is_rated_by_a_person_and_rated_again_beside_what_it_was(town, case):
    """S2-33, S2-34: to whom, likelihood, impact, owner, strengths, and the trend as people rated it."""
    rate_risk(town, PRACTICE, case, "", a_risk(), by=cora(town), now=NOW)
    [first] = kept(town, RiskRow)
    rate_risk(town, PRACTICE, case, first.risk, a_risk(rating="low"), by=person(town, "chai"), now=NOW)
    rows = {row.version: row for row in kept(town, RiskRow)}
    assert rows[1] == first
    assert (rows[2].trend, rows[2].number, rows[2].by_id) == ("down", 1, "chai")
    shown = said(file(town, case, "risks"))
    assert "Rated high, then low: down since last time." in shown
    assert "What keeps them safe: The school lets" in shown


def test_no_level_of_a_risk_is_filled_in_for_anybody(town, case):
    """Rule 6: likelihood and impact never make a rating."""
    with pytest.raises(Invalid) as refused:
        rate_risk(town, PRACTICE, case, "", a_risk(rating=""), by=cora(town), now=NOW)
    assert set(refused.value.problems) == {"rating"}


def test_an_action_can_be_traced_to_a_risk_and_to_what_the_person_wants(town, case):
    """S2-35."""
    rate_risk(town, PRACTICE, case, "", a_risk(), by=cora(town), now=NOW)
    wishes(town, case, wants=["That he keeps away"])
    [risk] = kept(town, RiskRow)
    [wish] = open_wishes(town, PRACTICE, case, by=cora(town), now=NOW).wishes
    agree_now(town, PRACTICE, case, an_action(risk=risk.risk, outcome=wish.id), by=cora(town), now=NOW)
    assert "For risk 1 and wanted outcome 1." in said(file(town, case, "actions"))
    assert "Actions: CV-7K4QMX/1." in said(file(town, case, "risks"))
    with pytest.raises(Invalid) as refused:
        agree_now(town, PRACTICE, case, an_action("two", risk="of-another-case"), by=cora(town), now=NOW)
    assert set(refused.value.problems) == {"linked_risk"}


def test_a_pathway_may_ask_of_every_action_what_it_is_for(town, case):
    """S2-35: `actions.need` with linked_risk and linked_outcome."""
    rule = PRACTICE.pathways[MARAT]
    asks = replace(
        rule, actions=replace(rule.actions, need=(*rule.actions.need, "linked_risk", "linked_outcome"))
    )
    strict = Practice(area=PRACTICE.area, pathways={**PRACTICE.pathways, MARAT: asks})
    with pytest.raises(Invalid, match="first"):
        agree_now(town, strict, case, an_action(), by=cora(town), now=NOW)
    rate_risk(town, strict, case, "", a_risk(), by=cora(town), now=NOW)
    wishes(town, case, wants=["That he keeps away"])
    with pytest.raises(Invalid) as refused:
        agree_now(town, strict, case, an_action(), by=cora(town), now=NOW)
    assert set(refused.value.problems) == {"linked_risk", "linked_outcome"}


def test_the_plan_is_found_enough_or_not_for_each_of_the_people_with_why(town, case):
    """S4-06: a mother's answer is not her children's."""
    item = on_the_table(town, case)
    form = open_enough(town, PRACTICE, item, by=cora(town), now=NOW)
    ids = {label: id for id, label, *_ in form.people}
    assert set(ids) == {"Victim 1", "Child 3", "Child 4", "Person causing harm 2"}
    answers = dict.fromkeys(ids.values(), ("yes", "The locks and the light are done."))
    with pytest.raises(Invalid) as refused:
        record_enough(town, PRACTICE, item, {**answers, ids["Child 4"]: ("", "")}, by=cora(town), now=NOW)
    assert set(refused.value.problems) == {f"enough-{ids['Child 4']}"}
    answers[ids["Child 4"]] = ("no", "Nobody meets him at the school bus yet.")
    for _ in range(2):
        record_enough(town, PRACTICE, item, answers, by=cora(town), now=NOW)
    assert "Plan for child 4\nNobody meets him at the school bus yet." in said(file(town, case, "enough"))
    assert len(kept(town, AdequacyRow)) == 8  # each time beside the last


def test_versions_are_only_ever_added(town, case):
    """S1-12, S2-30, S5-17, S1-15: what was written down stays as it was, whatever is written later."""
    models = (SafeContactRow, PersonAccountRow, OutcomeCheckRow, RiskRow)

    def one_of_each(n: int) -> None:
        at = NOW + timedelta(days=n)
        record_safe_contact(town, PRACTICE, case, SafeContact(number=str(n)), by=cora(town), now=at)
        told = Account(matters=f"Thing {n}", advocacy="unknown")
        record_account(town, PRACTICE, case, told, by=cora(town), now=at)
        wishes(town, case, at, moment="middle", wants=[f"Wish {n}"])
        known = next((row.risk for row in kept(town, RiskRow)), "")
        rate_risk(town, PRACTICE, case, known, a_risk(), by=cora(town), now=at)

    seen: dict[str, dict] = {}
    for n in range(4):
        one_of_each(n)
        now = {row.id: row.model_dump() for model in models for row in kept(town, model)}
        assert {id: now[id] for id in seen} == seen
        assert len(now) == 4 * (n + 1)
        seen = now


def test_a_date_of_birth_is_told_as_a_day(town):
    """S4-05."""
    case = told(town, a_case(town), {**TOLD, "born": "1988-05-02"})
    assert "Born 2 May 1988" in said(file(town, case, "subjects"))
