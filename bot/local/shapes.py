"""Small judges out of which a table of payload rules is made: one judge for one kind of value."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Judge = Callable[["Look", str, Any], None]


@dataclass(slots=True)
class Look:
    """One reading of a payload: where it will be shown, and what was found wrong so far."""

    surface: str
    found: list[str] = field(default_factory=list)
    characters: int = 0

    def fault(self, path: str, sentence: str) -> None:
        """Note one fault as `path: sentence`."""
        self.found.append(f"{path}: {sentence}")


def string(most: int, least: int = 1) -> Judge:
    """A string of `least` to `most` characters."""

    def judge(look: Look, path: str, value: Any) -> None:
        if not isinstance(value, str):
            look.fault(path, "must be text")
        elif not least <= len(value) <= most:
            look.fault(path, f"{len(value)} characters, must be {least} to {most}")

    return judge


def matching(pattern: str, means: str) -> Judge:
    """A string of one fixed form, described to the reader as `means`."""
    form = re.compile(pattern)

    def judge(look: Look, path: str, value: Any) -> None:
        if not isinstance(value, str) or not form.fullmatch(value):
            look.fault(path, f"must be {means}")

    return judge


def one_of(*allowed: str) -> Judge:
    """One of a few words."""

    def judge(look: Look, path: str, value: Any) -> None:
        if value not in allowed:
            look.fault(path, f"must be one of {', '.join(allowed)}")

    return judge


def whole(least: int, most: int) -> Judge:
    """A whole number within bounds (a truth value is no number)."""

    def judge(look: Look, path: str, value: Any) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            look.fault(path, f"must be a whole number from {least} to {most}")

    return judge


def flag(look: Look, path: str, value: Any) -> None:
    """True or false."""
    if not isinstance(value, bool):
        look.fault(path, "must be true or false")


def an_object(look: Look, path: str, value: Any) -> None:
    """Any object."""
    if not isinstance(value, dict):
        look.fault(path, "must be an object")


def anything(look: Look, path: str, value: Any) -> None:
    """A value nobody has a rule for."""


def listed(judge: Judge, least: int, most: int, called: str) -> Judge:
    """A list of `least` to `most` things that each pass `judge`."""

    def judge_all(look: Look, path: str, value: Any) -> None:
        if not isinstance(value, list):
            look.fault(path, "must be a list")
            return
        if not least <= len(value) <= most:
            look.fault(path, f"{len(value)} {called}, must be {least} to {most}")
        for index, item in enumerate(value):
            judge(look, f"{path}[{index}]", item)

    return judge_all


def text(most: int, *kinds: str) -> Judge:
    """A text object of these kinds (both when none is named), counted towards the sum of block text."""
    allowed = kinds or ("plain_text", "mrkdwn")

    def judge(look: Look, path: str, value: Any) -> None:
        if not isinstance(value, dict) or value.get("type") not in allowed:
            look.fault(path, f"must be a text object of type {' or '.join(allowed)}")
            return
        words = value.get("text")
        string(most)(look, path, words)
        look.characters += len(words) if isinstance(words, str) else 0
        extra = "emoji" if value["type"] == "plain_text" else "verbatim"
        unknown(look, path, value, {"type", "text", extra})
        if extra in value:
            flag(look, f"{path}.{extra}", value[extra])

    return judge


def unknown(look: Look, path: str, value: Mapping[str, Any], known: set[str]) -> None:
    """Slack refuses what it does not know: an unknown key is a fault."""
    for key in sorted(set(value) - known):
        look.fault(f"{path}.{key}", "is not a property that Slack knows here")


def thing(
    needs: Mapping[str, Judge] | None = None,
    may: Mapping[str, Judge] | None = None,
    also: Sequence[Judge] = (),
) -> Judge:
    """An object with the properties it needs and may have, and rules that look at several of them."""
    needs, may = needs or {}, may or {}
    known = {*needs, *may, "type"}

    def judge(look: Look, path: str, value: Any) -> None:
        if not isinstance(value, dict):
            look.fault(path, "must be an object")
            return
        for key in needs:
            if key not in value:
                look.fault(f"{path}.{key}", "is required")
        for key, check in (*needs.items(), *may.items()):
            if key in value:
                check(look, f"{path}.{key}", value[key])
        unknown(look, path, value, known)
        for rule in also:
            rule(look, path, value)

    return judge


def kinds(table: Mapping[str, Judge], allowed: Sequence[str], called: str) -> Judge:
    """An object judged by its `type`, which must be among the allowed rows of the table."""

    def judge(look: Look, path: str, value: Any) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in table:
            look.fault(path, f"{kind!r} is not a {called}")
        elif kind not in allowed:
            look.fault(path, f"a {kind} is not allowed here")
        else:
            table[kind](look, path, value)

    return judge
