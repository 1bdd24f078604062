"""The table of Block Kit elements: what each may hold, in which block it may stand (slack.md section 6)."""

from collections.abc import Mapping
from typing import Any

from bot.local.shapes import (
    Json,
    Judge,
    Look,
    anything,
    flag,
    kinds,
    listed,
    matching,
    one_of,
    string,
    text,
    thing,
    whole,
)

PLAIN = "plain_text"
ID = string(255)

confirm = thing(
    needs={"title": text(100, PLAIN), "text": text(300), "confirm": text(30, PLAIN), "deny": text(30, PLAIN)},
    may={"style": one_of("primary", "danger")},
)
dispatching = thing(
    may={"trigger_actions_on": listed(one_of("on_enter_pressed", "on_character_entered"), 1, 2, "triggers")},
)


def option(*kinds: str, url: bool = False) -> Judge:
    """One choice: text 75, value 150, description 75."""
    may: dict[str, Judge] = {"description": text(75, *kinds)}
    if url:
        may["url"] = string(3_000)
    return thing(needs={"text": text(75, *kinds), "value": string(150)}, may=may)


def choices(element: Mapping[str, Any]) -> list[Json]:
    """Every option that an element offers, groups flattened."""
    groups = element.get("option_groups")
    lists = [group.get("options") for group in groups if isinstance(group, dict)] if groups else []
    lists.append(element.get("options"))
    return [one for some in lists if isinstance(some, list) for one in some if isinstance(one, dict)]


def _plainly(one: Any) -> Any:
    if not isinstance(one, dict):
        return one
    return {key: _plainly(value) for key, value in one.items() if key not in ("emoji", "verbatim")}


def _initial_is_offered(look: Look, path: str, element: Json) -> None:
    offered = [_plainly(one) for one in choices(element)]
    initial = element.get(
        "initial_options", [element["initial_option"]] if "initial_option" in element else []
    )
    for one in initial if isinstance(initial, list) else [initial]:
        if _plainly(one) not in offered:
            look.fault(path, "the initial option is not among the options")


def _one_source(look: Look, path: str, element: Json) -> None:
    if ("options" in element) == ("option_groups" in element):
        look.fault(path, "needs either options or option_groups")


def _lengths_agree(look: Look, path: str, element: Json) -> None:
    least, most = element.get("min_length", 0), element.get("max_length", 3_000)
    if isinstance(least, int) and isinstance(most, int):
        if least > most:
            look.fault(path, "min_length is above max_length")
        if len(element.get("initial_value") or "") > most:
            look.fault(path, "the initial value is longer than max_length")


COMMON: dict[str, Judge] = {"action_id": ID, "confirm": confirm, "focus_on_load": flag}
TYPED: dict[str, Judge] = {
    "action_id": ID,
    "focus_on_load": flag,
    "placeholder": text(150, PLAIN),
    "dispatch_action_config": dispatching,
}
SELECT: dict[str, Judge] = {**COMMON, "placeholder": text(150, PLAIN)}
MANY: dict[str, Judge] = {**SELECT, "max_selected_items": whole(1, 100)}
GROUP = thing(needs={"label": text(75, PLAIN), "options": listed(option(PLAIN), 1, 100, "options")})
OPTIONS: dict[str, Judge] = {
    "options": listed(option(PLAIN), 1, 100, "options"),
    "option_groups": listed(GROUP, 1, 100, "option groups"),
}
FILTER = thing(
    may={
        "include": listed(one_of("im", "mpim", "private", "public"), 1, 4, "kinds"),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    }
)
TALKS: dict[str, Judge] = {"default_to_current_conversation": flag, "filter": FILTER}
ANSWERED: dict[str, Judge] = {"response_url_enabled": flag}
AN_OPTION, SOME_OPTIONS = option(PLAIN), listed(option(PLAIN), 1, 100, "options")
EITHER, FEW = option(), listed(option(), 1, 10, "options")
IDS = listed(ID, 1, 100, "ids")
DAY = matching(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "a date like 2026-04-07")
TIME = matching(r"([01]\d|2[0-3]):[0-5]\d", "a time like 09:30")
FILE = matching(r"F[A-Z0-9]{8,}", "the id of a file")
NUMBER = matching(r"-?\d+(\.\d+)?", "a number written as text")

