"""Interim measures never lapse in silence, and the record asks for a review once (S5-11 to S5-27, S5-43, T18, T21)."""

import json

import pytest
from plan_builders import PRACTICE, a_case, a_practice, at, on, person, settle
from sqlmodel import col, select
from test_chronology import CASE, add, entry

from bot.domain.errors import Invalid, NotAllowed, TooLate
from bot.domain.measures import Agreed
from bot.local.blockkit import faults
from bot.render import Render
from bot.storage.codes import digest_of
from bot.storage.ledger_tables import AuditEvent, OutboxRow
from bot.storage.tables import CaseRow, NudgeRow
from bot.usecases.close import propose_closure
from bot.usecases.digest import prepare
from bot.usecases.doings import doings
from bot.usecases.drafts import begin_draft
from bot.usecases.jot import REPEAT_OF, take_jotting
from bot.usecases.looks.standing import call_note, measure_note, standing_for
from bot.usecases.measures import (
    SAID,
    Answered,
    agree_measure,
    answer_measure,
    begin_measure,
    open_measure,
    open_measures,
)
from bot.usecases.new_incident import begin_after, linked_case, within_window
from bot.usecases.nudge import nudge
from bot.usecases.open_case import open_case
from bot.usecases.opening import opening
from bot.usecases.review_calls import answer_call, open_call
from bot.usecases.wishes import Asked, record_wishes

CANARY = "Qanary said in the test, of an invented person"
WHY = "It is still needed, and nothing less would do."


@pytest.fixture
def town(begin):
    settle(begin)
    return begin


def agreed(**but) -> Agreed:
    values = {
        "measure": f"{CANARY}: no visits without a colleague",
        "why": f"{CANARY}: a threat was made",
        "least": f"{CANARY}: nothing less was enough",
        "agreed_by": f"{CANARY}: the person and two agencies",
        "starts_on": on("2026-03-02"),
        "ends_on": on("2026-03-31"),
        "review_on": on("2026-03-31"),
    }
    return Agreed(**{**values, **but})


def agree(begin, *, who="helen", now="2026-03-02", **but):
    return agree_measure(
        begin,
        PRACTICE,
        CASE,
        agreed(**but),
        source=f"m:{who}:{now}:{but}",
        by=person(begin, who),
        now=at(now),
    )


def say(begin, id, answer, *, who="cora", now="2026-03-30", why=WHY, **but):
    said = Answered(answer=answer, why=why, **but)
    return answer_measure(
        begin,
        PRACTICE,
        id,
        said,
        source=f"a:{id}{answer}{now}{but}{why}{who}",
        by=person(begin, who),
        now=at(now),
    )


def told(begin, *messages):
    """(message, person) of everything that was owed since, of these messages."""
    with begin() as work:
        rows = [
            row
            for row in work.session.exec(select(OutboxRow).order_by(OutboxRow.number))
            if row.errand == "tell"
        ]
        found = [row.about for row in rows]
    return [
        (message, about.partition("person:")[2].partition('"')[0])
        for about in found
        for message in messages
        if f'"message":"{message}"' in about
    ]


def planned(begin):
    """(end or review, person, their role) of every reminder about a measure, in the order of planning."""
    with begin() as work:
        rows = work.session.exec(select(NudgeRow).where(col(NudgeRow.rung).startswith("measure:"))).all()
        rows = sorted(rows, key=lambda row: (row.at, row.to_role == "coordinator", row.id))
        return [(row.rung.split(":")[2], row.person_id, row.to_role) for row in rows]


def words_about_calls(begin):
    """(message, person) of every word about a call for a review."""
    return told(begin, "review_called", "review_told")


def mornings(begin, *days, look=planned):
    """Who hears what on each of these mornings, in order."""
    heard, before = [], len(look(begin))
    for day in days:
        opening(begin, PRACTICE, at(day, "09:05"))
        now = look(begin)
        heard.append((day, now[before:]))
        before = len(now)
    return heard


def test_a_measure_without_an_end_cannot_be_recorded(town):
    """Proportionate and time-limited: what, why, until when, why nothing less (S5-15, S5-43)."""
    with pytest.raises(Invalid) as lacking:
        agree(town, ends_on=None, least="", review_on=None)
    assert set(lacking.value.problems) == {"ends_on", "least"}
    for past in ({"ends_on": on("2026-03-01")}, {"starts_on": on("2026-03-09"), "ends_on": on("2026-03-08")}):
        with pytest.raises(Invalid) as wrong:
            agree(town, **past)
        assert set(wrong.value.problems) == {"ends_on"}
    with pytest.raises(Invalid) as late:
        agree(town, review_on=on("2026-04-01"))
    assert set(late.value.problems) == {"review_on"}


