"""What a pathway file may hold, as JSON Schema: for editors that complete and check while somebody writes.

It is made from the dataclasses that the reader fits a file to, put into the shapes in which people write them
(`entry`, `shapes`), so a new setting is in it without being named here. It says less than `rules`: what hangs
together across a file only the reader can know.
"""

import inspect
import json
import re
from functools import cache
from typing import Any

from bot.domain.pathway import Pathway
from bot.domain.risktools import ToolSlot
from bot.domain.workdays import Nation, Unit
from bot.pathways.entry import WORKING_DAYS
from bot.pathways.explained import EXPLAINED
from bot.pathways.fit import adapter
from bot.pathways.vocabulary import ACTION_MAY, NEVER, ROLES, TEXTS

Schema = dict[str, Any]

LISTS_AS_MAPPINGS = ("Choice", "Option", "Prompt")
"""Written `id: words`, one a line."""

MAPPINGS_BY_ID = ("definitions",)
"""Written `id:` with settings below it, where the program keeps a list."""

_TEXT: Schema = {"type": "string"}
_WD: Schema = {
    "type": "object",
    "description": "Working days before the meeting, such as {wd: 5}.",
    "properties": {"wd": {"type": "integer", "minimum": 1}},
    "required": ["wd"],
    "additionalProperties": False,
}
_REFERENCES = re.compile(r"\s*\((?:[A-Z]{1,2}-?\d|model\.md|rule \d)[^)]*\)")
_TOO_MUCH = ("title", "format", "default")


@cache
def schema() -> Schema:
    """The schema of a pathway file (JSON Schema, draft 7, which editors know best)."""
    found = adapter(Pathway).json_schema()
    parts = {name: _plain(name, part) for name, part in found["$defs"].items()}
    _written(parts)
    root = parts.pop("Pathway")
    for unused in ("Choice", "Option", "Prompt", "Invitee", "ToolSlot", "Band", "Unit"):
        parts.pop(unused, None)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A pathway of Convenor",
        **root,
        "$defs": dict(sorted(parts.items())),
    }


def schema_text() -> str:
    """The schema as its file holds it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


@cache
def tool_schema() -> Schema:
    """The schema of a risk tool's file: its questions are all answered yes, no or unknown."""
    found = adapter(ToolSlot).json_schema()
    parts = {name: _plain(name, part) for name, part in found["$defs"].items()}
    root = parts.pop("ToolSlot")
    root["properties"]["sensitivity"] = {"$ref": "#/$defs/Sensitivity"}
    root["required"].append("sensitivity")
    parts["Field"]["required"] = ["id", "label"]
    parts["Length"] = _length()
    return {"$schema": "http://json-schema.org/draft-07/schema#", **root, "$defs": parts}


def _length() -> Schema:
    """A length as it is written in a file."""
    return {
        "description": "A length of time and its unit: {wd: 3} is three working days; same_day is the day itself.",
        "anyOf": [
            {
                "type": "object",
                "properties": {
                    unit.value: {"type": "integer", "minimum": 0}
                    for unit in Unit
                    if unit is not Unit.SAME_DAY
                },
                "minProperties": 1,
                "maxProperties": 1,
                "additionalProperties": False,
            },
            {"const": Unit.SAME_DAY.value},
        ],
    }


def _plain(name: str, part: Schema) -> Schema:
    """A definition without pydantic's titles and defaults, its keys explained."""
    part = _without(part)
    said = inspect.cleandoc(part.get("description", ""))
    if said:
        part["description"] = _for_authors(said)
    for key, value in part.get("properties", {}).items():
        words = EXPLAINED.get(f"{name}.{key}") or _sentence_about(key, said)
        words = words or ("" if name == "Pathway" else _first_sentence(said))
        if words:
            value["description"] = words
    return part


def _without(part: Any) -> Any:
    if isinstance(part, list):
        return [_without(each) for each in part]
    if not isinstance(part, dict):
        return part
    if part.get("format") == "time":
        return {"type": "string", "pattern": r"^\d{2}:\d{2}(:\d{2})?$"}
    return {
        key: {name: _without(each) for name, each in value.items()}
        if key == "properties"
        else _without(value)
        for key, value in part.items()
        if key not in _TOO_MUCH or not isinstance(value, str | int | bool | list | None)
    }


def _for_authors(said: str) -> str:
    """A docstring as somebody reads it who knows the file and not the program."""
    said = _REFERENCES.sub("", said).replace(" as in model.md section 2", "")
    return said.replace("None:", "null:").replace("None for none", "left out for none")


def _sentence_about(key: str, said: str) -> str:
    """The sentence of a docstring that speaks of that key, "" when none does."""
    text = " ".join(_for_authors(said).split())
    sentences = re.split(r"(?<=[.;])\s+(?=[`A-Z])", text)
    return next((each for each in sentences if f"`{key}`" in each or f"`{key}:" in each), "")


def _first_sentence(said: str) -> str:
    return re.split(r"(?<=\.)\s", " ".join(_for_authors(said).split()))[0]


def _written(parts: dict[str, Schema]) -> None:
    """Every definition as the file has it, where that is not how the program keeps it."""
    parts["Length"] = _length()
    for part in parts.values():
        for key, value in part.get("properties", {}).items():
            part["properties"][key] = _mapping(value, parts)
    for name, keys in WORKING_DAYS.items():
        _lead_times(parts[name], keys)
    _criteria(parts)
    _pages(parts)
    _people(parts)
    _settings(parts["Pathway"], parts)


