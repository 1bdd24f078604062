"""Two pathways from the first concern to a plan, each to be read beside its source document.

Redbridge (S1): any professional, section 42 first, a risk tool, a meeting, a plan. Solihull (S2): a lead professional,
and their manager chairs. And the short way: professionals who have to speak within 48 hours (S5). All are invented.
"""

from dataclasses import replace

import pytest
from meeting_builders import a_practice, asked_at_the_end, at, on, person, settle
from referring import a_referral, the_second_form

from bot.domain.errors import Invalid, NotAllowed, TooLate
from bot.storage.tables import CaseBarRow, PersonRow
from bot.usecases.agree import NewAction, agree_in_meeting
from bot.usecases.book import book
from bot.usecases.close import close_case, propose_closure
from bot.usecases.conclude import conclude
from bot.usecases.convene import Wanted, begin_finding, find_times
from bot.usecases.hold import Mark, record_attendance, start
from bot.usecases.lead import begin_lead, name_lead
from bot.usecases.looks.cases import clock_lines
from bot.usecases.looks.meeting import invitation_card, meeting_card
from bot.usecases.open_referral import open_referral, open_threshold, open_verdict
from bot.usecases.record import (
    Decided,
    Rated,
    Said,
    record_decision,
    record_prompts,
    record_risk,
    record_voice,
)
from bot.usecases.refer import begin_second_stage
from bot.usecases.repeats import NOT_THE_SAME
from bot.usecases.triage import Ruling, decide
from bot.usecases.views_first import open_views_first, record_views_first
from bot.usecases.wishes import Asked, record_wishes

REDBRIDGE, SOLIHULL, PROFESSIONALS = "redbridge-marm", "solihull-marm", "professionals-meeting"
PRACTICE = a_practice(pathways=(REDBRIDGE, SOLIHULL, PROFESSIONALS), rooms={})
MONDAY = at("2026-03-02", "09:00")
ACCEPTED = Ruling(outcome="accept", reason="Several agencies are needed, and soon.")
BELOW_42 = {"s42_needs": "yes", "s42_risk": "yes", "s42_unable": "no", "s42_reason": "They weigh it up well."}


