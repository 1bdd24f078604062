"""Open a case's file, part by part."""

from bot.handlers.verbs.ask import Ask, Json
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Reply, Update
from bot.usecases.open_case import open_case
from bot.views.cases import CaseFile

verbs = Verbs()


@verbs.press("case.open")
async def opened(ask: Ask) -> None:
    """The case's file, for those who work on it; refused and recorded for anybody else."""
    found = await ask.bot.run(open_case, ask.bot.practice, ask.value, 0, by=ask.person, now=ask.bot.now())
    view = case_view(ask, found)
    await (ask.push(view) if ask.in_modal else ask.open(view))


@verbs.press("case.part")
async def turned(ask: Ask) -> Reply:
    """Another part of the file."""
    id, _, number = ask.value.partition(":")
    found = await ask.bot.run(
        open_case, ask.bot.practice, id, int(number or 0), by=ask.person, now=ask.bot.now()
    )
    return Update(case_view(ask, found))


def case_view(ask: Ask, found: CaseFile) -> Json:
    """One part of the file as a modal."""
    return ask.shape("case_file", view=found)
