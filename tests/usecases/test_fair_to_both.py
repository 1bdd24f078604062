"""One plan that is fair to both, where two people of a case have needs that pull against each other (S5-28)."""

from datetime import timedelta

import pytest
from meeting_builders import MARM, NOW, PRACTICE, a_case, an_action, person, settle
from sqlmodel import select

from bot.domain.errors import Invalid, NotAllowed, NotFound, TooLate
from bot.domain.safe_contact import SafeContact
from bot.render import Render
from bot.storage.pair_tables import SubjectConflictRow
from bot.storage.tables import ActionRow
from bot.usecases.agree import agree_now
from bot.usecases.fair_plan import Flagged, Planned, flag_pair, open_pair, record_plan
from bot.usecases.open_action import open_action
from bot.usecases.open_case import open_case
from bot.usecases.safe_contact import open_safe_contact, record_safe_contact
from bot.usecases.subjects import Described, open_addresses, open_subjects, record_subject

RENDER = Render()
WHY = "He sleeps only with the door open; her fear of him grows when it is."
LEAST = "Separate floors were weighed first: they know each other\u2019s hours, and it did not help."


@pytest.fixture
def town(begin):
    settle(begin)
    return begin


@pytest.fixture
def cora(town):
    return person(town, "cora")


@pytest.fixture
def case(town, cora) -> str:
    id = a_case(town, pathway=MARM, state="plan_active")
    with town() as work:
        work.referrals.row(f"r-{id}").answers = {"name": "Bryony Thistle", "address": "4 Larch Row"}
    open_subjects(town, PRACTICE, id, by=cora, now=NOW)
    other = Described(role="adult_at_risk", name="Orrin Pell", address="9 Rope Lane", more="Hears voices.")
    record_subject(town, PRACTICE, id, "", other, by=cora, now=NOW)
    return id


def two(town, case) -> tuple[str, str]:
    """Ids of the person at the middle, and of the other."""
    with town() as work:
        rows = {row.name: row.id for row in work.people.subjects(case)}
    return rows["Bryony Thistle"], rows["Orrin Pell"]


def flag(town, case, cora, **but) -> str:
    one, other = two(town, case)
    told = Flagged(**{"one": one, "other": other, "why": WHY, "least": LEAST, **but})
    return flag_pair(town, PRACTICE, case, told, by=cora, now=NOW)


def action(town, case, cora, source="one", category="welfare_check") -> str:
    agree_now(town, PRACTICE, case, an_action(source, category=category), by=cora, now=NOW)
    with town() as work:
        return work.session.exec(select(ActionRow).where(ActionRow.source == source)).one().id


def plan(town, case, cora, now=NOW, **but) -> None:
    record_plan(town, PRACTICE, case, Planned(**{"least": LEAST, **but}), by=cora, now=now)


def warnings(town, case, cora) -> tuple[str, ...]:
    return open_pair(town, PRACTICE, case, by=cora, now=NOW).plan.warnings


def parts(town, case, cora) -> dict[str, str]:
    """Every part of the file, by kind, as it is read."""
    first = open_case(town, PRACTICE, case, 0, by=cora, now=NOW)
    found: dict[str, str] = {}
    for n in range(first.of):
        part = open_case(town, PRACTICE, case, n, by=cora, now=NOW).part
        told = "\n".join(f"{each.head}\n{each.body}\n{each.said}" for each in part.entries)
        found[part.kind] = found.get(part.kind, "") + told
    return found


def test_two_who_are_flagged_have_a_record_each_and_neither_is_a_line_in_the_others(town, cora, case):
    """S5-28: separated records, from the flag on."""
    before = parts(town, case, cora)
    assert "Bryony Thistle" in before["subjects"]
    assert "Orrin Pell" in before["subjects"]
    flag(town, case, cora)
    after = parts(town, case, cora)
    for kind, told in after.items():
        assert not ("Bryony Thistle" in told and "Orrin Pell" in told), kind
    assert "Bryony Thistle" in after["pair_one"]
    assert "Orrin Pell" in after["pair_other"]
    assert "Hears voices." not in "".join(told for kind, told in after.items() if kind != "pair_other")
    assert "Adult at risk 1 has no open action that serves them." in after["pair"]


def test_the_plan_says_of_each_action_whom_it_serves_and_warns_of_what_one_of_them_lacks(town, cora, case):
    """S5-28: an action and an advocate for each; until it is said, whom an action serves is not known (rule 7)."""
    lock, visit = action(town, case, cora, "lock"), action(town, case, cora, "visit")
    flag(town, case, cora)
    one, other = two(town, case)
    first = warnings(town, case, cora)
    assert any("serve: CV-7K4QMX/1, CV-7K4QMX/2." in each for each in first)
    assert len(first) == 5  # each lacks an action and an advocate, and nobody has said whom the actions serve
    plan(town, case, cora, serves={lock: one, visit: one}, advocacy={one: "in_place", other: "offered"})
    assert warnings(town, case, cora) == (
        "Adult at risk 2 has no open action that serves them.",
        "Adult at risk 2 has no advocate: offered, and no answer yet.",
    )
    later = NOW + timedelta(hours=1)
    plan(town, case, cora, later, serves={visit: "both"}, advocacy={other: "in_place"})
    assert warnings(town, case, cora) == ()
    told = {
        each.ref: each.serves_words for each in open_pair(town, PRACTICE, case, by=cora, now=NOW).plan.actions
    }
    assert told == {"CV-7K4QMX/1": "Adult at risk 1", "CV-7K4QMX/2": "both of them"}


