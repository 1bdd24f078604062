"""Whatever can be sent, opened or pressed is drawn for Teams as well, and keeps the rules there (teams.md section 7).

A card lies in the chat for as long as its tenant keeps it, so it holds references alone; a dialog is kept nowhere, and
may show what somebody has been let in to see (teams.md section 8, item 8).
"""

import inspect
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from drawn_twice import DrawnTwice
from full_world import NOW, World
from leaving import OPAQUE, Everything, marks_in
from pressing import Presser

from bot.courier.teams import MOST_VIEWERS
from bot.handlers.teams.dialog import armed
from bot.handlers.teams.inputs import inputs_of
from bot.handlers.verbs.registry import registered
from bot.local.teams.cards import DIALOG_BYTES, faults
from bot.render import Render
from bot.storage.transaction import Begin
from bot.usecases.looks.actions import OF_ONES_OWN, action_list, own_list

Json = dict[str, Any]

MODULES = Path(__file__).resolve().parents[2] / "var/contract/node_modules"


@pytest.fixture(scope="module")
def drawn(left: Everything, pressed: Presser, render: DrawnTwice) -> list[tuple[str, Json]]:
    """Every card and dialog of the full world, by the name of its template."""
    return render.in_teams


@pytest.fixture(scope="module")
def cards(drawn: list[tuple[str, Json]]) -> list[tuple[str, Json]]:
    """What is posted: it has a text for the notification."""
    return [(name, each) for name, each in drawn if "text" in each]


@pytest.fixture(scope="module")
def dialogs(drawn: list[tuple[str, Json]]) -> list[tuple[str, Json]]:
    """What is opened: it has a title."""
    return [(name, each) for name, each in drawn if "title" in each]


@pytest.fixture(scope="module")
def lists_of_ones_own(full_store: Begin, world: World, left: Everything, render: DrawnTwice) -> list[Json]:
    """The action list of each kind of case as each of those sees it who have something to answer in it."""
    drawn = []
    with full_store() as work:
        for id in world.samples["case_file"]:
            for person in action_list(work, world.practice, id, NOW).viewers:
                view = own_list(work, world.practice, id, person, NOW)
                drawn.append(Render.shape(render, "teams", "action_list", view=view))
    assert len(drawn) > 10
    return drawn


def test_a_list_of_ones_own_keeps_the_same_rules(lists_of_ones_own: list[Json]):
    """With fifty actions, the longest names and all buttons, and with the sixty people who may see it so."""
    for each in lists_of_ones_own:
        card = {**each["card"], "refresh": {**each["refresh"], "userIds": ["29:" + "x" * 60] * MOST_VIEWERS}}
        assert faults(card) == []
        assert marks_in(json.dumps(each, ensure_ascii=False)) == []
    assert max(json.dumps(each).count('"action.done"') for each in lists_of_ones_own) == OF_ONES_OWN
    assert "had no room here" in json.dumps(lists_of_ones_own)


def test_every_template_is_drawn(drawn: list[tuple[str, Json]]):
    templates = {path.name.partition(".")[0] for path in Render().templates.glob("cards/*.j2")}
    parts = {
        "action_fields",
        "action_pieces",
        "board_pieces",
        "case_pieces",
        "indicator_pieces",
        "invitation_pieces",
        "involvement_pieces",
        "measure_pieces",
        "modal",
        "safe_pieces",
        "share_pieces",
    }
    in_slack_alone = {"notice_home"}
    for_somebody_else = {"bundle_allowed"}  # tests/usecases/test_audit_bundle.py draws it on both
    assert templates - {name for name, _ in drawn} == parts | in_slack_alone | for_somebody_else


def test_every_card_is_one_that_teams_takes(cards: list[tuple[str, Json]]):
    assert {f"{name}: {fault}" for name, each in cards for fault in faults(each["card"])} == set()


def test_every_dialog_is_one_that_teams_takes(dialogs: list[tuple[str, Json]]):
    """Ready to be shown: it carries itself, for there are no errors beside fields."""
    found = {
        f"{name}: {fault}"
        for name, each in dialogs
        for fault in faults(armed(each, "f" * 20)["card"], DIALOG_BYTES)
    }
    assert found == set()


