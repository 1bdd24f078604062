"""Every button, command and form is used by somebody who may do everything; what is shown is judged.

Opened windows may hold what was told in confidence, for whoever opens one has been let in and is on the record
(IG-05); what travels unseen with them may not, and every private note in a channel may not (IG-01).
"""

import json

from full_world import HERS, HIS
from leaving import OPAQUE, carried, marks_in
from pressing import Presser, Shown

from bot.handlers.verbs.registry import registered
from bot.local.blockkit import faults

NOT_REACHED = {
    ("options", "action.taker"): "only a register of more than a hundred people is searched by typing",
    ("options", "answer"): "the same",
    ("options", "subject.person"): "the same",
    ("press", "action.mine"): "Slack has no views of one's own; tests/stories presses it in Teams",
    ("press", "answer"): "no shipped form asks, on one page, a question that another one there hangs on",
    ("press", "meeting.picture_page"): "the button is a link, which the browser opens",
    ("press", "paper.link"): "the same; tests/stories presses it",
    ("press", "share.guide"): "the same",
}
"""What nothing in this world can lead to; tests/handlers/slack presses these by hand."""


NOT_RECORDED = {
    "refer.page": "the form that somebody is filling in shows them what they have just written themselves",
    "agency.card": "the canary among the names on it is a colleague, in the register that everybody there may read",
    "contact.mend": "the same, offered for a deputy",
    "leaver.hand_over": "the same, offered to take things over",
    "leave.set": "the register is offered for a deputy, and the canary among its names is a colleague there",
    "learning.begin": "the same, for whoever sees to the change",
}
"""Windows that show a canary without an event of the audit, each with its reason."""


def test_nothing_that_can_be_pressed_is_unexpected(pressed: Presser):
    """Each answer is what was asked for, or a refusal in words; never "something went wrong"."""
    assert pressed.broken == []


def test_every_handler_is_reached_from_what_people_see(pressed: Presser):
    """A verb that no button, command or form leads to is dead, or its button was forgotten."""
    every = {(verb.aim.kind, verb.aim.name) for verb in registered()}
    assert every - pressed.answered == set(NOT_REACHED)


def test_every_window_and_note_keeps_slacks_limits(pressed: Presser):
    """With the longest names, the longest stories and fifty actions (slack.md section 6)."""
    refused = {
        f"{each.way} {each.payload.get('callback_id', '')}: {fault} (after {each.trail})"
        for each in pressed.shown
        if each.way != "errors"
        for fault in faults(each.payload, each.way)  # type: ignore[arg-type]
    }
    assert refused == set()


def test_nothing_a_person_wrote_can_page_a_channel(pressed: Presser):
    """Slack's own marks in an answer come out as they were typed (slack.md section 4)."""
    paging = [
        str(each)
        for each in pressed.shown
        if "<!here" in json.dumps(_marked(each.payload), ensure_ascii=False)
    ]
    assert paging == []


def test_what_travels_unseen_with_a_window_is_ids_only(pressed: Presser):
    """`private_metadata`, callbacks, block ids and button values go through Slack's servers and back."""
    hidden = [
        f"{each}: {key} {value!r}"
        for each in pressed.shown
        for key, value in carried(each.payload)
        if not OPAQUE.fullmatch(value)
    ]
    hidden += [
        f"{each}: {found}"
        for each in pressed.shown
        for found in marks_in(str(each.payload.get("private_metadata", "")))
    ]
    assert hidden == []


def test_every_opening_of_a_secret_is_on_the_record(pressed: Presser):
    """IG-05, IG-29: who was shown what was told in confidence is an event of the audit, each time it is shown."""
    unrecorded = {
        str(each.payload.get("callback_id"))
        for each in pressed.shown
        if each.way == "modal" and _tells(each) and not each.recorded
    }
    assert unrecorded == set(NOT_RECORDED)


def test_the_title_of_a_window_says_nothing_about_anybody(pressed: Presser):
    """It shows in a screen that is shared, and in the telephone's list of windows."""
    titles = [json.dumps(each.payload.get("title", "")) for each in pressed.shown]
    assert [title for title in titles if marks_in(title)] == []


def test_the_address_of_a_victim_and_of_a_perpetrator_are_never_in_one_view(pressed: Presser):
    """IG-21: in every window, note and page. Whoever gives a reason sees both; nobody here asks for both."""
    hers, his = ("qanaryaddress", HERS), ("qanaryharmeraddress", HIS)
    seen: dict[bool, set[str]] = {True: set(), False: set()}
    for each in pressed.shown:
        told = json.dumps(each.payload, ensure_ascii=False).lower()
        sides = [any(word in told for word in side) for side in (hers, his)]
        if any(sides):
            seen[all(sides)].add(str(each.payload.get("callback_id", each.way)))
    assert seen[True] == set()
    assert seen[False] >= {"addresses"}  # each of them was found alone as well


def test_a_private_note_in_a_channel_holds_no_secret(pressed: Presser):
    """An ephemeral message is a message: it lies in the app's cache, and on a telephone's screen (IG-01)."""
    leaks = [
        f"{each}: {found}"
        for each in pressed.shown
        if each.way in ("message", "home", "errors")
        for found in marks_in(json.dumps(each.payload, ensure_ascii=False))
    ]
    assert leaks == []


def test_a_problem_stands_beside_a_question_that_is_there(pressed: Presser):
    """Slack shows nothing at all when it is told of a block that the form does not have."""
    assert [str(each) for each in pressed.shown if each.way == "errors" and each.payload["lost"]] == []


def _marked(node: object) -> list[str]:
    """Every text that Slack reads as mark-up."""
    if isinstance(node, dict):
        here = [str(node["text"])] if node.get("type") == "mrkdwn" else []
        return here + [text for value in node.values() for text in _marked(value)]
    return [text for each in node for text in _marked(each)] if isinstance(node, list) else []


def test_the_world_was_pressed_thoroughly(pressed: Presser):
    """The test of the tests: many windows of many kinds came up, opened secrets among them."""
    windows = [each for each in pressed.shown if each.way == "modal"]
    assert len({each.payload["callback_id"] for each in windows if each.payload.get("callback_id")}) > 25
    assert any(_tells(each) for each in windows)


def _tells(each: Shown) -> bool:
    return bool(marks_in(json.dumps(each.payload)))
