"""The arguments of one Web API call, read the way Slack reads them: JSON, or JSON inside a form."""

import json
from typing import Any

from bot.local.refusals import SlackRefuses

Json = dict[str, Any]


class Call:
    """One call's arguments. A missing or unreadable one raises SlackRefuses with Slack's code."""

    def __init__(self, method: str, given: Json) -> None:
        if "_broken" in given:
            raise SlackRefuses(given["_broken"])
        self.method, self.given = method, {key: value for key, value in given.items() if value is not None}

    def has(self, name: str) -> bool:
        """Whether the argument was given at all."""
        return name in self.given

    def text(self, name: str, default: str | None = None) -> str:
        """A text argument; without a default it is required."""
        value = self.given.get(name, default)
        if value is None or (value == "" and default is None):
            raise SlackRefuses("invalid_arguments", [f"[ERROR] missing required field: {name}"])
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise SlackRefuses("invalid_arguments", [f"[ERROR] must be a string: {name}"])
        return str(value)

    def yes(self, name: str) -> bool:
        """A truth value, also as a form writes it."""
        return self.given.get(name, False) in (True, "true", "1", 1)

    def number(self, name: str, default: int) -> int:
        """A whole number, also as a form writes it."""
        try:
            return int(self.given.get(name, default))
        except (TypeError, ValueError) as broken:
            raise SlackRefuses("invalid_arguments", [f"[ERROR] must be a number: {name}"]) from broken

    def names(self, name: str, default: str | None = None) -> list[str]:
        """A list of ids: an array, or commas between them."""
        value = self.given.get(name)
        if isinstance(value, list):
            return [str(one) for one in value]
        return [one.strip() for one in self.text(name, default).split(",") if one.strip()]

    def thing(self, name: str, wrong: str = "invalid_arguments") -> Any:
        """An object or array, also as a JSON string inside a form; None when it was not given."""
        value = self.given.get(name)
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError as broken:
                raise SlackRefuses(wrong, [f"[ERROR] not JSON: {name}"]) from broken
        return value

    def page(self, items: list[Json], most: int = 100) -> tuple[list[Json], Json]:
        """One page of a list and the `response_metadata` that leads to the next."""
        limit = min(max(self.number("limit", most), 1), 1_000)
        start = int(self.text("cursor", "0") or 0) if self.text("cursor", "0").isdigit() else -1
        if start < 0:
            raise SlackRefuses("invalid_cursor")
        more = str(start + limit) if start + limit < len(items) else ""
        return items[start : start + limit], {"response_metadata": {"next_cursor": more}}
