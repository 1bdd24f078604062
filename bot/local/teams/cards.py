"""Refuses a card that Teams would not draw: version, elements, ids of questions, size (teams.md section 7).

Small and strict on purpose: what is not known here is refused, so that a typing error is found in a test.
"""

import json
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

CARD = "application/vnd.microsoft.card.adaptive"
VERSION = "1.5"
BYTES = 25_000
"""Our own ceiling for the JSON of one card; Microsoft's pages say 28, 40 and 100 KB."""
DIALOG_BYTES = 60_000
"""For a dialog, which no conversation keeps: Microsoft names no limit, and a list of people to choose from is long."""
MESSAGE_BYTES = 80_000
REFRESH_FOR = 60
"""People who may have a view of their own."""

INPUTS = {"Input.Text", "Input.Number", "Input.Date", "Input.Time", "Input.Toggle", "Input.ChoiceSet"}
ELEMENTS = INPUTS | {
    "TextBlock",
    "RichTextBlock",
    "Image",
    "ImageSet",
    "Container",
    "ColumnSet",
    "FactSet",
    "ActionSet",
}
ACTIONS = {
    "Action.Execute",
    "Action.Submit",
    "Action.OpenUrl",
    "Action.ShowCard",
    "Action.ToggleVisibility",
}


def faults(card: Json, most: int = BYTES) -> list[str]:
    """What is wrong with a card of at most so many bytes, in plain words; empty when nothing is."""
    found = []
    if card.get("type") != "AdaptiveCard":
        found.append("its type is not AdaptiveCard")
    if card.get("version") != VERSION:
        found.append(f"its version is not {VERSION}")
    size = len(json.dumps(card, ensure_ascii=False, separators=(",", ":")).encode())
    if size > most:
        found.append(f"it takes {size} bytes, and {most} are allowed")
    if len((card.get("refresh") or {}).get("userIds") or []) > REFRESH_FOR:
        found.append(f"it names more than {REFRESH_FOR} people who see it differently")
    seen: set[str] = set()
    for part in _card_parts(card):
        found.extend(_faults_of(part, seen))
    return found


def _faults_of(part: Json, seen: set[str]) -> Iterator[str]:
    kind = part.get("type")
    if kind not in ELEMENTS and kind not in ACTIONS:
        yield f"it has a part of type {kind!r}, which is unknown"
    if kind in INPUTS:
        name = part.get("id")
        if not isinstance(name, str) or not name:
            yield f"a question of type {kind} has no id"
        elif name in seen:
            yield f"two questions have the id {name!r}"
        else:
            seen.add(name)
    if kind == "TextBlock" and not isinstance(part.get("text"), str):
        yield "a TextBlock has no text"


def _card_parts(card: Json) -> Iterator[Json]:
    yield from _parts([*_listed(card, "body"), *_listed(card, "actions")])
    refresh = (card.get("refresh") or {}).get("action")
    if refresh is not None:
        yield refresh


def _parts(parts: list[Json]) -> Iterator[Json]:
    for part in parts:
        yield part
        yield from _parts([*_listed(part, "items"), *_listed(part, "actions"), *_listed(part, "images")])
        for column in _listed(part, "columns"):  # a Column has no type of its own to check
            yield from _parts(_listed(column, "items"))
        if part.get("type") == "Action.ShowCard":
            yield from _card_parts(part.get("card") or {})
        for inner in ("selectAction", "inlineAction"):
            if part.get(inner) is not None:
                yield part[inner]


def _listed(part: Json, name: str) -> list[Json]:
    return list(part.get(name) or [])
