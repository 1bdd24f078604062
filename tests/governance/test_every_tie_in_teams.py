"""One rule, two doors: whoever stands at the door of Teams is let in just where the access matrix says (IG-05, IG-22).

Everybody of the matrix, by what the thing is to them and by each role, sends whatever can be sent there: each button,
each dialog and each word, as a signed activity to the served door. After a change run this file with
CONVENOR_ACCEPT=1 and read the difference beside access_matrix.txt.
"""

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from full_world import AREA, NOW, World
from pressing_in_teams import PresserInTeams
from sqlalchemy import Engine
from test_access_matrix import GOLDEN as GOLDEN_MATRIX
from ties_in_teams import ANYBODY, NOBODY, TIES, AtTheDoor, Told, tie

from bot.handlers.teams.dialog import CARRIED
from bot.handlers.teams.inputs import OURS
from bot.render import Render
from bot.storage.transaction import Begin

Json = dict[str, Any]

Use = tuple[str, str]
"""A kind of activity and the name of what it asks for."""

pytestmark = pytest.mark.long
GOLDEN = Path(__file__).with_name("every_tie_in_teams.txt")

ALSO: dict[Use, str] = {
    ("press", "action.pass_on"): "action.decide",
    ("submission", "action.pass_on"): "action.decide",
    ("press", "action.reopen"): "action.decide",
    ("press", "action.mine"): "action.answer",
}
"""Where a second rule lets people in as well: the chair may give an action to somebody else, or take it up again;
and who owns one of a case's actions sees the list that stands in its channel in a way of their own."""

STRICTER = {
    ("submission", "learning.begin"): "a lesson of a case is recorded by somebody who may open that case",
    ("press", "closure.propose"): "only who holds the role that the pathway names proposes to close a case",
    ("submission", "closure.propose"): "the same",
    ("press", "decision.authorise"): "only who holds the role that the pathway names for that decision",
    ("submission", "decision.authorise"): "the same",
    ("press", "breach.decide"): "a coordinator decides only where the register names no lead of governance",
    ("submission", "breach.decide"): "the same",
    ("press", "closure.agree"): "only a representative of an agency that works on the case answers for it",
    ("press", "closure.undo"): "the same",
    ("press", "closure.object"): "the same",
    ("submission", "closure.object"): "the same",
    ("submission", "closure.close"): "only the authoriser whom the pathway names closes a case",
    (
        "press",
        "agencies.open",
    ): "what it is about has to be of the presser’s own area, and there to be answered",
    (
        "press",
        "agencies.page",
    ): "what it is about has to be of the presser’s own area, and there to be answered",
    (
        "press",
        "agency.open",
    ): "what it is about has to be of the presser’s own area, and there to be answered",
    (
        "submission",
        "agencies.find",
    ): "what it is about has to be of the presser’s own area, and there to be answered",
    (
        "press",
        "minutes.send",
    ): "what it is about has to be of the presser’s own area, and there to be answered",
    (
        "submission",
        "minutes.correct",
    ): "what it is about has to be of the presser’s own area, and there to be answered",
    (
        "press",
        "minutes.approve",
    ): "what it is about has to be of the presser’s own area, and there to be answered",
    (
        "submission",
        "minutes.ask",
    ): "what it is about has to be of the presser’s own area, and there to be answered",
    (
        "press",
        "assess.back",
    ): "what it is about has to be of the presser’s own area, and there to be answered",
    (
        "submission",
        "assess.finish",
    ): "what it is about has to be of the presser’s own area, and there to be answered",
    (
        "submission",
        "assess.page",
    ): "what it is about has to be of the presser’s own area, and there to be answered",
}
"""What is asked beside the rule of the matrix, and so lets in fewer people than it says."""

WITHOUT_AUDIT = {("press", "action.mine"): "case.read"}
"""Refused without a trace: Teams itself asks for the view, for everybody on whose screen the list comes."""


@pytest.fixture(scope="module")
def uses(in_teams: PresserInTeams, full_store: Begin) -> dict[Use, Json]:
    """One activity for everything that can be asked in Teams."""
    found = {use: specimen.body for use, specimen in in_teams.specimens.items()}
    # The times found lead to a meeting that was never kept: another one's are pressed in their place.
    with full_store() as work:
        ahead = work.meetings.upcoming(AREA, NOW)
        booked = next(row.id for row in ahead if row.state == "invited" and work.meetings.agenda(row.id))
        [option] = work.meetings.options(booked)
    for name, value in (("meeting.again", booked), ("meeting.book", option.id), ("meeting.cancel", booked)):
        found["press", name] = with_value(found["press", name], value)
    return found


def with_value(body: Json, value: str) -> Json:
    """The same button about something else."""
    data = body["value"]["data"]
    other = {OURS: {**data[OURS], "value": value}}
    return {**body, "value": {**body["value"], "data": {**data, CARRIED: "{}", **other}}}


ABOUT_ONESELF = ("no tie to it", "of another area", "no longer active")
"""What can be said of somebody where there is nothing that they could be tied to."""


