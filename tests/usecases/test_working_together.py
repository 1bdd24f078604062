"""Agencies take on what is theirs, and settle who does what (S2-28, S2-29, S4-12, S4-13)."""

import pytest
from meeting_builders import (
    MARAT,
    PRACTICE,
    a_case,
    an_action,
    asked_at_the_end,
    at,
    bar,
    hear,
    on,
    owed,
    person,
    settle,
)
from sqlmodel import select
from test_meeting_hold import DAY, END, QUORATE, begun

from bot.domain.advice import Advice
from bot.domain.errors import Invalid, NotAllowed, TooLate
from bot.domain.onward import Heard, Sent
from bot.storage.chronology_tables import ChronologyRow
from bot.storage.transaction import Begin
from bot.storage.working_together_tables import CaseRoleRow
from bot.usecases.agree import look_over
from bot.usecases.case_roles import open_roles, set_roles
from bot.usecases.chronology import record_entry
from bot.usecases.close import close_case, propose_closure
from bot.usecases.conclude import conclude
from bot.usecases.doings import doings
from bot.usecases.hold import Mark, record_attendance
from bot.usecases.looks.board import board
from bot.usecases.open_case import open_case
from bot.usecases.open_meeting import open_unfinished
from bot.usecases.opening import opening
from bot.usecases.refer_on import (
    answer_onward,
    begin_onward,
    open_onward,
    open_sent,
    receipt_note,
    refer_on,
)
from bot.usecases.volunteer import look_over_offer, open_offer, take_on

NEXT = at("2026-03-03")


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
        assert "case.roles" in [each.verb for each in doings(work, PRACTICE, work.cases.row(case), hal)]
        work.cases.row(case).state = "closed"
    with pytest.raises(TooLate):
        open_roles(town, PRACTICE, case, by=cora, now=DAY)


def sent(**but) -> Sent:
    values = {
        "route": "s42",
        "forum": "The invented safeguarding team of Aldermere",
        "why": "Somebody else is taking her money.",
        "pack": ("referral", "views"),
        "sent_on": on("2026-03-02"),
    }
    return Sent(**{**values, **but})


def send_on(town, case, by, source="one", **but):
    return refer_on(town, PRACTICE, case, sent(**but), source=source, by=by, now=DAY)


def heard(answer="received", day="2026-03-03", said="Their duty worker, by telephone."):
    return Heard(answer=answer, on=on(day) if day else None, said=said)


def say(town, id, by, said, source="said", now=NEXT):
    return answer_onward(town, PRACTICE, id, said, source=source, by=by, now=now)


def asked(town, day, practice=PRACTICE):
    opening(town, practice, at(day, "09:30"))
    return sorted(key.split(":")[4] for key in owed(town, "tell") if "receipt_missing" in key)


def test_a_case_is_referred_on_and_the_file_and_the_board_show_that_nobody_has_it_yet(town, cora):
    """S2-42, S2-43, S2-44: a linked referral with its route, its reason and what went along."""
    case = a_case(town)
    form = begin_onward(town, PRACTICE, case, by=cora, now=DAY)
    assert "another_area" in {route.id for route in form.routes}
    assert {route.id for route in form.routes} > {route.id for route in PRACTICE.pathways[MARAT].onward}
    page = send_on(town, case, cora)
    assert send_on(town, case, cora) == page
    (line,) = page.lines
    assert (line.state, line.pack) == ("waiting", ("The referral", "The person’s own views"))
    (entry,) = filed(town, case, "onward", by="hal").entries
    assert (entry.state, entry.due) == ("receipt not confirmed", on("2026-03-02"))
    with town() as work:
        (standing,) = board(work, PRACTICE, cora, DAY).lines
    assert ("no_receipt", 1) in [(block.kind, block.count) for block in standing.blocks]


@pytest.mark.parametrize(
    ("field", "but"),
    [
        ("route", {"route": "elsewhere"}),
        ("forum", {"forum": ""}),
        ("why", {"why": "because"}),
        ("pack", {"pack": ()}),
        ("sent_on", {"sent_on": on("2026-03-03")}),
    ],
)
def test_what_a_referral_onward_lacks_is_said_beside_its_field(town, cora, field, but):
    """S2-42."""
    with pytest.raises(Invalid) as lacks:
        send_on(town, a_case(town), cora, **but)
    assert set(lacks.value.problems) == {field}


def test_nobody_saying_that_it_arrived_is_asked_about_until_somebody_does(town, cora):
    """S4-22: the coordinator after two working days, the chair after five, and nothing after an answer."""
    case = a_case(town)
    (line,) = send_on(town, case, cora).lines
    assert asked(town, "2026-03-03") == []
    assert asked(town, "2026-03-04") == ["cora"]
    assert asked(town, "2026-03-05") == ["cora"]
    assert asked(town, "2026-03-09") == ["chai", "cora", "cora"]
    with town() as work:
        note = receipt_note(work, PRACTICE, line.id, at("2026-03-09"))
    assert (note.ref, note.days) == ("CV-7K4QMX", 5)
    say(town, line.id, cora, heard(), now=at("2026-03-10"))
    before = asked(town, "2026-03-11")
    assert asked(town, "2026-04-30") == before
    with town() as work:
        assert receipt_note(work, PRACTICE, line.id, at("2026-03-11")) is None


