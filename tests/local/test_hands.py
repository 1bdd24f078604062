"""Hands and eyes of a person: buttons by their words, inputs by their labels, errors that say what is there."""

from datetime import UTC, date, datetime, time

import pytest
from stand_in_town import ScriptedBot

from bot.local.filling import NotOnScreen
from bot.local.hands import Hands
from bot.local.refusals import CannotDo


def plain(words):
    return {"type": "plain_text", "text": words}


def mrkdwn(words):
    return {"type": "mrkdwn", "text": words}


def options(*words):
    return [{"text": plain(one), "value": one.lower()} for one in words]


def asks(block_id, label, **element):
    element = {"action_id": f"{block_id}-answer", **element}
    more = {key: element.pop(key) for key in ("optional", "dispatch_action") if key in element}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **more}


def button(label, action_id, value="x"):
    return {"type": "button", "text": plain(label), "action_id": action_id, "value": value}


@pytest.fixture
def bot(world):
    world.delivery.line = ScriptedBot()
    return world.delivery.line


@pytest.fixture
def tom(world):
    return Hands(world, "U0TOM")


def opens(world, *blocks, **but):
    trigger = world.stage.mint("U0TOM")
    view = {"type": "modal", "callback_id": "refer", "title": plain("Refer"), "submit": plain("Send")}
    return world.stage.open(trigger, {**view, "blocks": list(blocks), **but})


EVERY_INPUT = [
    (asks("a", "Name", type="plain_text_input"), "words", {"value": "words"}),
    (asks("a", "Score", type="number_input", is_decimal_allowed=False), 17, {"value": "17"}),
    (asks("a", "E-mail", type="email_text_input"), "a@b.example", {"value": "a@b.example"}),
    (asks("a", "Link", type="url_text_input"), "https://x.example", {"value": "https://x.example"}),
    (asks("a", "When", type="datepicker"), date(2026, 4, 7), {"selected_date": "2026-04-07"}),
    (asks("a", "At", type="timepicker"), time(9, 30), {"selected_time": "09:30"}),
    (
        asks("a", "Exactly", type="datetimepicker"),
        datetime(2026, 4, 7, tzinfo=UTC),
        {"selected_date_time": 1775520000},
    ),
    (asks("a", "Safe?", type="radio_buttons", options=options("Yes", "No")), "No",
     {"selected_option": options("No")[0]}),
    (asks("a", "Signs", type="checkboxes", options=options("Fire", "Falls", "Food")), ["Fire", "Food"],
     {"selected_options": options("Fire", "Food")}),
    (asks("a", "Agency", type="static_select", options=options("Police", "Fire")), "fire",
     {"selected_option": options("Fire")[0]}),
    (asks("a", "Agency", type="static_select", option_groups=[{"label": plain("All"), "options": options("Police")}]),
     "Police", {"selected_option": options("Police")[0]}),
    (asks("a", "Agencies", type="multi_static_select", options=options("Police", "Fire")), "Fire",
     {"selected_options": options("Fire")}),
    (asks("a", "Owner", type="users_select"), "Priya Nadar", {"selected_user": "U0PRIYA"}),
    (asks("a", "Owners", type="multi_users_select"), ["U0TOM", "Priya Nadar"],
     {"selected_users": ["U0TOM", "U0PRIYA"]}),
    (asks("a", "Room", type="conversations_select"), "#panel", {"selected_conversation": "C0PANEL"}),
    (asks("a", "Rooms", type="multi_channels_select"), ["panel"], {"selected_channels": ["C0PANEL"]}),
    (asks("a", "Room", type="channels_select"), "panel", {"selected_channel": "C0PANEL"}),
    (asks("a", "Story", type="rich_text_input"), "one", {"rich_text_value": {"type": "rich_text", "elements": [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}]}}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("block", "wanted", "answer"),
    EVERY_INPUT,
)
async def test_every_kind_of_input_is_filled_by_its_label(world, bot, tom, block, wanted, answer):
    """`view.state.values` for every input kind, nothing asked twice (slack.md section 8)."""
    opens(world, block)
    assert await tom.submit_and_be_told() == {block["label"]["text"]: "Please complete this required field."}
    assert bot.got == []
    await tom.fill(block["label"]["text"], wanted)
    await tom.submit()
    assert bot.last["view"]["state"]["values"]["a"]["a-answer"] == {
        "type": block["element"]["type"],
        **answer,
    }
    assert not tom.modal_open


