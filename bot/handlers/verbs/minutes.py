"""Read the minutes, a page at a time, in a window that only the reader sees (IG-04, IG-05)."""

import re

from bot.handlers.verbs.ask import Ask, Json
from bot.handlers.verbs.convene import show
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Reply, Update
from bot.marks import CHANNELS, Marked, Marks, pieces
from bot.usecases.minutes import read_minutes

verbs = Verbs()

PIECES = 6
"""Sections of at most 2,900 characters on one page."""


@verbs.press("meeting.minutes")
async def opened(ask: Ask) -> None:
    """The first page."""
    await show(ask, await page_view(ask, ask.value, 0))


@verbs.press("minutes.page")
async def turned(ask: Ask) -> Reply:
    """Another page."""
    id, _, number = ask.value.partition(":")
    return Update(await page_view(ask, id, int(number or 0)))


async def page_view(ask: Ask, meeting: str, number: int) -> Json:
    """One page of the minutes as a modal; each is a read on the record."""
    minutes = await ask.bot.run(read_minutes, ask.bot.practice, meeting, by=ask.person, now=ask.bot.now())
    markdown = ask.bot.render.text("minutes/minutes.md", view=minutes)
    whole = [piece for piece in pieces(marked_up(markdown, CHANNELS[ask.platform]), 2900) if piece.strip()]
    pages = [whole[at : at + PIECES] for at in range(0, len(whole), PIECES)]
    at = min(max(number, 0), len(pages) - 1)
    return ask.shape("minutes", id=meeting, pieces=pages[at], number=at + 1, of=len(pages))


def marked_up(markdown: str, marks: Marks) -> Marked:
    """Our own Markdown as a channel marks text up: headings and doubly starred text strong, dots for bullets."""
    lines = [_line(line, marks) for line in markdown.strip().splitlines()]
    return Marked(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)))


def _line(line: str, marks: Marks) -> str:
    line = line.removeprefix(">").removeprefix(" ") if line.startswith(">") else line
    if heading := re.match(r"#+ (.+)$", line):
        return marks.strong(heading[1].replace("**", ""))
    bullet = re.match(r"(\s*)- ", line)
    start, rest = (f"{bullet[1]}• ", line[bullet.end() :]) if bullet else ("", line)
    parts = re.split(r"\*\*(.+?)\*\*", rest)
    return start + "".join(marks.strong(part) if n % 2 else marks.said(part) for n, part in enumerate(parts))
