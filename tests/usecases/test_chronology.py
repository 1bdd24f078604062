"""A case's chronology: only added to, put right by linked entries, read as at any day (S5-21, IG-30, IG-31)."""

from datetime import time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plan_builders import PRACTICE, a_case, add_action, at, bar, on, person, settle
from sqlmodel import select

from bot.domain.chronology import KINDS, Reading, Written
from bot.domain.errors import Invalid, NotAllowed, NotFound, TooLate
from bot.storage.chronology_tables import ChronologyRow
from bot.storage.ledger_tables import AuditEvent, OutboxRow
from bot.storage.tables import AgendaItemRow, DecisionRow, MeetingRow, NudgeRow
from bot.storage.transaction import transactions
from bot.usecases.chronology import (
    PAGE,
    begin_entry,
    kinds_offered,
    open_chronology,
    open_entry,
    record_entry,
)

CASE = "c-7k4qmx"
CANARY = "Qanary said in the test, of an invented person"
NEWEST, OLDEST = Reading(), Reading(newest_first=False)


@pytest.fixture
def town(begin):
    settle(begin)
    return begin


def entry(kind="fact", day="2026-03-02", **but) -> Written:
    """An entry with every box of its kind filled in."""
    texts = {box.id: f"{CANARY}: {box.id}" for box in KINDS[kind].boxes} | but.pop("texts", {})
    return Written(kind=kind, day=on(day), texts=texts, **but)


def add(begin, written=None, *, who="helen", now="2026-03-02", source="", corrects="", why="", clock="10:00"):
    """One entry put down by somebody on that day; its id."""
    moment = at(now, clock)
    return record_entry(
        begin,
        PRACTICE,
        CASE,
        written or entry(day=now),
        corrects=corrects,
        why=why,
        source=source or f"s:{moment}:{written}:{corrects}",
        by=person(begin, who),
        now=moment,
    )


def page(begin, reading=NEWEST, number=1, *, who="helen", now="2026-06-01"):
    return open_chronology(begin, PRACTICE, CASE, reading, number, by=person(begin, who), now=at(now))


def ids(shown):
    return [line.id for line in shown.lines]


def events(begin, verb):
    with begin() as work:
        return [e for e in work.session.exec(select(AuditEvent)) if e.verb == verb]


@pytest.mark.parametrize("kind", list(KINDS))
def test_each_kind_has_its_own_small_form_and_stands_in_the_chronology_as_written(town, kind):
    """Fact, quote, opinion, observation, contact, incident and decision are told apart (S5-12, S5-16, S5-19, S5-24)."""
    form = begin_entry(town, PRACTICE, CASE, kind, by=person(town, "helen"), now=at("2026-03-02"))
    assert [box.id for box in form.boxes] == [box.id for box in KINDS[kind].boxes]
    assert len(form.boxes) + bool(form.incidents) + bool(form.subjects) <= 4
    incident = form.incidents[-1].id if form.incidents else ""
    add(town, entry(kind, incident=incident))
    [line] = page(town).lines
    assert (line.kind, line.who) == (kind, "Helen Marsh, Aldermere Homes")
    assert {f"{CANARY}: {box.id}" for box in form.boxes} <= {said for _, said in line.texts}


def test_an_incident_always_says_when_where_what_set_it_off_and_how_it_ended(town):
    """Four things in the same way each time, so that a series can be read (S5-24)."""
    with pytest.raises(Invalid) as missing:
        add(town, Written(kind="incident", day=None, texts={}))
    assert set(missing.value.problems) == {"day", "place", "trigger", "outcome", "incident"}


def test_a_contact_says_with_whom_what_was_advised_and_what_was_done(town):
    """Each agency contact with its advice and the action taken (S5-16)."""
    with pytest.raises(Invalid) as missing:
        add(town, Written(kind="contact", day=on("2026-03-02"), texts={}))
    assert set(missing.value.problems) == {"contact", "advice", "action"}


def test_what_is_still_to_come_cannot_have_happened(town):
    with pytest.raises(Invalid) as tomorrow:
        add(town, entry(day="2026-03-03"), now="2026-03-02")
    with pytest.raises(Invalid) as later_today:
        add(town, entry(day="2026-03-02", clock=time(11, 0)), now="2026-03-02")
    assert (set(tomorrow.value.problems), set(later_today.value.problems)) == ({"day"}, {"clock"})


