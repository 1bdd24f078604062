"""Software counts, prompts and records; a person decides (design rule 6, IG-44)."""

import ast
import inspect
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from full_world import NOW, World, settled
from sqlmodel import SQLModel, select

from bot.domain.people import Person
from bot.domain.states import CASE, MEETING, REFERRAL, MeetingState
from bot.storage.tables import (
    ActionRow,
    AgendaItemRow,
    CaseRow,
    DecisionRow,
    MeetingRow,
    ReferralRow,
    TriageRow,
    VoiceRow,
)
from bot.storage.transaction import Begin, transactions
from bot.usecases.close_polls import close_polls
from bot.usecases.daybreak import daybreak
from bot.usecases.digest import prepare
from bot.usecases.nudge import nudge
from bot.usecases.opening import opening
from bot.usecases.tidy import tidy

USECASES = Path(__file__).resolve().parents[2] / "bot" / "usecases"

BY_NOBODY = {
    "account_gone": "closes the door to whoever’s account in chat was deactivated, and asks a coordinator (IG-24)",
    "account_back": "asks a coordinator about somebody whose account is active again, and lets nobody in",
    "looked_at": "keeps when everybody’s account was last looked at",
    "tell_of_barred": "tells the information governance lead of what was refused already",
    "by_mail": "runs another of them, which has one",
    "close_polls": "ends the asking for times at its deadline, and reminds once who has not answered",
    "close_room": "keeps that nothing may be posted in a room for now, and tells the chair",
    "daybreak": "plans reminders of stages and reviews that were not held",
    "begin_entry": "keeps that a calendar is being asked for an entry",
    "entry_seen": "records what people answered in their calendars, and tells of an entry that was changed there",
    "follow_up": "chases who has not answered a closure, and takes a dispute nobody settled to the next tier's person",
    "forget_readings": "throws away what was read of diaries a day ago",
    "import_register": "takes people in; the command line is its actor",
    "keep_channel": "keeps by what a calendar tells us of changes",
    "keep_mark": "keeps how far a calendar's list of changes was read",
    "keep_readings": "keeps what was read of diaries",
    "left_in_teams": "keeps that nothing may be posted there any more",
    "link_slack": "ties a person to their account, by e-mail",
    "link_teams": "ties a person to their account, by e-mail",
    "lives_in": "keeps on which platform somebody last did something",
    "mailbox_read": "keeps when the mailbox was last read",
    "meet_in_teams": "keeps where a conversation is reached",
    "missing_versions": "only reads",
    "nudge": "plans reminders",
    "quarterly": "sends the board the counts of the quarter that is over",
    "remind_learning": "reminds of lessons that nobody has verified yet",
    "once_by_mail": "runs another of them, which has one",
    "once": "runs another of them, which has one",
    "opening": "keeps the dates of panels, asks people to the next one, sends agendas and reminders",
    "prepare": "gathers what one person is reminded of",
    "renew": "shows once more what is shown already",
    "shared": "keeps that nothing may be posted in a room for now, and tells the coordinators",
    "take_reply": "records what a person answers by e-mail, or puts it before the coordinator",
    "tidy": "removes rows of the ledger that nobody needs any more",
}
"""Use cases that no person is the actor of, each with what it does; read before adding to it."""

DECIDED: dict[type[SQLModel], tuple[str, ...]] = {
    ReferralRow: ("state", "urgent"),
    CaseRow: (
        "state",
        "rating",
        "next_review",
        "closed_at",
        "closed_by",
        "coordinator_id",
        "chair_id",
        "lead_id",
    ),
    ActionRow: ("state", "outcome", "due", "owner_id", "agency_id", "closed_at", "closed_by", "asked_due"),
    MeetingRow: ("state", "starts_at", "concluded_at", "chair_id"),
    AgendaItemRow: ("rating", "mitigated", "review_on"),
}
"""What only a person may change."""