def test_whoever_works_on_the_case_records_protection_at_once(town):
    """It does not wait for a meeting or for a coordinator, disputed threshold or not (S5-11, S5-23)."""
    agree(town, who="helen")
    page = open_measures(town, PRACTICE, CASE, by=person(town, "helen"), now=at("2026-03-02"))
    assert [(line.standing, line.ends_on, line.by) for line in page.lines] == [
        (True, on("2026-03-31"), "Helen Marsh")
    ]
    with pytest.raises(NotAllowed):
        agree(town, who="petra")


def test_it_is_warned_two_working_days_before_asked_on_the_day_and_raised_after_it(town):
    """T18 and the drift alert: owner and coordinator, then the chair, then the board, and on and on (S5-15, S5-27)."""
    agree(town, who="helen", ends_on=on("2026-03-31"))
    heard = mornings(
        town,
        *("2026-03-26", "2026-03-27", "2026-03-30", "2026-03-31", "2026-04-01", "2026-04-02"),
        *("2026-04-07", "2026-04-09", "2026-04-16"),
    )
    assert heard == [
        ("2026-03-26", []),
        ("2026-03-27", [("end", "helen", "author"), ("end", "cora", "coordinator")]),
        ("2026-03-30", []),
        ("2026-03-31", [("end", "helen", "author"), ("end", "cora", "coordinator")]),
        ("2026-04-01", [("end", "chai", "chair"), ("end", "cora", "coordinator")]),
        ("2026-04-02", []),
        ("2026-04-07", []),  # Good Friday and Easter Monday lie between
        ("2026-04-09", [("end", "bo", "board"), ("end", "cora", "coordinator")]),
        ("2026-04-16", [("end", "bo", "board"), ("end", "cora", "coordinator")]),
    ]


def test_a_measure_stands_until_a_person_ends_it_however_long_that_takes(town):
    """It never lapses by its date, and nothing but a person's word ends it (S5-27; rule 6, rule 8)."""
    id = agree(town)
    mornings(town, *(f"2026-{month:02d}-15" for month in range(4, 13) if month not in (8, 11)))
    with town() as work:
        row = work.chronicles.measure(id)
        assert (row.ended_at, row.ends_on) == (None, on("2026-03-31"))
        assert row.next_at > at("2026-12-15")
        assert measure_note(work, PRACTICE, id, at("2026-12-15")).overdue_by > 100


def test_a_missed_week_costs_one_message_not_five(town):
    agree(town, who="cora")
    assert mornings(town, "2026-04-10") == [
        ("2026-04-10", [("end", "bo", "board"), ("end", "cora", "coordinator")])
    ]


def test_it_stands_in_the_one_message_of_the_day_with_its_buttons_until_somebody_has_spoken(town):
    """T18, T14: no message of its own; what was answered before the message left is not in it (S5-15, S5-27)."""
    id = agree(town, who="helen", ends_on=on("2026-03-31"), review_on=on("2026-03-31"))
    opening(town, PRACTICE, at("2026-03-31", "09:05"))
    nudge(town, PRACTICE, at("2026-03-31", "09:05"))
    assert told(town, "measure_ending", "measure_told") == []

    def digest(who):
        return prepare(town, PRACTICE, who, on("2026-03-31"), at("2026-03-31", "09:06"))

    [item] = [each for each in digest("cora").items if each.measure]
    assert (item.measure.id, item.measure.what, item.role) == (id, "end", "coordinator")
    render = Render()
    for who, buttons in (("cora", {"measure.end", "measure.extend", "measure.become"}), ("helen", set())):
        view = digest(who)
        words = render.words("digest", view=view)
        card = render.shape("slack", "digest", words=words, view=view)
        assert faults(card, "message") == []
        pressed = {verb for verb in buttons if f'"action_id": "{verb}' in json.dumps(card)}
        assert pressed == buttons
        assert ('"action_id": "measure.' in json.dumps(card)) == bool(buttons)
        mail = {"view": view, "contact": "the hub", "links": {}, "until": None}
        assert "interim measure" in render.words("digest_mail", **mail).text.lower()
    say(town, id, "ended", result="safer", now="2026-03-31")
    assert digest("cora") is None


def test_looking_twice_on_one_morning_asks_once(town):
    agree(town, who="cora")
    mornings(town, "2026-03-31")
    assert mornings(town, "2026-03-31") == [("2026-03-31", [])]