STYLE = thing(may=dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight"), flag))
_STYLED: dict[str, Judge] = {"style": STYLE}
RICH_INLINE = {
    "text": thing(needs={"text": string(12_000)}, may=_STYLED),
    "link": thing(needs={"url": string(3_000)}, may={"text": string(3_000), "unsafe": flag, **_STYLED}),
    "user": thing(needs={"user_id": ID}, may=_STYLED),
    "usergroup": thing(needs={"usergroup_id": ID}, may=_STYLED),
    "channel": thing(needs={"channel_id": ID}, may=_STYLED),
    "emoji": thing(needs={"name": string(100)}, may={"unicode": string(100), "skin_tone": whole(1, 6)}),
    "broadcast": thing(needs={"range": one_of("here", "channel", "everyone")}),
    "color": thing(needs={"value": string(7)}),
    "date": thing(
        needs={"timestamp": whole(0, 99_999_999_999), "format": string(255)},
        may={"url": string(3_000), "fallback": string(3_000), **_STYLED},
    ),
}
_INLINE = listed(kinds(RICH_INLINE, tuple(RICH_INLINE), "rich text element"), 0, 1_000, "elements")
_INDENT: dict[str, Judge] = {"border": whole(0, 1)}
_SECTION = thing(needs={"elements": _INLINE})
RICH_PARTS = {
    "rich_text_section": _SECTION,
    "rich_text_preformatted": thing(needs={"elements": _INLINE}, may={"language": string(50), **_INDENT}),
    "rich_text_quote": thing(needs={"elements": _INLINE}, may=_INDENT),
    "rich_text_list": thing(
        needs={
            "style": one_of("bullet", "ordered"),
            "elements": listed(
                kinds({"rich_text_section": _SECTION}, ("rich_text_section",), "list item"), 1, 500, "items"
            ),
        },
        may={"indent": whole(0, 8), "offset": whole(0, 100_000), **_INDENT},
    ),
}


def _count_rich(look: Look, path: str, value: Any) -> None:
    if isinstance(value, dict):
        look.characters += len(value["text"]) if isinstance(value.get("text"), str) else 0
        for part in value.get("elements") or []:
            _count_rich(look, path, part)


_PARTS = listed(kinds(RICH_PARTS, tuple(RICH_PARTS), "rich text part"), 1, 500, "parts")
RICH = thing(needs={"elements": _PARTS}, may={"block_id": ID}, also=(_count_rich,))
A_RICH = kinds({"rich_text": RICH}, ("rich_text",), "rich text")


def _one_name(look: Look, path: str, file: Json) -> None:
    if ("id" in file) == ("url" in file):
        look.fault(path, "needs either id or url")


def has_image(look: Look, path: str, element: Json) -> None:
    """An image needs exactly one source."""
    if ("image_url" in element) == ("slack_file" in element):
        look.fault(path, "needs either image_url or slack_file")


IMAGE: dict[str, Judge] = {
    "image_url": string(3_000),
    "slack_file": thing(may={"id": FILE, "url": string(3_000)}, also=(_one_name,)),
}


def _select(may: Mapping[str, Judge]) -> Judge:
    return thing(may={**SELECT, **may})


def _many(may: Mapping[str, Judge]) -> Judge:
    return thing(may={**MANY, **may})


def _chosen(judge: Judge) -> Judge:
    """A select with its options in the payload."""

    def judged(look: Look, path: str, element: Any) -> None:
        judge(look, path, element)
        if isinstance(element, dict):
            _one_source(look, path, element)
            _initial_is_offered(look, path, element)

    return judged


BUTTON = thing(
    needs={"text": text(75, PLAIN)},
    may={
        "action_id": ID,
        "url": string(3_000),
        "value": string(2_000),
        "style": one_of("primary", "danger"),
        "confirm": confirm,
        "accessibility_label": string(75),
        "visible_to_user_ids": IDS,
    },
)
QUERY: dict[str, Judge] = {"min_query_length": whole(0, 100)}
FEW_NEEDED: dict[str, Judge] = {"options": FEW}

ELEMENTS: dict[str, Judge] = {
    "button": BUTTON,
    "image": thing(needs={"alt_text": string(2_000)}, may=IMAGE, also=(has_image,)),
    "overflow": thing(
        needs={"options": listed(option(PLAIN, url=True), 1, 5, "options")},
        may={"action_id": ID, "confirm": confirm},
    ),
    "checkboxes": thing(
        needs=FEW_NEEDED, may={**COMMON, "initial_options": FEW}, also=(_initial_is_offered,)
    ),
    "radio_buttons": thing(
        needs=FEW_NEEDED, may={**COMMON, "initial_option": EITHER}, also=(_initial_is_offered,)
    ),
    "static_select": _chosen(_select({**OPTIONS, "initial_option": AN_OPTION})),
    "multi_static_select": _chosen(_many({**OPTIONS, "initial_options": SOME_OPTIONS})),
    "external_select": _select({**QUERY, "initial_option": AN_OPTION}),
    "multi_external_select": _many({**QUERY, "initial_options": SOME_OPTIONS}),
    "users_select": _select({"initial_user": ID}),
    "multi_users_select": _many({"initial_users": IDS}),
    "conversations_select": _select({"initial_conversation": ID, **TALKS, **ANSWERED}),
    "multi_conversations_select": _many({"initial_conversations": IDS, **TALKS}),
    "channels_select": _select({"initial_channel": ID, **ANSWERED}),
    "multi_channels_select": _many({"initial_channels": IDS}),
    "datepicker": _select({"initial_date": DAY}),
    "timepicker": _select({"initial_time": TIME, "timezone": string(100)}),
    "datetimepicker": thing(may={**COMMON, "initial_date_time": whole(1_000_000_000, 9_999_999_999)}),
    "plain_text_input": thing(
        may={
            **TYPED,
            "initial_value": string(3_000, least=0),
            "multiline": flag,
            "min_length": whole(0, 3_000),
            "max_length": whole(1, 3_000),
        },
        also=(_lengths_agree,),
    ),
    "email_text_input": thing(may={**TYPED, "initial_value": string(3_000)}),
    "url_text_input": thing(may={**TYPED, "initial_value": string(3_000)}),
    "number_input": thing(
        needs={"is_decimal_allowed": flag},
        may={**TYPED, "initial_value": NUMBER, "min_value": NUMBER, "max_value": NUMBER},
    ),
    "rich_text_input": thing(may={**TYPED, "initial_value": A_RICH}),
    "file_input": thing(
        may={"action_id": ID, "filetypes": listed(anything, 1, 100, "types"), "max_files": whole(1, 10)}
    ),
}

SINGLE = ("static_select", "external_select", "users_select", "conversations_select", "channels_select")
MULTI = tuple(f"multi_{name}" for name in SINGLE)
PICKED = ("checkboxes", "radio_buttons", "datepicker", "timepicker")
TYPED_IN = ("plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input")

IN_ACTIONS = ("button", "overflow", *SINGLE, *PICKED, "datetimepicker")
IN_SECTION = ("button", "overflow", "image", *SINGLE, *MULTI, *PICKED)
IN_INPUT = (*TYPED_IN, "file_input", *SINGLE, *MULTI, *PICKED, "datetimepicker")
