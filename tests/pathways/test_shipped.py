"""The pathways that come with the program do what their source documents ask, and fit where they are shown."""

import itertools
from datetime import date

import pytest

from bot.domain.criteria import Finding, Verdict, evaluate, leaves
from bot.domain.forms import problems, shown, tidy
from bot.domain.sensitivity import Sensitivity, may_leave
from bot.domain.workdays import Length
from bot.pathways.reader import SHIPPED, read, read_all, read_earlier

PATHWAYS = read_all()
MARM, MARAT = PATHWAYS["care-connect-marm"], PATHWAYS["southend-marat"]
TODAY = date(2026, 11, 23)


@pytest.fixture(params=PATHWAYS.values(), ids=PATHWAYS)
def pathway(request):
    return request.param


def every_page(pathway):
    return [page for form in pathway.forms for page in form.pages]


def test_people_find_a_pathway_by_the_name_they_use():
    assert PATHWAYS.named("MARM") is MARM
    assert PATHWAYS.named(" marac ") is PATHWAYS.named("southend-marat") is MARAT
    assert PATHWAYS.named("marmite") is None


def test_immediate_danger_is_asked_before_anything_else(pathway):
    """T01, S3-17."""
    first = pathway.form("referral").pages[0]
    assert [field.id for field in first.fields] == ["danger"]
    assert "999" in pathway.emergency.headline


def test_every_field_says_how_sensitive_it_is(pathway):
    """IG-03."""
    assert all(isinstance(field.sensitivity, Sensitivity) for field in pathway.fields)


def test_whatever_tells_of_a_person_stays_out_of_channels(pathway):
    """IG-01: nothing typed about a subject, a child or the person causing harm is below class 2."""
    told = [f for f in pathway.fields if f.about in ("subject", "child", "perpetrator") and f.id != "danger"]
    assert told
    assert not [field.id for field in told if may_leave(field.sensitivity)]


def test_what_could_lead_somebody_to_the_victim_is_class_four():
    """forms.md C9, C11, D4 to D8, D13."""
    four = {field.id for field in MARAT.fields if field.sensitivity is Sensitivity.SAFETY}
    assert four >= {
        "address", "phone", "safe_call", "safe_text", "safe_write", "safe_message", "safe_times", "afraid_of",
        "safe_people", "unsafe_people", "help_known", "harmer_name", "harmer_address", "children", "flags",
        "must_not_see",
    }  # fmt: skip


def test_every_page_fits_a_slack_modal(pathway):
    """slack.md section 6: 100 blocks, title 24, label and hint 2,000, option 75, 100 options, 3,000 typed."""
    for page in every_page(pathway):
        assert len(page.title) <= 24
        assert len(page.intro) <= 3000
        assert 1 <= len(page.fields) <= 6, "short pages: a tired reader's limit, far below Slack's 100 blocks"
        for field in page.fields:
            assert len(field.id) <= 255
            assert 0 < len(field.label) <= 2000
            assert len(field.hint) <= 2000
            assert field.max_length <= 3000
            assert len(field.choices) <= 100
            assert all(len(option.label) <= 75 and len(option.id) <= 150 for option in field.choices)


def test_no_question_is_left_without_an_honest_answer(pathway):
    """forms.md: "unknown" can always be chosen, never a blank. What is exempt the referrer knows of themselves."""
    known = {
        "danger", "call_back", "manager", "name", "concern", "knows", "views", "wanted", "s42_reason", "quality",
        "capacity_evidence", "tried", "unmanageable", "risk_summary", "risk_on", "criterion", "tool_used",
        "urgency", "threshold",
    }  # fmt: skip
    demanded = {field.id for field in pathway.fields if field.required and not field.unknown_allowed}
    assert demanded <= known


def test_the_words_are_plain_and_the_questions_short(pathway):
    for field in pathway.fields:
        assert len(field.label) <= 120
        assert len(field.hint) <= 240
        assert not {"client", "service user", "perpetrator"} & set(field.label.lower().split())


def test_an_action_in_a_channel_says_nothing_about_the_person(pathway):
    """IG-04: the category is all that a channel sees, so no category names a condition, a drug or a crime."""
    words = " ".join(category.label.lower() for category in pathway.actions.categories)
    assert 14 <= len(pathway.actions.categories) <= 20
    for tell in (
        "mental",
        "drug",
        "alcohol",
        "substance",
        "suicide",
        "hoard",
        "abuse",
        "perpetrator",
        "victim",
    ):
        assert tell not in words


def test_every_ladder_ends_at_a_person(pathway):
    """T17, design.md rule 8."""
    for ladder in (pathway.ladder, pathway.triage.ladder):
        assert any(pathway.roles[role].held_by == "person" for role in ladder[-1].to)
    assert [(rung.offset, rung.to) for rung in pathway.ladder] == [
        (-2, ("owner",)),
        (0, ("owner",)),
        (1, ("owner",)),
        (3, ("deputy", "agency_lead")),
        (5, ("chair",)),
        (10, ("board",)),
    ]


def test_how_long_records_are_kept_is_left_to_the_area(pathway):
    """model.md section 11, item 1: no national figure, so no default."""
    assert pathway.retention.case is None
    assert pathway.retention.chat_days == 30


