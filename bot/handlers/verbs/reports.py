"""The board's report in a dialog, and on its way to the board (S4-20, S4-24)."""

from bot.handlers.verbs.ask import Ask, Json
from bot.handlers.verbs.convene import show
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Reply, Update
from bot.usecases.board_report import open_board_report, send_board_report

verbs = Verbs()


@verbs.press("report.open")
async def opened(ask: Ask) -> None:
    """The figures of the last quarter that is over."""
    await show(ask, await report_view(ask, ""))


@verbs.press("report.quarter")
async def chosen(ask: Ask) -> Reply:
    """Those of another quarter."""
    return Update(await report_view(ask, ask.value))


@verbs.press("report.send")
async def sent(ask: Ask) -> Reply:
    """To the board's channel; the button asked first."""
    period = await ask.bot.run(
        send_board_report, ask.bot.practice, ask.value, source=ask.key, by=ask.person, now=ask.bot.now()
    )
    words = ask.bot.render.words("board_report_sent", period=period)
    return Update(ask.shape("notice", words=words))


async def report_view(ask: Ask, first: str) -> Json:
    """The dialog of the quarter that began on that day; of the last one for ""."""
    sheet = await ask.bot.run(open_board_report, ask.bot.practice, first, by=ask.person, now=ask.bot.now())
    return ask.shape("board_sheet", view=sheet)
