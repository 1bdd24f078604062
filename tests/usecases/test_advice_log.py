"""Advice on the threshold without a case: logged, read by few, tied to the concern it becomes, counted (S5-13)."""

from dataclasses import replace

import pytest
from meeting_builders import MARM, a_practice, at, on, person, settle
from referring import a_referral
from sqlmodel import select

from bot.domain.errors import Invalid, NotAllowed, TooLate
from bot.domain.period import quarter_of
from bot.storage.advice_tables import AdviceNoteRow
from bot.storage.ledger_tables import AuditEvent, InboxEntry, OutboxRow
from bot.storage.tables import CaseBarRow, PersonRow
from bot.storage.tallies import Tallies
from bot.usecases.advice_log import (
    Advised,
    begin_advice,
    link_advice,
    list_advice,
    log_advice,
    open_advice_note,
)
from bot.usecases.open_referral import open_referral
from bot.usecases.reports.figures import Scope, advice

PRACTICE, NOW = a_practice(rooms={}), at("2026-03-04")
SAID = Advised(
    day=on("2026-03-03"),
    agency_id="homes",
    asked_by="Qanary, a housing officer",
    advised="Qanary: raise it as soon as there is a second worry of this kind.",
    would_meet="Qanary: anything that shows harm, or that they cannot protect themselves.",
    needed="Qanary: whether the doctor has seen them this year.",
)


@pytest.fixture
def town(begin):
    settle(begin)
    with begin() as work:
        for id, agency, role in (("tess", "asc", "triage"), ("lena", "homes", "agency_lead")):
            row = PersonRow(id=id, area="aldermere", agency_id=agency, name=id, email=f"{id}@example.test")
            row.roles = [role]
            work.session.add(row)
    return begin


def logged(town, who="lena", source="one", **but):
    ref = log_advice(town, PRACTICE, replace(SAID, **but), source=source, by=person(town, who), now=NOW)
    with town() as work:
        return ref, work.session.exec(select(AdviceNoteRow.id).where(AdviceNoteRow.ref == ref)).one()


def test_advice_is_logged_without_a_case_once_however_often_it_is_sent(town):
    """S5-13: who asked, the agency, what was advised, what would meet the threshold, what is needed."""
    form = begin_advice(town, PRACTICE, by=person(town, "lena"), now=NOW)
    assert (form.agency_id, form.today) == ("homes", on("2026-03-04"))
    ref, id = logged(town)
    assert logged(town) == (ref, id)
    assert ref.startswith("A-")
    found = open_advice_note(town, PRACTICE, id, by=person(town, "lena"), now=NOW)
    assert (found.asked_by, found.advised, found.would_meet, found.needed, found.by) == (
        SAID.asked_by,
        SAID.advised,
        SAID.would_meet,
        SAID.needed,
        "lena",
    )
    assert (found.line.ref, found.line.became) == (ref, "")


@pytest.mark.parametrize(
    ("but", "beside"),
    [
        ({"day": None}, "day"),
        ({"day": on("2026-03-05")}, "day"),
        ({"agency_id": "nowhere"}, "agency"),
        ({"asked_by": " "}, "asked_by"),
        ({"advised": "Wait."}, "advised"),
        ({"would_meet": ""}, "would_meet"),
        ({"needed": "no"}, "needed"),
    ],
)
def test_what_is_missing_is_said_beside_its_question(town, but, beside):
    """S5-13."""
    with pytest.raises(Invalid) as wrong:
        logged(town, **but)
    assert set(wrong.value.problems) == {beside}


