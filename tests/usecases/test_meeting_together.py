"""Two people at once: one meeting, one panel, every action its own number (design.md rule 2)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from meeting_builders import (
    MARM,
    NOW,
    PRACTICE,
    a_case,
    an_action,
    asked_at_the_end,
    on,
    owed,
    person,
    settle,
    wanted,
)

from bot.domain.errors import TooLate
from bot.storage.inbox import Overtaken
from bot.storage.transaction import Begin
from bot.usecases.agree import agree_now
from bot.usecases.book import book
from bot.usecases.close import agree_to_close, close_case, object_to_close, propose_closure
from bot.usecases.convene import find_times
from bot.usecases.list_cases import list_on_next_panel
from bot.usecases.opening import opening

pytestmark = pytest.mark.at_once


@pytest.fixture
def town(begin: Begin) -> Begin:
    settle(begin)
    return begin


def together(*tasks: Callable[[], Any]) -> list[Any]:
    """All at once, each on a thread; a refusal is an answer, an overtaken one asks again as the program does."""

    def undaunted(task: Callable[[], Any]) -> Any:
        for _ in range(3):
            try:
                return task()
            except Overtaken:
                continue
            except TooLate as late:
                return late
        raise AssertionError("overtaken three times")

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(undaunted, tasks))


def test_two_who_book_at_once_book_one_meeting(town):
    case, cora = a_case(town), person(town, "cora")
    found = find_times(town, PRACTICE, wanted(case), source="s", by=cora, now=NOW)
    told = together(*[lambda: book(town, PRACTICE, found.options[0].id, by=cora, now=NOW)] * 4)
    assert len({each.meeting_id for each in told}) == 1
    assert len(owed(town, "invite")) == 7


def test_cases_listed_at_once_share_one_panel(town):
    cora = person(town, "cora")
    cases = [a_case(town, f"CV-7K4QM{letter}", pathway=MARM) for letter in "CDFG"]
    panels = together(
        *[lambda id=id: list_on_next_panel(town, PRACTICE, id, by=cora, now=NOW) for id in cases]
    )
    assert len({panel.id for panel in panels}) == 1
    with town() as work:
        assert {item.case_id for item in work.meetings.agenda(panels[0].id)} == set(cases)


def test_mornings_begun_at_once_and_a_case_listed_meanwhile_make_each_panel_once(town):
    """Two processes open the day, and somebody lists a case before either is done (T11)."""
    cora, case = person(town, "cora"), a_case(town, pathway=MARM)
    together(
        lambda: opening(town, PRACTICE, NOW),
        lambda: list_on_next_panel(town, PRACTICE, case, by=cora, now=NOW),
        lambda: opening(town, PRACTICE, NOW),
    )
    with town() as work:
        rows = work.meetings.of_panel("aldermere", MARM, "panel", on("2026-01-01"))
        assert len({row.panel_on for row in rows}) == len(rows) == 12
        assert [row.state for row in rows] == ["invited", *["planned"] * 11]
    assert len(owed(town, "invite")) == 7


def test_actions_agreed_at_once_have_numbers_of_their_own(town):
    case, cora = a_case(town), person(town, "cora")
    refs = together(
        *[
            lambda n=n: agree_now(town, PRACTICE, case, an_action(f"press {n}"), by=cora, now=NOW)
            for n in range(5)
        ]
    )
    assert sorted(refs) == [f"CV-7K4QMX/{n}" for n in range(1, 6)]


def test_an_objection_and_an_authorisation_at_once_do_not_both_stand(town):
    why = "The risk has ended and the person is content."
    case = a_case(town, pathway=MARM, state="plan_active", rating="low", next_review=on("2026-04-01"))
    asked_at_the_end(town, case, person(town, "cora"), NOW)
    propose_closure(town, PRACTICE, case, why, by=person(town, "cora"), now=NOW)
    hal, chai = person(town, "hal"), person(town, "chai")
    agree_to_close(town, PRACTICE, case, by=hal, now=NOW)
    answers = together(
        lambda: object_to_close(town, PRACTICE, case, why, why, by=hal, now=NOW),
        lambda: close_case(town, PRACTICE, case, why, by=chai, now=NOW),
    )
    assert sum(isinstance(each, TooLate) for each in answers) == 1
    with town() as work:
        closed = work.cases.row(case).state == "closed"
        kinds = [row.kind for row in work.cases.decisions(case)]
    assert ("case_closed" in kinds) is closed
    assert ("closure_objected" in kinds) is not closed
