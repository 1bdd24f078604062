"""How each channel marks text up, and how a text that is marked already is cut without breaking a mark."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.telling import aware, clock, moment


class Marked(str):
    """Text that is mark-up of its channel already and must not be escaped again."""

    __slots__ = ()


class Marks(Protocol):
    """How a channel marks text up: filters by these names, which every card may use."""

    def said(self, value: object) -> Marked:
        """Text made safe, so that it is shown as it was written; what is marked already stays as it is."""
        ...

    def strong(self, value: object) -> Marked:
        """Text that stands out."""
        ...

    def soft(self, value: object) -> Marked:
        """Text that stands back: what is not known, or was not answered."""
        ...

    def when(self, value: datetime, part: str = "moment") -> Marked:
        """A moment in the reader's own zone; its time of day alone where `part` is "time"."""
        ...


class SlackMarks:
    """Slack's mrkdwn (slack.md sections 4 and 5)."""

    def said(self, value: object) -> Marked:
        """`<!channel>` in an answer must not page a room."""
        if isinstance(value, Marked):
            return value
        return Marked(str(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))

    def strong(self, value: object) -> Marked:
        return Marked(f"*{self.said(value)}*")

    def soft(self, value: object) -> Marked:
        return Marked(f"_{self.said(value)}_")

    def when(self, value: datetime, part: str = "moment") -> Marked:
        """London time where Slack cannot tell the reader's zone."""
        style = {"moment": "{date_long_pretty}, {time}", "time": "{time}"}[part]
        fallback = clock(value) if part == "time" else moment(value)
        return Marked(f"<!date^{int(aware(value).timestamp())}^{style}|{fallback}>")


class TeamsMarks:
    """Runs of text in an Adaptive Card, where nothing is read as Markdown (teams.md section 2).

    Where a run begins and ends is kept by four code points that stand for nothing, and that nobody can type here.
    """

    STRONG, SOFT = ("\ue000", "\ue001"), ("\ue002", "\ue003")

    def said(self, value: object) -> Marked:
        """As it was written, less what only we may write."""
        return value if isinstance(value, Marked) else Marked(re.sub("[\ue000-\ue003]", "", str(value)))

    def strong(self, value: object) -> Marked:
        return Marked(self.STRONG[0] + self._bare(value) + self.STRONG[1])

    def soft(self, value: object) -> Marked:
        return Marked(self.SOFT[0] + self._bare(value) + self.SOFT[1])

    def when(self, value: datetime, part: str = "moment") -> Marked:
        """London's time: a run cannot ask for the reader's zone."""
        return Marked(clock(value) if part == "time" else moment(value))

    def _bare(self, value: object) -> str:
        return re.sub("[\ue000-\ue003]", "", str(value))


@dataclass(frozen=True, kw_only=True)
class TextRun:
    """Text of one look, within a line."""

    text: str
    strong: bool = False
    soft: bool = False


def runs(value: object) -> list[list[TextRun]]:
    """What is marked for Teams, line by line, each line in runs; a blank line is none."""
    found: list[list[TextRun]] = []
    strong = soft = False
    for line in str(value).split("\n"):
        line_runs = []
        for part in re.split("([\ue000-\ue003])", line):
            match part:
                case "\ue000" | "\ue001":
                    strong = part == "\ue000"
                case "\ue002" | "\ue003":
                    soft = part == "\ue002"
                case _ if part:
                    line_runs.append(TextRun(text=part, strong=strong, soft=soft))
        if any(each.text.strip() for each in line_runs):
            found.append(line_runs)
    return found


def markless(value: object) -> bool:
    """Whether nothing in it could be read as Markdown, or as marked for Teams."""
    return re.search("[*_~`#<>\\[\\]\\\\|\ue000-\ue003]|^\\s*(?:[-+]|\\d+[.)])\\s", str(value)) is None


CHANNELS: dict[str, Marks] = {"slack": SlackMarks(), "teams": TeamsMarks()}
"""Each channel's name, which is that of its folder of templates, and its mark-up."""


def fits(value: str, room: int) -> str:
    """Text of at most `room` characters, an ellipsis in the place of what was cut. For display only."""
    if len(value) <= room:
        return value
    return _kind(value)(value[: _cut(value, room - 1)].rstrip() + "…")


def pieces(value: str, room: int = 3000) -> list[str]:
    """Text in pieces of at most `room` characters, none of it lost: parted at a line, else a word, else anywhere."""
    return list(_pieces(value, room))


def _pieces(text: str, room: int) -> Iterator[str]:
    kind = _kind(text)
    while len(text) > room:
        cut = max(text.rfind("\n", 0, room), 0) or max(text.rfind(" ", 0, room), 0) or _cut(text, room)
        yield kind(text[:cut].rstrip())
        text = text[cut:].lstrip()
    yield kind(text)


def _kind(text: str) -> type[str]:
    return Marked if isinstance(text, Marked) else str


def _cut(text: str, room: int) -> int:
    """Where to cut, at most `room` characters on: never inside an escaped character of marked text."""
    entity = text.rfind("&", max(room - 6, 0), room) if isinstance(text, Marked) else -1
    return entity if entity > 0 and ";" not in text[entity:room] else room