def test_marm_takes_a_short_concern_and_asks_the_rest_after_acceptance():
    """S3-16 to S3-20."""
    first = {field.id for field in MARM.form("referral").fields}
    second = {field.id for field in MARM.form("after_acceptance").fields}
    assert first >= {
        "danger",
        "call_back",
        "concern_on",
        "name",
        "born",
        "address",
        "consent",
        "third_party",
        "can_protect",
    }
    assert second >= {"capacity_evidence", "tried", "wants_part", "agencies_told", "risk_summary"}
    assert MARAT.form("after_acceptance") is None


def test_any_one_of_nine_opens_marm_to_what_it_can_hold():
    """S3-05, S3-07 to S3-15."""
    scope = {"not_third_party": Finding(verdict=Verdict.MET), "can_protect": Finding(verdict=Verdict.MET)}
    nine = [leaf for leaf in leaves(MARM.criteria) if leaf.id not in scope]
    assert [leaf.source for leaf in nine] == [f"S3-{n:02d}" for n in range(7, 16)]
    for chosen in nine:
        others = {leaf.id: Finding(verdict=Verdict.NOT) for leaf in nine}
        one = {**scope, **others, chosen.id: Finding(verdict=Verdict.MET, evidence="concern")}
        assert evaluate(MARM.criteria, one).verdict is Verdict.MET
        assert evaluate(MARM.criteria, {**scope, **others}).verdict is Verdict.NOT


def test_the_ticks_of_a_concern_speak_to_their_criteria_and_to_no_other():
    said = MARM.suggestion(
        {"concerns": ["hoarding", "fire"], "third_party": "no", "can_protect": "unknown"}, TODAY
    )
    assert {id: verdict for id, verdict in said.items() if verdict is not Verdict.UNCLEAR} == {
        "not_third_party": Verdict.MET,
        "self_neglect": Verdict.MET,
    }


def test_every_tick_speaks_to_a_criterion():
    concerns = next(field for field in MARM.fields if field.id == "concerns")
    for option in concerns.options:
        assert Verdict.MET in MARM.suggestion({"concerns": [option.id]}, TODAY).values(), option.id


def test_five_duties_stay_open_until_the_full_form_shows_them():
    """S3-21 to S3-25."""
    assert [duty.id for duty in MARM.duties_open({})] == ["exhausted", "capacity", "wish", "told", "enough"]
    answers = {
        "tried": "a\nb", "unmanageable": "x", "capacity": "assumed", "capacity_evidence": "x",
        "wants_part": "unknown", "agencies_told": ["unknown"], "risk_summary": "x", "wanted": "x",
    }  # fmt: skip
    assert [duty.id for duty in MARM.duties_open(answers)] == ["wish", "told"], (
        "not asked yet is no duty done"
    )


def test_marm_meets_monthly_on_several_people_and_invites_the_person_to_the_review():
    """S3-03, S3-27, S3-31 to S3-34."""
    panel, review = MARM.stage("panel"), MARM.stage("review")
    assert panel.recurs.every == "month"
    assert panel.many_cases
    assert panel.owner == review.owner == "coordinator"
    assert review.subject_attends == "invited"
    assert MARM.review.due == Length(20, "wd")
    assert MARM.closure.all_agencies
    assert all(invitee.required for invitee in MARM.invite[:6])


def test_the_marm_panel_is_called_four_weeks_ahead_its_list_closes_and_its_agenda_goes_out_the_day_after():
    """T08 (per area), T10 (5 to 8 working days), calendar.md section 6."""
    panel = MARM.stage("panel")
    assert (panel.recurs.on_holiday, panel.recurs.invite_wd) == ("next_working_day", 20)
    assert (panel.list_closes_wd, panel.agenda_out_wd) == (6, 5)


def test_a_marat_conference_closes_no_list_for_nobody_may_wait_for_another():
    """S4-02, S4-04: heard within fourteen working days of the referral."""
    conference = MARAT.stage("conference")
    assert (conference.list_closes_wd, conference.agenda_out_wd) == (None, 5)


def test_the_versions_that_cases_began_under_are_still_shipped():
    """A case keeps the version it began under (design.md rule 3)."""
    earlier = read_earlier()
    marm_and_marat = {
        (id, version) for id in ("care-connect-marm", "southend-marat") for version in ("1.0.0", "1.1.0")
    }
    first = {(id, "1.0.0") for id in ("professionals-meeting", "redbridge-marm", "solihull-marm")}
    assert set(earlier) == marm_and_marat | first
    for old in earlier.values():
        assert old.version < PATHWAYS[old.id].version
    for id, version in marm_and_marat:
        assert not earlier[id, version].gates, "the gates came with 1.2.0"
    assert all(
        stage.list_closes_wd is None
        for id, version in marm_and_marat
        if version == "1.0.0"
        for stage in earlier[id, version].stages
    )
    solihull = earlier["solihull-marm", "1.0.0"]
    assert not any(stage.views_first for stage in solihull.stages)
    assert solihull.closure.signatures == ("chair",), "a case that began under it still ends by it"