@pytest.mark.parametrize(
    ("element", "wanted", "told"),
    [
        ({"type": "number_input", "is_decimal_allowed": False, "max_value": "24"}, 25, "Enter 24 or less."),
        ({"type": "number_input", "is_decimal_allowed": False, "min_value": "0"}, -1, "Enter 0 or more."),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "Enter a whole number."),
        ({"type": "number_input", "is_decimal_allowed": True}, "many", "Enter a number."),
        ({"type": "email_text_input"}, "nobody", "Enter a valid e-mail address."),
        ({"type": "url_text_input"}, "nowhere", "Enter a valid web address."),
        ({"type": "plain_text_input", "max_length": 3}, "four", "This field must be at most 3 characters."),
        ({"type": "plain_text_input", "min_length": 5}, "four", "This field must be at least 5 characters."),
        (
            {"type": "multi_static_select", "options": options("A", "B"), "max_selected_items": 1},
            ["A", "B"],
            "Choose at most 1.",
        ),
    ],
)
async def test_slack_itself_refuses_what_cannot_be_right(world, bot, tom, element, wanted, told):
    opens(world, asks("a", "Answer", **element))
    await tom.fill(a=wanted)
    assert await tom.submit_and_be_told() == {"Answer": told}


async def test_an_initial_value_counts_and_an_optional_question_may_stay_empty(world, bot, tom):
    opens(
        world,
        asks("a", "Kept", type="plain_text_input", initial_value="as it was"),
        asks("b", "Maybe", type="datepicker", optional=True),
    )
    assert tom.filled_in("Kept") == "as it was"
    await tom.submit()
    values = bot.last["view"]["state"]["values"]
    assert values["a"]["a-answer"]["value"] == "as it was"
    assert values["b"]["b-answer"]["selected_date"] is None


async def test_a_question_that_dispatches_tells_the_bot_at_once_and_keeps_the_rest(world, bot, tom):
    view = opens(
        world,
        asks("a", "Story", type="plain_text_input"),
        asks("b", "Danger?", type="radio_buttons", options=options("Yes", "No"), dispatch_action=True),
    )
    await tom.fill("Story", "so far")
    await tom.fill("Danger?", "Yes")
    assert bot.last["type"] == "block_actions"
    assert bot.last["actions"][0]["selected_option"]["value"] == "yes"
    assert bot.last["view"]["state"]["values"]["a"]["a-answer"]["value"] == "so far"
    changed = {key: view[key] for key in ("type", "title", "submit", "callback_id", "blocks")}
    world.stage.update(changed, view_id=view["id"], hash_=view["hash"])
    assert tom.filled_in("Story") == "so far"


async def test_errors_of_the_bot_are_read_by_label(world, bot, tom):
    opens(world, asks("a", "Why", type="plain_text_input"))
    await tom.fill("Why", "short")
    bot.answers = [{"response_action": "errors", "errors": {"a": "Say more"}}] * 2
    assert await tom.submit_and_be_told() == {"Why": "Say more"}
    with pytest.raises(NotOnScreen, match="Why: Say more"):
        await tom.submit()
    bot.answers = [{"response_action": "errors", "errors": {"elsewhere": "Say more"}}]
    with pytest.raises(CannotDo, match="not in this form"):
        await tom.submit()


