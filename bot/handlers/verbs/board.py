"""The board of cases: every live case by its next clock and what is in its way (`/panel board`, Home)."""

from bot.handlers.verbs.ask import Ask, Json
from bot.handlers.verbs.convene import show
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Reply, Update
from bot.usecases.open_board import open_board

verbs = Verbs()

ALL = "all"
"""In the place of a pathway or of a band: not narrowed."""


@verbs.press("board.open")
async def opened(ask: Ask) -> None:
    """The board of the whole area, from Home."""
    await show_board(ask)


@verbs.press("board.show")
@verbs.press("board.page")
async def turned(ask: Ask) -> Reply:
    """Another page of it, or narrowed to some cases; the value is `pathway.band.page`."""
    pathway, shown, page = ask.value.split(".")
    return Update(await board_view(ask, _named(pathway), _named(shown), int(page)))


async def show_board(ask: Ask, pathway: str = "") -> None:
    """The board of one pathway's cases, or of all."""
    await show(ask, await board_view(ask, pathway))


async def board_view(ask: Ask, pathway: str = "", shown: str = "", page: int = 0) -> Json:
    """One page as a modal."""
    found = await ask.bot.run(
        open_board, ask.bot.practice, pathway, shown, page, by=ask.person, now=ask.bot.now()
    )
    return ask.shape("board", view=found)


def _named(word: str) -> str:
    return "" if word == ALL else word
