"""A dialog on its way to a person: it is given what it has to carry, and what needs mending is said in it.

Teams has no errors beside fields and keeps nothing of a dialog that was sent. So a dialog carries itself, packed, in an
input that nobody sees; where an answer needs mending it is unpacked, the answers are put back into it and the
problems under their questions. Nothing of it is kept here, and a restart between two pages loses nothing.
"""

import json
import zlib
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from bot.handlers.teams.inputs import CARRIED, OURS, elements, field_of, inputs_of

Json = dict[str, Any]

MOST = 400_000
"""Bytes of a dialog unpacked: the packed one comes from outside."""


def armed(view: Json, form: str, before: Json | None = None) -> Json:
    """The dialog ready to be shown; `form` is the same for all its buttons, so that sent twice it counts once.

    `view` is what `frames/modal.json.j2` draws: title, verb, ids, card. `before` is the dialog without what is said
    in this one about mending, which is not to be carried on.
    """
    shown: Json = deepcopy(view)
    for action in _actions(shown["card"]):
        if OURS in action.get("data", {}):
            action["type"] = "Action.Submit"
            action.pop("verb", None)
            action["data"] = {OURS: action["data"][OURS]}
    carried = json.dumps(
        {"ids": view["ids"], "form": form, "again": _packed(before or view)}, separators=(",", ":")
    )
    shown["card"]["body"].append({"type": "Input.Text", "id": CARRIED, "isVisible": False, "value": carried})
    return shown


def carried_by(data: Mapping[str, Any]) -> Json:
    """What a dialog carried, beside what its button did: `ids`, `form` and `again`; empty outside of a dialog."""
    try:
        carried = json.loads(str(data.get(CARRIED) or "{}"))
    except ValueError:
        return {}
    return carried if isinstance(carried, dict) else {}


def again(carried: Json) -> Json | None:
    """The dialog that was carried, as it was shown; None where there is none that can be read."""
    try:
        unpack = zlib.decompressobj()
        plain = unpack.decompress(b64decode(str(carried.get("again") or ""), validate=True), MOST)
        view = json.loads(plain) if plain and not unpack.unconsumed_tail else None
    except (NotBase64, zlib.error, ValueError):
        return None
    return view if isinstance(view, dict) and isinstance(view.get("card"), dict) else None


def filled(view: Json, data: Mapping[str, Any]) -> Json:
    """The dialog with these inputs in it, as they were typed; of what was chosen, that which can still be chosen."""
    shown: Json = deepcopy(view)
    for each in inputs_of(shown["card"]):
        if each["id"] in data:
            value = data[each["id"]]
            if "choices" in each:
                offered = {one["value"] for one in each["choices"]}
                value = ",".join(one for one in str(value or "").split(",") if one in offered)
            each["value"] = value
    return shown


def mended(view: Json, problems: Mapping[str, str]) -> Json:
    """The dialog with each problem under its question, and above all of them what has no question here."""
    shown: Json = deepcopy(view)
    body = shown["card"]["body"]
    here = {field_of(each["id"]) for each in inputs_of(shown["card"])}
    _beside(body, {field: text for field, text in problems.items() if field in here})
    homeless = [text for field, text in problems.items() if field not in here]
    if here & problems.keys():
        number = len(here & problems.keys())
        homeless.append("One answer needs mending." if number == 1 else f"{number} answers need mending.")
    body[:0] = [_problem(text) for text in homeless]
    return shown


def said_on_top(card: Json, text: str) -> Json:
    """The card with these words above everything else, a line of them for each of theirs."""
    runs = [{"type": "TextRun", "text": line, "weight": "Bolder"} for line in text.split("\n") if line]
    said = [{"type": "RichTextBlock", "spacing": "None", "inlines": [run]} for run in runs]
    box = {"type": "Container", "style": "emphasis", "items": said}
    return {**card, "body": [box, *card["body"]]}


def words_of(card: Json) -> str:
    """What a card says, as plain text: for an answer that has no room for a card."""
    said = []
    for each in elements(card.get("body", [])):
        if each.get("type") == "TextBlock":
            said.append(str(each["text"]))
        elif each.get("type") == "RichTextBlock":
            said.append("".join(str(run["text"]) for run in each["inlines"]))
    return "\n\n".join(said)


def _beside(body: list[Json], problems: Mapping[str, str]) -> None:
    for at in range(len(body) - 1, -1, -1):
        element = body[at]
        _beside(element.get("items", []), problems)
        if str(element.get("type", "")).startswith("Input."):
            field = field_of(element["id"])
            # Backwards, a question's tick box comes first: the problem belongs under the question itself.
            if field in problems and field == _first_of(body, field, at):
                body.insert(at + 1, _problem(f"To mend: {problems[field]}"))


def _first_of(body: list[Json], field: str, at: int) -> str | None:
    """The field, unless an input of it stands further up."""
    return None if any("id" in each and field_of(str(each["id"])) == field for each in body[:at]) else field


def _problem(text: str) -> Json:
    run = {"type": "TextRun", "text": text, "color": "Attention", "weight": "Bolder"}
    return {"type": "RichTextBlock", "spacing": "Small", "inlines": [run]}


def _actions(card: Json) -> Iterator[Json]:
    sets = (each.get("actions", []) for each in elements(card.get("body", [])))
    for actions in (card.get("actions", []), *sets):
        for action in actions:
            yield action
            if isinstance(action.get("card"), dict):
                yield from _actions(action["card"])


def _packed(view: Json) -> str:
    return b64encode(zlib.compress(json.dumps(view, separators=(",", ":")).encode(), 9)).decode()
