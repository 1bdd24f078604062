"""The threshold's tree is Kleene's strong three-valued logic, and it only ever suggests (model.md section 4)."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.criteria import (
    All,
    AnswerSays,
    Any,
    Count,
    Finding,
    Leaf,
    Not,
    NumberSays,
    ToolSays,
    Verdict,
    evaluate,
    lacking_evidence,
    leaves,
    suggest,
)
from bot.domain.forms import Condition
from bot.domain.risktools import Score

MET, NOT, UNCLEAR = Verdict.MET, Verdict.NOT, Verdict.UNCLEAR
TODAY = date(2026, 11, 23)
RANK = {NOT: 0, UNCLEAR: 1, MET: 2}

verdicts = st.sampled_from(Verdict)


def leaf(id, **but):
    return Leaf(id=id, question=f"{id}?", **but)


LEAVES = tuple(leaf(id) for id in "abcdef")


def found(**verdicts):
    return {id: Finding(verdict=verdict) for id, verdict in verdicts.items()}


def the_verdict(node, verdicts):
    return evaluate(node, found(**verdicts)).verdict


@st.composite
def trees(draw, depth=3):
    """A tree over the six leaves, of any shape."""
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from(LEAVES))
    kind = draw(st.sampled_from(["all", "any", "not", "count"]))
    if kind == "not":
        return Not(of=draw(trees(depth=depth - 1)))
    of = tuple(draw(st.lists(trees(depth=depth - 1), min_size=1, max_size=4)))
    if kind == "count":
        return Count(of=of, at_least=draw(st.integers(1, len(of))))
    return All(of=of) if kind == "all" else Any(of=of)


answers = st.fixed_dictionaries({}, optional={each.id: verdicts for each in LEAVES})


@pytest.mark.parametrize(("one", "two"), list(product(Verdict, Verdict)))
def test_the_truth_tables_are_kleenes(one, two):
    a, b = LEAVES[:2]
    ranks = (RANK[one], RANK[two])
    assert RANK[the_verdict(All(of=(a, b)), {"a": one, "b": two})] == min(ranks)
    assert RANK[the_verdict(Any(of=(a, b)), {"a": one, "b": two})] == max(ranks)
    assert RANK[the_verdict(Not(of=a), {"a": one})] == 2 - RANK[one]


@given(st.lists(verdicts, min_size=1, max_size=6), st.data())
def test_a_count_of_all_is_all_and_a_count_of_one_is_any(given_verdicts, data):
    of = LEAVES[: len(given_verdicts)]
    said = {each.id: verdict for each, verdict in zip(of, given_verdicts, strict=True)}
    assert the_verdict(Count(of=of, at_least=len(of)), said) is the_verdict(All(of=of), said)
    assert the_verdict(Count(of=of, at_least=1), said) is the_verdict(Any(of=of), said)
    need = data.draw(st.integers(1, len(of)))
    ranked = sorted((RANK[verdict] for verdict in given_verdicts), reverse=True)
    assert RANK[the_verdict(Count(of=of, at_least=need), said)] == ranked[need - 1]


@given(st.lists(verdicts, min_size=1, max_size=6))
def test_not_all_is_any_not(given_verdicts):
    of = LEAVES[: len(given_verdicts)]
    said = {each.id: verdict for each, verdict in zip(of, given_verdicts, strict=True)}
    assert the_verdict(Not(of=All(of=of)), said) is the_verdict(
        Any(of=tuple(Not(of=each) for each in of)), said
    )


@given(trees(), answers, st.sampled_from(LEAVES), st.sampled_from([MET, NOT]))
def test_clearing_up_one_question_never_overturns_what_was_clear(tree, said, more, verdict):
    """What is decided with a question open stays decided however that question is answered."""
    before = the_verdict(tree, {**said, more.id: UNCLEAR})
    after = the_verdict(tree, {**said, more.id: verdict})
    assert before is UNCLEAR or after is before


@given(trees(), answers)
def test_a_question_that_nobody_answered_is_unclear(tree, said):
    blank = {each.id: UNCLEAR for each in LEAVES if each.id not in said}
    assert the_verdict(tree, said) is the_verdict(tree, {**said, **blank})
    assert the_verdict(tree, {}) is UNCLEAR


@given(trees(), answers)
def test_the_result_has_the_shape_of_the_tree(tree, said):
    def ends(result):
        return [result.node] if not result.parts else [end for part in result.parts for end in ends(part)]

    assert ends(evaluate(tree, found(**said))) == list(leaves(tree))


def test_a_finding_keeps_the_pointer_to_its_evidence():
    tree = Any(of=(leaf("a", evidence_required=True), leaf("b", evidence_required=True), leaf("c")))
    result = evaluate(
        tree,
        {
            "a": Finding(verdict=MET, evidence="tried"),
            "b": Finding(verdict=MET, evidence="  "),
            "c": Finding(verdict=MET),
        },
    )
    assert [part.evidence for part in result.parts] == ["tried", "  ", ""]
    assert [each.id for each in lacking_evidence(result)] == ["b"]
    assert result.verdict is MET, "what is lacking is named; the person's finding stands"


def test_evidence_is_asked_of_what_is_met_only():
    tree = leaf("a", evidence_required=True)
    assert list(lacking_evidence(evaluate(tree, found(a=NOT)))) == []


TICKED = AnswerSays(
    met_if=Condition(field="concerns", one_of=("hoarding",)),
    not_if=Condition(field="concerns", one_of=("unrelated",)),
)


@pytest.mark.parametrize(
    ("says", "given_answers", "said"),
    [
        (None, {"concerns": ["hoarding"]}, UNCLEAR),
        (TICKED, {"concerns": ["hoarding", "unrelated"]}, MET),
        (TICKED, {"concerns": ["unrelated"]}, NOT),
        (TICKED, {"concerns": ["unknown"]}, UNCLEAR),
        (TICKED, {}, UNCLEAR),
        (NumberSays(field="incidents", at_least=3), {"incidents": "3"}, MET),
        (NumberSays(field="incidents", at_least=3), {"incidents": "2"}, NOT),
        (NumberSays(field="incidents", at_least=3), {"incidents": "unknown"}, UNCLEAR),
        (NumberSays(field="incidents", at_least=3), {}, UNCLEAR),
        (ToolSays(at_least=3), {}, UNCLEAR),
    ],
)
def test_what_the_referral_says_is_a_suggestion_and_silence_is_unclear(says, given_answers, said):
    assert suggest(leaf("a", says=says), given_answers, today=TODAY) == {"a": said}


@given(st.integers(0, 10), st.integers(0, 10), st.integers(1, 10))
def test_a_score_says_not_only_when_no_answer_could_change_it(yes, no, need):
    """Rule 4: an unanswered question is never counted as a no."""
    no = min(no, 10 - yes)
    score = Score(yes=yes, no=no, unknown=10 - yes - no, asked=10)
    said = suggest(leaf("a", says=ToolSays(at_least=need)), {}, today=TODAY, score=score)["a"]
    assert (said is MET) is (yes >= need)
    assert (said is NOT) is (10 - no < need)
