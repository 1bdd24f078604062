"""Read the minutes in Slack, a page at a time, in a window that only the reader sees (IG-04, IG-05)."""

import re

from bot.handlers.slack.ask import Ask, Json
from bot.handlers.slack.convene import show
from bot.handlers.slack.replies import Reply, Update
from bot.handlers.slack.verbs import Verbs
from bot.render import CHANNELS, Marked, pieces
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
    whole = [piece for piece in pieces(in_slack(markdown), 2900) if piece.strip()]
    pages = [whole[at : at + PIECES] for at in range(0, len(whole), PIECES)]
    at = min(max(number, 0), len(pages) - 1)
    return ask.bot.render.shape(
        "slack", "minutes", id=meeting, pieces=pages[at], number=at + 1, of=len(pages)
    )


def in_slack(markdown: str) -> Marked:
    """Our own Markdown as Slack marks text up: headings bold, one star for two, bullets as dots."""
    text = re.sub(r"^> ?", "", markdown.strip(), flags=re.MULTILINE)
    text = str(CHANNELS["slack"].said(text))
    text = re.sub(r"\*\*(.+?)\*\*", r"*\1*", text)
    text = re.sub(r"^#+ (.+)$", r"*\1*", text, flags=re.MULTILINE)
    text = re.sub(r"^(\s*)- ", r"\1• ", text, flags=re.MULTILINE)
    return Marked(re.sub(r"\n{3,}", "\n\n", text))
