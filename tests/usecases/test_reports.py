"""What the reports count, for whom and when; and that nothing of a case leaves in one."""

from datetime import UTC, date, datetime, timedelta

import pytest
from plan_builders import MARM, PRACTICE, a_case, add_action, at, on, person, settle
from sqlmodel import select

from bot.domain.errors import Invalid, NotFound
from bot.domain.measures import Agreed
from bot.domain.period import Period, last_quarter, last_year, quarter_of
from bot.domain.sampling import drawn as sample_of
from bot.render import Render
from bot.reporting import page
from bot.storage.learning_tables import LearningRow
from bot.storage.ledger_tables import AuditEvent
from bot.storage.tables import (
    AgendaItemRow,
    AttendanceRow,
    CaseClockRow,
    MeetingRow,
    ReferralRow,
    TriageRow,
    VoiceRow,
)
from bot.storage.tallies import Tallies
from bot.usecases.measures import agree_measure
from bot.usecases.open_case import open_case
from bot.usecases.reports.make import make_report
from bot.usecases.reports.out_of_hours import outside_hours

YEAR = Period(first=date(2026, 1, 1), last=date(2026, 12, 31))
NOW, HELD = at("2026-06-01"), at("2026-03-10")


def tallies(work, period=YEAR, pathway=None, drill=True):
    return Tallies(work.session, "aldermere", "Europe/London", drill, period, pathway)


def a_referral(work, n, **but):
    received = but.get("received_at", at("2026-03-02"))
    work.session.add(
        ReferralRow(
            **{
                "id": f"extra{n}",
                "ref": f"CV-EXTRA{n}",
                "area": "aldermere",
                "pathway": MARM,
                "pathway_version": PRACTICE.pathways[MARM].version,
                "agency_id": "police",
                "referrer_id": "pete",
                "state": "not_accepted",
                "source": f"extra{n}",
                "received_at": received,
                "triage_due_on": received.date(),
                "triage_due_at": received,
                "drill": True,
                **but,
            }
        )
    )


def held(work, number, *, kind="panel", when=HELD, came=("housing", "police"), case="c-7k4qmx"):
    work.session.add(
        MeetingRow(
            id=f"m{number}",
            area="aldermere",
            pathway=MARM,
            stage="panel",
            kind=kind,
            state="concluded",
            uid=f"m{number}",
            created_by="cora",
            created_at=when,
            started_at=when,
            concluded_at=when + timedelta(hours=1),
            drill=True,
        )
    )
    work.session.flush()
    work.session.add(
        AgendaItemRow(
            id=f"i{number}", meeting_id=f"m{number}", case_id=case, position=0, minutes=20, started_at=when
        )
    )
    for agency in came:
        work.session.add(
            AttendanceRow(
                id=f"t{number}{agency}", meeting_id=f"m{number}", agency_id=agency, status="present", at=when
            )
        )


@pytest.fixture
def town(begin):
    settle(begin)
    with begin() as work:
        work.referrals.row("r-7k4qmx").drill = True
    return begin


def test_concerns_are_counted_on_the_days_of_the_area_both_ends_included(town):
    """A concern at half past midnight in July belongs to July, though in UTC it is still June (S4-21)."""
    with town() as work:
        a_referral(work, 1, received_at=at("2026-06-30", "23:30"))
        a_referral(work, 2, received_at=at("2026-07-01", "00:30"))
        a_referral(work, 3, received_at=at("2026-04-01", "00:00"))
        work.session.flush()
        quarter = Period(first=date(2026, 4, 1), last=date(2026, 6, 30))
        assert tallies(work, quarter).referrals() == {"not_accepted": 2}


def test_drill_rows_and_real_ones_are_never_counted_together(town):
    """A practice run adds nothing to what the board is told (S4-20)."""
    with town() as work:
        a_referral(work, 1, drill=False, state="redirected")
        work.session.flush()
        assert tallies(work).referrals() == {"accepted": 1}
        assert tallies(work, drill=False).referrals() == {"redirected": 1}


