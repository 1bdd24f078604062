"""The chair's pack in one press, and papers taken by a link of one's own, never as a file in chat (S3-27, IG-07)."""

from bot.handlers.verbs.ask import Ask, Json
from bot.handlers.verbs.convene import show
from bot.handlers.verbs.minutes import paged
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Reply, Update
from bot.usecases.papers import FORMS, LINK_MINUTES, read_pack

verbs = Verbs()


@verbs.press("meeting.pack")
async def opened(ask: Ask) -> None:
    """The first page."""
    await show(ask, await page_view(ask, ask.value, 0))


@verbs.press("pack.page")
async def turned(ask: Ask) -> Reply:
    """Another page."""
    id, _, number = ask.value.partition(":")
    return Update(await page_view(ask, id, int(number or 0)))


@verbs.press("paper.take")
async def take(ask: Ask) -> None:
    """A link for each kind of file; whether this person may have it is asked when the link is used."""
    kind, _, id = ask.value.partition(":")
    await show(ask, links_view(ask, kind, id))


@verbs.press("paper.link")
async def followed(ask: Ask) -> None:
    """Slack tells that a link was followed; there is nothing to do."""


def links_view(ask: Ask, kind: str, id: str) -> Json:
    """The links by which this person takes the paper; what to do instead where no pages are served."""
    made = [(form, ask.bot.paper_of(kind, form, id, ask.person.id)) for form in FORMS[kind]]
    links = [(form, url) for form, url in made if url]
    words = ask.bot.render.words("paper_ready", links=bool(links), minutes=LINK_MINUTES)
    return ask.shape("paper_links", words=words, links=links)


async def page_view(ask: Ask, meeting: str, number: int) -> Json:
    """One page of the pack as a modal; each is a read on the record."""
    pack = await ask.bot.run(read_pack, ask.bot.practice, meeting, by=ask.person, now=ask.bot.now())
    markdown = ask.bot.render.text("minutes/pack.md", view=pack, tables=False)
    page, at, of = paged(ask, markdown, number)
    return ask.shape("pack", id=meeting, pieces=page, number=at, of=of)