@dataclass
class Found:
    """What each use is judged by, and who is let in with it, by tie."""

    judged: dict[Use, Told] = field(default_factory=dict)
    about_nothing: set[Use] = field(default_factory=set)
    let_in: dict[Use, dict[str, str]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def found(full_engine: Engine, world: World, uses: dict[Use, Json]) -> Found:
    """Everybody of the matrix at the door, with everything."""
    found, door = Found(), AtTheDoor(full_engine, world, Render(), None)

    async def knocks() -> None:
        async with door.open():
            for use, body in sorted(uses.items()):
                found.judged[use] = await door.knock(body, ())
                if door.is_about_nothing(body):
                    found.about_nothing.add(use)
                found.let_in[use] = {}
                for name in TIES:
                    if use in found.about_nothing and name not in ABOUT_ONESELF:
                        found.let_in[use][name] = found.let_in[use]["no tie to it"]
                        continue
                    with door.meanwhile(lambda work, name=name, body=body: tie(work, name, body)):
                        guess = expected(found, use, name)
                        found.let_in[use][name] = await door.let_in(body, guess)

    asyncio.run(knocks())
    assert door.broken == []
    return found


def expected(found: Found, use: Use, name: str) -> str:
    """Whom the access matrix lets in with this, to whom the thing is that."""
    told = found.judged[use]
    if name == "no longer active":
        return NOBODY
    if told.let_in:
        return ANYBODY
    if use in found.about_nothing and name != "of another area":
        name = "no tie to it"
    rules = [rule for rule in (told.rule or WITHOUT_AUDIT.get(use), ALSO.get(use)) if rule]
    lines = [MATRIX[rule][name] for rule in rules]
    if ANYBODY in lines:
        return ANYBODY
    roles = {role for line in lines for role in line.split(", ")} - {NOBODY}
    return ", ".join(sorted(roles)) or NOBODY


def read_matrix() -> dict[str, dict[str, str]]:
    """The reviewed text of the access matrix: who may, by verb and tie."""
    read: dict[str, dict[str, str]] = {}
    verb = ""
    for line in GOLDEN_MATRIX.read_text(encoding="utf-8").splitlines():
        if line.startswith("    "):
            read[verb][line[4:30].strip()] = line[30:]
        else:
            verb = line
            read[verb] = {}
    return read


MATRIX = read_matrix()


def test_every_tie_of_the_matrix_is_made():
    assert list(TIES) == list(MATRIX["case.read"])


def test_whoever_stands_at_the_door_of_teams_is_let_in_just_where_the_matrix_says(found: Found):
    """Where more is asked than the matrix says, nobody more is let in."""
    differs = {
        f"{' '.join(use)}, {name}": f"{inside}; by the matrix {says}"
        for use, by in found.let_in.items()
        for name, inside in by.items()
        if (says := expected(found, use, name)) != inside
        and not (use in STRICTER and is_within(inside, says))
    }
    assert differs == {}


def is_within(fewer: str, more: str) -> bool:
    """Whether all of these are among those."""
    return more == ANYBODY or fewer == NOBODY or set(fewer.split(", ")) <= set(more.split(", "))


def test_what_is_stricter_than_the_matrix_is_so_somewhere(found: Found):
    """The list of exceptions holds none that is none."""
    for use in STRICTER:
        assert any(inside != expected(found, use, name) for name, inside in found.let_in[use].items()), use


def test_who_is_barred_or_gone_is_told_of_no_case_by_any_button(found: Found):
    """What they are let in with asks for a reason and tells nothing, or is about themselves (IG-22, IG-24)."""
    assert {use for use, by in found.let_in.items() if by["no longer active"] != NOBODY} == set()
    about_cases = {
        use
        for use, by in found.let_in.items()
        if use not in found.about_nothing and {by["barred from it"], by["of another area"]} != {NOBODY}
    }
    assert about_cases == EMPTY_FORMS


EMPTY_FORMS = {
    ("press", name)
    for name in (
        "meeting.cancel",
        "minutes.ask",
        "paper.take",
        "referral.challenge",
        "referral.inform",
    )
}
"""Opened for whoever presses: who may is asked when the form is sent."""


HEAD = """Who is let in through Teams' door, by what is asked there and by what the thing is to them.
Written by tests/governance/test_every_tie_in_teams.py; read every change of it beside access_matrix.txt.
Under each rule stands what is judged by it; where others are let in than the rule says, they stand below it, by tie.

"""


def told(found: Found) -> str:
    """It as text: by each rule what is judged by it, and in full only what differs from the rule."""
    groups: dict[str, list[Use]] = {}
    for use in found.let_in:
        groups.setdefault(heading(found, use), []).append(use)
    lines = []
    for head, uses in sorted(groups.items()):
        lines.append(head)
        for use in uses:
            lines.append(f"    {' '.join(use)}{', about no case' if use in found.about_nothing else ''}")
            shown = {
                name: inside
                for name, inside in found.let_in[use].items()
                if inside != expected(found, use, name)
            }
            lines += [f"        {name:<26}{inside}" for name, inside in shown.items()]
        lines.append("")
    return HEAD + "\n".join(lines)


def heading(found: Found, use: Use) -> str:
    """By what it is judged."""
    told = found.judged[use]
    if told.rule or use in WITHOUT_AUDIT:
        rules = " or ".join(each for each in (told.rule or WITHOUT_AUDIT[use], ALSO.get(use, "")) if each)
        return f"As access_matrix.txt says of {rules}"
    if told.let_in:
        return "Anybody who is in the register"
    return f"Nobody but whose it is, everybody else is told: {told.stopped}"


def test_who_is_let_in_by_which_tie_is_what_was_reviewed(found: Found):
    if os.environ.get("CONVENOR_ACCEPT"):
        GOLDEN.write_text(told(found), encoding="utf-8")
    assert told(found) == GOLDEN.read_text(encoding="utf-8")