def test_no_card_holds_a_secret(cards: list[tuple[str, Json]]):
    """Nor does what a notification says of it (IG-01)."""
    leaks = [
        f"{name}: {found}" for name, each in cards for found in marks_in(json.dumps(each, ensure_ascii=False))
    ]
    assert leaks == []


def test_the_title_of_a_dialog_and_what_it_carries_say_nothing_about_anybody(dialogs: list[tuple[str, Json]]):
    told = [(name, each[part]) for name, each in dialogs for part in ("title", "ids", "verb")]
    assert [each for each in told if marks_in(each[1])] == []


def test_what_a_button_carries_is_ids_only(drawn: list[tuple[str, Json]]):
    carried = {
        value
        for _, each in drawn
        for action in actions(each["card"])
        for value in action.get("data", {}).get("convenor", {}).values()
    }
    assert {value for value in carried if not OPAQUE.fullmatch(value)} == set()


def test_every_button_has_a_verb_that_is_known(drawn: list[tuple[str, Json]]):
    names = {name for kind in ("press", "submission", "command") for name in registered().names(kind)}  # type: ignore[arg-type]
    used = {
        action["data"]["convenor"]["verb"].partition(":")[0]
        for _, each in drawn
        for action in actions(each["card"])
        if "convenor" in action.get("data", {})
    }
    assert used - names == set()
    assert len(used) > 40


def test_what_is_carried_out_where_it_is_pressed_opens_nothing():
    """Teams cannot open a dialog from such a button, so a verb that opens one must not be among them."""
    pieces = (Render().templates / "teams" / "pieces.json.j2").read_text()
    at_once = set(re.findall(r'"([\w.]+)"', pieces.partition("{% set at_once = ")[2].partition("%}")[0]))
    presses = {verb.aim.name: verb.handler for verb in registered() if verb.aim.kind == "press"}
    assert at_once <= set(presses)
    for name in at_once:
        source = inspect.getsource(presses[name])
        assert not re.search(r"ask\.(open|push)\(|\bshow\(|\b_show\(|_turn\(|Push\(", source), name


def test_a_question_has_a_label(drawn: list[tuple[str, Json]]):
    """Who hears the form instead of seeing it."""
    assert {
        name for name, each in drawn for question in inputs_of(each["card"]) if not question.get("label")
    } == set()


JUDGE = """
const { AdaptiveCard, HostConfig, SerializationContext } = require("adaptivecards/dist/adaptivecards.js");
const faults = new Set();
for (const [name, card] of JSON.parse(require("fs").readFileSync(0, "utf8"))) {
    const context = new SerializationContext(), read = new AdaptiveCard();
    read.hostConfig = new HostConfig({ actions: { maxActions: 6 } });
    read.parse(card, context);
    for (let n = 0; n < context.eventCount; n++) faults.add(name + ": " + context.getEventAt(n).message);
    for (const each of read.validateProperties().validationEvents) faults.add(name + ": " + each.message);
    const asked = JSON.stringify(card).match(/"type":"Input[.]/g) || [];
    if (read.getAllInputs().length !== asked.length) faults.add(name + ": not every question was understood");
}
console.log(JSON.stringify([...faults]));
"""


@pytest.mark.skipif(
    shutil.which("node") is None or not (MODULES / "adaptivecards").is_dir(),
    reason="needs node and Microsoft's renderer: make contract",
)
def test_microsofts_own_renderer_understands_every_card_and_dialog(
    cards: list[tuple[str, Json]], dialogs: list[tuple[str, Json]]
):
    """A second opinion: what it does not know it says, and every question of ours is one of its own."""
    asked = [(name, each["card"]) for name, each in cards]
    asked += [(name, armed(each, "f" * 20)["card"]) for name, each in dialogs]
    judged = subprocess.run(
        ["node", "-e", JUDGE],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "NODE_PATH": str(MODULES)},
    )
    assert json.loads(judged.stdout) == []


def actions(card: Json) -> Iterator[Json]:
    """Every action, wherever it stands."""
    if isinstance(card, dict):
        for key, value in card.items():
            if key == "actions":
                yield from value
            yield from actions(value)
    elif isinstance(card, list):
        for each in card:
            yield from actions(each)
