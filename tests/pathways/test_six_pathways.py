"""What is particular to each pathway that is shipped: its threshold both ways, its prompts, its clocks, its chair.

Read each beside its rows of the requirements; the ids stand in the docstrings.
"""

from datetime import UTC, date, datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from bot.domain.area import Area, Practice
from bot.domain.criteria import Finding, Verdict, evaluate, leaves
from bot.domain.workdays import Length, Nation, WorkingDays
from bot.handlers.verbs.pages import Register, page_view
from bot.local.blockkit import faults as slack_faults
from bot.local.teams.cards import faults as teams_faults
from bot.pathways.faults import BadPathway
from bot.pathways.reader import SHIPPED, read, read_all
from bot.render import Render

ALL = read_all()
REDBRIDGE, SOLIHULL = ALL["redbridge-marm"], ALL["solihull-marm"]
PROFESSIONALS, MARAC = ALL["professionals-meeting"], ALL["marac-national"]
MARM, MARAT = ALL["care-connect-marm"], ALL["southend-marat"]
TODAY = date(2026, 3, 2)
MET, NOT, UNCLEAR = Verdict.MET, Verdict.NOT, Verdict.UNCLEAR
S42 = {"s42_needs": "yes", "s42_risk": "yes", "s42_unable": "yes"}


@pytest.fixture(scope="module")
def render():
    return Render()


@pytest.fixture(params=ALL.values(), ids=ALL)
def pathway(request):
    return request.param


def verdict(pathway, met, otherwise=NOT):
    """The tree's verdict when these leaves are met and all others are not, or not clear."""
    found = {
        leaf.id: Finding(verdict=MET if leaf.id in met else otherwise, evidence="concern")
        for leaf in leaves(pathway.criteria)
    }
    return evaluate(pathway.criteria, found).verdict


def by_answers(pathway, **answers):
    """The tree's verdict by what a referral says alone."""
    said = pathway.suggestion(answers, TODAY)
    return evaluate(pathway.criteria, {id: Finding(verdict=each) for id, each in said.items()}).verdict


def sources(pathway):
    return {leaf.source for leaf in leaves(pathway.criteria)}


def shows(pathway, **answers):
    """The prompts that these answers call for, without those that always stand."""
    return {gate.id for gate in pathway.gates_open(answers) if not gate.standing}


def redirect_of(pathway, gate):
    return next(each.redirect for each in pathway.gates if each.id == gate)


# Thresholds, in both directions


def test_nobody_meets_or_fails_a_threshold_by_saying_nothing(pathway):
    """Unknown is never free (rule 7): a blank referral is not clear on any pathway, whichever question is put."""
    assert by_answers(pathway) is UNCLEAR
    assert verdict(pathway, set(), UNCLEAR) is UNCLEAR


SIX = {"scope", "harm", "known", "no_plan", "has_capacity", "refuses", "not_reduced", "ability", "partner"}


def test_solihull_needs_all_six_and_each_of_them():
    """S2-01 to S2-06."""
    assert verdict(SOLIHULL, SIX) is MET
    for lacking in SIX:
        assert verdict(SOLIHULL, SIX - {lacking}) is NOT, lacking
    assert {f"S2-{n:02d}" for n in range(1, 8)} == sources(SOLIHULL)


def test_the_family_route_of_solihull_stands_alone_and_needs_care_needs_and_harm():
    """S2-07."""
    assert verdict(SOLIHULL, {"family_needs", "family_harm"}) is MET
    assert verdict(SOLIHULL, {"family_harm"}) is NOT
    assert verdict(SOLIHULL, {"family_needs"}) is NOT


ALL_SIX_SAID = {
    "scope": "vulnerable",
    "significant_harm": "yes",
    "presentations": "2",
    "plan_in_place": "no",
    "capacity": "assumed",
    "refuses": "yes",
    "reduced": "no",
    "abilities": ["home"],
    "partner_concerned": "yes",
    "family_harm": "no",
}


