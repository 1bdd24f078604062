"""What somebody wrote, as they wrote it: Slack sends text with its own escapes and links in angle brackets."""

import re

_BRACKETED = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")


def as_written(text: str) -> str:
    """Slack's text as plain text: links by their label, mentions as `@U0ADA` or their name, escapes undone.

    To be escaped again when it is shown (`mrkdwn`): what looks like a mention in an answer must page nobody.
    """
    plain = _BRACKETED.sub(_named, text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _named(found: re.Match[str]) -> str:
    target, label = found[1], found[2]
    if target[0] in "@#!":
        mark = "#" if target[0] == "#" else "@"
        return f"{mark}{(label or target[1:]).lstrip(mark)}"
    return label or target.removeprefix("mailto:")
