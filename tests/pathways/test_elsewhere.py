"""The format carries how other areas decide, although their files are not shipped (model.md section 4).

Only the trees differ from the shipped files, so only the trees are swapped.
"""

import shutil

import pytest

from bot.domain.criteria import Finding, Verdict, evaluate, leaves
from bot.pathways.faults import BadPathway
from bot.pathways.reader import SHIPPED, read

MET, NOT, UNCLEAR = Verdict.MET, Verdict.NOT, Verdict.UNCLEAR
GOOD = (SHIPPED / "southend-marat.yml").read_text(encoding="utf-8")

SOLIHULL = """
  any:
    - id: ordinary
      label: All of these
      all:
        - {id: scope, question: Care and support needs or high vulnerability, source: S2-01}
        - {id: known_no_plan, question: Known through repeated concerns and no plan in place, source: S2-02}
        - {id: capacity_refuses, question: Has capacity and refuses essential help, source: S2-03}
        - {id: not_reduced, question: What is being done has not reduced the risk, source: S2-04}
        - id: abilities
          label: At least one of seven
          count:
            at_least: 1
            of:
              - {id: personal_care, question: Personal care, source: S2-05}
              - {id: home, question: Home, source: S2-05}
              - {id: daily_living, question: Daily living, source: S2-05}
              - {id: health, question: Health, source: S2-05}
              - {id: finances, question: Finances, source: S2-05}
              - {id: safety, question: Safety, source: S2-05}
              - {id: protection, question: Protection from abuse or neglect, source: S2-05}
        - {id: partner_concerned, question: A partner is concerned and a discussion would help, source: S2-06}
    - {id: family_dynamics, question: Harm caused by family behaviour or dynamics, source: S2-07}
"""

SAFELIVES = """
  any:
    - {id: visible_high, question: The checklist is high, says: {tool: example-risk-tool, at_least: 9}}
    - {id: judgement, question: Professional judgement, evidence: required}
    - {id: escalation, question: Escalation, says: {number: incidents, at_least: 3}}
    - {id: repeat, question: Repeat, says: {date: last_heard, within: {months: 12}}}
"""

CAMBRIDGESHIRE = """
  all:
    - id: gate
      label: Without capacity this is not the route
      not: {id: lacks_capacity, question: The person lacks capacity for the decisions at stake}
    - {id: high_risk, question: The risk is high and agencies must act together}
"""


@pytest.fixture
def tree(tmp_path):
    shutil.copytree(SHIPPED / "tools", tmp_path / "tools")

    def of(criteria):
        start, end = GOOD.index("criteria:\n"), GOOD.index("duties:\n")
        (tmp_path / "x.yml").write_text(
            GOOD[:start] + "criteria:" + criteria + "\n" + GOOD[end:], encoding="utf-8"
        )
        return read(tmp_path / "x.yml").criteria

    return of


def found(**verdicts):
    return {id: Finding(verdict=verdict) for id, verdict in verdicts.items()}


def test_solihull_needs_all_six_or_the_family_route(tree):
    """S2-01 to S2-07."""
    node = tree(SOLIHULL)
    six = found(
        scope=MET, known_no_plan=MET, capacity_refuses=MET, not_reduced=MET, partner_concerned=MET, finances=MET
    )  # fmt: skip
    assert evaluate(node, six).verdict is MET, "one ability of seven is enough"
    assert evaluate(node, six | found(scope=NOT)).verdict is UNCLEAR, "the family route has not been answered"
    assert evaluate(node, six | found(scope=NOT, family_dynamics=NOT)).verdict is NOT
    assert evaluate(node, found(scope=NOT, family_dynamics=MET)).verdict is MET


def test_no_ability_in_question_closes_solihulls_ordinary_route(tree):
    node = tree(SOLIHULL)
    seven = ("personal_care", "home", "daily_living", "health", "finances", "safety", "protection")
    none = found(**dict.fromkeys(seven, NOT))
    ordinary = evaluate(node, none).parts[0]
    assert ordinary.verdict is NOT
    assert ordinary.parts[4].node.id == "abilities"


def test_safelives_takes_any_of_four(tree):
    node = tree(SAFELIVES)
    ids = [leaf.id for leaf in leaves(node)]
    assert len(ids) == 4
    for id in ids:
        assert evaluate(node, found(**{**dict.fromkeys(ids, NOT), id: MET})).verdict is MET
    assert evaluate(node, found(**dict.fromkeys(ids, NOT))).verdict is NOT


@pytest.mark.parametrize(("lacks", "verdict"), [(NOT, MET), (MET, NOT), (UNCLEAR, UNCLEAR)])
def test_cambridgeshires_gate_shuts_when_capacity_is_lacking(tree, lacks, verdict):
    assert evaluate(tree(CAMBRIDGESHIRE), found(lacks_capacity=lacks, high_risk=MET)).verdict is verdict


@pytest.mark.parametrize(
    ("criteria", "path"),
    [
        ("\n  any: []\n", "criteria.any"),
        ("\n  any: {id: a, question: A}\n", "criteria.any"),
        ("\n  all:\n    - any:\n        - just words\n", "criteria.all.0.any.0"),
        ("\n  count: {at_least: 3, of: [{id: a, question: A}]}\n", "criteria.count.at_least"),
        ("\n  any: [{id: a, question: A}, {id: a, question: B}]\n", "criteria.any.1.id"),
        ("\n  not: {id: a, question: A, says: {perhaps: true}}\n", "criteria.not.says"),
        ("\n  any: [{id: a, question: A, evidence: optional}]\n", "criteria.any.0.evidence"),
        (
            "\n  any: [{id: a, question: A, says: {date: incidents, within: {months: 12}}}]\n",
            "criteria.any.0.says.date",
        ),
        (
            "\n  any: [{id: a, question: A, says: {date: last_heard, within: {wd: 3}}}]\n",
            "criteria.any.0.says.within",
        ),
    ],
)
def test_a_tree_that_makes_no_sense_is_refused_where_it_breaks(tree, criteria, path):
    with pytest.raises(BadPathway) as refused:
        tree(criteria)
    assert path in [fault.path for fault in refused.value.faults]
