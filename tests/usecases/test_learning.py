"""A lesson stays open until somebody other than its owner has seen that practice has changed (S5-09, S1-19, S5-29)."""

from dataclasses import replace

import pytest
from plan_builders import MARM, PRACTICE, at, bar, on, person, settle
from sqlmodel import select

from bot.domain.errors import Invalid, NotAllowed, TooLate
from bot.storage.ledger_tables import AuditEvent, OutboxRow
from bot.usecases.learn import NewLesson, learn, list_lessons, open_lesson, verify_lesson
from bot.usecases.remind_learning import learning_note, remind_learning

NOW = at("2026-03-02")  # a Monday
NEW = NewLesson(
    case_id="c-7k4qmx",
    pathway="",
    source="case",
    lesson="The fire service was asked three weeks late.",
    change="Ask the fire service with the first visit.",
    owner_id="helen",
    due=on("2026-03-31"),
)


@pytest.fixture
def town(begin):
    settle(begin)
    return begin


def recorded(begin, **but):
    learn(begin, PRACTICE, replace(NEW, **but), source="s", by=person(begin, "cora"), now=NOW)
    return list_lessons(begin, PRACTICE, by=person(begin, "cora"), now=NOW).lines[0].id


def told(begin, message):
    with begin() as work:
        rows = work.session.exec(select(OutboxRow).where(OutboxRow.errand == "tell")).all()
        return sorted(str(row.destination) for row in rows if f'"{message}"' in row.about)


def test_a_lesson_is_recorded_once_and_its_owner_is_told(town):
    """Lesson, change, owner and date (S5-09)."""
    for _ in range(2):
        learn(town, PRACTICE, NEW, source="s", by=person(town, "cora"), now=NOW)
    [line] = list_lessons(town, PRACTICE, by=person(town, "bo"), now=NOW).lines
    assert (line.source, line.owner, line.due, line.stands) == (
        "A case of ours",
        "Helen Marsh",
        on("2026-03-31"),
        "open",
    )
    assert told(town, "learning_yours") == ["person:helen"]


def test_its_owner_cannot_verify_it_and_somebody_else_can_once(town):
    """Verified by another, with what they saw; the database holds to it too (S5-09)."""
    id = recorded(town, owner_id="chai")
    with pytest.raises(NotAllowed, match="other than"):
        verify_lesson(town, PRACTICE, id, "I have seen that it changed.", by=person(town, "chai"), now=NOW)
    with pytest.raises(Invalid, match="what you saw"):
        verify_lesson(town, PRACTICE, id, "yes", by=person(town, "cora"), now=NOW)
    verify_lesson(town, PRACTICE, id, "Ten files of May show it.", by=person(town, "cora"), now=NOW)
    with pytest.raises(TooLate):
        verify_lesson(town, PRACTICE, id, "Ten files of May show it.", by=person(town, "cora"), now=NOW)
    assert list_lessons(town, PRACTICE, by=person(town, "cora"), now=NOW).lines == ()
    with town() as work:
        assert learning_note(work, PRACTICE, id, NOW) is None


def test_its_words_open_for_its_owner_and_for_those_who_run_the_work_and_are_on_record(town):
    """A board's contact sees that there is a lesson, and not its words (S5-09, IG-26, IG-29)."""
    id = recorded(town)
    assert open_lesson(town, PRACTICE, id, by=person(town, "helen"), now=NOW).may_verify is False
    assert open_lesson(town, PRACTICE, id, by=person(town, "lena"), now=NOW).may_verify is True
    for who in ("bo", "dev"):
        with pytest.raises(NotAllowed):
            open_lesson(town, PRACTICE, id, by=person(town, who), now=NOW)
    bar(town, "lena")
    with pytest.raises(NotAllowed):
        open_lesson(town, PRACTICE, id, by=person(town, "lena"), now=NOW)
    with town() as work:
        opened = work.session.exec(select(AuditEvent).where(AuditEvent.verb == "learning.open")).all()
        assert [event.actor for event in opened] == ["helen", "lena"]


def test_whoever_must_hear_is_reminded_until_it_is_verified(town):
    """Before the day its owner, after it the coordinator too, after two weeks the board, and then weekly (S5-09)."""
    recorded(town)
    heard = {}
    for day in (
        "2026-03-26",
        "2026-03-27",
        "2026-03-30",
        "2026-03-31",
        "2026-04-01",
        "2026-04-02",
        "2026-04-20",
    ):
        before = len(told(town, "learning_due"))
        remind_learning(town, PRACTICE, at(day))
        remind_learning(town, PRACTICE, at(day, "15:00"))
        heard[day] = len(told(town, "learning_due")) - before
    assert heard == {
        "2026-03-26": 0,
        "2026-03-27": 1,
        "2026-03-30": 0,
        "2026-03-31": 1,
        "2026-04-01": 2,
        "2026-04-02": 0,
        "2026-04-20": 3,
    }
    assert set(told(town, "learning_due")) == {"person:helen", "person:cora", "person:bo"}


def test_what_is_missing_is_asked_for_beside_its_field(town):
    """Each with what to do."""
    bare = NewLesson(case_id="", pathway="", source="", lesson="", change="", owner_id="", due=None)
    with pytest.raises(Invalid) as wrong:
        learn(town, PRACTICE, bare, source="s", by=person(town, "cora"), now=NOW)
    assert set(wrong.value.problems) == {"source", "pathway", "lesson", "change", "owner", "due"}


def test_a_lesson_from_elsewhere_belongs_to_a_pathway_and_to_no_case(town):
    """From a review of the board or an event (S1-19, S5-29)."""
    recorded(town, case_id="", pathway=MARM, source="board_review")
    with pytest.raises(NotAllowed):
        learn(town, PRACTICE, NEW, source="t", by=person(town, "helen"), now=NOW)
