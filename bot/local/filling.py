"""Turns what a person means (a name, a date, a choice by its words) into Slack's answer of an input."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from bot.local.answers import ANSWER
from bot.local.elements import choices

Json = dict[str, Any]
Wanted = str | int | float | date | time | datetime | Sequence[str] | None


class NotOnScreen(AssertionError):
    """Something that a person was to use is not in front of them; the message lists what is."""


def filled(element: Json, wanted: Wanted, offered: Sequence[Json], people: Mapping[str, str]) -> Json:
    """One entry of the state. `offered` are an external select's options; `people` are ids by name or room."""
    kind = element["type"]
    key, _, nothing = ANSWER[kind]
    if wanted is None:
        return {"type": kind, key: nothing}
    return {"type": kind, key: _value(element, kind, key, wanted, offered or choices(element), people)}


def _value(
    element: Json, kind: str, key: str, wanted: Any, options: Sequence[Json], people: Mapping[str, str]
) -> Any:
    if key == "selected_option":
        return _option(str(wanted), options)
    if key == "selected_options":
        return [_option(one, options) for one in _several(wanted)]
    if key in ("selected_users", "selected_conversations", "selected_channels"):
        return [_who(one, people) for one in _several(wanted)]
    if key in ("selected_user", "selected_conversation", "selected_channel"):
        return _who(str(wanted), people)
    if kind == "datepicker":
        return wanted.isoformat() if isinstance(wanted, date) else str(wanted)
    if kind == "timepicker":
        return wanted.strftime("%H:%M") if isinstance(wanted, time) else str(wanted)
    if kind == "datetimepicker":
        return int(wanted.timestamp()) if isinstance(wanted, datetime) else int(wanted)
    if kind == "rich_text_input":
        return rich(str(wanted))
    return str(wanted)


def _several(wanted: Any) -> list[str]:
    return [wanted] if isinstance(wanted, str) else list(wanted)


def _who(wanted: str, people: Mapping[str, str]) -> str:
    known = wanted.removeprefix("#").removeprefix("@")
    if known not in people and known not in people.values():
        raise NotOnScreen(f"there is no {wanted!r} to choose; there is {', '.join(people)}")
    return people.get(known, known)


def _option(wanted: str, options: Sequence[Json]) -> Json:
    for told in (str.__eq__, str.startswith):
        found = [one for one in options if told(one["text"]["text"].casefold(), wanted.casefold())]
        if len(found) == 1:
            return found[0]
    shown = ", ".join(repr(one["text"]["text"]) for one in options) or "nothing"
    raise NotOnScreen(f"there is no choice {wanted!r}; there is {shown}")


def rich(text: str) -> Json:
    """Plain words as a rich text, a section for each paragraph."""
    sections = [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": line}]}
        for line in text.split("\n")
        if line
    ]
    return {"type": "rich_text", "elements": sections}
