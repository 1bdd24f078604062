"""A dialog's way to a person and back: what it carries, what is read from it, what is said where it needs mending."""

import json
from base64 import b64encode
from zlib import compress

import pytest

from bot.handlers.teams.activity import Activity
from bot.handlers.teams.dialog import CARRIED, again, armed, carried_by, filled, mended, words_of
from bot.handlers.teams.inputs import answers_in, inputs_of
from bot.handlers.teams.plain import text_of
from bot.handlers.teams.reading import aim_of, read
from bot.render import Render

ANSWER = {"label": "Which?", "type": "Input.ChoiceSet", "choices": [{"title": "A", "value": "a"}]}
VIEW = {
    "title": "A form",
    "verb": "a.form",
    "ids": '{"case":"c1"}',
    "card": {
        "type": "AdaptiveCard",
        "version": "1.5",
        "body": [
            {"type": "Input.Text", "id": "why", "label": "Why?"},
            {
                "type": "Input.ChoiceSet",
                "id": "why[unknown]",
                "label": "Or",
                "choices": [{"value": "unknown"}],
            },
            {"type": "Container", "items": [{"id": "which", **ANSWER}]},
            {
                "type": "ActionSet",
                "actions": [{"type": "Action.Execute", "verb": "b", "data": {"convenor": {"verb": "b"}}}],
            },
        ],
        "actions": [
            {"type": "Action.Submit", "data": {"convenor": {"kind": "submission", "verb": "a.form"}}}
        ],
    },
}


def sent(view, form="f1", **typed):
    """What comes back when the dialog's own button is pressed."""
    shown = armed(view, form)
    values = {each["id"]: each.get("value", "") for each in inputs_of(shown["card"])}
    return {**values, **typed, **shown["card"]["actions"][0]["data"]}


def activity(**but):
    of = {"id": "1", "kind": "invoke", "name": "task/submit", "tenant": "t", "sender": "29:x", "person": "p",
          "conversation": "c", "where": "personal", "team": "", "channel": "", "bot": "28:b", "service_url": "",
          "said": "", "value": {}, "on": "", "whole": {}}  # fmt: skip
    return Activity(**{**of, **but})


def asked(data, **but):
    one = activity(value={"data": data}, **but)
    return read(one, aim_of(one), bot=None)


def test_it_comes_back_with_what_was_typed_and_with_the_ids_it_was_given():
    ask = asked(sent(VIEW, why=" Because ", which="a"))
    assert (ask.kind, ask.name, ask.ids, ask.in_modal) == ("submission", "a.form", {"case": "c1"}, True)
    assert ask.answers == {"why": "Because", "which": "a"}
    assert ask.asked == {"why", "which"}


def test_a_question_that_teams_leaves_out_is_a_blank():
    data = sent(VIEW)
    del data["which"]
    assert asked(data).answers == {"why": None, "which": None}


def test_what_is_typed_is_worth_more_than_a_tick_for_unknown():
    assert answers_in({"why": "", "why[unknown]": "unknown"}) == {"why": "unknown"}
    assert answers_in({"why": "Because", "why[unknown]": "unknown"}) == {"why": "Because"}
    assert answers_in({"why[unknown]": "unknown", "why": "Because"}) == {"why": "Because"}
    assert answers_in({"all[]": "a,b", "none[]": "", "sure[yes]": "yes", "not[yes]": ""}) == {
        "all": ["a", "b"],
        "none": None,
        "sure": "yes",
        "not": None,
    }


def test_sent_twice_it_has_one_key_and_shown_again_another():
    first, twice = asked(sent(VIEW), id="1"), asked(sent(VIEW), id="2")
    assert first.key == twice.key
    assert asked(sent(VIEW, form="f2")).key != first.key


def test_a_press_has_the_key_of_its_activity_and_room():
    press = {"convenor": {"verb": "action.accept", "value": "a1.3"}}
    one, other = asked(press, name="task/fetch", id="1"), asked(press, name="task/fetch", id="2")
    assert one.key != other.key
    assert (one.kind, one.value, one.in_modal) == ("press", "a1.3", False)


def test_each_button_of_it_is_one_that_a_dialog_can_have():
    shown = armed(VIEW, "f1")
    assert [each["type"] for each in shown["card"]["body"][3]["actions"]] == ["Action.Submit"]
    assert VIEW["card"]["body"][3]["actions"][0]["type"] == "Action.Execute"  # the view is left as it was