def test_only_who_logged_it_triage_and_the_coordinator_read_it_and_each_reading_is_on_record(town):
    """S5-13, IG-05, IG-29; a name is in no list and in no ledger."""
    _, id = logged(town)
    for who in ("lena", "tess", "cora"):
        open_advice_note(town, PRACTICE, id, by=person(town, who), now=NOW)
    for who in ("chai", "hal", "fay"):
        with pytest.raises(NotAllowed):
            open_advice_note(town, PRACTICE, id, by=person(town, who), now=NOW)
    with pytest.raises(NotAllowed):
        list_advice(town, PRACTICE, by=person(town, "fay"), now=NOW)
    whole = list_advice(town, PRACTICE, by=person(town, "tess"), now=NOW)
    assert (whole.whole, [line.agency for line in whole.lines]) == (True, ["Aldermere Homes"])
    chair = list_advice(town, PRACTICE, by=person(town, "chai"), now=NOW)
    assert (chair.whole, chair.lines) == (False, ())
    assert "qanary" not in str(whole).lower()
    with town() as work:
        read = work.session.exec(select(AuditEvent.actor).where(AuditEvent.verb == "advice.read")).all()
        assert set(read) >= {"lena", "tess", "cora"}
        for ledger in (AuditEvent, OutboxRow, InboxEntry):
            for row in work.session.exec(select(ledger)):
                assert "qanary" not in str(row.model_dump()).lower()


def test_advice_is_tied_to_the_concern_that_it_became_which_shows_it(town):
    """S5-13: by its reference, by somebody who may read that concern; and to one only."""
    _, id = logged(town)
    referral = a_referral(town, PRACTICE, PRACTICE.pathways[MARM], by=person(town, "pru"), now=NOW)
    for who, ref in (("tess", "CV-333333"), ("lena", referral.ref)):
        with pytest.raises(Invalid) as wrong:
            link_advice(town, PRACTICE, id, ref, by=person(town, who), now=NOW)
        assert set(wrong.value.problems) == {"ref"}
    tess = person(town, "tess")
    link_advice(town, PRACTICE, id, f" {referral.ref.lower()} ", by=tess, now=NOW)
    assert open_advice_note(town, PRACTICE, id, by=tess, now=NOW).line.became == referral.ref
    last = open_referral(town, PRACTICE, referral.referral_id, 99, by=tess, now=NOW)
    assert last.part.title == "Advice before it was raised"
    assert SAID.would_meet in last.part.lines[0].answer

    again = a_referral(town, PRACTICE, PRACTICE.pathways[MARM], by=person(town, "pru"), now=at("2026-03-05"))
    with pytest.raises(TooLate):
        link_advice(town, PRACTICE, id, again.ref, by=tess, now=NOW)


def test_somebody_who_must_not_see_the_concern_reads_no_advice_about_it(town):
    """S5-13, IG-05: not even what they logged themselves."""
    _, id = logged(town)
    referral = a_referral(
        town, PRACTICE, PRACTICE.pathways[MARM], by=person(town, "pru"), now=NOW, must_not_see=["lena"]
    )
    with town() as work:
        barred = work.referrals.barred(referral.referral_id)
        if "lena" not in barred:
            work.session.add(CaseBarRow(referral_id=referral.referral_id, person_id="lena"))
    link_advice(town, PRACTICE, id, referral.ref, by=person(town, "tess"), now=NOW)
    with pytest.raises(NotAllowed):
        open_advice_note(town, PRACTICE, id, by=person(town, "lena"), now=NOW)
    assert list_advice(town, PRACTICE, by=person(town, "lena"), now=NOW).lines == ()


def test_advice_is_counted_by_agency_and_by_whether_a_concern_came_of_it(town):
    """S5-13, IG-37: nothing below five is told."""
    for number in range(7):
        logged(town, source=str(number))
    _, id = logged(town, source="police", agency_id="police")
    referral = a_referral(town, PRACTICE, PRACTICE.pathways[MARM], by=person(town, "pru"), now=NOW)
    link_advice(town, PRACTICE, id, referral.ref, by=person(town, "tess"), now=NOW)
    with town() as work:
        period = quarter_of(PRACTICE.today(NOW))
        tallies = Tallies(work.session, "aldermere", PRACTICE.area.zone, PRACTICE.area.drill, period)
        assert tallies.advice() == {("homes", False): 7, ("police", True): 1}
        table = advice(Scope(tallies=tallies, practice=PRACTICE, now=NOW))
    assert [row[0] for row in table.rows] == ["Aldermere Homes", "Aldermere Police"]
    assert "7" not in str(table.rows)
