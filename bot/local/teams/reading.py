"""Reads a card as a person would: its words, its questions with what stands in them, its buttons."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Json = dict[str, Any]


def words(card: Json) -> str:
    """What a card says: texts, labels and buttons, a line each."""
    return "\n".join(_words(card))


def inputs(card: Json) -> Iterator[Json]:
    """Every question of a card, seen or not; those of a card behind a button are that card's."""
    for part in parts(card.get("body", [])):
        if str(part.get("type", "")).startswith("Input."):
            yield part


def actions(card: Json) -> Iterator[Json]:
    """Every button of a card; those of a card behind a button are that card's."""
    yield from card.get("actions", [])
    for part in parts(card.get("body", [])):
        yield from part.get("actions", [])
        if part.get("selectAction"):
            yield part["selectAction"]


def around(card: Json, action: Json) -> list[Json] | None:
    """The cards whose questions go with a button: the one it is on, and those that this one came out of.

    None when the button is nowhere in the card.
    """
    for each in actions(card):
        if each == action:
            return [card]
        if each.get("type") == "Action.ShowCard" and (inner := around(each.get("card") or {}, action)):
            return [card, *inner]
    return None


def filled(cards: Sequence[Json], given: Mapping[str, Any]) -> Json:
    """The answers as Teams sends them: text, by question; what was not answered is as the card has it.

    Of a choice only what is on offer is taken, whatever `given` says.
    """
    return {each["id"]: _answer(each, given) for card in cards for each in inputs(card)}


def parts(body: Sequence[Json]) -> Iterator[Json]:
    """Every element of a body, from the top down, with those inside others."""
    for each in body:
        yield each
        yield from parts(each.get("items", []))
        for column in each.get("columns", []):
            yield from parts(column.get("items", []))


def _answer(each: Json, given: Mapping[str, Any]) -> str:
    value = given.get(each["id"], each.get("value", ""))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else str(value)
    if each["type"] != "Input.ChoiceSet":
        return text
    offered = {str(one["value"]) for one in each.get("choices", [])}
    chosen = text.split(",") if each.get("isMultiSelect") else [text]
    return ",".join(one for one in chosen if one in offered)


def _words(card: Json) -> Iterator[str]:
    for part in parts(card.get("body", [])):
        if "inlines" in part:
            yield "".join(run["text"] for run in part["inlines"])
        elif part.get("type") == "TextBlock":
            yield part["text"]
        elif part.get("type") == "FactSet":
            yield from (f"{fact['title']} {fact['value']}" for fact in part.get("facts", []))
        elif "label" in part:
            yield part["label"]
        for action in part.get("actions", []):
            yield f"[{action['title']}]"
    for action in card.get("actions", []):
        yield f"[{action['title']}]"