def test_marat_is_discussed_in_three_working_days_and_heard_in_fourteen():
    """S4-02, S4-03, T05."""
    assert MARAT.stage("discussion").due == Length(3, "wd")
    assert MARAT.stage("conference").due == Length(14, "wd")
    assert MARAT.triage.due == Length(1, "wd")
    assert MARAT.clock.start == "received"
    assert MARM.clock.start == "accepted"


def test_the_person_causing_harm_is_never_told_and_always_considered():
    """S4-07, model.md section 6."""
    assert {"tell_perpetrator", "subject_attends", "reject_on_score_alone"} <= set(MARAT.never)
    assert all(stage.subject_attends == "never" for stage in MARAT.stages)
    assert "perpetrator" in [prompt.id for prompt in MARAT.prompts]


def test_a_warning_sign_asks_for_triage_the_same_day():
    """D13."""
    urgent = MARAT.triage.same_day_if
    assert urgent.holds({"flags": ["stalking"]})
    assert not urgent.holds({"flags": ["none"]})
    assert not urgent.holds({"flags": ["unknown"]})


def test_the_checklist_is_invented_and_says_so_wherever_it_is_met():
    """model.md section 11, item 3: no licensed question is copied."""
    assert MARAT.tool.invented
    assert "invented" in MARAT.tool.title
    assert "invented" in MARAT.tool.notice
    pages = [page for page in every_page(MARAT) if page.tool]
    assert [page.title for page in pages] == ["Checklist (1 of 2)", "Checklist (2 of 2)"]
    assert all("invented" in page.intro for page in pages)
    assert sum(len(page.fields) for page in pages) == len(MARAT.tool.questions) == 10


def test_the_checklist_counts_and_leaves_the_rest_to_people():
    questions = [question.id for question in MARAT.tool.questions]
    answers = {
        **dict.fromkeys(questions[:4], "yes"),
        **dict.fromkeys(questions[4:6], "unknown"),
        questions[6]: "no",
    }
    score = MARAT.tool.score(answers)
    assert (score.yes, score.no, score.unknown, score.asked, score.at_most) == (4, 1, 2, 10, 9)
    assert MARAT.tool.band(score).id == "several"
    assert MARAT.suggestion(answers, TODAY)["visible_high"] is Verdict.UNCLEAR, (
        "what is not known may yet be a yes"
    )
    sure = dict.fromkeys(questions, "no")
    said = MARAT.suggestion({**sure, "criterion": ["judgement"]}, TODAY)
    assert said["visible_high"] is Verdict.NOT
    findings = {id: Finding(verdict=verdict) for id, verdict in said.items()}
    assert evaluate(MARAT.criteria, findings).verdict is Verdict.MET, "judgement alone qualifies (rule 4)"


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("2025-11-23", Verdict.MET),  # the same date last year is still inside (model.md section 8, rule 4)
        ("2025-11-22", Verdict.NOT),
        ("2026-11-20", Verdict.MET),
        ("unknown", Verdict.UNCLEAR),
        (None, Verdict.UNCLEAR),
    ],
)
def test_a_repeat_is_within_twelve_months_of_the_last_referral(last, said):
    """T21."""
    assert MARAT.suggestion({"heard_before": "yes", "last_heard": last}, TODAY)["repeat"] is said


def test_never_heard_before_is_no_repeat():
    assert MARAT.suggestion({"heard_before": "no"}, TODAY)["repeat"] is Verdict.NOT


def test_clutter_is_asked_of_hoarding_only():
    """M5."""
    form = MARM.form("after_acceptance")
    asked = {page.id for page in shown(form, {"concerns": ["treatment"]})}
    assert not asked & {"clutter", "fire", "crisis"}
    assert {page.id for page in shown(form, {"concerns": ["hoarding", "suicide_self_harm"]})} - asked == {
        "clutter",
        "fire",
        "crisis",
    }


def test_a_form_can_be_sent_with_nothing_known_but_who_and_why(pathway):
    """Walk every form answering "unknown" wherever it is offered: nothing may stand in the way."""
    plain = {
        "long_text": "First, somebody visited on 2 May.\nThen nothing else could be agreed with them.",
        "text": "01632 960 001",
        "date": TODAY.isoformat(),
        "person": "p1",
    }
    answers = {}
    for form in pathway.forms:
        for number in itertools.count():
            pages = shown(form, answers)
            if number == len(pages):
                break
            page = pages[number]
            for field in page.fields:
                choices = [option.id for option in field.choices]
                first = [choices[0]] if field.kind == "multi" and choices else (choices or [None])[0]
                answers[field.id] = (
                    "not known" if field.unknown_allowed and not choices else first or plain[field.kind]
                )
                if field.unknown_allowed and choices:
                    answers[field.id] = ["unknown"] if field.kind == "multi" else "unknown"
            assert problems(page, answers, TODAY) == {} or set(problems(page, answers, TODAY)) <= {
                "quality_why"
            }
            answers |= tidy(page, answers)
    assert answers["name"]


def test_files_read_twice_are_the_same(pathway):
    assert read(SHIPPED / f"{pathway.id}.yml") == pathway