def _mapping(value: Schema, parts: dict[str, Schema]) -> Schema:
    name = str(value.get("items", {}).get("$ref", "")).rpartition("/")[2]
    if value.get("type") != "array" or name not in LISTS_AS_MAPPINGS:
        return value
    said = {"description": value["description"]} if "description" in value else {}
    listed = {"type": "array", "items": parts[name]}
    return {**said, "anyOf": [{"type": "object", "additionalProperties": _TEXT}, listed]}


def _lead_times(part: Schema, keys: tuple[str, ...]) -> None:
    shaped = {}
    for key, value in part["properties"].items():
        plain = key.removesuffix("_wd")
        if plain in keys and plain != key:
            words = value.get("description", _WD["description"]).replace(f"`{key}`", f"`{plain}`")
            shaped[plain] = {"anyOf": [_WD, {"type": "null"}], "description": words}
        else:
            shaped[key] = value
    part["properties"] = shaped


def _criteria(parts: dict[str, Schema]) -> None:
    node = {"$ref": "#/$defs/Node"}
    parts["Node"] = {
        "description": "A question with an id, or one of all, any, not, count around others.",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in ("Leaf", "All", "Any", "Not", "Count")],
    }
    listed = {"type": "array", "items": node, "minItems": 1}
    inner: dict[str, Schema] = {
        "All": listed,
        "Any": listed,
        "Not": node,
        "Count": {
            "type": "object",
            "properties": {"at_least": {"type": "integer", "minimum": 1}, "of": listed},
            "required": ["at_least", "of"],
            "additionalProperties": False,
        },
    }
    for name, value in inner.items():
        rest = {key: each for key, each in parts[name]["properties"].items() if key not in ("of", "at_least")}
        about = {"description": parts[name]["description"]}
        parts[name]["properties"] = {name.lower(): {**value, **about}, **rest}
        parts[name]["required"] = [name.lower()]
    leaf = parts["Leaf"]["properties"]
    del leaf["evidence_required"]
    leaf["evidence"] = {"const": "required", "description": EXPLAINED["Leaf.evidence"]}
    for name, key in (("NumberSays", "number"), ("DateSays", "date")):
        said = parts[name]
        rest = {other: each for other, each in said["properties"].items() if other != "field"}
        said["properties"] = {
            key: {**_TEXT, "description": f"The {key} question it looks at, by its id."},
            **rest,
        }
        said["required"] = [key, *(other for other in said["required"] if other != "field")]
    parts["ToolSays"]["properties"]["tool"] = {**_TEXT, "description": "The risk tool's id."}
    parts["ToolSays"]["required"] = ["tool", "at_least"]


def _pages(parts: dict[str, Schema]) -> None:
    page = parts["Page"]
    page["required"] = [key for key in page["required"] if key != "fields"]
    page["anyOf"] = [{"required": ["fields"]}, {"required": ["tool"]}]


def _people(parts: dict[str, Schema]) -> None:
    role = {"type": "string", "enum": sorted(ROLES)}
    rung = parts["Rung"]["properties"]
    rung["to"] = {**_words_of(rung["to"]), "anyOf": [role, {"type": "array", "items": role, "minItems": 1}]}
    for name, key in (
        ("Stage", "owner"),
        ("TriageRule", "owner"),
        ("ClosureRule", "by"),
        ("ClosureRule", "authoriser"),
    ):
        place = parts[name]["properties"]
        place[key] = {**_words_of(place[key]), **role}
    rule = parts["RoleRule"]
    del rule["properties"]["id"]
    rule["required"] = [key for key in rule["required"] if key != "id"]


def _settings(root: Schema, parts: dict[str, Schema]) -> None:
    given = root["properties"]

    def put(key: str, value: Schema) -> None:
        given[key] = {**_words_of(given[key]), **value}

    put("nation", {"enum": [*(nation.value for nation in Nation), "area"]})
    put("tool", {"type": ["string", "null"]})
    given["criteria"] = {"$ref": "#/$defs/Node", **_words_of(given["criteria"])}
    put("invite", {"type": "object", "additionalProperties": {"enum": ["required", "optional"]}})
    given["invite"].pop("items", None)
    put("roles", {"propertyNames": {"enum": sorted(ROLES)}})
    put(
        "texts",
        {
            "properties": dict.fromkeys(sorted(TEXTS), _TEXT),
            "required": sorted(TEXTS),
            "additionalProperties": False,
        },
    )
    for key in MAPPINGS_BY_ID:
        if key in given:
            given[key] = _by_id(given[key], parts)
    put("never", {"items": {"enum": sorted(NEVER)}})
    need = parts["ActionRules"]["properties"]
    need["need"] = {**need["need"], "items": {"enum": sorted(ACTION_MAY)}}
    parts["ClockRule"]["required"] = list(parts["ClockRule"]["properties"])
    parts["Retention"]["properties"] = {
        "case": {
            "description": EXPLAINED["Retention.case"],
            "anyOf": [{"const": "area"}, {"$ref": "#/$defs/Length"}],
        },
        "chat": {
            "description": EXPLAINED["Retention.chat"],
            "type": "object",
            "properties": {"days": {"type": "integer", "minimum": 1}},
            "required": ["days"],
            "additionalProperties": False,
        },
    }
    parts["Retention"]["required"] = ["case", "chat"]


def _by_id(value: Schema, parts: dict[str, Schema]) -> Schema:
    """`name: {…}`, the name being the id."""
    part = parts[str(value["items"]["$ref"]).rpartition("/")[2]]
    inner = {
        **part,
        "properties": {key: each for key, each in part["properties"].items() if key != "id"},
        "required": [key for key in part["required"] if key != "id"],
    }
    return {**_words_of(value), "type": "object", "additionalProperties": inner}


def _words_of(value: Schema) -> Schema:
    return {"description": value["description"]} if "description" in value else {}