def test_the_answers_of_a_solihull_form_speak_for_themselves():
    """S2-01 to S2-07: nobody needs care needs to be heard, but the family route asks for them."""
    assert by_answers(SOLIHULL, **ALL_SIX_SAID) is MET
    assert by_answers(SOLIHULL, **{**ALL_SIX_SAID, "capacity": "lacks"}) is NOT
    assert by_answers(SOLIHULL, **{**ALL_SIX_SAID, "capacity": "doubt"}) is UNCLEAR
    assert by_answers(SOLIHULL, **{**ALL_SIX_SAID, "plan_in_place": "yes"}) is NOT
    assert by_answers(SOLIHULL, **{**ALL_SIX_SAID, "presentations": "1"}) is NOT
    family = {"scope": "needs", "family_harm": "yes", "capacity": "lacks"}
    assert by_answers(SOLIHULL, **family) is MET, "whoever lacks capacity may still need the family route"


def test_redbridge_is_for_what_lies_below_section_42_and_needs_several_agencies():
    """S1-01, S1-02."""
    answers = {"several": "yes", "concerns": ["hoarding"]}
    for each in S42:
        assert by_answers(REDBRIDGE, **answers, **{**S42, each: "no"}) is MET
        assert by_answers(REDBRIDGE, **answers, **{**S42, each: "unknown"}) is UNCLEAR
    assert by_answers(REDBRIDGE, **answers, **S42) is NOT, "that is a safeguarding enquiry"
    assert by_answers(REDBRIDGE, **{**answers, **S42, "s42_needs": "no", "several": "no"}) is NOT


@pytest.mark.parametrize(
    ("source", "answers"),
    [
        ("S1-03", {"concerns": ["self_neglect"]}),
        ("S1-03", {"concerns": ["fire"]}),
        ("S1-04", {"concerns": ["disengaged"]}),
        ("S1-05", {"concerns": ["exploitation"]}),
        ("S1-10", {"ineligible": "yes"}),
    ],
)
def test_each_kind_of_need_that_redbridge_names_opens_the_door(source, answers):
    """S1-03, S1-04, S1-05, S1-10."""
    below = {**S42, "s42_unable": "no", "several": "yes"}
    assert by_answers(REDBRIDGE, **below, **answers) is MET
    assert source in sources(REDBRIDGE)


def test_redbridge_turns_down_what_is_none_of_its_kinds():
    """S1-03 to S1-05, S1-10: all but one of the parts do not make the whole."""
    kinds = {"self_neglect", "not_engaged", "exploitation", "no_service", "other_risk"}
    every = {leaf.id for leaf in leaves(REDBRIDGE.criteria)}
    assert verdict(REDBRIDGE, every - kinds) is NOT
    for kind in kinds:
        assert verdict(REDBRIDGE, {"can_protect", "several", kind}) is MET


def test_eight_of_nine_not_and_one_of_nine_met_is_enough_for_care_connect():
    """S3-07 to S3-15: any of nine, and S3-05 before them."""
    scope = {"not_third_party", "can_protect"}
    nine = [leaf.id for leaf in leaves(MARM.criteria) if leaf.id not in scope]
    assert len(nine) == 9
    for one in nine:
        assert verdict(MARM, {*scope, one}) is MET
        assert verdict(MARM, {"can_protect", one}) is NOT
        assert verdict(MARM, {"not_third_party", one}) is NOT
    assert verdict(MARM, scope) is NOT


@pytest.mark.parametrize("which", ["marac-national", "southend-marat"])
@pytest.mark.parametrize(
    ("leaf", "answers"),
    [
        ("judgement", {"criterion": ["judgement"]}),
        ("escalation", {"incidents": "3"}),
        ("repeat", {"heard_before": "yes", "last_heard": "2025-03-02"}),
    ],
)
def test_any_one_of_four_opens_a_domestic_abuse_conference(which, leaf, answers):
    """D1, T21, S4-01: judgement alone is enough, whatever the checklist says."""
    pathway = ALL[which]
    low = {question.id: "no" for question in pathway.tool.questions}
    assert by_answers(pathway, **low, **answers) is MET
    assert verdict(pathway, {leaf}) is MET


@pytest.mark.parametrize("which", ["marac-national", "southend-marat"])
def test_the_checklist_opens_it_too_and_a_low_score_alone_closes_nothing(which):
    """Rule 4 of model.md: "not" on all four is a person's to say."""
    pathway = ALL[which]
    questions = [question.id for question in pathway.tool.questions]
    assert by_answers(pathway, **dict.fromkeys(questions, "yes")) is MET
    low = dict.fromkeys(questions, "no")
    assert by_answers(pathway, **low) is UNCLEAR
    assert by_answers(pathway, **low, incidents="0", heard_before="no") is UNCLEAR
    assert verdict(pathway, set()) is NOT
    assert "reject_on_score_alone" in pathway.never


