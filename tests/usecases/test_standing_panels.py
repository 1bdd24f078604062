"""A standing panel a year ahead, its cut-off and its agenda (S3-03, T08, T10; calendar.md section 6)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from meeting_builders import MARM, NOW, PRACTICE, a_case, at, bar, on, owed, person, settle, wanted

from bot.domain.area import Practice
from bot.domain.errors import Invalid, ListClosed, NotAllowed
from bot.storage.transaction import Begin
from bot.usecases.book import book, cancel
from bot.usecases.convene import find_times
from bot.usecases.list_cases import (
    closed_list,
    list_case,
    list_late,
    list_on_next_panel,
    passed_over,
)
from bot.usecases.looks.meeting import agenda_out, agenda_soon
from bot.usecases.open_case import open_case
from bot.usecases.open_meeting import open_panel
from bot.usecases.opening import opening


@pytest.fixture
def town(begin: Begin) -> Begin:
    settle(begin)
    return begin


def opened(town, practice: Practice = PRACTICE) -> None:
    """Two mornings have gone by: on Friday 27 February the year was planned, on Monday people were asked."""
    opening(town, practice, at("2026-02-27", "09:00"))
    opening(town, practice, NOW)


def dates_of(town, practice: Practice = PRACTICE) -> list[tuple[str, str]]:
    """Every date of the MARM panel: its local day and its state."""
    with town() as work:
        rows = work.meetings.of_panel("aldermere", MARM, "panel", on("2020-01-01"))
        return [(practice.today(row.starts_at).isoformat(), row.state) for row in rows]


def panel_of(town, day: str):
    with town() as work:
        rows = work.meetings.of_panel("aldermere", MARM, "panel", on("2020-01-01"))
        return next(row for row in rows if PRACTICE.today(row.starts_at) == on(day))


def with_rule(version: str = "2.0.0", **but) -> Practice:
    """The area under a new version of the MARM pathway, whose panel has another rule."""
    old = PRACTICE.pathways[MARM]
    stages = [
        replace(stage, recurs=replace(stage.recurs, **but)) if stage.recurs else stage for stage in old.stages
    ]
    new = replace(old, version=version, stages=tuple(stages))
    return replace(PRACTICE, pathways={**PRACTICE.pathways, MARM: new}, earlier={(old.id, old.version): old})


def test_a_morning_plans_the_panel_twelve_months_ahead_and_asks_people_to_the_next_one_only(town):
    """Twenty working days before it, by the pathway: one invitation for each person, not twelve."""
    opened(town)
    found = dates_of(town)
    assert len(found) == 12
    assert found[0] == ("2026-03-10", "invited")
    assert {state for _, state in found[1:]} == {"planned"}
    assert found[-1][0] == "2027-02-09"
    asked = owed(town, "invite")
    assert len(asked) == len(set(asked)) == 7
    assert {key.split(":")[1] for key in asked} == {panel_of(town, "2026-03-10").id}


def test_each_date_is_a_meeting_of_its_own(town):
    opened(town)
    with town() as work:
        rows = work.meetings.of_panel("aldermere", MARM, "panel", on("2026-03-01"))
    assert len({row.uid for row in rows}) == len({row.id for row in rows}) == 12
    # Ten in the morning, in winter as in summer.
    assert {row.starts_at for row in rows} >= {at("2026-03-10", "10:00"), at("2026-04-14", "10:00")}


def test_a_date_can_be_looked_at_for_a_day_before_anybody_is_asked_to_it(town):
    """On the morning that it is planned it stands on the panel's page; the coordinator may cancel it there."""
    opening(town, PRACTICE, NOW)
    assert dates_of(town)[0] == ("2026-03-10", "planned")
    assert owed(town, "invite") == []
    cancel(town, PRACTICE, panel_of(town, "2026-03-10").id, "no_cases", by=person(town, "cora"), now=NOW)
    opening(town, PRACTICE, at("2026-03-03", "09:00"))
    assert owed(town, "invite") == []


def test_a_second_look_on_the_same_day_and_a_new_morning_make_nothing_twice(town):
    opened(town)
    before = dates_of(town), owed(town, "invite")
    opening(town, PRACTICE, NOW + timedelta(minutes=1))
    opening(town, PRACTICE, at("2026-03-03", "09:00"))
    assert (dates_of(town), owed(town, "invite")) == before


def test_nobody_is_written_to_before_the_area_opens_nor_on_a_holiday(town):
    opening(town, PRACTICE, at("2026-03-02", "08:59"))
    opening(town, PRACTICE, at("2026-04-03", "10:00"))  # Good Friday
    assert dates_of(town) == []