def test_its_review_is_asked_for_until_somebody_has_looked(town):
    """Reviewer, decision and reason stand in the record (S5-27)."""
    id = agree(town, who="cora", review_on=on("2026-03-10"))
    assert mornings(town, "2026-03-10", "2026-03-11") == [
        ("2026-03-10", [("review", "cora", "coordinator")]),
        ("2026-03-11", [("review", "chai", "chair"), ("review", "cora", "coordinator")]),
    ]
    say(town, id, "reviewed", now="2026-03-11", review_on=on("2026-03-31"))
    assert mornings(town, "2026-03-12", "2026-03-17") == [("2026-03-12", []), ("2026-03-17", [])]
    page = open_measures(town, PRACTICE, CASE, by=person(town, "cora"), now=at("2026-03-12"))
    assert page.lines[0].answers == (f"Looked at and kept, 11 March 2026, Cora Vale: {WHY}",)


def test_it_is_extended_with_a_reason_and_the_old_end_stays_on_the_record(town):
    """Nothing is overwritten: each answer is a row of its own (IG-30, S5-27)."""
    id = agree(town)
    for lacking, problem in (
        ({"why": ""}, "why"),
        ({"ends_on": on("2026-03-31")}, "ends_on"),
        ({"review_on": None}, "review_on"),
    ):
        with pytest.raises(Invalid) as wrong:
            say(
                town,
                id,
                "extended",
                **{"ends_on": on("2026-04-30"), "review_on": on("2026-04-20"), **lacking},
            )
        assert set(wrong.value.problems) == {problem}
    say(town, id, "extended", ends_on=on("2026-04-30"), review_on=on("2026-04-20"))
    with town() as work:
        [answer] = work.chronicles.answers([id])
        row = work.chronicles.measure(id)
        assert (answer.ended_before, answer.ends_on, answer.by_id) == (
            on("2026-03-31"),
            on("2026-04-30"),
            "cora",
        )
        assert (row.ends_on, row.review_on, row.reviewed) == (on("2026-04-30"), on("2026-04-20"), False)
    assert mornings(town, "2026-03-31", "2026-04-20") == [
        ("2026-03-31", []),
        ("2026-04-20", [("review", "cora", "coordinator")]),
    ]


@pytest.mark.parametrize("answer", ["ended", "became"])
def test_it_ends_by_a_named_person_who_says_why_and_whether_the_person_is_safer(town, answer):
    """Outcomes safer without needless restriction (S5-43); "not known" is an answer, none is not (rule 7)."""
    id = agree(town)
    with pytest.raises(Invalid) as lacking:
        say(town, id, answer)
    assert set(lacking.value.problems) == {"result"}
    say(town, id, answer, result="not_known")
    with town() as work:
        row = work.chronicles.measure(id)
        assert (row.ended_by, row.ended_at, row.result, row.next_at) == (
            "cora",
            at("2026-03-30"),
            "not_known",
            None,
        )
        assert measure_note(work, PRACTICE, id, at("2026-04-09")) is None
    assert mornings(town, "2026-03-31", "2026-04-09") == [("2026-03-31", []), ("2026-04-09", [])]
    with pytest.raises(TooLate):
        say(town, id, "extended", ends_on=on("2026-05-01"), review_on=on("2026-05-01"))


def test_only_the_coordinator_or_the_chair_says_what_becomes_of_it(town):
    id = agree(town)
    for answer in SAID:
        with pytest.raises(NotAllowed):
            say(town, id, answer, who="helen", result="safer")
    with pytest.raises(NotAllowed):
        open_measure(town, PRACTICE, id, by=person(town, "helen"), now=at("2026-03-03"))
    assert open_measure(town, PRACTICE, id, by=person(town, "chai"), now=at("2026-03-03")).measure.startswith(
        CANARY
    )


def test_it_stands_on_the_coordinators_and_the_chairs_home_when_it_is_due(town):
    """A line with reference and date, no word of what it is (IG-01)."""
    agree(town)
    with town() as work:
        for who, day, seen in (
            ("cora", "2026-03-26", 0),
            ("cora", "2026-03-27", 1),
            ("chai", "2026-04-01", 1),
            ("helen", "2026-04-01", 0),
        ):
            lines = standing_for(work, PRACTICE, work.register.person(who), at(day))
            assert len(lines) == seen, (who, day)
            assert "Qanary" not in str(lines)