@pytest.fixture
def town(begin):
    settle(begin)
    with begin() as work:
        for id, agency, name, role in (
            ("tess", "asc", "Tess Field", "triage"),
            ("lena", "asc", "Lena Frost", "agency_lead"),
            ("hugo", "homes", "Hugo Lead", "agency_lead"),
        ):
            week = {day: ["09:00", "17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
            row = PersonRow(id=id, area="aldermere", agency_id=agency, name=name, email=f"{id}@example.test")
            row.roles, row.pattern = [role], week
            work.session.add(row)
    return begin


def refers(town, pathway, who="pru", now=MONDAY, **said):
    return a_referral(town, PRACTICE, PRACTICE.pathways[pathway], by=person(town, who), now=now, **said)


def accepts(town, receipt, now=MONDAY):
    """Accepted as a person of its own, whoever was referred before under the same invented name."""
    ruling = replace(ACCEPTED, repeat_of=NOT_THE_SAME)
    decide(town, PRACTICE, receipt.referral_id, ruling, by=person(town, "tess"), now=now)
    with town() as work:
        case = work.cases.of_referral(receipt.referral_id)
        assert case is not None
        return case.id


def a_case(town, pathway, **said):
    return accepts(town, refers(town, pathway, **said))


def row_of(town, case):
    with town() as work:
        row = work.cases.row(case)
        work.session.expunge(row)
        return row


def meets(town, case, by, *, stage="meeting", required=("asc", "homes"), now=MONDAY):
    """Booked for the first time that everybody can; the meeting and when it begins."""
    wanted = Wanted(
        stage=stage,
        required=required,
        optional=(),
        minutes=60,
        first=on("2026-03-02"),
        last=on("2026-03-20"),
        case_id=case,
    )
    found = find_times(town, PRACTICE, wanted, source=f"{case}{stage}", by=by, now=now)
    booked = book(town, PRACTICE, found.options[0].id, by=by, now=now)
    return booked.meeting_id, booked.starts_at


def is_heard(town, case, meeting, chair, now, *, kind="plan_agreed"):
    """Everything that has to be on record, then the end."""
    pathway = PRACTICE.of(row_of(town, case))
    with town() as work:
        item = work.meetings.item_of(meeting, case).id
    if any(stage.views_first for stage in pathway.stages):
        record_views_first(town, PRACTICE, meeting, case, "comes", by=chair, now=now)
    start(town, PRACTICE, meeting, by=chair, now=now)
    came = [Mark(agency_id=id, status="present") for id in ("asc", "homes", "nhs")]
    record_attendance(town, PRACTICE, meeting, came, by=chair, now=now)
    said = Said(
        how="attended", views="“Ask me first. Then we shall see.”", outcomes="To be let alone at night"
    )
    record_voice(town, PRACTICE, item, said, by=chair, now=now)
    prompts = tuple(prompt.id for prompt in pathway.prompts)
    record_prompts(town, PRACTICE, item, prompts, by=chair, now=now)
    decided = Decided(
        kind=kind,
        text="The plan as it was written down today is agreed.",
        reasons="It answers each risk that was named.",
        options="Doing nothing was weighed and set aside.",
        support="The options were gone through with them on two visits.",
        law=("care_act_s9",),
        review_on=on("2026-04-10"),
    )
    record_decision(town, PRACTICE, item, decided, source=f"{item}:d", by=chair, now=now)
    action = NewAction(
        agency_id="homes",
        owner_id="hal",
        category="visit",
        detail="Visit with somebody whom they trust, and say what came of it",
        due=on("2026-03-23"),
        review_on=on("2026-04-10"),
        source=f"{item}:a",
    )
    agree_in_meeting(town, PRACTICE, item, action, by=chair, now=now)
    rated = Rated(rating="medium", mitigated=True, review_on=on("2026-04-10"))
    record_risk(town, PRACTICE, item, rated, by=chair, now=now)
    return conclude(town, PRACTICE, meeting, "", by=chair, now=now)


# Redbridge


def test_any_professional_begins_in_redbridge_and_agencies_end_with_one_plan(town):
    """S1-01, S1-02, S1-06, S1-08, S1-11 to S1-14, S1-17: concern, section 42, tool, meeting, plan."""
    pru, cora = (
        person(town, "pru"),
        person(town, "cora"),
    )  # Pru practises for a landlord and holds no other role
    receipt = refers(town, REDBRIDGE, concerns=["hoarding", "disengaged"], several="yes", **BELOW_42)
    shown = open_threshold(town, PRACTICE, receipt.referral_id, by=person(town, "tess"), now=MONDAY)
    assert shown.overall == "met"
    assert [group.title for group in shown.groups] == [
        "Below section 42 (one of these is enough)",
        "Several agencies are needed",
        "At least one of these",
    ]
    case = accepts(town, receipt)
    row = row_of(town, case)
    assert (row.pathway, row.pathway_version) == (REDBRIDGE, PRACTICE.pathways[REDBRIDGE].version)
    assert row.lead_id == "pru", "whoever raised it leads until the meeting agrees on somebody"

    draft = begin_second_stage(town, PRACTICE, receipt.referral_id, by=pru, now=MONDAY)
    pathway = PRACTICE.pathways[REDBRIDGE]
    yes = dict.fromkeys([question.id for question in pathway.tool.questions[:4]], "yes")
    no = dict.fromkeys([question.id for question in pathway.tool.questions[4:]], "no")
    the_second_form(
        town,
        PRACTICE,
        draft,
        pathway,
        by=pru,
        now=MONDAY,
        tool_used="with_person",
        risk_on="2026-03-01",
        **yes,
        **no,
    )
    with town() as work:
        answers = work.referrals.row(receipt.referral_id).answers
    score = pathway.tool.score(answers)
    assert (score.yes, pathway.tool.band(score).id) == (4, "several"), "the tool comes before the meeting"

    meeting, begins = meets(town, case, pru)
    assert is_heard(town, case, meeting, cora, begins) == [receipt.ref]
    with town() as work:
        [action] = work.plans.of_case(case)
        assert (action.agency_id, action.owner_id) == ("homes", "hal")
        assert work.cases.row(case).state == "plan_active"
        assert work.cases.voice(case).outcomes == "To be let alone at night"


def test_section_42_is_shown_to_triage_with_the_answers_and_decides_nothing(town):
    """S1-01, S1-18: the redirect is filled in, the answers go along, and a person decides (rule 6)."""
    tess = person(town, "tess")
    all_three = {**BELOW_42, "s42_unable": "yes"}
    receipt = refers(town, REDBRIDGE, concerns=["hoarding"], several="yes", **all_three)
    shown = open_threshold(town, PRACTICE, receipt.referral_id, by=tess, now=MONDAY)
    assert (shown.overall, shown.route) == ("not", "s42")
    first, *_, standing = shown.pointers
    assert first.route == "Adult safeguarding (section 42)"
    assert [line.answer for line in first.lines][:4] == ["Yes", "Yes", "Yes", "They weigh it up well."]
    assert "statutory" in standing.text
    with town() as work:
        assert work.referrals.row(receipt.referral_id).state == "triage"

    # She judges otherwise, and what was filled in for her is not held against it.
    mine = Ruling(
        outcome="accept", reason="The enquiry is open, and this goes on beside it.", redirect_to="s42"
    )
    decide(town, PRACTICE, receipt.referral_id, mine, by=tess, now=MONDAY)
    with town() as work:
        assert [each.redirect_to for each in work.referrals.decisions(receipt.referral_id)] == [None]


def test_a_redirect_is_told_with_its_next_step(town):
    """S1-01: the referrer hears which route, and need not start again."""
    receipt = refers(town, REDBRIDGE, **{**BELOW_42, "s42_unable": "yes"})
    away = Ruling(outcome="redirect", reason="All three questions are yes.", redirect_to="s42")
    decide(town, PRACTICE, receipt.referral_id, away, by=person(town, "tess"), now=MONDAY)
    told = open_verdict(town, PRACTICE, receipt.referral_id, by=person(town, "pru"), now=MONDAY)
    assert told.redirect == "Adult safeguarding (section 42)"
    assert "do not start again" in told.redirect_text


# Solihull


def test_in_solihull_the_lead_convenes_their_manager_chairs_and_the_meeting_ends_with_a_plan(town):
    """S2-08, S2-09, S2-11, S2-14 to S2-18, S2-36 to S2-41."""
    receipt = refers(town, SOLIHULL, lead_professional="ana", lead_manager="abe", concerns=["self_neglect"])
    case = accepts(town, receipt)
    row = row_of(town, case)
    assert (row.lead_id, row.chair_id) == ("ana", "abe")

    # Ana calls it herself, for the first time that everybody can; no safeguarding enquiry was asked for (S2-12).
    ana, abe = person(town, "ana"), person(town, "abe")
    meeting, begins = meets(town, case, ana)
    assert begins.date() == on("2026-03-02"), "the soonest opportunity"
    with town() as work:
        assert work.meetings.row(meeting).chair_id == "abe"
        invited = [
            invitation_card(work, PRACTICE, each.id, MONDAY) for each in work.meetings.invitations(meeting)
        ]
    assert invited
    assert all(card.priority and card.chair == "Abe Stone" for card in invited)

    # Abe has no other role: it is that he is named to chair which lets him run it.
    with pytest.raises(NotAllowed):
        start(town, PRACTICE, meeting, by=person(town, "pru"), now=begins)
    assert is_heard(town, case, meeting, abe, begins, kind="lead_agreed") == [receipt.ref]
    assert row_of(town, case).state == "plan_active"


def test_a_meeting_starts_only_when_the_person_comes_or_their_views_or_the_reason_are_on_record(town):
    """S2-18: the refusal says for which case, and what to press; the room's card says it beforehand."""
    case = a_case(town, SOLIHULL, lead_professional="ana", lead_manager="abe")
    ana, abe = person(town, "ana"), person(town, "abe")
    meeting, begins = meets(town, case, ana)
    ref = row_of(town, case).ref

    def waits_for():
        with town() as work:
            return [each.label for each in meeting_card(work, PRACTICE, meeting, MONDAY).unheard]

    assert waits_for() == [ref]
    with pytest.raises(TooLate) as refused:
        start(town, PRACTICE, meeting, by=abe, now=begins)
    assert ref in str(refused.value)
    assert "Views for the meeting" in str(refused.value)
    assert "the reason" in str(refused.value)
    with town() as work:
        assert work.meetings.row(meeting).state == "invited"

    form = open_views_first(town, PRACTICE, case, by=ana, now=MONDAY)
    assert (form.meeting_id, form.waits, form.how) == (meeting, True, "")
    for how, said, problem in (
        ("", "", "how"),
        ("advocate", "short", "views"),
        ("not_obtained", "short", "why_not"),
    ):
        with pytest.raises(Invalid) as wrong:
            record_views_first(town, PRACTICE, meeting, case, how, said, said, by=ana, now=MONDAY)
        assert set(wrong.value.problems) == {problem}
    with pytest.raises(NotAllowed):
        record_views_first(town, PRACTICE, meeting, case, "comes", by=person(town, "tess"), now=MONDAY)
    why = "They were out on both visits, and do not answer the telephone."
    record_views_first(town, PRACTICE, meeting, case, "not_obtained", "", why, by=ana, now=MONDAY)
    assert waits_for() == []
    assert open_views_first(town, PRACTICE, case, by=ana, now=MONDAY).why_not == why

    # They say after all that they come: that they could not be reached is no reason any more to decide without them.
    record_views_first(town, PRACTICE, meeting, case, "comes", by=ana, now=MONDAY)
    with town() as work:
        assert work.cases.voice(case, meeting) is None
    start(town, PRACTICE, meeting, by=abe, now=begins)
    with pytest.raises(TooLate):
        record_views_first(town, PRACTICE, meeting, case, "comes", by=ana, now=begins)
    with pytest.raises(TooLate):
        open_views_first(town, PRACTICE, case, by=ana, now=begins)


def test_what_the_person_wants_asked_since_the_last_meeting_lets_the_next_one_start(town):
    """S2-18, S1-15: their wishes are available; what was asked before an earlier meeting is not enough for a later."""
    case = a_case(town, SOLIHULL, lead_professional="ana", lead_manager="abe")
    ana, abe = person(town, "ana"), person(town, "abe")
    asked = Asked(moment="start", asked="yes", wants=["To be let alone at night"])
    record_wishes(town, PRACTICE, case, asked, by=ana, now=MONDAY)
    meeting, begins = meets(town, case, ana)
    start(town, PRACTICE, meeting, by=abe, now=begins)
    with town() as work:
        work.meetings.row(meeting).state = "concluded"
        work.cases.row(case).state = "plan_active"
    again, then = meets(town, case, ana, stage="review", now=begins)
    with pytest.raises(TooLate, match="not on record"):
        start(town, PRACTICE, again, by=abe, now=then)
    record_wishes(town, PRACTICE, case, replace(asked, moment="middle"), by=ana, now=then)
    start(town, PRACTICE, again, by=abe, now=then)


def test_where_nobody_leads_yet_a_closure_waits_for_somebody_to_be_named(town):
    """`closure.by` names the lead professional: the refusal says what to press, so that nothing is stuck (rule 8)."""
    case = a_case(town, SOLIHULL, lead_professional="ana", lead_manager="abe")
    with town() as work:
        work.cases.row(case).lead_id = None
    with pytest.raises(NotAllowed, match="Name the lead professional"):
        propose_closure(town, PRACTICE, case, "All is done.", by=person(town, "cora"), now=MONDAY)


def test_without_a_named_manager_the_lead_of_the_leads_agency_chairs(town):
    """S2-15: never the lead themselves, and never somebody who must not see the case."""
    assert row_of(town, a_case(town, SOLIHULL, lead_professional="ana")).chair_id == "lena"
    assert (
        row_of(town, a_case(town, SOLIHULL, lead_professional="lena", now=at("2026-03-03"))).chair_id
        != "lena"
    )
    barred = refers(
        town,
        SOLIHULL,
        now=at("2026-03-04"),
        lead_professional="ana",
        lead_manager="abe",
        must_not_see=["abe"],
    )
    assert row_of(town, accepts(town, barred)).chair_id == "lena"


def test_the_concerned_practitioner_convenes_until_the_meeting_agrees_on_a_lead(town):
    """S2-10, S2-13: to be agreed at the meeting is an answer, and somebody convenes all the same."""
    case = a_case(town, SOLIHULL, lead_professional="unknown")
    row = row_of(town, case)
    assert (row.lead_id, row.chair_id) == ("pru", "hugo")
    pru = person(town, "pru")
    meeting, begins = meets(town, case, pru)
    assert is_heard(town, case, meeting, person(town, "hugo"), begins, kind="lead_agreed")

    asked = begin_lead(town, PRACTICE, case, by=pru, now=begins)
    assert asked.lead == "Pru Gale"
    with pytest.raises(Invalid) as wrong:
        name_lead(town, PRACTICE, case, "nobody", "", by=pru, now=begins)
    assert set(wrong.value.problems) == {"lead", "why"}
    name_lead(town, PRACTICE, case, "nur", "The trust sees them every week.", by=pru, now=begins)
    row = row_of(town, case)
    assert row.lead_id == "nur"
    with town() as work:
        assert "nhs" in work.cases.agencies(case)
    with pytest.raises(NotAllowed):
        begin_lead(town, PRACTICE, case, by=pru, now=begins)  # she has handed it over


def test_a_lead_named_before_the_meeting_is_booked_brings_their_manager_to_its_chair(town):
    """S2-10, S2-15."""
    case = a_case(town, SOLIHULL, lead_professional="unknown")
    pru = person(town, "pru")
    wanted = Wanted(
        stage="meeting",
        required=("asc", "homes"),
        optional=(),
        minutes=60,
        first=on("2026-03-03"),
        last=on("2026-03-20"),
        case_id=case,
    )
    found = find_times(town, PRACTICE, wanted, source="sought", by=pru, now=MONDAY)
    name_lead(town, PRACTICE, case, "ana", "She sees them every week.", by=pru, now=MONDAY)
    with town() as work:
        assert work.meetings.row(found.meeting_id).chair_id == "lena"
    assert row_of(town, case).chair_id == "lena"


def test_somebody_who_must_not_see_the_case_never_leads_on_it(town):
    """S2-08 with C24: neither by the form nor by name, and they are not offered."""
    case = a_case(town, SOLIHULL, lead_professional="ana", must_not_see=["ana"])
    assert row_of(town, case).lead_id == "pru"
    cora = person(town, "cora")
    assert "ana" not in dict(begin_lead(town, PRACTICE, case, by=cora, now=MONDAY).people)
    with pytest.raises(Invalid):
        name_lead(town, PRACTICE, case, "ana", "She knows them best of all.", by=cora, now=MONDAY)


def test_the_lead_proposes_to_close_they_and_their_manager_sign_and_a_closed_case_needs_no_lead(town):
    """S2-15, S2-17, S3-34: `closure.by` and both signatures, by the pathway's own proposal (P)."""
    case = a_case(town, SOLIHULL, lead_professional="ana", lead_manager="abe")
    ana = person(town, "ana")
    meeting, begins = meets(town, case, ana)
    is_heard(town, case, meeting, person(town, "abe"), begins)
    with town() as work:
        for action in work.plans.of_case(case):
            action.state, action.outcome, action.next_at = "closed", "done", None
    abe = person(town, "abe")
    with pytest.raises(NotAllowed):
        propose_closure(town, PRACTICE, case, "I should like it closed.", by=person(town, "hal"), now=begins)
    asked_at_the_end(town, case, abe, begins)
    why = "Everything that was agreed is done."
    for runs_it in ("abe", "cora"):  # they run the case, and the pathway names the lead professional
        with pytest.raises(NotAllowed, match="the lead professional proposes to close a case: Ana"):
            propose_closure(town, PRACTICE, case, why, by=person(town, runs_it), now=begins)
    propose_closure(town, PRACTICE, case, why, by=ana, now=begins)

    # Two signatures, each by another person: the manager, who chairs, and the lead professional.
    close_case(town, PRACTICE, case, "The risk has come down, and the plan holds.", by=abe, now=begins)
    assert row_of(town, case).state == "closure_proposed"
    with pytest.raises(TooLate, match="signed already"):
        close_case(town, PRACTICE, case, "The risk has come down, and the plan holds.", by=abe, now=begins)
    close_case(town, PRACTICE, case, "I have seen that the plan holds.", by=ana, now=begins)
    assert row_of(town, case).state == "closed"
    with pytest.raises(TooLate):
        name_lead(town, PRACTICE, case, "nur", "The trust sees them every week.", by=ana, now=begins)


def test_in_solihull_no_capacity_points_away_and_leaves_the_family_route_open(town):
    """S2-03, S2-07: a statement, never a verdict."""
    said = {"capacity": "lacks", "concerns": ["family"], "scope": "needs", "family_harm": "yes"}
    receipt = refers(town, SOLIHULL, **said)
    shown = open_threshold(town, PRACTICE, receipt.referral_id, by=person(town, "tess"), now=MONDAY)
    assert (shown.overall, shown.route) == ("met", "best_interests")
    assert accepts(town, receipt)


# Professionals who have to speak


@pytest.mark.parametrize(("urgency", "clocks"), [("within_48_hours", ["planning"]), ("soonest", [])])
def test_joint_planning_has_its_48_hours_where_it_is_urgent_and_no_clock_where_it_is_not(
    town, urgency, clocks
):
    """S5-36, S5-37: clock hours, said as such on the case's card."""
    friday = at("2026-03-27", "16:00")
    receipt = refers(town, PROFESSIONALS, now=friday, urgency=urgency, threshold="disputed")
    assert receipt.triage_due_at == at("2026-03-27", "17:00"), "answered on the day it comes"
    case = accepts(town, receipt, friday)
    with town() as work:
        found = work.cases.clocks(case)
        assert [clock.stage for clock in found] == clocks
        lines = clock_lines(work, PRACTICE, work.cases.row(case), friday)
    assert [line.due_at for line in lines] == [at("2026-03-29", "17:00")] * len(clocks)
    assert all(line.by_the_hour for line in lines)


def test_whoever_asks_leads_and_chairs_unless_somebody_else_is_named(town):
    """P6."""
    row = row_of(town, a_case(town, PROFESSIONALS, urgency="soonest"))
    assert (row.lead_id, row.chair_id) == ("pru", "pru")
    named = {"lead_professional": "ana", "proposed_chair": "nur"}
    row = row_of(town, a_case(town, PROFESSIONALS, now=at("2026-03-03"), urgency="soonest", **named))
    assert (row.lead_id, row.chair_id) == ("ana", "nur")


def test_the_second_of_two_people_is_shown_on_a_page_of_their_own(town):
    """S5-28, P4: separate records."""
    receipt = refers(
        town,
        PROFESSIONALS,
        name="Alder Finch",
        urgency="soonest",
        two_people="yes",
        second_name="Rowan Teal",
        second_views="He would like a lock.",
    )
    tess, pages = person(town, "tess"), []
    for number in range(40):
        page = open_referral(town, PRACTICE, receipt.referral_id, number, by=tess, now=MONDAY)
        pages.append((page.part.about, [line.answer for line in page.part.lines]))
        if page.number == page.of:
            break
    apart = [answers for about, answers in pages if about == "second_person"]
    assert len(apart) == 1
    assert "Rowan Teal" in apart[0]
    assert not any("Alder Finch" in answers and "Rowan Teal" in answers for _, answers in pages)


def test_a_bar_put_up_later_holds_for_the_lead_too(town):
    """C24, IG-22: whoever is barred from the case does not run it by being its lead."""
    case = a_case(town, SOLIHULL, lead_professional="ana", lead_manager="abe")
    with town() as work:
        referral = work.cases.row(case).referral_id
        work.session.add(CaseBarRow(id="later", referral_id=referral, person_id="ana"))
    with pytest.raises(NotAllowed):
        begin_lead(town, PRACTICE, case, by=person(town, "ana"), now=MONDAY)


def test_triage_sees_that_the_same_name_was_referred_before_and_acts_early(town):
    """S1-16, S2-49: counted, named by reference only, and not shown to whoever is barred from it."""
    first = refers(town, REDBRIDGE, now=at("2025-11-03"), name="Alder Finch", born="1950-02-03")
    refers(town, REDBRIDGE, now=at("2024-11-04"), name="Alder Finch")  # too long ago
    refers(town, REDBRIDGE, now=at("2025-11-04"), name="Alder Finch", born="1980-02-03")  # somebody else
    again = refers(town, SOLIHULL, name=" alder finch", born="1950-02-03")
    shown = open_threshold(town, PRACTICE, again.referral_id, by=person(town, "tess"), now=MONDAY)
    assert (
        f"One earlier concern within 12 months about somebody of this name: {first.ref}."
        in shown.pointers[0].text
    )
    with town() as work:
        work.session.add(CaseBarRow(id="bar", referral_id=first.referral_id, person_id="tess"))
    shown = open_threshold(town, PRACTICE, again.referral_id, by=person(town, "tess"), now=MONDAY)
    assert not any("earlier concern" in pointer.text for pointer in shown.pointers)


def test_the_agencies_that_the_referrer_wants_there_are_filled_in_when_a_time_is_sought(town):
    """P5 (forms.md section 4): they have to come, whoever convenes can change it; what is not known adds nobody."""
    named = a_case(town, PROFESSIONALS, attendees=["police", "homes"])
    form = begin_finding(town, PRACTICE, case_id=named, by=person(town, "pru"), now=MONDAY)
    assert set(form.required) == {"police", "homes"}
    assert not set(form.required) & set(form.optional)

    unknown = accepts(town, refers(town, PROFESSIONALS, now=at("2026-03-03"), attendees=["unknown"]))
    form = begin_finding(town, PRACTICE, case_id=unknown, by=person(town, "pru"), now=at("2026-03-03"))
    assert form.required == ()