def test_people_are_asked_when_the_panels_own_day_has_come(town):
    """Tuesday 14 April: twenty working days before it, Easter left out, are Friday 13 March."""
    opening(town, PRACTICE, at("2026-03-12", "09:00"))
    assert ("2026-04-14", "planned") in dates_of(town)
    opening(town, PRACTICE, at("2026-03-13", "09:00"))
    assert ("2026-04-14", "invited") in dates_of(town)


def test_a_pathway_that_invites_a_year_ahead_asks_to_one_panel_a_morning(town):
    """Nobody finds a dozen letters; the nearest comes first."""
    eager = with_rule(invite_wd=300)
    opening(town, eager, at("2026-02-27", "09:00"))
    for day, asked in (("2026-03-02", 1), ("2026-03-03", 2), ("2026-03-04", 3)):
        opening(town, eager, at(day, "09:00"))
        states = [state for _, state in dates_of(town)]
        assert states[:asked] == ["invited"] * asked
        assert set(states[asked:]) == {"planned"}


def test_a_cancelled_panel_is_not_made_again(town):
    opened(town)
    for day in ("2026-03-10", "2026-08-11"):
        cancel(town, PRACTICE, panel_of(town, day).id, "no_cases", by=person(town, "cora"), now=NOW)
    opening(town, PRACTICE, at("2026-03-03", "09:00"))
    found = dict(dates_of(town))
    assert (found["2026-03-10"], found["2026-08-11"], len(found)) == ("cancelled", "cancelled", 12)


def test_to_cancel_a_date_that_nobody_was_asked_to_tells_nobody(town):
    opened(town)
    august = panel_of(town, "2026-08-11")
    before = owed(town)
    cancel(town, PRACTICE, august.id, "no_cases", by=person(town, "cora"), now=NOW)
    assert owed(town) == before


def test_a_case_is_not_listed_on_a_panel_that_was_cancelled(town):
    opened(town)
    march = panel_of(town, "2026-03-10")
    cancel(town, PRACTICE, march.id, "chair_cannot", by=person(town, "cora"), now=NOW)
    case = a_case(town, pathway=MARM)
    listed = list_on_next_panel(town, PRACTICE, case, by=person(town, "cora"), now=NOW)
    assert listed.starts_at == at("2026-04-14", "10:00")
    assert listed.state == "invited"  # who is to prepare for a case has to know of the panel


def test_a_new_rule_moves_what_was_only_planned_and_nothing_that_people_were_invited_to(town):
    """From the second Tuesday to the third Wednesday: March stands, and March gets no second panel."""
    opened(town)
    changed = with_rule(weekday="wednesday", nth=3)
    opening(town, changed, at("2026-03-03", "09:00"))
    assert dates_of(town)[:3] == [
        ("2026-03-10", "invited"),
        ("2026-04-15", "planned"),
        ("2026-05-20", "planned"),
    ]
    assert len(dates_of(town)) == 12
    assert {key.split(":")[1] for key in owed(town, "invite")} == {panel_of(town, "2026-03-10").id}


def test_a_rule_that_changes_there_and_back_leaves_every_date_once(town):
    opened(town)
    before = dates_of(town)
    opening(town, with_rule(every="week", nth=None, invite_wd=1), at("2026-03-03", "09:00"))
    assert len(dates_of(town)) > 45
    opening(town, PRACTICE, at("2026-03-04", "09:00"))
    assert dates_of(town) == before


def test_nobody_is_asked_to_a_panel_that_begins_within_a_day(town):
    """A program that is put up on the eve of a panel, or that was off: nobody could prepare."""
    opening(town, PRACTICE, at("2026-03-09", "11:00"))
    assert dates_of(town)[0][0] == "2026-04-14"
    assert owed(town, "invite") == []


def test_a_panel_whose_pathway_skips_bank_holidays_has_no_date_in_that_month(town):
    """The first Monday of May 2026 is the early May bank holiday."""
    opened(town, with_rule(weekday="monday", nth=1, on_holiday="skip"))
    assert [day for day, _ in dates_of(town) if day.startswith("2026-05")] == []
    assert ("2026-06-01", "planned") in dates_of(town)


