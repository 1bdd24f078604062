"""What is said, and how a channel shows it: words, cards, and how each channel draws a card (style 2.5).

A words template is plain text: its first line is the headline, blank lines part the paragraphs. A card says once
for every channel which pieces it consists of; the macros and frames of the channel's own folder draw them as its
JSON (docs/cards.md). Every printed value is encoded where it is printed, so nothing a person typed can break a
payload or page a channel (slack.md section 4). No wording stands in this module.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, Undefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup

Json = dict[str, Any]

LONDON = ZoneInfo("Europe/London")
_ENCODE = json.JSONEncoder(ensure_ascii=False).encode  # made once: a shape prints some fifty values
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class BadTemplate(Exception):
    """A template is not what it must be; the message names the template, never what was printed into it."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a message says, before any channel shows it."""

    headline: str
    paragraphs: tuple[str, ...]
    text: str


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
        style = {"moment": "{date_short_pretty}, {time}", "time": "{time}"}[part]
        return Marked(f"<!date^{int(_aware(value).timestamp())}^{style}|{moment(value)}>")


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


class _Compiler(CodeGenerator):
    """Compiles `~` to `Cards.joined`, and what is printed to `_as_json` alone.

    Jinja would besides escape for HTML what is JSON by then, at a sixth of the whole time, and join constants
    without regard to their marks.
    """

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:
        self.write("environment.joined((")
        for each in node.nodes:
            self.visit(each, frame)
            self.write(", ")
        self.write("))")

    def _output_child_to_const(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> str:
        if isinstance(node, nodes.TemplateData):
            return node.data
        raise nodes.Impossible

    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        self.write("environment.finalize(")

    def _output_child_post(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        self.write(")")


class Cards(Environment):
    """The cards of one channel: looked for in its own folder first, then among those written for all."""

    code_generator_class = _Compiler

    def __init__(self, templates: Path, channel: str, **every: Any) -> None:
        super().__init__(
            loader=FileSystemLoader([templates / channel, templates / "cards"]),
            autoescape=True,
            finalize=_as_json,
            optimized=False,  # the optimizer joins constants by itself, and would forget that one is marked
            **every,
        )
        marks = CHANNELS[channel]
        self.said = marks.said
        self.filters.update(FILTERS)
        self.filters.update(said=marks.said, strong=marks.strong, soft=marks.soft, when=marks.when)
        self.filters.update(join=self.join, listed=_listed, lines=runs)
        self.tests["markless"] = markless

    def joined(self, parts: tuple[object, ...]) -> str:
        """What `~` makes of its parts: marked text as soon as one of them is, the others then made safe."""
        for part in parts:
            if type(part) is Marked:
                return Marked("".join([self.said(each) for each in parts]))
        return "".join([each if type(each) is str else str(each) for each in parts])

    def join(self, values: Iterable[object], between: str = "") -> str:
        """The filter of that name, by the rule of `~`."""
        parts: list[object] = []
        for value in values:
            parts += (between, value) if parts else (value,)
        return self.joined(tuple(parts))


class Render:
    """Turns a view into words, and words into a channel's payload.

    `compiled` is a private folder in which compiled templates outlive a restart (a second's work for a hundred).
    """

    def __init__(self, templates: Path | None = None, *, compiled: Path | None = None) -> None:
        self.templates = templates or _shipped()
        if compiled is not None:
            compiled.mkdir(parents=True, exist_ok=True)
        every: Json = {
            "bytecode_cache": FileSystemBytecodeCache(str(compiled)) if compiled is not None else None,
            "undefined": StrictUndefined,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "auto_reload": False,
            "cache_size": -1,
        }
        self._cards = {channel: Cards(self.templates, channel, **every) for channel in CHANNELS}
        self._texts = Environment(
            loader=FileSystemLoader(self.templates),
            autoescape=False,  # noqa: S701
            finalize=_as_words,
            keep_trailing_newline=True,
            **every,
        )
        self._texts.filters.update(FILTERS)

    def words(self, name: str, /, **view: object) -> Words:
        """The words of `words/<name>.txt.j2`; BadTemplate when they come out empty."""
        text = self.text(f"words/{name}.txt", **view).strip()
        headline, _, rest = text.partition("\n")
        if not headline:
            raise BadTemplate(f"words/{name}.txt.j2: says nothing")
        paragraphs = tuple(part.strip() for part in re.split(r"\n\s*\n", rest) if part.strip())
        return Words(headline=headline.strip(), paragraphs=paragraphs, text=text)

    def shape(self, channel: str, name: str, /, **view: object) -> Json:
        """The payload that `cards/<name>.json.j2` makes, as this channel draws it.

        BadTemplate where that is no JSON object; KeyError for a channel that is not in CHANNELS.
        """
        card = self._cards[channel].get_template(f"{name}.json.j2")
        written = card.render(**view)
        try:
            payload = json.loads(written)
        except json.JSONDecodeError as error:
            raise BadTemplate(
                f"{name}.json.j2, drawn for {channel}: not JSON at line {error.lineno}: {error.msg}"
            ) from error
        if not isinstance(payload, dict):
            raise BadTemplate(f"{name}.json.j2, drawn for {channel}: not a JSON object")
        return payload

    def text(self, path: str, /, **view: object) -> str:
        """Any plain-text template by its path without `.j2`: minutes, the body of an e-mail."""
        return self._texts.get_template(f"{path}.j2").render(**view)

    def warm(self) -> None:
        """Compile every template now: on first use one takes up to 70 ms, and would hold the loop for it."""
        for cards in self._cards.values():
            for name in cards.list_templates(extensions=["j2"]):
                cards.get_template(name)
        for name in self._texts.list_templates(extensions=["j2"]):
            if not name.endswith((".json.j2", ".html.j2")):
                self._texts.get_template(name)


def day(value: date) -> str:
    """A date as people say it, "Thu 2 Apr 2026"; a moment is told by its day in London."""
    if isinstance(value, datetime):
        value = value.astimezone(LONDON)
    return f"{_DAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime) -> str:
    """A moment in London, "Thu 2 Apr 2026, 14:30"; ValueError for one without a zone."""
    local = _aware(value).astimezone(LONDON)
    return f"{day(local)}, {local:%H:%M}"


def clock(value: datetime) -> str:
    """The time of day in London, "14:30"; ValueError for a moment without a zone."""
    return f"{_aware(value).astimezone(LONDON):%H:%M}"


def span(starts_at: datetime, ends_at: datetime) -> str:
    """From when to when in London: "Tue 3 Mar 2026, 10:00 to 12:00"; whole days are told without their midnights."""
    starts, ends = _aware(starts_at).astimezone(LONDON), _aware(ends_at).astimezone(LONDON)
    if starts < ends and starts.time() == ends.time() == time.min:
        first, last = starts.date(), ends.date() - timedelta(days=1)
        return f"{day(first)}, all day" if first == last else f"{day(first)} to {day(last)}"
    return f"{moment(starts)} to {clock(ends) if starts.date() == ends.date() else moment(ends)}"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun, "1 working day", "3 working days"."""
    return f"{number} {noun}" if number == 1 else f"{number} {plural or noun + 's'}"


def left(days: int) -> str:
    """What is left of a deadline in working days: "today", "3 working days left", "overdue by 1 working day"."""
    if days == 0:
        return "today"
    return f"{count(days, 'working day')} left" if days > 0 else f"overdue by {count(-days, 'working day')}"


def ago(then: datetime, now: datetime) -> str:
    """How long since, in the largest unit that fits, "12 minutes", "5 hours", "3 days" (calendar days)."""
    minutes = max(0, int((_aware(now) - _aware(then)).total_seconds() // 60))
    if minutes < 60:
        return count(minutes, "minute")
    return count(minutes // 60, "hour") if minutes < 24 * 60 else count(minutes // (24 * 60), "day")


def fits(value: str, room: int) -> str:
    """Text of at most `room` characters, an ellipsis in the place of what was cut. For display only."""
    if len(value) <= room:
        return value
    return _kind(value)(value[: _cut(value, room - 1)].rstrip() + "…")


def choices(values: Iterable[Any], label: str = "") -> list[Json]:
    """What can be chosen, each with id and label: from pairs of them, or from things by what is their label."""
    if label:
        return [{"id": each.id, "label": getattr(each, label)} for each in values]
    return [{"id": id, "label": said} for id, said in values]


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


FILTERS = {
    "day": day,
    "moment": moment,
    "clock": clock,
    "span": span,
    "count": count,
    "left": left,
    "ago": ago,
    "fits": fits,
    "pieces": pieces,
    "choices": choices,
}
"""What templates of every kind may use; a channel's own are those of Marks."""


def _shipped() -> Path:
    """The templates beside the package (a checkout), or inside it (a wheel)."""
    package = Path(__file__).resolve().parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a moment without a zone cannot be shown")
    return value


def _listed(written: Markup) -> Markup:
    """The inside of a JSON list, written with a comma after each item: without the last."""
    return written.rstrip().removesuffix(",")


def _as_json(value: object) -> str:
    """Encode a value where it is printed, so no quote in a name can break a payload; drawn pieces are JSON already."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, Undefined):
        str(value)  # raises, naming what is missing
    return _ENCODE(value)


def _as_words(value: object) -> object:
    """Only text and numbers are words: a bare date, a list or a None was meant to pass a filter first."""
    if isinstance(value, Undefined):
        str(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError(f"a template printed a {type(value).__name__} where words belong")
    return value
