"""Advice on the threshold without a case: the log, a new entry, one of them, and the concern it became (S5-13)."""

from bot.handlers.verbs.ask import Ask, Json
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.record import a_day, text
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Reply, Update
from bot.usecases.advice_log import (
    Advised,
    begin_advice,
    link_advice,
    list_advice,
    log_advice,
    open_advice_note,
)

verbs = Verbs()


@verbs.press("advice.list")
async def listed(ask: Ask) -> None:
    """The latest talks, as pointers."""
    await show(ask, await advice_view(ask))


async def advice_view(ask: Ask) -> Json:
    """The log as a dialog; `/panel advice` opens it too."""
    found = await ask.bot.run(list_advice, ask.bot.practice, by=ask.person, now=ask.bot.now())
    return ask.shape("advice_log", view=found)


@verbs.press("advice.log")
async def begun(ask: Ask) -> None:
    """The form of a new one."""
    form = await ask.bot.run(begin_advice, ask.bot.practice, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("advice_new", view=form))


@verbs.submission("advice.log")
async def logged(ask: Ask) -> Reply:
    """Logged; its reference is told."""
    said = Advised(
        day=a_day(ask.answers.get("day")),
        agency_id=text(ask, "agency"),
        asked_by=text(ask, "asked_by"),
        advised=text(ask, "advised"),
        would_meet=text(ask, "would_meet"),
        needed=text(ask, "needed"),
    )
    ref = await ask.bot.run(
        log_advice, ask.bot.practice, said, source=ask.key, by=ask.person, now=ask.bot.now()
    )
    return Update(ask.shape("notice", words=ask.bot.render.words("advice_logged", ref=ref)))


@verbs.press("advice.open")
async def opened(ask: Ask) -> None:
    """One of them with its words, and room for the reference of the concern that it became."""
    found = await ask.bot.run(open_advice_note, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("advice_note", view=found, private_metadata=ids(advice=found.line.id)))


@verbs.submission("advice.link")
async def linked(ask: Ask) -> Reply:
    """Tied to a concern."""
    id, now = str(ask.ids["advice"]), ask.bot.now()
    await ask.once(link_advice, ask.bot.practice, id, text(ask, "ref"), by=ask.person, now=now)
    found = await ask.bot.run(open_advice_note, ask.bot.practice, id, by=ask.person, now=now)
    return Update(ask.shape("advice_note", view=found))