def test_a_date_that_somebody_moved_is_not_planned_a_second_time(town):
    opened(town)
    cora, april = person(town, "cora"), panel_of(town, "2026-04-14")
    wish = wanted("", meeting_id=april.id, stage="panel", first=on("2026-04-16"), last=on("2026-04-17"))
    found = find_times(town, PRACTICE, wish, source="s", by=cora, now=NOW)
    book(town, PRACTICE, found.options[0].id, by=cora, now=NOW)
    opening(town, PRACTICE, at("2026-03-03", "09:00"))
    assert [each for each in dates_of(town) if each[0].startswith("2026-04")] == [("2026-04-16", "invited")]


def test_a_time_looked_for_and_not_taken_keeps_no_rule_from_changing(town):
    opened(town)
    april = panel_of(town, "2026-04-14")
    wish = wanted("", meeting_id=april.id, stage="panel", first=on("2026-04-16"), last=on("2026-04-17"))
    find_times(town, PRACTICE, wish, source="s", by=person(town, "cora"), now=NOW)
    opening(town, with_rule(every="fortnight", nth=None), at("2026-03-03", "09:00"))
    assert len(dates_of(town)) > 20


def test_without_a_coordinator_in_the_register_nobody_calls_a_panel_and_its_page_shows_the_rules_dates(town):
    with town() as work:
        work.register.row("cora").roles = ["practitioner"]
    opened(town)
    assert dates_of(town) == []
    sheet = open_panel(town, PRACTICE, MARM, by=person(town, "chai"), now=NOW)
    assert sheet.dates == (on("2026-03-10"), on("2026-04-14"), on("2026-05-12"))


def test_the_panels_page_shows_what_is_planned_when_people_are_asked_and_when_the_list_closes(town):
    opened(town)
    sheet = open_panel(town, PRACTICE, MARM, by=person(town, "cora"), now=NOW)
    (march,) = sheet.meetings
    assert sheet.closes == {march.id: on("2026-03-02")}
    assert sheet.agenda_out == {march.id: on("2026-03-03")}
    assert len(sheet.planned) == 11
    assert (sheet.planned[0].starts_at, sheet.planned[0].called_from) == (
        at("2026-04-14", "10:00"),
        on("2026-03-13"),
    )
    assert sheet.dates == ()


@pytest.fixture
def late(town) -> str:
    """A case that was accepted on Tuesday 3 March, the day after the list for the 10th had closed."""
    opened(town)
    return a_case(town, "CV-9XWRTK", pathway=MARM, received=at("2026-03-03", "09:30"))


LATER = at("2026-03-03", "11:00")
WHY = "The heating is off and the night will be cold."


def test_a_case_that_comes_after_the_cut_off_goes_to_the_next_panel_and_its_lister_is_told(town, late):
    """T08. The day that counts is the one on which the case's clock began, not that on which it is listed."""
    cora = person(town, "cora")
    in_time = a_case(town, pathway=MARM, received=at("2026-03-02", "16:00"))
    assert list_on_next_panel(town, PRACTICE, in_time, by=cora, now=LATER).starts_at == at(
        "2026-03-10", "10:00"
    )
    listed, march = list_on_next_panel(town, PRACTICE, late, by=cora, now=LATER), panel_of(town, "2026-03-10")
    assert listed.starts_at == at("2026-04-14", "10:00")
    with town() as work:
        closed = passed_over(work, PRACTICE, late, listed.id, LATER)
        assert closed is not None
        assert (closed.starts_at, closed.closed_on) == (at("2026-03-10", "10:00"), on("2026-03-02"))
        assert passed_over(work, PRACTICE, in_time, march.id, LATER) is None


def test_the_coordinator_may_cross_the_cut_off_knowingly_and_the_reason_is_kept(town, late):
    cora, march = person(town, "cora"), panel_of(town, "2026-03-10")
    april = list_on_next_panel(town, PRACTICE, late, by=cora, now=LATER)
    assert closed_list(town, PRACTICE, march.id, late, by=cora, now=LATER).closed_on == on("2026-03-02")
    list_late(town, PRACTICE, march.id, late, WHY, by=cora, now=LATER)
    with town() as work:
        assert work.meetings.item_of(april.id, late) is None
        assert work.meetings.item_of(march.id, late).late_reason == WHY
        assert work.cases.row(late).state == "listed"
        events = [event.verb for event in work.audit.latest("CV-9XWRTK", 5)]
        assert "case.listed_late" in events
        assert WHY not in str([event.facts for event in work.audit.latest("CV-9XWRTK", 5)])
    parts = [open_case(town, PRACTICE, late, n, by=cora, now=LATER).part for n in range(2)]
    assert [entry.said for part in parts if part.kind == "meetings" for entry in part.entries] == [
        f"Listed after the list had closed: {WHY}"
    ]


