"""Judges Block Kit payloads as Slack would, offline: one table, run by the stand-in and by the test-suite.

Every row of slack.md section 6 is a row here, the cases that no published package catches included.
"""

import json
from collections.abc import Iterator
from typing import Any, Literal

from bot.local.blocks import BLOCKS
from bot.local.elements import PLAIN
from bot.local.shapes import Json, Judge, Look, an_object, flag, kinds, listed, string, text, thing, unknown

Surface = Literal["message", "modal", "home"]

BLOCKS_AT_MOST = {"message": 50, "modal": 100, "home": 100}
MESSAGE_TEXT = 40_000  # characters
SUM_OF_BLOCK_TEXT = 12_000  # characters; above about 13,200 Slack says msg_blocks_too_long
VIEW_BYTES = 250_000
METADATA = 3_000  # characters


TITLE = text(24, PLAIN)
VIEW: dict[str, Judge] = {"private_metadata": string(METADATA, least=0), "callback_id": string(255)}
VIEW["external_id"] = string(255, least=0)
VIEWS: dict[str, tuple[dict[str, Judge], dict[str, Judge]]] = {
    "modal": (
        {"title": TITLE},
        {
            **VIEW,
            "submit": TITLE,
            "close": TITLE,
            "clear_on_close": flag,
            "notify_on_close": flag,
            "submit_disabled": flag,
        },
    ),
    "home": ({}, VIEW),
}


def faults(payload: Json, surface: Surface) -> list[str]:
    """Every reason for which Slack would refuse this payload, each as `path: sentence`; empty when good.

    `payload` is the body of a message (`text`, `blocks`, `metadata`) or a whole view.
    Source: slack.md section 6.
    """
    look = Look(surface)
    if surface == "message":
        _message(look, payload)
    else:
        _view(look, payload, surface)
    blocks = payload.get("blocks")
    if isinstance(blocks, list):
        listed(kinds(BLOCKS, tuple(BLOCKS), "block"), 0, BLOCKS_AT_MOST[surface], "blocks")(
            look, "blocks", blocks
        )
        _over_all(look, [block for block in blocks if isinstance(block, dict)])
    elif blocks is not None:
        look.fault("blocks", "must be a list")
    return look.found


def _message(look: Look, payload: Json) -> None:
    string(MESSAGE_TEXT)(look, "text", payload.get("text"))
    if "metadata" in payload:
        thing(needs={"event_type": string(255), "event_payload": an_object})(
            look, "metadata", payload["metadata"]
        )


def _view(look: Look, view: Json, surface: str) -> None:
    needs, may = VIEWS[surface]
    if view.get("type") != surface:
        look.fault("type", f"must be {surface}")
    for key in (*needs, "blocks"):
        if view.get(key) is None:
            look.fault(key, "is required")
    for key, judge in {**needs, **may}.items():
        if view.get(key) is not None:
            judge(look, key, view[key])
    unknown(look, "view", view, {*needs, *may, "type", "blocks"})
    if surface == "modal" and view.get("submit") is None and _of_type(view.get("blocks"), "input"):
        look.fault("submit", "is required when there is an input")
    if (size := len(json.dumps(view, ensure_ascii=False).encode())) > VIEW_BYTES:
        look.fault("view", f"{size} bytes, at most {VIEW_BYTES}")


def _over_all(look: Look, blocks: list[Json]) -> None:
    """What only shows when all blocks are seen together."""
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        name = block.get("block_id")
        if isinstance(name, str) and name in seen:
            look.fault(f"blocks[{index}].block_id", f"{name!r} is used twice")
        if isinstance(name, str):
            seen.add(name)
        ids = _strings(block, "action_id")
        for twice in sorted({one for one in ids if ids.count(one) > 1}):
            look.fault(f"blocks[{index}]", f"action_id {twice!r} is used twice in this block")
    for kind in ("table", "data_table"):
        if len(_of_type(blocks, kind)) > 1:
            look.fault("blocks", f"more than one {kind}")
    if sum(1 for _ in _truths(blocks, "focus_on_load")) > 1:
        look.fault("blocks", "more than one focus_on_load")
    if look.surface == "message" and look.characters > SUM_OF_BLOCK_TEXT:
        look.fault("blocks", f"{look.characters} characters of text in all, at most {SUM_OF_BLOCK_TEXT}")


def _of_type(blocks: Any, kind: str) -> list[Json]:
    return (
        [b for b in blocks if isinstance(b, dict) and b.get("type") == kind]
        if isinstance(blocks, list)
        else []
    )


def _values(node: Any, key: str) -> Iterator[Any]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name == key:
                yield value
            yield from _values(value, key)
    elif isinstance(node, list):
        for item in node:
            yield from _values(item, key)


def _strings(node: Any, key: str) -> list[str]:
    return [value for value in _values(node, key) if isinstance(value, str)]


def _truths(node: Any, key: str) -> list[bool]:
    return [value for value in _values(node, key) if value is True]
