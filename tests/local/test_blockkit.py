"""The one validator of Slack payloads, against a table of good and bad ones (slack.md section 6)."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from bot.local.blockkit import faults

Json = dict[str, Any]


def plain(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def mrkdwn(words: str) -> Json:
    return {"type": "mrkdwn", "text": words}


def option(text: str = "Yes", value: str = "yes") -> Json:
    return {"text": plain(text), "value": value}


def options(count: int) -> list[Json]:
    return [option(f"Choice {n}", str(n)) for n in range(count)]


def button(**but: Any) -> Json:
    return {"type": "button", "text": plain("Review"), "action_id": "review", "value": "abc", **but}


def section(**but: Any) -> Json:
    return {"type": "section", "text": mrkdwn("A pointer, never a name"), **but}


def asks(element: Json, **but: Any) -> Json:
    return {"type": "input", "block_id": "why", "label": plain("Why"), "element": element, **but}


def writes(**but: Any) -> Json:
    return {"type": "plain_text_input", "action_id": "answer", **but}


def picks(**but: Any) -> Json:
    return {"type": "static_select", "action_id": "answer", "options": options(3), **but}


def message(*blocks: Json, **but: Any) -> Json:
    return {"text": "In words, for notifications", "blocks": list(blocks), **but}


def modal(*blocks: Json, **but: Any) -> Json:
    whole = {"type": "modal", "title": plain("Refer"), "submit": plain("Send"), "blocks": list(blocks), **but}
    return {key: value for key, value in whole.items() if value is not None}


def home(*blocks: Json, **but: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **but}


def table(rows: int, columns: int = 2) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * columns] * rows}


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


WORDS = {
    "type": "rich_text_section",
    "elements": [{"type": "text", "text": "hello", "style": {"bold": True}}],
}

GOOD = [
    message(),
    message(section(), {"type": "divider"}, {"type": "header", "text": plain("Today")}),
    message({"type": "actions", "elements": [button(), button(action_id="accept", style="primary")]}),
    message(section(accessory=button(confirm={
        "title": plain("Sure?"), "text": mrkdwn("*Really*"), "confirm": plain("Yes"), "deny": plain("No")}))),
    message({"type": "context", "elements": [mrkdwn("drill"), plain("invented")]}),
    message(rich(WORDS, {"type": "rich_text_list", "style": "bullet", "elements": [WORDS]})),
    message(table(100, 20)),
    message({"type": "markdown", "text": "# Minutes"}),
    message(section(), metadata={"event_type": "pointer", "event_payload": {"id": "abc"}}),
    message(*[section() for _ in range(50)]),
    modal(asks(writes(multiline=True, max_length=3_000)), private_metadata="{}", callback_id="refer"),
    modal(section(), submit=None),
    modal(asks({"type": "radio_buttons", "action_id": "a", "options": options(10)}), notify_on_close=True),
    modal(asks({"type": "number_input", "is_decimal_allowed": False, "min_value": "0", "max_value": "24"})),
    modal(asks({"type": "datepicker", "initial_date": "2026-04-07", "placeholder": plain("Day")})),
    modal(asks({"type": "timepicker", "initial_time": "09:30"})),
    modal(asks({"type": "datetimepicker", "initial_date_time": 1775000000})),
    modal(asks({"type": "rich_text_input", "initial_value": rich(WORDS)})),
    modal(asks({"type": "multi_users_select", "initial_users": ["U0A"], "max_selected_items": 3})),
    modal(asks(picks(initial_option=option("Choice 1", "1")), optional=True, dispatch_action=True)),
    modal(asks({**picks(), "options": None} and {
        "type": "static_select", "option_groups": [{"label": plain("Agency"), "options": options(2)}]})),
    modal({"type": "alert", "text": plain("In danger now? Ring 999."), "level": "error"}, submit=None),
    home(section(), *[{"type": "divider"} for _ in range(99)]),
    home({"type": "card", "title": plain("CV-7K4QMX"), "actions": [button()]}),
    home({"type": "carousel", "elements": [{"type": "card", "body": plain("one")}]}),
    home({"type": "container", "title": plain("Yours"), "child_blocks": [section()]}),
]  # fmt: skip

BAD = [
    ("message", {"blocks": [section()]}, "text"),
    ("message", message(text=""), "text"),
    ("message", message(text="x" * 40_001), "40000"),
    ("message", message(*[section() for _ in range(51)]), "51 blocks"),
    ("message", message(*[section(text=mrkdwn("x" * 2_500)) for _ in range(5)]), "12500 characters of text"),
    ("message", message(table(101)), "101 rows"),
    ("message", message(table(1, 21)), "21 columns"),
    ("message", message(table(1), table(1)), "more than one table"),
    ("message", message({"type": "data_table", "rows": table(102)["rows"]}), "102 rows"),
    ("message", message({"type": "alert", "text": plain("no")}), "not allowed in a message"),
    ("message", message({"type": "markdown", "text": "x" * 12_001}), "12001"),
    ("message", message({"type": "section"}), "needs text or fields"),
    ("message", message(section(text=mrkdwn("x" * 3_001))), "3001"),
    ("message", message(section(text=mrkdwn(""))), "0 characters"),
    ("message", message(section(fields=[plain("x")] * 11)), "11 fields"),
    ("message", message(section(fields=[plain("x" * 2_001)])), "2001"),
    ("message", message(section(colour="red")), "colour"),
    ("message", message(section(accessory=writes())), "not allowed here"),
    ("message", message({"type": "header", "text": plain("x" * 151)}), "151"),
    ("message", message({"type": "header", "text": mrkdwn("x")}), "plain_text"),
    ("message", message({"type": "context", "elements": [plain("x")] * 11}), "11 elements"),
    ("message", message({"type": "context", "elements": []}), "0 elements"),
    ("message", message({"type": "actions", "elements": [button()] * 26}), "26"),
    ("message", message({"type": "actions", "elements": [writes()]}), "plain_text_input is not allowed here"),
    ("message", message({"type": "actions", "elements": [button(), button()]}), "'review' is used twice"),
    ("message", message(section(block_id="a"), section(block_id="a")), "'a' is used twice"),
    ("message", message(section(block_id="a" * 256)), "256"),
    ("message", message(section(accessory=button(action_id="a" * 256))), "256"),
    ("message", message(section(accessory=button(text=plain("x" * 76)))), "76"),
    ("message", message(section(accessory=button(text=mrkdwn("x")))), "plain_text"),
    ("message", message(section(accessory=button(value="x" * 2_001))), "2001"),
    ("message", message(section(accessory=button(url="x" * 3_001))), "3001"),
    ("message", message(section(accessory=button(style="default"))), "primary"),
    ("message", message(section(accessory=button(confirm={
        "title": plain("x" * 101), "text": plain("x"), "confirm": plain("x"), "deny": plain("x")}))), "101"),
    ("message", message(section(accessory=button(confirm={
        "title": plain("x"), "text": plain("x" * 301), "confirm": plain("x"), "deny": plain("x")}))), "301"),
    ("message", message(section(accessory=button(confirm={
        "title": plain("x"), "text": plain("x"), "confirm": plain("x" * 31), "deny": plain("x")}))), "31"),
    ("message", message(section(accessory=button(confirm={
        "title": plain("x"), "text": plain("x"), "confirm": plain("x")}))), "deny: is required"),
    ("message", message(section(accessory={"type": "overflow", "options": options(6)})), "6 options"),
    ("message", message({"type": "image", "image_url": "http://x"}), "alt_text"),
    ("message", message({"type": "image", "alt_text": "x"}), "image_url or slack_file"),
    ("message", message({"type": "video"}), "not a block"),
    ("message", message("words"), "blocks[0]"),
    ("message", message(metadata={"event_type": "x"}), "event_payload"),
    ("modal", modal(asks(picks(options=options(101)))), "101 options"),
    ("modal", modal(asks(picks(options=[option("x" * 76)]))), "76"),
    ("modal", modal(asks(picks(options=[option(value="x" * 151)]))), "151"),
    ("modal", modal(asks(picks(options=[{**option(), "description": plain("x" * 76)}]))), "description"),
    ("modal", modal(asks(picks(initial_option=option("Other", "other")))), "not among the options"),
    ("modal", modal(asks(picks(option_groups=[]))), "either options or option_groups"),
    ("modal", modal(asks({"type": "checkboxes", "options": options(11)})), "11 options"),
    ("modal", modal(
        asks({"type": "checkboxes", "options": options(2), "initial_options": [option()]})), "among the options"),
    ("modal", modal(asks({"type": "radio_buttons", "options": options(11)})), "11 options"),
    ("modal", modal(asks({"type": "radio_buttons", "options": []})), "0 options"),
    ("modal", modal(asks({"type": "number_input"})), "is_decimal_allowed"),
    ("modal", modal(asks({"type": "datepicker", "initial_date": "7 April"})), "a date like"),
    ("modal", modal(asks({"type": "timepicker", "initial_time": "25:00"})), "a time like"),
    ("modal", modal(asks(writes(max_length=3_001))), "max_length"),
    ("modal", modal(asks(writes(max_length=5, initial_value="longer"))), "longer than max_length"),
    ("modal", modal(asks(writes(placeholder=plain("x" * 151)))), "151"),
    ("modal", modal(asks(writes(), label=plain("x" * 2_001))), "2001"),
    ("modal", modal(asks(writes(), hint=plain("x" * 2_001))), "2001"),
    ("modal", modal(asks(button())), "button is not allowed here"),
    ("modal", modal(asks(writes()), submit=None), "submit: is required"),
    ("modal", modal(asks(writes()), title=None), "title: is required"),
    ("modal", modal(section(), title=plain("Professionals' meeting referral")), "31 characters"),
    ("modal", modal(section(), submit=plain("x" * 25)), "25"),
    ("modal", modal(section(), close=plain("x" * 25)), "25"),
    ("modal", modal(section(), private_metadata="x" * 3_001), "3001"),
    ("modal", modal(section(), callback_id="x" * 256), "256"),
    ("modal", modal(section(), external_id="x" * 256), "256"),
    ("modal", modal(table(1)), "not allowed in a modal"),
    ("modal", modal({"type": "markdown", "text": "x"}), "not allowed in a modal"),
    ("modal", modal(
        asks(writes(focus_on_load=True)), asks(writes(focus_on_load=True), block_id="b")), "focus"),
    ("modal", modal(*[section() for _ in range(101)]), "101 blocks"),
    ("modal", modal(*[section(text=plain("é" * 2_900))] * 50), "bytes"),
    ("modal", modal({"type": "carousel", "elements": [{"type": "card", "title": plain("x")}]}), "carousel"),
    ("modal", home(section()), "type: must be modal"),
    ("home", home(section(), title=plain("x")), "title"),
    ("home", home({"type": "card", "title": plain("x" * 151)}), "151"),
    ("home", home({"type": "card", "body": plain("x" * 201)}), "201"),
    ("home", home({"type": "card", "title": plain("x"), "actions": [button()] * 4}), "4 buttons"),
    ("home", home({"type": "container", "title": plain("x"), "child_blocks": [section()] * 11}), "11"),
    ("home", home({"type": "carousel", "elements": [{"type": "card", "title": plain("x")}] * 11}), "11"),
]  # fmt: skip


def surface_of(payload: Json) -> Any:
    return payload.get("type", "message")


@pytest.mark.parametrize("payload", GOOD)
def test_what_slack_takes_is_not_refused(payload):
    assert faults(payload, surface_of(payload)) == []


@pytest.mark.parametrize(("surface", "payload", "told"), BAD)
def test_what_slack_refuses_is_named_with_its_place(surface, payload, told):
    found = faults(payload, surface)
    assert any(told in one for one in found), found


@pytest.mark.parametrize("payload", GOOD)
def test_the_good_payloads_are_known_to_the_sdk_as_well(payload):
    """The SDK drops unknown blocks silently: compare lengths (slack.md section 6)."""
    blocks = payload.get("blocks", [])
    assert len(Block.parse_all(copy.deepcopy(blocks))) == len(blocks)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["type", "text", "elements", "options", "rows", "accessory", "element", "label"]),
        inner | st.sampled_from(["section", "actions", "input", "table", "rich_text", "static_select"]),
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.lists(json_values, max_size=3), st.sampled_from(["message", "modal", "home"]))
def test_nonsense_is_judged_and_never_raises(blocks, surface):
    assert isinstance(faults({"text": "x", "type": surface, "blocks": blocks}, surface), list)
