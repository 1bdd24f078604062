"""Fitting plain values to the domain's dataclasses with pydantic, unknown settings forbidden."""

from functools import cache
from typing import Any

from pydantic import ConfigDict, TypeAdapter

from bot.pathways.faults import Path

NO_SUCH = "unexpected_keyword_argument"  # pydantic's name for a setting that is none of ours
NO_SUCH_SETTING = "no such setting here"


def without(paths: list[Path], plain: Any) -> object:
    """A copy of the value without what stands at those places."""
    if not paths:
        return plain
    inner = {path[0]: [rest[1:] for rest in paths if rest[0] == path[0]] for path in paths}
    if isinstance(plain, dict):
        return {
            key: without(inner.get(key, []), value)
            for key, value in plain.items()
            if () not in inner.get(key, [])
        }
    if isinstance(plain, list | tuple):
        return [without(inner.get(index, []), value) for index, value in enumerate(plain)]
    return plain


_MUST_BE = {
    "string_type": "text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "time_parsing": "a time of day such as 17:00",
    "time_type": "a time of day such as 17:00",
    "tuple_type": "a list",
    "list_type": "a list",
    "dataclass_type": "settings of their own, indented below it",
    "dict_type": "settings of their own, indented below it",
    "mapping_type": "settings of their own, indented below it",
}


def _short(value: object) -> str:
    """A value as it stands in a sentence; what is longer than a few words is only named."""
    if isinstance(value, dict):
        return "settings"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    said = repr(value)
    return said if len(said) <= 60 else f"{said[:56]} …"


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """The validator of that type, made once."""
    # A tuple around it lets the configuration reach plain dataclasses, however deep.
    return TypeAdapter(tuple[kind], config=ConfigDict(extra="forbid"))


def reason(error: Any) -> str:
    """A validation error in plain English."""
    match error["type"]:
        case "missing":
            return "must be given"
        case "unexpected_keyword_argument":
            return NO_SUCH_SETTING
        case "literal_error" | "enum":
            return f"must be {error['ctx']['expected']}, not {_short(error['input'])}"
        case kind if kind in _MUST_BE:
            return f"must be {_MUST_BE[kind]}, not {_short(error['input'])}"
        case _:
            said = str(error["msg"])
            return said[0].lower() + said[1:]
