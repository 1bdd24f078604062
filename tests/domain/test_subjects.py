"""Who a case is about, as the referral's answers tell of them (S4-05, S4-23)."""

from bot.domain.subjects import is_masked, told_of
from bot.pathways.reader import read_all

PATHWAYS = read_all()
MARM, MARAT = PATHWAYS["care-connect-marm"], PATHWAYS["southend-marat"]
TOLD = {
    "name": "Bryony Thistle",
    "born": "1988-05-02",
    "address": "4 Larch Row",
    "children": "Ivy Thistle, 2017-01-09, Mill Lane School\n\nRowan Thistle\n",
    "harmer_name": "Cole Thistle",
    "harmer_address": "9 Rope Lane",
    "other_harmers": "unknown",
    "orders": "One non-molestation order",
}


def test_a_case_has_its_victim_each_child_and_whoever_causes_harm():
    """S4-05, S4-23: children are people of the case, not a line about somebody else."""
    found = [(each.role, each.name, each.source) for each in told_of(MARAT.fields, TOLD)]
    assert found == [
        ("victim", "Bryony Thistle", "subject"),
        ("perpetrator", "Cole Thistle", "perpetrator"),
        ("child", "Ivy Thistle", "children:1"),
        ("child", "Rowan Thistle", "children:2"),
    ]


def test_each_address_stays_with_its_own_person():
    """IG-21."""
    by_role = {each.role: each.address for each in told_of(MARAT.fields, TOLD)}
    assert by_role == {"victim": "4 Larch Row", "perpetrator": "9 Rope Lane", "child": ""}


def test_an_unknown_name_is_still_a_person():
    """Rule 7: not to know who causes harm is not to have nobody who does."""
    found = list(told_of(MARAT.fields, {"name": "unknown", "harmer_name": "unknown", "children": "unknown"}))
    assert [(each.role, each.name) for each in found] == [("victim", ""), ("perpetrator", "")]


def test_where_a_form_knows_no_perpetrator_there_is_an_adult_at_risk():
    """S4-23: the roles are as the pathway's own form asks."""
    assert [each.role for each in told_of(MARM.fields, {"name": "Nerys Holloway"})] == ["adult_at_risk"]


def test_an_address_is_masked_where_its_pathway_says_that_it_can_cost_a_life():
    """IG-21: class 4 is hidden until somebody opens it."""
    assert {field.id for field in MARAT.fields if is_masked(field)} == {"address", "harmer_address"}
    assert not [field.id for field in MARM.fields if is_masked(field)]
