"""Fitting plain values to the domain's dataclasses with pydantic, unknown settings forbidden."""

from functools import cache
from typing import Any

from pydantic import ConfigDict, TypeAdapter

from bot.pathways.faults import Path

NO_SUCH = "unexpected_keyword_argument"  # pydantic's name for a setting that is none of ours


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
            return "no such setting here"
        case "literal_error" | "enum":
            return f"must be {error['ctx']['expected']}, not {error['input']!r}"
        case _:
            said = str(error["msg"])
            return said[0].lower() + said[1:]