def test_a_time_of_day_is_kept_in_local_time_and_may_be_left_out_or_be_about(town):
    add(town, entry(day="2026-03-30", clock=time(9, 30), about=True), now="2026-04-01")
    add(town, entry(day="2026-03-30"), now="2026-04-01", clock="10:01")
    timed, untimed = page(town).lines
    assert (timed.happened_at, timed.timed, timed.about) == (at("2026-03-30", "09:30"), True, True)
    assert (untimed.happened_at, untimed.timed) == (at("2026-03-30", "00:00"), False)


def test_an_entry_sent_twice_is_recorded_once(town):
    assert add(town, source="same") == add(town, source="same")
    assert page(town).total == 1


def test_a_correction_is_a_linked_entry_and_the_old_one_stays_readable(town):
    """Nothing is overwritten; who, when and why remain (IG-30, IG-35)."""
    old = add(town)
    new = add(
        town,
        entry(texts={"text": "It was the other door."}),
        who="cora",
        corrects=old,
        why="The wrong door was named.",
        clock="11:00",
    )
    wrong = open_entry(town, PRACTICE, old, by=person(town, "helen"), now=at("2026-03-03"))
    right = open_entry(town, PRACTICE, new, by=person(town, "helen"), now=at("2026-03-03"))
    assert (wrong.later_id, wrong.may_correct, wrong.line.corrected_by) == (
        new,
        False,
        "Cora Vale, Aldermere Council",
    )
    assert dict(wrong.line.texts)["What happened"] == f"{CANARY}: text"
    assert (right.earlier_id, right.line.why) == (old, "The wrong door was named.")
    assert dict(right.line.texts)["What happened"] == "It was the other door."
    with town() as work:
        row = work.chronicles.entry(old)
        assert (row.author_id, row.recorded_at) == ("helen", at("2026-03-02"))


def test_a_correction_is_corrected_in_its_turn_and_nothing_twice(town):
    """A chain, never a fork: whoever comes second is told to correct the correction (IG-30)."""
    first = add(town)
    second = add(town, corrects=first, why="The day was wrong.", clock="11:00")
    with pytest.raises(TooLate, match="correct that"):
        add(town, corrects=first, why="Somebody else saw it too.", clock="12:00")
    with pytest.raises(TooLate):
        begin_entry(town, PRACTICE, "", "", corrects=first, by=person(town, "helen"), now=at("2026-03-03"))
    third = add(town, corrects=second, why="The place was wrong.", clock="12:01")
    chain = [
        open_entry(town, PRACTICE, id, by=person(town, "helen"), now=at("2026-03-03"))
        for id in (first, second, third)
    ]
    assert [(each.earlier_id, each.later_id) for each in chain] == [
        ("", second),
        (first, third),
        (second, ""),
    ]


def test_a_correction_says_why_and_is_of_the_same_kind_and_case(town):
    old = add(town)
    with pytest.raises(Invalid) as why:
        add(town, corrects=old, clock="11:00")
    assert set(why.value.problems) == {"why"}
    with pytest.raises(NotFound):
        add(town, entry("quote"), corrects=old, why="It was a quote.", clock="11:00")


def test_the_form_of_a_correction_begins_with_what_the_entry_says(town):
    old = add(town, entry(day="2026-03-01", clock=time(8, 5), about=True, subject="child"))
    form = begin_entry(town, PRACTICE, "", "", corrects=old, by=person(town, "cora"), now=at("2026-03-02"))
    assert (form.day, form.clock, form.about, form.subject) == (on("2026-03-01"), time(8, 5), True, "child")
    assert form.text_of("text") == f"{CANARY}: text"


def test_there_is_one_order_by_when_it_happened_and_one_by_when_it_was_known(town):
    """Each from either end (S5-21, IG-31)."""
    late = add(town, entry(day="2026-02-20"), now="2026-03-04")
    early = add(town, entry(day="2026-03-01"), now="2026-03-02")
    assert ids(page(town, Reading(by="happened", newest_first=True))) == [early, late]
    assert ids(page(town, Reading(by="happened", newest_first=False))) == [late, early]
    assert ids(page(town, Reading(by="known", newest_first=True))) == [late, early]
    assert ids(page(town, Reading(by="known", newest_first=False))) == [early, late]


def test_as_at_a_day_nothing_is_known_that_was_recorded_later(town):
    """The entry stands uncorrected on the day before its correction (IG-31)."""
    old = add(town, now="2026-03-02")
    new = add(town, entry(day="2026-03-02"), corrects=old, why="The wrong day.", now="2026-03-10")
    before = page(town, Reading(as_at=on("2026-03-09")))
    after = page(town, Reading(as_at=on("2026-03-10")))
    assert (ids(before), before.lines[0].corrected_at) == ([old], None)
    assert set(ids(after)) == {old, new}
    assert next(line for line in after.lines if line.id == old).corrected_at == at("2026-03-10")
    assert page(town, Reading(as_at=on("2026-03-01"))).lines == ()


