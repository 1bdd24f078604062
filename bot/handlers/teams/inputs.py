"""A dialog's inputs as answers, and which questions a dialog has (teams.md section 2).

What an input's id ends with says how its value is read: `[]` several, `[yes]` a tick for yes, `[unknown]` the tick
under a question for which "unknown" is an answer (templates/teams/inputs.json.j2).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.forms import UNKNOWN, Answer

Json = dict[str, Any]

OURS = "convenor"
"""The key under which a button carries what is ours; every other key of its data is an input."""

CARRIED = "convenor.carried"
"""The input that nobody sees, in which a dialog carries what it must not forget."""

SEVERAL, YES, TICK = "[]", "[yes]", "[unknown]"


def answers_in(data: Mapping[str, Any], asked: frozenset[str] = frozenset()) -> dict[str, Answer]:
    """What a dialog says, by field id: blanks as None, those of `asked` too that Teams left out.

    A tick under a question counts where nothing was typed: what is known is worth more than "unknown".
    """
    answers: dict[str, Answer] = dict.fromkeys(asked)
    ticked = set()
    for id, value in data.items():
        if id in (OURS, CARRIED, "msteams"):
            continue
        text = str(value).strip() if value is not None else ""
        if id.endswith(SEVERAL):
            answers[id.removesuffix(SEVERAL)] = text.split(",") if text else None
        elif id.endswith(YES):
            answers[id.removesuffix(YES)] = "yes" if text else None
        elif id.endswith(TICK):
            ticked |= {id.removesuffix(TICK)} if text else set()
        else:
            answers[id] = text or None
    return answers | {field: UNKNOWN for field in ticked if not answers.get(field)}


def field_of(id: str) -> str:
    """The question to which an input belongs."""
    for ending in (SEVERAL, YES, TICK):
        id = id.removesuffix(ending)
    return id


def inputs_of(card: Json) -> Iterator[Json]:
    """Every input of a card, wherever it stands."""
    for element in elements(card.get("body", [])):
        if str(element.get("type", "")).startswith("Input."):
            yield element


def elements(body: list[Json]) -> Iterator[Json]:
    """Every element of a body and of the containers in it."""
    for each in body:
        yield each
        yield from elements(each.get("items", []))
        for column in each.get("columns", []):
            yield from elements(column.get("items", []))
