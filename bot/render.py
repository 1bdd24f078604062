"""What is said, and how a channel shows it: words, cards, and how each channel draws a card (style 2.5).

A words template is plain text: its first line is the headline, blank lines part the paragraphs. A card says once
for every channel which pieces it consists of; the macros and frames of the channel's own folder draw them as its
JSON (docs/cards.md). Every printed value is encoded where it is printed, so nothing a person typed can break a
payload or page a channel (slack.md section 4). No wording stands in this module.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, Undefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup

from bot.marks import CHANNELS, Marked, fits, markless, pieces, runs
from bot.telling import ago, clock, count, day, left, moment, span

Json = dict[str, Any]

_ENCODE = json.JSONEncoder(ensure_ascii=False).encode  # made once: a shape prints some fifty values


class BadTemplate(Exception):
    """A template is not what it must be; the message names the template, never what was printed into it."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a message says, before any channel shows it."""

    headline: str
    paragraphs: tuple[str, ...]
    text: str


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


def choices(values: Iterable[Any], label: str = "") -> list[Json]:
    """What can be chosen, each with id and label: from pairs of them, or from things by what is their label."""
    if label:
        return [{"id": each.id, "label": getattr(each, label)} for each in values]
    return [{"id": id, "label": said} for id, said in values]


def cell(text: str) -> str:
    """What somebody wrote as a cell of a table in a paper: on one line, its bars told from the table's."""
    return " ".join(str(text).split()).replace("|", "\\|")


FILTERS = {
    "cell": cell,
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