def test_a_case_is_not_closed_over_a_standing_measure(town):
    """No restriction outlives its case in silence (S5-27)."""
    id = agree(town)
    with town() as work:
        work.cases.row(CASE).rating = "low"
    why = "Every action has ended and the risk is low."
    with pytest.raises(Invalid, match="Interim measures"):
        propose_closure(town, PRACTICE, CASE, why, by=person(town, "cora"), now=at("2026-03-05"))
    say(town, id, "ended", now="2026-03-05", result="safer")
    asked = Asked(moment="end", asked="no", why_not="She has moved away and wishes for no more calls.")
    record_wishes(town, PRACTICE, CASE, asked, by=person(town, "cora"), now=at("2026-03-05"))
    assert (
        propose_closure(town, PRACTICE, CASE, why, by=person(town, "cora"), now=at("2026-03-05"))
        == "CV-7K4QMX"
    )


def test_the_cases_file_has_a_part_for_them_and_says_so_when_there_are_none(town):
    def part():
        found = [
            open_case(town, PRACTICE, CASE, 0, by=person(town, "cora"), now=at("2026-04-02"), kind="measures")
        ]
        return found[0].part

    assert part().entries == ()
    agree(town)
    [entry_] = part().entries
    assert (entry_.state, entry_.due) == ("standing, and past its end", on("2026-03-31"))


def test_nothing_of_a_measure_or_a_call_waits_in_a_ledger(town):
    """Audit, outbox and inbox hold ids, dates and digests only (IG-01, IG-02, IG-32)."""
    id = agree(town, who="helen")
    mornings(town, "2026-03-27", "2026-03-31", "2026-04-01")
    say(town, id, "ended", now="2026-04-01", result="safer", why=CANARY)
    add(town, entry("incident", incident="threats"))
    with town() as work:
        rows = [*work.session.exec(select(AuditEvent)), *work.session.exec(select(OutboxRow))]
        assert [row for row in rows if "Qanary" in str(row.model_dump())] == []
        assert any(digest_of(CANARY) in str(row.model_dump()) for row in rows)


# ---- Reviews that the record asks for


def incident(begin, kind="blocked_access", *, day="2026-03-02", now=None, corrects="", why="", clock="10:00"):
    return add(
        begin,
        entry("incident", day=day, incident=kind),
        now=now or day,
        corrects=corrects,
        why=why,
        clock=clock,
    )


def calls(begin):
    with begin() as work:
        return [(row.incident, row.count, row.answer) for row in work.chronicles.calls(CASE)]


def test_reaching_the_pathways_mark_asks_the_coordinator_for_a_review_once(town):
    """Counted, asked, and decided by nobody but a person (S5-22; rule 6)."""
    incident(town, day="2026-03-02")
    assert calls(town) == []
    incident(town, day="2026-03-03")
    incident(town, day="2026-03-04")
    assert calls(town) == [("blocked_access", 2, None)]
    assert told(town, "review_called") == [("review_called", "cora")]
    with town() as work:
        assert work.cases.row(CASE).state == "plan_active"


def test_only_what_lies_in_the_window_counts(town):
    incident(town, day="2026-01-02", now="2026-03-02")
    incident(town, day="2026-03-02", now="2026-03-03")
    assert calls(town) == []


def test_an_incident_that_is_corrected_counts_once_and_as_it_was_corrected(town):
    """S5-22, IG-35: neither twice, nor under the kind that it was not."""
    first = incident(town, day="2026-03-02")
    second = incident(town, day="2026-03-02", corrects=first, why="The hour was wrong.", clock="11:00")
    assert calls(town) == []
    incident(town, "other", day="2026-03-02", corrects=second, why="Nobody refused access.", clock="12:00")
    incident(town, day="2026-03-03")
    assert calls(town) == []


