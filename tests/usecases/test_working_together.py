"""Agencies take on what is theirs, and settle who does what (S2-28, S2-29, S4-12, S4-13)."""

import pytest
from meeting_builders import PRACTICE, a_case, an_action, bar, hear, on, owed, person, settle
from sqlmodel import select
from test_meeting_hold import DAY, END, QUORATE, begun

from bot.domain.errors import Invalid, NotAllowed, TooLate
from bot.storage.transaction import Begin
from bot.storage.working_together_tables import CaseRoleRow
from bot.usecases.agree import look_over
from bot.usecases.case_roles import open_roles, set_roles
from bot.usecases.conclude import conclude
from bot.usecases.doings import doings
from bot.usecases.hold import Mark, record_attendance
from bot.usecases.open_case import open_case
from bot.usecases.open_meeting import open_unfinished
from bot.usecases.volunteer import look_over_offer, open_offer, take_on


@pytest.fixture
def town(begin: Begin) -> Begin:
    settle(begin)
    return begin


@pytest.fixture
def cora(town):
    return person(town, "cora")


def filed(town, case, kind, by="cora"):
    return open_case(town, PRACTICE, case, 0, by=person(town, by), now=END, kind=kind).part


def test_what_an_action_leaves_open_is_asked_before_it_is_saved_and_nothing_is_kept(town, cora):
    """S4-13: a prompt, never a block."""
    case = a_case(town)
    _, item = begun(town, case, cora)
    vague = an_action(detail="Monitor the situation as soon as possible")
    asked = look_over(town, PRACTICE, item, vague, by=cora, now=DAY)
    assert set(asked) == {"detail"}
    assert "How will anybody know that it is done?" in asked["detail"]
    late = an_action(due=on("2026-12-01"), review_on=on("2026-12-02"))
    assert set(look_over(town, PRACTICE, item, late, by=cora, now=DAY)) == {"due"}
    assert look_over(town, PRACTICE, item, an_action(), by=cora, now=DAY) == {}
    with pytest.raises(Invalid):
        look_over(town, PRACTICE, item, an_action(owner_id="ana"), by=cora, now=DAY)
    with town() as work:
        assert work.plans.of_case(case) == []


def test_an_agency_takes_an_action_on_and_the_chair_agrees_by_concluding(town, cora):
    """S4-12: no owner is told before the chair has concluded, and the last page names what was offered."""
    case, hal = a_case(town), person(town, "hal")
    meeting, item = begun(town, case, cora)
    record_attendance(town, PRACTICE, meeting, QUORATE, by=cora, now=DAY)
    sheet = open_offer(town, PRACTICE, item, by=hal, now=DAY)
    assert (sheet.agency, sheet.owner) == ("Aldermere Homes", "hal")
    assert {pick.id for pick in sheet.owners} == {"hal", "pru"}
    offered = an_action("offer", why_owner="We hold the keys.")
    assert look_over_offer(town, PRACTICE, item, offered, by=hal, now=DAY) == {}
    assert take_on(town, PRACTICE, item, offered, by=hal, now=DAY) == "CV-7K4QMX/1"
    assert take_on(town, PRACTICE, item, offered, by=hal, now=DAY) == "CV-7K4QMX/1"
    assert not [key for key in owed(town, "show") if "action_message" in key]
    (named,) = open_unfinished(town, PRACTICE, meeting, by=cora, now=DAY).offered
    assert (named.ref, named.agency) == ("CV-7K4QMX/1", "Aldermere Homes")
    hear(town, item, cora, DAY)
    conclude(town, PRACTICE, meeting, "", by=cora, now=END)
    with town() as work:
        action = work.plans.of_case(case)[0]
    assert action.offered
    assert any(key.startswith(f"show:action_message:{action.id}") for key in owed(town, "show"))
    entry = filed(town, case, "actions").entries[0]
    assert entry.who == "Hal Birch, Aldermere Homes, who offered it"
    assert "Why Aldermere Homes: We hold the keys." in entry.body