def test_somebody_s_judgement_is_all_that_a_professionals_meeting_asks():
    """S5-25."""
    assert by_answers(PROFESSIONALS, urgency="soonest") is MET
    assert verdict(PROFESSIONALS, set()) is NOT


def test_what_happens_between_meetings_can_call_professionals_back():
    """S5-22, S5-17: blocked access, decline, threats, an injury; whoever is to get in touch is told how, safely."""
    calls = {each.id: each.review_at for each in PROFESSIONALS.incidents}
    assert calls == {"threats": 1, "injury": 1, "deterioration": 2, "blocked_access": 2, "other": 3}
    assert {"visit", "welfare_check"} <= set(PROFESSIONALS.actions.contact)


def test_a_joint_planning_asks_who_owns_the_risk_who_assesses_what_stands_and_whom_to_ring():
    """S5-25."""
    prompts = {prompt.id: prompt.text for prompt in PROFESSIONALS.prompts}
    for id, words in (
        ("lead", "who owns the risk"),
        ("capacity", "Who assesses what"),
        ("interim", "in place for now"),
        ("escalation", "Whom does anybody ring"),
    ):
        assert words in prompts[id]


# Prompts


@pytest.mark.parametrize(
    ("which", "gate", "answers", "redirect"),
    [
        ("redbridge-marm", "section_42", S42, "s42"),
        ("redbridge-marm", "exploitation", {"concerns": ["exploitation"]}, "exploitation"),
        ("redbridge-marm", "one_agency", {"several": "no"}, "single_agency"),
        ("redbridge-marm", "again", {"presentations": "3"}, ""),
        ("redbridge-marm", "crisis", {"concerns": ["suicide_self_harm"]}, ""),
        ("redbridge-marm", "capacity", {"capacity": "doubt"}, ""),
        ("solihull-marm", "no_capacity", {"capacity": "lacks"}, "best_interests"),
        ("solihull-marm", "capacity_doubt", {"capacity": "doubt"}, ""),
        ("solihull-marm", "section_42", S42, "s42"),
        ("solihull-marm", "exploitation", {"concerns": ["exploitation"]}, "exploitation"),
        ("solihull-marm", "again", {"presentations": "12"}, ""),
        ("solihull-marm", "refused_sharing", {"consent": "refused"}, ""),
        ("solihull-marm", "crisis", {"concerns": ["suicide_self_harm"]}, ""),
        ("care-connect-marm", "third_party", {"third_party": "yes"}, "s42"),
        ("care-connect-marm", "cannot_protect", {"can_protect": "no"}, "s42"),
        ("care-connect-marm", "section_42", S42, "s42"),
        ("care-connect-marm", "not_high", {"risk_level": "lower"}, "single_agency"),
        ("care-connect-marm", "crisis", {"concerns": ["suicide_self_harm"]}, ""),
        ("care-connect-marm", "exploitation", {"concerns": ["exploitation"]}, "exploitation"),
        ("care-connect-marm", "again", {"presentations": "3"}, ""),
        ("southend-marat", "idva_only", {"help_known": "unknown"}, ""),
        ("southend-marat", "unsafe_to_ask", {"consent": "unsafe"}, ""),
        ("southend-marat", "children", {"children": "Two, at school"}, ""),
        ("southend-marat", "same_day", {"flags": ["stalking"]}, ""),
        ("southend-marat", "young_harmer", {"harmer_under_18": "yes"}, ""),
        ("marac-national", "idva_only", {"help_known": "yes"}, ""),
        ("marac-national", "unsafe_to_ask", {"consent": "unsafe"}, ""),
        ("marac-national", "children", {"children": "Two, at school"}, ""),
        ("marac-national", "same_day", {"flags": ["strangulation"]}, ""),
        ("marac-national", "young_harmer", {"harmer_under_18": "yes"}, ""),
        ("professionals-meeting", "disputed", {"threshold": "disputed"}, ""),
        ("professionals-meeting", "not_asked", {"threshold": "not_asked"}, ""),
        ("professionals-meeting", "unsafe_to_ask", {"consent": "unsafe"}, ""),
        ("professionals-meeting", "no_measure", {"interim": "unknown"}, ""),
        ("professionals-meeting", "two_people", {"two_people": "yes"}, ""),
    ],
)
def test_an_answer_calls_for_its_prompt_and_for_no_other(which, gate, answers, redirect):
    """S1-01, S1-05, S1-16, S2-03, S2-22, S2-31, S2-44, S2-49, S3-01, S3-05, S3-14, S5-11, S5-18, S5-28, D8, D13."""
    assert shows(ALL[which], **answers) == {gate}
    assert redirect_of(ALL[which], gate) == redirect