def test_the_day_of_as_at_is_a_whole_day_of_the_area(town):
    """Half past midnight in British Summer Time is the day before in UTC, and belongs to its own local day (IG-31)."""
    add(town, entry(day="2026-03-30"), now="2026-04-02", clock="00:30")
    assert page(town, Reading(as_at=on("2026-04-01"))).total == 0
    assert page(town, Reading(as_at=on("2026-04-02"))).total == 1


def test_a_reading_is_the_same_after_its_journey_through_a_button():
    for by in ("happened", "known"):
        for reading in (
            Reading(by=by),
            Reading(by=by, newest_first=False, as_at=on("2026-03-02"), kind="quote"),
        ):  # type: ignore[arg-type]
            assert Reading.of(reading.code) == reading
    assert Reading.of("nonsense~not-a-day~no_such_kind") == Reading()


def test_only_one_kind_can_be_shown(town):
    add(town, entry("fact"))
    quote = add(town, entry("quote"))
    assert ids(page(town, Reading(kind="quote"))) == [quote]
    assert page(town, Reading(kind="reminder")).lines == ()


def test_decisions_meetings_ended_actions_and_reminders_stand_in_it_from_their_own_records(town):
    """Nothing is copied: each is read where it is kept (S5-21)."""
    with town() as work:
        action = add_action(
            work, state="closed", outcome="done", closed_at=at("2026-03-06"), closed_by="helen"
        ).id
        work.session.add(
            DecisionRow(
                id="d1",
                case_id=CASE,
                kind="relist",
                text=CANARY,
                reasons="So.",
                options="",
                by_id="chai",
                at=at("2026-03-05"),
            )
        )
        work.session.add(
            MeetingRow(
                id="m1",
                area="aldermere",
                pathway="care-connect-marm",
                stage="panel",
                kind="panel",
                state="concluded",
                starts_at=at("2026-03-04"),
                ends_at=at("2026-03-04", "11:00"),
                started_at=at("2026-03-04"),
                concluded_at=at("2026-03-04", "11:00"),
                uid="m1",
                created_by="cora",
                created_at=at("2026-03-01"),
                chair_id="chai",
            )
        )
        work.session.flush()
        work.session.add(AgendaItemRow(id="i1", meeting_id="m1", case_id=CASE, position=0, minutes=20))
        work.session.add(
            NudgeRow(
                id="n1",
                action_id=action,
                due=on("2026-04-02"),
                rung="due-2",
                to_role="owner",
                person_id="helen",
                day=on("2026-03-03"),
                state="sent",
                at=at("2026-03-03"),
            )
        )
    shown = page(town, OLDEST)
    found = {line.kind: line for line in shown.lines}
    assert [line.kind for line in shown.lines] == ["reminder", "meeting", "decided", "action_ended"]
    assert ("Outcome", "done") in [(name, said.lower()) for name, said in found["action_ended"].texts]
    assert ("What was decided", CANARY) in found["decided"].texts
    assert found["meeting"].texts == (("Meeting", "MARM panel"),)
    assert ("Sent to", "Helen Marsh, Aldermere Homes") in found["reminder"].texts
    assert not any(line.opens for line in shown.lines)
    assert page(town, Reading(as_at=on("2026-03-03"), kind="decided")).total == 0


def test_pages_follow_one_another_without_gap_or_repetition(town):
    for n in range(PAGE * 2 + 3):
        add(town, source=f"n{n}", clock="10:00")  # all at one moment: the order is still total
    pages = [page(town, OLDEST, number) for number in (1, 2, 3)]
    whole = [id for each in pages for id in ids(each)]
    assert (len(whole), len(set(whole)), pages[2].of) == (PAGE * 2 + 3, PAGE * 2 + 3, 3)
    assert [id for number in (3, 2, 1) for id in reversed(ids(page(town, OLDEST, number)))] == [
        id for number in (1, 2, 3) for id in ids(page(town, NEWEST, number))
    ]
    assert ids(page(town, OLDEST, 99)) == ids(pages[2])


def test_each_page_that_is_opened_is_on_the_record(town):
    """Who read which page, in which order, as at which day (IG-05, IG-29)."""
    add(town)
    page(town, Reading(by="known", as_at=on("2026-03-04")), 1)
    [event] = events(town, "chronology.read")
    assert (event.actor, '"as_at":"2026-03-04"' in event.facts, '"page":1' in event.facts) == (
        "helen",
        True,
        True,
    )