def test_each_pathway_can_be_counted_by_itself(town):
    """The same counts, for one pathway of an area or for all (S4-21)."""
    with town() as work:
        a_referral(work, 1, pathway="southend-marat")
        work.session.flush()
        assert tallies(work, pathway="southend-marat").referrals() == {"not_accepted": 1}
        assert tallies(work).referrals() == {"not_accepted": 1, "accepted": 1}


def test_a_deadline_that_has_not_passed_is_neither_met_nor_missed(town):
    """Met late is missed; not yet due is not counted (T06, T07, S4-24)."""
    with town() as work:
        for n, (due, met) in enumerate(
            (
                (at("2026-03-10"), at("2026-03-09")),
                (at("2026-03-10"), at("2026-03-11")),
                (at("2026-03-10"), None),
                (at("2026-12-10"), None),
            )
        ):
            work.session.add(
                CaseClockRow(
                    id=f"k{n}", case_id="c-7k4qmx", stage=f"s{n}", due_on=due.date(), due_at=due, met_at=met
                )
            )
        work.session.flush()
        assert [(each.stage, each.met) for each in tallies(work).clocks(NOW)] == [
            ("s0", True),
            ("s1", False),
            ("s2", False),
        ]


def test_actions_are_told_apart_by_how_they_ended_and_by_agency(town):
    """Done, things changed, not done, overdue: by outcome code, never by what was written (S1-17, S4-20)."""
    with town() as work:
        add_action(
            work, state="closed", outcome="done", closed_at=at("2026-03-12"), accepted_at=at("2026-03-03")
        )
        add_action(work, state="closed", outcome="not_done_by_agency", agency_id="police", owner_id="pete")
        add_action(work, state="accepted", due=on("2026-05-01"))
        add_action(work, state="accepted", due=on("2026-08-01"))
        found = {
            (each.agency, each.outcome, each.overdue): each.number
            for each in tallies(work).actions(on("2026-06-01"))
        }
        assert found == {
            ("housing", "done", False): 1,
            ("police", "not_done_by_agency", False): 1,
            ("housing", None, True): 1,
            ("housing", None, False): 1,
        }
        assert tallies(work).days_to_done() == {"housing": [10]}


def test_the_way_of_a_case_is_read_from_its_own_moments(town):
    """Incident, concern, decision, joint discussion, plan (S4-04, S5-36)."""
    with town() as work:
        work.referrals.row("r-7k4qmx").answers = {"incident_on": "2026-02-10"}
        work.session.add(
            TriageRow(
                id="t1",
                referral_id="r-7k4qmx",
                outcome="accept",
                reason="",
                by_id="tess",
                at=at("2026-02-16", "15:00"),
            )
        )
        held(work, 1, kind="discussion", when=at("2026-02-17", "17:00"))
        held(work, 2, when=at("2026-03-02"))
        add_action(work, made=at("2026-02-17", "17:20"), meeting_id="m1")
        add_action(work, made=at("2026-03-02", "10:30"), meeting_id="m2")
        work.session.flush()
        [way] = tallies(work).ways()
        assert way.incident_on == "2026-02-10"
        assert way.moments.decided_at == at("2026-02-16", "15:00")
        assert way.moments.safeguards_at == at("2026-02-17", "17:20")
        assert way.moments.met_at == at("2026-02-17", "17:00")
        assert way.moments.planned_at == at("2026-03-02", "11:00")


def test_the_proof_sentence_stands_in_the_cases_file(town):
    """Made of the record's moments, for whoever may open the file (S5-36, S5-38)."""
    with town() as work:
        work.session.add(
            TriageRow(
                id="t1",
                referral_id="r-7k4qmx",
                outcome="accept",
                reason="",
                by_id="tess",
                at=at("2026-02-16", "15:00"),
            )
        )
        held(work, 1, when=at("2026-02-17", "17:00"))
    cora = person(town, "cora")
    numbers = range(open_case(town, PRACTICE, "c-7k4qmx", 0, by=cora, now=NOW).of)
    parts = [open_case(town, PRACTICE, "c-7k4qmx", n, by=cora, now=NOW).part for n in numbers]
    [told] = [part for part in parts if part.kind == "proof"]
    assert [entry.body for entry in told.entries] == [
        "A named person decided on the concern the same day; joint discussion at 31 h."
    ]