def use_cases() -> Iterator[tuple[str, Any]]:
    """Every public function of bot/usecases that opens a transaction."""
    for path in sorted(USECASES.glob("*.py")):
        module = import_module(f"bot.usecases.{path.stem}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            own = function.__module__ == module.__name__ and not name.startswith("_")
            if own and next(iter(inspect.signature(function).parameters), "") == "begin":
                yield name, function


def test_every_use_case_has_a_person_but_those_that_were_reviewed():
    alone = {name for name, function in use_cases() if "by" not in inspect.signature(function).parameters}
    assert alone == set(BY_NOBODY)


def test_the_person_is_one_of_the_register_and_has_to_be_named():
    """`by` has no default: it cannot be forgotten, and it cannot be a word."""
    for name, function in use_cases():
        if by := inspect.signature(function).parameters.get("by"):
            assert (by.annotation, by.default, by.kind) == (Person, by.empty, by.KEYWORD_ONLY), name


@pytest.mark.parametrize("machine", [REFERRAL, CASE, MEETING], ids=lambda machine: machine.thing)
def test_a_state_is_moved_only_where_a_person_moves_it(machine: Any):
    """Every module that asks a machine for the next state is one whose every use case has a person."""
    names = {"referral": "REFERRAL", "case": "CASE", "meeting": "MEETING"}
    automatic = {inspect.getfile(function) for name, function in use_cases() if name in BY_NOBODY}
    movers = [path for path in USECASES.rglob("*.py") if f"{names[machine.thing]}.after(" in path.read_text()]
    assert movers
    assert [path.name for path in movers if str(path) in automatic] == []


def test_no_state_is_written_past_its_machine():
    """`case.state = "closed"` would ask nobody; what is assigned comes from a machine, or is a nudge's own."""
    written = []
    for path in USECASES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Assign):
                for value in _into_state(node):
                    if ".after(" not in ast.unparse(value) and ast.unparse(value) != "state":
                        written.append(f"{path.name}: {ast.unparse(node)}")
    ledger_of_nudges = {"nudge.py", "digest.py"}
    assert [each for each in written if each.partition(":")[0] not in ledger_of_nudges] == []


def _into_state(node: ast.Assign) -> Iterator[ast.expr]:
    """What is assigned to an attribute `state`, also in a row of assignments."""
    for target in node.targets:
        if isinstance(target, ast.Attribute) and target.attr == "state":
            yield node.value
        elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            for each, value in zip(target.elts, node.value.elts, strict=True):
                if isinstance(each, ast.Attribute) and each.attr == "state":
                    yield value


@pytest.mark.parametrize("model", [TriageRow, DecisionRow, VoiceRow])
def test_a_decision_cannot_be_written_down_without_its_maker(model: type[SQLModel]):
    maker = SQLModel.metadata.tables[str(model.__tablename__)].columns["by_id"]
    assert not maker.nullable
    assert [key.target_fullname for key in maker.foreign_keys] == ["person.id"]


def test_whatever_time_does_it_decides_nothing(sqlite_database):
    """Half a year in which nobody touches anything: reminders pile up, and every decision is as it was left."""
    engine = sqlite_database.connect()
    begin = transactions(engine)
    world = settled(begin)
    before = decisions(begin)
    assert len(before) > 200
    for days in (0, 5, 60, 180):
        now = NOW + timedelta(days=days)
        daybreak(begin, world.practice, now)
        opening(begin, world.practice, now)
        close_polls(begin, world.practice, now)
        while nudge(begin, world.practice, now).more:
            pass
        remind(begin, world, now)
        tidy(begin, now=now)
    after = decisions(begin)
    assert {key: after[key] for key in before} == before
    # What is new are panels that met their rule's day: called, and nothing else ever done to them.
    with begin() as work:
        new = [work.meetings.row(key.removeprefix("meeting ")) for key in after.keys() - before.keys()]
    assert {row.panel_on is not None for row in new} == {True}
    assert {row.state for row in new} == {MeetingState.INVITED}
    engine.dispose()


def remind(begin: Begin, world: World, now: Any) -> None:
    for person in world.ids["person"]:
        prepare(begin, world.practice, person, world.practice.today(now), now)


def decisions(begin: Begin) -> dict[str, tuple[object, ...]]:
    """Everything that people have decided, as it stands.

    When a standing panel meets the area has decided in its pathway: until people are asked, a date follows the rule.
    """
    with begin() as work:
        return {
            f"{model.__tablename__} {row.id}": tuple(getattr(row, name) for name in names)  # type: ignore[attr-defined]
            for model, names in DECIDED.items()
            for row in work.session.exec(select(model))
            if getattr(row, "panel_on", None) is None or row.state != MeetingState.PLANNED  # type: ignore[attr-defined]
        }
