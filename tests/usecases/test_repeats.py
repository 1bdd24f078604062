"""Somebody who is referred again: triage is shown the earlier cases, says which, and both files point (T21, S4-01)."""

from dataclasses import replace

import pytest
from meeting_builders import MARAT, MARM, NOW, PRACTICE, a_case, bar, person, settle

from bot.domain.errors import Invalid
from bot.storage.tables import PersonRow, ReferralRow
from bot.storage.transaction import Begin
from bot.usecases.open_case import open_case
from bot.usecases.open_referral import open_threshold
from bot.usecases.repeats import agreeing
from bot.usecases.triage import Ruling, decide

BRYONY = {"name": "Bryony Thistle", "born": "1950-04-17", "nhs_number": "943 476 5919"}
WHY = "The risk is high and every agency has tried."


@pytest.fixture
def town(begin: Begin) -> Begin:
    """The six agencies, and somebody who decides referrals."""
    settle(begin)
    with begin() as work:
        work.session.add(
            PersonRow(
                id="tom",
                area="aldermere",
                agency_id="asc",
                name="Tom Ash",
                email="tom@example.test",
                roles=["triage"],
            )
        )
    return begin


def earlier(town, **told) -> str:
    """A closed case about Bryony; its id."""
    case = a_case(town, "CV-EARLYA", pathway=MARM, state="closed", closed_by="chai", closed_at=NOW)
    with town() as work:
        work.referrals.row(f"r-{case}").answers = {**BRYONY, **told}
    return case


def again(town, **told) -> str:
    """A new referral about somebody of that name; its id."""
    rule = PRACTICE.pathways[MARM]
    with town() as work:
        work.session.add(
            ReferralRow(
                id="again",
                ref="CV-AGA1NN",
                area="aldermere",
                pathway=MARM,
                pathway_version=rule.version,
                agency_id="homes",
                referrer_id="pru",
                state="triage",
                source="again",
                received_at=NOW,
                triage_due_on=NOW.date(),
                triage_due_at=NOW,
                answers={"name": "bryony  THISTLE", "born": "unknown", **told},
            )
        )
    return "again"


def accepts(town, referral: str, repeat_of: str = "") -> str:
    """Triage takes it on; the new case's id."""
    ruling = Ruling(outcome="accept", reason=WHY, repeat_of=repeat_of)
    decide(town, PRACTICE, referral, ruling, by=person(town, "tom"), now=NOW)
    with town() as work:
        return work.cases.of_referral(referral).id


def links(town, case: str) -> list[str]:
    by = person(town, "cora")
    of = open_case(town, PRACTICE, case, 0, by=by, now=NOW).of
    files = [open_case(town, PRACTICE, case, n, by=by, now=NOW).part for n in range(of)]
    return [entry.head for part in files if part.kind == "links" for entry in part.entries]


def test_triage_is_shown_the_earlier_case_and_in_what_it_agrees(town):
    case = earlier(town)
    shown = open_threshold(town, PRACTICE, again(town), by=person(town, "tom"), now=NOW).earlier
    assert [(each.id, each.ref, each.matched) for each in shown] == [(case, "CV-EARLYA", ("name",))]


def test_a_person_says_that_it_is_the_same_and_both_files_point(town):
    case = earlier(town)
    new = accepts(town, again(town), case)
    assert links(town, new) == ["Earlier case CV-EARLYA"]
    assert links(town, case) == ["Later case CV-AGA1NN"]


def test_it_is_not_left_open_and_the_program_does_not_decide_it(town):
    """Rules 6 and 7: an unanswered question is no "no"."""
    earlier(town)
    referral = again(town)
    with pytest.raises(Invalid) as refused:
        accepts(town, referral)
    assert set(refused.value.problems) == {"repeat_of"}
    assert links(town, accepts(town, referral, "none")) == []


def test_a_case_that_triage_may_not_know_of_is_not_shown(town):
    """IG-22."""
    bar(town, "tom", earlier(town))
    assert open_threshold(town, PRACTICE, again(town), by=person(town, "tom"), now=NOW).earlier == ()


def test_the_window_for_repeats_is_the_pathways(town):
    """T21: twelve months, say, from the last referral."""
    earlier(town)
    pathway = PRACTICE.pathways[MARM]
    window = PRACTICE.pathways[MARAT].repeat
    own = replace(PRACTICE, pathways={**PRACTICE.pathways, MARM: replace(pathway, repeat=window)})
    [shown] = open_threshold(town, own, again(town), by=person(town, "tom"), now=NOW).earlier
    assert shown.inside is True


@pytest.mark.parametrize(
    ("other", "agrees"),
    [
        ({"name": "Somebody Else", "born": "1950-04-17"}, ()),
        ({"name": "Bryony Thistle", "born": "1951-04-17"}, ()),
        ({"name": "Bryony Thistle", "born": "1950-04-17"}, ("name", "born")),
        ({"nhs_number": "9434765919"}, ("number",)),
        ({}, ()),
    ],
)
def test_a_birthday_alone_is_not_enough_and_another_birthday_is_another_person(other, agrees):
    assert agreeing(BRYONY, other) == agrees


def test_triage_sees_where_the_same_person_is_said_to_have_harmed_before(town):
    """S4-16: by reference alone; a known date of birth that differs is another person, and who is barred sees none."""
    case = a_case(town, "CV-EARLYA", state="closed", closed_by="chai", closed_at=NOW)
    with town() as work:
        work.referrals.row(f"r-{case}").answers = {
            "harmer_name": "Gareth Qanarsson",
            "harmer_born": "1980-05-06",
        }
    referral = again(town, name="Somebody Else", harmer_name="gareth  qanarsson", harmer_born="unknown")

    def seen(**told: str) -> str:
        with town() as work:
            row = work.referrals.row(referral)
            row.answers = {**row.answers, **told}
        pointers = open_threshold(town, PRACTICE, referral, by=person(town, "tom"), now=NOW).pointers
        return " ".join(each.text for each in pointers if "cause harm" in each.text)

    assert "CV-EARLYA" in seen()
    assert "anarsson" not in seen()
    assert seen(harmer_born="1991-01-01") == ""
    assert "CV-EARLYA" in seen(harmer_born="1980-05-06")
    bar(town, "tom", case)
    assert seen() == ""
