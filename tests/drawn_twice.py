"""Draws for Teams whatever is drawn for Slack, and keeps it: the same cards, judged by other rules."""

from typing import Any

from bot.render import Render

Json = dict[str, Any]


class DrawnTwice(Render):
    """What was asked for, and beside it `in_teams`: the name of each card and what Teams would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.in_teams: list[tuple[str, Json]] = []
        self.posted = 0
        """How many of them the courier sent; what comes after them was pressed for."""

    def shape(self, channel: str, name: str, /, **view: object) -> Json:
        self.in_teams.append((name, super().shape("teams", name, **view)))
        return super().shape(channel, name, **view)