def test_who_may_not_read_the_case_opens_nothing_and_adds_nothing(town):
    """Refused, and the attempt recorded (IG-05, IG-22)."""
    old = add(town)
    bar(town, "cora")
    for who in ("petra", "cora"):
        for attempt in (
            lambda by: open_chronology(town, PRACTICE, CASE, NEWEST, 1, by=by, now=at("2026-03-03")),
            lambda by: open_entry(town, PRACTICE, old, by=by, now=at("2026-03-03")),
            lambda by: kinds_offered(town, CASE, by=by, now=at("2026-03-03")),
            lambda by: begin_entry(town, PRACTICE, "", "", corrects=old, by=by, now=at("2026-03-03")),
            lambda by: record_entry(town, PRACTICE, CASE, entry(), source="x", by=by, now=at("2026-03-03")),
        ):
            with pytest.raises(NotAllowed):
                attempt(person(town, who))
    assert len(events(town, "denied")) == 10


def test_what_is_written_never_waits_in_a_ledger(town):
    """Audit, outbox and inbox hold ids, days and digests only (IG-01, IG-02, IG-32)."""
    old = add(town, entry("incident", incident="threats"))
    add(town, entry("incident", incident="threats"), corrects=old, why=CANARY, clock="11:00")
    with town() as work:
        rows = [*work.session.exec(select(AuditEvent)), *work.session.exec(select(OutboxRow))]
        assert len(rows) > 2
        assert [row for row in rows if "Qanary" in str(row.model_dump())] == []


def test_no_entry_can_be_changed_by_any_use_case(town):
    """The rows of a hundred presses later are the rows as they were written (IG-30)."""
    first = add(town)
    with town() as work:
        before = work.chronicles.entry(first).model_dump()
    second = add(town, corrects=first, why="The wrong day.", clock="11:00")
    add(town, corrects=second, why="The wrong hour.", clock="12:00")
    with town() as work:
        assert work.chronicles.entry(first).model_dump() == before


STEPS = st.lists(
    st.tuples(
        st.integers(0, 12),  # days since the one before at which it is recorded
        st.integers(0, 40),  # days before it that it happened
        st.sampled_from(["fact", "quote", "observation"]),
        st.integers(0, 5),  # which earlier entry it corrects, if there is one and the kind fits
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, cut=st.integers(0, 120), by=st.sampled_from(["happened", "known"]), newest=st.booleans())
def test_as_at_a_day_is_what_replaying_the_entries_up_to_then_gives(
    sqlite_kept, sqlite_template, steps, cut, by, newest
):
    """The view as at a day of the whole record equals the view of a record that ends on that day (IG-31)."""
    import sqlite3

    def empty():
        with (
            sqlite3.connect(sqlite_template) as source,
            sqlite3.connect(str(sqlite_kept.url.database)) as target,
        ):
            source.backup(target)
        begin = transactions(sqlite_kept)
        settle(begin)
        return begin

    def replay(begin, until):
        known, moment = [], at("2026-03-02")
        for n, (gap, back, kind, which) in enumerate(steps):
            moment += timedelta(days=gap, minutes=n)
            if moment.date() > until:
                break
            fit = [id for id, of, open_ in known if of == kind and open_]
            corrects = fit[which] if which < len(fit) else ""
            id = f"{n:02d}"
            with begin() as work:
                work.session.add(
                    ChronologyRow(
                        id=id,
                        case_id=CASE,
                        kind=kind,
                        happened_at=moment - timedelta(days=back),
                        recorded_at=moment,
                        author_id="helen",
                        agency_id="housing",
                        text=f"{n}",
                        corrects_id=corrects or None,
                        correction_why="",
                    )
                )
            known = [(i, of, open_ and i != corrects) for i, of, open_ in known] + [(id, kind, True)]

    day = on("2026-03-02") + timedelta(days=cut)
    begin = empty()
    replay(begin, on("2030-01-01"))
    as_at = page(begin, Reading(by=by, newest_first=newest, as_at=day), now="2030-01-01")
    begin = empty()
    replay(begin, day)
    replayed = page(begin, Reading(by=by, newest_first=newest), now="2030-01-01")
    assert (as_at.lines, as_at.total) == (replayed.lines, replayed.total)


def test_another_cases_entries_are_never_in_it(town):
    with town() as work:
        a_case(work, "CV-3NGHJK")
    add(town)
    other = open_chronology(
        town, PRACTICE, "c-3nghjk", NEWEST, 1, by=person(town, "cora"), now=at("2026-03-03")
    )
    assert other.lines == ()