def test_a_problem_stands_under_its_question_and_not_under_the_tick_that_belongs_to_it():
    card = mended(VIEW, {"why": "Say why.", "which": "Choose one.", "elsewhere": "And this."})["card"]
    said = words_of(card)
    assert said.index("And this.") < said.index("2 answers need mending.") < said.index("To mend: Say why.")
    kinds = [each.get("id") or each["inlines"][0]["text"] for each in card["body"][2:5]]
    assert kinds == ["why", "To mend: Say why.", "why[unknown]"]
    assert card["body"][5]["items"][1]["inlines"][0]["text"] == "To mend: Choose one."


def test_what_was_typed_stands_in_it_and_what_can_no_longer_be_chosen_does_not():
    shown = filled(VIEW, {"why": "Because", "which": "gone"})
    assert [each.get("value") for each in inputs_of(shown["card"])] == ["Because", None, ""]


def test_mended_many_times_it_does_not_grow():
    view = VIEW
    for _ in range(20):
        before = filled(view, {"why": "x"})
        shown = armed(mended(before, {"why": "Say more."}), "f", before)
        view = again(carried_by({each["id"]: each.get("value") for each in inputs_of(shown["card"])}))
    assert words_of(view["card"]) == ""
    assert len(json.dumps(shown)) < 3_000


@pytest.mark.parametrize(
    "carried",
    ["", "no JSON", "[]", '{"again": "no base64!"}', json.dumps({"again": b64encode(b"not packed").decode()}),
     json.dumps({"again": b64encode(compress(b"[1]")).decode()}),
     json.dumps({"again": b64encode(compress(b"x" * 3_000_000)).decode()})],
)  # fmt: skip
def test_what_was_tampered_with_is_no_dialog(carried):
    assert again(carried_by({CARRIED: carried})) is None


@pytest.mark.parametrize(
    ("said", "kind", "name", "value"),
    [
        ("refer", "command", "/refer", ""),
        ("Refer marm", "command", "/refer", "marm"),
        ("/cannot Tue 3 March 10:00-12:00", "command", "/cannot", "Tue 3 March 10:00-12:00"),
        ("help", "command", "/convenor", ""),
        ("home", "event", "app_home_opened", "home"),
        ("I refer to what was said", "event", "message.im", "I refer to what was said"),
        ("", "event", "message.im", ""),
    ],
)
def test_what_may_be_written_is_what_may_be_typed_in_slack(said, kind, name, value):
    one = activity(kind="message", name="", said=said)
    ask = read(one, aim_of(one), bot=None)
    assert (ask.kind, ask.name, ask.value, ask.way) == (kind, name, value, "message")


def test_a_message_that_somebody_chose_is_its_text():
    payload = {"body": {"contentType": "html", "content": "<p>She fell &amp; lay</p><p>for <b>hours</b></p>"}}
    one = activity(
        name="composeExtension/fetchTask", value={"commandId": "refer-this", "messagePayload": payload}
    )
    ask = read(one, aim_of(one), bot=None)
    assert (ask.kind, ask.value) == ("message_shortcut", "She fell & lay\nfor hours")
    assert text_of("<script>x</script>1 &lt; 2<br>3") == "x1 < 2\n3"


def test_what_people_write_is_shown_as_it_was_written():
    """Stars, brackets and backslashes are no mark-up in a run; what we keep our marks between cannot be typed."""
    render = Render()
    words = type(
        "W", (), {"headline": "A *star* [x](http://x)", "paragraphs": ["**a** \\ue000b\\ue001 <at>c</at>"]}
    )
    card = render.shape("teams", "message", words=words)["card"]
    assert card["body"][0]["type"] == "RichTextBlock"
    assert words_of(card) == "A *star* [x](http://x)\n\n**a** \\ue000b\\ue001 <at>c</at>"
    typed = type("W", (), {"headline": "Plain", "paragraphs": ["\ue000not ours\ue001"]})
    card = render.shape("teams", "message", words=typed)["card"]
    assert card["body"][0] == {"type": "TextBlock", "style": "heading", "size": "Large", "weight": "Bolder",
                               "wrap": True, "text": "Plain"}  # fmt: skip
    assert [run for run in card["body"][1]["inlines"] if run.get("weight")] == []