def test_receipt_and_hearing_are_said_by_a_person_with_who_told_them(town, cora):
    """S4-22: received, then heard there; no word is no answer."""
    case = a_case(town)
    (line,) = send_on(town, case, cora).lines
    with pytest.raises(Invalid) as lacks:
        say(town, line.id, cora, heard(day="2026-03-01", said="yes"))
    assert set(lacks.value.problems) == {"on", "said"}
    (line,) = say(town, line.id, cora, heard()).lines
    assert (line.state, line.on, line.said) == (
        "received",
        on("2026-03-03"),
        "Their duty worker, by telephone. (Cora Vale)",
    )
    form = open_sent(town, PRACTICE, line.id, by=cora, now=NEXT)
    assert [pick.id for pick in form.answers] == ["heard"]
    with pytest.raises(Invalid):
        say(town, line.id, cora, heard("withdrawn"), source="two")
    (line,) = say(town, line.id, cora, heard("heard"), source="three").lines
    assert line.state == "heard"
    with pytest.raises(TooLate):
        say(town, line.id, cora, heard("heard"), source="four")


def test_a_case_that_moves_to_another_area_stays_here_until_they_say_they_have_it(town, cora):
    """S4-22: no closure in between, whoever asks for it."""
    case = a_case(town, state="plan_active", rating="medium")
    (line,) = send_on(town, case, cora, route="another_area").lines
    assert line.moves
    why = "The other area has taken the case over."
    chai = person(town, "chai")
    with pytest.raises(NotAllowed, match="proposes to close"):
        propose_closure(town, PRACTICE, case, why, by=cora, now=NEXT)
    with pytest.raises(Invalid, match="stays here"):
        propose_closure(town, PRACTICE, case, why, by=chai, now=NEXT)
    say(town, line.id, cora, heard())
    asked_at_the_end(town, case, cora, NEXT)
    assert propose_closure(town, PRACTICE, case, why, by=chai, now=NEXT) == "CV-7K4QMX"
    send_on(town, case, cora, source="again", route="another_area")
    with pytest.raises(TooLate, match="stays here"):
        close_case(town, PRACTICE, case, why, by=chai, now=NEXT)


def test_only_those_who_work_on_a_case_refer_it_on_and_never_a_closed_one(town, cora):
    """S2-42, IG-05."""
    case, fay = a_case(town), person(town, "fay")
    (line,) = send_on(town, case, cora).lines
    for refused in (
        lambda: open_onward(town, PRACTICE, case, by=fay, now=DAY),
        lambda: begin_onward(town, PRACTICE, case, by=fay, now=DAY),
        lambda: send_on(town, case, fay, source="fay"),
        lambda: say(town, line.id, fay, heard()),
    ):
        with pytest.raises(NotAllowed):
            refused()
    with town() as work:
        work.cases.row(case).state = "closed"
    with pytest.raises(TooLate):
        begin_onward(town, PRACTICE, case, by=cora, now=DAY)
    assert not open_onward(town, PRACTICE, case, by=cora, now=DAY).may_begin


def advice(**but) -> Advice:
    values = {
        "day": on("2026-03-02"),
        "contact": "The invented safeguarding contact",
        "advice": "A second fall within a month.",
        "needed": "What the ward saw in January.",
        "action": "Nur Patel, by Friday.",
    }
    return Advice(**{**values, **but})


def test_advice_on_the_threshold_becomes_a_contact_of_the_chronology(town, cora):
    """S5-13: what would meet the threshold, which information is needed, by whom and when."""
    case = a_case(town)
    record_entry(town, PRACTICE, case, advice().as_entry(), source="a", by=cora, now=DAY)
    record_entry(town, PRACTICE, case, advice().as_entry(), source="a", by=cora, now=DAY)
    with town() as work:
        (row,) = work.session.exec(select(ChronologyRow).where(ChronologyRow.case_id == case)).all()
    assert (row.kind, row.action) == ("contact", "Nur Patel, by Friday.")
    assert row.advice == (
        "What would meet the threshold: A second fall within a month."
        "\nInformation still needed: What the ward saw in January."
    )


@pytest.mark.parametrize("field", ["day", "contact", "advice", "needed", "action"])
def test_advice_without_one_of_its_parts_is_asked_for_it_beside_its_field(town, cora, field):
    """S5-13."""
    case, blank = a_case(town), None if field == "day" else ""
    lacking = advice(**{field: blank})
    with pytest.raises(Invalid) as lacks:
        record_entry(town, PRACTICE, case, lacking.as_entry(), source="a", by=cora, now=DAY)
    assert set(lacks.value.problems) == {field}