def test_an_interim_measure_is_proof_of_a_safeguard_from_the_moment_it_was_agreed(town):
    """Nobody has to wait for a discussion to keep somebody safe, or to prove it (S5-11, S5-23, S5-36)."""
    with town() as work:
        held(work, 1, kind="discussion", when=at("2026-02-17", "17:00"))
        add_action(work, made=at("2026-02-17", "17:20"), meeting_id="m1")
        work.session.flush()
    measure = Agreed(
        measure="Nobody visits after eight in the evening.",
        why="The visitors come at night and leave with the money.",
        least="By day she wants to see whom she likes.",
        agreed_by="She did, with the housing officer.",
        starts_on=on("2026-02-16"),
        ends_on=on("2026-03-02"),
        review_on=on("2026-02-23"),
    )
    when = at("2026-02-16", "12:30")
    agree_measure(town, PRACTICE, "c-7k4qmx", measure, source="m", by=person(town, "cora"), now=when)
    with town() as work:
        [way] = tallies(work).ways()
        assert way.moments.safeguards_at == when


def test_one_agency_alone_is_no_joint_discussion(town):
    """Nor is a meeting that has not ended (S5-36)."""
    with town() as work:
        held(work, 1, came=("housing",))
        held(work, 2, when=at("2026-03-12"))
        work.session.flush()
        work.meetings.row("m2").state = "in_progress"
        work.session.flush()
        [way] = tallies(work).ways()
        assert way.moments.met_at is None
        assert way.moments.planned_at is None


def test_attendance_is_held_against_every_agency_that_signed_up(town):
    """One that was never asked stands in the table too (S3-30)."""
    with town() as work:
        for n in range(6):
            held(work, n)
    made = make_report(town, PRACTICE, "board", YEAR, by="cli", now=NOW)
    [shown_] = [
        each
        for section in made.sections
        for each in section.tables
        if each.title == "Who came to the meetings"
    ]
    came = {row[0]: row[1] for row in shown_.rows}
    assert came == {"Aldermere Homes": "5", "Aldermere Police": "5", "Aldermere Council": "*"}


def test_views_are_counted_at_the_meeting_that_heard_the_case(town):
    """With them, without them and nothing on record (S2-18, S1-09)."""
    with town() as work:
        held(work, 1)
        held(work, 2, when=at("2026-04-10"))
        work.session.add(
            VoiceRow(
                id="v1",
                case_id="c-7k4qmx",
                meeting_id="m1",
                how="advocate",
                by_id="pete",
                at=at("2026-03-10"),
            )
        )
        work.session.flush()
        assert tallies(work).voices() == {"advocate": 1, "": 1}


def test_a_case_heard_twice_counts_once_in_the_return(town):
    """The return counts cases, not hearings (T26, SafeLives)."""
    with town() as work:
        held(work, 1)
        held(work, 2, when=at("2026-04-10"))
        work.session.flush()
        assert len(list(tallies(work).heard(("gender",)))) == 1


def test_the_return_breaks_down_what_the_forms_asked_and_takes_no_blank_for_a_no(town):
    """Children, disability, LGBT+, men, 16-17, ethnicity and harmers under 18, from the forms' own fields (T26)."""
    said = {
        "gender": "man",
        "disability": "unknown",
        "lgbt": "yes",
        "ethnicity": "White British",
        "born": "2009-06-01",
        "children": "unknown",
    }
    with town() as work:
        for n in range(12):
            ref = f"CV-MANY{n:02}"
            case = a_case(work, ref, opened=at("2026-03-01"))
            row = work.referrals.row(case.referral_id)
            row.answers, row.drill = said, True
            held(work, n, case=case.id)
    made = make_report(town, PRACTICE, "return", YEAR, by="cli", now=NOW)
    found = {
        each.title: dict(row[:2] for row in each.rows) for section in made.sections for each in section.tables
    }
    assert found["Gender"]["Men"] == "10"
    assert found["Disabled"] == {"Yes": "*", "No": "*", "Not asked, or not known": "10"}
    assert found["Lesbian, gay, bisexual or trans"]["Yes"] == "10"
    assert found["Ethnicity"]["White"] == "10"
    assert found["Age when the concern came in"]["Under 18"] == "10"
    assert found["Person causing harm under 18"]["Not asked, or not known"] == "10"
    assert found["Children"]["No children known"] == "10"
    assert found["Who referred"]["Aldermere Homes"] == "10"


