"""Block Kit blocks: what each may hold, on which surface it may stand (slack.md section 6)."""

from typing import Any

from bot.local.elements import (
    A_RICH,
    BUTTON,
    ELEMENTS,
    ID,
    IMAGE,
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    PLAIN,
    RICH,
    has_image,
)
from bot.local.shapes import (
    Json,
    Judge,
    Look,
    anything,
    flag,
    kinds,
    listed,
    one_of,
    string,
    text,
    thing,
    whole,
)


def _only_on(*surfaces: str) -> Judge:
    def judge(look: Look, path: str, block: Any) -> None:
        if look.surface not in surfaces:
            look.fault(path, f"a {block['type']} is not allowed in a {look.surface}")

    return judge


def _section_says_something(look: Look, path: str, block: Json) -> None:
    if "text" not in block and "fields" not in block:
        look.fault(path, "needs text or fields")


def _widths(most: int) -> Judge:
    return listed(kinds(CELLS, tuple(CELLS), "cell"), 1, most, "columns")


def _cells_short(look: Look, path: str, block: Json) -> None:
    rows = [row for row in block.get("rows") or [] if isinstance(row, list)]
    cells = [cell.get("text") for row in rows for cell in row if isinstance(cell, dict)]
    if (characters := sum(len(words) for words in cells if isinstance(words, str))) > 20_000:
        look.fault(path, f"{characters} characters in its cells, at most 20000")


def _card_has_content(look: Look, path: str, block: Json) -> None:
    if not {"hero_image", "title", "body", "actions"} & set(block):
        look.fault(path, "needs an image, a title, a body or actions")


def _named(look: Look, path: str, block: Json) -> None:
    if "title" not in block and "rich_text_title" not in block:
        look.fault(path, "needs a title")


def _child(look: Look, path: str, block: Any) -> None:
    allowed = [kind for kind in BLOCKS if kind not in ("container", "input", "carousel", "table")]
    kinds(BLOCKS, allowed, "block")(look, path, block)


def _raw(look: Look, path: str, cell: Json) -> None:
    look.characters += len(cell["text"]) if isinstance(cell.get("text"), str) else 0


AN_IMAGE = kinds(ELEMENTS, ("image",), "image")
CELLS: dict[str, Judge] = {
    "raw_text": thing(needs={"text": string(12_000)}, also=(_raw,)),
    "raw_number": thing(needs={"value": anything}, may={"text": string(255)}),
    "rich_text": RICH,
}
COLUMN = thing(may={"align": one_of("left", "center", "right"), "is_wrapped": flag})
ID_ONLY: dict[str, Judge] = {"block_id": ID}
CARD = thing(
    may={
        **ID_ONLY,
        "hero_image": AN_IMAGE,
        "icon": AN_IMAGE,
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "actions": listed(kinds({"button": BUTTON}, ("button",), "button"), 1, 3, "buttons"),
    },
    also=(_card_has_content,),
)

BLOCKS: dict[str, Judge] = {
    "section": thing(
        may={
            **ID_ONLY,
            "text": text(3_000),
            "fields": listed(text(2_000), 1, 10, "fields"),
            "accessory": kinds(ELEMENTS, IN_SECTION, "element"),
            "expand": flag,
        },
        also=(_section_says_something,),
    ),
    "header": thing(needs={"text": text(150, PLAIN)}, may=ID_ONLY),
    "divider": thing(may=ID_ONLY),
    "context": thing(
        needs={
            "elements": listed(
                kinds(
                    {"plain_text": text(3_000), "mrkdwn": text(3_000), "image": ELEMENTS["image"]},
                    ("plain_text", "mrkdwn", "image"),
                    "context element",
                ),
                1,
                10,
                "elements",
            )
        },
        may=ID_ONLY,
    ),
    "actions": thing(
        needs={"elements": listed(kinds(ELEMENTS, IN_ACTIONS, "element"), 1, 25, "elements")}, may=ID_ONLY
    ),
    "image": thing(
        needs={"alt_text": string(2_000)},
        may={**ID_ONLY, **IMAGE, "title": text(2_000, PLAIN)},
        also=(has_image,),
    ),
    "input": thing(
        needs={"label": text(2_000, PLAIN), "element": kinds(ELEMENTS, IN_INPUT, "element")},
        may={**ID_ONLY, "hint": text(2_000, PLAIN), "optional": flag, "dispatch_action": flag},
    ),
    "rich_text": RICH,
    "markdown": thing(needs={"text": string(12_000)}, may=ID_ONLY, also=(_only_on("message"), _raw)),
    "table": thing(
        needs={"rows": listed(_widths(20), 1, 100, "rows")},
        may={
            **ID_ONLY,
            "column_settings": listed(
                lambda look, path, value: None if value is None else COLUMN(look, path, value),
                0,
                20,
                "column settings",
            ),
        },
        also=(_only_on("message"),),
    ),
    "data_table": thing(
        needs={"rows": listed(_widths(20), 1, 101, "rows")},
        may={**ID_ONLY, "column_settings": anything, "caption": anything, "page_size": whole(1, 100)},
        also=(_only_on("message"), _cells_short),
    ),
    "card": CARD,
    "carousel": thing(
        needs={"elements": listed(kinds({"card": CARD}, ("card",), "card"), 1, 10, "cards")},
        may=ID_ONLY,
        also=(_only_on("message", "home"),),
    ),
    "container": thing(
        needs={"child_blocks": listed(_child, 1, 10, "child blocks")},
        may={
            **ID_ONLY,
            "title": text(150, PLAIN),
            "rich_text_title": A_RICH,
            "subtitle": text(150),
            "icon": AN_IMAGE,
            "width": one_of("narrow", "standard", "wide", "full"),
            "is_collapsible": flag,
            "default_collapsed": flag,
            "has_header_divider": flag,
        },
        also=(_named,),
    ),
    "alert": thing(
        needs={"text": text(200)},
        may={**ID_ONLY, "level": one_of("default", "info", "warning", "error", "success")},
        also=(_only_on("modal"),),
    ),
}