def test_nobody_can_put_an_action_on_another_agency_or_from_outside_the_room(town, cora):
    """S4-12: one's own agency only, while it is here, and only whoever speaks for it."""
    case = a_case(town)
    meeting, item = begun(town, case, cora)
    with pytest.raises(Invalid) as other:
        take_on(town, PRACTICE, item, an_action(), by=person(town, "pia"), now=DAY)
    assert set(other.value.problems) == {"owner"}
    with pytest.raises(NotAllowed):
        open_offer(town, PRACTICE, item, by=person(town, "pru"), now=DAY)
    record_attendance(town, PRACTICE, meeting, [Mark(agency_id="homes", status="absent")], by=cora, now=DAY)
    with pytest.raises(TooLate, match="not here"):
        take_on(town, PRACTICE, item, an_action(), by=person(town, "hal"), now=DAY)
    bar(town, "hal", case)
    with pytest.raises(NotAllowed):
        open_offer(town, PRACTICE, item, by=person(town, "hal"), now=DAY)


def test_the_grid_names_who_does_what_and_points_out_what_is_empty_or_double(town, cora):
    """S2-28: roles are settled early; duplication is seen, and never refused."""
    case = a_case(town)
    with town() as work:
        work.cases.add_agencies(case, ["asc", "nhs"], DAY)
    assert filed(town, case, "roles").entries == ()
    grid = open_roles(town, PRACTICE, case, by=cora, now=DAY)
    assert len(grid.empty) == len(grid.lines) == 8
    chosen = {line.id: () for line in grid.lines} | {"visits": ("asc", "homes"), "health": ("nhs",)}
    grid = set_roles(town, PRACTICE, case, chosen, by=cora, now=DAY)
    assert grid.doubled == ("Visits",)
    assert "Health" not in grid.empty
    entries = {entry.head: entry for entry in filed(town, case, "roles", by="hal").entries}
    assert entries["Visits"].body == "Aldermere Adult Social Care\nAldermere Homes"
    assert "say which of them leads" in entries["Visits"].said
    assert entries["Housing"].body == "No agency yet."


def test_a_role_passes_from_one_agency_to_another_and_the_record_keeps_both(town, cora):
    """S2-28, IG-30."""
    case = a_case(town)
    with town() as work:
        work.cases.add_agencies(case, ["asc"], DAY)
    set_roles(town, PRACTICE, case, {"visits": ("homes",)}, by=cora, now=DAY)
    set_roles(town, PRACTICE, case, {"visits": ("asc",)}, by=cora, now=END)
    grid = set_roles(town, PRACTICE, case, {"health": ("homes",)}, by=cora, now=END)
    assert {line.id: line.held for line in grid.lines if line.held} == {
        "visits": ("asc",),
        "health": ("homes",),
    }
    with town() as work:
        ended = [row for row in work.session.exec(select(CaseRoleRow)) if row.ended_at is not None]
        assert [(row.agency_id, row.ended_by, row.ended_at) for row in ended] == [("homes", "cora", END)]


def test_roles_are_for_agencies_of_the_case_and_for_those_who_work_on_it(town, cora):
    """S2-28."""
    case = a_case(town)
    with pytest.raises(Invalid) as stranger:
        set_roles(town, PRACTICE, case, {"visits": ("fire",)}, by=cora, now=DAY)
    assert set(stranger.value.problems) == {"visits"}
    with pytest.raises(NotAllowed):
        open_roles(town, PRACTICE, case, by=person(town, "fay"), now=DAY)
    hal = person(town, "hal")
    with town() as work:
        assert "case.roles" in [each.verb for each in doings(work, work.cases.row(case), hal)]
        work.cases.row(case).state = "closed"
    with pytest.raises(TooLate):
        open_roles(town, PRACTICE, case, by=cora, now=DAY)