def test_a_call_is_chased_until_a_person_answers_and_then_only_what_is_new_counts(town):
    """The coordinator, the chair, the board: it never goes quiet (S5-22; rule 8)."""
    incident(town, "threats", day="2026-03-02")
    heard = mornings(town, "2026-03-03", "2026-03-04", "2026-03-06", look=words_about_calls)
    assert heard == [
        ("2026-03-03", [("review_called", "cora")]),
        ("2026-03-04", [("review_called", "chai"), ("review_called", "cora")]),
        ("2026-03-06", [("review_told", "bo"), ("review_called", "cora")]),
    ]
    with town() as work:
        [row] = work.chronicles.calls(CASE)
        assert call_note(work, PRACTICE, row.id, at("2026-03-06")).overdue_by == 3
    for wrong, problem in (("", "answer"), ("review", "why")):
        with pytest.raises(Invalid) as lacking:
            answer_call(
                town,
                PRACTICE,
                row.id,
                wrong,
                WHY if not wrong else "",
                by=person(town, "cora"),
                now=at("2026-03-06"),
            )
        assert set(lacking.value.problems) == {problem}
    answer_call(town, PRACTICE, row.id, "not_needed", WHY, by=person(town, "cora"), now=at("2026-03-06"))
    with pytest.raises(TooLate):
        open_call(town, PRACTICE, row.id, by=person(town, "cora"), now=at("2026-03-06"))
    assert mornings(town, "2026-03-13", look=words_about_calls) == [("2026-03-13", [])]
    incident(town, "threats", day="2026-03-12")
    assert calls(town) == [("threats", 1, "not_needed"), ("threats", 1, None)]


def test_only_who_runs_the_case_answers_a_call_and_reads_what_it_rests_on(town):
    incident(town, "threats", day="2026-03-02")
    with town() as work:
        [row] = work.chronicles.calls(CASE)
    with pytest.raises(NotAllowed):
        open_call(town, PRACTICE, row.id, by=person(town, "helen"), now=at("2026-03-02"))
    opened = open_call(town, PRACTICE, row.id, by=person(town, "cora"), now=at("2026-03-02"))
    assert (opened.incident, opened.count, opened.threshold) == ("Threats", 1, 1)


# ---- Something new after a case was closed


def close(begin):
    with begin() as work:
        case = work.cases.row(CASE)
        case.state, case.closed_at, case.closed_by = "closed", at("2026-03-02"), "chai"


def test_an_incident_on_a_closed_case_never_opens_it_again(town):
    """T21: it is written down, and nothing is asked of a plan that has ended."""
    close(town)
    incident(town, "threats", day="2026-03-03")
    with town() as work:
        assert work.cases.row(CASE).state == "closed"
    assert calls(town) == []
    with pytest.raises(TooLate):
        begin_measure(town, PRACTICE, CASE, by=person(town, "cora"), now=at("2026-03-03"))


def test_a_new_incident_begins_a_referral_whose_case_points_back_at_the_old_one(town):
    """A new linked case, by way of triage as any other; begun by the coordinator (T21)."""
    cora = person(town, "cora")
    with pytest.raises(TooLate):
        begin_after(town, PRACTICE, CASE, source="x", by=cora, now=at("2026-03-02"))
    close(town)
    with town() as work:
        found = [each.verb for each in doings(work, PRACTICE, work.cases.row(CASE), cora)]
        assert "incident.begin" in found
        assert "incident.begin" not in [
            each.verb for each in doings(work, PRACTICE, work.cases.row(CASE), work.register.person("helen"))
        ]
    jotted, pathway = begin_after(town, PRACTICE, CASE, source="x", by=cora, now=at("2026-03-03"))
    assert begin_after(town, PRACTICE, CASE, source="x", by=cora, now=at("2026-03-03")) == (jotted, pathway)
    kept = take_jotting(town, jotted, by=cora)
    assert kept == {REPEAT_OF: CASE}
    with town() as work:
        a_case(work, "CV-3NGHJK")
        referral = work.referrals.row("r-3nghjk")
        referral.answers = dict(kept)
        assert linked_case(work, referral) == CASE
        assert linked_case(work, work.referrals.row("r-7k4qmx")) is None


def test_the_link_is_kept_from_the_first_page_of_the_form_to_the_case(town):
    """The case that triage opens is the repeat of the old one (T21)."""
    close(town)
    by = person(town, "helen")
    draft = begin_draft(
        town, PRACTICE, "marm", {REPEAT_OF: CASE, "danger": "no"}, source="d", by=by, now=at("2026-03-03")
    )
    with town() as work:
        assert work.drafts.own(draft, by.id).answers[REPEAT_OF] == CASE


@pytest.mark.parametrize(("day", "within"), [("2027-02-16", True), ("2027-02-17", False)])
def test_the_window_of_a_repeat_is_the_pathways_own(town, day, within):
    """Twelve months from the last referral where the pathway says so; none where it has no such rule (T21)."""
    practice = a_practice()
    with town() as work:
        case: CaseRow = work.cases.row(CASE)
        rule = practice.pathways["southend-marat"]
        assert within_window(work, practice, rule, case, at(day)) is within
        assert within_window(work, practice, practice.pathways["care-connect-marm"], case, at(day)) is False