@pytest.mark.parametrize(
    ("when", "outside"),
    [
        (at("2026-03-04", "09:00"), False),
        (at("2026-03-04", "16:59"), False),
        (at("2026-03-04", "17:00"), True),
        (at("2026-03-04", "08:59"), True),
        (at("2026-03-07", "12:00"), True),  # a Saturday
        (at("2026-04-03", "12:00"), True),  # Good Friday
        (datetime(2026, 6, 3, 8, 30, tzinfo=UTC), False),  # half past nine in London
    ],
)
def test_outside_hours_is_what_the_areas_offices_say(when, outside):
    """Nights, weekends and bank holidays (S5-42)."""
    assert outside_hours(PRACTICE, when) is outside


def test_the_same_seed_draws_the_same_sample():
    """Whatever the order in which the record gives the cases (S5-41)."""
    refs = [f"CV-{n:04}" for n in range(200)]
    first = sample_of(refs, "2026-03", 10)
    assert first == sorted(sample_of(refs[::-1], "2026-03", 10))
    assert first != sample_of(refs, "2026-04", 10)
    assert len(set(first)) == 10
    assert set(first) <= set(refs)
    assert sample_of(refs[:3], "x", 10) == refs[:3]


def test_that_a_sample_was_drawn_is_on_record_and_its_seed_is_needed(town):
    """An audit of the audit: who drew how many for which time (S5-41, IG-29)."""
    made = make_report(town, PRACTICE, "audit-sample", YEAR, by="cora", now=NOW, seed="spring", number=5)
    assert made.sections[0].tables[0].rows[0][0] == "CV-7K4QMX"
    with town() as work:
        [event] = work.session.exec(select(AuditEvent).where(AuditEvent.verb == "report.made")).all()
        assert (event.actor, event.thing) == ("cora", "report:audit-sample")
        assert '"drawn":5' in event.facts
    with pytest.raises(Invalid, match="seed"):
        make_report(town, PRACTICE, "audit-sample", YEAR, by="cora", now=NOW)


def test_the_board_is_told_what_a_person_has_yet_to_write(town):
    """Priorities, equality, legal and finance stand as headings, their blanks flagged (S4-24)."""
    made = make_report(town, PRACTICE, "board", YEAR, by="cli", now=NOW, reference="1.2.6b")
    assert made.blanks == ("Priorities", "Equality", "Legal", "Finance")
    written = page(made, Render())
    assert written.count("Left blank.") == 4
    assert "Reference: 1.2.6b." in written


def test_learning_stands_in_the_report_by_how_far_it_has_come(town):
    """Verified, open and overdue, by where the lesson came from; never the lesson's own words (S1-19, S5-09, S5-29)."""
    with town() as work:
        for n in range(18):
            verified = n < 6
            work.session.add(
                LearningRow(
                    id=f"l{n}",
                    ref=f"L-{n}",
                    area="aldermere",
                    pathway=MARM,
                    source="event",
                    lesson="Qanary lesson",
                    change="Qanary change",
                    owner_id="pete",
                    due=on("2026-05-01") if n < 12 else on("2026-09-01"),
                    created_by="cora",
                    created_at=at("2026-03-01"),
                    verified_by="cora" if verified else None,
                    verified_at=at("2026-05-02") if verified else None,
                    drill=True,
                )
            )
    made = make_report(town, PRACTICE, "inspector", YEAR, by="cli", now=NOW)
    [learnt] = [each for section in made.sections if section.heading == "Learning" for each in section.tables]
    assert learnt.rows == (("An event or training", "5", "5", "5", "20"),)
    assert "Qanary" not in page(made, Render())