def test_each_prompt_is_tried_above(pathway):
    """A prompt that no test calls for could be dead."""
    mark = next(
        each
        for each in test_an_answer_calls_for_its_prompt_and_for_no_other.pytestmark  # type: ignore[attr-defined]
        if each.name == "parametrize"
    )
    tried = {gate for which, gate, *_ in mark.args[1] if which == pathway.id}
    assert {gate.id for gate in pathway.gates if not gate.standing} == tried


def test_nothing_is_called_for_by_blanks_or_by_what_is_not_known(pathway):
    """Missing is never a yes (rule 7), but what may be unsafe is treated as unsafe (D8)."""
    assert shows(pathway) == set()
    unknown = {field.id: "unknown" for field in pathway.fields if field.unknown_allowed}
    assert shows(pathway, **unknown) <= {"idva_only", "no_measure"}


def test_two_yeses_of_three_are_no_section_42():
    """S1-01: all three, or it is not."""
    for pathway in (REDBRIDGE, SOLIHULL, MARM):
        assert "section_42" not in shows(pathway, s42_needs="yes", s42_risk="yes", s42_unable="no")
        assert "section_42" not in shows(pathway, s42_needs="yes", s42_risk="yes", s42_unable="unknown")


def test_the_question_of_a_statutory_route_stands_whatever_is_answered():
    """S1-18, S3-35, S4-08; and in Solihull that no enquiry has to be open (S2-12)."""
    standing = {id: {gate.id for gate in each.gates if gate.standing} for id, each in ALL.items()}
    assert standing.pop("solihull-marm") == {"no_enquiry"}
    assert set(map(frozenset, standing.values())) == {frozenset({"statutory"})}
    for pathway in (REDBRIDGE, MARM, MARAT, MARAC, PROFESSIONALS):
        assert "statutory_route" in {prompt.id for prompt in pathway.prompts}


def test_section_42_comes_first_in_redbridge():
    """S1-01: before anything about the person."""
    pages = [page.id for page in REDBRIDGE.form("referral").pages]
    assert pages[:2] == ["danger", "s42"]


# What stands on a form and in the help


def test_what_words_mean_stands_on_the_form_where_they_are_needed(pathway):
    """S5-04: threshold, immediate risk, review."""
    assert {each.id for each in pathway.definitions} == {"threshold", "immediate_risk", "review"}
    shown = {id for form in pathway.forms for page in form.pages for id in page.defines}
    assert shown == {"threshold", "immediate_risk", "review"}
    assert pathway.form("referral").pages[0].defines == ("immediate_risk",)


def test_professionals_are_pointed_to_more(pathway, render):
    """S1-22, S2-27, S3-36: the help names links and one contact."""
    area = Area(
        id="aldermere",
        name="Aldermere",
        nation=Nation.ENGLAND_AND_WALES,
        pathways=(pathway.id,),
        contact="the Aldermere safeguarding hub",
    )
    help_ = render.words("help", practice=Practice(area=area, pathways=ALL), name="Priya", slash="/")
    text = "\n".join(map(str, help_.paragraphs))
    assert pathway.links
    for link in pathway.links:
        assert link.url in text
        assert link.label in text
    assert "the Aldermere safeguarding hub" in text


