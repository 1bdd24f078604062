"""Everything is pressed once more through Teams' own reception: nothing breaks, nothing secret leaves, nobody slips in.

What a verb does is the same on every platform; what is looked for here is what Teams' side makes of it on the way in
and on the way out.
"""

import asyncio
import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from full_world import AREA, NOW, WEEK, World
from leaving import marks_in
from pressing_in_teams import (
    Answered,
    PresserInTeams,
    actions,
    filled,
    opened,
    picked,
    press,
    spread,
    verb_of,
)
from sqlalchemy import Engine
from sqlmodel import select

from bot.domain.people import Person, Role
from bot.handlers.verbs.registry import registered
from bot.local.teams.cards import DIALOG_BYTES, faults
from bot.render import Render
from bot.storage.tables import ActionRow, AgencyRow, PersonRow
from bot.storage.transaction import Begin, Work

pytestmark = pytest.mark.long

Json = dict[str, Any]
GOLDEN = Path(__file__).with_name("through_teams_door.txt")


def test_nothing_that_can_be_pressed_is_unexpected(in_teams: PresserInTeams):
    """Each answer is what was asked for, or a refusal in words; never "something went wrong"."""
    assert in_teams.broken == []


NOT_REACHED = {
    (
        "press",
        "meeting.book_unlooked",
    ): "a time that is offered here is undone before it is pressed; Slack’s side does",
    ("press", "answer"): "no shipped form asks, on one page, a question that another one there hangs on",
    ("press", "meeting.picture_page"): "Teams opens a link without telling us; Slack tells",
    ("press", "paper.link"): "the same",
    ("press", "share.guide"): "the same",
    (
        "submission",
        "times.ask",
    ): "whom to ask is drawn up by a search, which is undone here before the next press",
}
"""What nothing of this world leads to in Teams, each with its reason."""


def test_every_verb_that_teams_has_is_reached(in_teams: PresserInTeams):
    kinds = ("press", "submission", "command", "shortcut", "message_shortcut")
    every = {(kind, name) for kind in kinds for name in registered().names(kind)}  # type: ignore[arg-type]
    assert every - in_teams.reached == set(NOT_REACHED)


def test_every_press_is_answered(in_teams: PresserInTeams):
    """Teams tells somebody that the app did not respond, where an invoke has no body."""
    silent = [each.trail for each in in_teams.answered if each.kind == "press" and not each.body]
    assert silent == []


def test_every_dialog_and_card_that_is_sent_is_one_that_teams_takes(in_teams: PresserInTeams):
    refused = {
        f"{each.trail}: {fault}"
        for each in in_teams.answered
        for card, most in cards_in(each)
        for fault in faults(card, most)
    }
    assert refused == set()


def test_nothing_but_a_dialog_holds_a_secret(in_teams: PresserInTeams):
    """Not a message, not the short text above a card, not the title of a dialog, not a line of the log."""
    leaks = []
    for each in in_teams.answered:
        outside = [*each.said, each.dialog["title"]] if each.dialog else [*each.said, each.body]
        leaks += [f"{each.trail}: {found}" for found in marks_in(json.dumps(outside, ensure_ascii=False))]
    logged = [found for record in in_teams.log.records for found in marks_in(str(vars(record)))]
    assert leaks + logged == []


def test_the_world_was_pressed_thoroughly(in_teams: PresserInTeams):
    """The test of the tests: many dialogs of many kinds came up, opened secrets among them."""
    opened = [each.dialog for each in in_teams.answered if each.dialog]
    assert len({each["title"] for each in opened}) > 25
    assert any(marks_in(json.dumps(each)) for each in opened)


def cards_in(each: Answered) -> list[tuple[Json, int]]:
    """Every card of an answer, with how many bytes it may have."""
    found = [(payload["card"], 25_000) for payload in each.said]
    if each.dialog:
        found.append((each.dialog["card"]["content"], DIALOG_BYTES))
    if isinstance(each.body.get("value"), dict):
        found.append((each.body["value"], 25_000))
    return found


HEAD = """Who is let in through Teams' door, by button: people of an agency that has nothing to do with the case.
Written by tests/governance/test_pressed_in_teams.py; read every change of it beside access_matrix.txt.

"""


@pytest.fixture(scope="module")
def let_in(full_engine: Engine, world: World, posted: list[tuple[str, Json]]) -> dict[str, dict[str, bool]]:
    """Each verb of a posted card, asked once by each kind of person: whether it was done or shown."""
    found: dict[str, dict[str, bool]] = {}
    presser = PresserInTeams(full_engine, world, Render(), None)
    with full_engine.connect() as db, presser.at_work(db):
        whole = db.begin()
        with presser.begin() as work:
            people = outsiders(work) | {
                "barred": replace(work.register.person("barred"), roles=frozenset(Role))
            }
        for name, action, card in spread(posted, 1):
            for who, person in [*people.items(), ("not registered", None)]:
                presser.me = person
                answered = asyncio.run(presser.ask(press(action, picked(card)), f"{name} by {who}"))
                verb = verb_of(action)
                found.setdefault(verb, {})[who] = not answered.refused
                if verb in EMPTY_FORMS and not answered.refused:
                    form = answered.dialog["card"]["content"]
                    sent = asyncio.run(presser.ask(press(form["actions"][0], filled(form), True), verb))
                    found.setdefault(f"{verb}, sent", {})[who] = not sent.refused
        whole.rollback()
    assert presser.broken == []
    return found