def test_a_report_or_pathway_that_is_none_is_refused_with_the_choices(town):
    """What to type instead stands in the answer."""
    with pytest.raises(Invalid, match="audit-sample"):
        make_report(town, PRACTICE, "boord", YEAR, by="cli", now=NOW)
    with pytest.raises(NotFound, match="marat"):
        make_report(town, PRACTICE, "board", YEAR, "nosuch", by="cli", now=NOW)


def test_quarters_and_years_are_those_of_the_calendar():
    """The return is quarterly (T26)."""
    assert quarter_of(date(2026, 12, 31)) == Period(first=date(2026, 10, 1), last=date(2026, 12, 31))
    assert last_quarter(date(2026, 1, 5)) == Period(first=date(2025, 10, 1), last=date(2025, 12, 31))
    assert last_year(date(2026, 1, 5)) == Period(first=date(2025, 1, 1), last=date(2025, 12, 31))
    assert last_year(date(2026, 5, 5)) == Period(first=date(2025, 4, 1), last=date(2026, 3, 31))
    assert len(last_year(date(2026, 5, 5)).months) == 12
    with pytest.raises(ValueError, match="before"):
        Period(first=date(2026, 2, 1), last=date(2026, 1, 1))


def headings(made) -> list[str]:
    return [section.heading for section in made.sections]


def table(made, title):
    [found] = [each for section in made.sections for each in section.tables if each.title == title]
    return found


def test_a_tender_shows_each_protocol_with_its_deadlines_and_the_way_outside_hours(town):
    """S5-33: what was agreed, in which version, what is due when, and whom to ring at night."""
    made = make_report(town, PRACTICE, "tender", YEAR, by="cli", now=NOW)
    pathway = PRACTICE.pathways[MARM]
    protocol = table(made, f"{pathway.title}, version {pathway.version}")
    assert ("Decision on a concern", "3 working days") in protocol.rows
    [night] = [section for section in made.sections if section.heading == "Outside working hours"]
    assert any(pathway.emergency.headline in said for said in night.paragraphs)
    assert bool(night.blank) == (not PRACTICE.area.out_of_hours), "a route that is missing is flagged"


def test_a_tender_names_contact_points_and_how_staff_reach_them_and_gives_no_number_away(town):
    """S5-34, S5-01, S5-40."""
    with town() as work:
        people = work.register.people("aldermere")
        for each in people:
            work.register.row(each.id).phone = "01632 960999"
    made = make_report(town, PRACTICE, "tender", YEAR, by="cli", now=NOW)
    named = table(made, "Who speaks for each agency")
    assert {row[1] for row in named.rows} <= {each.name for each in people}
    assert len(named.rows) > 3
    assert all("telephone" in row[3] for row in named.rows)
    written = page(made, Render())
    assert "960999" not in written
    assert "@" not in written.replace("@media", "").replace("@page", "")


def test_a_tenders_examples_are_of_nobody_and_too_few_of_them_are_shown_as_none(town):
    """S5-35, S5-36: sentences made of moments alone, and none where five could be told apart."""
    made = make_report(town, PRACTICE, "tender", YEAR, by="cli", now=NOW)
    examples = table(made, "From the concern to the plan, in examples")
    assert examples.rows == ()
    assert "without telling whose" in examples.empty
    assert "CV-" not in page(made, Render())


def test_an_inspector_finds_escalation_partners_decisions_review_and_learning_in_one_bundle(town):
    """S5-38, S5-39: each of them is a heading of its own, and none of it is about a person."""
    made = make_report(town, PRACTICE, "inspector", YEAR, by="cli", now=NOW)
    assert headings(made) == [
        "How to read the numbers",
        "Concerns and what was decided",
        "Without delay",
        "Decisions and their reasons",
        "The person’s wishes",
        "Partners’ response",
        "Information shared by mistake",
        "Review",
        "Learning",
    ]
    assert "CV-" not in page(made, Render())


def test_what_it_costs_is_asked_beside_how_much_was_done(town):
    """S4-19: the volume and the time are counted; money is a heading that somebody has to fill in."""
    made = make_report(town, PRACTICE, "board", YEAR, by="cli", now=NOW)
    assert {"What came in", "How fast people were helped", "Finance"} <= set(headings(made))
    [finance] = [section for section in made.sections if section.heading == "Finance"]
    assert finance.blank