@pytest.mark.parametrize("channel", ["slack", "teams"])
def test_every_page_is_drawn_with_its_words_and_its_prompts(pathway, channel, render):
    """Whatever was called for by the page before stands at the head of the next, in both channels."""
    shape = partial(render.shape, channel)
    for form in pathway.forms:
        for gate in [each for each in pathway.gates if not each.standing]:
            seen = False
            answers = called_for_by(gate)
            for page in form.pages:
                if page.shown_if is not None and not page.shown_if.holds(answers):
                    continue
                view = page_view(
                    shape,
                    form,
                    page.id,
                    answers,
                    callback_id="refer.page",
                    ids={"draft": "d" * 20},
                    register=Register(),
                    pathway=pathway,
                )
                if channel == "slack":
                    assert slack_faults(view, "modal") == []
                else:
                    assert teams_faults(view["card"], 10**6) == []
                seen = seen or gate.text[:60] in text_of(view)
                for definition in pathway.definitions:
                    assert (definition.text[:60] in text_of(view)) is (definition.id in page.defines)
            here = {field.id for field in form.fields}
            last = {field.id for field in form.pages[-1].fields}
            if set(gate.asks) <= here - last:
                assert seen, (gate.id, channel)


def called_for_by(gate):
    """Answers that call for a prompt."""
    answers = {gate.number: str(gate.at_least)} if gate.number else {}
    for each in gate.when:
        given = each.one_of[0] if each.one_of else "Something was said"
        answers[each.field] = [given] if each.field in ("concerns", "flags") else given
    return answers


def text_of(part):
    """All the words of a view, in order."""
    if isinstance(part, dict):
        return "\n".join(text_of(each) for each in part.values())
    if isinstance(part, list):
        return "\n".join(text_of(each) for each in part)
    return str(part)


# Clocks, chairs and the person's part


def london(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)


GOLDEN = (  # model.md 9.1 and 9.2: receipt, then 1, 3 and 14 working days in England and Wales
    ("2025-12-24 10:00", "2025-12-29", "2025-12-31", "2026-01-16"),
    ("2026-04-02 10:00", "2026-04-07", "2026-04-09", "2026-04-24"),
    ("2026-12-25 10:00", "2026-12-29", "2026-12-31", "2027-01-18"),
    ("2026-03-14 10:00", "2026-03-16", "2026-03-18", "2026-04-02"),
)


@pytest.mark.parametrize(("receipt", "one", "three", "fourteen"), GOLDEN)
def test_each_clock_is_counted_from_a_golden_receipt(receipt, one, three, fourteen):
    """T04 to T07 by the vectors of model.md section 9: S4-02, S4-03, S5-36."""
    days, at = WorkingDays(Nation.ENGLAND_AND_WALES), london(receipt)

    def due(pathway, length):
        return length.deadline(at, days, pathway.clock).day.isoformat()

    for pathway in (MARAT, MARAC, SOLIHULL):
        assert due(pathway, pathway.triage.due) == one
    for pathway in (MARM, REDBRIDGE):
        assert due(pathway, pathway.triage.due) == three
    assert due(PROFESSIONALS, PROFESSIONALS.triage.due) == receipt[:10], "on the day it comes"
    assert due(MARAT, MARAT.stage("discussion").due) == three
    assert due(MARAT, MARAT.stage("conference").due) == fourteen


def test_joint_planning_is_due_within_48_clock_hours_over_the_weekend_and_the_change_of_the_clocks():
    """S5-36 and model.md 9.3: Friday 16:00 to Sunday 17:00 summer time, two full days later."""
    planning = PROFESSIONALS.stage("planning")
    assert planning.due == Length(48, "hours")
    due = planning.due.deadline(
        london("2026-03-27 16:00"), WorkingDays("england-and-wales"), PROFESSIONALS.clock
    )
    assert due.at == london("2026-03-29 17:00")
    assert planning.due_if.holds({"urgency": "within_48_hours"})
    assert planning.due_if.holds({"urgency": "same_day"})
    assert not planning.due_if.holds({"urgency": "soonest"})


def test_the_others_meet_at_the_soonest_or_at_the_next_panel():
    """S1-13, S2-11: no date is invented where the source has none."""
    for pathway in (REDBRIDGE, SOLIHULL, MARAC, MARM):
        assert all(stage.due is None for stage in pathway.stages)
    assert MARAC.stage("conference").recurs.every == MARM.stage("panel").recurs.every == "month"
    assert MARAC.stage("conference").minutes_per_case == 15
    assert not any(
        stage.recurs for pathway in (REDBRIDGE, SOLIHULL, PROFESSIONALS) for stage in pathway.stages
    )