def test_nobody_is_flagged_before_it_was_said_why_nothing_less_would_do(town, cora, case):
    """S5-28: least restrictive, of either; asked again whenever the plan is changed."""
    with pytest.raises(Invalid) as refused:
        flag(town, case, cora, why="", least="no", other="nobody")
    assert set(refused.value.problems) == {"why", "least", "other"}
    one, _ = two(town, case)
    with pytest.raises(Invalid) as refused:
        flag(town, case, cora, other=one)
    assert set(refused.value.problems) == {"other"}
    flag(town, case, cora)
    with pytest.raises(Invalid) as refused:
        plan(town, case, cora, least="", serves={"x": "y"}, advocacy={"z": "in_place"})
    assert set(refused.value.problems) == {"least", "serves-x", "advocacy-z"}
    with pytest.raises(TooLate):
        flag(town, case, cora)


def test_the_addresses_of_the_two_open_together_only_with_a_reason(town, cora, case):
    """S5-28, IG-21: they may live on one landing."""
    pair = two(town, case)
    assert len(open_addresses(town, PRACTICE, case, pair, by=cora, now=NOW).lines) == 2
    flag(town, case, cora)
    with pytest.raises(Invalid) as refused:
        open_addresses(town, PRACTICE, case, pair, by=cora, now=NOW)
    assert set(refused.value.problems) == {"why"}
    assert open_addresses(town, PRACTICE, case, pair[:1], by=cora, now=NOW).lines
    why = "Both doors are changed in one visit."
    assert len(open_addresses(town, PRACTICE, case, pair, why, by=cora, now=NOW).lines) == 2


def test_each_of_a_cases_people_has_a_card_of_how_to_reach_them_and_none_stands_for_another(town, cora, case):
    """S5-17, S5-28, IG-10: of whom nothing is recorded, nothing is safe."""
    one, other = two(town, case)
    hers, his = (
        SafeContact(call="yes", number="01632 960 111"),
        SafeContact(write="yes", number="A box at the inn"),
    )
    for known, subject in ((hers, one), (his, other)):
        routes = {name: getattr(known, name) for name in ("call", "message", "text", "write")}
        told = SafeContact(**routes, number=known.number)
        record_safe_contact(town, PRACTICE, case, told, subject, by=cora, now=NOW + timedelta(hours=1))
    form = open_safe_contact(town, PRACTICE, case, other, by=cora, now=NOW)
    assert (form.whose, form.number) == ("Adult at risk 2", "A box at the inn")
    assert open_safe_contact(town, PRACTICE, case, by=cora, now=NOW).number == "01632 960 111"
    flag(town, case, cora)
    read = parts(town, case, cora)
    assert "01632 960 111" in read["pair_one"]
    assert "A box at the inn" in read["pair_other"]
    assert "A box" not in read["pair_one"]
    elsewhere = a_case(town, ref="CV-222222")
    with pytest.raises(NotFound):
        open_safe_contact(town, PRACTICE, elsewhere, other, by=cora, now=NOW)


def test_whoever_owns_an_action_sees_the_card_of_the_one_it_serves_and_never_the_others(town, cora, case):
    """S5-17, S5-28: not said, or for both, and there is neither card, but the word to look."""
    one, other = two(town, case)
    for subject, number in ((one, "01632 960 111"), (other, "01632 960 222")):
        told = SafeContact(call="yes", number=number)
        record_safe_contact(town, PRACTICE, case, told, subject, by=cora, now=NOW)
    visit = action(town, case, cora, "visit")

    def card():
        return open_action(town, PRACTICE, visit, by=person(town, "hal"), now=NOW).safe

    assert card().number == "01632 960 111"
    flag(town, case, cora)
    assert (card().number, card().may) == ("", ())
    plan(town, case, cora, serves={visit: other})
    assert (card().number, card().whose) == ("01632 960 222", "Adult at risk 2")
    plan(town, case, cora, serves={visit: "both"})
    assert card().number == ""


def test_the_flag_is_ended_by_somebody_with_a_reason_and_stays_on_the_record(town, cora, case):
    """S5-28: and while it stands neither can be taken out of the case."""
    flag(town, case, cora)
    _, other = two(town, case)
    gone = Described(role="adult_at_risk", name="Orrin Pell", remove=True)
    with pytest.raises(Invalid):
        record_subject(town, PRACTICE, case, other, gone, by=cora, now=NOW)
    plan(town, case, cora, least="", over_why="He has moved to his sister, and wishes to stay there.")
    read = parts(town, case, cora)
    assert "pair_one" not in read
    assert "He has moved to his sister" in read["pair"]
    assert "Orrin Pell" in read["subjects"]
    with town() as work:
        [row] = work.session.exec(select(SubjectConflictRow))
        assert row.ended_by == "cora"


def test_only_whoever_runs_the_case_flags_two_people(town, cora, case):
    """IG-05."""
    with pytest.raises(NotAllowed):
        open_pair(town, PRACTICE, case, by=person(town, "hal"), now=NOW)
    with pytest.raises(NotAllowed):
        flag(town, case, person(town, "hal"))


def test_the_page_that_compares_the_two_names_neither(town, cora, case):
    """S5-28: whoever reads it over a shoulder learns no name."""
    flag(town, case, cora)
    form = open_pair(town, PRACTICE, case, by=cora, now=NOW)
    card = str(RENDER.shape("slack", "pair_plan", view=form, private_metadata="{}"))
    assert "Adult at risk 2" in card
    assert "Pell" not in card
    assert "Thistle" not in card