async def test_a_button_is_found_beside_the_words_it_belongs_to(world, bot, tom):
    said = world.talk.say("C0PANEL", "U0BOT", "Actions", blocks=[
        {"type": "section", "block_id": "1", "text": mrkdwn("*CV-7K4QMX/1* alarm"),
         "accessory": button("Done", "done", "one")},
        {"type": "section", "block_id": "2", "text": mrkdwn("*CV-7K4QMX/2* survey")},
        {"type": "actions", "block_id": "3", "elements": [button("Done", "done", "two"), {
            "type": "overflow", "action_id": "more", "options": options("Pass on", "Cannot do")}]},
    ])  # fmt: skip
    await tom.press("Done", near="/2")
    assert (bot.last["actions"][0]["value"], bot.last["message"]["ts"]) == ("two", said.ts)
    await tom.press("Done", where="#panel", near="CV-7K4QMX/1 alarm")
    assert bot.last["actions"][0]["value"] == "one"
    await tom.press("Cannot do")
    assert bot.last["actions"][0]["selected_option"]["value"] == "cannot do"
    with pytest.raises(NotOnScreen, match=r"there 2 times; say near="):
        await tom.press("Done")
    with pytest.raises(NotOnScreen, match=r"(?s)finds no 'Accept'.*\[Done\], \[Pass on\]"):
        await tom.press("Accept")
    assert "CV-7K4QMX/1 alarm" in tom.last("panel")


async def test_an_open_form_hides_what_is_behind_it(world, bot, tom):
    blocks = [{"type": "actions", "block_id": "b", "elements": [button("Review", "review")]}]
    world.talk.say("C0TRIAGE", "U0BOT", "A card", blocks=blocks)
    opens(world, {"type": "section", "text": mrkdwn("Sure?")}, submit=plain("Yes"))
    with pytest.raises(NotOnScreen, match="Sure"):
        await tom.press("Review")
    await tom.close()
    await tom.press("Review")
    assert bot.last["channel"]["name"] == "triage"


async def test_a_whisper_is_seen_by_one_person_only(world, bot, tom):
    world.whisper("U0TOM", "C0PANEL", "Only you", [])
    assert await tom.sees("Only you", where="panel")
    priya = Hands(world, "U0PRIYA")
    with pytest.raises(NotOnScreen, match="in vain"):
        await priya.sees("Only you", within=0)


async def test_words_are_read_as_they_show(world, tom):
    world.talk.say(
        "C0PANEL", "U0BOT", "*Due* <!date^1775520000^{date_short}|7 April> for <@U0TOM> &amp; <https://x.example|all>"
    )  # fmt: skip
    assert tom.last("panel").text == "Due 7 April for @Tom Askew & all"


async def test_home_is_opened_and_pressed(world, bot, tom):
    world.stage.publish("U0TOM", {"type": "home", "blocks": [
        {"type": "section", "text": mrkdwn("Yours")},
        {"type": "actions", "elements": [{"type": "static_select", "action_id": "pick", "placeholder": plain("Agency"),
                                          "options": options("Fire")}]}]})  # fmt: skip
    assert "Yours" in await tom.open_home()
    await tom.choose("Agency", "Fire", where="home")
    assert bot.last["view"]["type"] == "home"
    assert bot.last["actions"][0]["selected_option"]["value"] == "fire"


async def test_an_external_choice_is_typed_and_taken_from_what_the_bot_offers(world, bot, tom):
    opens(world, asks("a", "Owner", type="external_select"))
    bot.answers = [{"options": options("Ada, housing")}, None]
    await tom.fill("Owner", "Ada")
    assert bot.last["type"] == "block_suggestion"
    await tom.submit()
    chosen = bot.last["view"]["state"]["values"]["a"]["a-answer"]["selected_option"]
    assert chosen["value"] == "ada, housing"


async def test_an_unknown_command_and_a_strange_room_are_refused_in_words(world, bot, tom):
    with pytest.raises(CannotDo, match="/nothing is not a command"):
        await tom.command("/nothing here")
    with pytest.raises(NotOnScreen, match="rooms: triage, panel"):
        await tom.say("hello", where="board")
    with pytest.raises(CannotDo, match="not in that conversation"):
        await Hands(world, "U0PRIYA").gestures.say("U0PRIYA", "C0TRIAGE", "hello")
    await tom.command("/refer marm", where="panel")
    assert (bot.last["command"], bot.last["text"], bot.last["channel_name"]) == ("/refer", "marm", "panel")
    await tom.shortcut("Raise a concern")
    assert bot.last["callback_id"] == "refer"
    with pytest.raises(NotOnScreen, match="no shortcut"):
        await tom.shortcut("Fly")
