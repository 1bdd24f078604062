"""Reads blocks as a person would: the words that show, and the controls with their labels."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.local.stage import elements

Json = dict[str, Any]
NameOf = Callable[[str], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Control:
    """Something to press, choose or fill in; `about` is the text that it stands beside or below."""

    label: str
    about: str
    block: Json
    element: Json
    option: Json | None = None  # of an overflow menu


@dataclass(frozen=True, kw_only=True, slots=True)
class Screen:
    """One set of blocks in front of a person: a message, a modal or App Home."""

    called: str
    container: Json
    title: str
    text: str
    blocks: list[Json]
    controls: tuple[Control, ...]

    def __contains__(self, words: str) -> bool:
        return words in self.title or words in self.text

    def __str__(self) -> str:
        shown = ", ".join(f"[{one.label}]" for one in self.controls) or "nothing to press"
        head = f"{self.called}: {self.title}" if self.title else self.called
        return f"--- {head} ---\n{self.text}\n{shown}"


def screen(
    called: str, container: Json, blocks: list[Json], name: NameOf, title: str = "", text: str = ""
) -> Screen:
    """What a person sees of these blocks; `text` stands in for a message without blocks."""
    said = "\n".join(line for line in (words(block, name) for block in blocks) if line)
    return Screen(
        called=called,
        container=container,
        title=title,
        text=said if blocks else mrkdwn(text, name),
        blocks=blocks,
        controls=tuple(_controls(blocks, name)),
    )


def _controls(blocks: list[Json], name: NameOf) -> Iterator[Control]:
    above: list[str] = []
    below_controls = False
    for block in blocks:
        found = list(elements([block]))
        if block["type"] == "divider":
            above = []
        elif not found or block["type"] == "section":
            above = [] if below_controls else above
            above.append(words(block, name))
        below_controls = bool(found)
        for _, element in found:
            yield from _of(block, element, "\n".join(above), name)


def _of(block: Json, element: Json, about: str, name: NameOf) -> Iterator[Control]:
    if element["type"] == "overflow":
        for option in element["options"]:
            label = words(option["text"], name)
            yield Control(label=label, about=about, block=block, element=element, option=option)
    elif element["type"] != "image":
        label = words(block["label"], name) if block["type"] == "input" else ""
        label = label or words(element.get("text") or element.get("placeholder") or {}, name)
        label = label or words(block.get("text") or {}, name)
        yield Control(label=label, about=about, block=block, element=element)


def words(node: Any, name: NameOf) -> str:
    """The words of a block, a text object or a rich text, as they show."""
    if isinstance(node, list):
        return "\n".join(line for line in (words(one, name) for one in node) if line)
    if not isinstance(node, dict):
        return ""
    kind = node.get("type")
    if kind == "mrkdwn":
        return mrkdwn(node["text"], name)
    if kind in ("plain_text", "raw_text", "markdown"):
        return str(node["text"])
    if kind in ("rich_text_section", "rich_text_quote", "rich_text_preformatted"):
        return "".join(_rich(one, name) for one in node["elements"])
    if kind == "table":
        return "\n".join(" | ".join(words(cell, name) for cell in row) for row in node["rows"])
    if kind == "actions":
        return ""
    if kind == "image":
        return f"[Image: {node['alt_text']}]"
    parts = ("title", "text", "fields", "label", "hint", "subtitle", "body", "elements", "child_blocks")
    return words([node[key] for key in parts if isinstance(node.get(key), dict | list)], name)


def _rich(element: Json, name: NameOf) -> str:
    if element["type"] == "user":
        return f"@{name(element['user_id'])}"
    return str(element.get("text") or element.get("url") or element.get("fallback") or "")


def mrkdwn(text: str, name: NameOf) -> str:
    """Slack's markup as it shows: names for ids, labels for links, no stars, characters unescaped."""
    text = re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", text)
    text = re.sub(r"<@(\w+)(?:\|[^>]*)?>", lambda found: f"@{name(found[1])}", text)
    text = re.sub(r"<#\w+\|([^>]*)>", r"#\1", text)
    text = re.sub(r"<[^@#!|>][^|>]*\|([^>]*)>", r"\1", text)
    text = re.sub(r"<(https?://[^>]*)>", r"\1", text)
    text = re.sub(r"(?<![\w*])\*(?=\S)(.+?)(?<=\S)\*(?![\w*])", r"\1", text)
    text = re.sub(r"(?<!\w)_(?=\S)(.+?)(?<=\S)_(?!\w)", r"\1", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