def test_listed_late_twice_is_listed_once(town, late):
    cora, march = person(town, "cora"), panel_of(town, "2026-03-10")
    for _ in range(2):
        list_late(town, PRACTICE, march.id, late, WHY, by=cora, now=LATER)
    with town() as work:
        assert [item.case_id for item in work.meetings.agenda(march.id)] == [late]


def test_without_a_reason_or_by_somebody_else_the_list_stays_closed(town, late):
    march = panel_of(town, "2026-03-10")
    with pytest.raises(Invalid) as mistake:
        list_late(town, PRACTICE, march.id, late, " now ", by=person(town, "cora"), now=LATER)
    assert set(mistake.value.problems) == {"reason"}
    with pytest.raises(NotAllowed):
        list_late(town, PRACTICE, march.id, late, WHY, by=person(town, "ana"), now=LATER)
    with pytest.raises(ListClosed, match="came after the list"):
        list_case(town, PRACTICE, march.id, late, by=person(town, "cora"), now=LATER)


def told(town, message: str) -> list[str]:
    return [key for key in owed(town, "tell") if key.startswith(f"tell:{message}:")]


def test_the_coordinator_is_reminded_the_day_before_and_the_agenda_goes_out_on_its_day_once(town):
    """Tuesday 10 March: five working days before are the 3rd, the day before that is the 2nd."""
    cora, case = person(town, "cora"), a_case(town, pathway=MARM)
    panel = list_on_next_panel(town, PRACTICE, case, by=cora, now=NOW)
    opened(town)
    (reminder,) = told(town, "agenda_soon")
    assert f"{panel.id}:person:cora" in reminder
    assert told(town, "agenda_out") == []
    opening(town, PRACTICE, at("2026-03-03", "09:00"))
    opening(town, PRACTICE, at("2026-03-04", "09:00"))
    people = {key.split("person:")[1].partition(":")[0] for key in told(town, "agenda_out")}
    assert people == {"ana", "pia", "nur", "hal", "fay", "viv", "cora"}
    assert len(told(town, "agenda_out")) == 7
    assert len(told(town, "agenda_soon")) == 1


def test_an_agency_gets_its_own_cases_by_reference_and_no_others(town):
    cora = person(town, "cora")
    one, two = a_case(town, pathway=MARM), a_case(town, "CV-9XWRTK", pathway=MARM)
    for case in (one, two):
        panel = list_on_next_panel(town, PRACTICE, case, by=cora, now=NOW)
    with town() as work:
        # The fire service was taken off the second case since.
        for row in work.cases.agency_rows(two):
            if row.agency_id == "fire":
                work.session.delete(row)
        work.session.flush()
        fay, ana = (work.meetings.invitation(panel.id, who).id for who in ("fay", "ana"))
        seen = agenda_out(work, PRACTICE, fay, NOW)
        assert ([line.ref for line in seen.cases], seen.others) == (["CV-7K4QMX"], 1)
        assert [line.ref for line in agenda_out(work, PRACTICE, ana, NOW).cases] == ["CV-7K4QMX", "CV-9XWRTK"]


def test_whoever_is_barred_from_a_case_gets_no_agenda_with_it(town):
    """IG-22: their invitation is withdrawn when the case is listed, and the agenda asks again when it leaves."""
    cora, case = person(town, "cora"), a_case(town, pathway=MARM)
    panel = list_on_next_panel(town, PRACTICE, case, by=cora, now=NOW)
    bar(town, "fay", case)
    with town() as work:
        assert agenda_out(work, PRACTICE, work.meetings.invitation(panel.id, "fay").id, NOW) is None


def test_an_empty_panel_sends_no_agenda_and_the_coordinator_is_asked_about_it(town):
    opened(town)
    march = panel_of(town, "2026-03-10")
    with town() as work:
        soon = agenda_soon(work, PRACTICE, march.id, NOW)
        assert (soon.refs, soon.out, soon.closes) == ((), on("2026-03-03"), on("2026-03-02"))
    opening(town, PRACTICE, at("2026-03-03", "09:00"))
    assert told(town, "agenda_out") == []


def test_a_case_listed_late_sends_the_agenda_again(town, late):
    cora, march = person(town, "cora"), panel_of(town, "2026-03-10")
    list_on_next_panel(town, PRACTICE, a_case(town, pathway=MARM), by=cora, now=NOW)
    opening(town, PRACTICE, LATER)
    assert len(told(town, "agenda_out")) == 7
    list_late(town, PRACTICE, march.id, late, WHY, by=cora, now=LATER)
    assert len(told(town, "agenda_out")) == 14