def outsiders(work: Work) -> dict[str, Person]:
    """One person for each role, of an agency of their own."""
    work.session.add(AgencyRow(id="far", area=AREA, slug="far", name="An agency far away", type="other"))
    work.session.flush()
    for role in Role:
        work.session.add(
            PersonRow(
                id=f"far-{role.value}",
                area=AREA,
                agency_id="far",
                name=f"Far {role.value}",
                email=f"far.{role.value}@elsewhere.example",
                roles=[role.value],
                pattern=WEEK,
                confidentiality_on=NOW.date(),
            )
        )
    work.session.flush()
    return {role.value: work.register.person(f"far-{role.value}") for role in Role}


def door(let_in: dict[str, dict[str, bool]]) -> str:
    """It as text: each button, and who got past the door with it."""
    lines = [
        f"{verb:<32}{', '.join(sorted(who for who, inside in by.items() if inside)) or 'nobody'}"
        for verb, by in sorted(let_in.items())
    ]
    return HEAD + "\n".join(lines) + "\n"


def test_who_is_let_in_is_what_was_reviewed(let_in: dict[str, dict[str, bool]]):
    """After a change run this file's test with CONVENOR_ACCEPT=1, and read the difference."""
    if os.environ.get("CONVENOR_ACCEPT"):
        GOLDEN.write_text(door(let_in), encoding="utf-8")
    assert door(let_in) == GOLDEN.read_text(encoding="utf-8")


EMPTY_FORMS = {"meeting.cancel"}
"""Opened for whoever presses: the form asks for a reason and tells nothing. Who may is asked when it is sent."""

NO_CASE = {
    "account.left",
    "account.let_in",
    "actions.own",
    "advice.list",
    "agencies.open",
    "board.open",
    "contact.own",
    "contact.right",
    "contact.settle",
    "draft.place",
    "leaver.open",
    "ledger.retry",
    "refer.begin",
    "register.open",
    "room.open",
}
"""About no case that is there yet, about the presser alone, or what each may open; the barred one holds every role."""


def test_nobody_who_is_barred_or_unknown_gets_past_the_door(let_in: dict[str, dict[str, bool]]):
    assert {verb for verb, by in let_in.items() if by.get("not registered")} == set()
    assert {verb for verb, by in let_in.items() if by["barred"]} == EMPTY_FORMS | NO_CASE


def test_fifty_actions_are_turned_page_by_page_and_none_is_cut_off(
    full_engine: Engine, full_store: Begin, world: World
):
    """With the longest names: every action is on a page, each page fits, and each leads on and back."""
    case = world.special["case_file"][0]
    with full_store() as work:
        me = work.register.person("rep0")
        refs = {row.ref for row in work.session.exec(select(ActionRow).where(ActionRow.case_id == case))}
    assert len(refs) > 50
    presser = PresserInTeams(full_engine, world, Render(), me)
    with full_engine.connect() as db, presser.at_work(db):
        page = first = open_list(presser, case)
        seen, pages = set(), [page]
        while True:
            seen |= refs_on(page)
            assert faults(page["card"]["content"], DIALOG_BYTES) == []
            onward = labelled(page, "Next page")
            if not onward:
                break
            page = turn(presser, page, onward[0])
            pages.append(page)
        assert seen == refs
        for before in reversed(pages[:-1]):
            page = turn(presser, page, labelled(page, "Page before")[0])
            assert refs_on(page) == refs_on(before)
        assert refs_on(page) == refs_on(first)


def open_list(presser: PresserInTeams, case: str) -> Json:
    data = {"convenor": {"verb": "action.list", "value": f"{case}.1"}}
    return shown(presser, press({"type": "Action.Submit", "data": data}, {}))


def turn(presser: PresserInTeams, page: Json, button: Json) -> Json:
    return shown(presser, press(button, opened(page["card"]["content"]), in_dialog=True))


def shown(presser: PresserInTeams, body: Json) -> Json:
    answered = asyncio.run(presser.ask(body, "the list of fifty"))
    assert answered.dialog is not None, answered.text
    return answered.dialog


def labelled(page: Json, title: str) -> list[Json]:
    return [each for each in actions(page["card"]["content"]) if each["title"].startswith(title)]


def refs_on(page: Json) -> set[str]:
    return set(re.findall(r"CV-\w{6}/\d+", json.dumps(page["card"]["content"]["body"][:-1])))
