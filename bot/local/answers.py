"""What a person has filled in, as Slack's `state.values`, for every kind of input; and what Slack itself checks."""

import re
from collections.abc import Callable
from typing import Any

from bot.local.elements import choices
from bot.local.stage import elements

Json = dict[str, Any]

# Element type -> (the key its answer has, the element's initial value, what no answer looks like)
ANSWER: dict[str, tuple[str, str, Any]] = {
    "plain_text_input": ("value", "initial_value", None),
    "number_input": ("value", "initial_value", None),
    "email_text_input": ("value", "initial_value", None),
    "url_text_input": ("value", "initial_value", None),
    "rich_text_input": ("rich_text_value", "initial_value", None),
    "static_select": ("selected_option", "initial_option", None),
    "external_select": ("selected_option", "initial_option", None),
    "radio_buttons": ("selected_option", "initial_option", None),
    "checkboxes": ("selected_options", "initial_options", []),
    "multi_static_select": ("selected_options", "initial_options", []),
    "multi_external_select": ("selected_options", "initial_options", []),
    "users_select": ("selected_user", "initial_user", None),
    "multi_users_select": ("selected_users", "initial_users", []),
    "conversations_select": ("selected_conversation", "initial_conversation", None),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", []),
    "channels_select": ("selected_channel", "initial_channel", None),
    "multi_channels_select": ("selected_channels", "initial_channels", []),
    "datepicker": ("selected_date", "initial_date", None),
    "timepicker": ("selected_time", "initial_time", None),
    "datetimepicker": ("selected_date_time", "initial_date_time", None),
    "file_input": ("files", "", []),
}
REQUIRED = "Please complete this required field."


def state(blocks: list[Json], given: Json) -> Json:
    """`state.values` with an entry for every input shown: what was given, or the initial value, or nothing."""
    values: Json = {}
    for block, element in elements(blocks):
        if element["type"] in ANSWER:
            block_id, action_id = block["block_id"], element["action_id"]
            said = given.get(block_id, {}).get(action_id)
            values.setdefault(block_id, {})[action_id] = answer(element, said)
    return values


def answer(element: Json, said: Json | None) -> Json:
    """One entry of the state: `said` when it fits the element, its initial value when nothing was said."""
    kind = element["type"]
    key, initial, nothing = ANSWER[kind]
    if said is None or said.get("type", kind) != kind or key not in said:
        return {"type": kind, key: element.get(initial, nothing)}
    value = said[key]
    if key == "value" and value == "":
        value = None
    if kind in ("static_select", "radio_buttons"):
        value = _offered(element, value)
    elif kind in ("checkboxes", "multi_static_select"):
        value = [one for one in (_offered(element, each) for each in value or []) if one]
    return {"type": kind, key: nothing if value is None else value}


def _offered(element: Json, wanted: Json | None) -> Json | None:
    offered = {one["value"]: one for one in choices(element)}
    return offered.get(wanted.get("value", "")) if wanted else None


def given(entry: Json) -> Any:
    """The bare answer of one entry of the state."""
    return entry.get(ANSWER[entry["type"]][0])


def problems(blocks: list[Json], values: Json) -> dict[str, str]:
    """What Slack's own client refuses before the app is asked: one message for each block id."""
    found: dict[str, str] = {}
    for block, element in elements(blocks):
        if block["type"] != "input":
            continue
        value = given(values[block["block_id"]][element["action_id"]])
        if value is None or value == []:
            if not block.get("optional"):
                found[block["block_id"]] = REQUIRED
        elif told := CHECKS.get(element["type"], _fine)(element, value):
            found[block["block_id"]] = told
    return found


def _fine(element: Json, value: Any) -> str | None:
    return None


def _text(element: Json, value: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3_000)
    if len(value) < least:
        return f"This field must be at least {least} characters."
    return f"This field must be at most {most} characters." if len(value) > most else None


def _number(element: Json, value: str) -> str | None:
    decimal = element["is_decimal_allowed"]
    if not re.fullmatch(r"-?\d+(\.\d+)?" if decimal else r"-?\d+", value):
        return "Enter a number." if decimal else "Enter a whole number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Enter {element['min_value']} or more."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Enter {element['max_value']} or less."
    return None


def _email(element: Json, value: str) -> str | None:
    return None if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value) else "Enter a valid e-mail address."


def _url(element: Json, value: str) -> str | None:
    return None if re.fullmatch(r"https?://\S+", value) else "Enter a valid web address."


def _most(element: Json, value: list[Any]) -> str | None:
    most = element.get("max_selected_items", 100)
    return f"Choose at most {most}." if len(value) > most else None


CHECKS: dict[str, Callable[[Json, Any], str | None]] = {
    "plain_text_input": _text,
    "number_input": _number,
    "email_text_input": _email,
    "url_text_input": _url,
    "multi_static_select": _most,
    "multi_external_select": _most,
    "multi_users_select": _most,
}
