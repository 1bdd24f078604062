"""Read the minutes a page at a time, send them for approval, approve them or ask for a change (IG-05, S2-16, T15)."""

import re

from bot.handlers.verbs.ask import Ask, Json
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Reply, Update
from bot.marks import CHANNELS, Marked, Marks, pieces
from bot.usecases.minutes_approval import approve, ask_change, open_minutes, send_for_approval
from bot.views.papers import MinutesPaper

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


@verbs.press("minutes.send")
async def sent(ask: Ask) -> Reply:
    """The first version goes as the meeting captured it."""
    return await _send(ask, await read(ask, version_in(ask.value)[0]), "", after=0)


@verbs.press("minutes.correct")
async def ask_what_is_right(ask: Ask) -> None:
    """A later version says first what it puts right."""
    meeting, number = version_in(ask.value)
    paper = await read(ask, meeting)
    known = ids(meeting=meeting, number=str(number))
    await show(ask, ask.shape("minutes_correct", view=paper, private_metadata=known))


@verbs.submission("minutes.correct")
async def put_right(ask: Ask) -> Reply:
    """Another version, with what is put right and why."""
    paper = await read(ask, str(ask.ids["meeting"]))
    return await _send(ask, paper, str(ask.answers.get("change") or ""), after=int(str(ask.ids["number"])))


@verbs.press("minutes.approve")
async def approved(ask: Ask) -> Reply:
    """This version is right."""
    meeting, number = version_in(ask.value)
    await ask.bot.run(approve, ask.bot.practice, meeting, number, by=ask.person, now=ask.bot.now())
    return Update(ask.shape("notice", words=ask.bot.render.words("minutes_approved")))


@verbs.press("minutes.ask")
async def ask_what(ask: Ask) -> None:
    """What should be changed?"""
    meeting, number = version_in(ask.value)
    known = ids(meeting=meeting, number=str(number))
    await show(ask, ask.shape("minutes_ask", private_metadata=known))


@verbs.submission("minutes.ask")
async def asked(ask: Ask) -> Reply:
    """It goes back to whoever sent it."""
    await ask.bot.run(
        ask_change,
        ask.bot.practice,
        str(ask.ids["meeting"]),
        int(str(ask.ids["number"])),
        str(ask.answers.get("asked") or ""),
        by=ask.person,
        now=ask.bot.now(),
    )
    return Update(ask.shape("notice", words=ask.bot.render.words("minutes_asked")))


async def read(ask: Ask, meeting: str) -> MinutesPaper:
    """The minutes with what became of them; a read on the record."""
    return await ask.bot.run(open_minutes, ask.bot.practice, meeting, by=ask.person, now=ask.bot.now())


async def page_view(ask: Ask, meeting: str, number: int) -> Json:
    """One page of the minutes as a modal; each is a read on the record."""
    paper = await read(ask, meeting)
    page, at, of = paged(ask, text_of(ask, paper), number)
    return ask.shape("minutes", view=paper, pieces=page, number=at, of=of)


def text_of(ask: Ask, paper: MinutesPaper) -> str:
    """The minutes as Markdown: as they were sent, or as the meeting has captured them so far."""
    return paper.text or ask.bot.render.text("minutes/minutes.md", view=paper.minutes)


def paged(ask: Ask, markdown: str, number: int) -> tuple[list[str], int, int]:
    """The pieces of one page of a long text, marked up for the channel; the page's number from 1, and of how many."""
    whole = [piece for piece in pieces(marked_up(markdown, CHANNELS[ask.platform]), 2900) if piece.strip()]
    pages = [whole[at : at + PIECES] for at in range(0, len(whole), PIECES)]
    at = min(max(number, 0), len(pages) - 1)
    return pages[at], at + 1, len(pages)


def version_in(value: str) -> tuple[str, int]:
    """Which version of which meeting's minutes a button means."""
    meeting, _, number = value.partition(":")
    return meeting, int(number or 0)


async def _send(ask: Ask, paper: MinutesPaper, change: str, *, after: int) -> Reply:
    now, text = ask.bot.now(), text_of(ask, paper)
    if paper.number:
        text = ask.bot.render.text(
            "minutes/changed.md",
            text=text,
            number=after + 1,
            at=now,
            change=change.strip(),
            by=ask.person.name,
        )
    await ask.bot.run(
        send_for_approval, ask.bot.practice, paper.id, text, change, after=after, by=ask.person, now=now
    )
    words = ask.bot.render.words("minutes_now_sent", approver=paper.approver)
    return Update(ask.shape("notice", words=words))


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
