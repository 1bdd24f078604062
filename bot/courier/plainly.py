"""A chat payload as plain text, for those who read it in a mail: nothing of it left out but the buttons."""

import html
import re
from typing import Any

Json = dict[str, Any]

_DATE = re.compile(r"<!date\^\d+\^[^|>]*\|([^>]*)>")
_LINK = re.compile(r"<(https?:[^|>]*)(?:\|([^>]*))?>")


def plain_text(payload: Json) -> str:
    """Headline first, then a paragraph for each block that says something; marks and mentions undone."""
    said = [_text(block) for block in payload.get("blocks", [])]
    return "\n\n".join(text for text in said if text) or str(payload.get("text", ""))


def _text(block: Json) -> str:
    match block.get("type"):
        case "header" | "section":
            parts = [block["text"]] if "text" in block else []
            return "\n".join([*map(_plain, parts), *(_pair(each) for each in block.get("fields", []))])
        case "context":
            return " ".join(_plain(part) for part in block["elements"] if "text" in part)
    return ""


def _pair(field: Json) -> str:
    """A name and its value, which a chat shows one below the other, in one line."""
    name, _, value = _plain(field).partition("\n")
    return f"{name}: {value}" if value else name


def _plain(part: Json) -> str:
    text = str(part["text"])
    if part.get("type") == "plain_text":
        return text
    text = _DATE.sub(r"\1", text)
    text = _LINK.sub(lambda found: f"{found[2]} ({found[1]})" if found[2] else found[1], text)
    return html.unescape(re.sub(r"(?<!\w)[*_](\S(?:.*?\S)?)[*_](?!\w)", r"\1", text))
