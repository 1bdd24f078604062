"""Who closes a case, what is on record before, and how a dispute climbs: the file says (S3-34, S2-45, T23)."""

import shutil

import pytest

from bot.domain.dispute import DEFAULT
from bot.domain.workdays import Length, Unit
from bot.pathways.faults import BadPathway
from bot.pathways.reader import SHIPPED, read, read_all

GOOD = (SHIPPED / "southend-marat.yml").read_text(encoding="utf-8")

TIERS = """
dispute:
  tiers:
    - {title: Line managers, role: agency_lead, within: same_day}
    - {title: Heads of service, role: agency_lead, within: {wd: 1}, register_tier: 4}
    - {title: Board, role: board, within: {days: 7}}
"""


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(SHIPPED / "tools", tmp_path / "tools")
    return tmp_path


def told(folder, text: str):
    (folder / "own.yml").write_text(text, encoding="utf-8")
    return read(folder / "own.yml")


def faults(folder, text: str) -> list[tuple[str, str]]:
    with pytest.raises(BadPathway) as refused:
        told(folder, text)
    return [(fault.path, fault.reason) for fault in refused.value.faults]


def test_a_file_may_name_its_own_tiers_with_lengths_in_any_unit(folder):
    """T23: the same day, a working day, a week."""
    tiers = told(folder, GOOD + TIERS).dispute.tiers
    assert [(tier.role, tier.within) for tier in tiers] == [
        ("agency_lead", Length(0, Unit.SAME_DAY)),
        ("agency_lead", Length(1, Unit.WD)),
        ("board", Length(7, Unit.DAYS)),
    ]
    assert tiers[1].register_tier == 4


def test_a_file_that_names_none_has_the_usual_ones_and_the_board_is_the_last():
    assert {pathway.dispute for pathway in read_all().values()} == {DEFAULT}
    assert DEFAULT.tiers[-1].role == "board"


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("role: board", "role: nobody", "dispute.tiers.2.role"),
        ("role: board", "role: triage", "dispute.tiers.2.role"),
        ("{days: 7}", "{weeks: 1}", "dispute.tiers.2.within.weeks"),
        ("title: Board", "titel: Board", "dispute.tiers.2.titel"),
    ],
)
def test_a_tier_that_would_lead_to_nobody_is_refused(folder, old, new, path):
    """Rule 8: it ends at somebody with a name."""
    assert path in [where for where, _ in faults(folder, GOOD + TIERS.replace(old, new))]


def test_a_file_may_ask_for_a_second_signature_and_for_more_on_record(folder):
    """S2-17: the lead and their manager; what is on record first is a list of its own."""
    wanted = (
        "  authoriser: chair\n  also: [coordinator]\n  needs: [rating, voice]\n  answer_within: {wd: 3}\n"
    )
    rule = told(folder, GOOD.replace("  authoriser: chair\n", wanted)).closure
    assert (rule.signatures, rule.needs) == (("chair", "coordinator"), ("rating", "voice"))
    assert rule.answer_within == Length(3, Unit.WD)


@pytest.mark.parametrize(
    ("added", "path"),
    [
        ("  also: [triage]\n", "closure.also.0"),
        ("  also: [chair]\n", "closure.also.0"),
        ("  also: [nobody]\n", "closure.also.0"),
        ("  needs: [luck]\n", "closure.needs.0"),
    ],
)
def test_a_signature_that_nobody_could_give_is_refused(folder, added, path):
    text = GOOD.replace("  authoriser: chair\n", f"  authoriser: chair\n{added}")
    assert path in [where for where, _ in faults(folder, text)]


def test_a_closure_that_only_a_team_could_propose_is_refused(folder):
    """Rule 6: whoever proposes that a case is closed is somebody with a name (S3-34)."""
    found = faults(folder, GOOD.replace("  by: chair\n", "  by: triage\n"))
    assert ("closure.by", "must be a role held by a person") in found


@pytest.mark.parametrize(
    ("added", "reason"),
    [
        ("{nothing_of_this: chair}", "no decision “nothing_of_this”"),
        ("{relist: nobody}", "not among this pathway's roles"),
        ("{relist: triage}", "held by a person"),
    ],
)
def test_a_decision_that_nobody_could_authorise_is_refused(folder, added, reason):
    """S3-34: the decision is one of the file's, and the role is held by somebody with a name."""
    found = faults(folder, f"{GOOD}\nauthorised_by: {added}\n")
    assert [path for path, why in found if path.startswith("authorised_by.") and reason in why]