def test_who_chairs_who_is_asked_first_and_what_the_person_s_part_is():
    """S1-09, S2-14, S2-15, S2-18, S3-27, S3-31, P6; victims never attend."""
    chairs = {id: each.stages[-2].chair or each.stages[-2].owner for id, each in ALL.items()}
    assert chairs == {
        "care-connect-marm": "coordinator",
        "marac-national": "chair",
        "professionals-meeting": "chair",
        "redbridge-marm": "coordinator",
        "solihull-marm": "lead_manager",
        "southend-marat": "chair",
    }
    assert all(stage.priority for stage in SOLIHULL.stages)
    part = {id: each.stages[-2].subject_attends for id, each in ALL.items()}
    assert part == {
        "care-connect-marm": "views",
        "marac-national": "never",
        "professionals-meeting": "invited",
        "redbridge-marm": "invited",
        "solihull-marm": "invited",
        "southend-marat": "never",
    }
    assert MARM.review_stage.subject_attends == "invited"


def test_agreeing_on_a_lead_is_on_the_agenda_and_is_a_question_that_must_be_put():
    """S2-10, S2-46, S2-41: lead, other forums, law."""
    assert {"lead", "forums"} <= {part.id for part in SOLIHULL.agenda}
    assert {"lead", "forums", "law", "roles"} <= {prompt.id for prompt in SOLIHULL.prompts}
    assert SOLIHULL.lead.until_named == "referrer"
    lead = next(field for field in SOLIHULL.fields if field.id == "lead_professional")
    assert lead.required
    assert "meeting" in lead.unknown_label


def test_the_national_conference_keeps_its_three_questions():
    """model.md section 6: the twelve-month list, actions outstanding, confidentiality."""
    assert {"twelve_month_list", "outstanding_actions", "confidentiality"} <= {p.id for p in MARAC.prompts}
    assert MARAC.repeat.window == Length(12, "months")
    assert {"tell_perpetrator", "subject_attends"} <= set(MARAC.never)
    assert MARAC.tool.invented


def test_the_pathways_are_found_by_the_names_that_do_not_clash():
    """S2-47."""
    assert ALL.named("complex-discharge") is ALL.named("multi-agency-meeting") is SOLIHULL
    assert ALL.named("professionals") is PROFESSIONALS
    assert ALL.named("redbridge") is REDBRIDGE
    assert ALL.named("national-marac") is MARAC
    assert ALL.named("marac") is MARAT


def test_what_family_and_friends_think_is_asked_where_it_is_right_to_ask_them():
    """S2-19: beside the person's own views, and never in their place: it may be left unknown, theirs may not."""
    asked = {field.id: field for field in SOLIHULL.fields}
    assert not asked["family_views"].required or asked["family_views"].unknown
    assert asked["family_views"].sensitivity >= 3
    assert asked["views"].required


def test_in_solihull_a_meeting_waits_for_the_persons_views_and_two_sign_that_a_case_is_closed():
    """S2-17, S2-18: the guidance asks for it before the meeting; the lead proposes, they and their manager sign (P)."""
    assert {id for id, each in ALL.items() if any(stage.views_first for stage in each.stages)} == {
        "solihull-marm"
    }
    assert all(stage.views_first for stage in SOLIHULL.stages)
    assert SOLIHULL.closure.by == "lead_professional"
    assert SOLIHULL.closure.signatures == ("chair", "lead_professional")


def test_in_redbridge_and_solihull_too_new_incidents_can_ask_for_a_review():
    """S5-22, S5-24: the kinds are those of the professionals' meeting, and the numbers a proposal (P)."""
    for pathway in (REDBRIDGE, SOLIHULL):
        assert {each.id: each.review_at for each in pathway.incidents} == {
            each.id: each.review_at for each in PROFESSIONALS.incidents
        }


def test_whom_the_referrer_wants_at_a_professionals_meeting_is_asked_and_named_as_such(tmp_path):
    """P5: a file that names no such question is refused, with the place."""
    assert PROFESSIONALS.attendees == "attendees"
    text = (SHIPPED / "professionals-meeting.yml").read_text(encoding="utf-8")
    for wrong in ("nobody_asks", "workers"):
        (tmp_path / "own.yml").write_text(
            text.replace("attendees: attendees ", f"attendees: {wrong} "), "utf-8"
        )
        with pytest.raises(BadPathway) as refused:
            read(tmp_path / "own.yml")
        assert [fault.path for fault in refused.value.faults] == ["attendees"]
